/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-item.h"

/* Prints where the ports of each node type's card are, for tests that drag them: {title: {"inputs": {name: [x, y]}, "outputs": …}}. */

static JsonNode *
list_side (const HeddleCanvasItem *item, gboolean output)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < heddle_canvas_item_get_n_ports (item, output); i++)
    {
      JsonArray *place = json_array_new ();
      double x, y;

      heddle_canvas_item_get_port_position (item, output, (int) i, &x, &y);
      json_array_add_double_element (place, x);
      json_array_add_double_element (place, y);
      json_object_set_array_member (object, heddle_canvas_item_get_port (item, output, i)->name, place);
    }
  return heddle_json_object (object);
}

static JsonNode *
list_type (const HeddleNodeType *type)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);
  const char *id = heddle_document_add_node (document, type->id, NULL, 0, 0);
  HeddleCanvasItem *item = heddle_canvas_item_new_for_node (heddle_graph_find_node (heddle_document_get_graph (document), id));
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "inputs", list_side (item, FALSE));
  json_object_set_member (object, "outputs", list_side (item, TRUE));
  heddle_canvas_item_free (item);
  return heddle_json_object (object);
}

int
main (void)
{
  const HeddleNodeType *const *types = heddle_registry_list (NULL);
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; types[i] != NULL; i++)
    json_object_set_member (object, types[i]->title, list_type (types[i]));
  node = heddle_json_object (object);
  text = heddle_json_to_text (node, HEDDLE_JSON_COMPACT);
  g_print ("%s\n", text);
  return 0;
}
