/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * Whether a value has the form that a JSON Schema describes: what models, tools and people use of draft 2020-12, and the spellings of
 * drafts 4 to 7. "format" and annotations are ignored; "$ref" leads to places within the schema only. schema may be
 * an object or a boolean.
 *
 * FALSE with HEDDLE_ERROR_INVALID and up to five lines "/json/pointer: sentence", from which a model can repair its answer; or
 * when the schema itself is wrong. HEDDLE_ERROR_LIMIT for a schema that takes too long, nests without end or has a pattern that
 * takes too many attempts: whatever they are, this returns within about a second. Any thread.
 */
gboolean heddle_json_schema_check (JsonNode *schema, JsonNode *value, GError **error);

G_END_DECLS
