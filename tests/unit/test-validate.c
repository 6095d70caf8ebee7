/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "graph/heddle-document.h"
#include "registry/heddle-problem.h"
#include "value/heddle-json.h"

#define HEAD "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":["
#define START "{\"id\":\"start\",\"type\":\"input\"},"
#define FINISH "{\"id\":\"finish\",\"type\":\"output\"}"

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
  return graph;
}

static const HeddleProblem *
find (GPtrArray *problems, const char *node, const char *says)
{
  for (guint i = 0; i < problems->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (problems, i);

      if (g_strcmp0 (problem->node, node) == 0 && strstr (problem->message, says) != NULL)
        return problem;
    }
  return NULL;
}

static void
assert_problem (const char *text, HeddleSeverity severity, const char *node, const char *says)
{
  g_autoptr (HeddleGraph) graph = load (text);
  g_autoptr (GPtrArray) problems = heddle_graph_validate (graph);
  const HeddleProblem *problem = find (problems, node, says);

  for (guint i = 0; problem == NULL && i < problems->len; i++)
    g_test_message ("%s: %s", ((HeddleProblem *) g_ptr_array_index (problems, i))->node,
                    ((HeddleProblem *) g_ptr_array_index (problems, i))->message);
  if (problem == NULL)
    g_error ("No problem of “%s” says “%s” in %s", node, says, text);
  g_assert_cmpint (problem->severity, ==, severity);
  g_assert_true (*says == '\0' || g_str_has_suffix (problem->message, ".") || g_str_has_suffix (problem->message, "?"));
}

static void
assert_clean (const char *text)
{
  g_autoptr (HeddleGraph) graph = load (text);
  g_autoptr (GPtrArray) problems = heddle_graph_validate (graph);

  if (problems->len > 0)
    g_error ("%s", ((HeddleProblem *) g_ptr_array_index (problems, 0))->message);
}

static void
test_clean (void)
{
  assert_clean (HEAD START
                "{\"id\":\"check\",\"type\":\"if-else\",\"params\":{\"condition\":\"$start.message === 'a' && $input != $now\"}},"
                "{\"id\":\"yes\",\"type\":\"template\",\"params\":{\"text\":\"{{ $check.output }} {{ $start.message }} {{ $vars.x }}\"}}," FINISH
                "],\"edges\":[{\"from\":\"start\",\"to\":\"check\"},{\"from\":\"check.true\",\"to\":\"yes\"},"
                "{\"from\":\"yes\",\"to\":\"finish\"},{\"from\":\"check.false\",\"to\":\"finish\"}]}");
}

static void
test_whole (void)
{
  assert_problem (HEAD "]}", HEDDLE_SEVERITY_WARNING, NULL, "empty");
  assert_problem (HEAD FINISH "]}", HEDDLE_SEVERITY_WARNING, NULL, "no Input");
  assert_problem (HEAD "{\"id\":\"a\",\"type\":\"input\"}]}", HEDDLE_SEVERITY_WARNING, NULL, "no Output");
  assert_problem (HEAD "{\"id\":\"a\",\"type\":\"input\"},{\"id\":\"b\",\"type\":\"input\"}]}", HEDDLE_SEVERITY_WARNING, NULL,
                  "several Input");
  /* Each of several triggers begins runs of its own. */
  assert_clean (HEAD "{\"id\":\"a\",\"type\":\"input\"},{\"id\":\"b\",\"type\":\"webhook\"},{\"id\":\"c\",\"type\":\"schedule\"}," FINISH
                     "],\"edges\":[{\"from\":\"a\",\"to\":\"finish\"},{\"from\":\"b\",\"to\":\"finish\"},{\"from\":\"c\",\"to\":\"finish\"}]}");
}

