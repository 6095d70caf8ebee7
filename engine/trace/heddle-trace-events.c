/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-trace-private.h"

#include <string.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

/*
 * Events may come from a damaged or a foreign file. What makes no sense is passed over; what is
 * missing is filled in, such as the node around a span; nothing here relies on their order.
 */

/* Spans nested deeper than this hang on their node instead. */
#define MAX_DEPTH 64

static HeddleSpan *
find_span (HeddleTrace *self,
           HeddleEvent *event,
           guint64 id)
{
  HeddleSpanKey key = { event->node, id };

  return id == 0 ? NULL : g_hash_table_lookup (self->spans, &key);
}

static void
replace_text (char **place,
              const char *text)
{
  if (text == NULL)
    return;
  g_free (*place);
  *place = g_strdup (text);
}

static void
set_state (HeddleTrace *self,
           HeddleSpan *span,
           HeddleSpanState state)
{
  if (span->state == state)
    return;
  span->state = state;
  heddle_trace_touch (self, span, HEDDLE_SPAN_CHANGED_STATE);
}

static void
set_end (HeddleTrace *self,
         HeddleSpan *span,
         HeddleSpanState state,
         gint64 time)
{
  set_state (self, span, state);
  span->end = MAX (time, span->start);
  heddle_trace_touch (self, span, HEDDLE_SPAN_CHANGED_END);
}

static void
set_error (HeddleSpan *span,
           JsonNode *data)
{
  JsonNode *error = heddle_json_member (data, "error");

  g_clear_error (&span->error);
  if (!heddle_json_is_null (error))
    span->error = heddle_error_from_json (error);
}

static void
set_final_text (HeddleTrace *self,
                HeddleSpan *span,
                JsonNode *text)
{
  g_clear_pointer (&span->final_text, json_node_unref);
  if (heddle_json_is_string (text))
    span->final_text = json_node_ref (text);
  if (span->text != NULL)
    g_string_free (g_steal_pointer (&span->text), TRUE);
  heddle_trace_touch (self, span, HEDDLE_SPAN_CHANGED_TEXT);
}

static void
set_text (HeddleTrace *self,
          HeddleSpan *span,
          const char *text)
{
  if (strcmp (heddle_span_get_text (span), text) == 0)
    return;
  g_clear_pointer (&span->final_text, json_node_unref);
  if (span->text == NULL)
    span->text = g_string_new (NULL);
  g_string_assign (span->text, text);
  heddle_trace_touch (self, span, HEDDLE_SPAN_CHANGED_TEXT);
}

static HeddleSpan *
add_node (HeddleTrace *self,
          HeddleEvent *event)
{
  HeddleSpan *span = heddle_span_new ("node", event->node, event->node, self->root);

  span->order = event->time;
  g_hash_table_insert (self->nodes, (gpointer) span->node_id, span); /* takes it */
  return span;
}

/* The node of the event, made when its beginning is missing; once it ended, only a start begins anew. */
static HeddleSpan *
ensure_node (HeddleTrace *self,
             HeddleEvent *event)
{
  HeddleSpan *span = g_hash_table_lookup (self->nodes, event->node);

  return span != NULL ? span : add_node (self, event);
}

static void
start_span (HeddleTrace *self,
            HeddleSpan *span,
            HeddleEvent *event)
{
  span->attempt = MAX (span->attempt, event->attempt);
  set_state (self, span, HEDDLE_SPAN_RUNNING);
  if (span->start < 0)
    {
      span->start = MAX (event->time, 0);
      span->order = span->start;
    }
  heddle_trace_list (self, span);
}

static void
take_ready (HeddleTrace *self,
            HeddleEvent *event)
{
  HeddleSpan *span = g_hash_table_lookup (self->nodes, event->node);

  if (span == NULL || !heddle_span_is_open (span))
    span = add_node (self, event);
  if (span->state == HEDDLE_SPAN_PENDING)
    set_state (self, span, HEDDLE_SPAN_READY);
}

/* What the event says of the node itself. */
static void
describe_node (HeddleSpan *span,
               JsonNode *data)
{
  replace_text (&span->name, heddle_json_get_string (data, "title", NULL));
  replace_text (&span->type_id, heddle_json_get_string (data, "type", NULL));
}

static void
take_started (HeddleTrace *self,
              HeddleEvent *event)
{
  static const char *const except[] = { "title", "type", NULL };
  HeddleSpan *span = ensure_node (self, event);

  if (!heddle_span_is_open (span))
    span = add_node (self, event);
  describe_node (span, event->data);
  heddle_span_merge_attributes (span, event->data, except);
  g_clear_error (&span->error);
  start_span (self, span, event);
  heddle_trace_touch (self, span, HEDDLE_SPAN_CHANGED_OTHER);
}

