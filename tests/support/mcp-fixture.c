/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mcp-fixture.h"

#include "heddle-harness.h"
#include "value/heddle-json.h"

#include <string.h>

/* One call that is waited for. */
typedef struct
{
  GMainLoop *loop;
  GAsyncResult *result;
  Fixture *fixture;
  GCancellable *cancellable;
  guint cancel_at; /* signs of progress; 0: never */
} Wait;

static Fixture *
create (const char *name, HeddleMcpTransportKind transport)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->http = heddle_http_new ();
  self->servers = heddle_mcp_servers_new (NULL, NULL);
  self->info = heddle_mcp_server_info_new (name, transport);
  self->info->timeout = 5;
  self->progress = g_array_new (FALSE, FALSE, sizeof (double));
  return self;
}

Fixture *
fixture_new_process (const char *const *command)
{
  Fixture *self = create ("tested", HEDDLE_MCP_STDIO_TRANSPORT);

  g_strfreev (self->info->command);
  self->info->command = g_strdupv ((char **) command);
  return self;
}

Fixture *
fixture_new_http (const char *url)
{
  Fixture *self = create ("tested", HEDDLE_MCP_HTTP_TRANSPORT);

  self->info->url = g_strdup (url);
  return self;
}

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
fixture_free (Fixture *self)
{
  if (self->client != NULL)
    g_assert_finalize_object (self->client);
  drain ();
  heddle_mcp_servers_shutdown (self->servers);
  drain ();
  g_assert_finalize_object (self->servers);
  heddle_http_unref (self->http);
  heddle_mcp_server_info_free (self->info);
  g_array_unref (self->progress);
  g_free (self);
  drain ();
}

HeddleMcpClient *
fixture_get_client (Fixture *self)
{
  if (self->client == NULL)
    self->client = heddle_mcp_servers_try (self->servers, self->info, self->http);
  return self->client;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wait *wait = user_data;

  wait->result = g_object_ref (result);
  g_main_loop_quit (wait->loop);
}

static void
wait_begin (Wait *wait, Fixture *self)
{
  *wait = (Wait){ g_main_loop_new (NULL, FALSE), NULL, self, NULL, 0 };
}

static void
wait_end (Wait *wait)
{
  if (wait->result == NULL)
    g_main_loop_run (wait->loop);
  g_main_loop_unref (wait->loop);
}

gboolean
fixture_open (Fixture *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  Wait wait;

  wait_begin (&wait, self);
  heddle_mcp_client_open_async (fixture_get_client (self), NULL, done_cb, &wait);
  wait_end (&wait);
  result = wait.result;
  return heddle_mcp_client_open_finish (self->client, result, error);
}

char *
fixture_list (Fixture *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (JsonNode) tools = NULL;
  GString *names = g_string_new (NULL);
  Wait wait;

  wait_begin (&wait, self);
  heddle_mcp_client_list_tools_async (fixture_get_client (self), NULL, done_cb, &wait);
  wait_end (&wait);
  result = wait.result;
  tools = heddle_mcp_client_list_tools_finish (self->client, result, error);
  for (guint i = 0; tools != NULL && i < json_array_get_length (json_node_get_array (tools)); i++)
    g_string_append_printf (names, "%s%s", i == 0 ? "" : ", ",
                            heddle_json_get_string (json_array_get_element (json_node_get_array (tools), i), "name", ""));
  return g_string_free (names, tools == NULL);
}

static void
progress_cb (double fraction, const char *text, gpointer user_data)
{
  Wait *wait = user_data;

  g_array_append_val (wait->fixture->progress, fraction);
  if (wait->cancel_at > 0 && wait->fixture->progress->len == wait->cancel_at)
    g_cancellable_cancel (wait->cancellable);
}

static gboolean
cancel_cb (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

HeddleMcpResult *
fixture_call_cancelled (Fixture *self, const char *tool, const char *arguments, guint n_progress, guint after_ms, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (JsonNode) node = arguments == NULL ? NULL : heddle_harness_json (arguments);
  guint timer = after_ms == 0 ? 0 : g_timeout_add (after_ms, cancel_cb, cancellable);
  HeddleMcpCall call = { tool, node, 0, progress_cb, NULL };
  Wait wait;

  g_array_set_size (self->progress, 0);
  wait_begin (&wait, self);
  wait.cancellable = cancellable;
  wait.cancel_at = n_progress;
  call.progress_data = &wait;
  heddle_mcp_client_call_async (fixture_get_client (self), &call, cancellable, done_cb, &wait);
  wait_end (&wait);
  if (timer > 0 && !g_cancellable_is_cancelled (cancellable))
    g_source_remove (timer);
  result = wait.result;
  return heddle_mcp_client_call_finish (self->client, result, error);
}

HeddleMcpResult *
fixture_call (Fixture *self, const char *tool, const char *arguments, GError **error)
{
  return fixture_call_cancelled (self, tool, arguments, 0, 0, error);
}

void
fixture_assert_call (Fixture *self, const char *tool, const char *arguments, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleMcpResult) result = fixture_call (self, tool, arguments, &error);
  g_autoptr (JsonNode) value = NULL;

  g_assert_no_error (error);
  g_assert_false (result->is_error);
  value = heddle_mcp_result_to_value (result);
  heddle_harness_assert_json (value, expected);
}

void
fixture_assert_progress (Fixture *self, guint n_steps)
{
  const double *signs = (const double *) (gpointer) self->progress->data;
  guint n = self->progress->len;

  g_assert_cmpuint (n, >=, 2);
  g_assert_cmpuint (n, <=, n_steps);
  g_assert_cmpfloat (signs[0], ==, 1. / n_steps);
  g_assert_cmpfloat (signs[n - 1], ==, 1);
  for (guint i = 1; i < n; i++)
    g_assert_cmpfloat (signs[i], >, signs[i - 1]);
}

void
fixture_assert_described (Fixture *self, const char *member, const char *expected)
{
  g_autoptr (JsonNode) description = heddle_mcp_client_describe (fixture_get_client (self));

  g_assert_cmpstr (heddle_json_get_string (description, member, NULL), ==, expected);
}

void
fixture_assert_log (Fixture *self, const char *part)
{
  g_autofree char *log = heddle_mcp_client_dup_log (fixture_get_client (self));

  if (strstr (log, part) == NULL)
    g_error ("“%s” is not in the log:\n%s", part, log);
}
