/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-trace-private.h"

#include <string.h>

#include "value/heddle-json.h"

static void
replace_text (char **place,
              const char *text)
{
  if (text == NULL)
    return;
  g_free (*place);
  *place = g_strdup (text);
}

/* What was kept of it when its process went is in its attempts. */
static void
begin_anew (HeddleTrace *self,
            HeddleSpan *span,
            gint64 time)
{
  span->is_interrupted = FALSE;
  span->end = -1;
  heddle_span_remove_attribute (span, "reason");
  g_clear_error (&span->error);
  heddle_trace_set_text (self, span, "");
  heddle_trace_set_state (self, span, HEDDLE_SPAN_READY, time);
  heddle_trace_touch (self, span, HEDDLE_SPAN_CHANGED_END);
}

HeddleSpan *
heddle_trace_ensure_node (HeddleTrace *self,
                          HeddleEvent *event)
{
  HeddleSpan *scope = heddle_trace_ensure_scope (self, event);
  HeddleSpan *span = heddle_trace_lookup (self, scope, event->node, 0);

  if (span == NULL)
    return heddle_trace_add_node (self, scope, event->node, event->time);
  if (span->is_interrupted)
    begin_anew (self, span, event->time);
  return span;
}

/* The same, but once it ended it begins again, with a bar of its own. */
static HeddleSpan *
ensure_open_node (HeddleTrace *self,
                  HeddleEvent *event)
{
  HeddleSpan *span = heddle_trace_ensure_node (self, event);

  return heddle_span_is_open (span) ? span : heddle_trace_add_node (self, heddle_span_get_scope_span (span), event->node, event->time);
}

static void
take_ready (HeddleTrace *self,
            HeddleEvent *event)
{
  HeddleSpan *span = ensure_open_node (self, event);

  if (span->state == HEDDLE_SPAN_PENDING)
    heddle_trace_set_state (self, span, HEDDLE_SPAN_READY, event->time);
}

void
heddle_trace_describe_node (HeddleSpan *span,
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
  HeddleSpan *span = ensure_open_node (self, event);

  heddle_trace_describe_node (span, event->data);
  heddle_span_merge_attributes (span, event->data, except);
  g_clear_error (&span->error);
  heddle_trace_start_span (self, span, event);
  heddle_trace_describe_container (self, span, event->data);
  heddle_trace_touch (self, span, HEDDLE_SPAN_CHANGED_OTHER);
}

/* What streams in belongs to a node that runs; late pieces of an older attempt do not count. */
static HeddleSpan *
streaming_node (HeddleTrace *self,
                HeddleEvent *event)
{
  HeddleSpan *span = heddle_trace_ensure_node (self, event);

  if (!heddle_span_is_open (span) || event->text == NULL || (event->attempt != 0 && event->attempt < span->attempt))
    return NULL;
  if (span->state != HEDDLE_SPAN_RUNNING || event->attempt > span->attempt)
    heddle_trace_start_span (self, span, event);
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
    heddle_trace_set_text (self, span, event->text);
}

/* So that people see how long it will be. */
static void
note_retry (HeddleSpan *span,
            HeddleEvent *event)
{
  JsonNode *delay = heddle_json_member (event->data, "delay");
  g_autoptr (JsonNode) at = NULL;

  if (!heddle_json_is_number (delay))
    return;
  at = heddle_json_int (event->time + json_node_get_int (delay) * 1000);
  heddle_span_set_attribute (span, "retry_at", at);
}

static void
take_retry (HeddleTrace *self,
            HeddleEvent *event)
{
  HeddleSpan *span = heddle_trace_ensure_node (self, event);

  if (!heddle_span_is_open (span))
    return;
  heddle_trace_start_span (self, span, event);
  heddle_trace_keep_attempt (span, heddle_json_member (event->data, "error"));
  heddle_trace_set_error (span, event->data);
  heddle_trace_set_text (self, span, "");
  note_retry (span, event);
  heddle_trace_set_state (self, span, HEDDLE_SPAN_RETRY, event->time);
  if (span->container == NULL)
    return;
  heddle_trace_close_inside (self, span, event->time);
  heddle_trace_forget_items (self, span);
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
  heddle_trace_close_inside (self, span, event->time);
  if (span->start >= 0)
    heddle_trace_set_end (self, span, state, event->time);
  else
    heddle_trace_set_state (self, span, state, event->time);
}

