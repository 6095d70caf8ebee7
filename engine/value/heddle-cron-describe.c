/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-cron-private.h"

#include <glib/gi18n-lib.h>

#define WEEKDAYS 0x3e /* Monday to Friday */
#define WEEKEND 0x41
#define ALL_WEEK 0x7f
/* More times or days than this are harder to read in words. */
#define MAX_LISTED 4

static guint
count (guint64 set)
{
  return (guint) __builtin_popcountll (set);
}

static guint
lowest (guint64 set)
{
  return (guint) __builtin_ctzll (set);
}

/* “a, b and c”. Takes the words. */
static char *
join (GPtrArray *words)
{
  GString *text = g_string_new (g_ptr_array_index (words, 0));

  for (guint i = 1; i < words->len; i++)
    {
      /* Translators: between the last two items of a list, such as Monday and Thursday. */
      g_string_append (text, i + 1 < words->len ? ", " : _ (" and "));
      g_string_append (text, g_ptr_array_index (words, i));
    }
  g_ptr_array_unref (words);
  return g_string_free (text, FALSE);
}

static char *
list_times (const HeddleCron *self)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);

  for (guint hour = 0; hour < 24; hour++)
    {
      for (guint minute = 0; minute < 60 && heddle_cron_has (self, HEDDLE_CRON_HOUR, hour); minute++)
        {
          if (heddle_cron_has (self, HEDDLE_CRON_MINUTE, minute))
            g_ptr_array_add (words, g_strdup_printf ("%02u:%02u", hour, minute));
        }
    }
  return join (words);
}

/* In the words of the user's language. first: of a week or year that has all of them. */
static char *
list_named (const HeddleCron *self, HeddleCronField field, const char *format)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  gboolean is_month = field == HEDDLE_CRON_MONTH;

  for (guint value = is_month ? 1 : 0; value <= (is_month ? 12u : 6u); value++)
    {
      /* The second of January 2000 was a Sunday. */
      g_autoptr (GDateTime) date = g_date_time_new_utc (2000, is_month ? (int) value : 1, is_month ? 1 : (int) value + 2, 0, 0, 0);

      if (heddle_cron_has (self, field, value))
        g_ptr_array_add (words, g_date_time_format (date, format));
    }
  return join (words);
}

static char *
list_days (const HeddleCron *self)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);

  for (guint day = 1; day <= 31; day++)
    {
      if (heddle_cron_has (self, HEDDLE_CRON_DAY, day))
        g_ptr_array_add (words, g_strdup_printf ("%u", day));
    }
  return join (words);
}

/* “Every weekday”; NULL where words would not be shorter. */
static char *
describe_days (const HeddleCron *self)
{
  guint64 week = self->sets[HEDDLE_CRON_WEEKDAY];
  gboolean any_day = count (self->sets[HEDDLE_CRON_DAY]) == 31;
  g_autofree char *list = NULL;

  if (any_day && week == ALL_WEEK)
    return g_strdup (_ ("Every day"));
  if (any_day && week == WEEKDAYS)
    return g_strdup (_ ("Every weekday"));
  if (any_day && week == WEEKEND)
    return g_strdup (_ ("Every Saturday and Sunday"));
  if (any_day && count (week) <= MAX_LISTED)
    {
      list = list_named (self, HEDDLE_CRON_WEEKDAY, "%A");
      return g_strdup_printf (_ ("Every %s"), list);
    }
  if (week != ALL_WEEK || count (self->sets[HEDDLE_CRON_DAY]) > MAX_LISTED)
    return NULL;
  list = list_days (self);
  return g_strdup_printf (_ ("On day %s of the month"), list);
}

static char *
describe_interval (const HeddleCron *self)
{
  guint minutes = self->steps[HEDDLE_CRON_MINUTE];
  guint hours = self->steps[HEDDLE_CRON_HOUR];

  if (minutes == 1 && hours == 1)
    return g_strdup (_ ("every minute"));
  if (minutes > 1 && hours == 1)
    return g_strdup_printf (ngettext ("every %u minute", "every %u minutes", minutes), minutes);
  if (count (self->sets[HEDDLE_CRON_MINUTE]) != 1 || hours == 0)
    return NULL;
  if (hours > 1)
    return g_strdup_printf (ngettext ("every %u hour, at minute %u", "every %u hours, at minute %u", hours), hours,
                            lowest (self->sets[HEDDLE_CRON_MINUTE]));
  if (self->sets[HEDDLE_CRON_MINUTE] == 1)
    return g_strdup (_ ("every hour"));
  return g_strdup_printf (_ ("every hour at minute %u"), lowest (self->sets[HEDDLE_CRON_MINUTE]));
}

static char *
describe_times (const HeddleCron *self)
{
  g_autofree char *times = NULL;

  if (self->stars[HEDDLE_CRON_HOUR] || self->stars[HEDDLE_CRON_MINUTE])
    return describe_interval (self);
  if (count (self->sets[HEDDLE_CRON_MINUTE]) * count (self->sets[HEDDLE_CRON_HOUR]) > MAX_LISTED)
    return NULL;
  times = list_times (self);
  return g_strdup_printf (_ ("at %s"), times);
}

static char *
capitalise (const char *text)
{
  g_autofree char *first = g_utf8_substring (text, 0, 1);
  g_autofree char *upper = g_utf8_strup (first, -1);

  return g_strconcat (upper, g_utf8_next_char (text), NULL);
}

static char *
describe_day_and_time (const HeddleCron *self)
{
  g_autofree char *days = describe_days (self);
  g_autofree char *times = describe_times (self);
  gboolean all_days = count (self->sets[HEDDLE_CRON_DAY]) == 31 && self->sets[HEDDLE_CRON_WEEKDAY] == ALL_WEEK;

  if (days == NULL || times == NULL)
    return NULL;
  if (all_days && (self->stars[HEDDLE_CRON_HOUR] || self->stars[HEDDLE_CRON_MINUTE]))
    return capitalise (times);
  /* Translators: days, then times: Every weekday at 09:00 */
  return g_strdup_printf (_ ("%s %s"), days, times);
}

char *
heddle_cron_describe (HeddleCron *self)
{
  g_autofree char *text = NULL;
  g_autofree char *months = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  text = describe_day_and_time (self);
  if (text == NULL)
    return g_strdup (self->text);
  if (count (self->sets[HEDDLE_CRON_MONTH]) == 12)
    return g_steal_pointer (&text);
  if (count (self->sets[HEDDLE_CRON_MONTH]) > MAX_LISTED)
    return g_strdup (self->text);
  months = list_named (self, HEDDLE_CRON_MONTH, "%B");
  /* Translators: days and times, then months: Every day at 09:00 in January and July */
  return g_strdup_printf (_ ("%s in %s"), text, months);
}
