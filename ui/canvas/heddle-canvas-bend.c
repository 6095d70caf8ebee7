/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

/* Bends: points that the line of an edge is led through. They are dragged, or chosen and nudged by keys. */
#define NEAR 16. /* pixels: the pointer says where on the line */

static GArray *
copy_points (const HeddleCanvasEdge *edge)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (HeddlePoint));

  g_array_append_vals (points, edge->points, edge->n_points);
  return points;
}

static void
write_points (HeddleCanvas *self, const HeddleCanvasEdge *edge, GArray *points, const char *label)
{
  heddle_document_begin (self->document, label);
  heddle_document_set_edge_points (self->document, edge->from->id, edge->from_port, edge->to->id, edge->to_port, (const HeddlePoint *) points->data, points->len);
  heddle_document_end (self->document);
}

HeddleCanvasEdge *
heddle_canvas_get_single_edge (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) items = heddle_canvas_list_selected (self, FALSE);
  g_autoptr (GPtrArray) edges = heddle_canvas_list_selected_edges (self);

  return items->len == 0 && edges->len == 1 ? edges->pdata[0] : NULL;
}

int
heddle_canvas_get_chosen_bend (HeddleCanvas *self)
{
  const HeddleCanvasEdge *edge = heddle_canvas_get_single_edge (self);

  return edge != NULL && self->chosen_bend < (int) edge->n_points ? self->chosen_bend : -1;
}

void
heddle_canvas_choose_bend (HeddleCanvas *self, int bend)
{
  if (self->chosen_bend != bend)
    gtk_widget_queue_draw (GTK_WIDGET (self));
  self->chosen_bend = bend;
  heddle_canvas_update_actions (self);
}

int
heddle_canvas_find_bend (HeddleCanvas *self, const HeddleCanvasEdge *edge, double x, double y)
{
  heddle_canvas_to_world (self, x, y, &x, &y);
  return heddle_canvas_edge_find_point (edge, x, y, heddle_canvas_get_reach (self, HEDDLE_CANVAS_BEND_DISTANCE));
}

static void
insert_bend (HeddleCanvas *self, HeddleCanvasEdge *edge, double x, double y)
{
  g_autoptr (GArray) points = copy_points (edge);
  HeddlePoint place;
  guint index = heddle_canvas_edge_find_place (edge, x, y, &place);

  place.x = heddle_canvas_snap (place.x);
  place.y = heddle_canvas_snap (place.y);
  g_array_insert_val (points, index, place);
  write_points (self, edge, points, _ ("Add Bend"));
  heddle_canvas_choose_bend (self, (int) index);
}

void
heddle_canvas_remove_bend (HeddleCanvas *self, HeddleCanvasEdge *edge, guint bend)
{
  g_autoptr (GArray) points = copy_points (edge);

  g_array_remove_index (points, bend);
  heddle_canvas_choose_bend (self, -1);
  write_points (self, edge, points, _ ("Remove Bend"));
}

void
heddle_canvas_toggle_bend (HeddleCanvas *self, HeddleCanvasEdge *edge, double x, double y)
{
  int bend = heddle_canvas_find_bend (self, edge, x, y);
  double world_x, world_y;

  if (bend >= 0)
    {
      heddle_canvas_remove_bend (self, edge, (guint) bend);
      return;
    }
  heddle_canvas_to_world (self, x, y, &world_x, &world_y);
  insert_bend (self, edge, world_x, world_y);
}

/* In the middle of its longest part, when the pointer does not say where. */
static void
find_longest (const HeddleCanvasEdge *edge, double *x, double *y)
{
  double longest = -1;

  for (guint i = 0; i <= edge->n_points; i++)
    {
      double n = edge->n_points + 1., x1, y1, x2, y2;

      heddle_canvas_curve_get_point (&edge->curve, i / n, &x1, &y1);
      heddle_canvas_curve_get_point (&edge->curve, (i + 1) / n, &x2, &y2);
      if (hypot (x2 - x1, y2 - y1) <= longest)
        continue;
      longest = hypot (x2 - x1, y2 - y1);
      heddle_canvas_curve_get_point (&edge->curve, (i + .5) / n, x, y);
    }
}

