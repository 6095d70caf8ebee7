/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include <string.h>

#include "value/heddle-json.h"

/*
 * Canonical text: fixed key order, defaults left out, and one parameter, edge or position per
 * line, so that a change to one thing is a change of one line in a diff.
 */

typedef struct
{
  GString *out;
  gboolean first; /* no member of the innermost open list or object is written yet */
} Writer;

static void
begin_item (Writer *writer, guint indent)
{
  g_string_append (writer->out, writer->first ? "\n" : ",\n");
  for (guint i = 0; i < indent; i++)
    g_string_append (writer->out, "  ");
  writer->first = FALSE;
}

static void
begin_member (Writer *writer, guint indent, const char *name)
{
  begin_item (writer, indent);
  heddle_json_append_string (writer->out, name);
  g_string_append (writer->out, ": ");
}

static void
open_block (Writer *writer, char bracket)
{
  g_string_append_c (writer->out, bracket);
  writer->first = TRUE;
}

static void
close_block (Writer *writer, guint indent, char bracket)
{
  if (!writer->first)
    {
      g_string_append_c (writer->out, '\n');
      for (guint i = 0; i < indent; i++)
        g_string_append (writer->out, "  ");
    }
  g_string_append_c (writer->out, bracket);
  writer->first = FALSE;
}

static void
write_text (Writer *writer, guint indent, const char *name, const char *text)
{
  begin_member (writer, indent, name);
  heddle_json_append_string (writer->out, text);
}

static void
write_inline (GString *out, JsonNode *json);

static void
write_inline_members (GString *out, JsonObject *object, const char *separator)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_string_append (out, separator);
      heddle_json_append_string (out, name);
      g_string_append (out, ": ");
      write_inline (out, value);
      separator = ", ";
    }
}

static void
write_inline_array (GString *out, JsonArray *array)
{
  g_string_append_c (out, '[');
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        g_string_append (out, ", ");
      write_inline (out, json_array_get_element (array, i));
    }
  g_string_append_c (out, ']');
}

/* A value on the current line, with the spaces a person would put. As deep as JSON that was read. */
static void
write_inline (GString *out, JsonNode *json)
{
  if (JSON_NODE_HOLDS_ARRAY (json))
    {
      write_inline_array (out, json_node_get_array (json));
    }
  else if (JSON_NODE_HOLDS_OBJECT (json) && json_object_get_size (json_node_get_object (json)) > 0)
    {
      write_inline_members (out, json_node_get_object (json), "{ ");
      g_string_append (out, " }");
    }
  else
    {
      heddle_json_append_text (out, json, HEDDLE_JSON_COMPACT, 0);
    }
}

/* Members of an object, each on a line of its own. */
static void
write_members (Writer *writer, guint indent, JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (object == NULL)
    return;
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      begin_member (writer, indent, name);
      write_inline (writer->out, value);
    }
}

/* An object of a node, left out when empty. */
static void
write_object (Writer *writer, const char *name, JsonObject *object)
{
  if (object == NULL || json_object_get_size (object) == 0)
    return;
  begin_member (writer, 3, name);
  open_block (writer, '{');
  write_members (writer, 4, object);
  close_block (writer, 3, '}');
}

/* A part of a workflow leaves out what leads to the rest of it. */
static gboolean
is_chosen (GHashTable *chosen, const char *id)
{
  return chosen == NULL || g_hash_table_contains (chosen, id);
}

/* Also such that this version does not know, which are in extra. */
static void
write_states (Writer *writer, const HeddleNode *node)
{
  for (const char *const *name = heddle_node_list_state_names (); *name != NULL; name++)
    {
      g_autoptr (JsonNode) state = heddle_node_dup_state (node, *name);

      if (state == NULL)
        continue;
      begin_member (writer, 3, *name);
      write_inline (writer->out, state);
    }
}

static void
write_extra (Writer *writer, const HeddleNode *node)
{
  g_autoptr (JsonObject) extra = node->extra != NULL ? heddle_json_dup_extra (node->extra, heddle_node_list_state_names ()) : NULL;

  write_members (writer, 3, extra);
}

