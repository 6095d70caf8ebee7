/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/* What can be done to a variable; those of a run and those that outlive it change by the same rules. */
typedef enum
{
  HEDDLE_VARIABLE_SET,
  HEDDLE_VARIABLE_APPEND, /* an item to a list, text to a text; nothing yet: a list of one */
  HEDDLE_VARIABLE_ADD,    /* a number; nothing yet: 0 */
  HEDDLE_VARIABLE_MERGE,  /* the members of an object over those that are there */
  HEDDLE_VARIABLE_DELETE,
} HeddleVariableOp;

#define HEDDLE_VARIABLE_MAX_NAME 100
#define HEDDLE_VARIABLE_MAX_BYTES (16 * 1024 * 1024)

gboolean heddle_variable_op_from_string (const char *text, HeddleVariableOp *op); /* "set" */
/* A letter or "_", then letters, digits and "_": it is written $vars.name. */
gboolean heddle_variable_check_name (const char *name, GError **error);
/*
 * The value afterwards, a new reference; JSON null once it is deleted. old NULL: there is none. value may be NULL for
 * DELETE only. INVALID when the two do not go together, LIMIT when it would get too large or too deep.
 */
JsonNode *heddle_variable_apply (HeddleVariableOp op, const char *name, JsonNode *old, JsonNode *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