static void
test_nodes (void)
{
  assert_problem (HEAD "{\"id\":\"a\",\"type\":\"teleport\"}]}", HEDDLE_SEVERITY_ERROR, "a", "“teleport”");
  assert_problem (HEAD "{\"id\":\"input\",\"type\":\"merge\"}]}", HEDDLE_SEVERITY_WARNING, "input", "Rename");
  assert_problem (HEAD START FINISH "]}", HEDDLE_SEVERITY_WARNING, "finish", "Nothing leads here");
  assert_problem (HEAD "{\"id\":\"a\",\"type\":\"merge\",\"params\":{\"mode\":\"sometimes\"}}]}", HEDDLE_SEVERITY_ERROR, "a", "");
  assert_problem (HEAD "{\"id\":\"a\",\"type\":\"merge\",\"params\":{\"mode\":[1]}}]}", HEDDLE_SEVERITY_ERROR, "a", "");
  assert_problem (HEAD "{\"id\":\"a\",\"type\":\"if-else\"}]}", HEDDLE_SEVERITY_ERROR, "a", "");
}

static void
test_edges (void)
{
  assert_problem (HEAD START FINISH "],\"edges\":[{\"from\":\"start\",\"to\":\"ghost\"}]}", HEDDLE_SEVERITY_ERROR, "start",
                  "no node “ghost”");
  assert_problem (HEAD START FINISH "],\"edges\":[{\"from\":\"ghost.x\",\"to\":\"finish\"}]}", HEDDLE_SEVERITY_ERROR, "finish",
                  "no node “ghost”");
  assert_problem (HEAD "],\"edges\":[{\"from\":\"a\",\"to\":\"b\"}]}", HEDDLE_SEVERITY_ERROR, NULL, "Delete it");
  assert_problem (HEAD START FINISH "],\"edges\":[{\"from\":\"start.maybe\",\"to\":\"finish\"}]}", HEDDLE_SEVERITY_ERROR, "start",
                  "“maybe”");
  assert_problem (HEAD START FINISH "],\"edges\":[{\"from\":\"start\",\"to\":\"finish.side\"}]}", HEDDLE_SEVERITY_ERROR, "finish",
                  "“side”");
  assert_problem (HEAD START FINISH "],\"edges\":[{\"from\":\"finish\",\"to\":\"start\"}]}", HEDDLE_SEVERITY_ERROR, "start", "input");
  assert_problem (HEAD START FINISH "],\"edges\":[{\"from\":\"start\",\"to\":\"finish\"},{\"from\":\"start\",\"to\":\"finish\"}]}",
                  HEDDLE_SEVERITY_WARNING, "finish", "twice");
}

#define MERGES "{\"id\":\"a\",\"type\":\"merge\"},{\"id\":\"b\",\"type\":\"merge\"},{\"id\":\"c\",\"type\":\"merge\"}"

static void
test_cycles (void)
{
  assert_problem (HEAD MERGES "],\"edges\":[{\"from\":\"a\",\"to\":\"b\"},{\"from\":\"b\",\"to\":\"c\"},{\"from\":\"c\",\"to\":\"b\"}]}",
                  HEDDLE_SEVERITY_WARNING, "b", "out of the circle of “b”, “c”");
  assert_problem (HEAD MERGES "],\"edges\":[{\"from\":\"a\",\"to\":\"a\"}]}", HEDDLE_SEVERITY_ERROR, "a", "connected to itself");
}

static void
test_two_cycles (void)
{
  g_autoptr (HeddleGraph) graph = load (HEAD MERGES ",{\"id\":\"d\",\"type\":\"merge\"}],\"edges\":[{\"from\":\"a\",\"to\":\"b\"},"
                                                    "{\"from\":\"b\",\"to\":\"a\"},{\"from\":\"b\",\"to\":\"c\"},{\"from\":\"c\",\"to\":\"d\"},{\"from\":\"d\",\"to\":\"c\"}]}");
  g_autoptr (GPtrArray) problems = heddle_graph_validate (graph);

  /* Nothing leads into the first, nothing out of the second. */
  g_assert_nonnull (find (problems, "a", "into the circle of “a”, “b”"));
  g_assert_nonnull (find (problems, "c", "out of the circle of “c”, “d”"));
  g_assert_null (find (problems, "a", "out of the circle"));
  g_assert_null (find (problems, "c", "into the circle"));
}

