/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/*
 * What the runs of all workflows ask people, in whatever process they are, as the store has it. A run whose process is gone while a node
 * was at work that must not be done twice is among it, with a question of kind "in-doubt" that has no "id": it asks when it goes on. UI thread.
 * Signal "changed": the list was read, also when it is as before. It is read again soon after any process wrote to the store, and costs
 * nothing as long as none does.
 */
#define HEDDLE_TYPE_OPEN_QUESTIONS (heddle_open_questions_get_type ())
G_DECLARE_FINAL_TYPE (HeddleOpenQuestions, heddle_open_questions, HEDDLE, OPEN_QUESTIONS, GObject)

HeddleOpenQuestions *heddle_open_questions_new (HeddleStore *store) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the list now; who has just answered need not wait. */
void heddle_open_questions_refresh (HeddleOpenQuestions *self);
/* HeddleQuestionInfo*, oldest first. Borrowed until "changed". */
GPtrArray *heddle_open_questions_get_list (HeddleOpenQuestions *self);
/* id NULL: any of the run. NULL: not asked any more. Borrowed until "changed". */
const HeddleQuestionInfo *heddle_open_questions_find (HeddleOpenQuestions *self, const char *run, const char *id);

/* The id of the question; NULL: it has none yet, see above. Borrowed. */
const char *heddle_question_info_get_id (const HeddleQuestionInfo *info);

G_END_DECLS
