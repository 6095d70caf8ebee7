/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "graph/heddle-document.h"
#include "store/heddle-store-editing.h"
#include "value/heddle-json.h"

/*
 * A child process edits a workflow as a window does, and says after each gesture that it is done. It is killed at random
 * moments. Afterwards all gestures are there but at most the one under way, and all of them can be undone.
 * HEDDLE_TEST_KILLS says how often.
 */

#define N_KILLS 12
#define SAVE_EVERY 6

static char *program;

static char *
to_text (HeddleDocument *document)
{
  return heddle_graph_to_json (heddle_document_get_graph (document));
}

static char *
pick_id (HeddleDocument *document, GRand *random)
{
  HeddleGraph *graph = heddle_document_get_graph (document);

  return g_strdup (heddle_graph_get_node (graph, (guint) g_rand_int_range (random, 0, (int) heddle_graph_get_n_nodes (graph)))->id);
}

static void
edit (HeddleDocument *document, GRand *random)
{
  g_autofree char *id = pick_id (document, random);
  g_autofree char *other = pick_id (document, random);
  const char *const ids[] = { id, other, NULL };
  const char *const first[] = { id, NULL };
  g_autofree char *copy = NULL;

  switch (g_rand_int_range (random, 0, 9))
    {
    case 0:
    case 1:
      heddle_document_add_node (document, g_rand_boolean (random) ? "template" : "map", NULL, g_rand_int_range (random, 0, 999), 10);
      break;
    case 2:
      heddle_document_connect (document, id, NULL, other, NULL, NULL);
      break;
    case 3:
      heddle_document_move (document, ids, g_rand_int_range (random, -99, 99), 16);
      break;
    case 4:
      heddle_document_set_mode (document, ids, (HeddleNodeMode) g_rand_int_range (random, 0, 3));
      break;
    case 5:
      copy = heddle_graph_selection_to_json (heddle_document_get_graph (document), ids);
      g_strfreev (heddle_document_paste (document, copy, 50, 50, NULL));
      break;
    case 6:
      if (heddle_graph_get_n_nodes (heddle_document_get_graph (document)) > 12)
        heddle_document_remove (document, ids, TRUE);
      break;
    case 7:
      heddle_document_extract (document, first, NULL);
      break;
    default:
      heddle_document_tidy (document, NULL);
    }
  if (heddle_graph_get_n_nodes (heddle_document_get_graph (document)) == 0)
    heddle_document_add_node (document, "input", NULL, 0, 0);
}

/* The same for the same seed and document. A group is never joined to another one, however fast it follows. */
static void
make_gesture (HeddleDocument *document, guint seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);

  switch (g_rand_int_range (random, 0, 8))
    {
    case 0:
      heddle_document_undo (document);
      break;
    case 1:
      heddle_document_redo (document);
      break;
    default:
      heddle_document_begin (document, "Gesture");
      edit (document, random);
      heddle_document_end (document);
    }
}

static HeddleDocument *
open_document (HeddleStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleOpenWorkflow) open = heddle_store_open_workflow (store, "edited", TRUE, &error);
  g_autoptr (HeddleGraph) graph = NULL;
  HeddleDocument *document;

  g_assert_no_error (error);
  graph = heddle_graph_new_from_json (open->info->json, -1, &error);
  g_assert_no_error (error);
  document = heddle_document_new (graph);
  if (open->history != NULL)
    heddle_document_load_history (document, open->history);
  if (open->journal != NULL)
    heddle_document_replay (document, open->journal, &error);
  g_assert_no_error (error);
  return document;
}

static void
changed_cb (HeddleDocument *document, HeddleChange *change, HeddleStore *store)
{
  heddle_store_append_journal (store, "edited", change->edits);
}

static void
save (HeddleStore *store, HeddleDocument *document)
{
  g_autofree char *json = to_text (document);
  g_autoptr (GError) error = NULL;

  heddle_store_save_workflow (store, "edited", "Edited", json, &error);
  g_assert_no_error (error);
}

