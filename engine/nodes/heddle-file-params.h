/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "registry/heddle-node-type.h"

G_BEGIN_DECLS

/* What nodes that name files have in common: the parameters "path" and "folder". */

/* The check() of such a node type. */
void heddle_file_params_check (JsonObject *values, const char *node_id, GPtrArray *problems);

/*
 * What is done with a file, for the record: effect says what, record {"output", further keys of the result} what came of it. begin: FALSE when the
 * node has its end already, as an agent may only name files in a folder that a person has named, or as the run is replayed. end: records
 * and ends the node; consumes record, which is NULL with an error.
 */
gboolean heddle_file_begin (HeddleNodeRun *node_run, const char *folder, JsonNode *effect);
void heddle_file_end (HeddleNodeRun *node_run, JsonNode *effect, JsonNode *record, const GError *error);

G_END_DECLS
