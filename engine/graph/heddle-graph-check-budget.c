/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-check.h"

#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>

static gboolean
is_limit (JsonNode *value)
{
  return heddle_json_is_null (value) || (heddle_json_is_number (value) && json_node_get_double (value) >= 0);
}

/* A limit with a slip in it would be no limit at all, so it is an error. */
void
heddle_graph_check_budget (HeddleGraph *graph, GPtrArray *problems)
{
  static const char *const members[] = { "cost", "tokens", "seconds", "steps" };
  JsonNode *budget = json_object_get_member (graph->settings, "budget");

  if (budget == NULL)
    return;
  if (!JSON_NODE_HOLDS_OBJECT (budget))
    heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, NULL, NULL, NULL, g_strdup (_ ("The budget is no object. Set it on the page of the workflow.")));
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      JsonNode *value = heddle_json_member (budget, members[i]);

      if (value != NULL && !is_limit (value))
        heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, NULL, NULL, NULL,
                                 g_strdup_printf (_ ("The budget’s “%s” is no number of zero or more. Correct it on the page of the workflow."), members[i]));
    }
}
