/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "heddle-expr-eval.h"
#include "value/heddle-json.h"

#define NODE_SIZE 96                    /* what a JsonNode and its place in a container take, roughly */
#define EXACT_INTEGERS 9007199254740992 /* beyond it a double cannot count by ones */

gboolean
expr_is_space (gunichar character)
{
  switch (character)
    {
    case '\t':
    case '\n':
    case '\v':
    case '\f':
    case '\r':
    case ' ':
    case 0xa0:
    case 0xfeff:
    case 0x2028:
    case 0x2029:
      return TRUE;
    default:
      return character > 0x7f && g_unichar_type (character) == G_UNICODE_SPACE_SEPARATOR;
    }
}

gboolean
expr_to_boolean (ExprValue value)
{
  switch (value.type)
    {
    case EXPR_BOOLEAN:
      return value.boolean;
    case EXPR_NUMBER:
      return value.number != 0 && !isnan (value.number);
    case EXPR_STRING:
      return value.text->size > 0;
    case EXPR_UNDEFINED:
    case EXPR_NULL:
      return FALSE;
    case EXPR_INTEGER:
    case EXPR_ARRAY:
    case EXPR_OBJECT:
    case EXPR_REGEXP:
    case EXPR_FUNCTION:
    case EXPR_N_TYPES:
    default:
      return TRUE;
    }
}

static double
parse_radix (const char *bytes, gsize size, int base)
{
  double sum = 0;

  if (size == 0)
    return NAN;
  for (gsize i = 0; i < size; i++)
    {
      int digit = g_ascii_xdigit_value (bytes[i]);

      if (digit < 0 || digit >= base)
        return NAN;
      sum = sum * base + digit;
    }
  return sum;
}

/* StrDecimalLiteral: what strtod takes beyond it (hexadecimal, "inf", "nan") is refused by the letters. */
static double
parse_decimal (const char *bytes, gsize size)
{
  g_autofree char *heap = NULL;
  char local[64];
  char *copy = local, *end;
  double number;

  for (gsize i = 0; i < size; i++)
    {
      if (!g_ascii_isdigit (bytes[i]) && (bytes[i] == '\0' || strchr ("+-.eE", bytes[i]) == NULL))
        return NAN;
    }
  if (size >= sizeof local)
    copy = heap = g_malloc (size + 1);
  memcpy (copy, bytes, size);
  copy[size] = '\0';
  number = g_ascii_strtod (copy, &end);
  return *end == '\0' && end != copy ? number : NAN;
}

double
expr_parse_number (const char *bytes, gsize size)
{
  const char *end = bytes + size;

  while (bytes < end && expr_is_space (g_utf8_get_char (bytes)))
    bytes = g_utf8_next_char (bytes);
  while (end > bytes)
    {
      const char *before = g_utf8_find_prev_char (bytes, end);

      if (before == NULL || !expr_is_space (g_utf8_get_char (before)))
        break;
      end = before;
    }

  size = end - bytes;
  if (size == 0)
    return 0;
  if (size > 2 && bytes[0] == '0' && strchr ("xXoObB", bytes[1]) != NULL && bytes[1] != '\0')
    {
      char letter = g_ascii_tolower (bytes[1]);

      return parse_radix (bytes + 2, size - 2, letter == 'x' ? 16 : letter == 'o' ? 8
                                                                                  : 2);
    }
  if (size == 8 && memcmp (bytes, "Infinity", 8) == 0)
    return INFINITY;
  if (size == 9 && memcmp (bytes + 1, "Infinity", 8) == 0 && (bytes[0] == '+' || bytes[0] == '-'))
    return bytes[0] == '-' ? -INFINITY : INFINITY;
  return parse_decimal (bytes, size);
}

