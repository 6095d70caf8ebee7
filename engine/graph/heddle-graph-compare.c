/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-compare.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "graph/heddle-graph-private.h"
#include "registry/heddle-node-type.h"
#include "value/heddle-json.h"

static void
detail_free (gpointer data)
{
  HeddleDifferenceDetail *detail = data;

  g_free (detail->label);
  g_free (detail->before);
  g_free (detail->after);
  g_free (detail);
}

void
heddle_difference_free (HeddleDifference *difference)
{
  if (difference == NULL)
    return;
  g_free (difference->id);
  g_free (difference->old_id);
  g_free (difference->title);
  g_ptr_array_unref (difference->details);
  g_free (difference);
}

static HeddleDifference *
add_difference (GPtrArray *list, HeddleDifferencePart part, HeddleDifferenceKind kind, const char *old_id, const char *id)
{
  HeddleDifference *difference = g_new0 (HeddleDifference, 1);

  difference->part = part;
  difference->kind = kind;
  difference->old_id = g_strdup (old_id);
  difference->id = g_strdup (id);
  difference->details = g_ptr_array_new_with_free_func (detail_free);
  g_ptr_array_add (list, difference);
  return difference;
}

static char *
dup_text (JsonNode *value)
{
  if (value == NULL)
    return NULL;
  return heddle_json_is_string (value) ? g_strdup (json_node_get_string (value)) : heddle_json_to_text (value, HEDDLE_JSON_COMPACT);
}

static void
add_detail (HeddleDifference *difference, const char *label, JsonNode *before, JsonNode *after)
{
  HeddleDifferenceDetail *detail;

  if (before == after || (before != NULL && after != NULL && heddle_json_equal (before, after)))
    return;
  detail = g_new (HeddleDifferenceDetail, 1);
  *detail = (HeddleDifferenceDetail){ g_strdup (label), dup_text (before), dup_text (after) };
  g_ptr_array_add (difference->details, detail);
}

static void
add_text_detail (HeddleDifference *difference, const char *label, const char *before, const char *after)
{
  g_autoptr (JsonNode) old = before != NULL ? heddle_json_string (before) : NULL;
  g_autoptr (JsonNode) new = after != NULL ? heddle_json_string (after) : NULL;

  add_detail (difference, label, old, new);
}

/* What the keys of the file are called; others have no better name than their own. */
static const char *
get_key_label (const char *key)
{
  static const struct
  {
    const char *key;
    const char *label;
  } labels[] = {
    { "id", N_ ("Name in expressions") },
    { "type", N_ ("Type") },
    { "title", N_ ("Title") },
    { "parent", N_ ("Container") },
    { "mode", N_ ("Execution") },
    { "policy", N_ ("When it fails") },
    { "tool", N_ ("As a tool") },
    { "pin", N_ ("Pinned output") },
    { "collapsed", N_ ("Collapsed") },
    { "via", N_ ("Way of the line") },
    { "kind", N_ ("Kind") },
    { "text", N_ ("Text") },
    { "color", N_ ("Color") },
    { "name", N_ ("Name") },
    { "description", N_ ("Description") },
    { "env", N_ ("Environment") },
    { "budget", N_ ("Budget") },
    { "retention", N_ ("Kept runs") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      if (strcmp (labels[i].key, key) == 0)
        return _ (labels[i].label);
    }
  return key;
}

static const char *
get_param_label (const HeddleNodeType *type, const char *param)
{
  const HeddleParamSpec *spec = type != NULL ? heddle_node_type_find_param (type, param) : NULL;

  return spec != NULL ? _ (spec->title) : param;
}

/* Members of two objects (NULL: none) that differ, those of the later one first. skip: NULL, or keys that are left out. */
static void
compare_members (HeddleDifference *difference, JsonObject *before, JsonObject *after, const HeddleNodeType *type, const char *const *skip)
{
  g_autoptr (GList) new_names = after != NULL ? json_object_get_members (after) : NULL;
  g_autoptr (GList) old_names = before != NULL ? json_object_get_members (before) : NULL;
  GList *names = g_list_concat (g_steal_pointer (&new_names), g_steal_pointer (&old_names));
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (GList *link = names; link != NULL; link = link->next)
    {
      const char *name = link->data;

      if (!g_hash_table_add (seen, link->data) || (skip != NULL && g_strv_contains (skip, name)))
        continue;
      add_detail (difference, type != NULL || skip == NULL ? get_param_label (type, name) : get_key_label (name),
                  before != NULL ? json_object_get_member (before, name) : NULL,
                  after != NULL ? json_object_get_member (after, name) : NULL);
    }
  g_list_free (names);
}

static void
compare_params (HeddleDifference *difference, const HeddleNode *before, const HeddleNode *after)
{
  compare_members (difference, before->params, after->params, after->type, NULL);
}

static gboolean
is_moved (const HeddleNode *before, const HeddleNode *after)
{
  return before->x != after->x || before->y != after->y || before->width != after->width || before->height != after->height;
}

static void
compare_nodes (GPtrArray *list, const HeddleNode *before, const HeddleNode *after)
{
  static const char *const apart[] = { "params", NULL };
  g_autoptr (JsonNode) old = heddle_node_to_json (before);
  g_autoptr (JsonNode) new = heddle_node_to_json (after);
  gboolean moved = is_moved (before, after);
  HeddleDifference *difference;

  if (!moved && heddle_json_equal (old, new))
    return;
  difference = add_difference (list, HEDDLE_PART_NODE, HEDDLE_DIFFERENCE_CHANGED, before->id, after->id);
  difference->title = g_strdup (heddle_node_get_title (after));
  compare_members (difference, json_node_get_object (old), json_node_get_object (new), NULL, apart);
  compare_params (difference, before, after);
  if (difference->details->len == 0)
    difference->kind = HEDDLE_DIFFERENCE_MOVED;
}

/* Where a node is and what it is, but for its name. */
static char *
dup_likeness (const HeddleNode *node)
{
  g_autoptr (JsonNode) json = heddle_node_to_json (node);
  g_autoptr (JsonNode) params = heddle_json_object (json_object_ref (node->params));
  g_autofree char *text = heddle_json_to_text (params, HEDDLE_JSON_COMPACT);

  return g_strdup_printf ("%s %g %g %s", node->type_id, node->x, node->y, text);
}

/* Ids of nodes that are not in after, by their likeness; a likeness that two have is no sign. */
static GHashTable *
index_removed (HeddleGraph *before, HeddleGraph *after)
{
  GHashTable *removed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < heddle_graph_get_n_nodes (before); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (before, i);

      if (heddle_graph_find_node (after, node->id) == NULL)
        g_hash_table_replace (removed, dup_likeness (node), node->id);
    }
  return removed;
}

