/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-run-engine.h"

G_BEGIN_DECLS

/* Inside of the engine. */

HeddleStore *heddle_engine_get_store (HeddleEngine *self); /* borrowed, or NULL */
/* Begins a run that was made; FALSE when the engine was shut down. input may be NULL. Any thread. */
gboolean heddle_engine_begin (HeddleEngine *self, HeddleRun *run, JsonNode *input, const HeddleRunOptions *options);

G_END_DECLS
