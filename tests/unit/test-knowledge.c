/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heddle-error.h"
#include "knowledge/heddle-knowledge-help.h"
#include "knowledge/heddle-knowledge-private.h"
#include "provider/heddle-demo.h"
#include "store/heddle-database.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

#define BASE "Manuals"

typedef struct
{
  char *dir;
  char *database;
  HeddleModels *models;
  HeddleHttp *http;
  HeddleKnowledge *knowledge;
  GAsyncResult *result; /* of the last call */
  guint n_changed;
  guint n_progress;
} Fixture;

static void
changed_cb (HeddleKnowledge *knowledge, Fixture *fixture)
{
  fixture->n_changed++;
}

static void
open_knowledge (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->knowledge = heddle_knowledge_new (fixture->database, fixture->models, &error);
  g_assert_no_error (error);
  heddle_knowledge_set_network (fixture->knowledge, g_main_context_default (), fixture->http);
  g_signal_connect (fixture->knowledge, "changed", G_CALLBACK (changed_cb), fixture);
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  fixture->dir = g_dir_make_tmp ("heddle-XXXXXX", NULL);
  fixture->database = g_build_filename (fixture->dir, ".heddle.db", NULL);
  fixture->models = heddle_models_new (NULL, NULL);
  fixture->http = heddle_http_new ();
  open_knowledge (fixture);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_tree (child);
      else
        g_remove (child);
    }
  g_rmdir (path);
}

/* Work that just ended may still be letting go of its reference. */
static void
close_knowledge (Fixture *fixture)
{
  g_clear_object (&fixture->result);
  g_signal_handlers_disconnect_by_data (fixture->knowledge, fixture);
  g_object_add_weak_pointer (G_OBJECT (fixture->knowledge), (gpointer *) &fixture->knowledge);
  g_object_unref (fixture->knowledge);
  for (guint i = 0; i < 5000 && g_atomic_pointer_get (&fixture->knowledge) != NULL; i++)
    {
      while (g_main_context_iteration (NULL, FALSE))
        continue;
      g_usleep (1000);
    }
  g_assert_null (fixture->knowledge);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  close_knowledge (fixture);
  heddle_http_unref (fixture->http);
  g_object_unref (fixture->models);
  remove_tree (fixture->dir);
  g_free (fixture->database);
  g_free (fixture->dir);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Fixture *) user_data)->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Fixture *fixture)
{
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return fixture->result;
}

static void
set_base (Fixture *fixture, const char *model, int expected_code)
{
  g_autoptr (GError) error = NULL;
  gboolean ok;

  g_clear_object (&fixture->result);
  heddle_knowledge_set_base_async (fixture->knowledge, BASE, NULL, model, NULL, done_cb, fixture);
  ok = heddle_knowledge_set_base_finish (fixture->knowledge, wait_for (fixture), &error);
  if (expected_code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, HEDDLE_ERROR, expected_code);
  g_assert_true (ok == (expected_code < 0));
}

static gint64
add_text (Fixture *fixture, const char *title, const char *mime, const char *text, guint *n_chunks, GError **error)
{
  g_clear_object (&fixture->result);
  heddle_knowledge_add_text_async (fixture->knowledge, BASE, title, NULL, mime, text, NULL, done_cb, fixture);
  return heddle_knowledge_add_text_finish (fixture->knowledge, wait_for (fixture), n_chunks, error);
}

