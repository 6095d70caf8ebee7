/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-harness.h"

#include "heddle-test-nodes.h"
#include "value/heddle-json.h"

#include <stdarg.h>

void
heddle_harness_result_free (HeddleHarnessResult *result)
{
  g_clear_pointer (&result->output, json_node_unref);
  g_clear_error (&result->error);
  g_ptr_array_unref (result->events);
  g_free (result);
}

JsonNode *
heddle_harness_json (const char *text)
{
  GError *error = NULL;
  JsonNode *node = heddle_json_parse (text, -1, &error);

  g_assert_no_error (error);
  return node;
}

static void
collect_cb (HeddleRun *run, GPtrArray *events, gpointer user_data)
{
  GPtrArray *all = user_data;

  for (guint i = 0; i < events->len; i++)
    g_ptr_array_add (all, heddle_event_ref (g_ptr_array_index (events, i)));
}

static gboolean
has_ended (GPtrArray *events)
{
  return events->len > 0 && ((HeddleEvent *) g_ptr_array_index (events, events->len - 1))->kind == HEDDLE_EVENT_RUN_FINISHED;
}

typedef struct
{
  HeddleEventKind kind;
  const char *node; /* NULL: any */
  gboolean came;
} Awaited;

static void
awaited_cb (HeddleRun *run, GPtrArray *events, gpointer user_data)
{
  Awaited *awaited = user_data;

  for (guint i = 0; i < events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (events, i);
      gboolean is_it = event->kind == awaited->kind && (awaited->node == NULL || g_strcmp0 (event->node, awaited->node) == 0);

      awaited->came |= is_it || event->kind == HEDDLE_EVENT_RUN_FINISHED;
    }
}

void
heddle_harness_wait_for (HeddleRun *run, HeddleEventKind kind)
{
  heddle_harness_wait_for_node (run, kind, NULL);
}

void
heddle_harness_wait_for_node (HeddleRun *run, HeddleEventKind kind, const char *node)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  Awaited awaited = { .kind = kind, .node = node };
  guint subscription = heddle_run_subscribe (run, context, 0, awaited_cb, &awaited, NULL);

  while (!awaited.came)
    g_main_context_iteration (context, TRUE);
  heddle_run_unsubscribe (run, subscription);
}

HeddleHarnessResult *
heddle_harness_wait (HeddleRun *run)
{
  HeddleHarnessResult *result = g_new0 (HeddleHarnessResult, 1);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  result->events = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_event_unref);
  heddle_run_subscribe (run, context, 0, collect_cb, result->events, NULL);
  while (!has_ended (result->events))
    g_main_context_iteration (context, TRUE);
  result->state = heddle_run_get_state (run);
  result->output = heddle_run_dup_output (run, &result->error);
  result->duration = ((HeddleEvent *) g_ptr_array_index (result->events, result->events->len - 1))->time -
                     ((HeddleEvent *) g_ptr_array_index (result->events, 0))->time;
  return result;
}

HeddleHarnessResult *
heddle_harness_run_plan (HeddlePlan *plan, const HeddleEngineServices *services, const char *input)
{
  g_autoptr (HeddlePlan) owned = plan;
  g_autoptr (HeddleEngine) engine = heddle_engine_new (services);
  g_autoptr (JsonNode) value = input != NULL ? heddle_harness_json (input) : NULL;
  g_autoptr (HeddleRun) run = heddle_engine_start (engine, plan, value, NULL);

  return heddle_harness_wait (run);
}

HeddlePlan *
heddle_harness_finish (HeddlePlanBuilder *builder)
{
  GError *error = NULL;
  HeddlePlan *plan = heddle_plan_builder_finish (builder, &error);

  g_assert_no_error (error);
  return plan;
}

static void
feed (HeddlePlanBuilder *builder, const char *id, JsonNode *value, const char *port)
{
  GError *error = NULL;

  heddle_test_nodes_add_value (builder, id, value);
  heddle_plan_builder_add_edge (builder, id, NULL, "node", port, &error);
  g_assert_no_error (error);
}

