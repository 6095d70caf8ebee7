/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-graph.h"

G_BEGIN_DECLS

/*
 * The editable workflow: a graph plus undo history. Every change is a group of primitive edits
 * (kind, key, index, before, after), so undo, the journal and the change signal are one mechanism.
 * Lives in the UI thread.
 *
 * Properties: "can-undo", "can-redo", "undo-label", "redo-label" (translated), "name".
 * Signal "changed" (HeddleChange *change): after each outermost group is applied, undone or redone;
 * not after an abort, which leaves nothing. The last 1000 steps can be undone.
 * Signal "history-lost" (const char *message, translated): a step did not fit the workflow, so it and those behind it are forgotten.
 *
 * A journal entry is {"op":"edit","label","time","joins","edits":[…]}, the same with "undo" or "redo", or {"op":"forget","done"}, so that
 * replaying them restores the history too; see heddle-edit.h for one edit. joins: it goes on with the typing of the step before.
 */
typedef enum
{
  HEDDLE_CHANGE_NODES = 1 << 0, /* added, removed, parameters, title */
  HEDDLE_CHANGE_EDGES = 1 << 1,
  HEDDLE_CHANGE_ANNOTATIONS = 1 << 2,
  HEDDLE_CHANGE_LAYOUT = 1 << 3, /* only positions */
  HEDDLE_CHANGE_META = 1 << 4,   /* name, description, settings */
  HEDDLE_CHANGE_ALL = 0x1f,      /* loaded anew */
} HeddleChangeFlags;

typedef struct
{
  HeddleChangeFlags flags;
  GPtrArray *nodes; /* char* ids of nodes and annotations touched (added, removed, changed, moved); NULL with ALL */
  JsonNode *edits;  /* the journal entry; NULL after replay, which is in the journal already */
} HeddleChange;

typedef enum
{
  HEDDLE_ALIGN_LEFT,
  HEDDLE_ALIGN_CENTER,
  HEDDLE_ALIGN_RIGHT,
  HEDDLE_ALIGN_TOP,
  HEDDLE_ALIGN_MIDDLE,
  HEDDLE_ALIGN_BOTTOM,
} HeddleAlignment;

#define HEDDLE_TYPE_DOCUMENT (heddle_document_get_type ())
G_DECLARE_FINAL_TYPE (HeddleDocument, heddle_document, HEDDLE, DOCUMENT, GObject)

/* A document over a graph (takes a reference); NULL: a new empty workflow with a fresh id. */
HeddleDocument *heddle_document_new (HeddleGraph *graph) G_GNUC_WARN_UNUSED_RESULT;
HeddleGraph *heddle_document_get_graph (HeddleDocument *self);

/* Edits between begin and end are one undo step with this translated label; groups nest. */
void heddle_document_begin (HeddleDocument *self, const char *label);
void heddle_document_end (HeddleDocument *self);
/* Ends the group and takes back what it did, without an undo step. */
void heddle_document_abort (HeddleDocument *self);

/* Adds a node of the type with a free id made from it; returns the id (borrowed until the next edit). */
const char *heddle_document_add_node (HeddleDocument *self, const char *type_id, JsonObject *params, double x, double y);
const char *heddle_document_add_annotation (HeddleDocument *self, HeddleAnnotationKind kind, const char *text, double x, double y, double width, double height);
void heddle_document_set_annotation (HeddleDocument *self, const char *id, const char *text, const char *color, double x, double y, double width, double height);
/* Removes nodes (with their edges) and annotations. reconnect: joins what came in to what went out, where types allow. */
void heddle_document_remove (HeddleDocument *self, const char *const *ids, gboolean reconnect);
/* Ports NULL or "": the default ones. Error HEDDLE_ERROR_INVALID with the reason of heddle_graph_can_connect. */
gboolean heddle_document_connect (HeddleDocument *self, const char *from, const char *from_port, const char *to, const char *to_port, GError **error);
gboolean heddle_document_disconnect (HeddleDocument *self, const char *from, const char *from_port, const char *to, const char *to_port);
/* What is in a container goes with it. A frame that a node would leave grows. */
void heddle_document_move (HeddleDocument *self, const char *const *ids, double dx, double dy);
void heddle_document_set_position (HeddleDocument *self, const char *id, double x, double y);
/* value NULL or equal to the default: the parameter is left out. Typing in one field within 1 s is one undo step. Edges
 * follow an output port that got another name and go with one that no longer exists. Inside a group of the caller nothing is joined. */
void heddle_document_set_param (HeddleDocument *self, const char *id, const char *param, JsonNode *value);
/* The same parameter of several nodes that have it, as one step. */
void heddle_document_set_params (HeddleDocument *self, const char *const *ids, const char *param, JsonNode *value);
/* An object beside the parameters, "policy" or "tool"; NULL or empty: none. Typing in it within 1 s is one undo step. */
void heddle_document_set_node_object (HeddleDocument *self, const char *id, const char *name, JsonObject *object);
/* A result that stands for running the node, {"output":…, further keys}; NULL: none. */
void heddle_document_set_pin (HeddleDocument *self, const char *id, JsonNode *result);
/*
 * Puts nodes into a container, or out of any (NULL). Edges that would lead over the frame go with them; references stay. Their
 * places stay, and the frame grows around them when the outermost group ends, so moving them in the same group, before or after, is
 * counted. Fails when the container is one of them or in one of them, and for nodes that begin a run.
 */
