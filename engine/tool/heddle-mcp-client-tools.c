/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-client-private.h"

#include "heddle-error.h"
#include "tool/heddle-mcp-header.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* More is a mistake, or an attempt to keep us busy. */
#define MAX_PAGES 100
#define MAX_TOOLS 2000
#define LIST_MS 60000

/* Going from page to page. */
typedef struct
{
  JsonArray *tools;
  GHashTable *names;   /* of the tools so far */
  GHashTable *cursors; /* those that were followed */
  guint n_pages;
  gint64 ttl_ms;
  gboolean tried_again;
} Listing;

static void
listing_reset (Listing *listing)
{
  g_clear_pointer (&listing->tools, json_array_unref);
  listing->tools = json_array_new ();
  g_hash_table_remove_all (listing->names);
  g_hash_table_remove_all (listing->cursors);
  listing->n_pages = 0;
}

static Listing *
listing_new (void)
{
  Listing *listing = g_new0 (Listing, 1);

  listing->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  listing->cursors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  listing_reset (listing);
  return listing;
}

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  json_array_unref (listing->tools);
  g_hash_table_unref (listing->names);
  g_hash_table_unref (listing->cursors);
  g_free (listing);
}

static void
log_problem (HeddleMcpClient *self, const char *tool, const char *problem)
{
  g_autofree char *line = g_strdup_printf (_ ("The tool “%s” was left out: %s."), tool, problem);

  heddle_mcp_log_add (self->log, line);
}

/* What a definition has to be, so that everything behind may rely on it. */
static gboolean
check_tool (HeddleMcpClient *self, Listing *listing, JsonNode *tool)
{
  const char *name = heddle_json_get_string (tool, "name", "");
  JsonNode *schema = heddle_json_member (tool, "inputSchema");
  gboolean uses_headers = self->info->transport == HEDDLE_MCP_HTTP_TRANSPORT && heddle_mcp_peer_is_modern (self->peer);
  g_autoptr (GError) error = NULL;

  if (*name == '\0')
    log_problem (self, name, _ ("it has no name"));
  else if (g_hash_table_contains (listing->names, name))
    log_problem (self, name, _ ("another has its name"));
  else if (schema == NULL || !JSON_NODE_HOLDS_OBJECT (schema))
    log_problem (self, name, _ ("it does not say what it takes"));
  else if (uses_headers && !heddle_mcp_header_check (schema, &error))
    log_problem (self, name, error->message);
  else
    return TRUE;
  return FALSE;
}

static void
take_page (HeddleMcpClient *self, Listing *listing, JsonNode *page)
{
  JsonArray *tools = heddle_json_get_array (page, "tools");

  for (guint i = 0; tools != NULL && i < json_array_get_length (tools) && json_array_get_length (listing->tools) < MAX_TOOLS; i++)
    {
      JsonNode *tool = json_array_get_element (tools, i);

      if (!check_tool (self, listing, tool))
        continue;
      g_hash_table_add (listing->names, g_strdup (heddle_json_get_string (tool, "name", "")));
      json_array_add_element (listing->tools, json_node_ref (tool));
    }
  listing->n_pages++;
  listing->ttl_ms = heddle_json_get_int (page, "ttlMs", 0);
}

/* A server that leads in a circle, or never ends, gives what it gave so far. */
static gboolean
follow (HeddleMcpClient *self, Listing *listing, const char *cursor)
{
  if (cursor == NULL)
    return FALSE;
  if (listing->n_pages < MAX_PAGES && json_array_get_length (listing->tools) < MAX_TOOLS && g_hash_table_add (listing->cursors, g_strdup (cursor)))
    return TRUE;
  heddle_mcp_log_add (self->log, _ ("The list of tools does not come to an end; the rest was left out."));
  return FALSE;
}

/* How long the list may be kept: a modern server says so or tells of changes, one of before does the latter. */
static gint64
keep_until (HeddleMcpClient *self, const Listing *listing)
{
  if (!heddle_mcp_peer_is_modern (self->peer) || self->listening)
    return G_MAXINT64;
  return g_get_monotonic_time () + CLAMP (listing->ttl_ms, 0, 24 * 60 * 60 * 1000) * 1000;
}

/* Takes the task. */
static void
return_tools (HeddleMcpClient *self, GTask *task, Listing *listing)
{
  g_autoptr (GTask) owned = task;

  g_clear_pointer (&self->tools, json_node_unref);
  self->tools = heddle_json_copy_array (listing->tools);
  self->tools_until = keep_until (self, listing);
  g_task_return_pointer (task, json_node_ref (self->tools), (GDestroyNotify) json_node_unref);
}

