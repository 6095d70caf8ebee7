/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#define MAX_FRAMES 40 /* in the menu; others are found by dragging */

/* What goes into a frame or out of it without a pointer. */

static void
add_target (GMenu *menu, const char *label, const char *frame)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (NULL, NULL);
  g_autofree char *plain = g_strdelimit (g_strdup (label), "_", ' ');

  g_menu_item_set_label (item, plain);
  g_menu_item_set_action_and_target (item, "canvas.nest", "s", frame);
  g_menu_append_item (menu, item);
}

/* Frames that all of the nodes can go into: none of them, and in none of them. */
static gboolean
can_take (const HeddleCanvasItem *frame, GPtrArray *nodes)
{
  for (guint i = 0; i < nodes->len; i++)
    {
      const HeddleCanvasItem *node = nodes->pdata[i];

      if (frame == node || heddle_canvas_item_is_within (frame, node))
        return FALSE;
    }
  return TRUE;
}

static int
compare_titles (gconstpointer a, gconstpointer b)
{
  const HeddleCanvasItem *first = *(HeddleCanvasItem *const *) a;
  const HeddleCanvasItem *second = *(HeddleCanvasItem *const *) b;

  return g_utf8_collate (first->title, second->title);
}

static GPtrArray *
list_frames (HeddleCanvas *self, GPtrArray *nodes)
{
  GPtrArray *items = heddle_canvas_scene_get_items (self->scene);
  GPtrArray *frames = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    {
      g_auto (GStrv) moved = heddle_canvas_item_is_container (items->pdata[i]) ? heddle_canvas_dup_nesting_ids (nodes, items->pdata[i]) : NULL;

      if (moved != NULL && moved[0] != NULL && can_take (items->pdata[i], nodes))
        g_ptr_array_add (frames, items->pdata[i]);
    }
  g_ptr_array_sort (frames, compare_titles);
  return frames;
}

void
heddle_canvas_fill_nest_menu (HeddleCanvas *self, GMenu *menu)
{
  g_autoptr (GPtrArray) nodes = heddle_canvas_list_selected (self, TRUE);
  g_autoptr (GPtrArray) frames = list_frames (self, nodes);
  g_auto (GStrv) inside = heddle_canvas_dup_nesting_ids (nodes, NULL);
  g_autoptr (GMenu) into = g_menu_new ();

  for (guint i = 0; i < MIN (frames->len, MAX_FRAMES); i++)
    {
      const HeddleCanvasItem *frame = frames->pdata[i];

      add_target (into, frame->title, frame->id);
    }
  if (nodes->len > 0 && frames->len > 0)
    g_menu_append_submenu (menu, _ ("_Move Into"), G_MENU_MODEL (into));
  if (inside[0] != NULL)
    g_menu_append (menu, _ ("Take _Out of the Frame"), "canvas.nest('')");
}

/* Puts what is selected where there is room in the frame, or beside it. */
static void
place_beside (HeddleCanvas *self, const char *const *ids, const HeddleCanvasItem *frame, gboolean into)
{
  const HeddleCanvasItem *first = heddle_canvas_scene_find (self->scene, ids[0]);
  graphene_rect_t content;
  double x = frame->x + HEDDLE_FRAME_SIDE, y = frame->y + HEDDLE_FRAME_TOP;

  if (!into)
    y = frame->y + frame->height + 2 * HEDDLE_CANVAS_GRID_STEP;
  else if (heddle_canvas_scene_get_content (self->scene, frame, &content))
    y = content.origin.y + content.size.height + 2 * HEDDLE_CANVAS_GRID_STEP;
  heddle_document_move (self->document, ids, x - first->x, y - first->y);
}

void
heddle_canvas_nest_selection (HeddleCanvas *self, const char *frame_id)
{
  g_autoptr (GPtrArray) nodes = heddle_canvas_list_selected (self, TRUE);
  const HeddleCanvasItem *frame = *frame_id != '\0' ? heddle_canvas_scene_find (self->scene, frame_id) : NULL;
  g_auto (GStrv) ids = heddle_canvas_dup_nesting_ids (nodes, frame);
  const HeddleCanvasItem *beside = frame;

  if (ids[0] == NULL || (*frame_id != '\0' && frame == NULL))
    return;
  /* Beside the outermost frame around it. */
  for (const HeddleCanvasItem *item = heddle_canvas_scene_find (self->scene, ids[0])->parent; frame == NULL && item != NULL; item = item->parent)
    beside = item;
  heddle_document_begin (self->document, frame != NULL ? _ ("Move into Frame") : _ ("Take out of Frame"));
  place_beside (self, (const char *const *) ids, beside, frame != NULL);
  if (heddle_canvas_nest (self, (const char *const *) ids, frame != NULL ? frame_id : NULL))
    heddle_document_end (self->document);
  else
    heddle_document_abort (self->document);
  heddle_canvas_select (self, (const char *const *) ids);
}