double
expr_to_number (ExprEval *eval, ExprValue value)
{
  switch (value.type)
    {
    case EXPR_NUMBER:
      return value.number;
    case EXPR_INTEGER:
      return (double) value.integer;
    case EXPR_BOOLEAN:
      return value.boolean;
    case EXPR_NULL:
      return 0;
    case EXPR_UNDEFINED:
      return NAN;
    case EXPR_STRING:
      expr_eval_charge (eval, value.text->size / 64);
      return expr_parse_number (value.text->bytes, value.text->size);
    case EXPR_ARRAY:
    case EXPR_OBJECT:
    case EXPR_REGEXP:
    case EXPR_FUNCTION:
    case EXPR_N_TYPES:
    default:
      return expr_to_number (eval, expr_text_value (expr_to_text (eval, value)));
    }
}

double
expr_to_integer (ExprEval *eval, ExprValue value)
{
  double number = expr_to_number (eval, value);

  return isnan (number) ? 0 : trunc (number);
}

gint32
expr_to_int32 (ExprEval *eval, ExprValue value)
{
  double number = expr_to_number (eval, value);

  if (!isfinite (number))
    return 0;
  number = fmod (trunc (number), 4294967296.0);
  return (gint32) (guint32) (gint64) number;
}

static void
append_list (ExprEval *eval, GString *out, ExprList *list)
{
  for (guint i = 0; i < list->length && !eval->failed; i++)
    {
      ExprValue item = expr_list_get (eval, list, i);

      if (i > 0)
        g_string_append_c (out, ',');
      if (!expr_is_nullish (item))
        {
          ExprText *text = expr_to_text (eval, item);

          if (!expr_eval_reserve (eval, out->len + text->size))
            return;
          g_string_append_len (out, text->bytes, text->size);
        }
      expr_eval_charge (eval, 1);
    }
}

static ExprText *
list_to_text (ExprEval *eval, ExprList *list)
{
  GString *out = g_string_new (NULL);

  if (eval->depth++ < EXPR_MAX_DEPTH)
    append_list (eval, out, list);
  else
    expr_eval_fail_limit (eval, _ ("The value is nested too deeply to be written as text"));
  eval->depth--;
  return expr_text_take (eval, out);
}

static ExprText *
function_to_text (ExprEval *eval, const ExprFunction *function)
{
  const ExprNode *lambda = function->lambda;
  g_autofree char *text = NULL;

  /* Parentheses around it widen the span of the node, not the function. */
  if (lambda != NULL)
    return expr_text_copy (eval, eval->source + lambda->at, lambda->left->end - lambda->at);
  if (function->builtin != NULL)
    text = g_strdup_printf ("function %s() { [native code] }", function->builtin->name);
  else
    text = g_strdup_printf ("[object %s]", function->name);
  return expr_text_copy (eval, text, strlen (text));
}

static ExprText *
number_to_text (ExprEval *eval, double number)
{
  GString *out = g_string_sized_new (32);

  heddle_json_append_number (out, number);
  return expr_text_take (eval, out);
}

ExprText *
expr_to_text (ExprEval *eval, ExprValue value)
{
  g_autofree char *text = NULL;

  switch (value.type)
    {
    case EXPR_STRING:
      return value.text;
    case EXPR_UNDEFINED:
      return expr_string (eval, "undefined").text;
    case EXPR_NULL:
      return expr_string (eval, "null").text;
    case EXPR_BOOLEAN:
      return expr_string (eval, value.boolean ? "true" : "false").text;
    case EXPR_NUMBER:
      return number_to_text (eval, value.number);
    case EXPR_INTEGER:
      text = g_strdup_printf ("%" G_GINT64_FORMAT, value.integer);
      break;
    case EXPR_ARRAY:
      return list_to_text (eval, value.list);
    case EXPR_REGEXP:
      text = expr_regexp_to_text (value.regexp);
      break;
    case EXPR_FUNCTION:
      return function_to_text (eval, value.function);
    case EXPR_OBJECT:
    case EXPR_N_TYPES:
    default:
      return expr_string (eval, "[object Object]").text;
    }
  return expr_text_copy (eval, text, strlen (text));
}

ExprValue
expr_to_primitive (ExprEval *eval, ExprValue value)
{
  if (value.type < EXPR_ARRAY)
    return value;
  return expr_text_value (expr_to_text (eval, value));
}

