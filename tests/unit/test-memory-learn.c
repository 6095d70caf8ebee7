/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "heddle-error.h"
#include "heddle-fake-server.h"
#include "memory/heddle-memory.h"
#include "net/heddle-http.h"
#include "store/heddle-database.h"
#include "value/heddle-json.h"

#define GRAPH "Support/Triage"

typedef struct
{
  char *dir;
  char *path;
  HeddleModels *models;
  HeddleHttp *http;
  HeddleMemory *memory;
  GAsyncResult *result; /* of the last call */
  guint n_changed;
} Fixture;

static void
changed_cb (HeddleMemory *memory, Fixture *fixture)
{
  fixture->n_changed++;
}

static void
open_memory (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->memory = heddle_memory_new (fixture->path, fixture->models, &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->memory, "changed", G_CALLBACK (changed_cb), fixture);
}

static void
close_memory (Fixture *fixture)
{
  g_clear_object (&fixture->result);
  g_signal_handlers_disconnect_by_data (fixture->memory, fixture);
  heddle_memory_set_network (fixture->memory, NULL, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  heddle_memory_shutdown (fixture->memory);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (fixture->memory);
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  fixture->dir = g_dir_make_tmp ("heddle-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->dir, "heddle.db", NULL);
  fixture->models = heddle_models_new (NULL, NULL);
  fixture->http = heddle_http_new ();
  open_memory (fixture);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  close_memory (fixture);
  heddle_http_unref (fixture->http);
  g_object_unref (fixture->models);
  dir = g_dir_open (fixture->dir, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->dir, name, NULL);

      g_remove (path);
    }
  g_rmdir (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
}

static void
done_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Fixture *fixture)
{
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return fixture->result;
}

static void
settle (Fixture *fixture)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  while (heddle_memory_get_n_pending (fixture->memory) > 0 && g_get_monotonic_time () < deadline)
    {
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }
  g_assert_true (heddle_memory_wait (fixture->memory, 0));
}

static void
say_to (Fixture *fixture, const char *model, const char *user)
{
  const HeddleMemoryLesson lesson = { GRAPH, model, "run-1", "triage", user, "Thank you." };

  heddle_memory_learn (fixture->memory, fixture->http, &lesson);
}

static char *
recall (Fixture *fixture, const char *question)
{
  const char *const graphs[] = { GRAPH, NULL };
  g_autoptr (GError) error = NULL;
  char *text;

  g_clear_object (&fixture->result);
  heddle_memory_recall_async (fixture->memory, graphs, question, 4000, NULL, done_cb, fixture);
  text = heddle_memory_recall_finish (fixture->memory, wait_for (fixture), &error);
  g_assert_no_error (error);
  return text;
}

static gint64
query (Fixture *fixture, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleDatabase) database = heddle_database_open (fixture->path, &error);
  sqlite3_stmt *stmt;
  gint64 value;

  g_assert_no_error (error);
  stmt = heddle_database_prepare (database, sql, &error);
  g_assert_no_error (error);
  g_assert_true (heddle_database_step (database, stmt, &error));
  value = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  return value;
}

static void
test_demo (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nothing = recall (fixture, "Where is my order?");
  g_autofree char *text = NULL;
  g_autofree char *later = NULL;

  g_assert_null (nothing);
  say_to (fixture, "demo/small", "My name is Ada and order 1042 is mine");
  settle (fixture);
  g_assert_cmpuint (fixture->n_changed, >, 0);
  text = recall (fixture, "Where is my order?");
  g_assert_nonnull (strstr (text, "\"Ada\" (person) · order: \"1042\""));
  g_assert_nonnull (strstr (text, "\"Ada\" (person) · name: \"Ada\""));
  /* Who speaks is known from what is known. */
  say_to (fixture, "demo/small", "I live in Berlin. I no longer like tea.");
  say_to (fixture, "demo/small", "I moved to Paris because of my work.");
  settle (fixture);
  later = recall (fixture, "Where does Ada live?");
  g_assert_nonnull (strstr (later, "\"Ada\" (person) · lives in: \"Paris\""));
  g_assert_null (strstr (later, "Berlin"));
  g_assert_cmpint (query (fixture, "SELECT count(*) FROM memory_lessons WHERE state = 'done' AND question = '' AND usage LIKE '%input_tokens%'"), ==, 3);
}

static void
test_secrets (Fixture *fixture, gconstpointer data)
{
  say_to (fixture, "demo/small", "My name is Ada and my api key is sk-canarycanarycanary and my password is canary22.");
  settle (fixture);
  g_assert_cmpint (query (fixture, "SELECT count(*) FROM memory_facts"), ==, 1);
  g_assert_cmpint (query (fixture, "SELECT count(*) FROM memory_sources WHERE excerpt LIKE '%canary%'"), ==, 0);
  g_assert_cmpint (query (fixture, "SELECT count(*) FROM memory_lessons WHERE question LIKE '%canary%'"), ==, 0);
}

