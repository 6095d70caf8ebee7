/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-reply-private.h"

#include "heddle-error.h"
#include "provider/heddle-provider-private.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static GError *
create_error (HeddleErrorCode code,
              const char *message,
              const char *hint)
{
  GError *error = g_error_new_literal (HEDDLE_ERROR, code, message);

  heddle_error_set_hint (error, hint);
  return error;
}

/* What it said of an answer without anything in it. */
#define HTTP_OK 200

static GError *
broken_error (HeddleReply *self)
{
  g_autofree char *message = g_strdup_printf (_ ("The answer of %s ended in the middle."), self->host);

  return create_error (HEDDLE_ERROR_BROKEN_STREAM, message, _ ("Try again."));
}

static GError *
nonsense_error (HeddleReply *self)
{
  g_autofree char *message = g_strdup_printf (_ ("%s answered with something that is no chat completion."), self->host);

  return create_error (HEDDLE_ERROR_SERVER, message, _ ("Check the address of the provider, which often ends with /v1, and its kind."));
}

static GError *
empty_error (HeddleReply *self)
{
  const char *reason = self->finish_reason == NULL ? "" : self->finish_reason;
  g_autofree char *message = NULL;
  GError *error;

  if (strcmp (reason, "length") == 0)
    {
      message = g_strdup_printf (_ ("The model at %s reached the token limit before it wrote anything."), self->host);
      return create_error (HEDDLE_ERROR_LIMIT, message, _ ("Raise the max tokens: models that think first need room for that too."));
    }
  if (strcmp (reason, "content_filter") == 0)
    {
      message = g_strdup_printf (_ ("%s withheld the answer by its content rules."), self->host);
      return create_error (HEDDLE_ERROR_CONTENT_FILTER, message, _ ("Change the prompt."));
    }
  if (strcmp (reason, "context_length") == 0)
    {
      message = g_strdup_printf (_ ("The conversation fills the whole window of the model at %s."), self->host);
      return create_error (HEDDLE_ERROR_CONTEXT_LENGTH, message, _ ("Shorten the prompt or the context, or choose a model that takes more."));
    }
  message = g_strdup_printf (_ ("%s answered with nothing."), self->host);
  error = create_error (HEDDLE_ERROR_SERVER, message, _ ("Try again, or choose another model."));
  heddle_error_detail (error)->http_status = HTTP_OK;
  return error;
}

static gboolean
is_refused (HeddleReply *self)
{
  return self->refusal->len > 0 || g_strcmp0 (self->finish_reason, "refusal") == 0;
}

/* NULL when the reply is whole. */
static GError *
find_fault (HeddleReply *self)
{
  if (self->error != NULL)
    return g_error_copy (self->error);
  if (self->has_nonsense && !self->has_objects)
    return nonsense_error (self);
  if (self->is_stream && !self->is_done && self->finish_reason == NULL)
    return broken_error (self);
  if (self->has_nonsense)
    return nonsense_error (self);
  if (g_strcmp0 (self->finish_reason, "error") == 0)
    return create_error (HEDDLE_ERROR_SERVER, _ ("The provider stopped in the middle with an error."), _ ("Try again."));
  if (self->text->len == 0 && self->calls->len == 0 && !is_refused (self))
    return empty_error (self);
  return NULL;
}

/* An object; some models write one into a text once more. What is no object stays the text that it is. */
static JsonNode *
read_arguments (const char *text)
{
  g_autoptr (JsonNode) value = *text == '\0' ? NULL : heddle_json_parse (text, -1, NULL);
  g_autoptr (JsonNode) inner = heddle_json_is_string (value) ? heddle_json_parse (json_node_get_string (value), -1, NULL) : NULL;
  JsonNode *best = inner == NULL ? value : inner;
  g_autofree char *bare = g_strstrip (g_strdup (text));

  if (best != NULL && JSON_NODE_HOLDS_OBJECT (best))
    return json_node_ref (best);
  if (*bare == '\0' || strcmp (bare, "null") == 0)
    return heddle_json_object (json_object_new ());
  return heddle_json_string (text);
}

