/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "canvas/heddle-canvas-draw.h"
#include "canvas/heddle-canvas-scene.h"
#include "canvas/heddle-canvas-strips.h"
#include "canvas/heddle-canvas-style.h"
#include "canvas/heddle-canvas-tiles.h"
#include "canvas/heddle-canvas.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HEDDLE_CANVAS_MIN_ZOOM 0.05
#define HEDDLE_CANVAS_MAX_ZOOM 4.0
#define HEDDLE_CANVAS_PORT_DISTANCE 12.0 /* where a press takes hold of a port, in pixels */
#define HEDDLE_CANVAS_SNAP_DISTANCE 20.0 /* where a dragged edge jumps to one */
#define HEDDLE_CANVAS_EDGE_DISTANCE 7.0
#define HEDDLE_CANVAS_BEND_DISTANCE 9.0

typedef enum
{
  HEDDLE_CANVAS_MODE_NONE,
  HEDDLE_CANVAS_MODE_PRESS, /* pressed, not yet moved far enough to be anything */
  HEDDLE_CANVAS_MODE_PAN,
  HEDDLE_CANVAS_MODE_BOX,
  HEDDLE_CANVAS_MODE_MOVE,
  HEDDLE_CANVAS_MODE_RESIZE,
  HEDDLE_CANVAS_MODE_WIRE,
  HEDDLE_CANVAS_MODE_DUPLICATE,
  HEDDLE_CANVAS_MODE_KNIFE,
  HEDDLE_CANVAS_MODE_BEND,
} HeddleCanvasMode;

/* One end of an edge that is being drawn; item NULL: none. */
typedef struct
{
  HeddleCanvasItem *item;
  gboolean output;
  guint port;
} HeddleCanvasEnd;

/* Where an item was when a gesture took hold of it. */
typedef struct
{
  HeddleCanvasItem *item;
  double x, y;
} HeddleCanvasStart;

/* A line that shows that things lie in line, in the world. */
typedef struct
{
  gboolean horizontal;
  double at;
  double start, end;
} HeddleCanvasGuide;

struct _HeddleCanvas
{
  GtkWidget parent_instance;

  HeddleDocument *document;
  HeddleTrace *trace;
  GPtrArray *problems;

  HeddleCanvasScene *scene;
  HeddleCanvasStyle *style;
  HeddleCanvasTiles *tiles;
  HeddleCanvasTiles *lifted; /* of much that is dragged at once */
  gboolean tiles_have_items; /* so many cards that they are tiled, too */
  gboolean tiles_have_all;   /* and the background: nothing shines through them */
  guint settle;              /* source: the zoom has come to rest */
  GPtrArray *shown;          /* items whose cards are child-visible */
  HeddleCanvasDetail detail;
  guint scale; /* of pictures inside cards: pixels a unit, a power of two */

  GtkWidget *controls;
  GtkWidget *zoom_button;
  GtkWidget *minimap;
  GtkWidget *map_button;
  GtkWidget *hint;
  GtkWidget *speaker; /* a status for assistive technology */
  GtkWidget *popover; /* the one open menu or editor */

  double zoom;
  double offset_x, offset_y; /* where the world's origin is, in pixels of the widget */
  gboolean wants_map;
  gboolean wants_fit; /* as soon as there is a size */
  gboolean is_fitted; /* shows everything, until somebody looks closer */
  int last_width, last_height;

  double pointer_x, pointer_y; /* last known */
  gboolean pointer_inside;
  gboolean space_held;
  HeddleCanvasEdge *hovered_edge;