/* The node that this one was; renamed: id before → id after. */
static const HeddleNode *
find_origin (HeddleGraph *before, const HeddleNode *node, GHashTable *removed, GHashTable *renamed)
{
  const HeddleNode *found = heddle_graph_find_node (before, node->id);
  g_autofree char *likeness = NULL;
  const char *id;

  if (found != NULL || g_hash_table_size (removed) == 0)
    return found;
  likeness = dup_likeness (node);
  id = g_hash_table_lookup (removed, likeness);
  if (id == NULL)
    return NULL;
  g_hash_table_remove (removed, likeness);
  g_hash_table_insert (renamed, (gpointer) id, node->id);
  return heddle_graph_find_node (before, id);
}

static void
compare_all_nodes (GPtrArray *list, HeddleGraph *before, HeddleGraph *after, GHashTable *renamed)
{
  g_autoptr (GHashTable) removed = index_removed (before, after);

  for (guint i = 0; i < heddle_graph_get_n_nodes (after); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (after, i);
      const HeddleNode *origin = find_origin (before, node, removed, renamed);

      if (origin != NULL)
        compare_nodes (list, origin, node);
      else
        add_difference (list, HEDDLE_PART_NODE, HEDDLE_DIFFERENCE_ADDED, NULL, node->id)->title = g_strdup (heddle_node_get_title (node));
    }
  for (guint i = 0; i < heddle_graph_get_n_nodes (before); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (before, i);

      if (heddle_graph_find_node (after, node->id) == NULL && !g_hash_table_contains (renamed, node->id))
        add_difference (list, HEDDLE_PART_NODE, HEDDLE_DIFFERENCE_REMOVED, node->id, NULL)->title = g_strdup (heddle_node_get_title (node));
    }
}

static const char *
get_title (HeddleGraph *graph, const char *id)
{
  const HeddleNode *node = heddle_graph_find_node (graph, id);

  return node != NULL ? heddle_node_get_title (node) : id;
}

/* Ports are named where a node has others. */
static char *
dup_edge_title (HeddleGraph *graph, const HeddleEdge *edge)
{
  const HeddleNode *from = heddle_graph_find_node (graph, edge->from);
  gboolean names_port = from == NULL || strcmp (edge->from_port, heddle_node_get_default_output (from)) != 0;

  if (names_port && *edge->from_port != '\0')
    return g_strdup_printf ("%s (%s) → %s", get_title (graph, edge->from), edge->from_port, get_title (graph, edge->to));
  return g_strdup_printf ("%s → %s", get_title (graph, edge->from), get_title (graph, edge->to));
}

