/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-graph-private.h"

G_BEGIN_DECLS

/* Inside of the layered layout; see heddle-graph-layout.c. */

#define HEDDLE_LAYER_PITCH (HEDDLE_CARD_WIDTH + 6 * HEDDLE_GRID)
#define HEDDLE_ROW_GAP (7 * HEDDLE_GRID - HEDDLE_CARD_HEIGHT)

typedef struct
{
  HeddleVertex *vertex; /* NULL: a dummy on a long edge */
  guint component;
  guint layer;
  double y; /* of its middle */
  double wish;
} HeddleLayoutPoint;

typedef struct
{
  guint from, to;
  double offset; /* of the port in the source, so that the branches of a node keep their order */
} HeddleLayoutArc;

/* Arcs by one of their ends. */
typedef struct
{
  guint *start; /* of a point's arcs in items; one more than points */
  guint *items; /* arc numbers */
} HeddleLayoutIndex;

/* The points of one layer of one component: a range of line. */
typedef struct
{
  guint first, length;
} HeddleLayoutRow;

typedef struct
{
  GArray *points; /* HeddleLayoutPoint */
  GArray *arcs;   /* HeddleLayoutArc */
  HeddleLayoutIndex before, after;
  guint *line;  /* point numbers by component, layer, order */
  GArray *rows; /* HeddleLayoutRow */
} HeddleLayout;

static inline HeddleLayoutPoint *
heddle_layout_get_point (HeddleLayout *layout, guint index)
{
  return &g_array_index (layout->points, HeddleLayoutPoint, index);
}

static inline HeddleLayoutArc *
heddle_layout_get_arc (HeddleLayout *layout, guint index)
{
  return &g_array_index (layout->arcs, HeddleLayoutArc, index);
}

/* Orders the points of each layer by the barycenters of their neighbours, so that few edges cross. */
void heddle_layout_order_rows (HeddleLayout *layout);
/* Moves points as near to their neighbours as their order allows. */
void heddle_layout_place_rows (HeddleLayout *layout);

G_END_DECLS
