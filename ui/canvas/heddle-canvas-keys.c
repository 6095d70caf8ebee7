/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-card.h"
#include "canvas/heddle-canvas-private.h"

#include <math.h>

#define NUDGE_FAR 10

static const HeddleCanvasBinding bindings[] = {
  { GDK_KEY_Delete, 0, "canvas.delete" },
  { GDK_KEY_KP_Delete, 0, "canvas.delete" },
  { GDK_KEY_BackSpace, 0, "canvas.delete" },
  { GDK_KEY_Delete, GDK_CONTROL_MASK, "canvas.delete-reconnect" },
  { GDK_KEY_c, GDK_CONTROL_MASK, "canvas.copy" },
  { GDK_KEY_x, GDK_CONTROL_MASK, "canvas.cut" },
  { GDK_KEY_v, GDK_CONTROL_MASK, "canvas.paste" },
  { GDK_KEY_v, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "canvas.paste-connected" },
  { GDK_KEY_d, GDK_CONTROL_MASK, "canvas.duplicate" },
  { GDK_KEY_t, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "canvas.save-template" },
  { GDK_KEY_a, GDK_CONTROL_MASK, "canvas.select-all" },
  { GDK_KEY_z, GDK_CONTROL_MASK, "canvas.undo" },
  { GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "canvas.redo" },
  { GDK_KEY_y, GDK_CONTROL_MASK, "canvas.redo" },
  { GDK_KEY_plus, GDK_CONTROL_MASK, "canvas.zoom-in" },
  { GDK_KEY_equal, GDK_CONTROL_MASK, "canvas.zoom-in" },
  { GDK_KEY_KP_Add, GDK_CONTROL_MASK, "canvas.zoom-in" },
  { GDK_KEY_minus, GDK_CONTROL_MASK, "canvas.zoom-out" },
  { GDK_KEY_KP_Subtract, GDK_CONTROL_MASK, "canvas.zoom-out" },
  { GDK_KEY_0, GDK_CONTROL_MASK, "canvas.zoom-reset" },
  { GDK_KEY_KP_0, GDK_CONTROL_MASK, "canvas.zoom-reset" },
  { GDK_KEY_1, GDK_SHIFT_MASK, "canvas.fit" },
  { GDK_KEY_2, GDK_SHIFT_MASK, "canvas.fit-selection" },
  { GDK_KEY_t, GDK_SHIFT_MASK | GDK_ALT_MASK, "canvas.tidy" },
  { GDK_KEY_m, 0, "canvas.toggle-map" },
  { GDK_KEY_d, 0, "canvas.toggle-off" },
  { GDK_KEY_b, 0, "canvas.toggle-bypass" },
  { GDK_KEY_c, GDK_ALT_MASK, "canvas.collapse" },
  { GDK_KEY_r, 0, "canvas.add-bend" },
  { GDK_KEY_r, GDK_SHIFT_MASK, "canvas.next-bend" },
  { GDK_KEY_r, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "canvas.straighten" },
  { GDK_KEY_Left, GDK_ALT_MASK, "canvas.align-left" },
  { GDK_KEY_Right, GDK_ALT_MASK, "canvas.align-right" },
  { GDK_KEY_Up, GDK_ALT_MASK, "canvas.align-top" },
  { GDK_KEY_Down, GDK_ALT_MASK, "canvas.align-bottom" },
  { GDK_KEY_c, GDK_SHIFT_MASK | GDK_ALT_MASK, "canvas.align-center" },
  { GDK_KEY_m, GDK_SHIFT_MASK | GDK_ALT_MASK, "canvas.align-middle" },
  { GDK_KEY_h, GDK_SHIFT_MASK | GDK_ALT_MASK, "canvas.distribute-across" },
  { GDK_KEY_v, GDK_SHIFT_MASK | GDK_ALT_MASK, "canvas.distribute-down" },
  { GDK_KEY_F2, 0, "canvas.rename" },
  { GDK_KEY_s, GDK_SHIFT_MASK, "canvas.add-note" },
  { GDK_KEY_g, GDK_CONTROL_MASK, "canvas.add-frame" },
  { GDK_KEY_g, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "canvas.extract" },
  { GDK_KEY_g, GDK_CONTROL_MASK | GDK_ALT_MASK, "canvas.inline" },
  { GDK_KEY_p, 0, "canvas.pin" },
  { GDK_KEY_Page_Up, GDK_ALT_MASK, "canvas.previous-item" },
  { GDK_KEY_Page_Down, GDK_ALT_MASK, "canvas.next-item" },
  { GDK_KEY_a, 0, "canvas.add-node" },
  { GDK_KEY_a, GDK_SHIFT_MASK, "canvas.add-after" },
  { GDK_KEY_c, 0, "canvas.connect" },
  { GDK_KEY_c, GDK_SHIFT_MASK, "canvas.connect-ports" },
  { GDK_KEY_l, 0, "canvas.connect-to" },
  { GDK_KEY_x, 0, "canvas.disconnect" },
  { GDK_KEY_e, 0, "canvas.next-edge" },
  { GDK_KEY_e, GDK_SHIFT_MASK, "canvas.previous-edge" },
  { GDK_KEY_space, GDK_CONTROL_MASK, "canvas.toggle-selected" },
  { GDK_KEY_Return, 0, "canvas.open" },
  { GDK_KEY_KP_Enter, 0, "canvas.open" },
  { GDK_KEY_Escape, 0, "canvas.cancel" },
  { GDK_KEY_Left, GDK_SHIFT_MASK, "canvas.select-upstream" },
  { GDK_KEY_Right, GDK_SHIFT_MASK, "canvas.select-downstream" },
  { GDK_KEY_Menu, 0, "canvas.menu" },
  { GDK_KEY_F10, GDK_SHIFT_MASK, "canvas.menu" },
};

