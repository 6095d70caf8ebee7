/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* answer: for heddle_run_answer (); NULL: the person declines. FALSE with error: it was not taken, and the question is still open. */
typedef gboolean (*HeddleQuestionAnswerFunc) (JsonNode *answer, gpointer data, GError **error);

/*
 * Puts a question of a run to the person: its text, the value that it is about, which can be edited, its fields, and a reason. "response" tells
 * when the person is done, or with "later", which Escape says too, puts it off.
 */
GtkWidget *heddle_question_dialog_new (GtkWindow *parent, JsonNode *question, HeddleQuestionAnswerFunc func, gpointer data, GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
