/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-layout.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

static gboolean
check_format (JsonNode *root, GError **error)
{
  const char *format = heddle_json_get_string (root, "format", NULL);
  gint64 version = heddle_json_get_int (root, "version", -1);

  if (g_strcmp0 (format, HEDDLE_FORMAT) != 0)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                 _ ("This is not a Heddle workflow: a workflow says “format”: “%s”."), HEDDLE_FORMAT);
  else if (version > HEDDLE_FORMAT_VERSION)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                 _ ("This workflow comes from a newer Heddle (format version %" PRId64
                    ", this Heddle knows %d). Update Heddle to open it."),
                 version, HEDDLE_FORMAT_VERSION);
  else if (version < 1)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                 _ ("The workflow has no valid “version”. It must be %d."), HEDDLE_FORMAT_VERSION);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_member (JsonNode *root, const char *member, gboolean fits, const char *expected, GError **error)
{
  if (fits || heddle_json_member (root, member) == NULL)
    return TRUE;
  /* Translators: the second %s is a kind of value such as "text". */
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” of the workflow must be %s."), member, expected);
  return FALSE;
}

static gboolean
check_text (JsonNode *root, const char *member, GError **error)
{
  return check_member (root, member, heddle_json_get_string (root, member, NULL) != NULL, _ ("text"), error);
}

static gboolean
check_object (JsonNode *root, const char *member, GError **error)
{
  return check_member (root, member, heddle_json_get_object (root, member) != NULL, _ ("an object"), error);
}

static gboolean
check_list (JsonNode *root, const char *member, GError **error)
{
  return check_member (root, member, heddle_json_get_array (root, member) != NULL, _ ("a list"), error);
}

static gboolean
check_members (JsonNode *root, GError **error)
{
  return check_text (root, "id", error) && check_text (root, "name", error) &&
         check_text (root, "description", error) && check_object (root, "settings", error) &&
         check_list (root, "nodes", error) && check_list (root, "edges", error) &&
         check_list (root, "annotations", error) && check_object (root, "layout", error);
}

static void
read_text (JsonNode *root, const char *member, char **target)
{
  const char *text = heddle_json_get_string (root, member, "");

  if (*text == '\0')
    return;
  g_free (*target);
  *target = g_strdup (text);
}

static void
read_meta (HeddleGraph *self, JsonNode *root)
{
  static const char *const known[] = { "format", "version", "id", "name", "description", "settings",
                                       "nodes", "edges", "annotations", "layout", NULL };
  JsonObject *settings = heddle_json_get_object (root, "settings");

  read_text (root, "id", &self->id);
  read_text (root, "name", &self->name);
  read_text (root, "description", &self->description);
  if (settings != NULL)
    {
      json_object_unref (self->settings);
      self->settings = json_object_ref (settings);
    }
  self->extra = heddle_json_dup_extra (json_node_get_object (root), known);
}

static gboolean
check_is_object (JsonNode *json, const char *member, guint index, GError **error)
{
  if (JSON_NODE_HOLDS_OBJECT (json))
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("Entry %u of “%s” must be an object."), index + 1, member);
  return FALSE;
}

static gboolean
fail_duplicate (const char *id, GError **error)
{
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
               _ ("The id “%.80s” is used twice. Give each node, note and frame an id of its own."), id);
  return FALSE;
}

static gboolean
read_node (HeddleGraph *self, JsonNode *json, GError **error)
{
  HeddleNode *node = heddle_node_new_from_json (json, error);

  if (node == NULL)
    return FALSE;
  /* A node before may name it as its frame. */
  if (heddle_graph_find_node (self, node->id) != NULL)
    {
      fail_duplicate (node->id, error);
      heddle_node_free (node);
      return FALSE;
    }
  heddle_graph_insert_node (self, node, self->nodes->len);
  return TRUE;
}

static void
name_default_port (char **port, const char *name)
{
  if (**port != '\0' || *name == '\0')
    return;
  g_free (*port);
  *port = g_strdup (name);
}

static gboolean
read_edge (HeddleGraph *self, JsonNode *json, GError **error)
{
  HeddleEdge *edge = heddle_edge_new_from_json (json, error);
  const HeddleNode *from, *to;

  if (edge == NULL)
    return FALSE;
  from = heddle_graph_find_node (self, edge->from);
  to = heddle_graph_find_node (self, edge->to);
  name_default_port (&edge->from_port, heddle_node_get_default_output_to (from, to));
  name_default_port (&edge->to_port, heddle_node_get_default_input_from (to, from));
  heddle_graph_insert_edge (self, edge, self->links->len);
  return TRUE;
}

static gboolean
read_annotation (HeddleGraph *self, JsonNode *json, GError **error)
{
  HeddleAnnotation *annotation = heddle_annotation_new_from_json (json, error);

  if (annotation == NULL)
    return FALSE;
  if (heddle_graph_has_id (self, annotation->id))
    {
      fail_duplicate (annotation->id, error);
      heddle_annotation_free (annotation);
      return FALSE;
    }
  heddle_graph_insert_annotation (self, annotation, self->annotations->len);
  return TRUE;
}

