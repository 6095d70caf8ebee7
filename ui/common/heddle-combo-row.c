/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/heddle-combo-row.h"

#include "common/heddle-widgets.h"

#define ROW_CHARS 20
#define LIST_CHARS 32

static gboolean
is_selected (GtkListItem *item,
             AdwComboRow *row)
{
  return gtk_list_item_get_position (item) == adw_combo_row_get_selected (row);
}

static void
update_mark (GtkListItem *item,
             AdwComboRow *row)
{
  GtkWidget *mark = gtk_widget_get_last_child (gtk_list_item_get_child (item));

  gtk_widget_set_opacity (mark, is_selected (item, row) ? 1 : 0);
}

static void
selected_cb (AdwComboRow *row,
             GParamSpec *pspec,
             GtkListItem *item)
{
  update_mark (item, row);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem *item,
          AdwComboRow *row)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = heddle_label_new (NULL, NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (label), 1);
  gtk_label_set_max_width_chars (GTK_LABEL (label), LIST_CHARS);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("object-select-symbolic"));
  gtk_list_item_set_child (item, box);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (selected_cb), item, 0);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem *item,
         AdwComboRow *row)
{
  GtkWidget *label = gtk_widget_get_first_child (gtk_list_item_get_child (item));

  gtk_label_set_text (GTK_LABEL (label), gtk_string_object_get_string (gtk_list_item_get_item (item)));
  update_mark (item, row);
}

static gboolean
has_long_title (GtkStringList *titles)
{
  const char *title;

  for (guint i = 0; (title = gtk_string_list_get_string (titles, i)) != NULL; i++)
    {
      if (g_utf8_strlen (title, -1) > ROW_CHARS)
        return TRUE;
    }
  return FALSE;
}

GtkWidget *
heddle_combo_row_new (GtkStringList *titles)
{
  AdwComboRow *row = ADW_COMBO_ROW (adw_combo_row_new ());
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), row, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), row, 0);
  adw_combo_row_set_list_factory (row, factory);
  adw_combo_row_set_use_subtitle (row, has_long_title (titles));
  adw_combo_row_set_model (row, G_LIST_MODEL (titles));
  return GTK_WIDGET (row);
}