  HeddleCanvasMode mode;
  guint button;
  GdkModifierType modifiers; /* at the press */
  GdkModifierType held;      /* now */
  double press_x, press_y;
  double last_x, last_y;
  HeddleCanvasItem *pressed_item;
  HeddleCanvasEdge *pressed_edge;
  HeddleCanvasEnd pressed_end;
  gboolean suppress_click;      /* the press ended something; its release is no click */
  graphene_rect_t box;          /* in the world */
  GPtrArray *box_base;          /* items that were selected before the box */
  GArray *starts;               /* of HeddleCanvasStart */
  HeddleCanvasEdge *splice;     /* what the moved nodes would be put into */
  gboolean is_loose;            /* nothing leads from what is moved to what is not */
  HeddleCanvasItem *drop_frame; /* the container that what is being dropped would go into, when that is another one */
  HeddleCanvasSides sides;      /* that a resize moves */
  graphene_rect_t resize_start;
  GArray *guides;                /* of HeddleCanvasGuide */
  double ghost_x, ghost_y;       /* how far copies are dragged from what they are of */
  GPtrArray *cut;                /* edges that the knife crosses */
  HeddleCanvasEdge *single_edge; /* that alone is selected, to be drawn with its bends; or NULL */
  int chosen_bend;               /* of the edge that alone is selected; -1: none */
  HeddleCanvasEdge *bent;        /* the edge whose bend is dragged */
  GArray *bend_start;            /* of HeddlePoint: its bends before */
  gboolean touched_by_finger;    /* which needs more room than a pointer */
  gboolean pressed_plus;         /* the button of the pressed edge that inserts a node */
  double pinch_zoom;
  double pinch_x, pinch_y; /* between the fingers, last */
  gboolean ended_pan;      /* the drag that ended panned */
  gboolean scroll_zooms;   /* so that nothing glides on after it */
  guint glide;             /* tick callback: the view goes on moving */
  gint64 glide_time;
  double glide_x, glide_y; /* pixels a second */

  HeddleCanvasEnd wire; /* the fixed end */
  HeddleCanvasEnd target;
  HeddleCanvasEdge *rewired; /* the edge whose end was taken off */
  gboolean wire_follows;     /* drawn by clicks: goes on after the release */
  gboolean hinted;           /* it was told how to go on; taken back when the wire ends */
  char *refusal;
  char *pending_node;
  char *pending_port;
  gboolean pending_output;
  GPtrArray *offered; /* texts of workflows that the person may insert or open, or NULL */
  double offered_x, offered_y;
  gboolean pending_settles; /* nobody has chosen a place for what takes it */
  char *pending_to;         /* the other end of the edge that a node is to be put into; NULL: none */
  char *pending_to_port;

  guint tick; /* runs while something moves by itself */
  gint64 tick_start;
  double phase;        /* seconds since the tick started */
  GPtrArray *news;     /* ids of nodes whose state has changed since it was last told */
  guint news_source;   /* will tell it */
  GHashTable *touched; /* ids the trace has news of; merged until the next frame */
  gulong trace_handler;
  gulong trace_state_handler;
  gulong document_handler;
  GHashTable *breakpoints; /* ids of nodes; NULL: none */
  GHashTable *found;       /* ids that a search has found; NULL: there is none */
  guint selection_freeze;
  gboolean selection_dirty;
};

/* heddle-canvas-found.c */
void heddle_canvas_snapshot_found (HeddleCanvas *self, GtkSnapshot *snapshot);

/* heddle-canvas-view.c */
void heddle_canvas_to_world (HeddleCanvas *self, double x, double y, double *world_x, double *world_y);
void heddle_canvas_get_render_offset (HeddleCanvas *self, double *x, double *y);
void heddle_canvas_get_world_view (HeddleCanvas *self, double margin, graphene_rect_t *view);
void heddle_canvas_zoom_at (HeddleCanvas *self, double factor, double x, double y);
void heddle_canvas_pan (HeddleCanvas *self, double dx, double dy);
void heddle_canvas_fit_bounds (HeddleCanvas *self, const graphene_rect_t *bounds, double max_zoom);
void heddle_canvas_scroll_to (HeddleCanvas *self, const HeddleCanvasItem *item);
void heddle_canvas_install_scrolling (HeddleCanvas *self);

/* heddle-canvas-render.c */
void heddle_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);
/* An item looks different. */
void heddle_canvas_redraw_item (HeddleCanvas *self, HeddleCanvasItem *item);

/* heddle-canvas-content.c */
void heddle_canvas_fill_tile (const graphene_rect_t *area, HeddleCanvasContent *content, gpointer user_data);
/* Finds what looks different from how it is in tiles. */
void heddle_canvas_note_looks (HeddleCanvas *self);
void heddle_canvas_fill_lifted (const graphene_rect_t *area, HeddleCanvasContent *content, gpointer user_data);
/* Units between the dots of the background: further apart at lower zoom, so that they never become a grey mass. */
double heddle_canvas_get_dot_step (double zoom);

