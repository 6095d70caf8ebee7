/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <locale.h>
#include <string.h>

#include "graph/heddle-graph.h"
#include "heddle-error.h"
#include "registry/heddle-problem.h"
#include "value/heddle-json.h"

/* Every part of the format, in canonical form, with keys and a type this version does not know. */
static const char canonical[] =
  "{\n"
  "  \"format\": \"heddle-workflow\",\n"
  "  \"version\": 1,\n"
  "  \"id\": \"0f8c\",\n"
  "  \"name\": \"Support triage\",\n"
  "  \"description\": \"Sorts \\\"mail\\\" — ä\",\n"
  "  \"settings\": {\n"
  "    \"env\": {\n"
  "      \"team\": \"blue\"\n"
  "    }\n"
  "  },\n"
  "  \"nodes\": [\n"
  "    {\n"
  "      \"id\": \"start\",\n"
  "      \"type\": \"input\"\n"
  "    },\n"
  "    {\n"
  "      \"id\": \"check\",\n"
  "      \"type\": \"if-else\",\n"
  "      \"title\": \"Billing?\",\n"
  "      \"params\": {\n"
  "        \"condition\": \"$start.message === \\\"billing\\\"\",\n"
  "        \"zeta\": [1, 2.5, { \"a\": null }, {}, []],\n"
  "        \"alpha\": 9007199254740993\n"
  "      },\n"
  "      \"policy\": {\n"
  "        \"retries\": 2\n"
  "      },\n"
  "      \"tool\": {\n"
  "        \"name\": \"check\",\n"
  "        \"parameters\": [{ \"name\": \"a\", \"type\": \"text\" }]\n"
  "      },\n"
  "      \"disabled\": true\n"
  "    },\n"
  "    {\n"
  "      \"id\": \"future\",\n"
  "      \"type\": \"teleport\",\n"
  "      \"params\": {\n"
  "        \"to\": \"{{ $check.output }}\",\n"
  "        \"at\": 3\n"
  "      }\n"
  "    },\n"
  "    {\n"
  "      \"id\": \"finish\",\n"
  "      \"type\": \"output\"\n"
  "    }\n"
  "  ],\n"
  "  \"edges\": [\n"
  "    { \"from\": \"start\", \"to\": \"check\" },\n"
  "    { \"from\": \"check\", \"to\": \"finish\" },\n"
  "    { \"from\": \"check.false\", \"to\": \"future\", \"color\": \"red\" },\n"
  "    { \"from\": \"future.done\", \"to\": \"finish\" },\n"
  "    { \"from\": \"future\", \"to\": \"ghost.in\" }\n"
  "  ],\n"
  "  \"annotations\": [\n"
  "    { \"id\": \"note\", \"kind\": \"note\", \"text\": \"Read\\nme\", \"color\": \"blue\", \"rect\": [0, 0, 200, 120], \"pin\": 1 },\n"
  "    { \"id\": \"frame\", \"kind\": \"frame\", \"text\": \"\", \"rect\": [-16, 8.5, 640, 480] }\n"
  "  ],\n"
  "  \"layout\": {\n"
  "    \"start\": [0, 0],\n"
  "    \"check\": [304, -16],\n"
  "    \"future\": [608, 112.25],\n"
  "    \"finish\": [912, 0]\n"
  "  },\n"
  "  \"made-by\": { \"tool\": \"x\" }\n"
  "}\n";

/* The sanitizers make every allocation a hundred times slower. */
#ifdef __SANITIZE_ADDRESS__
#define N_NODES 1000
#else
#define N_NODES 10000
#endif

static HeddleGraph *
load (const char *text)
{
  g_autoptr (GError) error = NULL;
  HeddleGraph *graph = heddle_graph_new_from_json (text, -1, &error);

  g_assert_no_error (error);
  g_assert_nonnull (graph);
  return graph;
}

static void
assert_saves_as (const char *text, const char *expected)
{
  g_autoptr (HeddleGraph) graph = load (text);
  g_autofree char *saved = heddle_graph_to_json (graph);

  g_assert_cmpstr (saved, ==, expected);
}

static void
test_byte_identical (void)
{
  assert_saves_as (canonical, canonical);
}

static void
test_empty (void)
{
  g_autoptr (HeddleGraph) graph = load ("{\"format\":\"heddle-workflow\",\"version\":1}");
  g_autofree char *saved = heddle_graph_to_json (graph);
  g_autoptr (HeddleGraph) again = load (saved);
  g_autofree char *twice = heddle_graph_to_json (again);

  g_assert_cmpuint (heddle_graph_get_n_nodes (graph), ==, 0);
  g_assert_true (g_uuid_string_is_valid (heddle_graph_get_id (graph)));
  g_assert_cmpstr (saved, ==, twice);
}

