/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/* What a person says to a question of a run, whatever kind of question it is. */
typedef struct
{
  const char *verb;   /* "approve", "refuse", "retry", "done", "skip" or "fail"; borrowed */
  JsonNode *value;    /* in place of what is approved, or what was done; or NULL */
  char *reason;       /* or NULL */
  JsonObject *fields; /* or NULL */
} HeddleCliReply;
void heddle_cli_reply_clear (HeddleCliReply *reply);

/* Title, text and what it is about, on standard error. */
void heddle_cli_question_print (JsonNode *question);
/* What can be typed, in a line. */
const char *heddle_cli_question_get_prompt (JsonNode *question);
/* A line that was typed. FALSE: it says nothing that the question takes. */
gboolean heddle_cli_question_read_line (JsonNode *question, const char *line, HeddleCliReply *reply, GError **error);
/* "NAME=TEXT" of a field. */
gboolean heddle_cli_reply_add_field (HeddleCliReply *reply, const char *assignment, GError **error);
/* What is to become of a node that is in doubt. */
JsonNode *heddle_cli_reply_make_decision (const HeddleCliReply *reply) G_GNUC_WARN_UNUSED_RESULT;
/* For heddle_run_answer (); *answer NULL: the person declines. FALSE: this is nothing to say to such a question. */
gboolean heddle_cli_question_make_answer (JsonNode *question, const HeddleCliReply *reply, JsonNode **answer, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HeddleCliReply, heddle_cli_reply_clear)

G_END_DECLS
