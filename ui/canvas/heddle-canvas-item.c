/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-edge.h"
#include "canvas/heddle-canvas-item-private.h"

#include <math.h>

#define MAX_COORDINATE 1e8 /* as in files */
#define PICKER_WIDTH 132
#define PICKER_HEIGHT 26
#define MAX_PICKER_LEFT 600
#define FOLD_SIZE 20

static double
sanitize (double coordinate)
{
  return isfinite (coordinate) ? CLAMP (coordinate, -MAX_COORDINATE, MAX_COORDINATE) : 0;
}

static HeddleCanvasItem *
item_new (HeddleCanvasItemKind kind, const char *id, double x, double y)
{
  HeddleCanvasItem *self = g_new0 (HeddleCanvasItem, 1);

  self->kind = kind;
  self->id = g_strdup (id);
  self->x = sanitize (x);
  self->y = sanitize (y);
  self->inputs = heddle_canvas_port_array_new ();
  self->outputs = heddle_canvas_port_array_new ();
  self->edges = g_ptr_array_new ();
  self->last_item = self->shown_item = -1;
  self->n_items = -1;
  return self;
}

HeddleCanvasItem *
heddle_canvas_item_new_for_node (const HeddleNode *node)
{
  HeddleCanvasItem *self = item_new (HEDDLE_CANVAS_ITEM_NODE, node->id, node->x, node->y);

  heddle_canvas_item_update_node (self, node);
  return self;
}

HeddleCanvasItem *
heddle_canvas_item_new_for_annotation (const HeddleAnnotation *annotation)
{
  HeddleCanvasItemKind kind = annotation->kind == HEDDLE_ANNOTATION_FRAME ? HEDDLE_CANVAS_ITEM_FRAME : HEDDLE_CANVAS_ITEM_NOTE;
  HeddleCanvasItem *self = item_new (kind, annotation->id, annotation->x, annotation->y);

  heddle_canvas_item_update_annotation (self, annotation);
  return self;
}

void
heddle_canvas_item_drop_cache (HeddleCanvasItem *self)
{
  self->look++;
  for (guint i = 0; i < HEDDLE_CANVAS_N_DETAILS; i++)
    {
      g_clear_pointer (&self->cache[i], gsk_render_node_unref);
      g_clear_pointer (&self->back[i], gsk_render_node_unref);
    }
}

void
heddle_canvas_item_free (HeddleCanvasItem *self)
{
  heddle_canvas_item_drop_cache (self);
  g_array_unref (self->inputs);
  g_array_unref (self->outputs);
  g_ptr_array_unref (self->edges);
  g_free (self->id);
  g_free (self->title);
  g_free (self->detail);
  g_free (self->preview);
  g_free (self->color);
  g_free (self->role);
  g_free (self->policy);
  g_free (self->parent_id);
  g_free (self->problem);
  g_free (self->status);
  g_free (self->text);
  g_free (self);
}

char *
heddle_canvas_dup_paragraph (const char *text)
{
  g_autofree char *start = g_utf8_substring (text, 0, MIN (HEDDLE_CANVAS_MAX_PREVIEW, g_utf8_strlen (text, -1)));
  g_auto (GStrv) words = g_strsplit_set (start, " \t\r\n", -1);
  g_autoptr (GString) paragraph = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (*words[i] != '\0')
        g_string_append_printf (paragraph, "%s%s", paragraph->len > 0 ? " " : "", words[i]);
    }
  return g_string_free (g_steal_pointer (&paragraph), FALSE);
}

static char *
dup_preview (const HeddleNode *node, const char *param)
{
  g_autoptr (JsonNode) value = heddle_params_dup_value (node->type, node->params, param);

  if (!heddle_json_is_string (value) || *json_node_get_string (value) == '\0')
    return NULL;
  return heddle_canvas_dup_paragraph (json_node_get_string (value));
}

static void
update_known_node (HeddleCanvasItem *self, const HeddleNode *node)
{
  const char *text = heddle_node_get_text_param (node);

  if (node->type->describe != NULL)
    self->detail = node->type->describe (node->params);
  if (self->detail != NULL && *self->detail == '\0')
    g_clear_pointer (&self->detail, g_free);
  self->has_text_area = text != NULL;
  if (text != NULL)
    self->preview = dup_preview (node, text);
}

gboolean
heddle_canvas_item_update_size (HeddleCanvasItem *self, const HeddleNode *node)
{
  double width, height;

  heddle_node_get_size (node, &width, &height);
  if (width == self->width && height == self->height)
    return FALSE;
  self->width = width;
  self->height = height;
  heddle_canvas_item_drop_cache (self);
  return TRUE;
}

