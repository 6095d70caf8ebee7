/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "graph/heddle-document.h"
#include "heddle-error.h"
#include "store/heddle-store-editing.h"
#include "store/heddle-store-versions.h"
#include "test-document.h"
#include "store-fixture.h"
#include "value/heddle-json.h"

/* Undo over saves and restarts, and versions. */

static gpointer
exec_func (HeddleStoreThread *thread, gpointer data, GError **error)
{
  return GINT_TO_POINTER (heddle_database_exec (heddle_store_thread_get_database (thread), data, error));
}

static void
exec (StoreFixture *f, const char *sql)
{
  g_autoptr (GError) error = NULL;

  heddle_store_thread_call (f->store->thread, exec_func, (gpointer) sql, &error);
  g_assert_no_error (error);
}

static void
save_text (StoreFixture *f, const char *json)
{
  g_autoptr (GError) error = NULL;

  heddle_store_save_workflow (f->store, "w", "n", json, &error);
  g_assert_no_error (error);
}

static void
save (StoreFixture *f, HeddleDocument *document)
{
  g_autofree char *json = heddle_test_save (document);

  save_text (f, json);
}

static void
append_cb (HeddleDocument *document, HeddleChange *change, StoreFixture *f)
{
  if (change->edits != NULL)
    heddle_store_append_journal (f->store, "w", change->edits);
}

/* As the window opens it. */
static HeddleDocument *
open_document (StoreFixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleOpenWorkflow) open = heddle_store_open_workflow (f->store, "w", FALSE, &error);
  g_autoptr (HeddleGraph) graph = NULL;
  HeddleDocument *document;

  g_assert_no_error (error);
  g_assert_false (open->is_elsewhere);
  graph = heddle_graph_new_from_json (open->info->json, -1, &error);
  g_assert_no_error (error);
  document = heddle_document_new (graph);
  if (open->history != NULL)
    heddle_document_load_history (document, open->history);
  if (open->journal != NULL)
    heddle_document_replay (document, open->journal, &error);
  g_assert_no_error (error);
  g_signal_connect (document, "changed", G_CALLBACK (append_cb), f);
  return document;
}

static HeddleDocument *
restart (StoreFixture *f, HeddleDocument *document)
{
  g_object_unref (document);
  store_test_reopen (f);
  return open_document (f);
}

static HeddleDocument *
begin (StoreFixture *f)
{
  g_autoptr (HeddleDocument) document = heddle_test_new_branching ();

  save (f, document);
  return open_document (f);
}

static void
add_note (HeddleDocument *document, int number)
{
  g_autofree char *text = g_strdup_printf ("note %d", number);

  heddle_document_add_annotation (document, HEDDLE_ANNOTATION_NOTE, text, number, 0, 100, 100);
}

