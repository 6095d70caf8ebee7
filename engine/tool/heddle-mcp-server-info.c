/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-mcp-server-info.h"

#include "heddle-error.h"
#include "value/heddle-json.h"
#include "value/heddle-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_NAME_CHARS 64

static void
variable_free (gpointer data)
{
  HeddleMcpVariable *variable = data;

  g_free (variable->name);
  g_free (variable->value);
  g_free (variable->credential);
  g_free (variable);
}

HeddleMcpServerInfo *
heddle_mcp_server_info_new (const char *name, HeddleMcpTransportKind transport)
{
  HeddleMcpServerInfo *info = g_new0 (HeddleMcpServerInfo, 1);

  info->name = g_strdup (name);
  info->transport = transport;
  info->command = g_new0 (char *, 1);
  info->env = g_ptr_array_new_with_free_func (variable_free);
  info->timeout = HEDDLE_MCP_DEFAULT_TIMEOUT;
  return info;
}

void
heddle_mcp_server_info_free (HeddleMcpServerInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->name);
  g_strfreev (info->command);
  g_ptr_array_unref (info->env);
  g_free (info->url);
  g_free (info->credential);
  g_free (info);
}

void
heddle_mcp_server_info_add_variable (HeddleMcpServerInfo *info, const char *name, const char *value, const char *credential)
{
  HeddleMcpVariable *variable = g_new0 (HeddleMcpVariable, 1);

  variable->name = g_strdup (name);
  variable->value = g_strdup (value);
  variable->credential = g_strdup (credential);
  g_ptr_array_add (info->env, variable);
}

HeddleMcpServerInfo *
heddle_mcp_server_info_copy (const HeddleMcpServerInfo *info)
{
  HeddleMcpServerInfo *copy = heddle_mcp_server_info_new (info->name, info->transport);

  g_strfreev (copy->command);
  copy->command = g_strdupv (info->command);
  for (guint i = 0; i < info->env->len; i++)
    {
      const HeddleMcpVariable *variable = g_ptr_array_index (info->env, i);

      heddle_mcp_server_info_add_variable (copy, variable->name, variable->value, variable->credential);
    }
  copy->url = g_strdup (info->url);
  copy->credential = g_strdup (info->credential);
  copy->timeout = info->timeout;
  return copy;
}

static gboolean
has_control (const char *text)
{
  for (; *text != '\0'; text++)
    {
      if ((guchar) *text < 0x20 || *text == 0x7f)
        return TRUE;
    }
  return FALSE;
}

static const char *
find_fault_in_variables (const HeddleMcpServerInfo *info)
{
  for (guint i = 0; i < info->env->len; i++)
    {
      const HeddleMcpVariable *variable = g_ptr_array_index (info->env, i);

      if (heddle_text_is_blank (variable->name) || strchr (variable->name, '=') != NULL || has_control (variable->name))
        return _ ("Give each variable a name without “=”.");
    }
  return NULL;
}

static const char *
find_fault (const HeddleMcpServerInfo *info)
{
  if (heddle_text_is_blank (info->name) || has_control (info->name) || g_utf8_strlen (info->name, -1) > MAX_NAME_CHARS)
    return _ ("Give the server a name of at most 64 characters.");
  if (info->timeout < 1 || info->timeout > HEDDLE_MCP_MAX_TIMEOUT)
    return _ ("Choose a timeout between 1 and 600 seconds.");
  if (info->transport == HEDDLE_MCP_STDIO_TRANSPORT)
    return info->command == NULL || heddle_text_is_blank (info->command[0]) ? _ ("Enter the command that starts the server.") : find_fault_in_variables (info);
  if (info->url == NULL || (!g_str_has_prefix (info->url, "http://") && !g_str_has_prefix (info->url, "https://")))
    return _ ("Enter the server's address, such as https://example.com/mcp.");
  return NULL;
}

