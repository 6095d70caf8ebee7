/* SPDX-License-Identifier: GPL-3.0-or-later */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "value/heddle-json-schema-private.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* With MAX_STEPS this bounds the time that patterns take in all. */
#define MATCH_LIMIT 10000
#define MATCH_HEAP_LIMIT 4096 /* KiB */
#define STEPS_PER_MATCH 100
#define STEPS_PER_COMPILE 500

void
schema_pattern_free (gpointer pattern)
{
  pcre2_code_free (pattern);
}

static gboolean
get_number (JsonNode *schema, const char *name, double *number)
{
  JsonNode *node = heddle_json_member (schema, name);

  if (!heddle_json_is_number (node))
    return FALSE;
  *number = json_node_get_double (node);
  return TRUE;
}

static gboolean
is_multiple (double number, double of)
{
  double quotient = number / of;

  return of <= 0 || !isfinite (quotient) || fabs (quotient - round (quotient)) <= 1e-9 * MAX (1, fabs (quotient));
}

/* Draft 4 has a boolean beside the limit where later ones have a limit of its own. */
static gboolean
is_exclusive (JsonNode *schema, const char *name)
{
  return heddle_json_get_boolean (schema, name, FALSE);
}

static gboolean
check_range (SchemaCheck *self, JsonNode *schema, double number)
{
  double limit;

  if (get_number (schema, "minimum", &limit) && (number < limit || (number == limit && is_exclusive (schema, "exclusiveMinimum"))))
    return schema_check_refuse (self, _ ("Must be at least %g, but is %g."), limit, number);
  if (get_number (schema, "maximum", &limit) && (number > limit || (number == limit && is_exclusive (schema, "exclusiveMaximum"))))
    return schema_check_refuse (self, _ ("Must be at most %g, but is %g."), limit, number);
  if (get_number (schema, "exclusiveMinimum", &limit) && number <= limit)
    return schema_check_refuse (self, _ ("Must be greater than %g, but is %g."), limit, number);
  if (get_number (schema, "exclusiveMaximum", &limit) && number >= limit)
    return schema_check_refuse (self, _ ("Must be less than %g, but is %g."), limit, number);
  return TRUE;
}

gboolean
schema_check_number (SchemaCheck *self, JsonNode *schema, JsonNode *value)
{
  double number, step;

  if (!heddle_json_is_number (value))
    return TRUE;
  number = json_node_get_double (value);
  if (!check_range (self, schema, number))
    return FALSE;
  if (get_number (schema, "multipleOf", &step) && !is_multiple (number, step))
    return schema_check_refuse (self, _ ("Must be a multiple of %g, but is %g."), step, number);
  return TRUE;
}

static pcre2_code *
compile (const char *pattern)
{
  pcre2_compile_context *context = pcre2_compile_context_create (NULL);
  pcre2_code *code;
  PCRE2_SIZE offset;
  int error;

  pcre2_set_parens_nest_limit (context, 100);
  pcre2_set_max_pattern_length (context, 10000);
  code = pcre2_compile ((PCRE2_SPTR) pattern, PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_ALT_BSUX | PCRE2_DOLLAR_ENDONLY, &error, &offset, context);
  pcre2_compile_context_free (context);
  return code;
}

static pcre2_code *
lookup_pattern (SchemaCheck *self, const char *pattern)
{
  pcre2_code *code = g_hash_table_lookup (self->patterns, pattern);

  if (code != NULL || !schema_check_charge (self, STEPS_PER_COMPILE + (gint64) strlen (pattern)))
    return code;
  code = compile (pattern);
  if (code != NULL)
    g_hash_table_insert (self->patterns, g_strdup (pattern), code);
  else if (self->fatal == NULL)
    self->fatal = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The JSON Schema has a pattern that is not a valid regular expression: %.100s"), pattern);
  return code;
}

gboolean
schema_check_matches (SchemaCheck *self, const char *pattern, const char *text)
{
  pcre2_code *code = lookup_pattern (self, pattern);
  pcre2_match_data *data;
  pcre2_match_context *limits;
  gsize size = strlen (text);
  int found;

  if (code == NULL || !schema_check_charge (self, STEPS_PER_MATCH + (gint64) size / 16))
    return FALSE;
  data = pcre2_match_data_create_from_pattern (code, NULL);
  limits = pcre2_match_context_create (NULL);
  /* A pattern that is not anchored begins anew at each byte, so a long text takes more than a short one. */
  pcre2_set_match_limit (limits, MATCH_LIMIT + (guint32) MIN (size, 1000000));
  pcre2_set_heap_limit (limits, MATCH_HEAP_LIMIT);
  found = pcre2_match (code, (PCRE2_SPTR) text, size, 0, PCRE2_NO_UTF_CHECK, data, limits);
  pcre2_match_context_free (limits);
  pcre2_match_data_free (data);
  if (found < 0 && found != PCRE2_ERROR_NOMATCH && self->fatal == NULL)
    self->fatal = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The pattern “%.100s” of the JSON Schema takes too many attempts on this text. Make it simpler."), pattern);
  return found >= 0;
}

gboolean
schema_check_text (SchemaCheck *self, JsonNode *schema, JsonNode *value)
{
  const char *pattern = heddle_json_get_string (schema, "pattern", NULL);
  double limit;
  glong length;
  const char *text;

  if (!heddle_json_is_string (value))
    return TRUE;
  text = json_node_get_string (value);
  length = g_utf8_strlen (text, -1);
  if (get_number (schema, "minLength", &limit) && length < limit)
    return schema_check_refuse (self, _ ("Must have at least %g characters, but has %ld."), limit, length);
  if (get_number (schema, "maxLength", &limit) && length > limit)
    return schema_check_refuse (self, _ ("Must have at most %g characters, but has %ld."), limit, length);
  if (pattern == NULL || schema_check_matches (self, pattern, text))
    return TRUE;
  return self->fatal != NULL ? FALSE : schema_check_refuse (self, _ ("Must match the regular expression %s."), pattern);
}