static void
assert_text (HeddleDocument *document, const char *expected)
{
  g_autofree char *text = heddle_test_save (document);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_undo_after_restart (StoreFixture *f, gconstpointer data)
{
  g_autoptr (HeddleDocument) document = begin (f);
  g_autofree char *first = heddle_test_save (document);
  g_autofree char *last = NULL;
  GArray *steps;

  for (int i = 0; i < 30; i++)
    {
      add_note (document, i);
      heddle_document_set_position (document, "yes", i, i);
      if (i % 4 == 0)
        heddle_document_undo (document);
      if (i % 8 == 0)
        heddle_document_redo (document);
      if (i % 5 == 0)
        save (f, document);
      if (i % 7 == 0)
        document = restart (f, document);
    }
  last = heddle_test_save (document);
  document = restart (f, document);
  assert_text (document, last);
  steps = heddle_document_list_steps (document);
  g_assert_cmpuint (heddle_document_get_n_done (document), ==, steps->len);
  g_assert_cmpuint (steps->len, >, 50);
  for (guint i = 1; i < steps->len; i++)
    g_assert_cmpint (g_array_index (steps, HeddleStepInfo, i - 1).time, <=, g_array_index (steps, HeddleStepInfo, i).time);
  g_assert_cmpint (g_array_index (steps, HeddleStepInfo, 0).time, >, 0);
  g_array_unref (steps);

  heddle_document_go_to_step (document, 0);
  assert_text (document, first);
  save (f, document);
  document = restart (f, document);
  g_assert_cmpuint (heddle_document_get_n_done (document), ==, 0);
  heddle_document_go_to_step (document, G_MAXUINT);
  assert_text (document, last);
  g_assert_false (heddle_document_redo (document));
}

static void
test_typing_is_one_step (StoreFixture *f, gconstpointer data)
{
  g_autoptr (HeddleDocument) document = begin (f);
  g_autofree char *first = heddle_test_save (document);

  for (int i = 0; i < 20; i++)
    {
      g_autofree char *text = g_strnfill (i + 1, 'x');

      heddle_test_set_text (document, "yes", "text", text);
      if (i == 10)
        save (f, document);
    }
  save (f, document);
  document = restart (f, document);
  g_assert_cmpuint (heddle_document_get_n_done (document), ==, 1);
  heddle_document_undo (document);
  assert_text (document, first);
}

static void
test_bounded (StoreFixture *f, gconstpointer data)
{
  g_autoptr (HeddleDocument) document = begin (f);
  g_autofree char *long_text = g_strnfill (6 * 1024 * 1024, 'x');

  for (int i = 0; i < 1100; i++)
    heddle_document_set_position (document, "yes", i, i);
  save (f, document);
  heddle_document_go_to_step (document, 400);
  save (f, document);
  g_assert_cmpint (store_test_query (f->store, "SELECT count(*) FROM history WHERE undone = 0"), ==, 400);
  g_assert_cmpint (store_test_query (f->store, "SELECT count(*) FROM history WHERE undone = 1"), ==, 600);
  heddle_document_go_to_step (document, 1000);
  save (f, document);
  document = restart (f, document);
  g_assert_cmpuint (heddle_document_get_n_done (document), ==, 1000);

  for (int i = 0; i < 4; i++)
    heddle_document_add_annotation (document, HEDDLE_ANNOTATION_NOTE, long_text, i, 0, 100, 100);
  save (f, document);
  g_assert_cmpint (store_test_query (f->store, "SELECT count(*) FROM history"), ==, 2);
  document = restart (f, document);
  g_assert_cmpuint (heddle_document_get_n_done (document), ==, 2);
  g_assert_true (heddle_document_undo (document));
  g_assert_true (heddle_document_undo (document));
  g_assert_false (heddle_document_undo (document));
  /* What is older than what is kept can still be undone while it is open, and redone later. */
  save (f, document);
  document = restart (f, document);
  g_assert_true (heddle_document_redo (document));
}

static void
test_import_begins_anew (StoreFixture *f, gconstpointer data)
{
  g_autoptr (HeddleDocument) document = begin (f);
  g_autoptr (HeddleDocument) other = heddle_test_new_branching ();

  add_note (document, 1);
  save (f, document);
  add_note (document, 2);
  save (f, document);
  g_assert_cmpint (store_test_query (f->store, "SELECT count(*) FROM history"), ==, 2);
  heddle_document_set_name (other, "Imported");
  save (f, other);
  document = restart (f, document);
  g_assert_cmpuint (heddle_document_get_n_done (document), ==, 0);
  g_assert_cmpstr (heddle_graph_get_name (heddle_document_get_graph (document)), ==, "Imported");
}

static void
lost_cb (HeddleDocument *document, const char *message, guint *n_lost)
{
  g_assert_nonnull (strstr (message, "undone"));
  *n_lost += 1;
}

static void
test_damaged (StoreFixture *f, gconstpointer data)
{
  static const char *const damages[] = { "x", "", "null", "[]", "{\"op\":\"edit\"}", "{\"op\":\"edit\",\"edits\":[7]}" };

  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr (HeddleDocument) document = begin (f);
      g_autofree char *sql = g_strdup_printf ("UPDATE history SET entry = '%s' WHERE position = (SELECT min (position) + 4 FROM history)", damages[i]);
      g_autofree char *text = NULL;

      for (int j = 0; j < 10; j++)
        add_note (document, j);
      save (f, document);
      text = heddle_test_save (document);
      exec (f, sql);
      document = restart (f, document);
      assert_text (document, text);
      g_assert_cmpuint (heddle_document_get_n_done (document), ==, 5);
      heddle_document_go_to_step (document, 0);
      g_assert_cmpuint (heddle_graph_get_n_annotations (heddle_document_get_graph (document)), ==, 5);
      heddle_document_go_to_step (document, 5);
      assert_text (document, text);
      exec (f, "DELETE FROM workflows; DELETE FROM journal");
    }
}

/* An entry that can be read but is not what happened. */
static void
test_does_not_fit (StoreFixture *f, gconstpointer data)
{
  g_autoptr (HeddleDocument) document = begin (f);
  g_autofree char *text = NULL;
  guint n_lost = 0;

  for (int i = 0; i < 6; i++)
    add_note (document, i);
  heddle_document_undo (document);
  save (f, document);
  text = heddle_test_save (document);
  exec (f, "UPDATE history SET entry = replace (entry, 'note 4', 'other') WHERE undone = 0");
  document = restart (f, document);
  g_signal_connect (document, "history-lost", G_CALLBACK (lost_cb), &n_lost);
  g_assert_cmpuint (heddle_document_get_n_done (document), ==, 5);
  g_assert_false (heddle_document_undo (document));
  g_assert_cmpuint (n_lost, ==, 1);
  assert_text (document, text);
  g_assert_cmpuint (heddle_document_get_n_done (document), ==, 0);
  /* The other way is as good as it was, now and later. */
  document = restart (f, document);
  g_assert_cmpuint (heddle_document_get_n_done (document), ==, 0);
  g_assert_true (heddle_document_redo (document));
  save (f, document);
  document = restart (f, document);
  g_assert_cmpuint (heddle_document_get_n_done (document), ==, 1);
  g_assert_true (heddle_document_undo (document));
  assert_text (document, text);
}

