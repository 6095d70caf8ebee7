/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "heddle-harness.h"

#define N_ROUNDS 5

void
bench_report (const char *name, double value, const char *unit)
{
  printf ("%s %.6g %s\n", name, value, unit);
  fflush (stdout);
}

void
bench_report_more (const BenchCase *self, const char *what, double value, const char *unit)
{
  g_autofree char *name = g_strconcat (self->name, "-", what, NULL);

  bench_report (name, value, unit);
}

static gboolean
is_wanted (const char *name, char **patterns)
{
  for (guint i = 0; patterns[i] != NULL; i++)
    {
      if (strstr (name, patterns[i]) != NULL)
        return TRUE;
    }
  return patterns[0] == NULL;
}

int
bench_main (int argc, char **argv, const BenchCase *cases)
{
  setlocale (LC_ALL, "");
  for (const BenchCase *c = cases; c->name != NULL; c++)
    {
      guint n_rounds = c->n_rounds > 0 ? c->n_rounds : N_ROUNDS;

      for (guint i = 0; is_wanted (c->name, argv + 1) && i < n_rounds; i++)
        c->measure (c);
    }
  return 0;
}

gint64
bench_time_run (HeddleEngine *engine, HeddlePlan *plan, const HeddleRunOptions *options)
{
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (HeddleRun) run = heddle_engine_start (engine, plan, NULL, options);
  g_autoptr (HeddleHarnessResult) result = heddle_harness_wait (run);
  gint64 took = g_get_monotonic_time () - begin;

  g_assert_no_error (result->error);
  return took;
}

double
bench_time_plan_ms (HeddlePlan *plan, const HeddleEngineServices *services)
{
  g_autoptr (HeddlePlan) owned = plan;
  g_autoptr (HeddleEngine) engine = heddle_engine_new (services);

  bench_time_run (engine, plan, NULL);
  return bench_time_run (engine, plan, NULL) / 1e3;
}

char *
bench_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("heddle-bench-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
bench_remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

gint64
bench_get_size (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 ? (gint64) info.st_size : 0;
}

/* A line of /proc/self/status, which counts in KiB. */
static double
read_status_mb (const char *name)
{
  g_autofree char *text = NULL;
  const char *line = NULL;

  if (g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    line = strstr (text, name);
  return line != NULL ? g_ascii_strtod (line + strlen (name), NULL) / 1024 : 0;
}

double
bench_get_memory_mb (void)
{
  return read_status_mb ("VmRSS:");
}

double
bench_get_peak_mb (void)
{
  return read_status_mb ("VmHWM:");
}
