/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-store.h"

G_BEGIN_DECLS

/* Stored runs as what others begin with. All complete in the caller's context. */

typedef struct
{
  HeddleRunInfo *info;
  char *source;      /* the workflow JSON that it ran */
  JsonNode *options; /* heddle_run_get_options () of it; NULL: recorded by a version that kept none */
  GPtrArray *events; /* HeddleEvent*, all of them */
} HeddleStoredRun;
void heddle_stored_run_free (HeddleStoredRun *run);

/* run: id or unique prefix. HEDDLE_ERROR_NOT_FOUND. */
void heddle_store_load_stored_run_async (HeddleStore *self, const char *run, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleStoredRun *heddle_store_load_stored_run_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Makes an interrupted run this store's own, so that one process at most goes on with it: it is running from here on, and the event that ended
 * it is gone. Fails with HEDDLE_ERROR_BUSY when a living process has it, HEDDLE_ERROR_INVALID when there is nothing to go on with. Who takes
 * it records on (heddle_store_continue_run) or gives it back (heddle_store_release_run).
 */
void heddle_store_claim_run_async (HeddleStore *self, const char *run, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleStoredRun *heddle_store_claim_run_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * The same for what called the run and goes on itself. One that has ended is given as it is, told by its state, and not claimed. Finished with
 * heddle_store_claim_run_finish ().
 */
void heddle_store_claim_called_run_async (HeddleStore *self, const char *run, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* A claimed run is interrupted again. Never blocks. */
void heddle_store_release_run (HeddleStore *self, const char *run);
/* In place of heddle_store_begin_run for a claimed run. Engine thread. */
void heddle_store_continue_run (HeddleStore *self, HeddleRun *run, HeddleDurability durability);

/* An interrupted run is not to go on: from here on it is a cancelled one, which keeps what it has done. Any other run stays as it is. */
void heddle_store_discard_run_async (HeddleStore *self, const char *run, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_store_discard_run_finish (HeddleStore *self, GAsyncResult *result, GError **error);

/*
 * What happened in a run after the event with this number, at most so many events, and how it is now: to watch one that another process runs, and for who
 * needs not all events of a long run at once. Fewer events: there are no more yet.
 */
GPtrArray *heddle_store_load_news (HeddleStore *self, const char *run, guint64 after, guint limit, HeddleRunInfo **info, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_load_news_async (HeddleStore *self, const char *run, guint64 after, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_store_load_news_finish (HeddleStore *self, GAsyncResult *result, HeddleRunInfo **info, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleStoredRun, heddle_stored_run_free)

G_END_DECLS
