/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-error.h"
#include "store-fixture.h"
#include "store/heddle-store-activation.h"
#include "value/heddle-json.h"

static void
save (HeddleStore *store, const char *id, const char *name, const char *json)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (heddle_store_save_workflow (store, id, name, json, &error));
  g_assert_no_error (error);
}

static void
append_edit (HeddleStore *store, const char *id, gint64 number)
{
  g_autoptr (JsonNode) edits = heddle_json_int (number);

  heddle_store_append_journal (store, id, edits);
}

/* The journal as text; "null" when it is empty. */
static char *
dup_journal (HeddleStore *store, const char *id)
{
  g_autoptr (JsonNode) journal = NULL;
  g_autoptr (GError) error = NULL;
  HeddleWorkflowInfo *info = heddle_store_load_workflow (store, id, &journal, &error);

  g_assert_no_error (error);
  heddle_workflow_info_free (info);
  return heddle_json_to_text (journal, HEDDLE_JSON_COMPACT);
}

static void
assert_journal (HeddleStore *store, const char *id, const char *expected)
{
  g_autofree char *text = dup_journal (store, id);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_workflows (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;
  HeddleWorkflowInfo *info;

  save (fixture->store, "a", "First", "{\"nodes\":[{},{}]}");
  save (fixture->store, "b", "Second", "{}");
  save (fixture->store, "c", "Second", "{\"nodes\":7}\n");
  store_test_reopen (fixture);

  list = heddle_store_list_workflows (fixture->store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 3);
  info = g_ptr_array_index (list, 2);
  g_assert_cmpstr (info->id, ==, "a");
  g_assert_cmpstr (info->name, ==, "First");
  g_assert_cmpstr (info->json, ==, "{\"nodes\":[{},{}]}");
  g_assert_cmpuint (info->n_nodes, ==, 2);
  g_assert_null (info->last_run_state);

  info = heddle_store_load_workflow (fixture->store, "Second", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (info->id, ==, "c");
  g_assert_cmpstr (info->json, ==, "{\"nodes\":7}\n");
  heddle_workflow_info_free (info);

  g_assert_null (heddle_store_load_workflow (fixture->store, "nobody", NULL, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
}

static void
test_refuses_garbage (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (heddle_store_save_workflow (fixture->store, "a", "A", "{\"nodes\":", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM workflows"), ==, 0);
}

static void
test_hostile_names (StoreFixture *fixture, gconstpointer data)
{
  const char *id = "'; DROP TABLE workflows; --";

  save (fixture->store, id, "%s%n \xf0\x9f\xa6\x86 \"quoted\"", "{}");
  append_edit (fixture->store, id, 1);
  assert_journal (fixture->store, id, "[1]");
  assert_journal (fixture->store, "%s%n \xf0\x9f\xa6\x86 \"quoted\"", "[1]");
}

static void
test_versions (StoreFixture *fixture, gconstpointer data)
{
  save (fixture->store, "a", "A", "{\"v\":-1}");
  save (fixture->store, "a", "A", "{\"v\":-1}");
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM versions"), ==, 1);
  save (fixture->store, "a", "A", "{\"v\":-2}");
  save (fixture->store, "a", "A", "{\"v\":-1}");
  save (fixture->store, "b", "B", "{\"v\":-1}");
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM versions"), ==, 4);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM sources"), ==, 2);

  for (guint i = 0; i < 250; i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"v\":%u}", i);

      save (fixture->store, "a", "A", json);
    }
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM versions WHERE workflow = 'a'"), ==, 200);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM sources"), ==, 201);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM versions JOIN sources s ON s.id = source WHERE json = '{\"v\":249}'"), ==, 1);
}

static void
test_journal (StoreFixture *fixture, gconstpointer data)
{
  save (fixture->store, "a", "A", "{}");
  assert_journal (fixture->store, "a", "null");
  append_edit (fixture->store, "a", 1);
  append_edit (fixture->store, "b", 7);
  append_edit (fixture->store, "a", 2);
  assert_journal (fixture->store, "a", "[1,2]");
  store_test_reopen (fixture);
  assert_journal (fixture->store, "a", "[1,2]");
  save (fixture->store, "a", "A", "{\"v\":1}");
  append_edit (fixture->store, "a", 3);
  assert_journal (fixture->store, "a", "[3]");
}

/* Nobody asks, yet another process sees the edit within the promised 50 ms (and on a busy machine in the end). */
static void
test_journal_soon (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleDatabase) other = heddle_database_open (fixture->path, NULL);
  sqlite3_stmt *stmt = heddle_database_prepare (other, "SELECT count(*) FROM journal", NULL);
  gint64 start = g_get_monotonic_time ();
  gint n_edits = 0;

  append_edit (fixture->store, "a", 1);
  while (n_edits == 0 && g_get_monotonic_time () < start + 20 * G_USEC_PER_SEC)
    {
      g_assert_true (heddle_database_step (other, stmt, NULL));
      n_edits = sqlite3_column_int (stmt, 0);
      sqlite3_reset (stmt);
      g_usleep (1000);
    }
  g_test_message ("visible after %d ms", (int) ((g_get_monotonic_time () - start) / 1000));
  g_assert_cmpint (n_edits, ==, 1);
}