/* heddle-canvas-selection.c */
void heddle_canvas_freeze_selection (HeddleCanvas *self);
void heddle_canvas_thaw_selection (HeddleCanvas *self);
void heddle_canvas_set_item_selected (HeddleCanvas *self, HeddleCanvasItem *item, gboolean selected);
void heddle_canvas_set_edge_selected (HeddleCanvas *self, HeddleCanvasEdge *edge, gboolean selected);
void heddle_canvas_unselect_all (HeddleCanvas *self);
void heddle_canvas_select_only (HeddleCanvas *self, HeddleCanvasItem *item);
/* Borrowed HeddleCanvasItem*, HeddleCanvasEdge*; nodes only when asked for. */
GPtrArray *heddle_canvas_list_selected (HeddleCanvas *self, gboolean only_nodes) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *heddle_canvas_list_selected_edges (HeddleCanvas *self) G_GNUC_WARN_UNUSED_RESULT;
/* Strv of their ids. */
char **heddle_canvas_dup_ids (GPtrArray *items) G_GNUC_WARN_UNUSED_RESULT;
void heddle_canvas_select_flow (HeddleCanvas *self, gboolean downstream);

/* heddle-canvas-gestures.c */
void heddle_canvas_install_gestures (HeddleCanvas *self);
/* Notes what is under a point of the widget as what is pressed. */
void heddle_canvas_pick (HeddleCanvas *self, double x, double y);
void heddle_canvas_forget_press (HeddleCanvas *self);
/* Selects what is under a point and opens the menu for it. */
void heddle_canvas_press_menu (HeddleCanvas *self, double x, double y);
/* What is being dragged follows the pointer, or the view below it. */
void heddle_canvas_update_drag (HeddleCanvas *self);
/* Ends whatever the pointer is doing and leaves nothing of it. TRUE when there was something. */
gboolean heddle_canvas_cancel_gesture (HeddleCanvas *self);

/* heddle-canvas-hover.c */
void heddle_canvas_install_hover (HeddleCanvas *self);
/* Whether a press there would collapse or expand the item. */
gboolean heddle_canvas_is_on_fold (HeddleCanvas *self, const HeddleCanvasItem *item, double x, double y);
/* Of a note: where the link at a point of the widget leads; NULL: none, or nothing one should be led to. */
char *heddle_canvas_dup_link (HeddleCanvas *self, const HeddleCanvasItem *item, double x, double y) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE: there is none. */
gboolean heddle_canvas_open_link (HeddleCanvas *self, const HeddleCanvasItem *item, double x, double y);

/* heddle-canvas-touch.c */
void heddle_canvas_install_touch (HeddleCanvas *self, GtkGesture *drag);
gboolean heddle_canvas_is_by_finger (GtkEventController *controller);
/* How far from a thing a press still takes hold of it, in the world; distance: for a pointer, in pixels. */
double heddle_canvas_get_reach (HeddleCanvas *self, double distance);
/* Makes an area of the world as large as a finger needs, when it is by one. */
void heddle_canvas_grow_target (HeddleCanvas *self, graphene_rect_t *area);
/* The view goes on moving, ever slower; pixels a second. */
void heddle_canvas_glide (HeddleCanvas *self, double velocity_x, double velocity_y);
void heddle_canvas_stop_gliding (HeddleCanvas *self);

/* heddle-canvas-move.c */
void heddle_canvas_begin_move (HeddleCanvas *self);
void heddle_canvas_update_move (HeddleCanvas *self, double x, double y);
void heddle_canvas_end_move (HeddleCanvas *self, gboolean commit);
/* How far a drag to this point of the widget moves what it holds: onto guides, else onto the grid. */
void heddle_canvas_get_drag_offset (HeddleCanvas *self, double x, double y, double *dx, double *dy);

/* heddle-canvas-guides.c */
/* raw: how far the pointer went; the offset by the grid is replaced where a neighbour attracts. */
void heddle_canvas_guide_move (HeddleCanvas *self, double raw_x, double raw_y, double *dx, double *dy);
/* raw: where the sides would be by the pointer; the sides being moved are replaced where a neighbour attracts. */
void heddle_canvas_guide_resize (HeddleCanvas *self, const graphene_rect_t *raw, graphene_rect_t *box);
void heddle_canvas_clear_guides (HeddleCanvas *self);

