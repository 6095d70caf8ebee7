/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-graph.h"
#include "provider/heddle-models.h"

G_BEGIN_DECLS

/*
 * What one run of a workflow may use, guessed before it: what prompts say by themselves plus a share for each value that
 * is put into them, and as long an answer as is allowed or usual. Every branch counts, and an agent with as many
 * turns as it may take, so it is rather too much than too little; but no promise.
 */
typedef struct
{
  guint n_calls; /* of models, at most */
  gint64 input_tokens;
  gint64 output_tokens;
  gint64 cost;                  /* nano-USD; -1: no price is known */
  gboolean cost_partly_unknown; /* of some models, or of one that is chosen by the run */
  gboolean repeats;             /* some are in a loop or a map, and counted once */
} HeddleEstimate;

HeddleEstimate heddle_estimate_graph (HeddleGraph *graph, HeddleModels *models);
/* "About $0.0123 for up to 3 model calls." in one sentence; NULL when no model is asked. */
char *heddle_estimate_to_text (const HeddleEstimate *estimate) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