static gint64
add_plain (Fixture *fixture, const char *title, const char *text)
{
  g_autoptr (GError) error = NULL;
  gint64 id = add_text (fixture, title, "text/plain", text, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

static GPtrArray *
search_full (Fixture *fixture, const char *query, HeddleSearchMode mode, guint limit, GError **error)
{
  g_clear_object (&fixture->result);
  heddle_knowledge_search_async (fixture->knowledge, BASE, query, mode, limit, NULL, done_cb, fixture);
  return heddle_knowledge_search_finish (fixture->knowledge, wait_for (fixture), error);
}

static GPtrArray *
search (Fixture *fixture, const char *query, HeddleSearchMode mode)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *passages = search_full (fixture, query, mode, 10, &error);

  g_assert_no_error (error);
  return passages;
}

static void
assert_found (Fixture *fixture, const char *query, HeddleSearchMode mode, const char *title)
{
  g_autoptr (GPtrArray) passages = search (fixture, query, mode);

  g_assert_cmpuint (passages->len, >=, 1);
  g_assert_cmpstr (((HeddlePassage *) passages->pdata[0])->title, ==, title);
}

static void
assert_not_found (Fixture *fixture, const char *query)
{
  g_autoptr (GPtrArray) passages = search (fixture, query, HEDDLE_SEARCH_KEYWORDS);

  g_assert_cmpuint (passages->len, ==, 0);
}

static HeddleKnowledgeInfo *
get_info (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = NULL;

  g_clear_object (&fixture->result);
  heddle_knowledge_list_async (fixture->knowledge, NULL, done_cb, fixture);
  infos = heddle_knowledge_list_finish (fixture->knowledge, wait_for (fixture), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (infos->len, ==, 1);
  return g_ptr_array_steal_index (infos, 0);
}

static GPtrArray *
list_documents (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *documents;

  g_clear_object (&fixture->result);
  heddle_knowledge_list_documents_async (fixture->knowledge, BASE, NULL, done_cb, fixture);
  documents = heddle_knowledge_list_documents_finish (fixture->knowledge, wait_for (fixture), &error);
  g_assert_no_error (error);
  return documents;
}

static void
progress_cb (const char *what, guint done, guint total, gpointer user_data)
{
  g_assert_cmpuint (done, <=, total);
  ((Fixture *) user_data)->n_progress++;
}

static HeddleIngestResult *
add_paths (Fixture *fixture, const char *const *paths, GCancellable *cancellable, GError **error)
{
  g_clear_object (&fixture->result);
  heddle_knowledge_add_files_async (fixture->knowledge, BASE, paths, progress_cb, fixture, cancellable, done_cb, fixture);
  return heddle_knowledge_add_files_finish (fixture->knowledge, wait_for (fixture), error);
}

static void
assert_ingested (Fixture *fixture, const char *path, guint n_added, guint n_unchanged, guint n_failed, guint n_skipped)
{
  const char *const paths[] = { path, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleIngestResult) result = add_paths (fixture, paths, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (result->n_added, ==, n_added);
  g_assert_cmpuint (result->n_unchanged, ==, n_unchanged);
  g_assert_cmpuint (result->n_failed, ==, n_failed);
  g_assert_cmpuint (result->n_skipped, ==, n_skipped);
  g_assert_true ((result->first_error != NULL) == (n_failed > 0));
  g_assert_true ((result->first_skipped != NULL) == (n_skipped > 0));
}

static void
write_file (Fixture *fixture, const char *name, const char *data, gssize length)
{
  g_autofree char *path = g_build_filename (fixture->dir, name, NULL);
  g_autofree char *dir = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, data, length, NULL));
}

static void
check_words (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleDatabase) database = heddle_database_open (fixture->database, &error);

  g_assert_no_error (error);
  heddle_database_exec (database, "INSERT INTO knowledge_words (knowledge_words, rank) VALUES ('integrity-check', 1)", &error);
  g_assert_no_error (error);
}

