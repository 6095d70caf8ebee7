/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

static void
damage_edges (HeddleCanvas *self, HeddleCanvasItem *item)
{
  for (guint i = 0; i < item->edges->len; i++)
    heddle_canvas_scene_damage_edge (self->scene, item->edges->pdata[i]);
}

static void
take_hold (HeddleCanvas *self, HeddleCanvasItem *item)
{
  HeddleCanvasStart start = { item, item->x, item->y };

  if (item->moving)
    return;
  item->moving = TRUE;
  g_array_append_val (self->starts, start);
  damage_edges (self, item);
  heddle_canvas_scene_lift (self->scene, item);
}

static void
let_go (HeddleCanvas *self)
{
  for (guint i = 0; i < self->starts->len; i++)
    {
      HeddleCanvasItem *item = g_array_index (self->starts, HeddleCanvasStart, i).item;

      item->moving = FALSE;
      damage_edges (self, item);
    }
  heddle_canvas_scene_settle (self->scene);
  heddle_canvas_tiles_clear (self->lifted);
  g_array_set_size (self->starts, 0);
}

static void
take_folded (HeddleCanvas *self, const HeddleCanvasItem *frame)
{
  g_autoptr (GPtrArray) folded = heddle_canvas_scene_list_folded (self->scene, frame);

  for (guint i = 0; i < folded->len; i++)
    take_hold (self, folded->pdata[i]);
}

/* What is in a container goes where it goes, and so does what merely lies wholly inside a frame. */
static void
take_contents (HeddleCanvas *self, const HeddleCanvasItem *frame)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  gboolean is_group = frame->kind == HEDDLE_CANVAS_ITEM_FRAME;
  graphene_rect_t area, bounds;

  if (frame->collapsed)
    {
      take_folded (self, frame);
      return;
    }
  heddle_canvas_item_get_bounds (frame, &area);
  heddle_canvas_scene_query_items (self->scene, &area, items);
  for (guint i = 0; i < items->len; i++)
    {
      HeddleCanvasItem *item = items->pdata[i];

      heddle_canvas_item_get_bounds (item, &bounds);
      if (item != frame && (is_group || item->kind != HEDDLE_CANVAS_ITEM_NODE) && graphene_rect_contains_rect (&area, &bounds))
        take_hold (self, item);
    }
}

static void
take_children (HeddleCanvas *self, const HeddleCanvasItem *container)
{
  g_autoptr (GPtrArray) within = heddle_canvas_scene_list_within (self->scene, container);

  for (guint i = 0; i < within->len; i++)
    take_hold (self, within->pdata[i]);
}

/* Whether no edge leads from what is moved to what is not. */
static gboolean
is_loose (HeddleCanvas *self)
{
  for (guint i = 0; i < self->starts->len; i++)
    {
      const HeddleCanvasItem *item = g_array_index (self->starts, HeddleCanvasStart, i).item;

      for (guint j = 0; j < item->edges->len; j++)
        {
          const HeddleCanvasEdge *edge = item->edges->pdata[j];

          if (!edge->from->moving || !edge->to->moving)
            return FALSE;
        }
    }
  return TRUE;
}

void
heddle_canvas_begin_move (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) selected = heddle_canvas_list_selected (self, FALSE);

  for (guint i = 0; i < selected->len; i++)
    take_hold (self, selected->pdata[i]);
  for (guint i = 0; i < selected->len; i++)
    if (heddle_canvas_item_is_hollow (selected->pdata[i]))
      take_contents (self, selected->pdata[i]);
  /* The list grows while it is looked through, by frames in frames. */
  for (guint i = 0; i < self->starts->len; i++)
    {
      const HeddleCanvasItem *item = g_array_index (self->starts, HeddleCanvasStart, i).item;

      if (heddle_canvas_item_is_container (item))
        take_children (self, item);
    }
  self->is_loose = is_loose (self);
}

/* What the pointer holds. */
static const HeddleCanvasStart *
get_lead (HeddleCanvas *self)
{
  for (guint i = 0; i < self->starts->len; i++)
    if (g_array_index (self->starts, HeddleCanvasStart, i).item == self->pressed_item)
      return &g_array_index (self->starts, HeddleCanvasStart, i);
  return &g_array_index (self->starts, HeddleCanvasStart, 0);
}

/* What the pointer holds comes to lie on the grid; everything else keeps its distance to it. */
void
heddle_canvas_get_drag_offset (HeddleCanvas *self, double x, double y, double *dx, double *dy)
{
  const HeddleCanvasStart *lead = get_lead (self);
  double raw_x = (x - self->press_x) / self->zoom, raw_y = (y - self->press_y) / self->zoom;

  *dx = heddle_canvas_snap (lead->x + raw_x) - lead->x;
  *dy = heddle_canvas_snap (lead->y + raw_y) - lead->y;
  heddle_canvas_guide_move (self, raw_x, raw_y, dx, dy);
}

static void
place (HeddleCanvas *self, double dx, double dy)
{
  for (guint i = 0; i < self->starts->len; i++)
    {
      const HeddleCanvasStart *start = &g_array_index (self->starts, HeddleCanvasStart, i);

      heddle_canvas_scene_place (self->scene, start->item, start->x + dx, start->y + dy);
    }
  heddle_canvas_queue (self);
}

