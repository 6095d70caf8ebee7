/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-expr-string.h"

static ExprText *
self_text (ExprEval *eval, const ExprCall *call)
{
  return expr_to_text (eval, call->self);
}

ExprValue
expr_string_match (ExprEval *eval, const ExprCall *call)
{
  ExprRegexp *regexp = expr_regexp_coerce (eval, expr_arg (call, 0), "");

  return regexp != NULL ? expr_regexp_match (eval, self_text (eval, call), regexp) : EXPR_VALUE_UNDEFINED;
}

static gboolean
check_global (ExprEval *eval, const ExprRegexp *regexp)
{
  if (expr_regexp_is_global (regexp))
    return TRUE;
  expr_eval_fail (eval, _ ("This method needs a regular expression with the flag g"));
  return FALSE;
}

ExprValue
expr_string_match_all (ExprEval *eval, const ExprCall *call)
{
  ExprRegexp *regexp = expr_regexp_coerce (eval, expr_arg (call, 0), "g");

  if (regexp == NULL || !check_global (eval, regexp))
    return EXPR_VALUE_UNDEFINED;
  return expr_regexp_match_all (eval, self_text (eval, call), regexp);
}

ExprValue
expr_string_search (ExprEval *eval, const ExprCall *call)
{
  ExprRegexp *regexp = expr_regexp_coerce (eval, expr_arg (call, 0), "");

  return regexp != NULL ? expr_regexp_search (eval, self_text (eval, call), regexp) : EXPR_VALUE_UNDEFINED;
}

static gboolean
append_group (GString *out, ExprText *text, const gsize *groups, guint group)
{
  if (groups[2 * group] != G_MAXSIZE)
    g_string_append_len (out, text->bytes + groups[2 * group], groups[2 * group + 1] - groups[2 * group]);
  return TRUE;
}

/* "$1" or "$12": two digits when there are so many groups. Returns the digits used, 0: no such group. */
static guint
append_numbered (GString *out, const char *p, const char *end, ExprText *text, const gsize *groups, guint n_groups)
{
  guint one = *p - '0';
  guint two = end - p > 1 && g_ascii_isdigit (p[1]) ? one * 10 + (p[1] - '0') : 0;

  if (two > 0 && two < n_groups)
    return append_group (out, text, groups, two) ? 2 : 0;
  return one > 0 && one < n_groups && append_group (out, text, groups, one) ? 1 : 0;
}

static gsize
append_named (ExprEval *eval, GString *out, const char *p, const char *end, ExprValue names)
{
  const char *close = memchr (p, '>', end - p);
  ExprValue value;

  if (names.type != EXPR_OBJECT || close == NULL)
    return 0;
  if (expr_record_get (eval, names.record, expr_text_wrap (eval, p + 1, close - p - 1), &value) && value.type == EXPR_STRING)
    g_string_append_len (out, value.text->bytes, value.text->size);
  return close + 1 - p;
}

/* What follows a "$"; returns the bytes it takes, 0 when the "$" stands for itself. */
static gsize
append_reference (ExprEval *eval, GString *out, const char *p, const char *end, ExprText *text, const gsize *groups, guint n_groups, ExprValue names)
{
  switch (*p)
    {
    case '$':
      g_string_append_c (out, '$');
      return 1;
    case '&':
      append_group (out, text, groups, 0);
      return 1;
    case '`':
      g_string_append_len (out, text->bytes, groups[0]);
      return 1;
    case '\'':
      g_string_append_len (out, text->bytes + groups[1], text->size - groups[1]);
      return 1;
    case '<':
      return append_named (eval, out, p, end, names);
    default:
      return g_ascii_isdigit (*p) ? append_numbered (out, p, end, text, groups, n_groups) : 0;
    }
}

void
expr_expand_replacement (ExprEval *eval, GString *out, ExprText *pattern, ExprText *text, const gsize *groups, guint n_groups, ExprValue names)
{
  const char *p = pattern->bytes, *end = p + pattern->size;

  while (p < end && expr_eval_reserve (eval, out->len))
    {
      const char *dollar = memchr (p, '$', end - p);
      gsize used;

      g_string_append_len (out, p, (dollar != NULL ? dollar : end) - p);
      if (dollar == NULL)
        return;
      used = dollar + 1 < end ? append_reference (eval, out, dollar + 1, end, text, groups, n_groups, names) : 0;
      if (used == 0)
        g_string_append_c (out, '$');
      p = dollar + 1 + used;
    }
}

