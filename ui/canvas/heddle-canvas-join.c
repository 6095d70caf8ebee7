/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <string.h>

/*
 * Joining what is put onto the canvas, a node or several with edges between them, to what is there: into an edge, or to the
 * edge that waits for its other end. The graph is asked, which knows new nodes before the scene does.
 */

/* A port without edges. */
typedef struct
{
  char *id;
  char *port;
  double x;
  gboolean is_outermost; /* its node has no edges on that side at all: here a part begins, or ends */
  gboolean output;
} Port;

static void
port_clear (Port *port)
{
  g_free (port->id);
  g_free (port->port);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Port, port_clear)

/* Where a part begins comes first, from the left; where it ends, from the right. */
static int
compare_ports (gconstpointer a, gconstpointer b)
{
  const Port *one = a;
  const Port *other = b;
  double way = one->output ? other->x - one->x : one->x - other->x;

  if (one->is_outermost != other->is_outermost)
    return other->is_outermost - one->is_outermost;
  return way < 0 ? -1 : way > 0;
}

static gboolean
is_taken (GPtrArray *edges, gboolean output, const char *port)
{
  for (guint i = 0; i < edges->len; i++)
    {
      const HeddleEdge *edge = edges->pdata[i];

      if (strcmp (output ? edge->from_port : edge->to_port, port) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
add_port (GArray *ports, const HeddleNode *node, gboolean output, const char *name, GPtrArray *edges)
{
  Port port = { .x = node->x, .is_outermost = edges->len == 0, .output = output };

  if (is_taken (edges, output, name))
    return;
  port.id = g_strdup (node->id);
  port.port = g_strdup (name);
  g_array_append_val (ports, port);
}

static void
add_ports (GArray *ports, HeddleGraph *graph, const HeddleNode *node, gboolean output)
{
  GPtrArray *edges = output ? heddle_graph_get_out_edges (graph, node->id) : heddle_graph_get_in_edges (graph, node->id);
  g_autoptr (GPtrArray) outputs = output ? heddle_node_list_outputs (node) : NULL;

  for (guint i = 0; outputs != NULL && i < outputs->len; i++)
    add_port (ports, node, TRUE, outputs->pdata[i], edges);
  for (const HeddlePortSpec *spec = node->type != NULL && !output ? node->type->inputs : NULL; spec != NULL && spec->name != NULL; spec++)
    add_port (ports, node, FALSE, spec->name, edges);
}

/* Port, the first one is the best. */
static GArray *
list_free_ports (HeddleGraph *graph, GPtrArray *ids, gboolean output)
{
  GArray *ports = g_array_new (FALSE, FALSE, sizeof (Port));

  g_array_set_clear_func (ports, (GDestroyNotify) port_clear);
  for (guint i = 0; i + 1 < ids->len; i++)
    add_ports (ports, graph, heddle_graph_find_node (graph, ids->pdata[i]), output);
  g_array_sort (ports, compare_ports);
  return ports;
}

GPtrArray *
heddle_canvas_list_outermost (HeddleGraph *graph, const char *const *ids)
{
  GPtrArray *outermost = g_ptr_array_new ();
  g_autoptr (GHashTable) all = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; ids[i] != NULL; i++)
    g_hash_table_add (all, (gpointer) ids[i]);
  for (; *ids != NULL; ids++)
    {
      const HeddleNode *node = heddle_graph_find_node (graph, *ids);

      if (node != NULL && (node->parent == NULL || !g_hash_table_contains (all, node->parent)))
        g_ptr_array_add (outermost, (gpointer) *ids);
    }
  g_ptr_array_add (outermost, NULL);
  return outermost;
}

static gboolean
can_join (HeddleGraph *graph, const Port *port, const char *id, const char *other_port)
{
  if (port->output)
    return heddle_graph_can_connect (graph, port->id, port->port, id, other_port, NULL);
  return heddle_graph_can_connect (graph, id, other_port, port->id, port->port, NULL);
}

/* The first port on that side that could be joined to a port of something else. */
static gboolean
find_port (HeddleCanvas *self, const char *const *ids, gboolean output, const char *id, const char *other_port, Port *found)
{
  HeddleGraph *graph = heddle_canvas_get_graph (self);
  g_autoptr (GPtrArray) outermost = heddle_canvas_list_outermost (graph, ids);
  g_autoptr (GArray) ports = list_free_ports (graph, outermost, output);

  for (guint i = 0; i < ports->len; i++)
    {
      const Port *port = &g_array_index (ports, Port, i);

      if (!can_join (graph, port, id, other_port))
        continue;
      *found = *port;
      found->id = g_strdup (port->id);
      found->port = g_strdup (port->port);
      return TRUE;
    }
  return FALSE;
}

static gboolean
find_both (HeddleCanvas *self, const char *const *ids, const HeddleCanvasEdge *edge, Port *input, Port *output)
{
  if (g_strv_contains (ids, edge->from->id) || g_strv_contains (ids, edge->to->id))
    return FALSE;
  return find_port (self, ids, FALSE, edge->from->id, edge->from_port, input) && find_port (self, ids, TRUE, edge->to->id, edge->to_port, output);
}

gboolean
heddle_canvas_can_splice (HeddleCanvas *self, const char *const *ids, const HeddleCanvasEdge *edge)
{
  g_auto (Port) input = { 0 };
  g_auto (Port) output = { 0 };

  return find_both (self, ids, edge, &input, &output);
}

gboolean
heddle_canvas_splice (HeddleCanvas *self, const char *const *ids, HeddleCanvasEdge *edge)
{
  g_autofree char *from = g_strdup (edge->from->id);
  g_autofree char *from_port = g_strdup (edge->from_port);
  g_autofree char *to = g_strdup (edge->to->id);
  g_autofree char *to_port = g_strdup (edge->to_port);
  g_autoptr (GPtrArray) outermost = heddle_canvas_list_outermost (heddle_canvas_get_graph (self), ids);
  g_auto (Port) input = { 0 };
  g_auto (Port) output = { 0 };

  if (!find_both (self, ids, edge, &input, &output))
    return FALSE;
  heddle_document_disconnect (self->document, from, from_port, to, to_port);
  heddle_document_connect (self->document, from, from_port, input.id, input.port, NULL);
  heddle_document_connect (self->document, output.id, output.port, to, to_port, NULL);
  heddle_document_settle (self->document, (const char *const *) outermost->pdata);
  return TRUE;
}

static gboolean
is_in_the_way (HeddleCanvas *self, GPtrArray *ids)
{
  HeddleGraph *graph = heddle_canvas_get_graph (self);

  for (guint i = 0; i + 1 < ids->len; i++)
    {
      const HeddleNode *node = heddle_graph_find_node (graph, ids->pdata[i]);
      HeddleCanvasPlace place = { .x = node->x, .y = node->y, .frame = node->parent != NULL ? heddle_canvas_scene_find (self->scene, node->parent) : NULL };

      heddle_node_get_size (node, &place.width, &place.height);
      if (heddle_canvas_place_is_taken (self, &place))
        return TRUE;
    }
  return FALSE;
}

/* The scene does not know them yet: what it finds there is something else. */
static void
put_at (HeddleCanvas *self, const char *const *ids, const char *id, double x, double y)
{
  HeddleGraph *graph = heddle_canvas_get_graph (self);
  const HeddleNode *node = heddle_graph_find_node (graph, id);
  g_autoptr (GPtrArray) outermost = heddle_canvas_list_outermost (graph, ids);

  heddle_document_move (self->document, (const char *const *) outermost->pdata, x - node->x, y - node->y);
  if (self->pending_settles || is_in_the_way (self, outermost))
    heddle_document_settle (self->document, (const char *const *) outermost->pdata);
}

void
heddle_canvas_join_pending (HeddleCanvas *self, const char *const *ids, double x, double y)
{
  gboolean forward = self->pending_output;
  g_auto (Port) port = { 0 };

  if (heddle_graph_find_node (heddle_canvas_get_graph (self), self->pending_node) == NULL ||
      !find_port (self, ids, !forward, self->pending_node, self->pending_port, &port))
    return;
  if (forward)
    heddle_document_connect (self->document, self->pending_node, self->pending_port, port.id, port.port, NULL);
  else
    heddle_document_connect (self->document, port.id, port.port, self->pending_node, self->pending_port, NULL);
  put_at (self, ids, port.id, x, y);
}

void
heddle_canvas_cancel_pending (HeddleCanvas *self)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  g_clear_pointer (&self->pending_node, g_free);
  g_clear_pointer (&self->pending_port, g_free);
  g_clear_pointer (&self->pending_to, g_free);
  g_clear_pointer (&self->pending_to_port, g_free);
  self->pending_settles = FALSE;
}

void
heddle_canvas_end_search (HeddleCanvas *self)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  heddle_canvas_cancel_pending (self);
  heddle_canvas_take_focus (self, NULL);
}

