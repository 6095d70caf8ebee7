/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>
#include <string.h>

#include "graph/heddle-document.h"
#include "random-graph.h"

/* Graphs as text for Mermaid and Graphviz. */

#define HEAD "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":["
#define BRANCHES                                                                                                                                                                                                       \
  HEAD "{\"id\":\"start\",\"type\":\"input\"},{\"id\":\"c\",\"type\":\"if-else\",\"title\":\"Check\",\"params\":{\"condition\":\"secret\"}},{\"id\":\"end\",\"type\":\"output\",\"title\":\"Done\",\"mode\":\"off\"}," \
       "{\"id\":\"m\",\"type\":\"map\",\"title\":\"Each\"},{\"id\":\"x\",\"type\":\"template\",\"parent\":\"m\",\"title\":\"Say\",\"mode\":\"bypass\"}],"                                                              \
       "\"edges\":[{\"from\":\"start\",\"to\":\"c\"},{\"from\":\"c.true\",\"to\":\"end\"},{\"from\":\"c.false\",\"to\":\"m\"},{\"from\":\"m.item\",\"to\":\"x\"},{\"from\":\"x\",\"to\":\"m.result\"},{\"from\":\"m\",\"to\":\"end\"}]}"

static HeddleGraph *
load (const char *text)
{
  g_autoptr (GError) error = NULL;
  HeddleGraph *graph = heddle_graph_new_from_json (text, -1, &error);

  g_assert_no_error (error);
  return graph;
}

static void
test_mermaid (void)
{
  g_autoptr (HeddleGraph) graph = load (BRANCHES);
  g_autofree char *text = heddle_graph_to_mermaid (graph);

  g_assert_cmpstr (text, ==,
                   "flowchart LR\n"
                   "  n0[\"Input\"]\n"
                   "  n1[\"Check\"]\n"
                   "  n2[\"Done #40;off#41;\"]\n"
                   "  style n2 stroke-dasharray:5 5\n"
                   "  subgraph n3[\"Each\"]\n"
                   "  n3b([\"Start\"])\n"
                   "  n4[\"Say #40;bypassed#41;\"]\n"
                   "  style n4 stroke-dasharray:5 5\n"
                   "  n3e([\"End\"])\n"
                   "  end\n"
                   "  n0 --> n1\n"
                   "  n1 -->|\"true\"| n2\n"
                   "  n1 -->|\"false\"| n3b\n"
                   "  n3b --> n4\n"
                   "  n4 --> n3e\n"
                   "  n3e --> n2\n");
}

static void
test_dot (void)
{
  g_autoptr (HeddleGraph) graph = load (BRANCHES);
  g_autofree char *text = heddle_graph_to_dot (graph);

  g_assert_cmpstr (text, ==,
                   "digraph {\n"
                   "  rankdir=LR\n"
                   "  node [shape=box style=rounded]\n"
                   "  n0 [label=\"Input\"]\n"
                   "  n1 [label=\"Check\"]\n"
                   "  n2 [label=\"Done (off)\"]\n"
                   "  n2 [style=\"rounded,dashed\"]\n"
                   "  subgraph cluster_n3 {\n"
                   "  label=\"Each\"\n"
                   "  n3b [label=\"Start\" shape=oval]\n"
                   "  n4 [label=\"Say (bypassed)\"]\n"
                   "  n4 [style=\"rounded,dashed\"]\n"
                   "  n3e [label=\"End\" shape=oval]\n"
                   "  }\n"
                   "  n0 -> n1\n"
                   "  n1 -> n2 [label=\"true\"]\n"
                   "  n1 -> n3b [label=\"false\"]\n"
                   "  n3b -> n4\n"
                   "  n4 -> n3e\n"
                   "  n3e -> n2\n"
                   "}\n");
}

static const char *const hostile[] = {
  "\"] --> x[\"",
  "end",
  "a\nb\r\tc",
  "\\",
  "\\\"",
  "\"",
  "<b>x</b>",
  "<table>",
  "#quot;",
  "%% comment",
  "}\n}\ndigraph {",
  "`markdown`",
  "\\N \\G \\l",
  "/* x */ // y",
  "click n0 \"javascript:alert(1)\"",
  "\xe2\x80\xa8line",
  "\xf0\x9f\xa6\x84",
  "\x01\x7f",
  "",
  " ",
  "--> |x| ---",
  "**bold** _it_ ~~s~~",
  "$(touch /tmp/x)",
};