/* The child: never ends by itself. */
static int
run_editor (const char *path, guint seed)
{
  g_autoptr (GError) error = NULL;
  HeddleStore *store = heddle_store_new (path, &error);
  HeddleDocument *document;

  g_assert_no_error (error);
  document = open_document (store);
  g_signal_connect (document, "changed", G_CALLBACK (changed_cb), store);
  for (gint64 number = 0;; number++)
    {
      make_gesture (document, seed + (guint) number);
      g_assert_true (heddle_store_flush (store));
      if (write (STDOUT_FILENO, &number, sizeof number) != sizeof number)
        return 1;
      if (number % SAVE_EVERY == 0)
        save (store, document);
    }
}

/* How many gestures were told to be done. */
static gint64
edit_and_kill (const char *path, guint seed, guint delay)
{
  g_autofree char *seed_text = g_strdup_printf ("%u", seed);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--editor", path, seed_text, NULL);
  GInputStream *output;
  gint64 number, last = -1;
  gsize n_read;

  g_assert_no_error (error);
  output = g_subprocess_get_stdout_pipe (child);
  /* Moments are counted from the first gesture, however slowly the machine starts. */
  g_assert_true (g_input_stream_read_all (output, &last, sizeof last, &n_read, NULL, &error));
  g_assert_cmpuint (n_read, ==, sizeof last);
  g_usleep (delay);
  g_subprocess_force_exit (child);
  while (g_input_stream_read_all (output, &number, sizeof number, &n_read, NULL, NULL) && n_read == sizeof number)
    last = number;
  g_subprocess_wait (child, NULL, NULL);
  return last + 1;
}

static HeddleDocument *
reopen (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleStore) store = heddle_store_new (path, &error);

  g_assert_no_error (error);
  return open_document (store);
}

/* Both the same now, and at each step back. */
static void
assert_same_history (HeddleDocument *document, HeddleDocument *expected)
{
  gboolean more = TRUE;

  while (more)
    {
      g_autofree char *text = to_text (document);
      g_autofree char *expected_text = to_text (expected);

      g_assert_cmpstr (text, ==, expected_text);
      more = heddle_document_undo (expected);
      g_assert_cmpint (heddle_document_undo (document), ==, more);
    }
}

static void
kill_once (const char *path, guint seed, guint delay)
{
  g_autoptr (HeddleDocument) expected = reopen (path);
  g_autoptr (HeddleDocument) found = NULL;
  gint64 n_done = edit_and_kill (path, seed, delay);
  g_autofree char *text = NULL;
  g_autofree char *expected_text = NULL;

  for (gint64 i = 0; i < n_done; i++)
    make_gesture (expected, seed + (guint) i);
  found = reopen (path);
  text = to_text (found);
  expected_text = to_text (expected);
  /* The one under way may be there, and a gesture may come to nothing. */
  if (!g_str_equal (text, expected_text))
    make_gesture (expected, seed + (guint) n_done);
  assert_same_history (found, expected);
}

static void
create (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleStore) store = heddle_store_new (path, &error);
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);

  g_assert_no_error (error);
  heddle_document_add_node (document, "input", NULL, 0, 0);
  save (store, document);
}

static void
test_kill (void)
{
  const char *kills = g_getenv ("HEDDLE_TEST_KILLS");
  guint n_kills = kills != NULL ? (guint) atoi (kills) : N_KILLS;
  g_autofree char *directory = g_dir_make_tmp ("heddle-edit-kill-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "test.db", NULL);
  g_autofree char *command = NULL;

  create (path);
  for (guint i = 0; i < n_kills; i++)
    kill_once (path, 1000 * (i + 1), (guint) g_test_rand_int_range (0, 30000));
  command = g_strdup_printf ("rm -r '%s'", directory);
  g_assert_cmpint (system (command), ==, 0);
}

int
main (int argc, char *argv[])
{
  if (argc == 4 && g_str_equal (argv[1], "--editor"))
    return run_editor (argv[2], (guint) atoi (argv[3]));
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/edit-kill/random-moments", test_kill);
  return g_test_run ();
}
