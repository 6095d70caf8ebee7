/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-run-values.h"

#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static JsonNode *
make_info (HeddleRun *run)
{
  JsonObject *object = json_object_new ();
  g_autoptr (GDateTime) started = g_date_time_new_from_unix_utc (heddle_run_get_started (run) / G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format_iso8601 (started);

  json_object_set_string_member (object, "id", heddle_run_get_id (run));
  json_object_set_string_member (object, "started", text);
  json_object_set_member (object, "workflow", heddle_json_string (heddle_plan_get_name (heddle_run_get_plan (run))));
  return heddle_json_object (object);
}

HeddleRunValues *
heddle_run_values_new (HeddleRun *run, JsonNode *input, JsonNode *vars)
{
  HeddleRunValues *self = g_new0 (HeddleRunValues, 1);
  guint n_steps;

  self->plan = heddle_plan_ref (heddle_run_get_plan (run));
  self->flow = heddle_flow_new (self->plan);
  self->input = input != NULL ? json_node_ref (input) : heddle_json_null ();
  self->vars = vars != NULL ? json_node_ref (vars) : heddle_json_object (json_object_new ());
  self->globals = heddle_json_object (json_object_new ());
  self->info = make_info (run);
  self->null = heddle_json_null ();
  n_steps = heddle_plan_get_n_steps (self->plan);
  self->results = g_new0 (JsonNode *, n_steps);
  self->views = g_new0 (JsonNode *, n_steps);
  return self;
}

static void
free_nodes (JsonNode **nodes, guint n_nodes)
{
  for (guint i = 0; i < n_nodes; i++)
    g_clear_pointer (&nodes[i], json_node_unref);
  g_free (nodes);
}

void
heddle_run_values_free (HeddleRunValues *self)
{
  guint n_steps = heddle_plan_get_n_steps (self->plan);

  free_nodes (self->results, n_steps);
  free_nodes (self->views, n_steps);
  json_node_unref (self->input);
  json_node_unref (self->vars);
  json_node_unref (self->globals);
  json_node_unref (self->info);
  json_node_unref (self->null);
  heddle_flow_free (self->flow);
  heddle_plan_unref (self->plan);
  g_free (self);
}

void
heddle_run_values_set_result (HeddleRunValues *self, guint step, JsonNode *result)
{
  g_assert (self->results[step] == NULL);

  self->results[step] = result;
}

static JsonNode *
output_of (HeddleRunValues *self, guint step)
{
  return heddle_json_member (self->results[step], "output");
}

static const HeddleStep *
source_of (HeddleRunValues *self, guint edge)
{
  return heddle_plan_get_step (self->plan, heddle_plan_get_edge (self->plan, edge)->from);
}

JsonNode *
heddle_run_values_get_sent (HeddleRunValues *self, guint edge)
{
  const HeddlePlanEdge *sent = heddle_plan_get_edge (self->plan, edge);
  const HeddleStep *source = heddle_plan_get_step (self->plan, sent->from);

  return heddle_json_member (self->results[sent->from], (int) sent->from_port == source->error_port ? "error" : "output");
}

JsonNode *
heddle_run_values_join_input (HeddleRunValues *self, guint step, guint port)
{
  g_autoptr (GArray) live = heddle_flow_list_live (self->flow, step, port);
  JsonObject *object;

  if (live->len == 0)
    return NULL;
  if (live->len == 1)
    return json_node_ref (heddle_run_values_get_sent (self, g_array_index (live, guint, 0)));

  object = json_object_new ();
  for (guint i = 0; i < live->len; i++)
    {
      const HeddleStep *source = source_of (self, g_array_index (live, guint, i));

      json_object_set_member (object, source->id, json_node_ref (heddle_run_values_get_sent (self, g_array_index (live, guint, i))));
    }
  return heddle_json_object (object);
}

static JsonNode *
make_view (JsonNode *result, const char *alias)
{
  JsonObject *source = json_node_get_object (result);
  JsonObject *view;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (alias == NULL || json_object_has_member (source, alias))
    return json_node_ref (result);
  view = json_object_new ();
  json_object_iter_init_ordered (&iter, source);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (view, name, json_node_ref (value));
  json_object_set_member (view, alias, json_node_ref (json_object_get_member (source, "output")));
  return heddle_json_object (view);
}

/* A node that was skipped or has not run is null, so that $a?.output ?? $b?.output works behind a join. */
static JsonNode *
view_of (HeddleRunValues *self, const HeddleStep *step)
{
  guint index = step->index;

  if (self->views[index] == NULL)
    {
      if (self->results[index] == NULL)
        return self->null;
      self->views[index] = make_view (self->results[index], step->type->main_alias);
    }
  return self->views[index];
}

JsonNode *
heddle_run_values_get_variable (HeddleRunValues *self, gboolean global, const char *name)
{
  return heddle_json_member (global ? self->globals : self->vars, name);
}

/* Values are shared with whoever has read them, so the object is replaced, never changed. */
void
heddle_run_values_set_variable (HeddleRunValues *self, gboolean global, const char *name, JsonNode *value)
{
  JsonNode **variables = global ? &self->globals : &self->vars;
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *member;
  JsonNode *old;

  if (JSON_NODE_HOLDS_OBJECT (*variables))
    {
      json_object_iter_init_ordered (&iter, json_node_get_object (*variables));
      while (json_object_iter_next_ordered (&iter, &member, &old))
        json_object_set_member (copy, member, json_node_ref (old));
    }
  if (value != NULL)
    json_object_set_member (copy, name, json_node_ref (value));
  else if (json_object_has_member (copy, name))
    json_object_remove_member (copy, name);
  json_node_unref (*variables);
  *variables = heddle_json_object (copy);
}

JsonNode *
heddle_run_values_lookup (HeddleRunValues *self, const char *root, JsonNode *input)
{
  const HeddleStep *step;

  if (strcmp (root, "input") == 0)
    return input;
  if (strcmp (root, "vars") == 0)
    return self->vars;
  if (strcmp (root, "global") == 0)
    return self->globals;
  if (strcmp (root, "env") == 0)
    return heddle_plan_get_env (self->plan);
  if (strcmp (root, "run") == 0)
    return self->info;
  step = heddle_plan_find_step (self->plan, root);
  return step != NULL ? view_of (self, step) : NULL;
}

char **
heddle_run_values_list_roots (HeddleRunValues *self)
{
  g_autoptr (GStrvBuilder) roots = g_strv_builder_new ();

  for (guint i = 0; i < heddle_plan_get_n_steps (self->plan); i++)
    g_strv_builder_add (roots, heddle_plan_get_step (self->plan, i)->id);
  g_strv_builder_add_many (roots, "input", "vars", "global", "env", "run", NULL);
  return g_strv_builder_end (roots);
}

static gboolean
has_finish (HeddlePlan *plan)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (plan); i++)
    {
      if (heddle_plan_get_step (plan, i)->type->flags & HEDDLE_NODE_FINISH)
        return TRUE;
    }
  return FALSE;
}

