/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Incremental parser of server-sent events: any split of bytes gives the same events. One thread. */
typedef struct _HeddleSse HeddleSse;
typedef void (*HeddleSseFunc) (const char *event, const char *data, gpointer user_data); /* valid UTF-8; event "" when unnamed */

HeddleSse *heddle_sse_new (HeddleSseFunc func, gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
void heddle_sse_feed (HeddleSse *self, const char *bytes, gsize length);
/* End of stream: delivers a last event that lacks its blank line. */
void heddle_sse_end (HeddleSse *self);
/* Id of the last event, with which a server can go on from there; NULL when it gives none. Borrowed until more is fed. */
const char *heddle_sse_get_last_id (HeddleSse *self);
/* Milliseconds that the server asks to wait before connecting again; -1: not said. */
gint64 heddle_sse_get_retry (HeddleSse *self);
void heddle_sse_free (HeddleSse *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleSse, heddle_sse_free)

G_END_DECLS
