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
 * A short object, list or string that a run meets again and again, by its address, becomes a blob too.
 * {"$blob":["seq.id",{…}]} are members of the data of the run's event with this number, those whose names are in the
 * blob with this id, and others: what the record of a model's call has in common with the call's span.
 */

/* The text of node for a row of the run; blobs it needs are written and noted. Adds what is new for this run to n_bytes. NULL on error. */
char *heddle_values_pack (HeddleDatabase *database, gint64 run, JsonNode *node, gint64 *n_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * The same for the data of a NODE_EFFECT that is the call's: its request and response refer to what the events of the span say already. These
 * have been written.
 */
char *heddle_values_pack_call (HeddleDatabase *database, gint64 run, JsonNode *effect, const HeddleMemoCall *call, gint64 *n_bytes, GError **error);

/* "$blob", "$$blob", …: the key of an object that is a reference, or would look like one. */
gboolean heddle_values_is_reference_key (const char *key);

/* Reads packed texts of a run; equal blobs become one shared node. */
typedef struct _HeddleUnpacker HeddleUnpacker;

HeddleUnpacker *heddle_unpacker_new (HeddleDatabase *database, gint64 run) G_GNUC_WARN_UNUSED_RESULT;
void heddle_unpacker_free (HeddleUnpacker *self);
JsonNode *heddle_unpacker_read (HeddleUnpacker *self, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Data of an event that was read, which others may refer to. What they refer to and is not kept is read once more. */
void heddle_unpacker_keep (HeddleUnpacker *self, guint64 seq, JsonNode *data);

/* The id of the row for a text in "sources", written if it is new; -1 on error. */
gint64 heddle_values_intern_source (HeddleDatabase *database, const char *json, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleUnpacker, heddle_unpacker_free)

G_END_DECLS
