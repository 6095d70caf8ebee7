/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-past-private.h"

#include "value/heddle-json.h"

#include <string.h>

/* What has to run again once something else is different. */

/* A plan on the way to the node: the run's own, then the bodies around it. */
typedef struct
{
  HeddlePlan *plan;
  const HeddleStep *step; /* the node, or the container that it is in */
  gboolean *follows;      /* by step: comes after it */
  int item;               /* of the container, of which alone the node is different; -1: all */
} Level;

typedef struct
{
  GArray *levels; /* of Level */
  const char *node;
  gboolean keep; /* the node itself stays */
} Change;

static void
level_clear (gpointer data)
{
  g_free (((Level *) data)->follows);
}

static gboolean
contains_any (GArray *indices, const gboolean *marked)
{
  for (guint i = 0; i < indices->len; i++)
    {
      if (marked[g_array_index (indices, guint, i)])
        return TRUE;
    }
  return FALSE;
}

static gboolean
follows_any (HeddlePlan *plan, const HeddleStep *step, const gboolean *marked)
{
  for (guint i = 0; i < step->in_edges->len; i++)
    {
      if (marked[heddle_plan_get_edge (plan, g_array_index (step->in_edges, guint, i))->from])
        return TRUE;
    }
  return contains_any (step->reads, marked) || contains_any (step->tools, marked);
}

/* Steps are in order, so one pass sees all that comes after the first. What a body reads, its container reads. */
static gboolean *
mark_following (HeddlePlan *plan, const HeddleStep *first)
{
  guint n_steps = heddle_plan_get_n_steps (plan);
  gboolean *follows = g_new0 (gboolean, n_steps);

  follows[first->index] = TRUE;
  for (guint i = 0; i < n_steps; i++)
    follows[i] |= follows_any (plan, heddle_plan_get_step (plan, i), follows);
  return follows;
}

/* FALSE: the plan has no such node. */
static gboolean
find_levels (HeddlePlan *plan, const char *node, GArray *levels)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (plan); i++)
    {
      const HeddleStep *step = heddle_plan_get_step (plan, i);
      Level level = { .plan = plan, .step = step, .item = -1 };

      if (strcmp (step->id, node) != 0 && (step->body == NULL || !heddle_plan_contains (step->body, node)))
        continue;
      level.follows = mark_following (plan, step);
      g_array_append_val (levels, level);
      return strcmp (step->id, node) == 0 || find_levels (step->body, node, levels);
    }
  return FALSE;
}

/* "map1#3/…": takes the first container and its item from a scope; FALSE: there is none. */
static gboolean
take_part (const char **scope, char **container, guint64 *item)
{
  const char *sign = strchr (*scope, '#');
  char *end;

  if (sign == NULL)
    return FALSE;
  *container = g_strndup (*scope, (gsize) (sign - *scope));
  *item = g_ascii_strtoull (sign + 1, &end, 10);
  *scope = *end == '/' ? end + 1 : end;
  return TRUE;
}

/* Whether a round sees what the one before it gave. Items of a map do not. */
static gboolean
carries (const HeddleStep *step)
{
  return strcmp (step->type->id, "map") != 0;
}

typedef enum
{
  STAYS,
  GOES,
  WITHIN, /* it depends on what is in it */
} Verdict;

/* Of a step of a level that is no step on the way. */
static Verdict
judge_other (const Level *level, const char *id)
{
  const HeddleStep *step = heddle_plan_find_step (level->plan, id);

  return step != NULL && level->follows[step->index] ? GOES : STAYS;
}

static Verdict
judge_item (const Change *change, guint depth, guint64 item)
{
  const Level *level = &g_array_index (change->levels, Level, depth);
  guint64 first = level->item >= 0 ? (guint64) level->item : 0;

  /* The body of the node itself, which is a container. */
  if (depth + 1 == change->levels->len)
    return GOES;
  if (carries (level->step) && item > first)
    return GOES;
  return level->item < 0 || item == first ? WITHIN : STAYS;
}

static gboolean
goes (const Change *change, const HeddlePastEntry *entry)
{
  const char *scope = entry->scope;
  guint64 item;

  for (guint depth = 0; depth < change->levels->len; depth++)
    {
      const Level *level = &g_array_index (change->levels, Level, depth);
      g_autofree char *container = NULL;
      gboolean is_item = take_part (&scope, &container, &item);
      const char *id = is_item ? container : entry->id;
      Verdict verdict;

      if (strcmp (id, level->step->id) != 0)
        return judge_other (level, id) == GOES;
      if (!is_item)
        return !change->keep || depth + 1 < change->levels->len;
      verdict = judge_item (change, depth, item);
      if (verdict != WITHIN)
        return verdict == GOES;
    }
  return FALSE;
}

