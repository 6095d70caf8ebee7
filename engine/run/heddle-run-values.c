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

static HeddleRunValues *
create (HeddlePlan *plan)
{
  HeddleRunValues *self = g_new0 (HeddleRunValues, 1);
  guint n_steps = heddle_plan_get_n_steps (plan);

  self->plan = heddle_plan_ref (plan);
  self->flow = heddle_flow_new (plan);
  self->results = g_new0 (JsonNode *, n_steps);
  self->sent = g_new0 (JsonNode *, n_steps);
  self->views = g_new0 (JsonNode *, n_steps);
  return self;
}

HeddleRunValues *
heddle_run_values_new (HeddleRun *run, JsonNode *input, JsonNode *vars)
{
  HeddleRunValues *self = create (heddle_run_get_plan (run));

  self->input = input != NULL ? json_node_ref (input) : heddle_json_null ();
  self->vars = vars != NULL ? json_node_ref (vars) : heddle_json_object (json_object_new ());
  self->globals = heddle_json_object (json_object_new ());
  self->info = make_info (run);
  self->null = heddle_json_null ();
  return self;
}

HeddleRunValues *
heddle_run_values_new_body (HeddleRunValues *parent, HeddlePlan *plan)
{
  HeddleRunValues *self = create (plan);

  self->parent = parent;
  self->null = json_node_ref (parent->null);
  return self;
}

HeddleRunValues *
heddle_run_values_get_root (HeddleRunValues *self)
{
  while (self->parent != NULL)
    self = self->parent;
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
  free_nodes (self->sent, n_steps);
  free_nodes (self->views, n_steps);
  g_clear_pointer (&self->inner, g_hash_table_unref);
  g_clear_pointer (&self->ends, g_hash_table_unref);
  g_clear_pointer (&self->view, json_node_unref);
  g_clear_pointer (&self->loop, json_node_unref);
  g_clear_pointer (&self->input, json_node_unref);
  g_clear_pointer (&self->vars, json_node_unref);
  g_clear_pointer (&self->globals, json_node_unref);
  g_clear_pointer (&self->info, json_node_unref);
  json_node_unref (self->null);
  heddle_flow_free (self->flow);
  heddle_plan_unref (self->plan);
  g_free (self);
}

void
heddle_run_values_set_result (HeddleRunValues *self, guint step, JsonNode *result, JsonNode *sent)
{
  g_assert (self->results[step] == NULL);

  self->results[step] = result;
  self->sent[step] = sent;
}

/* A result that was read from a damaged log may lack anything. */
static JsonNode *
member_or_null (HeddleRunValues *self, JsonNode *object, const char *name)
{
  JsonNode *value = heddle_json_member (object, name);

  return value != NULL ? value : self->null;
}

static JsonNode *
output_of (HeddleRunValues *self, guint step)
{
  return member_or_null (self, self->results[step], "output");
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

  if (self->sent[sent->from] != NULL)
    return member_or_null (self, self->sent[sent->from], g_ptr_array_index (source->out_ports, sent->from_port));
  return member_or_null (self, self->results[sent->from], (int) sent->from_port == source->error_port ? "error" : "output");
}

const char *
heddle_run_values_get_source (HeddleRunValues *self, guint edge)
{
  const HeddleStep *source = source_of (self, edge);
  const char *port = g_ptr_array_index (source->out_ports, heddle_plan_get_edge (self->plan, edge)->from_port);
  g_autofree char *node = NULL;

  if (self->container != NULL && (int) source->index == heddle_plan_get_start (self->plan))
    return self->container;
  if (source->max_rounds == 0)
    return source->id;
  node = g_strndup (port, strcspn (port, "."));
  return g_intern_string (node);
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
      guint edge = g_array_index (live, guint, i);

      json_object_set_member (object, heddle_run_values_get_source (self, edge), json_node_ref (heddle_run_values_get_sent (self, edge)));
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

  if (alias == NULL || json_object_has_member (source, alias) || !json_object_has_member (source, "output"))
    return json_node_ref (result);
  view = json_object_new ();
  json_object_iter_init_ordered (&iter, source);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (view, name, json_node_ref (value));
  json_object_set_member (view, alias, json_node_ref (json_object_get_member (source, "output")));
  return heddle_json_object (view);
}

static void
remember (GHashTable **table, const char *id, JsonNode *value)
{
  if (*table == NULL)
    *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_node_unref);
  g_hash_table_replace (*table, g_strdup (id), json_node_ref (value));
}

static void
remember_all (GHashTable **table, GHashTable *more)
{
  GHashTableIter iter;
  gpointer id, value;

  if (more == NULL)
    return;
  g_hash_table_iter_init (&iter, more);
  while (g_hash_table_iter_next (&iter, &id, &value))
    remember (table, id, value);
}

static gboolean
is_node (HeddlePlan *plan, guint index)
{
  return (int) index != heddle_plan_get_start (plan) && (int) index != heddle_plan_get_end (plan);
}

void
heddle_run_values_set_inner (HeddleRunValues *self, const HeddleStep *step, JsonNode *result)
{
  g_autoptr (JsonNode) view = make_view (result, step->type->main_alias);

  remember (&self->inner, step->id, view);
}

void
heddle_run_values_take_inner (HeddleRunValues *self, HeddleRunValues *body)
{
  remember_all (&self->inner, body->inner);
  for (guint i = 0; i < heddle_plan_get_n_steps (body->plan); i++)
    {
      if (body->results[i] != NULL && is_node (body->plan, i))
        heddle_run_values_set_inner (self, heddle_plan_get_step (body->plan, i), body->results[i]);
    }
}

