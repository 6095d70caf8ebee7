/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "heddle-error.h"
#include "heddle-fake-model.h"
#include "heddle-harness.h"
#include "mcp-npm.h"
#include "tool/heddle-mcp-servers.h"
#include "value/heddle-json.h"

/* An agent whose tools are those of an MCP server: the model follows a script, the server is a real one. */

#define AGENT(approval) "{\"id\":\"agent\",\"type\":\"agent\",\"params\":{\"model\":\"fake/m\",\"prompt\":\"Do it.\",\"stream\":false,\"approval\":\"" approval "\"}}"
#define SERVER(tools, more) "{\"id\":\"server\",\"type\":\"mcp\",\"params\":{\"server\":\"tested\",\"tools\":" tools "}" more "}"
#define WORKFLOW(agent, server)                                                                                      \
  "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":[{\"id\":\"start\",\"type\":\"input\"}," agent "," server \
  ",{\"id\":\"finish\",\"type\":\"output\"}],\"edges\":[{\"from\":\"start\",\"to\":\"agent\"},{\"from\":\"agent\",\"to\":\"finish\"},{\"from\":\"server\",\"to\":\"agent.tools\"}]}"
#define ALL_TOOLS WORKFLOW (AGENT ("never"), SERVER ("[]", ""))

typedef struct
{
  HeddleFakeServer *model;
  HeddleModels *models;
  HeddleMcpServers *servers;
  HeddleEngineServices services;
  char *folder;
  char *tap; /* what the server's process was sent */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->model = heddle_fake_server_new ();
  fixture->models = heddle_fake_model_new_models (fixture->model);
  fixture->servers = heddle_mcp_servers_new (NULL, NULL);
  fixture->services = (HeddleEngineServices){ .models = fixture->models, .mcp_servers = fixture->servers, .retry_base_ms = 1 };
  fixture->folder = g_dir_make_tmp ("heddle-mcp-XXXXXX", NULL);
  fixture->tap = g_build_filename (fixture->folder, "tap", NULL);
}

static char *
pid_file (Fixture *fixture)
{
  return g_strconcat (fixture->tap, ".pid", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *pids = pid_file (fixture);

  heddle_mcp_servers_shutdown (fixture->servers);
  g_object_unref (fixture->servers);
  g_object_unref (fixture->models);
  heddle_fake_server_free (fixture->model);
  g_unlink (fixture->tap);
  g_unlink (pids);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->tap);
}

static void
add_server (Fixture *fixture, HeddleMcpServerInfo *info)
{
  g_autoptr (GError) error = NULL;

  heddle_mcp_servers_set (fixture->servers, info, &error);
  g_assert_no_error (error);
}

/* Takes command. */
static void
add_process (Fixture *fixture, char **command)
{
  g_autoptr (HeddleMcpServerInfo) info = heddle_mcp_server_info_new ("tested", HEDDLE_MCP_STDIO_TRANSPORT);

  g_strfreev (info->command);
  info->command = command;
  add_server (fixture, info);
}

static void
add_url (Fixture *fixture, const char *url)
{
  g_autoptr (HeddleMcpServerInfo) info = heddle_mcp_server_info_new ("tested", HEDDLE_MCP_HTTP_TRANSPORT);

  info->url = g_strdup (url);
  add_server (fixture, info);
}

/* FALSE: skipped. */
static gboolean
add_everything (Fixture *fixture)
{
  g_auto (GStrv) command = mcp_npm_everything ("stdio");

  if (command == NULL)
    return FALSE;
  add_process (fixture, mcp_npm_tapped ((const char *const *) command, fixture->tap));
  return TRUE;
}

/* A server of ours that can do what no good one does. */
static void
add_rude (Fixture *fixture)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "support", "mcp", "rude-server.py", NULL);
  const char *command[] = { "/usr/bin/python3", "-B", script, NULL };

  add_process (fixture, g_strdupv ((char **) command));
}

static HeddleHarnessResult *
run (Fixture *fixture, const char *workflow)
{
  return heddle_harness_run_workflow (workflow, &fixture->services, "{\"message\":\"hi\"}");
}

static void
assert_output (const HeddleHarnessResult *result, const char *expected)
{
  g_assert_no_error (result->error);
  heddle_harness_assert_json (result->output, expected);
}

