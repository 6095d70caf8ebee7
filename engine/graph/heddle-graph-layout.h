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
  double frame_width, frame_height; /* of a container, also of one that is collapsed; 0 for cards */
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
  double present;       /* where its middle is before, and of a dummy where the line would pass */
  guint rank;           /* in its row */
  double y;             /* of its middle */
  double wish;
} HeddleLayoutPoint;

typedef struct
{
  guint from, to;
  double from_offset, to_offset; /* of the ports, below the middles of what they are of */
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
/* Numbers the components as they lie below each other now; a point alone gets G_MAXUINT, to come last. */
void heddle_layout_find_components (HeddleLayout *layout);
/* Orders the points of each layer so that few edges cross, and those that are equal in that as they are at present. */
void heddle_layout_order_rows (HeddleLayout *layout);
/* For the order of rows: puts the points of a row below each other, around 0; and lets each wish to be where its neighbours are. */
void heddle_layout_stack_row (HeddleLayout *layout, const HeddleLayoutRow *row);
void heddle_layout_make_wishes (HeddleLayout *layout, const HeddleLayoutRow *row, gboolean before, gboolean after);
/* How often edges cross between neighbouring layers, in the present order. O(edges × log edges). */
guint64 heddle_layout_count_crossings (HeddleLayout *layout);
/* Moves points as near to their neighbours as their order allows. */
void heddle_layout_place_rows (HeddleLayout *layout);

/* How nodes come to lie near those that they are wired to. */
typedef struct
{
  double dx, dy;     /* the way of the nodes themselves */
  double push;       /* how far what is behind them goes to the right for that, mostly 0 */
  GPtrArray *pushed; /* char*, NULL at the end: what that is */
} HeddlePlacing;

void heddle_placing_clear (HeddlePlacing *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HeddlePlacing, heddle_placing_clear)

/*
 * Where nodes of one frame would lie well, as they lie to each other: beside what they are wired to, over nothing else, and where they are
 * already as far as there is room. FALSE: there is none of them.
 */
gboolean heddle_graph_find_place (HeddleGraph *self, const char *const *ids, HeddlePlacing *placing);

/*
 * Lays out vertices, bodies within their frames first: a frame is made as large as its body needs, and is one box for those beside it.
 * Returns HeddleTidyGroup*: those whose frame is not among the vertices belong together.
 */
GPtrArray *heddle_graph_tidy (HeddleGraph *self, GPtrArray *vertices) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
