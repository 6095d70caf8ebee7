/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <math.h>

#include "heddle-expr-eval.h"

const char *
expr_type_name (ExprValue value)
{
  switch (value.type)
    {
    case EXPR_UNDEFINED:
      return "undefined";
    case EXPR_BOOLEAN:
      return "boolean";
    case EXPR_NUMBER:
    case EXPR_INTEGER:
      return "number";
    case EXPR_STRING:
      return "string";
    case EXPR_FUNCTION:
      return expr_is_callable (value) ? "function" : "object";
    case EXPR_NULL:
    case EXPR_ARRAY:
    case EXPR_OBJECT:
    case EXPR_REGEXP:
    case EXPR_N_TYPES:
    default:
      return "object";
    }
}

ExprValue
expr_unary (ExprEval *eval, ExprOperator operation, ExprValue value)
{
  if (operation == EXPR_OP_NOT)
    return expr_boolean (!expr_to_boolean (value));
  if (operation == EXPR_OP_MINUS)
    return expr_number (-expr_to_number (eval, value));
  if (operation == EXPR_OP_PLUS)
    return value.type == EXPR_INTEGER ? value : expr_number (expr_to_number (eval, value));
  if (operation == EXPR_OP_BIT_NOT)
    return expr_number (~expr_to_int32 (eval, value));
  if (operation == EXPR_OP_TYPEOF)
    return expr_string (eval, expr_type_name (value));
  return EXPR_VALUE_UNDEFINED;
}

static ExprValue
add (ExprEval *eval, ExprValue a, ExprValue b)
{
  a = expr_to_primitive (eval, a);
  b = expr_to_primitive (eval, b);
  if (a.type == EXPR_STRING || b.type == EXPR_STRING)
    return expr_text_value (expr_text_concat (eval, expr_to_text (eval, a), expr_to_text (eval, b)));
  return expr_number (expr_to_number (eval, a) + expr_to_number (eval, b));
}

/* ECMAScript leaves the two cases undefined that C makes 1. */
static double
power (double base, double exponent)
{
  if (isnan (exponent) || (fabs (base) == 1 && isinf (exponent)))
    return NAN;
  return pow (base, exponent);
}

static double
compute (ExprOperator operation, double a, double b)
{
  if (operation == EXPR_OP_SUBTRACT)
    return a - b;
  if (operation == EXPR_OP_MULTIPLY)
    return a * b;
  if (operation == EXPR_OP_DIVIDE)
    return a / b;
  if (operation == EXPR_OP_REMAINDER)
    return fmod (a, b);
  return power (a, b);
}

static double
compute_bits (ExprOperator operation, gint32 a, gint32 b)
{
  guint shift = (guint32) b & 31;

  if (operation == EXPR_OP_BIT_OR)
    return a | b;
  if (operation == EXPR_OP_BIT_XOR)
    return a ^ b;
  if (operation == EXPR_OP_BIT_AND)
    return a & b;
  if (operation == EXPR_OP_SHIFT_LEFT)
    return (gint32) ((guint32) a << shift);
  if (operation == EXPR_OP_SHIFT_RIGHT)
    return a >> shift;
  return (guint32) a >> shift;
}

/* Each comparison is true for one or two of the three orders; unordered (NaN) is never true. */
static gboolean
compare (ExprEval *eval, ExprOperator operation, ExprValue a, ExprValue b)
{
  double first, second;

  a = expr_to_primitive (eval, a);
  b = expr_to_primitive (eval, b);
  if (a.type == EXPR_STRING && b.type == EXPR_STRING)
    {
      first = expr_text_compare (a.text, b.text);
      second = 0;
    }
  else if (a.type == EXPR_INTEGER && b.type == EXPR_INTEGER)
    {
      first = a.integer < b.integer ? -1 : a.integer > b.integer;
      second = 0;
    }
  else
    {
      first = expr_to_number (eval, a);
      second = expr_to_number (eval, b);
    }

  if (operation == EXPR_OP_LESS)
    return first < second;
  if (operation == EXPR_OP_GREATER)
    return first > second;
  if (operation == EXPR_OP_LESS_EQUAL)
    return first <= second;
  return first >= second;
}

static ExprValue
contains (ExprEval *eval, ExprValue key, ExprValue value)
{
  if (value.type < EXPR_ARRAY)
    return expr_eval_fail (eval, _ ("“in” needs an object or a list on its right side"));
  return expr_boolean (expr_has_member (eval, value, expr_to_text (eval, key)));
}

ExprValue
expr_binary (ExprEval *eval, ExprOperator operation, ExprValue a, ExprValue b)
{
  switch (operation)
    {
    case EXPR_OP_EQUAL:
      return expr_boolean (expr_loosely_equal (eval, a, b));
    case EXPR_OP_NOT_EQUAL:
      return expr_boolean (!expr_loosely_equal (eval, a, b));
    case EXPR_OP_SAME:
      return expr_boolean (expr_strictly_equal (a, b));
    case EXPR_OP_NOT_SAME:
      return expr_boolean (!expr_strictly_equal (a, b));
    case EXPR_OP_LESS:
    case EXPR_OP_GREATER:
    case EXPR_OP_LESS_EQUAL:
    case EXPR_OP_GREATER_EQUAL:
      return expr_boolean (compare (eval, operation, a, b));
    case EXPR_OP_IN:
      return contains (eval, a, b);
    case EXPR_OP_ADD:
      return add (eval, a, b);
    case EXPR_OP_SUBTRACT:
    case EXPR_OP_MULTIPLY:
    case EXPR_OP_DIVIDE:
    case EXPR_OP_REMAINDER:
    case EXPR_OP_POWER:
      return expr_number (compute (operation, expr_to_number (eval, a), expr_to_number (eval, b)));
    case EXPR_OP_BIT_OR:
    case EXPR_OP_BIT_XOR:
    case EXPR_OP_BIT_AND:
    case EXPR_OP_SHIFT_LEFT:
    case EXPR_OP_SHIFT_RIGHT:
    case EXPR_OP_SHIFT_RIGHT_UNSIGNED:
      return expr_number (compute_bits (operation, expr_to_int32 (eval, a), expr_to_int32 (eval, b)));
    case EXPR_OP_NONE:
    case EXPR_OP_COALESCE:
    case EXPR_OP_OR:
    case EXPR_OP_AND:
    case EXPR_OP_NOT:
    case EXPR_OP_BIT_NOT:
    case EXPR_OP_MINUS:
    case EXPR_OP_PLUS:
    case EXPR_OP_TYPEOF:
    case EXPR_OP_VOID:
    default:
      g_assert_not_reached ();
    }
}
