/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-node-run-private.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

typedef struct
{
  guint64 id;
  HeddleNodeRun *owner; /* who began it: a step, or a call of a tool within it */
  gboolean is_tool;
  JsonNode *usage; /* the latest told, or NULL */
} OpenSpan;

static void
clear_span (gpointer data)
{
  g_clear_pointer (&((OpenSpan *) data)->usage, json_node_unref);
}

static OpenSpan *
find_span (HeddleNodeRun *self, guint64 id, guint *index)
{
  GArray *spans = heddle_node_run_get_root (self)->spans;

  for (guint i = 0; spans != NULL && i < spans->len; i++)
    {
      OpenSpan *span = &g_array_index (spans, OpenSpan, i);

      if (span->id == id)
        {
          *index = i;
          return span;
        }
    }
  return NULL;
}

static void
take_usage (OpenSpan *span, JsonNode *attributes)
{
  JsonNode *usage = heddle_json_member (attributes, "usage");

  if (usage == NULL)
    return;
  g_clear_pointer (&span->usage, json_node_unref);
  span->usage = json_node_ref (usage);
}

static void
emit_span (HeddleNodeRun *self, HeddleScheduler *scheduler, HeddleEventKind kind, guint64 id, JsonNode *data)
{
  HeddleEvent *event = heddle_node_run_new_event (heddle_node_run_get_root (self), kind);

  event->span = id;
  event->data = data;
  heddle_scheduler_emit (scheduler, event);
}

guint64
heddle_node_run_begin_span (HeddleNodeRun *self, const char *kind, const char *name, guint64 parent, JsonNode *attributes)
{
  g_autoptr (JsonNode) owned = attributes;
  HeddleNodeRun *root;
  OpenSpan span = { .owner = self, .is_tool = g_strcmp0 (kind, "tool") == 0 };
  HeddleEvent *event;
  JsonObject *data;

  g_return_val_if_fail (self != NULL && kind != NULL && name != NULL, 0);

  if (self->scheduler == NULL || self->ended)
    return 0;
  root = heddle_node_run_get_root (self);
  if (root->spans == NULL)
    {
      root->spans = g_array_new (FALSE, FALSE, sizeof (OpenSpan));
      g_array_set_clear_func (root->spans, clear_span);
    }
  span.id = heddle_scheduler_next_span (self->scheduler);
  take_usage (&span, attributes);
  heddle_scheduler_report_usage (self->scheduler, span.id, span.usage, FALSE);
  g_array_append_val (root->spans, span);

  data = json_object_new ();
  json_object_set_string_member (data, "kind", kind);
  heddle_node_run_merge (data, attributes);
  event = heddle_node_run_new_event (root, HEDDLE_EVENT_SPAN_STARTED);
  event->span = span.id;
  event->parent = parent != 0 ? parent : self->base;
  event->text = g_strdup (name);
  event->data = heddle_json_object (data);
  heddle_scheduler_emit (self->scheduler, event);
  return span.id;
}

void
heddle_node_run_update_span (HeddleNodeRun *self, guint64 id, JsonNode *attributes)
{
  g_autoptr (JsonNode) owned = attributes;
  OpenSpan *span;
  guint index;

  g_return_if_fail (self != NULL && attributes != NULL);

  span = self->scheduler != NULL ? find_span (self, id, &index) : NULL;
  if (span == NULL)
    return;
  take_usage (span, attributes);
  heddle_scheduler_report_usage (self->scheduler, id, heddle_json_member (attributes, "usage"), FALSE);
  json_node_seal (owned);
  emit_span (self, self->scheduler, HEDDLE_EVENT_SPAN_UPDATED, id, g_steal_pointer (&owned));
}

static void
end_span (HeddleNodeRun *self, HeddleScheduler *scheduler, OpenSpan *span, guint index, JsonNode *attributes, const GError *error)
{
  JsonObject *data = json_object_new ();
  guint64 id = span->id;

  take_usage (span, attributes);
  heddle_scheduler_report_usage (scheduler, id, span->usage, TRUE);
  g_array_remove_index (heddle_node_run_get_root (self)->spans, index);
  heddle_node_run_merge (data, attributes);
  if (error != NULL)
    json_object_set_member (data, "error", heddle_error_to_json (error));
  emit_span (self, scheduler, HEDDLE_EVENT_SPAN_FINISHED, id, heddle_json_object (data));
}

void
heddle_node_run_end_span (HeddleNodeRun *self, guint64 id, JsonNode *attributes, const GError *error)
{
  g_autoptr (JsonNode) owned = attributes;
  OpenSpan *span;
  guint index;

  g_return_if_fail (self != NULL);

  span = self->scheduler != NULL ? find_span (self, id, &index) : NULL;
  if (span != NULL)
    end_span (self, self->scheduler, span, index, attributes, error);
}

static gboolean
is_within (HeddleNodeRun *owner, HeddleNodeRun *self)
{
  for (; owner != NULL; owner = owner->caller)
    {
      if (owner == self)
        return TRUE;
    }
  return FALSE;
}

/* What a model would have been told of a call that got no answer; so each call in the trace has one. */
static JsonNode *
unanswered (const GError *error)
{
  JsonObject *attributes = json_object_new ();

  json_object_set_member (attributes, "result", heddle_json_string (error != NULL ? error->message : _ ("There was no answer.")));
  json_object_set_boolean_member (attributes, "is_error", TRUE);
  return heddle_json_object (attributes);
}

void
heddle_node_run_close_spans (HeddleNodeRun *self, HeddleScheduler *scheduler, const GError *error)
{
  GArray *spans = heddle_node_run_get_root (self)->spans;

  /* Innermost first. */
  for (guint i = spans != NULL ? spans->len : 0; i > 0; i--)
    {
      OpenSpan *span = &g_array_index (spans, OpenSpan, i - 1);
      g_autoptr (JsonNode) attributes = span->is_tool ? unanswered (error) : NULL;

      if (is_within (span->owner, self))
        end_span (self, scheduler, span, i - 1, attributes, error);
    }
}
