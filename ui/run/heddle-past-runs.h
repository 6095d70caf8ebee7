/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/*
 * The runs that the store has, the latest 200. UI thread. Signal "changed": the list was read, also when it is as before.
 */
#define HEDDLE_TYPE_PAST_RUNS (heddle_past_runs_get_type ())
G_DECLARE_FINAL_TYPE (HeddlePastRuns, heddle_past_runs, HEDDLE, PAST_RUNS, GObject)

/* workflow NULL: of all. Reads at once; store may be NULL. */
HeddlePastRuns *heddle_past_runs_new (HeddleStore *store, const char *workflow) G_GNUC_WARN_UNUSED_RESULT;
void heddle_past_runs_refresh (HeddlePastRuns *self);
/* From now on the list is read again also when any process has written to the database; until unwatch, they count. */
void heddle_past_runs_watch (HeddlePastRuns *self);
void heddle_past_runs_unwatch (HeddlePastRuns *self);
/* HeddleRunInfo*, newest first; borrowed until "changed". */
GPtrArray *heddle_past_runs_list (HeddlePastRuns *self);
/* Why the list could not be read last time; NULL: it was. */
const GError *heddle_past_runs_get_error (HeddlePastRuns *self);
/* NULL: none. Borrowed until "changed". */
const HeddleRunInfo *heddle_past_runs_get_latest (HeddlePastRuns *self);
const HeddleRunInfo *heddle_past_runs_find (HeddlePastRuns *self, const char *run);
/* Of these, those whose process is gone. */
GPtrArray *heddle_past_runs_get_interrupted (HeddlePastRuns *self);

G_END_DECLS