gboolean heddle_document_set_parent (HeddleDocument *self, const char *const *ids, const char *parent, GError **error);
/* Place and size of a container's frame; what is in it stays where it is. Never smaller than its nodes need. Moving one (heddle_document_move) moves what is in it. */
void heddle_document_set_frame (HeddleDocument *self, const char *id, double x, double y, double width, double height);
/*
 * Puts nodes into a new subflow in their place, wired as they were: one step. Fails with a sentence that says why when they cannot be
 * one: what comes in from two sources, or goes out from two places. Returns its id (borrowed until the next edit).
 */
const char *heddle_document_extract (HeddleDocument *self, const char *const *ids, GError **error);
/* The contrary: takes a subflow's frame away and wires its nodes as they were. Fails when that would change what the workflow means. */
gboolean heddle_document_inline (HeddleDocument *self, const char *id, GError **error);
/* Puts another workflow (its JSON) in place of a node that runs it, as a subflow: its Input's fields, and its Output. */
const char *heddle_document_inline_workflow (HeddleDocument *self, const char *id, const char *json, GError **error);
/* A subflow as a workflow of its own, with an Input and an Output; for "save as workflow". JSON text. */
char *heddle_document_dup_subflow_json (HeddleDocument *self, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_document_set_title (HeddleDocument *self, const char *id, const char *title);
/* Whether nodes take part in runs. */
void heddle_document_set_mode (HeddleDocument *self, const char *const *ids, HeddleNodeMode mode);
/* Draws a container as a card, or an annotation's frame as its title. */
void heddle_document_set_collapsed (HeddleDocument *self, const char *id, gboolean collapsed);
/* What the line of an edge is led through, in the order of its way; none: it finds its own. The edge must exist. */
void heddle_document_set_edge_points (HeddleDocument *self, const char *from, const char *from_port, const char *to, const char *to_port, const HeddlePoint *points, guint n_points);
/* Nodes and annotations: one of their sides or middles on one line, or the same room between each and the next. What is in a container goes with it. */
void heddle_document_align (HeddleDocument *self, const char *const *ids, HeddleAlignment alignment);
void heddle_document_distribute (HeddleDocument *self, const char *const *ids, gboolean vertically);
/* Changes a node's id and rewrites every reference in one step. Fails with HEDDLE_ERROR_INVALID on a bad or taken name. */
gboolean heddle_document_rename (HeddleDocument *self, const char *id, const char *new_id, GError **error);
void heddle_document_set_name (HeddleDocument *self, const char *name);
void heddle_document_set_description (HeddleDocument *self, const char *description);
/* One member of the workflow's settings; NULL removes it. label: translated, for undo. */
void heddle_document_set_setting (HeddleDocument *self, const char *key, const char *label, JsonNode *value);

/* Inserts a partial workflow (as from selection_to_json) with its top left at x, y, under fresh ids where taken; references inside follow.
 * Returns the new ids (strv) or NULL with error. */
char **heddle_document_paste (HeddleDocument *self, const char *json, double x, double y, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Leads to what was pasted from a text (heddle_graph_copy_to_json) what led to the originals, as far as that is still here and may be. ids: as
 * the paste returned them. Returns how many edges that were; n_left_out, which may be NULL: how many could not be. In the caller's group.
 */
guint heddle_document_connect_pasted (HeddleDocument *self, const char *text, const char *const *ids, guint *n_left_out);
/*
 * Moves nodes of one frame, such as those that were just wired, to a place near their neighbours, as they lie to each other: no further than
 * needed, and those behind them, with what these would cover, only if there is no room.
 */
void heddle_document_settle (HeddleDocument *self, const char *const *ids);
void heddle_document_tidy (HeddleDocument *self, const char *const *ids);

gboolean heddle_document_undo (HeddleDocument *self);
gboolean heddle_document_redo (HeddleDocument *self);

/* Makes the workflow what target is, but for its id, in one step with this translated label; none when it is that already. */
void heddle_document_restore (HeddleDocument *self, HeddleGraph *target, const char *label);

/* One step of the history. */
typedef struct
{
  const char *label; /* borrowed until the next edit */
  gint64 time;       /* µs since the epoch; 0: not known */
} HeddleStepInfo;
/* Of HeddleStepInfo, oldest first: those that can be undone, then those that can be redone. */
GArray *heddle_document_list_steps (HeddleDocument *self) G_GNUC_WARN_UNUSED_RESULT;
/* How many of them are done. */
guint heddle_document_get_n_done (HeddleDocument *self);
/* Undoes or redoes until n are done; emits "changed" for each. */
void heddle_document_go_to_step (HeddleDocument *self, guint n);
/* The history before the current state: journal entries, oldest first, that are in the graph already. For a document nobody has edited yet; what is damaged,
 * and all before it, is left out. An undo or redo needs no edits here. */
void heddle_document_load_history (HeddleDocument *self, JsonNode *entries);

/*
 * Journal: replays one entry (HeddleChange.edits) or an array of them on top of the current state, history included, so
 * undo survives a restart. On a damaged entry fails with HEDDLE_ERROR_INVALID; what came before it stays applied. Emits
 * "changed" once, with HEDDLE_CHANGE_ALL.
 */
gboolean heddle_document_replay (HeddleDocument *self, JsonNode *edits, GError **error);

G_END_DECLS