static void
write_node (Writer *writer, const HeddleNode *node, GHashTable *chosen)
{
  begin_item (writer, 2);
  open_block (writer, '{');
  write_text (writer, 3, "id", node->id);
  write_text (writer, 3, "type", node->type_id);
  if (node->parent != NULL && is_chosen (chosen, node->parent))
    write_text (writer, 3, "parent", node->parent);
  if (node->title != NULL)
    write_text (writer, 3, "title", node->title);
  write_states (writer, node);
  write_object (writer, "params", node->params);
  write_object (writer, "policy", node->policy);
  write_object (writer, "tool", node->tool);
  write_object (writer, "pin", node->pin != NULL ? json_node_get_object (node->pin) : NULL);
  write_extra (writer, node);
  close_block (writer, 2, '}');
}

static void
write_end (Writer *writer, const char *node, const char *port, const char *default_port)
{
  g_string_append_c (writer->out, '"');
  g_string_append (writer->out, node);
  if (strcmp (port, default_port) != 0)
    {
      g_autoptr (GString) quoted = g_string_new (NULL);

      /* The port's own opening quote becomes the dot. */
      heddle_json_append_string (quoted, port);
      quoted->str[0] = '.';
      g_string_append_len (writer->out, quoted->str, quoted->len);
    }
  else
    {
      g_string_append_c (writer->out, '"');
    }
}

static void
write_via (Writer *writer, const HeddleEdge *edge)
{
  static const char *const written[] = { "via", NULL };
  g_autoptr (JsonNode) via = heddle_edge_dup_via (edge);
  g_autoptr (JsonObject) extra = edge->extra != NULL ? heddle_json_dup_extra (edge->extra, written) : NULL;

  if (via != NULL)
    {
      g_string_append (writer->out, ", \"via\": ");
      write_inline (writer->out, via);
    }
  if (extra != NULL)
    write_inline_members (writer->out, extra, ", ");
}

static void
write_edge (Writer *writer, const HeddleLink *link)
{
  const HeddleEdge *edge = &link->edge;
  const HeddleNode *from = link->from->node;
  const HeddleNode *to = link->to->node;

  begin_item (writer, 2);
  g_string_append (writer->out, "{ \"from\": ");
  write_end (writer, edge->from, edge->from_port, heddle_node_get_default_output_to (from, to));
  g_string_append (writer->out, ", \"to\": ");
  write_end (writer, edge->to, edge->to_port, heddle_node_get_default_input_from (to, from));
  write_via (writer, edge);
  g_string_append (writer->out, " }");
}

static void
write_annotation (Writer *writer, const HeddleAnnotation *annotation)
{
  g_autoptr (JsonNode) json = heddle_annotation_to_json (annotation);

  begin_item (writer, 2);
  write_inline (writer->out, json);
}

static void
write_position (Writer *writer, const HeddleNode *node)
{
  begin_member (writer, 2, node->id);
  g_string_append_c (writer->out, '[');
  heddle_json_append_number (writer->out, node->x);
  g_string_append (writer->out, ", ");
  heddle_json_append_number (writer->out, node->y);
  if (node->width > 0)
    {
      g_string_append (writer->out, ", ");
      heddle_json_append_number (writer->out, node->width);
      g_string_append (writer->out, ", ");
      heddle_json_append_number (writer->out, node->height);
    }
  g_string_append_c (writer->out, ']');
}

static void
write_meta (Writer *writer, HeddleGraph *self)
{
  write_text (writer, 1, "id", self->id);
  write_text (writer, 1, "name", self->name);
  if (*self->description != '\0')
    write_text (writer, 1, "description", self->description);
  if (json_object_get_size (self->settings) > 0)
    {
      g_autoptr (JsonNode) settings = heddle_json_object (json_object_ref (self->settings));

      begin_member (writer, 1, "settings");
      heddle_json_append_text (writer->out, settings, HEDDLE_JSON_PRETTY, 1);
    }
}

