/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-guard.h"
#include "server/heddle-server.h"
#include "server/heddle-signature.h"
#include "server/heddle-timetable.h"
#include "store/heddle-store-activation.h"
#include "heddle-services.h"

#include <string.h>

#define DAY 86400

static gint64
parse_time (const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  return g_date_time_to_unix (time);
}

static void
add (HeddleTimetable *table, const char *node, const char *cron, const char *zone, HeddleMissed missed, gint64 mark)
{
  const HeddleTimetableEntry entry = {
    .workflow = (char *) "w",
    .node = (char *) node,
    .cron = heddle_cron_new (cron, NULL),
    .zone = heddle_cron_new_zone (zone, NULL),
    .missed = missed,
    .mark = mark,
  };

  heddle_timetable_add (table, &entry);
}

/* "node" → how many of what was due were its; missed: only those. */
static guint
count (GArray *due, const char *node, gboolean missed)
{
  guint n_due = 0;

  for (guint i = 0; i < due->len; i++)
    {
      const HeddleDue *item = &g_array_index (due, HeddleDue, i);

      n_due += strcmp (item->entry->node, node) == 0 && (!missed || item->missed);
    }
  return n_due;
}

/* From one time to the next, as the server does second by second. */
static GArray *
live (HeddleTimetable *table, gint64 from, gint64 until)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (HeddleDue));

  for (gint64 now = heddle_timetable_get_next (table); now <= until; now = heddle_timetable_get_next (table))
    {
      g_autoptr (GArray) due = heddle_timetable_take_due (table, now);

      g_assert_cmpint (now, >, from);
      if (due->len > 0)
        g_array_append_vals (all, due->data, due->len);
    }
  return all;
}

static void
test_day (void)
{
  g_autoptr (HeddleTimetable) table = heddle_timetable_new ();
  gint64 start = parse_time ("2026-06-01T00:00:00Z");
  g_autoptr (GArray) due = NULL;

  add (table, "quarter", "*/15 * * * *", "UTC", HEDDLE_MISSED_SKIP, start);
  add (table, "hour", "@hourly", "UTC", HEDDLE_MISSED_ALL, start);
  add (table, "office", "30 9-16 * * 1-5", "UTC", HEDDLE_MISSED_ONCE, start);
  add (table, "sunday", "0 12 * * 0", "UTC", HEDDLE_MISSED_SKIP, start);
  due = live (table, start, start + DAY);
  g_assert_cmpuint (count (due, "quarter", FALSE), ==, 96);
  g_assert_cmpuint (count (due, "hour", FALSE), ==, 24);
  g_assert_cmpuint (count (due, "office", FALSE), ==, 8);
  g_assert_cmpuint (count (due, "sunday", FALSE), ==, 0);
  for (guint i = 0; i < due->len; i++)
    g_assert_false (g_array_index (due, HeddleDue, i).missed);
}

static void
test_change_of_clocks (void)
{
  g_autoptr (HeddleTimetable) table = heddle_timetable_new ();
  gint64 spring = parse_time ("2026-03-28T23:00:00Z"); /* midnight in Berlin */
  gint64 autumn = parse_time ("2026-10-24T22:00:00Z");
  g_autoptr (GArray) short_day = NULL;
  g_autoptr (GArray) long_day = NULL;

  add (table, "hour", "0 * * * *", "Europe/Berlin", HEDDLE_MISSED_SKIP, spring);
  add (table, "night", "30 2 * * *", "Europe/Berlin", HEDDLE_MISSED_SKIP, spring);
  short_day = live (table, spring, spring + 23 * 3600);
  g_assert_cmpuint (count (short_day, "hour", FALSE), ==, 23);
  g_assert_cmpuint (count (short_day, "night", FALSE), ==, 1);
  heddle_timetable_clear (table);
  add (table, "hour", "0 * * * *", "Europe/Berlin", HEDDLE_MISSED_SKIP, autumn);
  add (table, "night", "30 2 * * *", "Europe/Berlin", HEDDLE_MISSED_SKIP, autumn);
  long_day = live (table, autumn, autumn + 25 * 3600);
  g_assert_cmpuint (count (long_day, "hour", FALSE), ==, 25);
  g_assert_cmpuint (count (long_day, "night", FALSE), ==, 1);
}

