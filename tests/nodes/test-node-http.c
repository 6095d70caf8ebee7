/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-error.h"
#include "heddle-fake-server.h"
#include "heddle-harness.h"
#include "plan/heddle-plan.h"
#include "secret/heddle-secrets.h"
#include "value/heddle-json.h"

/* Runs one HTTP node; spec has "%s" where the server's address stands. */
static HeddleHarnessResult *
run_node (HeddleFakeServer *server, const char *spec_text, HeddleSecrets *secrets)
{
  g_autofree char *url = heddle_fake_server_dup_url (server, "");
  g_auto (GStrv) parts = g_strsplit (spec_text, "%s", -1);
  g_autofree char *text = g_strjoinv (url, parts);
  g_autoptr (JsonNode) spec = heddle_harness_json (text);
  HeddleEngineServices services = { .secrets = secrets };

  return heddle_harness_run_plan (heddle_harness_plan_node (heddle_registry_lookup ("http"), spec), &services, NULL);
}

static JsonNode *
result_of (const HeddleHarnessResult *result)
{
  return heddle_json_member (heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "node")->data, "result");
}

static void
assert_no_secret (const HeddleHarnessResult *result, const char *secret)
{
  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);
      g_autofree char *data = heddle_json_to_text (event->data, HEDDLE_JSON_COMPACT);

      g_assert_null (strstr (data, secret));
      g_assert_true (event->text == NULL || strstr (event->text, secret) == NULL);
    }
}

static void
test_get (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *finished;
  g_autofree char *request = NULL;

  heddle_fake_server_push_body (server, "200 OK", "application/json; charset=utf-8", "{\"a\":[1,2]}");
  result = run_node (server, "{\"params\":{\"url\":\"%s/x/{{ $input.id }}\",\"query\":[{\"name\":\"q\",\"value\":\"{{ $input.q }}\"},"
                             "{\"name\":\"tag\",\"value\":\"{{ $input.tags }}\"}]},"
                             "\"inputs\":{\"in\":{\"id\":\"a/../b?x#y\",\"q\":\"1&admin=1\",\"tags\":[\"p\",\"q r\"]}}}",
                     NULL);
  g_assert_no_error (result->error);
  finished = heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "node");
  g_assert_nonnull (finished);
  request = heddle_fake_server_dup_request (server, 0);
  g_assert_true (g_str_has_prefix (request, "GET /x/a%2F..%2Fb%3Fx%23y?q=1%26admin%3D1&tag=p&tag=q%20r HTTP/1.1\r\n"));
}

