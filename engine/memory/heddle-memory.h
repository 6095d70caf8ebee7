/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "provider/heddle-models.h"

G_BEGIN_DECLS

/*
 * What workflows remember between runs: graphs of entities and facts in the database. A node has a graph
 * of its own, named "WORKFLOW/NODE"; others may be lent to it. All work is done on a thread of its own;
 * calls with _async complete in the caller's context.
 *
 * Signal "changed", in the context of the creator: a graph or what waits to be learnt changed.
 */
#define HEDDLE_TYPE_MEMORY (heddle_memory_get_type ())
G_DECLARE_FINAL_TYPE (HeddleMemory, heddle_memory, HEDDLE, MEMORY, GObject)

HeddleMemory *heddle_memory_new (const char *path, HeddleModels *models, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Called by the engine: where models may be asked; NULL, NULL when they may no longer be. What is under way then is given back to the queue. */
void heddle_memory_set_network (HeddleMemory *self, GMainContext *context, HeddleHttp *http);
/* Ends the thread; what is asked for later is cancelled, and what was not learnt waits in the database. After the engine. */
void heddle_memory_shutdown (HeddleMemory *self);

/*
 * The part of the graphs that has to do with the query, ranked, as text for a system message of at most
 * max_chars; NULL without error when nothing fits. graphs: names, the first one the node's own; those lent to it on
 * the memory page are added.
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
 * Queues the extraction and returns; http must be of a context that runs (the engine's: call it there). It is written to the
 * database first. Extractions of one graph follow one another, also across processes, so none is lost. What fails is kept and
 * tried again with the next lesson or start, three times in all.
 */
void heddle_memory_learn (HeddleMemory *self, HeddleHttp *http, const HeddleMemoryLesson *lesson);
/* Takes up what an earlier process left behind or what failed. Any thread. */
void heddle_memory_resume (HeddleMemory *self);
/* How many extractions are under way or wait. Any thread. */
guint heddle_memory_get_n_pending (HeddleMemory *self);
/* Waits for them, at most so long; for programs that end. TRUE when none is left. */
gboolean heddle_memory_wait (HeddleMemory *self, guint timeout_ms);

typedef struct
{
  char *name;
  guint n_entities;
  guint n_facts; /* that hold */
  guint n_revoked;
  guint n_waiting;       /* to be learnt */
  guint n_failed;        /* given up */
  char *error;           /* of the last lesson, or NULL */
  gint64 input_tokens;   /* that learning took */
  gint64 output_tokens;  /* same */
  gint64 cost;           /* nano-USD, of the lessons whose price is known */
  gboolean has_unpriced; /* there were others */
  gint64 updated;        /* µs since the epoch */
} HeddleMemoryGraphInfo;
void heddle_memory_graph_info_free (HeddleMemoryGraphInfo *info);
void heddle_memory_list_async (HeddleMemory *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* New array of HeddleMemoryGraphInfo*, by name. */
GPtrArray *heddle_memory_list_finish (HeddleMemory *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  gint64 id; /* 0: not stored yet */
  char *subject;
  char *subject_kind; /* "" when it is not known */
  char *predicate;
  char *object;
  char *object_kind; /* NULL: the object is a text, not an entity */
  double confidence; /* 0 to 1 */
  gboolean is_active;
  gint64 since;   /* µs since the epoch */
  gint64 until;   /* when it was revoked; 0: it holds */
  gint64 updated; /* µs since the epoch */
  char *run;      /* that it was last learnt from; "": entered by hand */
  char *node;     /* same */
} HeddleMemoryFact;
void heddle_memory_fact_free (HeddleMemoryFact *fact);
/* query NULL or blank: all, newest first; else those it finds, best first, then revoked ones. limit 0: all. */
void heddle_memory_list_facts_async (HeddleMemory *self, const char *graph, const char *query, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_memory_list_facts_finish (HeddleMemory *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  char *action; /* "learnt", "confirmed", "revoked", "edited", "restored", "imported" */
  char *run;    /* "": by hand */
  char *node;
  char *excerpt;
  gint64 time; /* µs since the epoch */
} HeddleMemorySource;
void heddle_memory_source_free (HeddleMemorySource *source);
/* Where a fact came from, oldest first. */
void heddle_memory_list_sources_async (HeddleMemory *self, gint64 fact, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_memory_list_sources_finish (HeddleMemory *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  char *graph;
  char *borrower;  /* name of the graph of the node that it is lent to */
  gboolean writes; /* what that node learns goes there instead of into its own */
} HeddleMemoryShare;
void heddle_memory_share_free (HeddleMemoryShare *share);
void heddle_memory_list_shares_async (HeddleMemory *self, const char *graph, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_memory_list_shares_finish (HeddleMemory *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Changes by hand; each ends with change_finish and "changed". A graph that is not there is made by those that add to it. */
void heddle_memory_create_graph_async (HeddleMemory *self, const char *graph, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
void heddle_memory_delete_graph_async (HeddleMemory *self, const char *graph, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Of fact: id (0 adds one), subject, subject_kind, predicate, object, object_kind and confidence. */
void heddle_memory_set_fact_async (HeddleMemory *self, const char *graph, const HeddleMemoryFact *fact, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Revokes it, or lets it hold again. */
void heddle_memory_set_active_async (HeddleMemory *self, gint64 fact, gboolean is_active, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* For good, with its sources. */
void heddle_memory_delete_fact_async (HeddleMemory *self, gint64 fact, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
typedef enum
{
  HEDDLE_MEMORY_NOT_SHARED,
  HEDDLE_MEMORY_READS,
  HEDDLE_MEMORY_WRITES,
} HeddleMemoryAccess;
void heddle_memory_set_share_async (HeddleMemory *self, const char *graph, const char *borrower, HeddleMemoryAccess access, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Adds what heddle_memory_export made to a graph. */
void heddle_memory_import_async (HeddleMemory *self, const char *graph, JsonNode *exported, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_memory_change_finish (HeddleMemory *self, GAsyncResult *result, GError **error);

/* {"format":"heddle-memory","version":1,"graph":name,"facts":[{…,"sources":[…]}]}. Sealed. */
void heddle_memory_export_async (HeddleMemory *self, const char *graph, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
JsonNode *heddle_memory_export_finish (HeddleMemory *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleMemoryGraphInfo, heddle_memory_graph_info_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleMemoryFact, heddle_memory_fact_free)

G_END_DECLS
