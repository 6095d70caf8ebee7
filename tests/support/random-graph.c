/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random-graph.h"

#include "heddle-error.h"
#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "plan/heddle-plan-builder.h"
#include "registry/heddle-node-type.h"
#include "value/heddle-json.h"

#define MAX_DEPTH 2

static const char *const joins[] = { "any", "all", "first", "always" };
static const char *const error_modes[] = { "fail", "continue", "default", "route" };
static const char *const item_modes[] = { "fail", "collect", "skip", "threshold" };

static const char *const type_names[] = {
  [RANDOM_TEXT] = "template",
  [RANDOM_MERGE] = "merge",
  [RANDOM_IF] = "if-else",
  [RANDOM_SWITCH] = "switch",
  [RANDOM_BAD] = "template",
  [RANDOM_WAIT] = "wait",
  [RANDOM_FLAKY] = "test-flaky",
  [RANDOM_CONTEXT] = "test-echo",
  [RANDOM_MAP] = "map",
  [RANDOM_LOOP] = "loop",
  [RANDOM_SUBFLOW] = "subflow",
  [RANDOM_OUTPUT] = "output",
};

/* {NULL}-terminated, the default port first. */
static const char *const out_ports[][4] = {
  [RANDOM_IF] = { "true", "false" },
  [RANDOM_SWITCH] = { "a", "b", "default" },
  [RANDOM_OUTPUT] = { NULL },
};

static const char *const inner_out_ports[] = { [RANDOM_MAP] = "item", [RANDOM_LOOP] = "body", [RANDOM_SUBFLOW] = "start", [RANDOM_CIRCLE] = "body" };
static const char *const inner_in_ports[] = { [RANDOM_MAP] = "result", [RANDOM_LOOP] = "next", [RANDOM_SUBFLOW] = "end", [RANDOM_CIRCLE] = "around" };

typedef struct
{
  RandomGraph *graph;
  GRand *random;
  RandomShape shape;
} Maker;

static guint
pick (Maker *self, guint n)
{
  return (guint) g_rand_int_range (self->random, 0, (gint32) n);
}

static gboolean
is_container (RandomKind kind)
{
  return kind == RANDOM_MAP || kind == RANDOM_LOOP || kind == RANDOM_SUBFLOW;
}

static RandomNode *
get_node (const RandomGraph *self, guint index)
{
  return &g_array_index (self->nodes, RandomNode, index);
}

static gboolean
can_fail (RandomKind kind)
{
  return kind == RANDOM_BAD || kind == RANDOM_FLAKY || is_container (kind);
}

static guint
count_children (const RandomGraph *self, guint index, guint *first)
{
  guint n_children = 0;

  for (guint i = self->nodes->len; i > index + 1; i--)
    {
      if (get_node (self, i - 1)->parent != (int) index)
        continue;
      *first = i - 1;
      n_children++;
    }
  return n_children;
}

static const char *pick_port (Maker *self, guint index);

/* A way out: a port of one of the nodes that are right in it. */
static const char *
pick_way_out (Maker *self, guint circle)
{
  guint left = pick (self, count_children (self->graph, circle, &(guint){ 0 }));
  guint child = circle + 1;
  g_autofree char *name = NULL;

  while (get_node (self->graph, child)->parent != (int) circle || left-- > 0)
    child++;
  name = g_strdup_printf ("%s.%s", get_node (self->graph, child)->id, pick_port (self, child));
  return g_intern_string (name);
}

/* One of the ports that a node has. */
static const char *
pick_port (Maker *self, guint index)
{
  const RandomNode *node = get_node (self->graph, index);
  guint n_ports = 0;

  if (node->kind == RANDOM_CIRCLE)
    return pick_way_out (self, index);

  if (node->on_error == HEDDLE_ON_ERROR_ROUTE && pick (self, 2) == 0)
    return HEDDLE_ERROR_PORT;
  if (node->kind != RANDOM_IF && node->kind != RANDOM_SWITCH)
    return "out";
  while (out_ports[node->kind][n_ports] != NULL)
    n_ports++;
  return out_ports[node->kind][pick (self, n_ports)];
}

