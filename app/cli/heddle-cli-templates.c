/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli.h"

#include <string.h>

/* heddle templates: nodes that a person saved to use again. */

static JsonNode *
info_to_json (const HeddleTemplateInfo *info)
{
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "id", heddle_json_string (info->id));
  json_object_set_member (object, "name", heddle_json_string (info->name));
  json_object_set_member (object, "description", heddle_json_string (info->description));
  if (info->type != NULL)
    json_object_set_member (object, "type", heddle_json_string (info->type));
  json_object_set_int_member (object, "created", info->created);
  json_object_set_int_member (object, "modified", info->modified);
  return heddle_json_object (object);
}

static int
list (HeddleStore *store,
      gboolean as_json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) templates = heddle_store_list_templates (store, &error);
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) all = heddle_json_array (array);

  if (templates == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  for (guint i = 0; i < templates->len; i++)
    {
      const HeddleTemplateInfo *info = g_ptr_array_index (templates, i);

      if (as_json)
        json_array_add_element (array, info_to_json (info));
      else if (*info->description != '\0')
        g_print ("%s: %s\n", info->name, info->description);
      else
        g_print ("%s\n", info->name);
    }
  if (as_json)
    heddle_cli_print_json (all, HEDDLE_JSON_PRETTY);
  return HEDDLE_EXIT_OK;
}

static int export(HeddleStore *store,
                  const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleTemplateInfo) info = heddle_store_load_template (store, name, &error);
  g_autofree char *json = NULL;

  if (info == NULL)
    return heddle_cli_fail_request (error);
  json = heddle_template_info_to_json (info);
  g_print ("%s", json);
  return HEDDLE_EXIT_OK;
}

static int
import (HeddleStore *store,
        const char *path,
        const char *name,
        gboolean replace)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  g_autofree char *text = heddle_cli_read_file (path, &length, &error);
  g_autoptr (HeddleTemplateInfo) info = NULL;

  if (text == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  info = heddle_template_info_new (text, (gssize) length, name, NULL, &error);
  if (info == NULL || !heddle_store_save_template (store, info, replace, &error))
    return heddle_cli_fail_request (error);
  g_print ("%s\n", info->name);
  return HEDDLE_EXIT_OK;
}

static int delete (HeddleStore *store,
                   const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleTemplateInfo) info = heddle_store_load_template (store, name, &error);

  if (info == NULL || !heddle_store_delete_template (store, info->id, &error))
    return heddle_cli_fail_request (error);
  return HEDDLE_EXIT_OK;
}

int
heddle_cli_templates (int argc,
                      char **argv)
{
  gboolean as_json = FALSE;
  gboolean replace = FALSE;
  g_autofree char *name = NULL;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print as JSON"), NULL },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_ ("Name of what is imported, instead of that in the file"), N_ ("NAME") },
    { "replace", 0, 0, G_OPTION_ARG_NONE, &replace, N_ ("Import in place of the template of that name"), NULL },
    { NULL },
  };
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (GError) error = NULL;
  const char *action;
  int status;

  if (!heddle_cli_parse ("templates", entries, &argc, &argv, &status))
    return status;
  services = heddle_services_new (HEDDLE_SERVICES_NO_ENGINE, &error);
  if (services == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  action = argc > 1 ? argv[1] : "list";
  if (strcmp (action, "list") == 0 && argc <= 2)
    return list (services->store, as_json);
  if (strcmp (action, "export") == 0 && argc == 3)
    return export(services->store, argv[2]);
  if (strcmp (action, "import") == 0 && argc == 3)
    return import (services->store, argv[2], name, replace);
  if (strcmp (action, "delete") == 0 && argc == 3)
    return delete (services->store, argv[2]);
  return heddle_cli_fail_usage ("templates");
}