/* Spelled otherwise: keys in another order, defaults and default ports written out. */
static void
test_made_canonical (void)
{
  static const char loose[] =
    "{\"version\":1.0,\"nodes\":[{\"params\":{\"separator\":\"-\",\"mode\":\"any\",\"result\":\"text\"},\"type\":\"merge\",\"id\":\"a\"},"
    "{\"id\":\"b\",\"type\":\"output\",\"params\":{\"value\":\"\"}}],"
    "\"layout\":{\"b\":[16.0,2e1],\"a\":[0,0],\"nobody\":[1,1]},"
    "\"edges\":[{\"to\":\"b.in\",\"from\":\"a.out\"}],\"name\":\"n\",\"id\":\"i\",\"format\":\"heddle-workflow\"}";
  static const char expected[] =
    "{\n"
    "  \"format\": \"heddle-workflow\",\n"
    "  \"version\": 1,\n"
    "  \"id\": \"i\",\n"
    "  \"name\": \"n\",\n"
    "  \"nodes\": [\n"
    "    {\n"
    "      \"id\": \"a\",\n"
    "      \"type\": \"merge\",\n"
    "      \"params\": {\n"
    "        \"result\": \"text\",\n"
    "        \"separator\": \"-\"\n"
    "      }\n"
    "    },\n"
    "    {\n"
    "      \"id\": \"b\",\n"
    "      \"type\": \"output\"\n"
    "    }\n"
    "  ],\n"
    "  \"edges\": [\n"
    "    { \"from\": \"a\", \"to\": \"b\" }\n"
    "  ],\n"
    "  \"layout\": {\n"
    "    \"a\": [0, 0],\n"
    "    \"b\": [16, 20]\n"
    "  }\n"
    "}\n";

  assert_saves_as (loose, expected);
}

static void
test_ports_are_named (void)
{
  g_autoptr (HeddleGraph) graph = load (canonical);

  g_assert_nonnull (heddle_graph_find_edge (graph, "start", "out", "check", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "check", "true", "finish", "in"));
  /* Of a type that is not known, the default port has no name. */
  g_assert_nonnull (heddle_graph_find_edge (graph, "check", "false", "future", ""));
  g_assert_nonnull (heddle_graph_find_edge (graph, "future", "", "ghost", "in"));
  g_assert_null (heddle_graph_find_node (graph, "future")->type);
  g_assert_cmpstr (heddle_node_get_title (heddle_graph_find_node (graph, "future")), ==, "teleport");
}

static void
test_selection (void)
{
  static const char *const ids[] = { "check", "finish", "note", "nobody", NULL };
  g_autoptr (HeddleGraph) graph = load (canonical);
  g_autofree char *text = heddle_graph_selection_to_json (graph, ids);
  g_autoptr (HeddleGraph) part = load (text);

  g_assert_null (strstr (text, "Support triage"));
  g_assert_null (strstr (text, "0f8c"));
  g_assert_cmpuint (heddle_graph_get_n_nodes (part), ==, 2);
  g_assert_cmpuint (heddle_graph_get_n_edges (part), ==, 1);
  g_assert_cmpuint (heddle_graph_get_n_annotations (part), ==, 1);
  g_assert_cmpfloat (heddle_graph_find_node (part, "check")->x, ==, 304);
}

static void
assert_refused (const char *text, gssize length, const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (text, length, &error);

  g_assert_null (graph);
  g_assert_nonnull (error);
  g_assert_true (error->domain == HEDDLE_ERROR);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (strlen (error->message), <, 400);
  g_assert_null (strchr (error->message, '\n'));
  if (strstr (error->message, says) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, says);
}

#define HEAD "{\"format\":\"heddle-workflow\",\"version\":1,"

