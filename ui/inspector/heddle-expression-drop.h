/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-template-view.h"

G_BEGIN_DECLS

/*
 * Lets values be dropped on an editor: they become expressions at the place, in braces where those are needed. What cannot be said there
 * is refused, and the action "inspector.refuse" (s) is told why.
 */
void heddle_expression_drop_attach (GtkTextView *view, HeddleTemplateViewMode mode, const HeddleParamContext *context);

G_END_DECLS
