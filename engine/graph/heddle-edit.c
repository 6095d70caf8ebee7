/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-edit.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

static const char *const kind_names[] = {
  [HEDDLE_EDIT_NODE] = "node",
  [HEDDLE_EDIT_EDGE] = "edge",
  [HEDDLE_EDIT_ANNOTATION] = "annotation",
  [HEDDLE_EDIT_PARAM] = "param",
  [HEDDLE_EDIT_OBJECT] = "object",
  [HEDDLE_EDIT_STATE] = "state",
  [HEDDLE_EDIT_TITLE] = "title",
  [HEDDLE_EDIT_POSITION] = "position",
  [HEDDLE_EDIT_PARENT] = "parent",
  [HEDDLE_EDIT_ID] = "id",
  [HEDDLE_EDIT_META] = "meta",
};

HeddleEdit *
heddle_edit_new (HeddleEditKind kind, const char *key, guint index, JsonNode *before, JsonNode *after)
{
  HeddleEdit *edit = g_new0 (HeddleEdit, 1);

  edit->kind = kind;
  edit->key = g_strdup (key != NULL ? key : "");
  edit->index = index;
  edit->before = before;
  edit->after = after;
  return edit;
}

void
heddle_edit_free (HeddleEdit *edit)
{
  g_free (edit->key);
  g_clear_pointer (&edit->before, json_node_unref);
  g_clear_pointer (&edit->after, json_node_unref);
  g_free (edit);
}

JsonNode *
heddle_edit_to_json (const HeddleEdit *edit)
{
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "kind", heddle_json_string (kind_names[edit->kind]));
  json_object_set_member (object, "key", heddle_json_string (edit->key));
  json_object_set_member (object, "index", heddle_json_int (edit->index));
  if (edit->before != NULL)
    json_object_set_member (object, "before", json_node_ref (edit->before));
  if (edit->after != NULL)
    json_object_set_member (object, "after", json_node_ref (edit->after));
  return heddle_json_object (object);
}

static JsonNode *
dup_member (JsonNode *json, const char *member)
{
  JsonNode *value = heddle_json_member (json, member);

  return value != NULL ? json_node_ref (value) : NULL;
}

static gboolean
mismatch (GError **error)
{
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
               _ ("The record of edits does not fit the workflow. It is kept as it was before that edit."));
  return FALSE;
}

HeddleEdit *
heddle_edit_new_from_json (JsonNode *json, GError **error)
{
  const char *kind = heddle_json_get_string (json, "kind", "");
  const char *key = heddle_json_get_string (json, "key", "");
  gint64 index = heddle_json_get_int (json, "index", 0);

  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    {
      if (strcmp (kind, kind_names[i]) == 0 && index >= 0 && index < G_MAXINT)
        return heddle_edit_new (i, key, (guint) index, dup_member (json, "before"), dup_member (json, "after"));
    }
  mismatch (error);
  return NULL;
}

/*
 * Both sides of an edit are checked, whichever way it is applied: one must be what the graph has,
 * the other must be possible. So what was applied can always be taken back and leads back to the
 * same, also when it was read from a damaged journal.
 */

/* Takes both. */
static gboolean
is_same (JsonNode *a, JsonNode *b)
{
  g_autoptr (JsonNode) first = a;
  g_autoptr (JsonNode) second = b;

  return heddle_json_equal (first, second);
}

/* A place in canvas units; the size of a card is 0. */
typedef struct
{
  double x, y, width, height;
} Place;

static gboolean
read_place (JsonNode *json, Place *place)
{
  double at[4] = { 0, 0, 0, 0 };

  if (!heddle_json_read_numbers (json, at, 2) && !(heddle_json_read_numbers (json, at, 4) && at[2] > 0 && at[3] > 0))
    return FALSE;
  *place = (Place){ at[0], at[1], at[2], at[3] };
  return TRUE;
}

static gboolean
is_at_place (const HeddleNode *node, const Place *place)
{
  return node->x == place->x && node->y == place->y && node->width == place->width && node->height == place->height;
}

