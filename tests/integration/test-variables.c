/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "heddle-harness.h"
#include "heddle-test-nodes.h"
#include "registry/heddle-node-type.h"
#include "store/heddle-store-variables.h"
#include "value/heddle-json.h"

#include <string.h>

#define N_CHANGES 100

static HeddleStore *
new_store (const char *path)
{
  GError *error = NULL;
  HeddleStore *store = heddle_store_new (path, &error);

  g_assert_no_error (error);
  return store;
}

static JsonNode *
change (HeddleStore *store, HeddleVariableOp op, const char *name, const char *json, GError **error)
{
  g_autoptr (JsonNode) value = json != NULL ? heddle_harness_json (json) : NULL;

  return heddle_store_change_variable (store, op, name, value, NULL, error);
}

static void
assert_change (HeddleStore *store, HeddleVariableOp op, const char *json, const char *expected)
{
  GError *error = NULL;
  g_autoptr (JsonNode) value = change (store, op, "v", json, &error);

  g_assert_no_error (error);
  heddle_harness_assert_json (value, expected);
}

static void
test_operations (void)
{
  g_autoptr (HeddleStore) store = new_store (":memory:");

  assert_change (store, HEDDLE_VARIABLE_ADD, "2", "2");
  assert_change (store, HEDDLE_VARIABLE_ADD, "0.5", "2.5");
  assert_change (store, HEDDLE_VARIABLE_SET, "9223372036854775807", "9223372036854775807");
  assert_change (store, HEDDLE_VARIABLE_ADD, "1", "9223372036854775808");
  assert_change (store, HEDDLE_VARIABLE_DELETE, NULL, "null");
  assert_change (store, HEDDLE_VARIABLE_APPEND, "\"a\"", "[\"a\"]");
  assert_change (store, HEDDLE_VARIABLE_APPEND, "[1]", "[\"a\",[1]]");
  assert_change (store, HEDDLE_VARIABLE_SET, "\"text\"", "\"text\"");
  assert_change (store, HEDDLE_VARIABLE_APPEND, "\" more\"", "\"text more\"");
  assert_change (store, HEDDLE_VARIABLE_SET, "{\"a\":1,\"b\":1}", "{\"a\":1,\"b\":1}");
  assert_change (store, HEDDLE_VARIABLE_MERGE, "{\"b\":2}", "{\"a\":1,\"b\":2}");
}

