/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-store.h"
#include "value/heddle-variable.h"

G_BEGIN_DECLS

/* Variables that outlive a run ($global). No secrets: they are stored as they are. */
typedef struct
{
  char *name;
  JsonNode *value;
  gint64 updated; /* µs since the epoch */
  char *run;      /* id of the run that wrote it; NULL: a person did */
} HeddleVariableInfo;
void heddle_variable_info_free (HeddleVariableInfo *info);

/* By name; array owns HeddleVariableInfo*. */
GPtrArray *heddle_store_list_variables (HeddleStore *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_list_variables_async (HeddleStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_store_list_variables_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Reads, changes and writes in one transaction, so that of two changes at once none is lost, whoever makes them.
 * Returns the value afterwards, JSON null once it is deleted. value may be NULL for DELETE; run: who writes, or NULL.
 * Fails as heddle_variable_apply does, and with NOT_FOUND when there is nothing to delete.
 */
JsonNode *heddle_store_change_variable (HeddleStore *self, HeddleVariableOp op, const char *name, JsonNode *value, const char *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_change_variable_async (HeddleStore *self, HeddleVariableOp op, const char *name, JsonNode *value, const char *run, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
JsonNode *heddle_store_change_variable_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