static void
feed_inputs (HeddlePlanBuilder *builder, JsonObject *inputs)
{
  JsonObjectIter iter;
  const char *port;
  JsonNode *value;

  if (inputs == NULL)
    return;
  json_object_iter_init_ordered (&iter, inputs);
  while (json_object_iter_next_ordered (&iter, &port, &value))
    {
      g_autofree char *id = g_strdup_printf ("%s_source", port);

      feed (builder, id, value, port);
    }
}

static void
feed_sources (HeddlePlanBuilder *builder, JsonObject *sources)
{
  JsonObjectIter ports, nodes;
  const char *port, *id;
  JsonNode *members, *value;

  if (sources == NULL)
    return;
  json_object_iter_init_ordered (&ports, sources);
  while (json_object_iter_next_ordered (&ports, &port, &members))
    {
      json_object_iter_init_ordered (&nodes, json_node_get_object (members));
      while (json_object_iter_next_ordered (&nodes, &id, &value))
        feed (builder, id, value, port);
    }
}

HeddlePlan *
heddle_harness_plan_node (const HeddleNodeType *type, JsonNode *spec)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("test", "Test");
  GError *error = NULL;

  heddle_plan_builder_add_step (builder, "node", NULL, type, heddle_json_get_object (spec, "params"), &error);
  g_assert_no_error (error);
  feed_inputs (builder, heddle_json_get_object (spec, "inputs"));
  feed_sources (builder, heddle_json_get_object (spec, "sources"));
  return heddle_harness_finish (builder);
}

static gboolean
matches (const HeddleEvent *event, HeddleEventKind kind, const char *node)
{
  return event->kind == kind && (node == NULL || g_strcmp0 (event->node, node) == 0);
}

const HeddleEvent *
heddle_harness_find (const HeddleHarnessResult *result, HeddleEventKind kind, const char *node)
{
  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      if (matches (event, kind, node))
        return event;
    }
  return NULL;
}

guint
heddle_harness_count (const HeddleHarnessResult *result, HeddleEventKind kind, const char *node)
{
  guint count = 0;

  for (guint i = 0; i < result->events->len; i++)
    count += matches (g_ptr_array_index (result->events, i), kind, node);
  return count;
}

char *
heddle_harness_list (const HeddleHarnessResult *result, ...)
{
  GString *text = g_string_new (NULL);
  guint wanted = 0;
  va_list kinds;

  va_start (kinds, result);
  for (int kind = va_arg (kinds, int); kind >= 0; kind = va_arg (kinds, int))
    wanted |= 1u << kind;
  va_end (kinds);

  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      if (wanted & (1u << event->kind))
        g_string_append_printf (text, "%s%s %s", text->len > 0 ? ", " : "", heddle_event_kind_to_string (event->kind),
                                event->node != NULL ? event->node : "-");
    }
  return g_string_free (text, FALSE);
}

void
heddle_harness_assert_json (JsonNode *value, const char *expected)
{
  g_autoptr (JsonNode) wanted = heddle_harness_json (expected);
  g_autofree char *shown = heddle_json_to_text (value, HEDDLE_JSON_COMPACT);
  g_autofree char *wanted_text = heddle_json_to_text (wanted, HEDDLE_JSON_COMPACT);

  if (!heddle_json_equal (value, wanted))
    g_assert_cmpstr (shown, ==, wanted_text);
}

gboolean
heddle_harness_has_sandbox (void)
{
  const char *const command[] = { "bwrap", "--unshare-all", "--unshare-user", "--ro-bind", "/", "/", "true", NULL };
  int status = -1;

  if (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                    NULL, NULL, NULL, NULL, &status, NULL) &&
      status == 0)
    return TRUE;
  g_test_skip ("this system allows no sandbox for code");
  return FALSE;
}