static void
test_bodies (void)
{
  static const struct
  {
    const char *params;
    const char *type;
    const char *body;
  } cases[] = {
    { "\"body_type\":\"json\",\"body\":\"{\\\"name\\\": \\\"{{ $input.name }}\\\", \\\"tags\\\": {{ $input.tags }}}\"", "Content-Type: application/json\r\n",
      "{\"name\": \"a\\\", \\\"admin\\\": \\\"b {{ $input }}\", \"tags\": [1]}" },
    { "\"body_type\":\"form\",\"form\":[{\"name\":\"n a\",\"value\":\"{{ $input.name }}\"}]", "Content-Type: application/x-www-form-urlencoded\r\n",
      "n%20a=a%22%2C%20%22admin%22%3A%20%22b%20%7B%7B%20%24input%20%7D%7D" },
    { "\"body_type\":\"text\",\"text\":\"<{{ $input.name }}>\"", "Content-Type: text/plain; charset=utf-8\r\n", "<a\", \"admin\": \"b {{ $input }}>" },
    { "\"body_type\":\"text\",\"text\":\"x\",\"headers\":[{\"name\":\"content-type\",\"value\":\"text/csv\"}]", "Content-Type: text/csv\r\n", "x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
      g_autofree char *spec = g_strdup_printf ("{\"params\":{\"method\":\"POST\",\"url\":\"%%s/\",%s},\"inputs\":{\"in\":{\"name\":\"a\\\", \\\"admin\\\": \\\"b {{ $input }}\",\"tags\":[1]}}}", cases[i].params);
      g_autoptr (HeddleHarnessResult) result = run_node (server, spec, NULL);
      g_autofree char *request = NULL;

      g_assert_no_error (result->error);
      request = heddle_fake_server_dup_request (server, 0);
      g_assert_true (g_str_has_prefix (request, "POST / HTTP/1.1\r\n"));
      g_assert_nonnull (strstr (request, cases[i].type));
      g_assert_cmpstr (strstr (request, "\r\n\r\n") + 4, ==, cases[i].body);
    }
}

/* Data can add no header, change no method or host, and is not evaluated again. */
static void
test_hostile_values (void)
{
  static const struct
  {
    const char *params;
    const char *input;
  } cases[] = {
    { "\"url\":\"%s/\",\"headers\":[{\"name\":\"X-A\",\"value\":\"{{ $input }}\"}]", "\"a\\r\\nX-Evil: 1\"" },
    { "\"url\":\"%s/\",\"headers\":[{\"name\":\"X-A\",\"value\":\"{{ $input }}\"}]", "\"a\\u0000b\\n\"" },
    { "\"url\":\"{{ $input }}\"", "\"%s/\\r\\nX-Evil: 1\"" },
    { "\"url\":\"{{ $input }}\"", "\"file:///etc/passwd\"" },
    { "\"url\":\"http://{{ $input }}.example.com/\"", "\"evil.example/\"" },
    { "\"url\":\"%s/\",\"method\":\"POST\",\"body_type\":\"json\",\"body\":\"{\\\"a\\\": {{ $input }}\"", "1" },
    { "\"url\":\"%s{{ $input }}/\"", "\".evil.example\"" },
    { "\"url\":\"%s{{ $input }}\"", "\"@evil.example\"" },
    { "\"url\":\"%s{{ $input }}\"", "\"1\"" },
    { "\"url\":\"http://127.0.0.1:{{ $input }}/\"", "\"80@evil.example\"" },
    { "\"url\":\"%s/a/{{ $input }}\"", "\"..\"" },
    { "\"url\":\"%s/a/{{ $input }}/b\"", "\".\"" },
    { "\"url\":\"%s/a/.{{ $input }}?q=1\"", "\".\"" },
    { "\"url\":\"%s/a/%2E{{ $input }}\"", "\".\"" },
    { "\"url\":\"%s/\",\"headers\":[{\"name\":\"X-A\",\"value\":\"{{ $input }}\"}]", "\"\\u007f\"" },
    { "\"url\":\"%s/\",\"method\":\"POST\",\"body_type\":\"json\",\"body\":\"{ {{ $input }}: 1}\"", "{\"a\":1}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
      g_autofree char *spec = g_strconcat ("{\"params\":{", cases[i].params, "},\"inputs\":{\"in\":", cases[i].input, "}}", NULL);
      g_autoptr (HeddleHarnessResult) result = run_node (server, spec, NULL);

      g_assert_nonnull (result->error);
      g_assert_cmpuint (heddle_fake_server_count (server), ==, 0);
    }
}

static void
test_responses (void)
{
  static const struct
  {
    const char *response;
    const char *type;
    const char *body;
    const char *output; /* NULL: fails */
  } cases[] = {
    { "auto", "application/problem+json", "{\"a\":1}", "{\"a\":1}" },
    { "auto", "text/plain", "{\"a\":1}", "\"{\\\"a\\\":1}\"" },
    { "json", "text/plain", "[true]", "[true]" },
    { "json", "text/plain", "<html>", NULL },
    { "json", "application/json", "", "null" },
    { "text", "application/json", "{\"a\":1}", "\"{\\\"a\\\":1}\"" },
    { "auto", "text/plain; charset=iso-8859-1", "gr\xFC\xDF", "\"grüß\"" },
    { "auto", "application/octet-stream", "a\xFF", "\"a\xEF\xBF\xBD\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
      g_autofree char *spec = g_strdup_printf ("{\"params\":{\"url\":\"%%s/\",\"method\":\"POST\",\"response\":\"%s\"}}", cases[i].response);
      g_autoptr (HeddleHarnessResult) result = NULL;

      heddle_fake_server_push_body (server, "200 OK", cases[i].type, cases[i].body);
      result = run_node (server, spec, NULL);
      if (cases[i].output == NULL)
        {
          g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_SERVER);
          continue;
        }
      g_assert_no_error (result->error);
      heddle_harness_assert_json (heddle_json_member (result_of (result), "output"), cases[i].output);
    }
}

static void
test_status (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHarnessResult) failed = NULL;
  g_autoptr (HeddleHarnessResult) kept = NULL;
  JsonNode *data;

  heddle_fake_server_push_body (server, "404 Not Found", "application/json", "{\"message\":\"no such order\"}");
  failed = run_node (server, "{\"params\":{\"url\":\"%s/\"}}", NULL);
  g_assert_error (failed->error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (failed->error->message, "no such order"));

  heddle_fake_server_push_body (server, "404 Not Found", "application/json", "{\"message\":\"no such order\"}");
  kept = run_node (server, "{\"params\":{\"url\":\"%s/\",\"fail_on_status\":false}}", NULL);
  g_assert_no_error (kept->error);
  data = result_of (kept);
  g_assert_cmpint (heddle_json_get_int (data, "status", 0), ==, 404);
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (data, "headers"), "content-type", ""), ==, "application/json");
}

