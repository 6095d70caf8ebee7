/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "registry/heddle-node-type.h"
#include "registry/heddle-problem.h"
#include "value/heddle-json.h"
#include "value/heddle-text-keys.h"

#define SECRET_NAMES \
  "^(?i:authorization|proxy-authorization|cookie|(?:x-)?api[-_ ]?key|(?:x-)?(?:auth|access)[-_ ]?token|token|password|passwd|secret|client[-_ ]?secret)$"

typedef struct
{
  GRegex *tokens;
  GRegex *names;
} Search;

/* A value that is put in only when the workflow runs is no secret in the file. */
static gboolean
is_fixed (const char *text)
{
  return *text != '\0' && strstr (text, "{{") == NULL;
}

static gboolean
node_looks_secret (Search *search, const char *name, JsonNode *node);

/* {"name": "Authorization", "value": "…"} and {"password": "…"}. */
static gboolean
object_looks_secret (Search *search, JsonNode *node)
{
  const char *row = heddle_json_get_string (node, "name", NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &value))
    {
      if (node_looks_secret (search, row != NULL && strcmp (name, "value") == 0 ? row : name, value))
        return TRUE;
    }
  return FALSE;
}

/* As deep as JSON that was read may be. */
static gboolean
node_looks_secret (Search *search, const char *name, JsonNode *node)
{
  if (heddle_json_is_string (node))
    {
      const char *text = json_node_get_string (node);

      return g_regex_match (search->tokens, text, 0, NULL) ||
             (is_fixed (text) && g_regex_match (search->names, name, 0, NULL));
    }
  if (JSON_NODE_HOLDS_OBJECT (node))
    return object_looks_secret (search, node);
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          if (node_looks_secret (search, name, json_array_get_element (array, i)))
            return TRUE;
        }
    }
  return FALSE;
}

gboolean
heddle_value_looks_secret (const char *name, JsonNode *value)
{
  g_autoptr (GRegex) tokens = g_regex_new (HEDDLE_KEY_PATTERN, G_REGEX_OPTIMIZE, 0, NULL);
  g_autoptr (GRegex) names = g_regex_new (SECRET_NAMES, G_REGEX_OPTIMIZE, 0, NULL);
  Search search = { tokens, names };

  g_return_val_if_fail (name != NULL && value != NULL, FALSE);

  return node_looks_secret (&search, name, value);
}

static void
report (GPtrArray *problems, const HeddleNode *node, const char *param)
{
  const HeddleParamSpec *spec = node->type != NULL ? heddle_node_type_find_param (node->type, param) : NULL;
  g_autofree char *message = g_strdup_printf (_ ("“%s” of “%s” looks as if it held a key or password. Store that as a credential and choose it by its name."),
                                              spec != NULL ? _ (spec->title) : param, heddle_node_get_title (node));

  g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_WARNING, node->id, NULL, param, message));
}

static void
search_node (Search *search, const HeddleNode *node, GPtrArray *problems)
{
  JsonObject *const parts[] = { node->params, node->policy, node->tool, node->extra };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      JsonObjectIter iter;
      const char *name;
      JsonNode *value;

      if (parts[i] == NULL)
        continue;
      json_object_iter_init_ordered (&iter, parts[i]);
      while (json_object_iter_next_ordered (&iter, &name, &value))
        {
          if (node_looks_secret (search, name, value))
            report (problems, node, name);
        }
    }
}

/* Data of a run that was pinned goes wherever the file goes. */
static void
search_pin (Search *search, const HeddleNode *node, GPtrArray *problems)
{
  g_autofree char *message = NULL;

  if (node->pin == NULL || !node_looks_secret (search, "", node->pin))
    return;
  message = g_strdup_printf (_ ("The pinned result of “%s” looks as if it held a key or password. Unpin it, or remove that from it."),
                             heddle_node_get_title (node));
  g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_WARNING, node->id, NULL, "pin", message));
}

static void
search_settings (Search *search, HeddleGraph *self, GPtrArray *problems)
{
  g_autoptr (JsonNode) settings = heddle_json_object (json_object_ref (self->settings));

  if (node_looks_secret (search, "", settings))
    g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_WARNING, NULL, NULL, NULL,
                                                   _ ("The settings of the workflow look as if they held a key or password. Store that as a credential.")));
}

GPtrArray *
heddle_graph_list_secret_suspects (HeddleGraph *self)
{
  g_autoptr (GRegex) tokens = g_regex_new (HEDDLE_KEY_PATTERN, G_REGEX_OPTIMIZE, 0, NULL);
  g_autoptr (GRegex) names = g_regex_new (SECRET_NAMES, G_REGEX_OPTIMIZE, 0, NULL);
  Search search = { tokens, names };
  GPtrArray *problems;

  g_return_val_if_fail (HEDDLE_IS_GRAPH (self), NULL);

  problems = heddle_problem_list_new ();
  for (guint i = 0; i < self->nodes->len; i++)
    {
      search_node (&search, heddle_graph_get_node (self, i), problems);
      search_pin (&search, heddle_graph_get_node (self, i), problems);
    }
  search_settings (&search, self, problems);
  for (guint i = 0; i < self->annotations->len; i++)
    {
      const HeddleAnnotation *annotation = g_ptr_array_index (self->annotations, i);

      if (g_regex_match (tokens, annotation->text, 0, NULL))
        g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_WARNING, annotation->id, NULL, NULL,
                                                       _ ("A note looks as if it held a key or password. Remove it there.")));
    }
  return problems;
}
