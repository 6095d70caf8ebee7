/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/* What one pixel of the timeline means, shared by ruler and bars. Signal "changed" when it does. */
#define HEDDLE_TYPE_TIMELINE_SCALE (heddle_timeline_scale_get_type ())
G_DECLARE_FINAL_TYPE (HeddleTimelineScale, heddle_timeline_scale, HEDDLE, TIMELINE_SCALE, GObject)

HeddleTimelineScale *heddle_timeline_scale_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* The run's length so far (µs). While it runs the whole grows in steps, so that bars do not creep. */
void heddle_timeline_scale_set_duration (HeddleTimelineScale *self, gint64 duration, gboolean running);
gint64 heddle_timeline_scale_get_duration (HeddleTimelineScale *self);
/* Position of a moment within a width. */
double heddle_timeline_scale_to_x (HeddleTimelineScale *self, gint64 time, double width);
/* Distance of two marks of the ruler (µs): 1, 2 or 5 times a power of ten, at least min_px wide. */
gint64 heddle_timeline_scale_get_step (HeddleTimelineScale *self, double width, double min_px);

G_END_DECLS
