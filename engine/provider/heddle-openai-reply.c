/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-openai-reply.h"

#include "heddle-error.h"
#include "net/heddle-http.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _HeddleOpenaiReply
{
  char *host;
  HeddleOpenaiDelta delta;
  gpointer delta_data;
  GString *text;
  GString *refusal;
  char *model;
  char *finish_reason;
  gint64 input_tokens;
  gint64 output_tokens;
  gint64 started;
  gint64 first_token_us;
  gboolean is_stream;
  gboolean has_events;
  gboolean is_done;
  gboolean has_nonsense;
  GError *error; /* what the server said in the middle */
};

HeddleOpenaiReply *
heddle_openai_reply_new (const char *host,
                         HeddleOpenaiDelta delta,
                         gpointer delta_data)
{
  HeddleOpenaiReply *self = g_new0 (HeddleOpenaiReply, 1);

  self->host = g_strdup (host);
  self->delta = delta;
  self->delta_data = delta_data;
  self->text = g_string_new (NULL);
  self->refusal = g_string_new (NULL);
  self->input_tokens = -1;
  self->output_tokens = -1;
  self->started = g_get_monotonic_time ();
  self->first_token_us = -1;
  return self;
}

void
heddle_openai_reply_free (HeddleOpenaiReply *self)
{
  if (self == NULL)
    return;
  g_free (self->host);
  g_free (self->model);
  g_free (self->finish_reason);
  g_string_free (self->text, TRUE);
  g_string_free (self->refusal, TRUE);
  g_clear_error (&self->error);
  g_free (self);
}

static void
add_text (HeddleOpenaiReply *self,
          const char *text)
{
  if (*text == '\0')
    return;
  if (self->first_token_us < 0)
    self->first_token_us = g_get_monotonic_time () - self->started;
  g_string_append (self->text, text);
  if (self->delta != NULL)
    self->delta (text, self->delta_data);
}

/* A string, null, or an array of parts of which only those of text count; thinking is no answer. */
static void
add_content (HeddleOpenaiReply *self,
             JsonNode *content)
{
  JsonArray *parts;

  if (heddle_json_is_string (content))
    {
      add_text (self, json_node_get_string (content));
      return;
    }
  if (content == NULL || !JSON_NODE_HOLDS_ARRAY (content))
    return;
  parts = json_node_get_array (content);
  for (guint i = 0; i < json_array_get_length (parts); i++)
    {
      JsonNode *part = json_array_get_element (parts, i);
      const char *type = heddle_json_get_string (part, "type", "text");

      if (strcmp (type, "text") == 0 || strcmp (type, "output_text") == 0)
        add_text (self, heddle_json_get_string (part, "text", ""));
    }
}

static void
take_usage (HeddleOpenaiReply *self,
            JsonNode *usage)
{
  if (usage == NULL || !JSON_NODE_HOLDS_OBJECT (usage))
    return;
  self->input_tokens = heddle_json_get_int (usage, "prompt_tokens", self->input_tokens);
  self->output_tokens = heddle_json_get_int (usage, "completion_tokens", self->output_tokens);
}

static void
take_choice (HeddleOpenaiReply *self,
             JsonNode *choice)
{
  JsonNode *message = heddle_json_member (choice, "delta");
  const char *finish_reason = heddle_json_get_string (choice, "finish_reason", NULL);

  /* Of several choices the first is ours. */
  if (heddle_json_get_int (choice, "index", 0) != 0)
    return;
  if (message == NULL || !JSON_NODE_HOLDS_OBJECT (message))
    message = heddle_json_member (choice, "message");
  add_content (self, heddle_json_member (message, "content"));
  g_string_append (self->refusal, heddle_json_get_string (message, "refusal", ""));
  if (finish_reason != NULL && *finish_reason != '\0')
    {
      g_free (self->finish_reason);
      self->finish_reason = g_strdup (finish_reason);
    }
}

static void
take_object (HeddleOpenaiReply *self,
             JsonNode *object)
{
  JsonArray *choices = heddle_json_get_array (object, "choices");
  const char *model = heddle_json_get_string (object, "model", NULL);

  if (!heddle_json_is_null (heddle_json_member (object, "error")))
    {
      if (self->error == NULL)
        self->error = heddle_http_error_from_json (object, 0, self->host);
      return;
    }
  if (model != NULL && *model != '\0' && self->model == NULL)
    self->model = g_strdup (model);
  take_usage (self, heddle_json_member (object, "usage"));
  for (guint i = 0; choices != NULL && i < json_array_get_length (choices); i++)
    take_choice (self, json_array_get_element (choices, i));
}