const HeddleCanvasBinding *
heddle_canvas_list_bindings (guint *n_bindings)
{
  *n_bindings = G_N_ELEMENTS (bindings);
  return bindings;
}

static const struct
{
  guint key;
  int dx, dy;
} arrows[] = {
  { GDK_KEY_Left, -1, 0 },
  { GDK_KEY_Right, 1, 0 },
  { GDK_KEY_Up, 0, -1 },
  { GDK_KEY_Down, 0, 1 },
};

/* Shortcuts rest while somebody types into an editor that the canvas has opened. */
static gboolean
is_typing (HeddleCanvas *self)
{
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (self));

  return focus != NULL && focus == self->popover;
}

static gboolean
activate_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  const char *action;

  if (is_typing (HEDDLE_CANVAS (widget)))
    return FALSE;
  g_variant_get (args, "(&s)", &action);
  return gtk_widget_activate_action (widget, action, NULL);
}

HeddleCanvasItem *
heddle_canvas_get_focused (HeddleCanvas *self)
{
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (self));

  return focus != NULL && HEDDLE_IS_CANVAS_CARD (focus) ? heddle_canvas_card_get_item (HEDDLE_CANVAS_CARD (focus)) : NULL;
}

void
heddle_canvas_focus_item (HeddleCanvas *self, HeddleCanvasItem *item)
{
  heddle_canvas_ensure_shown (self, item);
  gtk_widget_grab_focus (item->widget);
}

static void
go_to (HeddleCanvas *self, HeddleCanvasItem *item)
{
  heddle_canvas_scroll_to (self, item);
  if (self->mode != HEDDLE_CANVAS_MODE_WIRE)
    heddle_canvas_select_only (self, item);
  heddle_canvas_focus_item (self, item);
}

/* How far an item is in a direction; what lies aside counts more. -1: it is not there. */
static double
get_way (const HeddleCanvasItem *from, const HeddleCanvasItem *to, int dx, int dy)
{
  double x = to->x + to->width / 2 - from->x - from->width / 2;
  double y = to->y + to->height / 2 - from->y - from->height / 2;
  double along = x * dx + y * dy;
  double aside = fabs (x * dy) + fabs (y * dx);

  return along > 0 && aside <= 2 * along ? along + 2 * aside : -1;
}

