/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A heading and a text below it, which can be selected. */
GtkWidget *heddle_span_text_row_new (const char *heading, const char *text);
/* What there was of a node before its last attempt; FALSE: it had but one. Replaces what the list has. */
gboolean heddle_span_list_attempts (HeddleSpan *span, GtkListBox *list);
/* What a node asked the world, and what it got: each can be copied as JSON. FALSE: nothing. */
gboolean heddle_span_list_effects (HeddleSpan *span, GtkListBox *list);

G_END_DECLS
