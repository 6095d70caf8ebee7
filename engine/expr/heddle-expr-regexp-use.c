/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-expr-regexp.h"

static void
set_extra (ExprEval *eval, ExprRecord *record, const char *name, ExprValue value)
{
  expr_record_set (eval, record, expr_string (eval, name).text, value);
}

/* The groups as a list that also has index, input and groups. */
static ExprValue
describe_match (ExprMatcher *matcher)
{
  ExprEval *eval = matcher->eval;
  ExprList *list = expr_list_new (eval, matcher->regexp->n_groups);

  for (guint i = 0; i < matcher->regexp->n_groups; i++)
    expr_list_add (eval, list, expr_matcher_group (matcher, i));
  list->extra = expr_record_new (eval);
  set_extra (eval, list->extra, "index", expr_number (expr_text_index (matcher->text, matcher->groups[0])));
  set_extra (eval, list->extra, "input", expr_text_value (matcher->text));
  set_extra (eval, list->extra, "groups", expr_matcher_names (matcher));
  return expr_list_value (list);
}

static ExprValue
execute (ExprEval *eval, ExprText *text, ExprRegexp *regexp)
{
  ExprMatcher matcher;
  ExprValue value = EXPR_VALUE_NULL;

  expr_matcher_init (&matcher, eval, regexp, text);
  if (expr_matcher_find (&matcher, 0))
    value = describe_match (&matcher);
  expr_matcher_clear (&matcher);
  return value;
}

static ExprList *
collect (ExprEval *eval, ExprText *text, ExprRegexp *regexp, gboolean whole_only)
{
  ExprList *list = expr_list_new (eval, 0);
  ExprMatcher matcher;

  expr_matcher_init (&matcher, eval, regexp, text);
  for (gsize from = 0; expr_matcher_find (&matcher, from); from = expr_matcher_next (&matcher))
    expr_list_add (eval, list, whole_only ? expr_matcher_group (&matcher, 0) : describe_match (&matcher));
  expr_matcher_clear (&matcher);
  return list;
}

ExprValue
expr_regexp_match (ExprEval *eval, ExprText *text, ExprRegexp *regexp)
{
  ExprList *list;

  if (!regexp->global)
    return execute (eval, text, regexp);
  list = collect (eval, text, regexp, TRUE);
  return list->length > 0 ? expr_list_value (list) : EXPR_VALUE_NULL;
}

ExprValue
expr_regexp_match_all (ExprEval *eval, ExprText *text, ExprRegexp *regexp)
{
  return expr_list_value (collect (eval, text, regexp, FALSE));
}

ExprValue
expr_regexp_search (ExprEval *eval, ExprText *text, ExprRegexp *regexp)
{
  ExprMatcher matcher;
  double index = -1;

  expr_matcher_init (&matcher, eval, regexp, text);
  if (expr_matcher_find (&matcher, 0))
    index = expr_text_index (text, matcher.groups[0]);
  expr_matcher_clear (&matcher);
  return expr_number (index);
}

static ExprText *
call_replacement (ExprMatcher *matcher, ExprValue function)
{
  ExprEval *eval = matcher->eval;
  ExprList *args = expr_list_new (eval, matcher->regexp->n_groups + 3);
  ExprValue names = expr_matcher_names (matcher);

  for (guint i = 0; i < matcher->regexp->n_groups; i++)
    expr_list_add (eval, args, expr_matcher_group (matcher, i));
  expr_list_add (eval, args, expr_number (expr_text_index (matcher->text, matcher->groups[0])));
  expr_list_add (eval, args, expr_text_value (matcher->text));
  if (names.type == EXPR_OBJECT)
    expr_list_add (eval, args, names);
  return expr_to_text (eval, expr_call (eval, function, args->items, args->length));
}

static void
append_replacement (ExprMatcher *matcher, GString *out, ExprValue replacement)
{
  if (replacement.type == EXPR_FUNCTION)
    {
      ExprText *text = call_replacement (matcher, replacement);

      g_string_append_len (out, text->bytes, text->size);
    }
  else
    {
      expr_expand_replacement (matcher->eval, out, replacement.text, matcher->text, matcher->groups, matcher->regexp->n_groups, expr_matcher_names (matcher));
    }
}

