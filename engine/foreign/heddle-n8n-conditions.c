/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "foreign/heddle-n8n.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "value/heddle-json.h"

/* What an operation is as an expression; %1$s is the left side, %2$s the right one. Both versions of n8n's names. */
static const struct
{
  const char *operation;
  const char *expression;
} operations[] = {
  { "equals", "%1$s === %2$s" },
  { "equal", "%1$s == %2$s" },
  { "notEquals", "%1$s !== %2$s" },
  { "notEqual", "%1$s != %2$s" },
  { "gt", "%1$s > %2$s" },
  { "larger", "%1$s > %2$s" },
  { "after", "%1$s > %2$s" },
  { "gte", "%1$s >= %2$s" },
  { "largerEqual", "%1$s >= %2$s" },
  { "afterOrEquals", "%1$s >= %2$s" },
  { "lt", "%1$s < %2$s" },
  { "smaller", "%1$s < %2$s" },
  { "before", "%1$s < %2$s" },
  { "lte", "%1$s <= %2$s" },
  { "smallerEqual", "%1$s <= %2$s" },
  { "beforeOrEquals", "%1$s <= %2$s" },
  { "contains", "%1$s.includes(%2$s)" },
  { "notContains", "!%1$s.includes(%2$s)" },
  { "startsWith", "%1$s.startsWith(%2$s)" },
  { "notStartsWith", "!%1$s.startsWith(%2$s)" },
  { "endsWith", "%1$s.endsWith(%2$s)" },
  { "notEndsWith", "!%1$s.endsWith(%2$s)" },
  { "exists", "%1$s != null" },
  { "notExists", "%1$s == null" },
  { "empty", "(%1$s == null || %1$s.length === 0 || %1$s === \"\")" },
  { "isEmpty", "(%1$s == null || %1$s.length === 0 || %1$s === \"\")" },
  { "notEmpty", "(%1$s != null && %1$s.length !== 0 && %1$s !== \"\")" },
  { "isNotEmpty", "(%1$s != null && %1$s.length !== 0 && %1$s !== \"\")" },
  { "true", "%1$s === true" },
  { "false", "%1$s === false" },
  { "lengthEquals", "%1$s.length === %2$s" },
  { "lengthGt", "%1$s.length > %2$s" },
  { "lengthLt", "%1$s.length < %2$s" },
};

static const char *
find_operation (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      if (strcmp (operations[i].operation, name) == 0)
        return operations[i].expression;
    }
  return NULL;
}

/* A text that is compared with a pattern becomes one. */
static char *
make_match (const char *left, const char *pattern, gboolean negated)
{
  g_autofree char *trimmed = g_strdup (pattern);

  if (g_str_has_prefix (trimmed, "\"/"))
    {
      g_autoptr (JsonNode) text = heddle_json_parse (trimmed, -1, NULL);

      return g_strdup_printf ("%s%s.test(%s)", negated ? "!" : "", heddle_json_is_string (text) ? json_node_get_string (text) : "/(?:)/", left);
    }
  return g_strdup_printf ("%s(%s.match(%s) != null)", negated ? "!" : "", left, pattern);
}

static char *
substitute (const char *expression, const char *left, const char *right)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *p = expression; *p != '\0'; p++)
    {
      if (g_str_has_prefix (p, "%1$s") || g_str_has_prefix (p, "%2$s"))
        {
          g_string_append (out, p[1] == '1' ? left : right);
          p += 3;
        }
      else
        g_string_append_c (out, *p);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
make_comparison (HeddleN8n *self, const HeddleN8nEntry *entry, const char *operation, JsonNode *left_value, JsonNode *right_value)
{
  g_autofree char *left = heddle_n8n_dup_expression (self, entry, left_value);
  g_autofree char *right = heddle_n8n_dup_expression (self, entry, right_value);
  const char *expression = find_operation (operation);

  if (strcmp (operation, "regex") == 0 || strcmp (operation, "notRegex") == 0)
    return make_match (left, right, operation[0] == 'n');
  if (expression != NULL)
    return substitute (expression, left, right);
  heddle_foreign_builder_say (self->builder, g_strdup_printf (_ ("“%s” compares by “%s”, which has to be written anew."), entry->name, operation));
  return g_strdup_printf ("%s === %s", left, right);
}

/* {"leftValue","rightValue","operator":{"operation"}} */
static char *
read_condition (HeddleN8n *self, const HeddleN8nEntry *entry, JsonNode *condition)
{
  const char *operation = heddle_json_get_string (heddle_json_member (condition, "operator"), "operation", "equals");

  return make_comparison (self, entry, operation, heddle_json_member (condition, "leftValue"), heddle_json_member (condition, "rightValue"));
}

/* {"value1","operation","value2"}, of the first version; without an operation, as n8n leaves out what is the default */
static char *
read_old_condition (HeddleN8n *self, const HeddleN8nEntry *entry, JsonNode *condition, const char *type)
{
  const char *fallback = strcmp (type, "number") == 0 ? "smaller" : "equal";

  return make_comparison (self, entry, heddle_json_get_string (condition, "operation", fallback), heddle_json_member (condition, "value1"), heddle_json_member (condition, "value2"));
}

static void
collect_old (HeddleN8n *self, const HeddleN8nEntry *entry, JsonNode *conditions, GPtrArray *terms)
{
  static const char *const types[] = { "string", "number", "boolean", "dateTime" };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      JsonArray *list = heddle_json_get_array (conditions, types[i]);

      for (guint j = 0; list != NULL && j < json_array_get_length (list); j++)
        g_ptr_array_add (terms, read_old_condition (self, entry, json_array_get_element (list, j), types[i]));
    }
}

char *
heddle_n8n_dup_condition (HeddleN8n *self, const HeddleN8nEntry *entry, JsonNode *conditions)
{
  g_autoptr (GPtrArray) terms = g_ptr_array_new_with_free_func (g_free);
  JsonArray *list = heddle_json_get_array (conditions, "conditions");
  const char *combinator = heddle_json_get_string (conditions, "combinator", heddle_json_get_string (entry->params, "combineOperation", "and"));
  gboolean is_any = strcmp (combinator, "or") == 0 || strcmp (combinator, "any") == 0;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    g_ptr_array_add (terms, read_condition (self, entry, json_array_get_element (list, i)));
  if (list == NULL)
    collect_old (self, entry, conditions, terms);
  if (terms->len == 0)
    return NULL;
  g_ptr_array_add (terms, NULL);
  return g_strjoinv (is_any ? " || " : " && ", (char **) terms->pdata);
}
