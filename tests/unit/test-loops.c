/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "graph/heddle-document.h"
#include "registry/heddle-problem.h"
#include "value/heddle-json.h"

/* Circles of edges, frames, and what validation says of both. */

#define HEAD "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":["

/* "a:merge b:template@map1" and "a b, b.out c.in"; the workflow has an Input "start" and an Output "finish" besides. */
static HeddleGraph *
build (const char *nodes, const char *edges)
{
  g_autoptr (GString) text = g_string_new (HEAD "{\"id\":\"start\",\"type\":\"input\"},{\"id\":\"finish\",\"type\":\"output\"}");
  g_auto (GStrv) node_words = g_strsplit (nodes, " ", -1);
  g_auto (GStrv) edge_words = g_strsplit (edges, ", ", -1);
  g_autoptr (GError) error = NULL;
  HeddleGraph *graph;

  for (guint i = 0; node_words[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit_set (node_words[i], ":@", -1);

      g_string_append_printf (text, ",{\"id\":\"%s\",\"type\":\"%s\"", parts[0], parts[1]);
      if (parts[2] != NULL)
        g_string_append_printf (text, ",\"parent\":\"%s\"", parts[2]);
      g_string_append (text, "}");
    }
  g_string_append (text, "],\"edges\":[");
  for (guint i = 0; edge_words[i] != NULL && *edge_words[i] != '\0'; i++)
    {
      g_auto (GStrv) ends = g_strsplit (edge_words[i], " ", 2);

      g_string_append_printf (text, "%s{\"from\":\"%s\",\"to\":\"%s\"}", i > 0 ? "," : "", ends[0], ends[1]);
    }
  g_string_append (text, "]}");
  graph = heddle_graph_new_from_json (text->str, -1, &error);
  g_assert_no_error (error);
  return graph;
}

/* "b[b c]0 …": entry, nodes, number of the loop around it or "-". */
static char *
describe_loops (HeddleGraph *graph)
{
  g_autoptr (GPtrArray) loops = heddle_graph_list_loops (graph);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < loops->len; i++)
    {
      const HeddleGraphLoop *loop = g_ptr_array_index (loops, i);

      g_string_append_printf (text, "%s%s[", i > 0 ? " " : "", loop->entry);
      for (guint j = 0; j < loop->nodes->len; j++)
        g_string_append_printf (text, "%s%s", j > 0 ? " " : "", (const char *) g_ptr_array_index (loop->nodes, j));
      g_string_append (text, "]");
      if (loop->parent >= 0)
        g_string_append_printf (text, "%d", loop->parent);
      else
        g_string_append_c (text, '-');
    }
  return g_string_free (text, FALSE);
}

static void
test_list (void)
{
  static const struct
  {
    const char *nodes, *edges, *loops;
  } cases[] = {
    { "a:merge b:merge", "start a, a b, b finish", "" },
    { "a:merge b:merge", "start a, a b, b a, b finish", "a[a b]-" },
    /* Two edges back to one entry are one loop. */
    { "a:merge b:merge c:merge", "start a, a b, a c, b a, c a", "a[a b c]-" },
    /* One in the other, and one beside. */
    { "a:merge b:merge c:merge d:merge e:merge", "start a, a b, b c, c b, c a, c d, d e, e d", "a[a b c]- d[d e]- b[b c]0" },
    /* Entered at two nodes: none. */
    { "a:merge b:merge", "start a, start b, a b, b a", "" },
    /* The outer one is, the one in it is not. */
    { "a:merge b:merge c:merge", "start a, a b, a c, b c, c b, b a", "a[a b c]-" },
    /* Entered from nowhere: its first node. */
    { "a:merge b:merge", "a b, b a", "a[a b]-" },
    /* In a frame; the edges at its inner ports are no circle. */
    { "m:map a:merge@m b:merge@m", "start m, m a, a b, b a, b m, m finish", "a[a b]-" },
    { "m:map a:merge@m", "start m, m a, a m, m finish", "" },
    { "m:map a:merge@m b:merge@m", "start m, m a, m b, a b, b a, b m", "" },
    /* A loop around a frame, and one in it. */
    { "m:map a:merge@m b:merge@m c:merge", "start m, m a, a b, b a, b m, m c, c m, c finish", "m[m c]- a[a b]-" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleGraph) graph = build (cases[i].nodes, cases[i].edges);
      g_autofree char *loops = describe_loops (graph);

      g_assert_cmpstr (loops, ==, cases[i].loops);
    }
}