static void
test_closing_writes (StoreFixture *fixture, gconstpointer data)
{
  save (fixture->store, "a", "A", "{}");
  for (gint64 i = 0; i < 1000; i++)
    append_edit (fixture->store, "a", i);
  store_test_reopen (fixture);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM journal"), ==, 1000);
}

static void
test_delete (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  save (fixture->store, "a", "A", "{\"v\":1}");
  save (fixture->store, "b", "B", "{\"v\":2}");
  append_edit (fixture->store, "a", 1);
  g_assert_true (heddle_store_delete_workflow (fixture->store, "a", &error));
  g_assert_true (heddle_store_delete_workflow (fixture->store, "never", &error));
  g_assert_no_error (error);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM workflows"), ==, 1);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM versions"), ==, 1);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM sources"), ==, 1);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM journal"), ==, 0);
}

/* Active, it is called by others; and where it stops is nothing to find once it is gone. */
static void
test_delete_idle (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) nodes = heddle_json_parse ("[\"n1\"]", -1, NULL);
  g_autoptr (JsonNode) left = NULL;
  g_autoptr (GError) error = NULL;

  save (fixture->store, "a", "A", "{\"v\":1}");
  g_assert_true (heddle_store_set_setting (fixture->store, "breakpoints:a", nodes, NULL));
  g_assert_true (heddle_store_set_setting (fixture->store, "breakpoints:ab", nodes, NULL));
  g_assert_true (heddle_store_activate (fixture->store, "a", NULL));
  g_assert_false (heddle_store_delete_idle_workflow (fixture->store, "a", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM workflows"), ==, 1);
  g_assert_true (heddle_store_deactivate (fixture->store, "a", NULL));
  g_assert_true (heddle_store_delete_idle_workflow (fixture->store, "a", &error));
  g_assert_no_error (error);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM workflows"), ==, 0);
  g_assert_null (heddle_store_get_setting (fixture->store, "breakpoints:a"));
  left = heddle_store_get_setting (fixture->store, "breakpoints:ab");
  g_assert_nonnull (left);
}

static void
test_settings (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) value = heddle_json_parse ("{\"a\":[1,null,\"x\"]}", -1, NULL);
  g_autoptr (JsonNode) read = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (heddle_store_get_setting (fixture->store, "providers"));
  g_assert_true (heddle_store_set_setting (fixture->store, "providers", value, &error));
  store_test_reopen (fixture);
  read = heddle_store_get_setting (fixture->store, "providers");
  g_assert_true (heddle_json_equal (read, value));
  g_assert_true (heddle_store_set_setting (fixture->store, "providers", NULL, &error));
  g_assert_null (heddle_store_get_setting (fixture->store, "providers"));
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **place)
{
  while (*place == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *place;
}

static void
test_async (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) saved = NULL;
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GAsyncResult) deleted = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (JsonNode) journal = NULL;
  g_autoptr (GError) error = NULL;
  HeddleWorkflowInfo *info;

  heddle_store_save_workflow_async (fixture->store, "a", "A", "{}", NULL, result_cb, &saved);
  append_edit (fixture->store, "a", 5);
  heddle_store_load_workflow_async (fixture->store, "a", NULL, result_cb, &loaded);
  heddle_store_list_workflows_async (fixture->store, NULL, result_cb, &listed);
  heddle_store_delete_workflow_async (fixture->store, "a", NULL, result_cb, &deleted);

  g_assert_true (heddle_store_save_workflow_finish (fixture->store, wait_for (&saved), &error));
  info = heddle_store_load_workflow_finish (fixture->store, wait_for (&loaded), &journal, &error);
  g_assert_cmpstr (info->json, ==, "{}");
  g_assert_cmpuint (json_array_get_length (json_node_get_array (journal)), ==, 1);
  heddle_workflow_info_free (info);
  list = heddle_store_list_workflows_finish (fixture->store, wait_for (&listed), &error);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_true (heddle_store_delete_workflow_finish (fixture->store, wait_for (&deleted), &error));
  g_assert_no_error (error);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM workflows"), ==, 0);
}

