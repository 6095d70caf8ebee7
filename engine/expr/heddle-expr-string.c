/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-expr-string.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "heddle-expr-eval.h"

static ExprText *
self_text (ExprEval *eval, const ExprCall *call)
{
  return expr_to_text (eval, call->self);
}

static ExprValue
slice_value (ExprEval *eval, ExprText *text, gsize from, gsize to)
{
  if (text->length != text->size)
    expr_eval_charge (eval, text->size / 64);
  return expr_text_value (expr_text_slice (eval, text, from, to));
}

/* An index that is cut to [0, length]; without a value the fallback. */
static gsize
position (ExprEval *eval, ExprValue value, gsize length, gsize fallback)
{
  if (value.type == EXPR_UNDEFINED)
    return fallback;
  return (gsize) CLAMP (expr_to_integer (eval, value), 0, (double) length);
}

static ExprValue
string_at (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);
  double index = expr_to_integer (eval, expr_arg (call, 0)), length = expr_text_length (text);

  if (index < 0)
    index += length;
  if (!(index >= 0 && index < length))
    return EXPR_VALUE_UNDEFINED;
  return slice_value (eval, text, (gsize) index, (gsize) index + 1);
}

static ExprValue
string_char_at (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);
  double index = expr_to_integer (eval, expr_arg (call, 0));

  if (!(index >= 0 && index < expr_text_length (text)))
    return expr_string (eval, "");
  return slice_value (eval, text, (gsize) index, (gsize) index + 1);
}

/* -1 beyond the end. */
static gint64
code_at (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);
  double index = expr_to_integer (eval, expr_arg (call, 0));

  if (!(index >= 0 && index < expr_text_length (text)))
    return -1;
  if (text->length != text->size)
    expr_eval_charge (eval, text->size / 64);
  return g_utf8_get_char (text->bytes + expr_text_offset (text, (gsize) index));
}

static ExprValue
string_char_code_at (ExprEval *eval, const ExprCall *call)
{
  gint64 code = code_at (eval, call);

  return expr_number (code >= 0 ? (double) code : NAN);
}

static ExprValue
string_code_point_at (ExprEval *eval, const ExprCall *call)
{
  gint64 code = code_at (eval, call);

  return code >= 0 ? expr_number (code) : EXPR_VALUE_UNDEFINED;
}

static ExprValue
string_concat (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);

  for (guint i = 0; i < call->n_args && !eval->failed; i++)
    text = expr_text_concat (eval, text, expr_to_text (eval, call->args[i]));
  return expr_text_value (text);
}

static gboolean
refuse_regexp (ExprEval *eval, const ExprCall *call)
{
  if (expr_arg (call, 0).type != EXPR_REGEXP)
    return FALSE;
  expr_eval_fail (eval, _ ("This method needs a text; a regular expression has test()"));
  return TRUE;
}

static ExprValue
string_includes (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);
  gsize from;

  if (refuse_regexp (eval, call))
    return EXPR_VALUE_UNDEFINED;
  from = position (eval, expr_arg (call, 1), expr_text_length (text), 0);
  expr_eval_charge (eval, text->size / 64);
  return expr_boolean (expr_text_find (text, expr_text_offset (text, from), expr_to_text (eval, expr_arg (call, 0))) != NULL);
}

static ExprValue
string_starts_with (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);
  ExprText *start = expr_to_text (eval, expr_arg (call, 0));
  gsize from;

  if (refuse_regexp (eval, call))
    return EXPR_VALUE_UNDEFINED;
  from = expr_text_offset (text, position (eval, expr_arg (call, 1), expr_text_length (text), 0));
  return expr_boolean (text->size - from >= start->size && memcmp (text->bytes + from, start->bytes, start->size) == 0);
}

static ExprValue
string_ends_with (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);
  ExprText *tail = expr_to_text (eval, expr_arg (call, 0));
  gsize length = expr_text_length (text), to;

  if (refuse_regexp (eval, call))
    return EXPR_VALUE_UNDEFINED;
  to = expr_text_offset (text, position (eval, expr_arg (call, 1), length, length));
  return expr_boolean (to >= tail->size && memcmp (text->bytes + to - tail->size, tail->bytes, tail->size) == 0);
}

