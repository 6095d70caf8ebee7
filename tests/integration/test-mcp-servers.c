/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-error.h"
#include "mcp-fixture.h"
#include "mcp-npm.h"
#include "value/heddle-json.h"

/* The real servers of npm, of both eras, as processes and over HTTP; see tests/support/mcp. */

static void
check_structured (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleMcpResult) result = fixture_call (fixture, "get-structured-content", "{\"location\":\"Chicago\"}", &error);

  g_assert_no_error (error);
  g_assert_nonnull (result->structured);
  g_assert_true (json_object_has_member (json_node_get_object (result->structured), "temperature"));
}

static void
check_image (Fixture *fixture)
{
  g_autoptr (HeddleMcpResult) result = fixture_call (fixture, "get-tiny-image", NULL, NULL);
  JsonArray *parts = json_node_get_array (result->content);
  gboolean found = FALSE;

  for (guint i = 0; i < json_array_get_length (parts); i++)
    {
      JsonNode *part = json_array_get_element (parts, i);

      if (strcmp (heddle_json_get_string (part, "type", ""), "image") != 0)
        continue;
      g_assert_cmpstr (heddle_json_get_string (part, "mime", NULL), ==, "image/png");
      found = strlen (heddle_json_get_string (part, "data", "")) > 100;
    }
  g_assert_true (found);
}

static void
check_long (Fixture *fixture)
{
  fixture_assert_call (fixture, "trigger-long-running-operation", "{\"duration\":0.6,\"steps\":4}",
                       "\"Long running operation completed. Duration: 0.6 seconds, Steps: 4.\"");
  fixture_assert_progress (fixture, 4);
}

/* Half-way: the answer that would come much later is not waited for, and the server goes on. */
static void
check_cancelled (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleMcpResult) result = fixture_call_cancelled (fixture, "trigger-long-running-operation", "{\"duration\":60,\"steps\":300}", 2, 0, &error);

  g_assert_null (result);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fixture_assert_call (fixture, "echo", "{\"message\":\"still here\"}", "\"Echo: still here\"");
}

static void
check_wrong_arguments (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleMcpResult) result = fixture_call (fixture, "get-sum", "{\"a\":\"two\",\"b\":3}", &error);

  /* Servers say it either way. */
  g_assert_true (result == NULL || result->is_error);
}

static void
check_everything (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *names = fixture_list (fixture, &error);

  g_assert_no_error (error);
  g_assert_nonnull (strstr (names, "trigger-long-running-operation"));
  fixture_assert_described (fixture, "era", "legacy");
  fixture_assert_described (fixture, "protocol_version", "2025-11-25");
  fixture_assert_call (fixture, "echo", "{\"message\":\"grüße\"}", "\"Echo: grüße\"");
  fixture_assert_call (fixture, "get-sum", "{\"a\":2,\"b\":3}", "\"The sum of 2 and 3 is 5.\"");
  check_structured (fixture);
  check_image (fixture);
  check_long (fixture);
  check_cancelled (fixture);
  check_wrong_arguments (fixture);
}

static void
test_everything_stdio (void)
{
  g_auto (GStrv) command = mcp_npm_everything ("stdio");
  g_autoptr (Fixture) fixture = NULL;

  if (command == NULL)
    return;
  fixture = fixture_new_process ((const char *const *) command);
  check_everything (fixture);
  fixture_assert_log (fixture, "Starting default (STDIO) server");
}

static void
test_everything_http (void)
{
  g_auto (GStrv) command = mcp_npm_everything ("streamableHttp");
  g_auto (McpNpmServer) server = { NULL, mcp_npm_find_port () };
  g_autofree char *url = mcp_npm_server_dup_url (&server);
  g_autoptr (Fixture) fixture = NULL;

  if (command == NULL)
    return;
  mcp_npm_server_start (&server, (const char *const *) command);
  fixture = fixture_new_http (url);
  check_everything (fixture);
}

/* A server that begins anew knows nothing of the session, and another is begun. */
static void
test_everything_restarted (void)
{
  g_auto (GStrv) command = mcp_npm_everything ("streamableHttp");
  g_auto (McpNpmServer) server = { NULL, mcp_npm_find_port () };
  g_autofree char *url = mcp_npm_server_dup_url (&server);
  g_autoptr (Fixture) fixture = NULL;

  if (command == NULL)
    return;
  mcp_npm_server_start (&server, (const char *const *) command);
  fixture = fixture_new_http (url);
  fixture_assert_call (fixture, "echo", "{\"message\":\"one\"}", "\"Echo: one\"");
  mcp_npm_server_stop (&server);
  mcp_npm_server_start (&server, (const char *const *) command);
  fixture_assert_call (fixture, "echo", "{\"message\":\"two\"}", "\"Echo: two\"");
}