/* What the model was told of a call, in its second request unless said otherwise. */
static char *
dup_told (Fixture *fixture, guint request, const char *id)
{
  g_autoptr (JsonNode) body = heddle_fake_model_dup_request (fixture->model, request);
  JsonArray *messages = heddle_json_get_array (body, "messages");

  for (guint i = 0; i < json_array_get_length (messages); i++)
    {
      JsonNode *message = json_array_get_element (messages, i);

      if (strcmp (heddle_json_get_string (message, "tool_call_id", ""), id) == 0)
        return g_strdup (heddle_json_get_string (message, "content", ""));
    }
  g_error ("The model was not told what came of %s", id);
}

static void
assert_told (Fixture *fixture, guint request, const char *id, const char *part)
{
  g_autofree char *told = dup_told (fixture, request, id);

  if (strstr (told, part) == NULL)
    g_error ("“%s” is not in “%s”", part, told);
}

static gboolean
is_tool_span (const HeddleEvent *event)
{
  return event->kind == HEDDLE_EVENT_SPAN_STARTED && strcmp (heddle_json_get_string (event->data, "kind", ""), "tool") == 0;
}

/* The span of the nth call; where is the index of its first event. */
static guint64
find_span (const HeddleHarnessResult *result, guint n)
{
  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      if (is_tool_span (event) && n-- == 0)
        return event->span;
    }
  g_assert_not_reached ();
}

static const HeddleEvent *
find_end (const HeddleHarnessResult *result, guint64 span)
{
  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      if (event->kind == HEDDLE_EVENT_SPAN_FINISHED && event->span == span)
        return event;
    }
  g_assert_not_reached ();
}

static double
get_progress (const HeddleEvent *event)
{
  return event->kind == HEDDLE_EVENT_SPAN_UPDATED ? heddle_json_get_double (event->data, "progress", 0) : 0;
}

/* How often the span of a call said how far it is; 0 < progress ≤ 1, and never less than before. */
static guint
count_progress (const HeddleHarnessResult *result, guint64 span)
{
  double last = 0;
  guint count = 0;

  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      if (event->span != span || get_progress (event) <= 0)
        continue;
      g_assert_cmpfloat (get_progress (event), >, last);
      g_assert_cmpfloat (get_progress (event), <=, 1);
      last = get_progress (event);
      count++;
    }
  return count;
}

static guint
count_lines (const char *file, const char *part)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint count = 0;

  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    count += *lines[i] != '\0' && strstr (lines[i], part) != NULL;
  return count;
}

/* Once the run is over no process of the server is left. */
static void
assert_gone (Fixture *fixture)
{
  g_autofree char *file = pid_file (fixture);
  g_autofree char *text = NULL;
  g_auto (GStrv) pids = NULL;

  heddle_mcp_servers_shutdown (fixture->servers);
  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  pids = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 0; pids[i] != NULL; i++)
    g_assert_cmpint (kill (-atoi (pids[i]), 0), ==, -1);
}

static void
check_calls (Fixture *fixture)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (JsonNode) request = NULL;

  heddle_fake_model_push_calls (fixture->model, "[{\"id\":\"a\",\"name\":\"echo\",\"arguments\":{\"message\":\"grüße\"}},"
                                                "{\"id\":\"b\",\"name\":\"get-sum\",\"arguments\":{\"a\":2,\"b\":3}}]");
  heddle_fake_model_push_text (fixture->model, "It is 5.");
  result = run (fixture, WORKFLOW (AGENT ("never"), SERVER ("[\"echo\",\"get-s*\"]", "")));
  assert_output (result, "\"It is 5.\"");
  assert_told (fixture, 1, "a", "Echo: grüße");
  assert_told (fixture, 1, "b", "The sum of 2 and 3 is 5.");
  request = heddle_fake_model_dup_request (fixture->model, 0);
  /* echo, get-structured-content and get-sum. */
  g_assert_cmpuint (json_array_get_length (heddle_json_get_array (request, "tools")), ==, 3);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_RUN_ASKED, NULL), ==, 0);
}

static void
test_calls (Fixture *fixture, gconstpointer data)
{
  if (!add_everything (fixture))
    return;
  check_calls (fixture);
  assert_gone (fixture);
}

static void
test_calls_http (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) command = mcp_npm_everything ("streamableHttp");
  g_auto (McpNpmServer) server = { NULL, mcp_npm_find_port () };
  g_autofree char *url = mcp_npm_server_dup_url (&server);

  if (command == NULL)
    return;
  mcp_npm_server_start (&server, (const char *const *) command);
  add_url (fixture, url);
  check_calls (fixture);
}

