/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-store.h"

G_BEGIN_DECLS

/*
 * A workflow is edited by one program at a time, so that edits of two are never mixed. While one has it open, another can neither save
 * it nor append to its journal: HEDDLE_ERROR_BUSY. What a program had open is free when it ends, however it ends.
 */
typedef struct
{
  HeddleWorkflowInfo *info; /* with json */
  JsonNode *history;        /* steps before the JSON, for heddle_document_load_history (); or NULL */
  JsonNode *journal;        /* edits after it, for heddle_document_replay (); or NULL */
  gboolean is_elsewhere;    /* another program has it open: then it was not opened here */
} HeddleOpenWorkflow;
void heddle_open_workflow_free (HeddleOpenWorkflow *open);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleOpenWorkflow, heddle_open_workflow_free)

/* For editing. take_over: even if another program has it, which cannot save it any more then. HEDDLE_ERROR_NOT_FOUND. */
HeddleOpenWorkflow *heddle_store_open_workflow (HeddleStore *self, const char *id, gboolean take_over, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_open_workflow_async (HeddleStore *self, const char *id, gboolean take_over, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleOpenWorkflow *heddle_store_open_workflow_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for one that is not stored yet, or is known already: unless another program has it, it is edited here. Never blocks. */
void heddle_store_hold_workflow (HeddleStore *self, const char *id);
/* It is not edited any more. Never blocks; after what was handed over before. */
void heddle_store_close_workflow (HeddleStore *self, const char *id);

G_END_DECLS
