/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-peer-private.h"

#include "heddle-config.h"
#include "heddle-error.h"
#include "tool/heddle-mcp-protocol.h"
#include "value/heddle-cancel-watch.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A request that waits for its answer. */
typedef struct
{
  HeddleMcpPeer *peer; /* borrowed: it owns this */
  gint64 id;
  GTask *task;
  gboolean is_initialize;
  guint timeout_ms;
  gint64 deadline; /* monotonic, µs; 0: none */
  GSource *timer;
  HeddleCancelWatch *cancel;
  void (*progress) (double fraction, const char *text, gpointer user_data);
  gpointer progress_data;
} Pending;

G_DEFINE_FINAL_TYPE (HeddleMcpPeer, heddle_mcp_peer, G_TYPE_OBJECT)

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
pending_free (gpointer data)
{
  Pending *pending = data;

  clear_source (&pending->timer);
  g_clear_pointer (&pending->cancel, heddle_cancel_watch_free);
  g_object_unref (pending->task);
  g_free (pending);
}

/* Out of the table, so that it ends once. */
static GTask *
end_pending (Pending *pending)
{
  GTask *task = g_object_ref (pending->task);

  g_hash_table_remove (pending->peer->pending, &pending->id);
  return task;
}

static Pending *
find_pending (HeddleMcpPeer *self, gint64 id)
{
  return g_hash_table_lookup (self->pending, &id);
}

static void
heddle_mcp_peer_dispose (GObject *object)
{
  heddle_mcp_peer_close (HEDDLE_MCP_PEER (object));
  G_OBJECT_CLASS (heddle_mcp_peer_parent_class)->dispose (object);
}

static void
heddle_mcp_peer_finalize (GObject *object)
{
  HeddleMcpPeer *self = HEDDLE_MCP_PEER (object);

  g_hash_table_unref (self->pending);
  g_object_unref (self->transport);
  g_clear_pointer (&self->server, json_node_unref);
  g_clear_pointer (&self->capabilities, json_node_unref);
  g_clear_error (&self->closed);
  g_free (self->version);
  g_free (self->name);
  G_OBJECT_CLASS (heddle_mcp_peer_parent_class)->finalize (object);
}

static void
heddle_mcp_peer_class_init (HeddleMcpPeerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_mcp_peer_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_mcp_peer_finalize;
}

static void
heddle_mcp_peer_init (HeddleMcpPeer *self)
{
  self->pending = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, pending_free);
}

/* Its own words go on, as a person has to understand them. */
static GError *
error_from_reply (HeddleMcpPeer *self, JsonNode *error, const GError *below)
{
  gint64 code = heddle_json_get_int (error, "code", 0);
  const char *message = heddle_json_get_string (error, "message", "");
  HeddleErrorCode class = code == HEDDLE_JSON_RPC_INVALID_PARAMS || code == HEDDLE_JSON_RPC_METHOD_NOT_FOUND ? HEDDLE_ERROR_BAD_REQUEST : HEDDLE_ERROR_FAILED;
  GError *result;

  if (below != NULL && below->domain == HEDDLE_ERROR)
    class = below->code;
  result = g_error_new (HEDDLE_ERROR, class, _ ("The MCP server “%s” refused the request: %s"), self->name,
                        *message == '\0' ? _ ("it gave no reason.") : message);
  heddle_error_detail (result)->provider_code = g_strdup_printf ("%" G_GINT64_FORMAT, code);
  if (below != NULL && heddle_error_detail (below) != NULL)
    heddle_error_detail (result)->http_status = heddle_error_detail (below)->http_status;
  return result;
}

static void
take_error (Pending *pending, JsonNode *reply, const GError *below)
{
  GError *error = error_from_reply (pending->peer, heddle_json_member (reply, "error"), below);
  g_autoptr (GTask) task = end_pending (pending);

  g_task_return_error (task, error);
}

static void
take_result (Pending *pending, JsonNode *message)
{
  HeddleMcpPeer *self = pending->peer;
  JsonNode *result = heddle_json_member (message, "result");
  g_autoptr (GTask) task = end_pending (pending);

  if (!JSON_NODE_HOLDS_OBJECT (result))
    g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("The MCP server “%s” sent a result that is no object."), self->name);
  else
    g_task_return_pointer (task, json_node_ref (result), (GDestroyNotify) json_node_unref);
}

