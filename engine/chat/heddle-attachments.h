/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* What one message may carry. */
#define HEDDLE_ATTACHMENTS_MAX_BYTES (32 * 1024 * 1024)

/*
 * Parts of a user's message (see heddle-models.h) for a value: a file (see heddle-file-value.h), a "data:" URI, or a list of these; null and
 * "" are none. Texts such as Markdown or CSV become text. A path or an address is refused: what data names is never read.
 * A new array, or NULL with HEDDLE_ERROR_INVALID or HEDDLE_ERROR_LIMIT.
 */
JsonNode *heddle_attachments_to_parts (JsonNode *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
