/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialogs/heddle-help-window.h"

#include "heddle-engine.h"
#include "common/heddle-adaptive-bin.h"
#include "common/heddle-markdown.h"
#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define HELP_PATH "/org/heddle/Heddle/help"
#define TITLE_CHARS 22

struct _HeddleHelpWindow
{
  AdwWindow parent_instance;

  HeddleAdaptiveBin *adaptive;
  GtkWidget *back_button;
  GtkWidget *contents; /* the list of pages */
  GtkListBox *list;
  GtkWidget *separator;
  GtkStack *stack;
  gboolean reading; /* in a narrow window, which has either the list or a page */
};

G_DEFINE_FINAL_TYPE (HeddleHelpWindow, heddle_help_window, ADW_TYPE_WINDOW)

static void
update_room (HeddleHelpWindow *self)
{
  gboolean folded = heddle_adaptive_bin_is_folded (self->adaptive);

  gtk_widget_set_visible (self->contents, !folded || !self->reading);
  gtk_widget_set_hexpand (self->contents, folded);
  gtk_widget_set_visible (self->separator, !folded);
  gtk_widget_set_visible (GTK_WIDGET (self->stack), !folded || self->reading);
  gtk_widget_set_visible (self->back_button, folded && self->reading);
}

static void
set_reading (HeddleHelpWindow *self,
             gboolean reading)
{
  self->reading = reading;
  update_room (self);
}

static void
back_cb (HeddleHelpWindow *self)
{
  set_reading (self, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_selected_row (self->list)));
}

/* Rows stand in the order of the pages, and have their names. */
static void
row_selected_cb (HeddleHelpWindow *self,
                 GtkListBoxRow *row)
{
  if (row != NULL)
    gtk_stack_set_visible_child_name (self->stack, gtk_widget_get_name (GTK_WIDGET (row)));
}

static void
row_activated_cb (HeddleHelpWindow *self)
{
  set_reading (self, TRUE);
}

static void
add_row (HeddleHelpWindow *self,
         const char *name,
         const char *title)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *label = heddle_label_new (title, NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), TITLE_CHARS);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_widget_set_name (row, name);
  gtk_list_box_append (self->list, row);
}

static void
add_page (HeddleHelpWindow *self,
          const char *name,
          const char *title,
          const char *markdown)
{
  g_autofree char *markup = heddle_markdown_to_markup (markdown);
  GtkWidget *label = gtk_label_new (NULL);
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  /* Selected with the mouse, but not all of it by merely opening the page. */
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_focusable (label, FALSE);
  gtk_widget_add_css_class (label, "help-page");
  adw_clamp_set_child (ADW_CLAMP (clamp), label);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  gtk_stack_add_named (self->stack, scroller, name);
  add_row (self, name, title);
}