/* A result that was there already, or all there was when a limit was reached. */
static HeddleSpanState
judge_result (JsonNode *data)
{
  JsonNode *source = heddle_json_member (data, "source");

  if (source != NULL && JSON_NODE_HOLDS_OBJECT (source))
    return HEDDLE_SPAN_CACHED;
  return heddle_json_get_boolean (data, "limit", FALSE) ? HEDDLE_SPAN_LIMITED : HEDDLE_SPAN_OK;
}

static void
take_finished (HeddleTrace *self,
               HeddleEvent *event)
{
  static const char *const except[] = { "live", "title", "type", NULL };
  HeddleSpan *span = heddle_trace_ensure_node (self, event);

  if (!heddle_span_is_open (span))
    return;
  heddle_trace_describe_node (span, event->data);
  heddle_span_merge_attributes (span, event->data, except);
  g_clear_error (&span->error);
  /* Deltas are not stored, so a loaded run knows the text from its result alone; a live one does the same. */
  heddle_trace_set_final_text (self, span, heddle_json_member (heddle_json_member (event->data, "result"), "output"));
  end_node (self, span, event, judge_result (event->data));
}

static void
take_failed (HeddleTrace *self,
             HeddleEvent *event)
{
  static const char *const except[] = { "live", "error", NULL };
  HeddleSpan *span = heddle_trace_ensure_node (self, event);

  if (!heddle_span_is_open (span))
    return;
  heddle_span_merge_attributes (span, event->data, except);
  heddle_trace_set_error (span, event->data);
  end_node (self, span, event, heddle_json_member (event->data, "handled") != NULL ? HEDDLE_SPAN_HANDLED : HEDDLE_SPAN_FAILED);
}

/* Skipped or cancelled: the reason is an attribute, and the text when none was streamed. */
static void
take_left_out (HeddleTrace *self,
               HeddleEvent *event,
               HeddleSpanState state)
{
  HeddleSpan *span = heddle_trace_ensure_node (self, event);
  g_autoptr (JsonNode) reason = heddle_json_string (event->text != NULL ? event->text : "");

  if (!heddle_span_is_open (span))
    return;
  heddle_trace_describe_node (span, event->data);
  heddle_span_set_attribute (span, "reason", reason);
  if (*heddle_span_get_text (span) == '\0')
    heddle_trace_set_final_text (self, span, reason);
  end_node (self, span, event, state);
}

/* {"key", "time_us"}: from then on its effect may have happened. */
static void
take_intent (HeddleTrace *self,
             HeddleEvent *event)
{
  HeddleSpan *span = heddle_trace_ensure_node (self, event);
  g_autoptr (JsonNode) intent = NULL;
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "key", heddle_json_string (heddle_json_get_string (event->data, "key", "")));
  json_object_set_int_member (object, "time_us", event->time);
  intent = heddle_json_object (object);
  heddle_span_set_attribute (span, "intent", intent);
  heddle_trace_touch (self, span, HEDDLE_SPAN_CHANGED_OTHER);
}

static void
take_effect (HeddleTrace *self,
             HeddleEvent *event)
{
  HeddleSpan *span = heddle_trace_ensure_node (self, event);

  if (event->data == NULL || !JSON_NODE_HOLDS_OBJECT (event->data))
    return;
  heddle_span_add_effect (span, event->data);
  heddle_trace_touch (self, span, HEDDLE_SPAN_CHANGED_OTHER);
}

void
heddle_trace_take_node_event (HeddleTrace *self,
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
    case HEDDLE_EVENT_NODE_INTENT:
      take_intent (self, event);
      break;
    case HEDDLE_EVENT_NODE_EFFECT:
      take_effect (self, event);
      break;
    case HEDDLE_EVENT_NODE_PROGRESS:
      heddle_trace_report_progress (self, heddle_trace_ensure_node (self, event), event->data);
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
    case HEDDLE_EVENT_RUN_PAUSED:
    case HEDDLE_EVENT_RUN_UNPAUSED:
    case HEDDLE_EVENT_RUN_CONTINUED:
    case HEDDLE_EVENT_RUN_FINISHED:
    default:
      break;
    }
}
