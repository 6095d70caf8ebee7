/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-agent-private.h"

#include "heddle-error.h"
#include "run/heddle-effects.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>

/* What people are asked about a call, and what a replay has to know of it. */

JsonNode *
heddle_agent_make_question (HeddleTool *tool, const char *name, JsonNode *arguments)
{
  static const char schema[] = "{\"type\":\"object\",\"properties\":{\"approve\":{\"type\":\"boolean\"},\"arguments\":{\"type\":\"object\"},"
                               "\"reason\":{\"type\":\"string\"}},\"required\":[\"approve\"]}";
  JsonObject *question = json_object_new ();
  g_autofree char *title = g_strdup_printf (_ ("Approve the call of “%s”?"), name);

  json_object_set_string_member (question, "kind", "approval");
  json_object_set_member (question, "title", heddle_json_string (title));
  json_object_set_member (question, "text", heddle_json_string (heddle_tool_get_description (tool)));
  json_object_set_member (question, "tool", heddle_json_string (name));
  if (heddle_tool_get_node (tool) != NULL)
    json_object_set_member (question, "tool_node", heddle_json_string (heddle_tool_get_node (tool)));
  json_object_set_member (question, "arguments", json_node_ref (arguments));
  json_object_set_member (question, "schema", heddle_json_parse (schema, -1, NULL));
  return heddle_json_object (question);
}

/* Agents within each other may have the same tools. */
static JsonNode *
make_call (HeddleAgent *self, JsonNode *call)
{
  JsonObject *effect = json_object_new ();

  json_object_set_member (effect, "tool", json_node_ref (heddle_json_member (call, "tool")));
  json_object_set_member (effect, "arguments", json_node_ref (heddle_json_member (call, "arguments")));
  json_object_set_member (effect, "agent", heddle_json_string (heddle_node_run_get_node_id (self->run)));
  return heddle_json_object (effect);
}

/* Takes answer. */
void
heddle_agent_record_call (HeddleAgent *self, guint64 span, JsonNode *call, JsonObject *answer, const GError *error)
{
  g_autoptr (JsonNode) effect = make_call (self, call);
  g_autoptr (JsonNode) response = NULL;

  json_object_set_int_member (answer, "span", (gint64) span);
  response = heddle_json_object (answer);
  if (error == NULL || !heddle_error_is_cancelled (error))
    heddle_node_run_record_span_effect (self->run, span, "call", effect, response, NULL);
}

JsonNode *
heddle_agent_take_call (HeddleAgent *self, JsonNode *call)
{
  g_autoptr (JsonNode) effect = make_call (self, call);
  JsonNode *response;

  return heddle_node_run_take_call (self->run, effect, &response) ? response : NULL;
}

/* That a call took too long is a matter of time, of which a replay has no other record. */
static JsonNode *
make_timeout (const char *name, JsonNode *arguments)
{
  JsonObject *effect = json_object_new ();

  json_object_set_member (effect, "timeout", heddle_json_string (name));
  json_object_set_member (effect, "arguments", json_node_ref (arguments));
  return heddle_json_object (effect);
}

void
heddle_agent_record_timeout (HeddleAgent *self, const char *name, JsonNode *arguments, const GError *error)
{
  g_autoptr (JsonNode) effect = make_timeout (name, arguments);

  if (!heddle_node_run_is_replayed (self->run))
    heddle_node_run_record_effect (self->run, "tool", effect, NULL, error);
}

gboolean
heddle_agent_replay_timeout (HeddleAgent *self, const char *name, JsonNode *arguments)
{
  g_autoptr (JsonNode) effect = make_timeout (name, arguments);
  g_autoptr (JsonNode) response = NULL;
  g_autoptr (GError) error = NULL;

  return heddle_node_run_replay_if_recorded (self->run, "tool", effect, &response, &error);
}
