/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-chat-private.h"

#include "chat/heddle-messages.h"
#include "heddle-error.h"
#include "value/heddle-json-schema.h"
#include "value/heddle-json.h"

#include <string.h>

#define MAX_REPAIRS 2

/* One answer, with the attempts to repair it. */
typedef struct
{
  HeddleChat *chat;
  HeddleChatCall call;
  JsonNode *messages; /* grows with each repair */
  JsonNode *tools;
  char *tool_choice;
  guint n_repairs;
  HeddleChatResponse *response;
  HeddleUsage usage;
  JsonNode *output;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  heddle_chat_free (self->chat);
  json_node_unref (self->messages);
  g_clear_pointer (&self->tools, json_node_unref);
  g_free (self->tool_choice);
  g_free ((char *) self->call.title);
  g_clear_pointer (&self->response, heddle_chat_response_free);
  g_clear_pointer (&self->output, json_node_unref);
  g_free (self);
}

/* Models often wrap JSON in a fence, whatever they were asked. */
static char *
strip_fence (const char *text)
{
  g_autofree char *bare = g_strstrip (g_strdup (text));
  const char *line = strchr (bare, '\n');

  if (!g_str_has_prefix (bare, "```") || line == NULL || !g_str_has_suffix (bare, "```") || (gsize) (line - bare) + 4 > strlen (bare))
    return g_steal_pointer (&bare);
  return g_strndup (line + 1, strlen (line + 1) - 3);
}

static gboolean
wants_json (Question *self)
{
  return self->call.request.response_json || self->call.request.response_schema != NULL;
}

/* The output: text without the line ends that models put around it, or the value of a JSON answer. */
static JsonNode *
read_answer (Question *self, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) value = NULL;

  if (!wants_json (self))
    {
      text = g_strstrip (g_strdup (self->response->text));
      return heddle_json_string (text);
    }
  text = strip_fence (self->response->text);
  value = heddle_json_parse (text, -1, error);
  if (value == NULL)
    return NULL;
  if (self->call.request.response_schema != NULL && !heddle_json_schema_check (self->call.request.response_schema, value, error))
    return NULL;
  return g_steal_pointer (&value);
}

/* What goes wrong for good: the model cannot do it, or had no room for it. */
static GError *
describe_failure (Question *self, const GError *cause)
{
  gboolean is_cut = g_strcmp0 (self->response->finish_reason, "length") == 0;
  GError *error;

  if (is_cut)
    error = g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The JSON answer was cut off at the max tokens."));
  else if (g_error_matches (cause, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT))
    error = g_error_copy (cause);
  else
    error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_BAD_REQUEST, _ ("The model did not answer with JSON of the wanted form, and did not repair it when told so: %s"), cause->message);
  heddle_error_set_hint (error, is_cut ? _ ("Raise the max tokens.") : _ ("Describe the form of the answer in the prompt, make the schema simpler, or choose another model."));
  return error;
}

static void ask (GTask *task);

static void
repair (GTask *task, const GError *cause)
{
  Question *self = g_task_get_task_data (task);
  g_autofree char *told = g_strdup_printf ("Your answer is not valid: %s\nAnswer again with the corrected JSON only.", cause->message);
  g_autoptr (JsonNode) with_answer = heddle_messages_append (self->messages, heddle_chat_response_to_message (self->response));

  json_node_unref (self->messages);
  self->messages = heddle_messages_append (with_answer, heddle_message_new ("user", heddle_json_string (told)));
  self->n_repairs++;
  if (self->call.shows_text)
    heddle_node_run_reset_text (self->chat->run);
  ask (task);
}

static gboolean
can_repair (Question *self, const GError *cause)
{
  return self->n_repairs < MAX_REPAIRS && g_strcmp0 (self->response->finish_reason, "length") != 0 &&
         g_error_matches (cause, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (heddle_chat_guard_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
check_answer (GTask *task)
{
  Question *self = g_task_get_task_data (task);

  if (self->output == NULL)
    g_task_return_boolean (task, TRUE);
  else
    heddle_chat_guard_async (self->chat, self->response->text, TRUE, g_task_get_cancellable (task), checked_cb, g_object_ref (task));
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Question *self = g_task_get_task_data (task);
  g_autoptr (GError) cause = NULL;
  GError *error = NULL;

  g_clear_pointer (&self->response, heddle_chat_response_free);
  self->response = heddle_chat_call_finish (result, &error);
  if (self->response == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  heddle_usage_add (&self->usage, &self->response->usage);
  if (self->response->tool_calls == NULL)
    self->output = read_answer (self, &cause);
  if (cause == NULL)
    check_answer (task);
  else if (can_repair (self, cause))
    repair (task, cause);
  else
    g_task_return_error (task, describe_failure (self, cause));
}

static char *
redact_cb (const char *text, gpointer data, GError **error)
{
  return heddle_chat_blacken (data, text, TRUE, error);
}

static void
ask (GTask *task)
{
  Question *self = g_task_get_task_data (task);

  self->call.request.messages = self->messages;
  heddle_chat_call_async (self->chat->run, &self->call, g_task_get_cancellable (task), answered_cb, g_object_ref (task));
}

void
heddle_chat_ask_async (HeddleChat *self, const HeddleChatCall *call, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Question *question;

  g_return_if_fail (self != NULL);
  g_return_if_fail (call != NULL && call->request.messages != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_chat_ask_async);
  g_task_set_check_cancellable (task, FALSE);
  question = g_new0 (Question, 1);
  question->chat = g_rc_box_acquire (self);
  question->call = *call;
  question->usage = HEDDLE_USAGE_NONE;
  if (heddle_chat_guards_output (self))
    {
      question->call.shows_text = FALSE;
      question->call.redact = redact_cb;
      question->call.redact_data = self;
    }
  question->call.title = g_strdup (call->title);
  question->messages = json_node_ref (call->request.messages);
  question->tools = call->request.tools != NULL ? json_node_ref (call->request.tools) : NULL;
  question->tool_choice = g_strdup (call->request.tool_choice);
  question->call.request.tool_choice = question->tool_choice;
  g_task_set_task_data (task, question, question_free);
  ask (task);
}

HeddleChatResponse *
heddle_chat_ask_finish (GAsyncResult *result, JsonNode **output, HeddleUsage *usage, GError **error)
{
  Question *self;

  g_return_val_if_fail (g_task_is_valid (result, NULL) && output != NULL, NULL);

  *output = NULL;
  self = g_task_get_task_data (G_TASK (result));
  if (usage != NULL)
    *usage = self->usage;
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  *output = g_steal_pointer (&self->output);
  return g_steal_pointer (&self->response);
}
