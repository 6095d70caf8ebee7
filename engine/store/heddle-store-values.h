/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-database.h"

G_BEGIN_DECLS

/*
 * How values are stored: strings, objects and arrays whose text is longer than 256 bytes are blobs,
 * written once each however often they occur, and replaced by {"$blob":id}. A blob refers only to
 * blobs with smaller ids. An object that looks like a reference itself has one more "$" in its key.
 * A long list of objects is {"$blob":[id,…,[…]]}: lists that are blobs, and the rest of it, put together. What is
 * appended to such a list leaves the pieces before it as they are, so a conversation costs what is new in it.
 */

/* The text of node for a row of the run; blobs it needs are written and noted. Adds what is new for this run to n_bytes. NULL on error. */
char *heddle_values_pack (HeddleDatabase *database, gint64 run, JsonNode *node, gint64 *n_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "$blob", "$$blob", …: the key of an object that is a reference, or would look like one. */
gboolean heddle_values_is_reference_key (const char *key);

/* Reads packed texts; equal blobs become one shared node. */
typedef struct _HeddleUnpacker HeddleUnpacker;

HeddleUnpacker *heddle_unpacker_new (HeddleDatabase *database) G_GNUC_WARN_UNUSED_RESULT;
void heddle_unpacker_free (HeddleUnpacker *self);
JsonNode *heddle_unpacker_read (HeddleUnpacker *self, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The id of the row for a text in "sources", written if it is new; -1 on error. */
gint64 heddle_values_intern_source (HeddleDatabase *database, const char *json, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleUnpacker, heddle_unpacker_free)

G_END_DECLS
