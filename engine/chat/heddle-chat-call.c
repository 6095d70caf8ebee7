/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-chat-call.h"

#include "chat/heddle-chat-effect.h"
#include "chat/heddle-messages.h"
#include "heddle-error.h"
#include "run/heddle-effects.h"
#include "value/heddle-json.h"
#include "value/heddle-text.h"

#include <string.h>

/* How often the trace learns how many tokens a stream has brought, which is all that a cancel leaves of it. */
#define USAGE_INTERVAL_US (250 * G_TIME_SPAN_MILLISECOND)

/* A call and its current attempt. */
typedef struct
{
  HeddleNodeRun *run;
  HeddleChatRequest request; /* strings and values are ours */
  GStrv fallback_models;
  guint64 parent;
  char *title;
  gboolean shows_text;
  char *(*redact) (const char *text, gpointer data, GError **error);
  gpointer redact_data;

  guint n_asked;     /* how many of the fallback models */
  char *model;       /* that is asked now */
  GPtrArray *errors; /* GError* of the models that failed, in order of asking */
  GPtrArray *failed; /* their references */

  guint64 span;
  JsonNode *effect;     /* what is asked, for the record */
  gboolean is_replayed; /* the answer is on record */
  gboolean is_told;     /* and so is what it used: the run goes on */
  GString *text;
  GString *reasoning;
  gint64 input_estimate;
  gint64 started;
  gint64 first_token_us;
  gint64 told_at; /* when the trace last heard of usage */
} Call;

static JsonNode *
ref_or_null (JsonNode *node)
{
  return node != NULL ? json_node_ref (node) : NULL;
}

static Call *
call_new (HeddleNodeRun *run, const HeddleChatCall *call)
{
  Call *self = g_new0 (Call, 1);

  self->run = heddle_node_run_ref (run);
  self->request = call->request;
  self->request.messages = json_node_ref (call->request.messages);
  self->request.tools = ref_or_null (call->request.tools);
  self->request.response_schema = ref_or_null (call->request.response_schema);
  self->request.tool_choice = g_strdup (call->request.tool_choice);
  self->request.reasoning_effort = g_strdup (call->request.reasoning_effort);
  self->model = g_strdup (call->request.model);
  self->fallback_models = g_strdupv (call->fallback_models);
  self->parent = call->parent;
  self->title = g_strdup (call->title);
  self->shows_text = call->shows_text;
  self->redact = call->redact;
  self->redact_data = call->redact_data;
  self->errors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  self->failed = g_ptr_array_new_with_free_func (g_free);
  self->text = g_string_new (NULL);
  self->reasoning = g_string_new (NULL);
  return self;
}

static void
call_free (gpointer data)
{
  Call *self = data;

  heddle_node_run_unref (self->run);
  json_node_unref (self->request.messages);
  g_clear_pointer (&self->request.tools, json_node_unref);
  g_clear_pointer (&self->request.response_schema, json_node_unref);
  g_free ((char *) self->request.tool_choice);
  g_free ((char *) self->request.reasoning_effort);
  g_free (self->model);
  g_strfreev (self->fallback_models);
  g_free (self->title);
  g_clear_pointer (&self->effect, json_node_unref);
  g_ptr_array_unref (self->errors);
  g_ptr_array_unref (self->failed);
  g_string_free (self->text, TRUE);
  g_string_free (self->reasoning, TRUE);
  g_free (self);
}

static void
set_text (JsonObject *attributes, const char *name, const char *text)
{
  if (text != NULL && *text != '\0')
    json_object_set_member (attributes, name, heddle_json_string (text));
}

static void
set_value (JsonObject *attributes, const char *name, JsonNode *value)
{
  if (value != NULL)
    json_object_set_member (attributes, name, json_node_ref (value));
}

static const char *
response_format (const HeddleChatRequest *request)
{
  if (request->response_schema != NULL)
    return "json_schema";
  return request->response_json ? "json" : "text";
}

/* Which model did not answer before this one, and why. */
static JsonNode *
describe_fallback (Call *self)
{
  const GError *error = g_ptr_array_index (self->errors, self->errors->len - 1);
  JsonObject *from = json_object_new ();

  set_text (from, "model", g_ptr_array_index (self->failed, self->failed->len - 1));
  set_text (from, "class", heddle_error_class (error));
  set_text (from, "message", error->message);
  return heddle_json_object (from);
}

