/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "heddle-error.h"
#include "heddle-fake-model.h"
#include "heddle-harness.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

/* What must not be done twice is on the disk before it is done, and is known by the same key each time. */

#define HEAD "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"w\",\"nodes\":[{\"id\":\"start\",\"type\":\"input\"},"
#define EDGES "],\"edges\":[{\"from\":\"start\",\"to\":\"send\"}]}"
/* %s: parameters, and what else the node has. */
#define SEND "{\"id\":\"send\",\"type\":\"http\",\"params\":{\"url\":\"%s\",%s}%s}"

typedef struct
{
  HeddleFakeServer *server;
  char *url;
  char *folder;
  char *path;
  HeddleStore *store;
  HeddleEngineServices services;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->server = heddle_fake_server_new ();
  f->url = heddle_fake_server_dup_url (f->server, "/x");
  f->folder = g_dir_make_tmp ("heddle-intents-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "heddle.db", NULL);
  f->store = heddle_store_new (f->path, &error);
  g_assert_no_error (error);
  f->services = (HeddleEngineServices){ .store = f->store, .retry_base_ms = 1 };
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_object_unref (f->store);
  heddle_fake_server_free (f->server);
  dir = g_dir_open (f->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (f->folder, name, NULL);

      g_remove (child);
    }
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->path);
  g_free (f->url);
}

static char *
make_workflow (Fixture *f, const char *params, const char *more)
{
  g_autofree char *send = g_strdup_printf (SEND, f->url, params, more);

  return g_strconcat (HEAD, send, EDGES, NULL);
}

static HeddleHarnessResult *
run (Fixture *f, const char *params, const char *more)
{
  g_autofree char *workflow = make_workflow (f, params, more);

  return heddle_harness_run_workflow (workflow, &f->services, "{\"message\":\"hi\"}");
}

static char *
dup_header (Fixture *f, guint request, const char *name)
{
  g_autofree char *text = heddle_fake_server_dup_request (f->server, request);
  g_autofree char *start = g_strconcat ("\r\n", name, ": ", NULL);
  const char *at = strstr (text, start);

  return at != NULL ? g_strndup (at + strlen (start), strcspn (at + strlen (start), "\r")) : NULL;
}

/* While the server has the request, another process finds the intent in the database. */
static void
test_before (Fixture *f, gconstpointer data)
{
  g_autofree char *workflow = make_workflow (f, "\"method\":\"POST\"", "");
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (workflow, -1, NULL);
  g_autoptr (HeddlePlan) plan = heddle_plan_compile (graph, NULL, NULL);
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&f->services);
  g_autoptr (JsonNode) input = heddle_harness_json ("{\"message\":\"hi\"}");
  g_autoptr (HeddleRun) started = NULL;
  g_autoptr (HeddleStore) other = NULL;
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;
  guint n_intents = 0;

  heddle_fake_server_push_hanging (f->server, "HTTP/1.1 200 OK\r\n");
  started = heddle_engine_start (engine, plan, input, NULL);
  while (heddle_fake_server_count (f->server) == 0)
    g_usleep (1000);
  other = heddle_store_new (f->path, NULL);
  events = heddle_store_load_run (other, heddle_run_get_id (started), NULL, NULL, NULL);
  for (guint i = 0; i < events->len; i++)
    {
      HeddleEvent *event = g_ptr_array_index (events, i);

      if (g_strcmp0 (event->node, "send") != 0)
        continue;
      n_intents += event->kind == HEDDLE_EVENT_NODE_INTENT;
      g_assert_cmpint (event->kind, !=, HEDDLE_EVENT_NODE_FINISHED);
    }
  g_assert_cmpuint (n_intents, ==, 1);
  heddle_run_cancel (started);
  result = heddle_harness_wait (started);
}

static void
test_effects (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *params;
    const char *more;
    guint n_intents;
  } cases[] = {
    { "\"method\":\"GET\"", "", 0 },
    { "\"method\":\"PUT\"", "", 0 },
    { "\"method\":\"DELETE\"", "", 0 },
    { "\"method\":\"POST\"", "", 1 },
    { "\"method\":\"PATCH\"", "", 1 },
    { "\"method\":\"POST\",\"idempotency_key\":true", "", 0 },
    { "\"method\":\"POST\"", ",\"policy\":{\"effect\":\"idempotent\"}", 0 },
    { "\"method\":\"GET\"", ",\"policy\":{\"effect\":\"unsafe\"}", 1 },
  };

  heddle_fake_server_set_default (f->server, 0, "{}");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleHarnessResult) result = run (f, cases[i].params, cases[i].more);

      g_assert_no_error (result->error);
      g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_INTENT, "send"), ==, cases[i].n_intents);
    }
}

