/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-store.h"

G_BEGIN_DECLS

/* What stored runs ask people, in whatever process they are, and the way of an answer to them. */

typedef struct
{
  char *run;           /* id */
  char *workflow;      /* id */
  char *name;          /* of the workflow */
  gboolean is_running; /* some process has the run; else it was interrupted */
  gint64 asked;        /* µs since the epoch */
  JsonNode *question;  /* as of heddle_run_dup_questions () */
} HeddleQuestionInfo;
void heddle_question_info_free (HeddleQuestionInfo *info);

/* All that are open, oldest first; run: only those of this run, an id or a unique prefix, or NULL. The array owns HeddleQuestionInfo*. */
GPtrArray *heddle_store_list_questions (HeddleStore *self, const char *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_store_list_questions_async (HeddleStore *self, const char *run, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *heddle_store_list_questions_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Leaves an answer (NULL: declined) for the process that has the run; returns its number, 0 with HEDDLE_ERROR_NOT_FOUND when this is not asked
 * any more, and HEDDLE_ERROR_INVALID when the answer does not fit.
 */
gint64 heddle_store_leave_answer (HeddleStore *self, const char *run, const char *question, JsonNode *answer, GError **error);
/* Whether it still lies there; take_back: it does not from now on. */
gboolean heddle_store_has_answer (HeddleStore *self, gint64 id, gboolean take_back);
/* For the process that has the run: an array of {"question","answer"?}, which are gone with that. */
void heddle_store_take_answers_async (HeddleStore *self, const char *run, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
JsonNode *heddle_store_take_answers_finish (HeddleStore *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleQuestionInfo, heddle_question_info_free)

G_END_DECLS
