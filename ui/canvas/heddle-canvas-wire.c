/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

/* Asking for every port in view takes too long with more cards than this; then only the one aimed at is asked for. */
#define MAX_ASKED 80
#define MAX_PORTS 64

static const char *
get_port_name (const HeddleCanvasItem *item, gboolean output, guint port)
{
  return heddle_canvas_item_get_port (item, output, port)->name;
}

/* Whether the graph takes an edge between the fixed end and this port. */
static gboolean
can_take (HeddleCanvas *self, const HeddleCanvasItem *item, gboolean output, guint port, char **reason)
{
  const HeddleCanvasEnd *wire = &self->wire;
  const char *wire_port = get_port_name (wire->item, wire->output, wire->port);
  const char *own_port = get_port_name (item, output, port);

  if (item->kind != HEDDLE_CANVAS_ITEM_NODE || output == wire->output)
    return FALSE;
  if (self->rewired != NULL && self->rewired->to == item && g_strcmp0 (self->rewired->to_port, own_port) == 0)
    return TRUE;
  if (wire->output)
    return heddle_graph_can_connect (heddle_canvas_get_graph (self), wire->item->id, wire_port, item->id, own_port, reason);
  return heddle_graph_can_connect (heddle_canvas_get_graph (self), item->id, own_port, wire->item->id, wire_port, reason);
}

static int
find_open_port (HeddleCanvas *self, const HeddleCanvasItem *item, char **reason)
{
  gboolean output = !self->wire.output;

  for (guint i = 0; i < heddle_canvas_item_get_n_ports (item, output); i++)
    {
      g_autofree char *why = NULL;

      if (can_take (self, item, output, i, &why))
        return i;
      if (reason != NULL && *reason == NULL)
        *reason = g_steal_pointer (&why);
    }
  return -1;
}

static void
set_dimmed (HeddleCanvasItem *item, gboolean dimmed)
{
  if (item->dimmed == dimmed)
    return;
  item->dimmed = dimmed;
  gtk_widget_queue_draw (item->widget);
}

static void
learn_ports (HeddleCanvas *self, HeddleCanvasItem *item)
{
  guint n_ports = MIN (heddle_canvas_item_get_n_ports (item, !self->wire.output), MAX_PORTS);

  item->knows_ports = TRUE;
  item->open_ports = 0;
  for (guint i = 0; i < n_ports; i++)
    if (can_take (self, item, !self->wire.output, i, NULL))
      item->open_ports |= G_GUINT64_CONSTANT (1) << i;
}

gboolean
heddle_canvas_is_port_open (HeddleCanvas *self, HeddleCanvasItem *item, guint port)
{
  if (self->target.item == item && self->target.port == port)
    return TRUE;
  if (!item->knows_ports && self->shown->len <= MAX_ASKED)
    learn_ports (self, item);
  return item->knows_ports && port < MAX_PORTS && (item->open_ports >> port & 1) != 0;
}

static void
dim_others (HeddleCanvas *self)
{
  for (guint i = 0; self->shown->len <= MAX_ASKED && i < self->shown->len; i++)
    {
      HeddleCanvasItem *item = self->shown->pdata[i];

      if (item->kind == HEDDLE_CANVAS_ITEM_NODE)
        learn_ports (self, item);
      set_dimmed (item, item != self->wire.item && item->open_ports == 0);
    }
}

static void
undim_all (HeddleCanvas *self)
{
  GPtrArray *items = heddle_canvas_scene_get_items (self->scene);

  for (guint i = 0; i < items->len; i++)
    {
      set_dimmed (items->pdata[i], FALSE);
      ((HeddleCanvasItem *) items->pdata[i])->knows_ports = FALSE;
    }
}

static HeddleCanvasEdge *
find_last_edge_into (const HeddleCanvasEnd *end)
{
  const char *port = get_port_name (end->item, FALSE, end->port);

  for (guint i = end->item->edges->len; i > 0; i--)
    {
      HeddleCanvasEdge *edge = end->item->edges->pdata[i - 1];

      if (edge->to == end->item && g_strcmp0 (edge->to_port, port) == 0)
        return edge;
    }
  return NULL;
}

