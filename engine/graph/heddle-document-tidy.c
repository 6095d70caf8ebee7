/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "graph/heddle-graph-layout.h"

/* Laying nodes out anew, with what belongs to them. */

/* A note that lies no further from a node belongs to it. */
#define NOTE_DISTANCE (4 * HEDDLE_GRID)

static GPtrArray *
list_vertices (HeddleGraph *graph, const char *const *ids)
{
  GPtrArray *vertices = g_ptr_array_new ();
  g_autoptr (GHashTable) chosen = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) all = ids != NULL ? heddle_graph_dup_ids_within (graph, ids) : NULL;

  for (guint i = 0; all != NULL && all[i] != NULL; i++)
    g_hash_table_add (chosen, all[i]);
  for (guint i = 0; i < graph->nodes->len; i++)
    {
      HeddleVertex *vertex = g_ptr_array_index (graph->nodes, i);

      if (ids == NULL || g_hash_table_contains (chosen, vertex->id))
        g_ptr_array_add (vertices, vertex);
    }
  return vertices;
}

/* The top left of the nodes stays where it is. */
static void
move_to_layout (HeddleDocument *self, const HeddleTidyGroup *group)
{
  double left = G_MAXDOUBLE;
  double top = G_MAXDOUBLE;

  for (guint i = 0; i < group->n_own; i++)
    {
      const HeddleNode *node = g_array_index (group->boxes, HeddleBox, i).vertex->node;

      left = MIN (left, node->x);
      top = MIN (top, node->y);
    }
  left = round (left / HEDDLE_GRID) * HEDDLE_GRID;
  top = round (top / HEDDLE_GRID) * HEDDLE_GRID;
  for (guint i = 0; i < group->boxes->len; i++)
    {
      const HeddleBox *box = &g_array_index (group->boxes, HeddleBox, i);
      gboolean is_frame = heddle_node_is_container (box->vertex->node);

      heddle_document_place (self, box->vertex->node, heddle_document_to_canvas (left + box->x), heddle_document_to_canvas (top + box->y),
                             is_frame ? heddle_document_to_canvas (box->frame_width) : 0,
                             is_frame ? heddle_document_to_canvas (box->frame_height) : 0);
    }
}

static HeddlePlaces *
note_places (HeddleDocument *self, const GPtrArray *vertices)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_sized_new (vertices->len + 1);

  for (guint i = 0; i < vertices->len; i++)
    g_ptr_array_add (ids, ((HeddleVertex *) g_ptr_array_index (vertices, i))->id);
  g_ptr_array_add (ids, NULL);
  return heddle_document_note_places (self, (const char *const *) ids->pdata);
}

typedef struct
{
  double left, top, right, bottom;
} Area;

static Area
get_area (const HeddleNode *node)
{
  double width, height;

  heddle_node_get_size (node, &width, &height);
  return (Area){ node->x, node->y, node->x + width, node->y + height };
}

/* What an annotation belongs to: of a note the node beside it, of a frame all nodes in it and how far its sides are from them. */
typedef struct
{
  char *id;
  GPtrArray *nodes; /* char*, borrowed from the graph, in which no id changes */
  Area margins;     /* of a frame; of a note, where its node was */
} Bond;

static void
bond_free (gpointer data)
{
  Bond *bond = data;

  g_free (bond->id);
  g_ptr_array_unref (bond->nodes);
  g_free (bond);
}

static double
get_distance (const HeddleAnnotation *annotation, const Area *area)
{
  double dx = MAX (MAX (area->left - annotation->x - annotation->width, annotation->x - area->right), 0);
  double dy = MAX (MAX (area->top - annotation->y - annotation->height, annotation->y - area->bottom), 0);

  return dx + dy;
}

static void
bind_note (Bond *bond, const HeddleAnnotation *note, const GPtrArray *vertices)
{
  double nearest = NOTE_DISTANCE;

  for (guint i = 0; i < vertices->len; i++)
    {
      const HeddleNode *node = ((HeddleVertex *) g_ptr_array_index (vertices, i))->node;
      double distance;
      Area area;

      if (node->x > note->x + note->width + NOTE_DISTANCE || node->x + MAX (node->width, HEDDLE_CARD_WIDTH) < note->x - NOTE_DISTANCE)
        continue;
      area = get_area (node);
      distance = get_distance (note, &area);
      if (distance > nearest || (distance == nearest && bond->nodes->len > 0))
        continue;
      nearest = distance;
      g_ptr_array_set_size (bond->nodes, 0);
      g_ptr_array_add (bond->nodes, node->id);
      bond->margins = area;
    }
}

