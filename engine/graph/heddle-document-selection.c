/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "expr/heddle-expr.h"
#include "heddle-error.h"
#include "registry/heddle-policy.h"
#include "value/heddle-json.h"

/* The verbs for many things at once: remove, paste. */

/* Beyond this many pairs, joining everything before a node to everything behind it helps nobody. */
#define MAX_RECONNECT 256

void
heddle_document_remove_edge (HeddleDocument *self, const HeddleEdge *edge)
{
  guint index = heddle_graph_get_edge_index (heddle_document_get_graph (self), edge);

  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_EDGE, NULL, index, heddle_edge_to_json (edge), NULL));
}

static int
compare_descending (gconstpointer a, gconstpointer b)
{
  guint first = *(const guint *) a;
  guint second = *(const guint *) b;

  return first < second ? 1 : first > second ? -1
                                             : 0;
}

static void
add_edge_indices (HeddleGraph *graph, GPtrArray *edges, GArray *indices)
{
  for (guint i = 0; i < edges->len; i++)
    {
      guint index = heddle_graph_get_edge_index (graph, g_ptr_array_index (edges, i));

      g_array_append_val (indices, index);
    }
}

/* From the last to the first, so that few indices move. */
static void
remove_edges_at (HeddleDocument *self, GArray *indices)
{
  HeddleGraph *graph = heddle_document_get_graph (self);

  g_array_sort (indices, compare_descending);
  for (guint i = 0; i < indices->len; i++)
    {
      guint index = g_array_index (indices, guint, i);

      /* An edge between two removed nodes is listed twice. */
      if (i == 0 || index != g_array_index (indices, guint, i - 1))
        heddle_document_remove_edge (self, heddle_graph_get_edge (graph, index));
    }
}

static void
remove_node_at (HeddleDocument *self, guint index)
{
  const HeddleNode *node = heddle_graph_get_node (heddle_document_get_graph (self), index);

  heddle_document_apply (self, heddle_edit_new_for_node (node, index, FALSE));
}

static void
remove_annotation (HeddleDocument *self, const HeddleAnnotation *annotation)
{
  guint index = heddle_graph_get_annotation_index (heddle_document_get_graph (self), annotation->id);

  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_ANNOTATION, annotation->id, index,
                                                heddle_annotation_to_json (annotation), NULL));
}

/* Edges that lead around a node; new copies. */
static GPtrArray *
list_bridges (HeddleGraph *graph, const char *id)
{
  GPtrArray *bridges = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_edge_free);
  GPtrArray *in = heddle_graph_get_in_edges (graph, id);
  GPtrArray *out = heddle_graph_get_out_edges (graph, id);

  if ((guint64) in->len * out->len > MAX_RECONNECT)
    return bridges;
  for (guint i = 0; i < in->len; i++)
    {
      const HeddleEdge *before = g_ptr_array_index (in, i);

      for (guint j = 0; j < out->len; j++)
        {
          const HeddleEdge *after = g_ptr_array_index (out, j);

          g_ptr_array_add (bridges, heddle_edge_new (before->from, before->from_port, after->to, after->to_port));
        }
    }
  return bridges;
}

static void
remove_bridged (HeddleDocument *self, const HeddleNode *node)
{
  HeddleGraph *graph = heddle_document_get_graph (self);
  g_autoptr (GPtrArray) bridges = list_bridges (graph, node->id);
  g_autoptr (GArray) edges = g_array_new (FALSE, FALSE, sizeof (guint));

  add_edge_indices (graph, heddle_graph_get_in_edges (graph, node->id), edges);
  add_edge_indices (graph, heddle_graph_get_out_edges (graph, node->id), edges);
  remove_edges_at (self, edges);
  remove_node_at (self, node->index);
  for (guint i = 0; i < bridges->len; i++)
    {
      const HeddleEdge *bridge = g_ptr_array_index (bridges, i);

      heddle_document_connect (self, bridge->from, bridge->from_port, bridge->to, bridge->to_port, NULL);
    }
}

/* With all of their edges. */
static void
remove_plainly (HeddleDocument *self, const char *const *ids)
{
  HeddleGraph *graph = heddle_document_get_graph (self);
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) edges = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; ids[i] != NULL; i++)
    {
      const HeddleNode *node = heddle_graph_find_node (graph, ids[i]);

      if (node == NULL)
        continue;
      g_array_append_val (nodes, node->index);
      add_edge_indices (graph, heddle_graph_get_in_edges (graph, ids[i]), edges);
      add_edge_indices (graph, heddle_graph_get_out_edges (graph, ids[i]), edges);
    }

  remove_edges_at (self, edges);
  g_array_sort (nodes, compare_descending);
  for (guint i = 0; i < nodes->len; i++)
    {
      guint index = g_array_index (nodes, guint, i);

      if (i == 0 || index != g_array_index (nodes, guint, i - 1))
        remove_node_at (self, index);
    }
}