static const HeddleProblem *
find_problem (GPtrArray *problems, const char *node, const char *says)
{
  for (guint i = 0; i < problems->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (problems, i);

      if ((node == NULL || g_strcmp0 (problem->node, node) == 0) && strstr (problem->message, says) != NULL)
        return problem;
    }
  return NULL;
}

static void
test_can_connect (void)
{
  static const struct
  {
    const char *nodes, *edges, *from, *to, *says;
  } cases[] = {
    { "a:merge b:merge c:merge", "start a, a b, b c", "c", "a", NULL },
    { "a:merge b:merge c:merge", "start a, a b, b c", "c", "b", NULL },
    { "a:merge b:merge c:merge", "start a, start b, a b, b c", "c", "a", "entered at “a” and at “b”" },
    /* The edge is in no circle, but it is a second way into one. */
    { "a:merge b:merge", "start a, a b, b a", "start", "b", "entered at “a” and at “b”" },
    { "a:merge b:merge", "start a, a b, b a", "b", "finish", NULL },
    { "m:map a:merge@m b:merge@m", "start m, m a, a b, b a, b m", "m", "b", "entered at “a” and at “b”" },
    { "m:map a:merge@m b:merge@m", "start m, m a, a b, b m", "b", "a", NULL },
    { "m:map a:merge@m", "start m, m a, a m, m finish", "m", "start", "begins the workflow" },
    /* Nothing led into the circle; where it begins now, the rest of it is a tangle. */
    { "a:merge b:merge c:merge", "a b, b a, b c, c b, c a", "start", "c", "entered at" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleGraph) graph = build (cases[i].nodes, cases[i].edges);
      g_autoptr (HeddleDocument) document = heddle_document_new (graph);
      g_autoptr (GError) error = NULL;

      for (guint j = 0; j < heddle_graph_get_n_nodes (graph); j++)
        heddle_document_set_title (document, heddle_graph_get_node (graph, j)->id, heddle_graph_get_node (graph, j)->id);
      if (heddle_document_connect (document, cases[i].from, NULL, cases[i].to, NULL, &error) != (cases[i].says == NULL))
        g_error ("Case %u: %s", i, error != NULL ? error->message : "allowed");
      if (cases[i].says != NULL && strstr (error->message, cases[i].says) == NULL)
        g_error ("Case %u says: %s", i, error->message);
    }
}

#define N_POINTS 7

/* The textbook's way: a point with one neighbour before it becomes part of that one, until there is only one point left. */
static gboolean
is_reducible (gboolean arcs[N_POINTS][N_POINTS])
{
  gboolean left[N_POINTS];
  guint n_left = N_POINTS;
  gboolean goes_on = TRUE;

  for (guint i = 0; i < N_POINTS; i++)
    left[i] = TRUE;
  while (goes_on)
    {
      goes_on = FALSE;
      for (guint i = 1; i < N_POINTS; i++)
        {
          guint n_before = 0;
          guint before = 0;

          arcs[i][i] = FALSE;
          for (guint j = 0; left[i] && j < N_POINTS; j++)
            {
              if (left[j] && arcs[j][i])
                {
                  n_before++;
                  before = j;
                }
            }
          if (n_before != 1)
            continue;
          for (guint j = 0; j < N_POINTS; j++)
            arcs[before][j] = arcs[before][j] || arcs[i][j];
          arcs[before][before] = FALSE;
          left[i] = FALSE;
          n_left--;
          goes_on = TRUE;
        }
    }
  return n_left == 1;
}

/* Every node is reached: from the start when nothing else reaches it. */
static void
make_reachable (gboolean arcs[N_POINTS][N_POINTS])
{
  gboolean reached[N_POINTS] = { TRUE };

  for (guint next = 0; next < N_POINTS; next++)
    {
      for (guint round = 0; round < N_POINTS; round++)
        {
          for (guint i = 0; i < N_POINTS * N_POINTS; i++)
            reached[i % N_POINTS] = reached[i % N_POINTS] || (reached[i / N_POINTS] && arcs[i / N_POINTS][i % N_POINTS]);
        }
      for (guint i = 1; i < N_POINTS; i++)
        {
          if (reached[i])
            continue;
          arcs[0][i] = reached[i] = TRUE;
          break;
        }
    }
}

