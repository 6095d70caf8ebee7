/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-fake-server.h"
#include "heddle-harness.h"
#include "provider/heddle-models.h"
#include "registry/heddle-node-type.h"
#include "secret/heddle-secrets.h"
#include "store/heddle-store.h"
#include "test-dump.h"
#include "trace/heddle-trace.h"
#include "value/heddle-json.h"

#include <glib/gstdio.h>
#include <string.h>

/*
 * A server that repeats what it was sent, in every place an answer has. The values of credentials
 * must be found nowhere: not in results, errors, events and traces, nor in the files of the data folder.
 */

#define CREDENTIAL "canary/Q7\"x+credential"
#define CREDENTIAL_IN_JSON "canary/Q7\\\"x+credential"
#define CREDENTIAL_IN_URL "canary%2FQ7%22x%2Bcredential"
#define KEY "canary-K4-provider-key"
/* Of any of them. */
#define PIECE "canary"

#define HTTP(params) "{\"params\":{\"url\":\"%s/\",\"credential\":\"x\"" params "}}"
#define LLM "{\"params\":{\"model\":\"openai/m\"},\"inputs\":{\"in\":\"x\"}}"
#define WHOLE_LLM "{\"params\":{\"model\":\"openai/m\",\"stream\":false},\"inputs\":{\"in\":\"x\"}}"
#define DELTA(text) "data: {\"choices\":[{\"delta\":{\"content\":\"" text "\"}}]}\n\n"

typedef struct
{
  const char *name;
  const char *type;
  const char *spec; /* of a node, as for heddle_harness_plan_node; "%s" is the server */
  const char *reply;
  const char *kept; /* what the record of the run still tells */
} Case;

static const Case cases[] = {
  { "body", "http", HTTP (""), "HTTP/1.1 200 OK\r\nX-Echo: Bearer " CREDENTIAL "\r\nConnection: close\r\n\r\nbefore " CREDENTIAL " after", "after" },
  { "json", "http", HTTP (",\"response\":\"json\""), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"auth\":\"Bearer " CREDENTIAL_IN_JSON "\",\"url\":\"" CREDENTIAL_IN_URL "\",\"rest\":\"after\"}", "after" },
  { "accepted-failure", "http", HTTP (",\"fail_on_status\":false"), "HTTP/1.1 403 No " CREDENTIAL "\r\nConnection: close\r\n\r\n" CREDENTIAL " after", "after" },
  { "failure", "http", HTTP (""), "HTTP/1.1 401 Bad " CREDENTIAL "\r\nX-Request-Id: " CREDENTIAL "\r\nConnection: close\r\n\r\n{\"error\":{\"message\":\"wrong key " CREDENTIAL_IN_JSON " sent\",\"code\":\"" CREDENTIAL_IN_JSON "\"}}", "wrong key" },
  { "html-failure", "http", HTTP (""), "HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html><body>Header: " CREDENTIAL " after</body></html>", "after" },
  { "redirect", "http", HTTP (""), "HTTP/1.1 302 Found\r\nLocation: /next?token=" CREDENTIAL_IN_URL "&x=1\r\nConnection: close\r\n\r\n", "x=1" },
  { "stream", "llm", LLM, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" DELTA ("before ") DELTA ("your key is " KEY " after") "data: [DONE]\n\n", "after" },
  { "stream-failure", "llm", LLM, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" DELTA ("before ") "data: {\"error\":{\"message\":\"wrong key " KEY " sent\",\"code\":\"" KEY "\"}}\n\n", "wrong key" },
  { "whole", "llm", WHOLE_LLM, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"choices\":[{\"message\":{\"content\":\"your key is " KEY " after\"}}]}", "after" },
  { "model-failure", "llm", LLM, "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n{\"error\":{\"message\":\"Incorrect API key provided: " KEY "\",\"code\":\"invalid_api_key\"}}", "Incorrect API key" },
};

static void
assert_clean (const char *what, const char *data, gsize size)
{
  if (memmem (data, size, PIECE, strlen (PIECE)) != NULL)
    g_error ("a secret is in %s: %.*s", what, (int) MIN (size, 2000), data);
}

static void
assert_clean_text (const char *what, const char *text)
{
  if (text != NULL)
    assert_clean (what, text, strlen (text));
}

static void
assert_clean_json (const char *what, JsonNode *value)
{
  g_autofree char *text = value != NULL ? heddle_json_to_text (value, HEDDLE_JSON_COMPACT) : NULL;

  assert_clean_text (what, text);
}

/* All that is told about a run, live or loaded. */
static char *
describe (GPtrArray *events)
{
  GString *all = g_string_new (NULL);
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run", 0);
  g_autofree char *dump = NULL;

  for (guint i = 0; i < events->len; i++)
    {
      g_autoptr (JsonNode) event = heddle_event_to_json (g_ptr_array_index (events, i));
      g_autofree char *text = heddle_json_to_text (event, HEDDLE_JSON_COMPACT);

      g_string_append_printf (all, "%s\n", text);
    }
  heddle_trace_apply (trace, events);
  dump = test_dump_trace (trace);
  g_string_append (all, dump);
  return g_string_free (all, FALSE);
}

static void
assert_clean_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *data = NULL;
      gsize size;

      g_assert_true (g_file_get_contents (path, &data, &size, NULL));
      assert_clean (path, data, size);
      g_unlink (path);
    }
  g_rmdir (folder);
}

