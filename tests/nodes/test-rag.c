/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-error.h"
#include "heddle-harness-knowledge.h"
#include "heddle-harness.h"
#include "knowledge/heddle-knowledge.h"
#include "provider/heddle-demo.h"
#include "provider/heddle-models.h"
#include "run/heddle-event.h"
#include "value/heddle-json.h"

typedef struct
{
  HeddleModels *models;
  HeddleKnowledge *knowledge;
} Fixture;

static void
fixture_set_up (Fixture *fixture, gconstpointer model)
{
  fixture->models = heddle_models_new (NULL, NULL);
  fixture->knowledge = heddle_harness_new_knowledge (fixture->models, model);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer model)
{
  g_clear_object (&fixture->knowledge);
  g_clear_object (&fixture->models);
}

/* Runs one rag node; spec as in an example. */
static HeddleHarnessResult *
run_node (Fixture *fixture, const char *spec)
{
  const HeddleEngineServices services = { .models = fixture->models, .knowledge = fixture->knowledge };
  g_autoptr (JsonNode) node = heddle_harness_json (spec);

  return heddle_harness_run_plan (heddle_harness_plan_node (heddle_registry_lookup ("rag"), node), &services, NULL);
}

static JsonNode *
get_result (const HeddleHarnessResult *result)
{
  const HeddleEvent *event = heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "node");

  g_assert_nonnull (event);
  return heddle_json_member (event->data, "result");
}

static void
insert (Fixture *fixture, const char *title, const char *text)
{
  g_autofree char *spec = g_strdup_printf ("{\"params\":{\"operation\":\"insert\",\"knowledge\":\"Demo\",\"mime\":\"text/markdown\","
                                           "\"title\":\"%s\"},\"inputs\":{\"in\":\"%s\"}}",
                                           title, text);
  g_autoptr (HeddleHarnessResult) result = run_node (fixture, spec);

  g_assert_no_error (result->error);
  g_assert_cmpint (heddle_json_get_int (heddle_json_member (get_result (result), "output"), "document", 0), >, 0);
}

static void
fill (Fixture *fixture)
{
  insert (fixture, "Loom", "# Loom\\n\\n## Heddle\\n\\nThe heddle lifts the warp threads.\\n");
  insert (fixture, "Invoices", "Refunds of a double charge are paid within five days.");
}

static void
test_search (Fixture *fixture, gconstpointer model)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  JsonNode *values, *first;

  fill (fixture);
  result = run_node (fixture, "{\"params\":{\"knowledge\":\"Demo\",\"mode\":\"keywords\"},\"inputs\":{\"in\":\"warp threads?\"}}");
  g_assert_no_error (result->error);
  values = get_result (result);
  g_assert_cmpstr (heddle_json_get_string (values, "output", NULL), ==, "[1] Loom > Heddle\nThe heddle lifts the warp threads.");
  heddle_harness_assert_json (heddle_json_member (values, "citations"), "[\"[1] Loom > Heddle\"]");
  g_assert_cmpstr (heddle_json_get_string (values, "mode", NULL), ==, "keywords");
  first = json_array_get_element (heddle_json_get_array (values, "results"), 0);
  g_assert_cmpint (heddle_json_get_int (first, "n", 0), ==, 1);
  g_assert_cmpstr (heddle_json_get_string (first, "title", NULL), ==, "Loom");
  g_assert_cmpstr (heddle_json_get_string (first, "heading", NULL), ==, "Loom > Heddle");
  g_assert_cmpfloat (heddle_json_get_double (first, "score", 0), ==, heddle_json_get_double (first, "keyword_score", -1));
  g_assert_true (heddle_json_is_null (heddle_json_member (first, "vector_score")));
}

