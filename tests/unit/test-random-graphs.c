/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Graphs made up by chance are run by the engine and by a simple interpreter that shares no code with it; both have to come to the
 * same end of each node in each scope, to the same values and the same result. HEDDLE_TEST_GRAPHS says how many, and HEDDLE_TEST_SEED
 * with which seed to begin. Values are JSON text here, and an error is "E" wherever it stands.
 */
#include "heddle-harness.h"
#include "random-graph.h"
#include "value/heddle-json.h"

#include <stdlib.h>
#include <string.h>

#define N_GRAPHS 10000

typedef enum
{
  REF_OPEN, /* depends on what comes after a failure that ends the run */
  REF_OK,
  REF_SKIPPED,
  REF_FAILED, /* and nothing took it up */
} RefState;

typedef struct
{
  RefState state;
  char *port; /* that is live; NULL: none */
  char *value;
  GHashTable *sent; /* of a circle: way out → value; or NULL */
} RefNode;

/* What has to be seen of a node in a scope. */
typedef struct
{
  char *key; /* "scope node" */
  char *expected;
  gboolean may_be_missing; /* what had not begun by the time of a failure never does */
} Check;

/* A scope under way: the graph's own, or one body. */
typedef struct
{
  const RandomGraph *graph;
  GHashTable *seen; /* "scope node" → "finished value", "was skipped" …, from the events */
  GArray *checks;   /* of Check; those of bodies come before those of the level around them */
  const char *path; /* "" is the run's own */
  int parent;
  int round;         /* of the innermost loop or map */
  const char *start; /* what the container's start gives */
  RefNode *nodes;    /* by index in the graph; only those of this level are used */
} RefScope;

static const RandomNode *
get_node (const RandomGraph *graph, guint index)
{
  return &g_array_index (graph->nodes, RandomNode, index);
}

static gboolean
is_of_level (const RefScope *self, guint index)
{
  return get_node (self->graph, index)->parent == self->parent;
}

static guint
find_first (const RandomGraph *graph, guint circle)
{
  guint index = circle + 1;

  while (get_node (graph, index)->parent != (int) circle)
    index++;
  return index;
}

/* As scopes are called. */
static char *
dup_scope_name (const RandomGraph *graph, guint index)
{
  const RandomNode *node = get_node (graph, index);

  return node->kind == RANDOM_CIRCLE ? g_strconcat ("@", get_node (graph, find_first (graph, index))->id, NULL) : g_strdup (node->id);
}

/* The state of one edge of this level, and the value it carries when it is live. */
static RefState
follow_edge (const RefScope *self, const RandomEdge *edge, const char **value)
{
  const RefNode *from;

  if (self->parent >= 0 && edge->from == (guint) self->parent)
    {
      *value = self->start;
      return REF_OK;
    }
  from = &self->nodes[edge->from];
  if (from->state == REF_OPEN || from->state == REF_FAILED)
    return REF_OPEN;
  *value = from->sent != NULL ? g_hash_table_lookup (from->sent, edge->from_port) : from->value;
  if (from->state != REF_OK || (from->sent == NULL && g_strcmp0 (from->port, edge->from_port) != 0))
    return REF_SKIPPED;
  return *value != NULL ? REF_OK : REF_SKIPPED;
}

typedef struct
{
  guint n_edges, n_live, n_dead, n_open;
  GPtrArray *sources; /* of live edges: ids */
  GPtrArray *values;
} Arrivals;

