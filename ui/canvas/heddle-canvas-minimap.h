/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-private.h"

G_BEGIN_DECLS

/* The whole workflow in a corner, with a frame around what is in view. A press or drag goes there. Child of a canvas. */
#define HEDDLE_TYPE_CANVAS_MINIMAP (heddle_canvas_minimap_get_type ())
G_DECLARE_FINAL_TYPE (HeddleCanvasMinimap, heddle_canvas_minimap, HEDDLE, CANVAS_MINIMAP, GtkWidget)

GtkWidget *heddle_canvas_minimap_new (HeddleCanvas *canvas) G_GNUC_WARN_UNUSED_RESULT;
/* The workflow has changed: its kept picture is of no use. */
/* The view is another one. */
void heddle_canvas_minimap_update_view (HeddleCanvasMinimap *self);
void heddle_canvas_minimap_invalidate (HeddleCanvasMinimap *self);

G_END_DECLS