/* What streams in belongs to a node that runs; late pieces of an older attempt do not count. */
static HeddleSpan *
streaming_node (HeddleTrace *self,
                HeddleEvent *event)
{
  HeddleSpan *span = ensure_node (self, event);

  if (!heddle_span_is_open (span) || event->text == NULL || (event->attempt != 0 && event->attempt < span->attempt))
    return NULL;
  if (span->state != HEDDLE_SPAN_RUNNING || event->attempt > span->attempt)
    start_span (self, span, event);
  return span;
}

static void
take_delta (HeddleTrace *self,
            HeddleEvent *event)
{
  HeddleSpan *span = streaming_node (self, event);

  if (span == NULL)
    return;
  if (span->text == NULL)
    span->text = g_string_new (NULL);
  g_string_append (span->text, event->text);
  heddle_trace_touch (self, span, HEDDLE_SPAN_CHANGED_TEXT);
}

static void
take_partial (HeddleTrace *self,
              HeddleEvent *event)
{
  HeddleSpan *span = streaming_node (self, event);

  if (span != NULL)
    set_text (self, span, event->text);
}

/* Keeps the attempt that failed: {"attempt", "error", "text"} is added to the attribute "attempts". */
static void
keep_attempt (HeddleSpan *span,
              JsonNode *data)
{
  JsonNode *before = heddle_span_get_attribute (span, "attempts");
  JsonNode *error = heddle_json_member (data, "error");
  g_autoptr (JsonNode) attempts = NULL;
  JsonArray *array = json_array_new ();
  JsonObject *attempt = json_object_new ();

  if (before != NULL && JSON_NODE_HOLDS_ARRAY (before))
    {
      for (guint i = 0; i < json_array_get_length (json_node_get_array (before)); i++)
        json_array_add_element (array, json_node_ref (json_array_get_element (json_node_get_array (before), i)));
    }
  json_object_set_int_member (attempt, "attempt", span->attempt);
  if (error != NULL)
    json_object_set_member (attempt, "error", json_node_ref (error));
  json_object_set_member (attempt, "text", heddle_json_string (heddle_span_get_text (span)));
  json_array_add_element (array, heddle_json_object (attempt));
  attempts = heddle_json_array (array);
  heddle_span_set_attribute (span, "attempts", attempts);
}

static void
take_retry (HeddleTrace *self,
            HeddleEvent *event)
{
  HeddleSpan *span = ensure_node (self, event);

  if (!heddle_span_is_open (span))
    return;
  start_span (self, span, event);
  keep_attempt (span, event->data);
  set_error (span, event->data);
  set_text (self, span, "");
  set_state (self, span, HEDDLE_SPAN_RETRY);
}

/* What is still open inside a node that ended. */
static void
close_children (HeddleTrace *self,
                HeddleSpan *span,
                gint64 time)
{
  for (guint i = 0; i < span->children->len; i++)
    {
      HeddleSpan *child = span->children->pdata[i];

      if (heddle_span_is_open (child))
        set_end (self, child, HEDDLE_SPAN_CANCELLED, time);
    }
}

static void
end_node (HeddleTrace *self,
          HeddleSpan *span,
          HeddleEvent *event,
          HeddleSpanState state)
{
  JsonNode *live = heddle_json_member (event->data, "live");

  if (span->iter == NULL)
    span->order = event->time;
  span->attempt = MAX (span->attempt, event->attempt);
  g_clear_pointer (&span->live, json_node_unref);
  if (live != NULL && JSON_NODE_HOLDS_ARRAY (live))
    span->live = json_node_ref (live);
  heddle_trace_list (self, span);
  if (span->start >= 0)
    set_end (self, span, state, event->time);
  else
    set_state (self, span, state);
  close_children (self, span, event->time);
}

static void
take_finished (HeddleTrace *self,
               HeddleEvent *event)
{
  static const char *const except[] = { "live", NULL };
  HeddleSpan *span = ensure_node (self, event);

  if (!heddle_span_is_open (span))
    return;
  heddle_span_merge_attributes (span, event->data, except);
  g_clear_error (&span->error);
  /* Deltas are not stored, so a loaded run knows the text from its result alone; a live one does the same. */
  set_final_text (self, span, heddle_json_member (heddle_json_member (event->data, "result"), "output"));
  end_node (self, span, event, HEDDLE_SPAN_OK);
}

static void
take_failed (HeddleTrace *self,
             HeddleEvent *event)
{
  static const char *const except[] = { "live", "error", NULL };
  HeddleSpan *span = ensure_node (self, event);

  if (!heddle_span_is_open (span))
    return;
  heddle_span_merge_attributes (span, event->data, except);
  set_error (span, event->data);
  end_node (self, span, event, heddle_json_member (event->data, "handled") != NULL ? HEDDLE_SPAN_HANDLED : HEDDLE_SPAN_FAILED);
}

