/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/heddle-list-keys.h"

#define PAGE 8

static const struct
{
  guint key;
  int distance;
} keys[] = {
  { GDK_KEY_Down, 1 },
  { GDK_KEY_KP_Down, 1 },
  { GDK_KEY_Up, -1 },
  { GDK_KEY_KP_Up, -1 },
  { GDK_KEY_Page_Down, PAGE },
  { GDK_KEY_Page_Up, -PAGE },
};

/* Those that a search has left, from top to bottom. */
static GPtrArray *
list_shown (GtkListBox *list)
{
  GPtrArray *shown = g_ptr_array_new ();
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)) != NULL; i++)
    if (gtk_widget_get_child_visible (GTK_WIDGET (row)))
      g_ptr_array_add (shown, row);
  return shown;
}

static void
scroll_to (GtkListBox *list, GtkListBoxRow *row)
{
  GtkAdjustment *adjustment = gtk_list_box_get_adjustment (list);
  graphene_rect_t bounds;

  if (adjustment != NULL && gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (list), &bounds))
    gtk_adjustment_clamp_page (adjustment, bounds.origin.y, bounds.origin.y + bounds.size.height);
}

static void
step (GtkListBox *list, int distance)
{
  g_autoptr (GPtrArray) shown = list_shown (list);
  GtkListBoxRow *selected = gtk_list_box_get_selected_row (list);
  guint index;

  if (shown->len == 0)
    return;
  if (selected == NULL || !g_ptr_array_find (shown, selected, &index))
    index = 0;
  else
    index = (guint) CLAMP ((int) index + distance, 0, (int) shown->len - 1);
  gtk_list_box_select_row (list, shown->pdata[index]);
  scroll_to (list, shown->pdata[index]);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType modifiers, GtkListBox *list)
{
  if ((modifiers & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].key == key)
      {
        step (list, keys[i].distance);
        return GDK_EVENT_STOP;
      }
  return GDK_EVENT_PROPAGATE;
}

void
heddle_list_keys_install (GtkListBox *list, GtkWidget *field)
{
  GtkEventController *controller = gtk_event_controller_key_new ();

  g_return_if_fail (GTK_IS_LIST_BOX (list));
  g_return_if_fail (GTK_IS_WIDGET (field));

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "key-pressed", G_CALLBACK (key_pressed_cb), list, 0);
  gtk_widget_add_controller (field, controller);
}
