/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

HeddleEdge *
heddle_edge_new (const char *from, const char *from_port, const char *to, const char *to_port)
{
  HeddleLink *link = g_new0 (HeddleLink, 1);

  link->edge.from = g_strdup (from);
  link->edge.from_port = g_strdup (from_port);
  link->edge.to = g_strdup (to);
  link->edge.to_port = g_strdup (to_port);
  return &link->edge;
}

void
heddle_edge_free (HeddleEdge *edge)
{
  g_free (edge->from);
  g_free (edge->from_port);
  g_free (edge->to);
  g_free (edge->to_port);
  g_free (edge->points);
  g_clear_pointer (&edge->extra, json_object_unref);
  g_free (edge);
}

guint
heddle_edge_hash (gconstpointer data)
{
  const HeddleEdge *edge = data;

  return ((g_str_hash (edge->from) * 31 + g_str_hash (edge->from_port)) * 31 + g_str_hash (edge->to)) * 31 +
         g_str_hash (edge->to_port);
}

gboolean
heddle_edge_equal (gconstpointer a, gconstpointer b)
{
  const HeddleEdge *first = a;
  const HeddleEdge *second = b;

  return strcmp (first->from, second->from) == 0 && strcmp (first->to, second->to) == 0 &&
         strcmp (first->from_port, second->from_port) == 0 && strcmp (first->to_port, second->to_port) == 0;
}

/* Splits "node.port" at the first dot, as ids have none. */
static gboolean
split_end (const char *end, char **node, char **port)
{
  const char *dot = strchr (end, '.');

  *node = dot != NULL ? g_strndup (end, dot - end) : g_strdup (end);
  *port = g_strdup (dot != NULL ? dot + 1 : "");
  return heddle_node_id_is_identifier (*node);
}

static gboolean
read_point (JsonNode *json, HeddlePoint *point)
{
  double at[2];

  if (!heddle_json_read_numbers (json, at, 2))
    return FALSE;
  *point = (HeddlePoint){ at[0], at[1] };
  return TRUE;
}

/* All of them or none. */
static gboolean
read_points (HeddleEdge *edge, JsonNode *via)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (via) ? json_node_get_array (via) : NULL;
  guint length = array != NULL ? json_array_get_length (array) : 0;
  g_autofree HeddlePoint *points = NULL;

  if (array == NULL)
    return FALSE;
  points = g_new0 (HeddlePoint, length);
  for (guint i = 0; i < length; i++)
    {
      if (!read_point (json_array_get_element (array, i), &points[i]))
        return FALSE;
    }
  edge->n_points = length;
  edge->points = g_steal_pointer (&points);
  return TRUE;
}

HeddleEdge *
heddle_edge_new_from_json (JsonNode *json, GError **error)
{
  static const char *const known[] = { "from", "to", NULL };
  static const char *const known_with_via[] = { "from", "to", "via", NULL };
  const char *from = heddle_json_get_string (json, "from", NULL);
  const char *to = heddle_json_get_string (json, "to", NULL);
  JsonNode *via = heddle_json_member (json, "via");
  gboolean has_points;
  HeddleEdge *edge;

  if (from == NULL || to == NULL)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                   _ ("A connection needs “from” and “to”, each the name of a node or “node.port”."));
      return NULL;
    }

  edge = heddle_edge_new (NULL, NULL, NULL, NULL);
  if (!split_end (from, &edge->from, &edge->from_port) || !split_end (to, &edge->to, &edge->to_port))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                   _ ("The connection from “%.80s” to “%.80s” does not name its ends as “node” or “node.port”."), from, to);
      heddle_edge_free (edge);
      return NULL;
    }
  has_points = via != NULL && read_points (edge, via);
  edge->extra = heddle_json_dup_extra (json_node_get_object (json), has_points ? known_with_via : known);
  return edge;
}

static void
set_end (JsonObject *object, const char *member, const char *node, const char *port)
{
  g_autofree char *end = *port != '\0' ? g_strconcat (node, ".", port, NULL) : NULL;

  json_object_set_member (object, member, heddle_json_string (end != NULL ? end : node));
}

/* NULL: there are none. */
static JsonNode *
points_to_json (const HeddleEdge *edge)
{
  JsonArray *via;

  if (edge->n_points == 0)
    return NULL;
  via = json_array_sized_new (edge->n_points);
  for (guint i = 0; i < edge->n_points; i++)
    {
      const double at[] = { edge->points[i].x, edge->points[i].y };

      json_array_add_element (via, heddle_json_numbers (at, 2));
    }
  return heddle_json_array (via);
}

JsonNode *
heddle_edge_dup_via (const HeddleEdge *edge)
{
  JsonNode *unknown = edge->extra != NULL ? json_object_get_member (edge->extra, "via") : NULL;

  return unknown != NULL ? json_node_ref (unknown) : points_to_json (edge);
}

JsonNode *
heddle_edge_to_json (const HeddleEdge *edge)
{
  JsonObject *object = json_object_new ();
  JsonNode *via = points_to_json (edge);

  set_end (object, "from", edge->from, edge->from_port);
  set_end (object, "to", edge->to, edge->to_port);
  if (via != NULL)
    json_object_set_member (object, "via", via);
  heddle_json_add_extra (object, edge->extra);
  return heddle_json_object (object);
}