/* heddle-canvas-duplicate.c */
void heddle_canvas_begin_duplicate (HeddleCanvas *self);
void heddle_canvas_update_duplicate (HeddleCanvas *self, double x, double y);
void heddle_canvas_end_duplicate (HeddleCanvas *self, gboolean commits);

/* heddle-canvas-knife.c */
void heddle_canvas_update_knife (HeddleCanvas *self, double x, double y);
void heddle_canvas_end_knife (HeddleCanvas *self, gboolean commit);

/* heddle-canvas-bend.c */
/* The edge that alone is selected, or NULL. */
HeddleCanvasEdge *heddle_canvas_get_single_edge (HeddleCanvas *self);
/* Its chosen bend, or -1. */
int heddle_canvas_get_chosen_bend (HeddleCanvas *self);
void heddle_canvas_choose_bend (HeddleCanvas *self, int bend);
/* The bend at a point of the widget, or -1. */
int heddle_canvas_find_bend (HeddleCanvas *self, const HeddleCanvasEdge *edge, double x, double y);
/* Removes the bend at a point of the widget, or adds one there. */
void heddle_canvas_toggle_bend (HeddleCanvas *self, HeddleCanvasEdge *edge, double x, double y);
void heddle_canvas_remove_bend (HeddleCanvas *self, HeddleCanvasEdge *edge, guint bend);
/* FALSE: none is chosen. In steps of the grid. */
gboolean heddle_canvas_nudge_bend (HeddleCanvas *self, int dx, int dy);
void heddle_canvas_add_bend (HeddleCanvas *self);
void heddle_canvas_next_bend (HeddleCanvas *self);
void heddle_canvas_remove_chosen_bend (HeddleCanvas *self);
void heddle_canvas_straighten (HeddleCanvas *self);
void heddle_canvas_begin_bend (HeddleCanvas *self, HeddleCanvasEdge *edge, guint bend);
void heddle_canvas_update_bend (HeddleCanvas *self, double x, double y);
void heddle_canvas_end_bend (HeddleCanvas *self, gboolean commit);

/* heddle-canvas-arrange.c */
void heddle_canvas_align_left (HeddleCanvas *self);
void heddle_canvas_align_center (HeddleCanvas *self);
void heddle_canvas_align_right (HeddleCanvas *self);
void heddle_canvas_align_top (HeddleCanvas *self);
void heddle_canvas_align_middle (HeddleCanvas *self);
void heddle_canvas_align_bottom (HeddleCanvas *self);
void heddle_canvas_distribute_across (HeddleCanvas *self);
void heddle_canvas_distribute_down (HeddleCanvas *self);
/* Whether all selected nodes have it; FALSE when there are none. */
gboolean heddle_canvas_has_mode (HeddleCanvas *self, HeddleNodeMode mode);
void heddle_canvas_toggle_off (HeddleCanvas *self);
void heddle_canvas_toggle_bypass (HeddleCanvas *self);
void heddle_canvas_toggle_collapsed (HeddleCanvas *self);
void heddle_canvas_set_color (HeddleCanvas *self, const char *color);

/* heddle-canvas-offer.c */
/* x, y: in the world. FALSE when it is no workflow, which is said then. */
gboolean heddle_canvas_offer_text (HeddleCanvas *self, const char *text, double x, double y);
gboolean heddle_canvas_offer_files (HeddleCanvas *self, GSList *files, double x, double y);
/* Whether a text is a part of a workflow, as copied here. */
gboolean heddle_canvas_is_part (const char *text);
void heddle_canvas_insert_offered (HeddleCanvas *self);
void heddle_canvas_open_offered (HeddleCanvas *self);

/* heddle-canvas-ink.c */
/* Lines that change from frame to frame, drawn with cairo in world units in the way that costs the renderer least. */
typedef struct
{
  HeddleCanvas *canvas;
  GtkSnapshot *snapshot;
  cairo_t *cr;
  HeddleCanvasStrips *strips; /* NULL: they go into a cairo node */
  double x, y;                /* where the world's origin is */
} HeddleCanvasInk;

gboolean heddle_canvas_draws_with_cairo (HeddleCanvas *self);
/* bounds: in view space. */
void heddle_canvas_ink_begin (HeddleCanvasInk *ink, HeddleCanvas *self, GtkSnapshot *snapshot, const graphene_rect_t *bounds);
/* Each line that is drawn, with what is on it, or it may not show. coarsely: as straight pieces. */
void heddle_canvas_ink_mark (HeddleCanvasInk *ink, const HeddleCanvasCurve *curve, gboolean coarsely);
void heddle_canvas_ink_end (HeddleCanvasInk *ink);