static void
test_cancelled (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  heddle_store_list_workflows_async (fixture->store, cancellable, result_cb, &result);
  list = heddle_store_list_workflows_finish (fixture->store, wait_for (&result), &error);
  g_assert_null (list);
  g_assert_true (heddle_error_is_cancelled (error));
}

/* The store may go while answers are on their way; the last reference is then a task's, and its thread's the last work. */
static void
test_dropped (StoreFixture *fixture, gconstpointer data)
{
  GAsyncResult *results[20] = { NULL };
  gboolean is_written = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    heddle_store_save_workflow_async (fixture->store, "a", "A", "{}", NULL, result_cb, &results[i]);
  append_edit (fixture->store, "a", 1);
  g_clear_object (&fixture->store);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    g_object_unref (wait_for (&results[i]));
  fixture->store = store_test_open (fixture->path);
  for (guint i = 0; i < 3000 && !is_written; i++)
    {
      g_autofree char *journal = dup_journal (fixture->store, "a");

      is_written = g_str_equal (journal, "[1]");
      g_usleep (is_written ? 0 : 10000);
    }
  g_assert_true (is_written);
}

static void
failed_cb (HeddleStore *store, GError *error, gpointer user_data)
{
  GPtrArray *errors = user_data;

  g_ptr_array_add (errors, g_error_copy (error));
}