#define LONG(id, duration, steps) "{\"id\":\"" id "\",\"name\":\"trigger-long-running-operation\",\"arguments\":{\"duration\":" duration ",\"steps\":" steps "}}"

static void
test_progress (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  if (!add_everything (fixture))
    return;
  heddle_fake_model_push_calls (fixture->model, "[" LONG ("a", "0.6", "4") "]");
  heddle_fake_model_push_text (fixture->model, "Done.");
  result = run (fixture, ALL_TOOLS);
  assert_output (result, "\"Done.\"");
  assert_told (fixture, 1, "a", "Long running operation completed.");
  g_assert_cmpuint (count_progress (result, find_span (result, 0)), >=, 2);
}

/* The first sign of progress of a span, and where its end is among the events. */
static void
find_order (const HeddleHarnessResult *result, guint64 span, guint *progress, guint *end)
{
  *progress = *end = G_MAXUINT;
  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      if (event->span == span && get_progress (event) > 0)
        *progress = MIN (*progress, i);
      if (event->span == span && event->kind == HEDDLE_EVENT_SPAN_FINISHED)
        *end = i;
    }
  g_assert_cmpuint (*progress, <, *end);
  g_assert_cmpuint (*end, !=, G_MAXUINT);
}

/* Both are under way before either ends, and over one connection to one process. */
static void
test_parallel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autofree char *pids = pid_file (fixture);
  guint progress[2];
  guint end[2];

  if (!add_everything (fixture))
    return;
  heddle_fake_model_push_calls (fixture->model, "[" LONG ("a", "0.8", "4") "," LONG ("b", "0.8", "5") "]");
  heddle_fake_model_push_text (fixture->model, "Done.");
  result = run (fixture, ALL_TOOLS);
  assert_output (result, "\"Done.\"");
  assert_told (fixture, 1, "a", "Steps: 4.");
  assert_told (fixture, 1, "b", "Steps: 5.");
  for (guint i = 0; i < 2; i++)
    find_order (result, find_span (result, i), &progress[i], &end[i]);
  g_assert_cmpuint (MAX (progress[0], progress[1]), <, MIN (end[0], end[1]));
  g_assert_cmpuint (count_lines (fixture->tap, "\"initialize\""), ==, 1);
  g_assert_cmpuint (count_lines (fixture->tap, "\"tools/call\""), ==, 2);
  g_assert_cmpuint (count_lines (pids, ""), ==, 1);
}

/* A run that a test does something to while it lasts. */
typedef struct
{
  HeddleEngine *engine;
  HeddleRun *run;
} Live;

static Live
start (Fixture *fixture, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, &error);
  g_autoptr (JsonNode) input = heddle_harness_json ("{\"message\":\"hi\"}");
  g_autoptr (HeddlePlan) plan = NULL;
  Live live;

  g_assert_no_error (error);
  plan = heddle_plan_compile (graph, NULL, &error);
  g_assert_no_error (error);
  live.engine = heddle_engine_new (&fixture->services);
  live.run = heddle_engine_start (live.engine, plan, input, NULL);
  return live;
}

static void
stop (Live *live)
{
  heddle_engine_shutdown (live->engine);
  g_object_unref (live->run);
  g_object_unref (live->engine);
}

static void
progress_cb (HeddleRun *run, GPtrArray *events, gpointer user_data)
{
  guint *missing = user_data;

  for (guint i = 0; i<events->len && * missing> 0; i++)
    *missing -= get_progress (g_ptr_array_index (events, i)) > 0;
}

/* Stops the run once its calls showed so many signs of progress, all together. */
static HeddleHarnessResult *
cancel_at (Fixture *fixture, const char *workflow, guint n_progress)
{
  Live live = start (fixture, workflow);
  guint subscription = heddle_run_subscribe (live.run, NULL, 0, progress_cb, &n_progress, NULL);
  HeddleHarnessResult *result;
  gint64 before;

  while (n_progress > 0)
    g_main_context_iteration (NULL, TRUE);
  heddle_run_unsubscribe (live.run, subscription);
  before = g_get_monotonic_time ();
  heddle_run_cancel (live.run);
  result = heddle_harness_wait (live.run);
  g_test_message ("the run was over %" G_GINT64_FORMAT " ms after it was stopped", (g_get_monotonic_time () - before) / 1000);
  stop (&live);
  return result;
}

