/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-expr-array.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "heddle-expr-eval.h"

gsize
expr_clamp_index (ExprEval *eval, ExprValue value, gsize length, gsize fallback)
{
  double index;

  if (value.type == EXPR_UNDEFINED)
    return fallback;
  index = expr_to_integer (eval, value);
  if (index < 0)
    index = MAX (0, (double) length + index);
  return (gsize) MIN (index, (double) length);
}

/* A built-in can be taken from its list and called without one. */
static ExprList *
self_list (ExprEval *eval, const ExprCall *call)
{
  if (call->self.type == EXPR_ARRAY)
    return call->self.list;
  expr_eval_fail (eval, _ ("This method needs a list"));
  return expr_list_new (eval, 0);
}

static ExprList *
copy_range (ExprEval *eval, ExprList *list, gsize from, gsize to)
{
  ExprList *copy = expr_list_new (eval, from < to ? (guint) (to - from) : 0);

  for (gsize i = from; i < to && expr_eval_charge (eval, 1); i++)
    expr_list_add (eval, copy, expr_list_get (eval, list, (guint) i));
  return copy;
}

static ExprValue
array_at (ExprEval *eval, const ExprCall *call)
{
  ExprList *list = self_list (eval, call);
  double index = expr_to_integer (eval, expr_arg (call, 0));

  if (index < 0)
    index += list->length;
  return index >= 0 && index < list->length ? expr_list_get (eval, list, (guint) index) : EXPR_VALUE_UNDEFINED;
}

static ExprValue
array_slice (ExprEval *eval, const ExprCall *call)
{
  ExprList *list = self_list (eval, call);
  gsize from = expr_clamp_index (eval, expr_arg (call, 0), list->length, 0);
  gsize to = expr_clamp_index (eval, expr_arg (call, 1), list->length, list->length);

  return expr_list_value (copy_range (eval, list, from, to));
}

static ExprValue
array_concat (ExprEval *eval, const ExprCall *call)
{
  ExprList *list = self_list (eval, call);
  ExprList *joined = copy_range (eval, list, 0, list->length);

  for (guint i = 0; i < call->n_args && !eval->failed; i++)
    {
      if (call->args[i].type == EXPR_ARRAY)
        expr_iterate (eval, call->args[i], joined);
      else
        expr_list_add (eval, joined, call->args[i]);
    }
  return expr_list_value (joined);
}

static ExprValue
array_reverse (ExprEval *eval, const ExprCall *call)
{
  ExprList *list = self_list (eval, call);
  ExprList *reversed = expr_list_new (eval, list->length);

  for (guint i = list->length; i > 0 && expr_eval_charge (eval, 1); i--)
    expr_list_add (eval, reversed, expr_list_get (eval, list, i - 1));
  return expr_list_value (reversed);
}

static ExprValue
array_join (ExprEval *eval, const ExprCall *call)
{
  ExprList *list = self_list (eval, call);
  ExprText *separator = expr_arg (call, 0).type == EXPR_UNDEFINED ? expr_string (eval, ",").text : expr_to_text (eval, call->args[0]);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < list->length && expr_eval_charge (eval, 1); i++)
    {
      ExprValue element = expr_list_get (eval, list, i);
      ExprText *text = expr_is_nullish (element) ? NULL : expr_to_text (eval, element);

      if (!expr_eval_reserve (eval, out->len + separator->size + (text != NULL ? text->size : 0)))
        break;
      if (i > 0)
        g_string_append_len (out, separator->bytes, separator->size);
      if (text != NULL)
        g_string_append_len (out, text->bytes, text->size);
    }
  return expr_text_value (expr_text_take (eval, out));
}

static ExprValue
array_includes (ExprEval *eval, const ExprCall *call)
{
  ExprList *list = self_list (eval, call);

  for (gsize i = expr_clamp_index (eval, expr_arg (call, 1), list->length, 0); i < list->length && expr_eval_charge (eval, 1); i++)
    {
      if (expr_same_value_zero (expr_list_get (eval, list, (guint) i), expr_arg (call, 0)))
        return expr_boolean (TRUE);
    }
  return expr_boolean (FALSE);
}

static ExprValue
array_index_of (ExprEval *eval, const ExprCall *call)
{
  ExprList *list = self_list (eval, call);

  for (gsize i = expr_clamp_index (eval, expr_arg (call, 1), list->length, 0); i < list->length && expr_eval_charge (eval, 1); i++)
    {
      if (expr_strictly_equal (expr_list_get (eval, list, (guint) i), expr_arg (call, 0)))
        return expr_number (i);
    }
  return expr_number (-1);
}