/* A page's title is its first heading: "# Getting started". */
static char *
dup_title (const char *markdown)
{
  const char *end = strchr (markdown, '\n');

  if (!g_str_has_prefix (markdown, "# ") || end == NULL)
    return g_strdup ("");
  return g_strndup (markdown + 2, end - markdown - 2);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The folder of the handbook in the user's language, such as "…/help.de"; the one without a suffix is English. */
static char *
find_handbook (void)
{
  const char *const *languages = g_get_language_names ();

  for (guint i = 0; languages[i] != NULL && !g_str_has_prefix (languages[i], "en"); i++)
    {
      g_autofree char *path = g_strconcat (HELP_PATH ".", languages[i], NULL);
      g_auto (GStrv) files = g_resources_enumerate_children (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

      if (files != NULL)
        return g_steal_pointer (&path);
    }
  return g_strdup (HELP_PATH);
}

static char *
read_page (const char *folder,
           const char *name)
{
  g_autofree char *path = g_build_path ("/", folder, name, NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  return bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : g_strdup ("");
}

/* Pages are numbered in their file names. */
static void
add_handbook (HeddleHelpWindow *self)
{
  g_autofree char *folder = find_handbook ();
  g_autoptr (GPtrArray) pages = heddle_help_list_pages ();

  for (guint i = 0; i < pages->len; i++)
    {
      const HeddleHelpPage *page = pages->pdata[i];
      g_autofree char *markdown = read_page (folder, page->name);

      add_page (self, page->name, page->title, markdown);
    }
}

static void
page_free (gpointer data)
{
  HeddleHelpPage *page = data;

  g_free (page->name);
  g_free (page->title);
  g_free (page);
}

GPtrArray *
heddle_help_list_pages (void)
{
  GPtrArray *pages = g_ptr_array_new_with_free_func (page_free);
  g_autofree char *folder = find_handbook ();
  g_auto (GStrv) files = g_resources_enumerate_children (folder, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  qsort (files, g_strv_length (files), sizeof *files, compare_names);
  for (guint i = 0; files[i] != NULL; i++)
    {
      g_autofree char *markdown = read_page (folder, files[i]);
      HeddleHelpPage *page = g_new0 (HeddleHelpPage, 1);

      page->name = g_strdup (files[i]);
      page->title = dup_title (markdown);
      g_ptr_array_add (pages, page);
    }
  return pages;
}

void
heddle_help_window_show_page (HeddleHelpWindow *self,
                              const char *name)
{
  GtkListBoxRow *row;

  g_return_if_fail (HEDDLE_IS_HELP_WINDOW (self));

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (g_str_equal (gtk_widget_get_name (GTK_WIDGET (row)), name))
      {
        gtk_list_box_select_row (self->list, row);
        set_reading (self, TRUE);
        return;
      }
}

static void
append_ports (GString *text,
              const char *heading,
              const HeddlePortSpec *ports)
{
  if (ports == NULL || ports->name == NULL)
    return;
  g_string_append_printf (text, "\n## %s\n\n", heading);
  for (const HeddlePortSpec *port = ports; port->name != NULL; port++)
    g_string_append_printf (text, "- **%s** `%s`%s%s\n", _ (port->title), port->name, port->flags & HEDDLE_PORT_OPTIONAL ? " " : "",
                            port->flags & HEDDLE_PORT_OPTIONAL ? _ ("(optional)") : "");
}

static void
append_params (GString *text,
               const HeddleNodeType *type)
{
  g_string_append_printf (text, "\n## %s\n\n", _ ("Parameters"));
  HEDDLE_FOREACH_PARAM (spec, type)
    g_string_append_printf (text, "- **%s** `%s`: %s\n", _ (spec->title), spec->name, spec->help != NULL ? _ (spec->help) : "");
}

static void
append_example (GString *text,
                const HeddleNodeType *type)
{
  g_autoptr (JsonNode) example = type->example != NULL ? heddle_json_parse (type->example, -1, NULL) : NULL;
  g_autofree char *json = NULL;

  if (example == NULL)
    return;
  json = heddle_json_to_text (example, HEDDLE_JSON_PRETTY);
  g_string_append_printf (text, "\n## %s\n\n```\n%s\n```\n", _ ("Example"), json);
}

static void
add_node_type (HeddleHelpWindow *self,
               const HeddleNodeType *type)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "# %s\n\n%s\n", _ (type->title), _ (type->summary));
  append_ports (text, _ ("Inputs"), type->inputs);
  append_ports (text, _ ("Outputs"), type->outputs);
  append_params (text, type);
  g_string_append_printf (text, "\n## %s\n\n- `output`\n", _ ("Result"));
  for (const HeddleResultKey *key = type->results; key != NULL && key->name != NULL; key++)
    g_string_append_printf (text, "- `%s`: %s\n", key->name, _ (key->title));
  append_example (text, type);
  add_page (self, type->id, _ (type->title), text->str);
}

GtkWidget *
heddle_help_window_new (void)
{
  return g_object_new (HEDDLE_TYPE_HELP_WINDOW, NULL);
}

static void
heddle_help_window_class_init (HeddleHelpWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (HEDDLE_TYPE_ADAPTIVE_BIN);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/dialogs/heddle-help-window.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleHelpWindow, adaptive);
  gtk_widget_class_bind_template_child (widget_class, HeddleHelpWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleHelpWindow, contents);
  gtk_widget_class_bind_template_child (widget_class, HeddleHelpWindow, list);
  gtk_widget_class_bind_template_child (widget_class, HeddleHelpWindow, separator);
  gtk_widget_class_bind_template_child (widget_class, HeddleHelpWindow, stack);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_room);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
heddle_help_window_init (HeddleHelpWindow *self)
{
  const HeddleNodeType *const *types = heddle_registry_list (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  add_handbook (self);
  for (guint i = 0; types[i] != NULL; i++)
    add_node_type (self, types[i]);
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
  update_room (self);
}