static gboolean
numbers_equal (ExprValue a, ExprValue b)
{
  if (a.type == EXPR_INTEGER && b.type == EXPR_INTEGER)
    return a.integer == b.integer;
  return (a.type == EXPR_INTEGER ? (double) a.integer : a.number) == (b.type == EXPR_INTEGER ? (double) b.integer : b.number);
}

/* What was wrapped twice is still one value. */
static gboolean
same_reference (ExprValue a, ExprValue b)
{
  if (a.type == EXPR_ARRAY && a.list->node != NULL)
    return a.list->node == b.list->node;
  if (a.type == EXPR_OBJECT && a.record->node != NULL)
    return a.record->node == b.record->node;
  if (a.type == EXPR_FUNCTION && a.function->builtin != NULL)
    return a.function->builtin == b.function->builtin;
  return a.list == b.list;
}

gboolean
expr_strictly_equal (ExprValue a, ExprValue b)
{
  if (expr_is_number (a) && expr_is_number (b))
    return numbers_equal (a, b);
  if (a.type != b.type)
    return FALSE;

  switch (a.type)
    {
    case EXPR_UNDEFINED:
    case EXPR_NULL:
      return TRUE;
    case EXPR_BOOLEAN:
      return a.boolean == b.boolean;
    case EXPR_STRING:
      return expr_text_equal (a.text, b.text);
    case EXPR_NUMBER:
    case EXPR_INTEGER:
    case EXPR_ARRAY:
    case EXPR_OBJECT:
    case EXPR_REGEXP:
    case EXPR_FUNCTION:
    case EXPR_N_TYPES:
    default:
      return same_reference (a, b);
    }
}

gboolean
expr_same_value_zero (ExprValue a, ExprValue b)
{
  if (a.type == EXPR_NUMBER && b.type == EXPR_NUMBER && isnan (a.number) && isnan (b.number))
    return TRUE;
  return expr_strictly_equal (a, b);
}

static ExprValue
boolean_to_number (ExprValue value)
{
  return value.type == EXPR_BOOLEAN ? expr_number (value.boolean) : value;
}

gboolean
expr_loosely_equal (ExprEval *eval, ExprValue a, ExprValue b)
{
  if (a.type == b.type || (expr_is_number (a) && expr_is_number (b)))
    return expr_strictly_equal (a, b);
  if (expr_is_nullish (a) || expr_is_nullish (b))
    return expr_is_nullish (a) && expr_is_nullish (b);
  if (a.type >= EXPR_ARRAY && b.type >= EXPR_ARRAY)
    return FALSE;

  a = boolean_to_number (expr_to_primitive (eval, a));
  b = boolean_to_number (expr_to_primitive (eval, b));
  if (a.type == EXPR_STRING && b.type == EXPR_STRING)
    return expr_text_equal (a.text, b.text);
  return expr_to_number (eval, a) == expr_to_number (eval, b);
}

static ExprValue
from_scalar (ExprEval *eval, JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    return expr_string (eval, json_node_get_string (node));
  if (type == G_TYPE_BOOLEAN)
    return expr_boolean (json_node_get_boolean (node));
  if (type == G_TYPE_INT64)
    {
      gint64 integer = json_node_get_int (node);

      if (integer > EXACT_INTEGERS || integer < -EXACT_INTEGERS)
        return (ExprValue){ .type = EXPR_INTEGER, .integer = integer };
      return expr_number ((double) integer);
    }
  return expr_number (json_node_get_double (node));
}

ExprValue
expr_from_node (ExprEval *eval, JsonNode *node)
{
  if (node == NULL)
    return EXPR_VALUE_UNDEFINED;

  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      {
        ExprRecord *record = expr_record_new (eval);

        record->node = node;
        return expr_record_value (record);
      }
    case JSON_NODE_ARRAY:
      {
        ExprList *list = expr_arena_alloc0 (&eval->arena, sizeof (ExprList));

        list->node = node;
        list->length = json_array_get_length (json_node_get_array (node));
        return expr_list_value (list);
      }
    case JSON_NODE_VALUE:
      return from_scalar (eval, node);
    case JSON_NODE_NULL:
    default:
      return EXPR_VALUE_NULL;
    }
}