static ExprValue
array_last_index_of (ExprEval *eval, const ExprCall *call)
{
  ExprList *list = self_list (eval, call);
  double index = call->n_args > 1 ? expr_to_integer (eval, call->args[1]) : (double) list->length - 1;

  if (index < 0)
    index += call->n_args > 1 ? list->length : 0;
  index = MIN (index, (double) list->length - 1);
  for (; index >= 0 && expr_eval_charge (eval, 1); index--)
    {
      if (expr_strictly_equal (expr_list_get (eval, list, (guint) index), expr_arg (call, 0)))
        return expr_number (index);
    }
  return expr_number (-1);
}

static void
flatten (ExprEval *eval, ExprList *list, double depth, ExprList *into)
{
  if (eval->depth >= EXPR_MAX_DEPTH)
    {
      expr_eval_fail_limit (eval, _ ("The list is nested too deeply"));
      return;
    }

  eval->depth++;
  for (guint i = 0; i < list->length && expr_eval_charge (eval, 1); i++)
    {
      ExprValue element = expr_list_get (eval, list, i);

      if (element.type == EXPR_ARRAY && depth >= 1)
        flatten (eval, element.list, depth - 1, into);
      else
        expr_list_add (eval, into, element);
    }
  eval->depth--;
}

static ExprValue
array_flat (ExprEval *eval, const ExprCall *call)
{
  ExprList *flat = expr_list_new (eval, 0);
  double depth = expr_arg (call, 0).type == EXPR_UNDEFINED ? 1 : expr_to_integer (eval, call->args[0]);

  flatten (eval, self_list (eval, call), depth, flat);
  return expr_list_value (flat);
}

static ExprValue
array_fill (ExprEval *eval, const ExprCall *call)
{
  ExprList *list = self_list (eval, call);
  gsize from = expr_clamp_index (eval, expr_arg (call, 1), list->length, 0);
  gsize to = expr_clamp_index (eval, expr_arg (call, 2), list->length, list->length);
  ExprList *filled = copy_range (eval, list, 0, list->length);

  for (gsize i = from; i < to && i < filled->length; i++)
    filled->items[i] = expr_arg (call, 0);
  return expr_list_value (filled);
}

static ExprValue
array_with (ExprEval *eval, const ExprCall *call)
{
  ExprList *list = self_list (eval, call);
  ExprList *copy = copy_range (eval, list, 0, list->length);
  double index = expr_to_integer (eval, expr_arg (call, 0));

  if (index < 0)
    index += list->length;
  if (!(index >= 0 && index < copy->length))
    return expr_eval_fail (eval, _ ("The list has no element there"));
  copy->items[(guint) index] = expr_arg (call, 1);
  return expr_list_value (copy);
}

static ExprValue
array_to_spliced (ExprEval *eval, const ExprCall *call)
{
  ExprList *list = self_list (eval, call);
  gsize from = expr_clamp_index (eval, expr_arg (call, 0), list->length, 0);
  double count = call->n_args < 2 ? (call->n_args == 0 ? 0 : list->length) : expr_to_integer (eval, call->args[1]);
  ExprList *spliced = copy_range (eval, list, 0, from);

  for (guint i = 2; i < call->n_args; i++)
    expr_list_add (eval, spliced, call->args[i]);
  for (gsize i = from + (gsize) CLAMP (count, 0, list->length - from); i < list->length && expr_eval_charge (eval, 1); i++)
    expr_list_add (eval, spliced, expr_list_get (eval, list, (guint) i));
  return expr_list_value (spliced);
}

/* What they return, although nothing is taken away: a list is a value. */
static ExprValue
array_pop (ExprEval *eval, const ExprCall *call)
{
  ExprList *list = self_list (eval, call);

  return list->length > 0 ? expr_list_get (eval, list, list->length - 1) : EXPR_VALUE_UNDEFINED;
}

static ExprValue
array_shift (ExprEval *eval, const ExprCall *call)
{
  return expr_list_get (eval, self_list (eval, call), 0);
}

static ExprValue
array_keys (ExprEval *eval, const ExprCall *call)
{
  ExprList *list = self_list (eval, call);
  ExprList *keys = expr_list_new (eval, list->length);

  for (guint i = 0; i < list->length && expr_eval_charge (eval, 1); i++)
    expr_list_add (eval, keys, expr_number (i));
  return expr_list_value (keys);
}

