/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/heddle-plan.h"
#include "run/heddle-effects.h"
#include "run/heddle-run-engine.h"
#include "run/heddle-scheduler.h"

G_BEGIN_DECLS

/*
 * The effects of one run: those that are under way, and those of a past that answer in place of the world. Engine thread.
 */
typedef struct _HeddleEffects HeddleEffects;

HeddleEffects *heddle_effects_new (HeddlePlan *plan, const HeddleRunOptions *options) G_GNUC_WARN_UNUSED_RESULT;
void heddle_effects_free (HeddleEffects *self);
/* Whether the step's effects come from the past. */
gboolean heddle_effects_is_replayed (HeddleEffects *self, const HeddleStep *step);
/*
 * What expressions of the whole run see under a name ("run", "global"): *value is as it was then, or it is recorded as it is. Before the first
 * node begins.
 */
void heddle_effects_settle (HeddleEffects *self, HeddleScheduler *scheduler, const char *name, JsonNode **value);
/* Whether it is the answer to a question of heddle-in-doubt.h. effect: data of a NODE_EFFECT. */
gboolean heddle_effect_is_doubt (JsonNode *effect);
/* The attempt has ended: what it still waited for has no answer, or when it ran out of time, that as its answer. */
void heddle_effects_end_attempt (HeddleEffects *self, HeddleNodeRun *root, HeddleScheduler *scheduler);
/* TRUE once for each id: a run that was called before the program was gone is gone on with by one call. */
gboolean heddle_effects_take_called (HeddleEffects *self, const char *run);
/* The time that expressions of the node run see, milliseconds since the epoch: now, or what it was then. */
gint64 heddle_effects_get_time (HeddleNodeRun *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleEffects, heddle_effects_free)

G_END_DECLS
