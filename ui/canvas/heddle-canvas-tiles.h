/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-raster.h"

G_BEGIN_DECLS

/*
 * What does not move, kept as squares of pixels. A worker rasters them from copies of the geometry;
 * until a tile is there, those of another zoom stand in for it. At most 64 are kept. Main thread only.
 */
typedef struct _HeddleCanvasTiles HeddleCanvasTiles;

/* Appends what is to be seen in an area of the world. */
typedef void (*HeddleCanvasFillFunc) (const graphene_rect_t *area, HeddleCanvasContent *content, gpointer user_data);
typedef void (*HeddleCanvasReadyFunc) (gpointer user_data);

/* How the world is laid into the widget, in its pixels. */
typedef struct
{
  double zoom;
  double x, y;
  double width, height;
  int scale_factor;
  guint kind;           /* of content: what was made for another one only stands in */
  GdkRGBA background;   /* where there is nothing yet; with an alpha of 0: none */
  gboolean as_textures; /* a texture a tile, for GL; else one cairo node */
  gboolean is_settled;  /* the zoom has come to rest: tiles at exactly that zoom pay */
} HeddleCanvasTileView;

HeddleCanvasTiles *heddle_canvas_tiles_new (HeddleCanvasFillFunc fill, HeddleCanvasReadyFunc ready, gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
/* Waits for the tile being rastered; calls nothing any more. */
void heddle_canvas_tiles_free (HeddleCanvasTiles *self);

void heddle_canvas_tiles_damage (HeddleCanvasTiles *self, const graphene_rect_t *area);
void heddle_canvas_tiles_clear (HeddleCanvasTiles *self);
/* Whether all that is in view was there, if not up to date. */
gboolean heddle_canvas_tiles_snapshot (HeddleCanvasTiles *self, GtkSnapshot *snapshot, const HeddleCanvasTileView *view);
/* Of what stands in for what is not there. */
guint heddle_canvas_tiles_get_kind (HeddleCanvasTiles *self);
guint heddle_canvas_tiles_get_n_kept (HeddleCanvasTiles *self);
/* On their way. */
guint heddle_canvas_tiles_get_n_pending (HeddleCanvasTiles *self);

G_END_DECLS
