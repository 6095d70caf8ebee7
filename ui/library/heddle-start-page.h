/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The first thing a person sees: recent workflows with a picture of each, examples, New, Import.
 * Signals: "open-workflow" (const char *id), "open-example" (const char *json),
 * "delete-workflow" (const char *id, const char *name), "open-run" (const char *workflow, const char *run).
 * New and Import are the window's actions "win.new" and "win.import".
 */
#define HEDDLE_TYPE_START_PAGE (heddle_start_page_get_type ())
G_DECLARE_FINAL_TYPE (HeddleStartPage, heddle_start_page, HEDDLE, START_PAGE, GtkWidget)

GtkWidget *heddle_start_page_new (const HeddleServices *services);
void heddle_start_page_refresh (HeddleStartPage *self);

G_END_DECLS
