/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-trace-private.h"

#include <string.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

/*
 * Events may come from a damaged or a foreign file. What makes no sense is passed over; what is
 * missing is filled in, such as the node around a span; nothing here relies on their order.
 */

/* Spans nested deeper than this in a node hang on the node instead. */
#define MAX_DEPTH 64

static HeddleSpan *
find_span (HeddleTrace *self,
           HeddleEvent *event,
           guint64 id)
{
  HeddleSpan *scope = event->scope != NULL && event->node != NULL ? heddle_trace_ensure_scope (self, event) : NULL;

  return id == 0 ? NULL : heddle_trace_lookup (self, scope, event->node, id);
}

static HeddleSpan *
choose_parent (HeddleTrace *self,
               HeddleEvent *event)
{
  HeddleSpan *node = event->node != NULL ? heddle_trace_ensure_node (self, event) : self->root;
  HeddleSpan *parent = find_span (self, event, event->parent);

  if (parent != NULL && parent->depth < node->depth + MAX_DEPTH)
    return parent;
  if (heddle_span_is_open (node) && node->iter == NULL)
    heddle_trace_start_span (self, node, event);
  else
    heddle_trace_list (self, node);
  return node;
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
  HeddleSpan *scope = heddle_span_get_scope_span (span);
  HeddleSpanKey key = { scope, strcmp (span->kind, "tool") == 0 ? heddle_span_get_tool_node (span) : NULL, 0 };
  GPtrArray *calls;

  if (key.node == NULL)
    return;
  calls = g_hash_table_lookup (self->calls, &key);
  if (calls == NULL)
    {
      calls = g_ptr_array_new ();
      g_hash_table_insert (self->calls, g_memdup2 (&key, sizeof key), calls);
    }
  g_ptr_array_add (calls, span);
  if (scope != NULL)
    g_hash_table_insert (self->homes, (gpointer) key.node, (gpointer) scope->node_id);
}

static void
take_span_started (HeddleTrace *self,
                   HeddleEvent *event)
{
  HeddleSpan *span;

  if (event->span == 0 || find_span (self, event, event->span) != NULL)
    return;
  span = heddle_span_new (heddle_json_get_string (event->data, "kind", "span"), event->text != NULL ? event->text : "",
                          event->node, choose_parent (self, event));
  span->id = event->span;
  heddle_trace_register (self, span);
  heddle_trace_start_span (self, span, event);
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
  heddle_trace_set_error (span, event->data);
  if (heddle_error_is_cancelled (span->error))
    heddle_trace_set_end (self, span, HEDDLE_SPAN_CANCELLED, event->time);
  else
    heddle_trace_set_end (self, span, span->error == NULL ? HEDDLE_SPAN_OK : HEDDLE_SPAN_FAILED, event->time);
}

/* Who asks waits: the node, and what in it asks. */
static void
take_asked (HeddleTrace *self,
            HeddleEvent *event)
{
  gboolean doubt = g_strcmp0 (heddle_json_get_string (event->data, "kind", NULL), "in-doubt") == 0;
  HeddleSpanState state = doubt ? HEDDLE_SPAN_DOUBT : HEDDLE_SPAN_ASKING;
  HeddleSpan *node = event->node != NULL ? heddle_trace_ensure_node (self, event) : NULL;
  HeddleSpan *span = find_span (self, event, event->span);

  if (node != NULL && (node->state == HEDDLE_SPAN_RUNNING || (doubt && heddle_span_is_open (node))))
    {
      heddle_trace_set_state (self, node, state, event->time);
      heddle_trace_list (self, node);
    }
  if (span != NULL && span->state == HEDDLE_SPAN_RUNNING)
    heddle_trace_set_state (self, span, state, event->time);
}

static gboolean
is_waiting (HeddleSpan *span)
{
  return span->state == HEDDLE_SPAN_ASKING || span->state == HEDDLE_SPAN_DOUBT;
}

