/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-template-view.h"

G_BEGIN_DECLS

/*
 * A large window for the text of a field: line numbers, find and replace, the values that are known as a tree at the side, and what the
 * text comes to below it. It edits the view's own buffer, so the field follows each key, undo is one, and closing keeps everything, by
 * whichever key. When the field goes, as with its node, the window says so and keeps the text to be copied.
 */
#define HEDDLE_TYPE_TEXT_WINDOW (heddle_text_window_get_type ())
G_DECLARE_FINAL_TYPE (HeddleTextWindow, heddle_text_window, HEDDLE, TEXT_WINDOW, AdwWindow)

/* Over the window that the view is in; NULL: there is nothing to edit. Borrowed: it goes when it is closed. */
HeddleTextWindow *heddle_text_window_open (GtkWidget *view, HeddleTemplateViewMode mode, const HeddleParamContext *context, const char *title);
/* What is wrong with the value beyond what the text shows by itself; NULL or "": nothing. */
void heddle_text_window_set_problem (HeddleTextWindow *self, const char *problem);
/* The values may have changed that the text is previewed with. */
void heddle_text_window_refresh (HeddleTextWindow *self);

G_END_DECLS
