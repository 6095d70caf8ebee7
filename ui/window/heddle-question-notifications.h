/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-open-questions.h"

G_BEGIN_DECLS

/*
 * Tells the desktop of questions that come while no window of the program has the focus, until they are answered. Buttons and the notification
 * itself activate "app.open-question" and "app.approve-question", both with (ss): run and question. UI thread.
 */
typedef struct _HeddleQuestionNotifications HeddleQuestionNotifications;

HeddleQuestionNotifications *heddle_question_notifications_new (HeddleOpenQuestions *questions) G_GNUC_WARN_UNUSED_RESULT;
/* Takes back what it has told. */
void heddle_question_notifications_free (HeddleQuestionNotifications *self);

G_END_DECLS