/* The nodes inside of those that are chosen. */
static GPtrArray *
list_inner_ids (const char *const *chosen, char **all)
{
  GPtrArray *inner = g_ptr_array_new ();
  g_autoptr (GHashTable) set = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; chosen[i] != NULL; i++)
    g_hash_table_add (set, (gpointer) chosen[i]);
  for (guint i = 0; all[i] != NULL; i++)
    {
      if (!g_hash_table_contains (set, all[i]))
        g_ptr_array_add (inner, all[i]);
    }
  g_ptr_array_add (inner, NULL);
  return inner;
}

void
heddle_document_remove (HeddleDocument *self, const char *const *borrowed_ids, gboolean reconnect)
{
  g_auto (GStrv) owned_ids = NULL;
  g_autoptr (GPtrArray) inner = NULL;
  const char *const *ids;
  HeddleGraph *graph;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (borrowed_ids != NULL);

  /* The ids may be those in the nodes that go away. */
  graph = heddle_document_get_graph (self);
  owned_ids = heddle_graph_dup_ids_within (graph, borrowed_ids);
  ids = (const char *const *) owned_ids;
  inner = list_inner_ids (borrowed_ids, owned_ids);
  heddle_document_begin (self, _ ("Delete"));
  remove_plainly (self, reconnect ? (const char *const *) inner->pdata : ids);
  for (guint i = 0; ids[i] != NULL; i++)
    {
      const HeddleNode *node = heddle_graph_find_node (graph, ids[i]);
      const HeddleAnnotation *annotation = heddle_graph_find_annotation (graph, ids[i]);

      if (node != NULL)
        remove_bridged (self, node);
      else if (annotation != NULL)
        remove_annotation (self, annotation);
    }
  heddle_document_end (self);
}

typedef struct
{
  HeddleDocument *document;
  HeddleGraph *part;
  GHashTable *names; /* id in the part → id here */
  double dx, dy;
} Paste;

static void
add_name (Paste *paste, GHashTable *taken, const char *id)
{
  char *name = heddle_document_dup_free_id (paste->document, id, taken);

  g_hash_table_add (taken, g_strdup (name));
  g_hash_table_insert (paste->names, g_strdup (id), name);
}

/* New names differ from all old ones in the part, so that renaming one by one cannot mix them up. */
static void
choose_names (Paste *paste)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) clashing = g_ptr_array_new ();
  HeddleGraph *target = heddle_document_get_graph (paste->document);
  guint n_nodes = heddle_graph_get_n_nodes (paste->part);
  guint n_ids = n_nodes + heddle_graph_get_n_annotations (paste->part);

  for (guint i = 0; i < n_ids; i++)
    {
      const char *id = i < n_nodes ? heddle_graph_get_node (paste->part, i)->id
                                   : heddle_graph_get_annotation (paste->part, i - n_nodes)->id;

      if (heddle_graph_has_id (target, id) || heddle_node_id_is_reserved (id))
        g_ptr_array_add (clashing, (gpointer) id);
      else
        g_hash_table_insert (paste->names, g_strdup (id), g_strdup (id));
      g_hash_table_add (taken, g_strdup (id));
    }
  for (guint i = 0; i < clashing->len; i++)
    add_name (paste, taken, g_ptr_array_index (clashing, i));
}

/* Renames the references that one text really has, however many names there are. */
static char *
rename_references (const char *param, const char *text, gboolean is_expression, gpointer data)
{
  Paste *paste = data;
  char *result = NULL;

  for (const char *p = strchr (text, '$'); p != NULL; p = strchr (p + 1, '$'))
    {
      const char *end = p + 1;
      g_autofree char *id = NULL;
      g_autofree char *source = NULL;
      const char *name;

      while (g_ascii_isalnum (*end) || *end == '_')
        end++;
      id = g_strndup (p + 1, end - p - 1);
      name = g_hash_table_lookup (paste->names, id);
      if (name == NULL || strcmp (name, id) == 0)
        continue;
      source = g_steal_pointer (&result);
      result = is_expression ? heddle_expr_rename (source != NULL ? source : text, id, name)
                             : heddle_template_rename (source != NULL ? source : text, id, name);
    }
  return result;
}

static void
paste_references (Paste *paste, HeddleNode *node)
{
  JsonObject *params = heddle_params_map_texts (node->type, node->params, rename_references, paste);
  JsonObject *policy = node->policy != NULL ? heddle_params_map_texts (&heddle_policy_type, node->policy, rename_references, paste) : NULL;

  if (params != NULL)
    heddle_node_take_params (node, params);
  if (policy != NULL)
    heddle_node_take_object (node, "policy", policy);
}

static double
on_canvas (double number)
{
  return CLAMP (number, -HEDDLE_CANVAS_LIMIT, HEDDLE_CANVAS_LIMIT);
}