static JsonNode *
first_attributes (Call *self)
{
  const HeddleChatRequest *request = &self->request;
  JsonObject *attributes = json_object_new ();

  set_text (attributes, "model", self->model);
  set_value (attributes, "messages", heddle_json_member (self->effect, "messages"));
  set_value (attributes, "tools", request->tools);
  set_text (attributes, "tool_choice", request->tool_choice);
  set_text (attributes, "response_format", response_format (request));
  set_value (attributes, "schema", request->response_schema);
  set_text (attributes, "reasoning_effort", request->reasoning_effort);
  if (request->temperature >= 0)
    json_object_set_member (attributes, "temperature", heddle_json_double (request->temperature));
  if (request->top_p > 0)
    json_object_set_member (attributes, "top_p", heddle_json_double (request->top_p));
  if (request->max_tokens > 0)
    json_object_set_member (attributes, "max_tokens", heddle_json_int (request->max_tokens));
  if (self->errors->len > 0)
    json_object_set_member (attributes, "fallback_from", describe_fallback (self));
  return heddle_json_object (attributes);
}

static gint64
estimate_input (const HeddleChatRequest *request)
{
  g_autofree char *tools = request->tools != NULL ? heddle_json_to_text (request->tools, HEDDLE_JSON_COMPACT) : NULL;

  return heddle_messages_estimate_tokens (request->messages) + (tools != NULL ? heddle_tokens_estimate (tools) : 0);
}

static void
set_first_token (Call *self, JsonObject *attributes)
{
  if (self->first_token_us >= 0)
    json_object_set_member (attributes, "first_token_us", heddle_json_int (self->first_token_us));
}

/* What the trace knows of an answer that is not complete. */
static JsonNode *
estimated_attributes (Call *self)
{
  JsonObject *attributes = json_object_new ();
  HeddleUsage usage = HEDDLE_USAGE_UNKNOWN;

  usage.input = self->input_estimate;
  usage.output = heddle_tokens_estimate (self->text->str);
  if (self->reasoning->len > 0)
    usage.reasoning = heddle_tokens_estimate (self->reasoning->str);
  usage.estimated = TRUE;
  heddle_models_apply_price (heddle_node_run_get_models (self->run), self->model, &usage);
  json_object_set_member (attributes, "usage", heddle_usage_to_json (&usage));
  set_first_token (self, attributes);
  return heddle_json_object (attributes);
}

/* A server that refused a request has used nothing; one that was interrupted has. */
static JsonNode *
failed_attributes (Call *self, const GError *error)
{
  gboolean was_read = !self->is_replayed && (self->first_token_us >= 0 || heddle_error_is_cancelled (error) ||
                                             g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT) ||
                                             g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_BROKEN_STREAM));
  g_autoptr (JsonNode) estimated = estimated_attributes (self);
  JsonObject *attributes = json_object_new ();

  if (was_read)
    set_value (attributes, "usage", heddle_json_member (estimated, "usage"));
  set_value (attributes, "first_token_us", heddle_json_member (estimated, "first_token_us"));
  if (self->redact == NULL)
    {
      set_text (attributes, "response", self->text->str);
      set_text (attributes, "reasoning", self->reasoning->str);
    }
  set_text (attributes, "request_id", heddle_error_detail (error) != NULL ? heddle_error_detail (error)->request_id : NULL);
  return heddle_json_object (attributes);
}

static JsonNode *
final_attributes (Call *self, const HeddleChatResponse *response)
{
  JsonObject *attributes = json_object_new ();

  if (response->first_token_us >= 0)
    self->first_token_us = response->first_token_us;
  if (!self->is_told)
    json_object_set_member (attributes, "usage", heddle_usage_to_json (&response->usage));
  set_text (attributes, "response_model", response->model);
  set_text (attributes, "finish_reason", response->finish_reason);
  json_object_set_member (attributes, "response", heddle_json_string (response->text != NULL ? response->text : ""));
  set_text (attributes, "reasoning", response->reasoning);
  set_text (attributes, "refusal", response->refusal);
  set_text (attributes, "request_id", response->request_id);
  set_value (attributes, "tool_calls", response->tool_calls);
  set_first_token (self, attributes);
  if (self->is_replayed)
    json_object_set_boolean_member (attributes, "replayed", TRUE);
  return heddle_json_object (attributes);
}

static void
arrived (Call *self, GString *where, const char *text)
{
  gint64 now = g_get_monotonic_time ();

  if (self->first_token_us < 0)
    self->first_token_us = now - self->started;
  g_string_append (where, text);
  if (now - self->told_at < USAGE_INTERVAL_US)
    return;
  self->told_at = now;
  heddle_node_run_update_span (self->run, self->span, estimated_attributes (self));
}

static void
delta_cb (const char *text, gpointer user_data)
{
  Call *self = user_data;

  if (self->shows_text)
    heddle_node_run_delta (self->run, text);
  arrived (self, self->text, text);
}

static void
reasoning_cb (const char *text, gpointer user_data)
{
  Call *self = user_data;

  arrived (self, self->reasoning, text);
}

