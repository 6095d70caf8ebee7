/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-edge.h"

G_BEGIN_DECLS

#define HEDDLE_CANVAS_TILE_SIZE 512 /* pixels */

/* A filled rectangle: a node seen from afar. */
typedef struct
{
  graphene_rect_t bounds;
  GdkRGBA color;
} HeddleCanvasBlock;

/* A picture with its top left at x, y in the world. */
typedef struct
{
  GskRenderNode *node; /* owned */
  double x, y;
  float opacity;
} HeddleCanvasStamp;

/* What a tile shows, from back to front. */
typedef struct
{
  double scale;       /* pixels a unit, to be read */
  GdkRGBA background; /* with an alpha of 0: none */
  GdkRGBA dot;
  double dot_step; /* units between dots; 0: none */
  double dot_size; /* pixels */
  GArray *blocks;  /* of HeddleCanvasBlock */
  GArray *ground;  /* of HeddleCanvasStamp, below the lines */
  GArray *strokes; /* of HeddleCanvasStroke */
  GArray *cards;   /* of HeddleCanvasStamp, above them */
} HeddleCanvasContent;

/* With a reference to the node. */
void heddle_canvas_content_add_stamp (GArray *stamps, GskRenderNode *node, double x, double y, float opacity);

void heddle_canvas_content_init (HeddleCanvasContent *content);
void heddle_canvas_content_clear (HeddleCanvasContent *content);
/* The tile in that column and row of those of the content's scale; NULL: nothing is in it. Any thread. */
cairo_surface_t *heddle_canvas_content_raster (const HeddleCanvasContent *content, gint64 column, gint64 row) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
