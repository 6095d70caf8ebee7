/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "graph/heddle-graph-private.h"
#include "registry/heddle-node-type.h"
#include "value/heddle-json.h"

/* Frames: what is in them, and how large they are. */

static gboolean
may_need_room (const HeddleEdit *edit)
{
  return edit->kind == HEDDLE_EDIT_POSITION || edit->kind == HEDDLE_EDIT_PARENT || edit->kind == HEDDLE_EDIT_NODE;
}

/* The frame that a node is and those around it, from the inside outwards, as far as they were not met before. */
static GPtrArray *
list_new_frames (HeddleGraph *graph, const char *id, GHashTable *seen)
{
  HeddleVertex *vertex = heddle_graph_find_vertex (graph, id);
  GPtrArray *frames = g_ptr_array_new ();

  for (; vertex != NULL && g_hash_table_add (seen, vertex); vertex = vertex->parent)
    {
      if (vertex->node != NULL && heddle_node_is_container (vertex->node))
        g_ptr_array_add (frames, vertex);
    }
  return frames;
}

/* A frame that is new has its room already: whoever adds it sees to that. */
static void
fit_frame (HeddleDocument *self, const HeddleVertex *vertex, gboolean is_new)
{
  double before[4] = { vertex->node->x, vertex->node->y };
  double frame[4];

  heddle_node_get_size (vertex->node, &before[2], &before[3]);
  heddle_vertex_measure_frame (vertex, frame);
  heddle_document_place (self, vertex->node, frame[0], frame[1], frame[2], frame[3]);
  if (!is_new)
    heddle_document_make_room (self, vertex, before);
}

/* Each way up ends at a frame that an earlier one met, so the later ones are what is further inside. */
void
heddle_document_fit_frames (HeddleDocument *self, GPtrArray *edits)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) added = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) ways = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < edits->len; i++)
    {
      const HeddleEdit *edit = g_ptr_array_index (edits, i);

      if (edit->kind == HEDDLE_EDIT_NODE && edit->before == NULL)
        g_hash_table_add (added, edit->key);
      if (may_need_room (edit))
        g_ptr_array_add (ways, list_new_frames (heddle_document_get_graph (self), edit->key, seen));
    }
  for (guint i = ways->len; i > 0; i--)
    {
      GPtrArray *frames = g_ptr_array_index (ways, i - 1);

      for (guint j = 0; j < frames->len; j++)
        {
          const HeddleVertex *frame = g_ptr_array_index (frames, j);

          fit_frame (self, frame, g_hash_table_contains (added, frame->id));
        }
    }
}

void
heddle_document_set_frame (HeddleDocument *self, const char *id, double x, double y, double width, double height)
{
  const HeddleNode *node;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (id != NULL);

  node = heddle_graph_find_node (heddle_document_get_graph (self), id);
  g_return_if_fail (node != NULL && heddle_node_is_container (node));

  heddle_document_begin (self, _ ("Resize Frame"));
  heddle_document_place (self, node, heddle_document_to_canvas (x), heddle_document_to_canvas (y),
                         MAX (heddle_document_to_canvas (width), HEDDLE_FRAME_WIDTH),
                         MAX (heddle_document_to_canvas (height), HEDDLE_FRAME_HEIGHT));
  heddle_document_end (self);
}

static gboolean
fail (GError **error, char *message)
{
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, message);
  g_free (message);
  return FALSE;
}

static gboolean
check_container (HeddleGraph *graph, const char *const *ids, const char *parent, GError **error)
{
  const HeddleNode *container = heddle_graph_find_node (graph, parent);

  if (container == NULL)
    return fail (error, g_strdup_printf (_ ("There is no node “%s”."), parent));
  if (!heddle_node_is_container (container))
    return fail (error, g_strdup_printf (_ ("“%s” is no frame. Put nodes into a Loop, a Map or a Subflow."), heddle_node_get_title (container)));
  for (guint i = 0; ids[i] != NULL; i++)
    {
      const HeddleNode *node = heddle_graph_find_node (graph, ids[i]);

      if (strcmp (ids[i], parent) == 0 || heddle_graph_is_within (graph, parent, ids[i]))
        return fail (error, g_strdup_printf (_ ("“%s” cannot be put into itself."), heddle_node_get_title (container)));
      if (node != NULL && node->type != NULL && (node->type->flags & HEDDLE_NODE_START) != 0)
        return fail (error, g_strdup_printf (_ ("“%s” begins the workflow, so it stays outside of frames. In a frame, begin at the port on its left side."),
                                             heddle_node_get_title (node)));
    }
  return TRUE;
}