static gboolean
redact (Call *self, char **text, gboolean *is_changed, GError **error)
{
  char *clean;

  if (self->redact == NULL || *text == NULL)
    return TRUE;
  clean = self->redact (*text, self->redact_data, error);
  *is_changed = *is_changed || g_strcmp0 (clean, *text) != 0;
  g_free (*text);
  *text = clean != NULL ? clean : g_strdup ("");
  return clean != NULL;
}

static gboolean
redact_response (Call *self, HeddleChatResponse *response, GError **error)
{
  gboolean is_changed = FALSE;
  gboolean is_clean = redact (self, &response->text, &is_changed, error) && redact (self, &response->reasoning, &is_changed, error);

  if (!is_clean)
    g_clear_pointer (&response->reasoning, g_free);
  /* What goes back unchanged has the text in it. */
  if (is_changed)
    g_clear_pointer (&response->opaque, json_node_unref);
  return is_clean;
}

/* It comes before the first piece of text, and stays in the trace: it says where the time went. */
static void
waiting_cb (gpointer user_data)
{
  Call *self = user_data;
  JsonObject *attributes = json_object_new ();

  json_object_set_boolean_member (attributes, "rate_limited", TRUE);
  heddle_node_run_update_span (self->run, self->span, heddle_json_object (attributes));
}

/* Answers that are none. */
static gboolean
check_response (const HeddleChatResponse *response, GError **error)
{
  const char *reason = response->finish_reason != NULL ? response->finish_reason : "";
  gboolean is_empty = heddle_text_is_blank (response->text) && response->tool_calls == NULL;

  if (response->refusal != NULL)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_CONTENT_FILTER, _ ("The model refused to answer: %s"), response->refusal);
  else if (strcmp (reason, "refusal") == 0)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_CONTENT_FILTER, _ ("The model refused to answer and gave no reason. Word the prompt differently or choose another model."));
  else if (strcmp (reason, "content_filter") == 0)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_CONTENT_FILTER, _ ("The provider's content filter stopped the answer. Word the prompt differently or choose another model."));
  else if (is_empty && strcmp (reason, "context_length") == 0)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_CONTEXT_LENGTH, _ ("The prompt fills the model's context window, so there is no room for an answer. Shorten it or choose a model with a larger window."));
  else
    return TRUE;
  return FALSE;
}

/* Whether another model may well answer what this one did not. */
static gboolean
is_of_this_model (const GError *error)
{
  switch (heddle_error_code_from_class (heddle_error_class (error)))
    {
    case HEDDLE_ERROR_NETWORK:
    case HEDDLE_ERROR_TIMEOUT:
    case HEDDLE_ERROR_RATE_LIMIT:
    case HEDDLE_ERROR_OVERLOADED:
    case HEDDLE_ERROR_SERVER:
    case HEDDLE_ERROR_BROKEN_STREAM:
    case HEDDLE_ERROR_AUTH:
    case HEDDLE_ERROR_QUOTA:
    case HEDDLE_ERROR_BAD_REQUEST:
    case HEDDLE_ERROR_NOT_FOUND:
    case HEDDLE_ERROR_CONTEXT_LENGTH:
    case HEDDLE_ERROR_CONTENT_FILTER:
      return TRUE;
    case HEDDLE_ERROR_FAILED:
    case HEDDLE_ERROR_CANCELLED:
    case HEDDLE_ERROR_INVALID:
    case HEDDLE_ERROR_EXPRESSION:
    case HEDDLE_ERROR_LIMIT:
    case HEDDLE_ERROR_STORE:
    default:
      return FALSE;
    }
}

/* The next model to ask, or NULL. */
static const char *
take_next (Call *self)
{
  while (self->fallback_models != NULL && self->fallback_models[self->n_asked] != NULL)
    {
      const char *model = self->fallback_models[self->n_asked++];

      if (!heddle_text_is_blank (model) && !g_ptr_array_find_with_equal_func (self->failed, model, g_str_equal, NULL))
        return model;
    }
  return NULL;
}

/* Of several failures the one that may pass by itself decides whether the node is tried again. */
static const GError *
choose_error (GPtrArray *errors)
{
  for (guint i = 0; i < errors->len; i++)
    {
      if (heddle_error_is_retryable (g_ptr_array_index (errors, i)))
        return g_ptr_array_index (errors, i);
    }
  return g_ptr_array_index (errors, 0);
}

static GError *
sum_up_errors (Call *self)
{
  GError *error = g_error_copy (choose_error (self->errors));
  GString *message;

  if (self->errors->len == 1)
    return error;
  message = g_string_new (_ ("None of the models answered."));
  for (guint i = 0; i < self->errors->len; i++)
    g_string_append_printf (message, "\n%s: %s", (char *) g_ptr_array_index (self->failed, i), ((GError *) g_ptr_array_index (self->errors, i))->message);
  g_free (error->message);
  error->message = g_string_free (message, FALSE);
  return error;
}

