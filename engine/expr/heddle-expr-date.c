/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "heddle-expr-date.h"

#define DAY_MS 86400000.0
/* GDateTime knows the years 1 to 9999. */
#define FIRST_MS (-62135596800000.0)
#define LAST_MS 253402300799999.0

GDateTime *
expr_date_new (double milliseconds)
{
  g_autoptr (GDateTime) seconds = NULL;
  double whole = floor (milliseconds / 1000);

  if (!(milliseconds >= FIRST_MS && milliseconds <= LAST_MS))
    return NULL;
  seconds = g_date_time_new_from_unix_utc ((gint64) whole);
  return g_date_time_add (seconds, (GTimeSpan) (milliseconds - whole * 1000) * G_TIME_SPAN_MILLISECOND);
}

double
expr_date_to_milliseconds (GDateTime *date)
{
  return (double) g_date_time_to_unix (date) * 1000 + g_date_time_get_microsecond (date) / 1000;
}

char *
expr_date_to_iso (double milliseconds)
{
  g_autoptr (GDateTime) date = expr_date_new (milliseconds);
  g_autofree char *start = date != NULL ? g_date_time_format (date, "%Y-%m-%dT%H:%M:%S") : NULL;

  if (start == NULL)
    return g_strdup ("");
  return g_strdup_printf ("%s.%03dZ", start, g_date_time_get_microsecond (date) / 1000);
}

static gboolean
value_to_date (ExprEval *eval, ExprValue value, double *milliseconds)
{
  if (expr_is_number (value))
    *milliseconds = expr_to_number (eval, value);
  else if (value.type == EXPR_STRING)
    *milliseconds = expr_date_parse (value.text->bytes, value.text->size);
  else
    *milliseconds = NAN;

  if (*milliseconds >= FIRST_MS && *milliseconds <= LAST_MS)
    return TRUE;
  expr_eval_fail (eval, _ ("This is not a date; use text such as 2026-01-31 or 2026-01-31T12:00:00Z, or milliseconds since 1970"));
  return FALSE;
}

static ExprValue
take_string (ExprEval *eval, char *text)
{
  ExprText *copy = expr_text_copy (eval, text, strlen (text));

  g_free (text);
  return expr_text_value (copy);
}

static GTimeZone *
find_zone (ExprEval *eval, ExprValue value)
{
  const char *name;
  GTimeZone *zone;

  if (expr_is_nullish (value))
    return g_time_zone_new_utc ();
  name = expr_text_c_string (eval, expr_to_text (eval, value));
  if (g_strcmp0 (name, "local") == 0)
    return g_time_zone_new_local ();
  zone = name != NULL ? g_time_zone_new_identifier (name) : NULL;
  if (zone == NULL)
    expr_eval_fail (eval, _ ("There is no time zone “%s”; use a name such as Europe/Berlin, UTC or local"), name != NULL ? name : "");
  return zone;
}

ExprValue
expr_format_date (ExprEval *eval, const ExprCall *call)
{
  ExprText *format = expr_is_nullish (expr_arg (call, 1)) ? expr_string (eval, "iso").text : expr_to_text (eval, call->args[1]);
  g_autoptr (GTimeZone) zone = NULL;
  g_autoptr (GDateTime) date = NULL;
  g_autoptr (GDateTime) local = NULL;
  char *text, *unknown = NULL;
  double milliseconds;

  if (!value_to_date (eval, expr_arg (call, 0), &milliseconds))
    return EXPR_VALUE_UNDEFINED;
  zone = find_zone (eval, expr_arg (call, 2));
  if (zone == NULL)
    return EXPR_VALUE_UNDEFINED;

  date = expr_date_new (milliseconds);
  local = g_date_time_to_timezone (date, zone);
  text = local != NULL ? expr_date_format (local, format->bytes, format->size, &unknown) : g_strdup ("");
  if (text != NULL)
    return take_string (eval, text);
  expr_eval_fail (eval, _ ("“%s” means nothing in a date format; text stands in single quotes"), unknown);
  g_free (unknown);
  return EXPR_VALUE_UNDEFINED;
}

