/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-input.h"
#include "cli/heddle-cli-run-options.h"
#include "cli/heddle-cli.h"

#include <string.h>

/* Members of a run's budget, in the order of their options. */
static const char *const budgets[] = { "cost", "tokens", "seconds", "steps" };

typedef struct
{
  char **input;
  char **assignments;
  char **vars;
  char *to;
  char **breakpoints;
  gboolean pins;
  HeddleCliRunOptions general;
  char *budget[G_N_ELEMENTS (budgets)]; /* as typed, or NULL */
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->input);
  g_strfreev (options->assignments);
  g_strfreev (options->vars);
  g_free (options->to);
  g_strfreev (options->breakpoints);
  heddle_cli_run_options_clear (&options->general);
  for (guint i = 0; i < G_N_ELEMENTS (budgets); i++)
    g_free (options->budget[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static JsonNode *
parse_budget (const Options *options,
              GError **error)
{
  g_autoptr (JsonObject) budget = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (budgets); i++)
    {
      const char *text = options->budget[i];
      char *end = NULL;
      double value = text != NULL ? g_ascii_strtod (text, &end) : 0;

      if (text == NULL)
        continue;
      if (!(value >= 0) || value > 1e15 || end == text || *end != '\0')
        {
          g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” is no value for --budget-%s. Give a number of zero or more."), text, budgets[i]);
          return NULL;
        }
      json_object_set_member (budget, budgets[i], heddle_json_double (value));
    }
  return heddle_json_object (g_steal_pointer (&budget));
}

static gboolean
takes_text (const HeddleParamSpec *spec)
{
  switch (spec->kind)
    {
    case HEDDLE_PARAM_STRING:
    case HEDDLE_PARAM_TEXT:
    case HEDDLE_PARAM_EXPRESSION:
    case HEDDLE_PARAM_MODEL:
    case HEDDLE_PARAM_CREDENTIAL:
    case HEDDLE_PARAM_KNOWLEDGE:
    case HEDDLE_PARAM_WORKFLOW:
    case HEDDLE_PARAM_CHOICE:
      return TRUE;
    case HEDDLE_PARAM_INT:
    case HEDDLE_PARAM_DOUBLE:
    case HEDDLE_PARAM_BOOLEAN:
    case HEDDLE_PARAM_JSON:
    case HEDDLE_PARAM_PAIRS:
    case HEDDLE_PARAM_FIELDS:
    case HEDDLE_PARAM_CASES:
    case HEDDLE_PARAM_NAMES:
    default:
      return FALSE;
    }
}

static const HeddleParamSpec *
find_param (HeddleGraph *graph,
            const char *node_id,
            const char *param,
            GError **error)
{
  const HeddleNode *node = heddle_graph_find_node (graph, node_id);
  const HeddleParamSpec *spec = node != NULL && node->type != NULL ? heddle_node_type_find_param (node->type, param) : NULL;

  if (node == NULL)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("--set: the workflow has no node “%s”."), node_id);
  else if (spec == NULL)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("--set: the node “%s” has no parameter “%s”."), node_id, param);
  return spec;
}

/* NODE.PARAM=VALUE */
static gboolean
assign (HeddleDocument *document,
        const char *assignment,
        GError **error)
{
  const char *equals = strchr (assignment, '=');
  g_autofree char *target = equals != NULL ? g_strndup (assignment, equals - assignment) : NULL;
  char *dot = target != NULL ? strchr (target, '.') : NULL;
  g_autoptr (JsonNode) value = NULL;
  const HeddleParamSpec *spec;

  if (dot == NULL)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("--set takes NODE.PARAM=VALUE, not “%s”."), assignment);
      return FALSE;
    }
  *dot = '\0';
  spec = find_param (heddle_document_get_graph (document), target, dot + 1, error);
  if (spec == NULL)
    return FALSE;
  if (!takes_text (spec))
    value = heddle_json_parse (equals + 1, -1, error);
  else if (g_utf8_validate (equals + 1, -1, NULL))
    value = heddle_json_string (equals + 1);
  else
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The value is not valid UTF-8."));
  if (value == NULL || !heddle_param_check_value (spec, value, error))
    {
      g_prefix_error (error, "--set %s.%s: ", target, dot + 1);
      return FALSE;
    }
  heddle_document_set_param (document, target, dot + 1, value);
  return TRUE;
}