static ExprValue
string_index_of (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);
  gsize from = position (eval, expr_arg (call, 1), expr_text_length (text), 0);
  const char *found = expr_text_find (text, expr_text_offset (text, from), expr_to_text (eval, expr_arg (call, 0)));

  expr_eval_charge (eval, text->size / 64);
  return expr_number (found != NULL ? (double) expr_text_index (text, found - text->bytes) : -1);
}

static ExprValue
string_last_index_of (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);
  ExprText *needle = expr_to_text (eval, expr_arg (call, 0));
  double limit = expr_to_number (eval, expr_arg (call, 1));
  gsize length = expr_text_length (text);
  gssize at = (gssize) expr_text_offset (text, isnan (limit) ? length : (gsize) CLAMP (limit, 0, (double) length));

  expr_eval_charge (eval, text->size / 16);
  for (at = MIN (at, (gssize) text->size - (gssize) needle->size); at >= 0; at--)
    {
      if (memcmp (text->bytes + at, needle->bytes, needle->size) == 0)
        return expr_number (expr_text_index (text, at));
    }
  return expr_number (-1);
}

static ExprValue
string_slice (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);
  gsize length = expr_text_length (text);
  gsize from = expr_clamp_index (eval, expr_arg (call, 0), length, 0);

  return slice_value (eval, text, from, expr_clamp_index (eval, expr_arg (call, 1), length, length));
}

static ExprValue
string_substring (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);
  gsize length = expr_text_length (text);
  gsize from = position (eval, expr_arg (call, 0), length, 0), to = position (eval, expr_arg (call, 1), length, length);

  return slice_value (eval, text, MIN (from, to), MAX (from, to));
}

static ExprValue
string_substr (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);
  gsize length = expr_text_length (text);
  gsize from = expr_clamp_index (eval, expr_arg (call, 0), length, 0);

  return slice_value (eval, text, from, from + position (eval, expr_arg (call, 1), length - from, length - from));
}

static ExprValue
string_repeat (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);
  double count = expr_to_integer (eval, expr_arg (call, 0));
  GString *out;

  if (!(count >= 0 && isfinite (count)))
    return expr_eval_fail (eval, _ ("A text cannot be repeated %g times"), count);
  if (count * (double) text->size > EXPR_MAX_MEMORY)
    {
      expr_eval_reserve (eval, G_MAXSIZE);
      return EXPR_VALUE_UNDEFINED;
    }
  if (text->size == 0 || !expr_eval_reserve (eval, (gsize) count * text->size))
    return expr_string (eval, "");
  out = g_string_sized_new ((gsize) count * text->size);
  for (gsize i = 0; i < (gsize) count; i++)
    g_string_append_len (out, text->bytes, text->size);
  return expr_text_value (expr_text_take (eval, out));
}

static ExprText *
padding (ExprEval *eval, const ExprCall *call, ExprText *text)
{
  ExprText *fill = expr_arg (call, 1).type == EXPR_UNDEFINED ? expr_string (eval, " ").text : expr_to_text (eval, call->args[1]);
  double missing = expr_to_integer (eval, expr_arg (call, 0)) - (double) expr_text_length (text);
  gsize whole, rest;
  GString *out;

  if (missing <= 0 || fill->size == 0)
    return expr_string (eval, "").text;
  if (missing > EXPR_MAX_MEMORY || !expr_eval_reserve (eval, (gsize) missing * 4))
    {
      expr_eval_reserve (eval, G_MAXSIZE);
      return expr_string (eval, "").text;
    }

  whole = (gsize) missing / expr_text_length (fill);
  rest = (gsize) missing % expr_text_length (fill);
  out = g_string_new (NULL);
  for (gsize i = 0; i < whole; i++)
    g_string_append_len (out, fill->bytes, fill->size);
  g_string_append_len (out, fill->bytes, expr_text_offset (fill, rest));
  return expr_text_take (eval, out);
}

static ExprValue
string_pad_start (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);

  return expr_text_value (expr_text_concat (eval, padding (eval, call, text), text));
}

