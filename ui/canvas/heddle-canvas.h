/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "heddle-engine.h"

G_BEGIN_DECLS

/*
 * The canvas: shows a document, lets people wire it, and shows what a run does on it. Positions that
 * cross this interface are widget coordinates. Main thread only.
 *
 * Property "zoom" (double, 0.05 to 4). Signals:
 * - "selection-changed": ().
 * - "open-node": (const char *id), on double click and Enter.
 * - "message": (const char *text), a translated sentence to show for a moment; NULL: the last one is over.
 * - "search-requested": (double x, double y, gboolean pending): search for a node to add there, then call
 *   heddle_canvas_insert_node or heddle_canvas_cancel_pending. With pending, an edge waits for its other end.
 *
 * Everything that can be done is an action "canvas.…" of the widget, see heddle-canvas-actions.c.
 */
#define HEDDLE_TYPE_CANVAS (heddle_canvas_get_type ())
G_DECLARE_FINAL_TYPE (HeddleCanvas, heddle_canvas, HEDDLE, CANVAS, GtkWidget)

/*
 * For the whole program, before its first window. Drawing without OpenGL takes buffers of the size of the window and gives them
 * back in each frame; kept in the heap, they need not be mapped and cleared each time, which takes as long as all the rest.
 */
void heddle_canvas_keep_buffers (void);

GtkWidget *heddle_canvas_new (void) G_GNUC_WARN_UNUSED_RESULT;

void heddle_canvas_set_document (HeddleCanvas *self, HeddleDocument *document);
HeddleDocument *heddle_canvas_get_document (HeddleCanvas *self);
/* The run to show on the cards, live or stored; NULL: none. */
void heddle_canvas_set_trace (HeddleCanvas *self, HeddleTrace *trace);
/* HeddleProblem*; the canvas keeps a reference. NULL: none. */
void heddle_canvas_set_problems (HeddleCanvas *self, GPtrArray *problems);
/* Ids of nodes before which runs stand still; NULL: none. */
void heddle_canvas_set_breakpoints (HeddleCanvas *self, const char *const *nodes);

/* Ids of selected nodes and annotations, sorted. */
char **heddle_canvas_get_selection (HeddleCanvas *self) G_GNUC_WARN_UNUSED_RESULT;
void heddle_canvas_select (HeddleCanvas *self, const char *const *ids);
void heddle_canvas_select_all (HeddleCanvas *self);
/* Nodes and annotations by their ids, and connections (const HeddleEdge*, of which the names of nodes and ports count). */
void heddle_canvas_select_things (HeddleCanvas *self, const char *const *ids, GPtrArray *edges);
/* The connection that alone is selected, or NULL; borrowed until the next edit. */
const HeddleEdge *heddle_canvas_get_selected_edge (HeddleCanvas *self);
gboolean heddle_canvas_is_edge_selected (HeddleCanvas *self, const char *from, const char *from_port, const char *to, const char *to_port);
/* The menu of what is selected, beside another widget of the window, which gets the focus back. */
void heddle_canvas_show_menu_beside (HeddleCanvas *self, GtkWidget *widget);

/* The keys of the canvas, for what works like it. */
typedef struct
{
  guint key;
  GdkModifierType modifiers;
  const char *action;
} HeddleCanvasBinding;
const HeddleCanvasBinding *heddle_canvas_list_bindings (guint *n_bindings);

/* Nodes and annotations that a search has found, which are marked; NULL: none. */
void heddle_canvas_set_found (HeddleCanvas *self, const char *const *ids);

/* Where one is: the zoom, and where the origin of the workflow lies in the widget. */
void heddle_canvas_get_view (HeddleCanvas *self, double *zoom, double *offset_x, double *offset_y);
void heddle_canvas_set_view (HeddleCanvas *self, double zoom, double offset_x, double offset_y);
double heddle_canvas_get_zoom (HeddleCanvas *self);
/* Around the middle of the view. */
void heddle_canvas_set_zoom (HeddleCanvas *self, double zoom);
void heddle_canvas_zoom_in (HeddleCanvas *self);
void heddle_canvas_zoom_out (HeddleCanvas *self);
void heddle_canvas_zoom_reset (HeddleCanvas *self);
void heddle_canvas_fit (HeddleCanvas *self);
void heddle_canvas_fit_selection (HeddleCanvas *self);
/* Scrolls as little as needed to show the node, selects and focuses it. */
void heddle_canvas_reveal (HeddleCanvas *self, const char *node_id);
/* Scrolls so that the node is not behind what lies over the canvas there, below that or beside it. In the canvas's coordinates. */
void heddle_canvas_uncover (HeddleCanvas *self, const char *node_id, const graphene_rect_t *cover);

/* In the middle of the view, moved aside where something is there already. */
void heddle_canvas_add_node_at_center (HeddleCanvas *self, const char *type_id);
/* Adds a node whose header is at x, y and joins it to the edge that waits, if there is one; one undo step. */
void heddle_canvas_insert_node (HeddleCanvas *self, const char *type_id, double x, double y);
/* Whether a node of the type could take the edge that waits; TRUE when none does. */
gboolean heddle_canvas_can_insert (HeddleCanvas *self, const HeddleNodeType *type);
void heddle_canvas_cancel_pending (HeddleCanvas *self);
/* The search has been closed: no edge waits any more, and what is selected has the focus again. */
void heddle_canvas_end_search (HeddleCanvas *self);
/* As these, but adds a part of a workflow (HeddleTemplateInfo), of which the first free port that fits takes the edge. */
void heddle_canvas_insert_template (HeddleCanvas *self, const char *json);
void heddle_canvas_insert_template_at (HeddleCanvas *self, const char *json, double x, double y);
gboolean heddle_canvas_can_insert_template (HeddleCanvas *self, const char *json);

/* The node whose card is there, or NULL; and shows one as what something would be dropped on, NULL: none. */
char *heddle_canvas_dup_node_at (HeddleCanvas *self, double x, double y) G_GNUC_WARN_UNUSED_RESULT;
void heddle_canvas_mark_drop (HeddleCanvas *self, const char *node_id);

/* Where a node's card is and where a port of it is, for tests and for things that point at it. FALSE when there is no such node or port. */
gboolean heddle_canvas_get_node_bounds (HeddleCanvas *self, const char *node_id, graphene_rect_t *bounds);
gboolean heddle_canvas_get_port_position (HeddleCanvas *self, const char *node_id, gboolean output, const char *port, double *x, double *y);

G_END_DECLS