static void
assert_reference (const char *text, const char *says)
{
  g_autofree char *quoted = NULL;
  g_autoptr (GString) literal = g_string_new (NULL);

  heddle_json_append_string (literal, text);
  quoted = g_strdup_printf (HEAD START "{\"id\":\"router\",\"type\":\"merge\"},{\"id\":\"side\",\"type\":\"merge\"},"
                                       "{\"id\":\"t\",\"type\":\"template\",\"params\":{\"text\":%s}}," FINISH
                                       "],\"edges\":[{\"from\":\"start\",\"to\":\"router\"},{\"from\":\"router\",\"to\":\"t\"},"
                                       "{\"from\":\"start\",\"to\":\"side\"},{\"from\":\"t\",\"to\":\"finish\"},{\"from\":\"side\",\"to\":\"finish\"}]}",
                            literal->str);
  if (says == NULL)
    assert_clean (quoted);
  else
    assert_problem (quoted, HEDDLE_SEVERITY_ERROR, "t", says);
}

static void
test_references (void)
{
  assert_reference ("{{ $router.output }} {{ $start.message }}", NULL);
  assert_reference ("\\{{ $nowhere }} $nowhere", NULL);
  assert_reference ("{{ $routr.output }}", "Did you mean “$router”?");
  assert_reference ("{{ $nowhere }}", "Name one that runs before");
  assert_reference ("{{ $t.output }}", "itself");
  assert_reference ("{{ $side.output }}", "no connection leads from it");
  assert_reference ("{{ $finish.output }}", "no connection leads from it");
  assert_reference ("{{ 1 + }}", "");
}

/* A text that is not used by this setting is not looked at. */
static void
test_invisible (void)
{
  assert_clean (HEAD START
                "{\"id\":\"m\",\"type\":\"merge\",\"params\":{\"separator\":\"x\"}}," FINISH
                "],\"edges\":[{\"from\":\"start\",\"to\":\"m\"},{\"from\":\"m\",\"to\":\"finish\"}]}");
}

static void
test_order (void)
{
  g_autoptr (HeddleGraph) graph = load (HEAD START "{\"id\":\"loose\",\"type\":\"merge\"},{\"id\":\"x\",\"type\":\"nope\"},"
                                                   "{\"id\":\"y\",\"type\":\"nope\"}," FINISH "],\"edges\":[{\"from\":\"q\",\"to\":\"r\"}]}");
  g_autoptr (GPtrArray) problems = heddle_graph_validate (graph);
  gint64 last = -1;
  HeddleSeverity severity = HEDDLE_SEVERITY_ERROR;

  for (guint i = 0; i < problems->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (problems, i);
      gint64 place = problem->node != NULL ? (gint64) heddle_graph_find_node (graph, problem->node)->index : -1;

      g_assert_cmpint (problem->severity, >=, severity);
      if (problem->severity == severity)
        g_assert_cmpint (place, >=, last);
      severity = problem->severity;
      last = place;
    }
  g_assert_cmpstr (((HeddleProblem *) g_ptr_array_index (problems, 1))->node, ==, "x");
}

