/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "heddle-error.h"
#include "heddle-fake-server.h"
#include "memory/heddle-memory.h"
#include "net/heddle-http.h"
#include "store/heddle-database.h"

/*
 * Several processes and threads that learn into one graph of one database, and one that is killed in the middle.
 */

#define GRAPH "Shared/Memory"
#define N_PROCESSES 2
#define N_THREADS 2
#define N_LESSONS 12
#define PATIENCE_US (60 * G_USEC_PER_SEC)

static char *program;

/* A program that learns, without an engine. */
typedef struct
{
  HeddleModels *models;
  HeddleHttp *http;
  HeddleMemory *memory;
} Learner;

static void
learner_init (Learner *self, const char *path, const char *url)
{
  const HeddleProviderInfo info = { .id = (char *) "fake", .kind = (char *) "openai-compatible", .title = (char *) "Fake", .base_url = (char *) url };
  g_autoptr (GError) error = NULL;

  self->models = heddle_models_new (NULL, NULL);
  if (url != NULL)
    heddle_models_set_provider (self->models, &info, &error);
  g_assert_no_error (error);
  self->http = heddle_http_new ();
  self->memory = heddle_memory_new (path, self->models, &error);
  g_assert_no_error (error);
  heddle_memory_set_network (self->memory, g_main_context_default (), self->http);
}

static void
learner_clear (Learner *self)
{
  heddle_memory_set_network (self->memory, NULL, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  heddle_memory_shutdown (self->memory);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_object_unref (self->memory);
  heddle_http_unref (self->http);
  g_object_unref (self->models);
}

static void
say (Learner *self, const char *model, const char *text)
{
  const HeddleMemoryLesson lesson = { GRAPH, model, "run", "node", text, "Noted." };

  heddle_memory_learn (self->memory, self->http, &lesson);
}

static void
settle (Learner *self)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE_US;

  while (heddle_memory_get_n_pending (self->memory) > 0 && g_get_monotonic_time () < deadline)
    {
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }
  g_assert_true (heddle_memory_wait (self->memory, 0));
}

typedef struct
{
  Learner *learner;
  const char *name;
  guint number;
} Speaker;

static gpointer
speaker_thread (gpointer data)
{
  const Speaker *speaker = data;

  for (guint i = 0; i < N_LESSONS; i++)
    {
      g_autofree char *text = g_strdup_printf ("I use tool %s-%u-%u.", speaker->name, speaker->number, i);

      say (speaker->learner, "demo/small", text);
    }
  return NULL;
}

/* The child of the first test. */
static int
run_learner (const char *path, const char *name)
{
  Learner learner;
  Speaker speakers[N_THREADS];
  GThread *threads[N_THREADS];

  learner_init (&learner, path, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    {
      speakers[i] = (Speaker){ &learner, name, i };
      threads[i] = g_thread_new ("speaker", speaker_thread, &speakers[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  settle (&learner);
  learner_clear (&learner);
  return 0;
}

/* The child of the second test: never ends by itself. */
static int
run_victim (const char *path, const char *url)
{
  Learner learner;

  learner_init (&learner, path, url);
  say (&learner, "fake/m", "This is the first thing");
  say (&learner, "fake/m", "This is the second thing");
  say (&learner, "fake/m", "This is the third thing");
  for (;;)
    g_main_context_iteration (NULL, TRUE);
  return 0;
}

static gint64
query (const char *path, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleDatabase) database = heddle_database_open (path, &error);
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
test_at_once (void)
{
  g_autofree char *directory = g_dir_make_tmp ("heddle-memory-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "test.db", NULL);
  GSubprocess *children[N_PROCESSES];
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_PROCESSES; i++)
    {
      const char name[] = { (char) ('a' + i), '\0' };

      children[i] = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--learner", path, name, NULL);
      g_assert_no_error (error);
    }
  for (guint i = 0; i < N_PROCESSES; i++)
    {
      g_assert_true (g_subprocess_wait_check (children[i], NULL, &error));
      g_assert_no_error (error);
      g_object_unref (children[i]);
    }
  g_assert_cmpint (query (path, "SELECT count(*) FROM memory_facts WHERE is_active"), ==, N_PROCESSES * N_THREADS * N_LESSONS);
  g_assert_cmpint (query (path, "SELECT count(*) FROM memory_sources"), ==, N_PROCESSES * N_THREADS * N_LESSONS);
  g_assert_cmpint (query (path, "SELECT count(*) FROM memory_entities WHERE name = 'user'"), ==, 1);
  g_assert_cmpint (query (path, "SELECT count(*) FROM memory_lessons WHERE state = 'done' AND attempts = 1"), ==, N_PROCESSES * N_THREADS * N_LESSONS);
  remove_directory (directory);
}

static void
push_fact (HeddleFakeServer *server, const char *object)
{
  g_autofree char *body = g_strdup_printf ("{\"model\":\"m\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":"
                                           "\"{\\\"facts\\\":[{\\\"subject\\\":\\\"it\\\",\\\"predicate\\\":\\\"was\\\",\\\"object\\\":\\\"%s\\\"}]}\"}}]}",
                                           object);

  heddle_fake_server_push_body (server, "200 OK", "application/json", body);
}

static void
wait_for_lessons (const char *path)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE_US;

  while (query (path, "SELECT count(*) FROM memory_lessons") < 3 && g_get_monotonic_time () < deadline)
    g_usleep (10000);
}

static void
test_kill (void)
{
  g_autofree char *directory = g_dir_make_tmp ("heddle-memory-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "test.db", NULL);
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "/v1");
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = NULL;
  Learner learner;

  heddle_fake_server_push_hanging (server, "");
  child = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--victim", path, url, NULL);
  g_assert_no_error (error);
  wait_for_lessons (path);
  while (heddle_fake_server_count (server) == 0)
    g_usleep (1000);
  g_subprocess_force_exit (child);
  g_subprocess_wait (child, NULL, NULL);
  g_assert_cmpint (query (path, "SELECT count(*) FROM memory_lessons WHERE state = 'waiting'"), ==, 3);
  g_assert_cmpint (query (path, "SELECT count(*) FROM memory_lessons WHERE worker != 0"), ==, 1);

  push_fact (server, "one");
  push_fact (server, "two");
  push_fact (server, "three");
  learner_init (&learner, path, url);
  heddle_memory_resume (learner.memory);
  while (heddle_fake_server_count (server) < 4)
    g_main_context_iteration (NULL, FALSE);
  settle (&learner);
  learner_clear (&learner);
  g_assert_cmpint (query (path, "SELECT count(*) FROM memory_lessons WHERE state = 'done'"), ==, 3);
  g_assert_cmpint (query (path, "SELECT count(*) FROM memory_facts"), ==, 3);
  remove_directory (directory);
}

int
main (int argc, char *argv[])
{
  g_setenv ("HEDDLE_DEMO_DELAY_MS", "0", TRUE);
  if (argc == 4 && g_str_equal (argv[1], "--learner"))
    return run_learner (argv[2], argv[3]);
  if (argc == 4 && g_str_equal (argv[1], "--victim"))
    return run_victim (argv[2], argv[3]);

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/memory-processes/at-once", test_at_once);
  g_test_add_func ("/memory-processes/kill", test_kill);
  return g_test_run ();
}
