/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-run-options.h"
#include "cli/heddle-cli-wait.h"
#include "cli/heddle-cli.h"

#include <string.h>

/* Commands that begin with a stored run: resume, fork and replay. */

typedef struct
{
  HeddleCliRunOptions general;
  char *from;
  char *to;
  char **outputs;
  gboolean latest;
  char *workflow;
  char *live_from;
} Options;

static void
options_clear (Options *options)
{
  heddle_cli_run_options_clear (&options->general);
  g_free (options->from);
  g_free (options->to);
  g_strfreev (options->outputs);
  g_free (options->workflow);
  g_free (options->live_from);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* A stored run: whole id, its workflow, and the text of that as it ran. */
typedef struct
{
  char *id;
  char *workflow;
  char *source;
} Origin;

static void
origin_clear (Origin *origin)
{
  g_free (origin->id);
  g_free (origin->workflow);
  g_free (origin->source);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Origin, origin_clear)

static gboolean
find_origin (HeddleStore *store,
             const char *run,
             Origin *origin,
             GError **error)
{
  HeddleRunInfo *info = NULL;
  g_autoptr (GPtrArray) events = heddle_store_load_run (store, run, &info, &origin->source, error);

  if (events == NULL)
    return FALSE;
  origin->id = g_steal_pointer (&info->id);
  origin->workflow = g_steal_pointer (&info->workflow);
  heddle_run_info_free (info);
  return TRUE;
}

/* "NODE=JSON", where the node may stand in an item: "map1#3/node=JSON". */
static gboolean
add_output (JsonObject *outputs,
            const char *assignment,
            GError **error)
{
  const char *equals = strchr (assignment, '=');
  g_autofree char *node = equals != NULL ? g_strndup (assignment, equals - assignment) : NULL;
  JsonNode *value;

  if (node == NULL || *node == '\0')
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("--set takes NODE=JSON, not “%s”."), assignment);
      return FALSE;
    }
  value = heddle_json_parse (equals + 1, -1, error);
  if (value == NULL)
    {
      g_prefix_error (error, _ ("--set %s is not JSON, where a text stands in quotes: "), node);
      return FALSE;
    }
  json_object_set_member (outputs, node, value);
  return TRUE;
}

static JsonNode *
parse_outputs (char **assignments,
               GError **error)
{
  g_autoptr (JsonObject) outputs = json_object_new ();

  for (guint i = 0; assignments[i] != NULL; i++)
    {
      if (!add_output (outputs, assignments[i], error))
        return NULL;
    }
  return heddle_json_object (g_steal_pointer (&outputs));
}

/* As it ran then, as it is now, or another one. */
static HeddleGraph *
load_graph (HeddleStore *store,
            const Origin *origin,
            const Options *options,
            GError **error)
{
  HeddleGraph *graph;

  if (options->workflow != NULL)
    return heddle_cli_load_graph (store, options->workflow, error);
  if (!options->latest)
    return heddle_graph_new_from_json (origin->source, -1, error);
  graph = heddle_cli_load_graph (store, origin->workflow, error);
  if (graph == NULL)
    g_prefix_error (error, _ ("The workflow of this run is not in the library, so its file has to be named with --workflow: "));
  return graph;
}

static gboolean
check_outputs (HeddleGraph *graph,
               JsonNode *outputs,
               GError **error)
{
  JsonObjectIter iter;
  const char *path;

  if (outputs == NULL)
    return TRUE;
  json_object_iter_init_ordered (&iter, json_node_get_object (outputs));
  while (json_object_iter_next_ordered (&iter, &path, NULL))
    {
      const char *slash = strrchr (path, '/');

      if (!heddle_cli_check_node (graph, "--set", slash != NULL ? slash + 1 : path, error))
        return FALSE;
    }
  return TRUE;
}

static int
wait_and_follow (const HeddleCliFollow *follow,
                 HeddleServices *services,
                 const HeddleRunAgain *again)
{
  g_autoptr (GError) error = NULL;
  g_auto (HeddleCliWait) wait;
  g_autoptr (HeddleRun) run = NULL;

  heddle_cli_wait_init (&wait);
  heddle_engine_run_again_async (services->engine, again, NULL, heddle_cli_wait_cb, &wait);
  run = heddle_engine_run_again_finish (services->engine, heddle_cli_wait_for (&wait), &error);
  if (run == NULL)
    return heddle_cli_fail_request (error);
  return heddle_cli_follow (services, run, follow);
}