static void
test_damaged_journal_opens (StoreFixture *f, gconstpointer data)
{
  g_autoptr (HeddleDocument) document = begin (f);
  g_autoptr (HeddleOpenWorkflow) open = NULL;
  g_autoptr (GError) error = NULL;

  add_note (document, 1);
  g_assert_true (heddle_store_flush (f->store));
  exec (f, "UPDATE journal SET edits = '{\"op'");
  open = heddle_store_open_workflow (f->store, "w", FALSE, &error);
  g_assert_no_error (error);
  g_assert_false (heddle_document_replay (document, open->journal, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  /* The next save folds what is there: nothing of it can be trusted. */
  save (f, document);
  g_assert_cmpint (store_test_query (f->store, "SELECT count(*) FROM history"), ==, 0);
}

/* On a full disk the workflow goes before its history. */
static void
test_disk_full (StoreFixture *f, gconstpointer data)
{
  g_autoptr (HeddleDocument) document = begin (f);
  g_autofree char *big = g_strnfill (300000, 'x');
  g_autofree char *sql = NULL;
  g_autofree char *text = NULL;

  add_note (document, 1);
  save (f, document);
  sql = g_strdup_printf ("PRAGMA max_page_count = %d", (int) store_test_query (f->store, "PRAGMA page_count") + 4);
  exec (f, sql);
  heddle_document_add_annotation (document, HEDDLE_ANNOTATION_NOTE, big, 0, 0, 1, 1);
  g_assert_false (heddle_store_flush (f->store));
  heddle_document_undo (document);
  heddle_document_set_title (document, "yes", "Saved");
  save (f, document);
  text = heddle_test_save (document);
  exec (f, "PRAGMA max_page_count = 100000");
  document = restart (f, document);
  assert_text (document, text);
}

static void
test_one_editor (StoreFixture *f, gconstpointer data)
{
  g_autoptr (HeddleDocument) document = begin (f);
  g_autoptr (GError) error = NULL;
  StoreFixture other = { .path = f->path };
  g_autoptr (HeddleOpenWorkflow) open = NULL;
  g_autofree char *text = NULL;

  add_note (document, 1);
  save (f, document);
  text = heddle_test_save (document);
  other.store = store_test_open (other.path);
  open = heddle_store_open_workflow (other.store, "n", FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (open->is_elsewhere);
  g_assert_false (heddle_store_save_workflow (other.store, "w", "n", "{}", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_BUSY);
  g_clear_error (&error);
  append_cb (document, &(HeddleChange){ .edits = open->history }, &other);
  g_assert_true (heddle_store_flush (other.store));
  g_assert_cmpint (store_test_query (f->store, "SELECT count(*) FROM journal"), ==, 0);

  /* Taken over, it is the other way round. */
  g_clear_pointer (&open, heddle_open_workflow_free);
  open = heddle_store_open_workflow (other.store, "w", TRUE, &error);
  g_assert_no_error (error);
  g_assert_false (open->is_elsewhere);
  g_assert_cmpstr (open->info->json, ==, text);
  g_assert_false (heddle_store_save_workflow (f->store, "w", "n", "{}", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_BUSY);
  g_clear_error (&error);

  /* Closed, it is anybody's; and what a program had is free when that is gone. */
  heddle_store_close_workflow (other.store, "w");
  g_assert_true (heddle_store_flush (other.store));
  save (f, document);
  heddle_open_workflow_free (heddle_store_open_workflow (other.store, "w", FALSE, NULL));
  g_assert_finalize_object (other.store);
  save (f, document);
}

static GPtrArray *
list_versions (StoreFixture *f)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *list = heddle_store_list_versions (f->store, "w", &error);

  g_assert_no_error (error);
  return list;
}

static void
test_versions (StoreFixture *f, gconstpointer data)
{
  g_autoptr (HeddleDocument) document = begin (f);
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;
  HeddleVersionInfo *info;
  g_autofree char *first = heddle_test_save (document);

  heddle_document_set_title (document, "yes", "T");
  save (f, document);
  heddle_document_undo (document);
  save (f, document);
  list = list_versions (f);
  g_assert_cmpuint (list->len, ==, 3);
  info = g_ptr_array_index (list, 0);
  g_assert_nonnull (strstr (info->label, "Undone"));
  g_assert_null (info->name);
  g_assert_null (info->json);
  info = g_ptr_array_index (list, 2);
  g_assert_null (info->label);

  g_assert_true (heddle_store_name_version (f->store, "w", info->id, "Before the demo", &error));
  g_assert_false (heddle_store_name_version (f->store, "other", info->id, "x", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  info = heddle_store_load_version (f->store, "w", info->id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (info->name, ==, "Before the demo");
  g_assert_cmpstr (info->json, ==, first);
  g_assert_true (heddle_store_name_version (f->store, "w", info->id, "", &error));
  heddle_version_info_free (info);
  g_assert_null (heddle_store_load_version (f->store, "w", 9999, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  g_assert_cmpint (store_test_query (f->store, "SELECT count(*) FROM versions WHERE name IS NOT NULL"), ==, 0);
}

/* One version each two minutes, for 40 days, then one an hour for two years: as if they had been saved then. */
static void
test_thinning (StoreFixture *f, gconstpointer data)
{
  const char *age = "(CAST (strftime ('%s') AS INTEGER) * 1000000 - saved)";
  g_autofree char *hour = g_strdup_printf ("SELECT count(*) FROM versions WHERE %s < 3590000000", age);
  g_autofree char *day = g_strdup_printf ("SELECT count(*) FROM versions WHERE %s BETWEEN 3610000000 AND 86390000000", age);
  g_autofree char *month = g_strdup_printf ("SELECT count(*) FROM versions WHERE %s BETWEEN 86410000000 AND 2591000000000", age);
  g_autofree char *older = g_strdup_printf ("SELECT count(*) FROM versions WHERE %s > 2593000000000", age);
  gint64 left;

  save_text (f, "{}");
  exec (f, "DELETE FROM versions");
  exec (f, "WITH RECURSIVE n (i) AS (SELECT 17520 UNION ALL SELECT i - 1 FROM n WHERE i > 960) "
           "INSERT INTO versions (workflow, source, saved, bytes) SELECT 'w', 1, CAST (strftime ('%s') AS INTEGER) * 1000000 - i * 3600000000, 2 FROM n");
  exec (f, "WITH RECURSIVE n (i) AS (SELECT 28800 UNION ALL SELECT i - 1 FROM n WHERE i > 1) "
           "INSERT INTO versions (workflow, source, saved, bytes, name) SELECT 'w', 1, CAST (strftime ('%s') AS INTEGER) * 1000000 - i * 120000000, 2, "
           "iif (i = 20001, 'Kept', NULL) FROM n");
  save_text (f, "{\"v\":1}");
  g_assert_cmpint (store_test_query (f->store, hour), ==, 30);
  g_assert_cmpint (store_test_query (f->store, day), >=, 23);
  g_assert_cmpint (store_test_query (f->store, day), <=, 25);
  g_assert_cmpint (store_test_query (f->store, month), >=, 29);
  g_assert_cmpint (store_test_query (f->store, month), <=, 31);
  g_assert_cmpint (store_test_query (f->store, older), >=, 48 + 12);
  g_assert_cmpint (store_test_query (f->store, older), <=, 51 + 15);
  g_assert_cmpint (store_test_query (f->store, "SELECT count(*) FROM versions WHERE name = 'Kept'"), ==, 1);

  /* Saving again takes nothing more away, nor does anything that is not of this workflow. */
  left = store_test_query (f->store, "SELECT count(*) FROM versions");
  save_text (f, "{\"v\":2}");
  g_assert_cmpint (store_test_query (f->store, "SELECT count(*) FROM versions"), ==, left + 1);

  exec (f, "UPDATE versions SET bytes = 200000000 WHERE name IS NULL");
  save_text (f, "{\"v\":3}");
  g_assert_cmpint (store_test_query (f->store, "SELECT count(*) FROM versions WHERE name IS NULL"), ==, 2);
  g_assert_cmpint (store_test_query (f->store, "SELECT count(*) FROM versions WHERE name = 'Kept'"), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add ("/store-history/" name, StoreFixture, NULL, store_test_set_up, func, store_test_tear_down)
  ADD ("undo-after-restart", test_undo_after_restart);
  ADD ("typing-is-one-step", test_typing_is_one_step);
  ADD ("bounded", test_bounded);
  ADD ("import-begins-anew", test_import_begins_anew);
  ADD ("damaged", test_damaged);
  ADD ("does-not-fit", test_does_not_fit);
  ADD ("damaged-journal-opens", test_damaged_journal_opens);
  ADD ("disk-full", test_disk_full);
  ADD ("one-editor", test_one_editor);
  ADD ("versions", test_versions);
  ADD ("thinning", test_thinning);
  return g_test_run ();
}
