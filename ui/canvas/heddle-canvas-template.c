/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include <math.h>

/* Templates: what a person saved to use again comes to lie here, and what is selected is saved as one. */
#define DROP_PREFIX "heddle-template:"
#define MAX_STEPS 64 /* aside, until nothing else is covered */

/* The window asks for the name and writes it. */
void
heddle_canvas_save_template (HeddleCanvas *self)
{
  g_auto (GStrv) ids = heddle_canvas_get_selection (self);
  g_autofree char *json = heddle_graph_selection_to_json (heddle_canvas_get_graph (self), (const char *const *) ids);

  gtk_widget_activate_action (GTK_WIDGET (self), "win.save-template", "s", json);
}

static void
measure (const char *json, double *width, double *height)
{
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, NULL);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, 0, 0);

  for (guint i = 0; graph != NULL && i < heddle_graph_get_n_nodes (graph); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (graph, i);
      double w, h;

      heddle_node_get_size (node, &w, &h);
      if (bounds.size.width == 0)
        bounds = GRAPHENE_RECT_INIT (node->x, node->y, w, h);
      else
        graphene_rect_union (&bounds, &GRAPHENE_RECT_INIT (node->x, node->y, w, h), &bounds);
    }
  *width = MAX (bounds.size.width, HEDDLE_CANVAS_CARD_WIDTH);
  *height = MAX (bounds.size.height, HEDDLE_CANVAS_CARD_HEIGHT);
}

/* A frame that it goes into is no obstacle, nor is any around that. */
static gboolean
is_taken (HeddleCanvas *self, const HeddleCanvasPaste *paste, double width, double height)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  heddle_canvas_scene_query_items (self->scene, &GRAPHENE_RECT_INIT (paste->x, paste->y, width, height), items);
  for (guint i = 0; i < items->len; i++)
    {
      const HeddleCanvasItem *item = items->pdata[i];

      if (item->kind == HEDDLE_CANVAS_ITEM_NODE && item != paste->nest && (paste->nest == NULL || !heddle_canvas_item_is_within (paste->nest, item)))
        return TRUE;
    }
  return FALSE;
}

static void
insert (HeddleCanvas *self, HeddleCanvasPaste *paste)
{
  g_auto (GStrv) ids = NULL;
  HeddleCanvasItem *item;

  heddle_canvas_cancel_pending (self);
  paste->label = _ ("Insert Template");
  paste->x = round (paste->x / HEDDLE_CANVAS_GRID_STEP) * HEDDLE_CANVAS_GRID_STEP;
  paste->y = round (paste->y / HEDDLE_CANVAS_GRID_STEP) * HEDDLE_CANVAS_GRID_STEP;
  heddle_canvas_paste_text (self, paste);
  ids = heddle_canvas_get_selection (self);
  item = ids[0] != NULL ? heddle_canvas_scene_find (self->scene, ids[0]) : NULL;
  if (item != NULL)
    heddle_canvas_focus_item (self, item);
}

void
heddle_canvas_insert_template (HeddleCanvas *self, const char *json)
{
  HeddleCanvasPaste paste = { .text = json };
  double width, height;

  g_return_if_fail (HEDDLE_IS_CANVAS (self));
  g_return_if_fail (json != NULL);

  if (self->document == NULL)
    return;
  measure (json, &width, &height);
  heddle_canvas_to_world (self, gtk_widget_get_width (GTK_WIDGET (self)) / 2., gtk_widget_get_height (GTK_WIDGET (self)) / 2., &paste.x, &paste.y);
  paste.nest = heddle_canvas_scene_pick_container (self->scene, paste.x, paste.y);
  paste.x -= width / 2;
  paste.y -= height / 2;
  for (guint i = 0; i < MAX_STEPS && is_taken (self, &paste, width, height); i++)
    {
      paste.x += 2 * HEDDLE_CANVAS_GRID_STEP;
      paste.y += 2 * HEDDLE_CANVAS_GRID_STEP;
    }
  insert (self, &paste);
}

void
heddle_canvas_insert_template_at (HeddleCanvas *self, const char *json, double x, double y)
{
  HeddleCanvasPaste paste = { .text = json };

  g_return_if_fail (HEDDLE_IS_CANVAS (self));
  g_return_if_fail (json != NULL);

  if (self->document == NULL)
    return;
  heddle_canvas_to_world (self, x, y, &paste.x, &paste.y);
  paste.nest = heddle_canvas_scene_pick_container (self->scene, paste.x, paste.y);
  paste.x -= HEDDLE_CANVAS_CARD_WIDTH / 2;
  paste.y -= HEDDLE_CANVAS_CARD_HEIGHT / 2;
  insert (self, &paste);
}

gboolean
heddle_canvas_drop_template (HeddleCanvas *self, const char *text, double x, double y)
{
  if (!g_str_has_prefix (text, DROP_PREFIX))
    return FALSE;
  heddle_canvas_insert_template_at (self, text + strlen (DROP_PREFIX), x, y);
  return TRUE;
}