static void
arrivals_clear (Arrivals *self)
{
  g_ptr_array_unref (self->sources);
  g_ptr_array_unref (self->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arrivals, arrivals_clear)

/* Edges of another level lead to a container's inner port of the same name only by mistake, so both ends are looked at. */
static gboolean
leads_to (const RefScope *self, const RandomEdge *edge, guint to, const char *port)
{
  gboolean from_here = is_of_level (self, edge->from) || (self->parent >= 0 && edge->from == (guint) self->parent && is_of_level (self, edge->to));

  return edge->to == to && g_str_equal (edge->to_port, port) && from_here;
}

/* What leaves a circle comes from the node in it. */
static const char *
get_source (const RandomGraph *graph, const RandomEdge *edge)
{
  const RandomNode *from = get_node (graph, edge->from);
  g_autofree char *id = g_strndup (edge->from_port, strcspn (edge->from_port, "."));

  return from->kind == RANDOM_CIRCLE ? g_intern_string (id) : from->id;
}

static void
gather (const RefScope *self, guint to, const char *port, Arrivals *arrivals)
{
  arrivals->sources = g_ptr_array_new ();
  arrivals->values = g_ptr_array_new ();
  for (guint i = 0; i < self->graph->edges->len; i++)
    {
      const RandomEdge *edge = &g_array_index (self->graph->edges, RandomEdge, i);
      const char *value = NULL;
      RefState state;

      if (!leads_to (self, edge, to, port))
        continue;
      state = follow_edge (self, edge, &value);
      arrivals->n_edges++;
      arrivals->n_live += state == REF_OK;
      arrivals->n_dead += state == REF_SKIPPED;
      arrivals->n_open += state == REF_OPEN;
      if (state == REF_OK)
        {
          g_ptr_array_add (arrivals->sources, (gpointer) get_source (self->graph, edge));
          g_ptr_array_add (arrivals->values, (gpointer) value);
        }
    }
}

static RefState
join (guint mode, const Arrivals *arrivals)
{
  switch (mode)
    {
    case HEDDLE_JOIN_ALL:
      if (arrivals->n_dead > 0)
        return REF_SKIPPED;
      return arrivals->n_open > 0 ? REF_OPEN : REF_OK;
    case HEDDLE_JOIN_ALWAYS:
      return arrivals->n_open > 0 ? REF_OPEN : REF_OK;
    case HEDDLE_JOIN_FIRST:
    case HEDDLE_JOIN_ANY:
    default:
      if (arrivals->n_open > 0)
        return REF_OPEN;
      return arrivals->n_live > 0 ? REF_OK : REF_SKIPPED;
    }
}

static char *
make_object (const Arrivals *arrivals, guint first, guint n)
{
  GString *text = g_string_new ("{");

  for (guint i = first; i < first + n; i++)
    g_string_append_printf (text, "%s\"%s\":%s", i > first ? "," : "", (char *) arrivals->sources->pdata[i], (char *) arrivals->values->pdata[i]);
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

/* One value is itself, several are an object in the order of the edges. */
static char *
merge (const Arrivals *arrivals)
{
  if (arrivals->n_live == 0)
    return g_strdup ("null");
  if (arrivals->n_live == 1)
    return g_strdup (arrivals->values->pdata[0]);
  return make_object (arrivals, 0, arrivals->n_live);
}

static char *
dup_key (const RefScope *self, const char *id)
{
  return g_strdup_printf ("%s %s", self->path, id);
}

/* Which of the live edges came first is for the engine to say, as long as it is one of them. */
static char *
choose_first (const RefScope *self, const RandomNode *node, const Arrivals *arrivals)
{
  g_autofree char *key = dup_key (self, node->id);
  const char *seen = g_hash_table_lookup (self->seen, key);
  char *value = NULL;

  for (guint i = 0; i < arrivals->n_live; i++)
    {
      g_free (value);
      value = node->mode == 1 ? make_object (arrivals, i, 1) : g_strdup (arrivals->values->pdata[i]);
      if (seen != NULL && g_str_has_prefix (seen, "finished ") && g_str_equal (seen + strlen ("finished "), value))
        break;
    }
  return value;
}

static char *
merge_as_told (const RefScope *self, const RandomNode *node, const Arrivals *arrivals)
{
  if (node->choice == HEDDLE_JOIN_FIRST)
    return choose_first (self, node, arrivals);
  return node->mode == 1 ? make_object (arrivals, 0, arrivals->n_live) : merge (arrivals);
}

static void
succeed (RefNode *state, const char *port, char *value)
{
  state->state = REF_OK;
  state->port = g_strdup (port);
  state->value = value;
}

static gboolean
has_error_edge (const RandomGraph *graph, guint index)
{
  g_autofree char *way_out = g_strconcat (get_node (graph, index)->id, ".error", NULL);

  for (guint i = 0; i < graph->edges->len; i++)
    {
      const RandomEdge *edge = &g_array_index (graph->edges, RandomEdge, i);

      if ((edge->from == index && g_str_equal (edge->from_port, "error")) || g_str_equal (edge->from_port, way_out))
        return TRUE;
    }
  return FALSE;
}

/* What its policy makes of a failure. */
static void
fail (RefScope *self, guint index, RefNode *state)
{
  const RandomNode *node = get_node (self->graph, index);

  if (node->on_error == HEDDLE_ON_ERROR_CONTINUE)
    succeed (state, "out", g_strdup ("{\"error\":\"E\"}"));
  else if (node->on_error == HEDDLE_ON_ERROR_DEFAULT)
    succeed (state, "out", g_strdup_printf ("\"instead of %s\"", node->id));
  else if (node->on_error == HEDDLE_ON_ERROR_ROUTE && has_error_edge (self->graph, index))
    succeed (state, "error", g_strdup ("\"E\""));
  else
    state->state = REF_FAILED;
}

/* What came of one body: REF_OK with a value (NULL when nothing reached the end), or a failure. */
typedef struct
{
  RefState state;
  char *value;
  gboolean breaks;
} BodyEnd;

static void run_level (RefScope *self);

static gboolean
has_failed (const RefScope *self)
{
  for (guint i = 0; i < self->graph->nodes->len; i++)
    {
      if (is_of_level (self, i) && self->nodes[i].state == REF_FAILED)
        return TRUE;
    }
  return FALSE;
}

static void
free_nodes (RefNode *nodes, guint n_nodes)
{
  for (guint i = 0; i < n_nodes; i++)
    {
      g_free (nodes[i].port);
      g_free (nodes[i].value);
      g_clear_pointer (&nodes[i].sent, g_hash_table_unref);
    }
  g_free (nodes);
}

static BodyEnd
run_body (RefScope *outer, guint container, int round, const char *start)
{
  static const char *const ends[][2] = { [RANDOM_MAP] = { "result" }, [RANDOM_LOOP] = { "next", "break" }, [RANDOM_SUBFLOW] = { "end" } };
  const RandomNode *node = get_node (outer->graph, container);
  g_autofree char *path = g_strdup_printf ("%s%s%s#%d", outer->path, *outer->path != '\0' ? "/" : "", node->id, round);
  RefScope self = { outer->graph, outer->seen, outer->checks, path, (int) container, node->kind == RANDOM_SUBFLOW ? outer->round : round, start, NULL };
  BodyEnd end = { REF_OK, NULL, FALSE };

  self.nodes = g_new0 (RefNode, outer->graph->nodes->len);
  run_level (&self);
  if (has_failed (&self))
    end.state = REF_FAILED;
  for (guint i = 0; i < 2 && end.state == REF_OK && ends[node->kind][i] != NULL; i++)
    {
      g_auto (Arrivals) arrivals = { 0 };

      gather (&self, container, ends[node->kind][i], &arrivals);
      if (arrivals.n_live == 0)
        continue;
      g_free (end.value);
      end.value = merge (&arrivals);
      end.breaks = i == 1;
    }
  free_nodes (self.nodes, outer->graph->nodes->len);
  return end;
}

/* A failure may stop what is under way: all that was put down since first. */
static void
loosen (RefScope *self, guint first)
{
  for (guint i = first; i < self->checks->len; i++)
    g_array_index (self->checks, Check, i).may_be_missing = TRUE;
}

static void
run_map (RefScope *self, guint index, RefNode *state)
{
  static const char *const items[] = { "\"p\"", "\"q\"", "\"r\"" };
  const RandomNode *node = get_node (self->graph, index);
  g_autoptr (GString) list = g_string_new ("[");
  guint first = self->checks->len;
  guint n_failed = 0;

  for (guint i = 0; i < node->choice; i++)
    {
      BodyEnd end = run_body (self, index, (int) i, items[i]);
      g_autofree char *value = end.value;

      n_failed += end.state == REF_FAILED;
      if (end.state == REF_FAILED && node->mode == 2)
        continue;
      g_string_append_printf (list, "%s%s", list->len > 1 ? "," : "", end.state == REF_FAILED ? "{\"error\":\"E\"}" : value != NULL ? value
                                                                                                                                    : "null");
    }
  g_string_append_c (list, ']');
  if ((node->mode == 0 && n_failed > 0) || (node->mode == 3 && n_failed > 1))
    {
      loosen (self, first);
      fail (self, index, state);
      return;
    }
  succeed (state, "out", g_strdup (list->str));
}

static void
run_loop (RefScope *self, guint index, RefNode *state)
{
  const RandomNode *node = get_node (self->graph, index);
  g_autoptr (GString) list = g_string_new ("[");
  g_autofree char *last = g_strdup ("\"i\"");
  gboolean breaks = FALSE;

  for (guint i = 0; i < node->choice && !breaks; i++)
    {
      BodyEnd end = run_body (self, index, (int) i, last);

      if (end.state == REF_FAILED)
        {
          g_free (end.value);
          fail (self, index, state);
          return;
        }
      g_string_append_printf (list, "%s%s", i > 0 ? "," : "", end.value != NULL ? end.value : "null");
      breaks = end.breaks;
      if (end.value != NULL)
        {
          g_free (last);
          last = end.value;
        }
    }
  g_string_append_c (list, ']');
  succeed (state, "out", node->mode == 0 ? g_steal_pointer (&last) : g_strdup (list->str));
}

static void
run_subflow (RefScope *self, guint index, const char *input, RefNode *state)
{
  BodyEnd end = run_body (self, index, 0, input);

  if (end.state == REF_FAILED)
    fail (self, index, state);
  else
    succeed (state, "out", end.value != NULL ? g_strdup (end.value) : g_strdup ("null"));
  g_free (end.value);
}

/* What a way out of a circle gives in this round, or (is_partial) what the node before it has given in whatever way; NULL: nothing. */
static const char *
find_sent (const RefScope *round, const char *way, gboolean is_partial)
{
  const char *port = strchr (way, '.') + 1;

  for (guint i = 0; i < round->graph->nodes->len; i++)
    {
      const RefNode *node = &round->nodes[i];
      const char *id = get_node (round->graph, i)->id;

      if (!g_str_has_prefix (way, id) || way[strlen (id)] != '.' || node->state != REF_OK)
        continue;
      if (is_partial ? g_strcmp0 (node->port, "error") != 0 && !g_str_equal (port, "error") : g_strcmp0 (node->port, port) == 0)
        return node->value;
    }
  return NULL;
}

static void
collect_sent (const RefScope *round, RefNode *state, gboolean is_partial)
{
  for (guint i = 0; i < round->graph->edges->len; i++)
    {
      const RandomEdge *edge = &g_array_index (round->graph->edges, RandomEdge, i);
      const char *value = NULL;

      if (edge->from == (guint) round->parent && strchr (edge->from_port, '.') != NULL)
        value = find_sent (round, edge->from_port, is_partial);
      if (value != NULL)
        g_hash_table_insert (state->sent, g_strdup (edge->from_port), g_strdup (value));
    }
}

/* Whether there is another round: last is what went around, or NULL. */
static gboolean
end_round (RefScope *round, RefNode *state, guint max_rounds, char **last)
{
  g_auto (Arrivals) around = { 0 };

  gather (round, (guint) round->parent, "around", &around);
  if (has_failed (round))
    {
      state->state = REF_FAILED;
      return FALSE;
    }
  g_clear_pointer (last, g_free);
  *last = around.n_live > 0 ? merge (&around) : NULL;
  if (around.n_live > 0 && (guint) round->round + 1 < max_rounds)
    return TRUE;
  state->state = REF_OK;
  state->sent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  collect_sent (round, state, FALSE);
  if (around.n_live > 0 && g_hash_table_size (state->sent) == 0)
    collect_sent (round, state, TRUE);
  return FALSE;
}

/* The rounds of a circle, of which the last one is left. */
static void
run_circle (RefScope *self, guint index, const char *input, RefNode *state)
{
  g_autofree char *name = dup_scope_name (self->graph, index);
  g_autofree char *last = g_strdup (input);
  gboolean goes_on = TRUE;

  for (int i = 0; goes_on; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s%s%s#%d", self->path, *self->path != '\0' ? "/" : "", name, i);
      g_autofree char *start = g_strdup (last);
      RefScope round = { self->graph, self->seen, self->checks, path, (int) index, i, start, NULL };

      round.nodes = g_new0 (RefNode, self->graph->nodes->len);
      run_level (&round);
      goes_on = end_round (&round, state, get_node (self->graph, index)->choice, &last);
      free_nodes (round.nodes, self->graph->nodes->len);
    }
}

static void
run_node (RefScope *self, guint index, const Arrivals *arrivals, RefNode *state)
{
  static const char *const branches[] = { "false", "true" };
  static const char *const cases[] = { "a", "b", "default" };
  const RandomNode *node = get_node (self->graph, index);
  g_autofree char *input = merge (arrivals);

  switch (node->kind)
    {
    case RANDOM_IF:
      succeed (state, branches[node->choice == 2 ? self->round % 2 == 0 : node->choice], g_steal_pointer (&input));
      break;
    case RANDOM_SWITCH:
      succeed (state, cases[node->choice], g_steal_pointer (&input));
      break;
    case RANDOM_MERGE:
      succeed (state, "out", merge_as_told (self, node, arrivals));
      break;
    case RANDOM_BAD:
      if (node->choice == 0 || self->round == 1)
        fail (self, index, state);
      else
        succeed (state, "out", g_strdup_printf ("\"%s\"", node->id));
      break;
    case RANDOM_FLAKY:
      if (node->choice >= node->max_attempts)
        fail (self, index, state);
      else
        succeed (state, "out", g_strdup ("\"done\""));
      break;
    case RANDOM_MAP:
      run_map (self, index, state);
      break;
    case RANDOM_LOOP:
      run_loop (self, index, state);
      break;
    case RANDOM_SUBFLOW:
      run_subflow (self, index, input, state);
      break;
    case RANDOM_CIRCLE:
      run_circle (self, index, input, state);
      break;
    case RANDOM_TEXT:
      succeed (state, "out", g_strdup_printf ("\"%s\"", node->id));
      break;
    case RANDOM_WAIT:
      succeed (state, "out", g_strdup ("null"));
      break;
    case RANDOM_CONTEXT:
    case RANDOM_OUTPUT:
    default:
      succeed (state, "out", g_steal_pointer (&input));
      break;
    }
}

static const char *
get_default_port (RandomKind kind)
{
  return kind == RANDOM_IF ? "true" : kind == RANDOM_SWITCH ? "default"
                                                            : "out";
}

/* What comes in; which of several that is depends on how the node waits for them. */
static char *
hand_on (const RefScope *self, const RandomNode *node, const Arrivals *in)
{
  RandomNode plain = *node;

  plain.mode = 0;
  if (in->n_edges == 0 && self->parent >= 0)
    return g_strdup (self->start);
  return node->kind == RANDOM_MERGE && node->choice == HEDDLE_JOIN_FIRST && in->n_live > 0 ? choose_first (self, &plain, in) : merge (in);
}

static void
evaluate (RefScope *self, guint index, RefNode *state)
{
  const RandomNode *node = get_node (self->graph, index);
  g_auto (Arrivals) in = { 0 };
  g_auto (Arrivals) context = { 0 };
  RefState arrived, extra;

  gather (self, index, "in", &in);
  gather (self, index, "context", &context);
  arrived = in.n_edges == 0 ? REF_OK : join (node->kind == RANDOM_MERGE ? node->choice : HEDDLE_JOIN_ANY, &in);
  extra = context.n_edges == 0 ? REF_OK : join (HEDDLE_JOIN_ANY, &context);
  if (arrived == REF_SKIPPED)
    state->state = REF_SKIPPED;
  else if (arrived == REF_OPEN || extra == REF_OPEN)
    state->state = REF_OPEN;
  else if (in.n_edges == 0 && context.n_edges > 0 && extra == REF_SKIPPED)
    state->state = REF_SKIPPED;
  else if (node->takes_part == HEDDLE_NODE_OFF)
    state->state = REF_SKIPPED;
  else if (node->takes_part == HEDDLE_NODE_BYPASS)
    succeed (state, get_default_port (node->kind), hand_on (self, node, &in));
  else
    run_node (self, index, &in, state);
}

/* What is waited for in whatever way goes on after a failure, with what there is by then: that depends on the order of things. */
static gboolean *
find_rescued (const RefScope *self)
{
  gboolean *rescued = g_new0 (gboolean, self->graph->nodes->len);

  for (guint i = 0; i < self->graph->nodes->len; i++)
    {
      const RandomNode *node = get_node (self->graph, i);

      rescued[i] = is_of_level (self, i) && (rescued[i] || (node->kind == RANDOM_MERGE && node->choice == HEDDLE_JOIN_ALWAYS));
      for (guint n = 0; rescued[i] && n < self->graph->edges->len; n++)
        {
          const RandomEdge *edge = &g_array_index (self->graph->edges, RandomEdge, n);

          if (edge->from == i)
            rescued[edge->to] = TRUE;
        }
    }
  return rescued;
}

/* Nothing is expected of such a node and what is in it. */
static void
expect_nothing (RefScope *self, guint first, guint index)
{
  g_autofree char *name = dup_scope_name (self->graph, index);
  g_autofree char *key = dup_key (self, name);
  g_autofree char *body = g_strdup_printf ("%s%s%s#", self->path, *self->path != '\0' ? "/" : "", name);

  for (guint i = first; i < self->checks->len; i++)
    {
      Check *check = &g_array_index (self->checks, Check, i);

      if (g_str_equal (check->key, key) || g_str_has_prefix (check->key, body))
        g_clear_pointer (&check->expected, g_free);
    }
}

/* Once a level fails, its other nodes may be stopped, or never begin. */
static void
loosen_level (RefScope *self, guint first)
{
  g_autofree gboolean *rescued = find_rescued (self);

  loosen (self, first);
  for (guint i = 0; i < self->graph->nodes->len; i++)
    {
      if (rescued[i] && is_of_level (self, i))
        expect_nothing (self, first, i);
    }
}

static void
clear_check (gpointer data)
{
  Check *check = data;

  g_free (check->key);
  g_free (check->expected);
}

static void
put_down (RefScope *self, guint index)
{
  const RandomNode *node = get_node (self->graph, index);
  const RefNode *state = &self->nodes[index];
  Check check = { dup_key (self, node->id), NULL, FALSE };

  /* It is seen by what is in it and after it. */
  if (node->kind == RANDOM_CIRCLE)
    {
      clear_check (&check);
      return;
    }
  if (state->state == REF_OK)
    check.expected = g_strdup_printf ("finished %s", state->value);
  else if (state->state != REF_OPEN)
    check.expected = g_strdup (state->state == REF_SKIPPED ? "was skipped" : "failed");
  g_array_append_val (self->checks, check);
}

static void
run_level (RefScope *self)
{
  guint first = self->checks->len;

  for (guint i = 0; i < self->graph->nodes->len; i++)
    {
      if (is_of_level (self, i))
        evaluate (self, i, &self->nodes[i]);
    }
  for (guint i = 0; i < self->graph->nodes->len; i++)
    {
      if (is_of_level (self, i))
        put_down (self, i);
    }
  if (has_failed (self))
    loosen_level (self, first);
}

static void
compare_checks (GArray *checks, GHashTable *seen, GString *trouble)
{
  for (guint i = 0; i < checks->len; i++)
    {
      const Check *check = &g_array_index (checks, Check, i);
      const char *got = g_hash_table_lookup (seen, check->key);
      gboolean missing = got == NULL || g_str_equal (got, "was skipped") || g_str_equal (got, "was stopped");

      if (check->expected == NULL || (check->may_be_missing && missing) || g_strcmp0 (got, check->expected) == 0)
        continue;
      g_string_append_printf (trouble, "“%s”: the interpreter says it %s, the engine that it %s\n", check->key, check->expected, got != NULL ? got : "never ended");
    }
}

/* As text, with "E" in place of each error record. */
static void
append_value (GString *text, JsonNode *value)
{
  g_autofree char *plain = NULL;
  const char *separator = "";

  if (JSON_NODE_HOLDS_OBJECT (value) && heddle_json_member (value, "class") != NULL)
    {
      g_string_append (text, "\"E\"");
    }
  else if (JSON_NODE_HOLDS_OBJECT (value))
    {
      JsonObjectIter iter;
      const char *name;
      JsonNode *member;

      g_string_append_c (text, '{');
      json_object_iter_init_ordered (&iter, json_node_get_object (value));
      while (json_object_iter_next_ordered (&iter, &name, &member))
        {
          g_string_append_printf (text, "%s\"%s\":", separator, name);
          append_value (text, member);
          separator = ",";
        }
      g_string_append_c (text, '}');
    }
  else if (JSON_NODE_HOLDS_ARRAY (value))
    {
      g_string_append_c (text, '[');
      for (guint i = 0; i < json_array_get_length (json_node_get_array (value)); i++)
        {
          g_string_append (text, i > 0 ? "," : "");
          append_value (text, json_array_get_element (json_node_get_array (value), i));
        }
      g_string_append_c (text, ']');
    }
  else
    {
      plain = heddle_json_to_text (value, HEDDLE_JSON_COMPACT);
      g_string_append (text, plain);
    }
}

static char *
describe_end (const HeddleEvent *event)
{
  g_autoptr (GString) text = g_string_new ("finished ");
  JsonNode *live = heddle_json_member (event->data, "live");
  JsonNode *result = heddle_json_member (event->data, "result");
  const char *member = "output";

  if (event->kind == HEDDLE_EVENT_NODE_SKIPPED)
    return g_strdup ("was skipped");
  if (event->kind == HEDDLE_EVENT_NODE_CANCELLED)
    return g_strdup ("was stopped");
  if (result == NULL)
    return g_strdup ("failed");
  if (json_array_get_length (json_node_get_array (live)) > 0 && g_str_equal (json_array_get_string_element (json_node_get_array (live), 0), "error"))
    member = "error";
  append_value (text, heddle_json_member (result, member));
  return g_strdup (text->str);
}

/* How each node ended in each scope, which it does once. */
static GHashTable *
read_ends (const HeddleHarnessResult *result, GString *trouble)
{
  GHashTable *seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);
      g_autofree char *key = g_strdup_printf ("%s %s", event->scope != NULL ? event->scope : "", event->node);

      if (event->kind != HEDDLE_EVENT_NODE_FINISHED && event->kind != HEDDLE_EVENT_NODE_FAILED && event->kind != HEDDLE_EVENT_NODE_SKIPPED &&
          event->kind != HEDDLE_EVENT_NODE_CANCELLED)
        continue;
      if (g_hash_table_contains (seen, key))
        g_string_append_printf (trouble, "“%s” ended twice\n", key);
      g_hash_table_insert (seen, g_steal_pointer (&key), describe_end (event));
    }
  return seen;
}

