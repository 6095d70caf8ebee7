/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-palette.h"

G_BEGIN_DECLS

/* Small signs on cards: what became of a node, and what is special about it. */
typedef enum
{
  HEDDLE_CANVAS_MARK_OK,
  HEDDLE_CANVAS_MARK_FAILED,
  HEDDLE_CANVAS_MARK_SKIPPED,
  HEDDLE_CANVAS_MARK_CANCELLED,
  HEDDLE_CANVAS_MARK_WAITING,
  HEDDLE_CANVAS_MARK_RUNNING, /* an open ring, to be turned */
  HEDDLE_CANVAS_MARK_WARNING,
  HEDDLE_CANVAS_MARK_ASKING,  /* a person */
  HEDDLE_CANVAS_MARK_REUSED,  /* a result from before */
  HEDDLE_CANVAS_MARK_LIMITED, /* an arrow that ends at a wall */
  HEDDLE_CANVAS_MARK_DOUBT,
  HEDDLE_CANVAS_MARK_PIN,
  HEDDLE_CANVAS_MARK_POLICY, /* a shield */
  HEDDLE_CANVAS_MARK_PREVIOUS,
  HEDDLE_CANVAS_MARK_NEXT,
  HEDDLE_CANVAS_MARK_OFF,
  HEDDLE_CANVAS_MARK_BYPASS,   /* an arrow over a dot */
  HEDDLE_CANVAS_MARK_EXPANDED, /* and the contrary: what a press changes */
  HEDDLE_CANVAS_MARK_COLLAPSED,
  HEDDLE_CANVAS_MARK_BREAKPOINT, /* the sign that says stop */
  HEDDLE_CANVAS_MARK_PAUSED,
  HEDDLE_CANVAS_N_MARKS,
} HeddleCanvasMark;

/* In a square of 16 units. */
void heddle_canvas_mark_draw (HeddleCanvasMark mark, const HeddleCanvasPalette *palette, cairo_t *cr);

G_END_DECLS