static HeddleGraph *
build_from_arcs (gboolean arcs[N_POINTS][N_POINTS])
{
  g_autoptr (GString) edges = g_string_new (NULL);

  for (guint i = 0; i < N_POINTS; i++)
    {
      for (guint j = 1; j < N_POINTS; j++)
        {
          g_autofree char *from = i > 0 ? g_strdup_printf ("n%u", i) : g_strdup ("start");

          if (arcs[i][j])
            g_string_append_printf (edges, "%s%s n%u", edges->len > 0 ? ", " : "", from, j);
        }
    }
  return build ("n1:merge n2:merge n3:merge n4:merge n5:merge n6:merge", edges->str);
}

/* Random graphs: a tangle is reported for exactly those that no nest of loops can be made of. */
static void
test_against_textbook (void)
{
  guint n_tangled = 0;

  for (guint round = 0; round < 600; round++)
    {
      gboolean arcs[N_POINTS][N_POINTS] = { { FALSE } };
      g_autoptr (HeddleGraph) graph = NULL;
      g_autoptr (GPtrArray) problems = NULL;
      gboolean is_tangled;

      for (int i = g_test_rand_int_range (4, 14); i > 0; i--)
        {
          int from = g_test_rand_int_range (0, N_POINTS);
          int to = g_test_rand_int_range (1, N_POINTS);

          arcs[from][to] = from != to;
        }
      make_reachable (arcs);
      graph = build_from_arcs (arcs);
      problems = heddle_graph_validate (graph);
      is_tangled = find_problem (problems, NULL, "is entered at") != NULL;
      g_assert_cmpint (is_tangled, ==, !is_reducible (arcs));
      n_tangled += is_tangled;
    }
  g_assert_cmpuint (n_tangled, >, 20);
  g_assert_cmpuint (n_tangled, <, 580);
}

/* What can be drawn never is a tangle, in whatever order it is drawn. */
static void
test_drawn_is_no_tangle (void)
{
  for (guint round = 0; round < 60; round++)
    {
      g_autoptr (HeddleGraph) graph = build ("m:map n1:merge n2:merge n3:merge@m n4:merge@m n5:merge@m n6:merge", "");
      g_autoptr (HeddleDocument) document = heddle_document_new (graph);
      static const char *const ids[] = { "start", "m", "n1", "n2", "n3", "n4", "n5", "n6", "finish" };

      for (guint i = 0; i < 60; i++)
        {
          g_autoptr (GPtrArray) problems = NULL;

          heddle_document_connect (document, ids[g_test_rand_int_range (0, G_N_ELEMENTS (ids))], NULL,
                                   ids[g_test_rand_int_range (0, G_N_ELEMENTS (ids))], NULL, NULL);
          problems = heddle_graph_validate (graph);
          g_assert_null (find_problem (problems, NULL, "is entered at"));
        }
    }
}

static void
test_validate_circles (void)
{
  g_autoptr (HeddleGraph) graph = build ("a:merge b:merge", "start a, start b, a b, b a, b finish");
  g_autoptr (GPtrArray) problems = heddle_graph_validate (graph);
  const HeddleProblem *first = find_problem (problems, "a", "entered at “a”, “b”");
  const HeddleProblem *second = find_problem (problems, "b", "entered at “a”, “b”");

  g_assert_nonnull (first);
  g_assert_nonnull (second);
  g_assert_cmpint (first->severity, ==, HEDDLE_SEVERITY_ERROR);
  g_assert_cmpstr (second->port, ==, "in");
}

/* Deep nesting is told, not followed to its end: this has ten thousand circles in each other. */
static void
test_deep_circles (void)
{
  g_autoptr (GString) nodes = g_string_new (NULL);
  g_autoptr (GString) edges = g_string_new ("start n0");
  g_autoptr (HeddleGraph) graph = NULL;
  g_autoptr (GPtrArray) problems = NULL;
  const guint n = 2000;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (nodes, "%sn%u:merge", i > 0 ? " " : "", i);
  for (guint i = 0; i + 1 < n; i++)
    g_string_append_printf (edges, ", n%u n%u", i, i + 1);
  for (guint i = 0; i < n / 2; i++)
    g_string_append_printf (edges, ", n%u n%u", n - 1 - i, i);
  graph = build (nodes->str, edges->str);
  problems = heddle_graph_validate (graph);
  g_assert_nonnull (find_problem (problems, NULL, "more than 16 circles"));
}

