/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "heddle-error.h"
#include "heddle-harness.h"
#include "run/heddle-run-again.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

/*
 * Random workflows with branches, maps, loops, circles, retries and requests are run by child processes that are killed at random moments, several times
 * each, and gone on with. A server counts what reached it. HEDDLE_TEST_KILLS says how often; a full round is 200.
 */

#define DEFAULT_KILLS 40
#define KILLS_PER_RUN 4
#define MAX_DELAY_MS 70

static char *program;

/* The server: a thread of its own that is slow at random, so that kills find requests under way. */
typedef struct
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  GMutex lock;
  GCond begun;
  GHashTable *counts; /* path → number of requests */
  guint port;
} Server;

static guint
count_request (Server *self, const char *path)
{
  guint count;

  g_mutex_lock (&self->lock);
  count = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, path)) + 1;
  g_hash_table_insert (self->counts, g_strdup (path), GUINT_TO_POINTER (count));
  g_mutex_unlock (&self->lock);
  return count;
}

/* "GET /path HTTP/1.1", and all up to the empty line; a client that was killed in it has no path. */
static char *
read_path (GSocketConnection *connection)
{
  g_autoptr (GDataInputStream) stream = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_autofree char *request = NULL;
  g_autofree char *line = NULL;
  g_auto (GStrv) words = NULL;

  g_data_input_stream_set_newline_type (stream, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (stream), FALSE);
  request = g_data_input_stream_read_line (stream, NULL, NULL, NULL);
  for (line = g_strdup (request); line != NULL && *line != '\0';)
    {
      g_free (line);
      line = g_data_input_stream_read_line (stream, NULL, NULL, NULL);
    }
  words = line != NULL ? g_strsplit (request, " ", 3) : NULL;
  return words != NULL && g_strv_length (words) == 3 ? g_strdup (words[1]) : NULL;
}

/* In a thread for each connection, which has one request. What is called flaky refuses the first time. */
static gboolean
serve_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  static const char fine[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfine";
  static const char later[] = "HTTP/1.1 503 Busy\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlater";
  g_autofree char *path = read_path (connection);
  const char *answer = fine;

  if (path == NULL)
    return TRUE;
  if (count_request (data, path) == 1 && strstr (path, "flaky") != NULL)
    answer = later;
  g_usleep (g_random_int_range (0, 6000));
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), answer, strlen (answer), NULL, NULL, NULL);
  return TRUE;
}

static gpointer
server_thread (gpointer data)
{
  Server *self = data;
  g_autoptr (GSocketService) service = NULL;
  g_autoptr (GError) error = NULL;
  guint port;

  g_main_context_push_thread_default (self->context);
  service = g_threaded_socket_service_new (16);
  g_signal_connect (service, "run", G_CALLBACK (serve_cb), self);
  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, &error);
  g_assert_no_error (error);
  g_mutex_lock (&self->lock);
  self->port = port;
  g_cond_signal (&self->begun);
  g_mutex_unlock (&self->lock);
  g_main_loop_run (self->loop);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static Server *
server_new (void)
{
  Server *self = g_new0 (Server, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->begun);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("server", server_thread, self);
  g_mutex_lock (&self->lock);
  while (self->port == 0)
    g_cond_wait (&self->begun, &self->lock);
  g_mutex_unlock (&self->lock);
  return self;
}

static void
server_free (Server *self)
{
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_hash_table_unref (self->counts);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->begun);
  g_free (self);
}

/* A workflow being written down. */
typedef struct
{
  GRand *rand;
  GString *nodes;
  GString *edges;
  const char *url; /* of all its requests */
} Writer;

static void
add_node (Writer *self, const char *id, const char *type, const char *parent, const char *params)
{
  g_string_append_printf (self->nodes, "%s{\"id\":\"%s\",\"type\":\"%s\",\"params\":%s%s%s%s}", self->nodes->len > 0 ? "," : "", id, type, params,
                          parent != NULL ? ",\"parent\":\"" : "", parent != NULL ? parent : "", parent != NULL ? "\"" : "");
}

