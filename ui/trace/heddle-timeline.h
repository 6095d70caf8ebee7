/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "trace/heddle-span-rows.h"

G_BEGIN_DECLS

/* The waterfall: a ruler over a list of spans with their bars. The selection is shared with the table. */
#define HEDDLE_TYPE_TIMELINE (heddle_timeline_get_type ())
G_DECLARE_FINAL_TYPE (HeddleTimeline, heddle_timeline, HEDDLE, TIMELINE, GtkWidget)

/* selection: over the rows. Signal "span-activated" (guint position). */
GtkWidget *heddle_timeline_new (GtkSingleSelection *selection, HeddleSpanRows *rows);
void heddle_timeline_set_duration (HeddleTimeline *self, gint64 duration, gboolean running);
void heddle_timeline_scroll_to (HeddleTimeline *self, guint position);

G_END_DECLS
