/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-json-rpc.h"

#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_NOISE_BYTES 400

struct _HeddleJsonRpcReader
{
  HeddleJsonRpcFuncs funcs;
  gpointer user_data;
  GString *line;
  gboolean too_long; /* the rest of the line is passed over */
};

static gboolean
has_member (JsonNode *message, const char *name)
{
  return json_object_has_member (json_node_get_object (message), name);
}

HeddleJsonRpcKind
heddle_json_rpc_get_kind (JsonNode *message)
{
  if (message == NULL || !JSON_NODE_HOLDS_OBJECT (message))
    return HEDDLE_JSON_RPC_INVALID;
  if (heddle_json_get_string (message, "method", NULL) != NULL)
    return has_member (message, "id") ? HEDDLE_JSON_RPC_REQUEST : HEDDLE_JSON_RPC_NOTIFICATION;
  if (heddle_json_get_object (message, "error") != NULL)
    return HEDDLE_JSON_RPC_ERROR;
  return has_member (message, "result") && has_member (message, "id") ? HEDDLE_JSON_RPC_RESULT : HEDDLE_JSON_RPC_INVALID;
}

gint64
heddle_json_rpc_get_id (JsonNode *message)
{
  JsonNode *id = heddle_json_member (message, "id");

  if (id == NULL || !JSON_NODE_HOLDS_VALUE (id) || json_node_get_value_type (id) != G_TYPE_INT64)
    return 0;
  return MAX (json_node_get_int (id), 0);
}

static JsonObject *
message_new (void)
{
  JsonObject *message = json_object_new ();

  json_object_set_string_member (message, "jsonrpc", "2.0");
  return message;
}

static JsonNode *
create_call (JsonObject *message, const char *method, JsonNode *params)
{
  json_object_set_string_member (message, "method", method);
  if (params != NULL)
    json_object_set_member (message, "params", params);
  return heddle_json_object (message);
}

JsonNode *
heddle_json_rpc_request (gint64 id, const char *method, JsonNode *params)
{
  JsonObject *message = message_new ();

  json_object_set_int_member (message, "id", id);
  return create_call (message, method, params);
}

JsonNode *
heddle_json_rpc_notification (const char *method, JsonNode *params)
{
  return create_call (message_new (), method, params);
}

JsonNode *
heddle_json_rpc_reply (JsonNode *id, JsonNode *result)
{
  JsonObject *message = message_new ();

  json_object_set_member (message, "id", json_node_ref (id));
  json_object_set_member (message, "result", result);
  return heddle_json_object (message);
}

JsonNode *
heddle_json_rpc_refusal (JsonNode *id, gint64 code, const char *message)
{
  JsonObject *reply = message_new ();
  JsonObject *error = json_object_new ();

  json_object_set_int_member (error, "code", code);
  json_object_set_string_member (error, "message", message);
  json_object_set_member (reply, "id", json_node_ref (id));
  json_object_set_object_member (reply, "error", error);
  return heddle_json_object (reply);
}

static void
tell_noise (const HeddleJsonRpcFuncs *funcs, gpointer user_data, const char *text, gsize length, const char *why)
{
  g_autofree char *start = g_utf8_make_valid (text, MIN (length, MAX_NOISE_BYTES));

  funcs->noise (start, why, user_data);
}

static void
take_message (JsonNode *message, const char *text, gsize length, const HeddleJsonRpcFuncs *funcs, gpointer user_data)
{
  if (heddle_json_rpc_get_kind (message) == HEDDLE_JSON_RPC_INVALID)
    tell_noise (funcs, user_data, text, length, _ ("This is JSON, but no message of the protocol."));
  else
    funcs->message (message, user_data);
}

static void
take_batch (JsonArray *batch, const char *text, gsize length, const HeddleJsonRpcFuncs *funcs, gpointer user_data)
{
  for (guint i = 0; i < json_array_get_length (batch); i++)
    take_message (json_array_get_element (batch, i), text, length, funcs, user_data);
}

static gboolean
is_space (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isspace (text[i]))
        return FALSE;
    }
  return TRUE;
}

void
heddle_json_rpc_read (const char *text, gsize length, const HeddleJsonRpcFuncs *funcs, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (is_space (text, length))
    return;
  node = heddle_json_parse_limited (text, length, HEDDLE_JSON_RPC_MAX_BYTES, &error);
  if (node == NULL)
    tell_noise (funcs, user_data, text, length, error->message);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    take_batch (json_node_get_array (node), text, length, funcs, user_data);
  else
    take_message (node, text, length, funcs, user_data);
}

HeddleJsonRpcReader *
heddle_json_rpc_reader_new (const HeddleJsonRpcFuncs *funcs, gpointer user_data)
{
  HeddleJsonRpcReader *self;

  g_return_val_if_fail (funcs != NULL && funcs->message != NULL && funcs->noise != NULL, NULL);

  self = g_new0 (HeddleJsonRpcReader, 1);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->line = g_string_new (NULL);
  return self;
}

void
heddle_json_rpc_reader_free (HeddleJsonRpcReader *self)
{
  if (self == NULL)
    return;
  g_string_free (self->line, TRUE);
  g_free (self);
}

static void
take_line (HeddleJsonRpcReader *self)
{
  if (self->too_long)
    tell_noise (&self->funcs, self->user_data, self->line->str, self->line->len, _ ("This line is longer than 16 MiB."));
  else
    heddle_json_rpc_read (self->line->str, self->line->len, &self->funcs, self->user_data);
  g_string_truncate (self->line, 0);
  self->too_long = FALSE;
}

static void
gather (HeddleJsonRpcReader *self, const char *bytes, gsize length)
{
  if (self->too_long)
    return;
  if (self->line->len + length <= HEDDLE_JSON_RPC_MAX_BYTES)
    {
      g_string_append_len (self->line, bytes, length);
      return;
    }
  /* Its beginning is kept, to be shown. */
  self->too_long = TRUE;
  g_string_append_len (self->line, bytes, MIN (length, MAX_NOISE_BYTES));
  g_string_truncate (self->line, MAX_NOISE_BYTES);
}

void
heddle_json_rpc_reader_feed (HeddleJsonRpcReader *self, const char *bytes, gsize length)
{
  g_return_if_fail (self != NULL);

  while (length > 0)
    {
      const char *end = memchr (bytes, '\n', length);
      gsize piece = end == NULL ? length : (gsize) (end - bytes);

      gather (self, bytes, piece);
      if (end == NULL)
        return;
      take_line (self);
      bytes += piece + 1;
      length -= piece + 1;
    }
}

void
heddle_json_rpc_reader_end (HeddleJsonRpcReader *self)
{
  g_return_if_fail (self != NULL);

  take_line (self);
}