static ExprValue
array_entries (ExprEval *eval, const ExprCall *call)
{
  ExprList *list = self_list (eval, call);
  ExprList *entries = expr_list_new (eval, list->length);

  for (guint i = 0; i < list->length && expr_eval_charge (eval, 1); i++)
    {
      ExprList *entry = expr_list_new (eval, 2);

      expr_list_add (eval, entry, expr_number (i));
      expr_list_add (eval, entry, expr_list_get (eval, list, i));
      expr_list_add (eval, entries, expr_list_value (entry));
    }
  return expr_list_value (entries);
}

static ExprValue
array_values (ExprEval *eval, const ExprCall *call)
{
  return expr_list_value (self_list (eval, call));
}

const ExprBuiltin expr_array_methods[] = {
  { "at", array_at },
  { "concat", array_concat },
  { "entries", array_entries },
  { "every", expr_array_every },
  { "fill", array_fill },
  { "filter", expr_array_filter },
  { "find", expr_array_find },
  { "findIndex", expr_array_find_index },
  { "findLast", expr_array_find_last },
  { "findLastIndex", expr_array_find_last_index },
  { "flat", array_flat },
  { "flatMap", expr_array_flat_map },
  { "forEach", expr_array_for_each },
  { "includes", array_includes },
  { "indexOf", array_index_of },
  { "join", array_join },
  { "keys", array_keys },
  { "lastIndexOf", array_last_index_of },
  { "map", expr_array_map },
  { "pop", array_pop },
  { "reduce", expr_array_reduce },
  { "reduceRight", expr_array_reduce_right },
  { "reverse", array_reverse },
  { "shift", array_shift },
  { "slice", array_slice },
  { "some", expr_array_some },
  { "sort", expr_array_sort },
  { "toReversed", array_reverse },
  { "toSorted", expr_array_sort },
  { "toSpliced", array_to_spliced },
  { "values", array_values },
  { "with", array_with },
  { NULL },
};

static ExprValue
array_is_array (ExprEval *eval, const ExprCall *call)
{
  return expr_boolean (expr_arg (call, 0).type == EXPR_ARRAY);
}

static ExprValue
array_of (ExprEval *eval, const ExprCall *call)
{
  ExprList *list = expr_list_new (eval, call->n_args);

  for (guint i = 0; i < call->n_args; i++)
    expr_list_add (eval, list, call->args[i]);
  return expr_list_value (list);
}

/* An object with a length counts as a list of the members "0", "1"… */
static void
add_array_like (ExprEval *eval, ExprRecord *record, ExprList *into)
{
  ExprValue value = EXPR_VALUE_UNDEFINED;
  double length;

  if (!expr_record_get (eval, record, expr_string (eval, "length").text, &value))
    return;
  length = expr_to_integer (eval, value);
  for (guint i = 0; i < MIN (length, G_MAXUINT) && expr_eval_charge (eval, 1); i++)
    {
      value = EXPR_VALUE_UNDEFINED;
      expr_record_get (eval, record, expr_to_text (eval, expr_number (i)), &value);
      expr_list_add (eval, into, value);
    }
}

static ExprValue
array_from (ExprEval *eval, const ExprCall *call)
{
  ExprValue source = expr_arg (call, 0);
  ExprList *list = expr_list_new (eval, 0);
  ExprList *mapped;

  if (expr_is_nullish (source))
    return expr_eval_fail (eval, _ ("There is nothing to make a list from"));
  if (source.type == EXPR_OBJECT)
    add_array_like (eval, source.record, list);
  else if (source.type == EXPR_ARRAY || source.type == EXPR_STRING)
    expr_iterate (eval, source, list);
  if (expr_arg (call, 1).type == EXPR_UNDEFINED)
    return expr_list_value (list);

  mapped = expr_list_new (eval, list->length);
  for (guint i = 0; i < list->length && !eval->failed; i++)
    {
      ExprValue args[] = { list->items[i], expr_number (i) };

      expr_list_add (eval, mapped, expr_call (eval, call->args[1], args, G_N_ELEMENTS (args)));
    }
  return expr_list_value (mapped);
}

const ExprBuiltin expr_array_members[] = {
  { "from", array_from },
  { "isArray", array_is_array },
  { "of", array_of },
  { NULL },
};
