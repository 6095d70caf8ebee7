/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/heddle-outline-private.h"

#include <string.h>

/* The row that has the keyboard; NULL: none. A list still knows which one it was after it has lost it. */
static GtkTreeExpander *
get_focused (HeddleOutline *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *row = gtk_widget_get_focus_child (GTK_WIDGET (self->list));
  GtkWidget *expander = row != NULL ? gtk_widget_get_first_child (row) : NULL;

  if (focus == NULL || row == NULL || !(focus == row || gtk_widget_is_ancestor (focus, row)))
    return NULL;
  return GTK_IS_TREE_EXPANDER (expander) ? GTK_TREE_EXPANDER (expander) : NULL;
}

/* A key of the canvas; TRUE when it is done. */
static gboolean
canvas_key_cb (GtkWidget *widget,
               GVariant *args,
               gpointer user_data)
{
  HeddleOutline *self = user_data;
  const char *action = g_variant_get_string (args, NULL);
  GtkTreeExpander *focused = get_focused (self);

  _heddle_outline_update_now (self);
  if (strcmp (action, "canvas.menu") == 0)
    heddle_canvas_show_menu_beside (self->canvas, focused != NULL ? GTK_WIDGET (focused) : GTK_WIDGET (self->list));
  else
    gtk_widget_activate_action (GTK_WIDGET (self->canvas), action, NULL);
  return TRUE;
}

/* Puts the keyboard on a row, which has a widget once it is in view. */
void
_heddle_outline_go_to_row (HeddleOutline *self,
                           guint position)
{
  g_autoptr (GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);

  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->list)); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *expander = gtk_widget_get_first_child (child);

      if (GTK_IS_TREE_EXPANDER (expander) && gtk_tree_expander_get_list_row (GTK_TREE_EXPANDER (expander)) == row)
        gtk_widget_grab_focus (child);
    }
}

HeddleOutlineItem *
_heddle_outline_dup_focused (HeddleOutline *self)
{
  GtkTreeExpander *expander = get_focused (self);

  return expander != NULL ? gtk_tree_expander_get_item (expander) : NULL;
}

void
_heddle_outline_focus_item (HeddleOutline *self,
                            HeddleOutlineItem *item)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i++)
    {
      g_autoptr (GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);
      g_autoptr (HeddleOutlineItem) other = gtk_tree_list_row_get_item (row);

      if (other != item)
        continue;
      _heddle_outline_go_to_row (self, i);
      return;
    }
  _heddle_outline_go_to_row (self, gtk_bitset_is_empty (selected) ? 0 : gtk_bitset_get_minimum (selected));
}

void
_heddle_outline_focus_row (HeddleOutline *self,
                           guint position)
{
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
  _heddle_outline_go_to_row (self, position);
}

/* Towards the end of the line a row opens, towards its start it closes or goes to the one above. */
static gboolean
expand_key_cb (GtkWidget *widget,
               GVariant *args,
               gpointer user_data)
{
  GtkTreeExpander *expander = get_focused (user_data);
  GtkTreeListRow *row = expander != NULL ? gtk_tree_expander_get_list_row (expander) : NULL;
  gboolean is_reversed = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  gboolean expand = g_variant_get_boolean (args) != is_reversed;
  g_autoptr (GtkTreeListRow) parent = row != NULL ? gtk_tree_list_row_get_parent (row) : NULL;

  if (row == NULL)
    return FALSE;
  if (expand || gtk_tree_list_row_get_expanded (row))
    gtk_tree_list_row_set_expanded (row, expand);
  else if (parent != NULL)
    _heddle_outline_focus_row (user_data, gtk_tree_list_row_get_position (parent));
  return TRUE;
}

static void
add_shortcut (GtkEventController *controller,
              GtkShortcutTrigger *trigger,
              GtkShortcutFunc func,
              GVariant *args,
              HeddleOutline *self)
{
  GtkShortcut *shortcut = gtk_shortcut_new (trigger, gtk_callback_action_new (func, self, NULL));

  gtk_shortcut_set_arguments (shortcut, args);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
}

/* What the list has keys for itself. */
static gboolean
is_of_list (const char *action)
{
  return strcmp (action, "canvas.open") == 0 || strcmp (action, "canvas.select-all") == 0 || strcmp (action, "canvas.toggle-selected") == 0;
}

/* All others are as on the canvas. */
void
_heddle_outline_add_keys (HeddleOutline *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  guint n_bindings;
  const HeddleCanvasBinding *bindings = heddle_canvas_list_bindings (&n_bindings);

  for (guint i = 0; i < n_bindings; i++)
    if (!is_of_list (bindings[i].action))
      add_shortcut (controller, gtk_keyval_trigger_new (bindings[i].key, bindings[i].modifiers), canvas_key_cb, g_variant_new_string (bindings[i].action), self);
  add_shortcut (controller, gtk_keyval_trigger_new (GDK_KEY_Right, 0), expand_key_cb, g_variant_new_boolean (TRUE), self);
  add_shortcut (controller, gtk_keyval_trigger_new (GDK_KEY_Left, 0), expand_key_cb, g_variant_new_boolean (FALSE), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), controller);
}