/* Skipped or cancelled: the reason is an attribute, and the text when none was streamed. */
static void
take_left_out (HeddleTrace *self,
               HeddleEvent *event,
               HeddleSpanState state)
{
  HeddleSpan *span = ensure_node (self, event);
  g_autoptr (JsonNode) reason = heddle_json_string (event->text != NULL ? event->text : "");

  if (!heddle_span_is_open (span))
    return;
  describe_node (span, event->data);
  heddle_span_set_attribute (span, "reason", reason);
  if (*heddle_span_get_text (span) == '\0')
    set_final_text (self, span, reason);
  end_node (self, span, event, state);
}

static HeddleSpan *
choose_parent (HeddleTrace *self,
               HeddleEvent *event)
{
  HeddleSpan *parent = find_span (self, event, event->parent);

  if (parent != NULL && parent->depth < MAX_DEPTH)
    return parent;
  if (event->node == NULL)
    return self->root;
  parent = ensure_node (self, event);
  if (heddle_span_is_open (parent) && parent->iter == NULL)
    start_span (self, parent, event);
  else
    heddle_trace_list (self, parent);
  return parent;
}

static void
merge_span_data (HeddleTrace *self,
                 HeddleSpan *span,
                 JsonNode *data)
{
  static const char *const except[] = { "kind", "error", NULL };
  JsonNode *usage = heddle_json_member (data, "usage");

  heddle_span_merge_attributes (span, data, except);
  heddle_trace_touch (self, span, HEDDLE_SPAN_CHANGED_OTHER);
  if (usage == NULL || !JSON_NODE_HOLDS_OBJECT (usage))
    return;
  heddle_span_set_own_usage (span, usage);
  for (HeddleSpan *above = span; above != NULL; above = above->parent)
    heddle_trace_touch (self, above, HEDDLE_SPAN_CHANGED_USAGE);
}

/* The canvas shows a tool by its calls. */
static void
note_call (HeddleTrace *self,
           HeddleSpan *span)
{
  const char *node = strcmp (span->kind, "tool") == 0 ? heddle_span_get_tool_node (span) : NULL;
  GPtrArray *calls;

  if (node == NULL)
    return;
  calls = g_hash_table_lookup (self->calls, node);
  if (calls == NULL)
    {
      calls = g_ptr_array_new ();
      g_hash_table_insert (self->calls, (gpointer) node, calls);
    }
  g_ptr_array_add (calls, span);
}

static void
take_span_started (HeddleTrace *self,
                   HeddleEvent *event)
{
  HeddleSpanKey key = { event->node, event->span };
  HeddleSpan *span;

  if (event->span == 0 || find_span (self, event, event->span) != NULL)
    return;
  span = heddle_span_new (heddle_json_get_string (event->data, "kind", "span"), event->text != NULL ? event->text : "",
                          event->node, choose_parent (self, event));
  span->id = event->span;
  g_hash_table_insert (self->spans, g_memdup2 (&key, sizeof key), span); /* takes it */
  start_span (self, span, event);
  merge_span_data (self, span, event->data);
  note_call (self, span);
}

static void
take_span_updated (HeddleTrace *self,
                   HeddleEvent *event)
{
  HeddleSpan *span = find_span (self, event, event->span);

  if (span != NULL)
    merge_span_data (self, span, event->data);
}

static void
take_span_finished (HeddleTrace *self,
                    HeddleEvent *event)
{
  HeddleSpan *span = find_span (self, event, event->span);

  if (span == NULL || !heddle_span_is_open (span))
    return;
  merge_span_data (self, span, event->data);
  set_error (span, event->data);
  if (heddle_error_is_cancelled (span->error))
    set_end (self, span, HEDDLE_SPAN_CANCELLED, event->time);
  else
    set_end (self, span, span->error == NULL ? HEDDLE_SPAN_OK : HEDDLE_SPAN_FAILED, event->time);
}

/* Who asks waits: the node, and what in it asks. */
static void
take_question (HeddleTrace *self,
               HeddleEvent *event,
               HeddleSpanState from,
               HeddleSpanState to)
{
  HeddleSpan *node = event->node != NULL ? ensure_node (self, event) : NULL;
  HeddleSpan *span = find_span (self, event, event->span);

  if (node != NULL && node->state == from)
    set_state (self, node, to);
  if (span != NULL && span->state == from)
    set_state (self, span, to);
}

static void
take_run_started (HeddleTrace *self,
                  HeddleEvent *event)
{
  static const char *const except[] = { "name", NULL };

  replace_text (&self->root->name, heddle_json_get_string (event->data, "name", NULL));
  heddle_span_merge_attributes (self->root, event->data, except);
  heddle_trace_touch (self, self->root, HEDDLE_SPAN_CHANGED_OTHER);
}

