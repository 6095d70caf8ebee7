/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "value/heddle-json.h"

/* The verbs that change one thing. */

/* Hundredths are finer than any screen and keep the file readable. */
double
heddle_document_to_canvas (double number)
{
  if (isnan (number))
    return 0;
  return CLAMP (round (number * 100) / 100, -HEDDLE_CANVAS_LIMIT, HEDDLE_CANVAS_LIMIT);
}

static double
to_canvas (double number)
{
  return heddle_document_to_canvas (number);
}

/* A card has no size. */
static JsonNode *
make_place (double x, double y, double width, double height)
{
  const double numbers[] = { x, y, width, height };

  return heddle_json_numbers (numbers, width > 0 ? 4 : 2);
}

static gboolean
is_id_taken (HeddleDocument *self, const char *id, GHashTable *taken)
{
  return heddle_node_id_is_reserved (id) || heddle_graph_has_id (heddle_document_get_graph (self), id) ||
         (taken != NULL && g_hash_table_contains (taken, id));
}

static gboolean
is_number_taken (HeddleDocument *self, const char *base, guint number, GHashTable *taken)
{
  g_autofree char *id = g_strdup_printf ("%s%u", base, number);

  return is_id_taken (self, id, taken);
}

/* base, base2, base3…; doubling, then halving, so that the ten thousandth is found as fast as the third. */
char *
heddle_document_dup_free_id (HeddleDocument *self, const char *base, GHashTable *taken)
{
  gsize length = strlen (base);
  g_autofree char *stem = NULL;
  guint low = 1;
  guint high = 2;

  if (!is_id_taken (self, base, taken))
    return g_strdup (base);

  while (length > 1 && g_ascii_isdigit (base[length - 1]))
    length--;
  stem = g_strndup (base, length);
  while (is_number_taken (self, stem, high, taken))
    {
      low = high;
      high *= 2;
    }
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (is_number_taken (self, stem, middle, taken))
        low = middle;
      else
        high = middle;
    }
  return g_strdup_printf ("%s%u", stem, high);
}

/* "if-else" is called ifElse in expressions. */
static char *
dup_base_id (const char *type_id, const HeddleNodeType *type)
{
  GString *base = g_string_new (NULL);
  gboolean upper = FALSE;

  if (type != NULL && (type->flags & HEDDLE_NODE_START) != 0)
    return g_string_free (g_string_assign (base, "start"), FALSE);

  for (const char *p = type_id; *p != '\0'; p++)
    {
      if (g_ascii_isalnum (*p))
        g_string_append_c (base, upper ? g_ascii_toupper (*p) : *p);
      upper = !g_ascii_isalnum (*p) && base->len > 0;
    }
  if (!heddle_node_id_is_identifier (base->str))
    g_string_assign (base, "node");
  if (heddle_node_id_is_reserved (base->str))
    g_string_append_c (base, '1');
  return g_string_free (base, FALSE);
}

HeddleEdit *
heddle_edit_new_for_node (const HeddleNode *node, guint index, gboolean add)
{
  JsonObject *object = json_object_new ();
  JsonNode *json;

  json_object_set_member (object, "node", heddle_node_to_json (node));
  json_object_set_member (object, "at", make_place (node->x, node->y, node->width, node->height));
  json = heddle_json_object (object);
  return heddle_edit_new (HEDDLE_EDIT_NODE, node->id, index, add ? NULL : json, add ? json : NULL);
}

const char *
heddle_document_add_node (HeddleDocument *self, const char *type_id, JsonObject *params, double x, double y)
{
  g_autofree char *base = NULL;
  HeddleGraph *graph;
  HeddleNode *node;
  char *id;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), NULL);
  g_return_val_if_fail (type_id != NULL, NULL);

  graph = heddle_document_get_graph (self);
  base = dup_base_id (type_id, heddle_registry_lookup (type_id));
  id = heddle_document_dup_free_id (self, base, NULL);
  node = heddle_node_new (id, type_id);
  if (params != NULL)
    heddle_node_take_params (node, json_object_ref (params));
  node->x = to_canvas (x);
  node->y = to_canvas (y);
  if (heddle_node_is_container (node))
    {
      node->width = HEDDLE_FRAME_WIDTH;
      node->height = HEDDLE_FRAME_HEIGHT;
    }

  heddle_document_begin (self, _ ("Add Node"));
  heddle_document_apply (self, heddle_edit_new_for_node (node, heddle_graph_get_n_nodes (graph), TRUE));
  heddle_document_end (self);
  heddle_node_free (node);
  return heddle_document_lend_id (self, id);
}

