/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-edge.h"

#include <math.h>

#define FIRST_PORT 36
#define SECOND_PORT 56
#define MAX_COORDINATE 1e8 /* as in files */
#define MAX_PREVIEW 400

static double
sanitize (double coordinate)
{
  return isfinite (coordinate) ? CLAMP (coordinate, -MAX_COORDINATE, MAX_COORDINATE) : 0;
}

static void
clear_port (gpointer data)
{
  HeddleCanvasPort *port = data;

  g_free (port->name);
  g_free (port->title);
}

static GArray *
port_array_new (void)
{
  GArray *ports = g_array_new (FALSE, TRUE, sizeof (HeddleCanvasPort));

  g_array_set_clear_func (ports, clear_port);
  return ports;
}

static HeddleCanvasItem *
item_new (HeddleCanvasItemKind kind, const char *id, double x, double y)
{
  HeddleCanvasItem *self = g_new0 (HeddleCanvasItem, 1);

  self->kind = kind;
  self->id = g_strdup (id);
  self->x = sanitize (x);
  self->y = sanitize (y);
  self->inputs = port_array_new ();
  self->outputs = port_array_new ();
  self->edges = g_ptr_array_new ();
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
  for (guint i = 0; i < HEDDLE_CANVAS_N_DETAILS; i++)
    g_clear_pointer (&self->cache[i], gsk_render_node_unref);
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
  g_free (self->problem);
  g_free (self->status);
  g_free (self->text);
  g_free (self);
}

static void
add_port (GArray *ports, const char *name, char *title)
{
  HeddleCanvasPort port = { .name = g_strdup (name), .title = title, .y = FIRST_PORT };

  g_array_append_val (ports, port);
}

static void
add_inputs (HeddleCanvasItem *self)
{
  for (const HeddlePortSpec *spec = self->type->inputs; spec != NULL && spec->name != NULL; spec++)
    {
      add_port (self->inputs, spec->name, g_strdup (spec->title != NULL ? _ (spec->title) : spec->name));
      g_array_index (self->inputs, HeddleCanvasPort, self->inputs->len - 1).takes_tools = heddle_port_takes_tools (spec);
    }
}

static void
add_outputs (HeddleCanvasItem *self, const HeddleNode *node)
{
  g_autoptr (GPtrArray) names = heddle_node_list_outputs (node);

  for (guint i = 0; i < names->len; i++)
    add_port (self->outputs, names->pdata[i], heddle_node_type_dup_output_title (self->type, names->pdata[i]));
}

/* A node of a type this version does not know keeps one port on each side, so that its edges show. */
static void
add_placeholder_ports (HeddleCanvasItem *self)
{
  add_port (self->inputs, "in", g_strdup (_ ("Input")));
  add_port (self->outputs, "out", g_strdup (_ ("Output")));
}

/*
 * The first input and a lone result are on a level with the header, so that edges between neighbours
 * are straight. Several results stand beside and below the last line, further inputs below it, where
 * labels never run into the text. Returns the height that leaves room for all.
 */
static double
place_ports (HeddleCanvasItem *self)
{
  double bottom = FIRST_PORT;

  for (guint i = 0; i < self->inputs->len; i++)
    {
      g_array_index (self->inputs, HeddleCanvasPort, i).y = i == 0 ? FIRST_PORT : SECOND_PORT + i * HEDDLE_CANVAS_PORT_STEP;
      bottom = MAX (bottom, g_array_index (self->inputs, HeddleCanvasPort, i).y);
    }
  for (guint i = 0; i < self->outputs->len; i++)
    {
      g_array_index (self->outputs, HeddleCanvasPort, i).y = self->outputs->len == 1 ? FIRST_PORT : SECOND_PORT + i * HEDDLE_CANVAS_PORT_STEP;
      bottom = MAX (bottom, g_array_index (self->outputs, HeddleCanvasPort, i).y);
    }
  return MAX (HEDDLE_CANVAS_CARD_HEIGHT, bottom + HEDDLE_CANVAS_PORT_STEP);
}

/* Where there is a text to read: what a model says, and what a workflow ends with. */
static const HeddleParamSpec *
find_text_param (const HeddleNodeType *type)
{
  if (type->category != HEDDLE_CATEGORY_MODELS && !(type->flags & HEDDLE_NODE_FINISH))
    return NULL;
  HEDDLE_FOREACH_PARAM (spec, type)
    if (spec->is_main && spec->kind == HEDDLE_PARAM_TEXT)
      return spec;
  return NULL;
}