static void
compare_results (const RefScope *ref, const HeddleHarnessResult *result, GString *trouble)
{
  const RefNode *end = &ref->nodes[ref->graph->nodes->len - 1];
  g_autoptr (GString) output = g_string_new (NULL);
  const char *expected = end->state == REF_OK ? end->value : "null";

  if (has_failed (ref) != (result->state == HEDDLE_RUN_FAILED))
    g_string_append_printf (trouble, "the run should have %s\n", has_failed (ref) ? "failed" : "ended well");
  if (has_failed (ref) || result->output == NULL)
    return;
  append_value (output, result->output);
  if (!g_str_equal (output->str, expected))
    g_string_append_printf (trouble, "the run should have given %s, not %s\n", expected, output->str);
}

/* What differs; "" when nothing does. Transfer full. */
static char *
try_graph (HeddleEngine *engine, const RandomGraph *graph)
{
  g_autoptr (GString) trouble = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddlePlan) plan = random_graph_compile (graph, &error);
  g_autoptr (HeddleRun) run = NULL;
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GHashTable) seen = NULL;
  g_autoptr (GArray) checks = g_array_new (FALSE, FALSE, sizeof (Check));
  RefScope ref = { graph, NULL, checks, "", -1, 0, NULL, NULL };

  if (plan == NULL)
    return g_strdup_printf ("it does not compile: %s\n", error->message);
  g_array_set_clear_func (checks, clear_check);
  run = heddle_engine_start (engine, plan, NULL, NULL);
  result = heddle_harness_wait (run);
  seen = ref.seen = read_ends (result, trouble);
  ref.nodes = g_new0 (RefNode, graph->nodes->len);
  run_level (&ref);
  compare_checks (checks, seen, trouble);
  compare_results (&ref, result, trouble);
  free_nodes (ref.nodes, graph->nodes->len);
  return g_strdup (trouble->str);
}