static void
apply (HeddlePast *self, const Change *change)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      if (goes (change, value))
        heddle_past_entry_forget (value);
    }
}

void
heddle_past_forget (HeddlePast *self, HeddlePlan *plan, const char *node)
{
  g_autoptr (GArray) levels = NULL;
  Change change;

  g_return_if_fail (self != NULL && plan != NULL && node != NULL);

  levels = g_array_new (FALSE, FALSE, sizeof (Level));
  g_array_set_clear_func (levels, level_clear);
  change = (Change){ .levels = levels, .node = node };
  if (find_levels (plan, node, levels))
    apply (self, &change);
}

void
heddle_past_forget_all (HeddlePast *self)
{
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (self != NULL);

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    heddle_past_entry_forget (value);
}

static void
set_items (GArray *levels, const char *scope)
{
  guint64 item;

  for (guint i = 0; i < levels->len; i++)
    {
      g_autofree char *container = NULL;
      Level *level = &g_array_index (levels, Level, i);

      if (!take_part (&scope, &container, &item) || strcmp (container, level->step->id) != 0)
        return;
      level->item = (int) MIN (item, G_MAXINT);
    }
}

/* The ports that were live then; of a node that never ended, its first. */
static JsonNode *
dup_live (const HeddlePastEntry *entry, const HeddleStep *step)
{
  JsonNode *live = heddle_json_member (entry->node.data, "live");
  JsonArray *array;

  if (live != NULL && JSON_NODE_HOLDS_ARRAY (live) && !entry->node.failed)
    return json_node_ref (live);
  array = json_array_new ();
  if (step->out_ports->len > 0)
    json_array_add_string_element (array, g_ptr_array_index (step->out_ports, 0));
  return heddle_json_array (array);
}

static JsonNode *
dup_source (HeddlePast *self)
{
  JsonObject *source = json_object_new ();

  json_object_set_string_member (source, "kind", "run");
  json_object_set_string_member (source, "run", self->run);
  json_object_set_boolean_member (source, "edited", TRUE);
  return heddle_json_object (source);
}

static JsonNode *
make_data (HeddlePast *self, const HeddlePastEntry *entry, const HeddleStep *step, JsonNode *output)
{
  JsonObject *data = json_object_new ();
  JsonObject *result = json_object_new ();
  JsonNode *vars = heddle_json_member (entry->node.data, "vars");

  json_node_seal (output);
  json_object_set_member (result, "output", json_node_ref (output));
  json_object_set_member (data, "result", heddle_json_object (result));
  json_object_set_member (data, "live", dup_live (entry, step));
  if (vars != NULL)
    json_object_set_member (data, "vars", json_node_ref (vars));
  json_object_set_member (data, "source", dup_source (self));
  return heddle_json_object (data);
}

static void
put (HeddlePast *self, HeddlePastEntry *entry, const HeddleStep *step, JsonNode *output)
{
  JsonNode *data = make_data (self, entry, step, output);

  g_clear_pointer (&entry->node.data, json_node_unref);
  g_clear_pointer (&entry->end, heddle_event_unref);
  entry->end = heddle_event_new (HEDDLE_EVENT_NODE_FINISHED, entry->id);
  entry->end->attempt = MAX (entry->node.attempt, 1);
  entry->end->data = json_node_ref (data);
  if (entry->node.order == 0)
    entry->node.order = self->last_seq;
  entry->node.attempt = entry->end->attempt;
  entry->node.data = data;
  entry->node.state = HEDDLE_PAST_FINISHED;
  entry->node.failed = entry->node.retrying = FALSE;
  entry->begun = TRUE;
  g_clear_pointer (&entry->intents, g_array_unref);
}

void
heddle_past_set_output (HeddlePast *self, HeddlePlan *plan, const char *scope, const char *node, JsonNode *output)
{
  g_autoptr (GArray) levels = NULL;
  Change change;

  g_return_if_fail (self != NULL && plan != NULL && node != NULL && output != NULL);

  levels = g_array_new (FALSE, FALSE, sizeof (Level));
  g_array_set_clear_func (levels, level_clear);
  change = (Change){ .levels = levels, .node = node, .keep = TRUE };
  if (!find_levels (plan, node, levels))
    return;
  set_items (levels, scope != NULL ? scope : "");
  apply (self, &change);
  put (self, heddle_past_ensure (self, scope, node), g_array_index (levels, Level, levels->len - 1).step, output);
}
