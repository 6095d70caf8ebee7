/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "heddle-engine.h"

G_BEGIN_DECLS

#define HEDDLE_CANVAS_GRID_STEP 16
#define HEDDLE_CANVAS_CARD_WIDTH 208
#define HEDDLE_CANVAS_CARD_HEIGHT 72
#define HEDDLE_CANVAS_TEXT_HEIGHT 56 /* reserved on cards whose main field is a text */
#define HEDDLE_CANVAS_PORT_STEP 20
#define HEDDLE_CANVAS_FRAME_HEADER 32
#define HEDDLE_CANVAS_GRIP 18 /* the corner that resizes an annotation */
#define HEDDLE_CANVAS_N_DETAILS 2

typedef enum
{
  HEDDLE_CANVAS_ITEM_NODE,
  HEDDLE_CANVAS_ITEM_NOTE,
  HEDDLE_CANVAS_ITEM_FRAME,
} HeddleCanvasItemKind;

typedef struct
{
  char *name;
  char *title; /* translated */
  float y;     /* below the top of its card */
  guint takes_tools : 1;
  guint hidden : 1; /* nothing can be connected there */
} HeddleCanvasPort;

/*
 * One thing on the canvas as it is drawn: a copy of what the graph says, its geometry and what a run
 * has to say about it. Plain data owned by the scene; pointers stay valid until it leaves the graph.
 */
typedef struct
{
  HeddleCanvasItemKind kind;
  char *id;
  double x, y, width, height;
  guint index; /* in document order */

  char *title;
  char *detail;  /* what the node will do, in one line; may be NULL */
  char *preview; /* the text of its main field when it has a place for it; may be NULL */
  const HeddleNodeType *type;
  GArray *inputs;   /* of HeddleCanvasPort */
  GArray *outputs;  /* of HeddleCanvasPort */
  GPtrArray *edges; /* borrowed HeddleCanvasEdge */
  char *color;      /* of an annotation, or NULL */
  char *role;       /* "Tool of Researcher"; NULL: it is no tool */

  char *problem; /* sentences, or NULL */
  HeddleSeverity severity;

  HeddleSpanState state;
  char *status; /* "1.2 s · 58 tokens" */
  char *text;   /* what the node streamed */

  GskRenderNode *cache[HEDDLE_CANVAS_N_DETAILS];
  guint cache_scale;
  GtkWidget *widget; /* its card, owned by the canvas; NULL in a picture */
  guint stamp;
  guint64 open_ports;    /* bits: those that can take the edge being drawn */
  guint knows_ports : 1; /* the bits are of this edge */
  guint in_run : 1;      /* a run is shown */
  guint has_text_area : 1;
  guint selected : 1;
  guint dimmed : 1; /* cannot take the edge being drawn */
  guint moving : 1;
  guint shown : 1; /* its widget is child-visible */
} HeddleCanvasItem;

HeddleCanvasItem *heddle_canvas_item_new_for_node (const HeddleNode *node) G_GNUC_WARN_UNUSED_RESULT;
HeddleCanvasItem *heddle_canvas_item_new_for_annotation (const HeddleAnnotation *annotation) G_GNUC_WARN_UNUSED_RESULT;
void heddle_canvas_item_free (HeddleCanvasItem *self);
/* Takes over everything from the graph but the position. */
void heddle_canvas_item_update_node (HeddleCanvasItem *self, const HeddleNode *node);
void heddle_canvas_item_update_annotation (HeddleCanvasItem *self, const HeddleAnnotation *annotation);
/* What the run says; trace NULL: no run is shown. TRUE when anything changed. */
gboolean heddle_canvas_item_update_run (HeddleCanvasItem *self, HeddleTrace *trace);
/* Whether it is a tool by its edges, which hides its inputs. TRUE when it looks different from now on. */
gboolean heddle_canvas_item_update_role (HeddleCanvasItem *self);
void heddle_canvas_item_drop_cache (HeddleCanvasItem *self);

void heddle_canvas_item_get_bounds (const HeddleCanvasItem *self, graphene_rect_t *bounds);
/* -1 when there is none of that name. */
int heddle_canvas_item_find_port (const HeddleCanvasItem *self, gboolean output, const char *name);
guint heddle_canvas_item_get_n_ports (const HeddleCanvasItem *self, gboolean output);
const HeddleCanvasPort *heddle_canvas_item_get_port (const HeddleCanvasItem *self, gboolean output, guint port);
void heddle_canvas_item_get_port_position (const HeddleCanvasItem *self, gboolean output, int port, double *x, double *y);
gboolean heddle_canvas_item_is_running (const HeddleCanvasItem *self);
gboolean heddle_canvas_item_is_off (const HeddleCanvasItem *self);
HeddleCategory heddle_canvas_item_get_category (const HeddleCanvasItem *self);

G_END_DECLS
