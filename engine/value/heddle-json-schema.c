/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-json-schema-private.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* About as many values and rules as there are in a megabyte of JSON: a few tenths of a second. */
#define MAX_STEPS (200 * 1000)
#define MAX_DEPTH 600
#define MAX_PROBLEMS 5
#define MAX_SHOWN 60

static void
give_up (SchemaCheck *self, HeddleErrorCode code, const char *message)
{
  if (self->fatal == NULL)
    self->fatal = g_error_new_literal (HEDDLE_ERROR, (int) code, message);
}

gboolean
schema_check_charge (SchemaCheck *self, gint64 steps)
{
  self->budget -= steps;
  if (self->budget < 0)
    give_up (self, HEDDLE_ERROR_LIMIT, _ ("The JSON Schema takes too long to check. Make it or the value smaller."));
  return self->fatal == NULL;
}

gboolean
schema_check_refuse (SchemaCheck *self, const char *format, ...)
{
  g_autofree char *sentence = NULL;
  va_list args;

  if (self->problems == NULL || self->problems->len >= MAX_PROBLEMS)
    return FALSE;
  va_start (args, format);
  sentence = g_strdup_vprintf (format, args);
  va_end (args);
  if (self->pointer->len == 0)
    g_ptr_array_add (self->problems, g_steal_pointer (&sentence));
  else
    g_ptr_array_add (self->problems, g_strdup_printf ("%s: %s", self->pointer->str, sentence));
  return FALSE;
}

gboolean
schema_check_quietly (SchemaCheck *self, JsonNode *schema, JsonNode *value)
{
  GPtrArray *problems = g_steal_pointer (&self->problems);
  gboolean fits = schema_check_value (self, schema, value);

  self->problems = problems;
  return fits;
}

static void
append_step (GString *pointer, const char *step, guint index)
{
  g_string_append_c (pointer, '/');
  if (step == NULL)
    {
      g_string_append_printf (pointer, "%u", index);
      return;
    }
  for (const char *p = step; *p != '\0'; p++)
    {
      if (*p == '~' || *p == '/')
        g_string_append (pointer, *p == '~' ? "~0" : "~1");
      else
        g_string_append_c (pointer, *p);
    }
}

gboolean
schema_check_child (SchemaCheck *self, JsonNode *schema, JsonNode *value, const char *step, guint index)
{
  gsize length = self->pointer->len;
  gboolean fits;

  append_step (self->pointer, step, index);
  fits = schema_check_value (self, schema, value);
  g_string_truncate (self->pointer, length);
  return fits;
}

static const char *
type_of (JsonNode *value)
{
  if (heddle_json_is_null (value))
    return "null";
  if (JSON_NODE_HOLDS_OBJECT (value))
    return "object";
  if (JSON_NODE_HOLDS_ARRAY (value))
    return "array";
  if (heddle_json_is_string (value))
    return "string";
  return heddle_json_is_number (value) ? "number" : "boolean";
}

static gboolean
is_integer (JsonNode *value)
{
  double number;

  if (!heddle_json_is_number (value))
    return FALSE;
  if (json_node_get_value_type (value) == G_TYPE_INT64)
    return TRUE;
  number = json_node_get_double (value);
  return isfinite (number) && number == floor (number);
}

static gboolean
has_type (JsonNode *value, const char *type)
{
  return strcmp (type, "integer") == 0 ? is_integer (value) : strcmp (type, type_of (value)) == 0;
}

static gboolean
is_type_name (const char *type)
{
  static const char *const names[] = { "null", "boolean", "object", "array", "number", "integer", "string", NULL };

  return type != NULL && g_strv_contains (names, type);
}

