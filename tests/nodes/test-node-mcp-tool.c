/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-error.h"
#include "heddle-harness.h"
#include "tool/heddle-mcp-servers.h"
#include "value/heddle-json.h"

/* Calls of tools in a pipeline, against a process that is a server. */

static HeddleMcpServers *
servers_new (void)
{
  HeddleMcpServers *servers = heddle_mcp_servers_new (NULL, NULL);
  g_autoptr (HeddleMcpServerInfo) info = heddle_mcp_server_info_new ("rude", HEDDLE_MCP_STDIO_TRANSPORT);
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "support", "mcp", "rude-server.py", NULL);
  const char *command[] = { "/usr/bin/python3", "-B", script, NULL };
  g_autoptr (GError) error = NULL;

  g_strfreev (info->command);
  info->command = g_strdupv ((char **) command);
  heddle_mcp_servers_set (servers, info, &error);
  g_assert_no_error (error);
  return servers;
}

static HeddleHarnessResult *
run_workflow (const char *nodes, const char *edges)
{
  g_autoptr (HeddleMcpServers) servers = servers_new ();
  HeddleEngineServices services = { .mcp_servers = servers };
  g_autofree char *json = g_strdup_printf ("{\"format\":\"heddle-workflow\",\"version\":1,\"name\":\"test\",\"nodes\":[{\"id\":\"start\",\"type\":\"input\"},%s],\"edges\":[%s]}", nodes, edges);
  HeddleHarnessResult *result = heddle_harness_run_workflow (json, &services, "{\"message\":\"hello\"}");

  heddle_mcp_servers_shutdown (servers);
  return result;
}

#define NODE(id, tool, arguments, more) \
  "{\"id\":\"" id "\",\"type\":\"mcp-tool\",\"params\":{\"server\":\"rude\",\"tool\":\"" tool "\",\"arguments\":" arguments more "}}"
#define EDGE(from, to) "{\"from\":\"" from "\",\"to\":\"" to "\"}"

static void
test_call (void)
{
  g_autoptr (HeddleHarnessResult) result = run_workflow (NODE ("a", "echo", "{\"text\":\"{{ $start.message }}!\"}", "") ",{\"id\":\"end\",\"type\":\"output\"}",
                                                         EDGE ("start", "a") "," EDGE ("a", "end"));

  g_assert_no_error (result->error);
  heddle_harness_assert_json (result->output, "\"hello!\"");
}

/* Nodes that ask at the same time get one connection, and so one process. */
static void
test_shared (void)
{
  g_autoptr (HeddleHarnessResult) result = run_workflow (NODE ("a", "pid", "{}", "") "," NODE ("b", "pid", "{}", "") ",{\"id\":\"end\",\"type\":\"output\"}",
                                                         EDGE ("start", "a") "," EDGE ("start", "b") "," EDGE ("a", "end") "," EDGE ("b", "end"));
  const char *first;

  g_assert_no_error (result->error);
  first = heddle_json_get_string (result->output, "a", NULL);
  g_assert_nonnull (first);
  g_assert_cmpstr (heddle_json_get_string (result->output, "b", NULL), ==, first);
}

static void
test_tool_fails (void)
{
  g_autoptr (HeddleHarnessResult) result = run_workflow (NODE ("a", "fail", "{}", ""), EDGE ("start", "a"));

  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED);
  g_assert_nonnull (strstr (result->error->message, "The disk is full."));
}

static void
test_failure_handed_on (void)
{
  g_autoptr (HeddleHarnessResult) result = run_workflow (NODE ("a", "fail", "{}", ",\"fail_on_error\":false") ",{\"id\":\"end\",\"type\":\"output\"}",
                                                         EDGE ("start", "a") "," EDGE ("a", "end"));

  g_assert_no_error (result->error);
  heddle_harness_assert_json (result->output, "\"The disk is full.\"");
}

/* A workflow can only name what the person has set up. */
static void
test_unknown_server (void)
{
  g_autoptr (HeddleHarnessResult) result = run_workflow ("{\"id\":\"a\",\"type\":\"mcp-tool\",\"params\":{\"server\":\"/bin/sh\",\"tool\":\"x\"}}", EDGE ("start", "a"));

  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
}

/* Each sign of progress is seen in the trace while the call lasts. */
static void
test_progress (void)
{
  g_autoptr (HeddleHarnessResult) result = run_workflow (NODE ("a", "slow", "{}", "") ",{\"id\":\"end\",\"type\":\"output\"}",
                                                         EDGE ("start", "a") "," EDGE ("a", "end"));
  guint n_progress = 0;

  g_assert_no_error (result->error);
  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);
      g_autofree char *data = heddle_json_to_text (event->data, HEDDLE_JSON_COMPACT);

      if (strstr (data, "\"progress\":") != NULL)
        n_progress++;
    }
  g_assert_cmpuint (n_progress, >=, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/node-mcp-tool/call", test_call);
  g_test_add_func ("/node-mcp-tool/shared", test_shared);
  g_test_add_func ("/node-mcp-tool/tool-fails", test_tool_fails);
  g_test_add_func ("/node-mcp-tool/failure-handed-on", test_failure_handed_on);
  g_test_add_func ("/node-mcp-tool/unknown-server", test_unknown_server);
  g_test_add_func ("/node-mcp-tool/progress", test_progress);
  return g_test_run ();
}
