/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli.h"

#include <stdio.h>

static JsonNode *
problem_to_json (const HeddleProblem *problem)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "severity", problem->severity == HEDDLE_SEVERITY_ERROR ? "error" : "warning");
  if (problem->node != NULL)
    json_object_set_string_member (object, "node", problem->node);
  if (problem->port != NULL)
    json_object_set_string_member (object, "port", problem->port);
  if (problem->param != NULL)
    json_object_set_string_member (object, "param", problem->param);
  json_object_set_string_member (object, "message", problem->message);
  return heddle_json_object (object);
}

static void
print_report (gboolean valid,
              GPtrArray *problems)
{
  g_autoptr (JsonNode) report = NULL;
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < problems->len; i++)
    json_array_add_element (array, problem_to_json (g_ptr_array_index (problems, i)));
  json_object_set_boolean_member (object, "valid", valid);
  json_object_set_array_member (object, "problems", array);
  report = heddle_json_object (object);
  heddle_cli_print_json (report, HEDDLE_JSON_PRETTY);
}

static void
print_estimate_json (const HeddleEstimate *estimate)
{
  g_autoptr (JsonNode) report = NULL;
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "model_calls", estimate->n_calls);
  json_object_set_int_member (object, "input_tokens", estimate->input_tokens);
  json_object_set_int_member (object, "output_tokens", estimate->output_tokens);
  json_object_set_member (object, "cost", heddle_json_double (heddle_money_to_usd (estimate->cost)));
  json_object_set_boolean_member (object, "cost_partly_unknown", estimate->cost_partly_unknown);
  report = heddle_json_object (object);
  heddle_cli_print_json (report, HEDDLE_JSON_PRETTY);
}

/* Every way in which a file can be wrong, as a list: one that cannot be loaded has one problem. */
static GPtrArray *
list_problems (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_cli_load_graph (NULL, path, &error);
  GPtrArray *problems;

  if (graph != NULL)
    return heddle_graph_validate (graph);
  problems = heddle_problem_list_new ();
  g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_ERROR, NULL, NULL, NULL, error->message));
  return problems;
}

/* To standard output, like everything else that is said of the workflow. */
static int
print_estimate (const char *path,
                gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleServices) services = heddle_services_new (HEDDLE_SERVICES_NO_ENGINE, &error);
  g_autoptr (HeddleGraph) graph = services != NULL ? heddle_cli_load_graph (services->store, path, &error) : NULL;
  g_autoptr (HeddleModels) models = services != NULL ? heddle_models_new (services->store, NULL) : NULL;
  g_autofree char *text = NULL;
  HeddleEstimate estimate;

  if (graph == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  estimate = heddle_estimate_graph (graph, models);
  text = heddle_estimate_to_text (&estimate);
  if (json)
    print_estimate_json (&estimate);
  else
    g_print ("%s\n", text != NULL ? text : _ ("No model is asked, so there is nothing to pay for."));
  return HEDDLE_EXIT_OK;
}

int
heddle_cli_validate (int argc,
                     char **argv)
{
  gboolean json = FALSE, estimate = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print the problems as JSON"), NULL },
    { "estimate", 0, 0, G_OPTION_ARG_NONE, &estimate, N_ ("Guess what a run would cost, instead of listing problems"), NULL },
    { NULL }
  };
  g_autoptr (GPtrArray) problems = NULL;
  gboolean valid;
  int status;

  if (!heddle_cli_parse ("validate", entries, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return heddle_cli_fail_usage ("validate");
  if (estimate)
    return print_estimate (argv[1], json);
  problems = list_problems (argv[1]);
  valid = !heddle_problem_list_has_errors (problems);
  if (json)
    print_report (valid, problems);
  else
    heddle_cli_print_problems (problems);
  if (!json && valid)
    g_print (_ ("%s is valid.\n"), argv[1]);
  return valid ? HEDDLE_EXIT_OK : HEDDLE_EXIT_USAGE;
}