/* The names of the keyword "type", or NULL with a fatal error. */
static GPtrArray *
list_types (SchemaCheck *self, JsonNode *keyword)
{
  g_autoptr (GPtrArray) types = g_ptr_array_new ();
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (keyword) ? json_node_get_array (keyword) : NULL;
  guint n_types = array != NULL ? json_array_get_length (array) : 1;

  for (guint i = 0; i < n_types; i++)
    {
      JsonNode *node = array != NULL ? json_array_get_element (array, i) : keyword;
      const char *type = heddle_json_is_string (node) ? json_node_get_string (node) : NULL;

      if (!is_type_name (type))
        {
          give_up (self, HEDDLE_ERROR_INVALID, _ ("The JSON Schema names a type that JSON does not have. The types are null, boolean, object, array, number, integer and string."));
          return NULL;
        }
      g_ptr_array_add (types, (gpointer) type);
    }
  return g_steal_pointer (&types);
}

static gboolean
check_type (SchemaCheck *self, JsonNode *schema, JsonNode *value)
{
  JsonNode *keyword = heddle_json_member (schema, "type");
  g_autoptr (GPtrArray) types = keyword != NULL ? list_types (self, keyword) : NULL;
  g_autoptr (GString) names = g_string_new (NULL);

  if (keyword == NULL)
    return TRUE;
  if (types == NULL)
    return FALSE;
  for (guint i = 0; i < types->len; i++)
    {
      if (has_type (value, g_ptr_array_index (types, i)))
        return TRUE;
      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", (char *) g_ptr_array_index (types, i));
    }
  if (types->len == 1)
    return schema_check_refuse (self, _ ("Must be of type %s, but is of type %s."), names->str, type_of (value));
  return schema_check_refuse (self, _ ("Must be of one of the types %s, but is of type %s."), names->str, type_of (value));
}

/* A value as a message shows it. */
static char *
show (JsonNode *value)
{
  g_autofree char *text = heddle_json_to_text (value, HEDDLE_JSON_COMPACT);
  g_autofree char *start = NULL;

  if (g_utf8_strlen (text, -1) <= MAX_SHOWN)
    return g_steal_pointer (&text);
  start = g_utf8_substring (text, 0, MAX_SHOWN);
  return g_strconcat (start, "…", NULL);
}

static gboolean
check_enum (SchemaCheck *self, JsonNode *schema, JsonNode *value)
{
  JsonArray *choices = heddle_json_get_array (schema, "enum");
  g_autofree char *given = NULL;
  g_autofree char *known = NULL;

  if (choices == NULL)
    return TRUE;
  for (guint i = 0; i < json_array_get_length (choices) && schema_check_charge (self, 1); i++)
    {
      if (heddle_json_equal (json_array_get_element (choices, i), value))
        return TRUE;
    }
  given = show (value);
  known = heddle_json_to_text (heddle_json_member (schema, "enum"), HEDDLE_JSON_COMPACT);
  if (strlen (known) > 1000)
    return schema_check_refuse (self, _ ("%s is none of the values that are allowed here."), given);
  return schema_check_refuse (self, _ ("%s is not allowed here; the values are %s."), given, known);
}

static gboolean
check_const (SchemaCheck *self, JsonNode *schema, JsonNode *value)
{
  JsonNode *wanted = heddle_json_member (schema, "const");
  g_autofree char *shown = NULL;

  if (wanted == NULL || heddle_json_equal (wanted, value))
    return TRUE;
  shown = show (wanted);
  return schema_check_refuse (self, _ ("Must be %s."), shown);
}

static char *
unescape_step (const char *step)
{
  g_autofree char *plain = g_uri_unescape_string (step, NULL);
  GString *text = g_string_new (plain != NULL ? plain : step);

  g_string_replace (text, "~1", "/", 0);
  g_string_replace (text, "~0", "~", 0);
  return g_string_free (text, FALSE);
}