static void
test_trace (Fixture *fixture, gconstpointer model)
{
  g_autoptr (HeddleHarnessResult) result = NULL;
  const HeddleEvent *started, *finished = NULL;
  guint n_embedding = 0;

  fill (fixture);
  result = run_node (fixture, "{\"params\":{\"knowledge\":\"Demo\",\"query\":\"refund for a double charge\",\"top_k\":1}}");
  g_assert_no_error (result->error);
  g_assert_cmpstr (heddle_json_get_string (get_result (result), "mode", NULL), ==, "fused");
  started = heddle_harness_find (result, HEDDLE_EVENT_SPAN_STARTED, "node");
  g_assert_cmpstr (heddle_json_get_string (started->data, "kind", NULL), ==, "retrieval");
  g_assert_cmpstr (heddle_json_get_string (started->data, "query", NULL), ==, "refund for a double charge");
  for (guint i = 0; i < result->events->len; i++)
    {
      const HeddleEvent *event = g_ptr_array_index (result->events, i);

      if (event->kind == HEDDLE_EVENT_SPAN_FINISHED && event->span == started->span)
        finished = event;
      if (event->kind == HEDDLE_EVENT_SPAN_STARTED && event->parent == started->span)
        n_embedding += g_strcmp0 (heddle_json_get_string (event->data, "kind", NULL), "embedding") == 0;
    }
  g_assert_nonnull (finished);
  g_assert_cmpuint (n_embedding, ==, 1);
  g_assert_cmpuint (json_array_get_length (heddle_json_get_array (finished->data, "results")), ==, 1);
}

static void
test_nothing_found (Fixture *fixture, gconstpointer model)
{
  g_autoptr (HeddleHarnessResult) result = run_node (fixture, "{\"params\":{\"knowledge\":\"Demo\",\"query\":\"unheard\"}}");

  g_assert_no_error (result->error);
  g_assert_cmpstr (heddle_json_get_string (get_result (result), "output", NULL), ==, "");
  heddle_harness_assert_json (heddle_json_member (get_result (result), "results"), "[]");
}

static void
assert_fails (Fixture *fixture, const char *spec, const char *error_class)
{
  g_autoptr (HeddleHarnessResult) result = run_node (fixture, spec);

  g_assert_cmpint (result->state, ==, HEDDLE_RUN_FAILED);
  g_assert_cmpstr (heddle_error_class (result->error), ==, error_class);
}

static void
test_failures (Fixture *fixture, gconstpointer model)
{
  assert_fails (fixture, "{\"params\":{\"knowledge\":\"None such\",\"query\":\"x\"}}", "not_found");
  assert_fails (fixture, "{\"params\":{\"knowledge\":\"Demo\",\"query\":\" \"}}", "invalid");
  assert_fails (fixture, "{\"params\":{\"knowledge\":\"Demo\",\"query\":\"x\",\"mode\":\"vectors\"}}", "invalid");
  assert_fails (fixture, "{\"params\":{\"knowledge\":\"Demo\",\"operation\":\"insert\",\"title\":\" \",\"text\":\"x\"}}", "invalid");
  assert_fails (fixture, "{\"params\":{\"knowledge\":\"Demo\",\"operation\":\"insert\",\"title\":\"x\",\"text\":\"\"}}", "invalid");
  g_clear_object (&fixture->knowledge);
  assert_fails (fixture, "{\"params\":{\"knowledge\":\"Demo\",\"query\":\"x\"}}", "invalid");
}

static void
test_example (Fixture *fixture, gconstpointer model)
{
  const HeddleNodeType *type = heddle_registry_lookup ("rag");
  g_autoptr (JsonNode) example = heddle_harness_json (type->example);
  g_autoptr (HeddleHarnessResult) result = run_node (fixture, type->example);
  g_autoptr (GError) error = NULL;

  heddle_node_type_check (type, &error);
  g_assert_no_error (error);
  g_assert_true (heddle_json_equal (heddle_json_member (get_result (result), "output"),
                                    heddle_json_member (heddle_json_member (example, "outputs"), "out")));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/rag/search", Fixture, NULL, fixture_set_up, test_search, fixture_tear_down);
  g_test_add ("/rag/trace", Fixture, HEDDLE_DEMO_EMBEDDING, fixture_set_up, test_trace, fixture_tear_down);
  g_test_add ("/rag/nothing-found", Fixture, NULL, fixture_set_up, test_nothing_found, fixture_tear_down);
  g_test_add ("/rag/failures", Fixture, NULL, fixture_set_up, test_failures, fixture_tear_down);
  g_test_add ("/rag/example", Fixture, NULL, fixture_set_up, test_example, fixture_tear_down);
  return g_test_run ();
}
