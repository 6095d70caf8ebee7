/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-template-view.h"

G_BEGIN_DECLS

/*
 * A large window for the text of a field: line numbers, find and replace, the values that are known as a tree at the side, and what the
 * text comes to. It edits the view's own buffer, so the field follows each key, undo is one, and closing keeps everything.
 */
void heddle_text_window_open (GtkWidget *view, HeddleTemplateViewMode mode, const HeddleParamContext *context, const char *title);

G_END_DECLS
