/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/*
 * What the store has of runs, as far as people can go on with it: the latest run, and those whose process is gone. UI thread.
 * Signal "changed": the list was read, also when it is as before.
 */
#define HEDDLE_TYPE_PAST_RUNS (heddle_past_runs_get_type ())
G_DECLARE_FINAL_TYPE (HeddlePastRuns, heddle_past_runs, HEDDLE, PAST_RUNS, GObject)

/* workflow NULL: of all. Reads at once; store may be NULL. */
HeddlePastRuns *heddle_past_runs_new (HeddleStore *store, const char *workflow) G_GNUC_WARN_UNUSED_RESULT;
void heddle_past_runs_refresh (HeddlePastRuns *self);
/* NULL: none. Borrowed until "changed". */
const HeddleRunInfo *heddle_past_runs_get_latest (HeddlePastRuns *self);
const HeddleRunInfo *heddle_past_runs_find (HeddlePastRuns *self, const char *run);
/* HeddleRunInfo*, newest first; borrowed until "changed". */
GPtrArray *heddle_past_runs_get_interrupted (HeddlePastRuns *self);

G_END_DECLS
