/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-template-view.h"

G_BEGIN_DECLS

/*
 * Completes what is typed in an expression, see heddle-completion-source.h: after "{{", "$" and a point, and on Ctrl+Space. A list
 * below the cursor; Up and Down choose, Return or Tab take, Escape leaves. It belongs to the view.
 * (GtkSourceView's own list of 5.6 comes up without a size on a second word.)
 */
void heddle_completion_attach (GtkTextView *view, HeddleTemplateViewMode mode, const HeddleParamContext *context);

G_END_DECLS