static void
add_edge (Writer *self, const char *from, const char *to)
{
  g_string_append_printf (self->edges, "%s{\"from\":\"%s\",\"to\":\"%s\"}", self->edges->len > 0 ? "," : "", from, to);
}

/* path may be a template. */
static void
add_request (Writer *self, const char *id, const char *parent, const char *method, const char *path)
{
  g_autofree char *params = g_strdup_printf ("{\"method\":\"%s\",\"url\":\"%s/%s\"}", method, self->url, path);

  add_node (self, id, "http", parent, params);
}

static const char *
choose_method (Writer *self)
{
  static const char *const methods[] = { "GET", "PUT", "POST" };

  return methods[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (methods))];
}

/* Three rounds of a request and a pause, without a frame; it is left at "idc.false". */
static void
add_circle (Writer *self, const char *id)
{
  g_autofree char *request = g_strconcat (id, "q", NULL);
  g_autofree char *pause = g_strconcat (id, "p", NULL);
  g_autofree char *check = g_strconcat (id, "c", NULL);
  g_autofree char *around = g_strconcat (check, ".true", NULL);
  g_autofree char *path = g_strdup_printf ("%s/{{ $loop.index }}", request);

  add_node (self, id, "template", NULL, "{\"text\":\"{{ $loop.index }}\"}");
  add_request (self, request, NULL, choose_method (self), path);
  add_node (self, pause, "wait", NULL, "{\"seconds\":0.004}");
  add_node (self, check, "if-else", NULL, "{\"condition\":\"$loop.index < 2\"}");
  add_edge (self, id, pause);
  add_edge (self, pause, request);
  add_edge (self, request, check);
  add_edge (self, around, id);
}

/* What is in the frame gives the run an output, which is that of its last round. */
static void
add_inner_output (Writer *self, const char *id, const char *before)
{
  g_autofree char *output = g_strconcat (id, "o", NULL);

  add_node (self, output, "output", id, "{\"value\":\"{{ $loop.index }}\"}");
  add_edge (self, before, output);
}

/* A frame with a request and a pause for each item or round. */
static void
add_frame (Writer *self, const char *id, gboolean is_map)
{
  g_autofree char *request = g_strconcat (id, "r", NULL);
  g_autofree char *pause = g_strconcat (id, "p", NULL);
  g_autofree char *path = g_strdup_printf ("%s/{{ $loop.index }}", request);
  g_autofree char *begin = g_strdup_printf ("%s.%s", id, is_map ? "item" : "body");
  g_autofree char *end = g_strdup_printf ("%s.%s", id, is_map ? "result" : "next");

  add_node (self, id, is_map ? "map" : "loop", NULL, is_map ? "{\"items\":\"[1,2,3,4]\",\"concurrency\":2}" : "{\"mode\":\"times\",\"times\":3}");
  add_request (self, request, id, choose_method (self), path);
  add_node (self, pause, "wait", id, "{\"seconds\":0.004}");
  add_edge (self, begin, pause);
  add_edge (self, pause, request);
  add_edge (self, request, end);
  if (!is_map && g_rand_boolean (self->rand))
    add_inner_output (self, id, request);
}

/* Where it is left. */
static char *
add_step (Writer *self, const char *id)
{
  g_autofree char *flaky = g_strconcat (id, "flaky", NULL);

  switch (g_rand_int_range (self->rand, 0, 7))
    {
    case 0:
      add_node (self, id, "template", NULL, "{\"text\":\"({{ $input }})\"}");
      break;
    case 1:
      add_node (self, id, "wait", NULL, "{\"seconds\":0.01}");
      break;
    case 2:
      add_request (self, id, NULL, "GET", flaky);
      break;
    case 3:
      add_frame (self, id, g_rand_boolean (self->rand));
      break;
    case 4:
      add_circle (self, id);
      return g_strconcat (id, "c.false", NULL);
    default:
      add_request (self, id, NULL, choose_method (self), id);
      break;
    }
  return g_strdup (id);
}

