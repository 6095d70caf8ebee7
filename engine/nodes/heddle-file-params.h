/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "registry/heddle-node-type.h"

G_BEGIN_DECLS

/* What nodes that name files have in common: the parameters "path" and "folder". */

/* A model may only name files in a folder that a person has named. */
gboolean heddle_file_params_allow (HeddleNodeRun *node_run, const char *folder, GError **error);
/* The check() of such a node type. */
void heddle_file_params_check (JsonObject *values, const char *node_id, GPtrArray *problems);

G_END_DECLS
