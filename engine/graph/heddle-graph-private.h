/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-graph.h"

G_BEGIN_DECLS

/* Inside of the graph, for the files of this folder. Only HeddleDocument and the reader change a graph. */

typedef struct _HeddleVertex HeddleVertex;

/* What is known of a node as long as its parameters stay; see heddle-graph-validate.c. */
typedef struct _HeddleNodeCheck HeddleNodeCheck;

/* An edge in the graph; the public part comes first, so a pointer to it is a HeddleEdge. */
typedef struct
{
  HeddleEdge edge;
  guint index; /* in document order */
  HeddleVertex *from, *to;
} HeddleLink;

/* An id that a node has or that an edge or a node in it names. Exists as long as one of them does. */
struct _HeddleVertex
{
  HeddleNode *node; /* owned; NULL when others only name it */
  GPtrArray *in;    /* HeddleLink*, in document order */
  GPtrArray *out;
  HeddleVertex *parent;   /* what its node names as parent, or NULL */
  GPtrArray *children;    /* HeddleVertex* whose nodes name it as parent, in document order */
  HeddleNodeCheck *check; /* cache or NULL */
  guint mark;             /* of the last search that came by */
  char id[];
};

struct _HeddleGraph
{
  GObject parent_instance;

  char *id;
  char *name;
  char *description;
  JsonObject *settings;
  JsonObject *extra; /* unknown keys or NULL */

  GHashTable *vertices; /* id → HeddleVertex, owned */
  GPtrArray *nodes;     /* HeddleVertex* with a node, in document order */
  GPtrArray *links;     /* HeddleLink*, owned, in document order */
  GHashTable *link_set; /* set of HeddleEdge*; of equal ones the first */
  GPtrArray *annotations;
  GHashTable *annotation_ids;
  GPtrArray *no_edges; /* always empty */
  guint mark;
};