static void
test_bases (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  HeddleKnowledgeInfo *info;

  set_base (fixture, NULL, -1);
  add_plain (fixture, "Loom", "The heddle lifts the warp.");
  info = get_info (fixture);
  g_assert_cmpstr (info->name, ==, BASE);
  g_assert_null (info->embedding_model);
  g_assert_cmpuint (info->n_documents, ==, 1);
  g_assert_cmpuint (info->n_chunks, ==, 1);
  g_assert_cmpuint (info->n_vectors, ==, 0);
  g_assert_cmpint (info->bytes, ==, strlen ("The heddle lifts the warp."));
  heddle_knowledge_info_free (info);

  set_base (fixture, "no-such-provider/model", HEDDLE_ERROR_NOT_FOUND);
  g_clear_object (&fixture->result);
  heddle_knowledge_delete_base_async (fixture->knowledge, BASE, NULL, done_cb, fixture);
  g_assert_true (heddle_knowledge_delete_base_finish (fixture->knowledge, wait_for (fixture), &error));
  check_words (fixture);
  g_assert_null (search_full (fixture, "heddle", HEDDLE_SEARCH_AUTO, 5, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpuint (fixture->n_changed, >=, 3);
}

static void
test_bad_names (Fixture *fixture, gconstpointer data)
{
  g_autofree char *long_name = g_strnfill (300, 'x');
  const char *const names[] = { "", "  \t", "\xff", long_name };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_clear_object (&fixture->result);
      heddle_knowledge_set_base_async (fixture->knowledge, names[i], NULL, NULL, NULL, done_cb, fixture);
      g_assert_false (heddle_knowledge_set_base_finish (fixture->knowledge, wait_for (fixture), &error));
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
}

static void
test_texts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint n_chunks = 0;
  gint64 first, second;

  set_base (fixture, NULL, -1);
  first = add_text (fixture, "Care", "text/markdown", "# Oil\n\nUse linseed.\n\n# Dust\n\nBrush weekly.\n", &n_chunks, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_chunks, ==, 2);
  assert_found (fixture, "linseed", HEDDLE_SEARCH_AUTO, "Care");
  second = add_plain (fixture, "Care", "Use walnut.");
  g_assert_cmpint (second, !=, first);
  assert_not_found (fixture, "linseed");
  assert_found (fixture, "walnut", HEDDLE_SEARCH_AUTO, "Care");
  g_assert_cmpint (add_plain (fixture, "Care", "Use walnut."), ==, second);
  check_words (fixture);

  g_assert_cmpint (add_text (fixture, "x", "image/png", "x", NULL, &error), ==, 0);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
}

static void
test_delete_document (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id;

  set_base (fixture, NULL, -1);
  id = add_plain (fixture, "Gone", "vanishing words");
  add_plain (fixture, "Kept", "lasting words");
  g_clear_object (&fixture->result);
  heddle_knowledge_delete_document_async (fixture->knowledge, BASE, id, NULL, done_cb, fixture);
  g_assert_true (heddle_knowledge_delete_document_finish (fixture->knowledge, wait_for (fixture), &error));
  assert_not_found (fixture, "vanishing");
  assert_found (fixture, "words", HEDDLE_SEARCH_KEYWORDS, "Kept");
  check_words (fixture);
  g_clear_object (&fixture->result);
  heddle_knowledge_delete_document_async (fixture->knowledge, BASE, id, NULL, done_cb, fixture);
  g_assert_false (heddle_knowledge_delete_document_finish (fixture->knowledge, wait_for (fixture), &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
}

static void
test_passage (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) passages = NULL;
  HeddlePassage *passage;

  set_base (fixture, NULL, -1);
  add_text (fixture, "Care", "text/markdown", "# Büro\n\nÄrger.\n\n## Öl\n\nLeinöl nehmen.\n", NULL, &error);
  passages = search (fixture, "LEINOL", HEDDLE_SEARCH_AUTO);
  g_assert_cmpint (heddle_knowledge_search_get_mode (fixture->result), ==, HEDDLE_SEARCH_KEYWORDS);
  g_assert_cmpuint (passages->len, ==, 1);
  passage = passages->pdata[0];
  g_assert_cmpstr (passage->heading, ==, "Büro > Öl");
  g_assert_cmpstr (passage->text, ==, "Leinöl nehmen.");
  g_assert_cmpint (passage->start, ==, 23);
  g_assert_cmpint (passage->end, ==, 37);
  g_assert_cmpuint (passage->page, ==, 0);
  g_assert_cmpfloat (passage->keyword_score, ==, passage->score);
  g_assert_true (isnan (passage->vector_score));
}

/* Nothing in a query is syntax, and every one gets an answer. */
static void
test_hostile_queries (Fixture *fixture, gconstpointer data)
{
  g_autofree char *huge = g_strnfill (2000000, 'a');
  g_autoptr (GString) words = g_string_new (NULL);
  const char *const empty[] = { "", " \n", "\" OR NEAR( *", "'; DROP TABLE knowledge_chunks; --", "title:", "^*()-+",
                                "\xff\xfe", "\"\"\"", "NOT", "{a b}:", "\xcc\x81" };

  set_base (fixture, NULL, -1);
  add_plain (fixture, "Loom", "The heddle lifts the warp.");
  for (guint i = 0; i < G_N_ELEMENTS (empty); i++)
    assert_not_found (fixture, empty[i]);
  assert_not_found (fixture, huge);
  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (words, "w%u ", i);
  assert_not_found (fixture, words->str);
  assert_found (fixture, "\"heddle\" OR NEAR( *", HEDDLE_SEARCH_KEYWORDS, "Loom");
  assert_found (fixture, "title:heddle AND -warp", HEDDLE_SEARCH_KEYWORDS, "Loom");
  assert_found (fixture, "the", HEDDLE_SEARCH_KEYWORDS, "Loom");
}

static void
test_weights (Fixture *fixture, gconstpointer data)
{
  set_base (fixture, NULL, -1);
  add_plain (fixture, "Other", "A loom is large and stands here in the room.");
  add_plain (fixture, "Loom", "A thing is large and stands here in the room.");
  assert_found (fixture, "loom", HEDDLE_SEARCH_KEYWORDS, "Loom");
}

static void
test_vectors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) fused = NULL;
  g_autoptr (GPtrArray) vectors = NULL;
  g_autoptr (GPtrArray) blank = NULL;
  HeddleKnowledgeInfo *info;
  HeddlePassage *best;

  set_base (fixture, HEDDLE_DEMO_EMBEDDING, -1);
  add_plain (fixture, "Invoices", "Refunds of a double charge are paid within five days.");
  add_plain (fixture, "Weaving", "The heddle lifts the warp threads of the loom.");
  info = get_info (fixture);
  g_assert_cmpuint (info->n_vectors, ==, 2);
  heddle_knowledge_info_free (info);

  fused = search (fixture, "refund for a double charge", HEDDLE_SEARCH_AUTO);
  g_assert_cmpint (heddle_knowledge_search_get_mode (fixture->result), ==, HEDDLE_SEARCH_AUTO);
  best = fused->pdata[0];
  g_assert_cmpstr (best->title, ==, "Invoices");
  g_assert_cmpfloat (best->keyword_score, >, 0);
  g_assert_cmpfloat (best->vector_score, >, 0.2);
  g_assert_cmpfloat (best->score, >, 0);

  vectors = search (fixture, "refund for a double charge", HEDDLE_SEARCH_VECTORS);
  best = vectors->pdata[0];
  g_assert_cmpstr (best->title, ==, "Invoices");
  g_assert_true (isnan (best->keyword_score));
  g_assert_cmpfloat (best->score, ==, best->vector_score);
  blank = search (fixture, " ", HEDDLE_SEARCH_VECTORS);
  g_assert_cmpuint (blank->len, ==, 0);
}

