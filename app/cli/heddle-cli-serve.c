/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-text.h"
#include "cli/heddle-cli.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  int port;
  char *address;
  char *token_file;
} Options;

typedef struct
{
  GMainLoop *loop;
  HeddleServer *server;
  HeddleStore *store;
  GPtrArray *plans; /* HeddlePlan: named on the command line */
  int status;
} Session;

static void
options_clear (Options *options)
{
  g_free (options->address);
  g_free (options->token_file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
print_workflow (const char *workflow)
{
  g_autofree char *slug = heddle_make_slug (workflow);
  g_autofree char *name = heddle_cli_clip (workflow, 0);

  g_print ("  %s  POST /v1/workflows/%s/run\n", name, slug);
}

static void
print_served (Session *session)
{
  g_autoptr (GPtrArray) active = heddle_store_list_activations (session->store, NULL);

  for (guint i = 0; i < session->plans->len; i++)
    print_workflow (heddle_plan_get_name (g_ptr_array_index (session->plans, i)));
  for (guint i = 0; active != NULL && i < active->len; i++)
    {
      const HeddleActivation *activation = g_ptr_array_index (active, i);
      const char *problem = heddle_server_get_problem (session->server, activation->workflow);

      print_workflow (activation->name);
      if (problem != NULL)
        g_print ("    %s\n", problem);
    }
}

static void
changed_cb (HeddleServer *server, Session *session)
{
  const char *message = heddle_server_get_message (server);

  switch (heddle_server_get_state (server))
    {
    case HEDDLE_SERVER_RUNNING:
      g_print (_ ("Heddle serves at %s"), heddle_server_get_url (server));
      g_print ("\n");
      print_served (session);
      break;
    case HEDDLE_SERVER_ELSEWHERE:
    case HEDDLE_SERVER_FAILED:
      session->status = heddle_cli_fail (HEDDLE_EXIT_FAILED, message != NULL ? message : _ ("The server could not be started."));
      g_main_loop_quit (session->loop);
      break;
    case HEDDLE_SERVER_STARTING:
    case HEDDLE_SERVER_STOPPED:
    default:
      break;
    }
  fflush (stdout);
}

/* "17:03:12  POST /v1/workflows/triage/run  200  1.204 s  019a…" */
static void
request_cb (HeddleServer *server, HeddleServerRequest *request, Session *session)
{
  g_autofree char *time = heddle_cli_format_time (request->time);
  g_autofree char *path = heddle_cli_clip (request->path, 0);

  g_print ("%s  %s %s  %u  %.3f s%s%s\n", time, request->method, path, request->status, request->duration / (double) G_USEC_PER_SEC,
           request->run != NULL ? "  " : "", request->run != NULL ? request->run : "");
  fflush (stdout);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static HeddlePlan *
load_plan (HeddleStore *store, const char *name, GError **error)
{
  g_autoptr (HeddleGraph) graph = heddle_cli_load_graph (store, name, error);
  g_autoptr (GPtrArray) problems = heddle_problem_list_new ();
  HeddlePlan *plan = graph != NULL ? heddle_plan_compile (graph, problems, error) : NULL;

  heddle_cli_print_problems (problems);
  return plan;
}

/* NULL with error when one of them cannot be served. */
static GPtrArray *
load_plans (HeddleStore *store, char **names, GError **error)
{
  g_autoptr (GPtrArray) plans = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_plan_unref);

  for (guint i = 0; names[i] != NULL; i++)
    {
      HeddlePlan *plan = load_plan (store, names[i], error);

      if (plan == NULL)
        return NULL;
      g_ptr_array_add (plans, plan);
    }
  return g_steal_pointer (&plans);
}

static gboolean
read_token (const char *path, char **token, GError **error)
{
  gsize length;

  if (path == NULL)
    return TRUE;
  *token = heddle_cli_read_file (path, &length, error);
  if (*token == NULL)
    return FALSE;
  g_strstrip (*token);
  if (strlen (*token) >= 16)
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The token in “%s” is too short. Write at least 16 characters into the file."), path);
  return FALSE;
}

static int
serve (HeddleServices *services, const HeddleServerOptions *options)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (HeddleServer) server = heddle_server_new (options);
  Session session = { loop, server, services->store, options->plans, HEDDLE_EXIT_OK };
  guint interrupt = g_unix_signal_add (SIGINT, quit_cb, loop);
  guint terminate = g_unix_signal_add (SIGTERM, quit_cb, loop);

  g_signal_connect (server, "changed", G_CALLBACK (changed_cb), &session);
  g_signal_connect (server, "request", G_CALLBACK (request_cb), &session);
  if (options->address != NULL)
    g_printerr ("%s\n", _ ("Other machines can reach this server, without encryption. Whoever has the token can run the workflows."));
  heddle_server_start (server);
  g_main_loop_run (loop);
  g_signal_handlers_disconnect_by_data (server, &session);
  heddle_server_stop (server);
  g_source_remove (terminate);
  g_source_remove (interrupt);
  return session.status;
}

static int
serve_with_options (const Options *given, char **names)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleServices) services = heddle_services_new (HEDDLE_SERVICES_ALL, &error);
  g_autoptr (GPtrArray) plans = NULL;
  g_autofree char *token = NULL;
  HeddleServerOptions options = { .program = "heddle serve", .port = given->port, .address = given->address };
  int status;

  if (services == NULL || !read_token (given->token_file, &token, &error))
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  plans = load_plans (services->store, names, &error);
  if (plans == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  options.engine = services->engine;
  options.store = services->store;
  options.secrets = services->secrets;
  options.plans = plans;
  options.token = token;
  status = serve (services, &options);
  if (token != NULL)
    explicit_bzero (token, strlen (token));
  return status;
}

