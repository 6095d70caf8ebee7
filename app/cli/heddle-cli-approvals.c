/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-text.h"
#include "cli/heddle-cli.h"

#define QUESTION_CELLS 5
#define MAX_RUNS 1000
#define STATE_CELLS 11

static JsonNode *
question_to_json (const HeddleQuestionInfo *info)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "run", info->run);
  json_object_set_string_member (object, "workflow", info->workflow);
  json_object_set_string_member (object, "name", info->name);
  json_object_set_string_member (object, "state", heddle_run_state_to_string (info->is_running ? HEDDLE_RUN_RUNNING : HEDDLE_RUN_INTERRUPTED));
  json_object_set_int_member (object, "asked_us", info->asked);
  json_object_set_member (object, "question", json_node_ref (info->question));
  return heddle_json_object (object);
}

static void
print_json (GPtrArray *questions)
{
  g_autoptr (JsonNode) list = NULL;
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < questions->len; i++)
    json_array_add_element (array, question_to_json (g_ptr_array_index (questions, i)));
  list = heddle_json_array (array);
  heddle_cli_print_json (list, HEDDLE_JSON_PRETTY);
}

static void
print_line (const HeddleQuestionInfo *info)
{
  HeddleRunState state = info->is_running ? HEDDLE_RUN_RUNNING : HEDDLE_RUN_INTERRUPTED;
  g_autofree char *asked = heddle_cli_format_time (info->asked);
  g_autofree char *title = heddle_cli_clip (heddle_json_get_string (info->question, "title", ""), 0);
  g_autofree char *name = heddle_cli_clip (info->name, 0);
  g_autofree char *id = heddle_cli_pad (heddle_json_get_string (info->question, "id", ""), QUESTION_CELLS);
  g_autofree char *state_title = heddle_cli_pad (heddle_run_state_get_title (state), STATE_CELLS);

  g_print ("%s  %s  %s  %s  %s: %s\n", info->run, id, asked, state_title, name, title);
}

/* Runs whose process went while something was being done that must not be done twice: they ask when they go on. */
static guint
print_doubts (HeddleStore *store)
{
  g_autoptr (GPtrArray) runs = heddle_store_list_runs (store, NULL, MAX_RUNS, NULL);
  guint n_printed = 0;

  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const HeddleRunInfo *info = g_ptr_array_index (runs, i);
      g_autofree char *name = heddle_cli_clip (info->name, 0);

      if (info->state != HEDDLE_RUN_INTERRUPTED || info->n_doubts == 0)
        continue;
      g_print (ngettext ("%s  %s: %u node may have been done already. Say --retry, --done, --skip or --fail.\n",
                         "%s  %s: %u nodes may have been done already. Say --retry, --done, --skip or --fail.\n", info->n_doubts),
               info->id, name, info->n_doubts);
      n_printed++;
    }
  return n_printed;
}

int
heddle_cli_approvals (int argc,
                      char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print as JSON"), NULL },
    { NULL }
  };
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (GPtrArray) questions = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!heddle_cli_parse ("approvals", entries, &argc, &argv, &status))
    return status;
  if (argc > 2)
    return heddle_cli_fail_usage ("approvals");
  services = heddle_services_new (HEDDLE_SERVICES_NO_ENGINE, &error);
  questions = services != NULL ? heddle_store_list_questions (services->store, argc == 2 ? argv[1] : NULL, &error) : NULL;
  if (questions == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  if (json)
    {
      print_json (questions);
      return HEDDLE_EXIT_OK;
    }
  for (guint i = 0; i < questions->len; i++)
    print_line (g_ptr_array_index (questions, i));
  if (questions->len + (argc == 1 ? print_doubts (services->store) : 0) == 0)
    g_printerr ("%s\n", _ ("No run waits for a person."));
  return HEDDLE_EXIT_OK;
}
