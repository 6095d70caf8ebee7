/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-expr-regexp.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-expr-pattern.h"

#define MATCH_LIMIT (500 * 1000)
#define HEAP_LIMIT (20 * 1024) /* KiB */
#define ESTIMATED_SIZE 4096    /* what a compiled pattern counts in the budget */

static gboolean
read_flags (const char *flags, guint32 *options, char **message)
{
  for (const char *p = flags; *p != '\0'; p++)
    {
      if (strchr ("dgimsuvy", *p) == NULL || strchr (p + 1, *p) != NULL)
        {
          *message = g_strdup_printf (_ ("the flags “%s” are not valid"), flags);
          return FALSE;
        }
    }
  *options |= strchr (flags, 'i') != NULL ? PCRE2_CASELESS : 0;
  *options |= strchr (flags, 'm') != NULL ? PCRE2_MULTILINE : 0;
  *options |= strchr (flags, 's') != NULL ? PCRE2_DOTALL : 0;
  return TRUE;
}

static pcre2_code *
compile (const char *pattern, guint32 options, char **message)
{
  pcre2_compile_context *context = pcre2_compile_context_create (NULL);
  pcre2_code *code;
  PCRE2_SIZE offset;
  int error;

  pcre2_set_newline (context, PCRE2_NEWLINE_ANYCRLF);
  pcre2_set_parens_nest_limit (context, 100);
  code = pcre2_compile ((PCRE2_SPTR) pattern, PCRE2_ZERO_TERMINATED, options, &error, &offset, context);
  pcre2_compile_context_free (context);
  if (code == NULL)
    {
      char text[128];

      pcre2_get_error_message (error, (PCRE2_UCHAR *) text, sizeof text);
      *message = g_strdup (text);
    }
  return code;
}

ExprRegexp *
expr_regexp_compile (const char *pattern, gsize size, const char *flags, char **message)
{
  guint32 options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_MATCH_UNSET_BACKREF | PCRE2_DOLLAR_ENDONLY;
  g_autofree char *translated = NULL;
  ExprRegexp *regexp;
  pcre2_code *code;
  guint32 captures;

  if (!read_flags (flags, &options, message))
    return NULL;
  translated = expr_pattern_translate (pattern, size, strpbrk (flags, "uv") != NULL, (options & PCRE2_DOTALL) != 0, message);
  code = translated != NULL ? compile (translated, options, message) : NULL;
  if (code == NULL)
    return NULL;

  regexp = g_new0 (ExprRegexp, 1);
  regexp->source = g_strndup (pattern, size);
  regexp->flags = g_strdup (flags);
  regexp->global = strchr (flags, 'g') != NULL;
  regexp->sticky = strchr (flags, 'y') != NULL;
  regexp->code = code;
  regexp->limits = pcre2_match_context_create (NULL);
  pcre2_set_match_limit (regexp->limits, MATCH_LIMIT);
  pcre2_set_heap_limit (regexp->limits, HEAP_LIMIT);
  pcre2_pattern_info (code, PCRE2_INFO_CAPTURECOUNT, &captures);
  regexp->n_groups = captures + 1;
  return regexp;
}

void
expr_regexp_free (ExprRegexp *regexp)
{
  pcre2_match_context_free (regexp->limits);
  pcre2_code_free (regexp->code);
  g_free (regexp->flags);
  g_free (regexp->source);
  g_free (regexp);
}

char *
expr_regexp_to_text (const ExprRegexp *regexp)
{
  return g_strdup_printf ("/%s/%s", regexp->source[0] != '\0' ? regexp->source : "(?:)", regexp->flags);
}

gboolean
expr_regexp_is_global (const ExprRegexp *regexp)
{
  return regexp->global;
}

ExprRegexp *
expr_regexp_new (ExprEval *eval, ExprValue pattern, ExprValue flags)
{
  ExprText *source;
  const char *flag_text;
  g_autofree char *message = NULL;
  ExprRegexp *regexp;

  if (pattern.type == EXPR_REGEXP)
    source = expr_text_wrap (eval, pattern.regexp->source, strlen (pattern.regexp->source));
  else
    source = pattern.type == EXPR_UNDEFINED ? expr_string (eval, "").text : expr_to_text (eval, pattern);
  flag_text = flags.type == EXPR_UNDEFINED ? "" : expr_text_c_string (eval, expr_to_text (eval, flags));
  if (!expr_eval_charge (eval, 100 + source->size) || !expr_eval_reserve (eval, ESTIMATED_SIZE + source->size * 16))
    return NULL;

  regexp = expr_regexp_compile (source->bytes, source->size, flag_text != NULL ? flag_text : "?", &message);
  if (regexp == NULL)
    {
      expr_eval_fail (eval, _ ("This regular expression is not valid: %s"), message);
      return NULL;
    }
  if (eval->patterns == NULL)
    eval->patterns = g_ptr_array_new_with_free_func ((GDestroyNotify) expr_regexp_free);
  g_ptr_array_add (eval->patterns, regexp);
  eval->kept += ESTIMATED_SIZE + source->size * 16;
  return regexp;
}

