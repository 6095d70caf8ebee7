/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The main window: the start page, and a tab for each open workflow.
 */
#define HEDDLE_TYPE_WINDOW (heddle_window_get_type ())
G_DECLARE_FINAL_TYPE (HeddleWindow, heddle_window, HEDDLE, WINDOW, AdwApplicationWindow)

/* services is borrowed and outlives the window. */
GtkWidget *heddle_window_new (AdwApplication *application, const HeddleServices *services);
/* Imports a workflow file into a new tab; errors are shown in the window. */
void heddle_window_open_file (HeddleWindow *self, GFile *file);
/* Opens a stored workflow, or brings its tab to the front. */
void heddle_window_open_workflow (HeddleWindow *self, const char *id);
/* Opens what was open when the program ended, however it did; once, at the start. */
void heddle_window_restore_tabs (HeddleWindow *self);
/* Puts a question to the person: one of a tab, of a run that is served, or of an interrupted one, which goes on for it. question NULL: what it asks then. */
void heddle_window_open_question (HeddleWindow *self, const char *run, const char *question);
/* As it is. Fails when it is not asked any more, or the answer does not do. */
gboolean heddle_window_approve_question (HeddleWindow *self, const char *run, const char *question, GError **error);

G_END_DECLS