static HeddleNode *
read_node (JsonNode *json, const char *id)
{
  JsonNode *entry = heddle_json_member (json, "node");
  HeddleNode *node;
  Place at;

  if (entry == NULL || g_strcmp0 (heddle_json_get_string (entry, "id", NULL), id) != 0 ||
      !read_place (heddle_json_member (json, "at"), &at))
    return NULL;
  node = heddle_node_new_from_json (entry, NULL);
  if (node == NULL)
    return NULL;
  node->x = at.x;
  node->y = at.y;
  node->width = at.width;
  node->height = at.height;
  return node;
}

static gboolean
is_node_at (HeddleGraph *graph, guint index, const HeddleNode *node)
{
  const HeddleNode *found = index < graph->nodes->len ? heddle_graph_get_node (graph, index) : NULL;

  return found != NULL && found->x == node->x && found->y == node->y && found->width == node->width && found->height == node->height &&
         is_same (heddle_node_to_json (found), heddle_node_to_json (node));
}

static gboolean
apply_node (const HeddleEdit *edit, HeddleGraph *graph, JsonNode *before, JsonNode *after, GError **error)
{
  HeddleNode *node;

  if ((before == NULL) == (after == NULL))
    return mismatch (error);
  node = read_node (before != NULL ? before : after, edit->key);
  if (node == NULL)
    return mismatch (error);

  if (before == NULL && edit->index <= graph->nodes->len && heddle_graph_find_node (graph, edit->key) == NULL &&
      heddle_graph_find_annotation (graph, edit->key) == NULL)
    {
      heddle_graph_insert_node (graph, node, edit->index);
      return TRUE;
    }

  if (before == NULL || !is_node_at (graph, edit->index, node))
    {
      heddle_node_free (node);
      return mismatch (error);
    }
  heddle_node_free (node);
  heddle_graph_remove_node (graph, edit->index);
  return TRUE;
}

static HeddleEdge *
read_edge (JsonNode *json)
{
  return json != NULL && JSON_NODE_HOLDS_OBJECT (json) ? heddle_edge_new_from_json (json, NULL) : NULL;
}

static gboolean
is_edge_at (HeddleGraph *graph, guint index, const HeddleEdge *edge)
{
  return index < graph->links->len &&
         is_same (heddle_edge_to_json (heddle_graph_get_edge (graph, index)), heddle_edge_to_json (edge));
}

static gboolean
apply_edge (const HeddleEdit *edit, HeddleGraph *graph, JsonNode *before, JsonNode *after, GError **error)
{
  HeddleEdge *old = read_edge (before);
  HeddleEdge *new = read_edge (after);
  gboolean fits = (old == NULL) == (before == NULL) && (new == NULL) == (after == NULL) && (old != NULL || new != NULL);

  fits = fits && (old != NULL ? is_edge_at (graph, edit->index, old) : edit->index <= graph->links->len);
  if (fits && old != NULL && new != NULL)
    heddle_graph_replace_edge (graph, g_steal_pointer (&new), edit->index);
  else if (fits && old != NULL)
    heddle_graph_remove_edge (graph, edit->index);
  else if (fits)
    heddle_graph_insert_edge (graph, g_steal_pointer (&new), edit->index);
  g_clear_pointer (&old, heddle_edge_free);
  g_clear_pointer (&new, heddle_edge_free);
  return fits || mismatch (error);
}

static HeddleAnnotation *
read_annotation (JsonNode *json, const char *id)
{
  if (json == NULL || g_strcmp0 (heddle_json_get_string (json, "id", NULL), id) != 0)
    return NULL;
  return heddle_annotation_new_from_json (json, NULL);
}

static gboolean
is_annotation_at (HeddleGraph *graph, guint index, const HeddleAnnotation *annotation)
{
  return index < graph->annotations->len &&
         is_same (heddle_annotation_to_json (heddle_graph_get_annotation (graph, index)),
                  heddle_annotation_to_json (annotation));
}

static gboolean
can_insert_annotation (HeddleGraph *graph, guint index, const char *id)
{
  return index <= graph->annotations->len && !heddle_graph_has_id (graph, id);
}

