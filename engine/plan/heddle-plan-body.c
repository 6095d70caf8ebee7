/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/heddle-plan-private.h"

#include "value/heddle-json.h"

/* Steps that no node stands for. */

static const HeddleNodeType start_type = {
  .id = "start",
  .version = 1,
  .title = N_ ("Start"),
  .params_size = 1,
};

static const HeddleNodeType end_type = {
  .id = "end",
  .version = 1,
  .title = N_ ("End"),
  .params_size = 1,
};

static const HeddleNodeType rounds_type = {
  .id = "rounds",
  .version = 1,
  .title = N_ ("Loop"),
  .effect = HEDDLE_EFFECT_PURE,
  .flags = HEDDLE_NODE_CONTAINER,
  .params_size = 1,
};

/* Of a node whose own type this version does not know. */
static const HeddleNodeType unknown_type = {
  .id = "unknown",
  .version = 1,
  .title = N_ ("Unknown"),
  .effect = HEDDLE_EFFECT_PURE,
  .params_size = 1,
};

static HeddleStep *
create (const char *id, const HeddleNodeType *type)
{
  HeddleStep *step = heddle_step_alloc ();

  step->id = g_strdup (id);
  step->title = g_strdup (_ (type->title));
  step->type = type;
  step->out_ports = g_ptr_array_new_with_free_func (g_free);
  step->constants = heddle_json_object (json_object_new ());
  return step;
}

static void
add_out_ports (HeddleStep *step, GPtrArray *ports)
{
  for (guint i = 0; i < ports->len; i++)
    g_ptr_array_add (step->out_ports, g_strdup (g_ptr_array_index (ports, i)));
}

static void
add_in_port (HeddleStep *step, const char *port, HeddleJoin join, HeddlePortFlags flags)
{
  g_ptr_array_add (step->in_ports, g_strdup (port));
  g_array_append_val (step->joins, join);
  g_array_append_val (step->in_flags, flags);
}

HeddleStep *
heddle_step_new_idle (const HeddleNode *node)
{
  HeddleStep *step = create (node->id, node->type != NULL ? node->type : &unknown_type);
  g_autoptr (GPtrArray) outputs = heddle_node_list_outputs (node);

  g_free (step->title);
  step->title = g_strdup (heddle_node_get_title (node));
  step->mode = node->mode;
  for (const HeddlePortSpec *p = step->type->inputs; p != NULL && p->name != NULL; p++)
    add_in_port (step, p->name, step->type->get_join != NULL ? step->type->get_join (node->params, p->name) : p->join, p->flags);
  add_out_ports (step, outputs);
  return step;
}

guint
heddle_step_ensure_port (HeddleStep *step, GPtrArray *ports, const char *name)
{
  guint index;

  if (g_ptr_array_find_with_equal_func (ports, name, g_str_equal, &index))
    return index;
  if (ports == step->in_ports)
    add_in_port (step, name, HEDDLE_JOIN_ANY, 0);
  else
    g_ptr_array_add (ports, g_strdup (name));
  return ports->len - 1;
}

HeddleStep *
heddle_step_new_start (GPtrArray *ports)
{
  HeddleStep *step = create (HEDDLE_PLAN_START, &start_type);

  add_out_ports (step, ports);
  return step;
}

HeddleStep *
heddle_step_new_end (GPtrArray *ports)
{
  HeddleStep *step = create (HEDDLE_PLAN_END, &end_type);

  for (guint i = 0; i < ports->len; i++)
    add_in_port (step, g_ptr_array_index (ports, i), HEDDLE_JOIN_ANY, HEDDLE_PORT_OPTIONAL);
  return step;
}

HeddleStep *
heddle_step_new_rounds (const char *id, const HeddleStep *entry, GPtrArray *ports, guint max_rounds)
{
  HeddleStep *step = create (id, &rounds_type);

  g_free (step->title);
  step->title = g_strdup_printf (_ ("Loop at “%s”"), entry->title);
  for (guint i = 0; i < entry->in_ports->len; i++)
    add_in_port (step, g_ptr_array_index (entry->in_ports, i), g_array_index (entry->joins, HeddleJoin, i), g_array_index (entry->in_flags, HeddlePortFlags, i));
  add_out_ports (step, ports);
  step->max_rounds = max_rounds;
  return step;
}
