/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "memory/heddle-memory-rows.h"

G_BEGIN_DECLS

/*
 * The facts of a graph that hold and have to do with query, best first: those with its words, by BM25, and what is known of
 * the entities in them; what is sure and recent counts more. Without a word in common: the surest recent few, when
 * or_recent. Array of HeddleMemoryFact*.
 */
GPtrArray *heddle_memory_rank (HeddleDatabase *database, gint64 graph, const char *query, gboolean or_recent, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* heddle_memory_recall_async, at once. NULL without error when there is nothing. */
char *heddle_memory_recall (HeddleDatabase *database, const char *const *graphs, const char *query, gsize max_chars, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Which graph a node learns into: its own, unless another one is lent to it for writing. */
char *heddle_memory_dup_target (HeddleDatabase *database, const char *graph, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Facts as lines of a text of at most max_chars characters, as many as fit, with a head that says what they are; NULL when none does. */
char *heddle_memory_render (GPtrArray *facts, gsize max_chars) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
