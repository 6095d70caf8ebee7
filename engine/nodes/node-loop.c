/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"

#include <string.h>

typedef struct
{
  char *mode;
  JsonNode *items;
  gint64 times;
  JsonNode *condition; /* late: always NULL */
  JsonNode *initial;
  char *gives;
  gint64 max_iterations;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Output"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec inner_outputs[] = {
  { "body", N_ ("Round"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec inner_inputs[] = {
  { "next", N_ ("Next round"), HEDDLE_VALUE_ANY },
  { "break", N_ ("End the loop"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleChoice modes[] = {
  { "each", N_ ("For each item") },
  { "times", N_ ("So many times") },
  { "while", N_ ("As long as a condition holds") },
  { "until", N_ ("Until a condition holds") },
  { NULL },
};

static const HeddleChoice gives[] = {
  { "last", N_ ("The value of the last round") },
  { "list", N_ ("A list of the values of all rounds") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_CHOICE (Params, mode, N_ ("Repeat"), .help = N_ ("One round follows the other. To work on items at the same time, use a Map."), .def.s = "each", .choices = modes),
  HEDDLE_EXPRESSION (Params, items, N_ ("Items"), .help = N_ ("A list; each round gets one as $loop.item."), .placeholder = "$input", .def.s = "$input", .required = TRUE, .visible_if = "mode=each", .is_main = TRUE),
  HEDDLE_INT (Params, times, N_ ("Times"), .help = N_ ("How many rounds there are."), .def.i = 3, .min = 0, .max = 1000000, .step = 1, .visible_if = "mode=times"),
  HEDDLE_EXPRESSION (Params, condition, N_ ("Condition"), .help = N_ ("Read anew for each round, before it (as long as) or after it (until). $loop.last is the value of the round before, $loop.index counts from 0."), .placeholder = "$loop.last.score < 8", .required = TRUE, .visible_if = "mode=while|until", .is_late = TRUE),
  HEDDLE_VALUE (Params, initial, N_ ("First value"), .help = N_ ("What $loop.last is in the first round, and what the first round begins with."), .def.s = "{{ $input }}", .visible_if = "mode=times|while|until"),
  HEDDLE_CHOICE (Params, gives, N_ ("Result"), .help = N_ ("What goes on from here. The list of all values can also be read as “results”."), .def.s = "last", .choices = gives),
  HEDDLE_INT (Params, max_iterations, N_ ("Rounds at most"), .help = N_ ("A loop that reaches this limit ends with what it has by then, and says so."), .def.i = 100, .min = 1, .max = 1000000, .step = 1, .advanced = TRUE),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "results", N_ ("Values of all rounds"), HEDDLE_VALUE_LIST },
  { "rounds", N_ ("Number of rounds"), HEDDLE_VALUE_NUMBER },
  { NULL },
};

typedef struct
{
  const Params *params;
  JsonArray *items; /* borrowed from params; NULL: not over items */
  JsonArray *results;
  JsonNode *last;
  guint index; /* of the round under way or to come */
} Loop;

static void
loop_free (gpointer data)
{
  Loop *loop = data;

  json_array_unref (loop->results);
  json_node_unref (loop->last);
  g_free (loop);
}

static void
finish (HeddleNodeRun *node_run, Loop *loop)
{
  JsonNode *list = heddle_json_copy_array (loop->results);
  JsonNode *output = strcmp (loop->params->gives, "list") == 0 ? list : loop->last;

  heddle_node_run_set_result (node_run, "results", json_node_ref (list));
  heddle_node_run_set_result (node_run, "rounds", heddle_json_int (json_array_get_length (loop->results)));
  heddle_node_run_complete (node_run, json_node_ref (output));
  json_node_unref (list);
}

static int
count_rounds (const Loop *loop)
{
  if (loop->items != NULL)
    return (int) json_array_get_length (loop->items);
  return strcmp (loop->params->mode, "times") == 0 ? (int) loop->params->times : -1;
}

static JsonNode *
item_of (const Loop *loop)
{
  if (loop->items != NULL && loop->index < json_array_get_length (loop->items))
    return json_array_get_element (loop->items, loop->index);
  return loop->last;
}

/* Whether the condition holds for the round to come (while), or after the one that was the last (until). */
static gboolean
evaluate (HeddleNodeRun *node_run, const Loop *loop, guint index, gboolean *holds, GError **error)
{
  g_autoptr (JsonNode) value = heddle_node_run_evaluate (node_run, "condition", index, loop->last, loop->last, error);

  if (value == NULL)
    return FALSE;
  *holds = heddle_json_is_truthy (value);
  return TRUE;
}

static gboolean
goes_on (HeddleNodeRun *node_run, const Loop *loop, gboolean *more, GError **error)
{
  int n_rounds = count_rounds (loop);
  gboolean holds = FALSE;

  *more = TRUE;
  if (n_rounds >= 0)
    *more = loop->index < (guint) n_rounds;
  else if (strcmp (loop->params->mode, "while") == 0 && evaluate (node_run, loop, loop->index, more, error))
    return TRUE;
  else if (strcmp (loop->params->mode, "while") == 0)
    return FALSE;
  else if (loop->index > 0 && !evaluate (node_run, loop, loop->index - 1, &holds, error))
    return FALSE;
  else
    *more = !holds;
  return TRUE;
}

static void round_ended (HeddleNodeRun *node_run, const HeddleBodyResult *result, gpointer data);

static void
go_on (HeddleNodeRun *node_run, Loop *loop)
{
  GError *error = NULL;
  gboolean more;

  if (!goes_on (node_run, loop, &more, &error))
    {
      heddle_node_run_fail (node_run, error);
      return;
    }
  heddle_node_run_set_progress (node_run, count_rounds (loop), loop->index, 0, more);
  if (more && loop->index >= loop->params->max_iterations)
    {
      heddle_node_run_set_limited (node_run);
      more = FALSE;
    }
  if (more)
    heddle_node_run_start_body (node_run, loop->index, item_of (loop), loop->last, round_ended, loop);
  else
    finish (node_run, loop);
}

static void
fail_round (HeddleNodeRun *node_run, const HeddleBodyResult *result)
{
  GError *error = g_error_copy (result->error);

  g_prefix_error (&error, _ ("Round %u: "), result->index + 1);
  heddle_node_run_fail (node_run, error);
}

static void
round_ended (HeddleNodeRun *node_run, const HeddleBodyResult *result, gpointer data)
{
  Loop *loop = data;

  if (result->end == HEDDLE_BODY_FAILED)
    {
      fail_round (node_run, result);
      return;
    }
  if (result->end == HEDDLE_BODY_DONE)
    {
      json_node_unref (loop->last);
      loop->last = json_node_ref (result->value);
    }
  json_array_add_element (loop->results, result->value != NULL ? json_node_ref (result->value) : heddle_json_null ());
  loop->index++;
  if (g_strcmp0 (result->port, "break") == 0)
    finish (node_run, loop);
  else
    go_on (node_run, loop);
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  gboolean each = strcmp (p->mode, "each") == 0;
  Loop *loop;

  if (each && (p->items == NULL || !JSON_NODE_HOLDS_ARRAY (p->items)))
    {
      GError *error = g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("A loop over items needs a list."));

      heddle_error_set_hint (error, _ ("Make the expression “Items” give a list, such as $input.items."));
      heddle_node_run_fail (node_run, error);
      return;
    }
  loop = g_new0 (Loop, 1);
  loop->params = p;
  loop->items = each ? json_node_get_array (p->items) : NULL;
  loop->results = json_array_new ();
  loop->last = each || p->initial == NULL ? heddle_json_null () : json_node_ref (p->initial);
  heddle_node_run_set_data (node_run, loop, loop_free);
  heddle_node_run_expect_bodies (node_run, (guint) CLAMP (count_rounds (loop), 0, p->max_iterations));
  go_on (node_run, loop);
}

static char *
describe (JsonObject *values)
{
  const char *mode = heddle_params_get_string (values, "mode", "each");

  if (strcmp (mode, "each") == 0)
    /* Translators: an expression. */
    return g_strdup_printf (_ ("For each of %s"), heddle_params_get_string (values, "items", "$input"));
  if (strcmp (mode, "times") == 0)
    return g_strdup_printf (_ ("%g times"), heddle_params_get_double (values, "times", 3));
  if (strcmp (mode, "while") == 0)
    /* Translators: an expression. */
    return g_strdup_printf (_ ("While %s"), heddle_params_get_string (values, "condition", "…"));
  /* Translators: an expression. */
  return g_strdup_printf (_ ("Until %s"), heddle_params_get_string (values, "condition", "…"));
}

const HeddleNodeType heddle_node_type_loop = {
  .id = "loop",
  .version = 1,
  .title = N_ ("Loop"),
  .summary = N_ ("Runs what is in its frame again and again, one round after the other."),
  .keywords = N_ ("repeat iterate for each while until times round cycle"),
  .icon_name = "heddle-loop-symbolic",
  .category = HEDDLE_CATEGORY_LOGIC,
  .effect = HEDDLE_EFFECT_PURE,
  .flags = HEDDLE_NODE_CONTAINER | HEDDLE_NODE_REPEATS,
  .inputs = inputs,
  .outputs = outputs,
  .inner_outputs = inner_outputs,
  .inner_inputs = inner_inputs,
  .params = params,
  .params_size = sizeof (Params),
  .results = results,
  .example = "{\"params\":{\"mode\":\"while\",\"condition\":\"$loop.index < 3\"},\"inputs\":{\"in\":0}}",
  .describe = describe,
  .run = run,
};