/* What is remembered of a node follows its edits. */
static void
test_after_edits (void)
{
  g_autoptr (HeddleGraph) graph = load (HEAD START "{\"id\":\"t\",\"type\":\"template\",\"params\":{\"text\":\"{{ $start }}\"}}," FINISH
                                                   "],\"edges\":[{\"from\":\"start\",\"to\":\"t\"},{\"from\":\"t\",\"to\":\"finish\"}]}");
  g_autoptr (HeddleDocument) document = heddle_document_new (graph);
  g_autoptr (JsonNode) text = heddle_json_string ("{{ $stat }}");
  const char *const ids[] = { "start", NULL };
  GPtrArray *problems;

  problems = heddle_graph_validate (graph);
  g_assert_cmpuint (problems->len, ==, 0);
  g_ptr_array_unref (problems);

  heddle_document_rename (document, "start", "begin", NULL);
  problems = heddle_graph_validate (graph);
  g_assert_cmpuint (problems->len, ==, 0);
  g_ptr_array_unref (problems);

  heddle_document_set_param (document, "t", "text", text);
  heddle_document_rename (document, "t", "u", NULL);
  problems = heddle_graph_validate (graph);
  g_assert_nonnull (find (problems, "u", "$stat"));
  g_ptr_array_unref (problems);

  while (heddle_document_undo (document))
    ;
  heddle_document_remove (document, ids, FALSE);
  problems = heddle_graph_validate (graph);
  g_assert_nonnull (find (problems, "t", "no node “$start”"));
  g_ptr_array_unref (problems);
}

static void
test_can_connect (void)
{
  static const struct
  {
    const char *from, *from_port, *to, *to_port, *says;
  } cases[] = {
    { "start", "out", "finish", "in", NULL },
    { "start", "out", "a", "in", "already connected" },
    { "a", "out", "a", "in", "itself" },
    { "b", "out", "a", "in", NULL },
    { "a", "out", "start", "in", "begins the workflow" },
    { "finish", "out", "a", "in", "ends the workflow" },
    { "a", "side", "finish", "in", "no output “side”" },
    { "a", "out", "finish", "side", "no input “side”" },
    { "ghost", "out", "a", "in", "no node “ghost”" },
    { "a", "out", "ghost", "in", "no node “ghost”" },
    { "x", "", "a", "in", "does not know" },
    { "a", "out", "x", "", "does not know" },
  };
  g_autoptr (HeddleGraph) graph = load (HEAD START "{\"id\":\"a\",\"type\":\"merge\"},{\"id\":\"b\",\"type\":\"merge\"},"
                                                   "{\"id\":\"x\",\"type\":\"nope\"}," FINISH
                                                   "],\"edges\":[{\"from\":\"start\",\"to\":\"a\"},{\"from\":\"a\",\"to\":\"b\"}]}");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *reason = NULL;
      gboolean allowed = heddle_graph_can_connect (graph, cases[i].from, cases[i].from_port, cases[i].to, cases[i].to_port, &reason);

      g_assert_cmpint (allowed, ==, cases[i].says == NULL);
      g_assert_cmpint (allowed, ==, heddle_graph_can_connect (graph, cases[i].from, cases[i].from_port, cases[i].to, cases[i].to_port, NULL));
      if (cases[i].says == NULL)
        g_assert_null (reason);
      else if (strstr (reason, cases[i].says) == NULL)
        g_error ("“%s” does not say “%s”", reason, cases[i].says);
    }
}

#define AGENT "{\"id\":\"agent\",\"type\":\"agent\",\"params\":{\"prompt\":\"Go.\"}},"
#define TOOL "{\"id\":\"tool\",\"type\":\"template\",\"params\":{\"text\":\"{{ $args.x }}\"}},"
#define FLOW "{\"from\":\"start\",\"to\":\"agent\"},{\"from\":\"agent\",\"to\":\"finish\"}"
#define WIRED ",{\"from\":\"tool\",\"to\":\"agent.tools\"}"

