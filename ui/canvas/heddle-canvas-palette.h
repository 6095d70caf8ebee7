/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "heddle-engine.h"

G_BEGIN_DECLS

/*
 * The colours of the canvas. Drawn cards get no CSS, so there is one table per colour scheme. Text
 * has at least 4.5:1 against what it stands on, marks and outlines of controls at least 3:1.
 */
typedef struct
{
  GdkRGBA canvas;
  GdkRGBA dot;
  GdkRGBA card;
  GdkRGBA border;
  GdkRGBA block; /* a card from afar, beside its category */
  GdkRGBA shadow;
  GdkRGBA text;
  GdkRGBA dim;
  GdkRGBA accent;
  GdkRGBA ok;
  GdkRGBA error;
  GdkRGBA warning;
  GdkRGBA edge;
  GdkRGBA port;
  GdkRGBA note;
  GdkRGBA note_border;
  GdkRGBA note_text;
  GdkRGBA frame;
  GdkRGBA frame_border;
  GdkRGBA category[HEDDLE_N_CATEGORIES];
  float badge_alpha;  /* of the soft square behind an icon */
  float tint_alpha;   /* of a container's colour in its frame */
  float border_width; /* of a card at rest */
  float faint;        /* opacity of what steps back */
} HeddleCanvasPalette;

const HeddleCanvasPalette *heddle_canvas_palette_get (gboolean dark, gboolean high_contrast);

/* What mixing top with this alpha over bottom looks like; the result is opaque. */
GdkRGBA heddle_canvas_palette_mix (const GdkRGBA *bottom, const GdkRGBA *top, float alpha);

/* WCAG 2 contrast of two opaque colours, 1 to 21. */
double heddle_canvas_palette_contrast (const GdkRGBA *a, const GdkRGBA *b);

G_END_DECLS