/* The same for the same seed, but for the address of the requests. */
static char *
write_workflow (guint seed, const char *url)
{
  Writer writer = { g_rand_new_with_seed (seed), g_string_new (NULL), g_string_new (NULL), url };
  int n_steps = g_rand_int_range (writer.rand, 6, 11);
  g_autoptr (GPtrArray) ways = g_ptr_array_new_with_free_func (g_free);
  char *json;

  add_node (&writer, "start", "template", NULL, "{\"text\":\"go\"}");
  add_node (&writer, "out", "output", NULL, "{}");
  for (int i = 0; i < n_steps; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%d", i);
      const char *before = i > 0 ? g_ptr_array_index (ways, g_rand_int_range (writer.rand, MAX (i - 3, 0), i)) : "start";
      char *way = add_step (&writer, id);

      g_ptr_array_add (ways, way);
      add_edge (&writer, before, id);
      if (i >= n_steps - 2)
        add_edge (&writer, way, "out");
    }
  json = g_strdup_printf ("{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"w%u\",\"name\":\"Random\",\"nodes\":[%s],\"edges\":[%s]}", seed,
                          writer.nodes->str, writer.edges->str);
  g_rand_free (writer.rand);
  g_string_free (writer.nodes, TRUE);
  g_string_free (writer.edges, TRUE);
  return json;
}

static HeddlePlan *
compile (const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, &error);
  HeddlePlan *plan;

  g_assert_no_error (error);
  plan = heddle_plan_compile (graph, NULL, &error);
  g_assert_no_error (error);
  return plan;
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

/* NULL: there is no such run, as the process was gone before it began; or it had ended before the process went. */
static HeddleRun *
resume (HeddleEngine *engine, const char *id, gboolean *ended)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  HeddleRun *run;

  heddle_engine_resume_async (engine, id, NULL, NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  run = heddle_engine_resume_finish (engine, result, &error);
  *ended = g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  if (!*ended && !g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND))
    g_assert_no_error (error);
  return run;
}

/* The person says of all that is in doubt that it is to be done again. */
static void
answer_all (HeddleRun *run)
{
  g_autoptr (JsonNode) questions = heddle_run_dup_questions (run);
  JsonArray *array = json_node_get_array (questions);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autoptr (JsonNode) answer = heddle_harness_json ("{\"action\":\"retry\"}");
      g_autoptr (GError) error = NULL;

      heddle_run_answer (run, heddle_json_get_string (json_array_get_element (array, i), "id", ""), answer, &error);
      g_assert_no_error (error);
    }
}

static gboolean
answer_cb (gpointer run)
{
  answer_all (run);
  return G_SOURCE_CONTINUE;
}

static HeddleRunState
follow (HeddleRun *run)
{
  HeddleRunState state;

  g_timeout_add (2, answer_cb, run);
  while ((state = heddle_run_get_state (run)) == HEDDLE_RUN_RUNNING)
    g_main_context_iteration (NULL, TRUE);
  return state;
}

/* The child: begins the run, or goes on with it, to its end. */
static int
run_child (const char *path, const char *id, const char *file)
{
  g_autoptr (GError) error = NULL;
  HeddleEngineServices services = { .store = heddle_store_new (path, &error), .retry_base_ms = 1 };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  g_autofree char *json = NULL;
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleRun) run = NULL;
  HeddleRunOptions options = { .id = id };
  HeddleRunState state;
  gboolean ended;

  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (file, &json, NULL, NULL));
  plan = compile (json);
  run = resume (engine, id, &ended);
  if (run == NULL && !ended)
    run = heddle_engine_start (engine, plan, NULL, &options);
  if (write (STDOUT_FILENO, "b", 1) != 1)
    return 2;
  state = ended ? HEDDLE_RUN_OK : follow (run);
  heddle_engine_shutdown (engine);
  g_object_unref (services.store);
  return state == HEDDLE_RUN_OK ? 0 : 1;
}