static HeddleRunState
read_run_state (JsonNode *data)
{
  const char *text = heddle_json_get_string (data, "state", "");

  if (strcmp (text, "ok") == 0)
    return HEDDLE_RUN_OK;
  if (strcmp (text, "failed") == 0)
    return HEDDLE_RUN_FAILED;
  if (strcmp (text, "cancelled") == 0)
    return HEDDLE_RUN_CANCELLED;
  return HEDDLE_RUN_INTERRUPTED;
}

static void
close_all (HeddleTrace *self,
           gint64 time)
{
  GHashTableIter iter;
  gpointer span;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, &span))
    {
      if (heddle_span_is_open (span))
        set_end (self, span, HEDDLE_SPAN_CANCELLED, time);
    }
  g_hash_table_iter_init (&iter, self->spans);
  while (g_hash_table_iter_next (&iter, NULL, &span))
    {
      if (heddle_span_is_open (span))
        set_end (self, span, HEDDLE_SPAN_CANCELLED, time);
    }
}

static void
take_run_finished (HeddleTrace *self,
                   HeddleEvent *event)
{
  static const char *const except[] = { "state", "error", "note", NULL };
  static const HeddleSpanState span_states[] = {
    [HEDDLE_RUN_OK] = HEDDLE_SPAN_OK,
    [HEDDLE_RUN_FAILED] = HEDDLE_SPAN_FAILED,
    [HEDDLE_RUN_CANCELLED] = HEDDLE_SPAN_CANCELLED,
    [HEDDLE_RUN_INTERRUPTED] = HEDDLE_SPAN_CANCELLED,
  };
  JsonNode *output = heddle_json_member (event->data, "output");

  self->state = read_run_state (event->data);
  self->state_changed = TRUE;
  self->note = g_strdup (heddle_json_get_string (event->data, "note", NULL));
  if (output != NULL)
    self->output = json_node_ref (output);
  heddle_span_merge_attributes (self->root, event->data, except);
  set_error (self->root, event->data);
  close_all (self, event->time);
  set_end (self, self->root, span_states[self->state], event->time);
}

static void
take_node_event (HeddleTrace *self,
                 HeddleEvent *event)
{
  switch (event->kind)
    {
    case HEDDLE_EVENT_NODE_READY:
      take_ready (self, event);
      break;
    case HEDDLE_EVENT_NODE_STARTED:
      take_started (self, event);
      break;
    case HEDDLE_EVENT_NODE_DELTA:
      take_delta (self, event);
      break;
    case HEDDLE_EVENT_NODE_PARTIAL:
      take_partial (self, event);
      break;
    case HEDDLE_EVENT_NODE_RETRY:
      take_retry (self, event);
      break;
    case HEDDLE_EVENT_NODE_FINISHED:
      take_finished (self, event);
      break;
    case HEDDLE_EVENT_NODE_FAILED:
      take_failed (self, event);
      break;
    case HEDDLE_EVENT_NODE_SKIPPED:
      take_left_out (self, event, HEDDLE_SPAN_SKIPPED);
      break;
    case HEDDLE_EVENT_NODE_CANCELLED:
      take_left_out (self, event, HEDDLE_SPAN_CANCELLED);
      break;
    case HEDDLE_EVENT_RUN_STARTED:
    case HEDDLE_EVENT_SPAN_STARTED:
    case HEDDLE_EVENT_SPAN_UPDATED:
    case HEDDLE_EVENT_SPAN_FINISHED:
    case HEDDLE_EVENT_RUN_ASKED:
    case HEDDLE_EVENT_RUN_ANSWERED:
    case HEDDLE_EVENT_RUN_FINISHED:
    default:
      break;
    }
}

void
heddle_trace_take_event (HeddleTrace *self,
                         HeddleEvent *event)
{
  if (self->state != HEDDLE_RUN_RUNNING)
    return;
  self->last_time = MAX (self->last_time, event->time);
  if (event->kind == HEDDLE_EVENT_RUN_STARTED)
    take_run_started (self, event);
  else if (event->kind == HEDDLE_EVENT_RUN_FINISHED)
    take_run_finished (self, event);
  else if (event->kind == HEDDLE_EVENT_SPAN_STARTED)
    take_span_started (self, event);
  else if (event->kind == HEDDLE_EVENT_SPAN_UPDATED)
    take_span_updated (self, event);
  else if (event->kind == HEDDLE_EVENT_SPAN_FINISHED)
    take_span_finished (self, event);
  else if (event->kind == HEDDLE_EVENT_RUN_ASKED)
    take_question (self, event, HEDDLE_SPAN_RUNNING, HEDDLE_SPAN_ASKING);
  else if (event->kind == HEDDLE_EVENT_RUN_ANSWERED)
    take_question (self, event, HEDDLE_SPAN_ASKING, HEDDLE_SPAN_RUNNING);
  else if (event->node != NULL)
    take_node_event (self, event);
}