/* A node is a step of the flow or a tool, and never both. */
static void
test_tools (void)
{
  assert_clean (HEAD START AGENT TOOL FINISH "],\"edges\":[" FLOW WIRED "]}");
  assert_problem (HEAD START AGENT TOOL FINISH "],\"edges\":[" FLOW WIRED ",{\"from\":\"tool\",\"to\":\"finish\"}]}", HEDDLE_SEVERITY_ERROR, "tool",
                  "a tool and a step of the flow at once");
  assert_problem (HEAD START AGENT TOOL FINISH "],\"edges\":[" FLOW WIRED ",{\"from\":\"start\",\"to\":\"tool\"}]}", HEDDLE_SEVERITY_ERROR, "tool",
                  "a tool and a step of the flow at once");
  assert_problem (HEAD START AGENT TOOL "{\"id\":\"finish\",\"type\":\"output\",\"params\":{\"value\":\"{{ $tool.output }}\"}}],\"edges\":[" FLOW WIRED "]}",
                  HEDDLE_SEVERITY_ERROR, "finish", "“$tool” is a tool");
  assert_problem (HEAD START AGENT TOOL FINISH "],\"edges\":[" FLOW "]}", HEDDLE_SEVERITY_ERROR, "tool", "“$args” has a value only in a tool");
  assert_problem (HEAD START AGENT "{\"id\":\"tool\",\"type\":\"if-else\",\"params\":{\"condition\":\"true\"}}," FINISH "],\"edges\":[" FLOW
                                   ",{\"from\":\"tool.true\",\"to\":\"agent.tools\"}]}",
                  HEDDLE_SEVERITY_ERROR, "tool", "cannot be a tool");
  assert_problem (HEAD START AGENT TOOL "{\"id\":\"twin\",\"type\":\"template\",\"params\":{\"text\":\"x\"},\"tool\":{\"name\":\"tool\"}}," FINISH
                                        "],\"edges\":[" FLOW WIRED ",{\"from\":\"twin\",\"to\":\"agent.tools\"}]}",
                  HEDDLE_SEVERITY_ERROR, "twin", "are called “tool”");
}

static void
test_connect_tools (void)
{
  static const struct
  {
    const char *from, *to, *to_port, *says;
  } cases[] = {
    { "free", "agent", "tools", NULL },
    { "tool", "agent", "tools", "already connected" },
    { "start", "agent", "tools", "cannot be a tool" },
    { "step", "agent", "tools", "is a step of the flow, and a tool is not" },
    { "tool", "finish", "in", "its result goes to the agent" },
    { "start", "tool", "in", "it gets its arguments from the agent" },
    { "agent", "agent", "tools", "itself" },
    { "helper", "agent", "tools", NULL },
    { "sub", "helper", "tools", "already connected" },
    { "helper", "sub", "tools", "agents that call each other" },
  };
  g_autoptr (HeddleGraph) graph = load (HEAD START AGENT TOOL
                                        "{\"id\":\"helper\",\"type\":\"agent\"},{\"id\":\"sub\",\"type\":\"agent\"},"
                                        "{\"id\":\"free\",\"type\":\"http\"},{\"id\":\"step\",\"type\":\"template\"}," FINISH
                                        "],\"edges\":[" FLOW WIRED ",{\"from\":\"start\",\"to\":\"step\"},{\"from\":\"sub\",\"to\":\"helper.tools\"}]}");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *reason = NULL;
      gboolean allowed = heddle_graph_can_connect (graph, cases[i].from, "out", cases[i].to, cases[i].to_port, &reason);

      g_assert_cmpint (allowed, ==, cases[i].says == NULL);
      if (cases[i].says != NULL && strstr (reason, cases[i].says) == NULL)
        g_error ("“%s” does not say “%s”", reason, cases[i].says);
    }
}

static char *
dup_text (HeddleDocument *document)
{
  return heddle_graph_to_json (heddle_document_get_graph (document));
}

