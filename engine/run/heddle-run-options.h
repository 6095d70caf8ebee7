/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-run-engine.h"

G_BEGIN_DECLS

/* Options that own what they point to. */

/* Values are sealed and shared. id and trigger, which a run has itself, are left out. */
void heddle_run_options_copy (HeddleRunOptions *to, const HeddleRunOptions *from);
void heddle_run_options_clear (HeddleRunOptions *options);

/* What going on with the run takes, as it is stored: {"durability","asking","vars","start","budget","until","use_pins","replay","live"}, absent where they say nothing. */
JsonNode *heddle_run_options_to_json (const HeddleRunOptions *options) G_GNUC_WARN_UNUSED_RESULT;
/* Options of their own; what is not understood counts as absent. */
void heddle_run_options_from_json (HeddleRunOptions *options, JsonNode *node);

G_END_DECLS
