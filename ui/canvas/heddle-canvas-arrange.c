/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

/* What is done to how selected things lie, take part and are drawn. */

static void
align (HeddleCanvas *self, HeddleAlignment alignment)
{
  g_auto (GStrv) ids = heddle_canvas_get_selection (self);

  heddle_document_align (self->document, (const char *const *) ids, alignment);
}

void
heddle_canvas_align_left (HeddleCanvas *self)
{
  align (self, HEDDLE_ALIGN_LEFT);
}

void
heddle_canvas_align_center (HeddleCanvas *self)
{
  align (self, HEDDLE_ALIGN_CENTER);
}

void
heddle_canvas_align_right (HeddleCanvas *self)
{
  align (self, HEDDLE_ALIGN_RIGHT);
}

void
heddle_canvas_align_top (HeddleCanvas *self)
{
  align (self, HEDDLE_ALIGN_TOP);
}

void
heddle_canvas_align_middle (HeddleCanvas *self)
{
  align (self, HEDDLE_ALIGN_MIDDLE);
}

void
heddle_canvas_align_bottom (HeddleCanvas *self)
{
  align (self, HEDDLE_ALIGN_BOTTOM);
}

static void
distribute (HeddleCanvas *self, gboolean vertically)
{
  g_auto (GStrv) ids = heddle_canvas_get_selection (self);

  heddle_document_distribute (self->document, (const char *const *) ids, vertically);
}

void
heddle_canvas_distribute_across (HeddleCanvas *self)
{
  distribute (self, FALSE);
}

void
heddle_canvas_distribute_down (HeddleCanvas *self)
{
  distribute (self, TRUE);
}

gboolean
heddle_canvas_has_mode (HeddleCanvas *self, HeddleNodeMode mode)
{
  g_autoptr (GPtrArray) nodes = heddle_canvas_list_selected (self, TRUE);

  for (guint i = 0; i < nodes->len; i++)
    if (((HeddleCanvasItem *) nodes->pdata[i])->mode != mode)
      return FALSE;
  return nodes->len > 0;
}

/* When all of them are so already, back to taking part. */
static void
toggle_mode (HeddleCanvas *self, HeddleNodeMode mode)
{
  g_autoptr (GPtrArray) nodes = heddle_canvas_list_selected (self, TRUE);
  g_auto (GStrv) ids = heddle_canvas_dup_ids (nodes);

  heddle_document_set_mode (self->document, (const char *const *) ids, heddle_canvas_has_mode (self, mode) ? HEDDLE_NODE_ON : mode);
}

void
heddle_canvas_toggle_off (HeddleCanvas *self)
{
  toggle_mode (self, HEDDLE_NODE_OFF);
}

void
heddle_canvas_toggle_bypass (HeddleCanvas *self)
{
  toggle_mode (self, HEDDLE_NODE_BYPASS);
}

/* All the same way: collapsed, unless all of them are. */
void
heddle_canvas_toggle_collapsed (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) items = heddle_canvas_list_selected (self, FALSE);
  g_auto (GStrv) ids = NULL;
  gboolean collapsed = FALSE;

  for (guint i = items->len; i > 0; i--)
    if (heddle_canvas_item_is_hollow (items->pdata[i - 1]))
      collapsed = collapsed || !((HeddleCanvasItem *) items->pdata[i - 1])->collapsed;
    else
      g_ptr_array_remove_index_fast (items, i - 1);
  if (items->len == 0)
    return;
  ids = heddle_canvas_dup_ids (items);
  heddle_document_begin (self->document, collapsed ? _ ("Collapse") : _ ("Expand"));
  for (char **id = ids; *id != NULL; id++)
    heddle_document_set_collapsed (self->document, *id, collapsed);
  heddle_document_end (self->document);
}

/* Of notes and groups; none: the ordinary one. */
void
heddle_canvas_set_color (HeddleCanvas *self, const char *color)
{
  g_auto (GStrv) ids = heddle_canvas_get_selection (self);

  heddle_document_begin (self->document, _ ("Change Color"));
  for (char **id = ids; *id != NULL; id++)
    {
      const HeddleAnnotation *annotation = heddle_graph_find_annotation (heddle_canvas_get_graph (self), *id);
      g_autofree char *text = annotation != NULL ? g_strdup (annotation->text) : NULL;

      if (annotation != NULL)
        heddle_document_set_annotation (self->document, *id, text, color, annotation->x, annotation->y, annotation->width, annotation->height);
    }
  heddle_document_end (self->document);
}