/* Whether it was killed before it ended; delay_ms < 0: it is left alone. */
static gboolean
run_and_kill (const char *path, const char *id, const char *file, int delay_ms)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--child", path, id, file, NULL);
  char begun;
  gsize n_read;

  g_assert_no_error (error);
  g_input_stream_read_all (g_subprocess_get_stdout_pipe (child), &begun, 1, &n_read, NULL, NULL);
  g_assert_cmpuint (n_read, ==, 1);
  if (delay_ms >= 0)
    {
      g_usleep (delay_ms * 1000);
      g_subprocess_send_signal (child, SIGKILL);
    }
  g_subprocess_wait (child, NULL, NULL);
  if (g_subprocess_get_if_exited (child))
    g_assert_cmpint (g_subprocess_get_exit_status (child), ==, 0);
  return !g_subprocess_get_if_exited (child);
}

static char *
place_of (const HeddleEvent *event)
{
  return g_strdup_printf ("%s/%s", event->scope != NULL ? event->scope : "", event->node);
}

static void
increment (GHashTable *counts, char *key)
{
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key));

  g_hash_table_replace (counts, key, GUINT_TO_POINTER (count + 1));
}

/* What a run's log says of each place: attempts, ends and questions about doubts. */
typedef struct
{
  GHashTable *starts;
  GHashTable *ends;
  GHashTable *doubts;
} Tally;

static void
tally_event (Tally *tally, const HeddleEvent *event)
{
  const char *kind = heddle_json_get_string (event->data, "kind", "");

  if (event->kind == HEDDLE_EVENT_NODE_STARTED)
    increment (tally->starts, place_of (event));
  else if (event->kind == HEDDLE_EVENT_NODE_FINISHED)
    increment (tally->ends, place_of (event));
  else if (event->kind == HEDDLE_EVENT_RUN_ASKED && strcmp (kind, "in-doubt") == 0)
    increment (tally->doubts, g_strdup_printf ("%s/%s", heddle_json_get_string (event->data, "scope", ""), heddle_json_get_string (event->data, "node", "")));
}

static guint
look_up (GHashTable *counts, const char *key)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (counts, key));
}

/* "n3" → "/n3", "n3r/1" → "n3#1/n3r", and in a circle "n3q/1" → "@n3#1/n3q". */
static char *
place_of_path (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", 2);
  g_autofree char *node = g_strdup (parts[0]);

  if (g_str_has_suffix (node, "flaky"))
    node[strlen (node) - strlen ("flaky")] = '\0';
  if (parts[1] == NULL)
    return g_strconcat ("/", node, NULL);
  return g_strdup_printf ("%s%.*s#%s/%s", g_str_has_suffix (node, "q") ? "@" : "", (int) strlen (node) - 1, node, parts[1], node);
}

/*
 * A request for each attempt at most, and for each kill one whose beginning was not written yet; of what must not be done twice, one, and one more
 * for each time that a person said so.
 */
static void
check_requests (Server *server, const char *base, guint n_kills, const Tally *tally, const char *json)
{
  GHashTableIter iter;
  gpointer key, value;

  g_mutex_lock (&server->lock);
  g_hash_table_iter_init (&iter, server->counts);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_autofree char *place = NULL;
      g_autofree char *unsafe = NULL;
      const char *node;

      if (!g_str_has_prefix (key, base))
        continue;
      place = place_of_path ((const char *) key + strlen (base));
      node = strrchr (place, '/') + 1;
      unsafe = g_strdup_printf ("\"id\":\"%s\",\"type\":\"http\",\"params\":{\"method\":\"POST\"", node);
      g_assert_cmpuint (look_up (tally->starts, place), >, 0);
      g_assert_cmpuint (GPOINTER_TO_UINT (value), <=, look_up (tally->starts, place) + n_kills);
      if (strstr (json, unsafe) != NULL)
        g_assert_cmpuint (GPOINTER_TO_UINT (value), <=, 1 + look_up (tally->doubts, place));
    }
  g_mutex_unlock (&server->lock);
}