static void
assert_refused (HeddleStore *store, HeddleVariableOp op, const char *name, const char *json, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = change (store, op, name, json, &error);

  g_assert_null (value);
  g_assert_error (error, HEDDLE_ERROR, code);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_refused (void)
{
  g_autoptr (HeddleStore) store = new_store (":memory:");
  g_autofree char *deep = g_strnfill (HEDDLE_JSON_MAX_DEPTH, '[');
  g_autofree char *closed = g_strnfill (HEDDLE_JSON_MAX_DEPTH, ']');
  g_autofree char *nested = g_strconcat (deep, closed, NULL);
  g_autofree char *name = g_strnfill (HEDDLE_VARIABLE_MAX_NAME + 1, 'x');

  assert_change (store, HEDDLE_VARIABLE_SET, "\"text\"", "\"text\"");
  assert_refused (store, HEDDLE_VARIABLE_ADD, "v", "1", HEDDLE_ERROR_INVALID);
  assert_refused (store, HEDDLE_VARIABLE_APPEND, "v", "1", HEDDLE_ERROR_INVALID);
  assert_refused (store, HEDDLE_VARIABLE_MERGE, "v", "{}", HEDDLE_ERROR_INVALID);
  assert_refused (store, HEDDLE_VARIABLE_ADD, "w", "\"1\"", HEDDLE_ERROR_INVALID);
  assert_refused (store, HEDDLE_VARIABLE_DELETE, "nobody", NULL, HEDDLE_ERROR_NOT_FOUND);
  assert_refused (store, HEDDLE_VARIABLE_SET, "", "1", HEDDLE_ERROR_INVALID);
  assert_refused (store, HEDDLE_VARIABLE_SET, "1a", "1", HEDDLE_ERROR_INVALID);
  assert_refused (store, HEDDLE_VARIABLE_SET, "a.b", "1", HEDDLE_ERROR_INVALID);
  assert_refused (store, HEDDLE_VARIABLE_SET, "\xff\xfe", "1", HEDDLE_ERROR_INVALID);
  assert_refused (store, HEDDLE_VARIABLE_SET, name, "1", HEDDLE_ERROR_INVALID);
  /* One more level than can be read again. */
  assert_refused (store, HEDDLE_VARIABLE_APPEND, "deep", nested, HEDDLE_ERROR_LIMIT);
  /* What was refused has changed nothing. */
  assert_change (store, HEDDLE_VARIABLE_APPEND, "\"!\"", "\"text!\"");
}

static void
test_large (void)
{
  g_autoptr (HeddleStore) store = new_store (":memory:");
  g_autofree char *text = g_strnfill (1024 * 1024, 'x');
  g_autoptr (JsonNode) large = heddle_json_string (text);
  g_autoptr (JsonNode) kept = NULL;
  g_autofree char *json = heddle_json_to_text (large, HEDDLE_JSON_COMPACT);
  g_autoptr (GPtrArray) list = NULL;

  kept = change (store, HEDDLE_VARIABLE_SET, "large", json, NULL);
  g_assert_true (heddle_json_equal (kept, large));
  list = heddle_store_list_variables (store, NULL);
  g_assert_true (heddle_json_equal (((HeddleVariableInfo *) g_ptr_array_index (list, 0))->value, large));
}

static void
test_persistence (void)
{
  g_autofree char *folder = g_dir_make_tmp ("heddle-variables-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "heddle.db", NULL);
  g_autoptr (HeddleStore) store = new_store (path);
  g_autoptr (GPtrArray) list = NULL;
  const HeddleVariableInfo *info;
  g_autoptr (JsonNode) value = heddle_harness_json ("{\"a\":[1]}");

  json_node_unref (heddle_store_change_variable (store, HEDDLE_VARIABLE_SET, "kept", value, "run-1", NULL));
  g_clear_object (&store);
  store = new_store (path);
  list = heddle_store_list_variables (store, NULL);
  g_assert_cmpuint (list->len, ==, 1);
  info = g_ptr_array_index (list, 0);
  g_assert_cmpstr (info->name, ==, "kept");
  g_assert_cmpstr (info->run, ==, "run-1");
  g_assert_cmpint (info->updated, >, 0);
  heddle_harness_assert_json (info->value, "{\"a\":[1]}");
}

/* A run of many nodes that change one variable at once, with more of it than fits into one scheduler's turn. */
static void
test_parallel (gconstpointer data)
{
  gboolean global = GPOINTER_TO_INT (data);
  g_autoptr (HeddleStore) store = new_store (":memory:");
  HeddleEngineServices services = { .store = store };
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("w", "Workflow");
  g_autofree char *params = g_strdup_printf ("{\"name\":\"n\",\"scope\":\"%s\",\"operation\":\"add\",\"value\":\"{{ 1 }}\"}", global ? "global" : "run");
  g_autofree char *read = g_strdup_printf ("{\"text\":\"{{ $%s.n }}\"}", global ? "global" : "vars");
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_test_nodes_add (builder, "read", heddle_registry_lookup ("template"), read);
  for (guint i = 0; i < N_CHANGES; i++)
    {
      g_autofree char *id = g_strdup_printf ("v%u", i);
      g_autofree char *edge = g_strdup_printf ("v%u read", i);

      heddle_test_nodes_add (builder, id, heddle_registry_lookup ("variable"), params);
      heddle_test_nodes_connect (builder, edge);
    }
  result = heddle_harness_run_plan (heddle_harness_finish (builder), &services, NULL);
  g_assert_no_error (result->error);
  if (!global)
    heddle_harness_assert_json (result->output, "\"100\"");
  else
    assert_change (store, HEDDLE_VARIABLE_SET, "1", "1");
  if (global)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) sum = change (store, HEDDLE_VARIABLE_ADD, "n", "0", &error);

      heddle_harness_assert_json (sum, "100");
    }
}