static HeddleCanvasItem *
find_nearest (HeddleCanvas *self, const HeddleCanvasItem *from, int dx, int dy)
{
  GPtrArray *items = heddle_canvas_scene_get_items (self->scene);
  HeddleCanvasItem *best = NULL;
  double shortest = G_MAXDOUBLE;

  for (guint i = 0; i < items->len; i++)
    {
      HeddleCanvasItem *item = items->pdata[i];
      double way = item != from && item->kind == from->kind ? get_way (from, item, dx, dy) : -1;

      if (way >= 0 && way < shortest)
        {
          shortest = way;
          best = item;
        }
    }
  return best;
}

void
heddle_canvas_focus_near (HeddleCanvas *self, double x, double y)
{
  GPtrArray *items = heddle_canvas_scene_get_items (self->scene);
  HeddleCanvasItem *best = NULL;
  double shortest = G_MAXDOUBLE;

  for (guint i = 0; i < items->len; i++)
    {
      HeddleCanvasItem *item = items->pdata[i];
      double distance = hypot (item->x - x, item->y - y);

      if (distance < shortest)
        {
          shortest = distance;
          best = item;
        }
    }
  if (best != NULL)
    heddle_canvas_focus_item (self, best);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

static int
compare_flow (gconstpointer a, gconstpointer b)
{
  const HeddleCanvasItem *first = *(HeddleCanvasItem *const *) a;
  const HeddleCanvasItem *second = *(HeddleCanvasItem *const *) b;

  if (first->kind != second->kind)
    return (int) first->kind - (int) second->kind;
  return first->index < second->index ? -1 : first->index > second->index;
}

/* Whether an edge says what comes after what; those to and from inner ports join a frame with what is in it. */
static gboolean
is_in_order (const HeddleCanvasEdge *edge)
{
  return !heddle_canvas_edge_is_inner (edge);
}

static guint
count_inputs (const HeddleCanvasItem *item)
{
  guint n = 0;

  for (guint i = 0; i < item->edges->len; i++)
    {
      const HeddleCanvasEdge *edge = item->edges->pdata[i];

      n += edge->to == item && is_in_order (edge);
    }
  return n;
}

static void
release_targets (HeddleCanvasItem *item, GHashTable *waiting, GPtrArray *ready)
{
  for (guint i = 0; i < item->edges->len; i++)
    {
      HeddleCanvasEdge *edge = item->edges->pdata[i];
      guint left = GPOINTER_TO_UINT (g_hash_table_lookup (waiting, edge->to));

      if (edge->from != item || left == 0 || !is_in_order (edge))
        continue;
      g_hash_table_insert (waiting, edge->to, GUINT_TO_POINTER (left - 1));
      if (left == 1)
        g_ptr_array_add (ready, edge->to);
    }
}

/* As values flow, as if there were no frames; ties in document order. */
static GPtrArray *
list_by_flow (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) items = g_ptr_array_copy (heddle_canvas_scene_get_items (self->scene), NULL, NULL);
  g_autoptr (GHashTable) waiting = g_hash_table_new (NULL, NULL);
  GPtrArray *order = g_ptr_array_new ();

  g_ptr_array_set_free_func (items, NULL);
  g_ptr_array_sort (items, compare_flow);
  for (guint i = 0; i < items->len; i++)
    {
      guint n = count_inputs (items->pdata[i]);

      g_hash_table_insert (waiting, items->pdata[i], GUINT_TO_POINTER (n));
      if (n == 0)
        g_ptr_array_add (order, items->pdata[i]);
    }
  for (guint i = 0; i < order->len; i++)
    release_targets (order->pdata[i], waiting, order);
  /* What is in a circle never becomes ready; it still must be reachable. */
  for (guint i = 0; i < items->len; i++)
    if (g_hash_table_lookup (waiting, items->pdata[i]) != NULL)
      g_ptr_array_add (order, items->pdata[i]);
  return order;
}

static void
take_level (GHashTable *levels, const HeddleCanvasItem *frame, GPtrArray *order)
{
  GPtrArray *level = g_hash_table_lookup (levels, frame);

  for (guint i = 0; level != NULL && i < level->len; i++)
    {
      g_ptr_array_add (order, level->pdata[i]);
      take_level (levels, level->pdata[i], order);
    }
}

