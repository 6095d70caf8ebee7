/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

/*
 * Everything one can do on the canvas, as actions that keys, menus, assistive technology and tests
 * share. Those about the selection are enabled when there is one.
 */
typedef void (*ActionFunc) (HeddleCanvas *self);

static void
delete_selection (HeddleCanvas *self, gboolean reconnect)
{
  g_auto (GStrv) ids = heddle_canvas_get_selection (self);
  g_autoptr (GPtrArray) edges = heddle_canvas_list_selected_edges (self);

  if (heddle_canvas_get_chosen_bend (self) >= 0)
    {
      heddle_canvas_remove_chosen_bend (self);
      return;
    }
  heddle_document_begin (self->document, _ ("Delete"));
  for (guint i = 0; i < edges->len; i++)
    {
      HeddleCanvasEdge *edge = edges->pdata[i];

      heddle_document_disconnect (self->document, edge->from->id, edge->from_port, edge->to->id, edge->to_port);
    }
  heddle_document_remove (self->document, (const char *const *) ids, reconnect);
  heddle_document_end (self->document);
  heddle_canvas_take_focus (self, NULL);
}

static void delete (HeddleCanvas *self)
{
  delete_selection (self, FALSE);
}

static void
delete_reconnect (HeddleCanvas *self)
{
  delete_selection (self, TRUE);
}

static void
cut (HeddleCanvas *self)
{
  heddle_canvas_copy (self);
  delete_selection (self, FALSE);
}

static void
undo (HeddleCanvas *self)
{
  heddle_document_undo (self->document);
}

static void
redo (HeddleCanvas *self)
{
  heddle_document_redo (self->document);
}

/* Only the selection when several things are selected, else everything. */
static void
tidy (HeddleCanvas *self)
{
  g_auto (GStrv) ids = heddle_canvas_get_selection (self);
  gboolean several = g_strv_length (ids) > 1;

  heddle_document_tidy (self->document, several ? (const char *const *) ids : NULL);
  if (several)
    heddle_canvas_fit_selection (self);
  else
    heddle_canvas_fit (self);
}

HeddleCanvasItem *
heddle_canvas_get_current (HeddleCanvas *self)
{
  HeddleCanvasItem *focused = heddle_canvas_get_focused (self);
  g_autoptr (GPtrArray) selected = NULL;

  /* What had the focus on the canvas last is not meant when it is in the outline now. */
  if (focused != NULL && gtk_widget_is_focus (focused->widget))
    return focused;
  selected = heddle_canvas_list_selected (self, FALSE);
  return selected->len > 0 ? selected->pdata[0] : NULL;
}

static void
rename_current (HeddleCanvas *self)
{
  HeddleCanvasItem *item = heddle_canvas_get_current (self);

  if (item != NULL)
    heddle_canvas_edit_item (self, item);
}

static void
open_current (HeddleCanvas *self)
{
  HeddleCanvasItem *item = heddle_canvas_get_current (self);

  if (item == NULL)
    return;
  if (item->kind == HEDDLE_CANVAS_ITEM_NODE)
    heddle_canvas_emit_open (self, item->id);
  else
    heddle_canvas_edit_item (self, item);
}

/* At the pointer; into a connection when that is what is selected. */
static void
add_node (HeddleCanvas *self)
{
  const HeddleCanvasEdge *edge = heddle_canvas_get_single_edge (self);
  double x = gtk_widget_get_width (GTK_WIDGET (self)) / 2.;
  double y = gtk_widget_get_height (GTK_WIDGET (self)) / 2.;

  if (edge != NULL && !edge->is_tool)
    heddle_canvas_request_insert (self, edge);
  else
    heddle_canvas_request_search (self, self->pointer_inside ? self->pointer_x : x, self->pointer_inside ? self->pointer_y : y);
}

static void
add_after (HeddleCanvas *self)
{
  const HeddleCanvasItem *item = heddle_canvas_get_current (self);

  if (item != NULL && item->kind == HEDDLE_CANVAS_ITEM_NODE)
    heddle_canvas_request_after (self, item);
}

