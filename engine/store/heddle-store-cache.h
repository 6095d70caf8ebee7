/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-store.h"

G_BEGIN_DECLS

/*
 * Results of steps that may be used again, by a key that stands for all that decides them. What is kept is limited in size, and the least
 * recently used go first. Nothing here is needed: it may be cleared at any time.
 */
#define HEDDLE_CACHE_LIMIT_MB 64
#define HEDDLE_CACHE_MOST_MB 65536
/* The setting that says another limit, a number of MiB; 0: nothing is kept. */
#define HEDDLE_CACHE_LIMIT_SETTING "cache.limit_mb"

/* {"run","result","live",…} as kept, or NULL without an error. max_age: µs, 0: any. */
void heddle_store_look_up_result_async (HeddleStore *self, const char *key, gint64 max_age, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
JsonNode *heddle_store_look_up_result_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* data: of a NODE_FINISHED. In place of an earlier one of that key; one that is more than a quarter of the limit is not kept. Never blocks. */
void heddle_store_keep_result (HeddleStore *self, const char *key, const char *run, JsonNode *data);

typedef struct
{
  guint n_results;
  gint64 bytes;
  gint64 limit; /* bytes */
} HeddleCacheInfo;
gboolean heddle_store_measure_cache (HeddleStore *self, HeddleCacheInfo *info, GError **error);
void heddle_store_measure_cache_async (HeddleStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_store_measure_cache_finish (HeddleStore *self, GAsyncResult *result, HeddleCacheInfo *info, GError **error);
gboolean heddle_store_clear_cache (HeddleStore *self, GError **error);
void heddle_store_clear_cache_async (HeddleStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_store_clear_cache_finish (HeddleStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
