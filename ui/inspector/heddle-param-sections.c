/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-param-sections.h"

#include <glib/gi18n-lib.h>

/* NULL: there is none yet. */
static GtkWidget *
find_section (GtkListBox *list,
              const char *section)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)) != NULL; i++)
    {
      if (g_str_equal (g_object_get_data (G_OBJECT (row), "heddle-section"), section))
        break;
    }
  return GTK_WIDGET (row);
}

static GtkWidget *
add_section (GtkListBox *list,
             const char *section)
{
  GtkWidget *row = adw_expander_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (section));
  g_object_set_data (G_OBJECT (row), "heddle-section", (gpointer) section);
  gtk_list_box_append (list, row);
  return row;
}

void
heddle_param_sections_add (GtkListBox *list,
                           const char *section,
                           GtkWidget *row)
{
  GtkWidget *found = find_section (list, section);

  if (found == NULL)
    found = add_section (list, section);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (found), row);
}

static void
update_section (GtkWidget *row,
                const HeddleNode *node)
{
  const char *section = g_object_get_data (G_OBJECT (row), "heddle-section");
  g_autoptr (GString) changed = g_string_new (NULL);

  HEDDLE_FOREACH_PARAM (spec, node->type)
    {
      if (g_strcmp0 (spec->section, section) == 0 && json_object_has_member (node->params, spec->name))
        g_string_append_printf (changed, "%s%s", changed->len > 0 ? ", " : "", _ (spec->title));
    }
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), changed->str);
}

void
heddle_param_sections_update (GtkListBox *list,
                              const HeddleNode *node)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)) != NULL; i++)
    update_section (GTK_WIDGET (row), node);
}

void
heddle_param_sections_open (GtkListBox *list,
                            const char *section)
{
  GtkWidget *row = find_section (list, section);

  if (row != NULL)
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
}