/* Recursive: each page leads to the next. */
static void ask_for_page (HeddleMcpClient *self, GTask *task, const char *cursor);
static void open_to_list (HeddleMcpClient *self, GTask *task);

static void
page_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  HeddleMcpClient *self = g_task_get_source_object (task);
  Listing *listing = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) page = heddle_mcp_peer_request_finish (HEDDLE_MCP_PEER (source), result, &error);
  const char *cursor = heddle_json_get_string (page, "nextCursor", NULL);

  if (page == NULL && heddle_mcp_client_lost_session (self, error) && !listing->tried_again)
    {
      g_error_free (error);
      listing->tried_again = TRUE;
      heddle_mcp_client_close (self);
      open_to_list (self, g_steal_pointer (&task));
      return;
    }
  /* Another who used this client may have closed the connection meanwhile. */
  if (page != NULL && HEDDLE_MCP_PEER (source) != self->peer)
    error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("The connection to the MCP server “%s” was closed."), self->info->name);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  take_page (self, listing, page);
  if (follow (self, listing, cursor))
    ask_for_page (self, g_steal_pointer (&task), cursor);
  else
    return_tools (self, g_steal_pointer (&task), listing);
}

static void
ask_for_page (HeddleMcpClient *self, GTask *task, const char *cursor)
{
  g_autoptr (JsonObject) params = json_object_new ();
  HeddleMcpRequest request = { .method = "tools/list", .params = params, .timeout_ms = LIST_MS };

  if (cursor != NULL)
    json_object_set_string_member (params, "cursor", cursor);
  heddle_mcp_peer_request_async (self->peer, &request, g_task_get_cancellable (task), page_cb, task);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeddleMcpClient *self = HEDDLE_MCP_CLIENT (source);
  GTask *task = user_data;
  GError *error = NULL;

  if (!heddle_mcp_client_open_finish (self, result, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
  else if (self->tools != NULL && g_get_monotonic_time () < self->tools_until)
    {
      g_task_return_pointer (task, json_node_ref (self->tools), (GDestroyNotify) json_node_unref);
      g_object_unref (task);
    }
  else
    {
      listing_reset (g_task_get_task_data (task));
      ask_for_page (self, task, NULL);
    }
}

static void
open_to_list (HeddleMcpClient *self, GTask *task)
{
  heddle_mcp_client_open_async (self, g_task_get_cancellable (task), opened_cb, task);
}

void
heddle_mcp_client_list_tools_async (HeddleMcpClient *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_MCP_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_mcp_client_list_tools_async);
  g_task_set_task_data (task, listing_new (), listing_free);
  open_to_list (self, task);
}

JsonNode *
heddle_mcp_client_list_tools_finish (HeddleMcpClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

JsonNode *
heddle_mcp_client_find_tool (HeddleMcpClient *self, const char *name)
{
  JsonArray *tools = self->tools == NULL ? NULL : json_node_get_array (self->tools);

  for (guint i = 0; tools != NULL && i < json_array_get_length (tools); i++)
    {
      JsonNode *tool = json_array_get_element (tools, i);

      if (strcmp (heddle_json_get_string (tool, "name", ""), name) == 0)
        return tool;
    }
  return NULL;
}

static void
listening_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree GWeakRef *weak = user_data;
  g_autoptr (HeddleMcpClient) self = g_weak_ref_get (weak);
  g_autoptr (JsonNode) end = heddle_mcp_peer_request_finish (HEDDLE_MCP_PEER (source), result, NULL);

  g_weak_ref_clear (weak);
  if (self != NULL && HEDDLE_MCP_PEER (source) == self->peer)
    self->listening = FALSE;
}

void
heddle_mcp_client_listen (HeddleMcpClient *self)
{
  JsonNode *tools = heddle_json_member (heddle_mcp_peer_get_capabilities (self->peer), "tools");
  g_autoptr (JsonObject) params = NULL;
  JsonObject *wanted;
  HeddleMcpRequest request = { .method = "subscriptions/listen" };
  GWeakRef *weak;

  if (!heddle_mcp_peer_is_modern (self->peer) || !heddle_json_get_boolean (tools, "listChanged", FALSE))
    return;
  params = json_object_new ();
  wanted = json_object_new ();
  json_object_set_boolean_member (wanted, "toolsListChanged", TRUE);
  json_object_set_object_member (params, "notifications", wanted);
  request.params = params;
  self->listening = TRUE;
  /* It lasts as long as the connection and must not keep the client. */
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  heddle_mcp_peer_request_async (self->peer, &request, NULL, listening_ended_cb, weak);
}
