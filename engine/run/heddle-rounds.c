/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-node-run-private.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <string.h>

/* A loop that an edge back makes: its nodes run until no value goes around any more. */

typedef struct
{
  guint index;       /* of the round under way */
  guint n_ports;     /* of the entry */
  JsonNode **inputs; /* by port: what the entry gets in this round; NULL where nothing arrives */
  JsonNode *last;    /* what went around; JSON null in the first round */
} Rounds;

static void
rounds_free (gpointer data)
{
  Rounds *rounds = data;

  for (guint i = 0; i < rounds->n_ports; i++)
    g_clear_pointer (&rounds->inputs[i], json_node_unref);
  g_free (rounds->inputs);
  json_node_unref (rounds->last);
  g_free (rounds);
}

static void round_ended (HeddleScopeRun *body, const GError *error, JsonNode *record);

/* before: the values of the round before, which this one may read; NULL: there was none. */
static void
start_round (HeddleNodeRun *self, Rounds *rounds, HeddleRunValues *before)
{
  HeddleRunValues *values = heddle_run_values_new_body (self->scope_run->values, self->step->body);
  HeddleScopeRun *body;

  if (before != NULL)
    heddle_run_values_take_inner (values, before);
  values->loop = heddle_node_run_make_loop (rounds->index, rounds->index == 0 ? self->arriving : rounds->last, rounds->last);
  body = heddle_scope_run_new (self->scheduler, self, rounds->index, values);
  body->entry_inputs = rounds->inputs;
  body->func = round_ended;
  body->data = rounds;
  heddle_node_run_begin_body (self, body);
}

/* Takes what goes around into the inputs of the next round; FALSE: nothing does. */
static gboolean
take_around (HeddleScopeRun *body, Rounds *rounds)
{
  guint end = (guint) heddle_plan_get_end (body->plan);
  const HeddleStep *step = heddle_plan_get_step (body->plan, end);
  const HeddleStep *entry = heddle_plan_get_step (body->plan, (guint) heddle_plan_get_entry (body->plan));
  gboolean any = FALSE;

  for (guint i = 0; i < step->in_ports->len; i++)
    {
      const char *port = g_ptr_array_index (step->in_ports, i);
      JsonNode *value = *port == HEDDLE_PLAN_AROUND ? heddle_run_values_join_input (body->values, end, i) : NULL;
      int target = value != NULL ? heddle_node_run_find_port (entry->in_ports, port + 1) : -1;

      if (target < 0)
        continue;
      g_clear_pointer (&rounds->inputs[target], json_node_unref);
      rounds->inputs[target] = value;
      json_node_unref (rounds->last);
      rounds->last = json_node_ref (value);
      any = TRUE;
    }
  return any;
}

/* {port: value} of the ways out that were taken. */
static JsonObject *
collect_exits (HeddleScopeRun *body)
{
  guint end = (guint) heddle_plan_get_end (body->plan);
  const HeddleStep *step = heddle_plan_get_step (body->plan, end);
  JsonObject *sent = json_object_new ();

  for (guint i = 0; i < step->in_ports->len; i++)
    {
      const char *port = g_ptr_array_index (step->in_ports, i);
      JsonNode *value = *port != HEDDLE_PLAN_AROUND ? heddle_run_values_join_input (body->values, end, i) : NULL;

      if (value != NULL)
        json_object_set_member (sent, port, value);
    }
  return sent;
}

/* What failed and said so at its error port has given nothing. */
static JsonNode *
get_given (HeddleScopeRun *body, const HeddlePlanEdge *edge)
{
  const HeddleStep *from = heddle_plan_get_step (body->plan, edge->from);
  JsonNode *result = body->values->results[edge->from];
  gboolean has_failed = from->on_error == HEDDLE_ON_ERROR_ROUTE && heddle_json_member (result, "error") != NULL;
  gboolean is_error = g_strcmp0 (g_ptr_array_index (from->out_ports, edge->from_port), HEDDLE_ERROR_PORT) == 0;

  return has_failed || is_error ? NULL : heddle_json_member (result, "output");
}

/* At the limit there may be no way out that was taken: what the nodes before them have given is what there is. */
static void
collect_partial (HeddleScopeRun *body, JsonObject *sent)
{
  guint end = (guint) heddle_plan_get_end (body->plan);
  const HeddleStep *step = heddle_plan_get_step (body->plan, end);

  for (guint i = 0; i < step->in_edges->len; i++)
    {
      const HeddlePlanEdge *edge = heddle_plan_get_edge (body->plan, g_array_index (step->in_edges, guint, i));
      const char *port = g_ptr_array_index (step->in_ports, edge->to_port);
      JsonNode *output = get_given (body, edge);

      if (*port != HEDDLE_PLAN_AROUND && output != NULL)
        json_object_set_member (sent, port, json_node_ref (output));
    }
}

static void
leave (HeddleNodeRun *self, HeddleScopeRun *body, gboolean limited)
{
  JsonObject *sent = collect_exits (body);
  g_autoptr (GList) values = NULL;
  JsonNode *output;

  if (limited && json_object_get_size (sent) == 0)
    collect_partial (body, sent);
  values = json_object_get_values (sent);
  output = values != NULL ? json_node_ref (values->data) : heddle_json_null ();
  if (limited)
    heddle_node_run_set_limited (self);
  heddle_run_values_take_inner (self->scope_run->values, body->values);
  heddle_node_run_set_result (self, "rounds", heddle_json_int (body->index + 1));
  heddle_node_run_complete_sent (self, heddle_json_object (sent), output);
}

static void
round_ended (HeddleScopeRun *body, const GError *error, JsonNode *record)
{
  g_autoptr (HeddleScopeRun) alive = heddle_scope_run_ref (body);
  g_autoptr (HeddleNodeRun) self = heddle_node_run_ref (body->container);
  Rounds *rounds = body->data;
  gboolean around;

  heddle_node_run_forget_body (self, body);
  if (error != NULL)
    {
      heddle_node_run_fail (self, g_error_copy (error));
      return;
    }
  around = take_around (body, rounds);
  heddle_node_run_set_progress (self, -1, rounds->index + 1, 0, around);
  if (!around || rounds->index + 1 >= self->step->max_rounds)
    {
      leave (self, body, around);
      return;
    }
  rounds->index++;
  start_round (self, rounds, body->values);
}

void
heddle_rounds_run (HeddleNodeRun *self)
{
  Rounds *rounds = g_new0 (Rounds, 1);

  rounds->n_ports = self->step->in_ports->len;
  rounds->inputs = g_new0 (JsonNode *, rounds->n_ports);
  for (guint i = 0; i < rounds->n_ports; i++)
    rounds->inputs[i] = self->inputs[i] != NULL ? json_node_ref (self->inputs[i]) : NULL;
  rounds->last = heddle_json_null ();
  heddle_node_run_set_data (self, rounds, rounds_free);
  start_round (self, rounds, NULL);
}