void
heddle_run_values_set_end (HeddleRunValues *self, const HeddleStep *step, JsonNode *result)
{
  if ((step->type->flags & HEDDLE_NODE_FINISH) != 0)
    remember (&heddle_run_values_get_root (self)->ends, step->id, member_or_null (self, result, "output"));
}

void
heddle_run_values_take_ends (HeddleRunValues *self)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (self->plan); i++)
    {
      if (self->results[i] != NULL)
        heddle_run_values_set_end (self, heddle_plan_get_step (self->plan, i), self->results[i]);
    }
}

/* NULL: it was skipped, or has not run. */
static JsonNode *
find_view (HeddleRunValues *self, const HeddleStep *step)
{
  guint index = step->index;

  if (self->views[index] == NULL && self->results[index] != NULL)
    self->views[index] = make_view (self->results[index], step->type->main_alias);
  return self->views[index];
}

/* A step of this scope or of those around it; of a circle that has ended or gone round once, what it gave last. */
static JsonNode *
lookup_step (HeddleRunValues *self, const char *root)
{
  gboolean known = FALSE;

  for (; self != NULL; self = self->parent)
    {
      const HeddleStep *step = heddle_plan_find_step (self->plan, root);
      JsonNode *view = step != NULL ? find_view (self, step) : NULL;

      if (view == NULL && g_strcmp0 (root, self->container) == 0)
        view = self->view;
      if (view == NULL && self->inner != NULL)
        view = g_hash_table_lookup (self->inner, root);
      if (view != NULL)
        return view;
      known = known || step != NULL;
      /* A node that was skipped or has not run is null, so that $a?.output ?? $b?.output works behind a join. */
      if (self->parent == NULL)
        return known || heddle_plan_contains (self->plan, root) ? self->null : NULL;
    }
  return NULL;
}

static JsonNode *
lookup_loop (HeddleRunValues *self)
{
  for (; self != NULL; self = self->parent)
    {
      if (self->loop != NULL)
        return self->loop;
    }
  return NULL;
}

JsonNode *
heddle_run_values_get_variable (HeddleRunValues *self, gboolean global, const char *name)
{
  HeddleRunValues *root = heddle_run_values_get_root (self);

  return heddle_json_member (global ? root->globals : root->vars, name);
}

/* Values are shared with whoever has read them, so the object is replaced, never changed. */
void
heddle_run_values_set_variable (HeddleRunValues *self, gboolean global, const char *name, JsonNode *value)
{
  HeddleRunValues *root = heddle_run_values_get_root (self);
  JsonNode **variables = global ? &root->globals : &root->vars;
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
  HeddleRunValues *run = heddle_run_values_get_root (self);

  if (strcmp (root, "input") == 0)
    return input;
  if (strcmp (root, "vars") == 0)
    return run->vars;
  if (strcmp (root, "global") == 0)
    return run->globals;
  if (strcmp (root, "env") == 0)
    return heddle_plan_get_env (run->plan);
  if (strcmp (root, "run") == 0)
    return run->info;
  if (strcmp (root, "loop") == 0 || strcmp (root, "map") == 0)
    return lookup_loop (self);
  return lookup_step (self, root);
}

char **
heddle_run_values_list_roots (HeddleRunValues *self)
{
  g_autoptr (GStrvBuilder) roots = g_strv_builder_new ();
  gboolean in_loop = lookup_loop (self) != NULL;

  for (; self != NULL; self = self->parent)
    {
      for (guint i = 0; i < heddle_plan_get_n_steps (self->plan); i++)
        {
          if (is_node (self->plan, i))
            g_strv_builder_add (roots, heddle_plan_get_step (self->plan, i)->id);
        }
    }
  g_strv_builder_add_many (roots, "input", "vars", "global", "env", "run", NULL);
  if (in_loop)
    g_strv_builder_add_many (roots, "loop", "map", NULL);
  return g_strv_builder_end (roots);
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

  return ends->len > 0 || self->ends != NULL;
}

/* By id: what the ends of this scope got, and those of bodies in it. */
static JsonObject *
collect_ends (HeddleRunValues *self, GArray *ends)
{
  JsonObject *object = json_object_new ();
  g_autoptr (GList) inner = self->ends != NULL ? g_list_sort (g_hash_table_get_keys (self->ends), (GCompareFunc) strcmp) : NULL;

  for (guint i = 0; i < ends->len; i++)
    {
      guint index = g_array_index (ends, guint, i);

      json_object_set_member (object, heddle_plan_get_step (self->plan, index)->id, json_node_ref (output_of (self, index)));
    }
  for (GList *id = inner; id != NULL; id = id->next)
    json_object_set_member (object, id->data, json_node_ref (g_hash_table_lookup (self->ends, id->data)));
  return object;
}

JsonNode *
heddle_run_values_dup_output (HeddleRunValues *self, const char **note)
{
  gboolean finish = heddle_plan_has (self->plan, HEDDLE_NODE_FINISH);
  g_autoptr (GArray) ends = list_reached_ends (self, finish);
  g_autoptr (JsonNode) all = heddle_json_object (collect_ends (self, ends));
  g_autoptr (GList) values = json_object_get_values (json_node_get_object (all));

  *note = NULL;
  if (values == NULL)
    {
      *note = finish ? _ ("No branch reached Output.") : NULL;
      return heddle_json_null ();
    }
  return json_node_ref (values->next == NULL ? values->data : all);
}
