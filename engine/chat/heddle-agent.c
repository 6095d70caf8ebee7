/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-agent-private.h"

#include "chat/heddle-messages.h"
#include "heddle-error.h"
#include "value/heddle-json.h"
#include "value/heddle-money.h"
#include "value/heddle-text.h"

#include <string.h>

/* So often may a model make the same calls in a row before it has to answer; it is told after one less. */
#define MAX_SAME_TURNS 4

HeddleAgent *
heddle_agent_ref (HeddleAgent *self)
{
  return g_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  HeddleAgent *self = data;

  heddle_node_run_unref (self->run);
  g_clear_pointer (&self->chat, heddle_chat_free);
  g_clear_pointer (&self->tools, g_ptr_array_unref);
  g_clear_pointer (&self->offered, json_node_unref);
  g_clear_pointer (&self->messages, json_node_unref);
  g_clear_pointer (&self->said, json_node_unref);
  json_array_unref (self->calls);
  g_clear_pointer (&self->output, json_node_unref);
  g_free (self->last_turn);
  g_free (self->answer);
  g_free (self->model);
  g_free (self->finish_reason);
}

void
heddle_agent_unref (HeddleAgent *self)
{
  g_rc_box_release_full (self, clear);
}

static void
replace (JsonNode **place, JsonNode *node)
{
  g_clear_pointer (place, json_node_unref);
  *place = node;
}

void
heddle_agent_say (HeddleAgent *self, JsonNode *message)
{
  replace (&self->messages, heddle_messages_append (self->messages, json_node_ref (message)));
  replace (&self->said, heddle_messages_append (self->said, message));
}

JsonNode *
heddle_agent_dup_transcript (HeddleAgent *self)
{
  JsonArray *messages = json_node_get_array (self->messages);
  JsonArray *before = json_array_new ();

  for (guint i = 0; i + 1 < json_array_get_length (messages); i++)
    {
      JsonNode *message = json_array_get_element (messages, i);

      if (strcmp (heddle_json_get_string (message, "role", ""), "system") != 0)
        json_array_add_element (before, json_node_ref (message));
    }
  return heddle_json_array (before);
}

char *
heddle_agent_list_names (HeddleAgent *self)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < self->tools->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", heddle_tool_get_name (g_ptr_array_index (self->tools, i)));
  return g_string_free (names, FALSE);
}

HeddleTool *
heddle_agent_find_tool (HeddleAgent *self, const char *name)
{
  for (guint i = 0; i < self->tools->len; i++)
    {
      HeddleTool *tool = g_ptr_array_index (self->tools, i);

      if (strcmp (heddle_tool_get_name (tool), name) == 0)
        return tool;
    }
  return NULL;
}

static void
end_iteration (HeddleAgent *self, const GError *error)
{
  if (self->span != 0)
    heddle_node_run_end_span (self->run, self->span, NULL, error);
  self->span = 0;
}

/* Takes error. */
static void
fail (HeddleAgent *self, GError *error)
{
  end_iteration (self, error);
  heddle_node_run_fail (self->run, error);
}

static void
set_results (HeddleAgent *self)
{
  HeddleNodeRun *run = self->run;

  heddle_node_run_set_result (run, "tool_calls", heddle_json_copy_array (self->calls));
  heddle_node_run_set_result (run, "iterations", heddle_json_int (self->iteration));
  heddle_node_run_set_result (run, "usage", heddle_usage_to_json (&self->usage));
  heddle_node_run_set_result (run, "cost", heddle_json_double (heddle_money_to_usd (self->usage.cost)));
  heddle_node_run_set_result (run, "model", heddle_json_string (self->model));
  heddle_node_run_set_result (run, "finish_reason", heddle_json_string (self->finish_reason));
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleAgent) self = user_data;
  GError *error = NULL;

  if (!heddle_chat_end_finish (result, &error))
    {
      fail (self, error);
      return;
    }
  set_results (self);
  heddle_node_run_complete (self->run, g_steal_pointer (&self->output));
}

/* Takes output. */
static void
finish (HeddleAgent *self, JsonNode *output)
{
  end_iteration (self, NULL);
  self->output = output;
  self->answer = heddle_tool_result_to_text (output);
  heddle_chat_end_async (self->chat, self->answer, self->said, kept_cb, heddle_agent_ref (self));
}

