/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "value/heddle-cron.h"

#include <locale.h>

static gint64
parse_time (const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  g_assert_nonnull (time);
  return g_date_time_to_unix (time);
}

static char *
format_time (gint64 moment, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (moment == HEDDLE_CRON_NEVER)
    return g_strdup ("never");
  utc = g_date_time_new_from_unix_utc (moment);
  local = g_date_time_to_timezone (utc, zone);
  return g_date_time_format (local, "%Y-%m-%dT%H:%M%:::z");
}

typedef struct
{
  const char *cron;
  const char *zone;
  const char *after;
  const char *expected; /* the next three, local with offset */
} NextCase;

static const NextCase next_cases[] = {
  { "0 9 * * 1-5", "UTC", "2026-03-06T09:00:00Z", "2026-03-09T09:00+00 2026-03-10T09:00+00 2026-03-11T09:00+00" },
  { "*/15 * * * *", "UTC", "2026-03-06T09:01:30Z", "2026-03-06T09:15+00 2026-03-06T09:30+00 2026-03-06T09:45+00" },
  { "@hourly", "UTC", "2026-12-31T22:30:00Z", "2026-12-31T23:00+00 2027-01-01T00:00+00 2027-01-01T01:00+00" },
  { "@yearly", "UTC", "2026-12-31T22:30:00Z", "2027-01-01T00:00+00 2028-01-01T00:00+00 2029-01-01T00:00+00" },
  { "0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", "2028-02-29T00:00+00 2032-02-29T00:00+00 2036-02-29T00:00+00" },
  { "0 0 31 * *", "UTC", "2026-01-31T00:00:00Z", "2026-03-31T00:00+00 2026-05-31T00:00+00 2026-07-31T00:00+00" },
  { "0 0 30 2 *", "UTC", "2026-01-01T00:00:00Z", "never never never" },
  /* Either of day and weekday is enough when both are restricted. */
  { "0 12 13 * 5", "UTC", "2026-03-01T00:00:00Z", "2026-03-06T12:00+00 2026-03-13T12:00+00 2026-03-20T12:00+00" },
  { "0 12 */10 * 0", "UTC", "2026-03-01T13:00:00Z", "2026-05-31T12:00+00 2026-06-21T12:00+00 2026-10-11T12:00+00" },
  { "5,35 8-10/2 * jan,Jul sun,7", "UTC", "2026-01-04T08:05:00Z", "2026-01-04T08:35+00 2026-01-04T10:05+00 2026-01-04T10:35+00" },
  { "30/10 7 * * *", "UTC", "2026-01-04T07:30:00Z", "2026-01-04T07:40+00 2026-01-04T07:50+00 2026-01-05T07:30+00" },
  /* Europe/Berlin, 29 March 2026: 02:00 becomes 03:00. A time that is skipped comes at the change, once. */
  { "30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T03:00+02 2026-03-30T02:30+02 2026-03-31T02:30+02" },
  { "0,15,30,45 2 * * *", "Europe/Berlin", "2026-03-29T00:50:00Z", "2026-03-29T03:00+02 2026-03-30T02:00+02 2026-03-30T02:15+02" },
  { "0 3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T03:00+02 2026-03-30T03:00+02 2026-03-31T03:00+02" },
  { "30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", "2026-03-29T01:30+01 2026-03-29T03:30+02 2026-03-29T04:30+02" },
  /* 25 October 2026: 03:00 becomes 02:00. A time of day comes once, what is hourly goes on. */
  { "30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T02:30+02 2026-10-26T02:30+01 2026-10-27T02:30+01" },
  { "30 * * * *", "Europe/Berlin", "2026-10-24T23:45:00Z", "2026-10-25T02:30+02 2026-10-25T02:30+01 2026-10-25T03:30+01" },
  { "0 */2 * * *", "Europe/Berlin", "2026-10-24T22:30:00Z", "2026-10-25T02:00+02 2026-10-25T02:00+01 2026-10-25T04:00+01" },
  /* Half an hour of daylight saving. */
  { "15 2 * * *", "Australia/Lord_Howe", "2026-10-02T20:00:00Z", "2026-10-04T02:30+11 2026-10-05T02:15+11 2026-10-06T02:15+11" },
  /* A zone that changes at midnight: the day begins at one. */
  { "0 0 * * *", "Africa/Cairo", "2026-04-23T12:00:00Z", "2026-04-24T01:00+03 2026-04-25T00:00+03 2026-04-26T00:00+03" },
  { "30 9 * * *", "Asia/Kathmandu", "2026-01-01T00:00:00Z", "2026-01-01T09:30+05:45 2026-01-02T09:30+05:45 2026-01-03T09:30+05:45" },
};