static const struct
{
  const char *name;
  double milliseconds; /* 0: counted in months */
  int months;
} units[] = {
  { "millisecond", 1, 0 },
  { "ms", 1, 0 },
  { "second", 1000, 0 },
  { "minute", 60000, 0 },
  { "hour", 3600000, 0 },
  { "day", DAY_MS, 0 },
  { "week", 7 * DAY_MS, 0 },
  { "month", 0, 1 },
  { "quarter", 0, 3 },
  { "year", 0, 12 },
};

/* Singular or plural; -1 when there is no such unit. */
static int
find_unit (const ExprText *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      gsize size = strlen (units[i].name);

      if (name->size >= size && memcmp (name->bytes, units[i].name, size) == 0 &&
          (name->size == size || (name->size == size + 1 && name->bytes[size] == 's')))
        return (int) i;
    }
  return -1;
}

/* NaN outside the years that can be written. */
static double
add_months (double milliseconds, double months)
{
  g_autoptr (GDateTime) date = expr_date_new (milliseconds);
  g_autoptr (GDateTime) moved = NULL;

  if (!(fabs (months) < 120000))
    return NAN;
  moved = g_date_time_add_months (date, (int) months);
  return moved != NULL ? expr_date_to_milliseconds (moved) : NAN;
}

ExprValue
expr_add_time (ExprEval *eval, const ExprCall *call)
{
  double amount = expr_to_number (eval, expr_arg (call, 1)), milliseconds;
  int unit = find_unit (expr_to_text (eval, expr_arg (call, 2)));

  if (!value_to_date (eval, expr_arg (call, 0), &milliseconds))
    return EXPR_VALUE_UNDEFINED;
  if (unit < 0)
    return expr_eval_fail (eval, _ ("The unit must be milliseconds, seconds, minutes, hours, days, weeks, months, quarters or years"));

  if (units[unit].months != 0)
    milliseconds = add_months (milliseconds, trunc (amount) * units[unit].months);
  else
    milliseconds += trunc (amount * units[unit].milliseconds);
  if (!(milliseconds >= FIRST_MS && milliseconds <= LAST_MS))
    return expr_eval_fail (eval, _ ("The date is outside the years 1 to 9999"));
  if (expr_is_number (call->args[0]))
    return expr_number (milliseconds);
  return take_string (eval, expr_date_to_iso (milliseconds));
}

static ExprValue
date_now (ExprEval *eval, const ExprCall *call)
{
  return expr_number (expr_eval_now (eval));
}

static ExprValue
date_parse (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = expr_to_text (eval, expr_arg (call, 0));

  return expr_number (expr_date_parse (text->bytes, text->size));
}

/* Days since 1970 in the proleptic Gregorian calendar, months beyond a year included. */
static double
days_from_civil (double year, double month)
{
  double y = year + floor (month / 12), m = fmod (fmod (month, 12) + 12, 12) + 1, era, of_era, of_year;

  y -= m <= 2;
  era = floor (y / 400);
  of_era = y - era * 400;
  of_year = floor ((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5);
  return era * 146097 + of_era * 365 + floor (of_era / 4) - floor (of_era / 100) + of_year - 719468;
}

static ExprValue
date_utc (ExprEval *eval, const ExprCall *call)
{
  double parts[7] = { NAN, 0, 1, 0, 0, 0, 0 };

  for (guint i = 0; i < MIN (call->n_args, G_N_ELEMENTS (parts)); i++)
    parts[i] = trunc (expr_to_number (eval, call->args[i]));
  if (parts[0] >= 0 && parts[0] <= 99)
    parts[0] += 1900;
  return expr_number ((days_from_civil (parts[0], parts[1]) + parts[2] - 1) * DAY_MS + parts[3] * 3600000 + parts[4] * 60000 + parts[5] * 1000 + parts[6]);
}

const ExprBuiltin expr_date_members[] = {
  { "UTC", date_utc },
  { "now", date_now },
  { "parse", date_parse },
  { NULL },
};
