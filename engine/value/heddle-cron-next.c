/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-cron-private.h"

#define DAY 86400
/* The 29th of February on a given weekday comes once in 28 years, and in 40 around 2100. */
#define MAX_DAYS (41 * 366)

/* Seconds since the epoch as if local times were UTC, in whole minutes: what a calendar and a clock on the wall show. */
typedef gint64 WallTime;

static gint64
offset_at (GTimeZone *zone, gint64 time)
{
  return g_time_zone_get_offset (zone, g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, time));
}

/* The moment in (from, to] from which on the offset is no longer that of from. */
static gint64
find_change (GTimeZone *zone, gint64 from, gint64 to)
{
  gint64 before = offset_at (zone, from);

  while (to - from > 1)
    {
      gint64 middle = from + (to - from) / 2;

      if (offset_at (zone, middle) == before)
        from = middle;
      else
        to = middle;
    }
  return to;
}

/* The moments, earliest first, at which clocks show that time: one, two, or none with the moment at which they jump over it. */
static guint
list_moments (GTimeZone *zone, WallTime wall, gint64 moments[2])
{
  gint64 early = offset_at (zone, wall - DAY);
  gint64 late = offset_at (zone, wall + DAY);
  guint n_moments = 0;

  if (early == late)
    {
      moments[0] = wall - early;
      return 1;
    }
  if (offset_at (zone, wall - early) == early)
    moments[n_moments++] = wall - early;
  if (offset_at (zone, wall - late) == late)
    moments[n_moments++] = wall - late;
  if (n_moments == 0)
    moments[0] = find_change (zone, wall - late, wall - early);
  return n_moments;
}

static gboolean
is_day (const HeddleCron *self, WallTime day)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (day);
  gboolean by_day = heddle_cron_has (self, HEDDLE_CRON_DAY, g_date_time_get_day_of_month (date));
  gboolean by_weekday = heddle_cron_has (self, HEDDLE_CRON_WEEKDAY, g_date_time_get_day_of_week (date) % 7);

  if (!heddle_cron_has (self, HEDDLE_CRON_MONTH, g_date_time_get_month (date)))
    return FALSE;
  if (self->stars[HEDDLE_CRON_DAY] || self->stars[HEDDLE_CRON_WEEKDAY])
    return by_day && by_weekday;
  return by_day || by_weekday;
}

/* The first moment after that one at which it is this time of day, by the rules for changes of clocks. */
static gint64
next_at (const HeddleCron *self, GTimeZone *zone, WallTime wall, gint64 after)
{
  gboolean is_periodic = self->stars[HEDDLE_CRON_HOUR];
  gint64 moments[2];
  guint n_moments = list_moments (zone, wall, moments);

  if (n_moments == 0)
    return !is_periodic && moments[0] > after ? moments[0] : HEDDLE_CRON_NEVER;
  if (moments[0] > after)
    return moments[0];
  return n_moments == 2 && is_periodic && moments[1] > after ? moments[1] : HEDDLE_CRON_NEVER;
}

/* On a day without any change of clocks. */
static gint64
next_in_steady_day (const HeddleCron *self, gint64 midnight, gint64 after)
{
  for (guint hour = 0; hour < 24; hour++)
    {
      gint64 start = midnight + hour * 3600;

      for (guint minute = 0; heddle_cron_has (self, HEDDLE_CRON_HOUR, hour) && start + 3600 > after && minute < 60; minute++)
        {
          if (heddle_cron_has (self, HEDDLE_CRON_MINUTE, minute) && start + minute * 60 > after)
            return start + minute * 60;
        }
    }
  return HEDDLE_CRON_NEVER;
}

static gint64
next_in_day (const HeddleCron *self, GTimeZone *zone, WallTime day, gint64 after)
{
  gint64 next = HEDDLE_CRON_NEVER;
  gint64 offset = offset_at (zone, day - DAY);

  if (offset == offset_at (zone, day + 2 * DAY))
    return next_in_steady_day (self, day - offset, after);
  for (guint hour = 0; hour < 24; hour++)
    {
      for (guint minute = 0; heddle_cron_has (self, HEDDLE_CRON_HOUR, hour) && minute < 60; minute++)
        {
          if (heddle_cron_has (self, HEDDLE_CRON_MINUTE, minute))
            next = MIN (next, next_at (self, zone, day + hour * 3600 + minute * 60, after));
        }
    }
  return next;
}

static WallTime
floor_day (WallTime wall)
{
  return wall - ((wall % DAY) + DAY) % DAY;
}

gint64
heddle_cron_next (HeddleCron *self, GTimeZone *zone, gint64 after)
{
  WallTime first;

  g_return_val_if_fail (self != NULL && zone != NULL, HEDDLE_CRON_NEVER);

  first = floor_day (after + offset_at (zone, after));
  for (guint i = 0; i < MAX_DAYS; i++)
    {
      gint64 next = is_day (self, first + (gint64) i * DAY) ? next_in_day (self, zone, first + (gint64) i * DAY, after) : HEDDLE_CRON_NEVER;

      if (next != HEDDLE_CRON_NEVER)
        return next;
    }
  return HEDDLE_CRON_NEVER;
}