ExprRegexp *
expr_regexp_coerce (ExprEval *eval, ExprValue value, const char *flags)
{
  return value.type == EXPR_REGEXP ? value.regexp : expr_regexp_new (eval, value, expr_string (eval, flags));
}

void
expr_matcher_init (ExprMatcher *matcher, ExprEval *eval, const ExprRegexp *regexp, ExprText *text)
{
  *matcher = (ExprMatcher){ .eval = eval, .regexp = regexp, .text = text, .anchored = regexp->sticky };
  matcher->data = pcre2_match_data_create_from_pattern (regexp->code, NULL);
  matcher->groups = pcre2_get_ovector_pointer (matcher->data);
}

void
expr_matcher_clear (ExprMatcher *matcher)
{
  pcre2_match_data_free (matcher->data);
}

gboolean
expr_matcher_find (ExprMatcher *matcher, gsize from)
{
  const ExprText *text = matcher->text;
  guint32 options = PCRE2_NO_UTF_CHECK | (matcher->anchored ? PCRE2_ANCHORED : 0);
  int found;

  if (from > text->size || !expr_eval_charge (matcher->eval, 10))
    return FALSE;
  found = pcre2_match (matcher->regexp->code, (PCRE2_SPTR) text->bytes, text->size, from, options, matcher->data, matcher->regexp->limits);
  if (found == PCRE2_ERROR_NOMATCH)
    {
      expr_eval_charge (matcher->eval, (text->size - from) / 16);
      return FALSE;
    }
  if (found < 0)
    {
      expr_eval_fail_limit (matcher->eval, _ ("The regular expression takes too many attempts on this text; make it simpler"));
      return FALSE;
    }

  /* A lookbehind with \K and the like cannot be written, so the end is never before the start. */
  expr_eval_charge (matcher->eval, (matcher->groups[1] - from) / 16);
  return !matcher->eval->failed;
}

gsize
expr_matcher_next (const ExprMatcher *matcher)
{
  gsize end = matcher->groups[1];

  if (end > matcher->groups[0])
    return end;
  if (end >= matcher->text->size)
    return matcher->text->size + 1;
  return g_utf8_next_char (matcher->text->bytes + end) - matcher->text->bytes;
}

ExprValue
expr_matcher_group (const ExprMatcher *matcher, guint group)
{
  gsize from = matcher->groups[2 * group], to = matcher->groups[2 * group + 1];

  if (from == PCRE2_UNSET)
    return EXPR_VALUE_UNDEFINED;
  return expr_text_value (expr_text_slice_bytes (matcher->eval, matcher->text, from, to));
}

ExprValue
expr_matcher_names (const ExprMatcher *matcher)
{
  ExprRecord *record;
  PCRE2_SPTR table;
  guint32 count, entry_size;

  pcre2_pattern_info (matcher->regexp->code, PCRE2_INFO_NAMECOUNT, &count);
  if (count == 0)
    return EXPR_VALUE_UNDEFINED;
  pcre2_pattern_info (matcher->regexp->code, PCRE2_INFO_NAMETABLE, &table);
  pcre2_pattern_info (matcher->regexp->code, PCRE2_INFO_NAMEENTRYSIZE, &entry_size);

  /* The table is sorted by name; members stand in the order of the groups. */
  record = expr_record_new (matcher->eval);
  for (guint group = 1; group < matcher->regexp->n_groups; group++)
    {
      for (guint i = 0; i < count; i++)
        {
          PCRE2_SPTR entry = table + (gsize) i * entry_size;
          const char *name = (const char *) entry + 2;

          if (((guint) entry[0] << 8 | entry[1]) == group)
            expr_record_set (matcher->eval, record, expr_text_copy (matcher->eval, name, strlen (name)), expr_matcher_group (matcher, group));
        }
    }
  return expr_record_value (record);
}
