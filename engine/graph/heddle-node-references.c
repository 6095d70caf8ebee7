/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-section.h"

#include <string.h>

#include "registry/heddle-policy.h"

typedef struct
{
  const HeddleNode *node;
  HeddleReferenceFunc func;
  gpointer data;
} Walk;

static char *
visit_text (const char *param, const char *text, gboolean is_expression, gpointer data)
{
  Walk *walk = data;
  g_autoptr (GPtrArray) references = NULL;

  if (strchr (text, '$') == NULL)
    return NULL;
  if (is_expression)
    {
      g_autoptr (HeddleExpr) expr = heddle_expr_compile (text, NULL);

      references = expr != NULL ? heddle_expr_list_references (expr) : NULL;
    }
  else
    {
      g_autoptr (HeddleTemplate) compiled = heddle_template_compile (text, HEDDLE_ESCAPE_NONE, NULL);

      references = compiled != NULL ? heddle_template_list_references (compiled) : NULL;
    }
  for (guint i = 0; references != NULL && i < references->len; i++)
    walk->func (walk->node, g_ptr_array_index (references, i), walk->data);
  return NULL;
}

void
heddle_node_foreach_reference (const HeddleNode *node, HeddleReferenceFunc func, gpointer data)
{
  Walk walk = { node, func, data };
  JsonObject *unchanged = heddle_params_map_texts (node->type, node->params, visit_text, &walk);

  g_assert (unchanged == NULL);
  if (node->policy == NULL)
    return;
  unchanged = heddle_params_map_texts (&heddle_policy_type, node->policy, visit_text, &walk);
  g_assert (unchanged == NULL);
}

gboolean
heddle_reference_is_of_output (const HeddleReference *reference)
{
  return g_str_has_prefix (reference->path, "output") && strchr (".[", reference->path[strlen ("output")]) != NULL;
}
