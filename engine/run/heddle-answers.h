/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-run.h"

G_BEGIN_DECLS

/*
 * Gives a run the answers that other processes leave in the store: looks for them once a second, as long as a question is open. Lives as a thing
 * that the nodes of a run share, and ends with the run. Engine thread.
 */
#define HEDDLE_TYPE_ANSWERS (heddle_answers_get_type ())
G_DECLARE_FINAL_TYPE (HeddleAnswers, heddle_answers, HEDDLE, ANSWERS, GObject)

HeddleAnswers *heddle_answers_new (HeddleRun *run, HeddleStore *store, GMainContext *context) G_GNUC_WARN_UNUSED_RESULT;
/* A question is open now. */
void heddle_answers_watch (HeddleAnswers *self);

G_END_DECLS