/* $global is what it was when the run began, and what the run itself writes. */
static void
test_reading (void)
{
  g_autoptr (HeddleStore) store = new_store (":memory:");
  HeddleEngineServices services = { .store = store };
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("w", "Workflow");
  g_autoptr (HeddleHarnessResult) result = NULL;
  g_autoptr (GPtrArray) list = NULL;

  assert_change (store, HEDDLE_VARIABLE_SET, "{\"x\":41}", "{\"x\":41}");
  heddle_test_nodes_add (builder, "write", heddle_registry_lookup ("variable"),
                         "{\"name\":\"w\",\"scope\":\"global\",\"value\":\"{{ $global.v.x + 1 }}\"}");
  heddle_test_nodes_add (builder, "read", heddle_registry_lookup ("template"), "{\"text\":\"{{ $global.w }} {{ $global.none ?? 'none' }}\"}");
  heddle_test_nodes_connect (builder, "write read");
  result = heddle_harness_run_plan (heddle_harness_finish (builder), &services, NULL);
  heddle_harness_assert_json (result->output, "\"42 none\"");
  list = heddle_store_list_variables (store, NULL);
  g_assert_nonnull (((HeddleVariableInfo *) g_ptr_array_index (list, 1))->run);
}

static void
test_run_scope (void)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("w", "Workflow");
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_test_nodes_add (builder, "a", heddle_registry_lookup ("variable"), "{\"name\":\"list\",\"operation\":\"append\",\"value\":\"{{ {n: 1} }}\"}");
  heddle_test_nodes_add (builder, "b", heddle_registry_lookup ("variable"), "{\"name\":\"list\",\"operation\":\"append\",\"value\":\"two\"}");
  heddle_test_nodes_add (builder, "c", heddle_registry_lookup ("variable"), "{\"name\":\"list\",\"operation\":\"delete\",\"result\":\"input\"}");
  heddle_test_nodes_add (builder, "d", heddle_registry_lookup ("set"), "{\"values\":[{\"name\":\"was\",\"value\":\"{{ $input }}\"},{\"name\":\"is\",\"value\":\"{{ $vars.list ?? 'gone' }}\"}],\"mode\":\"only\"}");
  heddle_test_nodes_connect (builder, "a b, b c, c d");
  result = heddle_harness_run_plan (heddle_harness_finish (builder), NULL, NULL);
  g_assert_no_error (result->error);
  heddle_harness_assert_json (result->output, "{\"was\":[{\"n\":1},\"two\"],\"is\":\"gone\"}");
}

static void
test_no_database (void)
{
  HeddlePlanBuilder *builder = heddle_plan_builder_new ("w", "Workflow");
  g_autoptr (HeddleHarnessResult) result = NULL;

  heddle_test_nodes_add (builder, "a", heddle_registry_lookup ("variable"), "{\"name\":\"x\",\"scope\":\"global\",\"value\":\"1\"}");
  result = heddle_harness_run_plan (heddle_harness_finish (builder), NULL, NULL);
  g_assert_error (result->error, HEDDLE_ERROR, HEDDLE_ERROR_STORE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/variables/operations", test_operations);
  g_test_add_func ("/variables/refused", test_refused);
  g_test_add_func ("/variables/large", test_large);
  g_test_add_func ("/variables/persistence", test_persistence);
  g_test_add_data_func ("/variables/parallel/run", GINT_TO_POINTER (FALSE), test_parallel);
  g_test_add_data_func ("/variables/parallel/global", GINT_TO_POINTER (TRUE), test_parallel);
  g_test_add_func ("/variables/reading", test_reading);
  g_test_add_func ("/variables/run-scope", test_run_scope);
  g_test_add_func ("/variables/no-database", test_no_database);
  return g_test_run ();
}
