/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Who may come in: names of the server, origins of pages, and how often a client may try. One thread. */
typedef struct _HeddleGuard HeddleGuard;

/* address: where the server listens for others; NULL: this machine alone. per_second: requests of a client, after a burst. */
HeddleGuard *heddle_guard_new (const char *address, guint per_second, guint burst) G_GNUC_WARN_UNUSED_RESULT;
void heddle_guard_free (HeddleGuard *self);

/*
 * A page of the internet can make its own name stand for this machine, and then be let through by a browser: so the Host has
 * to be this machine's, by a name that cannot be taken over.
 */
gboolean heddle_guard_allows_host (HeddleGuard *self, const char *host);
/* origin NULL: the request is not from a page. host: as above. */
gboolean heddle_guard_allows_origin (HeddleGuard *self, const char *origin, const char *host);
/* Counts a request of the client; FALSE: it has to wait, for *retry_after seconds. now: monotonic µs. */
gboolean heddle_guard_count_request (HeddleGuard *self, const char *client, gint64 now, guint *retry_after);
/* The same for wrong tokens and signatures, of which there may be few. */
gboolean heddle_guard_count_failure (HeddleGuard *self, const char *client, gint64 now, guint *retry_after);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleGuard, heddle_guard_free)

G_END_DECLS
