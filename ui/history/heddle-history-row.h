/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/heddle-history-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A list of HeddleHistoryItem with headings, as both pages of the history have it; floating. label: for assistive technology. */
GtkWidget *heddle_history_list_new (GListModel *items, const char *label);
/* What such a page says while it has nothing to list; floating. */
GtkWidget *heddle_history_empty_new (const char *text);

G_END_DECLS