static void
append_replacement (ExprEval *eval, GString *out, ExprText *text, const gsize *found, ExprText *needle, ExprValue replacement)
{
  ExprText *by;

  if (replacement.type == EXPR_FUNCTION)
    {
      ExprValue args[] = { expr_text_value (needle), expr_number (expr_text_index (text, found[0])), expr_text_value (text) };

      by = expr_to_text (eval, expr_call (eval, replacement, args, G_N_ELEMENTS (args)));
      g_string_append_len (out, by->bytes, by->size);
    }
  else
    {
      expr_expand_replacement (eval, out, replacement.text, text, found, 1, EXPR_VALUE_UNDEFINED);
    }
}

static ExprValue
replace_text (ExprEval *eval, ExprText *text, ExprText *needle, ExprValue replacement, gboolean all)
{
  GString *out = g_string_new (NULL);
  gsize copied = 0, from = 0;

  if (replacement.type != EXPR_FUNCTION)
    replacement = expr_text_value (expr_to_text (eval, replacement));
  while (from <= text->size && expr_eval_charge (eval, 1 + needle->size / 64) && expr_eval_reserve (eval, out->len))
    {
      const char *found = expr_text_find (text, from, needle);
      gsize span[2];

      if (found == NULL)
        break;
      span[0] = found - text->bytes;
      span[1] = span[0] + needle->size;
      g_string_append_len (out, text->bytes + copied, span[0] - copied);
      append_replacement (eval, out, text, span, needle, replacement);
      copied = span[1];
      if (!all)
        break;
      from = needle->size > 0 ? span[1] : span[0] < text->size ? (gsize) (g_utf8_next_char (found) - text->bytes)
                                                               : text->size + 1;
    }
  g_string_append_len (out, text->bytes + copied, text->size - copied);
  return expr_text_value (expr_text_take (eval, out));
}

ExprValue
expr_string_replace (ExprEval *eval, const ExprCall *call)
{
  ExprValue what = expr_arg (call, 0);

  if (what.type == EXPR_REGEXP)
    return expr_regexp_replace (eval, self_text (eval, call), what.regexp, expr_arg (call, 1));
  return replace_text (eval, self_text (eval, call), expr_to_text (eval, what), expr_arg (call, 1), FALSE);
}

ExprValue
expr_string_replace_all (ExprEval *eval, const ExprCall *call)
{
  ExprValue what = expr_arg (call, 0);

  if (what.type != EXPR_REGEXP)
    return replace_text (eval, self_text (eval, call), expr_to_text (eval, what), expr_arg (call, 1), TRUE);
  if (!check_global (eval, what.regexp))
    return EXPR_VALUE_UNDEFINED;
  return expr_regexp_replace (eval, self_text (eval, call), what.regexp, expr_arg (call, 1));
}

static ExprList *
split_text (ExprEval *eval, ExprText *text, ExprText *separator, guint limit)
{
  ExprList *parts = expr_list_new (eval, 0);
  gsize from = 0;

  while (parts->length < limit && expr_eval_charge (eval, 1))
    {
      const char *found = expr_text_find (text, from, separator);
      gsize to = found != NULL ? (gsize) (found - text->bytes) : text->size;

      expr_list_add (eval, parts, expr_text_value (expr_text_slice_bytes (eval, text, from, to)));
      if (found == NULL)
        break;
      from = to + separator->size;
    }
  return parts;
}

ExprValue
expr_string_split (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);
  ExprValue separator = expr_arg (call, 0);
  guint limit = expr_arg (call, 1).type == EXPR_UNDEFINED ? G_MAXUINT : (guint) expr_to_int32 (eval, call->args[1]);
  ExprList *parts;

  if (separator.type == EXPR_REGEXP)
    return expr_regexp_split (eval, text, separator.regexp, limit);
  if (separator.type != EXPR_UNDEFINED)
    separator = expr_text_value (expr_to_text (eval, separator));
  if (separator.type != EXPR_UNDEFINED && separator.text->size > 0)
    return expr_list_value (split_text (eval, text, separator.text, limit));

  parts = expr_list_new (eval, 0);
  if (separator.type != EXPR_UNDEFINED)
    expr_iterate (eval, expr_text_value (text), parts);
  else
    expr_list_add (eval, parts, expr_text_value (text));
  parts->length = MIN (parts->length, limit);
  return expr_list_value (parts);
}
