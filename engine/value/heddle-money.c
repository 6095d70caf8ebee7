/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-money.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* What is shown at most: a hundredth of a cent. */
#define SHOWN (HEDDLE_NANO_USD / 10000)
#define MOST_USD 1e9

/* Four decimals, or two where the last two say nothing; whole cents from a dollar on. */
static char *
format_amount (gint64 nano)
{
  gint64 shown = nano / SHOWN + (nano % SHOWN >= SHOWN / 2 ? 1 : 0);
  g_autofree char *number = NULL;

  if (shown == 0)
    number = g_strdup ("0");
  else if (shown >= 10000 || shown % 100 == 0)
    number = g_strdup_printf ("%.2f", (double) (shown / 100 + (shown % 100 >= 50 ? 1 : 0)) / 100.0);
  else
    number = g_strdup_printf ("%.4f", (double) shown / 10000.0);
  /* Translators: an amount of US dollars */
  return g_strdup_printf (_ ("$%s"), number);
}

char *
heddle_money_format (gint64 nano_usd,
                     gboolean partly_unknown,
                     gboolean estimated)
{
  gboolean is_small = nano_usd > 0 && nano_usd < SHOWN;
  g_autofree char *amount = NULL;

  if (nano_usd < 0)
    return g_strdup (_ ("price unknown"));
  /* Too little to be a bound of anything. */
  if (partly_unknown && nano_usd < SHOWN)
    return g_strdup (_ ("price partly unknown"));
  amount = format_amount (is_small ? SHOWN : nano_usd);
  if (partly_unknown)
    return g_strdup_printf (_ ("≥ %s (partly unknown)"), amount);
  if (is_small)
    return g_strdup_printf ("< %s", amount);
  return estimated && nano_usd > 0 ? g_strconcat ("≈ ", amount, NULL) : g_steal_pointer (&amount);
}

double
heddle_money_to_usd (gint64 nano_usd)
{
  return nano_usd < 0 ? NAN : (double) nano_usd / (double) HEDDLE_NANO_USD;
}

gint64
heddle_money_from_usd (double usd)
{
  if (!isfinite (usd) || usd < 0 || usd > MOST_USD)
    return -1;
  return (gint64) llround (usd * (double) HEDDLE_NANO_USD);
}

gboolean
heddle_money_parse (const char *text,
                    gint64 *nano_usd)
{
  g_autofree char *copy = g_strstrip (g_strdup (text));
  const char *number = copy[0] == '$' ? copy + 1 : copy;
  char *end;

  g_strdelimit (copy, ",", '.');
  if (!g_ascii_isdigit (number[0]) && number[0] != '.')
    return FALSE;
  *nano_usd = heddle_money_from_usd (g_ascii_strtod (number, &end));
  return *nano_usd >= 0 && *end == '\0' && strpbrk (number, "xX") == NULL;
}

gint64
heddle_money_add (gint64 a,
                  gint64 b)
{
  if (a < 0 || b < 0)
    return MAX (a, b);
  return a > G_MAXINT64 - b ? G_MAXINT64 : a + b;
}