static void
paste_node (Paste *paste, const HeddleNode *source)
{
  HeddleGraph *graph = heddle_document_get_graph (paste->document);
  g_autoptr (JsonNode) json = heddle_node_to_json (source);
  HeddleNode *node = heddle_node_new_from_json (json, NULL);

  g_free (node->id);
  node->id = g_strdup (g_hash_table_lookup (paste->names, source->id));
  g_free (node->parent);
  node->parent = source->parent != NULL ? g_strdup (g_hash_table_lookup (paste->names, source->parent)) : NULL;
  node->width = source->width;
  node->height = source->height;
  node->x = on_canvas (source->x + paste->dx);
  node->y = on_canvas (source->y + paste->dy);
  paste_references (paste, node);
  heddle_document_apply (paste->document, heddle_edit_new_for_node (node, heddle_graph_get_n_nodes (graph), TRUE));
  heddle_node_free (node);
}

static HeddlePoint *
dup_points (const Paste *paste, const HeddleEdge *source)
{
  HeddlePoint *points = g_new (HeddlePoint, source->n_points);

  for (guint i = 0; i < source->n_points; i++)
    points[i] = (HeddlePoint){ on_canvas (source->points[i].x + paste->dx), on_canvas (source->points[i].y + paste->dy) };
  return points;
}

static void
paste_edge (Paste *paste, const HeddleEdge *source)
{
  g_autofree HeddlePoint *points = dup_points (paste, source);
  HeddleGraph *graph = heddle_document_get_graph (paste->document);
  HeddleEdge edge = *source;

  if (heddle_graph_find_node (paste->part, source->from) == NULL ||
      heddle_graph_find_node (paste->part, source->to) == NULL)
    return;
  edge.from = g_hash_table_lookup (paste->names, source->from);
  edge.to = g_hash_table_lookup (paste->names, source->to);
  edge.points = points;
  heddle_document_apply (paste->document, heddle_edit_new (HEDDLE_EDIT_EDGE, NULL, heddle_graph_get_n_edges (graph), NULL,
                                                           heddle_edge_to_json (&edge)));
}

static void
paste_annotation (Paste *paste, const HeddleAnnotation *source)
{
  HeddleGraph *graph = heddle_document_get_graph (paste->document);
  HeddleAnnotation annotation = *source;

  annotation.id = g_hash_table_lookup (paste->names, source->id);
  annotation.x = on_canvas (source->x + paste->dx);
  annotation.y = on_canvas (source->y + paste->dy);
  heddle_document_apply (paste->document,
                         heddle_edit_new (HEDDLE_EDIT_ANNOTATION, annotation.id, heddle_graph_get_n_annotations (graph),
                                          NULL, heddle_annotation_to_json (&annotation)));
}

static void
find_corner (HeddleGraph *graph, double *x, double *y)
{
  *x = G_MAXDOUBLE;
  *y = G_MAXDOUBLE;
  for (guint i = 0; i < heddle_graph_get_n_nodes (graph); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (graph, i);

      *x = MIN (*x, node->x);
      *y = MIN (*y, node->y);
    }
  for (guint i = 0; i < heddle_graph_get_n_annotations (graph); i++)
    {
      const HeddleAnnotation *annotation = heddle_graph_get_annotation (graph, i);

      *x = MIN (*x, annotation->x);
      *y = MIN (*y, annotation->y);
    }
}

static char **
list_new_ids (Paste *paste)
{
  GPtrArray *ids = g_ptr_array_new ();

  for (guint i = 0; i < heddle_graph_get_n_nodes (paste->part); i++)
    g_ptr_array_add (ids, g_strdup (g_hash_table_lookup (paste->names, heddle_graph_get_node (paste->part, i)->id)));
  for (guint i = 0; i < heddle_graph_get_n_annotations (paste->part); i++)
    g_ptr_array_add (ids, g_strdup (g_hash_table_lookup (paste->names, heddle_graph_get_annotation (paste->part, i)->id)));
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (ids, FALSE);
}

char **
heddle_document_paste (HeddleDocument *self, const char *json, double x, double y, GError **error)
{
  g_autoptr (HeddleGraph) part = NULL;
  g_autoptr (GHashTable) names = NULL;
  Paste paste = { .document = self };
  double left, top;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), NULL);
  g_return_val_if_fail (json != NULL, NULL);

  part = heddle_graph_new_from_json (json, -1, error);
  if (part == NULL)
    return NULL;
  if (heddle_graph_get_n_nodes (part) + heddle_graph_get_n_annotations (part) == 0)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("There is nothing in it to paste. Copy some nodes first."));
      return NULL;
    }

  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  paste.part = part;
  paste.names = names;
  find_corner (part, &left, &top);
  paste.dx = round (x - left);
  paste.dy = round (y - top);
  choose_names (&paste);

  heddle_document_begin (self, _ ("Paste"));
  for (guint i = 0; i < heddle_graph_get_n_nodes (part); i++)
    paste_node (&paste, heddle_graph_get_node (part, i));
  for (guint i = 0; i < heddle_graph_get_n_edges (part); i++)
    paste_edge (&paste, heddle_graph_get_edge (part, i));
  for (guint i = 0; i < heddle_graph_get_n_annotations (part); i++)
    paste_annotation (&paste, heddle_graph_get_annotation (part, i));
  heddle_document_end (self);
  return list_new_ids (&paste);
}