static void
begin_connect (HeddleCanvas *self, HeddleCanvasItem *item)
{
  HeddleCanvasEnd end = { item, item->outputs->len > 0, 0 };

  if (item->kind != HEDDLE_CANVAS_ITEM_NODE || heddle_canvas_item_get_n_ports (item, end.output) == 0)
    return;
  self->mode = HEDDLE_CANVAS_MODE_WIRE;
  self->wire_follows = TRUE;
  heddle_canvas_begin_wire (self, &end, FALSE);
  self->hinted = TRUE;
  heddle_canvas_emit_message (self, _ ("Go to the other node and press C again, or Shift+C to choose the ports; Esc cancels."));
}

static void
end_connect (HeddleCanvas *self, HeddleCanvasItem *item)
{
  heddle_canvas_aim_wire (self, item);
  self->mode = HEDDLE_CANVAS_MODE_NONE;
  self->wire_follows = FALSE;
  heddle_canvas_end_wire (self, TRUE);
  heddle_canvas_select_only (self, item);
}

/* The key is pressed once on each of the two nodes. */
static void
connect_current (HeddleCanvas *self)
{
  HeddleCanvasItem *item = heddle_canvas_get_current (self);

  if (item == NULL)
    return;
  if (self->mode == HEDDLE_CANVAS_MODE_WIRE && item != self->wire.item)
    end_connect (self, item);
  else if (!heddle_canvas_cancel_gesture (self))
    begin_connect (self, item);
}

static void
connect_to (HeddleCanvas *self)
{
  HeddleCanvasItem *item = heddle_canvas_get_current (self);

  if (item == NULL || item->kind != HEDDLE_CANVAS_ITEM_NODE)
    return;
  heddle_canvas_cancel_gesture (self);
  heddle_canvas_choose_target (self, item);
}

/* As connecting, but the ports are chosen from a list on the second node. */
static void
connect_ports (HeddleCanvas *self)
{
  HeddleCanvasItem *item = heddle_canvas_get_current (self);
  HeddleCanvasItem *other = self->wire.item;
  gboolean output = self->wire.output;

  if (item == NULL)
    return;
  if (self->mode != HEDDLE_CANVAS_MODE_WIRE || item == other)
    {
      connect_current (self);
      return;
    }
  heddle_canvas_cancel_gesture (self);
  heddle_canvas_choose_ports (self, output ? other : item, output ? item : other);
}

/* Of what is selected, or of what has the focus. */
static void
disconnect (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) nodes = heddle_canvas_list_selected (self, TRUE);
  HeddleCanvasItem *item = heddle_canvas_get_current (self);

  heddle_canvas_cancel_gesture (self);
  if (nodes->len == 0 && item != NULL)
    g_ptr_array_add (nodes, item);
  heddle_canvas_cut_items (self, nodes);
}

static void
next_edge (HeddleCanvas *self)
{
  heddle_canvas_step_edge (self, 1);
}

static void
previous_edge (HeddleCanvas *self)
{
  heddle_canvas_step_edge (self, -1);
}

/* Whatever else is selected stays so. */
static void
toggle_selected (HeddleCanvas *self)
{
  HeddleCanvasItem *item = heddle_canvas_get_focused (self);

  if (item != NULL)
    heddle_canvas_set_item_selected (self, item, !item->selected);
}

static void
cancel (HeddleCanvas *self)
{
  if (!heddle_canvas_cancel_gesture (self))
    heddle_canvas_unselect_all (self);
}

static void
select_upstream (HeddleCanvas *self)
{
  heddle_canvas_select_flow (self, FALSE);
}

static void
select_downstream (HeddleCanvas *self)
{
  heddle_canvas_select_flow (self, TRUE);
}

static void
show_menu (HeddleCanvas *self)
{
  HeddleCanvasItem *item = heddle_canvas_get_current (self);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (gtk_widget_get_width (GTK_WIDGET (self)) / 2.f, gtk_widget_get_height (GTK_WIDGET (self)) / 2.f, 0, 0);

  if (item != NULL)
    heddle_canvas_get_node_bounds (self, item->id, &bounds);
  heddle_canvas_show_menu (self, bounds.origin.x + bounds.size.width / 2, bounds.origin.y + bounds.size.height / 2);
}

