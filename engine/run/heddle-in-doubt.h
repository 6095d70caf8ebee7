/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-node-run-private.h"

G_BEGIN_DECLS

/*
 * TRUE: whether the node had its effect before its process went is not known, and this sees to how it goes on: a person says, or the node's policy
 * (a question of kind "in-doubt"; the answer is {"action":"retry|done|skip|fail","value"?}). Without anybody to ask, the run is interrupted again.
 */
gboolean heddle_in_doubt_take (HeddleNodeRun *self);

G_END_DECLS