static gboolean
holds (const HeddleAnnotation *frame, const Area *area)
{
  return area->left >= frame->x && area->top >= frame->y && area->right <= frame->x + frame->width && area->bottom <= frame->y + frame->height;
}

static Area
measure_all (HeddleGraph *graph, const GPtrArray *nodes)
{
  Area all = { G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE };

  for (guint i = 0; i < nodes->len; i++)
    {
      Area area = get_area (heddle_graph_find_node (graph, g_ptr_array_index (nodes, i)));

      all.left = MIN (all.left, area.left);
      all.top = MIN (all.top, area.top);
      all.right = MAX (all.right, area.right);
      all.bottom = MAX (all.bottom, area.bottom);
    }
  return all;
}

static void
bind_frame (Bond *bond, HeddleGraph *graph, const HeddleAnnotation *frame, const GPtrArray *vertices)
{
  Area all;

  for (guint i = 0; i < vertices->len; i++)
    {
      const HeddleNode *node = ((HeddleVertex *) g_ptr_array_index (vertices, i))->node;
      Area area;

      if (node->x < frame->x || node->x > frame->x + frame->width)
        continue;
      area = get_area (node);
      if (holds (frame, &area))
        g_ptr_array_add (bond->nodes, node->id);
    }
  all = measure_all (graph, bond->nodes);
  bond->margins = (Area){ all.left - frame->x, all.top - frame->y, frame->x + frame->width - all.right, frame->y + frame->height - all.bottom };
}

/* Bond*: annotations that belong to any of the vertices. */
static GPtrArray *
list_bonds (HeddleGraph *graph, const GPtrArray *vertices)
{
  GPtrArray *bonds = g_ptr_array_new_with_free_func (bond_free);

  for (guint i = 0; i < heddle_graph_get_n_annotations (graph); i++)
    {
      const HeddleAnnotation *annotation = heddle_graph_get_annotation (graph, i);
      Bond *bond = g_new0 (Bond, 1);

      bond->id = g_strdup (annotation->id);
      bond->nodes = g_ptr_array_new ();
      if (annotation->kind == HEDDLE_ANNOTATION_NOTE)
        bind_note (bond, annotation, vertices);
      else
        bind_frame (bond, graph, annotation, vertices);
      if (bond->nodes->len > 0)
        g_ptr_array_add (bonds, bond);
      else
        bond_free (bond);
    }
  return bonds;
}

static void
follow (HeddleDocument *self, const Bond *bond)
{
  HeddleGraph *graph = heddle_document_get_graph (self);
  const HeddleAnnotation *annotation = heddle_graph_find_annotation (graph, bond->id);
  Area now = measure_all (graph, bond->nodes);
  const Area *margins = &bond->margins;

  if (annotation->kind == HEDDLE_ANNOTATION_NOTE)
    heddle_document_set_annotation (self, bond->id, annotation->text, annotation->color, annotation->x + now.left - margins->left,
                                    annotation->y + now.top - margins->top, annotation->width, annotation->height);
  else
    heddle_document_set_annotation (self, bond->id, annotation->text, annotation->color, now.left - margins->left, now.top - margins->top,
                                    now.right + margins->right - (now.left - margins->left), now.bottom + margins->bottom - (now.top - margins->top));
}

void
heddle_document_settle (HeddleDocument *self, const char *const *ids)
{
  g_auto (HeddlePlacing) placing = { 0 };

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (ids != NULL);

  if (!heddle_graph_find_place (heddle_document_get_graph (self), ids, &placing))
    return;
  heddle_document_begin (self, _ ("Move"));
  if (placing.push > 0)
    heddle_document_move (self, (const char *const *) placing.pushed->pdata, placing.push, 0);
  heddle_document_move (self, ids, placing.dx, placing.dy);
  heddle_document_end (self);
}

void
heddle_document_tidy (HeddleDocument *self, const char *const *ids)
{
  HeddleGraph *graph;
  g_autoptr (GPtrArray) vertices = NULL;
  g_autoptr (GPtrArray) groups = NULL;
  g_autoptr (GPtrArray) bonds = NULL;
  g_autoptr (HeddlePlaces) places = NULL;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));

  graph = heddle_document_get_graph (self);
  vertices = list_vertices (graph, ids);
  groups = heddle_graph_tidy (graph, vertices);
  places = note_places (self, vertices);
  bonds = list_bonds (graph, vertices);
  heddle_document_begin (self, _ ("Tidy Up"));
  for (guint i = 0; i < groups->len; i++)
    move_to_layout (self, g_ptr_array_index (groups, i));
  heddle_document_move_points (self, places, TRUE);
  for (guint i = 0; i < bonds->len; i++)
    follow (self, g_ptr_array_index (bonds, i));
  heddle_document_end (self);
}
