/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

/* The button in the middle of an edge, which searches for a node and puts it there. */
#define MIN_LENGTH 44   /* of an edge that has the button, in pixels */
#define LOOP_PLUS_AT .6 /* beside the sign of a loop */
#define PLUS_AT .5
#define GAP 48 /* between a card that was put into an edge and those at both sides, in canvas units */

gboolean
heddle_canvas_get_plus (HeddleCanvas *self, const HeddleCanvasEdge *edge, double *x, double *y)
{
  double x1, y1, x2, y2, offset_x, offset_y;

  if (edge->is_tool || edge->hidden || self->detail == HEDDLE_CANVAS_DETAIL_BLOCK)
    return FALSE;
  heddle_canvas_curve_get_point (&edge->curve, 0, &x1, &y1);
  heddle_canvas_curve_get_point (&edge->curve, 1, &x2, &y2);
  if (!edge->is_loop && hypot (x2 - x1, y2 - y1) * self->zoom < MIN_LENGTH)
    return FALSE;
  heddle_canvas_curve_get_point (&edge->curve, edge->is_loop ? LOOP_PLUS_AT : PLUS_AT, x, y);
  heddle_canvas_get_render_offset (self, &offset_x, &offset_y);
  *x = offset_x + *x * self->zoom;
  *y = offset_y + *y * self->zoom;
  return TRUE;
}

void
heddle_canvas_request_insert (HeddleCanvas *self, const HeddleCanvasEdge *edge)
{
  double x, y, offset_x, offset_y;

  heddle_canvas_curve_get_point (&edge->curve, PLUS_AT, &x, &y);
  heddle_canvas_get_render_offset (self, &offset_x, &offset_y);
  heddle_canvas_cancel_pending (self);
  self->pending_node = g_strdup (edge->from->id);
  self->pending_port = g_strdup (edge->from_port);
  self->pending_to = g_strdup (edge->to->id);
  self->pending_to_port = g_strdup (edge->to_port);
  self->pending_output = TRUE;
  heddle_canvas_emit_search (self, offset_x + x * self->zoom, offset_y + y * self->zoom, TRUE);
}

HeddleCanvasEdge *
heddle_canvas_find_pending_edge (HeddleCanvas *self)
{
  if (self->pending_to == NULL)
    return NULL;
  return heddle_canvas_scene_find_edge (self->scene, self->pending_node, self->pending_port, self->pending_to, self->pending_to_port);
}

typedef struct
{
  HeddleCanvas *canvas;
  double way; /* to the right */
  GHashTable *seen;
  GPtrArray *items;
} Shift;

static void
take (Shift *shift, HeddleCanvasItem *item)
{
  if (g_hash_table_add (shift->seen, item))
    g_ptr_array_add (shift->items, item);
}

/* What gets values from an item, in its frame and not left of it. */
static void
take_following (Shift *shift, HeddleCanvasItem *item)
{
  for (guint i = 0; i < item->edges->len; i++)
    {
      HeddleCanvasEdge *edge = item->edges->pdata[i];

      if (edge->from == item && edge->to->parent == item->parent && edge->to->x >= item->x)
        take (shift, edge->to);
    }
}

/* What it would come to lie on. */
static void
take_covered (Shift *shift, HeddleCanvasItem *item)
{
  g_autoptr (GPtrArray) covered = g_ptr_array_new ();

  heddle_canvas_scene_query_items (shift->canvas->scene, &GRAPHENE_RECT_INIT (item->x + shift->way, item->y, item->width, item->height), covered);
  for (guint i = 0; i < covered->len; i++)
    {
      HeddleCanvasItem *other = covered->pdata[i];

      if (other->kind == HEDDLE_CANVAS_ITEM_NODE && other->parent == item->parent && other->x >= item->x)
        take (shift, other);
    }
}

static GPtrArray *
list_shifted (HeddleCanvas *self, HeddleCanvasItem *first, double way)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  Shift shift = { self, way, seen, g_ptr_array_new () };

  take (&shift, first);
  for (guint i = 0; i < shift.items->len; i++)
    {
      take_following (&shift, shift.items->pdata[i]);
      take_covered (&shift, shift.items->pdata[i]);
    }
  return shift.items;
}

/* Of edges to and from inner ports, and of those that lead back, neither end makes way. */
void
heddle_canvas_make_room (HeddleCanvas *self, HeddleCanvasEdge *edge, const char *node_id)
{
  const double step = HEDDLE_CANVAS_GRID_STEP;
  const double right = edge->from->x + edge->from->width;
  double missing = ceil ((right + HEDDLE_CANVAS_CARD_WIDTH + 2 * GAP - edge->to->x) / step) * step;
  g_autoptr (GPtrArray) shifted = NULL;
  g_auto (GStrv) ids = NULL;

  if (heddle_canvas_edge_is_inner (edge) || edge->is_loop || missing <= 0 || edge->to->x < right)
    return;
  shifted = list_shifted (self, edge->to, missing);
  ids = heddle_canvas_dup_ids (shifted);
  heddle_document_move (self->document, (const char *const *) ids, missing, 0);
  heddle_document_set_position (self->document, node_id, ceil ((right + GAP) / step) * step, heddle_graph_find_node (heddle_canvas_get_graph (self), node_id)->y);
}