static void
set_server (Fixture *fixture, HeddleFakeServer *server)
{
  g_autofree char *url = heddle_fake_server_dup_url (server, "/v1");
  const HeddleProviderInfo info = { .id = (char *) "fake", .kind = (char *) "openai-compatible", .title = (char *) "Fake", .base_url = url };
  g_autoptr (GError) error = NULL;

  heddle_models_set_provider (fixture->models, &info, &error);
  g_assert_no_error (error);
}

static void
push_answer (HeddleFakeServer *server, const char *content)
{
  g_autoptr (GString) body = g_string_new ("{\"model\":\"m\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":");

  heddle_json_append_string (body, content);
  g_string_append (body, "}}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}");
  heddle_fake_server_push_body (server, "200 OK", "application/json", body->str);
}

static HeddleMemoryGraphInfo *
get_info (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = NULL;

  g_clear_object (&fixture->result);
  heddle_memory_list_async (fixture->memory, NULL, done_cb, fixture);
  infos = heddle_memory_list_finish (fixture->memory, wait_for (fixture), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (infos->len, ==, 1);
  return g_ptr_array_steal_index (infos, 0);
}

/* What fails is kept, tried again with the next lesson, and given up at last. */
static void
test_failures (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autoptr (HeddleMemoryGraphInfo) info = NULL;

  set_server (fixture, server);
  for (guint i = 0; i < 6; i++)
    push_answer (server, "I would rather not.");
  say_to (fixture, "fake/m", "The first thing that was said");
  settle (fixture);
  info = get_info (fixture);
  g_assert_cmpuint (info->n_waiting, ==, 1);
  g_assert_nonnull (strstr (info->error, "JSON"));
  g_assert_cmpint (info->input_tokens, ==, 10);
  say_to (fixture, "fake/m", "The second thing that was said");
  settle (fixture);
  say_to (fixture, "fake/m", "The third thing that was said");
  settle (fixture);
  g_assert_cmpint (query (fixture, "SELECT count(*) FROM memory_lessons WHERE state = 'failed' AND question LIKE 'The first%'"), ==, 1);
  g_assert_cmpint (query (fixture, "SELECT count(*) FROM memory_lessons WHERE state = 'waiting'"), ==, 2);
  push_answer (server, "{\"facts\":[{\"subject\":\"it\",\"predicate\":\"was\",\"object\":\"said\"}]}");
  push_answer (server, "{\"facts\":[]}");
  heddle_memory_resume (fixture->memory);
  while (heddle_fake_server_count (server) < 8)
    g_main_context_iteration (NULL, TRUE);
  settle (fixture);
  g_assert_cmpint (query (fixture, "SELECT count(*) FROM memory_lessons WHERE state = 'done'"), ==, 2);
}

/* One after another, in order: each is told what the one before learnt. */
static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();

  set_server (fixture, server);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *answer = g_strdup_printf ("{\"facts\":[{\"subject\":\"Ada\",\"predicate\":\"step\",\"object\":\"number %u\"}]}", i);
      g_autofree char *said = g_strdup_printf ("Ada is at step %u now", i);

      push_answer (server, answer);
      say_to (fixture, "fake/m", said);
    }
  settle (fixture);
  g_assert_cmpuint (heddle_fake_server_get_most_parallel (server), ==, 1);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *request = heddle_fake_server_dup_request (server, i);
      g_autofree char *said = g_strdup_printf ("at step %u now", i);
      g_autofree char *known = g_strdup_printf ("number %u", i - 1);

      g_assert_nonnull (strstr (request, said));
      g_assert_true (i == 0 || strstr (request, known) != NULL);
    }
  g_assert_cmpint (query (fixture, "SELECT count(*) FROM memory_facts WHERE is_active"), ==, 5);
}

static void
change (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (heddle_memory_change_finish (fixture->memory, wait_for (fixture), &error));
  g_assert_no_error (error);
  g_clear_object (&fixture->result);
}

static GPtrArray *
list_facts (Fixture *fixture, const char *graph, const char *search)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *facts;

  g_clear_object (&fixture->result);
  heddle_memory_list_facts_async (fixture->memory, graph, search, 0, NULL, done_cb, fixture);
  facts = heddle_memory_list_facts_finish (fixture->memory, wait_for (fixture), &error);
  g_assert_no_error (error);
  g_clear_object (&fixture->result);
  return facts;
}

static void
set_fact (Fixture *fixture, gint64 id, const char *object, double confidence)
{
  const HeddleMemoryFact fact = {
    .id = id,
    .subject = (char *) "Ada",
    .subject_kind = (char *) "person",
    .predicate = (char *) "likes",
    .object = (char *) object,
    .confidence = confidence,
  };

  g_clear_object (&fixture->result);
  heddle_memory_set_fact_async (fixture->memory, GRAPH, &fact, NULL, done_cb, fixture);
  change (fixture);
}