static gboolean
apply_annotation (const HeddleEdit *edit, HeddleGraph *graph, JsonNode *before, JsonNode *after, GError **error)
{
  HeddleAnnotation *old = read_annotation (before, edit->key);
  HeddleAnnotation *new = read_annotation (after, edit->key);
  gboolean fits = (old == NULL) == (before == NULL) && (new == NULL) == (after == NULL) && (old != NULL || new != NULL);

  fits = fits && (old != NULL ? is_annotation_at (graph, edit->index, old)
                              : can_insert_annotation (graph, edit->index, edit->key));
  if (fits && old != NULL)
    heddle_graph_remove_annotation (graph, edit->index);
  if (fits && new != NULL)
    heddle_graph_insert_annotation (graph, g_steal_pointer (&new), edit->index);
  g_clear_pointer (&old, heddle_annotation_free);
  g_clear_pointer (&new, heddle_annotation_free);
  return fits || mismatch (error);
}

static gboolean
is_value (JsonNode *expected, JsonNode *found)
{
  return expected == NULL || found == NULL ? expected == found : heddle_json_equal (expected, found);
}

static gboolean
apply_param (const HeddleEdit *edit, HeddleGraph *graph, JsonNode *before, JsonNode *after, GError **error)
{
  const char *dot = strchr (edit->key, '.');
  g_autofree char *id = dot != NULL ? g_strndup (edit->key, dot - edit->key) : NULL;
  const HeddleNode *node = id != NULL ? heddle_graph_find_node (graph, id) : NULL;

  if (node == NULL || edit->index > json_object_get_size (node->params) ||
      !is_value (before, json_object_get_member (node->params, dot + 1)))
    return mismatch (error);
  heddle_graph_set_param (graph, id, dot + 1, edit->index, after);
  return TRUE;
}

/* An empty object would be none, and could not be found again. */
static gboolean
is_object_or_absent (JsonNode *json)
{
  return json == NULL || (JSON_NODE_HOLDS_OBJECT (json) && json_object_get_size (json_node_get_object (json)) > 0);
}

static gboolean
apply_object (const HeddleEdit *edit, HeddleGraph *graph, JsonNode *before, JsonNode *after, GError **error)
{
  const char *dot = strchr (edit->key, '.');
  g_autofree char *id = dot != NULL ? g_strndup (edit->key, dot - edit->key) : NULL;
  const HeddleNode *node = id != NULL ? heddle_graph_find_node (graph, id) : NULL;
  g_autoptr (JsonNode) found = NULL;

  if (node == NULL || !heddle_node_is_object_name (dot + 1) || !is_object_or_absent (before) || !is_object_or_absent (after))
    return mismatch (error);
  found = heddle_node_dup_object (node, dot + 1);
  if (!is_value (before, found))
    return mismatch (error);
  heddle_graph_set_node_object (graph, id, dot + 1, after);
  return TRUE;
}

/* What is usual would be left out, and could not be found again. */
static gboolean
can_have_state (const HeddleNode *node, const char *name, JsonNode *value)
{
  HeddleNode probe = *node;
  g_autoptr (JsonNode) kept = NULL;

  if (probe.extra != NULL)
    json_object_ref (probe.extra);
  heddle_node_set_state (&probe, name, value);
  kept = heddle_node_dup_state (&probe, name);
  g_clear_pointer (&probe.extra, json_object_unref);
  return is_value (value, kept);
}

static gboolean
apply_state (const HeddleEdit *edit, HeddleGraph *graph, JsonNode *before, JsonNode *after, GError **error)
{
  const char *dot = strchr (edit->key, '.');
  g_autofree char *id = dot != NULL ? g_strndup (edit->key, dot - edit->key) : NULL;
  const HeddleNode *node = id != NULL ? heddle_graph_find_node (graph, id) : NULL;
  g_autoptr (JsonNode) found = NULL;

  if (node == NULL || !heddle_node_is_state_name (dot + 1) || !can_have_state (node, dot + 1, after))
    return mismatch (error);
  found = heddle_node_dup_state (node, dot + 1);
  if (!is_value (before, found))
    return mismatch (error);
  heddle_graph_set_node_state (graph, id, dot + 1, after);
  return TRUE;
}

static gboolean
is_text_or_absent (JsonNode *json)
{
  return json == NULL || heddle_json_is_string (json);
}

static gboolean
is_text (JsonNode *json, const char *text)
{
  return g_strcmp0 (json != NULL ? json_node_get_string (json) : NULL, text) == 0;
}

