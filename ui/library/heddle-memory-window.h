/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The page of what workflows remember: looked at, searched, edited, shared and exchanged. Signal "show-run" (const char *run):
 * the run that a fact came from is asked for.
 */
#define HEDDLE_TYPE_MEMORY_WINDOW (heddle_memory_window_get_type ())
G_DECLARE_FINAL_TYPE (HeddleMemoryWindow, heddle_memory_window, HEDDLE, MEMORY_WINDOW, AdwWindow)

/* services is borrowed and outlives the window. graph: the one to show first, or NULL. */
GtkWidget *heddle_memory_window_new (const HeddleServices *services, const char *graph);

G_END_DECLS