/* What is in memory is never older than what is in the file. */
static void
test_vectors_follow_changes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id;

  set_base (fixture, HEDDLE_DEMO_EMBEDDING, -1);
  id = add_plain (fixture, "Invoices", "Refunds of a double charge are paid within five days.");
  assert_found (fixture, "double charge", HEDDLE_SEARCH_VECTORS, "Invoices");
  add_plain (fixture, "Better", "double charge");
  assert_found (fixture, "double charge", HEDDLE_SEARCH_VECTORS, "Better");
  g_clear_object (&fixture->result);
  heddle_knowledge_delete_document_async (fixture->knowledge, BASE, id, NULL, done_cb, fixture);
  g_assert_true (heddle_knowledge_delete_document_finish (fixture->knowledge, wait_for (fixture), &error));
  close_knowledge (fixture);
  open_knowledge (fixture);
  assert_found (fixture, "double charge", HEDDLE_SEARCH_VECTORS, "Better");
  set_base (fixture, NULL, -1);
  g_assert_null (search_full (fixture, "double charge", HEDDLE_SEARCH_VECTORS, 5, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  set_base (fixture, HEDDLE_DEMO_EMBEDDING, -1);
  assert_found (fixture, "double charge", HEDDLE_SEARCH_VECTORS, "Better");
}

/* Without a way to the model, words are still found; asking for vectors says why not. */
static void
test_no_network (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  heddle_knowledge_set_network (fixture->knowledge, NULL, NULL);
  set_base (fixture, HEDDLE_DEMO_EMBEDDING, -1);
  g_assert_cmpint (add_text (fixture, "Loom", "text/plain", "The heddle lifts.", NULL, &error), ==, 0);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  assert_found (fixture, "heddle", HEDDLE_SEARCH_AUTO, "Loom");
  g_assert_cmpint (heddle_knowledge_search_get_mode (fixture->result), ==, HEDDLE_SEARCH_KEYWORDS);
  g_clear_error (&error);
  g_assert_null (search_full (fixture, "heddle", HEDDLE_SEARCH_VECTORS, 5, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);

  heddle_knowledge_set_network (fixture->knowledge, g_main_context_default (), fixture->http);
  set_base (fixture, HEDDLE_DEMO_EMBEDDING, -1);
  assert_found (fixture, "heddle", HEDDLE_SEARCH_VECTORS, "Loom");
}

/* The client may be told after the context, as long as that has not run: a search waits for it. */
static void
test_late_network (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) passages = NULL;
  g_autoptr (GError) error = NULL;

  set_base (fixture, HEDDLE_DEMO_EMBEDDING, -1);
  add_plain (fixture, "Loom", "The heddle lifts.");
  g_clear_object (&fixture->result);
  heddle_knowledge_set_network (fixture->knowledge, g_main_context_default (), NULL);
  heddle_knowledge_search_async (fixture->knowledge, BASE, "heddle", HEDDLE_SEARCH_VECTORS, 5, NULL, done_cb, fixture);
  g_usleep (50000);
  heddle_knowledge_set_network (fixture->knowledge, g_main_context_default (), fixture->http);
  passages = heddle_knowledge_search_finish (fixture->knowledge, wait_for (fixture), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (passages->len, ==, 1);
}

static void
test_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *pdf = g_test_build_filename (G_TEST_DIST, "data", "knowledge", "manual.pdf", NULL);
  g_autofree char *folder = g_build_filename (fixture->dir, "a", NULL);
  g_autofree char *pdf_data = NULL;
  g_autoptr (GPtrArray) passages = NULL;
  gsize pdf_length;

  g_assert_true (g_file_get_contents (pdf, &pdf_data, &pdf_length, NULL));
  set_base (fixture, NULL, -1);
  write_file (fixture, "a/guide.md", "# Guide\n\nPull the beater.\n", -1);
  write_file (fixture, "a/b/page.html", "<title>Page</title><p>Shuttle race.", -1);
  write_file (fixture, "a/b/manual.pdf", pdf_data, pdf_length);
  write_file (fixture, "a/notes.txt", "caf\xe9 notes", -1);
  write_file (fixture, "a/.hidden.txt", "secret", -1);
  write_file (fixture, "a/picture.png", "\x89PNG\r\n\x1a\n\0\0", 10);
  write_file (fixture, "a/empty.txt", "", 0);
  assert_ingested (fixture, folder, 5, 0, 0, 2);
  g_assert_cmpuint (fixture->n_progress, >, 0);
  assert_found (fixture, "beater", HEDDLE_SEARCH_AUTO, "Guide");
  assert_found (fixture, "shuttle", HEDDLE_SEARCH_AUTO, "Page");
  assert_found (fixture, "café", HEDDLE_SEARCH_AUTO, "notes.txt");
  passages = search (fixture, "frame number ZX 4711", HEDDLE_SEARCH_AUTO);
  g_assert_cmpstr (((HeddlePassage *) passages->pdata[0])->title, ==, "The Heddle Manual");

  assert_ingested (fixture, folder, 0, 5, 0, 2);
  write_file (fixture, "a/guide.md", "# Guide\n\nPush the beater.\n", -1);
  assert_ingested (fixture, folder, 1, 4, 0, 2);
  assert_not_found (fixture, "pull");
  assert_found (fixture, "push", HEDDLE_SEARCH_AUTO, "Guide");
  check_words (fixture);
}

static void
test_bad_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (fixture->dir, "missing.txt", NULL);
  g_autofree char *pdf = g_build_filename (fixture->dir, "bad.pdf", NULL);
  g_autofree char *binary = g_build_filename (fixture->dir, "binary.txt", NULL);
  g_autofree char *picture = g_build_filename (fixture->dir, "picture.png", NULL);
  g_autofree char *huge = g_build_filename (fixture->dir, "huge.txt", NULL);
  g_autofree char *good = g_build_filename (fixture->dir, "good.txt", NULL);
  const char *const paths[] = { missing, pdf, binary, picture, huge, "/dev/zero", good, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleIngestResult) result = NULL;
  g_autoptr (GPtrArray) documents = NULL;
  guint n_errors = 0;

  set_base (fixture, NULL, -1);
  write_file (fixture, "bad.pdf", "%PDF-1.7\nnonsense", -1);
  write_file (fixture, "binary.txt", "text\0more", 9);
  write_file (fixture, "picture.png", "\x89PNG\r\n\x1a\n\0\0", 10);
  write_file (fixture, "huge.txt", "x", -1);
  write_file (fixture, "good.txt", "good words", -1);
  g_assert_cmpint (truncate (huge, 65 * 1024 * 1024), ==, 0);
  result = add_paths (fixture, paths, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result->n_added, ==, 1);
  g_assert_cmpuint (result->n_failed, ==, 6);
  g_assert_true (g_str_has_prefix (result->first_error, "missing.txt: "));
  documents = list_documents (fixture);
  for (guint i = 0; i < documents->len; i++)
    n_errors += ((HeddleDocumentInfo *) documents->pdata[i])->error != NULL;
  g_assert_cmpuint (n_errors, ==, 5);
  assert_found (fixture, "good words", HEDDLE_SEARCH_AUTO, "good.txt");

  write_file (fixture, "binary.txt", "readable now", -1);
  assert_ingested (fixture, binary, 1, 0, 0, 0);
  assert_found (fixture, "readable", HEDDLE_SEARCH_AUTO, "binary.txt");
}

