/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The corner cases that take a database: what another process, or the same one later, makes of a run. */
#include "heddle-error.h"
#include "heddle-harness.h"
#include "run/heddle-run-again.h"
#include "store/heddle-store-claims.h"
#include "store/heddle-store-private.h"
#include "test-database.h"
#include "value/heddle-json.h"

#include <string.h>

#define HEAD "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w\",\"name\":\"Corner\",\"nodes\":["

/* A pause, and then a text. */
#define PAUSED(text)                                                                                                                        \
  HEAD "{\"id\":\"pause\",\"type\":\"wait\",\"params\":{\"seconds\":0.2}},{\"id\":\"t\",\"type\":\"template\",\"params\":{\"text\":\"" text \
       "\"}},{\"id\":\"out\",\"type\":\"output\"}],\"edges\":[{\"from\":\"pause\",\"to\":\"t\"},{\"from\":\"t\",\"to\":\"out\"}]}"

/* Four items one after the other, of which the third fails where condition holds. */
#define MAP(condition)                                                                                                                    \
  HEAD "{\"id\":\"m\",\"type\":\"map\",\"params\":{\"items\":\"[1,2,3,4]\",\"concurrency\":1}},"                                          \
       "{\"id\":\"t\",\"type\":\"template\",\"parent\":\"m\",\"params\":{\"text\":\"{{ " condition " ? JSON.parse('x') : $m.item }}\"}}," \
       "{\"id\":\"out\",\"type\":\"output\"}],\"edges\":[{\"from\":\"m.item\",\"to\":\"t\"},{\"from\":\"t\",\"to\":\"m.result\"},"        \
       "{\"from\":\"m\",\"to\":\"out\"}]}"

/* One process: its store and engine. */
typedef struct
{
  HeddleStore *store;
  HeddleEngine *engine;
} Process;

typedef struct
{
  char *path;
  Process process;
} Fixture;

static void
process_start (Process *self, const char *path)
{
  HeddleEngineServices services = { .retry_base_ms = 1 };
  g_autoptr (GError) error = NULL;

  self->store = heddle_store_new (path, &error);
  g_assert_no_error (error);
  services.store = self->store;
  self->engine = heddle_engine_new (&services);
}

static void
process_end (Process *self)
{
  heddle_engine_shutdown (self->engine);
  g_clear_object (&self->engine);
  g_clear_object (&self->store);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->path = heddle_test_new_database_path ();
  process_start (&fixture->process, fixture->path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  process_end (&fixture->process);
  heddle_test_remove_database (fixture->path);
}

static HeddlePlan *
compile (const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, &error);
  HeddlePlan *plan = graph != NULL ? heddle_plan_compile (graph, NULL, &error) : NULL;

  g_assert_no_error (error);
  return plan;
}

static HeddleRun *
start (Process *process, const char *json)
{
  g_autoptr (HeddlePlan) plan = compile (json);

  return heddle_engine_start (process->engine, plan, NULL, NULL);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static HeddleRun *
resume (Process *process, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  heddle_engine_resume_async (process->engine, id, NULL, NULL, answered_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return heddle_engine_resume_finish (process->engine, result, error);
}

static HeddleHarnessResult *
run_again (Process *process, const char *id, const char *json)
{
  g_autoptr (HeddlePlan) plan = compile (json);
  HeddleRunAgain again = { .run = id, .plan = plan };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (HeddleRun) run = NULL;
  g_autoptr (GError) error = NULL;

  heddle_engine_run_again_async (process->engine, &again, NULL, answered_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  run = heddle_engine_run_again_finish (process->engine, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (heddle_run_get_id (run), !=, id);
  return heddle_harness_wait (run);
}

static guint
count_taken_over (const HeddleHarnessResult *result, const char *node)
{
  guint count = 0;

  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      count += event->kind == HEDDLE_EVENT_NODE_FINISHED && g_strcmp0 (event->node, node) == 0 && heddle_json_member (event->data, "source") != NULL;
    }
  return count;
}

/* Of a map that failed only what had not finished runs again: the two items before the one that fails are taken over. */
static void
test_map_resumes_rest (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleRun) first = start (&fixture->process, MAP ("$m.item == 3"));
  g_autoptr (HeddleHarnessResult) failed = heddle_harness_wait (first);
  g_autoptr (HeddleHarnessResult) result = NULL;

  g_assert_cmpint (failed->state, ==, HEDDLE_RUN_FAILED);
  g_assert_nonnull (strstr (failed->error->message, "Item 3 of 4"));
  result = run_again (&fixture->process, heddle_run_get_id (first), MAP ("$m.item == 3"));
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_FAILED);
  g_assert_cmpuint (count_taken_over (result, "t"), ==, 2);
  g_assert_cmpuint (heddle_harness_count (result, HEDDLE_EVENT_NODE_FINISHED, "t"), ==, 2);
}

/* An interrupted run goes on as the workflow was then; with it as it is now, there is a new one. */
static void
test_edited_while_interrupted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleRun) first = start (&fixture->process, PAUSED ("old"));
  g_autofree char *id = g_strdup (heddle_run_get_id (first));
  g_autoptr (HeddleRun) resumed = NULL;
  g_autoptr (HeddleHarnessResult) forked = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GError) error = NULL;

  heddle_harness_wait_for (first, HEDDLE_EVENT_NODE_STARTED);
  process_end (&fixture->process);
  process_start (&fixture->process, fixture->path);
  g_assert_true (heddle_store_save_workflow (fixture->process.store, "w", "Corner", PAUSED ("new"), NULL));
  forked = run_again (&fixture->process, id, PAUSED ("new"));
  heddle_harness_assert_json (forked->output, "\"new\"");
  resumed = resume (&fixture->process, id, &error);
  g_assert_no_error (error);
  result = heddle_harness_wait (resumed);
  heddle_harness_assert_json (result->output, "\"old\"");
}