const char *
heddle_document_add_annotation (HeddleDocument *self, HeddleAnnotationKind kind, const char *text, double x, double y, double width, double height)
{
  gboolean is_note = kind == HEDDLE_ANNOTATION_NOTE;
  HeddleAnnotation *annotation;
  char *id;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), NULL);

  id = heddle_document_dup_free_id (self, is_note ? "note" : "frame", NULL);
  annotation = heddle_annotation_new (kind, id);
  g_free (annotation->text);
  annotation->text = g_strdup (text != NULL ? text : "");
  annotation->x = to_canvas (x);
  annotation->y = to_canvas (y);
  annotation->width = MAX (to_canvas (width), 0);
  annotation->height = MAX (to_canvas (height), 0);

  heddle_document_begin (self, is_note ? _ ("Add Note") : _ ("Add Group"));
  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_ANNOTATION, id,
                                                heddle_graph_get_n_annotations (heddle_document_get_graph (self)), NULL,
                                                heddle_annotation_to_json (annotation)));
  heddle_document_end (self);
  heddle_annotation_free (annotation);
  return heddle_document_lend_id (self, id);
}

static JsonNode *
annotation_with (const HeddleAnnotation *old, const char *text, const char *color, double x, double y, double width, double height)
{
  HeddleAnnotation changed = *old;

  changed.text = (char *) (text != NULL ? text : "");
  changed.color = (char *) color;
  changed.x = to_canvas (x);
  changed.y = to_canvas (y);
  changed.width = MAX (to_canvas (width), 0);
  changed.height = MAX (to_canvas (height), 0);
  return heddle_annotation_to_json (&changed);
}

void
heddle_document_set_annotation (HeddleDocument *self, const char *id, const char *text, const char *color, double x, double y, double width, double height)
{
  const HeddleAnnotation *old;
  HeddleGraph *graph;
  JsonNode *before, *after;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (id != NULL);

  graph = heddle_document_get_graph (self);
  old = heddle_graph_find_annotation (graph, id);
  g_return_if_fail (old != NULL);

  before = heddle_annotation_to_json (old);
  after = annotation_with (old, text, color, x, y, width, height);
  if (heddle_json_equal (before, after))
    {
      json_node_unref (before);
      json_node_unref (after);
      return;
    }
  if (strcmp (old->text, text != NULL ? text : "") != 0)
    heddle_document_begin_typing (self, _ ("Edit Text"));
  else
    heddle_document_begin (self, _ ("Change Annotation"));
  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_ANNOTATION, id, heddle_graph_get_annotation_index (graph, id),
                                                before, after));
  heddle_document_end (self);
}

gboolean
heddle_document_connect (HeddleDocument *self, const char *from, const char *from_port, const char *to, const char *to_port, GError **error)
{
  g_autofree char *reason = NULL;
  const HeddleNode *source, *target;
  HeddleGraph *graph;
  HeddleEdge *edge;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), FALSE);
  g_return_val_if_fail (from != NULL && to != NULL, FALSE);

  graph = heddle_document_get_graph (self);
  source = heddle_graph_find_node (graph, from);
  target = heddle_graph_find_node (graph, to);
  if (from_port == NULL || *from_port == '\0')
    from_port = heddle_node_get_default_output_to (source, target);
  if (to_port == NULL || *to_port == '\0')
    to_port = heddle_node_get_default_input_from (target, source);
  if (!heddle_graph_can_connect (graph, from, from_port, to, to_port, &reason))
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, reason);
      return FALSE;
    }

  edge = heddle_edge_new (from, from_port, to, to_port);
  heddle_document_begin (self, _ ("Connect"));
  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_EDGE, NULL, heddle_graph_get_n_edges (graph), NULL,
                                                heddle_edge_to_json (edge)));
  heddle_document_end (self);
  heddle_edge_free (edge);
  return TRUE;
}

gboolean
heddle_document_disconnect (HeddleDocument *self, const char *from, const char *from_port, const char *to, const char *to_port)
{
  const HeddleEdge *edge;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), FALSE);

  edge = heddle_graph_find_edge (heddle_document_get_graph (self), from, from_port, to, to_port);
  if (edge == NULL)
    return FALSE;
  heddle_document_begin (self, _ ("Disconnect"));
  heddle_document_remove_edge (self, edge);
  heddle_document_end (self);
  return TRUE;
}

void
heddle_document_place (HeddleDocument *self, const HeddleNode *node, double x, double y, double width, double height)
{
  if (x == node->x && y == node->y && width == node->width && height == node->height)
    return;
  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_POSITION, node->id, 0,
                                                make_place (node->x, node->y, node->width, node->height),
                                                make_place (x, y, width, height)));
}

