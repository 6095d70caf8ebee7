/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-catalog.h"

#include "heddle-error.h"
#include "registry/heddle-problem.h"
#include "store/heddle-store-activation.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _HeddleCatalog
{
  HeddleStore *store;
  GPtrArray *added; /* of HeddleServed */
  GPtrArray *active;
  GHashTable *refused; /* workflow → the source (gint64 *) that does not compile, so that it is tried once */
};

HeddleCatalog *
heddle_catalog_new (HeddleStore *store)
{
  HeddleCatalog *self = g_new0 (HeddleCatalog, 1);

  g_set_object (&self->store, store);
  self->added = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_served_unref);
  self->active = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_served_unref);
  self->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
heddle_catalog_free (HeddleCatalog *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->store);
  g_ptr_array_unref (self->added);
  g_ptr_array_unref (self->active);
  g_hash_table_unref (self->refused);
  g_free (self);
}

void
heddle_catalog_add (HeddleCatalog *self, HeddlePlan *plan)
{
  g_ptr_array_add (self->added, heddle_served_new (plan));
}

static HeddleServed *
find_active (HeddleCatalog *self, const char *workflow)
{
  for (guint i = 0; i < self->active->len; i++)
    {
      HeddleServed *served = g_ptr_array_index (self->active, i);

      if (strcmp (served->id, workflow) == 0)
        return served;
    }
  return NULL;
}

static HeddleServed *
compile (HeddleCatalog *self, const HeddleActivation *activation, gint64 source, GError **error)
{
  g_autofree char *json = heddle_store_load_source (self->store, source, error);
  g_autoptr (HeddleGraph) graph = json != NULL ? heddle_graph_new_from_json (json, -1, error) : NULL;
  g_autoptr (HeddlePlan) plan = graph != NULL ? heddle_plan_compile (graph, NULL, error) : NULL;
  HeddleServed *served;

  if (plan == NULL)
    return NULL;
  served = heddle_served_new (plan);
  served->source = source;
  served->since = activation->since;
  return served;
}

static gboolean
was_refused (HeddleCatalog *self, const HeddleActivation *activation)
{
  const gint64 *source = g_hash_table_lookup (self->refused, activation->workflow);

  return source != NULL && *source == activation->latest;
}

static void
refuse (HeddleCatalog *self, const HeddleActivation *activation, HeddleServed *old, const GError *error)
{
  gint64 *source = g_memdup2 (&activation->latest, sizeof activation->latest);

  g_hash_table_replace (self->refused, g_strdup (activation->workflow), source);
  if (old == NULL)
    return;
  g_free (old->problem);
  old->problem = g_strdup_printf (_ ("What was saved last has errors, so the version before it is served: %s"), error->message);
}

/* What is to be served of an active workflow: the newest version without errors. NULL: none is. New reference. */
static HeddleServed *
update (HeddleCatalog *self, const HeddleActivation *activation, gboolean *changed)
{
  HeddleServed *old = find_active (self, activation->workflow);
  g_autoptr (GError) error = NULL;
  HeddleServed *served = NULL;

  if (old != NULL && (old->source == activation->latest || was_refused (self, activation)))
    return heddle_served_ref (old);
  *changed = TRUE;
  if (!was_refused (self, activation))
    served = compile (self, activation, activation->latest, &error);
  if (served != NULL)
    {
      if (activation->source != activation->latest && !heddle_store_pin_activation (self->store, activation->workflow, activation->latest, &error))
        g_warning ("The version that is served cannot be noted: %s", error->message);
      return served;
    }
  if (old == NULL && activation->source != activation->latest)
    old = served = compile (self, activation, activation->source, NULL);
  if (error != NULL)
    refuse (self, activation, old, error);
  return served != NULL ? served : old != NULL ? heddle_served_ref (old)
                                               : NULL;
}

gboolean
heddle_catalog_refresh (HeddleCatalog *self, gboolean *changed, GError **error)
{
  g_autoptr (GPtrArray) activations = NULL;
  GPtrArray *active;

  *changed = FALSE;
  if (self->store == NULL)
    return TRUE;
  activations = heddle_store_list_activations (self->store, error);
  if (activations == NULL)
    return FALSE;
  active = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_served_unref);
  for (guint i = 0; i < activations->len; i++)
    {
      HeddleServed *served = update (self, g_ptr_array_index (activations, i), changed);

      if (served != NULL)
        g_ptr_array_add (active, served);
    }
  *changed = *changed || active->len != self->active->len;
  g_ptr_array_unref (self->active);
  self->active = active;
  return TRUE;
}

guint
heddle_catalog_get_n_workflows (HeddleCatalog *self)
{
  return self->added->len + self->active->len;
}

HeddleServed *
heddle_catalog_get_nth (HeddleCatalog *self, guint n)
{
  return n < self->added->len ? g_ptr_array_index (self->added, n) : g_ptr_array_index (self->active, n - self->added->len);
}

HeddleServed *
heddle_catalog_find (HeddleCatalog *self, const char *name)
{
  HeddleServed *by_slug = NULL;
  HeddleServed *by_name = NULL;

  for (guint i = 0; i < heddle_catalog_get_n_workflows (self); i++)
    {
      HeddleServed *served = heddle_catalog_get_nth (self, i);

      if (strcmp (served->id, name) == 0)
        return served;
      if (by_name == NULL && strcmp (served->name, name) == 0)
        by_name = served;
      if (by_slug == NULL && strcmp (served->slug, name) == 0)
        by_slug = served;
    }
  return by_name != NULL ? by_name : by_slug;
}

const HeddleHook *
heddle_catalog_find_hook (HeddleCatalog *self, const char *path)
{
  for (guint i = 0; i < heddle_catalog_get_n_workflows (self); i++)
    {
      HeddleServed *served = heddle_catalog_get_nth (self, i);

      for (guint n = 0; n < served->hooks->len; n++)
        {
          const HeddleHook *hook = g_ptr_array_index (served->hooks, n);

          if (strcmp (hook->path, path) == 0)
            return hook;
        }
    }
  return NULL;
}