static const char *
translate_id (GHashTable *ids, const char *id)
{
  const char *other = g_hash_table_lookup (ids, id);

  return other != NULL ? other : id;
}

static const HeddleEdge *
find_edge_in (HeddleGraph *graph, const HeddleEdge *edge, GHashTable *ids)
{
  return heddle_graph_find_edge (graph, translate_id (ids, edge->from), edge->from_port, translate_id (ids, edge->to), edge->to_port);
}

static void
compare_edges (GPtrArray *list, HeddleGraph *graph, const HeddleEdge *before, const HeddleEdge *after)
{
  static const char *const apart[] = { "from", "to", NULL };
  g_autoptr (JsonNode) old = heddle_edge_to_json (before);
  g_autoptr (JsonNode) new = heddle_edge_to_json (after);
  HeddleDifference *difference = add_difference (list, HEDDLE_PART_EDGE, HEDDLE_DIFFERENCE_CHANGED, NULL, NULL);

  compare_members (difference, json_node_get_object (old), json_node_get_object (new), NULL, apart);
  difference->title = dup_edge_title (graph, after);
  if (difference->details->len == 0)
    g_ptr_array_remove_index (list, list->len - 1);
}

static void
compare_all_edges (GPtrArray *list, HeddleGraph *before, HeddleGraph *after, GHashTable *renamed)
{
  g_autoptr (GHashTable) origins = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer old_id, new_id;

  g_hash_table_iter_init (&iter, renamed);
  while (g_hash_table_iter_next (&iter, &old_id, &new_id))
    g_hash_table_insert (origins, new_id, old_id);
  for (guint i = 0; i < heddle_graph_get_n_edges (after); i++)
    {
      const HeddleEdge *edge = heddle_graph_get_edge (after, i);
      const HeddleEdge *origin = find_edge_in (before, edge, origins);

      if (origin != NULL)
        compare_edges (list, after, origin, edge);
      else
        add_difference (list, HEDDLE_PART_EDGE, HEDDLE_DIFFERENCE_ADDED, NULL, NULL)->title = dup_edge_title (after, edge);
    }
  for (guint i = 0; i < heddle_graph_get_n_edges (before); i++)
    {
      const HeddleEdge *edge = heddle_graph_get_edge (before, i);

      if (find_edge_in (after, edge, renamed) == NULL)
        add_difference (list, HEDDLE_PART_EDGE, HEDDLE_DIFFERENCE_REMOVED, NULL, NULL)->title = dup_edge_title (before, edge);
    }
}

/* A note by its first line. */
static char *
dup_annotation_title (const HeddleAnnotation *annotation)
{
  g_autofree char *line = g_strndup (annotation->text, strcspn (annotation->text, "\n"));

  g_strstrip (line);
  if (*line != '\0')
    return g_steal_pointer (&line);
  return g_strdup (annotation->kind == HEDDLE_ANNOTATION_NOTE ? _ ("Note") : _ ("Group"));
}

static void
compare_annotations (GPtrArray *list, const HeddleAnnotation *before, const HeddleAnnotation *after)
{
  static const char *const apart[] = { "id", "rect", NULL };
  g_autoptr (JsonNode) old = heddle_annotation_to_json (before);
  g_autoptr (JsonNode) new = heddle_annotation_to_json (after);
  HeddleDifference *difference;

  if (heddle_json_equal (old, new))
    return;
  difference = add_difference (list, HEDDLE_PART_ANNOTATION, HEDDLE_DIFFERENCE_CHANGED, before->id, after->id);
  difference->title = dup_annotation_title (after);
  compare_members (difference, json_node_get_object (old), json_node_get_object (new), NULL, apart);
  if (difference->details->len == 0)
    difference->kind = HEDDLE_DIFFERENCE_MOVED;
}

static void
compare_all_annotations (GPtrArray *list, HeddleGraph *before, HeddleGraph *after)
{
  for (guint i = 0; i < heddle_graph_get_n_annotations (after); i++)
    {
      const HeddleAnnotation *annotation = heddle_graph_get_annotation (after, i);
      const HeddleAnnotation *origin = heddle_graph_find_annotation (before, annotation->id);

      if (origin != NULL)
        compare_annotations (list, origin, annotation);
      else
        add_difference (list, HEDDLE_PART_ANNOTATION, HEDDLE_DIFFERENCE_ADDED, NULL, annotation->id)->title = dup_annotation_title (annotation);
    }
  for (guint i = 0; i < heddle_graph_get_n_annotations (before); i++)
    {
      const HeddleAnnotation *annotation = heddle_graph_get_annotation (before, i);

      if (heddle_graph_find_annotation (after, annotation->id) == NULL)
        add_difference (list, HEDDLE_PART_ANNOTATION, HEDDLE_DIFFERENCE_REMOVED, annotation->id, NULL)->title = dup_annotation_title (annotation);
    }
}

