/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "canvas/heddle-canvas-marks.h"

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_CANVAS_FONT_TITLE,
  HEDDLE_CANVAS_FONT_BODY,
  HEDDLE_CANVAS_FONT_SMALL,
  HEDDLE_CANVAS_FONT_HEADING, /* of a frame */
  HEDDLE_CANVAS_N_FONTS,
} HeddleCanvasFont;

/* What drawing needs besides the items: colours, fonts and small pictures, made once and kept. */
typedef struct _HeddleCanvasStyle HeddleCanvasStyle;

HeddleCanvasStyle *heddle_canvas_style_new (void) G_GNUC_WARN_UNUSED_RESULT;
void heddle_canvas_style_free (HeddleCanvasStyle *self);

const HeddleCanvasPalette *heddle_canvas_style_get_palette (HeddleCanvasStyle *self);
/* For another colour scheme; drops the pictures made in the old one. */
void heddle_canvas_style_set_palette (HeddleCanvasStyle *self, const HeddleCanvasPalette *palette);

/* An ellipsized layout of so many lines; width in canvas units. */
PangoLayout *heddle_canvas_style_create_layout (HeddleCanvasStyle *self, HeddleCanvasFont font, const char *text, double width, int lines) G_GNUC_WARN_UNUSED_RESULT;

/* A category's icon in its soft square, size² at scale pixels a unit. Borrowed. */
GdkTexture *heddle_canvas_style_get_badge (HeddleCanvasStyle *self, const char *icon_name, HeddleCategory category, int size, guint scale);
GdkTexture *heddle_canvas_style_get_mark (HeddleCanvasStyle *self, HeddleCanvasMark mark, int size, guint scale);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleCanvasStyle, heddle_canvas_style_free)

G_END_DECLS