static HeddleGraph *
make_hostile (void)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *id = g_strdup (heddle_document_add_node (document, i % 3 == 0 ? "subflow" : "template", NULL, 0, 0));

      heddle_document_set_title (document, id, hostile[i]);
    }
  heddle_document_connect (document, "template", NULL, "template2", NULL, NULL);
  return g_object_ref (heddle_document_get_graph (document));
}

/* Lines begin only with what a diagram is made of, and quotes close where they opened. */
static void
assert_lines (const char *text, const char *const *beginnings)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      gboolean known = FALSE;
      guint n_quotes = 0;

      for (guint j = 0; beginnings[j] != NULL; j++)
        known = known || g_str_has_prefix (lines[i], beginnings[j]);
      g_assert_true (known);
      for (const char *p = lines[i]; *p != '\0'; p++)
        {
          if (*p == '\\')
            p++;
          else
            n_quotes += *p == '"';
        }
      g_assert_cmpuint (n_quotes % 2, ==, 0);
    }
}

static void
test_hostile (void)
{
  static const char *const of_mermaid[] = { "  n", "  subgraph n", "  end", "  style n", NULL };
  static const char *const of_dot[] = { "  n", "  subgraph cluster_n", "  }", "}", "  label=\"", "  style=", "  rankdir=LR", NULL };
  g_autoptr (HeddleGraph) graph = make_hostile ();
  g_autofree char *mermaid = heddle_graph_to_mermaid (graph);
  g_autofree char *dot = heddle_graph_to_dot (graph);

  assert_lines (mermaid, of_mermaid);
  assert_lines (dot, of_dot);
}

static void
assert_parses (const char *program, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) dot = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error,
                                                  program, "-Tcanon", NULL);
  g_autofree char *output = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (dot, text, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (dot))
    g_test_message ("%s", output);
  g_assert_true (g_subprocess_get_successful (dot));
  g_assert_null (strstr (output, "Warning"));
  g_assert_null (strstr (output, "Error"));
}

static void
test_graphviz (void)
{
  g_autofree char *program = g_find_program_in_path ("dot");
  g_autoptr (HeddleGraph) graph = make_hostile ();
  g_autofree char *text = heddle_graph_to_dot (graph);

  if (program == NULL)
    {
      g_test_skip ("There is no dot, which comes with Graphviz.");
      return;
    }
  assert_parses (program, text);
  for (guint32 seed = 1; seed <= 10; seed++)
    {
      g_autoptr (RandomGraph) made = random_graph_new (seed, RANDOM_NESTED);
      g_autofree char *json = random_graph_to_json (made);
      g_autoptr (HeddleGraph) other = load (json);
      g_autofree char *diagram = heddle_graph_to_dot (other);

      assert_parses (program, diagram);
    }
}

/* Frames in each other and loose edges are in files only, and are left out. */
static void
test_broken (void)
{
  g_autoptr (HeddleGraph) graph = load (HEAD "{\"id\":\"a\",\"type\":\"subflow\",\"parent\":\"b\"},{\"id\":\"b\",\"type\":\"subflow\",\"parent\":\"a\"},{\"id\":\"u\",\"type\":\"nobody\"}],"
                                             "\"edges\":[{\"from\":\"a\",\"to\":\"gone\"},{\"from\":\"gone\",\"to\":\"u\"},{\"from\":\"u.x\",\"to\":\"u.y\"}]}");
  g_autofree char *text = heddle_graph_to_mermaid (graph);

  g_assert_cmpstr (text, ==, "flowchart LR\n  n2[\"nobody\"]\n  n2 -->|\"x → y\"| n2\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/diagram/mermaid", test_mermaid);
  g_test_add_func ("/diagram/dot", test_dot);
  g_test_add_func ("/diagram/hostile", test_hostile);
  g_test_add_func ("/diagram/graphviz", test_graphviz);
  g_test_add_func ("/diagram/broken", test_broken);

  return g_test_run ();
}
