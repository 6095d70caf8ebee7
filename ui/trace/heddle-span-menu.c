/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-span-menu.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
add_item (GMenu *menu,
          const char *label,
          const char *action,
          const char *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, target != NULL ? g_variant_new_string (target) : NULL);
  g_menu_item_set_attribute (item, "hidden-when", "s", "action-missing");
  g_menu_append_item (menu, item);
}

/* The node that the span is, or is in. */
static HeddleSpan *
find_node (HeddleSpan *span)
{
  while (span != NULL && strcmp (heddle_span_get_kind (span), "node") != 0)
    {
      if (heddle_span_get_item (span) >= 0)
        return NULL;
      span = heddle_span_get_parent (span);
    }
  return span;
}

static GMenuModel *
menu_new (HeddleSpan *span)
{
  HeddleSpan *node = find_node (span);
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) look = g_menu_new ();
  g_autoptr (GMenu) again = g_menu_new ();
  const char *scope = node != NULL ? heddle_span_get_scope (node) : NULL;
  g_autofree char *target = NULL;

  if (heddle_span_get_node_id (span) != NULL)
    add_item (look, _ ("_Show on Canvas"), "trace.show-node", NULL);
  add_item (look, _ ("_Copy as JSON"), "trace.copy", NULL);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (look));
  if (node == NULL || *heddle_span_get_node_id (node) == '@')
    return G_MENU_MODEL (menu);
  target = scope != NULL ? g_strdup_printf ("%s/%s", scope, heddle_span_get_node_id (node)) : g_strdup (heddle_span_get_node_id (node));
  add_item (again, _ ("_Run from Here"), "win.run-from", target);
  if (heddle_span_get_attribute (node, "result") != NULL)
    {
      add_item (again, _ ("_Fork with Edited Output…"), "win.fork", target);
      add_item (again, _ ("_Pin This Output"), "win.pin-output", target);
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (again));
  return G_MENU_MODEL (menu);
}

void
heddle_span_menu_popup (GtkWidget *widget,
                        HeddleSpan *span,
                        double x,
                        double y)
{
  g_autoptr (GMenuModel) menu = menu_new (span);
  GtkWidget *popover = gtk_popover_menu_new_from_model (menu);

  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_widget_set_parent (popover, widget);
  g_signal_connect (popover, "closed", G_CALLBACK (heddle_popover_drop), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

typedef struct
{
  GtkListItem *item; /* borrowed: it outlives its widget's gesture */
  GtkSingleSelection *selection;
} Row;

static void
row_free (gpointer data,
          GClosure *closure)
{
  g_object_unref (((Row *) data)->selection);
  g_free (data);
}

static void
pressed_cb (GtkGestureClick *gesture,
            int n_press,
            double x,
            double y,
            Row *row)
{
  GtkWidget *widget = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  HeddleSpan *span = gtk_list_item_get_item (row->item);
  /* The panel stays where it is, whatever becomes of the row. */
  GtkWidget *list = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  graphene_point_t point;

  if (span == NULL || list == NULL || !gtk_widget_compute_point (widget, list, &GRAPHENE_POINT_INIT (x, y), &point))
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_single_selection_set_selected (row->selection, gtk_list_item_get_position (row->item));
  heddle_span_menu_popup (list, span, point.x, point.y);
}

void
heddle_span_menu_attach (GtkWidget *widget,
                         GtkListItem *item,
                         GtkSingleSelection *selection)
{
  GtkGesture *gesture = gtk_gesture_click_new ();
  Row *row = g_new (Row, 1);

  row->item = item;
  row->selection = g_object_ref (selection);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_SECONDARY);
  g_signal_connect_data (gesture, "pressed", G_CALLBACK (pressed_cb), row, row_free, 0);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (gesture));
}