static void
expect_life (Pending *pending)
{
  gint64 now = g_get_monotonic_time ();
  gint64 until = pending->timeout_ms == 0 ? G_MAXINT64 : now + pending->timeout_ms * (gint64) 1000;

  if (pending->deadline > 0)
    until = MIN (until, pending->deadline);
  if (pending->timer != NULL)
    g_source_set_ready_time (pending->timer, until == G_MAXINT64 ? -1 : until);
}

static void
take_progress (HeddleMcpPeer *self, JsonNode *params)
{
  gint64 id = heddle_json_get_int (params, "progressToken", 0);
  Pending *pending = find_pending (self, id);
  double progress = heddle_json_get_double (params, "progress", -1);
  double total = heddle_json_get_double (params, "total", 0);
  double fraction = total > 0 && progress >= 0 ? MIN (progress / total, 1) : -1;

  if (pending == NULL || pending->progress == NULL)
    return;
  expect_life (pending);
  pending->progress (fraction, heddle_json_get_string (params, "message", NULL), pending->progress_data);
}

static void
take_log (HeddleMcpPeer *self, JsonNode *params)
{
  g_autofree char *text = heddle_json_to_display (heddle_json_member (params, "data"));
  g_autofree char *line = g_strdup_printf ("[%s] %s", heddle_json_get_string (params, "level", "info"), text);

  heddle_mcp_log_add (heddle_mcp_transport_get_log (self->transport), line);
}

static void
take_notification (HeddleMcpPeer *self, JsonNode *message)
{
  const char *method = heddle_json_get_string (message, "method", "");
  JsonNode *params = heddle_json_member (message, "params");

  if (strcmp (method, "notifications/progress") == 0)
    take_progress (self, params);
  else if (strcmp (method, "notifications/message") == 0)
    take_log (self, params);
  else if (strcmp (method, "notifications/tools/list_changed") == 0 && self->tools_changed != NULL)
    self->tools_changed (self->tools_changed_data);
}

/*
 * We offer a server nothing, and said so when the connection began; one that asks anyway gets a proper refusal. In the
 * modern era it has no way to ask, and nothing to be told.
 */
static void
answer_request (HeddleMcpPeer *self, JsonNode *message)
{
  JsonNode *id = heddle_json_member (message, "id");
  const char *method = heddle_json_get_string (message, "method", "");
  g_autoptr (JsonNode) reply = NULL;

  if (strcmp (method, "ping") == 0)
    {
      reply = heddle_json_rpc_reply (id, heddle_json_object (json_object_new ()));
    }
  else
    {
      g_autofree char *line = g_strdup_printf (_ ("The server asked for %s, which Heddle does not offer."), method);

      heddle_mcp_log_add (heddle_mcp_transport_get_log (self->transport), line);
      reply = heddle_json_rpc_refusal (id, HEDDLE_JSON_RPC_METHOD_NOT_FOUND, "This client does not offer that.");
    }
  if (!self->open || !self->modern)
    heddle_mcp_transport_send (self->transport, reply, NULL);
}

static void
message_cb (JsonNode *message, gpointer user_data)
{
  g_autoptr (HeddleMcpPeer) self = g_object_ref (user_data);
  HeddleJsonRpcKind kind = heddle_json_rpc_get_kind (message);
  Pending *pending = find_pending (self, heddle_json_rpc_get_id (message));

  if (kind == HEDDLE_JSON_RPC_REQUEST)
    answer_request (self, message);
  else if (kind == HEDDLE_JSON_RPC_NOTIFICATION)
    take_notification (self, message);
  else if (pending == NULL)
    return; /* too late, or to nobody */
  else if (kind == HEDDLE_JSON_RPC_ERROR)
    take_error (pending, message, NULL);
  else
    take_result (pending, message);
}