/* Every attempt has the key, also in expressions; another run has another. */
static void
test_key (Fixture *f, gconstpointer data)
{
  static const char params[] = "\"method\":\"POST\",\"idempotency_key\":true,\"headers\":[{\"name\":\"X-Key\",\"value\":\"{{ $run.idempotency_key }}\"},"
                               "{\"name\":\"X-Other\",\"value\":\"{{ $run.idempotencyKey }}\"}]";
  g_autoptr (HeddleHarnessResult) first = NULL;
  g_autoptr (HeddleHarnessResult) second = NULL;
  g_autofree char *key = NULL;
  g_autofree char *again = NULL;
  g_autofree char *read = NULL;
  g_autofree char *other = NULL;

  heddle_fake_server_push_body (f->server, "503 Busy", "text/plain", "later");
  heddle_fake_server_push_body (f->server, "200 OK", "application/json", "{}");
  heddle_fake_server_push_body (f->server, "200 OK", "application/json", "{}");
  first = run (f, params, "");
  second = run (f, params, "");
  g_assert_no_error (first->error);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 3);
  key = dup_header (f, 0, "Idempotency-Key");
  again = dup_header (f, 1, "Idempotency-Key");
  read = dup_header (f, 1, "X-Key");
  other = dup_header (f, 2, "Idempotency-Key");
  g_assert_cmpuint (strlen (key), ==, 43);
  g_assert_cmpuint (strspn (key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), ==, 43);
  g_assert_cmpstr (key, ==, again);
  g_assert_cmpstr (key, ==, read);
  g_assert_cmpstr (key, !=, other);
}

static void
test_header (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autofree char *named = NULL;
  g_autofree char *usual = NULL;

  heddle_fake_server_set_default (f->server, 0, "{}");
  result = run (f, "\"method\":\"POST\",\"idempotency_key\":true,\"idempotency_header\":\"X-Request-Id\"", "");
  g_assert_no_error (result->error);
  named = dup_header (f, 0, "X-Request-Id");
  usual = dup_header (f, 0, "Idempotency-Key");
  g_assert_nonnull (named);
  g_assert_null (usual);
}

/* Without a database there is nothing to write to, and nothing to go on with. */
static void
test_memory (Fixture *f, gconstpointer data)
{
  g_autofree char *workflow = make_workflow (f, "\"method\":\"POST\"", "");
  HeddleEngineServices services = { .retry_base_ms = 1 };
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_server_set_default (f->server, 0, "{}");
  result = heddle_harness_run_workflow (workflow, &services, "{\"message\":\"hi\"}");
  g_assert_no_error (result->error);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_INTENT, "send"), ==, 1);
}

#define AGENT                                                                                                                 \
  HEAD "{\"id\":\"agent\",\"type\":\"agent\",\"params\":{\"model\":\"fake/m\",\"prompt\":\"Do it.\",\"stream\":false}}," SEND \
       "],\"edges\":[{\"from\":\"start\",\"to\":\"agent\"},{\"from\":\"send\",\"to\":\"agent.tools\"}]}"

