/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <stdlib.h>
#include <unistd.h>

#include "graph/heddle-document.h"
#include "store/heddle-store-editing.h"
#include "test-database.h"
#include "test-document.h"

/*
 * A child process edits, undoes, redoes and saves as fast as it can, and says which note it has been told is written. It is killed at random
 * moments. Afterwards the note is there, undoing everything gives the workflow as it began, and redoing everything as it was found.
 */

#define N_ROUNDS 12
/* All of it can be undone. */
#define MAX_NOTES 300

static char *program;

static void
append_cb (HeddleDocument *document, HeddleChange *change, HeddleStore *store)
{
  if (change->edits != NULL)
    heddle_store_append_journal (store, "w", change->edits);
}

static HeddleDocument *
open_document (HeddleStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleOpenWorkflow) open = heddle_store_open_workflow (store, "w", FALSE, &error);
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
  g_signal_connect (document, "changed", G_CALLBACK (append_cb), store);
  return document;
}

static void
save (HeddleStore *store, HeddleDocument *document)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = heddle_test_save (document);

  heddle_store_save_workflow (store, "w", "n", json, &error);
  g_assert_no_error (error);
}

static void
edit (HeddleStore *store, HeddleDocument *document, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%d", (int) number);

  heddle_document_add_annotation (document, HEDDLE_ANNOTATION_NOTE, text, (double) number, 0, 50, 50);
  heddle_test_set_text (document, "yes", "text", text);
  if (number % 3 == 1)
    heddle_document_undo (document);
  if (number % 6 == 1)
    heddle_document_redo (document);
  if (number % 5 == 2)
    save (store, document);
}

/* The child: never ends by itself. */
static int
run_editor (const char *path)
{
  g_autoptr (GError) error = NULL;
  HeddleStore *store = heddle_store_new (path, &error);
  HeddleDocument *document;

  g_assert_no_error (error);
  document = open_document (store);
  for (gint64 number = 0;; number++)
    {
      if (number < MAX_NOTES)
        edit (store, document, number);
      else
        g_usleep (1000);
      g_assert_true (heddle_store_flush (store));
      if (write (STDOUT_FILENO, &number, sizeof number) != sizeof number)
        return 1;
    }
}

/* The last number that was acknowledged before the child was killed. */
static gint64
edit_and_kill (const char *path, guint delay_ms)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--editor", path, NULL);
  GInputStream *output;
  gint64 number, last = -1;
  gsize n_read;

  g_assert_no_error (error);
  output = g_subprocess_get_stdout_pipe (child);
  g_assert_true (g_input_stream_read_all (output, &last, sizeof last, &n_read, NULL, &error));
  g_assert_cmpuint (n_read, ==, sizeof last);
  g_usleep (delay_ms * 1000);
  g_subprocess_force_exit (child);
  while (g_input_stream_read_all (output, &number, sizeof number, &n_read, NULL, NULL) && n_read == sizeof number)
    last = number;
  g_subprocess_wait (child, NULL, NULL);
  return last;
}

static gboolean
has_note (HeddleDocument *document, gint64 number)
{
  HeddleGraph *graph = heddle_document_get_graph (document);

  for (guint i = 0; i < heddle_graph_get_n_annotations (graph); i++)
    {
      if (atoi (heddle_graph_get_annotation (graph, i)->text) == number)
        return TRUE;
    }
  return FALSE;
}

static void
check_round (const char *path, const char *start, gint64 acknowledged)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleStore) store = heddle_store_new (path, &error);
  g_autoptr (HeddleDocument) document = NULL;
  g_autofree char *found = NULL;
  g_autofree char *undone = NULL;
  g_autofree char *redone = NULL;
  guint n_done;

  g_assert_no_error (error);
  document = open_document (store);
  g_assert_true (has_note (document, MIN (acknowledged, MAX_NOTES - 1)));
  found = heddle_test_save (document);
  n_done = heddle_document_get_n_done (document);
  heddle_document_go_to_step (document, 0);
  undone = heddle_test_save (document);
  g_assert_cmpstr (undone, ==, start);
  heddle_document_go_to_step (document, n_done);
  redone = heddle_test_save (document);
  g_assert_cmpstr (redone, ==, found);
}

static void
begin_round (const char *path, const char *start)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleStore) store = heddle_store_new (path, &error);

  g_assert_no_error (error);
  g_assert_true (heddle_store_delete_workflow (store, "w", &error));
  g_assert_true (heddle_store_save_workflow (store, "w", "n", start, &error));
}

static void
test_kill (void)
{
  char *path = heddle_test_new_database_path ();
  g_autoptr (HeddleDocument) base = heddle_test_new_branching ();
  g_autofree char *start = heddle_test_save (base);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      gint64 acknowledged;

      begin_round (path, start);
      acknowledged = edit_and_kill (path, (guint) g_rand_int_range (rand, 0, 120));
      g_test_message ("killed after %d", (int) acknowledged);
      check_round (path, start, acknowledged);
    }
  heddle_test_remove_database (path);
}

int
main (int argc, char *argv[])
{
  if (argc == 3 && g_str_equal (argv[1], "--editor"))
    return run_editor (argv[2]);

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history-kill/random-moments", test_kill);
  return g_test_run ();
}
