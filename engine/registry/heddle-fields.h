/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * The fields that a run asks for, a value of HEDDLE_PARAM_FIELDS. One reading of them for the Input node and
 * for requests from outside.
 */

/* The title, or the name where there is none. Borrowed. */
const char *heddle_field_get_title (JsonNode *field);
/*
 * The values by name: given, default, or blank, each of its field's type. An input that is no object is meant for the first
 * field. NULL with HEDDLE_ERROR_INVALID; *at (may be NULL) is then the name of the field at fault, borrowed.
 */
JsonObject *heddle_fields_read (JsonNode *fields, JsonNode *input, const char **at, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
