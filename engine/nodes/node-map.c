/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "registry/heddle-problem.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"

#include <string.h>

typedef struct
{
  JsonNode *items;
  gint64 concurrency;
  char *on_item_error;
  char *tolerance;
  gboolean drop_empty;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Output"), HEDDLE_VALUE_LIST },
  { NULL },
};

static const HeddlePortSpec inner_outputs[] = {
  { "item", N_ ("Item"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec inner_inputs[] = {
  { "result", N_ ("Result"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleChoice modes[] = {
  { "fail", N_ ("The map fails, and the others stop") },
  { "collect", N_ ("Its error stands in its place") },
  { "skip", N_ ("It is left out") },
  { "threshold", N_ ("Its error stands in its place, unless too many fail") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_EXPRESSION (Params, items, N_ ("Items"), .help = N_ ("A list; what is in the frame runs for each item, which is $map.item there."), .placeholder = "$input", .def.s = "$input", .required = TRUE, .is_main = TRUE),
  HEDDLE_INT (Params, concurrency, N_ ("At the same time"), .help = N_ ("How many items are worked on at once."), .def.i = 8, .min = 1, .max = 1000, .step = 1),
  HEDDLE_CHOICE (Params, on_item_error, N_ ("When an item fails"), .help = N_ ("What becomes of the others. Which ones failed can be read as “failed”."), .def.s = "fail", .choices = modes),
  HEDDLE_STRING (Params, tolerance, N_ ("Failures allowed"), .help = N_ ("A number of items, or a part of all such as 10%."), .def.s = "10%", .visible_if = "on_item_error=threshold"),
  HEDDLE_BOOLEAN (Params, drop_empty, N_ ("Leave out empty ones"), .help = N_ ("An item that no way led to the result from is left out; otherwise null stands in its place."), .def.b = FALSE, .advanced = TRUE),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "failed", N_ ("Items that failed"), HEDDLE_VALUE_LIST },
  { "count", N_ ("Number of items"), HEDDLE_VALUE_NUMBER },
  { NULL },
};

typedef struct
{
  const Params *params;
  JsonArray *items;   /* borrowed from params */
  JsonNode **outputs; /* by item; NULL: left out */
  JsonNode **errors;  /* by item; NULL: none */
  guint n_items;
  guint n_started;
  guint n_done; /* failed ones included */
  guint n_failed;
  guint max_failed;
} Map;

static void
map_free (gpointer data)
{
  Map *map = data;

  for (guint i = 0; i < map->n_items; i++)
    {
      g_clear_pointer (&map->outputs[i], json_node_unref);
      g_clear_pointer (&map->errors[i], json_node_unref);
    }
  g_free (map->outputs);
  g_free (map->errors);
  g_free (map);
}

static JsonNode *
list_failed (const Map *map)
{
  JsonArray *failed = json_array_new ();

  for (guint i = 0; map->n_failed > 0 && i < map->n_items; i++)
    {
      JsonObject *entry;

      if (map->errors[i] == NULL)
        continue;
      entry = json_object_new ();
      json_object_set_int_member (entry, "index", i);
      json_object_set_member (entry, "error", json_node_ref (map->errors[i]));
      json_array_add_object_element (failed, entry);
    }
  return heddle_json_array (failed);
}

/* In the order of the items. */
static JsonNode *
list_outputs (const Map *map)
{
  JsonArray *list = json_array_sized_new (map->n_items);

  for (guint i = 0; i < map->n_items; i++)
    {
      if (map->outputs[i] != NULL)
        json_array_add_element (list, json_node_ref (map->outputs[i]));
    }
  return heddle_json_array (list);
}

static void
tell_progress (HeddleNodeRun *node_run, const Map *map)
{
  heddle_node_run_set_progress (node_run, (int) map->n_items, map->n_done, map->n_failed, map->n_started - map->n_done);
}

static void
finish (HeddleNodeRun *node_run, const Map *map)
{
  heddle_node_run_set_result (node_run, "failed", list_failed (map));
  heddle_node_run_set_result (node_run, "count", heddle_json_int (map->n_items));
  heddle_node_run_complete (node_run, list_outputs (map));
}

static JsonNode *
make_error_slot (JsonNode *error)
{
  JsonObject *slot = json_object_new ();

  json_object_set_member (slot, "error", json_node_ref (error));
  return heddle_json_object (slot);
}

/* FALSE: the map fails. */
static gboolean
take_failure (Map *map, const HeddleBodyResult *result)
{
  map->n_failed++;
  map->errors[result->index] = json_node_ref (result->record);
  if (map->n_failed > map->max_failed)
    return FALSE;
  if (strcmp (map->params->on_item_error, "skip") != 0)
    map->outputs[result->index] = make_error_slot (result->record);
  return TRUE;
}

static void
take_value (Map *map, const HeddleBodyResult *result)
{
  if (result->value != NULL)
    map->outputs[result->index] = json_node_ref (result->value);
  else if (!map->params->drop_empty)
    map->outputs[result->index] = heddle_json_null ();
}

static void
fail (HeddleNodeRun *node_run, const Map *map, const HeddleBodyResult *result)
{
  GError *error = g_error_copy (result->error);

  g_prefix_error (&error, _ ("Item %u of %u: "), result->index + 1, map->n_items);
  heddle_node_run_stop_bodies (node_run, _ ("Stopped, because another item failed."));
  tell_progress (node_run, map);
  heddle_node_run_fail (node_run, error);
}

static void start_next (HeddleNodeRun *node_run, Map *map);

static void
item_ended (HeddleNodeRun *node_run, const HeddleBodyResult *result, gpointer data)
{
  Map *map = data;

  map->n_done++;
  if (result->end == HEDDLE_BODY_FAILED && !take_failure (map, result))
    {
      fail (node_run, map, result);
      return;
    }
  if (result->end != HEDDLE_BODY_FAILED)
    take_value (map, result);
  start_next (node_run, map);
}

/* Items have no scope before their turn comes. */
static void
start_next (HeddleNodeRun *node_run, Map *map)
{
  while (map->n_started < map->n_items && map->n_started - map->n_done < map->params->concurrency)
    {
      guint index = map->n_started++;

      heddle_node_run_start_body (node_run, index, json_array_get_element (map->items, index), NULL, item_ended, map);
    }
  tell_progress (node_run, map);
  if (map->n_done == map->n_items)
    finish (node_run, map);
}

static gboolean
parse_tolerance (const char *text, guint n_items, guint *count)
{
  char *end = NULL;
  double number = g_ascii_strtod (text != NULL ? text : "", &end);
  gboolean is_part = end != NULL && *end == '%';

  if (end == NULL || end == text || number < 0 || *(is_part ? end + 1 : end) != '\0' || (is_part && number > 100))
    return FALSE;
  *count = (guint) (is_part ? n_items * number / 100 : MIN (number, G_MAXINT));
  return TRUE;
}

static guint
count_allowed (const Params *p, guint n_items)
{
  guint count = 0;

  if (strcmp (p->on_item_error, "fail") == 0)
    return 0;
  if (strcmp (p->on_item_error, "threshold") != 0)
    return G_MAXUINT;
  return parse_tolerance (p->tolerance, n_items, &count) ? count : 0;
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  Map *map;

  if (p->items == NULL || !JSON_NODE_HOLDS_ARRAY (p->items))
    {
      GError *error = g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("A map needs a list."));

      heddle_error_set_hint (error, _ ("Make the expression “Items” give a list, such as $input.items."));
      heddle_node_run_fail (node_run, error);
      return;
    }
  map = g_new0 (Map, 1);
  map->params = p;
  map->items = json_node_get_array (p->items);
  map->n_items = json_array_get_length (map->items);
  map->outputs = g_new0 (JsonNode *, map->n_items);
  map->errors = g_new0 (JsonNode *, map->n_items);
  map->max_failed = count_allowed (p, map->n_items);
  heddle_node_run_set_data (node_run, map, map_free);
  heddle_node_run_expect_bodies (node_run, map->n_items);
  start_next (node_run, map);
}

static char *
describe (JsonObject *values)
{
  /* Translators: an expression, and how many at the same time. */
  return g_strdup_printf (_ ("Each of %s, %g at once"), heddle_params_get_string (values, "items", "$input"),
                          heddle_params_get_double (values, "concurrency", 8));
}

static void
check (JsonObject *values, const char *node_id, GPtrArray *problems)
{
  const char *tolerance = heddle_params_get_string (values, "tolerance", "10%");
  guint count;

  if (strchr (tolerance, '{') == NULL && !parse_tolerance (tolerance, 1, &count))
    g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_ERROR, node_id, NULL, "tolerance",
                                                   _ ("Say how many items may fail: a number such as 5, or a part such as 10%.")));
}

const HeddleNodeType heddle_node_type_map = {
  .id = "map",
  .version = 1,
  .title = N_ ("Map"),
  .summary = N_ ("Runs what is in its frame for each item of a list, several at the same time."),
  .keywords = N_ ("for each list batch parallel items concurrency array"),
  .icon_name = "heddle-map-symbolic",
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
  .example = "{\"params\":{\"items\":\"$input\",\"concurrency\":2},\"inputs\":{\"in\":[1,2,3]}}",
  .describe = describe,
  .check = check,
  .run = run,
};