static gboolean
apply_title (const HeddleEdit *edit, HeddleGraph *graph, JsonNode *before, JsonNode *after, GError **error)
{
  const HeddleNode *node = heddle_graph_find_node (graph, edit->key);

  if (node == NULL || !is_text_or_absent (before) || !is_text_or_absent (after) || !is_text (before, node->title))
    return mismatch (error);
  heddle_graph_set_title (graph, edit->key, after != NULL ? json_node_get_string (after) : NULL);
  return TRUE;
}

static gboolean
apply_position (const HeddleEdit *edit, HeddleGraph *graph, JsonNode *before, JsonNode *after, GError **error)
{
  const HeddleNode *node = heddle_graph_find_node (graph, edit->key);
  Place from, to;

  if (node == NULL || !read_place (before, &from) || !read_place (after, &to) || !is_at_place (node, &from))
    return mismatch (error);
  heddle_graph_set_position (graph, edit->key, to.x, to.y);
  heddle_graph_set_size (graph, edit->key, to.width, to.height);
  return TRUE;
}

static gboolean
is_id_or_absent (JsonNode *json)
{
  return json == NULL || (heddle_json_is_string (json) && heddle_node_id_is_identifier (json_node_get_string (json)));
}

static gboolean
apply_parent (const HeddleEdit *edit, HeddleGraph *graph, JsonNode *before, JsonNode *after, GError **error)
{
  const HeddleNode *node = heddle_graph_find_node (graph, edit->key);

  if (node == NULL || !is_id_or_absent (before) || !is_id_or_absent (after) || !is_text (before, node->parent))
    return mismatch (error);
  heddle_graph_set_parent (graph, edit->key, after != NULL ? json_node_get_string (after) : NULL);
  return TRUE;
}

static gboolean
apply_id (HeddleGraph *graph, JsonNode *before, JsonNode *after, GError **error)
{
  if (!heddle_json_is_string (before) || !heddle_json_is_string (after) ||
      heddle_graph_find_node (graph, json_node_get_string (before)) == NULL ||
      !heddle_node_id_is_identifier (json_node_get_string (after)) ||
      heddle_graph_has_id (graph, json_node_get_string (after)))
    return mismatch (error);
  heddle_graph_set_node_id (graph, json_node_get_string (before), json_node_get_string (after));
  return TRUE;
}

static gboolean
apply_meta_text (char **text, JsonNode *before, JsonNode *after, GError **error)
{
  if (!heddle_json_is_string (before) || !heddle_json_is_string (after) || !is_text (before, *text))
    return mismatch (error);
  g_free (*text);
  *text = g_strdup (json_node_get_string (after));
  return TRUE;
}

static gboolean
apply_settings (HeddleGraph *graph, JsonNode *before, JsonNode *after, GError **error)
{
  if (after == NULL || !JSON_NODE_HOLDS_OBJECT (after) || before == NULL ||
      !is_same (heddle_json_object (json_object_ref (graph->settings)), json_node_ref (before)))
    return mismatch (error);
  json_object_unref (graph->settings);
  graph->settings = json_object_ref (json_node_get_object (after));
  return TRUE;
}

static gboolean
apply_meta (const HeddleEdit *edit, HeddleGraph *graph, JsonNode *before, JsonNode *after, GError **error)
{
  if (strcmp (edit->key, "name") == 0)
    return apply_meta_text (&graph->name, before, after, error);
  if (strcmp (edit->key, "description") == 0)
    return apply_meta_text (&graph->description, before, after, error);
  if (strcmp (edit->key, "settings") == 0)
    return apply_settings (graph, before, after, error);
  return mismatch (error);
}

gboolean
heddle_edit_apply (const HeddleEdit *edit, HeddleGraph *graph, gboolean backward, GError **error)
{
  JsonNode *before = backward ? edit->after : edit->before;
  JsonNode *after = backward ? edit->before : edit->after;

  switch (edit->kind)
    {
    case HEDDLE_EDIT_NODE:
      return apply_node (edit, graph, before, after, error);
    case HEDDLE_EDIT_EDGE:
      return apply_edge (edit, graph, before, after, error);
    case HEDDLE_EDIT_ANNOTATION:
      return apply_annotation (edit, graph, before, after, error);
    case HEDDLE_EDIT_PARAM:
      return apply_param (edit, graph, before, after, error);
    case HEDDLE_EDIT_OBJECT:
      return apply_object (edit, graph, before, after, error);
    case HEDDLE_EDIT_STATE:
      return apply_state (edit, graph, before, after, error);
    case HEDDLE_EDIT_TITLE:
      return apply_title (edit, graph, before, after, error);
    case HEDDLE_EDIT_POSITION:
      return apply_position (edit, graph, before, after, error);
    case HEDDLE_EDIT_PARENT:
      return apply_parent (edit, graph, before, after, error);
    case HEDDLE_EDIT_ID:
      return apply_id (graph, before, after, error);
    case HEDDLE_EDIT_META:
      return apply_meta (edit, graph, before, after, error);
    default:
      return mismatch (error);
    }
}