static void
test_next (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (next_cases); i++)
    {
      const NextCase *row = &next_cases[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (HeddleCron) cron = heddle_cron_new (row->cron, &error);
      g_autoptr (GTimeZone) zone = heddle_cron_new_zone (row->zone, &error);
      g_autoptr (GString) found = g_string_new (NULL);
      gint64 time = parse_time (row->after);

      g_assert_no_error (error);
      g_test_message ("%s in %s after %s", row->cron, row->zone, row->after);
      for (guint n = 0; n < 3; n++)
        {
          g_autofree char *text = NULL;

          if (time != HEDDLE_CRON_NEVER)
            time = heddle_cron_next (cron, zone, time);
          text = format_time (time, zone);
          g_string_append_printf (found, "%s%s", n > 0 ? " " : "", text);
        }
      g_assert_cmpstr (found->str, ==, row->expected);
    }
}

/* What next gives is what a walk over all minutes of a year gives, on which no rule for changes of clocks applies. */
static void
test_year (void)
{
  g_autoptr (HeddleCron) cron = heddle_cron_new ("7-59/13 */3 1-20 2-12/3 *", NULL);
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  gint64 start = parse_time ("2026-01-01T00:00:00Z");
  gint64 next = heddle_cron_next (cron, zone, start);

  for (gint64 time = start + 60; time < start + 366 * 86400; time += 60)
    {
      g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time);
      int minute = g_date_time_get_minute (date);
      gboolean fits = minute >= 7 && (minute - 7) % 13 == 0 && g_date_time_get_hour (date) % 3 == 0 &&
                      g_date_time_get_day_of_month (date) <= 20 && g_date_time_get_month (date) % 3 == 2;

      g_assert_cmpint (fits, ==, time == next);
      if (fits)
        next = heddle_cron_next (cron, zone, time);
    }
}

static void
test_invalid (void)
{
  static const char *const texts[] = {
    "",
    "   ",
    "* * * *",
    "* * * * * *",
    "60 * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "* * 32 * *",
    "* * * 13 *",
    "* * * 0 *",
    "* * * * 8",
    "a * * * *",
    "1-  * * * *",
    "5-1 * * * *",
    "*/0 * * * *",
    "*/61 * * * *",
    "1,,2 * * * *",
    "1, * * * *",
    "-1 * * * *",
    "+1 * * * *",
    "1.5 * * * *",
    "@reboot",
    "@",
    "* * * foo *",
    "0x5 * * * *",
    "99999999999999999999 * * * *",
    "1-2-3 * * * *",
    "*/2/2 * * * *",
    "** * * * *",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      HeddleCron *cron = heddle_cron_new (texts[i], &error);

      g_test_message ("“%s”", texts[i]);
      g_assert_null (cron);
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
}

static void
test_describe (void)
{
  static const struct
  {
    const char *cron;
    const char *text;
  } rows[] = {
    { "0 9 * * 1-5", "Every weekday at 09:00" },
    { "0 9 * * mon-fri", "Every weekday at 09:00" },
    { "30 8,17 * * *", "Every day at 08:30 and 17:30" },
    { "0 10 * * 0,6", "Every Saturday and Sunday at 10:00" },
    { "0 7 * * mon,thu", "Every Monday and Thursday at 07:00" },
    { "* * * * *", "Every minute" },
    { "*/5 * * * *", "Every 5 minutes" },
    { "@hourly", "Every hour" },
    { "20 * * * *", "Every hour at minute 20" },
    { "0 */6 * * *", "Every 6 hours, at minute 0" },
    { "*/10 * * * 1-5", "Every weekday every 10 minutes" },
    { "@daily", "Every day at 00:00" },
    { "@weekly", "Every Sunday at 00:00" },
    { "@monthly", "On day 1 of the month at 00:00" },
    { "0 6 1,15 * *", "On day 1 and 15 of the month at 06:00" },
    { "@yearly", "On day 1 of the month at 00:00 in January" },
    { "0 12 * 6-8 *", "Every day at 12:00 in June, July and August" },
    /* Shorter as it stands. */
    { "1-50 9 * * *", "1-50 9 * * *" },
    { "0 12 13 * 5", "0 12 13 * 5" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (HeddleCron) cron = heddle_cron_new (rows[i].cron, NULL);
      g_autofree char *text = heddle_cron_describe (cron);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

static void
test_zones (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTimeZone) local = heddle_cron_new_zone ("", NULL);
  g_autoptr (GTimeZone) none = heddle_cron_new_zone (NULL, NULL);

  g_assert_nonnull (local);
  g_assert_nonnull (none);
  g_assert_null (heddle_cron_new_zone ("Europe/Atlantis", &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cron/next", test_next);
  g_test_add_func ("/cron/year", test_year);
  g_test_add_func ("/cron/invalid", test_invalid);
  g_test_add_func ("/cron/describe", test_describe);
  g_test_add_func ("/cron/zones", test_zones);
  return g_test_run ();
}