/* The place in the schema that a "$ref" means, or NULL. */
static JsonNode *
follow (SchemaCheck *self, const char *reference)
{
  g_auto (GStrv) steps = NULL;
  JsonNode *node = self->root;

  if (strcmp (reference, "#") == 0)
    return node;
  if (!g_str_has_prefix (reference, "#/"))
    return NULL;
  steps = g_strsplit (reference + 2, "/", -1);
  for (guint i = 0; steps[i] != NULL && node != NULL; i++)
    {
      g_autofree char *step = unescape_step (steps[i]);

      if (!JSON_NODE_HOLDS_ARRAY (node))
        node = heddle_json_member (node, step);
      else
        {
          guint64 index;
          gboolean is_index = g_ascii_string_to_unsigned (step, 10, 0, G_MAXUINT, &index, NULL);

          node = is_index && index < json_array_get_length (json_node_get_array (node)) ? json_array_get_element (json_node_get_array (node), (guint) index) : NULL;
        }
    }
  return node;
}

static gboolean
check_reference (SchemaCheck *self, JsonNode *schema, JsonNode *value)
{
  const char *reference = heddle_json_get_string (schema, "$ref", NULL);
  JsonNode *target;

  if (reference == NULL)
    return TRUE;
  target = schema_check_charge (self, (gint64) strlen (reference) / 16) ? follow (self, reference) : NULL;
  if (target == NULL)
    {
      g_autofree char *message = g_strdup_printf (_ ("The JSON Schema refers to “%.100s”, which it does not contain."), reference);

      give_up (self, HEDDLE_ERROR_INVALID, message);
      return FALSE;
    }
  return schema_check_value (self, target, value);
}

static gboolean
check_all_of (SchemaCheck *self, JsonNode *schema, JsonNode *value)
{
  JsonArray *parts = heddle_json_get_array (schema, "allOf");
  gboolean fits = TRUE;

  for (guint i = 0; parts != NULL && i < json_array_get_length (parts); i++)
    fits &= schema_check_value (self, json_array_get_element (parts, i), value);
  return fits;
}

static gsize
pointer_length (const char *problem)
{
  return *problem == '/' ? strcspn (problem, ":") : 0;
}

/* Tells what is wrong with the form that the value comes nearest to: the one whose problem is deepest. */
static void
tell_nearest (SchemaCheck *self, JsonArray *forms, JsonNode *value)
{
  g_autoptr (GPtrArray) nearest = NULL;
  GPtrArray *problems = self->problems;
  gsize deepest = 0;

  if (problems == NULL)
    return;
  for (guint i = 0; i < json_array_get_length (forms) && self->fatal == NULL; i++)
    {
      g_autoptr (GPtrArray) tried = g_ptr_array_new_with_free_func (g_free);
      gsize depth;

      self->problems = tried;
      schema_check_value (self, json_array_get_element (forms, i), value);
      depth = tried->len > 0 ? pointer_length (g_ptr_array_index (tried, 0)) : 0;
      if (nearest != NULL && depth <= deepest)
        continue;
      g_clear_pointer (&nearest, g_ptr_array_unref);
      nearest = g_steal_pointer (&tried);
      deepest = depth;
    }
  self->problems = problems;
  for (guint i = 0; nearest != NULL && i < nearest->len && problems->len < MAX_PROBLEMS; i++)
    g_ptr_array_add (problems, g_strdup (g_ptr_array_index (nearest, i)));
}

static guint
count_fitting (SchemaCheck *self, JsonArray *forms, JsonNode *value)
{
  guint n_fitting = 0;

  for (guint i = 0; i < json_array_get_length (forms) && self->fatal == NULL; i++)
    n_fitting += schema_check_quietly (self, json_array_get_element (forms, i), value) ? 1 : 0;
  return n_fitting;
}

static gboolean
check_choice (SchemaCheck *self, JsonNode *schema, JsonNode *value, const char *keyword)
{
  JsonArray *forms = heddle_json_get_array (schema, keyword);
  guint n_fitting;

  if (forms == NULL || json_array_get_length (forms) == 0)
    return TRUE;
  n_fitting = count_fitting (self, forms, value);
  if (self->fatal != NULL)
    return FALSE;
  if (n_fitting > 1 && strcmp (keyword, "oneOf") == 0)
    return schema_check_refuse (self, _ ("Fits %u of the forms that are allowed here, but must fit exactly one."), n_fitting);
  if (n_fitting > 0)
    return TRUE;
  schema_check_refuse (self, _ ("Fits none of the %u forms that are allowed here; what the nearest lacks follows."), json_array_get_length (forms));
  tell_nearest (self, forms, value);
  return FALSE;
}

