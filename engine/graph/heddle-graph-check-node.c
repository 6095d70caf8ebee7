/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "expr/heddle-expr.h"
#include "registry/heddle-tool-spec.h"
#include "registry/heddle-policy.h"
#include "value/heddle-json.h"

void
heddle_problem_list_add (GPtrArray *problems, HeddleSeverity severity, const char *node, const char *port, const char *param, char *message)
{
  g_ptr_array_add (problems, heddle_problem_new (severity, node, port, param, message));
  g_free (message);
}

static void
root_use_free (HeddleRootUse *use)
{
  g_free (use->root);
  g_free (use->param);
  g_free (use);
}

void
heddle_node_check_free (HeddleNodeCheck *check)
{
  g_ptr_array_unref (check->problems);
  g_ptr_array_unref (check->outputs);
  g_ptr_array_unref (check->uses);
  g_free (check->args_param);
  g_free (check->loop_param);
  g_free (check);
}

/* The latest ones are of this parameter, if there are any. */
static HeddleRootUse *
find_use (HeddleNodeCheck *check, const char *root, const char *param)
{
  for (guint i = check->uses->len; i > 0; i--)
    {
      HeddleRootUse *use = g_ptr_array_index (check->uses, i - 1);

      if (strcmp (use->param, param) != 0)
        return NULL;
      if (strcmp (use->root, root) == 0)
        return use;
    }
  return NULL;
}

/* A loop reads its own condition for each round. */
static gboolean
is_read_in_rounds (const HeddleNode *node, const char *param)
{
  const HeddleParamSpec *spec = heddle_node_type_find_param (node->type, param);

  return spec != NULL && spec->is_late && (node->type->flags & HEDDLE_NODE_REPEATS) != 0;
}

static gboolean
is_of_loop (const char *root)
{
  return strcmp (root, "loop") == 0 || strcmp (root, "map") == 0;
}

static void
add_uses (HeddleNodeCheck *check, const HeddleNode *node, GPtrArray *references, const char *text, const char *param)
{
  for (guint i = 0; i < references->len; i++)
    {
      const HeddleReference *reference = g_ptr_array_index (references, i);
      HeddleRootUse *use;

      if (check->args_param == NULL && strcmp (reference->root, "args") == 0)
        check->args_param = g_strdup (param);
      if (check->loop_param == NULL && is_of_loop (reference->root) && !is_read_in_rounds (node, param))
        check->loop_param = g_strdup (param);
      if (heddle_node_id_is_reserved (reference->root))
        continue;
      use = find_use (check, reference->root, param);
      if (use == NULL)
        {
          use = g_new (HeddleRootUse, 1);
          use->root = g_strdup (reference->root);
          use->param = g_strdup (param);
          use->is_careful = TRUE;
          g_ptr_array_add (check->uses, use);
        }
      use->is_careful = use->is_careful && g_str_has_prefix (text + reference->end, "?.");
    }
}

typedef struct
{
  HeddleNodeCheck *check;
  const HeddleNode *node;
  const char *prefix; /* of the parameter's name in problems */
} Collection;

static gboolean
is_visible (const HeddleNode *node, const char *param)
{
  const HeddleParamSpec *spec = heddle_node_type_find_param (node->type, param);

  return spec == NULL || spec->visible_if == NULL || heddle_param_is_visible (node->type, spec, node->params);
}

/* Texts that do not compile are problems of their own and name nothing here. */
static char *
collect_uses (const char *param, const char *text, gboolean is_expression, gpointer data)
{
  Collection *collection = data;
  g_autoptr (GPtrArray) references = NULL;
  g_autofree char *path = g_strconcat (collection->prefix, param, NULL);

  if (strchr (text, '$') == NULL || !is_visible (collection->node, path))
    return NULL;
  if (is_expression)
    {
      g_autoptr (HeddleExpr) expr = heddle_expr_compile (text, NULL);

      references = expr != NULL ? heddle_expr_list_references (expr) : NULL;
    }
  else
    {
      g_autoptr (HeddleTemplate) template_ = heddle_template_compile (text, HEDDLE_ESCAPE_NONE, NULL);

      references = template_ != NULL ? heddle_template_list_references (template_) : NULL;
    }
  if (references != NULL)
    add_uses (collection->check, collection->node, references, text, path);
  return NULL;
}