static gboolean
differs (HeddleEngine *engine, const RandomGraph *graph)
{
  g_autofree char *trouble = try_graph (engine, graph);

  return *trouble != '\0' && !g_str_has_prefix (trouble, "it does not compile");
}

/* Leaves out of a graph that differs what it does not take to differ. */
static RandomGraph *
shrink (HeddleEngine *engine, RandomGraph *graph)
{
  gboolean smaller = TRUE;

  while (smaller)
    {
      guint n_parts = graph->nodes->len - 1 + graph->edges->len;

      smaller = FALSE;
      for (guint i = 0; i < n_parts && !smaller; i++)
        {
          RandomGraph *less = i < graph->edges->len ? random_graph_copy_without (graph, -1, (int) i) : random_graph_copy_without (graph, (int) (i - graph->edges->len), -1);

          smaller = differs (engine, less);
          random_graph_free (smaller ? graph : less);
          graph = smaller ? less : graph;
        }
    }
  return graph;
}

static void
report (HeddleEngine *engine, RandomGraph *graph, guint32 seed)
{
  g_autoptr (RandomGraph) small = shrink (engine, graph);
  g_autofree char *json = random_graph_to_json (small);
  g_autofree char *trouble = try_graph (engine, small);

  g_test_message ("seed %u, made smaller:\n%s\n%s", seed, json, trouble);
  g_test_fail ();
}

