/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "heddle-expr-eval.h"
#include "value/heddle-json.h"

#define MAX_FRACTION 100
/* Every finite double is exact with so many decimals. */
#define EXACT_FRACTION 1075
#define EXACT_SIZE (310 + EXACT_FRACTION + 8)

static ExprValue
take_string (ExprEval *eval, GString *text)
{
  return expr_text_value (expr_text_take (eval, text));
}

/* Adds one to the last of the digits; a carry out of the first one becomes a new digit. */
static void
increment (GString *digits, gssize last)
{
  for (gssize i = last; i >= 0; i--)
    {
      if (digits->str[i] == '.')
        continue;
      if (digits->str[i] != '9')
        {
          digits->str[i]++;
          return;
        }
      digits->str[i] = '0';
    }
  g_string_prepend_c (digits, '1');
}

/* A positive number with its fraction rounded half up on the exact value, not half to even as printf does. */
static GString *
round_fraction (double number, guint fraction)
{
  char format[16];
  g_autofree char *exact = g_malloc (EXACT_SIZE);
  GString *digits;
  gsize keep;
  gboolean up;

  g_snprintf (format, sizeof format, "%%.%df", EXACT_FRACTION);
  g_ascii_formatd (exact, EXACT_SIZE, format, number);
  keep = strchr (exact, '.') - exact + 1 + fraction;
  up = exact[keep] >= '5';
  digits = g_string_new_len (exact, fraction > 0 ? keep : keep - 1);
  if (up)
    increment (digits, (gssize) digits->len - 1);
  return digits;
}

static gboolean
get_digits (ExprEval *eval, ExprValue value, guint minimum, guint maximum, guint *digits)
{
  double number = expr_to_integer (eval, value);

  if (!(number >= minimum && number <= maximum))
    {
      expr_eval_fail (eval, _ ("The number of digits must be between %u and %u"), minimum, maximum);
      return FALSE;
    }
  *digits = (guint) number;
  return TRUE;
}

static GString *
sign_of (double number)
{
  return g_string_new (number < 0 ? "-" : "");
}

static ExprValue
number_to_fixed (ExprEval *eval, const ExprCall *call)
{
  double number = expr_to_number (eval, call->self);
  GString *out;
  g_autoptr (GString) digits = NULL;
  guint fraction;

  if (!get_digits (eval, expr_arg (call, 0), 0, MAX_FRACTION, &fraction))
    return EXPR_VALUE_UNDEFINED;
  if (!isfinite (number) || fabs (number) >= 1e21)
    return expr_text_value (expr_to_text (eval, expr_number (number)));
  out = sign_of (number);
  digits = round_fraction (fabs (number), fraction);
  g_string_append_len (out, digits->str, digits->len);
  return take_string (eval, out);
}

/* Exactly so many significant digits, rounded half up, and the decimal exponent of the first. */
static GString *
round_significant (double number, guint precision, int *exponent)
{
  char format[16];
  g_autofree char *exact = g_malloc (EXACT_SIZE);
  GString *digits = g_string_new (NULL);
  char *e;

  if (number == 0)
    {
      *exponent = 0;
      for (guint i = 0; i < precision; i++)
        g_string_append_c (digits, '0');
      return digits;
    }

  g_snprintf (format, sizeof format, "%%.%de", EXACT_FRACTION);
  g_ascii_formatd (exact, EXACT_SIZE, format, number);
  e = strchr (exact, 'e');
  *exponent = (int) g_ascii_strtoll (e + 1, NULL, 10);
  g_string_append_c (digits, exact[0]);
  g_string_append_len (digits, exact + 2, precision - 1);
  if (exact[precision + 1] >= '5')
    increment (digits, (gssize) digits->len - 1);
  if (digits->len > precision)
    {
      g_string_truncate (digits, precision);
      (*exponent)++;
    }
  return digits;
}

static void
append_scientific (GString *out, const GString *digits, int exponent)
{
  g_string_append_c (out, digits->str[0]);
  if (digits->len > 1)
    g_string_append_printf (out, ".%s", digits->str + 1);
  g_string_append_printf (out, "e%+d", exponent);
}