static void
assert_cancelled (const HeddleHarnessResult *result, guint n)
{
  const HeddleEvent *end = find_end (result, find_span (result, n));

  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (end->data, "error"), "class", ""), ==, "cancelled");
  g_assert_true (heddle_json_get_boolean (end->data, "is_error", FALSE));
  g_assert_cmpuint (count_progress (result, find_span (result, n)), >=, 1);
}

/* In the middle of two calls, which would go on for a minute. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  if (!add_everything (fixture))
    return;
  heddle_fake_model_push_calls (fixture->model, "[" LONG ("a", "60", "300") "," LONG ("b", "60", "301") "]");
  result = cancel_at (fixture, ALL_TOOLS, 4);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_CANCELLED);
  assert_cancelled (result, 0);
  assert_cancelled (result, 1);
  g_assert_cmpuint (heddle_fake_server_count (fixture->model), ==, 1);
  assert_gone (fixture);
  g_assert_cmpuint (count_lines (fixture->tap, "\"notifications/cancelled\""), ==, 2);
}

/* The server itself says that it noticed. */
static void
test_cancelled_http (Fixture *fixture, gconstpointer data)
{
  g_auto (McpNpmServer) server = { NULL, mcp_npm_find_port () };
  g_autofree char *port = g_strdup_printf ("%u", server.port);
  g_autofree char *url = mcp_npm_server_dup_url (&server);
  g_auto (GStrv) command = mcp_npm_script ("modern-server.mjs", "@modelcontextprotocol/server", port);
  g_autoptr (HeddleHarnessResult) result = NULL;
  gboolean noticed = FALSE;

  if (command == NULL)
    return;
  mcp_npm_server_start (&server, (const char *const *) command);
  add_url (fixture, url);
  heddle_fake_model_push_calls (fixture->model, "[{\"id\":\"a\",\"name\":\"slow\",\"arguments\":{\"steps\":500}}]");
  result = cancel_at (fixture, ALL_TOOLS, 2);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_CANCELLED);
  assert_cancelled (result, 0);
  for (guint request = 1; !noticed; request += 2)
    {
      g_autoptr (HeddleHarnessResult) later = NULL;
      g_autofree char *told = NULL;

      heddle_fake_model_push_calls (fixture->model, "[{\"id\":\"b\",\"name\":\"cancelled\",\"arguments\":{}}]");
      heddle_fake_model_push_text (fixture->model, "Done.");
      later = run (fixture, ALL_TOOLS);
      told = dup_told (fixture, request + 1, "b");
      noticed = strcmp (told, "1") == 0;
    }
}

/* What a tool says of its failure is for the model, and so is that there is no such tool; neither ends the run. */
static void
test_mistakes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  if (!add_everything (fixture))
    return;
  heddle_fake_model_push_calls (fixture->model, "[{\"id\":\"a\",\"name\":\"get-resource-reference\",\"arguments\":{\"resourceType\":\"Text\",\"resourceId\":-1}},"
                                                "{\"id\":\"b\",\"name\":\"format-disk\",\"arguments\":{}},"
                                                "{\"id\":\"c\",\"name\":\"get-sum\",\"arguments\":{\"a\":\"two\",\"b\":3}},"
                                                "{\"id\":\"d\",\"name\":\"echo\",\"arguments\":{\"message\":\"fine\"}}]");
  heddle_fake_model_push_text (fixture->model, "Sorry.");
  result = run (fixture, ALL_TOOLS);
  assert_output (result, "\"Sorry.\"");
  assert_told (fixture, 1, "a", "Invalid resourceId: -1");
  assert_told (fixture, 1, "b", "There is no tool “format-disk”. These are there: echo, ");
  assert_told (fixture, 1, "c", "do not fit");
  assert_told (fixture, 1, "d", "Echo: fine");
  /* Neither what is not there nor what does not fit was sent. */
  g_assert_cmpuint (count_lines (fixture->tap, "\"tools/call\""), ==, 2);
}

/* Of a server that ends in the middle of a call the model hears, and the next call starts it again. */
static void
test_crash (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  add_rude (fixture);
  heddle_fake_model_push_calls (fixture->model, "[{\"id\":\"a\",\"name\":\"crash\",\"arguments\":{}}]");
  heddle_fake_model_push_calls (fixture->model, "[{\"id\":\"b\",\"name\":\"echo\",\"arguments\":{\"text\":\"again\"}}]");
  heddle_fake_model_push_text (fixture->model, "Done.");
  result = run (fixture, ALL_TOOLS);
  assert_output (result, "\"Done.\"");
  assert_told (fixture, 1, "a", "status 3");
  assert_told (fixture, 2, "b", "again");
}

