/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/heddle-open-questions.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Lists what runs ask people. Signal "question-activated" (const char *run, const char *question): one was chosen; question may be NULL. */
#define HEDDLE_TYPE_QUESTION_POPOVER (heddle_question_popover_get_type ())
G_DECLARE_FINAL_TYPE (HeddleQuestionPopover, heddle_question_popover, HEDDLE, QUESTION_POPOVER, GtkPopover)

GtkWidget *heddle_question_popover_new (void);
/* Shows them in place of those before, with the focus where it was. */
void heddle_question_popover_set_questions (HeddleQuestionPopover *self, GPtrArray *questions);

G_END_DECLS