/* In another frame the graph can say whether it fits only when it is there. */
static gboolean
may_splice (HeddleCanvas *self, HeddleCanvasItem *lead, const HeddleCanvasEdge *edge)
{
  g_autoptr (GPtrArray) moved = NULL;
  g_auto (GStrv) ids = NULL;

  if (edge->is_tool || edge->from->moving || edge->to->moving)
    return FALSE;
  if (heddle_canvas_edge_get_frame (edge) != lead->parent)
    return self->starts->len > 1 || (lead->inputs->len > 0 && lead->outputs->len > 0);
  moved = heddle_canvas_list_moved (self);
  ids = heddle_canvas_dup_ids (moved);
  return heddle_canvas_can_splice (self, (const char *const *) ids, edge);
}

/* What has no edges to anything else, and an input and an output, can be put into an edge that the card at the pointer is over. */
static void
update_splice (HeddleCanvas *self)
{
  HeddleCanvasItem *lead = get_lead (self)->item;
  HeddleCanvasEdge *edge = NULL;

  if (self->is_loose && lead->kind == HEDDLE_CANVAS_ITEM_NODE)
    edge = heddle_canvas_scene_pick_edge (self->scene, lead->x + lead->width / 2, lead->y + 36, 28);
  if (edge != NULL && !may_splice (self, lead, edge))
    edge = NULL;
  if (edge != self->splice)
    gtk_widget_queue_draw (GTK_WIDGET (self));
  self->splice = edge;
}

void
heddle_canvas_update_move (HeddleCanvas *self, double x, double y)
{
  double dx, dy;

  if (self->starts->len == 0)
    return;
  heddle_canvas_get_drag_offset (self, x, y, &dx, &dy);
  place (self, dx, dy);
  update_splice (self);
  heddle_canvas_update_nest (self);
}

/* What a drop does besides moving, noted before the document changes what it is about. */
typedef struct
{
  char **ids;     /* of what is moved by itself */
  char **nesting; /* of those of them that go into another frame, or out of one */
  char *frame;    /* where they are then; NULL: in none */
  HeddleCanvasEdge *splice;
  gboolean is_first; /* a loose node in an empty frame */
} Drop;

static void
drop_clear (Drop *drop)
{
  g_strfreev (drop->ids);
  g_strfreev (drop->nesting);
  g_free (drop->frame);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Drop, drop_clear)

static void
note_drop (HeddleCanvas *self, Drop *drop)
{
  g_autoptr (GPtrArray) moved = heddle_canvas_list_moved (self);
  const HeddleCanvasItem *frame = heddle_canvas_find_nest (self, self->pointer_x, self->pointer_y);

  if (self->splice != NULL)
    frame = heddle_canvas_edge_get_frame (self->splice);
  drop->ids = heddle_canvas_dup_ids (moved);
  drop->nesting = heddle_canvas_dup_nesting_ids (moved, frame);
  drop->frame = frame != NULL ? g_strdup (frame->id) : NULL;
  drop->splice = self->splice;
  drop->is_first = frame != NULL && frame->n_children == 0 && moved->len == 1 && ((HeddleCanvasItem *) moved->pdata[0])->edges->len == 0;
}

static const char *
get_drop_label (const Drop *drop)
{
  if (drop->splice != NULL)
    return g_strv_length (drop->ids) > 1 ? _ ("Insert Nodes") : _ ("Insert Node");
  if (*drop->nesting == NULL)
    return _ ("Move");
  return drop->frame != NULL ? _ ("Move Into Frame") : _ ("Move Out of Frame");
}

static void
commit_move (HeddleCanvas *self, double dx, double dy)
{
  g_auto (Drop) drop = { 0 };

  note_drop (self, &drop);
  let_go (self);
  if (dx == 0 && dy == 0)
    return;
  heddle_document_begin (self->document, get_drop_label (&drop));
  heddle_document_move (self->document, (const char *const *) drop.ids, dx, dy);
  if (!heddle_canvas_nest (self, (const char *const *) drop.nesting, drop.frame))
    {
      heddle_document_abort (self->document);
      heddle_canvas_scene_load (self->scene, heddle_canvas_get_graph (self));
      return;
    }
  if (drop.splice != NULL)
    heddle_canvas_splice (self, (const char *const *) drop.ids, drop.splice);
  else if (drop.is_first && *drop.nesting != NULL)
    heddle_canvas_wire_first (self, drop.ids[0]);
  heddle_document_end (self->document);
}

void
heddle_canvas_end_move (HeddleCanvas *self, gboolean commit)
{
  double dx = 0, dy = 0;

  heddle_canvas_clear_guides (self);
  if (self->starts->len == 0)
    return;
  if (commit)
    {
      const HeddleCanvasStart *first = &g_array_index (self->starts, HeddleCanvasStart, 0);

      dx = first->item->x - first->x;
      dy = first->item->y - first->y;
      /* The document will say where they are now, by the same numbers. */
      commit_move (self, dx, dy);
    }
  else
    {
      place (self, 0, 0);
      let_go (self);
    }
  self->splice = NULL;
  heddle_canvas_set_drop_frame (self, NULL);
  heddle_canvas_queue (self);
}
