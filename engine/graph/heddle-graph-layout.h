/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-graph-private.h"

G_BEGIN_DECLS

/* Inside of the layered layout; see heddle-graph-layout.c. */

#define HEDDLE_LAYER_GAP (6 * HEDDLE_GRID)
#define HEDDLE_ROW_GAP (7 * HEDDLE_GRID - HEDDLE_CARD_HEIGHT)

typedef struct
{
  HeddleVertex *vertex;
  double x, y, width, height;
} HeddleBox;

/* Nodes of one frame, or of none, with all that is in them. */
typedef struct
{
  HeddleVertex *parent; /* what they are in; NULL: in nothing */
  GArray *boxes;        /* HeddleBox: first the nodes themselves, then what is in them; the top left at 0, 0 */
  guint n_own;          /* how many are the nodes themselves */
} HeddleTidyGroup;

typedef struct
{
  HeddleVertex *vertex; /* NULL: a dummy on a long edge */
  guint component;
  guint layer;
  double width, height; /* 0 for a dummy */
  double y;             /* of its middle */
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

/* Lays out boxes (HeddleBox, with a size) beside each other, left to right: gives each its place, the top left of all at 0, 0. */
void heddle_graph_lay_out (HeddleGraph *self, GArray *boxes);
/* Orders the points of each layer by the barycenters of their neighbours, so that few edges cross. */
void heddle_layout_order_rows (HeddleLayout *layout);
/* Moves points as near to their neighbours as their order allows. */
void heddle_layout_place_rows (HeddleLayout *layout);

/*
 * Lays out vertices, bodies within their frames first: a frame is made as large as its body needs, and is one box for those beside it.
 * Returns HeddleTidyGroup*: those whose frame is not among the vertices belong together.
 */
GPtrArray *heddle_graph_tidy (HeddleGraph *self, GPtrArray *vertices) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
