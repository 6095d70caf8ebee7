/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

#define HEDDLE_FORMAT "heddle-workflow"
#define HEDDLE_FORMAT_VERSION 1

#define HEDDLE_GRID 16.0
/* Every card has the same width, and most this height; see heddle_node_get_size (). */
#define HEDDLE_CARD_WIDTH 208.0
#define HEDDLE_CARD_HEIGHT 72.0
/* At the bottom of a card, for a text to read. */
#define HEDDLE_CARD_TEXT_HEIGHT 56.0
/* From one port to the next. */
#define HEDDLE_PORT_STEP 20.0
/* The frame of a container: how much of it its nodes leave free at each side, for its header and its inner ports, and how large an empty one is. */
#define HEDDLE_FRAME_TOP 96.0
#define HEDDLE_FRAME_PORT 36.0 /* the first of its outer ports, below its top */
#define HEDDLE_FRAME_SIDE 144.0
#define HEDDLE_FRAME_BOTTOM 32.0
#define HEDDLE_FRAME_WIDTH 576.0
#define HEDDLE_FRAME_HEIGHT 240.0
/* Containers in containers and circles in circles, all together. */
#define HEDDLE_MAX_NESTING 16
/* Coordinates lie within ± this. */
#define HEDDLE_CANVAS_LIMIT 1e8

/* Whether a node takes part in runs; "mode" in the file: "off" or "bypass". */
typedef enum
{
  HEDDLE_NODE_ON,
  HEDDLE_NODE_OFF,    /* is skipped, and so is what only it leads to */
  HEDDLE_NODE_BYPASS, /* what comes in goes out as it is */
} HeddleNodeMode;

typedef struct
{
  double x, y;
} HeddlePoint;

/*
 * The model of a workflow: nodes, edges, annotations. Read-only for everybody but HeddleDocument,
 * which applies edits. Lives in one thread. Node, edge and annotation structs are owned by the
 * graph and replaced or freed by edits: do not keep pointers over an edit, keep ids.
 */
typedef struct
{
  char *id; /* identifier, unique: the name in expressions */
  char *type_id;
  const HeddleNodeType *type; /* NULL when unknown: a placeholder card */
  char *title;                /* free text or NULL: the type's title */
  JsonObject *params;         /* only what differs from defaults; treat as immutable */
  JsonObject *policy;         /* what happens when it fails, or NULL; same */
  JsonObject *tool;           /* how an agent sees it, or NULL; same */
  JsonNode *pin;              /* {"output":…, further keys}: a result that is used instead of running it, or NULL; sealed */
  char *parent;               /* the container (HEDDLE_NODE_CONTAINER) that it is in, or NULL */
  JsonObject *extra;          /* keys this version does not know, or NULL */
  double x, y;                /* top left corner in canvas units */
  double width, height;       /* of a container's frame; 0 for cards, see heddle_node_get_size () */
  HeddleNodeMode mode;
  gboolean collapsed; /* a container that is drawn as a card, without what is in it; the frame keeps its size */
  guint index;        /* position in document order */
} HeddleNode;

typedef struct
{
  /* Ports are always named here, also the default ones; "" is the default port of a node that is missing or of unknown type. */
  char *from, *from_port;
  char *to, *to_port;
  HeddlePoint *points; /* that its line is led through, from its start to its end; "via" in the file */
  guint n_points;
  JsonObject *extra;
} HeddleEdge;

typedef enum
{
  HEDDLE_ANNOTATION_NOTE,
  HEDDLE_ANNOTATION_FRAME,
} HeddleAnnotationKind;

typedef struct
{
  char *id;
  HeddleAnnotationKind kind;
  char *text;
  char *color; /* name of a palette colour or NULL */
  double x, y, width, height;
  gboolean collapsed; /* a frame that is drawn as its title only, without what lies in it */
  JsonObject *extra;
} HeddleAnnotation;

#define HEDDLE_TYPE_GRAPH (heddle_graph_get_type ())
G_DECLARE_FINAL_TYPE (HeddleGraph, heddle_graph, HEDDLE, GRAPH, GObject)

/* Whether id can name a node: a letter or "_", then letters, digits, "_"; and no built-in root such as "input". */
gboolean heddle_node_id_check (const char *id, GError **error);

HeddleGraph *heddle_graph_new (void) G_GNUC_WARN_UNUSED_RESULT;

const char *heddle_graph_get_id (HeddleGraph *self); /* uuid */
const char *heddle_graph_get_name (HeddleGraph *self);
const char *heddle_graph_get_description (HeddleGraph *self);
JsonObject *heddle_graph_get_settings (HeddleGraph *self); /* borrowed, never NULL */

guint heddle_graph_get_n_nodes (HeddleGraph *self);
const HeddleNode *heddle_graph_get_node (HeddleGraph *self, guint index);               /* document order */
const HeddleNode *heddle_graph_find_node (HeddleGraph *self, const char *id);           /* O(1) */
const char *heddle_node_get_title (const HeddleNode *node);                             /* title or the type's, translated */
GPtrArray *heddle_node_list_outputs (const HeddleNode *node) G_GNUC_WARN_UNUSED_RESULT; /* char*; the outer ones of a container */
/* How large it is drawn, in canvas units: a card by what it shows, a container by its frame unless it is collapsed; one of unknown type as a card. */
void heddle_node_get_size (const HeddleNode *node, double *width, double *height);
/* How far below the top of a card the middle of a port is. */
double heddle_card_get_port_y (gboolean output, guint index, guint n_ports);
/* The parameter whose text is shown on the card, which is taller for it: what a model is told, what a workflow ends with. NULL: none. */
const char *heddle_node_get_text_param (const HeddleNode *node);
gboolean heddle_node_is_container (const HeddleNode *node); /* drawn as a frame; of unknown types those with a size */

