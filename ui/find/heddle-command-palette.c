/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/heddle-command-palette.h"

#include "common/heddle-list-keys.h"
#include "common/heddle-widgets.h"
#include "find/heddle-fuzzy.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_OF_KIND 6
#define MAX_RESULTS 40
#define MAX_RECENT 8
#define RECENT_BONUS 12 /* chosen lately */
#define MARGIN 12
#define MIN_WIDTH 300
#define MAX_WIDTH 560
#define HEIGHT 460

struct _HeddleCommandPalette
{
  AdwWindow parent_instance;

  GtkSearchEntry *search;
  GtkListBox *list;

  GSettings *settings;
  char **recent; /* keys, latest first */
  GPtrArray *commands;
  guint idle; /* source: commands have come */
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleCommandPalette, heddle_command_palette, ADW_TYPE_WINDOW)

typedef struct
{
  const HeddleCommand *command;
  int score;
  guint index; /* order of coming */
} Result;

static int
get_recent_rank (HeddleCommandPalette *self,
                 const HeddleCommand *command)
{
  g_autofree char *key = heddle_command_dup_key (command);

  for (int i = 0; self->recent[i] != NULL; i++)
    if (strcmp (self->recent[i], key) == 0)
      return i;
  return -1;
}

/* What stands below a title is a sentence, in which any letters can be found. */
static gboolean
subtitle_contains (const HeddleCommand *command,
                   const char *typed)
{
  g_autofree char *folded = command->subtitle != NULL ? g_utf8_casefold (command->subtitle, -1) : NULL;

  return folded != NULL && strstr (folded, typed) != NULL;
}

static int
rate (const HeddleCommand *command,
      const char *typed)
{
  int score = heddle_fuzzy_score (typed, command->title);

  if (score < 0 && subtitle_contains (command, typed))
    score = 0;
  return score >= 0 && command->recent >= 0 ? score + RECENT_BONUS : score;
}

static int
compare_results (gconstpointer a,
                 gconstpointer b)
{
  const Result *first = a, *second = b;

  if (first->score != second->score)
    return first->score < second->score ? 1 : -1;
  return first->index < second->index ? -1 : first->index > second->index;
}

/* Groups stand together, the one with the best in it first. */
static GArray *
group_results (GArray *results)
{
  GArray *grouped = g_array_new (FALSE, FALSE, sizeof (Result));
  gboolean done[HEDDLE_N_COMMAND_KINDS] = { FALSE };

  for (guint i = 0; i < results->len && grouped->len < MAX_RESULTS; i++)
    {
      HeddleCommandKind kind = g_array_index (results, Result, i).command->kind;
      guint n = 0;

      for (guint j = i; !done[kind] && j < results->len && n < MAX_OF_KIND; j++)
        {
          if (g_array_index (results, Result, j).command->kind != kind)
            continue;
          g_array_append_val (grouped, g_array_index (results, Result, j));
          n++;
        }
      done[kind] = TRUE;
    }
  return grouped;
}

/* Fitting ones, the best first. */
static GArray *
list_fitting (HeddleCommandPalette *self,
              const char *typed)
{
  g_autoptr (GArray) results = g_array_new (FALSE, FALSE, sizeof (Result));
  g_autofree char *folded = g_utf8_casefold (typed, -1);

  for (guint i = 0; i < self->commands->len; i++)
    {
      Result result = { self->commands->pdata[i], rate (self->commands->pdata[i], folded), i };

      if (result.score >= 0)
        g_array_append_val (results, result);
    }
  g_array_sort (results, compare_results);
  return group_results (results);
}

/* With nothing typed: what was chosen last, as far as it is still there, then what can be done. */
static GArray *
list_recent (HeddleCommandPalette *self)
{
  GArray *results = g_array_new (FALSE, FALSE, sizeof (Result));

  for (guint i = 0; i < self->commands->len; i++)
    {
      const HeddleCommand *command = self->commands->pdata[i];
      Result result = { command, command->recent >= 0 ? MAX_RECENT - command->recent : 0, i };

      if (command->recent >= 0 || result.command->kind == HEDDLE_COMMAND_ACTION || result.command->kind == HEDDLE_COMMAND_WORKFLOW)
        g_array_append_val (results, result);
    }
  g_array_sort (results, compare_results);
  g_array_set_size (results, MIN (results->len, MAX_RESULTS));
  return results;
}

static GtkWidget *
row_new (const HeddleCommand *command,
         gboolean is_recent)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *icon = gtk_image_new_from_icon_name (command->icon);
  GtkWidget *title = heddle_label_new (command->title, NULL);

  if (command->icon_class != NULL)
    {
      gtk_widget_add_css_class (icon, "node-icon");
      gtk_widget_add_css_class (icon, command->icon_class);
    }
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), title);
  if (command->subtitle != NULL)
    {
      GtkWidget *subtitle = heddle_label_new (command->subtitle, "caption");

      gtk_label_set_ellipsize (GTK_LABEL (subtitle), PANGO_ELLIPSIZE_END);
      gtk_widget_set_hexpand (subtitle, TRUE);
      gtk_widget_add_css_class (subtitle, "dim-label");
      gtk_box_append (GTK_BOX (box), subtitle);
    }
  gtk_widget_set_hexpand (title, command->subtitle == NULL);
  if (command->keys != NULL)
    {
      GtkWidget *keys = gtk_shortcut_label_new (command->keys);

      gtk_widget_add_css_class (keys, "command-keys");
      gtk_widget_set_valign (keys, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (box), keys);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, command->title, -1);
  g_object_set_data (G_OBJECT (row), "heddle-command", (gpointer) command);
  g_object_set_data (G_OBJECT (row), "heddle-recent", GINT_TO_POINTER (is_recent));
  return row;
}

