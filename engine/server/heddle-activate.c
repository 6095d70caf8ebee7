/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-catalog.h"
#include "server/heddle-server.h"

#include "heddle-error.h"
#include "registry/heddle-problem.h"
#include "store/heddle-store-activation.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
has_start (const HeddleServed *served)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (served->plan); i++)
    {
      const HeddleStep *step = heddle_plan_get_step (served->plan, i);

      if ((step->type->flags & HEDDLE_NODE_START) && step->mode != HEDDLE_NODE_OFF)
        return TRUE;
    }
  return FALSE;
}

/* The active workflow that has a webhook of that path, or NULL; not the one with that id. Borrowed. */
static const HeddleServed *
find_holder (HeddleCatalog *catalog, const char *path, const char *except)
{
  const HeddleHook *hook = heddle_catalog_find_hook (catalog, path);

  return hook != NULL && strcmp (hook->workflow->id, except) != 0 ? hook->workflow : NULL;
}

static gboolean
check_hooks (HeddleStore *store, const HeddleServed *served, GError **error)
{
  g_autoptr (HeddleCatalog) catalog = heddle_catalog_new (store);
  gboolean changed;

  if (!heddle_catalog_refresh (catalog, &changed, error))
    return FALSE;
  for (guint i = 0; i < served->hooks->len; i++)
    {
      const HeddleHook *hook = g_ptr_array_index (served->hooks, i);
      const HeddleServed *holder = find_holder (catalog, hook->path, served->id);

      for (guint n = 0; n < i && holder == NULL; n++)
        {
          const HeddleHook *earlier = g_ptr_array_index (served->hooks, n);

          holder = strcmp (earlier->path, hook->path) == 0 ? served : NULL;
        }
      if (holder == NULL)
        continue;
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                   _ ("The webhook /hooks/%s is taken already, by “%s”. Give this one another name."), hook->path, holder->name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check (HeddleStore *store, const char *json, GPtrArray *problems, GError **error)
{
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, error);
  g_autoptr (HeddlePlan) plan = graph != NULL ? heddle_plan_compile (graph, problems, error) : NULL;
  g_autoptr (HeddleServed) served = plan != NULL ? heddle_served_new (plan) : NULL;

  if (served == NULL)
    {
      g_prefix_error (error, "%s", _ ("The workflow cannot be made active, as it has errors: "));
      return FALSE;
    }
  if (has_start (served))
    return check_hooks (store, served, error);
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                       _ ("The workflow cannot be made active, as nothing begins it. Add an Input, a Webhook or a Schedule."));
  return FALSE;
}

gboolean
heddle_activate (HeddleStore *store, const char *workflow, GPtrArray *problems, GError **error)
{
  HeddleWorkflowInfo *info;
  gboolean activated;

  g_return_val_if_fail (HEDDLE_IS_STORE (store) && workflow != NULL, FALSE);

  info = heddle_store_load_workflow (store, workflow, NULL, error);
  if (info == NULL)
    return FALSE;
  activated = check (store, info->json, problems, error) && heddle_store_activate (store, info->id, error);
  heddle_workflow_info_free (info);
  return activated;
}

gboolean
heddle_deactivate (HeddleStore *store, const char *workflow, GError **error)
{
  HeddleWorkflowInfo *info;
  gboolean deactivated;

  g_return_val_if_fail (HEDDLE_IS_STORE (store) && workflow != NULL, FALSE);

  info = heddle_store_load_workflow (store, workflow, NULL, error);
  if (info == NULL)
    return FALSE;
  deactivated = heddle_store_deactivate (store, info->id, error);
  heddle_workflow_info_free (info);
  return deactivated;
}

gboolean
heddle_is_active (HeddleStore *store, const char *workflow)
{
  g_autoptr (GPtrArray) activations = heddle_store_list_activations (store, NULL);

  for (guint i = 0; activations != NULL && i < activations->len; i++)
    {
      const HeddleActivation *activation = g_ptr_array_index (activations, i);

      if (strcmp (activation->workflow, workflow) == 0)
        return TRUE;
    }
  return FALSE;
}