static void
test_credential (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleSecrets) secrets = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (HeddleHarnessResult) missing = NULL;
  g_autofree char *request = NULL;

  secrets = heddle_secrets_new (NULL);
  heddle_fake_server_push_body (server, "200 OK", "text/plain", "you sent s3cret-value");
  result = run_node (server, "{\"params\":{\"url\":\"%s/?api_key=pw123456\",\"credential\":\"my-shop\",\"headers\":[{\"name\":\"authorization\",\"value\":\"mine\"}]}}", secrets);
  g_assert_no_error (result->error);
  request = heddle_fake_server_dup_request (server, 0);
  g_assert_nonnull (strstr (request, "Authorization: Bearer s3cret-value\r\n"));
  g_assert_null (strstr (request, "mine"));
  assert_no_secret (result, "s3cret-value");
  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      if (event->kind == HEDDLE_EVENT_SPAN_STARTED)
        g_assert_null (strstr (event->text, "pw123456"));
    }

  missing = run_node (server, "{\"params\":{\"url\":\"%s/\",\"credential\":\"nowhere\"}}", secrets);
  g_assert_error (missing->error, HEDDLE_ERROR, HEDDLE_ERROR_AUTH);
  g_assert_nonnull (strstr (heddle_error_detail (missing->error)->hint, "HEDDLE_CREDENTIAL_NOWHERE"));
}

static void
test_limits (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHarnessResult) large = NULL;
  g_autoptr (HeddleHarnessResult) slow = NULL;
  g_autofree char *text = g_strnfill (5000, 'x');

  heddle_fake_server_push_body (server, "200 OK", "text/plain", text);
  large = run_node (server, "{\"params\":{\"url\":\"%s/\",\"max_size\":0.001}}", NULL);
  g_assert_error (large->error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT);
  heddle_fake_server_push_hanging (server, "");
  slow = run_node (server, "{\"params\":{\"url\":\"%s/\",\"method\":\"POST\",\"timeout\":0.1}}", NULL);
  g_assert_error (slow->error, HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT);
}

/* GET is tried again after an error that passes, POST is not. */
static void
test_retry (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleHarnessResult) read = NULL;
  g_autoptr (HeddleHarnessResult) written = NULL;

  heddle_fake_server_push (server, "HTTP/1.1 429 Slow\r\nRetry-After-Ms: 10\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", -1, HEDDLE_FAKE_WHOLE);
  read = run_node (server, "{\"params\":{\"url\":\"%s/\"}}", NULL);
  g_assert_no_error (read->error);
  g_assert_cmpuint (heddle_fake_server_count (server), ==, 2);
  heddle_fake_server_push (server, "HTTP/1.1 429 Slow\r\nRetry-After-Ms: 10\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", -1, HEDDLE_FAKE_WHOLE);
  written = run_node (server, "{\"params\":{\"url\":\"%s/\",\"method\":\"POST\"}}", NULL);
  g_assert_error (written->error, HEDDLE_ERROR, HEDDLE_ERROR_RATE_LIMIT);
  g_assert_cmpuint (heddle_fake_server_count (server), ==, 3);
}

/* A workflow of so many HTTP nodes side by side, or one after the other; each goes on after an error. */
static char *
create_workflow (HeddleFakeServer *server, guint n, gboolean in_a_row, const char *params)
{
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  g_autoptr (GString) nodes = g_string_new (NULL);
  g_autoptr (GString) edges = g_string_new ("{\"from\":\"start\",\"to\":\"h1\"}");

  for (guint i = 1; i <= n; i++)
    {
      g_string_append_printf (nodes, ",{\"id\":\"h%u\",\"type\":\"http\",\"policy\":{\"max_attempts\":1,\"on_error\":\"continue\"},\"params\":{\"url\":\"%s\"%s}}", i, url, params);
      if (i > 1 && in_a_row)
        g_string_append_printf (edges, ",{\"from\":\"h%u\",\"to\":\"h%u\"}", i - 1, i);
      else if (i > 1)
        g_string_append_printf (edges, ",{\"from\":\"start\",\"to\":\"h%u\"}", i);
    }
  return g_strdup_printf ("{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"Many\",\"nodes\":[{\"id\":\"start\",\"type\":\"input\"}%s],\"edges\":[%s]}",
                          nodes->str, edges->str);
}

static guint
count_waited (const HeddleHarnessResult *result)
{
  guint n = 0;

  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      n += event->kind == HEDDLE_EVENT_SPAN_UPDATED && heddle_json_get_boolean (event->data, "rate_limited", FALSE);
    }
  return n;
}