void
heddle_canvas_item_update_node (HeddleCanvasItem *self, const HeddleNode *node)
{
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->detail, g_free);
  g_clear_pointer (&self->preview, g_free);
  g_clear_pointer (&self->policy, g_free);
  g_clear_pointer (&self->parent_id, g_free);
  heddle_canvas_item_drop_cache (self);

  self->type = node->type;
  self->index = node->index;
  self->title = g_strdup (heddle_node_get_title (node));
  self->parent_id = g_strdup (node->parent);
  self->policy = node->policy != NULL ? heddle_policy_describe (node->policy) : NULL;
  self->is_pinned = node->pin != NULL;
  self->collapsed = node->collapsed && heddle_canvas_item_is_container (self);
  self->mode = node->mode;
  self->has_text_area = FALSE;
  heddle_canvas_item_load_ports (self, node);
  heddle_canvas_item_place_ports (self);
  if (node->type != NULL)
    update_known_node (self, node);
  else
    self->detail = g_strdup_printf (_ ("Unknown node type “%s”"), node->type_id);
  heddle_canvas_item_update_size (self, node);
}

static char *
dup_role (HeddleCanvasItem *self)
{
  const HeddleCanvasItem *agent = NULL;
  guint n_agents = 0;

  for (guint i = 0; i < self->edges->len; i++)
    {
      const HeddleCanvasEdge *edge = self->edges->pdata[i];

      if (!edge->is_tool || edge->from != self)
        continue;
      agent = edge->to;
      n_agents++;
    }
  if (n_agents > 1)
    return g_strdup_printf (ngettext ("Tool of %u agent", "Tool of %u agents", n_agents), n_agents);
  return agent != NULL ? g_strdup_printf (_ ("Tool of %s"), agent->title) : NULL;
}

static gboolean
has_edge_to (HeddleCanvasItem *self, const HeddleCanvasPort *port)
{
  for (guint i = 0; i < self->edges->len; i++)
    {
      const HeddleCanvasEdge *edge = self->edges->pdata[i];

      if (edge->to == self && g_strcmp0 (edge->to_port, port->name) == 0)
        return TRUE;
    }
  return FALSE;
}

/* What is in a collapsed container does not show, nor do the ports to it. */
static void
hide_inner_outputs (HeddleCanvasItem *self)
{
  for (guint i = 0; i < self->outputs->len; i++)
    {
      HeddleCanvasPort *port = &g_array_index (self->outputs, HeddleCanvasPort, i);

      port->hidden = port->inner && self->collapsed;
    }
}

/* A tool gets its arguments from the agent, so nothing flows into it; an edge that does nevertheless is shown. */
static gboolean
hide_ports (HeddleCanvasItem *self)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < self->inputs->len; i++)
    {
      HeddleCanvasPort *port = &g_array_index (self->inputs, HeddleCanvasPort, i);
      guint hidden = (self->role != NULL && !port->takes_tools && !has_edge_to (self, port)) || (port->inner && self->collapsed);

      changed = changed || port->hidden != hidden;
      port->hidden = hidden;
    }
  return changed;
}

gboolean
heddle_canvas_item_update_role (HeddleCanvasItem *self)
{
  g_autofree char *role = dup_role (self);
  gboolean changed = g_strcmp0 (role, self->role) != 0;

  g_free (self->role);
  self->role = g_steal_pointer (&role);
  changed = hide_ports (self) || changed;
  hide_inner_outputs (self);
  if (changed)
    heddle_canvas_item_drop_cache (self);
  return changed;
}

void
heddle_canvas_item_update_annotation (HeddleCanvasItem *self, const HeddleAnnotation *annotation)
{
  g_free (self->title);
  g_free (self->color);
  self->title = g_strdup (annotation->text != NULL ? annotation->text : "");
  self->color = g_strdup (annotation->color);
  self->width = MAX (sanitize (annotation->width), 4 * HEDDLE_CANVAS_GRID_STEP);
  self->height = self->full_height = MAX (sanitize (annotation->height), 3 * HEDDLE_CANVAS_GRID_STEP);
  self->collapsed = annotation->collapsed && self->kind == HEDDLE_CANVAS_ITEM_FRAME;
  if (self->collapsed)
    self->height = HEDDLE_CANVAS_FRAME_HEADER;
  heddle_canvas_item_drop_cache (self);
}

void
heddle_canvas_item_get_bounds (const HeddleCanvasItem *self, graphene_rect_t *bounds)
{
  graphene_rect_init (bounds, self->x, self->y, self->width, self->height);
}

