/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/heddle-memory-fact-row.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

struct _HeddleMemoryFactRow
{
  AdwExpanderRow parent_instance;

  HeddleMemory *memory;
  HeddleMemoryFact *fact;
  GCancellable *cancellable;
  gboolean has_sources; /* they were asked for */
};

enum
{
  EDIT,
  DELETE,
  TOGGLE,
  SHOW_RUN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleMemoryFactRow, heddle_memory_fact_row, ADW_TYPE_EXPANDER_ROW)

static char *
format_time (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);

  return date != NULL ? g_date_time_format (date, "%x %H:%M") : g_strdup ("");
}

static const char *
describe_action (const char *action)
{
  static const struct
  {
    const char *action;
    const char *text;
  } texts[] = {
    { "learnt", N_ ("Learnt") },
    { "confirmed", N_ ("Heard again") },
    { "revoked", N_ ("Revoked") },
    { "edited", N_ ("Edited by hand") },
    { "restored", N_ ("Restored by hand") },
    { "imported", N_ ("Imported") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      if (g_strcmp0 (texts[i].action, action) == 0)
        return _ (texts[i].text);
    }
  return action;
}

static void
show_run_cb (HeddleMemoryFactRow *self,
             GtkButton *button)
{
  g_signal_emit (self, signals[SHOW_RUN], 0, g_object_get_data (G_OBJECT (button), "heddle-run"));
}

static void
add_source (HeddleMemoryFactRow *self,
            const HeddleMemorySource *source)
{
  g_autofree char *time = format_time (source->time);
  g_autofree char *title = *source->node != '\0' ? g_strdup_printf ("%s · %s · %s", describe_action (source->action), source->node, time)
                                                 : g_strdup_printf ("%s · %s", describe_action (source->action), time);
  GtkWidget *row = heddle_plain_row_new (title, source->excerpt);

  if (*source->run != '\0')
    {
      GtkWidget *button = heddle_flat_button_new ("document-open-recent-symbolic", _ ("Show the run it came from"));

      g_object_set_data_full (G_OBJECT (button), "heddle-run", g_strdup (source->run), g_free);
      g_signal_connect_object (button, "clicked", G_CALLBACK (show_run_cb), self, G_CONNECT_SWAPPED);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
}

static void
sources_cb (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (HeddleMemoryFactRow) self = user_data;
  g_autoptr (GPtrArray) sources = heddle_memory_list_sources_finish (HEDDLE_MEMORY (object), result, NULL);

  for (guint i = 0; sources != NULL && i < sources->len; i++)
    add_source (self, g_ptr_array_index (sources, i));
}

static void
expanded_cb (HeddleMemoryFactRow *self)
{
  if (self->has_sources || !adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self)))
    return;
  self->has_sources = TRUE;
  heddle_memory_list_sources_async (self->memory, self->fact->id, self->cancellable, sources_cb, g_object_ref (self));
}

static void
edit_cb (HeddleMemoryFactRow *self)
{
  g_signal_emit (self, signals[EDIT], 0);
}

static void
delete_cb (HeddleMemoryFactRow *self)
{
  g_signal_emit (self, signals[DELETE], 0);
}

static void
toggle_cb (HeddleMemoryFactRow *self)
{
  g_signal_emit (self, signals[TOGGLE], 0);
}

static void
add_button (HeddleMemoryFactRow *self,
            const char *icon_name,
            const char *tooltip,
            void (*clicked) (HeddleMemoryFactRow *self))
{
  GtkWidget *button = heddle_flat_button_new (icon_name, tooltip);

  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked), self, G_CONNECT_SWAPPED);
  adw_expander_row_add_action (ADW_EXPANDER_ROW (self), button);
}

static char *
describe_state (const HeddleMemoryFact *fact)
{
  g_autofree char *time = format_time (fact->is_active ? fact->updated : fact->until);

  if (!fact->is_active)
    return g_strdup_printf (_ ("Revoked %s"), time);
  return g_strdup_printf (_ ("%.0f %% certain · %s"), fact->confidence * 100, time);
}

static void
fill (HeddleMemoryFactRow *self)
{
  g_autofree char *title = g_strdup_printf ("%s · %s · %s", self->fact->subject, self->fact->predicate, self->fact->object);
  g_autofree char *subtitle = describe_state (self->fact);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle);
  /* What comes first stands at the end. */
  add_button (self, "user-trash-symbolic", _ ("Delete this fact"), delete_cb);
  if (self->fact->is_active)
    add_button (self, "action-unavailable-symbolic", _ ("Revoke: it no longer holds"), toggle_cb);
  else
    add_button (self, "edit-undo-symbolic", _ ("Let it hold again"), toggle_cb);
  add_button (self, "document-edit-symbolic", _ ("Edit this fact"), edit_cb);
  if (!self->fact->is_active)
    gtk_widget_add_css_class (GTK_WIDGET (self), "dim-label");
}

GtkWidget *
heddle_memory_fact_row_new (HeddleMemory *memory,
                            HeddleMemoryFact *fact)
{
  HeddleMemoryFactRow *self = g_object_new (HEDDLE_TYPE_MEMORY_FACT_ROW, NULL);

  self->memory = g_object_ref (memory);
  self->fact = fact;
  fill (self);
  return GTK_WIDGET (self);
}

const HeddleMemoryFact *
heddle_memory_fact_row_get_fact (HeddleMemoryFactRow *self)
{
  g_return_val_if_fail (HEDDLE_IS_MEMORY_FACT_ROW (self), NULL);

  return self->fact;
}

static void
heddle_memory_fact_row_finalize (GObject *object)
{
  HeddleMemoryFactRow *self = HEDDLE_MEMORY_FACT_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_clear_object (&self->memory);
  g_clear_pointer (&self->fact, heddle_memory_fact_free);
  G_OBJECT_CLASS (heddle_memory_fact_row_parent_class)->finalize (object);
}

static void
heddle_memory_fact_row_class_init (HeddleMemoryFactRowClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_memory_fact_row_finalize;

  signals[EDIT] = g_signal_new ("edit", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DELETE] = g_signal_new ("delete", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[TOGGLE] = g_signal_new ("toggle", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SHOW_RUN] = g_signal_new ("show-run", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
heddle_memory_fact_row_init (HeddleMemoryFactRow *self)
{
  self->cancellable = g_cancellable_new ();
  g_signal_connect (self, "notify::expanded", G_CALLBACK (expanded_cb), NULL);
}
