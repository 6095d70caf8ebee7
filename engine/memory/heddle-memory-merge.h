/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "memory/heddle-memory-extraction.h"
#include "memory/heddle-memory-rows.h"

G_BEGIN_DECLS

/*
 * Brings what was extracted into a graph, which is made when there is none: entities are found by their names, what is
 * known already becomes more certain, what a new fact replaces and what is revoked no longer holds. Each fact gets
 * origin as a source. Within the caller's transaction. Returns how many facts it held; -1 with error.
 */
gint heddle_memory_merge (HeddleDatabase *database, const char *graph, const HeddleMemoryExtraction *extraction, const HeddleMemoryOrigin *origin, GError **error);

G_END_DECLS