/* So many requests are under way at once, as none is answered before all of them are in; and never more. */
static void
check_parallel (guint n_nodes, guint n_parallel, const char *params)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleSecrets) secrets = heddle_secrets_new (NULL);
  HeddleEngineServices services = { .secrets = secrets };
  g_autofree char *workflow = create_workflow (server, n_nodes, FALSE, params);
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_server_gather (server, n_parallel);
  result = heddle_harness_run_workflow (workflow, &services, "{\"message\":\"x\"}");
  g_assert_no_error (result->error);
  g_assert_cmpuint (heddle_fake_server_count (server), ==, n_nodes);
  g_assert_cmpuint (heddle_fake_server_get_most_parallel (server), ==, n_parallel);
  g_assert_cmpuint (count_waited (result), ==, n_nodes - n_parallel);
}

static void
test_parallel (void)
{
  check_parallel (5, 5, "");
}

static void
test_credential_gate (void)
{
  check_parallel (16, 8, ",\"credential\":\"my-shop\"");
}

/* The next with the same credential waits as long as the server asked for, though it is another node with a first attempt. */
static void
test_retry_after (void)
{
  static const char too_many[] = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nbusy";
  static const struct
  {
    const char *params;
    guint n_waited;
  } cases[] = {
    { ",\"credential\":\"my-shop\"", 1 },
    { ",\"credential\":\"my-shop\",\"fail_on_status\":false", 1 },
    { "", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
      g_autoptr (HeddleSecrets) secrets = heddle_secrets_new (NULL);
      HeddleEngineServices services = { .secrets = secrets };
      g_autofree char *workflow = create_workflow (server, 2, TRUE, cases[i].params);
      g_autoptr (HeddleHarnessResult) result = NULL;

      heddle_fake_server_push (server, too_many, -1, HEDDLE_FAKE_WHOLE);
      result = heddle_harness_run_workflow (workflow, &services, "{\"message\":\"x\"}");
      g_assert_no_error (result->error);
      g_assert_cmpuint (heddle_fake_server_count (server), ==, 2);
      g_assert_cmpuint (count_waited (result), ==, cases[i].n_waited);
      g_assert_true (cases[i].n_waited == 0 || result->duration >= G_USEC_PER_SEC);
    }
}

static void
cancel_cb (HeddleRun *run, GPtrArray *events, gpointer user_data)
{
  for (guint i = 0; i < events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (events, i);

      if (event->kind == HEDDLE_EVENT_SPAN_UPDATED && heddle_json_get_boolean (event->data, "rate_limited", FALSE))
        heddle_run_cancel (run);
    }
}

/* Who waits at the gate can be stopped, and is never sent. */
static void
test_cancel_at_gate (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleSecrets) secrets = heddle_secrets_new (NULL);
  HeddleEngineServices services = { .secrets = secrets };
  g_autofree char *workflow = create_workflow (server, 9, FALSE, ",\"credential\":\"my-shop\"");
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (workflow, -1, &error);
  g_autoptr (HeddlePlan) plan = heddle_plan_compile (graph, NULL, &error);
  g_autoptr (JsonNode) input = heddle_harness_json ("{\"message\":\"x\"}");
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddleRun) run = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < 9; i++)
    heddle_fake_server_push_hanging (server, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
  run = heddle_engine_start (engine, plan, input, NULL);
  heddle_run_subscribe (run, NULL, 0, cancel_cb, NULL, NULL);
  result = heddle_harness_wait (run);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_CANCELLED);
  g_assert_cmpuint (heddle_fake_server_count (server), <=, 8);
}

int
main (int argc, char **argv)
{
  /* Before there are threads. */
  g_setenv ("HEDDLE_CREDENTIAL_MY_SHOP", "s3cret-value", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/node-http/get", test_get);
  g_test_add_func ("/node-http/bodies", test_bodies);
  g_test_add_func ("/node-http/hostile-values", test_hostile_values);
  g_test_add_func ("/node-http/responses", test_responses);
  g_test_add_func ("/node-http/status", test_status);
  g_test_add_func ("/node-http/credential", test_credential);
  g_test_add_func ("/node-http/limits", test_limits);
  g_test_add_func ("/node-http/retry", test_retry);
  g_test_add_func ("/node-http/parallel", test_parallel);
  g_test_add_func ("/node-http/credential-gate", test_credential_gate);
  g_test_add_func ("/node-http/retry-after", test_retry_after);
  g_test_add_func ("/node-http/cancel-at-gate", test_cancel_at_gate);
  return g_test_run ();
}
