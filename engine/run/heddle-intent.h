/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-node-run-private.h"

G_BEGIN_DECLS

/*
 * What must not be done twice is written down before it is done, so that after a crash it is known that it may have happened. Engine thread.
 */

/* Runs the node's type: at once, or when it is unsafe, once its intent is on the disk. */
void heddle_intent_run (HeddleNodeRun *self);
/* What it was about to do before is still in doubt in this attempt, as long as nobody has said more. */
void heddle_intent_repeat (HeddleNodeRun *self);
/* What the node does to the world with these parameters. */
HeddleEffect heddle_step_get_effect (const HeddleStep *step, JsonNode *params);

G_END_DECLS