static void
add_edge (Maker *self, guint from, const char *from_port, guint to, const char *to_port)
{
  RandomEdge edge = { from, from_port, to, to_port };

  for (guint i = 0; i < self->graph->edges->len; i++)
    {
      const RandomEdge *other = &g_array_index (self->graph->edges, RandomEdge, i);

      if (other->from == from && other->to == to && g_str_equal (other->to_port, to_port))
        return;
    }
  g_array_append_val (self->graph->edges, edge);
}

/* From a node before it at the same level, or the start of its container. */
static void
add_in_edge (Maker *self, guint to, const char *to_port, const GArray *level)
{
  int parent = get_node (self->graph, to)->parent;
  guint choice = pick (self, level->len + (parent >= 0));

  if (choice < level->len)
    add_edge (self, g_array_index (level, guint, choice), pick_port (self, g_array_index (level, guint, choice)), to, to_port);
  else if (parent >= 0)
    add_edge (self, (guint) parent, inner_out_ports[get_node (self->graph, (guint) parent)->kind], to, to_port);
}

static RandomKind
pick_kind (Maker *self, guint depth)
{
  static const RandomKind plain[] = { RANDOM_TEXT, RANDOM_TEXT, RANDOM_TEXT, RANDOM_MERGE, RANDOM_MERGE, RANDOM_IF, RANDOM_IF, RANDOM_SWITCH, RANDOM_BAD };
  static const RandomKind flat[] = { RANDOM_FLAKY, RANDOM_CONTEXT };
  static const RandomKind containers[] = { RANDOM_MAP, RANDOM_LOOP, RANDOM_SUBFLOW };

  if (self->shape == RANDOM_FLAT && pick (self, 5) == 0)
    return flat[pick (self, G_N_ELEMENTS (flat))];
  if (self->shape == RANDOM_WAITING && pick (self, 4) == 0)
    return RANDOM_WAIT;
  if (self->shape != RANDOM_FLAT && depth < MAX_DEPTH && pick (self, 5) == 0)
    return containers[pick (self, G_N_ELEMENTS (containers))];
  if (self->shape != RANDOM_FLAT && depth < MAX_DEPTH && pick (self, 8) == 0)
    return RANDOM_CIRCLE;
  return plain[pick (self, G_N_ELEMENTS (plain))];
}

static guint
pick_choice (Maker *self, RandomKind kind, gboolean repeats)
{
  switch (kind)
    {
    case RANDOM_IF:
      return pick (self, repeats ? 3 : 2);
    case RANDOM_BAD:
      return repeats ? 2 * pick (self, 2) : 0;
    case RANDOM_MERGE:
    case RANDOM_FLAKY:
    case RANDOM_MAP:
    case RANDOM_LOOP:
      return pick (self, 4);
    case RANDOM_WAIT:
    case RANDOM_CIRCLE:
      return 1 + pick (self, 3);
    case RANDOM_TEXT:
    case RANDOM_SWITCH:
    case RANDOM_CONTEXT:
    case RANDOM_SUBFLOW:
    case RANDOM_OUTPUT:
    default:
      return pick (self, 3);
    }
}

static guint
add_node (Maker *self, RandomKind kind, int parent, gboolean repeats)
{
  RandomNode node = { .kind = kind, .parent = parent, .choice = pick_choice (self, kind, repeats), .max_attempts = 1 + pick (self, 3) };
  guint index = self->graph->nodes->len;

  node.id = g_strdup_printf ("n%u", index);
  node.mode = kind == RANDOM_MAP ? pick (self, 4) : pick (self, 2);
  /* Most failures are taken up, so that most runs go to their end. */
  node.on_error = can_fail (kind) && pick (self, 4) > 0 ? 1 + pick (self, 3) : HEDDLE_ON_ERROR_FAIL;
  g_array_append_val (self->graph->nodes, node);
  return index;
}