/* A workflow that names a tool which is not there should not run without it. */
static void
test_unknown_tool (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;

  add_rude (fixture);
  result = run (fixture, WORKFLOW (AGENT ("never"), SERVER ("[\"echo\",\"format-*\"]", "")));
  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (result->error->message, "has no tool “format-*”"));
  g_assert_cmpuint (heddle_fake_server_count (fixture->model), ==, 0);
}

static char *
wait_for_question (HeddleRun *run)
{
  for (;;)
    {
      g_autoptr (JsonNode) questions = heddle_run_dup_questions (run);

      g_assert_cmpint (heddle_run_get_state (run), ==, HEDDLE_RUN_RUNNING);
      if (json_array_get_length (json_node_get_array (questions)) > 0)
        return g_strdup (heddle_json_get_string (json_array_get_element (json_node_get_array (questions), 0), "id", NULL));
      g_usleep (1000);
    }
}

/* Two turns with one call each; every question is answered with yes. */
static void
check_asked (Fixture *fixture, const char *workflow, const char *calls[2], guint n_questions)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (JsonNode) yes = heddle_harness_json ("{\"approve\":true}");
  Live live;

  add_rude (fixture);
  heddle_fake_model_push_calls (fixture->model, calls[0]);
  heddle_fake_model_push_calls (fixture->model, calls[1]);
  heddle_fake_model_push_text (fixture->model, "Done.");
  live = start (fixture, workflow);
  for (guint i = 0; i < n_questions; i++)
    {
      g_autofree char *question = wait_for_question (live.run);

      g_assert_true (heddle_run_answer (live.run, question, yes, NULL));
    }
  result = heddle_harness_wait (live.run);
  stop (&live);
  assert_output (result, "\"Done.\"");
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_RUN_ASKED, NULL), ==, n_questions);
}

static const char *destructive[] = { "[{\"id\":\"a\",\"name\":\"fail\",\"arguments\":{}}]", "[{\"id\":\"b\",\"name\":\"fail\",\"arguments\":{\"again\":1}}]" };
static const char *harmless[] = { "[{\"id\":\"a\",\"name\":\"echo\",\"arguments\":{\"text\":\"1\"}}]", "[{\"id\":\"b\",\"name\":\"echo\",\"arguments\":{\"text\":\"2\"}}]" };

static void
test_harmless_never (Fixture *fixture, gconstpointer data)
{
  check_asked (fixture, ALL_TOOLS, harmless, 0);
}

static void
test_harmless_always (Fixture *fixture, gconstpointer data)
{
  check_asked (fixture, WORKFLOW (AGENT ("always"), SERVER ("[]", "")), harmless, 2);
}

/* A server that says that a tool destroys is believed. */
static void
test_destructive_never (Fixture *fixture, gconstpointer data)
{
  check_asked (fixture, ALL_TOOLS, destructive, 1);
}

static void
test_destructive_node_never (Fixture *fixture, gconstpointer data)
{
  check_asked (fixture, WORKFLOW (AGENT ("never"), SERVER ("[]", ",\"tool\":{\"approval\":\"never\"}")), destructive, 1);
}

static void
test_destructive_always (Fixture *fixture, gconstpointer data)
{
  check_asked (fixture, WORKFLOW (AGENT ("never"), SERVER ("[]", ",\"tool\":{\"approval\":\"always\"}")), destructive, 2);
}

#define ADD(name, func) g_test_add ("/mcp/agent/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("calls", test_calls);
  ADD ("calls-http", test_calls_http);
  ADD ("progress", test_progress);
  ADD ("parallel", test_parallel);
  ADD ("cancelled", test_cancelled);
  ADD ("cancelled-http", test_cancelled_http);
  ADD ("mistakes", test_mistakes);
  ADD ("crash", test_crash);
  ADD ("unknown-tool", test_unknown_tool);
  ADD ("harmless-never", test_harmless_never);
  ADD ("harmless-always", test_harmless_always);
  ADD ("destructive-never", test_destructive_never);
  ADD ("destructive-node-never", test_destructive_node_never);
  ADD ("destructive-always", test_destructive_always);
  return g_test_run ();
}