/* heddle-canvas-draw-gestures.c */
/* What gestures draw on top of everything: guides, copies, the knife, what is on the hovered edge. */
void heddle_canvas_draw_gestures (HeddleCanvas *self, GtkSnapshot *snapshot);

/* heddle-canvas-resize.c */
HeddleCanvasSides heddle_canvas_get_sides_at (HeddleCanvas *self, const HeddleCanvasItem *item, double x, double y);
const char *heddle_canvas_sides_get_cursor (HeddleCanvasSides sides);
void heddle_canvas_begin_resize (HeddleCanvas *self, HeddleCanvasItem *item, HeddleCanvasSides sides);
void heddle_canvas_update_resize (HeddleCanvas *self, double x, double y);
void heddle_canvas_end_resize (HeddleCanvas *self, gboolean commit);

/* heddle-canvas-nest-menu.c */
/* Entries that put the selected nodes into a frame, or out of it. */
void heddle_canvas_fill_nest_menu (HeddleCanvas *self, GMenu *menu);
/* frame_id "": out of all. One undo step. */
void heddle_canvas_nest_selection (HeddleCanvas *self, const char *frame_id);

/* heddle-canvas-nest.c */
/* The innermost frame around a point of the widget, or NULL. */
HeddleCanvasItem *heddle_canvas_find_nest (HeddleCanvas *self, double x, double y);
/* The frame that is lit, because what is being dropped would go into it; NULL: none. */
void heddle_canvas_set_drop_frame (HeddleCanvas *self, HeddleCanvasItem *frame);
/* Looks for the frame that what is being moved would go into. */
void heddle_canvas_update_nest (HeddleCanvas *self);
/* Borrowed items that are moved by themselves, not by a frame around them. */
GPtrArray *heddle_canvas_list_moved (HeddleCanvas *self) G_GNUC_WARN_UNUSED_RESULT;
/* Strv of the nodes among items that are not in frame yet (NULL: in none). */
char **heddle_canvas_dup_nesting_ids (GPtrArray *items, const HeddleCanvasItem *frame) G_GNUC_WARN_UNUSED_RESULT;
/* These are for within the caller's undo group. */
/* Puts nodes into a container (NULL: out of all). Says so when that cut edges, or why it cannot be: FALSE. */
gboolean heddle_canvas_nest (HeddleCanvas *self, const char *const *ids, const char *frame);
void heddle_canvas_wire_first (HeddleCanvas *self, const char *node_id);

/* heddle-canvas-items.c */
/* Which way a click there would go among the items of a container; 0: nothing is there to click on. */
int heddle_canvas_get_picker_step (HeddleCanvas *self, const HeddleCanvasItem *item, double x, double y);
void heddle_canvas_step_item (HeddleCanvas *self, const HeddleCanvasItem *item, int step);
/* The innermost container with several items, the item itself or around it; or NULL. */
HeddleCanvasItem *heddle_canvas_find_picker (HeddleCanvasItem *item);

/* heddle-canvas-wire.c */
void heddle_canvas_begin_wire (HeddleCanvas *self, const HeddleCanvasEnd *end, gboolean detach);
void heddle_canvas_update_wire (HeddleCanvas *self, double x, double y);
/* Takes the first port of the item that can have the edge, as when it was dropped there. */
void heddle_canvas_aim_wire (HeddleCanvas *self, HeddleCanvasItem *item);
void heddle_canvas_end_wire (HeddleCanvas *self, gboolean commit);
void heddle_canvas_cut_port (HeddleCanvas *self, const HeddleCanvasEnd *end);
/* All that lead to and from items, but for what joins a frame with what is in it. */
void heddle_canvas_cut_items (HeddleCanvas *self, GPtrArray *items);
/* Whether the edge being drawn leads back, which makes a loop. */
gboolean heddle_canvas_wire_is_loop (HeddleCanvas *self);
void heddle_canvas_get_wire_curve (HeddleCanvas *self, HeddleCanvasCurve *curve);
/* Whether to show that a port on the other side could take the edge being drawn; remembered until the edge ends. */
gboolean heddle_canvas_is_port_open (HeddleCanvas *self, HeddleCanvasItem *item, guint port);