static void iterate (HeddleAgent *self);

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleAgent) self = user_data;
  GError *error = NULL;
  JsonNode *taken_over = heddle_agent_call_tools_finish (self, result, &error);

  if (error != NULL)
    {
      fail (self, error);
      return;
    }
  if (taken_over != NULL)
    {
      g_free (self->finish_reason);
      self->finish_reason = g_strdup ("handed_over");
      finish (self, taken_over);
      return;
    }
  end_iteration (self, NULL);
  heddle_node_run_reset_text (self->run);
  iterate (self);
}

/* Names and arguments of a turn's calls, without their ids. */
static char *
describe_turn (JsonNode *tool_calls)
{
  JsonArray *array = json_node_get_array (tool_calls);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *call = json_array_get_element (array, i);

      heddle_json_append_text (text, heddle_json_member (call, "name"), HEDDLE_JSON_COMPACT, 0);
      heddle_json_append_text (text, heddle_json_member (call, "arguments"), HEDDLE_JSON_COMPACT, 0);
    }
  return g_string_free (text, FALSE);
}

static void
count_same (HeddleAgent *self, JsonNode *tool_calls)
{
  char *turn = describe_turn (tool_calls);

  self->n_same = g_strcmp0 (turn, self->last_turn) == 0 ? self->n_same + 1 : 1;
  g_free (self->last_turn);
  self->last_turn = turn;
  if (self->n_same >= MAX_SAME_TURNS - 1)
    self->forced = "repeated_calls";
}

/* What a model says that must answer and calls tools nevertheless. */
static void
answer_as_it_is (HeddleAgent *self, const HeddleChatResponse *response)
{
  g_autofree char *text = g_strstrip (g_strdup (response->text != NULL ? response->text : ""));

  finish (self, heddle_json_string (text));
}

static void
take_calls (HeddleAgent *self, const HeddleChatResponse *response)
{
  if (self->forced != NULL)
    {
      answer_as_it_is (self, response);
      return;
    }
  count_same (self, response->tool_calls);
  heddle_agent_say (self, heddle_chat_response_to_message (response));
  heddle_agent_call_tools_async (self, response->tool_calls, called_cb, heddle_agent_ref (self));
}

static void ask (HeddleAgent *self);

static void
compressed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleAgent) self = user_data;
  GError *error = NULL;

  heddle_agent_compress_finish (self, result, &error);
  if (error != NULL)
    fail (self, error);
  else
    ask (self);
}

/* Once per iteration: the window is smaller than was said. */
static gboolean
may_compress (HeddleAgent *self, const GError *error)
{
  return g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_CONTEXT_LENGTH) && !self->compressed && self->iteration > 1;
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleAgent) self = user_data;
  HeddleUsage usage = HEDDLE_USAGE_UNKNOWN;
  g_autoptr (JsonNode) output = NULL;
  GError *error = NULL;
  g_autoptr (HeddleChatResponse) response = heddle_chat_ask_finish (result, &output, &usage, &error);

  heddle_usage_add (&self->usage, &usage);
  if (response == NULL && may_compress (self, error))
    {
      g_error_free (error);
      self->compressed = TRUE;
      heddle_agent_compress_async (self, compressed_cb, heddle_agent_ref (self));
      return;
    }
  if (response == NULL)
    {
      fail (self, error);
      return;
    }
  g_free (self->model);
  self->model = g_strdup (response->model);
  g_free (self->finish_reason);
  self->finish_reason = g_strdup (self->forced != NULL ? self->forced : response->finish_reason);
  if (response->tool_calls != NULL)
    {
      take_calls (self, response);
      return;
    }
  heddle_agent_say (self, heddle_chat_response_to_message (response));
  finish (self, g_steal_pointer (&output));
}

/* The messages of the last request, which has to be answered; this is for the model alone. */
static JsonNode *
dup_last_messages (HeddleAgent *self)
{
  static const char told[] = "You cannot call tools any more. Answer now with what you know, and say what is missing.";

  return heddle_messages_append (self->messages, heddle_message_new ("user", heddle_json_string (told)));
}