/* What the edge that waits needs of what takes it: an input, an output, or to be led into an edge both. */
static gboolean
needs (HeddleCanvas *self, gboolean output)
{
  return self->pending_node != NULL && (self->pending_to != NULL || self->pending_output != output);
}

static gboolean
has_output (const HeddleNodeType *type)
{
  g_autoptr (JsonObject) params = json_object_new ();
  g_autoptr (GPtrArray) names = heddle_node_type_list_outputs (type, params);

  return names->len > 0;
}

gboolean
heddle_canvas_can_insert (HeddleCanvas *self, const HeddleNodeType *type)
{
  g_return_val_if_fail (HEDDLE_IS_CANVAS (self), FALSE);
  g_return_val_if_fail (type != NULL, FALSE);

  if (needs (self, FALSE) && (type->inputs == NULL || type->inputs->name == NULL))
    return FALSE;
  return !needs (self, TRUE) || has_output (type);
}

static gboolean
has_free_port (HeddleGraph *graph, GPtrArray *ids, gboolean output)
{
  g_autoptr (GArray) ports = list_free_ports (graph, ids, output);

  return ports->len > 0;
}

gboolean
heddle_canvas_can_insert_template (HeddleCanvas *self, const char *json)
{
  g_autoptr (HeddleGraph) graph = NULL;
  g_autoptr (GPtrArray) ids = NULL;

  g_return_val_if_fail (HEDDLE_IS_CANVAS (self), FALSE);
  g_return_val_if_fail (json != NULL, FALSE);

  if (self->pending_node == NULL)
    return TRUE;
  graph = heddle_graph_new_from_json (json, -1, NULL);
  if (graph == NULL)
    return FALSE;
  ids = g_ptr_array_new ();
  for (guint i = 0; i < heddle_graph_get_n_nodes (graph); i++)
    if (heddle_graph_get_node (graph, i)->parent == NULL)
      g_ptr_array_add (ids, heddle_graph_get_node (graph, i)->id);
  g_ptr_array_add (ids, NULL);
  return (!needs (self, FALSE) || has_free_port (graph, ids, FALSE)) && (!needs (self, TRUE) || has_free_port (graph, ids, TRUE));
}
