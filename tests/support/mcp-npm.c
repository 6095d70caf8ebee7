/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mcp-npm.h"

#include <string.h>

/* Where everything has to be there, as in CI, a test that is skipped has failed. */
static void
skip (const char *reason)
{
  if (g_getenv ("HEDDLE_TEST_REQUIRE_MCP") != NULL)
    g_error ("%s", reason);
  g_test_skip (reason);
}

static char *
find_node (void)
{
  g_autofree char *own = g_build_filename (g_getenv ("HEDDLE_TEST_MCP_DIR"), "node_modules", ".bin", "node", NULL);
  g_autofree char *node = g_file_test (own, G_FILE_TEST_IS_EXECUTABLE) ? g_steal_pointer (&own) : g_find_program_in_path ("node");

  if (node == NULL)
    skip ("There is no node: install Debian's nodejs and npm and run make test.");
  return g_steal_pointer (&node);
}

static char *
find_package (const char *package)
{
  g_autofree char *folder = g_build_filename (g_getenv ("HEDDLE_TEST_MCP_DIR"), "node_modules", package, NULL);

  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&folder);
  skip ("The MCP servers from npm are not there: run tests/support/mcp/install, which needs the network once.");
  return NULL;
}

char **
mcp_npm_everything (const char *transport)
{
  g_autofree char *node = find_node ();
  g_autofree char *package = node == NULL ? NULL : find_package ("@modelcontextprotocol/server-everything");
  g_autofree char *script = package == NULL ? NULL : g_build_filename (package, "dist", "index.js", NULL);
  const char *command[] = { node, script, transport, NULL };

  return script == NULL ? NULL : g_strdupv ((char **) command);
}

char **
mcp_npm_script (const char *script, const char *package, const char *argument)
{
  g_autofree char *node = find_node ();
  g_autofree char *folder = node == NULL ? NULL : find_package (package);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "support", "mcp", script, NULL);
  const char *command[] = { node, path, g_getenv ("HEDDLE_TEST_MCP_DIR"), argument, NULL };

  return folder == NULL ? NULL : g_strdupv ((char **) command);
}

char **
mcp_npm_tapped (const char *const *command, const char *file)
{
  const char *tap[] = { "/bin/sh", "-c", "echo $$ >> \"$0.pid\"; tee -a \"$0\" | \"$@\"", file, NULL };
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  g_strv_builder_addv (words, tap);
  g_strv_builder_addv (words, (const char **) command);
  return g_strv_builder_end (words);
}

guint
mcp_npm_find_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

char *
mcp_npm_server_dup_url (const McpNpmServer *server)
{
  return g_strdup_printf ("http://127.0.0.1:%u/mcp", server->port);
}

/* Waits for the first line that says that it listens. */
static void
wait_until_ready (GSubprocess *process)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  gboolean ready = FALSE;

  /* A server whose output nobody takes any more would end. */
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  while (!ready)
    {
      g_autofree char *line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, NULL);

      g_assert_nonnull (line);
      ready = strstr (line, "listening on") != NULL;
    }
}

void
mcp_npm_server_start (McpNpmServer *server, const char *const *command)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autofree char *port = g_strdup_printf ("%u", server->port);
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, "PORT", port, TRUE);
  server->process = g_subprocess_launcher_spawnv (launcher, command, &error);
  g_assert_no_error (error);
  wait_until_ready (server->process);
}

void
mcp_npm_server_stop (McpNpmServer *server)
{
  if (server->process == NULL)
    return;
  g_subprocess_force_exit (server->process);
  g_subprocess_wait (server->process, NULL, NULL);
  g_clear_object (&server->process);
}
