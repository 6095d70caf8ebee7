/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "store/heddle-store-private.h"
#include "test-script.h"
#include "value/heddle-json.h"

/*
 * A child process edits, saves and records as fast as it can and says which number it has been told
 * is written. It is killed at random moments. Nothing it was promised may be missing afterwards.
 */

#define N_ROUNDS 25

static char *program;

/* The text is large enough that checkpoints of the WAL are among the moments. */
static void
write_step (HeddleStore *store, const char *run, gint64 number)
{
  g_autofree char *padding = g_strnfill (3000 + number % 500, 'p');
  g_autofree char *json = g_strdup_printf ("{\"result\":{\"output\":{\"n\":%d,\"text\":\"%s\"}}}", (int) number, padding);
  g_autofree char *saved = g_strdup_printf ("{\"number\":%d,\"text\":\"%s\"}", (int) number, padding);
  g_autoptr (JsonNode) edit = heddle_json_int (number);
  TestScript script = test_script_new ();

  script.seq = (guint64) number;
  test_script_add (&script, HEDDLE_EVENT_NODE_FINISHED, "a", json);
  heddle_store_record_events (store, run, script.events);
  heddle_store_append_journal (store, "edited", edit);
  if (number % 7 == 0)
    g_assert_true (heddle_store_save_workflow (store, "saved", "Saved", saved, NULL));
  g_ptr_array_unref (script.events);
}

/* The child: never ends by itself. */
static int
run_writer (const char *path, const char *run)
{
  g_autoptr (GError) error = NULL;
  HeddleStore *store = heddle_store_new (path, &error);
  HeddleRunHead head = { run, "edited", "Edited", "{}", g_get_real_time (), NULL };

  g_assert_no_error (error);
  heddle_store_record_run (store, &head, HEDDLE_DURABILITY_NORMAL);
  for (gint64 number = 0;; number++)
    {
      write_step (store, run, number);
      if (number % 3 != 0)
        continue;
      g_assert_true (heddle_store_flush (store));
      if (write (STDOUT_FILENO, &number, sizeof number) != sizeof number)
        return 1;
    }
}

/* The last number that was acknowledged before the child was killed; -1: none. */
static gint64
write_and_kill (const char *path, const char *run, guint delay_ms)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--writer", path, run, NULL);
  GInputStream *output;
  gint64 number, last = -1;
  gsize n_read;

  g_assert_no_error (error);
  output = g_subprocess_get_stdout_pipe (child);
  /* The moments are counted from the first acknowledgement, however slow the machine starts. */
  g_assert_true (g_input_stream_read_all (output, &last, sizeof last, &n_read, NULL, &error));
  g_assert_cmpuint (n_read, ==, sizeof last);
  g_usleep (delay_ms * 1000);
  g_subprocess_force_exit (child);
  while (g_input_stream_read_all (output, &number, sizeof number, &n_read, NULL, NULL) && n_read == sizeof number)
    last = number;
  g_subprocess_wait (child, NULL, NULL);
  return last;
}

/* The journal is 0, 1, 2… without a gap, at least to what was acknowledged; each round starts at 0 again. */
static guint
check_journal (HeddleStore *store, gint64 acknowledged)
{
  g_autoptr (JsonNode) journal = NULL;
  g_autoptr (GError) error = NULL;
  HeddleWorkflowInfo *info = heddle_store_load_workflow (store, "edited", &journal, &error);
  JsonArray *edits;

  g_assert_no_error (error);
  heddle_workflow_info_free (info);
  edits = json_node_get_array (journal);
  g_assert_cmpint (json_array_get_length (edits), >, acknowledged);
  for (guint i = 0; i < json_array_get_length (edits); i++)
    g_assert_cmpint (json_array_get_int_element (edits, i), ==, i);
  return json_array_get_length (edits);
}

/* Events are complete up to the same number, each with its value, and the run ends as interrupted. */
static void
check_run (HeddleStore *store, const char *run, guint n_edits)
{
  g_autoptr (GError) error = NULL;
  HeddleRunInfo *info = NULL;
  g_autoptr (GPtrArray) events = heddle_store_load_run (store, run, &info, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (info->state, ==, HEDDLE_RUN_INTERRUPTED);
  heddle_run_info_free (info);
  /* An event may be in the group before that of its edit, and the end was added. */
  g_assert_cmpuint (events->len, >=, n_edits + 1);
  g_assert_cmpuint (events->len, <=, n_edits + 2);
  for (guint i = 0; i + 1 < events->len; i++)
    {
      HeddleEvent *event = events->pdata[i];
      JsonNode *output = heddle_json_member (heddle_json_member (event->data, "result"), "output");

      g_assert_cmpuint (event->seq, ==, i + 1);
      g_assert_cmpint (heddle_json_get_int (output, "n", -1), ==, i);
      g_assert_cmpuint (strlen (heddle_json_get_string (output, "text", "")), ==, 3000 + i % 500);
    }
}

static void
check_saved (HeddleStore *store, gint64 acknowledged)
{
  g_autoptr (GError) error = NULL;
  HeddleWorkflowInfo *info = heddle_store_load_workflow (store, "saved", NULL, &error);
  g_autoptr (JsonNode) root = NULL;

  g_assert_no_error (error);
  root = heddle_json_parse (info->json, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (heddle_json_get_int (root, "number", -1), >=, acknowledged - acknowledged % 7);
  heddle_workflow_info_free (info);
}

static void
check_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleDatabase) database = heddle_database_open (path, &error);
  sqlite3_stmt *stmt;

  g_assert_no_error (error);
  stmt = heddle_database_prepare (database, "PRAGMA integrity_check", &error);
  g_assert_true (heddle_database_step (database, stmt, &error));
  g_assert_cmpstr ((const char *) sqlite3_column_text (stmt, 0), ==, "ok");
  sqlite3_reset (stmt);
}

static void
prepare_round (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleStore) store = heddle_store_new (path, &error);

  g_assert_no_error (error);
  g_assert_true (heddle_store_save_workflow (store, "edited", "Edited", "{}", &error));
  g_assert_true (heddle_store_save_workflow (store, "saved", "Saved", "{\"number\":0}", &error));
}

static void
check_round (const char *path, const char *run, gint64 acknowledged)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleStore) store = heddle_store_new (path, &error);

  g_assert_no_error (error);
  check_run (store, run, check_journal (store, acknowledged));
  check_saved (store, acknowledged);
}

static void
remove_directory (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static void
test_kill (void)
{
  g_autofree char *directory = g_dir_make_tmp ("heddle-kill-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "test.db", NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  gint64 n_acknowledged = 0;

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      g_autofree char *run = g_strdup_printf ("run%02u", round);
      gint64 acknowledged;

      prepare_round (path);
      acknowledged = write_and_kill (path, run, (guint) g_rand_int_range (rand, 0, 60));
      check_round (path, run, acknowledged);
      n_acknowledged += acknowledged + 1;
    }
  check_file (path);
  g_test_message ("%d steps were acknowledged, all are there", (int) n_acknowledged);
  remove_directory (directory);
}

int
main (int argc, char *argv[])
{
  if (argc == 4 && g_str_equal (argv[1], "--writer"))
    return run_writer (argv[2], argv[3]);

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-kill/random-moments", test_kill);
  return g_test_run ();
}
