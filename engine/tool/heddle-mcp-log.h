/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The last lines that an MCP server wrote beside the protocol. Bounded in lines and in their length. One thread. */
typedef struct _HeddleMcpLog HeddleMcpLog;

HeddleMcpLog *heddle_mcp_log_new (void) G_GNUC_WARN_UNUSED_RESULT;
HeddleMcpLog *heddle_mcp_log_ref (HeddleMcpLog *self);
void heddle_mcp_log_unref (HeddleMcpLog *self);
/* text may have several lines; made valid UTF-8, controls removed, long lines shortened. */
void heddle_mcp_log_add (HeddleMcpLog *self, const char *text);
/* A stream of bytes cut into lines, such as standard error. */
void heddle_mcp_log_feed (HeddleMcpLog *self, const char *bytes, gsize length);
/* All lines, oldest first, each with its end; says first how many were let go of. */
char *heddle_mcp_log_dup_text (HeddleMcpLog *self) G_GNUC_WARN_UNUSED_RESULT;
/* The last line that is not empty, or NULL. Borrowed until the next line. */
const char *heddle_mcp_log_get_last (HeddleMcpLog *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleMcpLog, heddle_mcp_log_unref)

G_END_DECLS
