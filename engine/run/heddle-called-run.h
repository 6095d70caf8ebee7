/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-node-run.h"

G_BEGIN_DECLS

/*
 * The runs of workflows that a node called: told in the caller's log before they begin, so that a caller that goes on after its process was gone
 * goes on with them too, and what had finished in them stays. Engine thread.
 */

/* effect: {"workflow","input"}, what is called. */
void heddle_called_run_tell (HeddleNodeRun *caller, JsonNode *effect, const char *run);
/*
 * Id of the run that this call goes on with, or whose answer it takes, each once; NULL: it begins one. A step calls the same again, whatever it would
 * give it by now; a tool that a model calls has to be given the same. What failed is called anew. is_answered (set with an id): whether the caller's
 * log has its answer, with what it used.
 */
char *heddle_called_run_find (HeddleNodeRun *caller, JsonNode *effect, gboolean *is_answered) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