static void
test_editing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) facts = NULL;
  g_autoptr (GPtrArray) edited = NULL;
  g_autoptr (GPtrArray) none = NULL;
  HeddleMemoryFact *fact;

  set_fact (fixture, 0, "tea", 0.5);
  set_fact (fixture, 0, "cake", 0.5);
  facts = list_facts (fixture, GRAPH, NULL);
  g_assert_cmpuint (facts->len, ==, 2);
  fact = g_ptr_array_index (facts, 1);
  g_assert_cmpstr (fact->object, ==, "tea");
  set_fact (fixture, fact->id, "green tea", 0.75);
  edited = list_facts (fixture, GRAPH, "green");
  g_assert_cmpuint (edited->len, ==, 2); /* and what else is known of Ada */
  fact = g_ptr_array_index (edited, 0);
  g_assert_cmpstr (fact->object, ==, "green tea");
  g_assert_cmpfloat (fact->confidence, ==, 0.75);
  heddle_memory_set_active_async (fixture->memory, fact->id, FALSE, NULL, done_cb, fixture);
  change (fixture);
  g_assert_cmpint (query (fixture, "SELECT count(*) FROM memory_facts WHERE is_active"), ==, 1);
  heddle_memory_delete_fact_async (fixture->memory, fact->id, NULL, done_cb, fixture);
  change (fixture);
  fact = g_ptr_array_index (facts, 0);
  heddle_memory_delete_fact_async (fixture->memory, fact->id, NULL, done_cb, fixture);
  change (fixture);
  none = list_facts (fixture, GRAPH, NULL);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpint (query (fixture, "SELECT (SELECT count(*) FROM memory_entities) + (SELECT count(*) FROM memory_words) + (SELECT count(*) FROM memory_sources)"), ==, 0);
}

static void
test_exchange (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) exported = NULL;
  g_autoptr (JsonNode) wrong = heddle_json_string ("no export");
  g_autoptr (GPtrArray) facts = NULL;
  g_autoptr (GError) error = NULL;

  set_fact (fixture, 0, "tea", 0.5);
  heddle_memory_export_async (fixture->memory, GRAPH, NULL, done_cb, fixture);
  exported = heddle_memory_export_finish (fixture->memory, wait_for (fixture), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (heddle_json_get_string (exported, "format", ""), ==, "heddle-memory");
  g_clear_object (&fixture->result);
  for (guint i = 0; i < 2; i++)
    {
      heddle_memory_import_async (fixture->memory, "Copy", exported, NULL, done_cb, fixture);
      change (fixture);
    }
  facts = list_facts (fixture, "Copy", NULL);
  g_assert_cmpuint (facts->len, ==, 1);
  heddle_memory_import_async (fixture->memory, "Copy", wrong, NULL, done_cb, fixture);
  g_assert_false (heddle_memory_change_finish (fixture->memory, wait_for (fixture), &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_clear_object (&fixture->result);
  heddle_memory_delete_graph_async (fixture->memory, "Copy", NULL, done_cb, fixture);
  change (fixture);
  g_assert_cmpint (query (fixture, "SELECT count(*) FROM memory_words"), ==, 1);
}

static void
test_sharing (Fixture *fixture, gconstpointer data)
{
  heddle_memory_set_share_async (fixture->memory, "Common", GRAPH, HEDDLE_MEMORY_WRITES, NULL, done_cb, fixture);
  change (fixture);
  say_to (fixture, "demo/small", "My name is Ada and order 1042 is mine");
  settle (fixture);
  g_assert_cmpint (query (fixture, "SELECT count(*) FROM memory_facts f JOIN memory_graphs g ON g.id = f.graph WHERE g.name = 'Common'"), ==, 2);
  g_clear_object (&fixture->result);
  heddle_memory_set_share_async (fixture->memory, "Common", GRAPH, HEDDLE_MEMORY_NOT_SHARED, NULL, done_cb, fixture);
  change (fixture);
  g_assert_null (recall (fixture, "order"));
}

/* What is asked after the end is cancelled, not forgotten. */
static void
test_shutdown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  heddle_memory_shutdown (fixture->memory);
  say_to (fixture, "demo/small", "My name is Ada and order 1042 is mine");
  g_assert_cmpuint (heddle_memory_get_n_pending (fixture->memory), ==, 0);
  heddle_memory_list_async (fixture->memory, NULL, done_cb, fixture);
  g_assert_null (heddle_memory_list_finish (fixture->memory, wait_for (fixture), &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_setenv ("HEDDLE_DEMO_DELAY_MS", "0", TRUE);
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add ("/memory-learn/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)
  ADD ("demo", test_demo);
  ADD ("secrets", test_secrets);
  ADD ("failures", test_failures);
  ADD ("order", test_order);
  ADD ("editing", test_editing);
  ADD ("exchange", test_exchange);
  ADD ("sharing", test_sharing);
  ADD ("shutdown", test_shutdown);

  return g_test_run ();
}