HeddleChangeFlags
heddle_edit_get_flags (const HeddleEdit *edit)
{
  switch (edit->kind)
    {
    case HEDDLE_EDIT_EDGE:
      return HEDDLE_CHANGE_EDGES;
    case HEDDLE_EDIT_ANNOTATION:
      return HEDDLE_CHANGE_ANNOTATIONS;
    case HEDDLE_EDIT_POSITION:
      return HEDDLE_CHANGE_LAYOUT;
    case HEDDLE_EDIT_META:
      return HEDDLE_CHANGE_META;
    case HEDDLE_EDIT_ID:
      return HEDDLE_CHANGE_NODES | HEDDLE_CHANGE_EDGES;
    case HEDDLE_EDIT_NODE:
    case HEDDLE_EDIT_PARAM:
    case HEDDLE_EDIT_OBJECT:
    case HEDDLE_EDIT_STATE:
    case HEDDLE_EDIT_TITLE:
    case HEDDLE_EDIT_PARENT:
    default:
      return HEDDLE_CHANGE_NODES;
    }
}

/* The node part of "node" or "node.port". */
static void
collect_end (const char *end, GHashTable *ids)
{
  if (end != NULL)
    g_hash_table_add (ids, g_strndup (end, strcspn (end, ".")));
}

static void
collect_side (const HeddleEdit *edit, JsonNode *side, GHashTable *ids)
{
  if (side != NULL && (edit->kind == HEDDLE_EDIT_ID || edit->kind == HEDDLE_EDIT_PARENT))
    {
      g_hash_table_add (ids, g_strdup (json_node_get_string (side)));
    }
  else if (edit->kind == HEDDLE_EDIT_EDGE && side != NULL)
    {
      collect_end (heddle_json_get_string (side, "from", NULL), ids);
      collect_end (heddle_json_get_string (side, "to", NULL), ids);
    }
}

void
heddle_edit_collect_ids (const HeddleEdit *edit, GHashTable *ids)
{
  if (edit->kind == HEDDLE_EDIT_META)
    return;
  if (edit->kind != HEDDLE_EDIT_ID && edit->kind != HEDDLE_EDIT_EDGE)
    collect_end (edit->key, ids);
  collect_side (edit, edit->before, ids);
  collect_side (edit, edit->after, ids);
}

gboolean
heddle_edit_can_merge (const HeddleEdit *edit, const HeddleEdit *later)
{
  if (edit->kind != later->kind || edit->index != later->index || strcmp (edit->key, later->key) != 0)
    return FALSE;
  switch (edit->kind)
    {
    case HEDDLE_EDIT_PARAM:
    case HEDDLE_EDIT_OBJECT:
    case HEDDLE_EDIT_TITLE:
    case HEDDLE_EDIT_META:
      return TRUE;
    case HEDDLE_EDIT_EDGE:
    case HEDDLE_EDIT_ANNOTATION:
      return edit->before != NULL && edit->after != NULL && later->before != NULL && later->after != NULL;
    case HEDDLE_EDIT_NODE:
    case HEDDLE_EDIT_STATE:
    case HEDDLE_EDIT_POSITION:
    case HEDDLE_EDIT_PARENT:
    case HEDDLE_EDIT_ID:
    default:
      return FALSE;
    }
}

void
heddle_edit_merge (HeddleEdit *edit, const HeddleEdit *later)
{
  g_clear_pointer (&edit->after, json_node_unref);
  edit->after = later->after != NULL ? json_node_ref (later->after) : NULL;
}

gboolean
heddle_edit_is_nothing (const HeddleEdit *edit)
{
  if (edit->before == NULL || edit->after == NULL)
    return edit->before == edit->after;
  return heddle_json_equal (edit->before, edit->after);
}
