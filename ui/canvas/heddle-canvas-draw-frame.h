/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-painter.h"

G_BEGIN_DECLS

/*
 * A container is drawn as a frame around its body. What lies below its nodes and edges, the tint, and
 * what covers edges, the header and the ports, are two pictures.
 */
void heddle_canvas_draw_frame_back (const HeddleCanvasPainter *p, gboolean full);
void heddle_canvas_draw_frame_front (const HeddleCanvasPainter *p, gboolean full);

G_END_DECLS
