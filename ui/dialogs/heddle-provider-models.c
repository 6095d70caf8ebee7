/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialogs/heddle-provider-models.h"

#include "common/heddle-widgets.h"
#include "dialogs/heddle-preferences-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  HeddleModels *models;
  char *provider;
  GtkListBox *list;    /* borrowed */
  GtkEditable *search; /* borrowed */
} Menu;

static void
menu_free (gpointer data,
           GClosure *closure)
{
  Menu *self = data;

  g_object_unref (self->models);
  g_free (self->provider);
  g_free (self);
}

static gboolean
matches_cb (GtkListBoxRow *row,
            gpointer user_data)
{
  const Menu *self = user_data;
  g_autofree char *wanted = g_utf8_casefold (gtk_editable_get_text (self->search), -1);
  g_autofree char *reference = g_utf8_casefold (gtk_label_get_label (GTK_LABEL (gtk_list_box_row_get_child (row))), -1);

  return strstr (reference, wanted) != NULL;
}

static void
show_cb (GtkPopover *popover,
         Menu *self)
{
  g_auto (GStrv) known = heddle_models_list_known (self->models);
  g_autofree char *prefix = g_strconcat (self->provider, "/", NULL);

  heddle_list_box_clear (self->list);
  gtk_editable_set_text (self->search, "");
  for (char **reference = known; *reference != NULL; reference++)
    {
      GtkWidget *label;

      if (!g_str_has_prefix (*reference, prefix))
        continue;
      label = heddle_label_new (*reference, NULL);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
      gtk_widget_set_tooltip_text (label, *reference);
      gtk_list_box_append (self->list, label);
    }
}

static void
search_changed_cb (GtkSearchEntry *entry,
                   GtkListBox *list)
{
  gtk_list_box_invalidate_filter (list);
}

static void
activated_cb (GtkListBox *list,
              GtkListBoxRow *row,
              GtkPopover *popover)
{
  const char *reference = gtk_label_get_label (GTK_LABEL (gtk_list_box_row_get_child (row)));
  g_autofree char *message = g_strdup_printf (_ ("Copied “%s”"), reference);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (list)), reference);
  heddle_preferences_tell (popover, message);
  gtk_popover_popdown (popover);
}

static GtkWidget *
create_list (Menu *self)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *empty = heddle_label_new (_ ("No models known. Test the connection to list them."), "dim-label");

  gtk_label_set_wrap (GTK_LABEL (empty), TRUE);
  gtk_widget_add_css_class (list, "navigation-sidebar");
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (list), empty);
  gtk_list_box_set_filter_func (GTK_LIST_BOX (list), matches_cb, self, NULL);
  return list;
}

GtkWidget *
heddle_provider_models_button_new (HeddleModels *models,
                                   const char *provider)
{
  const char *tooltip = _ ("Models; a click copies the name");
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *search = gtk_search_entry_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  Menu *self = g_new0 (Menu, 1);

  self->models = g_object_ref (models);
  self->provider = g_strdup (provider);
  self->search = GTK_EDITABLE (search);
  self->list = GTK_LIST_BOX (create_list (self));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 220);
  gtk_widget_set_size_request (scroller, 320, -1);
  gtk_box_append (GTK_BOX (box), search);
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  g_signal_connect_object (search, "search-changed", G_CALLBACK (search_changed_cb), self->list, 0);
  g_signal_connect_object (search, "stop-search", G_CALLBACK (gtk_popover_popdown), popover, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (activated_cb), popover, 0);
  g_signal_connect_data (popover, "show", G_CALLBACK (show_cb), self, menu_free, 0);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-list-symbolic");
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  return button;
}
