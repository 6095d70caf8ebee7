/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * What a run may use, and what it has used: {"cost": US dollars, "tokens", "seconds", "steps"}, each a number or absent for no limit
 * (steps: 10 000, or twice the steps of a plan that has more). Counts what calls under way report as well, so that a long answer is stopped in its middle. Prices that are not known
 * count as nothing, and the note says so. Lives on the engine thread.
 */
typedef struct _HeddleBudget HeddleBudget;

#define HEDDLE_BUDGET_STEPS 10000

/* Members of overrides take the place of those of limits; both may be NULL. n_steps: of the plan. */
HeddleBudget *heddle_budget_new (JsonNode *limits, JsonNode *overrides, guint n_steps) G_GNUC_WARN_UNUSED_RESULT;
void heddle_budget_free (HeddleBudget *self);

/*
 * Time runs from now on. exceeded is called from the context soon after a limit was passed. By then it may not be any more, where an
 * estimate was too high: without an error the run may go on.
 */
void heddle_budget_start (HeddleBudget *self, GMainContext *context, void (*exceeded) (gpointer data), gpointer data);
/* What watches the time, so that it can stand still; NULL: nothing does. Borrowed. */
GSource *heddle_budget_get_timer (HeddleBudget *self);
/* No call comes any more. */
void heddle_budget_stop (HeddleBudget *self);

/* The latest of a span, in place of what it reported before (usage NULL: nothing new). */
void heddle_budget_report (HeddleBudget *self, guint64 span, JsonNode *usage, gboolean ended);
/* One more step is about to start; FALSE when it may not. */
gboolean heddle_budget_take_step (HeddleBudget *self);

/* So many more steps are to be expected, by the length of a list; a limit that a person has set stays. */
void heddle_budget_allow_steps (HeddleBudget *self, guint64 n_steps);

/* What a run that goes on had used before: attempts that began, and seconds. Before it is started. */
void heddle_budget_take_past (HeddleBudget *self, guint n_steps, gint64 seconds);

/* HEDDLE_ERROR_LIMIT that says which limit was passed and by what; NULL: none was. Borrowed. */
const GError *heddle_budget_get_error (HeddleBudget *self);
/* The sum as heddle_usage_sum_to_json, or NULL. */
JsonNode *heddle_budget_dup_usage (HeddleBudget *self) G_GNUC_WARN_UNUSED_RESULT;
/* A sentence for people when the limit of cost could not be held for everything; else NULL. */
char *heddle_budget_dup_note (HeddleBudget *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleBudget, heddle_budget_free)

G_END_DECLS
