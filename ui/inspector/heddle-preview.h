/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-template-view.h"

G_BEGIN_DECLS

/*
 * Below an editor of text: what it comes to with the values that are known, and what is wrong with it, which is also underlined in the
 * text. Follows the view's buffer while the person types, evaluates a moment later and elsewhere, so it never stalls. A long value is
 * one line until it is unfolded.
 * Signal "shown": it says something else now.
 */
#define HEDDLE_TYPE_PREVIEW (heddle_preview_get_type ())
G_DECLARE_FINAL_TYPE (HeddlePreview, heddle_preview, HEDDLE, PREVIEW, GtkWidget)

/* view and context are borrowed; context outlives the widget, and the view is beside it. */
GtkWidget *heddle_preview_new (GtkTextView *view, HeddleTemplateViewMode mode, const HeddleParamContext *context);
/* The values may have changed: a run went on, an item was chosen. */
void heddle_preview_refresh (HeddlePreview *self);
/* Whether it says that the text is wrong. */
gboolean heddle_preview_has_error (HeddlePreview *self);
/* Always shows the value whole, for a place of its own. */
void heddle_preview_set_expanded (HeddlePreview *self, gboolean expanded);

G_END_DECLS