/* A flat one is made by a builder. What nothing leads to has no value to hand on that is known here. */
static void
choose_mode (Maker *self, guint index)
{
  guint choice = self->shape != RANDOM_FLAT ? pick (self, 12) : G_MAXUINT;
  gboolean is_led_to = FALSE;

  for (guint i = 0; i < self->graph->edges->len; i++)
    is_led_to = is_led_to || g_array_index (self->graph->edges, RandomEdge, i).to == index;

  if (choice == 0)
    get_node (self->graph, index)->takes_part = HEDDLE_NODE_OFF;
  else if (choice == 1 && is_led_to)
    get_node (self->graph, index)->takes_part = HEDDLE_NODE_BYPASS;
}

static void fill (Maker *self, int parent, guint depth, gboolean repeats);

static gboolean
leads_on (const RandomGraph *self, guint index)
{
  for (guint i = 0; i < self->edges->len; i++)
    {
      const RandomEdge *edge = &g_array_index (self->edges, RandomEdge, i);

      if (edge->from == index && (get_node (self, edge->to)->parent == get_node (self, index)->parent || g_str_equal (edge->to_port, "around")))
        return TRUE;
    }
  return FALSE;
}

/* All that is in it comes after the first, which alone is entered, and leads around. */
static void
fill_circle (Maker *self, guint circle, guint depth)
{
  static const RandomKind first[] = { RANDOM_TEXT, RANDOM_IF, RANDOM_SWITCH };
  g_autoptr (GArray) level = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n_nodes = 2 + pick (self, 4);

  for (guint i = 0; i < n_nodes; i++)
    {
      RandomKind kind = i == 0 ? first[pick (self, G_N_ELEMENTS (first))] : pick_kind (self, depth);
      guint index = add_node (self, kind == RANDOM_CIRCLE ? RANDOM_IF : kind, (int) circle, TRUE);

      if (i == 0)
        add_edge (self, circle, inner_out_ports[RANDOM_CIRCLE], index, "in");
      for (guint n = 0; i > 0 && n <= pick (self, 2); n++)
        {
          guint from = g_array_index (level, guint, pick (self, i));

          add_edge (self, from, pick_port (self, from), index, "in");
        }
      if (i > 0)
        choose_mode (self, index);
      if (is_container (kind))
        fill (self, (int) index, depth + 1, TRUE);
      g_array_append_val (level, index);
    }
  for (guint i = 1; i < n_nodes; i++)
    {
      guint from = g_array_index (level, guint, i);

      if (i == n_nodes - 1 || !leads_on (self->graph, from) || pick (self, 6) == 0)
        add_edge (self, from, pick_port (self, from), circle, "around");
    }
}

static void
add_any (Maker *self, int parent, guint depth, gboolean repeats, GArray *level)
{
  RandomKind kind = level->len == 0 && parent < 0 ? RANDOM_TEXT : pick_kind (self, depth);
  guint index = add_node (self, kind, parent, repeats);
  guint n_edges = kind == RANDOM_TEXT && pick (self, 4) == 0 ? 0 : 1 + pick (self, kind == RANDOM_MERGE ? 4 : 2);

  for (guint i = 0; (level->len > 0 || parent >= 0) && i < n_edges; i++)
    add_in_edge (self, index, "in", level);
  if (kind == RANDOM_CONTEXT && level->len > 0)
    add_in_edge (self, index, "context", level);
  if (kind != RANDOM_CIRCLE)
    choose_mode (self, index);
  if (is_container (kind))
    fill (self, (int) index, depth + 1, repeats || kind != RANDOM_SUBFLOW);
  else if (kind == RANDOM_CIRCLE)
    fill_circle (self, index, depth + 1);
  g_array_append_val (level, index);
}

/* What is in a container, or at the top. */
static void
fill (Maker *self, int parent, guint depth, gboolean repeats)
{
  g_autoptr (GArray) level = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n_nodes = parent < 0 ? 3 + pick (self, 9) : 1 + pick (self, 5);
  guint end;

  for (guint i = 0; i < n_nodes; i++)
    add_any (self, parent, depth, repeats, level);
  for (guint i = 0; parent >= 0 && i < 2; i++)
    {
      guint from = g_array_index (level, guint, pick (self, level->len));
      gboolean breaks = get_node (self->graph, (guint) parent)->kind == RANDOM_LOOP && pick (self, 4) == 0;

      add_edge (self, from, pick_port (self, from), (guint) parent, breaks ? "break" : inner_in_ports[get_node (self->graph, (guint) parent)->kind]);
    }
  if (parent >= 0)
    return;
  end = add_node (self, RANDOM_OUTPUT, -1, FALSE);
  for (guint i = 0; i < 3; i++)
    add_in_edge (self, end, "in", level);
}

