/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-test-nodes.h"

#include "heddle-error.h"
#include "heddle-harness.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"

#include <string.h>

typedef struct
{
  JsonNode *value;
} ValueParams;

typedef struct
{
  gint64 failures;
  char *error_class;
  gint64 retry_after;
} FlakyParams;

typedef struct
{
  char *text;
} StreamParams;

typedef struct
{
  gint64 together;
} WorkParams;

/* How many threads are inside work_thread. */
static int n_working;

static const HeddlePortSpec any_inputs[] = {
  { "in", "In", HEDDLE_VALUE_ANY },
  { "context", "Context", HEDDLE_VALUE_ANY, HEDDLE_PORT_OPTIONAL },
  { NULL },
};

static const HeddlePortSpec all_inputs[] = {
  { "in", "In", HEDDLE_VALUE_ANY, HEDDLE_PORT_REQUIRED, HEDDLE_JOIN_ALL },
  { NULL },
};

static const HeddlePortSpec first_inputs[] = {
  { "in", "In", HEDDLE_VALUE_ANY, HEDDLE_PORT_REQUIRED, HEDDLE_JOIN_FIRST },
  { NULL },
};

static const HeddlePortSpec always_inputs[] = {
  { "in", "In", HEDDLE_VALUE_ANY, HEDDLE_PORT_REQUIRED, HEDDLE_JOIN_ALWAYS },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", "Out", HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleParamSpec value_params[] = {
  HEDDLE_JSON (ValueParams, value, "Value"),
  { NULL },
};

static const HeddleParamSpec flaky_params[] = {
  HEDDLE_INT (FlakyParams, failures, "Failures", .def.i = 1),
  HEDDLE_STRING (FlakyParams, error_class, "Class", .def.s = "network"),
  HEDDLE_INT (FlakyParams, retry_after, "Retry after", .def.i = -1),
  { NULL },
};

static const HeddleParamSpec stream_params[] = {
  HEDDLE_STRING (StreamParams, text, "Text", .def.s = "partial"),
  { NULL },
};

static const HeddleParamSpec work_params[] = {
  HEDDLE_INT (WorkParams, together, "Together", .def.i = 1),
  { NULL },
};

static void
run_value (HeddleNodeRun *run, gconstpointer data)
{
  const ValueParams *p = data;

  heddle_node_run_complete (run, p->value != NULL ? json_node_ref (p->value) : heddle_json_null ());
}

static void
run_echo (HeddleNodeRun *run, gconstpointer data)
{
  JsonNode *input = heddle_node_run_get_input (run, "in");

  heddle_node_run_complete (run, input != NULL ? json_node_ref (input) : heddle_json_null ());
}

static void
run_flaky (HeddleNodeRun *run, gconstpointer data)
{
  const FlakyParams *p = data;
  GError *error;

  if (heddle_node_run_get_attempt (run) > p->failures)
    {
      heddle_node_run_complete (run, heddle_json_string ("done"));
      return;
    }
  heddle_node_run_delta (run, "half");
  error = g_error_new_literal (HEDDLE_ERROR, heddle_error_code_from_class (p->error_class), "It did not work.");
  heddle_error_detail (error)->retry_after = p->retry_after;
  heddle_node_run_fail (run, error);
}

static gboolean
late_cb (GCancellable *cancellable, gpointer data)
{
  HeddleNodeRun *run = data;

  heddle_node_run_delta (run, "late");
  heddle_node_run_complete (run, heddle_json_string ("late"));
  return G_SOURCE_REMOVE;
}

static void
run_stream (HeddleNodeRun *run, gconstpointer data)
{
  const StreamParams *p = data;
  JsonObject *attributes = json_object_new ();
  g_autoptr (GSource) source = g_cancellable_source_new (heddle_node_run_get_cancellable (run));

  json_object_set_member (attributes, "usage", heddle_harness_json ("{\"input_tokens\":3,\"output_tokens\":1,\"estimated\":true}"));
  heddle_node_run_begin_span (run, "model", "chat test", 0, heddle_json_object (attributes));
  heddle_node_run_delta (run, p->text);
  g_source_set_callback (source, G_SOURCE_FUNC (late_cb), heddle_node_run_ref (run), (GDestroyNotify) heddle_node_run_unref);
  g_source_attach (source, heddle_node_run_get_context (run));
}

/* Of nodes that hold, of whichever engine runs. */
static GPtrArray *
held_runs (void)
{
  static GPtrArray *runs;

  if (runs == NULL)
    runs = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_node_run_unref);
  return runs;
}

static void
run_hold (HeddleNodeRun *run, gconstpointer data)
{
  g_ptr_array_add (held_runs (), heddle_node_run_ref (run));
}

static gboolean
release_cb (gpointer data)
{
  GPtrArray *runs = held_runs ();

  for (guint i = 0; i < runs->len; i++)
    heddle_node_run_complete (g_ptr_array_index (runs, i), heddle_json_string ("held"));
  g_ptr_array_set_size (runs, 0);
  return G_SOURCE_REMOVE;
}