/* Wiring a tool and saying what it is are edits like any other. */
static void
test_undo_tool (void)
{
  g_autoptr (HeddleGraph) graph = load (HEAD START AGENT TOOL FINISH "],\"edges\":[" FLOW "]}");
  g_autoptr (HeddleDocument) document = heddle_document_new (graph);
  g_autoptr (JsonNode) json = heddle_json_parse ("{\"name\":\"other\",\"approval\":\"always\"}", -1, NULL);
  g_autofree char *before = dup_text (document);
  g_autofree char *after = NULL;
  g_autofree char *undone = NULL;
  g_autofree char *redone = NULL;

  g_assert_true (heddle_document_connect (document, "tool", "out", "agent", "tools", NULL));
  heddle_document_set_node_object (document, "tool", "tool", json_node_get_object (json));
  after = dup_text (document);
  g_assert_nonnull (strstr (after, "agent.tools"));
  g_assert_nonnull (strstr (after, "\"always\""));
  g_assert_true (heddle_graph_is_tool (graph, "tool"));
  while (heddle_document_undo (document))
    ;
  undone = dup_text (document);
  g_assert_cmpstr (undone, ==, before);
  g_assert_false (heddle_graph_is_tool (graph, "tool"));
  while (heddle_document_redo (document))
    ;
  redone = dup_text (document);
  g_assert_cmpstr (redone, ==, after);
}

/* A chain where each node reads one a hundred before it, so that no query is answered by a neighbour. */
static void
test_large (void)
{
  g_autoptr (GString) text = g_string_new (HEAD START);
  g_autoptr (HeddleGraph) graph = NULL;
  gint64 times[3];

  for (guint i = 0; i < N_NODES; i++)
    g_string_append_printf (text, "{\"id\":\"n%u\",\"type\":\"template\",\"params\":{\"text\":\"{{ $n%u.output }}\"}},", i,
                            i >= 100 ? i - 100 : i);
  g_string_append (text, FINISH "],\"edges\":[{\"from\":\"start\",\"to\":\"n0\"},{\"from\":\"n0\",\"to\":\"finish\"}");
  for (guint i = 1; i < N_NODES; i++)
    g_string_append_printf (text, ",{\"from\":\"n%u\",\"to\":\"n%u\"}", i - 1, i);
  g_string_append (text, "]}");
  graph = load (text->str);

  times[0] = g_get_monotonic_time ();
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) problems = heddle_graph_validate (graph);

      times[i + 1] = g_get_monotonic_time ();
      g_assert_cmpuint (problems->len, ==, 100);
    }
  g_test_message ("validate %d nodes: %.0f ms, again %.0f ms", N_NODES, (times[1] - times[0]) / 1e3, (times[2] - times[1]) / 1e3);
}

