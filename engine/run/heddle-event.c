/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-event.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const kind_names[] = {
  [HEDDLE_EVENT_RUN_STARTED] = "run.started",
  [HEDDLE_EVENT_NODE_READY] = "node.ready",
  [HEDDLE_EVENT_NODE_STARTED] = "node.started",
  [HEDDLE_EVENT_NODE_DELTA] = "node.delta",
  [HEDDLE_EVENT_NODE_PARTIAL] = "node.partial",
  [HEDDLE_EVENT_NODE_RETRY] = "node.retry",
  [HEDDLE_EVENT_NODE_INTENT] = "node.intent",
  [HEDDLE_EVENT_NODE_EFFECT] = "node.effect",
  [HEDDLE_EVENT_NODE_PROGRESS] = "node.progress",
  [HEDDLE_EVENT_NODE_FINISHED] = "node.finished",
  [HEDDLE_EVENT_NODE_FAILED] = "node.failed",
  [HEDDLE_EVENT_NODE_SKIPPED] = "node.skipped",
  [HEDDLE_EVENT_NODE_CANCELLED] = "node.cancelled",
  [HEDDLE_EVENT_SPAN_STARTED] = "span.started",
  [HEDDLE_EVENT_SPAN_UPDATED] = "span.updated",
  [HEDDLE_EVENT_SPAN_FINISHED] = "span.finished",
  [HEDDLE_EVENT_RUN_ASKED] = "run.asked",
  [HEDDLE_EVENT_RUN_ANSWERED] = "run.answered",
  [HEDDLE_EVENT_RUN_PAUSED] = "run.paused",
  [HEDDLE_EVENT_RUN_UNPAUSED] = "run.unpaused",
  [HEDDLE_EVENT_RUN_CONTINUED] = "run.continued",
  [HEDDLE_EVENT_RUN_FINISHED] = "run.finished",
};

HeddleEvent *
heddle_event_new (HeddleEventKind kind, const char *node)
{
  HeddleEvent *event = g_atomic_rc_box_new0 (HeddleEvent);

  event->kind = kind;
  event->node = g_intern_string (node);
  return event;
}

HeddleEvent *
heddle_event_ref (HeddleEvent *event)
{
  return g_atomic_rc_box_acquire (event);
}

static void
clear (gpointer data)
{
  HeddleEvent *event = data;

  g_clear_pointer (&event->scope, g_ref_string_release);
  g_free (event->text);
  g_clear_pointer (&event->data, json_node_unref);
}

void
heddle_event_unref (HeddleEvent *event)
{
  g_atomic_rc_box_release_full (event, clear);
}

const char *
heddle_event_kind_to_string (HeddleEventKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (kind_names), NULL);

  return kind_names[kind];
}

gboolean
heddle_event_kind_from_string (const char *text, HeddleEventKind *kind)
{
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (kind_names); i++)
    {
      if (strcmp (kind_names[i], text) == 0)
        {
          *kind = i;
          return TRUE;
        }
    }
  return FALSE;
}

JsonNode *
heddle_event_to_json (HeddleEvent *event)
{
  JsonObject *object;

  g_return_val_if_fail (event != NULL, NULL);

  object = json_object_new ();
  json_object_set_string_member (object, "event", heddle_event_kind_to_string (event->kind));
  json_object_set_int_member (object, "seq", event->seq);
  json_object_set_int_member (object, "time_us", event->time);
  if (event->node != NULL)
    json_object_set_string_member (object, "node", event->node);
  if (event->scope != NULL)
    json_object_set_string_member (object, "scope", event->scope);
  if (event->attempt != 0)
    json_object_set_int_member (object, "attempt", event->attempt);
  if (event->span != 0)
    json_object_set_int_member (object, "span", event->span);
  if (event->parent != 0)
    json_object_set_int_member (object, "parent", event->parent);
  if (event->text != NULL)
    json_object_set_string_member (object, "text", event->text);
  if (event->data != NULL)
    json_object_set_member (object, "data", json_node_ref (event->data));
  return heddle_json_object (object);
}

HeddleEvent *
heddle_event_new_from_json (JsonNode *node, GError **error)
{
  HeddleEventKind kind;
  HeddleEvent *event;
  JsonNode *data;

  g_return_val_if_fail (node != NULL, NULL);

  if (!heddle_event_kind_from_string (heddle_json_get_string (node, "event", NULL), &kind))
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("This is not an event of a run."));
      return NULL;
    }
  event = heddle_event_new (kind, heddle_json_get_string (node, "node", NULL));
  event->scope = heddle_json_get_string (node, "scope", NULL) != NULL ? g_ref_string_new (heddle_json_get_string (node, "scope", NULL)) : NULL;
  event->seq = MAX (heddle_json_get_int (node, "seq", 0), 0);
  event->time = heddle_json_get_int (node, "time_us", 0);
  event->attempt = CLAMP (heddle_json_get_int (node, "attempt", 0), 0, G_MAXUINT);
  event->span = MAX (heddle_json_get_int (node, "span", 0), 0);
  event->parent = MAX (heddle_json_get_int (node, "parent", 0), 0);
  event->text = g_strdup (heddle_json_get_string (node, "text", NULL));
  data = heddle_json_member (node, "data");
  event->data = data != NULL ? json_node_ref (data) : NULL;
  return event;
}

static void
set_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_member (object, name, heddle_json_string (text));
}

static void
set_detail (JsonObject *object, const HeddleErrorDetail *detail)
{
  if (detail == NULL)
    return;
  set_text (object, "hint", detail->hint);
  if (detail->http_status != 0)
    json_object_set_int_member (object, "http_status", detail->http_status);
  set_text (object, "provider_code", detail->provider_code);
  set_text (object, "request_id", detail->request_id);
}

JsonNode *
heddle_error_to_json (const GError *error)
{
  JsonObject *object;

  g_return_val_if_fail (error != NULL, NULL);

  object = json_object_new ();
  json_object_set_int_member (object, "code", error->code);
  json_object_set_string_member (object, "class", heddle_error_class (error));
  set_text (object, "message", error->message);
  set_detail (object, heddle_error_detail (error));
  json_object_set_boolean_member (object, "retryable", heddle_error_is_retryable (error));
  return heddle_json_object (object);
}

GError *
heddle_error_from_json (JsonNode *node)
{
  GError *error = g_error_new_literal (HEDDLE_ERROR, heddle_error_code_from_class (heddle_json_get_string (node, "class", NULL)),
                                       heddle_json_get_string (node, "message", _ ("Something failed without saying why.")));
  HeddleErrorDetail *detail = heddle_error_detail (error);

  detail->hint = g_strdup (heddle_json_get_string (node, "hint", NULL));
  detail->http_status = CLAMP (heddle_json_get_int (node, "http_status", 0), 0, 999);
  detail->provider_code = g_strdup (heddle_json_get_string (node, "provider_code", NULL));
  detail->request_id = g_strdup (heddle_json_get_string (node, "request_id", NULL));
  return error;
}