static void
test_refusals (void)
{
  static const struct
  {
    const char *text;
    const char *says;
  } cases[] = {
    { "", "line 1" },
    { "[1]", "not a Heddle workflow" },
    { "null", "not a Heddle workflow" },
    { "{}", "not a Heddle workflow" },
    { "{\"nodes\":[],\"connections\":{}}", "not a Heddle workflow" },
    { "{\"format\":\"heddle-workflow\",\"version\":2}", "newer Heddle" },
    { "{\"format\":\"heddle-workflow\",\"version\":0}", "version" },
    { "{\"format\":\"heddle-workflow\",\"version\":\"1\"}", "version" },
    { "{\"format\":\"heddle-workflow\"}", "version" },
    { HEAD "\"nodes\":{}}", "“nodes” of the workflow must be a list" },
    { HEAD "\"edges\":7}", "“edges” of the workflow must be a list" },
    { HEAD "\"layout\":[]}", "“layout” of the workflow must be an object" },
    { HEAD "\"settings\":null}", "“settings” of the workflow must be an object" },
    { HEAD "\"name\":1}", "“name” of the workflow must be text" },
    { HEAD "\"nodes\":[1]}", "Entry 1 of “nodes”" },
    { HEAD "\"nodes\":[{\"type\":\"input\"}]}", "no “id”" },
    { HEAD "\"nodes\":[{\"id\":\"a b\",\"type\":\"input\"}]}", "a b" },
    { HEAD "\"nodes\":[{\"id\":\"1a\",\"type\":\"input\"}]}", "1a" },
    { HEAD "\"nodes\":[{\"id\":\"\",\"type\":\"input\"}]}", "node id" },
    { HEAD "\"nodes\":[{\"id\":\"a\"}]}", "“type” of node “a”" },
    { HEAD "\"nodes\":[{\"id\":\"a\",\"type\":5}]}", "“type” of node “a”" },
    { HEAD "\"nodes\":[{\"id\":\"a\",\"type\":\"input\",\"title\":[]}]}", "“title” of node “a”" },
    { HEAD "\"nodes\":[{\"id\":\"a\",\"type\":\"input\",\"params\":[]}]}", "“params” of node “a”" },
    { HEAD "\"nodes\":[{\"id\":\"a\",\"type\":\"input\",\"tool\":\"x\"}]}", "“tool” of node “a”" },
    { HEAD "\"nodes\":[{\"id\":\"a\",\"type\":\"input\"},{\"id\":\"a\",\"type\":\"output\"}]}", "used twice" },
    { HEAD "\"edges\":[{\"from\":\"a\"}]}", "“from” and “to”" },
    { HEAD "\"edges\":[{\"from\":\"a\",\"to\":3}]}", "“from” and “to”" },
    { HEAD "\"edges\":[{\"from\":\".x\",\"to\":\"b\"}]}", ".x" },
    { HEAD "\"edges\":[\"a\"]}", "Entry 1 of “edges”" },
    { HEAD "\"annotations\":[{\"kind\":\"note\",\"rect\":[0,0,1,1]}]}", "no “id”" },
    { HEAD "\"annotations\":[{\"id\":\"n\",\"kind\":\"poem\",\"rect\":[0,0,1,1]}]}", "“kind”" },
    { HEAD "\"annotations\":[{\"id\":\"n\",\"kind\":\"note\",\"rect\":[0,0,-1,1]}]}", "“rect”" },
    { HEAD "\"annotations\":[{\"id\":\"n\",\"kind\":\"note\",\"rect\":[0,0,1e308,1]}]}", "“rect”" },
    { HEAD "\"nodes\":[{\"id\":\"n\",\"type\":\"x\"}],\"annotations\":[{\"id\":\"n\",\"kind\":\"note\",\"rect\":[0,0,1,1]}]}", "used twice" },
    { HEAD "\"nodes\":[{\"id\":\"a\",\"type\":\"x\"}],\"layout\":{\"a\":[1e308,0]}}", "“layout” of node “a”" },
    { HEAD "\"nodes\":[{\"id\":\"a\",\"type\":\"x\"}],\"layout\":{\"a\":[1e999,0]}}", "too large" },
    { HEAD "\"nodes\":[{\"id\":\"a\",\"type\":\"x\"}],\"layout\":{\"a\":[0]}}", "“layout” of node “a”" },
    { HEAD "\"nodes\":[{\"id\":\"a\",\"type\":\"x\"}],\"layout\":{\"a\":[\"0\",\"0\"]}}", "“layout” of node “a”" },
    { HEAD "\"nodes\":[{\"id\":\"a\",\"type\":\"x\"}],\"layout\":{\"a\":null}}", "“layout” of node “a”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i].text, -1, cases[i].says);
  assert_refused ("{\"format\":\"heddle-workflow\",\"version\":1,\"name\":\"\xff\xfe\"}", -1, "line 1");
  assert_refused ("{\"format\":\"heddle\0-workflow\"}", 29, "line 1");
}

static void
test_deep_nesting (void)
{
  g_autoptr (GString) text = g_string_new (HEAD "\"nodes\":[{\"id\":\"a\",\"type\":\"x\",\"params\":{\"p\":");

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (text, '[');
  assert_refused (text->str, (gssize) text->len, "line 1");
}

static void
test_long_names_are_cut (void)
{
  g_autofree char *name = g_strnfill (100000, '-');
  g_autofree char *text = g_strdup_printf (HEAD "\"nodes\":[{\"id\":\"%s\",\"type\":\"x\"}]}", name);

  assert_refused (text, -1, "node id");
}

static char *
make_large (guint n_nodes, guint n_edges)
{
  GString *text = g_string_new (HEAD "\"nodes\":[");

  for (guint i = 0; i < n_nodes; i++)
    g_string_append_printf (text, "%s{\"id\":\"n%u\",\"type\":\"template\",\"params\":{\"text\":\"Text %u of {{ $n%u.output }}\"}}",
                            i > 0 ? "," : "", i, i, i > 0 ? i - 1 : 0);
  g_string_append (text, "],\"edges\":[");
  for (guint i = 0; i < n_edges; i++)
    g_string_append_printf (text, "%s{\"from\":\"n%u\",\"to\":\"n%u\"}", i > 0 ? "," : "", i % (n_nodes - 1),
                            i % (n_nodes - 1) + 1 + i / (n_nodes - 1));
  g_string_append (text, "],\"layout\":{");
  for (guint i = 0; i < n_nodes; i++)
    g_string_append_printf (text, "%s\"n%u\":[%u,%u]", i > 0 ? "," : "", i, i % 100 * 304, i / 100 * 112);
  g_string_append (text, "}}");
  return g_string_free (text, FALSE);
}

static void
test_large (void)
{
  g_autofree char *text = make_large (N_NODES, N_NODES * 3 / 2);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (HeddleGraph) graph = load (text);
  gint64 loaded = g_get_monotonic_time ();
  g_autofree char *saved = heddle_graph_to_json (graph);
  gint64 written = g_get_monotonic_time ();

  g_test_message ("%d nodes, half as many more edges: load %.1f ms, save %.1f ms", N_NODES, (loaded - start) / 1e3,
                  (written - loaded) / 1e3);
  g_assert_cmpuint (heddle_graph_get_n_nodes (graph), ==, N_NODES);
  g_assert_cmpuint (heddle_graph_get_n_edges (graph), ==, N_NODES * 3 / 2);
  assert_saves_as (saved, saved);
}

static void
test_edges_to_nowhere (void)
{
  g_autoptr (GString) text = g_string_new (HEAD "\"nodes\":[],\"edges\":[");
  g_autoptr (HeddleGraph) graph = NULL;
  g_autoptr (GPtrArray) problems = NULL;
  g_autofree char *saved = NULL;

  for (guint i = 0; i < 10 * N_NODES; i++)
    g_string_append_printf (text, "%s{\"from\":\"a%u\",\"to\":\"b\"}", i > 0 ? "," : "", i);
  g_string_append (text, "]}");
  graph = load (text->str);
  saved = heddle_graph_to_json (graph);
  assert_saves_as (saved, saved);

  problems = heddle_graph_validate (graph);
  g_assert_true (heddle_problem_list_has_errors (problems));
  g_assert_cmpuint (problems->len, <=, 1001);
}

/* As other programs spell parameters; what is no parameter in any spelling stays as it is. */
static void
test_spellings (void)
{
  g_autoptr (HeddleGraph) graph = load ("{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":["
                                        "{\"id\":\"a\",\"type\":\"http\",\"params\":{\"failOnStatus\":false,\"bodyType\":\"json\",\"URL\":\"http://x/\","
                                        "\"maxSize\":3,\"max_size\":4,\"fooBar\":1}}]}");
  JsonObject *params = heddle_graph_find_node (graph, "a")->params;

  g_assert_false (json_object_get_boolean_member (params, "fail_on_status"));
  g_assert_cmpstr (json_object_get_string_member (params, "body_type"), ==, "json");
  g_assert_cmpstr (json_object_get_string_member (params, "url"), ==, "http://x/");
  g_assert_cmpint (json_object_get_int_member (params, "max_size"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (params, "maxSize"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (params, "fooBar"), ==, 1);
  g_assert_cmpuint (json_object_get_size (params), ==, 6);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/workflow-format/byte-identical", test_byte_identical);
  g_test_add_func ("/workflow-format/empty", test_empty);
  g_test_add_func ("/workflow-format/made-canonical", test_made_canonical);
  g_test_add_func ("/workflow-format/ports-are-named", test_ports_are_named);
  g_test_add_func ("/workflow-format/selection", test_selection);
  g_test_add_func ("/workflow-format/refusals", test_refusals);
  g_test_add_func ("/workflow-format/deep-nesting", test_deep_nesting);
  g_test_add_func ("/workflow-format/long-names-are-cut", test_long_names_are_cut);
  g_test_add_func ("/workflow-format/large", test_large);
  g_test_add_func ("/workflow-format/edges-to-nowhere", test_edges_to_nowhere);

  g_test_add_func ("/workflow-format/spellings", test_spellings);
  return g_test_run ();
}
