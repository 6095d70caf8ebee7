/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include "registry/heddle-node-type.h"

/* Other programs write maxToolIterations where we write max_tool_iterations. */

static gboolean
begins_word (const char *p)
{
  return g_ascii_isupper (p[0]) && (!g_ascii_isupper (p[-1]) || g_ascii_islower (p[1]));
}

/* "baseURLPath" → "base_url_path". */
static char *
to_snake_case (const char *name)
{
  GString *out = g_string_sized_new (32);

  for (const char *p = name; *p != '\0'; p++)
    {
      if (p > name && begins_word (p))
        g_string_append_c (out, '_');
      g_string_append_c (out, g_ascii_tolower (*p));
    }
  return g_string_free (out, FALSE);
}

/* The name of ours that is meant, or NULL. */
static char *
find_spelling (const HeddleNodeType *type, JsonObject *params, const char *name)
{
  g_autofree char *ours = NULL;

  if (heddle_node_type_find_param (type, name) != NULL)
    return NULL;
  ours = to_snake_case (name);
  if (heddle_node_type_find_param (type, ours) == NULL || json_object_has_member (params, ours))
    return NULL;
  return g_steal_pointer (&ours);
}

JsonObject *
heddle_params_respell (const HeddleNodeType *type, JsonObject *params)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, params);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_autofree char *ours = find_spelling (type, params, name);

      json_object_set_member (copy, ours != NULL ? ours : name, json_node_ref (value));
    }
  return copy;
}