static guint
read_number (const char *name, guint fallback)
{
  const char *text = g_getenv (name);

  return text != NULL ? (guint) strtoul (text, NULL, 10) : fallback;
}

static void
test_graphs (gconstpointer data)
{
  RandomShape shape = GPOINTER_TO_INT (data);
  HeddleEngineServices services = { .retry_base_ms = 1 };
  g_autoptr (HeddleEngine) engine = heddle_engine_new (&services);
  guint n_graphs = read_number ("HEDDLE_TEST_GRAPHS", N_GRAPHS) / 2;
  guint32 first = read_number ("HEDDLE_TEST_SEED", 1);

  for (guint i = 0; i < n_graphs && !g_test_failed (); i++)
    {
      RandomGraph *graph = random_graph_new (first + i, shape);
      g_autofree char *trouble = try_graph (engine, graph);

      if (*trouble != '\0')
        report (engine, graph, first + i);
      else
        random_graph_free (graph);
    }
  g_test_message ("%u graphs from seed %u", n_graphs, first);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/random-graphs/flat", GINT_TO_POINTER (RANDOM_FLAT), test_graphs);
  g_test_add_data_func ("/random-graphs/nested", GINT_TO_POINTER (RANDOM_NESTED), test_graphs);
  return g_test_run ();
}
