/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-item.h"
#include "canvas/heddle-canvas-style.h"

G_BEGIN_DECLS

/* A frame in a colour, and a sign that says the same without it, around an item that a comparison found; area: where it is in the picture. */
void heddle_canvas_picture_mark_draw (HeddleDifferenceKind kind, const HeddleCanvasPalette *palette, const graphene_rect_t *area, cairo_t *cr);

G_END_DECLS