static void
test_deep_frames (void)
{
  g_autoptr (GString) nodes = g_string_new ("f0:map");
  g_autoptr (HeddleGraph) graph = NULL;
  g_autoptr (GPtrArray) problems = NULL;

  for (guint i = 1; i < 3000; i++)
    g_string_append_printf (nodes, " f%u:map@f%u", i, i - 1);
  graph = build (nodes->str, "");
  problems = heddle_graph_validate (graph);
  g_assert_null (find_problem (problems, "f16", "more than 16 frames"));
  g_assert_nonnull (find_problem (problems, "f17", "more than 16 frames"));
}

static void
assert_says (const char *nodes, const char *edges, HeddleSeverity severity, const char *node, const char *says)
{
  g_autoptr (HeddleGraph) graph = build (nodes, edges);
  g_autoptr (GPtrArray) problems = heddle_graph_validate (graph);
  const HeddleProblem *problem = find_problem (problems, node, says);

  for (guint i = 0; problem == NULL && i < problems->len; i++)
    g_test_message ("%s: %s", ((HeddleProblem *) g_ptr_array_index (problems, i))->node, ((HeddleProblem *) g_ptr_array_index (problems, i))->message);
  if (problem == NULL)
    g_error ("No problem of “%s” says “%s”", node, says);
  g_assert_cmpint (problem->severity, ==, severity);
}

static void
test_validate_frames (void)
{
  assert_says ("a:merge@nobody", "start a", HEDDLE_SEVERITY_ERROR, "a", "there is no such node");
  assert_says ("a:merge@start", "start a", HEDDLE_SEVERITY_ERROR, "a", "which is no frame");
  assert_says ("m:map@l l:loop@m", "", HEDDLE_SEVERITY_ERROR, "l", "inside of itself");
  assert_says ("m:map", "start m", HEDDLE_SEVERITY_ERROR, "m", "frame is empty");
  assert_says ("m:map a:merge@m", "start m, m a", HEDDLE_SEVERITY_WARNING, "m", "Nothing leads to “Result”");
  assert_says ("m:map a:merge@m", "start m, a m", HEDDLE_SEVERITY_WARNING, "a", "when the frame begins");
  assert_says ("m:map i:input@m", "start m, i m", HEDDLE_SEVERITY_ERROR, "i", "cannot be in a frame");
  assert_says ("m:map a:merge@m", "start a, m a, a m", HEDDLE_SEVERITY_ERROR, "a", "without a connection");
  assert_says ("m:map a:merge@m", "start m, m finish, m.item finish", HEDDLE_SEVERITY_ERROR, "finish", "is not in the frame");
  assert_says ("m:map a:merge@m", "start m, m.item m.result", HEDDLE_SEVERITY_ERROR, "m", "connected to itself");
  assert_says ("m:map t:http@m g:agent", "t g.tools", HEDDLE_SEVERITY_ERROR, "g", "is in the frame");
  assert_says ("m:map a:error-handler@m b:error-handler@m", "a m, b m", HEDDLE_SEVERITY_ERROR, "b", "another Error Handler");
}

/* Nothing is wrong with these. */
static void
test_good_frames (void)
{
  static const char *const cases[][2] = {
    { "m:map a:template@m", "start m, m a, a m, m finish" },
    /* An error handler for the workflow and one for a frame; an Output in a frame; a tool in a frame; a loop that only ends by a break. */
    { "m:map a:error-handler@m b:error-handler c:merge d:merge@m", "start m, m d, d m, a m, m finish, b c, c finish" },
    { "m:map o:output@m a:template@m", "start m, m a, a o, a m" },
    { "l:loop a:merge@l", "start l, l a, a l.break, l finish" },
    { "s:subflow m:map@s a:template@m", "start s, s m, m a, a m, m s, s finish" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleGraph) graph = build (cases[i][0], cases[i][1]);
      g_autoptr (GPtrArray) problems = heddle_graph_validate (graph);

      for (guint j = 0; j < problems->len; j++)
        {
          const HeddleProblem *problem = g_ptr_array_index (problems, j);

          if (problem->severity == HEDDLE_SEVERITY_ERROR && strstr (problem->message, "Condition") == NULL)
            g_error ("Case %u: %s: %s", i, problem->node, problem->message);
        }
    }
}

