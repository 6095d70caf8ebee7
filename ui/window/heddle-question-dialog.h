/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "window/heddle-session.h"

G_BEGIN_DECLS

/*
 * Puts an open question of the session's run to the person: the text, and what a tool is called with, which can be
 * edited. Closes by itself when the question is withdrawn; "response" tells when the person is done or puts it off.
 */
GtkWidget *heddle_question_dialog_new (GtkWindow *parent, HeddleSession *session, JsonNode *question) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
