/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-node-run-private.h"

G_BEGIN_DECLS

/* Which results may be used again, and what they are kept by. */

/* Whether an attempt only computes and reads: then an equal one gives the same, or what is as good to who asked for it. */
gboolean heddle_result_cache_fits (HeddleNodeRun *node_run);
/* SHA-256, in hexadecimal, of all that decides the result: type and version, parameters, inputs, and where its models are asked, by credential. */
char *heddle_result_cache_dup_key (HeddleNodeRun *node_run) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