/* heddle-canvas-place.c */
/* Where something new is to lie, in the world. */
typedef struct
{
  double x, y, width, height;
  HeddleCanvasItem *frame; /* the container it is in, or NULL */
} HeddleCanvasPlace;

/* To the grid. */
double heddle_canvas_snap (double value);
/* Its size becomes that of a part of a workflow; 0 when this has no nodes. */
void heddle_canvas_place_measure (HeddleCanvasPlace *place, const char *json);
gboolean heddle_canvas_place_is_taken (HeddleCanvas *self, const HeddleCanvasPlace *place);
/* Aside until no other card is covered. */
void heddle_canvas_place_find_free (HeddleCanvas *self, HeddleCanvasPlace *place);

/* heddle-canvas-add.c */
/* What comes onto the canvas, and where. */
typedef struct
{
  const char *label;            /* of the undo step */
  const char *type_id;          /* one node of this type, or */
  const char *text;             /* a part of a workflow */
  double x, y;                  /* of its upper left corner, in the world */
  const HeddleCanvasItem *nest; /* the frame it goes into, or NULL */
  gboolean connected;           /* what led to the originals leads to the copies, too */
  gboolean joins;               /* it takes the edge that waits, if there is one, and the card that does */
  double join_x, join_y;        /* comes to lie here */
  HeddleCanvasEdge *splice;     /* it goes into this edge, which makes room; or NULL */
} HeddleCanvasAddition;

/* One undo step, after which it is selected. FALSE: it could not be, and why has been said. */
gboolean heddle_canvas_add (HeddleCanvas *self, const HeddleCanvasAddition *addition);

/* heddle-canvas-join.c */
/* Borrowed ids, NULL at the end: those that are not in one of the others. */
GPtrArray *heddle_canvas_list_outermost (HeddleGraph *graph, const char *const *ids) G_GNUC_WARN_UNUSED_RESULT;
gboolean heddle_canvas_can_splice (HeddleCanvas *self, const char *const *ids, const HeddleCanvasEdge *edge);
/* These are for within the caller's undo group. */
/* Puts nodes into an edge: what came along it now passes through them, and what follows makes room. FALSE: they do not fit. */
gboolean heddle_canvas_splice (HeddleCanvas *self, const char *const *ids, HeddleCanvasEdge *edge);
/* Joins nodes to the edge that waits, if any of them fits; its card then lies at x, y unless something is in the way. */
void heddle_canvas_join_pending (HeddleCanvas *self, const char *const *ids, double x, double y);

/* heddle-canvas-insert.c */
void heddle_canvas_request_search (HeddleCanvas *self, double x, double y);
/* Searches for a node to follow this one. */
void heddle_canvas_request_after (HeddleCanvas *self, const HeddleCanvasItem *item);
void heddle_canvas_install_drop (HeddleCanvas *self);

/* heddle-canvas-plus.c */
/* Where the button of an edge that inserts a node is, in the widget; FALSE when the edge is too short for it. */
gboolean heddle_canvas_get_plus (HeddleCanvas *self, const HeddleCanvasEdge *edge, double *x, double *y);
/* Searches for a node to put into an edge. */
void heddle_canvas_request_insert (HeddleCanvas *self, const HeddleCanvasEdge *edge);
/* The edge that the node searched for is to be put into, or NULL. */
HeddleCanvasEdge *heddle_canvas_find_pending_edge (HeddleCanvas *self);

/* heddle-canvas-keys.c */
void heddle_canvas_class_install_keys (GtkWidgetClass *klass);
void heddle_canvas_install_keys (HeddleCanvas *self);
gboolean heddle_canvas_focus (GtkWidget *widget, GtkDirectionType direction);
/* The item whose card has the keyboard focus, or NULL. */
HeddleCanvasItem *heddle_canvas_get_focused (HeddleCanvas *self);
void heddle_canvas_focus_item (HeddleCanvas *self, HeddleCanvasItem *item);
/* The nearest to a place of the world, when what was there has gone. */
void heddle_canvas_focus_near (HeddleCanvas *self, double x, double y);

/* heddle-canvas-actions.c */
void heddle_canvas_class_install_actions (GtkWidgetClass *klass);
void heddle_canvas_update_actions (HeddleCanvas *self);