/* Loops of links end, and pipes do not block. */
static void
test_links (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->dir, "a", NULL);
  g_autofree char *loop = g_build_filename (fixture->dir, "a", "loop", NULL);
  g_autofree char *pipe_path = g_build_filename (fixture->dir, "a", "pipe.txt", NULL);

  set_base (fixture, NULL, -1);
  write_file (fixture, "a/good.txt", "good words", -1);
  g_assert_cmpint (symlink (fixture->dir, loop), ==, 0);
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  assert_ingested (fixture, folder, 1, 0, 0, 2);
}

static void
cancel_cb (const char *what, guint done, guint total, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  const char *const paths[] = { fixture->dir, NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  set_base (fixture, HEDDLE_DEMO_EMBEDDING, -1);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *name = g_strdup_printf ("file-%u.txt", i);
      g_autofree char *text = g_strdup_printf ("number %u", i);

      write_file (fixture, name, text, -1);
    }
  g_clear_object (&fixture->result);
  heddle_knowledge_add_files_async (fixture->knowledge, BASE, paths, cancel_cb, cancellable, cancellable, done_cb, fixture);
  g_assert_null (heddle_knowledge_add_files_finish (fixture->knowledge, wait_for (fixture), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  check_words (fixture);

  g_clear_error (&error);
  g_clear_object (&fixture->result);
  heddle_knowledge_search_async (fixture->knowledge, BASE, "x", HEDDLE_SEARCH_AUTO, 5, cancellable, done_cb, fixture);
  g_assert_null (heddle_knowledge_search_finish (fixture->knowledge, wait_for (fixture), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A program may end at any moment: nothing runs on while it is taken down, and nothing begins. */
static void
test_shutdown (Fixture *fixture, gconstpointer data)
{
  const char *const paths[] = { fixture->dir, NULL };
  g_autoptr (GError) error = NULL;
  GPtrArray *bases;

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%u.txt", fixture->dir, i);

      g_assert_true (g_file_set_contents (path, "Some text.", -1, NULL));
    }
  set_base (fixture, NULL, -1);
  g_clear_object (&fixture->result);
  heddle_knowledge_add_files_async (fixture->knowledge, BASE, paths, NULL, NULL, NULL, done_cb, fixture);
  heddle_knowledge_shutdown (fixture->knowledge);
  heddle_ingest_result_free (heddle_knowledge_add_files_finish (fixture->knowledge, wait_for (fixture), &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED);
  g_clear_error (&error);

  g_clear_object (&fixture->result);
  heddle_knowledge_list_async (fixture->knowledge, NULL, done_cb, fixture);
  bases = heddle_knowledge_list_finish (fixture->knowledge, wait_for (fixture), &error);
  g_assert_null (bases);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED);
}

static void
test_unknown_base (Fixture *fixture, gconstpointer data)
{
  const char *const paths[] = { fixture->dir, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (add_paths (fixture, paths, NULL, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_cmpint (add_text (fixture, "x", "text/plain", "x", NULL, &error), ==, 0);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND);
}

static void
add_to_help (Fixture *fixture, const char *source)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&fixture->result);
  heddle_knowledge_add_text_async (fixture->knowledge, HEDDLE_KNOWLEDGE_HELP, source, source, "text/plain", "Something else.", NULL, done_cb, fixture);
  g_assert_cmpint (heddle_knowledge_add_text_finish (fixture->knowledge, wait_for (fixture), NULL, &error), >, 0);
  g_assert_no_error (error);
}

static gboolean
help_has (Fixture *fixture, const char *source)
{
  g_autoptr (GPtrArray) documents = NULL;
  gboolean found = FALSE;

  g_clear_object (&fixture->result);
  heddle_knowledge_list_documents_async (fixture->knowledge, HEDDLE_KNOWLEDGE_HELP, NULL, done_cb, fixture);
  documents = heddle_knowledge_list_documents_finish (fixture->knowledge, wait_for (fixture), NULL);
  for (guint i = 0; documents != NULL && i < documents->len; i++)
    found = found || g_str_equal (((const HeddleDocumentInfo *) g_ptr_array_index (documents, i))->source, source);
  return found;
}

static void
test_help (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleStore) store = heddle_store_new (":memory:", &error);
  g_autoptr (JsonNode) other = heddle_json_string ("another handbook");

  g_assert_no_error (error);
  heddle_knowledge_add_help (fixture->knowledge, store);
  g_assert_true (help_has (fixture, "01-getting-started.md"));
  add_to_help (fixture, "0-former-page.md");
  add_to_help (fixture, "/home/me/notes.md");
  heddle_knowledge_add_help (fixture->knowledge, store);
  g_assert_true (help_has (fixture, "0-former-page.md"));

  g_assert_true (heddle_store_set_setting (store, "help-pages", other, &error));
  heddle_knowledge_add_help (fixture->knowledge, store);
  g_assert_true (help_has (fixture, "01-getting-started.md"));
  g_assert_false (help_has (fixture, "0-former-page.md"));
  g_assert_true (help_has (fixture, "/home/me/notes.md"));
}

static void
test_fusion (void)
{
  g_autoptr (GArray) keywords = g_array_new (FALSE, FALSE, sizeof (HeddleHit));
  g_autoptr (GArray) vectors = g_array_new (FALSE, FALSE, sizeof (HeddleHit));
  g_autoptr (GArray) fused = NULL;
  g_autoptr (GArray) only = NULL;
  g_autoptr (GArray) none = NULL;
  const HeddleHit by_words[] = { { 1, 9.5 }, { 2, 5 }, { 3, 1 } };
  const HeddleHit by_vectors[] = { { 2, 0.9 }, { 4, 0.5 } };

  g_array_append_vals (keywords, by_words, 3);
  g_array_append_vals (vectors, by_vectors, 2);
  fused = heddle_fuse_hits (keywords, vectors, 3);
  g_assert_cmpuint (fused->len, ==, 3);
  g_assert_cmpint (g_array_index (fused, HeddleFusedHit, 0).chunk, ==, 2);
  g_assert_cmpint (g_array_index (fused, HeddleFusedHit, 1).chunk, ==, 1);
  g_assert_cmpint (g_array_index (fused, HeddleFusedHit, 2).chunk, ==, 4);
  g_assert_cmpfloat (g_array_index (fused, HeddleFusedHit, 0).keyword_score, ==, 5);
  g_assert_true (isnan (g_array_index (fused, HeddleFusedHit, 1).vector_score));
  only = heddle_fuse_hits (keywords, NULL, 2);
  g_assert_cmpuint (only->len, ==, 2);
  g_assert_cmpfloat (g_array_index (only, HeddleFusedHit, 0).score, ==, 9.5);
  none = heddle_fuse_hits (NULL, NULL, 5);
  g_assert_cmpuint (none->len, ==, 0);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/knowledge/bases", test_bases);
  ADD ("/knowledge/bad-names", test_bad_names);
  ADD ("/knowledge/texts", test_texts);
  ADD ("/knowledge/delete-document", test_delete_document);
  ADD ("/knowledge/passage", test_passage);
  ADD ("/knowledge/hostile-queries", test_hostile_queries);
  ADD ("/knowledge/weights", test_weights);
  ADD ("/knowledge/vectors", test_vectors);
  ADD ("/knowledge/vectors-follow-changes", test_vectors_follow_changes);
  ADD ("/knowledge/no-network", test_no_network);
  ADD ("/knowledge/late-network", test_late_network);
  ADD ("/knowledge/files", test_files);
  ADD ("/knowledge/bad-files", test_bad_files);
  ADD ("/knowledge/links", test_links);
  ADD ("/knowledge/cancel", test_cancel);
  ADD ("/knowledge/shutdown", test_shutdown);
  ADD ("/knowledge/unknown-base", test_unknown_base);
  ADD ("/knowledge/help", test_help);
  g_test_add_func ("/knowledge/fusion", test_fusion);
  return g_test_run ();
}
