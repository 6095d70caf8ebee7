/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include <string.h>

HeddleVertex *
heddle_graph_find_vertex (HeddleGraph *self, const char *id)
{
  return g_hash_table_lookup (self->vertices, id);
}

gboolean
heddle_graph_has_id (HeddleGraph *self, const char *id)
{
  return g_hash_table_contains (self->vertices, id) || g_hash_table_contains (self->annotation_ids, id);
}

static HeddleVertex *
ensure_vertex (HeddleGraph *self, const char *id)
{
  HeddleVertex *vertex = heddle_graph_find_vertex (self, id);
  gsize size;

  if (vertex != NULL)
    return vertex;

  size = strlen (id) + 1;
  vertex = g_malloc0 (sizeof (HeddleVertex) + size);
  memcpy (vertex->id, id, size);
  vertex->in = g_ptr_array_new ();
  vertex->out = g_ptr_array_new ();
  vertex->children = g_ptr_array_new ();
  g_hash_table_insert (self->vertices, vertex->id, vertex);
  return vertex;
}

static void
drop_vertex_if_unused (HeddleGraph *self, HeddleVertex *vertex)
{
  if (vertex->node == NULL && vertex->in->len == 0 && vertex->out->len == 0 && vertex->children->len == 0)
    g_hash_table_remove (self->vertices, vertex->id);
}

static void
forget_check (HeddleVertex *vertex)
{
  g_clear_pointer (&vertex->check, heddle_node_check_free);
}

static void
renumber_nodes (HeddleGraph *self, guint first)
{
  for (guint i = first; i < self->nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (self->nodes, i);

      vertex->node->index = i;
    }
}

