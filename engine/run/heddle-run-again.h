/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-run-engine.h"

G_BEGIN_DECLS

/* Runs that begin with a stored one. All of it asynchronous, completing in the caller's context; the engine needs a store. */

/*
 * Goes on with a run whose process is gone: same id, same log. What had finished stays; what had begun begins anew, but what may have had an
 * unsafe effect asks a person first (a question of kind "in-doubt"). It runs as the workflow was then. Fails with HEDDLE_ERROR_BUSY when another
 * process has it, HEDDLE_ERROR_INVALID when it is not interrupted. options: asking, durability, breakpoints
 * and stepping count; may be NULL.
 */
void heddle_engine_resume_async (HeddleEngine *self, const char *run, const HeddleRunOptions *options, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleRun *heddle_engine_resume_finish (HeddleEngine *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A new run that begins with results of an old one. */
typedef struct
{
  const char *run;          /* the old one: id or unique prefix; NULL: none, so that all that is needed runs */
  HeddlePlan *plan;         /* NULL: as it ran then; else the workflow as it is now */
  const char *from;         /* this node and what follows it run again; NULL: only what did not finish then, of a replay everything */
  const char *until;        /* only this node and what it needs runs, with from the same, only this node; NULL: all */
  JsonNode *outputs;        /* {node: output, or "map1#3/node": output}: given in place of what they gave then; what follows runs again; or NULL */
  gboolean replay;          /* what has to run gets the effects that were recorded then, and fails with a difference where it asks for others */
  const char *live;         /* of a replay: from this node on, effects are real; NULL: none is */
  HeddleRunOptions options; /* start and vars NULL: as then */
} HeddleRunAgain;

void heddle_engine_run_again_async (HeddleEngine *self, const HeddleRunAgain *again, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleRun *heddle_engine_run_again_finish (HeddleEngine *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
