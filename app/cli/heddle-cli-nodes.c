/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli.h"

#include "cli/heddle-cli-text.h"

static void
print_json (void)
{
  g_autoptr (JsonNode) list = NULL;
  JsonArray *array = json_array_new ();
  const HeddleNodeType *const *types = heddle_registry_list (NULL);

  for (guint i = 0; types[i] != NULL; i++)
    json_array_add_element (array, heddle_node_type_to_json (types[i]));
  list = heddle_json_array (array);
  heddle_cli_print_json (list, HEDDLE_JSON_PRETTY);
}

static void
print_table (void)
{
  const HeddleNodeType *const *types = heddle_registry_list (NULL);
  guint id_width = 0;
  guint width = 0;

  for (guint i = 0; types[i] != NULL; i++)
    {
      id_width = MAX (id_width, heddle_cli_measure (types[i]->id));
      width = MAX (width, heddle_cli_measure (_ (types[i]->title)));
    }
  for (guint i = 0; types[i] != NULL; i++)
    {
      g_autofree char *id = heddle_cli_pad (types[i]->id, id_width);
      g_autofree char *title = heddle_cli_pad (_ (types[i]->title), width);

      g_print ("%s  %s  %s\n", id, title, _ (types[i]->summary));
    }
}

int
heddle_cli_nodes (int argc,
                  char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print ports, parameters and examples as JSON"), NULL },
    { NULL }
  };
  int status;

  if (!heddle_cli_parse ("nodes", entries, &argc, &argv, &status))
    return status;
  if (argc != 1)
    return heddle_cli_fail_usage ("nodes");
  if (json)
    print_json ();
  else
    print_table ();
  return HEDDLE_EXIT_OK;
}

int
heddle_cli_schema (int argc,
                   char **argv)
{
  g_autoptr (JsonNode) schema = NULL;
  int status;

  if (!heddle_cli_parse ("schema", NULL, &argc, &argv, &status))
    return status;
  if (argc != 1)
    return heddle_cli_fail_usage ("schema");
  schema = heddle_registry_to_schema ();
  heddle_cli_print_json (schema, HEDDLE_JSON_PRETTY);
  return HEDDLE_EXIT_OK;
}