/* The first characters as one paragraph: Pango counts the lines of each paragraph on its own. */
static char *
dup_paragraph (const char *text)
{
  g_autofree char *start = g_utf8_substring (text, 0, MIN (MAX_PREVIEW, g_utf8_strlen (text, -1)));
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
dup_preview (const HeddleNode *node, const HeddleParamSpec *spec)
{
  g_autoptr (JsonNode) value = heddle_params_dup_value (node->type, node->params, spec->name);

  if (!heddle_json_is_string (value) || *json_node_get_string (value) == '\0')
    return NULL;
  return dup_paragraph (json_node_get_string (value));
}

static void
update_known_node (HeddleCanvasItem *self, const HeddleNode *node)
{
  const HeddleParamSpec *text = find_text_param (node->type);

  add_inputs (self);
  add_outputs (self, node);
  if (node->type->describe != NULL)
    self->detail = node->type->describe (node->params);
  if (self->detail != NULL && *self->detail == '\0')
    g_clear_pointer (&self->detail, g_free);
  self->has_text_area = text != NULL;
  if (text != NULL)
    self->preview = dup_preview (node, text);
}

void
heddle_canvas_item_update_node (HeddleCanvasItem *self, const HeddleNode *node)
{
  g_array_set_size (self->inputs, 0);
  g_array_set_size (self->outputs, 0);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->detail, g_free);
  g_clear_pointer (&self->preview, g_free);
  heddle_canvas_item_drop_cache (self);

  self->type = node->type;
  self->index = node->index;
  self->title = g_strdup (heddle_node_get_title (node));
  self->width = HEDDLE_CANVAS_CARD_WIDTH;
  self->has_text_area = FALSE;
  if (node->type != NULL)
    {
      update_known_node (self, node);
    }
  else
    {
      add_placeholder_ports (self);
      self->detail = g_strdup_printf (_ ("Unknown node type “%s”"), node->type_id);
    }
  self->height = place_ports (self) + (self->has_text_area ? HEDDLE_CANVAS_TEXT_HEIGHT : 0);
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

/* A tool gets its arguments from the agent, so nothing flows into it; an edge that does nevertheless is shown. */
static gboolean
hide_ports (HeddleCanvasItem *self)
{
  gboolean changed = FALSE;

  for (guint i = 0; i < self->inputs->len; i++)
    {
      HeddleCanvasPort *port = &g_array_index (self->inputs, HeddleCanvasPort, i);
      guint hidden = self->role != NULL && !port->takes_tools && !has_edge_to (self, port);

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
  self->height = MAX (sanitize (annotation->height), 3 * HEDDLE_CANVAS_GRID_STEP);
  heddle_canvas_item_drop_cache (self);
}

static char *
format_duration (gint64 microseconds)
{
  double seconds = microseconds / 1e6;

  if (seconds < 1)
    return g_strdup_printf (_ ("%d ms"), (int) (microseconds / 1000));
  if (seconds < 60)
    return g_strdup_printf (_ ("%.1f s"), seconds);
  return g_strdup_printf (_ ("%d min %d s"), (int) (seconds / 60), (int) fmod (seconds, 60));
}

static gint64
get_elapsed (HeddleTrace *trace, HeddleSpan *span)
{
  gint64 start = heddle_span_get_start (span);
  gint64 end = heddle_span_get_end (span);

  if (start < 0)
    return -1;
  if (end < 0)
    end = heddle_trace_get_duration (trace);
  return MAX (end - start, 0);
}

/* A card has room for one of the two: what was spent, else how many tokens were free or have no price. */
static void
append_usage (GString *status, const HeddleSpanUsage *usage)
{
  g_autofree char *text = NULL;

  if (usage->cost > 0)
    text = heddle_money_format (usage->cost, FALSE, usage->estimated);
  else
    text = heddle_format_tokens (usage->output_tokens + MAX (usage->input_tokens, 0), usage->estimated);
  g_string_append_printf (status, " · %s%s", usage->cost > 0 && usage->cost_partly_unknown ? "≥ " : "", text);
}

static char *
make_status (HeddleTrace *trace, HeddleSpan *span)
{
  HeddleSpanState state = heddle_span_get_state (span);
  g_autoptr (GString) status = g_string_new (NULL);
  gint64 elapsed = get_elapsed (trace, span);
  HeddleSpanUsage usage;

  if (state != HEDDLE_SPAN_OK && state != HEDDLE_SPAN_RUNNING)
    g_string_append (status, heddle_span_state_get_title (state));
  if (elapsed >= 0 && state != HEDDLE_SPAN_SKIPPED)
    {
      g_autofree char *duration = format_duration (elapsed);

      g_string_append_printf (status, "%s%s", status->len > 0 ? " · " : "", duration);
    }
  if (heddle_span_get_usage (span, &usage) && usage.output_tokens >= 0)
    append_usage (status, &usage);
  return g_string_free (g_steal_pointer (&status), FALSE);
}

static char *
dup_result_text (HeddleSpan *span)
{
  JsonNode *output = heddle_json_member (heddle_span_get_attribute (span, "result"), "output");

  return output != NULL ? heddle_json_to_display (output) : g_strdup ("");
}

/* What the card has room for is the end of a stream, and the beginning of a finished text. */
static char *
make_text (HeddleSpan *span)
{
  const char *streamed = heddle_span_get_text (span);
  g_autofree char *text = *streamed != '\0' ? g_strdup (streamed) : dup_result_text (span);
  gsize length = strlen (text);
  const char *start = text;

  if (heddle_span_get_state (span) == HEDDLE_SPAN_RUNNING && length > MAX_PREVIEW)
    for (start = text + length - MAX_PREVIEW; (*start & 0xc0) == 0x80; start++)
      ;
  return dup_paragraph (start);
}

/* A tool has no span of its own: it shows its latest call, and how many there were. */
static HeddleSpan *
find_span (HeddleCanvasItem *self, HeddleTrace *trace, char **status)
{
  HeddleSpan *span = heddle_trace_find_node (trace, self->id);
  guint n_calls = 0;

  if (span == NULL)
    span = heddle_trace_find_call (trace, self->id, &n_calls);
  if (n_calls > 0)
    *status = g_strdup_printf (ngettext ("%u call", "%u calls", n_calls), n_calls);
  else if (span != NULL)
    *status = make_status (trace, span);
  return span;
}

gboolean
heddle_canvas_item_update_run (HeddleCanvasItem *self, HeddleTrace *trace)
{
  g_autofree char *status = NULL;
  HeddleSpan *span = trace != NULL ? find_span (self, trace, &status) : NULL;
  HeddleSpanState state = span != NULL ? heddle_span_get_state (span) : HEDDLE_SPAN_PENDING;
  g_autofree char *text = span != NULL && self->has_text_area ? make_text (span) : NULL;

  if (self->in_run == (trace != NULL) && state == self->state && g_strcmp0 (status, self->status) == 0 && g_strcmp0 (text, self->text) == 0)
    return FALSE;
  self->in_run = trace != NULL;
  self->state = state;
  g_free (self->status);
  g_free (self->text);
  self->status = g_steal_pointer (&status);
  self->text = g_steal_pointer (&text);
  heddle_canvas_item_drop_cache (self);
  return TRUE;
}

void
heddle_canvas_item_get_bounds (const HeddleCanvasItem *self, graphene_rect_t *bounds)
{
  graphene_rect_init (bounds, self->x, self->y, self->width, self->height);
}

static GArray *
get_ports (const HeddleCanvasItem *self, gboolean output)
{
  return output ? self->outputs : self->inputs;
}

int
heddle_canvas_item_find_port (const HeddleCanvasItem *self, gboolean output, const char *name)
{
  GArray *ports = get_ports (self, output);

  for (guint i = 0; i < ports->len; i++)
    if (g_strcmp0 (g_array_index (ports, HeddleCanvasPort, i).name, name) == 0)
      return i;
  return -1;
}

guint
heddle_canvas_item_get_n_ports (const HeddleCanvasItem *self, gboolean output)
{
  return get_ports (self, output)->len;
}

const HeddleCanvasPort *
heddle_canvas_item_get_port (const HeddleCanvasItem *self, gboolean output, guint port)
{
  g_assert (port < get_ports (self, output)->len);

  return &g_array_index (get_ports (self, output), HeddleCanvasPort, port);
}

void
heddle_canvas_item_get_port_position (const HeddleCanvasItem *self, gboolean output, int port, double *x, double *y)
{
  GArray *ports = get_ports (self, output);

  *x = output ? self->x + self->width : self->x;
  *y = self->y + (port >= 0 && (guint) port < ports->len ? g_array_index (ports, HeddleCanvasPort, port).y : FIRST_PORT);
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

HeddleCategory
heddle_canvas_item_get_category (const HeddleCanvasItem *self)
{
  return self->type != NULL ? self->type->category : HEDDLE_CATEGORY_FINISH;
}
