/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "heddle-engine.h"

G_BEGIN_DECLS

#define HEDDLE_CANVAS_GRID_STEP 16
#define HEDDLE_CANVAS_CARD_WIDTH HEDDLE_CARD_WIDTH
#define HEDDLE_CANVAS_CARD_HEIGHT HEDDLE_CARD_HEIGHT
#define HEDDLE_CANVAS_TEXT_HEIGHT HEDDLE_CARD_TEXT_HEIGHT
#define HEDDLE_CANVAS_PORT_STEP HEDDLE_PORT_STEP
#define HEDDLE_CANVAS_FRAME_HEADER 32 /* of a group */
#define HEDDLE_CANVAS_HEADER 72       /* of a container, laid out like a card */
#define HEDDLE_CANVAS_TAB_WIDTH 112   /* of a container's inner ports */
#define HEDDLE_CANVAS_GRIP 18         /* the corner that resizes an annotation */
#define HEDDLE_CANVAS_SIDE_DISTANCE 7 /* how far in from the side of a container one can resize it */
#define HEDDLE_CANVAS_N_DETAILS 2

typedef enum
{
  HEDDLE_CANVAS_ITEM_NODE,
  HEDDLE_CANVAS_ITEM_NOTE,
  HEDDLE_CANVAS_ITEM_FRAME,
} HeddleCanvasItemKind;

typedef enum
{
  HEDDLE_CANVAS_SIDE_LEFT = 1 << 0,
  HEDDLE_CANVAS_SIDE_RIGHT = 1 << 1,
  HEDDLE_CANVAS_SIDE_TOP = 1 << 2,
  HEDDLE_CANVAS_SIDE_BOTTOM = 1 << 3,
} HeddleCanvasSides;

typedef struct
{
  char *name;
  char *title; /* translated */
  float y;     /* below the top of its card */
  guint takes_tools : 1;
  guint inner : 1;  /* of a container, for what is in it: an output at the left, an input at the right */
  guint hidden : 1; /* nothing can be connected there */
} HeddleCanvasPort;

/*
 * One thing on the canvas as it is drawn: a copy of what the graph says, its geometry and what a run
 * has to say about it. Plain data owned by the scene; pointers stay valid until it leaves the graph.
 */
typedef struct _HeddleCanvasItem HeddleCanvasItem;
struct _HeddleCanvasItem
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
  char *policy;     /* what happens when it fails, in one line; NULL: nothing special */

  char *parent_id;          /* the container it is in, or NULL */
  HeddleCanvasItem *parent; /* the same, borrowed; linked by the scene */
  guint depth;              /* containers around it */
  guint n_children;
  double full_height;          /* of a group: also while it is collapsed */
  HeddleCanvasItem *stands_in; /* the collapsed item that it is in and that is seen in its place; NULL: it is seen itself. Borrowed */
  guint n_former_children;
  guint n_folded; /* nodes in it while it is collapsed */

  char *problem; /* sentences, or NULL */
  HeddleSeverity severity;

  HeddleSpanState state;
  char *status;   /* "1.2 s · 58 tokens" */
  char *text;     /* what the node streamed */
  int last_item;  /* of a container: the highest item there is; -1: none */
  int shown_item; /* the one that is looked at */
  gint64 n_items; /* -1: not known */

  HeddleNodeMode mode;

  GskRenderNode *cache[HEDDLE_CANVAS_N_DETAILS];
  GskRenderNode *back[HEDDLE_CANVAS_N_DETAILS]; /* of a container: what lies below its nodes and edges */
  guint cache_scale;
  guint look;        /* another number whenever it looks different */
  guint drawn_look;  /* as it is in tiles */
  GtkWidget *widget; /* its card, owned by the canvas; NULL in a picture */
  guint stamp;
  guint64 open_ports;    /* bits: those that can take the edge being drawn */
  guint knows_ports : 1; /* the bits are of this edge */
  guint in_run : 1;      /* a run is shown */
  guint has_text_area : 1;
  guint is_pinned : 1; /* a given result stands for running it */
  guint has_breakpoint : 1;
  guint is_next : 1; /* the run stands still before it */
  guint selected : 1;
  guint dimmed : 1; /* cannot take the edge being drawn */
  guint moving : 1;
  guint lifted : 1;      /* the scene keeps it out of the grid while it is dragged */
  guint drawn_faint : 1; /* as it is in tiles */
  guint collapsed : 1;   /* what is in it does not show */
  guint shown : 1;       /* its widget is child-visible */
};

HeddleCanvasItem *heddle_canvas_item_new_for_node (const HeddleNode *node) G_GNUC_WARN_UNUSED_RESULT;
HeddleCanvasItem *heddle_canvas_item_new_for_annotation (const HeddleAnnotation *annotation) G_GNUC_WARN_UNUSED_RESULT;
void heddle_canvas_item_free (HeddleCanvasItem *self);
/* Takes over everything from the graph but the position. */
void heddle_canvas_item_update_node (HeddleCanvasItem *self, const HeddleNode *node);
/* Only how large it is; TRUE when that changed. */
gboolean heddle_canvas_item_update_size (HeddleCanvasItem *self, const HeddleNode *node);
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
/* Without a container's inner ones, which come after them. */
guint heddle_canvas_item_get_n_outer_ports (const HeddleCanvasItem *self, gboolean output);
const HeddleCanvasPort *heddle_canvas_item_get_port (const HeddleCanvasItem *self, gboolean output, guint port);
void heddle_canvas_item_get_port_position (const HeddleCanvasItem *self, gboolean output, int port, double *x, double *y);
gboolean heddle_canvas_item_is_container (const HeddleCanvasItem *self);
/* Whether it is in container, at whatever depth. */
gboolean heddle_canvas_item_is_within (const HeddleCanvasItem *self, const HeddleCanvasItem *container);
/* A group or a container: something with other things in it. */
gboolean heddle_canvas_item_is_hollow (const HeddleCanvasItem *self);
/* How much of its height takes hold of it; of a container or a group its header. */
double heddle_canvas_item_get_solid_height (const HeddleCanvasItem *self);
/* Which sides a drag from this point of the world would move; of a note or a group only the corner that shows it. */
HeddleCanvasSides heddle_canvas_item_get_sides (const HeddleCanvasItem *self, double x, double y, double distance);
/* Of a container: whether there are several items to look at, and where to choose among them, from its corner. */
gboolean heddle_canvas_item_has_picker (const HeddleCanvasItem *self);
void heddle_canvas_item_get_picker_bounds (const HeddleCanvasItem *self, graphene_rect_t *bounds);
gboolean heddle_canvas_item_is_running (const HeddleCanvasItem *self);
gboolean heddle_canvas_item_is_off (const HeddleCanvasItem *self);
/* Of a container or a group: the button in its header that collapses or expands it, from its corner. */
gboolean heddle_canvas_item_get_fold_bounds (const HeddleCanvasItem *self, graphene_rect_t *bounds);
/* Drawn so as to step back: skipped, or unable to take the edge being drawn. */
gboolean heddle_canvas_item_is_faint (const HeddleCanvasItem *self);
HeddleCategory heddle_canvas_item_get_category (const HeddleCanvasItem *self);

G_END_DECLS