static void
write_nodes (Writer *writer, HeddleGraph *self, GHashTable *chosen)
{
  begin_member (writer, 1, "nodes");
  open_block (writer, '[');
  for (guint i = 0; i < self->nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (self->nodes, i);

      if (is_chosen (chosen, vertex->id))
        write_node (writer, vertex->node, chosen);
    }
  close_block (writer, 1, ']');
}

static void
write_edges (Writer *writer, HeddleGraph *self, GHashTable *chosen)
{
  begin_member (writer, 1, "edges");
  open_block (writer, '[');
  for (guint i = 0; i < self->links->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (self->links, i);

      if (is_chosen (chosen, link->edge.from) && is_chosen (chosen, link->edge.to))
        write_edge (writer, link);
    }
  close_block (writer, 1, ']');
}

/* What leads to the chosen nodes from others. */
static void
write_incoming (Writer *writer, HeddleGraph *self, GHashTable *chosen)
{
  begin_member (writer, 1, "incoming");
  open_block (writer, '[');
  for (guint i = 0; i < self->links->len; i++)
    {
      HeddleLink *link = g_ptr_array_index (self->links, i);

      if (!is_chosen (chosen, link->edge.from) && is_chosen (chosen, link->edge.to))
        write_edge (writer, link);
    }
  close_block (writer, 1, ']');
}

static void
write_annotations (Writer *writer, HeddleGraph *self, GHashTable *chosen)
{
  gboolean open = FALSE;

  for (guint i = 0; i < self->annotations->len; i++)
    {
      HeddleAnnotation *annotation = g_ptr_array_index (self->annotations, i);

      if (!is_chosen (chosen, annotation->id))
        continue;
      if (!open)
        {
          begin_member (writer, 1, "annotations");
          open_block (writer, '[');
          open = TRUE;
        }
      write_annotation (writer, annotation);
    }
  if (open)
    close_block (writer, 1, ']');
}

static void
write_layout (Writer *writer, HeddleGraph *self, GHashTable *chosen)
{
  begin_member (writer, 1, "layout");
  open_block (writer, '{');
  for (guint i = 0; i < self->nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (self->nodes, i);

      if (is_chosen (chosen, vertex->id))
        write_position (writer, vertex->node);
    }
  close_block (writer, 1, '}');
}

static char *
write_graph (HeddleGraph *self, GHashTable *chosen, gboolean with_incoming)
{
  Writer writer = { g_string_sized_new (256 * (self->nodes->len + 1)), TRUE };

  open_block (&writer, '{');
  write_text (&writer, 1, "format", HEDDLE_FORMAT);
  begin_member (&writer, 1, "version");
  g_string_append_printf (writer.out, "%d", HEDDLE_FORMAT_VERSION);
  if (chosen == NULL)
    write_meta (&writer, self);
  write_nodes (&writer, self, chosen);
  write_edges (&writer, self, chosen);
  if (with_incoming)
    write_incoming (&writer, self, chosen);
  write_annotations (&writer, self, chosen);
  write_layout (&writer, self, chosen);
  if (chosen == NULL)
    write_members (&writer, 1, self->extra);
  close_block (&writer, 0, '}');
  g_string_append_c (writer.out, '\n');
  return g_string_free (writer.out, FALSE);
}

char *
heddle_graph_to_json (HeddleGraph *self)
{
  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);

  return write_graph (self, NULL, FALSE);
}

static char *
write_selection (HeddleGraph *self, const char *const *ids, gboolean with_incoming)
{
  g_autoptr (GHashTable) chosen = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) all = heddle_graph_dup_ids_within (self, ids);

  for (guint i = 0; all[i] != NULL; i++)
    g_hash_table_add (chosen, (gpointer) all[i]);
  return write_graph (self, chosen, with_incoming);
}

char *
heddle_graph_selection_to_json (HeddleGraph *self, const char *const *ids)
{
  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);
  g_return_val_if_fail (ids != NULL, NULL);

  return write_selection (self, ids, FALSE);
}

char *
heddle_graph_copy_to_json (HeddleGraph *self, const char *const *ids)
{
  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);
  g_return_val_if_fail (ids != NULL, NULL);

  return write_selection (self, ids, TRUE);
}
