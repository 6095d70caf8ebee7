/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-json.h"

#include <math.h>
#include <string.h>

#define MAX_DIGITS 17

/* A number as 0.d1d2d3… × 10^point, the form ECMAScript's Number::toString is written in. */
typedef struct
{
  char digits[MAX_DIGITS + 1];
  int length;
  int point;
} Decimal;

static double
decimal_to_double (const Decimal *decimal)
{
  char text[MAX_DIGITS + 16];

  g_snprintf (text, sizeof text, "%.*se%d", decimal->length, decimal->digits, decimal->point - decimal->length);
  return g_ascii_strtod (text, NULL);
}

static void
round_to_precision (Decimal *decimal, double number, int precision)
{
  char format[8], text[40];
  char *exponent;

  g_snprintf (format, sizeof format, "%%.%de", precision - 1);
  g_ascii_formatd (text, sizeof text, format, number);

  exponent = strchr (text, 'e');
  decimal->digits[0] = text[0];
  if (precision > 1)
    memcpy (decimal->digits + 1, text + 2, precision - 1);
  decimal->length = precision;
  decimal->point = (int) g_ascii_strtoll (exponent + 1, NULL, 10) + 1;
}

static void
strip_zeros (Decimal *decimal)
{
  while (decimal->length > 1 && decimal->digits[decimal->length - 1] == '0')
    decimal->length--;
}

/*
 * Below a power of two the doubles are denser than above it, so the nearest decimal can miss while
 * the next one up is read back as the number.
 */
static gboolean
round_trips_upwards (Decimal *decimal, double number)
{
  Decimal up = *decimal;

  if (up.digits[up.length - 1] == '9')
    return FALSE;
  up.digits[up.length - 1]++;
  if (decimal_to_double (&up) != number)
    return FALSE;
  *decimal = up;
  return TRUE;
}

/* Fifteen digits always survive in a normal double, so the search starts there; subnormals have fewer. */
static void
find_shortest (Decimal *decimal, double number)
{
  for (int precision = isnormal (number) ? 15 : 1; precision < MAX_DIGITS; precision++)
    {
      round_to_precision (decimal, number, precision);
      if (decimal_to_double (decimal) == number || round_trips_upwards (decimal, number))
        return;
    }
  round_to_precision (decimal, number, MAX_DIGITS);
}

static void
append_zeros (GString *out, int count)
{
  for (int i = 0; i < count; i++)
    g_string_append_c (out, '0');
}

static void
append_exponential (GString *out, const Decimal *decimal)
{
  g_string_append_c (out, decimal->digits[0]);
  if (decimal->length > 1)
    {
      g_string_append_c (out, '.');
      g_string_append_len (out, decimal->digits + 1, decimal->length - 1);
    }
  g_string_append_printf (out, "e%+d", decimal->point - 1);
}

static void
append_decimal (GString *out, const Decimal *decimal)
{
  int point = decimal->point, length = decimal->length;

  if (length <= point && point <= 21)
    {
      g_string_append_len (out, decimal->digits, length);
      append_zeros (out, point - length);
    }
  else if (point > 0 && point <= 21)
    {
      g_string_append_len (out, decimal->digits, point);
      g_string_append_c (out, '.');
      g_string_append_len (out, decimal->digits + point, length - point);
    }
  else if (point > -6 && point <= 0)
    {
      g_string_append (out, "0.");
      append_zeros (out, -point);
      g_string_append_len (out, decimal->digits, length);
    }
  else
    {
      append_exponential (out, decimal);
    }
}

void
heddle_json_append_number (GString *out, double number)
{
  Decimal decimal;

  g_return_if_fail (out != NULL);

  if (isnan (number))
    {
      g_string_append (out, "NaN");
      return;
    }
  if (isinf (number))
    {
      g_string_append (out, number < 0 ? "-Infinity" : "Infinity");
      return;
    }

  if (fabs (number) < 9007199254740992.0 && number == (double) (gint64) number)
    {
      g_string_append_printf (out, "%" G_GINT64_FORMAT, (gint64) number);
      return;
    }

  if (number < 0)
    g_string_append_c (out, '-');
  find_shortest (&decimal, fabs (number));
  strip_zeros (&decimal);
  append_decimal (out, &decimal);
}