/* Whether an edge joins what may be joined: nodes of one frame, or a frame's inner port and a node in it. */
static gboolean
fits_levels (const HeddleLink *link)
{
  const HeddleNode *from = link->from->node;
  const HeddleNode *to = link->to->node;

  if (from == NULL || to == NULL)
    return TRUE;
  if (heddle_node_has_inner_output (from, link->edge.from_port))
    return g_strcmp0 (to->parent, from->id) == 0;
  if (heddle_node_has_inner_input (to, link->edge.to_port))
    return g_strcmp0 (from->parent, to->id) == 0;
  return heddle_node_is_beside (from, to);
}

/* Edges that lead over a frame now. */
static void
remove_crossing (HeddleDocument *self, GPtrArray *links)
{
  for (guint i = links->len; i > 0; i--)
    {
      HeddleLink *link = g_ptr_array_index (links, i - 1);

      if (!fits_levels (link))
        heddle_document_remove_edge (self, &link->edge);
    }
}

void
heddle_document_put_into (HeddleDocument *self, const char *id, const char *parent)
{
  const HeddleNode *node = heddle_graph_find_node (heddle_document_get_graph (self), id);

  if (g_strcmp0 (node->parent, parent) == 0)
    return;
  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_PARENT, id, 0, node->parent != NULL ? heddle_json_string (node->parent) : NULL,
                                                parent != NULL ? heddle_json_string (parent) : NULL));
}

gboolean
heddle_document_set_parent (HeddleDocument *self, const char *const *ids, const char *parent, GError **error)
{
  g_autoptr (GPtrArray) outermost = NULL;
  g_autofree char *container = g_strdup (parent);
  HeddleGraph *graph;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), FALSE);
  g_return_val_if_fail (ids != NULL, FALSE);

  graph = heddle_document_get_graph (self);
  if (parent != NULL && !check_container (graph, ids, parent, error))
    return FALSE;

  outermost = heddle_graph_list_outermost (graph, ids);
  heddle_document_begin (self, container != NULL ? _ ("Move Into Frame") : _ ("Move Out of Frame"));
  for (guint i = 0; i < outermost->len; i++)
    heddle_document_put_into (self, g_ptr_array_index (outermost, i), container);
  for (guint i = 0; i < outermost->len; i++)
    {
      remove_crossing (self, heddle_graph_get_in_edges (graph, g_ptr_array_index (outermost, i)));
      remove_crossing (self, heddle_graph_get_out_edges (graph, g_ptr_array_index (outermost, i)));
    }
  heddle_document_end (self);
  return TRUE;
}

void
heddle_document_set_pin (HeddleDocument *self, const char *id, JsonNode *result)
{
  g_autofree char *key = NULL;
  g_autoptr (JsonNode) pin = NULL;
  const HeddleNode *node;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (id != NULL);
  g_return_if_fail (result == NULL || JSON_NODE_HOLDS_OBJECT (result));

  node = heddle_graph_find_node (heddle_document_get_graph (self), id);
  g_return_if_fail (node != NULL);

  if (result != NULL && json_object_get_size (json_node_get_object (result)) > 0)
    pin = heddle_document_dup_sealed (result);
  if (pin == node->pin || (pin != NULL && node->pin != NULL && heddle_json_equal (pin, node->pin)))
    return;
  key = g_strconcat (id, ".pin", NULL);
  heddle_document_begin (self, pin != NULL ? _ ("Pin Result") : _ ("Unpin Result"));
  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_OBJECT, key, 0, heddle_node_dup_object (node, "pin"),
                                                pin != NULL ? json_node_ref (pin) : NULL));
  heddle_document_end (self);
}