static JsonNode *
number_to_node (double number)
{
  if (number == trunc (number) && fabs (number) <= EXACT_INTEGERS)
    return heddle_json_int ((gint64) number);
  return heddle_json_double (number);
}

/* A C string ends at NUL, so a NUL inside becomes the replacement character. */
static char *
text_to_c_string (const ExprText *text)
{
  GString *out = g_string_new_len (text->bytes, text->size);

  if (memchr (text->bytes, '\0', text->size) != NULL)
    {
      g_string_truncate (out, 0);
      for (gsize i = 0; i < text->size; i++)
        {
          if (text->bytes[i] == '\0')
            g_string_append (out, "\xef\xbf\xbd");
          else
            g_string_append_c (out, text->bytes[i]);
        }
    }
  return g_string_free (out, FALSE);
}

static JsonNode *
text_to_node (const ExprText *text)
{
  g_autofree char *string = text_to_c_string (text);

  return heddle_json_string (string);
}

static JsonNode *
list_to_node (ExprEval *eval, ExprList *list)
{
  g_autoptr (JsonArray) array = NULL;

  if (list->node != NULL)
    return json_node_ref (list->node);

  array = json_array_sized_new (list->length);
  for (guint i = 0; i < list->length; i++)
    {
      JsonNode *element = expr_to_node (eval, list->items[i]);

      if (element == NULL)
        return NULL;
      json_array_add_element (array, element);
    }
  return heddle_json_array (g_steal_pointer (&array));
}

static gboolean
add_member (ExprEval *eval, JsonObject *object, const ExprEntry *entry)
{
  g_autofree char *name = NULL;
  JsonNode *member;

  if (entry->value.type == EXPR_UNDEFINED || expr_is_callable (entry->value))
    return TRUE;
  member = expr_to_node (eval, entry->value);
  if (member == NULL)
    return FALSE;
  name = text_to_c_string (entry->key);
  json_object_set_member (object, name, member);
  return TRUE;
}

static JsonNode *
record_to_node (ExprEval *eval, ExprRecord *record)
{
  g_autoptr (JsonObject) object = NULL;
  ExprEntry *entries;
  guint count;

  if (record->node != NULL)
    return json_node_ref (record->node);

  object = json_object_new ();
  entries = expr_record_entries (eval, record, &count);
  for (guint i = 0; i < count && !eval->failed; i++)
    {
      if (!add_member (eval, object, &entries[i]))
        return NULL;
    }
  return heddle_json_object (g_steal_pointer (&object));
}

static JsonNode *
container_to_node (ExprEval *eval, ExprValue value)
{
  JsonNode *node = NULL;

  if (eval->depth++ < HEDDLE_JSON_MAX_DEPTH)
    node = value.type == EXPR_ARRAY ? list_to_node (eval, value.list) : record_to_node (eval, value.record);
  else
    expr_eval_fail_limit (eval, _ ("The result is nested too deeply"));
  eval->depth--;
  return node;
}

JsonNode *
expr_to_node (ExprEval *eval, ExprValue value)
{
  /* A list that holds itself twice, again and again, is small here and huge as JSON. */
  eval->kept += NODE_SIZE + (value.type == EXPR_STRING ? value.text->size : 0);
  if (!expr_eval_charge (eval, 1) || !expr_eval_reserve (eval, 0))
    return NULL;

  switch (value.type)
    {
    case EXPR_BOOLEAN:
      return heddle_json_boolean (value.boolean);
    case EXPR_NUMBER:
      return number_to_node (value.number);
    case EXPR_INTEGER:
      return heddle_json_int (value.integer);
    case EXPR_STRING:
      return text_to_node (value.text);
    case EXPR_ARRAY:
    case EXPR_OBJECT:
      return container_to_node (eval, value);
    case EXPR_REGEXP:
      return heddle_json_object (json_object_new ());
    case EXPR_FUNCTION:
      return expr_is_callable (value) ? heddle_json_null () : heddle_json_object (json_object_new ());
    case EXPR_UNDEFINED:
    case EXPR_NULL:
    case EXPR_N_TYPES:
    default:
      return heddle_json_null ();
    }
}