static void
check_run (Server *server, const char *path, const char *id, const char *base, const char *json, guint n_kills, JsonNode *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleStore) store = heddle_store_new (path, &error);
  g_autoptr (GPtrArray) events = heddle_store_load_run (store, id, NULL, NULL, &error);
  Tally tally = {
    .starts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .ends = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .doubts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
  };
  HeddleEvent *last;
  GHashTableIter iter;
  gpointer key, value;

  g_assert_no_error (error);
  for (guint i = 0; i < events->len; i++)
    tally_event (&tally, g_ptr_array_index (events, i));
  g_hash_table_iter_init (&iter, tally.ends);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      if (GPOINTER_TO_UINT (value) != 1)
        g_error ("%s ended %u times", (char *) key, GPOINTER_TO_UINT (value));
    }
  check_requests (server, base, n_kills, &tally, json);
  last = g_ptr_array_index (events, events->len - 1);
  g_assert_cmpint (last->kind, ==, HEDDLE_EVENT_RUN_FINISHED);
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (last->data, "error"), "message", NULL), ==, NULL);
  g_assert_cmpstr (heddle_json_get_string (last->data, "state", NULL), ==, "ok");
  g_assert_true (heddle_json_equal (heddle_json_member (last->data, "output"), expected));
  g_hash_table_unref (tally.starts);
  g_hash_table_unref (tally.ends);
  g_hash_table_unref (tally.doubts);
}

/* What the workflow gives when nothing happens to it. */
static JsonNode *
run_undisturbed (Server *server, guint seed)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/u%u", server->port, seed);
  g_autofree char *json = write_workflow (seed, url);
  const HeddleEngineServices services = { .retry_base_ms = 1 };
  g_autoptr (HeddleHarnessResult) result = heddle_harness_run_plan (compile (json), &services, NULL);

  g_assert_no_error (result->error);
  return json_node_ref (result->output);
}

/* The number of kills. */
static guint
disturb (Server *server, const char *directory, guint seed, GRand *rand)
{
  g_autofree char *path = g_build_filename (directory, "test.db", NULL);
  g_autofree char *file = g_build_filename (directory, "workflow.json", NULL);
  g_autofree char *id = g_strdup_printf ("run%u", seed);
  g_autofree char *base = g_strdup_printf ("/k%u/", seed);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/k%u", server->port, seed);
  g_autofree char *json = write_workflow (seed, url);
  g_autoptr (JsonNode) expected = run_undisturbed (server, seed);
  guint n_kills = 0;

  g_assert_true (g_file_set_contents (file, json, -1, NULL));
  while (n_kills < KILLS_PER_RUN && run_and_kill (path, id, file, g_rand_int_range (rand, 0, MAX_DELAY_MS)))
    n_kills++;
  if (n_kills == KILLS_PER_RUN)
    run_and_kill (path, id, file, -1);
  check_run (server, path, id, base, json, n_kills, expected);
  return n_kills;
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
test_random_moments (void)
{
  g_autofree char *directory = g_dir_make_tmp ("heddle-resume-kill-XXXXXX", NULL);
  const char *wanted = g_getenv ("HEDDLE_TEST_KILLS");
  guint n_wanted = wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : DEFAULT_KILLS;
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  Server *server = server_new ();
  guint n_kills = 0, n_runs = 0;

  while (n_kills < n_wanted)
    n_kills += disturb (server, directory, ++n_runs, rand);
  g_test_message ("%u kills in %u runs", n_kills, n_runs);
  server_free (server);
  remove_directory (directory);
}

int
main (int argc, char *argv[])
{
  if (argc == 5 && g_str_equal (argv[1], "--child"))
    return run_child (argv[2], argv[3], argv[4]);

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resume-kill/random-moments", test_random_moments);
  return g_test_run ();
}
