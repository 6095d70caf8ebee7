/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-policy.h"

#include <string.h>

#include "heddle-node-types.inc"

#define N_TYPES (G_N_ELEMENTS (builtin_node_types) - 1)

static const struct
{
  const char *id;
  const char *title;
} categories[HEDDLE_N_CATEGORIES] = {
  [HEDDLE_CATEGORY_START] = { "start", N_ ("Start") },
  [HEDDLE_CATEGORY_MODELS] = { "models", N_ ("Models") },
  [HEDDLE_CATEGORY_LOGIC] = { "logic", N_ ("Logic") },
  [HEDDLE_CATEGORY_DATA] = { "data", N_ ("Data") },
  [HEDDLE_CATEGORY_FINISH] = { "finish", N_ ("Finish") },
};

const char *
heddle_category_get_title (HeddleCategory category)
{
  g_return_val_if_fail (category < HEDDLE_N_CATEGORIES, NULL);

  return _ (categories[category].title);
}

const char *
heddle_category_get_id (HeddleCategory category)
{
  g_return_val_if_fail (category < HEDDLE_N_CATEGORIES, NULL);

  return categories[category].id;
}

static const HeddleNodeType **
sort_types (void)
{
  const HeddleNodeType **sorted = g_new0 (const HeddleNodeType *, N_TYPES + 1);
  guint n = 0;

  for (int category = 0; category < HEDDLE_N_CATEGORIES; category++)
    {
      for (guint i = 0; i < N_TYPES; i++)
        {
          if (builtin_node_types[i]->category == (HeddleCategory) category)
            sorted[n++] = builtin_node_types[i];
        }
    }
  return sorted;
}

const HeddleNodeType *const *
heddle_registry_list (guint *n_types)
{
  static const HeddleNodeType **sorted;

  if (g_once_init_enter (&sorted))
    g_once_init_leave (&sorted, sort_types ());
  if (n_types != NULL)
    *n_types = N_TYPES;
  return sorted;
}

const HeddleNodeType *
heddle_registry_lookup (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < N_TYPES; i++)
    {
      if (strcmp (builtin_node_types[i]->id, id) == 0)
        return builtin_node_types[i];
    }
  return NULL;
}

static const HeddlePortSpec *
find_port (const HeddlePortSpec *ports, const char *name)
{
  for (const HeddlePortSpec *p = ports; p != NULL && p->name != NULL; p++)
    {
      if (strcmp (p->name, name) == 0)
        return p;
    }
  return NULL;
}

const HeddlePortSpec *
heddle_node_type_find_input (const HeddleNodeType *type, const char *port)
{
  g_return_val_if_fail (type != NULL && port != NULL, NULL);

  return find_port (type->inputs, port);
}

const HeddlePortSpec *
heddle_node_type_find_inner_output (const HeddleNodeType *type, const char *port)
{
  g_return_val_if_fail (type != NULL && port != NULL, NULL);

  return find_port (type->inner_outputs, port);
}

const HeddlePortSpec *
heddle_node_type_find_inner_input (const HeddleNodeType *type, const char *port)
{
  g_return_val_if_fail (type != NULL && port != NULL, NULL);

  return find_port (type->inner_inputs, port);
}

GPtrArray *
heddle_node_type_list_outputs (const HeddleNodeType *type, JsonObject *params)
{
  GPtrArray *ports;

  g_return_val_if_fail (type != NULL, NULL);

  if (type->list_outputs != NULL)
    return type->list_outputs (params);

  ports = g_ptr_array_new_with_free_func (g_free);
  for (const HeddlePortSpec *p = type->outputs; p != NULL && p->name != NULL; p++)
    g_ptr_array_add (ports, g_strdup (p->name));
  return ports;
}

char *
heddle_node_type_dup_output_title (const HeddleNodeType *type, const char *port)
{
  const HeddlePortSpec *spec;

  g_return_val_if_fail (type != NULL && port != NULL, NULL);

  spec = find_port (type->outputs, port);
  if (spec == NULL)
    spec = find_port (type->inner_outputs, port);
  if (spec != NULL)
    return g_strdup (_ (spec->title));
  if (type->list_outputs == NULL && strcmp (port, HEDDLE_ERROR_PORT) == 0)
    return g_strdup (_ ("Error"));
  return g_strdup (port);
}
