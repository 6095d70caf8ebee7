/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-run-needs.h"

#include "heddle-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
add_all (HeddlePlan *plan, GHashTable *ids)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (plan); i++)
    {
      const HeddleStep *step = heddle_plan_get_step (plan, i);

      g_hash_table_add (ids, g_strdup (step->id));
      if (step->body != NULL)
        add_all (step->body, ids);
    }
}

static void
mark (gboolean *needed, GArray *indices)
{
  for (guint i = 0; i < indices->len; i++)
    needed[g_array_index (indices, guint, i)] = TRUE;
}

static void
mark_direct (HeddlePlan *plan, const HeddleStep *step, gboolean *needed)
{
  for (guint i = 0; i < step->in_edges->len; i++)
    needed[heddle_plan_get_edge (plan, g_array_index (step->in_edges, guint, i))->from] = TRUE;
  mark (needed, step->reads);
  mark (needed, step->tools);
}

/* The step of this plan that is the node or holds it; NULL: there is none. */
static const HeddleStep *
find_holder (HeddlePlan *plan, const char *node)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (plan); i++)
    {
      const HeddleStep *step = heddle_plan_get_step (plan, i);

      if (strcmp (step->id, node) == 0 || (step->body != NULL && heddle_plan_contains (step->body, node)))
        return step;
    }
  return NULL;
}

/* Steps are in order, so one pass backwards sees all that comes before. */
static void
add_needed (HeddlePlan *plan, const char *node, GHashTable *ids)
{
  const HeddleStep *holder = find_holder (plan, node);
  g_autofree gboolean *needed = g_new0 (gboolean, heddle_plan_get_n_steps (plan));

  if (holder == NULL)
    return;
  needed[holder->index] = TRUE;
  for (guint i = heddle_plan_get_n_steps (plan); i > 0; i--)
    {
      const HeddleStep *step = heddle_plan_get_step (plan, i - 1);

      if (!needed[i - 1])
        continue;
      mark_direct (plan, step, needed);
      g_hash_table_add (ids, g_strdup (step->id));
      if (step->body != NULL && (step != holder || strcmp (step->id, node) == 0))
        add_all (step->body, ids);
    }
  if (strcmp (holder->id, node) != 0)
    add_needed (holder->body, node, ids);
}

GHashTable *
heddle_run_needs_list (HeddlePlan *plan, const char *node)
{
  GHashTable *ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  add_needed (plan, node, ids);
  return ids;
}

/* What was skipped then is decided anew, from what it needs itself. */
static gboolean
has_result (const HeddleStep *step, HeddlePast *past, gboolean use_pins)
{
  const HeddlePastNode *node = heddle_past_find (past, NULL, step->id);

  return (node != NULL && node->state == HEDDLE_PAST_FINISHED) || (use_pins && step->pin != NULL);
}

static gboolean
was_skipped (const HeddleStep *step, HeddlePast *past)
{
  const HeddlePastNode *node = heddle_past_find (past, NULL, step->id);

  return node != NULL && node->state == HEDDLE_PAST_SKIPPED;
}

static GPtrArray *
list_missing (HeddlePlan *plan, const HeddleStep *target, HeddlePast *past, gboolean use_pins)
{
  g_autofree gboolean *needed = g_new0 (gboolean, heddle_plan_get_n_steps (plan));
  GPtrArray *missing = g_ptr_array_new ();

  mark_direct (plan, target, needed);
  for (guint i = heddle_plan_get_n_steps (plan); i > 0; i--)
    {
      const HeddleStep *step = heddle_plan_get_step (plan, i - 1);

      if (!needed[i - 1] || step->tool != NULL || step->mode == HEDDLE_NODE_OFF || (step->mode == HEDDLE_NODE_ON && has_result (step, past, use_pins)))
        continue;
      if (step->mode == HEDDLE_NODE_BYPASS || was_skipped (step, past))
        mark_direct (plan, step, needed);
      else
        g_ptr_array_insert (missing, 0, step->title);
    }
  return missing;
}

gboolean
heddle_run_needs_check (HeddlePlan *plan, const char *node, HeddlePast *past, gboolean use_pins, GError **error)
{
  const HeddleStep *holder = find_holder (plan, node);
  g_autoptr (GPtrArray) missing = holder != NULL ? list_missing (plan, holder, past, use_pins) : NULL;
  g_autofree char *titles = NULL;

  if (missing == NULL || missing->len == 0)
    return TRUE;
  g_ptr_array_add (missing, NULL);
  titles = g_strjoinv (_ ("”, “"), (char **) missing->pdata);
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("There is no result yet of what this node needs. Run the workflow first, or pin the outputs of “%s”."), titles);
  return FALSE;
}
