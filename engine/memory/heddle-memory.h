/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-models.h"

G_BEGIN_DECLS

/*
 * What workflows remember between runs: graphs of entities and relations in the database. A node has a graph
 * of its own, named "WORKFLOW/NODE"; others may be lent to it. All work is done on a thread of its own;
 * calls with _async complete in the caller's context.
 */
#define HEDDLE_TYPE_MEMORY (heddle_memory_get_type ())
G_DECLARE_FINAL_TYPE (HeddleMemory, heddle_memory, HEDDLE, MEMORY, GObject)

HeddleMemory *heddle_memory_new (const char *path, HeddleModels *models, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * The part of the graphs that has to do with the query, ranked, as text for a system message of at most
 * max_chars; NULL without error when nothing fits. graphs: names, the first one the node's own.
 */
void heddle_memory_recall_async (HeddleMemory *self, const char *const *graphs, const char *query, gsize max_chars, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char *heddle_memory_recall_finish (HeddleMemory *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A conversation to learn from, once its run has ended well. */
typedef struct
{
  const char *graph; /* where it goes */
  const char *model; /* that extracts; reference */
  const char *run;   /* ids, for provenance */
  const char *node;
  const char *user;   /* what was said */
  const char *answer; /* and answered */
} HeddleMemoryLesson;
/*
 * Queues the extraction and returns; http must be of a context that runs. Extractions of one graph follow one another, so none
 * is lost. What fails is kept and tried again with the next lesson.
 */
void heddle_memory_learn (HeddleMemory *self, HeddleHttp *http, const HeddleMemoryLesson *lesson);
/* How many extractions are under way or wait. Any thread. */
guint heddle_memory_get_n_pending (HeddleMemory *self);
/* Waits for them, at most so long; for programs that end. TRUE when none is left. */
gboolean heddle_memory_wait (HeddleMemory *self, guint timeout_ms);

G_END_DECLS
