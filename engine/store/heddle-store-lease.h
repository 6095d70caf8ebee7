/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Tells whether the process that records a run is still there. Each open store locks one byte, its
 * id, of a file beside the database; the kernel lets go of it however the process ends. Unlike a
 * process id it means the same inside and outside a sandbox and is not used again.
 */
typedef struct _HeddleLease HeddleLease;

HeddleLease *heddle_lease_new (const char *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_lease_free (HeddleLease *self);
gint64 heddle_lease_get_id (HeddleLease *self);
/* Whether some store holds id now; TRUE when that cannot be known. */
gboolean heddle_lease_is_held (HeddleLease *self, gint64 id);

G_END_DECLS
