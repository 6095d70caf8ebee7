/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * The servers from npm. Commands are NULL where they cannot be run; then the test has been marked as skipped.
 * HEDDLE_TEST_MCP_DIR says where they are.
 */

/* The one that has everything. transport: "stdio" or "streamableHttp". */
char **mcp_npm_everything (const char *transport) G_GNUC_WARN_UNUSED_RESULT;
/* A script of tests/support/mcp that uses package. argument may be NULL. */
char **mcp_npm_script (const char *script, const char *package, const char *argument) G_GNUC_WARN_UNUSED_RESULT;
/* The same command, with all that it is sent written into file, and its process id into file with ".pid" behind. */
char **mcp_npm_tapped (const char *const *command, const char *file) G_GNUC_WARN_UNUSED_RESULT;

/* A server that is reached over HTTP. */
typedef struct
{
  GSubprocess *process;
  guint port;
} McpNpmServer;

/* A port that is free now. */
guint mcp_npm_find_port (void);
char *mcp_npm_server_dup_url (const McpNpmServer *server) G_GNUC_WARN_UNUSED_RESULT;
/* Returns once it listens; it learns its port from the environment too. */
void mcp_npm_server_start (McpNpmServer *server, const char *const *command);
void mcp_npm_server_stop (McpNpmServer *server);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (McpNpmServer, mcp_npm_server_stop)

G_END_DECLS
