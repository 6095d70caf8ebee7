/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-text.h"
#include "cli/heddle-cli.h"

#include <stdio.h>
#include <unistd.h>

/* The commands over stored workflows: list, export, import, delete. */

static void
warn_about_secrets (HeddleGraph *graph)
{
  g_autoptr (GPtrArray) suspects = heddle_graph_list_secret_suspects (graph);

  heddle_cli_print_problems (suspects);
}

/* In the order of the words. */
static char *(*const to_text[]) (HeddleGraph *graph) = { heddle_graph_to_json, heddle_graph_to_mermaid, heddle_graph_to_dot };

/* Pictures take what draws the canvas, which this program does not have. */
static gboolean
parse_format (const char *name,
              int *format,
              GError **error)
{
  static const char *const words[] = { "json", "mermaid", "dot", NULL };
  static const char *const pictures[] = { "png", "svg", "pdf", NULL };

  if (heddle_cli_parse_word (name, words, "--as", format, error))
    return TRUE;
  if (error != NULL && g_strv_contains (pictures, name))
    heddle_error_set_hint (*error, _ ("Pictures are made in the window: open the workflow there and choose “Export as Picture” in the main menu."));
  return FALSE;
}

int
heddle_cli_export (int argc,
                   char **argv)
{
  g_autofree char *name = NULL;
  const GOptionEntry entries[] = {
    { "as", 0, 0, G_OPTION_ARG_STRING, &name, N_ ("json, mermaid or dot (json)"), N_ ("FORMAT") },
    { NULL }
  };
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (HeddleGraph) graph = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  int format;
  int status;

  if (!heddle_cli_parse ("export", entries, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return heddle_cli_fail_usage ("export");
  if (!parse_format (name, &format, &error))
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  services = heddle_services_new (HEDDLE_SERVICES_NO_ENGINE, &error);
  if (services == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  graph = heddle_cli_load_graph (services->store, argv[1], &error);
  if (graph == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  /* A diagram has none. */
  if (to_text[format] == heddle_graph_to_json)
    warn_about_secrets (graph);
  text = to_text[format](graph);
  g_print ("%s", text);
  return HEDDLE_EXIT_OK;
}

int
heddle_cli_import (int argc,
                   char **argv)
{
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (HeddleGraph) graph = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;
  int status;

  if (!heddle_cli_parse ("import", NULL, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return heddle_cli_fail_usage ("import");
  graph = heddle_cli_load_graph (NULL, argv[1], &error);
  if (graph == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  services = heddle_services_new (HEDDLE_SERVICES_NO_ENGINE, &error);
  if (services == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  json = heddle_graph_to_json (graph);
  if (!heddle_store_save_workflow (services->store, heddle_graph_get_id (graph), heddle_graph_get_name (graph), json, &error))
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  g_print ("%s\n", heddle_graph_get_name (graph));
  return HEDDLE_EXIT_OK;
}

static JsonNode *
workflow_to_json (const HeddleWorkflowInfo *info)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", info->id);
  json_object_set_string_member (object, "name", info->name);
  json_object_set_int_member (object, "nodes", info->n_nodes);
  json_object_set_int_member (object, "modified", info->modified / G_USEC_PER_SEC);
  return heddle_json_object (object);
}

static void
print_workflows (GPtrArray *workflows,
                 gboolean json)
{
  g_autoptr (JsonNode) list = NULL;
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < workflows->len; i++)
    {
      const HeddleWorkflowInfo *info = g_ptr_array_index (workflows, i);
      g_autofree char *modified = heddle_cli_format_time (info->modified);
      g_autofree char *name = heddle_cli_clip (info->name, 0);

      json_array_add_element (array, workflow_to_json (info));
      if (!json)
        g_print ("%s  %3u  %s\n", modified, info->n_nodes, name);
    }
  list = heddle_json_array (array);
  if (json)
    heddle_cli_print_json (list, HEDDLE_JSON_PRETTY);
}

int
heddle_cli_list (int argc,
                 char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print as JSON"), NULL },
    { NULL }
  };
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (GPtrArray) workflows = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!heddle_cli_parse ("list", entries, &argc, &argv, &status))
    return status;
  if (argc != 1)
    return heddle_cli_fail_usage ("list");
  services = heddle_services_new (HEDDLE_SERVICES_NO_ENGINE, &error);
  if (services != NULL)
    workflows = heddle_store_list_workflows (services->store, &error);
  if (workflows == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  print_workflows (workflows, json);
  return HEDDLE_EXIT_OK;
}

/* What is gone does not come back. FALSE with an error: a person said no, or could not be asked. */
static gboolean
confirm (const HeddleWorkflowInfo *info,
         GError **error)
{
  g_autofree char *name = heddle_cli_clip (info->name, 0);
  char line[16] = "";

  if (!isatty (STDIN_FILENO) || !isatty (STDERR_FILENO))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” would be deleted with its versions and runs, and there is no terminal to ask on. Say --yes if that is what you want."), name);
      return FALSE;
    }
  g_printerr (_ ("Delete “%s” with its versions, runs and conversations? It cannot be undone. y or n: "), name);
  if (fgets (line, sizeof line, stdin) != NULL && g_ascii_tolower (line[0]) == 'y')
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED, _ ("“%s” stays as it is."), name);
  return FALSE;
}

int
heddle_cli_delete (int argc,
                   char **argv)
{
  gboolean yes = FALSE;
  const GOptionEntry entries[] = {
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, N_ ("Do not ask"), NULL },
    { NULL }
  };
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (GError) error = NULL;
  HeddleWorkflowInfo *info = NULL;
  gboolean done = FALSE;
  int status;

  if (!heddle_cli_parse ("delete", entries, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return heddle_cli_fail_usage ("delete");
  services = heddle_services_new (HEDDLE_SERVICES_NO_ENGINE, &error);
  if (services == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  info = heddle_store_load_workflow (services->store, argv[1], NULL, &error);
  if (info != NULL)
    done = (yes || confirm (info, &error)) && heddle_store_delete_idle_workflow (services->store, info->id, &error);
  g_clear_pointer (&info, heddle_workflow_info_free);
  return done ? HEDDLE_EXIT_OK : heddle_cli_fail_request (error);
}
