/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-trace-private.h"

#include <string.h>

#include "value/heddle-json.h"

void
heddle_trace_set_state (HeddleTrace *self,
                        HeddleSpan *span,
                        HeddleSpanState state,
                        gint64 time)
{
  HeddleSpanState before = span->state;

  if (before == state)
    return;
  span->state = state;
  heddle_trace_touch (self, span, HEDDLE_SPAN_CHANGED_STATE);
  if (span->parent != NULL && span->parent->item != NULL)
    heddle_trace_count_node (self, span->parent, before, state, time);
}

void
heddle_trace_set_end (HeddleTrace *self,
                      HeddleSpan *span,
                      HeddleSpanState state,
                      gint64 time)
{
  span->end = MAX (time, span->start);
  heddle_trace_touch (self, span, HEDDLE_SPAN_CHANGED_END);
  heddle_trace_set_state (self, span, state, time);
}

void
heddle_trace_start_span (HeddleTrace *self,
                         HeddleSpan *span,
                         HeddleEvent *event)
{
  span->attempt = MAX (span->attempt, event->attempt);
  heddle_trace_set_state (self, span, HEDDLE_SPAN_RUNNING, event->time);
  if (span->start < 0)
    {
      span->start = MAX (event->time, 0);
      span->order = span->start;
    }
  heddle_trace_list (self, span);
}

void
heddle_trace_set_error (HeddleSpan *span,
                        JsonNode *data)
{
  JsonNode *error = heddle_json_member (data, "error");

  g_clear_error (&span->error);
  if (!heddle_json_is_null (error))
    span->error = heddle_error_from_json (error);
}

void
heddle_trace_set_final_text (HeddleTrace *self,
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

void
heddle_trace_set_text (HeddleTrace *self,
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

void
heddle_trace_keep_attempt (HeddleSpan *span,
                           JsonNode *error)
{
  JsonNode *before = heddle_span_get_attribute (span, "attempts");
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

/* Items end with the nodes in them, some of which are not listed yet. */
void
heddle_trace_close_inside (HeddleTrace *self,
                           HeddleSpan *span,
                           gint64 time)
{
  GPtrArray *inside = span->item != NULL ? span->item->nodes : span->children;

  for (guint i = 0; i < inside->len; i++)
    {
      HeddleSpan *child = inside->pdata[i];

      heddle_trace_close_inside (self, child, time);
      if (heddle_span_is_open (child) && child->item == NULL)
        heddle_trace_set_end (self, child, HEDDLE_SPAN_CANCELLED, time);
    }
}
