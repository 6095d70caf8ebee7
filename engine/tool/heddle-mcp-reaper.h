/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Ends connections to MCP servers in good manner, in threads of its own: whoever lets go of one does not wait, the program's end
 * does. Thread-safe.
 */
typedef struct _HeddleMcpReaper HeddleMcpReaper;

HeddleMcpReaper *heddle_mcp_reaper_new (void) G_GNUC_WARN_UNUSED_RESULT;
HeddleMcpReaper *heddle_mcp_reaper_ref (HeddleMcpReaper *self);
void heddle_mcp_reaper_unref (HeddleMcpReaper *self);

/*
 * Takes a process that leads a group and whose standard input has been closed: 2 s to end, then SIGTERM, 2 s later SIGKILL, both to
 * the group. What the process leaves behind of its group ends the same way. group 0: it had ended before it could be asked for it.
 */
void heddle_mcp_reaper_take_process (HeddleMcpReaper *self, GSubprocess *process, pid_t group);
/* Calls func (data) in a thread whose default context is its own; it must end within seconds. */
void heddle_mcp_reaper_push (HeddleMcpReaper *self, void (*func) (gpointer data), gpointer data);
/* Blocks until all that was given is done. */
void heddle_mcp_reaper_wait (HeddleMcpReaper *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleMcpReaper, heddle_mcp_reaper_unref)

G_END_DECLS