static void
check_known_type (HeddleNodeCheck *check, const HeddleNode *node)
{
  Collection collection = { check, node, "" };
  JsonObject *unchanged;

  heddle_params_check (node->type, node->params, node->id, check->problems);
  if (node->tool != NULL)
    heddle_params_check (&heddle_tool_spec_type, node->tool, node->id, check->problems);
  unchanged = heddle_params_map_texts (node->type, node->params, collect_uses, &collection);
  g_assert (unchanged == NULL);
  heddle_policy_check (node->policy, node->type, node->params, node->id, check->problems);
  if (heddle_policy_get_on_error (node->policy) != HEDDLE_ON_ERROR_DEFAULT)
    return;
  collection.prefix = "policy.";
  unchanged = heddle_params_map_texts (&heddle_policy_type, node->policy, collect_uses, &collection);
  g_assert (unchanged == NULL);
}

static gboolean
fits_type (HeddleValueType type, JsonNode *value)
{
  switch (type)
    {
    case HEDDLE_VALUE_TEXT:
      return heddle_json_is_string (value);
    case HEDDLE_VALUE_NUMBER:
      return heddle_json_is_number (value);
    case HEDDLE_VALUE_BOOLEAN:
      return JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_BOOLEAN;
    case HEDDLE_VALUE_LIST:
      return JSON_NODE_HOLDS_ARRAY (value);
    case HEDDLE_VALUE_OBJECT:
      return JSON_NODE_HOLDS_OBJECT (value);
    case HEDDLE_VALUE_ANY:
    default:
      return TRUE;
    }
}

/* What was pinned once may not be what the node would give now; null stands for nothing, which any node may give. */
static void
check_pin (HeddleNodeCheck *check, const HeddleNode *node)
{
  JsonNode *output = heddle_json_member (node->pin, "output");
  const HeddlePortSpec *port = node->type != NULL ? node->type->outputs : NULL;

  if (output == NULL)
    heddle_problem_list_add (check->problems, HEDDLE_SEVERITY_ERROR, node->id, NULL, "pin",
                             g_strdup (_ ("The pinned result has no “output”, so there is nothing to hand on. Unpin it, or pin the result of a run.")));
  else if (port != NULL && port->name != NULL && !heddle_json_is_null (output) && !fits_type (port->type, output))
    heddle_problem_list_add (check->problems, HEDDLE_SEVERITY_WARNING, node->id, NULL, "pin",
                             g_strdup_printf (_ ("The pinned result is not what the node gives now, which is of the type “%s”. Pin the result of a newer run."),
                                              heddle_value_type_to_string (port->type)));
}

const HeddleNodeCheck *
heddle_vertex_get_check (HeddleVertex *vertex)
{
  const HeddleNode *node = vertex->node;

  if (vertex->check != NULL)
    return vertex->check;

  vertex->check = g_new0 (HeddleNodeCheck, 1);
  vertex->check->problems = heddle_problem_list_new ();
  vertex->check->outputs = heddle_node_list_outputs (node);
  vertex->check->uses = g_ptr_array_new_with_free_func ((GDestroyNotify) root_use_free);
  if (node->type != NULL)
    check_known_type (vertex->check, node);
  else
    heddle_problem_list_add (vertex->check->problems, HEDDLE_SEVERITY_ERROR, node->id, NULL, NULL,
                             g_strdup_printf (_ ("This Heddle does not know the node type “%.80s”. Update Heddle, or replace the node."),
                                              node->type_id));
  if (node->pin != NULL)
    check_pin (vertex->check, node);
  return vertex->check;
}