static void
assert_reference (const char *nodes, const char *edges, const char *node, const char *text, HeddleSeverity severity, const char *says)
{
  g_autoptr (HeddleGraph) graph = build (nodes, edges);
  g_autoptr (HeddleDocument) document = heddle_document_new (graph);
  g_autoptr (JsonNode) value = heddle_json_string (text);
  g_autoptr (GPtrArray) problems = NULL;
  const HeddleProblem *problem = NULL;

  heddle_document_set_param (document, node, "text", value);
  problems = heddle_graph_validate (graph);
  for (guint i = 0; i < problems->len; i++)
    {
      if (g_strcmp0 (((HeddleProblem *) g_ptr_array_index (problems, i))->param, "text") == 0)
        problem = g_ptr_array_index (problems, i);
    }
  if ((problem != NULL) != (says != NULL))
    g_error ("%s: %s", text, problem != NULL ? problem->message : "no problem");
  if (problem == NULL)
    return;
  g_assert_cmpint (problem->severity, ==, severity);
  if (strstr (problem->message, says) == NULL)
    g_error ("%s: %s", text, problem->message);
}

static void
test_references (void)
{
  static const char nodes[] = "r:merge m:map a:template@m b:template@m after:template s:subflow c:template@s";
  static const char edges[] = "start r, r m, m a, a b, b m, m after, after s, s c, c s";

  assert_reference (nodes, edges, "b", "{{ $r.output }} {{ $start.message }} {{ $a.output }} {{ $m.item }} {{ $loop.index }} {{ $map.last }}", 0, NULL);
  assert_reference (nodes, edges, "a", "{{ $b.output }}", HEDDLE_SEVERITY_ERROR, "may not have run");
  assert_reference (nodes, edges, "a", "{{ $after.output }}", HEDDLE_SEVERITY_ERROR, "may not have run");
  assert_reference (nodes, edges, "after", "{{ $a.output }}", HEDDLE_SEVERITY_ERROR, "read “$m”");
  assert_reference (nodes, edges, "after", "{{ $m.output }}", 0, NULL);
  assert_reference (nodes, edges, "after", "{{ $loop.index }}", HEDDLE_SEVERITY_ERROR, "have a value only");
  assert_reference (nodes, edges, "c", "{{ $map.index }}", HEDDLE_SEVERITY_ERROR, "have a value only");
  assert_reference (nodes, edges, "c", "{{ $s.message }} {{ $after.output }}", 0, NULL);
  assert_reference (nodes, edges, "c", "{{ $a.output }}", HEDDLE_SEVERITY_ERROR, "read “$m”");
  /* In a circle the first round has no value of what comes later. */
  assert_reference ("a:template b:template", "start a, a b, b a, b finish", "b", "{{ $a.output }} {{ $loop.index }}", 0, NULL);
  assert_reference ("a:template b:template", "start a, a b, b a, b finish", "a", "{{ $b.output }}", HEDDLE_SEVERITY_WARNING, "first round");
  assert_reference ("a:template b:template", "start a, a b, b a, b finish", "a", "x {{ $b?.output ?? $b?.model }}", 0, NULL);
  assert_reference ("a:template b:template", "start a, a b, b a, b finish", "a", "{{ $b?.output }} {{ $b.output }}", HEDDLE_SEVERITY_WARNING, "first round");
  assert_reference ("a:merge b:merge t:template", "start a, a b, b a, b t, t finish", "t", "{{ $a.output }}", 0, NULL);
  /* After a failure anything may have run. */
  assert_reference ("h:error-handler t:template x:merge", "h t, start x", "t", "{{ $x?.output }}", 0, NULL);
}

/* A loop reads its condition in each round. */
static void
test_condition (void)
{
  g_autoptr (HeddleGraph) graph = build ("l:loop a:merge@l", "start l, l a, a l, l finish");
  g_autoptr (HeddleDocument) document = heddle_document_new (graph);
  g_autoptr (JsonNode) mode = heddle_json_string ("while");
  g_autoptr (JsonNode) condition = heddle_json_string ("$loop.index < 3");
  g_autoptr (GPtrArray) problems = NULL;

  heddle_document_set_param (document, "l", "mode", mode);
  heddle_document_set_param (document, "l", "condition", condition);
  problems = heddle_graph_validate (graph);
  g_assert_cmpuint (problems->len, ==, 0);
}