static void
failed_cb (gint64 id, const GError *error, JsonNode *reply, gpointer user_data)
{
  g_autoptr (HeddleMcpPeer) self = g_object_ref (user_data);
  Pending *pending = find_pending (self, id);
  g_autoptr (GTask) task = NULL;

  if (pending == NULL)
    return;
  if (reply != NULL)
    {
      take_error (pending, reply, error);
      return;
    }
  task = end_pending (pending);
  g_task_return_error (task, g_error_copy (error));
}

static void
fail_all (HeddleMcpPeer *self)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->pending);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      g_ptr_array_add (tasks, g_object_ref (((Pending *) value)->task));
      g_hash_table_iter_remove (&iter);
    }
  for (guint i = 0; i < tasks->len; i++)
    g_task_return_error (g_ptr_array_index (tasks, i), g_error_copy (self->closed));
}

static void
end (HeddleMcpPeer *self, GError *reason)
{
  self->open = FALSE;
  if (self->closed == NULL)
    self->closed = reason;
  else
    g_error_free (reason);
  fail_all (self);
}

static void
closed_cb (const GError *error, gpointer user_data)
{
  g_autoptr (HeddleMcpPeer) self = g_object_ref (user_data);

  heddle_mcp_log_add (heddle_mcp_transport_get_log (self->transport), error->message);
  end (self, g_error_copy (error));
}

HeddleMcpPeer *
heddle_mcp_peer_new (HeddleMcpTransport *transport, const char *name, void (*tools_changed) (gpointer user_data), gpointer user_data)
{
  static const HeddleMcpListener listener = { message_cb, failed_cb, closed_cb };
  HeddleMcpPeer *self = g_object_new (HEDDLE_TYPE_MCP_PEER, NULL);

  self->transport = transport;
  self->name = g_strdup (name);
  self->tools_changed = tools_changed;
  self->tools_changed_data = user_data;
  heddle_mcp_transport_set_listener (transport, &listener, self);
  return self;
}

void
heddle_mcp_peer_close (HeddleMcpPeer *self)
{
  self->tools_changed = NULL;
  heddle_mcp_transport_close (self->transport);
  end (self, g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("The connection to the MCP server “%s” was closed."), self->name));
}

gboolean
heddle_mcp_peer_is_open (HeddleMcpPeer *self)
{
  return self->open;
}

gboolean
heddle_mcp_peer_is_modern (HeddleMcpPeer *self)
{
  return self->modern;
}

const char *
heddle_mcp_peer_get_version (HeddleMcpPeer *self)
{
  return self->version;
}

JsonNode *
heddle_mcp_peer_get_server (HeddleMcpPeer *self)
{
  return self->server;
}

JsonNode *
heddle_mcp_peer_get_capabilities (HeddleMcpPeer *self)
{
  return self->capabilities;
}

JsonNode *
heddle_mcp_peer_get_client_info (void)
{
  JsonObject *info = json_object_new ();

  json_object_set_string_member (info, "name", "heddle");
  json_object_set_string_member (info, "title", "Heddle");
  json_object_set_string_member (info, "version", HEDDLE_VERSION);
  return heddle_json_object (info);
}

void
heddle_mcp_peer_notify (HeddleMcpPeer *self, const char *method, JsonObject *params)
{
  g_autoptr (JsonNode) message = heddle_json_rpc_notification (method, params == NULL ? NULL : heddle_json_object (params));

  heddle_mcp_transport_send (self->transport, message, NULL);
}

/* Lets go of a request that the server may still be at work on. */
static void
abandon (HeddleMcpPeer *self, gint64 id, const char *reason)
{
  JsonObject *params;

  if (heddle_mcp_transport_forget (self->transport, id))
    return;
  params = json_object_new ();
  json_object_set_int_member (params, "requestId", id);
  json_object_set_string_member (params, "reason", reason);
  heddle_mcp_peer_notify (self, "notifications/cancelled", params);
}

static void
cancelled_cb (gpointer data)
{
  Pending *pending = data;
  g_autoptr (HeddleMcpPeer) self = g_object_ref (pending->peer);
  gint64 id = pending->id;
  gboolean is_initialize = pending->is_initialize;
  g_autoptr (GTask) task = end_pending (pending);

  /* The one request that must not be cancelled. */
  if (!is_initialize)
    abandon (self, id, "The user cancelled the request.");
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The request was cancelled."));
}

