/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * What changes from frame to frame, drawn with cairo for a renderer that must hand it to the graphics card: textures of
 * only those parts in which there is something. A cairo node would be recorded, drawn, copied and handed over as a whole.
 * In view space. Main thread.
 */
typedef struct _HeddleCanvasStrips HeddleCanvasStrips;

/* scale_factor: pixels a unit. */
HeddleCanvasStrips *heddle_canvas_strips_new (const graphene_rect_t *bounds, int scale_factor) G_GNUC_WARN_UNUSED_RESULT;
/* Owned by it. What is drawn shows only where it was marked. */
cairo_t *heddle_canvas_strips_get_cairo (HeddleCanvasStrips *self);
/* Says where something is drawn. */
void heddle_canvas_strips_mark (HeddleCanvasStrips *self, const graphene_rect_t *area);
void heddle_canvas_strips_free_to_snapshot (HeddleCanvasStrips *self, GtkSnapshot *snapshot);

G_END_DECLS
