/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/heddle-http.h"
#include "tool/heddle-mcp-result.h"
#include "tool/heddle-mcp-servers.h"

G_BEGIN_DECLS

/* A client of an MCP server in the thread's default context, and calls that wait. */
typedef struct
{
  HeddleHttp *http;
  HeddleMcpServers *servers;
  HeddleMcpServerInfo *info;
  HeddleMcpClient *client; /* made when it is first needed */
  GArray *progress;        /* double, of the last call */
} Fixture;

Fixture *fixture_new_process (const char *const *command);
Fixture *fixture_new_http (const char *url);
/* Also waits for the end of its processes. */
void fixture_free (Fixture *self);
HeddleMcpClient *fixture_get_client (Fixture *self);

gboolean fixture_open (Fixture *self, GError **error);
/* Names of the tools, joined by ", "; NULL with error. */
char *fixture_list (Fixture *self, GError **error);
/* arguments: JSON text or NULL. */
HeddleMcpResult *fixture_call (Fixture *self, const char *tool, const char *arguments, GError **error);
/* The same, cancelled once so many signs of progress were there, or after some milliseconds. */
HeddleMcpResult *fixture_call_cancelled (Fixture *self, const char *tool, const char *arguments, guint n_progress, guint after_ms, GError **error);
/* expected: the value as JSON text. */
void fixture_assert_call (Fixture *self, const char *tool, const char *arguments, const char *expected);
/* Of a call in so many equal steps: the first and the last sign came, and of those between what was not too soon after another. */
void fixture_assert_progress (Fixture *self, guint n_steps);
void fixture_assert_described (Fixture *self, const char *member, const char *expected);
void fixture_assert_log (Fixture *self, const char *part);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

G_END_DECLS