/* Whether it may run: neither it nor a container around it is off or bypassed. */
gboolean heddle_graph_is_active (HeddleGraph *self, const char *id);

guint heddle_graph_get_n_edges (HeddleGraph *self);
const HeddleEdge *heddle_graph_get_edge (HeddleGraph *self, guint index);
const HeddleEdge *heddle_graph_find_edge (HeddleGraph *self, const char *from, const char *from_port, const char *to, const char *to_port);
/* Borrowed arrays of const HeddleEdge*, in document order; never NULL. */
GPtrArray *heddle_graph_get_in_edges (HeddleGraph *self, const char *node_id);
GPtrArray *heddle_graph_get_out_edges (HeddleGraph *self, const char *node_id);

guint heddle_graph_get_n_annotations (HeddleGraph *self);
const HeddleAnnotation *heddle_graph_get_annotation (HeddleGraph *self, guint index);
const HeddleAnnotation *heddle_graph_find_annotation (HeddleGraph *self, const char *id);

/*
 * Workflow JSON. Load fails with one clear sentence; unknown keys and node types survive.
 * Dangling edges, bad ports and frames inside of themselves load as they are and are reported by
 * validate; what cannot be represented, such as an id that is used twice, is an error. Save is canonical.
 */
HeddleGraph *heddle_graph_new_from_json (const char *text, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *heddle_graph_to_json (HeddleGraph *self) G_GNUC_WARN_UNUSED_RESULT;
/* Nodes and annotations with these ids and the edges among them, in the same format without id and name. */
char *heddle_graph_selection_to_json (HeddleGraph *self, const char *const *ids) G_GNUC_WARN_UNUSED_RESULT;
/* The same for the clipboard: "incoming" has the edges from other nodes, for heddle_document_connect_pasted (). */
char *heddle_graph_copy_to_json (HeddleGraph *self, const char *const *ids) G_GNUC_WARN_UNUSED_RESULT;

/* As text that Mermaid and Graphviz draw: titles, names of ports, boxes for containers; nothing that was filled in. */
char *heddle_graph_to_mermaid (HeddleGraph *self) G_GNUC_WARN_UNUSED_RESULT;
char *heddle_graph_to_dot (HeddleGraph *self) G_GNUC_WARN_UNUSED_RESULT;

/* Whether an edge may be drawn; FALSE with a translated sentence why not. */
gboolean heddle_graph_can_connect (HeddleGraph *self, const char *from, const char *from_port, const char *to, const char *to_port, char **reason);

/* Whether an edge makes what it comes from a tool, and whether a node is one: no step of the flow but called by an agent. */
gboolean heddle_graph_is_tool_edge (HeddleGraph *self, const HeddleEdge *edge);
gboolean heddle_graph_is_tool (HeddleGraph *self, const char *id);
/*
 * An edge between a container and a node in it, or between a container's inner ports: its end at the container is one of the type's
 * inner ports. All other edges join nodes of one container.
 */
gboolean heddle_graph_is_inner_edge (HeddleGraph *self, const HeddleEdge *edge);
/* Whether id is in container, at whatever depth. */
gboolean heddle_graph_is_within (HeddleGraph *self, const char *id, const char *container);
/* Ids of the nodes whose parent is container (NULL: those without one), in document order; borrowed char*. */
GPtrArray *heddle_graph_list_children (HeddleGraph *self, const char *container) G_GNUC_WARN_UNUSED_RESULT;

/* A loop that is made by an edge that leads back: nodes that lead to each other, and the one through which they are entered. */
typedef struct
{
  char *entry;
  GPtrArray *nodes; /* char*, the entry included, in document order */
  int parent;       /* index of the loop it is in; -1: none */
} HeddleGraphLoop;
void heddle_graph_loop_free (HeddleGraphLoop *loop);
/* HeddleGraphLoop*, outer ones before those in them. Loops with two entries are left out; validate reports them. O(nodes + edges) per level. */
GPtrArray *heddle_graph_list_loops (HeddleGraph *self) G_GNUC_WARN_UNUSED_RESULT;

/* How an agent sees the node: {"name","description","parameters":JSON Schema,"approval","timeout":seconds,"hand_off"}, all there. Sealed. */
JsonNode *heddle_node_dup_tool_spec (const HeddleNode *node) G_GNUC_WARN_UNUSED_RESULT;

/* All problems, worst first then document order; owned array of HeddleProblem*. O(nodes + edges). */
GPtrArray *heddle_graph_validate (HeddleGraph *self) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a value, or one inside it, looks like a key or password; name: what it is called. */
gboolean heddle_value_looks_secret (const char *name, JsonNode *value);
/* Strings in params, headers, URLs that look like secrets: array of HeddleProblem* (warnings). For export. */
GPtrArray *heddle_graph_list_secret_suspects (HeddleGraph *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