static void
take_answered (HeddleTrace *self,
               HeddleEvent *event)
{
  HeddleSpan *node = event->node != NULL ? heddle_trace_ensure_node (self, event) : NULL;
  HeddleSpan *span = find_span (self, event, event->span);

  if (node != NULL && is_waiting (node))
    heddle_trace_set_state (self, node, node->start >= 0 ? HEDDLE_SPAN_RUNNING : HEDDLE_SPAN_READY, event->time);
  if (span != NULL && is_waiting (span))
    heddle_trace_set_state (self, span, HEDDLE_SPAN_RUNNING, event->time);
}

static void
take_run_started (HeddleTrace *self,
                  HeddleEvent *event)
{
  static const char *const except[] = { "name", NULL };

  const char *name = heddle_json_get_string (event->data, "name", NULL);

  if (name != NULL)
    {
      g_free (self->root->name);
      self->root->name = g_strdup (name);
    }
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
  g_free (self->note);
  self->note = g_strdup (heddle_json_get_string (event->data, "note", NULL));
  g_clear_pointer (&self->output, json_node_unref);
  if (output != NULL)
    self->output = json_node_ref (output);
  heddle_span_merge_attributes (self->root, event->data, except);
  heddle_trace_set_error (self->root, event->data);
  if (self->state == HEDDLE_RUN_INTERRUPTED)
    heddle_trace_interrupt (self, event->time);
  else
    heddle_trace_end_all (self, event->time);
  heddle_trace_set_end (self, self->root, span_states[self->state], event->time);
}

void
heddle_trace_take_event (HeddleTrace *self,
                         HeddleEvent *event)
{
  /* What was written before the process went may come after a word that says so. */
  if (event->kind == HEDDLE_EVENT_RUN_CONTINUED && (self->state == HEDDLE_RUN_RUNNING || self->state == HEDDLE_RUN_INTERRUPTED))
    heddle_trace_take_continued (self, event);
  if (self->state != HEDDLE_RUN_RUNNING && !self->is_restoring)
    return;
  self->last_time = MAX (self->last_time, event->time);
  switch (event->kind)
    {
    case HEDDLE_EVENT_RUN_STARTED:
      take_run_started (self, event);
      break;
    case HEDDLE_EVENT_RUN_FINISHED:
      take_run_finished (self, event);
      break;
    case HEDDLE_EVENT_SPAN_STARTED:
      take_span_started (self, event);
      break;
    case HEDDLE_EVENT_SPAN_UPDATED:
      take_span_updated (self, event);
      break;
    case HEDDLE_EVENT_SPAN_FINISHED:
      take_span_finished (self, event);
      break;
    case HEDDLE_EVENT_RUN_ASKED:
      take_asked (self, event);
      break;
    case HEDDLE_EVENT_RUN_ANSWERED:
      take_answered (self, event);
      break;
    case HEDDLE_EVENT_RUN_PAUSED:
      heddle_trace_take_paused (self, event);
      break;
    case HEDDLE_EVENT_RUN_UNPAUSED:
      heddle_trace_take_unpaused (self, event);
      break;
    case HEDDLE_EVENT_RUN_CONTINUED:
      break;
    case HEDDLE_EVENT_NODE_READY:
    case HEDDLE_EVENT_NODE_STARTED:
    case HEDDLE_EVENT_NODE_DELTA:
    case HEDDLE_EVENT_NODE_PARTIAL:
    case HEDDLE_EVENT_NODE_RETRY:
    case HEDDLE_EVENT_NODE_INTENT:
    case HEDDLE_EVENT_NODE_EFFECT:
    case HEDDLE_EVENT_NODE_PROGRESS:
    case HEDDLE_EVENT_NODE_FINISHED:
    case HEDDLE_EVENT_NODE_FAILED:
    case HEDDLE_EVENT_NODE_SKIPPED:
    case HEDDLE_EVENT_NODE_CANCELLED:
    default:
      if (event->node != NULL)
        heddle_trace_take_node_event (self, event);
      break;
    }
}
