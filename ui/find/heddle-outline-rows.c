/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/heddle-outline-private.h"
#include "find/heddle-outline-row.h"

static void
refresh_row (HeddleOutline *self,
             GtkWidget *expander)
{
  GtkWidget *row = gtk_tree_expander_get_child (GTK_TREE_EXPANDER (expander));
  g_autoptr (HeddleOutlineItem) item = gtk_tree_expander_get_item (GTK_TREE_EXPANDER (expander));
  HeddleOutlineLook look = { _heddle_outline_get_graph (self), self->trace, self->problems };
  GtkWidget *parent = gtk_widget_get_parent (expander);

  if (item == NULL || look.graph == NULL)
    return;
  heddle_outline_row_show (HEDDLE_OUTLINE_ROW (row), item, &look);
  if (parent != NULL && heddle_outline_row_get_label (HEDDLE_OUTLINE_ROW (row)) != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL, heddle_outline_row_get_label (HEDDLE_OUTLINE_ROW (row)), -1);
}

static void
item_changed_cb (GtkWidget *expander)
{
  refresh_row (HEDDLE_OUTLINE (gtk_widget_get_ancestor (expander, HEDDLE_TYPE_OUTLINE)), expander);
}

/* The signals of the item that a row shows. The list's own row forgets its item when it leaves the list, so that it
 * cannot be asked at the end what to disconnect from. */
static void
watch_item (GtkWidget *expander,
            HeddleOutlineItem *item)
{
  g_signal_group_set_target (g_object_get_data (G_OBJECT (expander), "heddle-item"), item);
}

/* Not when a row closes because it is being replaced. */
static void
expanded_cb (GtkTreeListRow *row,
             GParamSpec *pspec,
             GtkWidget *expander)
{
  g_autoptr (HeddleOutlineItem) item = gtk_tree_list_row_get_item (row);
  HeddleOutline *self = HEDDLE_OUTLINE (gtk_widget_get_ancestor (expander, HEDDLE_TYPE_OUTLINE));

  if (item != NULL && self != NULL && !self->is_syncing)
    heddle_outline_item_set_expanded (item, gtk_tree_list_row_get_expanded (row));
}

/* What is not selected is before its menu opens; what is, stays with all the others. */
static void
select_for_menu (HeddleOutline *self,
                 guint position)
{
  if (!gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection), position))
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
}

static void
show_menu (GtkGesture *gesture,
           GtkListItem *list_item)
{
  GtkWidget *expander = gtk_list_item_get_child (list_item);
  HeddleOutline *self = HEDDLE_OUTLINE (gtk_widget_get_ancestor (expander, HEDDLE_TYPE_OUTLINE));

  select_for_menu (self, gtk_list_item_get_position (list_item));
  gtk_widget_grab_focus (gtk_widget_get_parent (expander));
  heddle_canvas_show_menu_beside (self->canvas, expander);
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
row_pressed_cb (GtkGestureClick *gesture,
                int n_press,
                double x,
                double y,
                GtkListItem *list_item)
{
  show_menu (GTK_GESTURE (gesture), list_item);
}

static void
row_held_cb (GtkGestureLongPress *gesture,
             double x,
             double y,
             GtkListItem *list_item)
{
  show_menu (GTK_GESTURE (gesture), list_item);
}

static void
setup_cb (GtkListItemFactory *factory,
          GtkListItem *list_item)
{
  GtkWidget *expander = gtk_tree_expander_new ();
  GtkGesture *gesture = gtk_gesture_click_new ();
  GtkGesture *hold = gtk_gesture_long_press_new ();
  GSignalGroup *item = g_signal_group_new (HEDDLE_TYPE_OUTLINE_ITEM);

  g_signal_group_connect_swapped (item, "changed", G_CALLBACK (item_changed_cb), expander);
  g_object_set_data_full (G_OBJECT (expander), "heddle-item", item, g_object_unref);
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), heddle_outline_row_new ());
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_SECONDARY);
  g_signal_connect (gesture, "pressed", G_CALLBACK (row_pressed_cb), list_item);
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (hold), TRUE);
  g_signal_connect (hold, "pressed", G_CALLBACK (row_held_cb), list_item);
  gtk_widget_add_controller (expander, GTK_EVENT_CONTROLLER (hold));
  gtk_widget_add_controller (expander, GTK_EVENT_CONTROLLER (gesture));
  gtk_list_item_set_child (list_item, expander);
}

static void
bind_cb (GtkListItemFactory *factory,
         GtkListItem *list_item,
         HeddleOutline *self)
{
  GtkWidget *expander = gtk_list_item_get_child (list_item);
  GtkTreeListRow *row = gtk_list_item_get_item (list_item);
  g_autoptr (HeddleOutlineItem) item = gtk_tree_list_row_get_item (row);

  gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (expander), row);
  watch_item (expander, item);
  g_signal_connect_object (row, "notify::expanded", G_CALLBACK (expanded_cb), expander, 0);
  refresh_row (self, expander);
}

static void
unbind_cb (GtkListItemFactory *factory,
           GtkListItem *list_item)
{
  GtkWidget *expander = gtk_list_item_get_child (list_item);
  GtkTreeListRow *row = gtk_list_item_get_item (list_item);

  watch_item (expander, NULL);
  g_signal_handlers_disconnect_by_func (row, expanded_cb, expander);
  gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (expander), NULL);
}

static GListModel *
create_children (gpointer item,
                 gpointer user_data)
{
  GListStore *children = heddle_outline_item_get_children (item);

  return children != NULL ? g_object_ref (G_LIST_MODEL (children)) : NULL;
}

void
_heddle_outline_create_list (HeddleOutline *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  self->rows = gtk_tree_list_model_new (g_object_ref (heddle_outline_tree_get_roots (self->tree)), FALSE, FALSE, create_children, NULL, NULL);
  self->selection = gtk_multi_selection_new (G_LIST_MODEL (self->rows));
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
}