static void
ask (HeddleAgent *self)
{
  g_autoptr (JsonNode) messages = self->forced != NULL ? dup_last_messages (self) : json_node_ref (self->messages);
  HeddleChatCall call = { 0 };

  heddle_chat_prepare (self->chat, &call);
  call.parent = self->span;
  call.request.messages = messages;
  call.request.tools = self->offered;
  call.request.tool_choice = self->offered != NULL && self->forced != NULL ? "none" : NULL;
  call.request.no_parallel_tools = self->offered != NULL && self->params->max_parallel_tools == 1;
  heddle_chat_ask_async (self->chat, &call, heddle_node_run_get_cancellable (self->run), answered_cb, heddle_agent_ref (self));
}

static void
iterate (HeddleAgent *self)
{
  g_autofree char *name = g_strdup_printf (_ ("Iteration %u"), self->iteration + 1);

  self->iteration++;
  self->compressed = FALSE;
  if (self->forced == NULL && self->offered != NULL && self->iteration >= self->params->max_tool_iterations)
    self->forced = "limit";
  self->span = heddle_node_run_begin_span (self->run, "iteration", name, 0, NULL);
  if (self->iteration > 1 && heddle_agent_is_long (self))
    heddle_agent_compress_async (self, compressed_cb, heddle_agent_ref (self));
  else
    ask (self);
}

static JsonNode *
offer_tools (GPtrArray *tools)
{
  JsonArray *offered = json_array_new ();

  for (guint i = 0; i < tools->len; i++)
    {
      HeddleTool *tool = g_ptr_array_index (tools, i);
      JsonObject *object = json_object_new ();

      json_object_set_member (object, "name", heddle_json_string (heddle_tool_get_name (tool)));
      json_object_set_member (object, "description", heddle_json_string (heddle_tool_get_description (tool)));
      json_object_set_member (object, "parameters", json_node_ref (heddle_tool_get_parameters (tool)));
      json_array_add_element (offered, heddle_json_object (object));
    }
  if (json_array_get_length (offered) > 0)
    return heddle_json_array (offered);
  json_array_unref (offered);
  return NULL;
}

static void
add_all (JsonArray *target, JsonNode *messages, gboolean system)
{
  for (guint i = 0; i < json_array_get_length (json_node_get_array (messages)); i++)
    {
      JsonNode *message = json_array_get_element (json_node_get_array (messages), i);

      if ((strcmp (heddle_json_get_string (message, "role", ""), "system") == 0) == system)
        json_array_add_element (target, json_node_ref (message));
    }
}

/* Who takes over has its own system message, then what was said before, then what it was told. */
static JsonNode *
start_messages (HeddleAgent *self)
{
  JsonNode *own = heddle_chat_get_messages (self->chat);
  JsonNode *transcript = heddle_node_run_get_transcript (self->run);
  JsonArray *all;

  if (transcript == NULL)
    return json_node_ref (own);
  all = json_array_new ();
  add_all (all, own, TRUE);
  add_all (all, transcript, FALSE);
  add_all (all, own, FALSE);
  return heddle_json_array (all);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleAgent) self = user_data;
  GError *error = NULL;

  self->tools = heddle_node_run_list_tools_finish (self->run, result, &error);
  if (self->tools == NULL)
    {
      fail (self, error);
      return;
    }
  self->offered = offer_tools (self->tools);
  iterate (self);
}

static void
begun_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleAgent) self = user_data;
  GError *error = NULL;

  self->chat = heddle_chat_begin_finish (result, &error);
  if (self->chat == NULL)
    {
      fail (self, error);
      return;
    }
  self->messages = start_messages (self);
  heddle_node_run_list_tools_async (self->run, listed_cb, heddle_agent_ref (self));
}

void
heddle_agent_run (HeddleNodeRun *run, const HeddleAgentParams *params)
{
  HeddleAgent *self;

  g_return_if_fail (run != NULL && params != NULL);

  self = g_rc_box_new0 (HeddleAgent);
  self->run = heddle_node_run_ref (run);
  self->params = params;
  self->calls = json_array_new ();
  self->usage = HEDDLE_USAGE_NONE;
  heddle_chat_begin_async (run, &params->chat, begun_cb, self);
}