/* Nodes as values flow through them, what is in a frame after the frame; then notes and groups. */
static GPtrArray *
list_in_flow_order (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) flow = list_by_flow (self);
  g_autoptr (GHashTable) levels = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  GPtrArray *order = g_ptr_array_sized_new (flow->len);

  for (guint i = 0; i < flow->len; i++)
    {
      HeddleCanvasItem *frame = ((HeddleCanvasItem *) flow->pdata[i])->parent;
      GPtrArray *level = g_hash_table_lookup (levels, frame);

      if (level == NULL)
        g_hash_table_insert (levels, frame, level = g_ptr_array_new ());
      g_ptr_array_add (level, flow->pdata[i]);
    }
  take_level (levels, NULL, order);
  return order;
}

static gboolean
step (HeddleCanvas *self, gboolean forward)
{
  g_autoptr (GPtrArray) order = list_in_flow_order (self);
  HeddleCanvasItem *focused = heddle_canvas_get_focused (self);
  guint index;

  if (order->len == 0)
    return FALSE;
  if (focused == NULL || !g_ptr_array_find (order, focused, &index))
    {
      go_to (self, order->pdata[forward ? 0 : order->len - 1]);
      return TRUE;
    }
  if (forward ? index + 1 == order->len : index == 0)
    return FALSE;
  go_to (self, order->pdata[forward ? index + 1 : index - 1]);
  return TRUE;
}

/* Back to what one is at work on. Else the canvas is a stop of its own, so that merely coming here selects nothing. */
static gboolean
enter (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) selected = heddle_canvas_list_selected (self, FALSE);

  if (selected->len != 1)
    return gtk_widget_grab_focus (GTK_WIDGET (self));
  heddle_canvas_focus_item (self, selected->pdata[0]);
  return TRUE;
}

gboolean
heddle_canvas_focus (GtkWidget *widget, GtkDirectionType direction)
{
  HeddleCanvas *self = HEDDLE_CANVAS (widget);
  GtkWidget *child = gtk_widget_get_focus_child (widget);
  gboolean forward = direction != GTK_DIR_TAB_BACKWARD;

  if (child != NULL && child == self->popover)
    return gtk_widget_child_focus (child, direction);
  if (child == NULL && !gtk_widget_is_focus (widget))
    return enter (self);
  if (direction != GTK_DIR_TAB_FORWARD && direction != GTK_DIR_TAB_BACKWARD)
    return FALSE;
  if (child == self->controls)
    return gtk_widget_child_focus (child, direction) || (forward ? gtk_widget_child_focus (self->minimap, direction) : step (self, FALSE));
  if (child == self->minimap)
    return !forward && gtk_widget_child_focus (self->controls, direction);
  if (step (self, forward))
    return TRUE;
  return forward && gtk_widget_child_focus (self->controls, direction);
}

static gboolean
arrow_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  HeddleCanvas *self = HEDDLE_CANVAS (widget);
  HeddleCanvasItem *focused = heddle_canvas_get_focused (self);
  HeddleCanvasItem *next;
  int dx, dy;

  if (is_typing (self) || gtk_widget_get_focus_child (widget) == self->controls)
    return FALSE;
  g_variant_get (args, "(ii)", &dx, &dy);
  if (heddle_canvas_nudge_bend (self, dx, dy))
    return TRUE;
  if (focused == NULL)
    return step (self, TRUE);
  next = find_nearest (self, focused, dx, dy);
  if (next != NULL)
    go_to (self, next);
  return TRUE;
}

static gboolean
nudge_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  HeddleCanvas *self = HEDDLE_CANVAS (widget);
  g_auto (GStrv) ids = NULL;
  int dx, dy;

  if (is_typing (self))
    return FALSE;
  g_variant_get (args, "(ii)", &dx, &dy);
  if (heddle_canvas_nudge_bend (self, dx, dy))
    return TRUE;
  ids = heddle_canvas_get_selection (self);
  if (*ids == NULL)
    return FALSE;
  heddle_document_move (self->document, (const char *const *) ids, dx * HEDDLE_CANVAS_GRID_STEP, dy * HEDDLE_CANVAS_GRID_STEP);
  return TRUE;
}