static void
clear_node (gpointer data)
{
  g_free (((RandomNode *) data)->id);
}

static RandomGraph *
create (void)
{
  RandomGraph *self = g_new0 (RandomGraph, 1);

  self->nodes = g_array_new (FALSE, TRUE, sizeof (RandomNode));
  g_array_set_clear_func (self->nodes, clear_node);
  self->edges = g_array_new (FALSE, TRUE, sizeof (RandomEdge));
  return self;
}

RandomGraph *
random_graph_new (guint32 seed, RandomShape shape)
{
  RandomGraph *self = create ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  Maker maker = { self, random, shape };

  fill (&maker, -1, 0, FALSE);
  return self;
}

static gboolean
is_in (const RandomGraph *self, int index, int node)
{
  for (; index >= 0; index = get_node (self, (guint) index)->parent)
    {
      if (index == node)
        return TRUE;
    }
  return FALSE;
}

RandomGraph *
random_graph_copy_without (const RandomGraph *self, int without_node, int without_edge)
{
  RandomGraph *copy = create ();
  g_autofree int *places = g_new (int, self->nodes->len);

  for (guint i = 0; i < self->nodes->len; i++)
    {
      RandomNode node = *get_node (self, i);

      places[i] = -1;
      if (without_node >= 0 && is_in (self, (int) i, without_node))
        continue;
      places[i] = (int) copy->nodes->len;
      node.id = g_strdup (node.id);
      node.parent = node.parent >= 0 ? places[node.parent] : -1;
      g_array_append_val (copy->nodes, node);
    }
  for (guint i = 0; i < self->edges->len; i++)
    {
      RandomEdge edge = g_array_index (self->edges, RandomEdge, i);

      if ((int) i == without_edge || places[edge.from] < 0 || places[edge.to] < 0)
        continue;
      edge.from = (guint) places[edge.from];
      edge.to = (guint) places[edge.to];
      g_array_append_val (copy->edges, edge);
    }
  return copy;
}

void
random_graph_free (RandomGraph *self)
{
  g_array_unref (self->nodes);
  g_array_unref (self->edges);
  g_free (self);
}

static char *
dup_params (const RandomNode *node)
{
  static const char *const conditions[] = { "false", "true", "$loop.index % 2 == 0" };
  static const char *const values[] = { "a", "b", "c" };

  switch (node->kind)
    {
    case RANDOM_TEXT:
      return g_strdup_printf ("{\"text\":\"%s\"}", node->id);
    case RANDOM_MERGE:
      return g_strdup_printf ("{\"mode\":\"%s\",\"result\":\"%s\"}", joins[node->choice], node->mode == 0 ? "auto" : "object");
    case RANDOM_IF:
      return g_strdup_printf ("{\"condition\":\"%s\"}", conditions[node->choice]);
    case RANDOM_SWITCH:
      return g_strdup_printf ("{\"value\":\"%s\"}", values[node->choice]);
    case RANDOM_BAD:
      return g_strdup_printf ("{\"text\":\"{{ %s ? JSON.parse('x') : '%s' }}\"}", node->choice == 0 ? "true" : "$loop.index == 1", node->id);
    case RANDOM_WAIT:
      return g_strdup_printf ("{\"seconds\":0.00%u}", node->choice);
    case RANDOM_FLAKY:
      return g_strdup_printf ("{\"failures\":%u}", node->choice);
    case RANDOM_MAP:
      return g_strdup_printf ("{\"items\":\"['p','q','r'].slice(0, %u)\",\"on_item_error\":\"%s\",\"tolerance\":\"1\",\"concurrency\":2}", node->choice, item_modes[node->mode]);
    case RANDOM_LOOP:
      return g_strdup_printf ("{\"mode\":\"times\",\"times\":%u,\"initial\":\"i\",\"gives\":\"%s\"}", node->choice, node->mode == 0 ? "last" : "list");
    case RANDOM_CONTEXT:
    case RANDOM_SUBFLOW:
    case RANDOM_CIRCLE:
    case RANDOM_OUTPUT:
    default:
      return g_strdup ("{}");
    }
}

