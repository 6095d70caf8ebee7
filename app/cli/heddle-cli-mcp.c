/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-text.h"
#include "cli/heddle-cli-wait.h"
#include "cli/heddle-cli.h"

#include <glib-unix.h>
#include <string.h>

#define NAME_CELLS 24

/* What all subcommands need to reach servers from here. */
typedef struct
{
  HeddleServices *services;
  HeddleHttp *http;
  HeddleMcpClient *client; /* or NULL */
  GCancellable *cancellable;
} Session;

static char *
describe_place (const HeddleMcpServerInfo *info)
{
  return info->transport == HEDDLE_MCP_HTTP_TRANSPORT ? g_strdup (info->url) : g_strjoinv (" ", info->command);
}

static int
list_servers (Session *session)
{
  g_autoptr (GPtrArray) infos = heddle_mcp_servers_list (session->services->mcp_servers);

  for (guint i = 0; i < infos->len; i++)
    {
      const HeddleMcpServerInfo *info = g_ptr_array_index (infos, i);
      g_autofree char *name = heddle_cli_pad (info->name, NAME_CELLS);
      g_autofree char *place = describe_place (info);
      g_autofree char *shown = heddle_cli_clip (place, 0);

      g_print ("%s %s\n", name, shown);
    }
  return HEDDLE_EXIT_OK;
}

/* What the server said itself is often the reason. */
static int
fail_with_log (Session *session, const GError *error)
{
  g_autofree char *log = heddle_mcp_client_dup_log (session->client);
  g_auto (GStrv) lines = g_strsplit (log, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      g_autofree char *shown = heddle_cli_clip (*line, 0);

      if (*shown != '\0')
        g_printerr ("  %s\n", shown);
    }
  return heddle_error_is_cancelled (error) ? HEDDLE_EXIT_CANCELLED : heddle_cli_fail_request (error);
}

static void
print_tool (JsonNode *tool)
{
  const char *description = heddle_json_get_string (tool, "description", heddle_json_get_string (tool, "title", ""));
  g_autofree char *name = heddle_cli_pad (heddle_json_get_string (tool, "name", ""), NAME_CELLS);
  g_autofree char *shown = heddle_cli_clip (description, 120);

  g_print ("%s %s\n", name, shown);
}

static gboolean
connect (Session *session, const char *server, GError **error)
{
  session->client = heddle_mcp_servers_connect (session->services->mcp_servers, server, session->http, error);
  return session->client != NULL;
}

static int
list_tools (Session *session, const char *server, gboolean as_json)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) tools = NULL;

  if (!connect (session, server, &error))
    return heddle_cli_fail_request (error);
  heddle_cli_wait_init (&wait);
  heddle_mcp_client_list_tools_async (session->client, session->cancellable, heddle_cli_wait_cb, &wait);
  tools = heddle_mcp_client_list_tools_finish (session->client, heddle_cli_wait_for (&wait), &error);
  if (tools == NULL)
    return fail_with_log (session, error);
  if (as_json)
    heddle_cli_print_json (tools, HEDDLE_JSON_PRETTY);
  for (guint i = 0; !as_json && i < json_array_get_length (json_node_get_array (tools)); i++)
    print_tool (json_array_get_element (json_node_get_array (tools), i));
  return HEDDLE_EXIT_OK;
}

static void
print_result (const HeddleMcpResult *result, gboolean as_json)
{
  g_autoptr (JsonNode) value = heddle_mcp_result_to_value (result);

  if (!as_json && heddle_json_is_string (value))
    g_print ("%s\n", json_node_get_string (value));
  else
    heddle_cli_print_json (value, HEDDLE_JSON_PRETTY);
}

static void
progress_cb (double fraction, const char *text, gpointer user_data)
{
  g_autofree char *shown = heddle_cli_clip (text == NULL ? "" : text, 80);

  if (fraction >= 0)
    g_printerr ("%3.0f %% %s\n", fraction * 100, shown);
  else
    g_printerr ("… %s\n", shown);
}