/* Nodes. JSON is one entry of "nodes"; the position is not in it. */
HeddleNode *heddle_node_new (const char *id, const char *type_id) G_GNUC_WARN_UNUSED_RESULT;
void heddle_node_free (HeddleNode *node);
HeddleNode *heddle_node_new_from_json (JsonNode *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *heddle_node_to_json (const HeddleNode *node) G_GNUC_WARN_UNUSED_RESULT;
/* Takes params and stores them in the order of the specs, defaults left out. */
void heddle_node_take_params (HeddleNode *node, JsonObject *params);
/* A copy in which parameters that other programs spell in camelCase have our names. */
JsonObject *heddle_params_respell (const HeddleNodeType *type, JsonObject *params) G_GNUC_WARN_UNUSED_RESULT;
/* Where a parameter of this name stands or would stand. */
guint heddle_node_get_param_index (const HeddleNode *node, const char *param);
/* Objects beside the parameters, by name: "policy", "tool", "pin". */
gboolean heddle_node_is_object_name (const char *name);
JsonNode *heddle_node_dup_object (const HeddleNode *node, const char *name) G_GNUC_WARN_UNUSED_RESULT;
/* Takes object; NULL or empty: none. */
void heddle_node_take_object (HeddleNode *node, const char *name, JsonObject *object);
/* The names, NULL-terminated, in the order of the file. */
const char *const *heddle_node_list_object_names (void);
/* What is said in one word, by name: "mode", "collapsed". NULL: what is usual. A value that is not known is in extra. */
const char *const *heddle_node_list_state_names (void);
gboolean heddle_node_is_state_name (const char *name);
void heddle_node_set_state (HeddleNode *node, const char *name, JsonNode *value);
JsonNode *heddle_node_dup_state (const HeddleNode *node, const char *name) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *heddle_node_mode_to_json (HeddleNodeMode mode) G_GNUC_WARN_UNUSED_RESULT; /* NULL: on */
gboolean heddle_param_is_default (const HeddleNodeType *type, const char *param, JsonNode *value);
const char *heddle_node_get_default_input (const HeddleNode *node);  /* "" when unknown; node may be NULL */
const char *heddle_node_get_default_output (const HeddleNode *node); /* same */
/* The port that an edge between the two has when it names none: between a container and a node in it one within the frame. Each may be NULL. */
const char *heddle_node_get_default_output_to (const HeddleNode *from, const HeddleNode *to);
const char *heddle_node_get_default_input_from (const HeddleNode *to, const HeddleNode *from);
gboolean heddle_node_id_is_identifier (const char *id);
gboolean heddle_node_id_is_reserved (const char *id);

/* Edges. Ends are "node" or "node.port". */
HeddleEdge *heddle_edge_new (const char *from, const char *from_port, const char *to, const char *to_port) G_GNUC_WARN_UNUSED_RESULT;
void heddle_edge_free (HeddleEdge *edge);
HeddleEdge *heddle_edge_new_from_json (JsonNode *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *heddle_edge_to_json (const HeddleEdge *edge) G_GNUC_WARN_UNUSED_RESULT;
/* What the file has as "via": the points, what this version cannot read, or NULL. */
JsonNode *heddle_edge_dup_via (const HeddleEdge *edge) G_GNUC_WARN_UNUSED_RESULT;
guint heddle_edge_hash (gconstpointer edge);
gboolean heddle_edge_equal (gconstpointer a, gconstpointer b);

HeddleAnnotation *heddle_annotation_new (HeddleAnnotationKind kind, const char *id) G_GNUC_WARN_UNUSED_RESULT;
void heddle_annotation_free (HeddleAnnotation *annotation);
HeddleAnnotation *heddle_annotation_new_from_json (JsonNode *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonNode *heddle_annotation_to_json (const HeddleAnnotation *annotation) G_GNUC_WARN_UNUSED_RESULT;

/* Keys of object besides the known ones (NULL-terminated), or NULL when there are none. */
JsonObject *heddle_json_dup_extra (JsonObject *object, const char *const *known) G_GNUC_WARN_UNUSED_RESULT;
void heddle_json_add_extra (JsonObject *object, JsonObject *extra);
gboolean heddle_json_read_boolean (JsonNode *json, gboolean *value);
/* Reads count finite numbers within the canvas from an array. */
gboolean heddle_json_read_numbers (JsonNode *json, double *numbers, guint count);
JsonNode *heddle_json_numbers (const double *numbers, guint count) G_GNUC_WARN_UNUSED_RESULT;

/* Mutation. Each takes what it inserts; the id must be free, the index within range. */
HeddleVertex *heddle_graph_find_vertex (HeddleGraph *self, const char *id);
void heddle_graph_insert_node (HeddleGraph *self, HeddleNode *node, guint index);
void heddle_graph_remove_node (HeddleGraph *self, guint index);
void heddle_graph_insert_edge (HeddleGraph *self, HeddleEdge *edge, guint index);
void heddle_graph_remove_edge (HeddleGraph *self, guint index);
/* The same as removing it and inserting the other one in its place. */
void heddle_graph_replace_edge (HeddleGraph *self, HeddleEdge *edge, guint index);
guint heddle_graph_get_edge_index (HeddleGraph *self, const HeddleEdge *edge);
void heddle_graph_insert_annotation (HeddleGraph *self, HeddleAnnotation *annotation, guint index);
void heddle_graph_remove_annotation (HeddleGraph *self, guint index);
guint heddle_graph_get_annotation_index (HeddleGraph *self, const char *id);
void heddle_graph_set_title (HeddleGraph *self, const char *id, const char *title);
void heddle_graph_set_position (HeddleGraph *self, const char *id, double x, double y);
void heddle_graph_set_size (HeddleGraph *self, const char *id, double width, double height);
/* parent NULL: none. It need not exist. */
void heddle_graph_set_parent (HeddleGraph *self, const char *id, const char *parent);
/* value NULL removes. */
void heddle_graph_set_param (HeddleGraph *self, const char *id, const char *param, guint index, JsonNode *value);
/* object NULL removes. */
void heddle_graph_set_node_object (HeddleGraph *self, const char *id, const char *name, JsonNode *object);
/* value NULL: what is usual. */
void heddle_graph_set_node_state (HeddleGraph *self, const char *id, const char *name, JsonNode *value);
/* Changes the id in the node and in its edges, not in expressions. */
void heddle_graph_set_node_id (HeddleGraph *self, const char *id, const char *new_id);
/* Whether an id is taken by a node, an edge's end or an annotation. */
gboolean heddle_graph_has_id (HeddleGraph *self, const char *id);

/* Whether a port is one within the frame; node may be NULL. */
gboolean heddle_node_has_inner_output (const HeddleNode *node, const char *port);
gboolean heddle_node_has_inner_input (const HeddleNode *node, const char *port);
gboolean heddle_link_is_inner (const HeddleLink *link);
/* Whether the two are in the same container, or both in none. */
gboolean heddle_node_is_beside (const HeddleNode *node, const HeddleNode *other);
/* The vertex itself or the frame around it that is beside another one; NULL: none, so it does not see that one. */
HeddleVertex *heddle_vertex_lift_beside (HeddleVertex *vertex, const HeddleVertex *other);
/* The ids and those of everything in them, each once; strv. */
char **heddle_graph_dup_ids_within (HeddleGraph *self, const char *const *ids) G_GNUC_WARN_UNUSED_RESULT;
/* Those of the ids that are not in another one of them, which takes them along: char*. */
GPtrArray *heddle_graph_list_outermost (HeddleGraph *self, const char *const *ids) G_GNUC_WARN_UNUSED_RESULT;
/* The frame of a container grown as far as what is in it needs: x, y, width, height. */
void heddle_vertex_measure_frame (const HeddleVertex *vertex, double frame[4]);
/* Grows every frame around what is in it. */
void heddle_graph_fit_frames (HeddleGraph *self);
/* See heddle_graph_is_active (). */
gboolean heddle_vertex_is_active (const HeddleVertex *vertex);
gboolean heddle_link_is_tool (const HeddleLink *link);
gboolean heddle_vertex_is_tool (const HeddleVertex *vertex);

void heddle_node_check_free (HeddleNodeCheck *check);

/* New text or NULL to leave it. */
typedef char *(*HeddleTextMap) (const char *param, const char *text, gboolean is_expression, gpointer data);
/* Calls map for every template and expression in the parameters; a new object when any changed, else NULL. type NULL: every string is taken as a template. */
JsonObject *heddle_params_map_texts (const HeddleNodeType *type, JsonObject *params, HeddleTextMap map, gpointer data);

G_END_DECLS
