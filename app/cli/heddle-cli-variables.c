/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli.h"

#include <string.h>

/* heddle variables: those that outlive a run. */

static JsonNode *
info_to_json (const HeddleVariableInfo *info)
{
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "name", heddle_json_string (info->name));
  json_object_set_member (object, "value", json_node_ref (info->value));
  json_object_set_int_member (object, "updated", info->updated);
  if (info->run != NULL)
    json_object_set_member (object, "run", heddle_json_string (info->run));
  return heddle_json_object (object);
}

static void
print_list (GPtrArray *variables, gboolean as_json)
{
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) list = heddle_json_array (array);

  for (guint i = 0; i < variables->len; i++)
    {
      const HeddleVariableInfo *info = g_ptr_array_index (variables, i);
      g_autofree char *value = heddle_json_to_text (info->value, HEDDLE_JSON_COMPACT);

      if (as_json)
        json_array_add_element (array, info_to_json (info));
      else
        g_print ("%s = %s\n", info->name, value);
    }
  if (as_json)
    heddle_cli_print_json (list, HEDDLE_JSON_PRETTY);
}

static const HeddleVariableInfo *
find (GPtrArray *variables, const char *name)
{
  for (guint i = 0; i < variables->len; i++)
    {
      const HeddleVariableInfo *info = g_ptr_array_index (variables, i);

      if (strcmp (info->name, name) == 0)
        return info;
    }
  return NULL;
}

/* name NULL: all. */
static int
show (HeddleStore *store, const char *name, gboolean as_json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) variables = heddle_store_list_variables (store, &error);
  const HeddleVariableInfo *info;

  if (variables == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  if (name == NULL)
    {
      print_list (variables, as_json);
      return HEDDLE_EXIT_OK;
    }
  info = find (variables, name);
  if (info == NULL)
    {
      g_autofree char *message = g_strdup_printf (_ ("There is no variable “%s”."), name);

      return heddle_cli_fail (HEDDLE_EXIT_USAGE, message);
    }
  heddle_cli_print_json (info->value, HEDDLE_JSON_PRETTY);
  return HEDDLE_EXIT_OK;
}

static int
change (HeddleStore *store, HeddleVariableOp op, const char *name, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = json != NULL ? heddle_json_parse (json, -1, &error) : NULL;
  g_autoptr (JsonNode) now = NULL;

  if (error != NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  if (value != NULL && heddle_value_looks_secret (name, value))
    g_printerr ("heddle: %s\n", _ ("This value looks like a key or password. Variables are stored as they are: store it as a credential instead."));
  now = heddle_store_change_variable (store, op, name, value, NULL, &error);
  return now != NULL ? HEDDLE_EXIT_OK : heddle_cli_fail_request (error);
}

JsonNode *
heddle_cli_parse_vars (char **assignments, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();

  for (guint i = 0; assignments != NULL && assignments[i] != NULL; i++)
    {
      const char *equals = strchr (assignments[i], '=');
      g_autofree char *name = equals != NULL ? g_strndup (assignments[i], equals - assignments[i]) : g_strdup ("");
      JsonNode *value;

      if (!heddle_variable_check_name (name, error))
        {
          g_prefix_error (error, _ ("--var takes NAME=JSON: "));
          return NULL;
        }
      value = heddle_json_parse (equals + 1, -1, error);
      if (value == NULL)
        {
          g_prefix_error (error, "--var %s: ", name);
          return NULL;
        }
      json_object_set_member (object, name, value);
    }
  return heddle_json_object (g_steal_pointer (&object));
}

int
heddle_cli_variables (int argc, char **argv)
{
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print as JSON"), NULL },
    { NULL },
  };
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (GError) error = NULL;
  const char *action;
  int status;

  if (!heddle_cli_parse ("variables", entries, &argc, &argv, &status))
    return status;
  services = heddle_services_new (HEDDLE_SERVICES_NO_ENGINE, &error);
  if (services == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  action = argc > 1 ? argv[1] : "list";
  if (strcmp (action, "list") == 0 && argc <= 2)
    return show (services->store, NULL, as_json);
  if (strcmp (action, "get") == 0 && argc == 3)
    return show (services->store, argv[2], as_json);
  if (strcmp (action, "set") == 0 && argc == 4)
    return change (services->store, HEDDLE_VARIABLE_SET, argv[2], argv[3]);
  if (strcmp (action, "delete") == 0 && argc == 3)
    return change (services->store, HEDDLE_VARIABLE_DELETE, argv[2], NULL);
  return heddle_cli_fail_usage ("variables");
}