/* Dragging from a connected input takes the end of its edge off; the other end stays. */
void
heddle_canvas_begin_wire (HeddleCanvas *self, const HeddleCanvasEnd *end, gboolean detach)
{
  HeddleCanvasEdge *edge = detach ? find_last_edge_into (end) : NULL;
  int port = edge != NULL ? heddle_canvas_item_find_port (edge->from, TRUE, edge->from_port) : -1;

  self->wire = *end;
  self->target.item = NULL;
  if (port >= 0)
    {
      self->wire = (HeddleCanvasEnd){ edge->from, TRUE, port };
      self->rewired = edge;
      edge->hidden = TRUE;
      heddle_canvas_scene_damage_edge (self->scene, edge);
    }
  heddle_canvas_unselect_all (self);
  dim_others (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
aim_at_port (HeddleCanvas *self, HeddleCanvasItem *item, gboolean output, guint port)
{
  g_autofree char *reason = NULL;

  if (item == self->wire.item && output == self->wire.output)
    return;
  if (can_take (self, item, output, port, &reason))
    self->target = (HeddleCanvasEnd){ item, output, port };
  else if (output == self->wire.output)
    self->refusal = g_strdup (output ? _ ("Two outputs cannot be joined. Drop the connection on an input, on the left side of a node.")
                                     : _ ("Two inputs cannot be joined. Drop the connection on an output, on the right side of a node."));
  else
    self->refusal = g_steal_pointer (&reason);
}

/* The graph knows why a node has no ports on that side. */
static char *
dup_no_port_reason (HeddleCanvas *self, const HeddleCanvasItem *item)
{
  const HeddleCanvasEnd *wire = &self->wire;
  const char *port = get_port_name (wire->item, wire->output, wire->port);
  char *reason = NULL;

  if (wire->output)
    heddle_graph_can_connect (heddle_canvas_get_graph (self), wire->item->id, port, item->id, "in", &reason);
  else
    heddle_graph_can_connect (heddle_canvas_get_graph (self), item->id, "out", wire->item->id, port, &reason);
  return reason != NULL ? reason : g_strdup (_ ("This node has no port for the connection."));
}

static void
aim_at_card (HeddleCanvas *self, HeddleCanvasItem *item)
{
  g_autofree char *reason = NULL;
  int port;

  if (item == self->wire.item || item->kind != HEDDLE_CANVAS_ITEM_NODE)
    return;
  port = find_open_port (self, item, &reason);
  if (port >= 0)
    self->target = (HeddleCanvasEnd){ item, !self->wire.output, port };
  else
    self->refusal = reason != NULL ? g_steal_pointer (&reason) : dup_no_port_reason (self, item);
}

/* Without a pointer the other node decides which port is meant: of a frame an inner one for what is in it. */
void
heddle_canvas_aim_wire (HeddleCanvas *self, HeddleCanvasItem *item)
{
  guint first = self->wire.port;
  guint n_ports = heddle_canvas_item_get_n_ports (self->wire.item, self->wire.output);

  self->target.item = NULL;
  g_clear_pointer (&self->refusal, g_free);
  for (guint i = 0; i < n_ports && self->target.item == NULL; i++)
    {
      int port;

      self->wire.port = (first + i) % n_ports;
      port = find_open_port (self, item, NULL);
      if (port >= 0)
        self->target = (HeddleCanvasEnd){ item, !self->wire.output, (guint) port };
    }
  if (self->target.item != NULL)
    return;
  self->wire.port = first;
  aim_at_card (self, item);
}

void
heddle_canvas_update_wire (HeddleCanvas *self, double x, double y)
{
  HeddleCanvasItem *item;
  gboolean output = FALSE;
  guint port = 0;
  double world_x, world_y;

  self->pointer_x = x;
  self->pointer_y = y;
  self->target.item = NULL;
  g_clear_pointer (&self->refusal, g_free);
  heddle_canvas_to_world (self, x, y, &world_x, &world_y);
  item = heddle_canvas_scene_pick_port (self->scene, world_x, world_y, HEDDLE_CANVAS_SNAP_DISTANCE / self->zoom, &output, &port);
  if (item != NULL)
    aim_at_port (self, item, output, port);
  else if ((item = heddle_canvas_scene_pick_item (self->scene, world_x, world_y)) != NULL)
    aim_at_card (self, item);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Whether values get from one to the other along edges of their frame. */
static gboolean
leads_to (HeddleCanvasItem *from, const HeddleCanvasItem *to)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) queue = g_ptr_array_new ();

  g_ptr_array_add (queue, from);
  for (guint i = 0; i < queue->len; i++)
    {
      HeddleCanvasItem *item = queue->pdata[i];

      if (item == to)
        return TRUE;
      for (guint j = 0; j < item->edges->len; j++)
        {
          HeddleCanvasEdge *edge = item->edges->pdata[j];

          if (edge->from == item && !edge->is_tool && !edge->hidden && !heddle_canvas_edge_is_inner (edge) && g_hash_table_add (seen, edge->to))
            g_ptr_array_add (queue, edge->to);
        }
    }
  return FALSE;
}

static gboolean
is_inner_end (const HeddleCanvasEnd *end)
{
  return heddle_canvas_item_get_port (end->item, end->output, end->port)->inner;
}

gboolean
heddle_canvas_wire_is_loop (HeddleCanvas *self)
{
  const HeddleCanvasEnd *from = self->wire.output ? &self->wire : &self->target;
  const HeddleCanvasEnd *to = self->wire.output ? &self->target : &self->wire;

  if (self->target.item == NULL || is_inner_end (from) || is_inner_end (to))
    return FALSE;
  return leads_to (to->item, from->item);
}

void
heddle_canvas_get_wire_curve (HeddleCanvas *self, HeddleCanvasCurve *curve)
{
  HeddleCanvasLane lane = { 0 };
  double x1, y1, x2, y2;
  double *from_x = self->wire.output ? &x1 : &x2, *from_y = self->wire.output ? &y1 : &y2;
  double *to_x = self->wire.output ? &x2 : &x1, *to_y = self->wire.output ? &y2 : &y1;

  heddle_canvas_item_get_port_position (self->wire.item, self->wire.output, self->wire.port, &x1, &y1);
  if (self->target.item != NULL)
    heddle_canvas_item_get_port_position (self->target.item, self->target.output, self->target.port, &x2, &y2);
  else
    heddle_canvas_to_world (self, self->pointer_x, self->pointer_y, &x2, &y2);
  if (!heddle_canvas_wire_is_loop (self))
    {
      heddle_canvas_curve_init (curve, *from_x, *from_y, *to_x, *to_y);
      return;
    }
  lane.level = heddle_canvas_edge_get_level (self->wire.item, self->target.item);
  heddle_canvas_curve_init_along (curve, *from_x, *from_y, *to_x, *to_y, &lane);
}

static void
disconnect_edge (HeddleCanvas *self, const HeddleEdge *edge)
{
  heddle_document_disconnect (self->document, edge->from, edge->from_port, edge->to, edge->to_port);
}

static void
connect_ends (HeddleCanvas *self, const HeddleEdge *edge, const HeddleEdge *replaced)
{
  g_autoptr (GError) error = NULL;

  heddle_document_begin (self->document, replaced != NULL ? _ ("Move Connection") : _ ("Connect"));
  if (replaced != NULL)
    disconnect_edge (self, replaced);
  if (heddle_document_connect (self->document, edge->from, edge->from_port, edge->to, edge->to_port, &error))
    {
      heddle_document_end (self->document);
      return;
    }
  heddle_document_abort (self->document);
  heddle_canvas_emit_message (self, error->message);
}

/* Names that stay valid while the document changes under them. */
typedef struct
{
  HeddleEdge edge;
} EdgeNames;

static void
edge_names_clear (EdgeNames *names)
{
  g_free (names->edge.from);
  g_free (names->edge.from_port);
  g_free (names->edge.to);
  g_free (names->edge.to_port);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EdgeNames, edge_names_clear)

static void
copy_names (EdgeNames *names, const HeddleCanvasItem *from, const char *from_port, const HeddleCanvasItem *to, const char *to_port)
{
  names->edge.from = g_strdup (from->id);
  names->edge.from_port = g_strdup (from_port);
  names->edge.to = g_strdup (to->id);
  names->edge.to_port = g_strdup (to_port);
}

static void
connect_target (HeddleCanvas *self, const HeddleCanvasEnd *wire, const HeddleCanvasEnd *target, const EdgeNames *old)
{
  const HeddleCanvasEnd *from = wire->output ? wire : target;
  const HeddleCanvasEnd *to = wire->output ? target : wire;
  g_auto (EdgeNames) names = { 0 };

  copy_names (&names, from->item, get_port_name (from->item, TRUE, from->port), to->item, get_port_name (to->item, FALSE, to->port));
  if (old != NULL && g_str_equal (old->edge.to, names.edge.to) && g_str_equal (old->edge.to_port, names.edge.to_port))
    return;
  connect_ends (self, &names.edge, old != NULL ? &old->edge : NULL);
}

/* The frame that an edge from here stays in. */
static HeddleCanvasItem *
get_end_frame (const HeddleCanvasEnd *end)
{
  return heddle_canvas_item_get_port (end->item, end->output, end->port)->inner ? end->item : end->item->parent;
}

static void
drop_on_empty (HeddleCanvas *self, const HeddleCanvasEnd *wire)
{
  if (heddle_canvas_find_nest (self, self->pointer_x, self->pointer_y) != get_end_frame (wire))
    {
      heddle_canvas_emit_message (self, _ ("A connection does not lead over a frame. Drop it on the side of the frame that it begins on."));
      return;
    }
  heddle_canvas_cancel_pending (self);
  self->pending_node = g_strdup (wire->item->id);
  self->pending_port = g_strdup (get_port_name (wire->item, wire->output, wire->port));
  self->pending_output = wire->output;
  heddle_canvas_emit_search (self, self->pointer_x, self->pointer_y, TRUE);
}

static void
drop (HeddleCanvas *self, const HeddleCanvasEnd *wire, const HeddleCanvasEnd *target, const EdgeNames *old, const char *refusal)
{
  double x, y;

  if (target->item != NULL)
    {
      connect_target (self, wire, target, old);
      return;
    }
  if (refusal != NULL)
    {
      heddle_canvas_emit_message (self, refusal);
      return;
    }
  heddle_canvas_to_world (self, self->pointer_x, self->pointer_y, &x, &y);
  if (heddle_canvas_scene_pick_item (self->scene, x, y) == wire->item)
    return;
  if (old != NULL)
    disconnect_edge (self, &old->edge);
  else
    drop_on_empty (self, wire);
}

void
heddle_canvas_end_wire (HeddleCanvas *self, gboolean commit)
{
  HeddleCanvasEnd wire = self->wire;
  HeddleCanvasEnd target = self->target;
  HeddleCanvasEdge *rewired = g_steal_pointer (&self->rewired);
  g_autofree char *refusal = g_steal_pointer (&self->refusal);
  g_auto (EdgeNames) old = { 0 };

  if (self->hinted)
    heddle_canvas_emit_message (self, NULL);
  self->hinted = FALSE;
  self->wire.item = NULL;
  self->target.item = NULL;
  undim_all (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (rewired != NULL)
    {
      rewired->hidden = FALSE;
      heddle_canvas_scene_damage_edge (self->scene, rewired);
      copy_names (&old, rewired->from, rewired->from_port, rewired->to, rewired->to_port);
    }
  if (commit && wire.item != NULL)
    drop (self, &wire, &target, rewired != NULL ? &old : NULL, refusal);
}

/* As one step. Edges go while they are cut, so that they are told by name. */
static void
cut (HeddleCanvas *self, GPtrArray *edges)
{
  g_autoptr (GArray) names = g_array_new (FALSE, TRUE, sizeof (EdgeNames));

  if (edges->len == 0)
    return;
  g_array_set_clear_func (names, (GDestroyNotify) edge_names_clear);
  g_array_set_size (names, edges->len);
  for (guint i = 0; i < edges->len; i++)
    {
      const HeddleCanvasEdge *edge = edges->pdata[i];

      copy_names (&g_array_index (names, EdgeNames, i), edge->from, edge->from_port, edge->to, edge->to_port);
    }
  heddle_document_begin (self->document, _ ("Cut Connections"));
  for (guint i = 0; i < names->len; i++)
    disconnect_edge (self, &g_array_index (names, EdgeNames, i).edge);
  heddle_document_end (self->document);
}

static gboolean
is_at_port (const HeddleCanvasEdge *edge, const HeddleCanvasEnd *end, const char *port)
{
  if (end->output)
    return edge->from == end->item && g_str_equal (edge->from_port, port);
  return edge->to == end->item && g_str_equal (edge->to_port, port);
}

void
heddle_canvas_cut_port (HeddleCanvas *self, const HeddleCanvasEnd *end)
{
  const char *port = get_port_name (end->item, end->output, end->port);
  g_autoptr (GPtrArray) edges = g_ptr_array_new ();

  for (guint i = 0; i < end->item->edges->len; i++)
    if (is_at_port (end->item->edges->pdata[i], end, port))
      g_ptr_array_add (edges, end->item->edges->pdata[i]);
  cut (self, edges);
}

void
heddle_canvas_cut_items (HeddleCanvas *self, GPtrArray *items)
{
  g_autoptr (GPtrArray) edges = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    {
      const HeddleCanvasItem *item = items->pdata[i];

      for (guint j = 0; j < item->edges->len; j++)
        if (heddle_canvas_edge_get_frame (item->edges->pdata[j]) != item && !g_ptr_array_find (edges, item->edges->pdata[j], NULL))
          g_ptr_array_add (edges, item->edges->pdata[j]);
    }
  cut (self, edges);
}