static ExprValue
number_to_precision (ExprEval *eval, const ExprCall *call)
{
  double number = expr_to_number (eval, call->self);
  g_autoptr (GString) digits = NULL;
  GString *out;
  guint precision;
  int exponent;

  if (expr_arg (call, 0).type == EXPR_UNDEFINED || !isfinite (number))
    return expr_text_value (expr_to_text (eval, call->self));
  if (!get_digits (eval, call->args[0], 1, MAX_FRACTION, &precision))
    return EXPR_VALUE_UNDEFINED;

  out = sign_of (number);
  digits = round_significant (fabs (number), precision, &exponent);
  if (exponent < -6 || exponent >= (int) precision)
    append_scientific (out, digits, exponent);
  else if (exponent == (int) precision - 1)
    g_string_append (out, digits->str);
  else if (exponent >= 0)
    g_string_append_printf (out, "%.*s.%s", exponent + 1, digits->str, digits->str + exponent + 1);
  else
    g_string_append_printf (out, "0.%.*s%s", -exponent - 1, "000000", digits->str);
  return take_string (eval, out);
}

/* Without an argument: as many digits as the shortest form has. */
static guint
count_shortest (double number)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint count = 0, zeros = 0;

  heddle_json_append_number (text, number);
  for (const char *p = text->str; *p != '\0' && *p != 'e'; p++)
    {
      if (*p == '0' && count > 0)
        zeros++;
      else if (g_ascii_isdigit (*p) && *p != '0')
        {
          count += zeros + 1;
          zeros = 0;
        }
    }
  return MAX (count, 1);
}

static ExprValue
number_to_exponential (ExprEval *eval, const ExprCall *call)
{
  double number = expr_to_number (eval, call->self);
  g_autoptr (GString) digits = NULL;
  GString *out;
  guint fraction;
  int exponent;

  if (!isfinite (number))
    return expr_text_value (expr_to_text (eval, call->self));
  if (!get_digits (eval, expr_arg (call, 0), 0, MAX_FRACTION, &fraction))
    return EXPR_VALUE_UNDEFINED;
  if (expr_arg (call, 0).type == EXPR_UNDEFINED)
    fraction = count_shortest (fabs (number)) - 1;

  out = sign_of (number);
  digits = round_significant (fabs (number), fraction + 1, &exponent);
  append_scientific (out, digits, exponent);
  return take_string (eval, out);
}

static char
digit_char (guint digit)
{
  return "0123456789abcdefghijklmnopqrstuvwxyz"[digit];
}

static void
append_integer_part (GString *out, double integer, guint radix)
{
  gsize first = out->len;

  /* Digits that a double of this size cannot hold are written as zeros. */
  for (; integer >= 9007199254740992.0; integer /= radix)
    g_string_append_c (out, '0');
  do
    {
      double digit = fmod (integer, radix);

      g_string_insert_c (out, (gssize) first, digit_char ((guint) digit));
      integer = (integer - digit) / radix;
    }
  while (integer > 0);
}

/* Carries a rounded-up last digit to the left; TRUE when it leaves the fraction. */
static gboolean
round_up_digits (GString *fraction, guint radix)
{
  while (fraction->len > 0)
    {
      char *last = &fraction->str[fraction->len - 1];
      guint digit = (g_ascii_isdigit (*last) ? *last - '0' : *last - 'a' + 10) + 1;

      if (digit < radix)
        {
          *last = digit_char (digit);
          return FALSE;
        }
      g_string_truncate (fraction, fraction->len - 1);
    }
  return TRUE;
}

/* Digits until the number is told apart from its neighbours. */
static gboolean
append_fraction (GString *fraction, double number, double rest, guint radix)
{
  double delta = MAX (0.5 * (nextafter (number, INFINITY) - number), 5e-324);

  if (rest < delta)
    return FALSE;
  do
    {
      guint digit;

      rest *= radix;
      delta *= radix;
      digit = (guint) rest;
      g_string_append_c (fraction, digit_char (digit));
      rest -= digit;
      if ((rest > 0.5 || (rest == 0.5 && (digit & 1) != 0)) && rest + delta > 1)
        return round_up_digits (fraction, radix);
    }
  while (rest >= delta);
  return FALSE;
}