void
heddle_canvas_add_bend (HeddleCanvas *self)
{
  HeddleCanvasEdge *edge = heddle_canvas_get_single_edge (self);
  double x, y;

  if (edge == NULL)
    return;
  heddle_canvas_to_world (self, self->pointer_x, self->pointer_y, &x, &y);
  if (!self->pointer_inside || heddle_canvas_curve_get_distance (&edge->curve, x, y) * self->zoom > NEAR)
    find_longest (edge, &x, &y);
  insert_bend (self, edge, x, y);
}

void
heddle_canvas_next_bend (HeddleCanvas *self)
{
  const HeddleCanvasEdge *edge = heddle_canvas_get_single_edge (self);

  if (edge != NULL && edge->n_points > 0)
    heddle_canvas_choose_bend (self, (heddle_canvas_get_chosen_bend (self) + 1) % (int) edge->n_points);
}

void
heddle_canvas_remove_chosen_bend (HeddleCanvas *self)
{
  int bend = heddle_canvas_get_chosen_bend (self);

  if (bend >= 0)
    heddle_canvas_remove_bend (self, heddle_canvas_get_single_edge (self), (guint) bend);
}

void
heddle_canvas_straighten (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) edges = heddle_canvas_list_selected_edges (self);

  heddle_canvas_choose_bend (self, -1);
  heddle_document_begin (self->document, _ ("Straighten Connection"));
  for (guint i = 0; i < edges->len; i++)
    {
      const HeddleCanvasEdge *edge = edges->pdata[i];

      heddle_document_set_edge_points (self->document, edge->from->id, edge->from_port, edge->to->id, edge->to_port, NULL, 0);
    }
  heddle_document_end (self->document);
}

gboolean
heddle_canvas_nudge_bend (HeddleCanvas *self, int dx, int dy)
{
  int bend = heddle_canvas_get_chosen_bend (self);
  const HeddleCanvasEdge *edge = heddle_canvas_get_single_edge (self);
  g_autoptr (GArray) points = NULL;
  HeddlePoint *point;

  if (bend < 0)
    return FALSE;
  points = copy_points (edge);
  point = &g_array_index (points, HeddlePoint, bend);
  point->x += dx * HEDDLE_CANVAS_GRID_STEP;
  point->y += dy * HEDDLE_CANVAS_GRID_STEP;
  write_points (self, edge, points, _ ("Move Bend"));
  return TRUE;
}

/* While a bend is dragged, only what is drawn knows. */
static void
show_points (HeddleCanvas *self, const HeddlePoint *points, guint n_points)
{
  heddle_canvas_scene_set_edge_points (self->scene, self->bent, points, n_points);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
heddle_canvas_begin_bend (HeddleCanvas *self, HeddleCanvasEdge *edge, guint bend)
{
  heddle_canvas_freeze_selection (self);
  heddle_canvas_unselect_all (self);
  heddle_canvas_set_edge_selected (self, edge, TRUE);
  heddle_canvas_thaw_selection (self);
  heddle_canvas_choose_bend (self, (int) bend);
  self->bent = edge;
  self->bend_start = copy_points (edge);
  heddle_canvas_scene_damage_edge (self->scene, edge);
  edge->moving = TRUE;
}

void
heddle_canvas_update_bend (HeddleCanvas *self, double x, double y)
{
  g_autoptr (GArray) points = NULL;
  HeddlePoint *point;

  if (self->bent == NULL || self->chosen_bend < 0 || self->chosen_bend >= (int) self->bend_start->len)
    return;
  points = g_array_copy (self->bend_start);
  point = &g_array_index (points, HeddlePoint, self->chosen_bend);
  heddle_canvas_to_world (self, x, y, &point->x, &point->y);
  point->x = heddle_canvas_snap (point->x);
  point->y = heddle_canvas_snap (point->y);
  show_points (self, (const HeddlePoint *) points->data, points->len);
}

void
heddle_canvas_end_bend (HeddleCanvas *self, gboolean commit)
{
  HeddleCanvasEdge *edge = self->bent;
  g_autoptr (GArray) start = g_steal_pointer (&self->bend_start);
  g_autoptr (GArray) points = NULL;

  if (edge == NULL)
    return;
  points = copy_points (edge);
  edge->moving = FALSE;
  show_points (self, (const HeddlePoint *) start->data, start->len);
  heddle_canvas_scene_damage_edge (self->scene, edge);
  self->bent = NULL;
  if (commit)
    write_points (self, edge, points, _ ("Move Bend"));
}
