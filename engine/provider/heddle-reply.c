/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-reply.h"

#include "heddle-error.h"
#include "net/heddle-http.h"
#include "provider/heddle-provider-private.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _HeddleReply
{
  const HeddleChatRequest *request;
  char *kind;
  char *host;
  HeddleToolNames *names;
  GString *text;
  GString *reasoning;
  GString *refusal;
  char *model;
  char *request_id;
  char *finish_reason;
  GPtrArray *calls;  /* HeddleReplyCall */
  JsonArray *blocks; /* {"block","call"} */
  gboolean keeps_blocks;
  HeddleUsage usage;
  gint64 started;
  gint64 first_token_us;
  gpointer state;
  gboolean is_stream;
  gboolean has_events;
  gboolean is_done;
  gboolean has_nonsense;
  gboolean has_objects; /* and something that is not, or was not cut off */
  GError *error; /* what the server said in the middle */
};

static void
reply_call_free (gpointer data)
{
  HeddleReplyCall *call = data;

  g_free (call->key);
  g_free (call->id);
  g_free (call->wire_id);
  g_string_free (call->name, TRUE);
  g_string_free (call->arguments, TRUE);
  g_free (call);
}

HeddleReply *
heddle_reply_new (const HeddleChatRequest *request,
                  const char *kind,
                  const char *host,
                  HeddleToolNames *names)
{
  HeddleReply *self = g_new0 (HeddleReply, 1);

  self->request = request;
  self->kind = g_strdup (kind);
  self->host = g_strdup (host);
  self->names = names;
  self->text = g_string_new (NULL);
  self->reasoning = g_string_new (NULL);
  self->refusal = g_string_new (NULL);
  self->calls = g_ptr_array_new_with_free_func (reply_call_free);
  self->blocks = json_array_new ();
  self->usage = HEDDLE_USAGE_UNKNOWN;
  self->started = g_get_monotonic_time ();
  self->first_token_us = -1;
  return self;
}

void
heddle_reply_free (HeddleReply *self)
{
  if (self == NULL)
    return;
  g_free (self->kind);
  g_free (self->host);
  g_free (self->model);
  g_free (self->request_id);
  g_free (self->finish_reason);
  g_string_free (self->text, TRUE);
  g_string_free (self->reasoning, TRUE);
  g_string_free (self->refusal, TRUE);
  g_ptr_array_unref (self->calls);
  json_array_unref (self->blocks);
  g_clear_error (&self->error);
  g_free (self);
}

static void
take_object (HeddleReply *self,
             JsonNode *object,
             HeddleReplyTake take)
{
  if (object == NULL || !JSON_NODE_HOLDS_OBJECT (object))
    {
      self->has_nonsense = TRUE;
      return;
    }
  self->has_objects = TRUE;
  if (heddle_json_is_null (heddle_json_member (object, "error")))
    take (self, object);
  else
    heddle_reply_set_server_error (self, object);
}

void
heddle_reply_add_event (HeddleReply *self,
                        const char *text,
                        HeddleReplyTake take)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  g_autoptr (JsonNode) object = NULL;

  self->is_stream = TRUE;
  if (*trimmed == '\0' || self->is_done || self->error != NULL)
    return;
  self->has_events = TRUE;
  if (strcmp (trimmed, "[DONE]") == 0)
    {
      self->is_done = TRUE;
      return;
    }
  object = heddle_json_parse (trimmed, -1, NULL);
  /* What begins like an object is one that was cut off, not something else. */
  self->has_objects = self->has_objects || *trimmed == '{';
  take_object (self, object, take);
}

void
heddle_reply_add_body (HeddleReply *self,
                       const char *body,
                       gsize length,
                       HeddleReplyTake take)
{
  g_autoptr (JsonNode) node = heddle_json_parse (body, length, NULL);
  JsonArray *events;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    {
      take_object (self, node, take);
      return;
    }
  events = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (events); i++)
    take_object (self, json_array_get_element (events, i), take);
}

gboolean
heddle_reply_has_events (HeddleReply *self)
{
  return self->has_events;
}

gboolean
heddle_reply_is_done (HeddleReply *self)
{
  return self->is_done;
}

static void
note_first_token (HeddleReply *self)
{
  if (self->first_token_us < 0)
    self->first_token_us = g_get_monotonic_time () - self->started;
}

void
heddle_reply_add_text (HeddleReply *self,
                       const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  note_first_token (self);
  g_string_append (self->text, text);
  if (self->request->delta != NULL)
    self->request->delta (text, self->request->delta_data);
}

void
heddle_reply_add_reasoning (HeddleReply *self,
                            const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  note_first_token (self);
  g_string_append (self->reasoning, text);
  if (self->request->reasoning != NULL)
    self->request->reasoning (text, self->request->delta_data);
}