static void
move_node (HeddleDocument *self, const HeddleNode *node, double x, double y)
{
  heddle_document_place (self, node, to_canvas (x), to_canvas (y), node->width, node->height);
}

void
heddle_document_shift (HeddleDocument *self, const char *const *chosen, double dx, double dy)
{
  HeddleGraph *graph = heddle_document_get_graph (self);
  g_auto (GStrv) ids = heddle_graph_dup_ids_within (graph, chosen);

  for (guint i = 0; ids[i] != NULL; i++)
    {
      const HeddleNode *node = heddle_graph_find_node (graph, ids[i]);
      const HeddleAnnotation *annotation = heddle_graph_find_annotation (graph, ids[i]);

      if (node != NULL)
        move_node (self, node, node->x + dx, node->y + dy);
      else if (annotation != NULL)
        heddle_document_set_annotation (self, ids[i], annotation->text, annotation->color, annotation->x + dx,
                                        annotation->y + dy, annotation->width, annotation->height);
    }
}

void
heddle_document_move (HeddleDocument *self, const char *const *chosen, double dx, double dy)
{
  g_autoptr (HeddlePlaces) places = NULL;
  g_auto (GStrv) ids = NULL;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (chosen != NULL);

  ids = heddle_graph_dup_ids_within (heddle_document_get_graph (self), chosen);
  places = heddle_document_note_places (self, (const char *const *) ids);
  heddle_document_begin (self, _ ("Move"));
  heddle_document_shift (self, (const char *const *) ids, dx, dy);
  heddle_document_move_points (self, places, FALSE);
  heddle_document_end (self);
}

void
heddle_document_set_position (HeddleDocument *self, const char *id, double x, double y)
{
  const char *const ids[] = { id, NULL };
  const HeddleNode *node;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (id != NULL);

  node = heddle_graph_find_node (heddle_document_get_graph (self), id);
  g_return_if_fail (node != NULL);

  heddle_document_move (self, ids, to_canvas (x) - node->x, to_canvas (y) - node->y);
}

void
heddle_document_set_title (HeddleDocument *self, const char *id, const char *title)
{
  const HeddleNode *node;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (id != NULL);

  node = heddle_graph_find_node (heddle_document_get_graph (self), id);
  g_return_if_fail (node != NULL);

  if (title != NULL && *title == '\0')
    title = NULL;
  if (g_strcmp0 (title, node->title) == 0)
    return;
  heddle_document_begin_typing (self, _ ("Change Title"));
  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_TITLE, id, 0,
                                                node->title != NULL ? heddle_json_string (node->title) : NULL,
                                                title != NULL ? heddle_json_string (title) : NULL));
  heddle_document_end (self);
}

static void
set_meta_text (HeddleDocument *self, const char *key, const char *label, const char *old, const char *text)
{
  if (strcmp (old, text) == 0)
    return;
  heddle_document_begin_typing (self, label);
  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_META, key, 0, heddle_json_string (old), heddle_json_string (text)));
  heddle_document_end (self);
}

void
heddle_document_set_name (HeddleDocument *self, const char *name)
{
  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (name != NULL);

  set_meta_text (self, "name", _ ("Rename Workflow"), heddle_graph_get_name (heddle_document_get_graph (self)), name);
}

void
heddle_document_set_description (HeddleDocument *self, const char *description)
{
  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (description != NULL);

  set_meta_text (self, "description", _ ("Edit Description"),
                 heddle_graph_get_description (heddle_document_get_graph (self)), description);
}

static JsonNode *
copy_settings (JsonObject *settings)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *key;
  JsonNode *value, *node;

  json_object_iter_init_ordered (&iter, settings);
  while (json_object_iter_next_ordered (&iter, &key, &value))
    json_object_set_member (copy, key, json_node_ref (value));
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, copy);
  return node;
}

void
heddle_document_set_setting (HeddleDocument *self, const char *key, const char *label, JsonNode *value)
{
  JsonObject *settings;
  g_autoptr (JsonNode) before = NULL;
  g_autoptr (JsonNode) after = NULL;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (key != NULL && label != NULL);

  settings = heddle_graph_get_settings (heddle_document_get_graph (self));
  before = copy_settings (settings);
  after = copy_settings (settings);
  if (value != NULL)
    heddle_json_set_member (json_node_get_object (after), key, json_node_ref (value));
  else
    json_object_remove_member (json_node_get_object (after), key);
  if (heddle_json_equal (before, after))
    return;
  json_node_seal (before);
  json_node_seal (after);
  heddle_document_begin (self, label);
  heddle_document_apply (self, heddle_edit_new (HEDDLE_EDIT_META, "settings", 0, g_steal_pointer (&before), g_steal_pointer (&after)));
  heddle_document_end (self);
}
