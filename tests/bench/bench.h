/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/heddle-plan-builder.h"
#include "run/heddle-run-engine.h"

G_BEGIN_DECLS

/*
 * What all benchmarks share. A program is a table of cases; each is measured five times and prints one line per figure and
 * time, "name value unit", from which report.py makes the table.
 */
typedef struct _BenchCase BenchCase;
struct _BenchCase
{
  const char *name; /* what its figures begin with */
  void (*measure) (const BenchCase *self);
  guint n;             /* what measure makes of it: how many nodes, calls, bytes */
  const char *variant; /* same */
  guint n_rounds;      /* 0: five; what is always the same is measured once */
};

/* Runs the cases (up to the one without a name) whose name contains one of the arguments; all of them without arguments. */
int bench_main (int argc, char **argv, const BenchCase *cases);
void bench_report (const char *name, double value, const char *unit);
/* name, "-" and what: "chain-1000" and "per-node". */
void bench_report_more (const BenchCase *self, const char *what, double value, const char *unit);

/* From the start of a run to the news of its end, in µs; the run has to end well. Consumes nothing; options may be NULL. */
gint64 bench_time_run (HeddleEngine *engine, HeddlePlan *plan, const HeddleRunOptions *options);
/* The same in an engine of its own, in memory, at the second time. Consumes the plan; services may be NULL. */
double bench_time_plan_ms (HeddlePlan *plan, const HeddleEngineServices *services);

/* Plans: a value and then what is told. params: JSON text or NULL. */
HeddlePlan *bench_new_chain (guint n_nodes, JsonNode *value, const HeddleNodeType *type, const char *params) G_GNUC_WARN_UNUSED_RESULT;
/* value → n in parallel → one. */
HeddlePlan *bench_new_fan (guint n_nodes, const HeddleNodeType *type, const char *params) G_GNUC_WARN_UNUSED_RESULT;
/* A branch that is not taken, and behind it nodes in a row and diamonds in a row. */
HeddlePlan *bench_new_skipped (guint n_row, guint n_diamonds) G_GNUC_WARN_UNUSED_RESULT;

/* A new folder for a database; remove deletes it with what is in it. */
char *bench_make_folder (void) G_GNUC_WARN_UNUSED_RESULT;
void bench_remove_folder (const char *folder);
/* Bytes of a file; 0 when it is not there. */
gint64 bench_get_size (const char *path);
/* Resident memory of this process in MB: now, and at most so far. */
double bench_get_memory_mb (void);
double bench_get_peak_mb (void);

G_END_DECLS