static int
call_tool (Session *session, const char *server, const char *tool, const char *json, gboolean as_json)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) arguments = heddle_json_parse (json == NULL ? "{}" : json, -1, &error);
  g_autoptr (HeddleMcpResult) result = NULL;
  HeddleMcpCall call = { tool, arguments, 0, progress_cb, NULL };

  if (arguments == NULL || !JSON_NODE_HOLDS_OBJECT (arguments))
    return heddle_cli_fail (HEDDLE_EXIT_USAGE, _ ("The arguments of the tool must be a JSON object."));
  if (!connect (session, server, &error))
    return heddle_cli_fail_request (error);
  heddle_cli_wait_init (&wait);
  heddle_mcp_client_call_async (session->client, &call, session->cancellable, heddle_cli_wait_cb, &wait);
  result = heddle_mcp_client_call_finish (session->client, heddle_cli_wait_for (&wait), &error);
  if (result == NULL)
    return fail_with_log (session, error);
  print_result (result, as_json);
  return result->is_error ? HEDDLE_EXIT_FAILED : HEDDLE_EXIT_OK;
}

/* words: an address, or a program and its arguments. */
static int
add_server (Session *session, const char *name, char **words)
{
  gboolean is_http = g_str_has_prefix (words[0], "http://") || g_str_has_prefix (words[0], "https://");
  g_autoptr (HeddleMcpServerInfo) info = heddle_mcp_server_info_new (name, is_http ? HEDDLE_MCP_HTTP_TRANSPORT : HEDDLE_MCP_STDIO_TRANSPORT);
  g_autoptr (GError) error = NULL;

  if (is_http && words[1] != NULL)
    return heddle_cli_fail_usage ("mcp");
  if (is_http)
    {
      info->url = g_strdup (words[0]);
    }
  else
    {
      g_strfreev (info->command);
      info->command = g_strdupv (words);
    }
  if (!heddle_mcp_servers_set (session->services->mcp_servers, info, &error))
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  return HEDDLE_EXIT_OK;
}

static int
remove_server (Session *session, const char *name)
{
  g_autoptr (HeddleMcpServerInfo) info = heddle_mcp_servers_lookup (session->services->mcp_servers, name);
  g_autoptr (GError) error = NULL;

  if (info == NULL)
    {
      g_autofree char *message = g_strdup_printf (_ ("There is no MCP server “%s”."), name);

      return heddle_cli_fail (HEDDLE_EXIT_USAGE, message);
    }
  if (!heddle_mcp_servers_remove (session->services->mcp_servers, name, &error))
    return heddle_cli_fail_request (error);
  return HEDDLE_EXIT_OK;
}

static gboolean
interrupted_cb (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
is_text (char **words)
{
  for (; *words != NULL; words++)
    {
      if (!g_utf8_validate (*words, -1, NULL))
        return FALSE;
    }
  return TRUE;
}

/* words: what stands behind "mcp"; without "--". */
static int
dispatch (Session *session, guint n_words, char **words, gboolean as_json)
{
  const char *verb = n_words == 0 ? "list" : words[0];

  if (!is_text (words))
    return heddle_cli_fail_usage ("mcp");
  if (n_words <= 1 && strcmp (verb, "list") == 0)
    return list_servers (session);
  if (n_words == 2 && strcmp (verb, "tools") == 0)
    return list_tools (session, words[1], as_json);
  if ((n_words == 3 || n_words == 4) && strcmp (verb, "call") == 0)
    return call_tool (session, words[1], words[2], words[3], as_json);
  if (n_words >= 3 && strcmp (verb, "add") == 0)
    return add_server (session, words[1], words + 2);
  if (n_words == 2 && strcmp (verb, "remove") == 0)
    return remove_server (session, words[1]);
  return heddle_cli_fail_usage ("mcp");
}

static void
session_clear (Session *session)
{
  g_clear_object (&session->client);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_pointer (&session->http, heddle_http_unref);
  g_clear_pointer (&session->services, heddle_services_free);
  g_clear_object (&session->cancellable);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Session, session_clear)

int
heddle_cli_mcp (int argc, char **argv)
{
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print tools and results as JSON"), NULL },
    { NULL }
  };
  g_auto (Session) session = { NULL, NULL, NULL, NULL };
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  int status;
  guint interrupt;

  if (!heddle_cli_parse ("mcp", entries, &argc, &argv, &status))
    return status;
  for (int i = 1; i < argc; i++)
    {
      if (strcmp (argv[i], "--") != 0)
        g_ptr_array_add (words, argv[i]);
    }
  g_ptr_array_add (words, NULL);
  session.services = heddle_services_new (HEDDLE_SERVICES_ALL, &error);
  if (session.services == NULL)
    return heddle_cli_fail_request (error);
  session.http = heddle_http_new ();
  session.cancellable = g_cancellable_new ();
  interrupt = g_unix_signal_add (SIGINT, interrupted_cb, session.cancellable);
  status = dispatch (&session, words->len - 1, (char **) words->pdata, as_json);
  g_source_remove (interrupt);
  return status;
}
