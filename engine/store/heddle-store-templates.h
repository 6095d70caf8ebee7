/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-store.h"

G_BEGIN_DECLS

/* Nodes that a person saved to use again: a part of a workflow with a name, of which there is one of each. */
typedef struct
{
  char *id;
  char *name;
  char *description; /* may be empty */
  char *json;        /* for heddle_document_paste () */
  char *type;        /* of its first node; NULL: it has notes and frames only */
  gint64 created;    /* µs since the epoch */
  gint64 modified;
} HeddleTemplateInfo;
void heddle_template_info_free (HeddleTemplateInfo *info);
HeddleTemplateInfo *heddle_template_info_copy (const HeddleTemplateInfo *info) G_GNUC_WARN_UNUSED_RESULT;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleTemplateInfo, heddle_template_info_free)

/*
 * A template of all that is in a workflow or a part of one, under a fresh id. name and description NULL: those of the workflow.
 * HEDDLE_ERROR_INVALID when the text is no workflow, has nothing in it, or there is no name.
 */
HeddleTemplateInfo *heddle_template_info_new (const char *json, gssize length, const char *name, const char *description, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As a file: a workflow with the name and the description, which heddle_template_info_new () takes. */
char *heddle_template_info_to_json (const HeddleTemplateInfo *info) G_GNUC_WARN_UNUSED_RESULT;

/* By name; array owns HeddleTemplateInfo*. */
GPtrArray *heddle_store_list_templates (HeddleStore *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_list_templates_async (HeddleStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_store_list_templates_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* By name or id; HEDDLE_ERROR_NOT_FOUND. */
HeddleTemplateInfo *heddle_store_load_template (HeddleStore *self, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* replace: takes the place of one of that name; else HEDDLE_ERROR_INVALID when there is one. */
gboolean heddle_store_save_template (HeddleStore *self, const HeddleTemplateInfo *info, gboolean replace, GError **error);
void heddle_store_save_template_async (HeddleStore *self, const HeddleTemplateInfo *info, gboolean replace, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_store_save_template_finish (HeddleStore *self, GAsyncResult *result, GError **error);

/* HEDDLE_ERROR_NOT_FOUND; HEDDLE_ERROR_INVALID when there is no name, or another one has it. */
gboolean heddle_store_rename_template (HeddleStore *self, const char *id, const char *name, GError **error);
void heddle_store_rename_template_async (HeddleStore *self, const char *id, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_store_rename_template_finish (HeddleStore *self, GAsyncResult *result, GError **error);

/* HEDDLE_ERROR_NOT_FOUND. */
gboolean heddle_store_delete_template (HeddleStore *self, const char *id, GError **error);
void heddle_store_delete_template_async (HeddleStore *self, const char *id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_store_delete_template_finish (HeddleStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