gboolean
heddle_canvas_item_is_container (const HeddleCanvasItem *self)
{
  return self->type != NULL && (self->type->flags & HEDDLE_NODE_CONTAINER) != 0;
}

gboolean
heddle_canvas_item_is_hollow (const HeddleCanvasItem *self)
{
  return self->kind == HEDDLE_CANVAS_ITEM_FRAME || heddle_canvas_item_is_container (self);
}

/* Depth counts down, so that this ends whatever a file says. */
gboolean
heddle_canvas_item_is_within (const HeddleCanvasItem *self, const HeddleCanvasItem *container)
{
  guint left = self->depth;

  for (const HeddleCanvasItem *item = self->parent; item != NULL && left > 0; item = item->parent, left--)
    if (item == container)
      return TRUE;
  return FALSE;
}

double
heddle_canvas_item_get_solid_height (const HeddleCanvasItem *self)
{
  if (self->kind == HEDDLE_CANVAS_ITEM_FRAME)
    return HEDDLE_CANVAS_FRAME_HEADER;
  return heddle_canvas_item_is_container (self) && !self->collapsed ? HEDDLE_CANVAS_HEADER : self->height;
}

HeddleCanvasSides
heddle_canvas_item_get_sides (const HeddleCanvasItem *self, double x, double y, double distance)
{
  HeddleCanvasSides sides = 0;

  if (self->collapsed)
    return 0;
  if (self->kind != HEDDLE_CANVAS_ITEM_NODE)
    return x > self->x + self->width - HEDDLE_CANVAS_GRIP && y > self->y + self->height - HEDDLE_CANVAS_GRIP ? HEDDLE_CANVAS_SIDE_RIGHT | HEDDLE_CANVAS_SIDE_BOTTOM : 0;
  if (!heddle_canvas_item_is_container (self))
    return 0;
  if (x < self->x + distance)
    sides |= HEDDLE_CANVAS_SIDE_LEFT;
  else if (x > self->x + self->width - distance)
    sides |= HEDDLE_CANVAS_SIDE_RIGHT;
  if (y < self->y + distance)
    sides |= HEDDLE_CANVAS_SIDE_TOP;
  else if (y > self->y + self->height - distance)
    sides |= HEDDLE_CANVAS_SIDE_BOTTOM;
  return sides;
}

gboolean
heddle_canvas_item_has_picker (const HeddleCanvasItem *self)
{
  return self->in_run && self->last_item > 0;
}

void
heddle_canvas_item_get_picker_bounds (const HeddleCanvasItem *self, graphene_rect_t *bounds)
{
  double right = heddle_canvas_item_get_n_outer_ports (self, TRUE) > 1 ? 100 : 36;

  /* In a wide frame it does not lie so far from the title that one of them is out of view. */
  graphene_rect_init (bounds, MIN (self->width - right - PICKER_WIDTH, MAX_PICKER_LEFT), (HEDDLE_CANVAS_HEADER - PICKER_HEIGHT) / 2, PICKER_WIDTH, PICKER_HEIGHT);
}

gboolean
heddle_canvas_item_get_fold_bounds (const HeddleCanvasItem *self, graphene_rect_t *bounds)
{
  if (self->kind == HEDDLE_CANVAS_ITEM_FRAME)
    graphene_rect_init (bounds, 6, 6, FOLD_SIZE, FOLD_SIZE);
  else
    graphene_rect_init (bounds, self->width - 12 - FOLD_SIZE, 27, FOLD_SIZE, FOLD_SIZE);
  return self->kind == HEDDLE_CANVAS_ITEM_FRAME || heddle_canvas_item_is_container (self);
}

gboolean
heddle_canvas_item_is_running (const HeddleCanvasItem *self)
{
  return self->in_run && (self->state == HEDDLE_SPAN_RUNNING || self->state == HEDDLE_SPAN_RETRY);
}

gboolean
heddle_canvas_item_is_off (const HeddleCanvasItem *self)
{
  return self->in_run && self->state == HEDDLE_SPAN_SKIPPED;
}

gboolean
heddle_canvas_item_is_faint (const HeddleCanvasItem *self)
{
  /* What takes no part is drawn dimmed anyway. */
  return self->dimmed || (heddle_canvas_item_is_off (self) && self->mode == HEDDLE_NODE_ON);
}

HeddleCategory
heddle_canvas_item_get_category (const HeddleCanvasItem *self)
{
  return self->type != NULL ? self->type->category : HEDDLE_CATEGORY_FINISH;
}
