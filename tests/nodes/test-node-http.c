/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-error.h"
#include "heddle-fake-server.h"
#include "heddle-harness.h"
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

/* Five requests are under way at once: none is answered before all are in. */
static void
test_parallel (void)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/");
  GString *nodes = g_string_new (NULL);
  GString *edges = g_string_new (NULL);
  g_autofree char *workflow = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_server_gather (server, 5);
  for (guint i = 1; i <= 5; i++)
    {
      g_string_append_printf (nodes, ",{\"id\":\"h%u\",\"type\":\"http\",\"params\":{\"url\":\"%s\"}}", i, url);
      g_string_append_printf (edges, "%s{\"from\":\"start\",\"to\":\"h%u\"},{\"from\":\"h%u\",\"to\":\"end\"}", i == 1 ? "" : ",", i, i);
    }
  workflow = g_strdup_printf ("{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"Parallel\",\"nodes\":[{\"id\":\"start\",\"type\":\"input\"},"
                              "{\"id\":\"end\",\"type\":\"output\"}%s],\"edges\":[%s]}",
                              nodes->str, edges->str);
  result = heddle_harness_run_workflow (workflow, NULL, "{\"message\":\"x\"}");
  g_assert_no_error (result->error);
  g_assert_cmpuint (heddle_fake_server_get_most_parallel (server), ==, 5);
  g_string_free (nodes, TRUE);
  g_string_free (edges, TRUE);
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
  return g_test_run ();
}
