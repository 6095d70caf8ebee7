/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-reply-private.h"

#include "net/heddle-http.h"
#include "value/heddle-json.h"

#include <string.h>

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
  self->text_mask = heddle_http_mask_new ();
  self->reasoning_mask = heddle_http_mask_new ();
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
  heddle_http_mask_free (self->text_mask);
  heddle_http_mask_free (self->reasoning_mask);
  g_string_free (self->text, TRUE);
  g_string_free (self->reasoning, TRUE);
  g_string_free (self->refusal, TRUE);
  g_ptr_array_unref (self->calls);
  json_array_unref (self->blocks);
  g_clear_error (&self->error);
  g_free (self);
}

void
heddle_reply_hide (HeddleReply *self,
                   const char *value)
{
  heddle_http_mask_add (self->text_mask, value);
  heddle_http_mask_add (self->reasoning_mask, value);
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

gboolean
heddle_reply_is_finished (HeddleReply *self)
{
  return self->finish_reason != NULL;
}

static void
note_first_token (HeddleReply *self)
{
  if (self->first_token_us < 0)
    self->first_token_us = g_get_monotonic_time () - self->started;
}

static void
text_cb (const char *data,
         gsize length,
         gpointer user_data)
{
  HeddleReply *self = user_data;
  g_autofree char *text = g_utf8_make_valid (data, length);

  g_string_append (self->text, text);
  if (self->request->delta != NULL)
    self->request->delta (text, self->request->delta_data);
}

static void
reasoning_cb (const char *data,
              gsize length,
              gpointer user_data)
{
  HeddleReply *self = user_data;
  g_autofree char *text = g_utf8_make_valid (data, length);

  g_string_append (self->reasoning, text);
  if (self->request->reasoning != NULL)
    self->request->reasoning (text, self->request->delta_data);
}

void
heddle_reply_add_text (HeddleReply *self,
                       const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  note_first_token (self);
  heddle_http_mask_feed (self->text_mask, text, strlen (text), text_cb, self);
}

void
heddle_reply_add_reasoning (HeddleReply *self,
                            const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  note_first_token (self);
  heddle_http_mask_feed (self->reasoning_mask, text, strlen (text), reasoning_cb, self);
}

void
heddle_reply_release (HeddleReply *self)
{
  heddle_http_mask_end (self->text_mask, text_cb, self);
  heddle_http_mask_end (self->reasoning_mask, reasoning_cb, self);
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

/* The block itself, unless there is a secret in it. */
static JsonNode *
mask_block (HeddleReply *self,
            JsonNode *block)
{
  g_autofree char *text = heddle_json_to_text (block, HEDDLE_JSON_COMPACT);
  g_autofree char *masked = heddle_http_mask_text (self->text_mask, text);
  JsonNode *clean = strcmp (text, masked) == 0 ? NULL : heddle_json_parse (masked, -1, NULL);

  return clean != NULL ? clean : json_node_ref (block);
}

void
heddle_reply_add_block (HeddleReply *self,
                        JsonNode *block,
                        const char *call_id,
                        gboolean keep)
{
  JsonObject *entry = json_object_new ();

  json_object_set_member (entry, "block", mask_block (self, block));
  if (call_id != NULL)
    json_object_set_string_member (entry, "call", call_id);
  json_array_add_object_element (self->blocks, entry);
  self->keeps_blocks = self->keeps_blocks || keep;
}