static void
take_new_selection (HeddleCanvas *self, const char *id, const GError *error)
{
  if (id == NULL)
    heddle_canvas_emit_message (self, error->message);
  else
    heddle_canvas_select (self, (const char *const[]){ id, NULL });
}

static void
extract (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) nodes = heddle_canvas_list_selected (self, TRUE);
  g_auto (GStrv) ids = heddle_canvas_dup_ids (nodes);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = g_strdup (heddle_document_extract (self->document, (const char *const *) ids, &error));

  take_new_selection (self, id, error);
}

static HeddleCanvasItem *
get_single (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) items = heddle_canvas_list_selected (self, FALSE);
  HeddleCanvasItem *item = items->len == 1 ? items->pdata[0] : NULL;

  return item != NULL && item->kind == HEDDLE_CANVAS_ITEM_NODE ? item : NULL;
}

static gboolean
is_subflow (const HeddleCanvasItem *item)
{
  return item != NULL && item->type != NULL && g_str_equal (item->type->id, "subflow");
}

static void
inline_subflow (HeddleCanvas *self)
{
  HeddleCanvasItem *item = get_single (self);
  g_autoptr (GPtrArray) within = NULL;
  g_auto (GStrv) ids = NULL;
  g_autoptr (GError) error = NULL;

  if (!is_subflow (item))
    return;
  within = heddle_canvas_scene_list_within (self->scene, item);
  ids = heddle_canvas_dup_ids (within);
  if (heddle_document_inline (self->document, item->id, &error))
    heddle_canvas_select (self, (const char *const *) ids);
  else
    heddle_canvas_emit_message (self, error->message);
}

/* The window knows the results of runs. */
static void
pin (HeddleCanvas *self)
{
  const HeddleCanvasItem *item = get_single (self);
  g_autoptr (GPtrArray) nodes = heddle_canvas_list_selected (self, TRUE);
  g_auto (GStrv) ids = heddle_canvas_dup_ids (nodes);

  if (item != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.pin", "s", item->id);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.pin-nodes", "^as", ids);
}

static HeddleCanvasItem *
get_picker (HeddleCanvas *self)
{
  HeddleCanvasItem *item = get_single (self);

  return item != NULL ? heddle_canvas_find_picker (item) : NULL;
}

static void
step_item (HeddleCanvas *self, int step)
{
  HeddleCanvasItem *container = get_picker (self);

  if (container != NULL)
    heddle_canvas_step_item (self, container, step);
}

static void
next_item (HeddleCanvas *self)
{
  step_item (self, 1);
}

static void
previous_item (HeddleCanvas *self)
{
  step_item (self, -1);
}

typedef enum
{
  NEEDS_DOCUMENT,
  NEEDS_CURRENT,   /* something that has the focus or is selected */
  NEEDS_ITEMS,     /* a selected node, note or frame */
  NEEDS_SELECTION, /* or an edge */
  NEEDS_NODES,
  NEEDS_SUBFLOW,
  NEEDS_ITEMS_OF_RUN, /* a container that has run several items, or something in it */
  NEEDS_SEVERAL,      /* nodes, notes or groups */
  NEEDS_THREE,
  NEEDS_HOLLOW,  /* a container or a group */
  NEEDS_COLORED, /* a note or a group */
  NEEDS_EDGE,    /* one alone */
  NEEDS_BENDS,   /* of connections */
  NEEDS_BEND,    /* that is chosen */
  NEEDS_UNDO,
  NEEDS_REDO,
} Need;