void
heddle_reply_add_refusal (HeddleReply *self,
                          const char *text)
{
  if (text != NULL)
    g_string_append (self->refusal, text);
}

const char *
heddle_reply_get_reasoning (HeddleReply *self)
{
  return self->reasoning->str;
}

static void
set_once (char **field,
          const char *value)
{
  if (*field == NULL && value != NULL && *value != '\0')
    *field = g_strdup (value);
}

void
heddle_reply_set_model (HeddleReply *self,
                        const char *model)
{
  set_once (&self->model, model);
}

void
heddle_reply_set_request_id (HeddleReply *self,
                             const char *id)
{
  set_once (&self->request_id, id);
}

void
heddle_reply_set_finish (HeddleReply *self,
                         const char *reason)
{
  if (reason == NULL || *reason == '\0')
    return;
  g_free (self->finish_reason);
  self->finish_reason = g_strdup (reason);
}

void
heddle_reply_set_done (HeddleReply *self)
{
  self->is_done = TRUE;
}

void
heddle_reply_set_error (HeddleReply *self,
                        GError *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
}

void
heddle_reply_set_server_error (HeddleReply *self,
                               JsonNode *object)
{
  heddle_reply_set_error (self, heddle_http_error_from_json (object, 0, self->host));
}

gboolean
heddle_reply_has_calls (HeddleReply *self)
{
  return self->calls->len > 0;
}

gboolean
heddle_reply_has_content (HeddleReply *self)
{
  return self->calls->len > 0 || self->text->len > 0 || self->reasoning->len > 0 || self->refusal->len > 0;
}

HeddleReplyCall *
heddle_reply_find_call (HeddleReply *self,
                        const char *key)
{
  for (guint i = 0; i < self->calls->len; i++)
    {
      HeddleReplyCall *call = g_ptr_array_index (self->calls, i);

      if (g_strcmp0 (call->key, key) == 0)
        return call;
    }
  return NULL;
}

HeddleReplyCall *
heddle_reply_get_last_call (HeddleReply *self)
{
  return self->calls->len == 0 ? NULL : g_ptr_array_index (self->calls, self->calls->len - 1);
}

void
heddle_reply_set_call_id (HeddleReply *self,
                          HeddleReplyCall *call,
                          const char *id)
{
  g_free (call->id);
  g_free (call->wire_id);
  call->wire_id = g_strdup (id);
  call->id = heddle_tool_names_take_id (self->names, id);
}

HeddleReplyCall *
heddle_reply_add_call (HeddleReply *self,
                       const char *key,
                       const char *id,
                       const char *name)
{
  HeddleReplyCall *call = g_new0 (HeddleReplyCall, 1);

  note_first_token (self);
  call->key = g_strdup (key);
  call->name = g_string_new (name);
  call->arguments = g_string_new (NULL);
  if (id != NULL && *id != '\0')
    heddle_reply_set_call_id (self, call, id);
  g_ptr_array_add (self->calls, call);
  return call;
}

void
heddle_reply_set_call_arguments (HeddleReplyCall *call,
                                 JsonNode *value)
{
  g_string_truncate (call->arguments, 0);
  if (heddle_json_is_string (value))
    g_string_append (call->arguments, json_node_get_string (value));
  else if (!heddle_json_is_null (value))
    heddle_json_append_text (call->arguments, value, HEDDLE_JSON_COMPACT, 0);
}

HeddleUsage *
heddle_reply_get_usage (HeddleReply *self)
{
  return &self->usage;
}

gpointer *
heddle_reply_get_state (HeddleReply *self)
{
  return &self->state;
}

void
heddle_reply_add_block (HeddleReply *self,
                        JsonNode *block,
                        const char *call_id,
                        gboolean keep)
{
  JsonObject *entry = json_object_new ();

  json_object_set_member (entry, "block", json_node_ref (block));
  if (call_id != NULL)
    json_object_set_string_member (entry, "call", call_id);
  json_array_add_object_element (self->blocks, entry);
  self->keeps_blocks = self->keeps_blocks || keep;
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
  return create_error (HEDDLE_ERROR_SERVER, message, _ ("Try again, or choose another model."));
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

  if (call->id == NULL)
    heddle_reply_set_call_id (self, call, NULL);
  json_object_set_string_member (object, "id", call->id);
  json_object_set_member (object, "name", heddle_json_string (heddle_tool_names_from_wire (self->names, call->name->str)));
  json_object_set_member (object, "arguments", read_arguments (call->arguments->str));
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
  json_object_set_array_member (opaque, "blocks", json_array_ref (self->blocks));
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
  GError *fault = find_fault (self);
  HeddleChatResponse *response;

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
