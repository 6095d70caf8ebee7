/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-store.h"

G_BEGIN_DECLS

/*
 * Each save that changes a workflow is a version. Of the last hour all are kept, up to 200; then the last one of each hour for a day, of each
 * day for a month, of each week for a year, and of each 30 days before, as far as 256 MB go. Those with a name stay until it is taken away.
 */
typedef struct
{
  gint64 id;
  gint64 saved; /* µs since the epoch */
  char *name;   /* given by a person, or NULL */
  char *label;  /* of the last step before it was saved, or NULL: it came from a file */
  char *json;   /* only from load, else NULL */
} HeddleVersionInfo;
void heddle_version_info_free (HeddleVersionInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleVersionInfo, heddle_version_info_free)

/* Newest first, which is the workflow as it was saved last; array owns HeddleVersionInfo*. */
GPtrArray *heddle_store_list_versions (HeddleStore *self, const char *workflow, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_list_versions_async (HeddleStore *self, const char *workflow, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_store_list_versions_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* HEDDLE_ERROR_NOT_FOUND when it is gone or of another workflow. */
HeddleVersionInfo *heddle_store_load_version (HeddleStore *self, const char *workflow, gint64 id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_load_version_async (HeddleStore *self, const char *workflow, gint64 id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleVersionInfo *heddle_store_load_version_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* name NULL or empty: none. HEDDLE_ERROR_NOT_FOUND. */
gboolean heddle_store_name_version (HeddleStore *self, const char *workflow, gint64 id, const char *name, GError **error);
void heddle_store_name_version_async (HeddleStore *self, const char *workflow, gint64 id, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_store_name_version_finish (HeddleStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