static GString *
to_radix (double number, guint radix)
{
  GString *out = sign_of (number);
  g_autoptr (GString) fraction = g_string_new (NULL);
  double integer = floor (fabs (number));

  if (append_fraction (fraction, fabs (number), fabs (number) - integer, radix))
    integer += 1;
  append_integer_part (out, integer, radix);
  if (fraction->len > 0)
    g_string_append_printf (out, ".%s", fraction->str);
  return out;
}

static ExprValue
number_to_string (ExprEval *eval, const ExprCall *call)
{
  double number = expr_to_number (eval, call->self);
  double radix = expr_arg (call, 0).type == EXPR_UNDEFINED ? 10 : expr_to_integer (eval, call->args[0]);

  if (!(radix >= 2 && radix <= 36))
    return expr_eval_fail (eval, _ ("The radix must be between 2 and 36"));
  if (radix == 10 || !isfinite (number))
    return expr_text_value (expr_to_text (eval, call->self));
  return take_string (eval, to_radix (number, (guint) radix));
}

static guint
get_option (ExprEval *eval, ExprValue options, const char *name, guint fallback)
{
  ExprValue value;
  double number;

  if (options.type != EXPR_OBJECT || !expr_record_get (eval, options.record, expr_string (eval, name).text, &value) || value.type == EXPR_UNDEFINED)
    return fallback;
  number = expr_to_integer (eval, value);
  return number >= 0 && number <= MAX_FRACTION ? (guint) number : fallback;
}

static void
strip_fraction (GString *digits, guint minimum)
{
  char *point = strchr (digits->str, '.');

  if (point == NULL)
    return;
  while (digits->str[digits->len - 1] == '0' && digits->len > (gsize) (point - digits->str) + 1 + minimum)
    g_string_truncate (digits, digits->len - 1);
  if (digits->str[digits->len - 1] == '.')
    g_string_truncate (digits, digits->len - 1);
}

/* English grouping whatever the locale is: a workflow gives the same text everywhere. */
static ExprValue
number_to_locale_string (ExprEval *eval, const ExprCall *call)
{
  double number = expr_to_number (eval, call->self);
  ExprValue options = expr_arg (call, 1);
  guint minimum = get_option (eval, options, "minimumFractionDigits", 0);
  guint maximum = get_option (eval, options, "maximumFractionDigits", MAX (3, minimum));
  g_autoptr (GString) digits = NULL;
  GString *out;
  gsize integers;

  if (isnan (number))
    return expr_string (eval, "NaN");
  if (isinf (number))
    return expr_string (eval, number < 0 ? "-∞" : "∞");

  out = sign_of (number);
  digits = round_fraction (fabs (number), maximum);
  strip_fraction (digits, minimum);
  integers = strcspn (digits->str, ".");
  for (gsize i = 0; i < integers; i++)
    {
      if (i > 0 && (integers - i) % 3 == 0)
        g_string_append_c (out, ',');
      g_string_append_c (out, digits->str[i]);
    }
  g_string_append (out, digits->str + integers);
  return take_string (eval, out);
}

const ExprBuiltin expr_number_methods[] = {
  { "toExponential", number_to_exponential },
  { "toFixed", number_to_fixed },
  { "toLocaleString", number_to_locale_string },
  { "toPrecision", number_to_precision },
  { "toString", number_to_string },
  { NULL },
};

static const char *
skip_digits (const char *p, const char *end)
{
  while (p < end && g_ascii_isdigit (*p))
    p++;
  return p;
}

/* The end of the longest decimal number at p; p itself when there is none. */
static const char *
decimal_end (const char *p, const char *end)
{
  const char *start = p, *integers, *exponent, *digits;

  if (p < end && (*p == '+' || *p == '-'))
    p++;
  integers = p;
  p = skip_digits (p, end);
  if (p < end && *p == '.' && (p > integers || (p + 1 < end && g_ascii_isdigit (p[1]))))
    p = skip_digits (p + 1, end);
  if (p == integers)
    return start;

  if (p == end || (*p | 0x20) != 'e')
    return p;
  exponent = p + 1;
  if (exponent < end && (*exponent == '+' || *exponent == '-'))
    exponent++;
  digits = skip_digits (exponent, end);
  return digits > exponent ? digits : p;
}

