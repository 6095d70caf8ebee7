/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas.h"

G_BEGIN_DECLS

/*
 * The workflow as a tree, beside its canvas: it has the canvas's document, selection, keys and menu, so that all that can be
 * done there can be done here without looking at the canvas.
 */
#define HEDDLE_TYPE_OUTLINE (heddle_outline_get_type ())
G_DECLARE_FINAL_TYPE (HeddleOutline, heddle_outline, HEDDLE, OUTLINE, GtkWidget)

/* The canvas outlives it. */
GtkWidget *heddle_outline_new (HeddleCanvas *canvas) G_GNUC_WARN_UNUSED_RESULT;
/* The run whose states are shown; NULL: none. */
void heddle_outline_set_trace (HeddleOutline *self, HeddleTrace *trace);
/* HeddleProblem*. */
void heddle_outline_set_problems (HeddleOutline *self, GPtrArray *problems);
/* Puts the keyboard on the row of what is selected. */
void heddle_outline_focus (HeddleOutline *self);
/* Takes over edits now that would be in an idle moment; for tests. */
void heddle_outline_flush (HeddleOutline *self);

G_END_DECLS
