/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

/* While frozen, any number of changes is one "selection-changed". */
void
heddle_canvas_freeze_selection (HeddleCanvas *self)
{
  self->selection_freeze++;
}

void
heddle_canvas_thaw_selection (HeddleCanvas *self)
{
  g_assert (self->selection_freeze > 0);

  if (--self->selection_freeze > 0 || !self->selection_dirty)
    return;
  self->selection_dirty = FALSE;
  self->chosen_bend = -1;
  heddle_canvas_update_actions (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  heddle_canvas_emit_selection (self);
}

void
heddle_canvas_set_item_selected (HeddleCanvas *self, HeddleCanvasItem *item, gboolean selected)
{
  if (item->selected == selected)
    return;
  heddle_canvas_freeze_selection (self);
  item->selected = selected;
  heddle_canvas_item_drop_cache (item);
  heddle_canvas_redraw_item (self, item);
  gtk_accessible_update_state (GTK_ACCESSIBLE (item->widget), GTK_ACCESSIBLE_STATE_SELECTED, selected, -1);
  gtk_widget_queue_draw (item->widget);
  self->selection_dirty = TRUE;
  heddle_canvas_thaw_selection (self);
}

void
heddle_canvas_set_edge_selected (HeddleCanvas *self, HeddleCanvasEdge *edge, gboolean selected)
{
  if (edge->selected == selected)
    return;
  heddle_canvas_freeze_selection (self);
  edge->selected = selected;
  heddle_canvas_scene_damage_edge (self->scene, edge);
  self->selection_dirty = TRUE;
  heddle_canvas_thaw_selection (self);
}

void
heddle_canvas_unselect_all (HeddleCanvas *self)
{
  GPtrArray *items = heddle_canvas_scene_get_items (self->scene);
  GPtrArray *edges = heddle_canvas_scene_get_edges (self->scene);

  heddle_canvas_freeze_selection (self);
  for (guint i = 0; i < items->len; i++)
    heddle_canvas_set_item_selected (self, items->pdata[i], FALSE);
  for (guint i = 0; i < edges->len; i++)
    heddle_canvas_set_edge_selected (self, edges->pdata[i], FALSE);
  heddle_canvas_thaw_selection (self);
}

void
heddle_canvas_select_only (HeddleCanvas *self, HeddleCanvasItem *item)
{
  heddle_canvas_freeze_selection (self);
  heddle_canvas_unselect_all (self);
  heddle_canvas_set_item_selected (self, item, TRUE);
  heddle_canvas_thaw_selection (self);
}

GPtrArray *
heddle_canvas_list_selected (HeddleCanvas *self, gboolean only_nodes)
{
  GPtrArray *items = heddle_canvas_scene_get_items (self->scene);
  GPtrArray *selected = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    {
      HeddleCanvasItem *item = items->pdata[i];

      if (item->selected && (!only_nodes || item->kind == HEDDLE_CANVAS_ITEM_NODE))
        g_ptr_array_add (selected, item);
    }
  return selected;
}

GPtrArray *
heddle_canvas_list_selected_edges (HeddleCanvas *self)
{
  GPtrArray *edges = heddle_canvas_scene_get_edges (self->scene);
  GPtrArray *selected = g_ptr_array_new ();

  for (guint i = 0; i < edges->len; i++)
    if (((HeddleCanvasEdge *) edges->pdata[i])->selected)
      g_ptr_array_add (selected, edges->pdata[i]);
  return selected;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
heddle_canvas_dup_ids (GPtrArray *items)
{
  GPtrArray *ids = g_ptr_array_sized_new (items->len + 1);

  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (ids, g_strdup (((HeddleCanvasItem *) items->pdata[i])->id));
  g_ptr_array_sort (ids, compare_ids);
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (ids, FALSE);
}

char **
heddle_canvas_get_selection (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) items = NULL;

  g_return_val_if_fail (HEDDLE_IS_CANVAS (self), NULL);

  items = heddle_canvas_list_selected (self, FALSE);
  return heddle_canvas_dup_ids (items);
}

void
heddle_canvas_select (HeddleCanvas *self, const char *const *ids)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  heddle_canvas_freeze_selection (self);
  heddle_canvas_unselect_all (self);
  for (; ids != NULL && *ids != NULL; ids++)
    {
      HeddleCanvasItem *item = heddle_canvas_scene_find (self->scene, *ids);

      if (item != NULL)
        heddle_canvas_set_item_selected (self, item, TRUE);
    }
  heddle_canvas_thaw_selection (self);
}

void
heddle_canvas_select_things (HeddleCanvas *self, const char *const *ids, GPtrArray *edges)
{
  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  heddle_canvas_freeze_selection (self);
  heddle_canvas_select (self, ids);
  for (guint i = 0; i < edges->len; i++)
    {
      const HeddleEdge *names = edges->pdata[i];
      HeddleCanvasEdge *edge = heddle_canvas_scene_find_edge (self->scene, names->from, names->from_port, names->to, names->to_port);

      if (edge != NULL)
        heddle_canvas_set_edge_selected (self, edge, TRUE);
    }
  heddle_canvas_thaw_selection (self);
}

const HeddleEdge *
heddle_canvas_get_selected_edge (HeddleCanvas *self)
{
  const HeddleCanvasEdge *edge;

  g_return_val_if_fail (HEDDLE_IS_CANVAS (self), NULL);

  edge = heddle_canvas_get_single_edge (self);
  return edge != NULL ? heddle_graph_find_edge (heddle_document_get_graph (self->document), edge->from->id, edge->from_port, edge->to->id, edge->to_port) : NULL;
}

gboolean
heddle_canvas_is_edge_selected (HeddleCanvas *self, const char *from, const char *from_port, const char *to, const char *to_port)
{
  const HeddleCanvasEdge *edge;

  g_return_val_if_fail (HEDDLE_IS_CANVAS (self), FALSE);

  edge = heddle_canvas_scene_find_edge (self->scene, from, from_port, to, to_port);
  return edge != NULL && edge->selected;
}

void
heddle_canvas_select_all (HeddleCanvas *self)
{
  GPtrArray *items;

  g_return_if_fail (HEDDLE_IS_CANVAS (self));

  items = heddle_canvas_scene_get_items (self->scene);
  heddle_canvas_freeze_selection (self);
  for (guint i = 0; i < items->len; i++)
    heddle_canvas_set_item_selected (self, items->pdata[i], TRUE);
  heddle_canvas_thaw_selection (self);
}

/* Adds what the selected nodes feed, or what feeds them. */
void
heddle_canvas_select_flow (HeddleCanvas *self, gboolean downstream)
{
  g_autoptr (GPtrArray) queue = heddle_canvas_list_selected (self, TRUE);

  heddle_canvas_freeze_selection (self);
  for (guint i = 0; i < queue->len; i++)
    {
      HeddleCanvasItem *item = queue->pdata[i];

      for (guint j = 0; j < item->edges->len; j++)
        {
          HeddleCanvasEdge *edge = item->edges->pdata[j];
          HeddleCanvasItem *next = downstream ? edge->to : edge->from;

          if (next == item || next->selected || heddle_canvas_edge_is_inner (edge))
            continue;
          heddle_canvas_set_item_selected (self, next, TRUE);
          g_ptr_array_add (queue, next);
        }
    }
  heddle_canvas_thaw_selection (self);
}