static HeddlePlan *
new_plan (const Case *test, HeddleFakeServer *server)
{
  g_autofree char *url = heddle_fake_server_dup_url (server, "");
  g_auto (GStrv) parts = g_strsplit (test->spec, "%s", -1);
  g_autofree char *text = g_strjoinv (url, parts);
  g_autoptr (JsonNode) spec = heddle_harness_json (text);

  return heddle_harness_plan_node (heddle_registry_lookup (test->type), spec);
}

/* With the secrets that the environment has, recorded in the folder. */
static HeddleHarnessResult *
run (const Case *test, HeddleFakeServer *server, HeddleStore *store, char **id)
{
  g_autoptr (HeddleSecrets) secrets = heddle_secrets_new (store);
  g_autoptr (HeddleModels) models = heddle_models_new (store, secrets);
  HeddleEngineServices services = { .store = store, .secrets = secrets, .models = models, .retry_base_ms = 1 };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autoptr (HeddlePlan) plan = new_plan (test, server);
  HeddleRunOptions options = { .durability = HEDDLE_DURABILITY_FULL };
  g_autoptr (HeddleRun) handle = heddle_engine_start (engine, plan, NULL, &options);

  *id = g_strdup (heddle_run_get_id (handle));
  return heddle_harness_wait (handle);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/v1");
  g_autofree char *folder = g_dir_make_tmp ("heddle-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "heddle.db", NULL);
  HeddleStore *store = heddle_store_new (path, NULL);
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GPtrArray) stored = NULL;
  g_autofree char *id = NULL;
  g_autofree char *told = NULL;
  g_autofree char *loaded = NULL;
  g_autofree char *request = NULL;

  g_setenv ("OPENAI_BASE_URL", url, TRUE);
  for (guint i = 0; i < 3; i++)
    heddle_fake_server_push (server, test->reply, -1, HEDDLE_FAKE_RANDOM);
  result = run (test, server, store, &id);

  /* It was sent, or the rest would prove nothing. */
  request = heddle_fake_server_dup_request (server, 0);
  g_assert_nonnull (strstr (request, strcmp (test->type, "llm") == 0 ? "Bearer " KEY : "Bearer " CREDENTIAL));
  told = describe (result->events);
  g_assert_nonnull (strstr (told, test->kept));
  assert_clean_text ("the events", told);
  assert_clean_json ("the output", result->output);
  assert_clean_text ("the error", result->error != NULL ? result->error->message : NULL);
  stored = heddle_store_load_run (store, id, NULL, NULL, NULL);
  loaded = describe (stored);
  assert_clean_text ("the record", loaded);
  g_object_unref (store);
  assert_clean_folder (folder);
}

int
main (int argc, char **argv)
{
  /* Before there are threads. */
  g_setenv ("HEDDLE_CREDENTIAL_X", CREDENTIAL, TRUE);
  g_setenv ("OPENAI_API_KEY", KEY, TRUE);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/secrets-stay/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