static void
test_sleep (void)
{
  g_autoptr (HeddleTimetable) table = heddle_timetable_new ();
  gint64 start = parse_time ("2026-06-01T00:00:00Z");
  g_autoptr (GArray) due = NULL;
  g_autoptr (GArray) again = NULL;

  add (table, "skip", "0 * * * *", "UTC", HEDDLE_MISSED_SKIP, start);
  add (table, "once", "0 * * * *", "UTC", HEDDLE_MISSED_ONCE, start);
  add (table, "all", "0 * * * *", "UTC", HEDDLE_MISSED_ALL, start);
  /* Asleep for five hours and a half; then the next hour comes as ever. */
  due = heddle_timetable_take_due (table, start + 5 * 3600 + 1800);
  g_assert_cmpuint (count (due, "skip", FALSE), ==, 0);
  g_assert_cmpuint (count (due, "once", TRUE), ==, 1);
  g_assert_cmpuint (count (due, "all", TRUE), ==, 5);
  g_assert_cmpint (g_array_index (due, HeddleDue, 0).time, ==, start + 5 * 3600);
  again = live (table, start + 5 * 3600 + 1800, start + 6 * 3600 + 10);
  g_assert_cmpuint (again->len, ==, 3);
}

/* Awake a moment after the full hour: what is on time makes up for what was missed. */
static void
test_wake_on_time (void)
{
  g_autoptr (HeddleTimetable) table = heddle_timetable_new ();
  gint64 start = parse_time ("2026-06-01T00:00:00Z");
  g_autoptr (GArray) due = NULL;

  add (table, "skip", "0 * * * *", "UTC", HEDDLE_MISSED_SKIP, start);
  add (table, "once", "0 * * * *", "UTC", HEDDLE_MISSED_ONCE, start);
  add (table, "all", "0 * * * *", "UTC", HEDDLE_MISSED_ALL, start);
  due = heddle_timetable_take_due (table, start + 5 * 3600 + 10);
  g_assert_cmpuint (count (due, "skip", FALSE), ==, 1);
  g_assert_cmpuint (count (due, "once", FALSE), ==, 1);
  g_assert_cmpuint (count (due, "once", TRUE), ==, 0);
  g_assert_cmpuint (count (due, "all", FALSE), ==, 5);
  g_assert_cmpuint (count (due, "all", TRUE), ==, 4);
}

static void
test_years (void)
{
  g_autoptr (HeddleTimetable) table = heddle_timetable_new ();
  gint64 start = parse_time ("2026-06-01T00:00:00Z");
  g_autoptr (GArray) due = NULL;

  add (table, "minute", "* * * * *", "UTC", HEDDLE_MISSED_ALL, start);
  add (table, "year", "@yearly", "UTC", HEDDLE_MISSED_ALL, start);
  due = heddle_timetable_take_due (table, start + (gint64) 3650 * DAY + 30);
  g_assert_cmpuint (count (due, "minute", FALSE), ==, HEDDLE_MAX_MISSED);
  g_assert_cmpuint (count (due, "year", FALSE), ==, 10);
}

static void
test_clock_set_back (void)
{
  g_autoptr (HeddleTimetable) table = heddle_timetable_new ();
  gint64 start = parse_time ("2026-06-01T00:00:00Z");
  g_autoptr (GArray) first = NULL;
  g_autoptr (GArray) second = NULL;

  add (table, "hour", "0 * * * *", "UTC", HEDDLE_MISSED_ALL, start);
  first = live (table, start, start + 2 * 3600);
  g_assert_cmpuint (first->len, ==, 2);
  second = live (table, start, start + 2 * 3600);
  g_assert_cmpuint (second->len, ==, 0);
}

static void
test_guard (void)
{
  g_autoptr (HeddleGuard) guard = heddle_guard_new (NULL, 10, 20);
  g_autoptr (HeddleGuard) opened = heddle_guard_new ("192.168.1.5", 10, 20);
  guint later = 0;

  g_assert_true (heddle_guard_allows_host (guard, "127.0.0.1:8611"));
  g_assert_true (heddle_guard_allows_host (guard, "[::1]:8611"));
  g_assert_false (heddle_guard_allows_host (guard, "192.168.1.5:8611"));
  g_assert_false (heddle_guard_allows_host (guard, NULL));
  g_assert_false (heddle_guard_allows_host (guard, "localhost, evil.example"));
  g_assert_true (heddle_guard_allows_host (opened, "192.168.1.5:8611"));
  g_assert_false (heddle_guard_allows_host (opened, "evil.example:8611"));
  for (guint i = 0; i < 20; i++)
    g_assert_true (heddle_guard_count_request (guard, "a", 1, &later));
  g_assert_false (heddle_guard_count_request (guard, "a", 1, &later));
  g_assert_cmpuint (later, >=, 1);
  g_assert_true (heddle_guard_count_request (guard, "b", 1, &later));
  g_assert_true (heddle_guard_count_request (guard, "a", 1 + G_USEC_PER_SEC, &later));
}

