/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "heddle-engine.h"

G_BEGIN_DECLS

/* What happened to a workflow: its steps, and its stored versions. Signal "message" (const char *): for a toast. */
#define HEDDLE_TYPE_HISTORY_PAGE (heddle_history_page_get_type ())
G_DECLARE_FINAL_TYPE (HeddleHistoryPage, heddle_history_page, HEDDLE, HISTORY_PAGE, GtkWidget)

GtkWidget *heddle_history_page_new (HeddleStore *store, HeddleDocument *document);
/* The workflow is being saved, or was. */
void heddle_history_page_refresh (HeddleHistoryPage *self);

G_END_DECLS
