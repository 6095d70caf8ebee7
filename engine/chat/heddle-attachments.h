/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* What one message may carry, as base64. */
#define HEDDLE_ATTACHMENTS_MAX_BYTES (32 * 1024 * 1024)

/* A file in a value, as a field of an Input node gives it: {"mime","data":base64} and perhaps "name" and "size". */
gboolean heddle_json_is_file (JsonNode *value);

/*
 * Parts of a user's message (see heddle-models.h) for a value: a file as above, a "data:" URI, or a list of these; null and
 * "" are none. Texts such as Markdown or CSV become text. A path or an address is refused: what data names is never read.
 * A new array, or NULL with HEDDLE_ERROR_INVALID or HEDDLE_ERROR_LIMIT.
 */
JsonNode *heddle_attachments_to_parts (JsonNode *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