static int
run_again (HeddleServices *services,
           const Origin *origin,
           const Options *options,
           HeddleRunAgain *again)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = heddle_problem_list_new ();
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleGraph) graph = load_graph (services->store, origin, options, &error);
  HeddleCliFollow follow = { 0 };

  if (graph == NULL || !heddle_cli_check_node (graph, "--from", again->from, &error) ||
      !heddle_cli_check_node (graph, "--to", again->until, &error) || !heddle_cli_check_node (graph, "--live-from", again->live, &error) ||
      !check_outputs (graph, again->outputs, &error) || !heddle_cli_run_options_parse (&options->general, &again->options, &follow, &error))
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  if (options->latest || options->workflow != NULL)
    {
      plan = heddle_plan_compile (graph, problems, &error);
      heddle_cli_print_problems (problems);
      if (plan == NULL)
        return HEDDLE_EXIT_USAGE;
    }
  again->run = origin->id;
  again->plan = plan;
  return wait_and_follow (&follow, services, again);
}

static HeddleServices *
open_origin (const char *run,
             Origin *origin,
             int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleServices) services = heddle_services_new (HEDDLE_SERVICES_ALL, &error);

  if (services != NULL && find_origin (services->store, run, origin, &error))
    return g_steal_pointer (&services);
  *status = services != NULL ? heddle_cli_fail_request (error) : heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  return NULL;
}

static int
resume (HeddleServices *services,
        const Origin *origin,
        const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (HeddleCliWait) wait;
  g_autoptr (HeddleRun) run = NULL;
  HeddleRunOptions begin = { 0 };
  HeddleCliFollow follow = { 0 };

  heddle_cli_wait_init (&wait);
  if (!heddle_cli_run_options_parse (&options->general, &begin, &follow, &error))
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  heddle_engine_resume_async (services->engine, origin->id, &begin, NULL, heddle_cli_wait_cb, &wait);
  run = heddle_engine_resume_finish (services->engine, heddle_cli_wait_for (&wait), &error);
  if (run != NULL)
    return heddle_cli_follow (services, run, &follow);
  if (g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID))
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  return heddle_cli_fail_request (error);
}

int
heddle_cli_resume (int argc,
                   char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    HEDDLE_CLI_RUN_ENTRIES (options.general),
    { NULL }
  };
  g_autoptr (HeddleServices) services = NULL;
  g_auto (Origin) origin = { 0 };
  int status;

  if (!heddle_cli_parse ("resume", entries, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return heddle_cli_fail_usage ("resume");
  services = open_origin (argv[1], &origin, &status);
  return services != NULL ? resume (services, &origin, &options) : status;
}

int
heddle_cli_fork (int argc,
                 char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from, N_ ("Run this node and what follows it again; otherwise only what did not finish"), N_ ("NODE") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options.to, N_ ("Run only this node and what it needs"), N_ ("NODE") },
    { "set", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.outputs, N_ ("Take this as what a node gave; what follows it runs again"), N_ ("NODE=JSON") },
    { "latest", 0, 0, G_OPTION_ARG_NONE, &options.latest, N_ ("With the workflow as it is now, not as it was then"), NULL },
    { "workflow", 0, 0, G_OPTION_ARG_FILENAME, &options.workflow, N_ ("With this workflow, not as it was then"), N_ ("FILE|NAME") },
    HEDDLE_CLI_RUN_ENTRIES (options.general),
    { NULL }
  };
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (JsonNode) outputs = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Origin) origin = { 0 };
  HeddleRunAgain again = { 0 };
  int status;

  if (!heddle_cli_parse ("fork", entries, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return heddle_cli_fail_usage ("fork");
  if (options.outputs != NULL && (outputs = parse_outputs (options.outputs, &error)) == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  services = open_origin (argv[1], &origin, &status);
  if (services == NULL)
    return status;
  again.from = options.from;
  again.until = options.to;
  again.outputs = outputs;
  return run_again (services, &origin, &options, &again);
}

int
heddle_cli_replay (int argc,
                   char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "live-from", 0, 0, G_OPTION_ARG_STRING, &options.live_from, N_ ("From this node on, ask the world again"), N_ ("NODE") },
    { "latest", 0, 0, G_OPTION_ARG_NONE, &options.latest, N_ ("With the workflow as it is now, not as it was then"), NULL },
    { "workflow", 0, 0, G_OPTION_ARG_FILENAME, &options.workflow, N_ ("With this workflow, not as it was then"), N_ ("FILE|NAME") },
    HEDDLE_CLI_RUN_ENTRIES (options.general),
    { NULL }
  };
  g_autoptr (HeddleServices) services = NULL;
  g_auto (Origin) origin = { 0 };
  HeddleRunAgain again = { .replay = TRUE };
  int status;

  if (!heddle_cli_parse ("replay", entries, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return heddle_cli_fail_usage ("replay");
  services = open_origin (argv[1], &origin, &status);
  if (services == NULL)
    return status;
  again.live = options.live_from;
  return run_again (services, &origin, &options, &again);
}
