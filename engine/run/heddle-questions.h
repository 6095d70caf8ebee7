/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-run-private.h"

G_BEGIN_DECLS

/* The open questions of one run. All functions may be called from any thread. */
typedef struct _HeddleQuestions HeddleQuestions;

HeddleQuestions *heddle_questions_new (void) G_GNUC_WARN_UNUSED_RESULT;
void heddle_questions_free (HeddleQuestions *self);

/* As of heddle_run_add_question () and so on. */
void heddle_questions_add (HeddleQuestions *self, JsonNode *question, GMainContext *context, HeddleAnswerFunc func, gpointer data, GDestroyNotify destroy);
gboolean heddle_questions_withdraw (HeddleQuestions *self, const char *id);
JsonNode *heddle_questions_list (HeddleQuestions *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean heddle_questions_answer (HeddleQuestions *self, const char *id, JsonNode *answer, GError **error);

G_END_DECLS