static char *
dup_policy (const RandomNode *node)
{
  if (!can_fail (node->kind))
    return NULL;
  return g_strdup_printf ("{\"on_error\":\"%s\",\"default\":\"instead of %s\",\"max_attempts\":%u,\"retry_delay\":0}",
                          error_modes[node->on_error], node->id, node->max_attempts);
}

/* The rounds are said by the node that a circle is entered at. */
static char *
dup_rounds (const RandomGraph *self, const RandomNode *node)
{
  const RandomNode *circle = node->parent >= 0 ? get_node (self, (guint) node->parent) : NULL;
  guint first = 0;

  if (circle == NULL || circle->kind != RANDOM_CIRCLE || count_children (self, (guint) node->parent, &first) == 0 || get_node (self, first) != node)
    return NULL;
  return g_strdup_printf ("{\"max_rounds\":%u}", circle->choice);
}

/* The frame that the node is drawn in, or -1. */
static int
find_frame (const RandomGraph *self, const RandomNode *node)
{
  int parent = node->parent;

  while (parent >= 0 && get_node (self, (guint) parent)->kind == RANDOM_CIRCLE)
    parent = get_node (self, (guint) parent)->parent;
  return parent;
}

static void
append_node (GString *text, const RandomGraph *self, const RandomNode *node)
{
  g_autofree char *params = dup_params (node);
  g_autofree char *rounds = dup_rounds (self, node);
  g_autofree char *policy = rounds != NULL ? g_steal_pointer (&rounds) : dup_policy (node);
  int frame = find_frame (self, node);

  g_string_append_printf (text, "{\"id\":\"%s\",\"type\":\"%s\",\"params\":%s", node->id, type_names[node->kind], params);
  if (policy != NULL)
    g_string_append_printf (text, ",\"policy\":%s", policy);
  if (node->takes_part != HEDDLE_NODE_ON)
    g_string_append_printf (text, ",\"mode\":\"%s\"", node->takes_part == HEDDLE_NODE_OFF ? "off" : "bypass");
  if (frame >= 0)
    g_string_append_printf (text, ",\"parent\":\"%s\"", get_node (self, (guint) frame)->id);
  g_string_append_c (text, '}');
}

static void
append_edge (GString *text, const RandomGraph *self, const RandomEdge *edge)
{
  const RandomNode *from = get_node (self, edge->from);
  const RandomNode *to = get_node (self, edge->to);
  gboolean is_circle = to->kind == RANDOM_CIRCLE;
  guint first = edge->to;

  if (is_circle)
    count_children (self, edge->to, &first);
  if (from->kind == RANDOM_CIRCLE)
    g_string_append_printf (text, "{\"from\":\"%s\"", edge->from_port);
  else
    g_string_append_printf (text, "{\"from\":\"%s.%s\"", from->id, edge->from_port);
  g_string_append_printf (text, ",\"to\":\"%s.%s\"}", get_node (self, first)->id, is_circle ? "in" : edge->to_port);
}

static gboolean
is_within_circle (const RandomGraph *self, const RandomEdge *edge)
{
  return get_node (self, edge->from)->kind == RANDOM_CIRCLE && g_str_equal (edge->from_port, inner_out_ports[RANDOM_CIRCLE]);
}

