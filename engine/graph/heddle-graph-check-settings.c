/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-graph-check.h"

#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* A limit with a slip in it would be no limit at all, so it is an error. */

#define MAX_SLOTS 10000

static gboolean
is_limit (JsonNode *value)
{
  return heddle_json_is_null (value) || (heddle_json_is_number (value) && json_node_get_double (value) >= 0);
}

static void
report (GPtrArray *problems, char *message)
{
  heddle_problem_list_add (problems, HEDDLE_SEVERITY_ERROR, NULL, NULL, NULL, message);
}

static void
check_budget (JsonNode *budget, GPtrArray *problems)
{
  static const char *const members[] = { "cost", "tokens", "seconds", "steps" };

  if (!JSON_NODE_HOLDS_OBJECT (budget))
    report (problems, g_strdup (_ ("The budget is no object. Set it on the page of the workflow.")));
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      JsonNode *value = heddle_json_member (budget, members[i]);

      if (value != NULL && !is_limit (value))
        report (problems, g_strdup_printf (_ ("The budget’s “%s” is no number of zero or more. Correct it on the page of the workflow."), members[i]));
    }
}

/* {"runs","days","bytes"}, each a limit. */
static void
check_retention (JsonNode *retention, GPtrArray *problems)
{
  static const char *const members[] = { "runs", "days", "bytes" };

  if (!JSON_NODE_HOLDS_OBJECT (retention))
    report (problems, g_strdup (_ ("How long runs are kept is no object. Set it on the page of the workflow.")));
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      JsonNode *value = heddle_json_member (retention, members[i]);

      if (value != NULL && !is_limit (value))
        report (problems, g_strdup_printf (_ ("The limit “%s” of the runs that are kept is no number of zero or more. Correct it on the page of the workflow."),
                                           members[i]));
    }
}

static gboolean
is_count (JsonNode *value)
{
  double number = heddle_json_is_number (value) ? json_node_get_double (value) : 0;

  return number >= 1 && number <= MAX_SLOTS && number == floor (number);
}

/* {"name": slots}. */
static void
check_pools (JsonNode *pools, GPtrArray *problems)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *slots;

  if (!JSON_NODE_HOLDS_OBJECT (pools))
    {
      report (problems, g_strdup (_ ("The pools are no object. Set them on the page of the workflow.")));
      return;
    }
  json_object_iter_init_ordered (&iter, json_node_get_object (pools));
  while (json_object_iter_next_ordered (&iter, &name, &slots))
    {
      if (!is_count (slots))
        report (problems, g_strdup_printf (_ ("The pool “%.80s” needs a whole number of slots from 1 to %d. Correct it on the page of the workflow."), name, MAX_SLOTS));
    }
}

void
heddle_graph_check_settings (HeddleGraph *graph, GPtrArray *problems)
{
  static const struct
  {
    const char *name;
    void (*check) (JsonNode *, GPtrArray *);
  } settings[] = {
    { "budget", check_budget },
    { "pools", check_pools },
    { "retention", check_retention },
  };

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      JsonNode *value = json_object_get_member (graph->settings, settings[i].name);

      if (value != NULL)
        settings[i].check (value, problems);
    }
}
