/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include <string.h>

#include "value/heddle-json.h"

/* Objects of a node beside its parameters: what is said of any node, whatever its type. */

static const char *const names[] = { "policy", "tool", "pin", NULL };

const char *const *
heddle_node_list_object_names (void)
{
  return names;
}

gboolean
heddle_node_is_object_name (const char *name)
{
  return g_strv_contains (names, name);
}

/* The pin is kept as a node, which is what runs share. */
static gboolean
is_pin (const char *name)
{
  return strcmp (name, "pin") == 0;
}

static void
take_pin (HeddleNode *node, JsonObject *object)
{
  g_clear_pointer (&node->pin, json_node_unref);
  if (object != NULL)
    node->pin = heddle_json_object (object);
}

static JsonObject **
get_place (HeddleNode *node, const char *name)
{
  return strcmp (name, "policy") == 0 ? &node->policy : &node->tool;
}

JsonNode *
heddle_node_dup_object (const HeddleNode *node, const char *name)
{
  JsonObject *object;

  if (is_pin (name))
    return node->pin != NULL ? json_node_ref (node->pin) : NULL;
  object = *get_place ((HeddleNode *) node, name);
  return object != NULL ? heddle_json_object (json_object_ref (object)) : NULL;
}

void
heddle_node_take_object (HeddleNode *node, const char *name, JsonObject *object)
{
  JsonObject **place;

  if (object != NULL && json_object_get_size (object) == 0)
    g_clear_pointer (&object, json_object_unref);
  if (is_pin (name))
    {
      take_pin (node, object);
      return;
    }
  place = get_place (node, name);
  if (object != NULL)
    json_object_seal (object);
  g_clear_pointer (place, json_object_unref);
  *place = object;
}