static void
compare_workflows (GPtrArray *list, HeddleGraph *before, HeddleGraph *after)
{
  static const char *const none[] = { NULL };
  HeddleDifference *difference = add_difference (list, HEDDLE_PART_WORKFLOW, HEDDLE_DIFFERENCE_CHANGED, NULL, NULL);

  difference->title = g_strdup (_ ("Workflow"));
  add_text_detail (difference, get_key_label ("name"), heddle_graph_get_name (before), heddle_graph_get_name (after));
  add_text_detail (difference, get_key_label ("description"), heddle_graph_get_description (before), heddle_graph_get_description (after));
  compare_members (difference, heddle_graph_get_settings (before), heddle_graph_get_settings (after), NULL, none);
  if (difference->details->len == 0)
    g_ptr_array_remove_index (list, list->len - 1);
}

GPtrArray *
heddle_graph_compare (HeddleGraph *before, HeddleGraph *after)
{
  GPtrArray *list;
  g_autoptr (GHashTable) renamed = g_hash_table_new (g_str_hash, g_str_equal);

  g_return_val_if_fail (HEDDLE_IS_GRAPH (before), NULL);
  g_return_val_if_fail (HEDDLE_IS_GRAPH (after), NULL);

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_difference_free);
  compare_workflows (list, before, after);
  compare_all_nodes (list, before, after, renamed);
  compare_all_edges (list, before, after, renamed);
  compare_all_annotations (list, before, after);
  return list;
}

static const char *
get_sentence (const HeddleDifference *difference)
{
  static const char *const sentences[][4] = {
    [HEDDLE_PART_WORKFLOW] = { N_ ("%s changed"), N_ ("%s changed"), N_ ("%s changed"), N_ ("%s changed") },
    [HEDDLE_PART_NODE] = { N_ ("Node “%s” added"), N_ ("Node “%s” removed"), N_ ("Node “%s” changed"), N_ ("Node “%s” moved") },
    [HEDDLE_PART_EDGE] = { N_ ("Connection %s added"), N_ ("Connection %s removed"), N_ ("Connection %s changed"), N_ ("Connection %s moved") },
    [HEDDLE_PART_ANNOTATION] = { N_ ("Annotation “%s” added"), N_ ("Annotation “%s” removed"), N_ ("Annotation “%s” changed"), N_ ("Annotation “%s” moved") },
  };

  return _ (sentences[difference->part][difference->kind]);
}

char *
heddle_difference_to_text (const HeddleDifference *difference)
{
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (difference != NULL, NULL);

  parts = g_strsplit (get_sentence (difference), "%s", 2);
  return g_strjoinv (difference->title, parts);
}

static char *
count_to_text (HeddleDifferenceKind kind, guint n)
{
  switch (kind)
    {
    case HEDDLE_DIFFERENCE_ADDED:
      return g_strdup_printf (ngettext ("%u added", "%u added", n), n);
    case HEDDLE_DIFFERENCE_REMOVED:
      return g_strdup_printf (ngettext ("%u removed", "%u removed", n), n);
    case HEDDLE_DIFFERENCE_CHANGED:
      return g_strdup_printf (ngettext ("%u changed", "%u changed", n), n);
    case HEDDLE_DIFFERENCE_MOVED:
      return g_strdup_printf (ngettext ("%u moved", "%u moved", n), n);
    }
  g_assert_not_reached ();
}

char *
heddle_differences_summarize (GPtrArray *differences)
{
  guint counts[HEDDLE_DIFFERENCE_MOVED + 1] = { 0 };
  GString *text;

  g_return_val_if_fail (differences != NULL, NULL);

  for (guint i = 0; i < differences->len; i++)
    counts[((const HeddleDifference *) g_ptr_array_index (differences, i))->kind]++;
  text = g_string_new (NULL);
  for (guint kind = 0; kind < G_N_ELEMENTS (counts); kind++)
    {
      g_autofree char *count = count_to_text (kind, counts[kind]);

      if (counts[kind] > 0)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", count);
    }
  if (text->len == 0)
    g_string_append (text, _ ("No differences"));
  return g_string_free (text, FALSE);
}