static void ask (GTask *task);

static void
fail (GTask *task, GError *error)
{
  Call *self = g_task_get_task_data (task);
  gboolean is_final = !is_of_this_model (error) || g_cancellable_is_cancelled (g_task_get_cancellable (task));
  const char *next;

  if (is_final)
    {
      g_task_return_error (task, error);
      return;
    }
  g_ptr_array_add (self->errors, error);
  g_ptr_array_add (self->failed, g_strdup (self->model));
  next = take_next (self);
  if (next == NULL)
    {
      g_task_return_error (task, sum_up_errors (self));
      return;
    }
  g_free (self->model);
  self->model = g_strdup (next);
  if (self->shows_text)
    heddle_node_run_reset_text (self->run);
  ask (task);
}

/* Takes error. */
static void
take_answer (GTask *task, HeddleChatResponse *answer, GError *error)
{
  Call *self = g_task_get_task_data (task);
  g_autoptr (HeddleChatResponse) response = answer;
  g_autoptr (JsonNode) answered = error == NULL ? heddle_chat_effect_response (response) : NULL;
  g_autoptr (GError) problem = error != NULL ? g_error_copy (error) : NULL;
  JsonNode *attributes;

  if (error == NULL)
    check_response (response, &error);
  attributes = response != NULL ? final_attributes (self, response) : failed_attributes (self, error);
  heddle_node_run_end_span (self->run, self->span, attributes, error);
  /* As it is told to anybody, so that nothing is on record that was blackened; not as it is judged here. */
  if (!self->is_replayed)
    heddle_node_run_record_span_effect (self->run, self->span, "model", self->effect, answered, problem);
  if (error != NULL)
    fail (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&response), (GDestroyNotify) heddle_chat_response_free);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *self = g_task_get_task_data (task);
  GError *error = NULL;
  HeddleChatResponse *response = heddle_models_chat_finish (HEDDLE_MODELS (source), result, &error);

  if (response != NULL)
    redact_response (self, response, &error);
  take_answer (task, response, error);
}

/* Takes error. */
static void
replay (GTask *task, JsonNode *recorded, GError *error)
{
  Call *self = g_task_get_task_data (task);
  HeddleChatResponse *response = recorded != NULL ? heddle_chat_effect_read (recorded) : NULL;

  self->is_told = !heddle_node_run_is_replayed (self->run);
  if (response != NULL && !self->is_told)
    response->usage.cost = 0;
  if (response != NULL && response->text != NULL && self->shows_text)
    heddle_node_run_delta (self->run, response->text);
  take_answer (task, response, error);
}

static void
ask (GTask *task)
{
  Call *self = g_task_get_task_data (task);
  g_autoptr (JsonNode) recorded = NULL;
  GError *error = NULL;

  g_string_truncate (self->text, 0);
  g_string_truncate (self->reasoning, 0);
  self->input_estimate = estimate_input (&self->request);
  self->started = g_get_monotonic_time ();
  self->told_at = 0;
  self->first_token_us = -1;
  self->is_told = FALSE;
  self->request.model = self->model;
  g_clear_pointer (&self->effect, json_node_unref);
  self->effect = heddle_chat_effect_request (&self->request);
  self->span = heddle_node_run_begin_span (self->run, "model", self->title != NULL ? self->title : self->model, self->parent, first_attributes (self));
  self->is_replayed = heddle_node_run_replay_effect (self->run, "model", self->effect, &recorded, &error);
  if (self->is_replayed)
    {
      replay (task, recorded, error);
      return;
    }
  self->request.delta = delta_cb;
  self->request.reasoning = reasoning_cb;
  self->request.waiting = waiting_cb;
  self->request.delta_data = self;
  heddle_models_chat_async (heddle_node_run_get_models (self->run), heddle_node_run_get_http (self->run), &self->request,
                            g_task_get_cancellable (task), answered_cb, g_object_ref (task));
}

void
heddle_chat_call_async (HeddleNodeRun *run, const HeddleChatCall *call, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (run != NULL);
  g_return_if_fail (call != NULL && call->request.model != NULL && call->request.messages != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_chat_call_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, call_new (run, call), call_free);
  if (heddle_node_run_get_models (run) == NULL || heddle_node_run_get_http (run) == NULL)
    g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, "%s",
                             _ ("There are no models here. Start the workflow from the application or from its command line."));
  else
    ask (task);
}

HeddleChatResponse *
heddle_chat_call_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
