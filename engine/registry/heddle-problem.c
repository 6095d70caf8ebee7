/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-problem.h"

HeddleProblem *
heddle_problem_new (HeddleSeverity severity, const char *node, const char *port, const char *param, const char *message)
{
  HeddleProblem *problem;

  g_return_val_if_fail (message != NULL, NULL);

  problem = g_atomic_rc_box_new0 (HeddleProblem);
  problem->severity = severity;
  problem->node = g_strdup (node);
  problem->port = g_strdup (port);
  problem->param = g_strdup (param);
  problem->message = g_strdup (message);
  return problem;
}

HeddleProblem *
heddle_problem_ref (HeddleProblem *problem)
{
  return g_atomic_rc_box_acquire (problem);
}

static void
clear (gpointer data)
{
  HeddleProblem *problem = data;

  g_free (problem->node);
  g_free (problem->port);
  g_free (problem->param);
  g_free (problem->message);
}

void
heddle_problem_unref (HeddleProblem *problem)
{
  g_atomic_rc_box_release_full (problem, clear);
}

GPtrArray *
heddle_problem_list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_problem_unref);
}

gboolean
heddle_problem_list_has_errors (GPtrArray *problems)
{
  g_return_val_if_fail (problems != NULL, FALSE);

  for (guint i = 0; i < problems->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (problems, i);

      if (problem->severity == HEDDLE_SEVERITY_ERROR)
        return TRUE;
    }
  return FALSE;
}
