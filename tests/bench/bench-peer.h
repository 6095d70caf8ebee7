/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BENCH_PEER_PORTS 4

/* bench-server in a process of its own, so that what it costs is not ours. */
typedef struct
{
  GSubprocess *process;
  guint ports[BENCH_PEER_PORTS];
} BenchPeer;

/* argument: of the program, may be NULL. Returns once it listens. */
void bench_peer_start (BenchPeer *self, const char *argument);
void bench_peer_stop (BenchPeer *self);
/* At one of its ports. */
char *bench_peer_dup_url (const BenchPeer *self, guint port, const char *path) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BenchPeer, bench_peer_stop)

G_END_DECLS