static gboolean
assign_all (HeddleGraph *graph,
            char **assignments,
            GError **error)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (graph);

  for (guint i = 0; assignments != NULL && assignments[i] != NULL; i++)
    {
      if (!assign (document, assignments[i], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_nodes (HeddleGraph *graph,
             const Options *options,
             GError **error)
{
  for (guint i = 0; options->breakpoints != NULL && options->breakpoints[i] != NULL; i++)
    {
      if (!heddle_cli_check_node (graph, "--break", options->breakpoints[i], error))
        return FALSE;
    }
  return heddle_cli_check_node (graph, "--to", options->to, error);
}

/* NULL: the exit status is in status. */
static HeddlePlan *
compile (HeddleServices *services,
         const char *path_or_name,
         const Options *options,
         int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_cli_load_graph (services->store, path_or_name, &error);
  g_autoptr (GPtrArray) problems = heddle_problem_list_new ();
  g_autoptr (HeddlePlan) plan = NULL;

  *status = HEDDLE_EXIT_USAGE;
  if (graph == NULL || !assign_all (graph, options->assignments, &error) || !check_nodes (graph, options, &error))
    {
      heddle_cli_fail_error (*status, error);
      return NULL;
    }
  plan = heddle_plan_compile (graph, problems, &error);
  heddle_cli_print_problems (problems);
  /* Its error is the first of the problems. */
  if (plan == NULL && !heddle_problem_list_has_errors (problems))
    heddle_cli_fail_error (*status, error);
  return g_steal_pointer (&plan);
}

/* A file that is run in memory needs no database, though its nodes may search the one there is. */
static HeddleServices *
open_services (gboolean store_is_optional,
               GError **error)
{
  HeddleServices *services = heddle_services_new (HEDDLE_SERVICES_ALL, error);

  if (services != NULL || !store_is_optional)
    return services;
  g_clear_error (error);
  return heddle_services_new (HEDDLE_SERVICES_NO_STORE, error);
}

static int
run_with_options (const char *path_or_name,
                  const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) input = NULL;
  g_autoptr (JsonNode) budget = parse_budget (options, &error);
  g_autoptr (JsonNode) vars = budget != NULL ? heddle_cli_parse_vars (options->vars, &error) : NULL;
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleRun) run = NULL;
  HeddleRunOptions begin = { .budget = budget, .vars = vars, .until = options->to, .use_pins = options->pins, .breakpoints = (const char *const *) options->breakpoints };
  HeddleCliFollow follow = { .breaks = options->breakpoints != NULL };
  int status;

  if (vars == NULL || (follow.breaks && !heddle_cli_follow_check_breaks (&error)) || !heddle_cli_run_options_parse (&options->general, &begin, &follow, &error))
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  if (options->input != NULL && (input = heddle_cli_parse_input ((const char *const *) options->input, &error)) == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  services = open_services (follow.unstored && heddle_cli_is_file (path_or_name), &error);
  if (services == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  plan = compile (services, path_or_name, options, &status);
  if (plan == NULL)
    return status;
  run = heddle_engine_start (services->engine, plan, input, &begin);
  return heddle_cli_follow (services, run, &follow);
}

int
heddle_cli_run (int argc,
                char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "input", 'i', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.input, N_ ("The run's input: JSON, @FILE, - for standard input, FIELD=TEXT, or FIELD=@FILE for a picture or a file"), N_ ("INPUT") },
    { "set", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.assignments, N_ ("Change a parameter for this run"), N_ ("NODE.PARAM=VALUE") },
    { "var", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.vars, N_ ("Set a variable of the run"), N_ ("NAME=JSON") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options.to, N_ ("Run only this node and what it needs"), N_ ("NODE") },
    { "pins", 0, 0, G_OPTION_ARG_NONE, &options.pins, N_ ("Take pinned outputs instead of running their nodes, as the window does"), NULL },
    { "break", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.breakpoints, N_ ("Stop before this node, show what it gets and ask how to go on"), N_ ("NODE") },
    HEDDLE_CLI_RUN_ENTRIES (options.general),
    { "budget-cost", 0, 0, G_OPTION_ARG_STRING, &options.budget[0], N_ ("Stop the run when it has cost more"), N_ ("USD") },
    { "budget-tokens", 0, 0, G_OPTION_ARG_STRING, &options.budget[1], N_ ("Stop the run when it has used more tokens"), N_ ("N") },
    { "budget-seconds", 0, 0, G_OPTION_ARG_STRING, &options.budget[2], N_ ("Stop the run when it takes longer"), N_ ("N") },
    { "budget-steps", 0, 0, G_OPTION_ARG_STRING, &options.budget[3], N_ ("Stop the run before it takes more steps (10 000)"), N_ ("N") },
    { NULL }
  };
  int status;

  if (!heddle_cli_parse ("run", entries, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return heddle_cli_fail_usage ("run");
  return run_with_options (argv[1], &options);
}