/* Ends before those it releases, however they are scheduled. */
static void
run_release (HeddleNodeRun *run, gconstpointer data)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, release_cb, NULL, NULL);
  g_source_attach (source, heddle_node_run_get_context (run));
  run_echo (run, data);
}

/* Waits until enough others work at the same time; gives up after 20 seconds. */
static gpointer
work_thread (gpointer data, GCancellable *cancellable, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  int wanted = GPOINTER_TO_INT (data);
  gboolean met;

  g_atomic_int_inc (&n_working);
  while (g_atomic_int_get (&n_working) < wanted && g_get_monotonic_time () < deadline && !g_cancellable_is_cancelled (cancellable))
    g_usleep (500);
  met = g_atomic_int_get (&n_working) >= wanted;
  return g_strdup (met ? "together" : "alone");
}

static void
work_done (HeddleNodeRun *run, gpointer result, GError *error, gpointer data)
{
  g_autofree char *text = result;

  if (error != NULL)
    heddle_node_run_fail (run, g_error_copy (error));
  else
    heddle_node_run_complete (run, heddle_json_string (text));
}

static void
run_work (HeddleNodeRun *run, gconstpointer data)
{
  const WorkParams *p = data;

  heddle_node_run_in_thread (run, work_thread, GINT_TO_POINTER ((int) p->together), NULL, work_done);
}

#define TEST_NODE(symbol, name, ...)                                                                                                                                                              \
  const HeddleNodeType heddle_test_node_##symbol = {                                                                                                                                              \
    .id = name, .version = 1, .title = name, .summary = "Is for tests.", .icon_name = "heddle-set-symbolic", .category = HEDDLE_CATEGORY_DATA, .outputs = outputs, .example = "{}", ##__VA_ARGS__ \
  }

TEST_NODE (value, "test-value", .params = value_params, .params_size = sizeof (ValueParams), .run = run_value);
TEST_NODE (echo, "test-echo", .inputs = any_inputs, .run = run_echo);
TEST_NODE (join_all, "test-join-all", .inputs = all_inputs, .run = run_echo);
TEST_NODE (join_first, "test-join-first", .inputs = first_inputs, .run = run_echo);
TEST_NODE (join_always, "test-join-always", .inputs = always_inputs, .run = run_echo);
TEST_NODE (flaky, "test-flaky", .effect = HEDDLE_EFFECT_READ, .inputs = any_inputs, .params = flaky_params, .params_size = sizeof (FlakyParams), .run = run_flaky);
TEST_NODE (flaky_unsafe, "test-flaky-unsafe", .effect = HEDDLE_EFFECT_UNSAFE, .inputs = any_inputs, .params = flaky_params, .params_size = sizeof (FlakyParams), .run = run_flaky);
TEST_NODE (stream, "test-stream", .effect = HEDDLE_EFFECT_READ, .inputs = any_inputs, .params = stream_params, .params_size = sizeof (StreamParams), .run = run_stream);
TEST_NODE (hold, "test-hold", .inputs = any_inputs, .run = run_hold);
TEST_NODE (release, "test-release", .inputs = any_inputs, .run = run_release);
TEST_NODE (work, "test-work", .inputs = any_inputs, .params = work_params, .params_size = sizeof (WorkParams), .run = run_work);

void
heddle_test_nodes_add_value (HeddlePlanBuilder *builder, const char *id, JsonNode *value)
{
  g_autoptr (JsonObject) params = json_object_new ();
  GError *error = NULL;

  json_object_set_member (params, "value", json_node_ref (value));
  heddle_plan_builder_add_step (builder, id, NULL, &heddle_test_node_value, params, &error);
  g_assert_no_error (error);
}

void
heddle_test_nodes_add (HeddlePlanBuilder *builder, const char *id, const HeddleNodeType *type, const char *params)
{
  g_autoptr (JsonNode) node = params != NULL ? heddle_harness_json (params) : NULL;
  GError *error = NULL;

  heddle_plan_builder_add_step (builder, id, NULL, type, node != NULL ? json_node_get_object (node) : NULL, &error);
  g_assert_no_error (error);
}

void
heddle_test_nodes_connect (HeddlePlanBuilder *builder, const char *edges)
{
  g_auto (GStrv) pairs = g_strsplit (edges, ", ", -1);

  for (guint i = 0; pairs[i] != NULL; i++)
    {
      g_auto (GStrv) ends = g_strsplit (pairs[i], " ", 2);
      char *from_port = strchr (ends[0], '.');
      char *to_port = strchr (ends[1], '.');
      GError *error = NULL;

      if (from_port != NULL)
        *from_port++ = '\0';
      if (to_port != NULL)
        *to_port++ = '\0';
      heddle_plan_builder_add_edge (builder, ends[0], from_port, ends[1], to_port, &error);
      g_assert_no_error (error);
    }
}