void
heddle_openai_reply_add_event (HeddleOpenaiReply *self,
                               const char *data)
{
  g_autofree char *text = g_strstrip (g_strdup (data));
  g_autoptr (JsonNode) object = NULL;

  self->is_stream = TRUE;
  if (*text == '\0' || self->is_done || self->error != NULL)
    return;
  self->has_events = TRUE;
  if (strcmp (text, "[DONE]") == 0)
    {
      self->is_done = TRUE;
      return;
    }
  object = heddle_json_parse (text, -1, NULL);
  if (object == NULL || !JSON_NODE_HOLDS_OBJECT (object))
    self->has_nonsense = TRUE;
  else
    take_object (self, object);
}

void
heddle_openai_reply_add_body (HeddleOpenaiReply *self,
                              const char *body,
                              gsize length)
{
  g_autoptr (JsonNode) object = heddle_json_parse (body, length, NULL);

  if (object == NULL || !JSON_NODE_HOLDS_OBJECT (object))
    self->has_nonsense = TRUE;
  else
    take_object (self, object);
}

gboolean
heddle_openai_reply_has_events (HeddleOpenaiReply *self)
{
  return self->has_events;
}

static GError *
create_error (HeddleErrorCode code,
              const char *message,
              const char *hint)
{
  GError *error = g_error_new_literal (HEDDLE_ERROR, code, message);

  heddle_error_set_hint (error, hint);
  return error;
}

static GError *
broken_error (HeddleOpenaiReply *self)
{
  g_autofree char *message = g_strdup_printf (_ ("The answer of %s ended in the middle."), self->host);

  return create_error (HEDDLE_ERROR_BROKEN_STREAM, message, _ ("Try again."));
}

static GError *
nonsense_error (HeddleOpenaiReply *self)
{
  g_autofree char *message = g_strdup_printf (_ ("%s answered with something that is no chat completion."), self->host);

  return create_error (HEDDLE_ERROR_SERVER, message, _ ("Check that the address of the provider ends as its documentation says, usually with /v1."));
}

static GError *
empty_error (HeddleOpenaiReply *self)
{
  g_autofree char *message = NULL;

  if (g_strcmp0 (self->finish_reason, "length") == 0)
    {
      message = g_strdup_printf (_ ("The model at %s reached the token limit before it wrote anything."), self->host);
      return create_error (HEDDLE_ERROR_LIMIT, message, _ ("Raise the max tokens: models that think first need room for that too."));
    }
  if (g_strcmp0 (self->finish_reason, "content_filter") == 0)
    {
      message = g_strdup_printf (_ ("%s withheld the answer by its content rules."), self->host);
      return create_error (HEDDLE_ERROR_CONTENT_FILTER, message, _ ("Change the prompt."));
    }
  message = g_strdup_printf (_ ("%s answered with nothing."), self->host);
  return create_error (HEDDLE_ERROR_SERVER, message, _ ("Try again, or choose another model."));
}

/* NULL when the reply is whole. */
static GError *
find_fault (HeddleOpenaiReply *self)
{
  if (self->error != NULL)
    return g_error_copy (self->error);
  if (self->is_stream && !self->is_done && self->finish_reason == NULL)
    return broken_error (self);
  if (self->has_nonsense)
    return nonsense_error (self);
  if (g_strcmp0 (self->finish_reason, "error") == 0)
    return create_error (HEDDLE_ERROR_SERVER, _ ("The provider stopped in the middle with an error."), _ ("Try again."));
  if (self->text->len == 0 && self->refusal->len == 0)
    return empty_error (self);
  return NULL;
}

HeddleChatResponse *
heddle_openai_reply_finish (HeddleOpenaiReply *self,
                            const char *input_text,
                            GError **error)
{
  GError *fault = find_fault (self);
  HeddleChatResponse *response;

  if (fault != NULL)
    {
      g_propagate_error (error, fault);
      return NULL;
    }
  response = g_new0 (HeddleChatResponse, 1);
  response->text = g_strdup (self->text->str);
  response->model = g_strdup (self->model);
  response->finish_reason = g_strdup (self->finish_reason == NULL ? "stop" : self->finish_reason);
  response->refusal = self->refusal->len == 0 ? NULL : g_strdup (self->refusal->str);
  response->usage = HEDDLE_USAGE_UNKNOWN;
  response->usage.estimated = self->input_tokens < 0 || self->output_tokens < 0;
  response->usage.input = self->input_tokens < 0 ? heddle_tokens_estimate (input_text) : self->input_tokens;
  response->usage.output = self->output_tokens < 0 ? heddle_tokens_estimate (self->text->str) : self->output_tokens;
  response->first_token_us = self->first_token_us;
  return response;
}
