/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-error.h"
#include "test-script.h"
#include "store-fixture.h"
#include "value/heddle-json.h"

/* A run of the workflow with that retention; state NULL: it goes on. Its value is as large as that. */
static void
add_run (StoreFixture *fixture, const char *id, gint64 started, const char *retention, const char *state, guint n_bytes)
{
  g_autofree char *source = g_strdup_printf ("{\"settings\":{\"retention\":%s}}", retention);
  g_autofree char *value = g_strnfill (n_bytes, 'v');
  g_autofree char *finished = g_strdup_printf ("{\"result\":{\"output\":\"%s%s\"}}", id, value);
  g_autofree char *end = g_strdup_printf ("{\"state\":\"%s\"}", state);
  HeddleRunHead head = { .id = id, .workflow = "w", .name = "W", .source = source, .started = started };
  TestScript script = test_script_new ();

  heddle_store_record_run (fixture->store, &head, HEDDLE_DURABILITY_NORMAL);
  test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "a", finished);
  if (state != NULL)
    test_script_add (&script, HEDDLE_EVENT_RUN_FINISHED, NULL, end);
  heddle_store_record_events (fixture->store, id, script.events);
  g_ptr_array_unref (script.events);
  g_assert_true (heddle_store_flush (fixture->store));
}

static void
test_runs (StoreFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 9; i++)
    {
      g_autofree char *id = g_strdup_printf ("r%u", i);

      add_run (fixture, id, i, "{\"runs\":4}", i == 1 ? "interrupted" : i == 2 ? NULL
                                                                               : "ok",
               1000);
    }
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM runs"), ==, 6);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM runs WHERE id IN ('r1', 'r2')"), ==, 2);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM events WHERE run NOT IN (SELECT key FROM runs)"), ==, 0);
  /* Values went with the runs that had them. */
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM blobs"), ==, 6);
}

static void
test_days (StoreFixture *fixture, gconstpointer data)
{
  gint64 now = g_get_real_time ();

  add_run (fixture, "old", now - 3 * G_TIME_SPAN_DAY, "{\"days\":2}", "ok", 0);
  add_run (fixture, "waits", now - 3 * G_TIME_SPAN_DAY, "{\"days\":2}", "interrupted", 0);
  add_run (fixture, "young", now - G_TIME_SPAN_DAY, "{\"days\":2}", "failed", 0);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM runs"), ==, 2);
  g_assert_cmpint (store_test_query (fixture->store, "UPDATE runs SET started = 1 WHERE id = 'young'"), ==, 0);
  /* And once when the database is opened. */
  store_test_reopen (fixture);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM runs"), ==, 1);
}

static void
test_bytes (StoreFixture *fixture, gconstpointer data)
{
  static const char retention[] = "{\"bytes\":250000}";

  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *id = g_strdup_printf ("r%u", i);

      add_run (fixture, id, i, retention, "ok", 100000);
    }
  add_run (fixture, "huge", 10, retention, "ok", 900000);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT bytes FROM runs WHERE id = 'huge'"), >, 900000);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT bytes FROM runs WHERE id = 'huge'"), <, 901000);
  add_run (fixture, "next", 11, retention, NULL, 0);
  /* The newest that ended stays, whatever it takes. */
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM runs WHERE id IN ('huge', 'next')"), ==, 2);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM runs"), ==, 2);
}

static void
test_nonsense (StoreFixture *fixture, gconstpointer data)
{
  static const char *const retentions[] = { "1", "{\"runs\":\"x\",\"days\":[],\"bytes\":{}}", "{\"runs\":-5,\"days\":-1}", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (retentions); i++)
    {
      g_autofree char *id = g_strdup_printf ("r%u", i);

      add_run (fixture, id, i, retentions[i], "ok", 0);
    }
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM runs"), ==, G_N_ELEMENTS (retentions));
}