/* The second sees the run and cannot take it, until the first is gone. */
static void
test_two_instances (Fixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleRun) first = start (&fixture->process, PAUSED ("once"));
  g_autofree char *id = g_strdup (heddle_run_get_id (first));
  g_autoptr (HeddleRun) resumed = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GError) error = NULL;
  HeddleRunInfo *info = NULL;
  Process second;

  heddle_harness_wait_for (first, HEDDLE_EVENT_NODE_STARTED);
  g_assert_true (heddle_store_flush (fixture->process.store));
  process_start (&second, fixture->path);
  g_ptr_array_unref (heddle_store_load_run (second.store, id, &info, NULL, &error));
  g_assert_cmpint (info->state, ==, HEDDLE_RUN_RUNNING);
  heddle_run_info_free (info);
  g_assert_null (resume (&second, id, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_BUSY);
  g_clear_error (&error);
  process_end (&fixture->process);
  resumed = resume (&second, id, &error);
  g_assert_no_error (error);
  result = heddle_harness_wait (resumed);
  heddle_harness_assert_json (result->output, "\"once\"");
  process_end (&second);
  process_start (&fixture->process, fixture->path);
}

static gpointer
limit_pages_func (HeddleStoreThread *thread, gpointer data, GError **error)
{
  return GINT_TO_POINTER (heddle_database_exec (heddle_store_thread_get_database (thread), data, error));
}

static void
limit_pages (Process *process, const char *sql)
{
  g_autoptr (GError) error = NULL;

  heddle_store_thread_call (process->store->thread, limit_pages_func, (gpointer) sql, &error);
  g_assert_no_error (error);
}

/* Nothing more is started while the log cannot be written, and nothing is lost. */
static void
test_disk_full (Fixture *fixture, gconstpointer data)
{
  static const char large[] = HEAD "{\"id\":\"t\",\"type\":\"template\",\"params\":{\"text\":\"{{ 'x'.repeat(200000) }}\"}},{\"id\":\"pause\",\"type\":\"wait\",\"params\":{\"seconds\":0.2}},"
                                   "{\"id\":\"after\",\"type\":\"template\",\"params\":{\"text\":\"done\"}}],\"edges\":[{\"from\":\"t\",\"to\":\"pause\"},{\"from\":\"pause\",\"to\":\"after\"}]}";
  g_autoptr (HeddleRun) handle = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GPtrArray) events = NULL;

  limit_pages (&fixture->process, "PRAGMA max_page_count = 1");
  handle = start (&fixture->process, large);
  heddle_harness_wait_for (handle, HEDDLE_EVENT_RUN_PAUSED);
  g_usleep (300 * 1000);
  g_assert_cmpint (heddle_run_get_state (handle), ==, HEDDLE_RUN_RUNNING);
  limit_pages (&fixture->process, "PRAGMA max_page_count = 1000000");
  result = heddle_harness_wait (handle);
  g_assert_cmpint (result->state, ==, HEDDLE_RUN_OK);
  events = heddle_store_load_run (fixture->process.store, heddle_run_get_id (handle), NULL, NULL, NULL);
  g_assert_cmpuint (((HeddleEvent *) events->pdata[events->len - 1])->kind, ==, HEDDLE_EVENT_RUN_FINISHED);
}

#define ADD(name, func) g_test_add ("/corner-cases/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("error-inside-map-then-only-the-rest", test_map_resumes_rest);
  ADD ("workflow-edited-while-interrupted", test_edited_while_interrupted);
  ADD ("two-instances-on-one-database", test_two_instances);
  ADD ("disk-full-while-logging", test_disk_full);
  return g_test_run ();
}