static JsonNode *
create_call (HeddleReply *self,
             HeddleReplyCall *call)
{
  JsonObject *object = json_object_new ();
  g_autofree char *arguments = heddle_http_mask_text (self->text_mask, call->arguments->str);

  if (call->id == NULL)
    heddle_reply_set_call_id (self, call, NULL);
  json_object_set_string_member (object, "id", call->id);
  json_object_set_member (object, "name", heddle_json_string (heddle_tool_names_from_wire (self->names, call->name->str)));
  json_object_set_member (object, "arguments", read_arguments (arguments));
  return heddle_json_object (object);
}

/* Where one call at a time was asked for, further ones are dropped: not every model heeds it. */
static JsonNode *
create_calls (HeddleReply *self)
{
  guint n_calls = self->request->no_parallel_tools ? MIN (self->calls->len, 1) : self->calls->len;
  JsonArray *array;

  if (n_calls == 0)
    return NULL;
  array = json_array_new ();
  for (guint i = 0; i < n_calls; i++)
    json_array_add_element (array, create_call (self, g_ptr_array_index (self->calls, i)));
  return heddle_json_array (array);
}

static JsonNode *
create_opaque (HeddleReply *self)
{
  JsonObject *opaque;

  if (!self->keeps_blocks)
    return NULL;
  opaque = json_object_new ();
  json_object_set_string_member (opaque, "kind", self->kind);
  json_object_set_member (opaque, "blocks", heddle_json_copy_array (self->blocks));
  return heddle_json_object (opaque);
}

/* Whether it is the turn of the tools is told by the calls: some servers say "stop" all the same. */
static char *
choose_finish_reason (HeddleReply *self)
{
  const char *reason = self->finish_reason == NULL ? "stop" : self->finish_reason;

  return g_strdup (self->calls->len > 0 && strcmp (reason, "stop") == 0 ? "tool_calls" : reason);
}

static gint64
estimate_output (HeddleReply *self)
{
  gint64 n_tokens = heddle_tokens_estimate (self->text->str) + heddle_tokens_estimate (self->reasoning->str);

  for (guint i = 0; i < self->calls->len; i++)
    n_tokens += heddle_tokens_estimate (((HeddleReplyCall *) g_ptr_array_index (self->calls, i))->arguments->str);
  return n_tokens;
}

static void
complete_usage (HeddleReply *self)
{
  HeddleUsage *usage = &self->usage;

  if (heddle_usage_get_input (usage) < 0)
    {
      g_autofree char *input = heddle_messages_to_text (self->request->messages);

      usage->input = heddle_tokens_estimate (input);
      usage->estimated = TRUE;
    }
  if (heddle_usage_get_output (usage) < 0)
    {
      usage->output = estimate_output (self);
      usage->estimated = TRUE;
    }
}

static char *
dup_refusal (HeddleReply *self)
{
  if (!is_refused (self))
    return NULL;
  if (self->refusal->len > 0)
    return g_strdup (self->refusal->str);
  return g_strdup (self->text->len > 0 ? self->text->str : _ ("It gives no reason."));
}

HeddleChatResponse *
heddle_reply_finish (HeddleReply *self,
                     GError **error)
{
  HeddleChatResponse *response;
  GError *fault;

  heddle_reply_release (self);
  fault = find_fault (self);
  if (fault != NULL)
    {
      g_propagate_error (error, fault);
      return NULL;
    }
  complete_usage (self);
  response = g_new0 (HeddleChatResponse, 1);
  response->text = g_strdup (self->text->str);
  response->reasoning = self->reasoning->len == 0 ? NULL : g_strdup (self->reasoning->str);
  response->model = g_strdup (self->model);
  response->request_id = g_strdup (self->request_id);
  response->finish_reason = choose_finish_reason (self);
  response->refusal = dup_refusal (self);
  response->tool_calls = create_calls (self);
  response->opaque = create_opaque (self);
  response->usage = self->usage;
  response->first_token_us = self->first_token_us;
  return response;
}

static gint64
without (gint64 total,
         gint64 part)
{
  return total < 0 ? -1 : MAX (total - MAX (part, 0), 0);
}

void
heddle_usage_set_input (HeddleUsage *usage,
                        gint64 total,
                        gint64 cache_read,
                        gint64 cache_write)
{
  usage->input = without (without (total, cache_read), cache_write);
  usage->cache_read = cache_read;
  usage->cache_write = cache_write;
}

void
heddle_usage_set_output (HeddleUsage *usage,
                         gint64 total,
                         gint64 reasoning)
{
  usage->output = without (total, reasoning);
  usage->reasoning = reasoning;
}