static const struct
{
  const char *name;
  ActionFunc func;
  Need need;
} actions[] = {
  { "canvas.delete", delete, NEEDS_SELECTION },
  { "canvas.delete-reconnect", delete_reconnect, NEEDS_ITEMS },
  { "canvas.copy", heddle_canvas_copy, NEEDS_ITEMS },
  { "canvas.cut", cut, NEEDS_ITEMS },
  { "canvas.paste", heddle_canvas_paste, NEEDS_DOCUMENT },
  { "canvas.paste-connected", heddle_canvas_paste_connected, NEEDS_DOCUMENT },
  { "canvas.duplicate", heddle_canvas_duplicate, NEEDS_ITEMS },
  { "canvas.save-template", heddle_canvas_save_template, NEEDS_ITEMS },
  { "canvas.select-all", heddle_canvas_select_all, NEEDS_DOCUMENT },
  { "canvas.undo", undo, NEEDS_UNDO },
  { "canvas.redo", redo, NEEDS_REDO },
  { "canvas.zoom-in", heddle_canvas_zoom_in, NEEDS_DOCUMENT },
  { "canvas.zoom-out", heddle_canvas_zoom_out, NEEDS_DOCUMENT },
  { "canvas.zoom-reset", heddle_canvas_zoom_reset, NEEDS_DOCUMENT },
  { "canvas.fit", heddle_canvas_fit, NEEDS_DOCUMENT },
  { "canvas.fit-selection", heddle_canvas_fit_selection, NEEDS_DOCUMENT },
  { "canvas.toggle-map", heddle_canvas_toggle_map, NEEDS_DOCUMENT },
  { "canvas.tidy", tidy, NEEDS_DOCUMENT },
  { "canvas.rename", rename_current, NEEDS_CURRENT },
  { "canvas.add-note", heddle_canvas_add_note, NEEDS_DOCUMENT },
  { "canvas.add-frame", heddle_canvas_add_frame, NEEDS_DOCUMENT },
  { "canvas.add-node", add_node, NEEDS_DOCUMENT },
  { "canvas.add-after", add_after, NEEDS_CURRENT },
  { "canvas.connect", connect_current, NEEDS_CURRENT },
  { "canvas.connect-to", connect_to, NEEDS_CURRENT },
  { "canvas.connect-ports", connect_ports, NEEDS_CURRENT },
  { "canvas.disconnect", disconnect, NEEDS_CURRENT },
  { "canvas.next-edge", next_edge, NEEDS_CURRENT },
  { "canvas.previous-edge", previous_edge, NEEDS_CURRENT },
  { "canvas.toggle-selected", toggle_selected, NEEDS_DOCUMENT },
  { "canvas.open", open_current, NEEDS_CURRENT },
  { "canvas.cancel", cancel, NEEDS_DOCUMENT },
  { "canvas.select-upstream", select_upstream, NEEDS_ITEMS },
  { "canvas.select-downstream", select_downstream, NEEDS_ITEMS },
  { "canvas.menu", show_menu, NEEDS_DOCUMENT },
  { "canvas.extract", extract, NEEDS_NODES },
  { "canvas.inline", inline_subflow, NEEDS_SUBFLOW },
  { "canvas.pin", pin, NEEDS_NODES },
  { "canvas.toggle-off", heddle_canvas_toggle_off, NEEDS_NODES },
  { "canvas.toggle-bypass", heddle_canvas_toggle_bypass, NEEDS_NODES },
  { "canvas.collapse", heddle_canvas_toggle_collapsed, NEEDS_HOLLOW },
  { "canvas.align-left", heddle_canvas_align_left, NEEDS_SEVERAL },
  { "canvas.align-center", heddle_canvas_align_center, NEEDS_SEVERAL },
  { "canvas.align-right", heddle_canvas_align_right, NEEDS_SEVERAL },
  { "canvas.align-top", heddle_canvas_align_top, NEEDS_SEVERAL },
  { "canvas.align-middle", heddle_canvas_align_middle, NEEDS_SEVERAL },
  { "canvas.align-bottom", heddle_canvas_align_bottom, NEEDS_SEVERAL },
  { "canvas.distribute-across", heddle_canvas_distribute_across, NEEDS_THREE },
  { "canvas.distribute-down", heddle_canvas_distribute_down, NEEDS_THREE },
  { "canvas.add-bend", heddle_canvas_add_bend, NEEDS_EDGE },
  { "canvas.next-bend", heddle_canvas_next_bend, NEEDS_BENDS },
  { "canvas.remove-bend", heddle_canvas_remove_chosen_bend, NEEDS_BEND },
  { "canvas.straighten", heddle_canvas_straighten, NEEDS_BENDS },
  { "canvas.insert-offered", heddle_canvas_insert_offered, NEEDS_DOCUMENT },
  { "canvas.open-offered", heddle_canvas_open_offered, NEEDS_DOCUMENT },
  { "canvas.next-item", next_item, NEEDS_ITEMS_OF_RUN },
  { "canvas.previous-item", previous_item, NEEDS_ITEMS_OF_RUN },
};

