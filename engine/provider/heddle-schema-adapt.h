/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* JSON Schemas in the dialects that providers take for answers. Each returns a new reference. */

/*
 * With objects closed ("additionalProperties": false), as a strict mode demands; NULL when the mode cannot express it
 * without changing what it means: keys that may be absent, free-form objects, words the mode does not know.
 */
JsonNode *heddle_schema_to_strict (JsonNode *schema) G_GNUC_WARN_UNUSED_RESULT;
/* Objects closed, and limits left out that Anthropic's mode refuses; whoever reads the answer checks them anyway. */
JsonNode *heddle_schema_to_anthropic (JsonNode *schema) G_GNUC_WARN_UNUSED_RESULT;
/* For the prompt, where a provider cannot be given a schema. */
char *heddle_schema_to_instruction (JsonNode *schema) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
