/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-estimate.h"

#include "registry/heddle-node-type.h"
#include "value/heddle-json.h"
#include "value/heddle-money.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A value that a template puts in: a mail, a passage, an answer. */
#define TOKENS_OF_VALUE 300
/* Of a model without a limit. */
#define TOKENS_OF_ANSWER 500
/* What a tool answers. */
#define TOKENS_OF_TOOL 400
#define MOST_TURNS 100
/* Containers within each other that are looked at. */
#define MOST_DEPTH 64

static const char *
get_text (const HeddleNode *node, const char *name)
{
  const HeddleParamSpec *spec = heddle_node_type_find_param (node->type, name);
  JsonNode *value = json_object_get_member (node->params, name);

  if (heddle_json_is_string (value))
    return json_node_get_string (value);
  return spec != NULL && spec->def.s != NULL ? spec->def.s : "";
}

static gint64
get_number (const HeddleNode *node, const char *name)
{
  const HeddleParamSpec *spec = heddle_node_type_find_param (node->type, name);
  JsonNode *value = json_object_get_member (node->params, name);

  if (heddle_json_is_number (value))
    return json_node_get_int (value);
  return spec != NULL ? spec->def.i : 0;
}

static gint64
estimate_template (const char *text)
{
  gint64 tokens = heddle_tokens_estimate (text);

  for (const char *p = strstr (text, "{{"); p != NULL; p = strstr (p + 2, "{{"))
    tokens += TOKENS_OF_VALUE;
  return tokens;
}

/* Each turn of an agent reads all that was said before it. */
static void
add_turns (HeddleUsage *usage, gint64 first_input, gint64 answer, guint n_turns)
{
  usage->input = n_turns * first_input + (gint64) n_turns * (n_turns - 1) / 2 * (answer + TOKENS_OF_TOOL);
  usage->output = n_turns * answer;
}

static void
add_node (HeddleEstimate *self, const HeddleNode *node, HeddleModels *models)
{
  gboolean is_agent = heddle_node_type_find_param (node->type, "max_tool_iterations") != NULL;
  guint n_turns = is_agent ? CLAMP (get_number (node, "max_tool_iterations"), 1, MOST_TURNS) : 1;
  gint64 most = get_number (node, "max_tokens");
  const char *model = get_text (node, "model");
  HeddleUsage usage = HEDDLE_USAGE_UNKNOWN;

  add_turns (&usage, estimate_template (get_text (node, "system")) + estimate_template (get_text (node, "prompt")),
             most > 0 ? most : TOKENS_OF_ANSWER, n_turns);
  if (strstr (model, "{{") == NULL && strchr (model, '/') != NULL)
    heddle_models_apply_price (models, model, &usage);
  self->n_calls += n_turns;
  self->input_tokens = heddle_money_add (self->input_tokens, usage.input);
  self->output_tokens = heddle_money_add (self->output_tokens, usage.output);
  self->cost = heddle_money_add (self->cost, usage.cost);
  self->cost_partly_unknown |= usage.cost < 0;
}

/* Whether it is within a loop or a map, whose length is not known before. */
static gboolean
is_repeated (HeddleGraph *graph, const HeddleNode *node)
{
  for (guint depth = 0; node != NULL && node->parent != NULL && depth < MOST_DEPTH; depth++)
    {
      node = heddle_graph_find_node (graph, node->parent);
      if (node != NULL && node->type != NULL && (node->type->flags & HEDDLE_NODE_REPEATS) != 0)
        return TRUE;
    }
  return FALSE;
}

HeddleEstimate
heddle_estimate_graph (HeddleGraph *graph, HeddleModels *models)
{
  HeddleEstimate self = { .cost = -1 };

  g_return_val_if_fail (HEDDLE_IS_GRAPH (graph) && HEDDLE_IS_MODELS (models), self);

  for (guint i = 0; i < heddle_graph_get_n_nodes (graph); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (graph, i);
      const HeddleParamSpec *model = node->type != NULL ? heddle_node_type_find_param (node->type, "model") : NULL;

      if (heddle_graph_is_active (graph, node->id) && model != NULL && model->kind == HEDDLE_PARAM_MODEL && heddle_node_type_find_param (node->type, "prompt") != NULL)
        {
          add_node (&self, node, models);
          self.repeats |= is_repeated (graph, node);
        }
    }
  return self;
}

static char *
describe_calls (const HeddleEstimate *estimate)
{
  g_autofree char *cost = NULL;

  if (estimate->n_calls == 0)
    return NULL;
  cost = heddle_money_format (estimate->cost, estimate->cost_partly_unknown, FALSE);
  if (estimate->cost < 0)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u model call, %s.", "Up to %u model calls, %s.", estimate->n_calls), estimate->n_calls, cost);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "About %s for %u model call, estimated.", "About %s for up to %u model calls, estimated.", estimate->n_calls),
                          cost, estimate->n_calls);
}

char *
heddle_estimate_to_text (const HeddleEstimate *estimate)
{
  g_autofree char *text = describe_calls (estimate);

  if (text == NULL || !estimate->repeats)
    return g_steal_pointer (&text);
  return g_strconcat (text, " ", _ ("What is in a loop or a map counts once here."), NULL);
}