static gboolean
read_list (HeddleGraph *self, JsonNode *root, const char *member, gboolean (*read) (HeddleGraph *, JsonNode *, GError **), GError **error)
{
  JsonArray *array = heddle_json_get_array (root, member);
  guint length = array != NULL ? json_array_get_length (array) : 0;

  for (guint i = 0; i < length; i++)
    {
      JsonNode *json = json_array_get_element (array, i);

      if (!check_is_object (json, member, i, error) || !read (self, json, error))
        return FALSE;
    }
  return TRUE;
}

/* Where what has no place begins: below what has one in the same frame, or at its inner corner. */
static void
find_free_corner (HeddleGraph *self, const HeddleTidyGroup *group, guint mark, double *left, double *top)
{
  const HeddleVertex *parent = group->parent;
  gboolean is_in_frame = parent != NULL && parent->node != NULL && heddle_node_is_container (parent->node);
  const GPtrArray *beside = parent != NULL ? parent->children : self->nodes;
  gboolean is_first = TRUE;

  *left = is_in_frame ? parent->node->x + HEDDLE_FRAME_SIDE : 0;
  *top = is_in_frame ? parent->node->y + HEDDLE_FRAME_TOP : 0;
  for (guint i = 0; i < beside->len; i++)
    {
      const HeddleVertex *vertex = g_ptr_array_index (beside, i);
      double width, height, bottom;

      if (vertex->mark == mark || vertex->parent != parent)
        continue;
      heddle_node_get_size (vertex->node, &width, &height);
      bottom = vertex->node->y + MAX (vertex->node->height, height) + 4 * HEDDLE_GRID;
      *left = is_first ? vertex->node->x : MIN (*left, vertex->node->x);
      *top = is_first ? bottom : MAX (*top, bottom);
      is_first = FALSE;
    }
}

static void
place_group (HeddleGraph *self, const HeddleTidyGroup *group, guint mark)
{
  double left, top;

  find_free_corner (self, group, mark, &left, &top);
  for (guint i = 0; i < group->boxes->len; i++)
    {
      const HeddleBox *box = &g_array_index (group->boxes, HeddleBox, i);

      heddle_graph_set_position (self, box->vertex->id, MIN (left + box->x, HEDDLE_CANVAS_LIMIT), MIN (top + box->y, HEDDLE_CANVAS_LIMIT));
      if (heddle_node_is_container (box->vertex->node))
        heddle_graph_set_size (self, box->vertex->id, MIN (box->frame_width, HEDDLE_CANVAS_LIMIT), MIN (box->frame_height, HEDDLE_CANVAS_LIMIT));
    }
}

/* With a frame that has no place goes everything in it. */
static void
lay_out_missing (HeddleGraph *self, GPtrArray *missing)
{
  g_autoptr (GPtrArray) groups = NULL;
  guint mark = ++self->mark;

  for (guint i = 0; i < missing->len; i++)
    ((HeddleVertex *) g_ptr_array_index (missing, i))->mark = mark;
  for (guint i = 0; i < missing->len; i++)
    {
      GPtrArray *children = ((HeddleVertex *) g_ptr_array_index (missing, i))->children;

      for (guint j = 0; j < children->len; j++)
        {
          HeddleVertex *child = g_ptr_array_index (children, j);

          if (child->mark == mark)
            continue;
          child->mark = mark;
          g_ptr_array_add (missing, child);
        }
    }
  groups = heddle_graph_tidy (self, missing);
  for (guint i = 0; i < groups->len; i++)
    place_group (self, g_ptr_array_index (groups, i), mark);
}

/* [x, y], and of a frame [x, y, width, height]. A size that is nothing in one way is none. */
static gboolean
read_place (HeddleNode *node, JsonNode *place)
{
  double at[4] = { 0, 0, 0, 0 };

  if (!heddle_json_read_numbers (place, at, 2) && !heddle_json_read_numbers (place, at, 4))
    return FALSE;
  node->x = at[0];
  node->y = at[1];
  if ((node->type == NULL || heddle_node_is_container (node)) && at[2] > 0 && at[3] > 0)
    {
      node->width = at[2];
      node->height = at[3];
    }
  return TRUE;
}

static gboolean
read_layout (HeddleGraph *self, JsonNode *root, GError **error)
{
  JsonNode *layout = heddle_json_member (root, "layout");
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();

  for (guint i = 0; i < self->nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (self->nodes, i);
      JsonNode *place = heddle_json_member (layout, vertex->id);

      if (place == NULL)
        {
          g_ptr_array_add (missing, vertex);
          continue;
        }
      if (!read_place (vertex->node, place))
        {
          g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                       _ ("The “layout” of node “%.80s” must be two numbers, x and y, or for a frame four, with width and height, within ±%.0f."), vertex->id,
                       HEDDLE_CANVAS_LIMIT);
          return FALSE;
        }
    }
  lay_out_missing (self, missing);
  heddle_graph_fit_frames (self);
  return TRUE;
}

HeddleGraph *
heddle_graph_new_from_json (const char *text, gssize length, GError **error)
{
  g_autoptr (HeddleGraph) self = NULL;
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  root = heddle_json_parse (text, length, error);
  if (root == NULL)
    return NULL;
  if (!check_format (root, error) || !check_members (root, error))
    return NULL;

  self = heddle_graph_new ();
  read_meta (self, root);
  if (!read_list (self, root, "nodes", read_node, error) || !read_list (self, root, "edges", read_edge, error) ||
      !read_list (self, root, "annotations", read_annotation, error) || !read_layout (self, root, error))
    return NULL;
  return g_steal_pointer (&self);
}
