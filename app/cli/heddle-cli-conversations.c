/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-text.h"
#include "cli/heddle-cli.h"

#include <string.h>

#define NAME_CELLS 28
#define SESSION_CELLS 28

static JsonNode *
info_to_json (const HeddleConversationInfo *info)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "id", info->id);
  json_object_set_string_member (object, "workflow", info->workflow);
  json_object_set_string_member (object, "name", info->name);
  json_object_set_string_member (object, "node", info->node);
  json_object_set_string_member (object, "session_key", info->session);
  json_object_set_int_member (object, "messages", info->n_messages);
  json_object_set_int_member (object, "updated", info->updated);
  return heddle_json_object (object);
}

static void
print_info (const HeddleConversationInfo *info)
{
  g_autofree char *place = g_strdup_printf ("%s/%s", info->name, info->node);
  g_autofree char *name = heddle_cli_pad (place, NAME_CELLS);
  g_autofree char *session = heddle_cli_pad (info->session, SESSION_CELLS);
  g_autofree char *time = heddle_cli_format_time (info->updated);

  g_print ("%6" G_GINT64_FORMAT "  %s  %s  %5u  %s\n", info->id, name, session, info->n_messages, time);
}

static int
list_conversations (HeddleStore *store, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = heddle_store_list_conversations (store, NULL, NULL, &error);
  JsonArray *array;
  g_autoptr (JsonNode) list = NULL;

  if (infos == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  array = json_array_new ();
  for (guint i = 0; i < infos->len; i++)
    {
      json_array_add_element (array, info_to_json (g_ptr_array_index (infos, i)));
      if (!json)
        print_info (g_ptr_array_index (infos, i));
    }
  list = heddle_json_array (array);
  if (json)
    heddle_cli_print_json (list, HEDDLE_JSON_PRETTY);
  else if (infos->len == 0)
    g_printerr ("%s\n", _ ("There are no conversations. A node that asks a model keeps one when it has a session key."));
  return HEDDLE_EXIT_OK;
}

static gboolean
parse_id (const char *word, gint64 *id)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (word, 10, 1, G_MAXINT64, &number, NULL))
    return FALSE;
  *id = (gint64) number;
  return TRUE;
}

/* A line of a message may hold anything, so nothing of it reaches the terminal as it is. */
static void
print_message (JsonNode *message)
{
  g_autofree char *text = heddle_json_to_display (heddle_json_member (message, "content"));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_print ("%s:\n", heddle_json_get_string (message, "role", ""));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *line = heddle_cli_clip (lines[i], 0);

      g_print ("  %s\n", line);
    }
}

static int
show_conversation (HeddleStore *store, gint64 id, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) messages = heddle_store_load_conversation (store, id, &error);
  JsonArray *array;

  if (messages == NULL)
    return heddle_cli_fail_request (error);
  array = json_node_get_array (messages);
  if (json)
    heddle_cli_print_json (messages, HEDDLE_JSON_PRETTY);
  for (guint i = 0; !json && i < json_array_get_length (array); i++)
    print_message (json_array_get_element (array, i));
  return HEDDLE_EXIT_OK;
}

static int
clear_conversations (HeddleStore *store, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = NULL;
  gint64 id;

  if (parse_id (word, &id))
    return heddle_store_delete_conversation (store, id, &error) ? HEDDLE_EXIT_OK : heddle_cli_fail_request (error);
  if (strcmp (word, "all") != 0)
    return heddle_cli_fail_usage ("conversations");
  infos = heddle_store_list_conversations (store, NULL, NULL, &error);
  for (guint i = 0; infos != NULL && i < infos->len; i++)
    {
      if (!heddle_store_delete_conversation (store, ((HeddleConversationInfo *) g_ptr_array_index (infos, i))->id, &error) &&
          !g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND))
        return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
      g_clear_error (&error);
    }
  return infos != NULL ? HEDDLE_EXIT_OK : heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
}

int
heddle_cli_conversations (int argc,
                          char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print as JSON"), NULL },
    { NULL }
  };
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (GError) error = NULL;
  int status;
  gint64 id;

  if (!heddle_cli_parse ("conversations", entries, &argc, &argv, &status))
    return status;
  services = heddle_services_new (HEDDLE_SERVICES_NO_ENGINE, &error);
  if (services == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  if (argc == 1 || (argc == 2 && strcmp (argv[1], "list") == 0))
    return list_conversations (services->store, json);
  if (argc == 3 && strcmp (argv[1], "show") == 0 && parse_id (argv[2], &id))
    return show_conversation (services->store, id, json);
  if (argc == 3 && strcmp (argv[1], "clear") == 0)
    return clear_conversations (services->store, argv[2]);
  return heddle_cli_fail_usage ("conversations");
}