static void
test_space (StoreFixture *fixture, gconstpointer data)
{
  gint64 before;

  add_run (fixture, "big", 1, "{\"days\":1000000}", "ok", 3000000);
  before = store_test_query (fixture->store, "PRAGMA page_count");
  add_run (fixture, "small", g_get_real_time (), "{\"days\":1}", "ok", 0);
  g_assert_cmpint (store_test_query (fixture->store, "PRAGMA page_count"), <, before / 2);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static HeddleStoredRun *
claim (StoreFixture *fixture, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  heddle_store_claim_run_async (fixture->store, id, NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return heddle_store_claim_run_finish (fixture->store, result, error);
}

/* What is asked and in doubt is counted when a run is interrupted; a claim takes its end away, and a release puts it back. */
static void
test_claim (StoreFixture *fixture, gconstpointer data)
{
  HeddleRunHead head = { .id = "r", .workflow = "w", .name = "W", .source = "{}", .started = 1, .options = "{\"start\":\"s\"}", .parent = "p" };
  TestScript script = test_script_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleStoredRun) claimed = NULL;
  g_autoptr (GPtrArray) events = NULL;
  HeddleRunInfo *info = NULL;

  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "a", NULL)->scope = g_ref_string_new ("map1#0");
  test_script_add (&script, HEDDLE_EVENT_NODE_INTENT, "a", NULL)->scope = g_ref_string_new ("map1#0");
  test_script_add (&script, HEDDLE_EVENT_NODE_STARTED, "b", NULL);
  test_script_add (&script, HEDDLE_EVENT_RUN_ASKED, "b", "{\"id\":\"q1\"}");
  test_script_add (&script, HEDDLE_EVENT_RUN_ASKED, "b", "{\"id\":\"q2\"}");
  test_script_add (&script, HEDDLE_EVENT_RUN_ANSWERED, "b", "{\"id\":\"q1\"}");
  test_script_add (&script, HEDDLE_EVENT_RUN_ASKED, "b", "[]");
  heddle_store_record_run (fixture->store, &head, HEDDLE_DURABILITY_NORMAL);
  heddle_store_record_events (fixture->store, "r", script.events);
  g_ptr_array_unref (script.events);
  store_test_reopen (fixture);

  claimed = claim (fixture, "r", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (claimed->info->n_questions, ==, 1);
  g_assert_cmpuint (claimed->info->n_doubts, ==, 1);
  g_assert_cmpstr (claimed->info->parent, ==, "p");
  g_assert_cmpstr (heddle_json_get_string (claimed->options, "start", NULL), ==, "s");
  g_assert_cmpuint (claimed->events->len, ==, 7);
  g_assert_cmpstr (((HeddleEvent *) claimed->events->pdata[0])->scope, ==, "map1#0");
  g_assert_null (claim (fixture, "r", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_BUSY);

  heddle_store_release_run (fixture->store, "r");
  events = heddle_store_load_run (fixture->store, "r", &info, NULL, NULL);
  g_assert_cmpint (info->state, ==, HEDDLE_RUN_INTERRUPTED);
  g_assert_cmpuint (events->len, ==, 8);
  heddle_run_info_free (info);
}

static void
test_claim_refuses (StoreFixture *fixture, gconstpointer data)
{
  static const char *const without_options[] = { "UPDATE runs SET options = NULL", "UPDATE runs SET options = 'x'" };
  g_autoptr (GError) error = NULL;

  add_run (fixture, "ended", 1, "{}", "ok", 0);
  add_run (fixture, "lost", 2, "{}", "interrupted", 0);
  g_assert_null (claim (fixture, "ended", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  for (guint i = 0; i < G_N_ELEMENTS (without_options); i++)
    {
      g_clear_error (&error);
      store_test_query (fixture->store, without_options[i]);
      g_assert_null (claim (fixture, "lost", &error));
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
  g_clear_error (&error);
  g_assert_null (claim (fixture, "nothing", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
}

static void
writing_cb (const GError *error, gpointer data)
{
  g_string_append (data, error != NULL ? "fails " : "works ");
}

/* Who watches hears of it once when writing fails, also when it did before, and once when it works again. */
static void
test_watch (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (GString) late = g_string_new (NULL);
  guint watch = heddle_store_watch_writing (fixture->store, NULL, writing_cb, heard);
  guint second;
  g_autoptr (JsonNode) edit = heddle_json_int (1);
  g_autofree char *large = g_strnfill (100000, 'x');
  g_autoptr (JsonNode) text = heddle_json_string (large);

  g_assert_true (heddle_store_save_workflow (fixture->store, "w", "W", "{}", NULL));
  store_test_query (fixture->store, "PRAGMA max_page_count = 1");
  heddle_store_append_journal (fixture->store, "w", text);
  g_assert_false (heddle_store_flush (fixture->store));
  second = heddle_store_watch_writing (fixture->store, NULL, writing_cb, late);
  store_test_query (fixture->store, "PRAGMA max_page_count = 100000");
  g_assert_true (heddle_store_flush (fixture->store));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (heard->str, ==, "fails works ");
  g_assert_cmpstr (late->str, ==, "fails works ");
  heddle_store_unwatch_writing (fixture->store, watch);
  heddle_store_unwatch_writing (fixture->store, second);
  store_test_query (fixture->store, "PRAGMA max_page_count = 1");
  heddle_store_append_journal (fixture->store, "w", text);
  heddle_store_flush (fixture->store);
  store_test_query (fixture->store, "PRAGMA max_page_count = 100000");
  heddle_store_append_journal (fixture->store, "w", edit);
  g_assert_true (heddle_store_flush (fixture->store));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (heard->str, ==, "fails works ");
}

#define ADD(name, func) g_test_add ("/store-retention/" name, StoreFixture, NULL, store_test_set_up, func, store_test_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("runs", test_runs);
  ADD ("days", test_days);
  ADD ("bytes", test_bytes);
  ADD ("nonsense", test_nonsense);
  ADD ("space", test_space);
  ADD ("claim", test_claim);
  ADD ("claim-refuses", test_claim_refuses);
  ADD ("watch", test_watch);
  return g_test_run ();
}