static const HeddleCommand *
get_command (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "heddle-command");
}

/* -1: what was chosen last. */
static int
get_group (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "heddle-recent") != NULL ? -1 : (int) get_command (row)->kind;
}

static void
header_cb (GtkListBoxRow *row,
           GtkListBoxRow *before,
           gpointer user_data)
{
  int group = get_group (row);

  if (before != NULL && get_group (before) == group)
    gtk_list_box_row_set_header (row, NULL);
  else
    gtk_list_box_row_set_header (row, heddle_label_new (group < 0 ? _ ("Chosen Last") : heddle_command_kind_get_title (group), "palette-heading"));
}

static void
refill (HeddleCommandPalette *self)
{
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->search));
  gboolean is_empty = *typed == '\0';
  g_autoptr (GArray) results = is_empty ? list_recent (self) : list_fitting (self, typed);

  heddle_list_box_clear (self->list);
  for (guint i = 0; i < results->len; i++)
    {
      const Result *result = &g_array_index (results, Result, i);

      gtk_list_box_append (self->list, row_new (result->command, is_empty && result->score > 0));
    }
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
}

static void
changed_cb (HeddleCommandPalette *self)
{
  refill (self);
}

static gboolean
refill_cb (gpointer user_data)
{
  HeddleCommandPalette *self = user_data;

  self->idle = 0;
  refill (self);
  return G_SOURCE_REMOVE;
}

void
heddle_command_palette_take (HeddleCommandPalette *self,
                             HeddleCommand *command)
{
  g_return_if_fail (HEDDLE_IS_COMMAND_PALETTE (self));

  /* What was asked for when it was open may come after it is closed. */
  if (self->settings == NULL)
    {
      heddle_command_free (command);
      return;
    }
  command->recent = get_recent_rank (self, command);
  g_ptr_array_add (self->commands, command);
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, refill_cb, self, NULL);
}

static void
remember (HeddleCommandPalette *self,
          const HeddleCommand *command)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *key = heddle_command_dup_key (command);
  g_auto (GStrv) recent = NULL;
  guint n = 1;

  g_strv_builder_add (builder, key);
  for (char **other = self->recent; *other != NULL && n < MAX_RECENT; other++)
    {
      if (strcmp (*other, key) == 0)
        continue;
      g_strv_builder_add (builder, *other);
      n++;
    }
  recent = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, "recent-commands", (const char *const *) recent);
}

static void
choose (HeddleCommandPalette *self,
        GtkListBoxRow *row)
{
  g_autoptr (HeddleCommandPalette) alive = g_object_ref (self);
  const HeddleCommand *command = get_command (row);

  remember (self, command);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_emit (self, signals[CHOSEN], 0, command);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
row_activated_cb (HeddleCommandPalette *self,
                  GtkListBoxRow *row)
{
  choose (self, row);
}

static void
search_activate_cb (HeddleCommandPalette *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (row != NULL)
    choose (self, row);
}

static void
stop_cb (HeddleCommandPalette *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

GtkWidget *
heddle_command_palette_new (GtkWindow *parent)
{
  HeddleCommandPalette *self = g_object_new (HEDDLE_TYPE_COMMAND_PALETTE, "transient-for", parent, NULL);

  /* Never wider than the window that it stands before. */
  gtk_window_set_default_size (GTK_WINDOW (self), CLAMP (gtk_widget_get_width (GTK_WIDGET (parent)) - 2 * MARGIN, MIN_WIDTH, MAX_WIDTH), HEIGHT);
  return GTK_WIDGET (self);
}

static void
heddle_command_palette_dispose (GObject *object)
{
  HeddleCommandPalette *self = HEDDLE_COMMAND_PALETTE (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (heddle_command_palette_parent_class)->dispose (object);
}

static void
heddle_command_palette_finalize (GObject *object)
{
  HeddleCommandPalette *self = HEDDLE_COMMAND_PALETTE (object);

  g_strfreev (self->recent);
  g_ptr_array_unref (self->commands);
  G_OBJECT_CLASS (heddle_command_palette_parent_class)->finalize (object);
}

static void
heddle_command_palette_class_init (HeddleCommandPaletteClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_command_palette_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_command_palette_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/find/heddle-command-palette.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleCommandPalette, search);
  gtk_widget_class_bind_template_child (widget_class, HeddleCommandPalette, list);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_k, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
heddle_command_palette_init (HeddleCommandPalette *self)
{
  self->settings = g_settings_new ("org.heddle.Heddle");
  self->recent = g_settings_get_strv (self->settings, "recent-commands");
  self->commands = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_command_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, header_cb, NULL, NULL);
  heddle_list_keys_install (self->list, GTK_WIDGET (self->search));
}