static ExprValue
string_pad_end (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = self_text (eval, call);

  return expr_text_value (expr_text_concat (eval, text, padding (eval, call, text)));
}

static ExprValue
trim (ExprEval *eval, ExprText *text, gboolean start, gboolean end)
{
  const char *from = text->bytes, *to = text->bytes + text->size;

  while (start && from < to && expr_is_space (g_utf8_get_char (from)))
    from = g_utf8_next_char (from);
  while (end && to > from)
    {
      const char *before = g_utf8_find_prev_char (from, to);

      if (before == NULL || !expr_is_space (g_utf8_get_char (before)))
        break;
      to = before;
    }
  return expr_text_value (expr_text_slice_bytes (eval, text, from - text->bytes, to - text->bytes));
}

static ExprValue
string_trim (ExprEval *eval, const ExprCall *call)
{
  return trim (eval, self_text (eval, call), TRUE, TRUE);
}

static ExprValue
string_trim_start (ExprEval *eval, const ExprCall *call)
{
  return trim (eval, self_text (eval, call), TRUE, FALSE);
}

static ExprValue
string_trim_end (ExprEval *eval, const ExprCall *call)
{
  return trim (eval, self_text (eval, call), FALSE, TRUE);
}

/* GLib's case functions follow the locale for "i", so ASCII is done here and never reaches them. */
static ExprValue
change_case (ExprEval *eval, const ExprCall *call, char (*ascii) (char), char *(*beyond) (const char *, gssize))
{
  ExprText *text = self_text (eval, call);
  GString *out;
  gsize i = 0;

  if (!expr_eval_reserve (eval, text->size * 2) || !expr_eval_charge (eval, text->size / 16))
    return EXPR_VALUE_UNDEFINED;
  out = g_string_sized_new (text->size);
  while (i < text->size)
    {
      gsize run = i;

      for (; i < text->size && (guchar) text->bytes[i] < 0x80; i++)
        g_string_append_c (out, ascii (text->bytes[i]));
      run = i;
      while (i < text->size && (guchar) text->bytes[i] >= 0x80)
        i++;
      if (i > run)
        {
          g_autofree char *changed = beyond (text->bytes + run, (gssize) (i - run));

          g_string_append (out, changed);
        }
    }
  return expr_text_value (expr_text_take (eval, out));
}

static ExprValue
string_to_upper_case (ExprEval *eval, const ExprCall *call)
{
  return change_case (eval, call, g_ascii_toupper, g_utf8_strup);
}

static ExprValue
string_to_lower_case (ExprEval *eval, const ExprCall *call)
{
  return change_case (eval, call, g_ascii_tolower, g_utf8_strdown);
}

static ExprValue
string_normalize (ExprEval *eval, const ExprCall *call)
{
  static const struct
  {
    const char *name;
    GNormalizeMode mode;
  } forms[] = {
    { "NFC", G_NORMALIZE_NFC },
    { "NFD", G_NORMALIZE_NFD },
    { "NFKC", G_NORMALIZE_NFKC },
    { "NFKD", G_NORMALIZE_NFKD },
  };
  ExprText *text = self_text (eval, call);
  ExprText *form = expr_arg (call, 0).type == EXPR_UNDEFINED ? expr_string (eval, "NFC").text : expr_to_text (eval, call->args[0]);

  if (!expr_eval_reserve (eval, text->size * 4) || !expr_eval_charge (eval, text->size / 4))
    return EXPR_VALUE_UNDEFINED;
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autofree char *normal = NULL;

      if (form->size != strlen (forms[i].name) || memcmp (form->bytes, forms[i].name, form->size) != 0)
        continue;
      normal = g_utf8_normalize (text->bytes, (gssize) text->size, forms[i].mode);
      return expr_text_value (expr_text_copy (eval, normal, strlen (normal)));
    }
  return expr_eval_fail (eval, _ ("The normalization form must be NFC, NFD, NFKC or NFKD"));
}

