/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "window/heddle-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * A bar over the page of a workflow for what a person should know about its runs and can do next: runs that were
 * interrupted, a run that pauses, at a breakpoint too, or that another process carries out, and a run that ended before it was done.
 * Its buttons are the actions "win.resume", "win.show-run", "win.discard", "win.continue", "win.step" and "win.stop".
 */
#define HEDDLE_TYPE_RUN_BAR (heddle_run_bar_get_type ())
G_DECLARE_FINAL_TYPE (HeddleRunBar, heddle_run_bar, HEDDLE, RUN_BAR, GtkWidget)

GtkWidget *heddle_run_bar_new (HeddleSession *session);

G_END_DECLS