static GArray *
list_reached_ends (HeddleRunValues *self, gboolean finish)
{
  GArray *ends = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < heddle_plan_get_n_steps (self->plan); i++)
    {
      const HeddleStep *step = heddle_plan_get_step (self->plan, i);
      gboolean is_end = finish ? (step->type->flags & HEDDLE_NODE_FINISH) != 0 : step->out_edges->len == 0 && step->tool == NULL;

      if (is_end && self->results[i] != NULL)
        g_array_append_val (ends, i);
    }
  return ends;
}

gboolean
heddle_run_values_reached_output (HeddleRunValues *self)
{
  g_autoptr (GArray) ends = list_reached_ends (self, TRUE);

  return ends->len > 0;
}

JsonNode *
heddle_run_values_dup_output (HeddleRunValues *self, const char **note)
{
  gboolean finish = has_finish (self->plan);
  g_autoptr (GArray) ends = list_reached_ends (self, finish);
  JsonObject *object;

  *note = NULL;
  if (ends->len == 0)
    {
      *note = finish ? _ ("No branch reached Output.") : NULL;
      return heddle_json_null ();
    }
  if (ends->len == 1)
    return json_node_ref (output_of (self, g_array_index (ends, guint, 0)));

  object = json_object_new ();
  for (guint i = 0; i < ends->len; i++)
    {
      guint index = g_array_index (ends, guint, i);

      json_object_set_member (object, heddle_plan_get_step (self->plan, index)->id, json_node_ref (output_of (self, index)));
    }
  return heddle_json_object (object);
}
