/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-expr-eval.h"

/*
 * Comparison as people sort, the same on every machine: letters without regard to accents and case
 * decide first, then accents, then case. It follows the order of the Unicode root collation for
 * white space, punctuation, symbols, digits and letters.
 */
typedef struct
{
  gunichar *characters;
  glong length;
  glong at;
} Cursor;

static int
group_of (gunichar character)
{
  switch ((int) g_unichar_type (character))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_SPACE_SEPARATOR:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return 0;
    case G_UNICODE_CONNECT_PUNCTUATION:
    case G_UNICODE_DASH_PUNCTUATION:
    case G_UNICODE_OPEN_PUNCTUATION:
    case G_UNICODE_CLOSE_PUNCTUATION:
    case G_UNICODE_INITIAL_PUNCTUATION:
    case G_UNICODE_FINAL_PUNCTUATION:
    case G_UNICODE_OTHER_PUNCTUATION:
      return 1;
    case G_UNICODE_MATH_SYMBOL:
    case G_UNICODE_MODIFIER_SYMBOL:
    case G_UNICODE_OTHER_SYMBOL:
      return 2;
    case G_UNICODE_CURRENCY_SYMBOL:
      return 3;
    case G_UNICODE_DECIMAL_NUMBER:
    case G_UNICODE_LETTER_NUMBER:
    case G_UNICODE_OTHER_NUMBER:
      return 4;
    default:
      return 5;
    }
}

/* ASCII punctuation and symbols stand in an order of their own. */
static int
rank_of (gunichar character)
{
  static const char order[] = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

  for (int i = 0; order[i] != '\0'; i++)
    {
      if ((gunichar) order[i] == character)
        return i;
    }
  return (int) g_unichar_tolower (character) + (int) sizeof order;
}

static int
compare_characters (gunichar a, gunichar b)
{
  int first = group_of (a), second = group_of (b);

  if (first != second && (first == 0 || second == 0 || first > 3 || second > 3))
    return first - second;
  return rank_of (a) - rank_of (b);
}

static gboolean
skip_marks (Cursor *cursor)
{
  while (cursor->at < cursor->length && g_unichar_ismark (cursor->characters[cursor->at]))
    cursor->at++;
  return cursor->at < cursor->length;
}

static gboolean
at_digit (const Cursor *cursor)
{
  return cursor->at < cursor->length && g_unichar_isdigit (cursor->characters[cursor->at]);
}

static glong
digits_end (Cursor *cursor)
{
  glong end = cursor->at;

  while (cursor->at < cursor->length && cursor->characters[cursor->at] == '0')
    cursor->at++;
  for (end = cursor->at; end < cursor->length && g_unichar_isdigit (cursor->characters[end]);)
    end++;
  return end;
}

/* Runs of digits by their number: the longer is the larger, then the first digit that differs. */
static int
compare_runs (Cursor *a, Cursor *b)
{
  glong a_end = digits_end (a), b_end = digits_end (b);
  int order = 0;

  if (a_end - a->at != b_end - b->at)
    return a_end - a->at < b_end - b->at ? -1 : 1;
  for (; a->at < a_end && order == 0; a->at++, b->at++)
    order = g_unichar_digit_value (a->characters[a->at]) - g_unichar_digit_value (b->characters[b->at]);
  return order;
}

static int
compare_letters (Cursor a, Cursor b, gboolean numeric)
{
  for (;;)
    {
      gboolean more_a = skip_marks (&a), more_b = skip_marks (&b);
      int order;

      if (!more_a || !more_b)
        return more_a - more_b;
      if (numeric && at_digit (&a) && at_digit (&b))
        order = compare_runs (&a, &b);
      else
        order = compare_characters (a.characters[a.at++], b.characters[b.at++]);
      if (order != 0)
        return order;
    }
}

static int
compare_marks (Cursor a, Cursor b)
{
  for (; a.at < a.length || b.at < b.length; a.at++, b.at++)
    {
      gunichar first = a.at < a.length ? a.characters[a.at] : 0, second = b.at < b.length ? b.characters[b.at] : 0;
      gboolean first_mark = first != 0 && g_unichar_ismark (first), second_mark = second != 0 && g_unichar_ismark (second);

      if (first_mark != second_mark)
        return first_mark - second_mark;
      if (first_mark && first != second)
        return first < second ? -1 : 1;
    }
  return 0;
}

static int
compare_case (Cursor a, Cursor b)
{
  for (; a.at < a.length && b.at < b.length; a.at++, b.at++)
    {
      int order = g_unichar_isupper (a.characters[a.at]) - g_unichar_isupper (b.characters[b.at]);

      if (order != 0)
        return order;
    }
  return 0;
}

static Cursor
decompose (const ExprText *text)
{
  g_autofree char *normal = g_utf8_normalize (text->bytes, (gssize) text->size, G_NORMALIZE_NFD);
  Cursor cursor = { 0 };

  cursor.characters = g_utf8_to_ucs4_fast (normal, -1, &cursor.length);
  return cursor;
}

int
expr_locale_compare (ExprText *a, ExprText *b, gboolean numeric, gboolean base_only)
{
  Cursor first = decompose (a), second = decompose (b);
  int order = compare_letters (first, second, numeric);

  if (order == 0 && !base_only)
    order = compare_marks (first, second);
  if (order == 0 && !base_only)
    order = compare_case (first, second);
  g_free (first.characters);
  g_free (second.characters);
  return order < 0 ? -1 : order > 0;
}