static void
activate (GtkWidget *widget, const char *name, GVariant *parameter)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].name, name))
      actions[i].func (HEDDLE_CANVAS (widget));
}

static void
nest (GtkWidget *widget, const char *name, GVariant *parameter)
{
  heddle_canvas_nest_selection (HEDDLE_CANVAS (widget), g_variant_get_string (parameter, NULL));
}

static void
set_color (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *color = g_variant_get_string (parameter, NULL);

  heddle_canvas_set_color (HEDDLE_CANVAS (widget), *color != '\0' ? color : NULL);
}

void
heddle_canvas_class_install_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "canvas.color", "s", set_color);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (klass, actions[i].name, NULL, activate);
  gtk_widget_class_install_action (klass, "canvas.nest", "s", nest);
}

static gboolean
get_flag (HeddleDocument *document, const char *property)
{
  gboolean value = FALSE;

  if (document != NULL)
    g_object_get (document, property, &value, NULL);
  return value;
}

static gboolean
has_hollow (GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    if (heddle_canvas_item_is_hollow (items->pdata[i]))
      return TRUE;
  return FALSE;
}

static gboolean
has_bends (GPtrArray *edges)
{
  for (guint i = 0; i < edges->len; i++)
    if (((HeddleCanvasEdge *) edges->pdata[i])->n_points > 0)
      return TRUE;
  return FALSE;
}

void
heddle_canvas_update_actions (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) items = heddle_canvas_list_selected (self, FALSE);
  g_autoptr (GPtrArray) nodes = heddle_canvas_list_selected (self, TRUE);
  g_autoptr (GPtrArray) edges = heddle_canvas_list_selected_edges (self);
  const HeddleCanvasItem *single = get_single (self);
  /* While an edge is drawn by keys nothing is selected, but the focus says what is meant. */
  gboolean has_items = self->document != NULL && (items->len > 0 || self->mode == HEDDLE_CANVAS_MODE_WIRE);
  const gboolean met[] = {
    [NEEDS_DOCUMENT] = self->document != NULL,
    [NEEDS_CURRENT] = has_items || heddle_canvas_get_current (self) != NULL,
    [NEEDS_ITEMS] = has_items,
    [NEEDS_SELECTION] = has_items || edges->len > 0,
    [NEEDS_NODES] = self->document != NULL && nodes->len > 0,
    [NEEDS_SUBFLOW] = is_subflow (single),
    [NEEDS_ITEMS_OF_RUN] = get_picker (self) != NULL,
    [NEEDS_SEVERAL] = items->len > 1,
    [NEEDS_THREE] = items->len > 2,
    [NEEDS_HOLLOW] = has_hollow (items),
    [NEEDS_COLORED] = items->len > nodes->len,
    [NEEDS_EDGE] = items->len == 0 && edges->len == 1,
    [NEEDS_BENDS] = has_bends (edges),
    [NEEDS_BEND] = heddle_canvas_get_chosen_bend (self) >= 0,
    [NEEDS_UNDO] = get_flag (self->document, "can-undo"),
    [NEEDS_REDO] = get_flag (self->document, "can-redo"),
  };

  self->single_edge = items->len == 0 && edges->len == 1 ? edges->pdata[0] : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i].name, met[actions[i].need]);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "canvas.color", met[NEEDS_COLORED]);
}