static gboolean
timeout_cb (gpointer data)
{
  Pending *pending = data;
  g_autoptr (HeddleMcpPeer) self = g_object_ref (pending->peer);
  gint64 id = pending->id;
  gboolean is_initialize = pending->is_initialize;
  g_autoptr (GTask) task = end_pending (pending);
  GError *error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT, _ ("The MCP server “%s” did not answer within the time allowed."), self->name);

  heddle_error_set_hint (error, _ ("Look at the server's log in the preferences, or raise its timeout."));
  if (!is_initialize)
    abandon (self, id, "The request timed out.");
  g_task_return_error (task, error);
  return G_SOURCE_REMOVE;
}

/* g_source_set_ready_time alone decides when it fires. */
static gboolean
dispatch_timer (GSource *source, GSourceFunc callback, gpointer data)
{
  g_source_set_ready_time (source, -1);
  return callback (data);
}

static GSource *
create_timer (Pending *pending)
{
  static GSourceFuncs funcs = { .dispatch = dispatch_timer };
  GSource *timer = g_source_new (&funcs, sizeof (GSource));

  g_source_set_callback (timer, timeout_cb, pending, NULL);
  g_source_attach (timer, g_main_context_get_thread_default ());
  return timer;
}

static Pending *
add_pending (HeddleMcpPeer *self, const HeddleMcpRequest *request, GTask *task)
{
  Pending *pending = g_new0 (Pending, 1);

  pending->peer = self;
  pending->id = ++self->last_id;
  pending->task = g_object_ref (task);
  pending->is_initialize = strcmp (request->method, "initialize") == 0;
  pending->timeout_ms = request->timeout_ms;
  pending->deadline = request->max_ms == 0 ? 0 : g_get_monotonic_time () + request->max_ms * (gint64) 1000;
  pending->progress = request->progress;
  pending->progress_data = request->progress_data;
  pending->timer = create_timer (pending);
  pending->cancel = heddle_cancel_watch_new (g_task_get_cancellable (task), NULL, cancelled_cb, pending);
  g_hash_table_insert (self->pending, &pending->id, pending);
  expect_life (pending);
  return pending;
}

/* Each request of the modern era says all over again who asks. */
static void
add_meta (HeddleMcpPeer *self, JsonObject *params, const Pending *pending)
{
  JsonObject *meta = json_object_new ();

  if (self->modern)
    {
      json_object_set_string_member (meta, HEDDLE_MCP_META_VERSION, HEDDLE_MCP_VERSION_MODERN);
      json_object_set_member (meta, HEDDLE_MCP_META_CLIENT, heddle_mcp_peer_get_client_info ());
      json_object_set_object_member (meta, HEDDLE_MCP_META_CAPABILITIES, json_object_new ());
    }
  if (pending->progress != NULL)
    json_object_set_int_member (meta, "progressToken", pending->id);
  if (json_object_get_size (meta) > 0)
    json_object_set_object_member (params, "_meta", meta);
  else
    json_object_unref (meta);
}

static JsonObject *
copy_members (JsonObject *object)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (object == NULL)
    return copy;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &value))
    json_object_set_member (copy, name, json_node_ref (value));
  return copy;
}

void
heddle_mcp_peer_request_async (HeddleMcpPeer *self, const HeddleMcpRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (JsonNode) message = NULL;
  JsonObject *params;
  Pending *pending;

  g_task_set_source_tag (task, heddle_mcp_peer_request_async);
  if (self->closed != NULL)
    {
      g_task_return_error (task, g_error_copy (self->closed));
      return;
    }
  params = copy_members (request->params);
  pending = add_pending (self, request, task);
  add_meta (self, params, pending);
  message = heddle_json_rpc_request (pending->id, request->method, heddle_json_object (params));
  heddle_mcp_transport_send (self->transport, message, request->fields);
}

JsonNode *
heddle_mcp_peer_request_finish (HeddleMcpPeer *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