ExprValue
expr_regexp_replace (ExprEval *eval, ExprText *text, ExprRegexp *regexp, ExprValue replacement)
{
  GString *out = g_string_new (NULL);
  ExprMatcher matcher;
  gsize copied = 0;

  if (replacement.type != EXPR_FUNCTION)
    replacement = expr_text_value (expr_to_text (eval, replacement));

  expr_matcher_init (&matcher, eval, regexp, text);
  for (gsize from = 0; expr_matcher_find (&matcher, from); from = expr_matcher_next (&matcher))
    {
      g_string_append_len (out, text->bytes + copied, matcher.groups[0] - copied);
      append_replacement (&matcher, out, replacement);
      copied = matcher.groups[1];
      if (!regexp->global || !expr_eval_reserve (eval, out->len))
        break;
    }
  expr_matcher_clear (&matcher);
  g_string_append_len (out, text->bytes + copied, text->size - copied);
  return expr_text_value (expr_text_take (eval, out));
}

static void
split_at_matches (ExprMatcher *matcher, ExprList *parts, guint limit)
{
  ExprEval *eval = matcher->eval;
  ExprText *text = matcher->text;
  gsize begun = 0;

  for (gsize from = 0; from < text->size && parts->length < limit && expr_matcher_find (matcher, from); from = expr_matcher_next (matcher))
    {
      gsize start = matcher->groups[0], end = matcher->groups[1];

      /* An empty match at the beginning of a part or at the end splits nothing. */
      if (start >= text->size || end == begun)
        continue;
      expr_list_add (eval, parts, expr_text_value (expr_text_slice_bytes (eval, text, begun, start)));
      for (guint i = 1; i < matcher->regexp->n_groups && parts->length < limit; i++)
        expr_list_add (eval, parts, expr_matcher_group (matcher, i));
      begun = end;
    }
  if (parts->length < limit)
    expr_list_add (eval, parts, expr_text_value (expr_text_slice_bytes (eval, text, begun, text->size)));
}

ExprValue
expr_regexp_split (ExprEval *eval, ExprText *text, ExprRegexp *regexp, guint limit)
{
  ExprList *parts = expr_list_new (eval, 0);
  ExprMatcher matcher;

  expr_matcher_init (&matcher, eval, regexp, text);
  matcher.anchored = FALSE;
  if (text->size > 0)
    split_at_matches (&matcher, parts, limit);
  else if (limit > 0 && !expr_matcher_find (&matcher, 0))
    expr_list_add (eval, parts, expr_text_value (text));
  expr_matcher_clear (&matcher);
  return expr_list_value (parts);
}

ExprValue
expr_regexp_member (ExprEval *eval, ExprRegexp *regexp, ExprText *name)
{
  static const struct
  {
    const char *name;
    char flag;
  } flags[] = {
    { "global", 'g' },
    { "ignoreCase", 'i' },
    { "multiline", 'm' },
    { "dotAll", 's' },
    { "unicode", 'u' },
    { "sticky", 'y' },
    { "hasIndices", 'd' },
  };

  if (expr_text_equal (name, expr_string (eval, "source").text))
    return expr_string (eval, regexp->source[0] != '\0' ? regexp->source : "(?:)");
  if (expr_text_equal (name, expr_string (eval, "flags").text))
    return expr_string (eval, regexp->flags);
  if (expr_text_equal (name, expr_string (eval, "lastIndex").text))
    return expr_number (0);
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      if (expr_text_equal (name, expr_string (eval, flags[i].name).text))
        return expr_boolean (strchr (regexp->flags, flags[i].flag) != NULL);
    }
  return EXPR_VALUE_UNDEFINED;
}

static gboolean
check_self (ExprEval *eval, const ExprCall *call)
{
  if (call->self.type == EXPR_REGEXP)
    return TRUE;
  expr_eval_fail (eval, _ ("This method needs a regular expression"));
  return FALSE;
}

static ExprValue
regexp_test (ExprEval *eval, const ExprCall *call)
{
  ExprMatcher matcher;
  gboolean found;

  if (!check_self (eval, call))
    return EXPR_VALUE_UNDEFINED;
  expr_matcher_init (&matcher, eval, call->self.regexp, expr_to_text (eval, expr_arg (call, 0)));
  found = expr_matcher_find (&matcher, 0);
  expr_matcher_clear (&matcher);
  return expr_boolean (found);
}

static ExprValue
regexp_exec (ExprEval *eval, const ExprCall *call)
{
  if (!check_self (eval, call))
    return EXPR_VALUE_UNDEFINED;
  return execute (eval, expr_to_text (eval, expr_arg (call, 0)), call->self.regexp);
}

const ExprBuiltin expr_regexp_methods[] = {
  { "exec", regexp_exec },
  { "test", regexp_test },
  { NULL },
};
