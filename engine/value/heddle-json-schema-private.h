/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "value/heddle-json-schema.h"

G_BEGIN_DECLS

/* One check under way. */
typedef struct
{
  JsonNode *root;
  GString *pointer;     /* of the value that is looked at */
  GPtrArray *problems;  /* char*, no more than are told */
  GHashTable *patterns; /* text → compiled pattern */
  gint64 budget;        /* steps that are left */
  guint depth;
  GError *fatal; /* why nothing more is looked at */
} SchemaCheck;

/* Whether value fits; problems are added. FALSE too once there is a fatal error. */
gboolean schema_check_value (SchemaCheck *self, JsonNode *schema, JsonNode *value);
/* The same one level deeper: step is the member's name or, when NULL, index the element. */
gboolean schema_check_child (SchemaCheck *self, JsonNode *schema, JsonNode *value, const char *step, guint index);
/* The same without a word about problems. */
gboolean schema_check_quietly (SchemaCheck *self, JsonNode *schema, JsonNode *value);
/* Takes steps from the budget; FALSE once it is spent. */
gboolean schema_check_charge (SchemaCheck *self, gint64 steps);
/* Adds a problem with the value that is looked at; returns FALSE. */
gboolean schema_check_refuse (SchemaCheck *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* The rules for values of one type each; they ignore those of other types. */
gboolean schema_check_number (SchemaCheck *self, JsonNode *schema, JsonNode *value);
gboolean schema_check_text (SchemaCheck *self, JsonNode *schema, JsonNode *value);
gboolean schema_check_array (SchemaCheck *self, JsonNode *schema, JsonNode *value);
gboolean schema_check_object (SchemaCheck *self, JsonNode *schema, JsonNode *value);
/* Whether a pattern is found in a text. */
gboolean schema_check_matches (SchemaCheck *self, const char *pattern, const char *text);
void schema_pattern_free (gpointer pattern);

G_END_DECLS
