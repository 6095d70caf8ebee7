/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "trace/heddle-timeline-scale.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One span on the time axis, with a short fact in or behind the bar. Its colour is the CSS color. */
#define HEDDLE_TYPE_TIMELINE_BAR (heddle_timeline_bar_get_type ())
G_DECLARE_FINAL_TYPE (HeddleTimelineBar, heddle_timeline_bar, HEDDLE, TIMELINE_BAR, GtkWidget)

GtkWidget *heddle_timeline_bar_new (HeddleTimelineScale *scale);
void heddle_timeline_bar_set_span (HeddleTimelineBar *self, HeddleSpan *span);

G_END_DECLS