static void
check_modern_cancelled (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleMcpResult) result = fixture_call_cancelled (fixture, "slow", "{\"steps\":100}", 2, 0, &error);
  g_autoptr (JsonNode) count = NULL;

  g_assert_null (result);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* It was told, by a message or by the end of the stream. */
  for (guint i = 0; i < 50 && !heddle_json_is_string (count); i++)
    {
      g_autoptr (HeddleMcpResult) told = fixture_call (fixture, "cancelled", NULL, NULL);
      g_autofree char *text = heddle_mcp_result_to_text (told);

      g_test_message ("the server says that %s calls were cancelled", text);
      if (strcmp (text, "1") == 0)
        count = heddle_json_string (text);
      g_usleep (20 * 1000);
    }
  g_assert_nonnull (count);
}

static void
check_modern (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *names = fixture_list (fixture, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (names, ==, "echo, add, routed, slow, cancelled");
  fixture_assert_described (fixture, "era", "modern");
  fixture_assert_described (fixture, "protocol_version", "2026-07-28");
  fixture_assert_described (fixture, "server_name", "modern");
  fixture_assert_call (fixture, "echo", "{\"message\":\"grüße\"}", "\"grüße\"");
  fixture_assert_call (fixture, "add", "{\"a\":2,\"b\":3}", "{\"sum\":5}");
  fixture_assert_call (fixture, "routed", "{\"region\":\"Österreich\"}", "\"Österreich\"");
  fixture_assert_call (fixture, "slow", "{\"steps\":4}", "\"done\"");
  fixture_assert_progress (fixture, 4);
  check_modern_cancelled (fixture);
}

static void
test_modern_stdio (void)
{
  g_auto (GStrv) command = mcp_npm_script ("modern-server.mjs", "@modelcontextprotocol/server", NULL);
  g_autoptr (Fixture) fixture = NULL;

  if (command == NULL)
    return;
  fixture = fixture_new_process ((const char *const *) command);
  check_modern (fixture);
}

static void
test_modern_http (void)
{
  g_auto (McpNpmServer) server = { NULL, mcp_npm_find_port () };
  g_autofree char *port = g_strdup_printf ("%u", server.port);
  g_auto (GStrv) command = mcp_npm_script ("modern-server.mjs", "@modelcontextprotocol/server", port);
  g_autofree char *url = mcp_npm_server_dup_url (&server);
  g_autoptr (Fixture) fixture = NULL;

  if (command == NULL)
    return;
  mcp_npm_server_start (&server, (const char *const *) command);
  fixture = fixture_new_http (url);
  check_modern (fixture);
}

/* The SDK of before 2026-07-28: a stream that the server lets go of is taken up again, and a session is ended when it is not needed. */
static void
test_legacy_http (void)
{
  g_auto (McpNpmServer) server = { NULL, mcp_npm_find_port () };
  g_autofree char *port = g_strdup_printf ("%u", server.port);
  g_auto (GStrv) command = mcp_npm_script ("legacy-server.mjs", "@modelcontextprotocol/sdk", port);
  g_autofree char *url = mcp_npm_server_dup_url (&server);
  g_autoptr (Fixture) second = NULL;
  Fixture *first;

  if (command == NULL)
    return;
  mcp_npm_server_start (&server, (const char *const *) command);
  first = fixture_new_http (url);
  fixture_assert_call (first, "echo", "{\"message\":\"grüße\"}", "\"grüße\"");
  fixture_assert_described (first, "era", "legacy");
  fixture_assert_described (first, "server_name", "legacy");
  fixture_assert_call (first, "drop", NULL, "\"done\"");
  g_assert_cmpuint (first->progress->len, ==, 2);
  fixture_free (first);
  second = fixture_new_http (url);
  fixture_assert_call (second, "sessions", NULL, "\"1\"");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mcp/everything/stdio", test_everything_stdio);
  g_test_add_func ("/mcp/everything/http", test_everything_http);
  g_test_add_func ("/mcp/everything/restarted", test_everything_restarted);
  g_test_add_func ("/mcp/legacy/http", test_legacy_http);
  g_test_add_func ("/mcp/modern/stdio", test_modern_stdio);
  g_test_add_func ("/mcp/modern/http", test_modern_http);
  return g_test_run ();
}