char *
random_graph_to_json (const RandomGraph *self)
{
  GString *text = g_string_new ("{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"random\",\"name\":\"Random\",\"nodes\":[");

  for (guint i = 0; i < self->nodes->len; i++)
    {
      if (get_node (self, i)->kind == RANDOM_CIRCLE)
        continue;
      g_string_append (text, i > 0 ? ",\n" : "");
      append_node (text, self, get_node (self, i));
    }
  g_string_append (text, "],\n\"edges\":[");
  for (guint i = 0, n = 0; i < self->edges->len; i++)
    {
      const RandomEdge *edge = &g_array_index (self->edges, RandomEdge, i);

      if (is_within_circle (self, edge))
        continue;
      g_string_append (text, n++ > 0 ? "," : "");
      append_edge (text, self, edge);
    }
  g_string_append (text, "]}");
  return g_string_free (text, FALSE);
}

static const HeddleNodeType *
find_type (RandomKind kind)
{
  if (kind == RANDOM_FLAKY)
    return &heddle_test_node_flaky;
  if (kind == RANDOM_CONTEXT)
    return &heddle_test_node_echo;
  return heddle_registry_lookup (type_names[kind]);
}

static gboolean
build_node (HeddlePlanBuilder *builder, const RandomNode *node, GError **error)
{
  g_autofree char *params = dup_params (node);
  g_autofree char *policy = dup_policy (node);
  g_autoptr (JsonNode) params_json = heddle_harness_json (params);
  g_autoptr (JsonNode) policy_json = policy != NULL ? heddle_harness_json (policy) : NULL;

  if (!heddle_plan_builder_add_step (builder, node->id, NULL, find_type (node->kind), json_node_get_object (params_json), error))
    return FALSE;
  return policy_json == NULL || heddle_plan_builder_set_policy (builder, node->id, json_node_get_object (policy_json), error);
}

static HeddlePlan *
build (const RandomGraph *self, GError **error)
{
  g_autoptr (HeddlePlanBuilder) builder = heddle_plan_builder_new ("random", "Random");

  for (guint i = 0; i < self->nodes->len; i++)
    {
      if (!build_node (builder, get_node (self, i), error))
        return NULL;
    }
  for (guint i = 0; i < self->edges->len; i++)
    {
      const RandomEdge *edge = &g_array_index (self->edges, RandomEdge, i);

      if (!heddle_plan_builder_add_edge (builder, get_node (self, edge->from)->id, edge->from_port, get_node (self, edge->to)->id, edge->to_port, error))
        return NULL;
    }
  return heddle_plan_builder_finish (g_steal_pointer (&builder), error);
}

static gboolean
is_for_tests (const RandomGraph *self)
{
  for (guint i = 0; i < self->nodes->len; i++)
    {
      if (get_node (self, i)->kind == RANDOM_FLAKY || get_node (self, i)->kind == RANDOM_CONTEXT)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_led_to (const RandomGraph *self, guint index)
{
  for (guint i = 0; i < self->edges->len; i++)
    {
      const RandomEdge *edge = &g_array_index (self->edges, RandomEdge, i);

      if (edge->to == index && g_str_equal (edge->to_port, "in"))
        return TRUE;
    }
  return FALSE;
}

/* What was left out of a graph may leave a circle that is none. */
static gboolean
check_circles (const RandomGraph *self, GError **error)
{
  for (guint i = 0; i < self->nodes->len; i++)
    {
      int parent = get_node (self, i)->parent;
      gboolean is_circle = get_node (self, i)->kind == RANDOM_CIRCLE;
      gboolean is_in_circle = parent >= 0 && get_node (self, (guint) parent)->kind == RANDOM_CIRCLE;
      guint first = 0;

      if ((is_circle && (count_children (self, i, &first) < 2 || !is_led_to (self, i))) || (is_in_circle && (!is_led_to (self, i) || !leads_on (self, i))))
        {
          g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, "“%s” is in no circle", get_node (self, i)->id);
          return FALSE;
        }
    }
  return TRUE;
}

HeddlePlan *
random_graph_compile (const RandomGraph *self, GError **error)
{
  g_autofree char *json = NULL;
  g_autoptr (HeddleGraph) graph = NULL;

  if (!check_circles (self, error))
    return NULL;
  if (is_for_tests (self))
    return build (self, error);
  json = random_graph_to_json (self);
  graph = heddle_graph_new_from_json (json, -1, error);
  return graph != NULL ? heddle_plan_compile (graph, NULL, error) : NULL;
}