void
heddle_canvas_class_install_keys (GtkWidgetClass *klass)
{
  for (guint i = 0; i < G_N_ELEMENTS (bindings); i++)
    gtk_widget_class_add_binding (klass, bindings[i].key, bindings[i].modifiers, activate_cb, "(s)", bindings[i].action);
  for (guint i = 0; i < G_N_ELEMENTS (arrows); i++)
    {
      gtk_widget_class_add_binding (klass, arrows[i].key, 0, arrow_cb, "(ii)", arrows[i].dx, arrows[i].dy);
      gtk_widget_class_add_binding (klass, arrows[i].key, GDK_CONTROL_MASK, nudge_cb, "(ii)", arrows[i].dx, arrows[i].dy);
      gtk_widget_class_add_binding (klass, arrows[i].key, GDK_CONTROL_MASK | GDK_SHIFT_MASK, nudge_cb, "(ii)", arrows[i].dx * NUDGE_FAR, arrows[i].dy * NUDGE_FAR);
    }
}

/* What a key is without Shift: which sign a digit has with it differs from keyboard to keyboard. */
static guint
get_plain_key (GtkWidget *widget, guint code, GtkEventControllerKey *controller)
{
  guint key = 0;

  gdk_display_translate_key (gtk_widget_get_display (widget), code, 0, (int) gtk_event_controller_key_get_group (controller), &key, NULL, NULL, NULL);
  return key;
}

/* The bindings of digits with Shift, which match only where Shift makes no other sign of them. */
static gboolean
press_digit (HeddleCanvas *self, guint code, GtkEventControllerKey *controller)
{
  guint key = get_plain_key (GTK_WIDGET (self), code, controller);

  for (guint i = 0; i < G_N_ELEMENTS (bindings); i++)
    if (bindings[i].modifiers == GDK_SHIFT_MASK && key >= GDK_KEY_0 && key <= GDK_KEY_9 && bindings[i].key == key)
      return gtk_widget_activate_action (GTK_WIDGET (self), bindings[i].action, NULL);
  return FALSE;
}

/* Space held down makes the left button pan. A gesture with modifiers is cancelled while they are still held, too. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType modifiers, HeddleCanvas *self)
{
  if (key == GDK_KEY_Escape && self->mode != HEDDLE_CANVAS_MODE_NONE)
    return heddle_canvas_cancel_gesture (self);
  if ((modifiers & gtk_accelerator_get_default_mod_mask ()) == GDK_SHIFT_MASK && !is_typing (self) && press_digit (self, code, controller))
    return GDK_EVENT_STOP;
  if (key != GDK_KEY_space || (modifiers & GDK_CONTROL_MASK) != 0 || is_typing (self) || gtk_widget_get_focus_child (GTK_WIDGET (self)) == self->controls)
    return GDK_EVENT_PROPAGATE;
  if (!self->space_held)
    gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grab");
  self->space_held = TRUE;
  return GDK_EVENT_STOP;
}

static void
key_released_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType modifiers, HeddleCanvas *self)
{
  if (key != GDK_KEY_space)
    return;
  self->space_held = FALSE;
  gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
}

static gboolean
is_window_active (HeddleCanvas *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return GTK_IS_WINDOW (root) && gtk_window_is_active (GTK_WINDOW (root));
}

/* Whoever is elsewhere cannot end it. What is connected by keys or by assistive technology,
 * which may have windows of its own, waits for the window to be used again. */
static void
focus_left_cb (GtkEventControllerFocus *controller, HeddleCanvas *self)
{
  self->space_held = FALSE;
  if (!self->wire_follows || is_window_active (self))
    heddle_canvas_cancel_gesture (self);
}

void
heddle_canvas_install_keys (HeddleCanvas *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect (keys, "key-released", G_CALLBACK (key_released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect (focus, "leave", G_CALLBACK (focus_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}
