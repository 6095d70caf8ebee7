/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/heddle-history-row.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

/* What is in a row, from the child's data. */
typedef struct
{
  GtkWidget *box;
  GtkWidget *heading;
  GtkWidget *mark;
  GtkWidget *title;
  GtkWidget *subtitle;
  GtkWidget *time;
  HeddleHistoryItem *item; /* borrowed while it is bound */
} Row;

static GtkWidget *
line_new (const char *css_class)
{
  GtkWidget *label = heddle_label_new ("", css_class);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  return label;
}

static GtkWidget *
line_box_new (Row *row)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_image_set_icon_size (GTK_IMAGE (row->mark), GTK_ICON_SIZE_NORMAL);
  gtk_widget_add_css_class (row->mark, "accent");
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (line, "history-line");
  gtk_box_append (GTK_BOX (words), row->title);
  gtk_box_append (GTK_BOX (words), row->subtitle);
  gtk_box_append (GTK_BOX (line), row->mark);
  gtk_box_append (GTK_BOX (line), words);
  gtk_box_append (GTK_BOX (line), row->time);
  return line;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem *list_item)
{
  Row *row = g_new0 (Row, 1);

  row->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  row->heading = line_new ("caption-heading");
  gtk_widget_set_margin_top (row->heading, 6);
  gtk_widget_set_margin_bottom (row->heading, 6);
  row->mark = gtk_image_new ();
  row->title = line_new (NULL);
  /* The last words of many steps are what tells them apart. */
  gtk_label_set_wrap (GTK_LABEL (row->title), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (row->title), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (row->title), 2);
  row->subtitle = line_new ("caption");
  gtk_widget_add_css_class (row->subtitle, "dim-label");
  row->time = heddle_label_new ("", "dim-label");
  gtk_widget_add_css_class (row->time, "numeric");
  gtk_widget_add_css_class (row->time, "caption");
  gtk_box_append (GTK_BOX (row->box), row->heading);
  gtk_box_append (GTK_BOX (row->box), line_box_new (row));
  gtk_list_item_set_child (list_item, row->box);
  g_object_set_data_full (G_OBJECT (list_item), "row", row, g_free);
}

static const char *
state_get_title (HeddleHistoryState state)
{
  switch (state)
    {
    case HEDDLE_HISTORY_CURRENT:
      return _ ("Current");
    case HEDDLE_HISTORY_UNDONE:
      return _ ("Undone");
    case HEDDLE_HISTORY_DONE:
    default:
      return NULL;
    }
}

static void
update_label (Row *row)
{
  g_autofree char *time = heddle_history_format_time (heddle_history_item_get_time (row->item), TRUE);
  const char *state = state_get_title (heddle_history_item_get_state (row->item));
  const char *subtitle = heddle_history_item_get_subtitle (row->item);
  g_autoptr (GString) label = g_string_new (heddle_history_item_get_title (row->item));

  if (subtitle != NULL)
    g_string_append_printf (label, ", %s", subtitle);
  if (*time != '\0')
    g_string_append_printf (label, ", %s", time);
  if (state != NULL)
    g_string_append_printf (label, ", %s", state);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->box), GTK_ACCESSIBLE_PROPERTY_LABEL, label->str, -1);
  gtk_widget_set_tooltip_text (row->box, label->str);
}

static void
update_state (Row *row)
{
  HeddleHistoryState state = heddle_history_item_get_state (row->item);

  gtk_image_set_from_icon_name (GTK_IMAGE (row->mark), state == HEDDLE_HISTORY_CURRENT ? "object-select-symbolic" : NULL);
  if (state == HEDDLE_HISTORY_UNDONE)
    gtk_widget_add_css_class (row->title, "dim-label");
  else
    gtk_widget_remove_css_class (row->title, "dim-label");
  if (state == HEDDLE_HISTORY_CURRENT)
    gtk_widget_add_css_class (row->title, "history-current");
  else
    gtk_widget_remove_css_class (row->title, "history-current");
  update_label (row);
}

static void
update_group (Row *row)
{
  const char *group = heddle_history_item_get_group (row->item);

  gtk_label_set_label (GTK_LABEL (row->heading), group != NULL ? group : "");
  gtk_widget_set_visible (row->heading, group != NULL);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem *list_item)
{
  Row *row = g_object_get_data (G_OBJECT (list_item), "row");
  const char *subtitle;
  g_autofree char *time = NULL;

  row->item = gtk_list_item_get_item (list_item);
  subtitle = heddle_history_item_get_subtitle (row->item);
  time = heddle_history_format_time (heddle_history_item_get_time (row->item), FALSE);
  gtk_label_set_label (GTK_LABEL (row->title), heddle_history_item_get_title (row->item));
  gtk_label_set_label (GTK_LABEL (row->subtitle), subtitle != NULL ? subtitle : "");
  gtk_widget_set_visible (row->subtitle, subtitle != NULL);
  gtk_label_set_label (GTK_LABEL (row->time), time);
  update_state (row);
  update_group (row);
  g_signal_connect_swapped (row->item, "notify::state", G_CALLBACK (update_state), row);
  g_signal_connect_swapped (row->item, "notify::group", G_CALLBACK (update_group), row);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem *list_item)
{
  Row *row = g_object_get_data (G_OBJECT (list_item), "row");

  g_signal_handlers_disconnect_by_data (row->item, row);
  row->item = NULL;
}

GtkWidget *
heddle_history_list_new (GListModel *items,
                         const char *label)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkNoSelection *selection = gtk_no_selection_new (g_object_ref (items));
  GtkWidget *list;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  list = gtk_list_view_new (GTK_SELECTION_MODEL (selection), factory);
  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (list), TRUE);
  gtk_widget_add_css_class (list, "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return list;
}

GtkWidget *
heddle_history_empty_new (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_set_margin_top (label, 24);
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_end (label, 12);
  gtk_widget_add_css_class (label, "dim-label");
  return label;
}