/* The item with the focus, else the first one that is selected; or NULL. */
HeddleCanvasItem *heddle_canvas_get_current (HeddleCanvas *self);

/* heddle-canvas-connections.c */
/* Selects the next one (step 1) or the one before (-1) of the current node's connections, and says which it is. */
void heddle_canvas_step_edge (HeddleCanvas *self, int step);
/* Asks which ports to connect, of those that fit. */
void heddle_canvas_choose_ports (HeddleCanvas *self, HeddleCanvasItem *from, HeddleCanvasItem *to);
/* "Connection from Router (Output) to Billing (Input)". */
char *heddle_canvas_dup_edge_name (const HeddleCanvasEdge *edge) G_GNUC_WARN_UNUSED_RESULT;

/* heddle-canvas-targets.c */
/* Asks where an edge from the item is to lead, of all that can take it. */
void heddle_canvas_choose_target (HeddleCanvas *self, HeddleCanvasItem *item);

/* heddle-canvas-speak.c */
GtkWidget *heddle_canvas_create_speaker (void) G_GNUC_WARN_UNUSED_RESULT;
/* Tells a screen reader at once. */
void heddle_canvas_speak (HeddleCanvas *self, const char *text);
/* Something has changed about the node in the run, or (NULL) about the run; it is told soon, together with what else has. */
void heddle_canvas_note_news (HeddleCanvas *self, const HeddleCanvasItem *item);

/* heddle-canvas-clipboard.c */
void heddle_canvas_save_template (HeddleCanvas *self);
void heddle_canvas_copy (HeddleCanvas *self);
void heddle_canvas_paste (HeddleCanvas *self);
void heddle_canvas_paste_connected (HeddleCanvas *self);
void heddle_canvas_duplicate (HeddleCanvas *self);

/* heddle-canvas-edit.c */
void heddle_canvas_show_popover (HeddleCanvas *self, GtkWidget *popover, const graphene_rect_t *at);
/* When something ends: to before, where the keyboard was (may be NULL), else to the canvas unless it is used elsewhere. */
void heddle_canvas_take_focus (HeddleCanvas *self, GtkWidget *before);
void heddle_canvas_focus_added (HeddleCanvas *self, const char *id);
void heddle_canvas_edit_item (HeddleCanvas *self, HeddleCanvasItem *item);
void heddle_canvas_add_note (HeddleCanvas *self);
void heddle_canvas_add_frame (HeddleCanvas *self);

/* heddle-canvas-menu.c */
void heddle_canvas_show_menu (HeddleCanvas *self, double x, double y);

/* heddle-canvas-run.c */
void heddle_canvas_refresh_run (HeddleCanvas *self);
/* Starts or stops the tick callback, as there is something to animate or not. */
void heddle_canvas_update_tick (HeddleCanvas *self);
gboolean heddle_canvas_may_animate (HeddleCanvas *self);

/* heddle-canvas-controls.c */
void heddle_canvas_create_controls (HeddleCanvas *self);
void heddle_canvas_allocate_controls (HeddleCanvas *self, int width, int height);
void heddle_canvas_update_controls (HeddleCanvas *self);
void heddle_canvas_toggle_map (HeddleCanvas *self);
/* The view is another one. */
void heddle_canvas_update_map (HeddleCanvas *self);
/* What is on the map looks different. */
void heddle_canvas_refresh_map (HeddleCanvas *self);

/* heddle-canvas.c */
void heddle_canvas_emit_message (HeddleCanvas *self, const char *text);
void heddle_canvas_emit_open (HeddleCanvas *self, const char *id);
void heddle_canvas_emit_search (HeddleCanvas *self, double x, double y, gboolean pending);
void heddle_canvas_emit_selection (HeddleCanvas *self);
void heddle_canvas_queue (HeddleCanvas *self);
HeddleGraph *heddle_canvas_get_graph (HeddleCanvas *self);
/* Shows a card for the item, so that it can be focused. */
void heddle_canvas_ensure_shown (HeddleCanvas *self, HeddleCanvasItem *item);

/* heddle-canvas-breakpoints.c */
void heddle_canvas_take_breakpoint (HeddleCanvas *self, HeddleCanvasItem *item);
gboolean heddle_canvas_has_breakpoints (HeddleCanvas *self);

G_END_DECLS
