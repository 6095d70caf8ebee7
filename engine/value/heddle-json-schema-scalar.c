/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-json-schema-private.h"

#include "heddle-error.h"
#include "value/heddle-json.h"
#include "value/heddle-pattern.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define STEPS_PER_COMPILE 500
/* Steps of a pattern that take as long as one of a check. */
#define PATTERN_STEPS 10

void
schema_pattern_free (gpointer pattern)
{
  heddle_pattern_free (pattern);
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

static void
take_fatal (SchemaCheck *self, GError *error)
{
  g_prefix_error (&error, "%s: ", _ ("JSON Schema"));
  if (self->fatal == NULL)
    self->fatal = error;
  else
    g_error_free (error);
}

static HeddlePattern *
lookup_pattern (SchemaCheck *self, const char *source)
{
  HeddlePattern *pattern = g_hash_table_lookup (self->patterns, source);
  GError *error = NULL;

  if (pattern != NULL || !schema_check_charge (self, STEPS_PER_COMPILE + (gint64) strlen (source)))
    return pattern;
  pattern = heddle_pattern_new (source, &error);
  if (pattern != NULL)
    g_hash_table_insert (self->patterns, g_strdup (source), pattern);
  else
    take_fatal (self, error);
  return pattern;
}

gboolean
schema_check_matches (SchemaCheck *self, const char *source, const char *text)
{
  HeddlePattern *pattern = lookup_pattern (self, source);
  gint64 steps = self->budget * PATTERN_STEPS;
  gboolean is_found;
  GError *error = NULL;

  if (pattern == NULL)
    return FALSE;
  is_found = heddle_pattern_matches (pattern, text, &steps, &error);
  if (error != NULL)
    take_fatal (self, error);
  self->budget = MIN (self->budget - 1, steps / PATTERN_STEPS);
  return is_found;
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