static gboolean
option_is (ExprEval *eval, ExprValue options, const char *name, const char *expected)
{
  ExprValue value;

  if (options.type != EXPR_OBJECT || !expr_record_get (eval, options.record, expr_string (eval, name).text, &value))
    return FALSE;
  return expr_text_equal (expr_to_text (eval, value), expr_string (eval, expected).text);
}

static ExprValue
string_locale_compare (ExprEval *eval, const ExprCall *call)
{
  ExprText *a = self_text (eval, call), *b = expr_to_text (eval, expr_arg (call, 0));
  gboolean numeric = option_is (eval, expr_arg (call, 2), "numeric", "true");
  gboolean base_only = option_is (eval, expr_arg (call, 2), "sensitivity", "base");

  expr_eval_charge (eval, (a->size + b->size) / 4);
  return expr_number (expr_locale_compare (a, b, numeric, base_only));
}

static ExprValue
string_to_string (ExprEval *eval, const ExprCall *call)
{
  return expr_text_value (self_text (eval, call));
}

static ExprValue
string_is_well_formed (ExprEval *eval, const ExprCall *call)
{
  return expr_boolean (TRUE);
}

const ExprBuiltin expr_string_methods[] = {
  { "at", string_at },
  { "charAt", string_char_at },
  { "charCodeAt", string_char_code_at },
  { "codePointAt", string_code_point_at },
  { "concat", string_concat },
  { "endsWith", string_ends_with },
  { "includes", string_includes },
  { "indexOf", string_index_of },
  { "isWellFormed", string_is_well_formed },
  { "lastIndexOf", string_last_index_of },
  { "localeCompare", string_locale_compare },
  { "match", expr_string_match },
  { "matchAll", expr_string_match_all },
  { "normalize", string_normalize },
  { "padEnd", string_pad_end },
  { "padStart", string_pad_start },
  { "repeat", string_repeat },
  { "replace", expr_string_replace },
  { "replaceAll", expr_string_replace_all },
  { "search", expr_string_search },
  { "slice", string_slice },
  { "split", expr_string_split },
  { "startsWith", string_starts_with },
  { "substr", string_substr },
  { "substring", string_substring },
  { "toLocaleLowerCase", string_to_lower_case },
  { "toLocaleUpperCase", string_to_upper_case },
  { "toLowerCase", string_to_lower_case },
  { "toString", string_to_string },
  { "toUpperCase", string_to_upper_case },
  { "toWellFormed", string_to_string },
  { "trim", string_trim },
  { "trimEnd", string_trim_end },
  { "trimLeft", string_trim_start },
  { "trimRight", string_trim_end },
  { "trimStart", string_trim_start },
  { "valueOf", string_to_string },
  { NULL },
};

static ExprValue
string_from_code_point (ExprEval *eval, const ExprCall *call)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < call->n_args; i++)
    {
      double code = expr_to_number (eval, call->args[i]);

      if (!(code >= 0 && code <= 0x10ffff && code == trunc (code)))
        {
          g_string_free (out, TRUE);
          return expr_eval_fail (eval, _ ("%g is not the number of a character"), code);
        }
      g_string_append_unichar (out, code >= 0xd800 && code < 0xe000 ? 0xfffd : (gunichar) code);
    }
  return expr_text_value (expr_text_take (eval, out));
}

/* Here the numbers are UTF-16 units: two surrogates in a row make one character. */
static ExprValue
string_from_char_code (ExprEval *eval, const ExprCall *call)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < call->n_args; i++)
    {
      gunichar unit = (guint32) expr_to_int32 (eval, call->args[i]) & 0xffff;
      gunichar low = (guint32) expr_to_int32 (eval, expr_arg (call, i + 1)) & 0xffff;

      if (unit >= 0xd800 && unit < 0xdc00 && low >= 0xdc00 && low < 0xe000)
        {
          unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
          i++;
        }
      g_string_append_unichar (out, unit >= 0xd800 && unit < 0xe000 ? 0xfffd : unit);
    }
  return expr_text_value (expr_text_take (eval, out));
}

const ExprBuiltin expr_string_members[] = {
  { "fromCharCode", string_from_char_code },
  { "fromCodePoint", string_from_code_point },
  { NULL },
};