static void
test_secrets (void)
{
  static const struct
  {
    const char *value;
    gboolean is_secret;
  } cases[] = {
    { "\"sk-proj-abcdefghijklmnop1234\"", TRUE },
    { "\"Use key ghp_abcdefghijklmnopqrstuvwxyz0123456789 here\"", TRUE },
    { "\"https://user:hunter22@example.org/\"", TRUE },
    { "\"https://example.org/?api_key=1234567890abcdef\"", TRUE },
    { "\"https://example.org/?api_key={{ $env.key }}\"", FALSE },
    { "\"Bearer abcdefghijklmnopqrstuvwxyz\"", TRUE },
    { "\"Bearer {{ $env.token }}\"", FALSE },
    { "[{\"name\":\"X-API-Key\",\"value\":\"short\"}]", TRUE },
    { "[{\"name\":\"X-API-Key\",\"value\":\"{{ $env.key }}\"}]", FALSE },
    { "{\"deep\":[{\"password\":\"hunter2\"}]}", TRUE },
    { "\"-----BEGIN RSA PRIVATE KEY-----\"", TRUE },
    { "\"The bearer of good news; a task-oriented basic sentence\"", FALSE },
    { "\"0f8c1b62-9f8a-4f3c-8d2e-2b6a7c1d9e10\"", FALSE },
    { "\"\"", FALSE },
    { "7", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf (HEAD "{\"id\":\"a\",\"type\":\"template\",\"params\":{\"text\":%s}}]}", cases[i].value);
      g_autoptr (HeddleGraph) graph = load (text);
      g_autoptr (GPtrArray) suspects = heddle_graph_list_secret_suspects (graph);

      if ((suspects->len > 0) != cases[i].is_secret)
        g_error ("%s is %s secret", cases[i].value, cases[i].is_secret ? "a" : "no");
      if (suspects->len > 0)
        g_assert_null (strstr (((HeddleProblem *) g_ptr_array_index (suspects, 0))->message, "hunter"));
    }
}

/* Wherever a workflow keeps text, not only in the parameters of a node. */
static void
test_secret_places (void)
{
  static const char key[] = "sk-proj-abcdefghijklmnop1234";
  static const char *const nodes[] = {
    "\"type\":\"http\",\"params\":{\"url\":\"https://example.org/?token=%s\"}",
    "\"type\":\"http\",\"params\":{\"url\":\"https://example.org\",\"headers\":[{\"name\":\"Authorization\",\"value\":\"%s\"}]}",
    "\"type\":\"http\",\"params\":{\"url\":\"https://example.org\",\"body\":\"{\\\"key\\\":\\\"%s\\\"}\"}",
    "\"type\":\"code\",\"params\":{\"code\":\"return '%s'\"}",
    "\"type\":\"template\",\"policy\":{\"on_error\":\"default\",\"default\":{\"a\":[\"%s\"]}}",
    "\"type\":\"template\",\"tool\":{\"description\":\"Use %s\"}",
    "\"type\":\"template\",\"pin\":{\"output\":{\"headers\":[\"%s\"]}}",
    "\"type\":\"of-another-version\",\"params\":{\"x\":\"%s\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (nodes); i++)
    {
      g_auto (GStrv) parts = g_strsplit (nodes[i], "%s", 2);
      g_autofree char *text = g_strconcat (HEAD "{\"id\":\"a\",", parts[0], key, parts[1], "}]}", NULL);
      g_autoptr (HeddleGraph) graph = load (text);
      g_autoptr (GPtrArray) suspects = heddle_graph_list_secret_suspects (graph);

      g_assert_cmpuint (suspects->len, ==, 1);
      g_assert_null (strstr (((HeddleProblem *) g_ptr_array_index (suspects, 0))->message, key));
    }
}

static void
test_pins (void)
{
  static const char flow[] = ",\"edges\":[{\"from\":\"start\",\"to\":\"t\"},{\"from\":\"t\",\"to\":\"finish\"}]}";

#define PINNED(pin) HEAD START "{\"id\":\"t\",\"type\":\"template\",\"params\":{\"text\":\"x\"},\"pin\":" pin "}," FINISH "]"
  const char *const texts[] = { PINNED ("{\"output\":\"text\"}"), PINNED ("{\"output\":null}"), PINNED ("{\"output\":[1]}"), PINNED ("{\"usage\":1}") };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = g_strconcat (texts[i], flow, NULL);

      if (i < 2)
        assert_clean (text);
      else if (i == 2)
        assert_problem (text, HEDDLE_SEVERITY_WARNING, "t", "of the type “text”");
      else
        assert_problem (text, HEDDLE_SEVERITY_ERROR, "t", "has no “output”");
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/validate/clean", test_clean);
  g_test_add_func ("/validate/whole", test_whole);
  g_test_add_func ("/validate/nodes", test_nodes);
  g_test_add_func ("/validate/edges", test_edges);
  g_test_add_func ("/validate/cycles", test_cycles);
  g_test_add_func ("/validate/two-cycles", test_two_cycles);
  g_test_add_func ("/validate/references", test_references);
  g_test_add_func ("/validate/invisible", test_invisible);
  g_test_add_func ("/validate/order", test_order);
  g_test_add_func ("/validate/after-edits", test_after_edits);
  g_test_add_func ("/validate/can-connect", test_can_connect);
  g_test_add_func ("/validate/tools", test_tools);
  g_test_add_func ("/validate/connect-tools", test_connect_tools);
  g_test_add_func ("/validate/undo-tool", test_undo_tool);
  g_test_add_func ("/validate/large", test_large);
  g_test_add_func ("/validate/secrets", test_secrets);
  g_test_add_func ("/validate/pins", test_pins);
  g_test_add_func ("/validate/secret-places", test_secret_places);

  return g_test_run ();
}