gboolean
heddle_mcp_server_info_check (const HeddleMcpServerInfo *info, GError **error)
{
  const char *fault = find_fault (info);

  if (fault == NULL)
    return TRUE;
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, fault);
  return FALSE;
}

static void
set_text (JsonObject *object, const char *member, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, member, text);
}

static JsonArray *
variables_to_json (const HeddleMcpServerInfo *info)
{
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < info->env->len; i++)
    {
      const HeddleMcpVariable *variable = g_ptr_array_index (info->env, i);
      JsonObject *object = json_object_new ();

      set_text (object, "name", variable->name);
      set_text (object, "value", variable->value);
      set_text (object, "credential", variable->credential);
      json_array_add_object_element (list, object);
    }
  return list;
}

static void
add_process (const HeddleMcpServerInfo *info, JsonObject *object)
{
  JsonArray *arguments = json_array_new ();

  for (guint i = 1; info->command[0] != NULL && info->command[i] != NULL; i++)
    json_array_add_string_element (arguments, info->command[i]);
  set_text (object, "command", info->command[0]);
  json_object_set_array_member (object, "args", arguments);
  json_object_set_array_member (object, "env", variables_to_json (info));
}

JsonNode *
heddle_mcp_server_info_to_json (const HeddleMcpServerInfo *info)
{
  JsonObject *object = json_object_new ();

  set_text (object, "name", info->name);
  set_text (object, "transport", info->transport == HEDDLE_MCP_STDIO_TRANSPORT ? "stdio" : "http");
  if (info->transport == HEDDLE_MCP_STDIO_TRANSPORT)
    add_process (info, object);
  else
    set_text (object, "url", info->url);
  set_text (object, "credential", info->credential);
  json_object_set_int_member (object, "timeout", info->timeout);
  return heddle_json_object (object);
}

static char **
read_command (JsonNode *node)
{
  GPtrArray *command = g_ptr_array_new ();
  JsonArray *arguments = heddle_json_get_array (node, "args");

  if (heddle_json_get_string (node, "command", NULL) != NULL)
    g_ptr_array_add (command, g_strdup (heddle_json_get_string (node, "command", "")));
  for (guint i = 0; command->len > 0 && arguments != NULL && i < json_array_get_length (arguments); i++)
    g_ptr_array_add (command, heddle_json_to_display (json_array_get_element (arguments, i)));
  g_ptr_array_add (command, NULL);
  return (char **) g_ptr_array_free (command, FALSE);
}

HeddleMcpServerInfo *
heddle_mcp_server_info_from_json (JsonNode *node)
{
  const char *name = heddle_json_get_string (node, "name", "");
  gboolean is_http = strcmp (heddle_json_get_string (node, "transport", "stdio"), "http") == 0;
  JsonArray *env = heddle_json_get_array (node, "env");
  HeddleMcpServerInfo *info;

  if (*name == '\0')
    return NULL;
  info = heddle_mcp_server_info_new (name, is_http ? HEDDLE_MCP_HTTP_TRANSPORT : HEDDLE_MCP_STDIO_TRANSPORT);
  g_strfreev (info->command);
  info->command = read_command (node);
  for (guint i = 0; env != NULL && i < json_array_get_length (env); i++)
    {
      JsonNode *variable = json_array_get_element (env, i);

      heddle_mcp_server_info_add_variable (info, heddle_json_get_string (variable, "name", ""), heddle_json_get_string (variable, "value", NULL),
                                           heddle_json_get_string (variable, "credential", NULL));
    }
  info->url = g_strdup (heddle_json_get_string (node, "url", NULL));
  info->credential = g_strdup (heddle_json_get_string (node, "credential", NULL));
  info->timeout = CLAMP (heddle_json_get_int (node, "timeout", HEDDLE_MCP_DEFAULT_TIMEOUT), 1, HEDDLE_MCP_MAX_TIMEOUT);
  return info;
}
