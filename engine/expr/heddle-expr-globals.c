/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "heddle-expr-eval.h"

static ExprValue
call_string (ExprEval *eval, const ExprCall *call)
{
  if (call->n_args == 0)
    return expr_string (eval, "");
  return expr_text_value (expr_to_text (eval, call->args[0]));
}

static ExprValue
call_number (ExprEval *eval, const ExprCall *call)
{
  if (call->n_args == 0)
    return expr_number (0);
  return call->args[0].type == EXPR_INTEGER ? call->args[0] : expr_number (expr_to_number (eval, call->args[0]));
}

static ExprValue
call_boolean (ExprEval *eval, const ExprCall *call)
{
  return expr_boolean (expr_to_boolean (expr_arg (call, 0)));
}

/* Array (3) is three times undefined, Array (1, 2) is its arguments. */
static ExprValue
call_array (ExprEval *eval, const ExprCall *call)
{
  ExprList *list;
  double length;

  if (call->n_args != 1 || !expr_is_number (call->args[0]))
    {
      list = expr_list_new (eval, call->n_args);
      for (guint i = 0; i < call->n_args; i++)
        expr_list_add (eval, list, call->args[i]);
      return expr_list_value (list);
    }

  length = expr_to_number (eval, call->args[0]);
  if (!(length >= 0 && length <= G_MAXUINT && length == trunc (length)))
    return expr_eval_fail (eval, _ ("This is not a length for a list"));
  list = expr_list_new (eval, (guint) length);
  for (guint i = 0; i < length && expr_eval_charge (eval, 1); i++)
    expr_list_add (eval, list, EXPR_VALUE_UNDEFINED);
  return expr_list_value (list);
}

static ExprValue
call_object (ExprEval *eval, const ExprCall *call)
{
  return expr_is_nullish (expr_arg (call, 0)) ? expr_record_value (expr_record_new (eval)) : call->args[0];
}

static ExprValue
call_regexp (ExprEval *eval, const ExprCall *call)
{
  ExprRegexp *regexp;

  if (expr_arg (call, 0).type == EXPR_REGEXP && call->n_args < 2)
    return call->args[0];
  regexp = expr_regexp_new (eval, expr_arg (call, 0), expr_arg (call, 1));
  return regexp != NULL ? (ExprValue){ .type = EXPR_REGEXP, .regexp = regexp } : EXPR_VALUE_UNDEFINED;
}

static ExprValue
call_is_nan (ExprEval *eval, const ExprCall *call)
{
  return expr_boolean (isnan (expr_to_number (eval, expr_arg (call, 0))));
}

static ExprValue
call_is_finite (ExprEval *eval, const ExprCall *call)
{
  return expr_boolean (isfinite (expr_to_number (eval, expr_arg (call, 0))));
}

static const ExprBuiltin functions[] = {
  { "Array", call_array },
  { "Boolean", call_boolean },
  { "Number", call_number },
  { "Object", call_object },
  { "RegExp", call_regexp },
  { "String", call_string },
  { "addTime", expr_add_time },
  { "decodeURI", expr_decode_uri },
  { "decodeURIComponent", expr_decode_uri_component },
  { "encodeURI", expr_encode_uri },
  { "encodeURIComponent", expr_encode_uri_component },
  { "formatDate", expr_format_date },
  { "isFinite", call_is_finite },
  { "isNaN", call_is_nan },
  { "parseFloat", expr_parse_float },
  { "parseInt", expr_parse_int },
  { NULL },
};

static const ExprFunction globals[] = {
  { .builtin = &functions[0], .members = expr_array_members },
  { .builtin = &functions[1] },
  { .builtin = &functions[2], .members = expr_number_members },
  { .builtin = &functions[3], .members = expr_object_members },
  { .builtin = &functions[4] },
  { .builtin = &functions[5], .members = expr_string_members },
  { .builtin = &functions[6] },
  { .builtin = &functions[7] },
  { .builtin = &functions[8] },
  { .builtin = &functions[9] },
  { .builtin = &functions[10] },
  { .builtin = &functions[11] },
  { .builtin = &functions[12] },
  { .builtin = &functions[13] },
  { .builtin = &functions[14] },
  { .builtin = &functions[15] },
};

static const ExprFunction namespaces[] = {
  { .name = "Date", .members = expr_date_members },
  { .name = "JSON", .members = expr_json_members },
  { .name = "Math", .members = expr_math_members },
};

static gboolean
find_constant (const char *name, ExprValue *value)
{
  if (strcmp (name, "undefined") == 0)
    *value = EXPR_VALUE_UNDEFINED;
  else if (strcmp (name, "NaN") == 0)
    *value = expr_number (NAN);
  else if (strcmp (name, "Infinity") == 0)
    *value = expr_number (INFINITY);
  else
    return FALSE;
  return TRUE;
}

gboolean
expr_find_global (const char *name, ExprValue *value)
{
  const ExprBuiltin *builtin = expr_find_builtin (functions, name);

  value->type = EXPR_FUNCTION;
  if (builtin != NULL)
    {
      value->function = &globals[builtin - functions];
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (namespaces); i++)
    {
      if (strcmp (namespaces[i].name, name) != 0)
        continue;
      value->function = &namespaces[i];
      return TRUE;
    }
  return find_constant (name, value);
}

const char *const *
expr_list_globals (void)
{
  static const char *const names[] = {
    "Array", "Boolean", "Date", "Infinity", "JSON", "Math", "NaN", "Number", "Object", "RegExp", "String", "addTime",
    "decodeURI", "decodeURIComponent", "encodeURI", "encodeURIComponent", "false", "formatDate", "isFinite", "isNaN",
    "null", "parseFloat", "parseInt", "true", "undefined", NULL
  };

  return names;
}

static ExprValue
function_call (ExprEval *eval, const ExprCall *call)
{
  const ExprFunction *function = call->self.function;
  ExprCall inner = { .self = expr_arg (call, 0), .args = call->args + 1, .n_args = call->n_args > 0 ? call->n_args - 1 : 0 };

  if (call->self.type == EXPR_FUNCTION && function->builtin != NULL)
    return function->builtin->func (eval, &inner);
  return expr_call (eval, call->self, inner.args, inner.n_args);
}

static ExprValue
function_apply (ExprEval *eval, const ExprCall *call)
{
  ExprList *args = expr_list_new (eval, 0);
  ExprCall inner = { .self = expr_arg (call, 0) };

  if (!expr_is_nullish (expr_arg (call, 1)) && !expr_iterate (eval, call->args[1], args))
    return EXPR_VALUE_UNDEFINED;
  inner.args = args->items;
  inner.n_args = args->length;
  if (call->self.type == EXPR_FUNCTION && call->self.function->builtin != NULL)
    return call->self.function->builtin->func (eval, &inner);
  return expr_call (eval, call->self, inner.args, inner.n_args);
}

const ExprBuiltin expr_function_methods[] = {
  { "apply", function_apply },
  { "call", function_call },
  { NULL },
};

const ExprBuiltin expr_boolean_methods[] = {
  { NULL },
};