ExprValue
expr_parse_float (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = expr_to_text (eval, expr_arg (call, 0));
  const char *p = text->bytes, *end = p + text->size, *number_end;
  g_autofree char *number = NULL;
  gboolean has_sign;

  while (p < end && expr_is_space (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  has_sign = p < end && (*p == '+' || *p == '-');
  if (end - p >= 8 + has_sign && memcmp (p + has_sign, "Infinity", 8) == 0)
    return expr_number (*p == '-' ? -INFINITY : INFINITY);

  number_end = decimal_end (p, end);
  number = g_strndup (p, number_end - p);
  return expr_number (number_end > p ? g_ascii_strtod (number, NULL) : NAN);
}

static double
parse_digits (const char *p, const char *end, guint radix)
{
  const char *first = p;
  double sum = 0;

  for (; p < end && g_ascii_isalnum (*p); p++)
    {
      guint digit = g_ascii_isdigit (*p) ? *p - '0' : g_ascii_tolower (*p) - 'a' + 10;

      if (digit >= radix)
        break;
      sum = sum * radix + digit;
    }
  if (p == first)
    return NAN;
  /* Adding up rounds at every step; strtod rounds once. */
  if (radix == 10 && p - first > 15)
    {
      g_autofree char *digits = g_strndup (first, p - first);

      return g_ascii_strtod (digits, NULL);
    }
  return sum;
}

ExprValue
expr_parse_int (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = expr_to_text (eval, expr_arg (call, 0));
  const char *p = text->bytes, *end = p + text->size;
  gint32 radix = expr_to_int32 (eval, expr_arg (call, 1));
  gboolean negative;

  while (p < end && expr_is_space (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+'))
    p++;
  if ((radix == 0 || radix == 16) && end - p >= 2 && p[0] == '0' && (p[1] | 0x20) == 'x')
    {
      p += 2;
      radix = 16;
    }
  if (radix == 0)
    radix = 10;
  if (radix < 2 || radix > 36)
    return expr_number (NAN);
  return expr_number ((negative ? -1 : 1) * parse_digits (p, end, radix));
}

static ExprValue
is_integer (ExprEval *eval, const ExprCall *call)
{
  ExprValue value = expr_arg (call, 0);

  return expr_boolean (value.type == EXPR_INTEGER || (value.type == EXPR_NUMBER && isfinite (value.number) && value.number == trunc (value.number)));
}

static ExprValue
is_safe_integer (ExprEval *eval, const ExprCall *call)
{
  ExprValue value = expr_arg (call, 0);

  return expr_boolean (value.type == EXPR_NUMBER && value.number == trunc (value.number) && fabs (value.number) <= 9007199254740991.0);
}

static ExprValue
is_finite (ExprEval *eval, const ExprCall *call)
{
  ExprValue value = expr_arg (call, 0);

  return expr_boolean (value.type == EXPR_INTEGER || (value.type == EXPR_NUMBER && isfinite (value.number)));
}

static ExprValue
is_nan (ExprEval *eval, const ExprCall *call)
{
  ExprValue value = expr_arg (call, 0);

  return expr_boolean (value.type == EXPR_NUMBER && isnan (value.number));
}

const ExprBuiltin expr_number_members[] = {
  { "EPSILON", NULL, 2.220446049250313e-16 },
  { "MAX_SAFE_INTEGER", NULL, 9007199254740991.0 },
  { "MAX_VALUE", NULL, 1.7976931348623157e308 },
  { "MIN_SAFE_INTEGER", NULL, -9007199254740991.0 },
  { "MIN_VALUE", NULL, 5e-324 },
  { "NEGATIVE_INFINITY", NULL, -INFINITY },
  { "NaN", NULL, NAN },
  { "POSITIVE_INFINITY", NULL, INFINITY },
  { "isFinite", is_finite },
  { "isInteger", is_integer },
  { "isNaN", is_nan },
  { "isSafeInteger", is_safe_integer },
  { "parseFloat", expr_parse_float },
  { "parseInt", expr_parse_int },
  { NULL },
};