static void
test_signature (void)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("Hello", 5);
  const char *hex = "4dea24fbc5fe6b6ad0afb4a12e2ba4bb4d4f8d8b5b9c6d5f7e0a5b1c2d3e4f50";
  g_autofree char *made = g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) "key", 3, "Hello", 5);
  g_autofree char *timed = g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) "key", 3, "12.Hello", 8);
  g_autofree char *list = g_strconcat ("v0=x, sha256=", made, NULL);

  g_assert_true (heddle_signature_check (made, "key", NULL, body));
  g_assert_true (heddle_signature_check (list, "key", NULL, body));
  g_assert_true (heddle_signature_check (timed, "key", "12", body));
  g_assert_false (heddle_signature_check (timed, "key", "13", body));
  g_assert_false (heddle_signature_check (made, "other", NULL, body));
  g_assert_false (heddle_signature_check (hex, "key", NULL, body));
  g_assert_false (heddle_signature_check ("", "key", NULL, body));
  g_assert_true (heddle_equal_secrets ("abc", "abc"));
  g_assert_false (heddle_equal_secrets ("abc", "abcd"));
  g_assert_false (heddle_equal_secrets ("", "abcd"));
}

/* The time that the server's thread is told. */
typedef struct
{
  GMutex lock;
  gint64 time;
} Simulated;

static void
set_simulated (Simulated *simulated, gint64 time)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&simulated->lock);

  simulated->time = time;
}

static gint64
get_simulated (gpointer data)
{
  Simulated *simulated = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&simulated->lock);

  return simulated->time;
}

static void
request_cb (HeddleServer *server, HeddleServerRequest *request, gpointer data)
{
  guint *n_runs = data;

  if (strcmp (request->method, "SCHEDULE") == 0 && request->run != NULL)
    (*n_runs)++;
}

static void
iterate_until (guint *value, guint wanted)
{
  while (*value < wanted)
    g_main_context_iteration (NULL, TRUE);
}

/* The whole server under a clock that jumps: each of the missed hours is a run with the schedule as its trigger. */
static void
test_served (void)
{
  static const char json[] = "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"timed\",\"name\":\"Timed\",\"nodes\":["
                             "{\"id\":\"clock\",\"type\":\"schedule\",\"params\":{\"cron\":\"@hourly\",\"timezone\":\"UTC\",\"missed\":\"all\"}},"
                             "{\"id\":\"end\",\"type\":\"output\",\"params\":{}}],\"edges\":[{\"from\":\"clock\",\"to\":\"end\"}]}";
  g_autofree char *directory = g_dir_make_tmp ("heddle-server-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "heddle.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleStore) store = heddle_store_new (path, &error);
  const HeddleEngineServices engine_services = { .store = store };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&engine_services);
  gint64 midnight = parse_time ("2026-06-01T00:00:00Z");
  Simulated simulated = { .time = midnight };
  HeddleServerOptions options = { .engine = engine, .store = store, .program = "test", .now = get_simulated, .now_data = &simulated };
  g_autoptr (HeddleServer) server = NULL;
  g_autoptr (GPtrArray) runs = NULL;
  guint n_runs = 0;

  g_assert_true (heddle_store_save_workflow (store, "timed", "Timed", json, &error));
  g_assert_true (heddle_activate (store, "timed", NULL, &error));
  g_assert_no_error (error);
  g_mutex_init (&simulated.lock);
  server = heddle_server_new (&options);
  g_signal_connect (server, "request", G_CALLBACK (request_cb), &n_runs);
  heddle_server_start (server);
  while (heddle_server_get_state (server) == HEDDLE_SERVER_STARTING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (heddle_server_get_state (server), ==, HEDDLE_SERVER_RUNNING);
  set_simulated (&simulated, midnight + DAY);
  iterate_until (&n_runs, 24);
  heddle_server_stop (server);
  heddle_engine_shutdown (engine);
  heddle_store_flush (store);
  runs = heddle_store_list_runs (store, "timed", 100, &error);
  g_assert_cmpuint (runs->len, ==, 24);
  for (guint i = 0; i < runs->len; i++)
    g_assert_cmpstr (((HeddleRunInfo *) g_ptr_array_index (runs, i))->started_by, ==, "schedule");
  g_mutex_clear (&simulated.lock);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/schedule/day", test_day);
  g_test_add_func ("/server/schedule/change-of-clocks", test_change_of_clocks);
  g_test_add_func ("/server/schedule/sleep", test_sleep);
  g_test_add_func ("/server/schedule/wake-on-time", test_wake_on_time);
  g_test_add_func ("/server/schedule/years", test_years);
  g_test_add_func ("/server/schedule/clock-set-back", test_clock_set_back);
  g_test_add_func ("/server/schedule/served", test_served);
  g_test_add_func ("/server/guard", test_guard);
  g_test_add_func ("/server/signature", test_signature);
  return g_test_run ();
}
