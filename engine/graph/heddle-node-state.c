/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include <string.h>

#include "value/heddle-json.h"

/*
 * What is said of a node in one word: whether it takes part in runs, and whether it is drawn without
 * what is in it. A value that this version does not know means what its absence does, and is kept
 * among what else it does not know.
 */

static const char *const names[] = { "mode", "collapsed", NULL };

static const char *const modes[] = {
  [HEDDLE_NODE_ON] = "on",
  [HEDDLE_NODE_OFF] = "off",
  [HEDDLE_NODE_BYPASS] = "bypass",
};

const char *const *
heddle_node_list_state_names (void)
{
  return names;
}

gboolean
heddle_node_is_state_name (const char *name)
{
  return g_strv_contains (names, name);
}

static gboolean
is_mode (const char *name)
{
  return strcmp (name, "mode") == 0;
}

static gboolean
read_mode (JsonNode *json, HeddleNodeMode *mode)
{
  for (guint i = 0; heddle_json_is_string (json) && i < G_N_ELEMENTS (modes); i++)
    {
      if (strcmp (json_node_get_string (json), modes[i]) == 0)
        {
          *mode = i;
          return TRUE;
        }
    }
  return FALSE;
}

gboolean
heddle_json_read_boolean (JsonNode *json, gboolean *value)
{
  if (!JSON_NODE_HOLDS_VALUE (json) || json_node_get_value_type (json) != G_TYPE_BOOLEAN)
    return FALSE;
  *value = json_node_get_boolean (json);
  return TRUE;
}

JsonNode *
heddle_node_mode_to_json (HeddleNodeMode mode)
{
  return mode != HEDDLE_NODE_ON ? heddle_json_string (modes[mode]) : NULL;
}

/* Objects may be shared, so they are replaced, never changed. */
static void
set_extra (HeddleNode *node, const char *name, JsonNode *value)
{
  const char *const dropped[] = { name, NULL };
  JsonObject *extra = node->extra != NULL ? heddle_json_dup_extra (node->extra, dropped) : NULL;

  if (value != NULL && extra == NULL)
    extra = json_object_new ();
  if (value != NULL)
    json_object_set_member (extra, name, json_node_ref (value));
  g_clear_pointer (&node->extra, json_object_unref);
  node->extra = extra;
}

void
heddle_node_set_state (HeddleNode *node, const char *name, JsonNode *value)
{
  gboolean is_known;

  if (is_mode (name))
    node->mode = HEDDLE_NODE_ON;
  else
    node->collapsed = FALSE;
  is_known = value == NULL || (is_mode (name) ? read_mode (value, &node->mode) : heddle_json_read_boolean (value, &node->collapsed));
  if (!is_known || (node->extra != NULL && json_object_has_member (node->extra, name)))
    set_extra (node, name, is_known ? NULL : value);
}

JsonNode *
heddle_node_dup_state (const HeddleNode *node, const char *name)
{
  JsonNode *unknown = node->extra != NULL ? json_object_get_member (node->extra, name) : NULL;

  if (unknown != NULL)
    return json_node_ref (unknown);
  if (is_mode (name))
    return heddle_node_mode_to_json (node->mode);
  return node->collapsed ? heddle_json_boolean (TRUE) : NULL;
}