static gboolean
check_not (SchemaCheck *self, JsonNode *schema, JsonNode *value)
{
  JsonNode *forbidden = heddle_json_member (schema, "not");
  g_autofree char *shown = NULL;

  if (forbidden == NULL || !schema_check_quietly (self, forbidden, value))
    return self->fatal == NULL;
  shown = show (forbidden);
  return schema_check_refuse (self, _ ("Must not fit %s."), shown);
}

static gboolean
check_condition (SchemaCheck *self, JsonNode *schema, JsonNode *value)
{
  JsonNode *condition = heddle_json_member (schema, "if");
  JsonNode *rule;

  if (condition == NULL)
    return TRUE;
  rule = heddle_json_member (schema, schema_check_quietly (self, condition, value) ? "then" : "else");
  if (self->fatal != NULL)
    return FALSE;
  return rule == NULL || schema_check_value (self, rule, value);
}

static gboolean
check_keywords (SchemaCheck *self, JsonNode *schema, JsonNode *value)
{
  gboolean fits = check_reference (self, schema, value);

  /* A value of the wrong type has no other problem worth telling. */
  if (!check_type (self, schema, value))
    return FALSE;
  fits &= check_enum (self, schema, value);
  fits &= check_const (self, schema, value);
  fits &= schema_check_number (self, schema, value);
  fits &= schema_check_text (self, schema, value);
  fits &= schema_check_array (self, schema, value);
  fits &= schema_check_object (self, schema, value);
  fits &= check_all_of (self, schema, value);
  fits &= check_choice (self, schema, value, "anyOf");
  fits &= check_choice (self, schema, value, "oneOf");
  fits &= check_not (self, schema, value);
  fits &= check_condition (self, schema, value);
  return fits && self->fatal == NULL;
}

gboolean
schema_check_value (SchemaCheck *self, JsonNode *schema, JsonNode *value)
{
  gboolean fits;

  if (!schema_check_charge (self, 1))
    return FALSE;
  if (JSON_NODE_HOLDS_VALUE (schema) && json_node_get_value_type (schema) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (schema) || schema_check_refuse (self, _ ("Nothing is allowed here."));
  if (!JSON_NODE_HOLDS_OBJECT (schema))
    give_up (self, HEDDLE_ERROR_INVALID, _ ("The JSON Schema is not valid: a schema in it is neither an object nor true or false."));
  else if (self->depth >= MAX_DEPTH)
    give_up (self, HEDDLE_ERROR_LIMIT, _ ("The JSON Schema nests too deep or refers to itself without end."));
  if (self->fatal != NULL)
    return FALSE;
  self->depth++;
  fits = check_keywords (self, schema, value);
  self->depth--;
  return fits;
}

static char *
join (GPtrArray *problems)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < problems->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (char *) g_ptr_array_index (problems, i));
  return g_string_free (text, FALSE);
}

gboolean
heddle_json_schema_check (JsonNode *schema, JsonNode *value, GError **error)
{
  g_autoptr (GString) pointer = g_string_new (NULL);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) patterns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, schema_pattern_free);
  SchemaCheck check = { .root = schema, .pointer = pointer, .problems = problems, .patterns = patterns, .budget = MAX_STEPS };
  g_autofree char *message = NULL;

  g_return_val_if_fail (schema != NULL && value != NULL, FALSE);

  if (schema_check_value (&check, schema, value))
    return TRUE;
  if (check.fatal != NULL)
    {
      g_propagate_error (error, check.fatal);
      return FALSE;
    }
  message = join (problems);
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, message);
  return FALSE;
}
