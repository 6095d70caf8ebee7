/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas.h"

G_BEGIN_DECLS

/*
 * The search in a workflow, over a corner of its canvas: names, texts of parameters, notes, and what the run that is shown
 * gave. Signal "open-match" (const char *id, const char *param or NULL): show it where it can be edited.
 */
#define HEDDLE_TYPE_FIND_BAR (heddle_find_bar_get_type ())
G_DECLARE_FINAL_TYPE (HeddleFindBar, heddle_find_bar, HEDDLE, FIND_BAR, GtkWidget)

/* Hidden at first. The canvas outlives it. */
GtkWidget *heddle_find_bar_new (HeddleCanvas *canvas) G_GNUC_WARN_UNUSED_RESULT;
void heddle_find_bar_set_trace (HeddleFindBar *self, HeddleTrace *trace);
/* Remembers where one is, and waits for a text. */
void heddle_find_bar_open (HeddleFindBar *self);
/* restore: the view and the selection are what they were when it was opened. */
void heddle_find_bar_close (HeddleFindBar *self, gboolean restore);
/* To the next match, or the one before. */
void heddle_find_bar_step (HeddleFindBar *self, gboolean forward);

G_END_DECLS
