/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Incremental parser of JSON texts that stand one on a line: any split of bytes gives the same lines. One thread. */
typedef struct _HeddleNdjson HeddleNdjson;
typedef void (*HeddleNdjsonFunc) (const char *line, gpointer user_data); /* valid UTF-8, never blank */

HeddleNdjson *heddle_ndjson_new (HeddleNdjsonFunc func, gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
void heddle_ndjson_feed (HeddleNdjson *self, const char *bytes, gsize length);
/* End of stream: delivers a last line that lacks its end. */
void heddle_ndjson_end (HeddleNdjson *self);
void heddle_ndjson_free (HeddleNdjson *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleNdjson, heddle_ndjson_free)

G_END_DECLS