static void
test_disk_full (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (20000, 'x');
  g_autoptr (JsonNode) big = heddle_json_string (text);
  g_autofree char *json = g_strdup_printf ("{\"text\":\"%s\"}", text);

  save (fixture->store, "a", "A", "{}");
  save (fixture->store, "b", "B", "{}");
  g_signal_connect (fixture->store, "write-failed", G_CALLBACK (failed_cb), errors);
  store_test_query (fixture->store, "PRAGMA max_page_count = 1");
  for (guint i = 0; i < 10; i++)
    heddle_store_append_journal (fixture->store, i % 2 ? "a" : "b", big);
  g_assert_false (heddle_store_flush (fixture->store));
  g_assert_false (heddle_store_flush (fixture->store));
  while (errors->len == 0)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (errors->len, ==, 1);
  g_assert_error ((GError *) errors->pdata[0], HEDDLE_ERROR, HEDDLE_ERROR_STORE);
  g_assert_nonnull (strstr (((GError *) errors->pdata[0])->message, "no space left"));

  /* Reading goes on, and who saves is told. */
  assert_journal (fixture->store, "a", "null");
  g_assert_false (heddle_store_save_workflow (fixture->store, "a", "A", json, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE);

  /* With space again nothing is lost, and what a save covers is not written after it. */
  store_test_query (fixture->store, "PRAGMA max_page_count = 100000");
  g_clear_error (&error);
  g_assert_true (heddle_store_flush (fixture->store));
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM journal"), ==, 10);
}

/* A small save can succeed where the journal cannot: then the journal must not come after it. */
static void
test_save_covers_waiting_edits (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_strnfill (200000, 'x');
  g_autoptr (JsonNode) big = heddle_json_string (text);

  save (fixture->store, "a", "A", "{}");
  store_test_query (fixture->store, "PRAGMA max_page_count = 1");
  heddle_store_append_journal (fixture->store, "a", big);
  g_assert_false (heddle_store_flush (fixture->store));
  save (fixture->store, "a", "A", "{\"v\":1}");
  store_test_query (fixture->store, "PRAGMA max_page_count = 100000");
  g_assert_true (heddle_store_flush (fixture->store));
  assert_journal (fixture->store, "a", "null");
}

static void
test_retries (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (HeddleDatabase) other = heddle_database_open (fixture->path, NULL);
  g_autofree char *text = g_strnfill (20000, 'x');
  g_autoptr (JsonNode) big = heddle_json_string (text);
  sqlite3_stmt *stmt = heddle_database_prepare (other, "SELECT count(*) FROM journal", NULL);
  gint n_edits = 0;

  store_test_query (fixture->store, "PRAGMA max_page_count = 1");
  heddle_store_append_journal (fixture->store, "a", big);
  g_assert_false (heddle_store_flush (fixture->store));
  store_test_query (fixture->store, "PRAGMA max_page_count = 100000");
  /* Nobody asks the store for anything from here. */
  for (guint i = 0; i < 3000 && n_edits == 0; i++)
    {
      g_usleep (10000);
      g_assert_true (heddle_database_step (other, stmt, NULL));
      n_edits = sqlite3_column_int (stmt, 0);
      sqlite3_reset (stmt);
    }
  g_assert_cmpint (n_edits, ==, 1);
}

static gpointer
write_thread (gpointer data)
{
  g_autoptr (HeddleStore) store = store_test_open (data);

  for (gint64 i = 0; i < 100; i++)
    {
      append_edit (store, "a", i);
      if (i % 10 == 0)
        save (store, "b", "B", i % 20 ? "{\"v\":1}" : "{\"v\":2}");
    }
  g_assert_true (heddle_store_flush (store));
  return NULL;
}

/* Each store has its own connection, as another process would. */
static void
test_two_at_once (StoreFixture *fixture, gconstpointer data)
{
  GThread *threads[3];

  save (fixture->store, "a", "A", "{}");
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("writer", write_thread, fixture->path);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM journal WHERE workflow = 'a'"), ==, 300);
  g_assert_cmpint (store_test_query (fixture->store, "SELECT count(*) FROM pragma_quick_check WHERE quick_check <> 'ok'"), ==, 0);
}

static void
test_open_error (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleStore) store = heddle_store_new ("/dev/null/nowhere/x.db", &error);

  g_assert_null (store);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE);
}

#define ADD(name, func) g_test_add ("/store/" name, StoreFixture, NULL, store_test_set_up, func, store_test_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("workflows", test_workflows);
  ADD ("refuses-garbage", test_refuses_garbage);
  ADD ("hostile-names", test_hostile_names);
  ADD ("versions", test_versions);
  ADD ("journal", test_journal);
  ADD ("journal-soon", test_journal_soon);
  ADD ("closing-writes", test_closing_writes);
  ADD ("delete", test_delete);
  ADD ("delete-idle", test_delete_idle);
  ADD ("settings", test_settings);
  ADD ("async", test_async);
  ADD ("cancelled", test_cancelled);
  ADD ("dropped", test_dropped);
  ADD ("disk-full", test_disk_full);
  ADD ("save-covers-waiting-edits", test_save_covers_waiting_edits);
  ADD ("retries", test_retries);
  ADD ("two-at-once", test_two_at_once);
  g_test_add_func ("/store/open-error", test_open_error);
  return g_test_run ();
}