static void
test_variables (void)
{
  static const struct
  {
    const char *nodes, *edges;
    gboolean is_told;
  } cases[] = {
    { "x:variable y:variable", "start x, start y, x finish, y finish", TRUE },
    { "x:variable y:variable", "start x, x y, y finish", FALSE },
    { "c:if-else x:variable y:variable", "start c, c.true x, c.false y, x finish, y finish", FALSE },
    { "c:if-else a:merge b:merge x:variable y:variable", "start c, c.true a, c.false b, a x, b y", FALSE },
    /* Behind a join of both branches either can run. */
    { "c:if-else j:merge x:variable y:variable", "start c, c.true j, c.false j, j x, c.false y", TRUE },
    { "m:map x:variable@m y:variable", "start m, m x, x m, start y", TRUE },
    { "m:map x:variable@m y:variable", "start m, m x, x m, m y", FALSE },
    { "m:map x:variable@m y:variable@m", "start m, m x, m y, x m, y m", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleGraph) graph = build (cases[i].nodes, cases[i].edges);
      g_autoptr (HeddleDocument) document = heddle_document_new (graph);
      g_autoptr (JsonNode) name = heddle_json_string ("counter");
      g_autoptr (JsonNode) add = heddle_json_string ("add");
      GPtrArray *problems;

      heddle_document_set_param (document, "x", "name", name);
      heddle_document_set_param (document, "y", "name", name);
      problems = heddle_graph_validate (graph);
      if ((find_problem (problems, "y", "sets the same variable") != NULL) != cases[i].is_told)
        g_error ("Case %u is %stold", i, cases[i].is_told ? "not " : "");
      g_ptr_array_unref (problems);

      heddle_document_set_param (document, "x", "operation", add);
      problems = heddle_graph_validate (graph);
      g_assert_null (find_problem (problems, "y", "sets the same variable"));
      g_ptr_array_unref (problems);
    }
}

static void
test_settings (void)
{
  static const struct
  {
    const char *key, *value, *says;
  } cases[] = {
    { "pools", "{\"gpu\":2}", NULL },
    { "pools", "{\"gpu\":0}", "The pool “gpu”" },
    { "pools", "{\"gpu\":1.5}", "The pool “gpu”" },
    { "pools", "{\"gpu\":\"2\"}", "The pool “gpu”" },
    { "pools", "[]", "no object" },
    { "retention", "{\"runs\":10,\"days\":null,\"bytes\":1e9}", NULL },
    { "retention", "{\"days\":-1}", "“days”" },
    { "retention", "7", "no object" },
    { "budget", "{\"steps\":\"x\"}", "“steps”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleGraph) graph = build ("a:merge", "start a, a finish");
      g_autoptr (HeddleDocument) document = heddle_document_new (graph);
      g_autoptr (JsonNode) value = heddle_json_parse (cases[i].value, -1, NULL);
      g_autoptr (GPtrArray) problems = NULL;

      heddle_document_set_setting (document, cases[i].key, "Set", value);
      problems = heddle_graph_validate (graph);
      g_assert_cmpint (problems->len > 0, ==, cases[i].says != NULL);
      if (cases[i].says != NULL)
        g_assert_nonnull (find_problem (problems, NULL, cases[i].says));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/loops/list", test_list);
  g_test_add_func ("/loops/can-connect", test_can_connect);
  g_test_add_func ("/loops/against-textbook", test_against_textbook);
  g_test_add_func ("/loops/drawn-is-no-tangle", test_drawn_is_no_tangle);
  g_test_add_func ("/loops/validate-circles", test_validate_circles);
  g_test_add_func ("/loops/deep-circles", test_deep_circles);
  g_test_add_func ("/loops/deep-frames", test_deep_frames);
  g_test_add_func ("/loops/validate-frames", test_validate_frames);
  g_test_add_func ("/loops/good-frames", test_good_frames);
  g_test_add_func ("/loops/references", test_references);
  g_test_add_func ("/loops/condition", test_condition);
  g_test_add_func ("/loops/variables", test_variables);
  g_test_add_func ("/loops/settings", test_settings);

  return g_test_run ();
}