/* Where a node of this index belongs among others that are in document order. */
static guint
find_child_place (GPtrArray *children, guint index)
{
  guint low = 0;
  guint high = children->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      HeddleVertex *child = g_ptr_array_index (children, middle);

      if (child->node->index < index)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
enter_parent (HeddleGraph *self, HeddleVertex *vertex)
{
  GPtrArray *children;

  if (vertex->node->parent == NULL)
    return;
  vertex->parent = ensure_vertex (self, vertex->node->parent);
  children = vertex->parent->children;
  g_ptr_array_insert (children, (int) find_child_place (children, vertex->node->index), vertex);
}

static void
leave_parent (HeddleGraph *self, HeddleVertex *vertex)
{
  HeddleVertex *parent = g_steal_pointer (&vertex->parent);

  if (parent == NULL)
    return;
  g_ptr_array_remove_index (parent->children, find_child_place (parent->children, vertex->node->index));
  drop_vertex_if_unused (self, parent);
}

void
heddle_graph_insert_node (HeddleGraph *self, HeddleNode *node, guint index)
{
  HeddleVertex *vertex = ensure_vertex (self, node->id);

  g_assert (vertex->node == NULL);
  g_assert (index <= self->nodes->len);

  vertex->node = node;
  g_ptr_array_insert (self->nodes, (int) index, vertex);
  renumber_nodes (self, index);
  enter_parent (self, vertex);
}

void
heddle_graph_remove_node (HeddleGraph *self, guint index)
{
  HeddleVertex *vertex = g_ptr_array_index (self->nodes, index);

  leave_parent (self, vertex);
  g_ptr_array_remove_index (self->nodes, index);
  renumber_nodes (self, index);
  forget_check (vertex);
  g_clear_pointer (&vertex->node, heddle_node_free);
  drop_vertex_if_unused (self, vertex);
}

/* Where a link of this index belongs among others that are in document order. */
static guint
find_place (GPtrArray *links, guint index)
{
  guint low = 0;
  guint high = links->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      HeddleLink *link = g_ptr_array_index (links, middle);

      if (link->index < index)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
remove_from (GPtrArray *links, HeddleLink *link)
{
  guint place = find_place (links, link->index);

  g_assert (place < links->len && g_ptr_array_index (links, place) == link);
  g_ptr_array_remove_index (links, place);
}

static void
renumber_links (HeddleGraph *self, guint first)
{
  for (guint i = first; i < self->links->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (self->links, i);

      link->index = i;
    }
}

/* Of equal edges the set holds the first in document order. */
static void
enter_in_set (HeddleGraph *self, HeddleLink *link)
{
  HeddleLink *other = g_hash_table_lookup (self->link_set, link);

  if (other == NULL || other->index > link->index)
    g_hash_table_add (self->link_set, link);
}

static gboolean
has_duplicates (HeddleGraph *self)
{
  return g_hash_table_size (self->link_set) < self->links->len;
}

static void
leave_set (HeddleGraph *self, HeddleLink *link, gboolean may_have_equal)
{
  if (g_hash_table_lookup (self->link_set, link) != link)
    return;

  g_hash_table_remove (self->link_set, link);
  for (guint i = 0; may_have_equal && i < link->from->out->len; i++)
    {
      HeddleLink *other = g_ptr_array_index (link->from->out, i);

      if (other != link && heddle_edge_equal (other, link))
        {
          g_hash_table_add (self->link_set, other);
          return;
        }
    }
}

void
heddle_graph_insert_edge (HeddleGraph *self, HeddleEdge *edge, guint index)
{
  HeddleLink *link = (HeddleLink *) edge;

  g_assert (index <= self->links->len);

  g_ptr_array_insert (self->links, (int) index, link);
  renumber_links (self, index);
  link->from = ensure_vertex (self, edge->from);
  link->to = ensure_vertex (self, edge->to);
  g_ptr_array_insert (link->from->out, (int) find_place (link->from->out, index), link);
  g_ptr_array_insert (link->to->in, (int) find_place (link->to->in, index), link);
  enter_in_set (self, link);
}

void
heddle_graph_remove_edge (HeddleGraph *self, guint index)
{
  HeddleLink *link = g_ptr_array_index (self->links, index);
  HeddleVertex *from = link->from;
  HeddleVertex *to = link->to;

  leave_set (self, link, has_duplicates (self));
  remove_from (from->out, link);
  remove_from (to->in, link);
  g_ptr_array_remove_index (self->links, index);
  renumber_links (self, index);
  if (from != to)
    drop_vertex_if_unused (self, from);
  drop_vertex_if_unused (self, to);
}

/* With the same ends it is found where it was, so what else knows it stays. */
static void
exchange_looks (HeddleEdge *edge, HeddleEdge *other)
{
  HeddleEdge kept = *edge;

  edge->points = other->points;
  edge->n_points = other->n_points;
  edge->extra = other->extra;
  other->points = kept.points;
  other->n_points = kept.n_points;
  other->extra = kept.extra;
}

void
heddle_graph_replace_edge (HeddleGraph *self, HeddleEdge *edge, guint index)
{
  HeddleEdge *old = g_ptr_array_index (self->links, index);

  if (heddle_edge_equal (old, edge))
    {
      exchange_looks (old, edge);
      heddle_edge_free (edge);
      return;
    }
  heddle_graph_remove_edge (self, index);
  heddle_graph_insert_edge (self, edge, index);
}

guint
heddle_graph_get_edge_index (HeddleGraph *self, const HeddleEdge *edge)
{
  return ((const HeddleLink *) edge)->index;
}

void
heddle_graph_insert_annotation (HeddleGraph *self, HeddleAnnotation *annotation, guint index)
{
  g_assert (index <= self->annotations->len);
  g_assert (!g_hash_table_contains (self->annotation_ids, annotation->id));

  g_ptr_array_insert (self->annotations, (int) index, annotation);
  g_hash_table_insert (self->annotation_ids, annotation->id, annotation);
}

void
heddle_graph_remove_annotation (HeddleGraph *self, guint index)
{
  HeddleAnnotation *annotation = g_ptr_array_index (self->annotations, index);

  g_hash_table_remove (self->annotation_ids, annotation->id);
  g_ptr_array_remove_index (self->annotations, index);
}

guint
heddle_graph_get_annotation_index (HeddleGraph *self, const char *id)
{
  guint index = self->annotations->len;

  g_ptr_array_find (self->annotations, g_hash_table_lookup (self->annotation_ids, id), &index);
  return index;
}

static HeddleNode *
get_node (HeddleGraph *self, const char *id)
{
  HeddleVertex *vertex = heddle_graph_find_vertex (self, id);

  g_assert (vertex != NULL && vertex->node != NULL);
  return vertex->node;
}

void
heddle_graph_set_title (HeddleGraph *self, const char *id, const char *title)
{
  HeddleNode *node = get_node (self, id);
  char *copy = g_strdup (title);

  g_free (node->title);
  node->title = copy;
}

void
heddle_graph_set_position (HeddleGraph *self, const char *id, double x, double y)
{
  HeddleNode *node = get_node (self, id);

  node->x = x;
  node->y = y;
}

void
heddle_graph_set_size (HeddleGraph *self, const char *id, double width, double height)
{
  HeddleNode *node = get_node (self, id);

  node->width = width;
  node->height = height;
}

void
heddle_graph_set_parent (HeddleGraph *self, const char *id, const char *parent)
{
  HeddleVertex *vertex = heddle_graph_find_vertex (self, id);
  char *copy = g_strdup (parent);

  leave_parent (self, vertex);
  g_free (vertex->node->parent);
  vertex->node->parent = copy;
  enter_parent (self, vertex);
}

/* Parameters may be shared with running plans and undo, so they are replaced, never changed. */
void
heddle_graph_set_param (HeddleGraph *self, const char *id, const char *param, guint index, JsonNode *value)
{
  HeddleNode *node = get_node (self, id);
  JsonObject *params = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *old;
  guint place = 0;

  json_object_iter_init_ordered (&iter, node->params);
  while (json_object_iter_next_ordered (&iter, &name, &old))
    {
      if (place == index && value != NULL)
        json_object_set_member (params, param, json_node_ref (value));
      place++;
      if (strcmp (name, param) != 0)
        json_object_set_member (params, name, json_node_ref (old));
    }
  if (value != NULL && !json_object_has_member (params, param))
    json_object_set_member (params, param, json_node_ref (value));

  json_object_seal (params);
  json_object_unref (node->params);
  node->params = params;
  forget_check (heddle_graph_find_vertex (self, id));
}

void
heddle_graph_set_node_object (HeddleGraph *self, const char *id, const char *name, JsonNode *object)
{
  heddle_node_take_object (get_node (self, id), name, object != NULL ? json_object_ref (json_node_get_object (object)) : NULL);
  forget_check (heddle_graph_find_vertex (self, id));
}

void
heddle_graph_set_node_state (HeddleGraph *self, const char *id, const char *name, JsonNode *value)
{
  heddle_node_set_state (get_node (self, id), name, value);
  forget_check (heddle_graph_find_vertex (self, id));
}

static void
leave_all (HeddleGraph *self, GPtrArray *links, gboolean may_have_equal)
{
  for (guint i = 0; i < links->len; i++)
    leave_set (self, g_ptr_array_index (links, i), may_have_equal);
}

static void
set_end (char **id, HeddleVertex **end, HeddleVertex *vertex)
{
  g_free (*id);
  *id = g_strdup (vertex->id);
  *end = vertex;
}

static void
move_links (HeddleVertex *source, HeddleVertex *target)
{
  GPtrArray *in = g_steal_pointer (&source->in);
  GPtrArray *out = g_steal_pointer (&source->out);

  source->in = target->in;
  source->out = target->out;
  target->in = in;
  target->out = out;
  for (guint i = 0; i < in->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (in, i);

      set_end (&link->edge.to, &link->to, target);
    }
  for (guint i = 0; i < out->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (out, i);

      set_end (&link->edge.from, &link->from, target);
    }
}

/* The vertex that gets the node takes the place of the one that has it, in its parent. */
static void
replace_child (HeddleVertex *source, HeddleVertex *target)
{
  HeddleVertex *parent = g_steal_pointer (&source->parent);

  target->parent = parent;
  if (parent != NULL)
    g_ptr_array_index (parent->children, find_child_place (parent->children, source->node->index)) = target;
}

/* The nodes in it follow. */
static void
move_children (HeddleVertex *source, HeddleVertex *target)
{
  GPtrArray *children = g_steal_pointer (&source->children);

  source->children = target->children;
  target->children = children;
  for (guint i = 0; i < children->len; i++)
    {
      HeddleVertex *child = g_ptr_array_index (children, i);

      set_end (&child->node->parent, &child->parent, target);
    }
}

static void
enter_all (HeddleGraph *self, GPtrArray *links)
{
  for (guint i = 0; i < links->len; i++)
    enter_in_set (self, g_ptr_array_index (links, i));
}

void
heddle_graph_set_node_id (HeddleGraph *self, const char *id, const char *new_id)
{
  HeddleVertex *source = heddle_graph_find_vertex (self, id);
  HeddleVertex *target = ensure_vertex (self, new_id);
  gboolean may_have_equal = has_duplicates (self);

  g_assert (source != NULL && source->node != NULL && target->node == NULL);
  g_assert (target->in->len == 0 && target->out->len == 0 && target->children->len == 0);

  leave_all (self, source->in, may_have_equal);
  leave_all (self, source->out, may_have_equal);
  replace_child (source, target);
  target->node = g_steal_pointer (&source->node);
  g_free (target->node->id);
  target->node->id = g_strdup (target->id);
  g_ptr_array_index (self->nodes, target->node->index) = target;
  move_children (source, target);
  move_links (source, target);
  enter_all (self, target->in);
  enter_all (self, target->out);
  drop_vertex_if_unused (self, source);
}
