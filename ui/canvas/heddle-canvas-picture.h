/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "heddle-engine.h"

G_BEGIN_DECLS

/*
 * A picture of a whole workflow, drawn like the canvas and fitted into whatever size it gets. It is
 * a copy: later changes of the graph do not show. Follows the colour scheme. Main thread only.
 */
#define HEDDLE_TYPE_CANVAS_PICTURE (heddle_canvas_picture_get_type ())
G_DECLARE_FINAL_TYPE (HeddleCanvasPicture, heddle_canvas_picture, HEDDLE, CANVAS_PICTURE, GObject)

GdkPaintable *heddle_canvas_picture_new (HeddleGraph *graph) G_GNUC_WARN_UNUSED_RESULT;
/* The same with what a comparison found: marks is id → GINT_TO_POINTER (HeddleDifferenceKind), kept. */
GdkPaintable *heddle_canvas_picture_new_marked (HeddleGraph *graph, GHashTable *marks) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