int
heddle_cli_serve (int argc, char **argv)
{
  g_auto (Options) options = { .port = -1 };
  const GOptionEntry entries[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &options.port, N_ ("The port; 0 is any that is free"), N_ ("N") },
    { "open", 0, 0, G_OPTION_ARG_STRING, &options.address, N_ ("Let other machines in, by this address of the computer"), N_ ("ADDRESS") },
    { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &options.token_file, N_ ("Take the token from a file"), N_ ("FILE") },
    { NULL }
  };
  int status;

  if (!heddle_cli_parse ("serve", entries, &argc, &argv, &status))
    return status;
  if (options.port > 65535 || options.port < -1)
    return heddle_cli_fail (HEDDLE_EXIT_USAGE, _ ("--port takes a number from 0 to 65535."));
  return serve_with_options (&options, argv + 1);
}

int
heddle_cli_activate (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (GPtrArray) problems = heddle_problem_list_new ();
  g_autoptr (HeddleServing) serving = NULL;
  int status;

  if (!heddle_cli_parse ("activate", NULL, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return heddle_cli_fail_usage ("activate");
  services = heddle_services_new (HEDDLE_SERVICES_NO_ENGINE, &error);
  if (services == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  if (!heddle_activate (services->store, argv[1], problems, &error))
    {
      heddle_cli_print_problems (problems);
      return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
    }
  serving = heddle_store_get_serving (services->store);
  if (serving != NULL)
    g_print (_ ("“%s” is active at %s."), argv[1], serving->address);
  else
    g_print (_ ("“%s” is active. “heddle serve” or the window serves it."), argv[1]);
  g_print ("\n");
  return HEDDLE_EXIT_OK;
}

int
heddle_cli_deactivate (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleServices) services = NULL;
  int status;

  if (!heddle_cli_parse ("deactivate", NULL, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return heddle_cli_fail_usage ("deactivate");
  services = heddle_services_new (HEDDLE_SERVICES_NO_ENGINE, &error);
  if (services == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  if (!heddle_deactivate (services->store, argv[1], &error))
    return heddle_cli_fail_request (error);
  return HEDDLE_EXIT_OK;
}
