/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "trace/heddle-timeline-scale.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The marks and times above the bars. */
#define HEDDLE_TYPE_TIMELINE_RULER (heddle_timeline_ruler_get_type ())
G_DECLARE_FINAL_TYPE (HeddleTimelineRuler, heddle_timeline_ruler, HEDDLE, TIMELINE_RULER, GtkWidget)

GtkWidget *heddle_timeline_ruler_new (HeddleTimelineScale *scale);
/* Draws the grid lines of the scale into a widget's snapshot. */
void heddle_timeline_snapshot_grid (GtkWidget *widget, GtkSnapshot *snapshot, HeddleTimelineScale *scale);

G_END_DECLS