/* The agent is what would begin anew, so it is the one in doubt; each call has a key of its own. */
static void
test_tool (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleFakeServer) model = heddle_fake_server_new ();
  g_autoptr (HeddleModels) models = heddle_fake_model_new_models (model);
  g_autofree char *workflow = g_strdup_printf (AGENT, f->url, "\"method\":\"POST\",\"headers\":[{\"name\":\"X-Key\",\"value\":\"{{ $run.idempotency_key }}\"},{\"name\":\"X-Arg\",\"value\":\"{{ $args.to }}\"}]", "");
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  const HeddleEvent *intent;

  f->services.models = models;
  heddle_fake_server_set_default (f->server, 0, "{}");
  heddle_fake_model_push_calls (model, "[{\"id\":\"c1\",\"name\":\"send\",\"arguments\":{\"to\":\"a\"}}]");
  heddle_fake_model_push_calls (model, "[{\"id\":\"c2\",\"name\":\"send\",\"arguments\":{\"to\":\"b\"}}]");
  heddle_fake_model_push_text (model, "Done.");
  result = heddle_harness_run_workflow (workflow, &f->services, "{\"message\":\"hi\"}");
  g_assert_no_error (result->error);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_INTENT, "agent"), ==, 2);
  intent = heddle_harness_find (result, HEDDLE_EVENT_NODE_INTENT, "agent");
  g_assert_cmpstr (heddle_json_get_string (intent->data, "tool", ""), ==, "send");
  first = dup_header (f, 0, "X-Key");
  second = dup_header (f, 1, "X-Key");
  g_assert_cmpstr (first, ==, heddle_json_get_string (intent->data, "key", ""));
  g_assert_cmpstr (first, !=, second);
}

#define OUTER                                                                                                                   \
  "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"o\",\"name\":\"o\",\"nodes\":[{\"id\":\"start\",\"type\":\"input\"}," \
  "{\"id\":\"call\",\"type\":\"sub-workflow\",\"params\":{\"workflow\":\"w\",\"input\":\"{{ $input }}\"}}],"                    \
  "\"edges\":[{\"from\":\"start\",\"to\":\"call\"}]}"

/* A workflow that was called goes on with its caller and has its own doubts. */
static void
test_sub_workflow (Fixture *f, gconstpointer data)
{
  g_autofree char *unsafe = make_workflow (f, "\"method\":\"POST\"", "");
  g_autoptr (HeddleHarnessResult) outer = NULL;
  g_autoptr (GPtrArray) events = NULL;
  const char *called;
  guint n_intents = 0;

  heddle_fake_server_set_default (f->server, 0, "{}");
  g_assert_true (heddle_store_save_workflow (f->store, "w", "w", unsafe, NULL));
  outer = heddle_harness_run_workflow (OUTER, &f->services, "{\"message\":\"hi\"}");
  g_assert_no_error (outer->error);
  g_assert_cmpuint (heddle_harness_count (outer, HEDDLE_EVENT_NODE_INTENT, NULL), ==, 0);
  called = heddle_json_get_string (heddle_json_member (heddle_harness_find (outer, HEDDLE_EVENT_NODE_FINISHED, "call")->data, "result"), "run", "");
  events = heddle_store_load_run (f->store, called, NULL, NULL, NULL);
  for (guint i = 0; i < events->len; i++)
    n_intents += ((const HeddleEvent *) g_ptr_array_index (events, i))->kind == HEDDLE_EVENT_NODE_INTENT;
  g_assert_cmpuint (n_intents, ==, 1);
}

#define MAP                                                                           \
  HEAD "{\"id\":\"map\",\"type\":\"map\",\"params\":{\"items\":\"[1, 2, 3]\"}}," SEND \
       "],\"edges\":[{\"from\":\"start\",\"to\":\"map\"},{\"from\":\"map\",\"to\":\"send\"},{\"from\":\"send\",\"to\":\"map\"}]}"

static void
test_map (Fixture *f, gconstpointer data)
{
  g_autofree char *workflow = g_strdup_printf (MAP, f->url, "\"method\":\"POST\",\"idempotency_key\":true", ",\"parent\":\"map\"");
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_fake_server_set_default (f->server, 0, "{}");
  result = heddle_harness_run_workflow (workflow, &f->services, "{\"message\":\"hi\"}");
  g_assert_no_error (result->error);
  g_assert_cmpuint (heddle_fake_server_count (f->server), ==, 3);
  for (guint i = 0; i < 3; i++)
    g_hash_table_add (keys, dup_header (f, i, "Idempotency-Key"));
  g_assert_cmpuint (g_hash_table_size (keys), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/intents/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("before", test_before);
  ADD ("effects", test_effects);
  ADD ("key", test_key);
  ADD ("header", test_header);
  ADD ("memory", test_memory);
  ADD ("tool", test_tool);
  ADD ("sub-workflow", test_sub_workflow);
  ADD ("map", test_map);
  return g_test_run ();
}
