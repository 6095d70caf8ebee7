/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "graph/heddle-document.h"
#include "value/heddle-json.h"

#define HEAD "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":["

static HeddleGraph *
load (const char *text)
{
  g_autoptr (GError) error = NULL;
  HeddleGraph *graph = heddle_graph_new_from_json (text, -1, &error);

  g_assert_no_error (error);
  return graph;
}

static void
assert_edge (GPtrArray *edges, guint index, const char *from, const char *to)
{
  const HeddleEdge *edge = g_ptr_array_index (edges, index);

  g_assert_cmpstr (edge->from, ==, from);
  g_assert_cmpstr (edge->to, ==, to);
}

#define DIAMOND                                                                                                                                    \
  HEAD "{\"id\":\"a\",\"type\":\"merge\"},{\"id\":\"b\",\"type\":\"merge\"},{\"id\":\"c\",\"type\":\"merge\"},{\"id\":\"d\",\"type\":\"merge\"}]," \
       "\"edges\":[{\"from\":\"a\",\"to\":\"b\"},{\"from\":\"c\",\"to\":\"d\"},{\"from\":\"a\",\"to\":\"c\"},{\"from\":\"b\",\"to\":\"d\"}]}"

static void
test_look_ups (void)
{
  g_autoptr (HeddleGraph) graph = load (DIAMOND);

  g_assert_cmpuint (heddle_graph_get_n_nodes (graph), ==, 4);
  g_assert_cmpstr (heddle_graph_get_node (graph, 2)->id, ==, "c");
  g_assert_cmpuint (heddle_graph_find_node (graph, "c")->index, ==, 2);
  g_assert_null (heddle_graph_find_node (graph, "z"));
  assert_edge (heddle_graph_get_out_edges (graph, "a"), 0, "a", "b");
  assert_edge (heddle_graph_get_out_edges (graph, "a"), 1, "a", "c");
  assert_edge (heddle_graph_get_in_edges (graph, "d"), 0, "c", "d");
  assert_edge (heddle_graph_get_in_edges (graph, "d"), 1, "b", "d");
  g_assert_cmpuint (heddle_graph_get_in_edges (graph, "nobody")->len, ==, 0);
  g_assert_null (heddle_graph_find_edge (graph, "a", "out", "d", "in"));
}

/* Edges stay in document order when one in the middle goes and comes back. */
static void
test_document_order (void)
{
  g_autoptr (HeddleGraph) graph = load (DIAMOND);
  g_autoptr (HeddleDocument) document = heddle_document_new (graph);
  static const char *const ids[] = { "c", NULL };

  heddle_document_remove (document, ids, FALSE);
  g_assert_cmpuint (heddle_graph_find_node (graph, "d")->index, ==, 2);
  g_assert_cmpuint (heddle_graph_get_in_edges (graph, "d")->len, ==, 1);
  heddle_document_undo (document);
  assert_edge (heddle_graph_get_out_edges (graph, "a"), 0, "a", "b");
  assert_edge (heddle_graph_get_out_edges (graph, "a"), 1, "a", "c");
  assert_edge (heddle_graph_get_in_edges (graph, "d"), 0, "c", "d");
  g_assert_cmpstr (heddle_graph_get_node (graph, 2)->id, ==, "c");
}

static void
test_duplicate_edges (void)
{
  g_autoptr (HeddleGraph) graph = load (HEAD "{\"id\":\"a\",\"type\":\"merge\"},{\"id\":\"b\",\"type\":\"merge\"}],\"edges\":["
                                             "{\"from\":\"a\",\"to\":\"b\",\"n\":1},{\"from\":\"a\",\"to\":\"b\",\"n\":2}]}");
  g_autoptr (HeddleDocument) document = heddle_document_new (graph);
  g_autofree char *before = heddle_graph_to_json (graph);
  g_autofree char *after = NULL;

  g_assert_true (heddle_document_disconnect (document, "a", "out", "b", "in"));
  g_assert_cmpint (json_object_get_int_member (heddle_graph_find_edge (graph, "a", "out", "b", "in")->extra, "n"), ==, 2);
  g_assert_true (heddle_document_rename (document, "a", "c", NULL));
  g_assert_true (heddle_document_disconnect (document, "c", "out", "b", "in"));
  g_assert_false (heddle_document_disconnect (document, "c", "out", "b", "in"));
  while (heddle_document_undo (document))
    ;
  g_assert_cmpint (json_object_get_int_member (heddle_graph_find_edge (graph, "a", "out", "b", "in")->extra, "n"), ==, 1);
  after = heddle_graph_to_json (graph);
  g_assert_cmpstr (after, ==, before);
}

/* The name that a loose edge waits for is not given to another node by chance. */
static void
test_loose_names_are_taken (void)
{
  g_autoptr (HeddleGraph) graph = load (HEAD "{\"id\":\"a\",\"type\":\"merge\"}],\"edges\":[{\"from\":\"a\",\"to\":\"merge\"}]}");
  g_autoptr (HeddleDocument) document = heddle_document_new (graph);

  g_assert_cmpstr (heddle_document_add_node (document, "merge", NULL, 0, 0), ==, "merge2");
  g_assert_false (heddle_document_rename (document, "a", "merge", NULL));
  g_assert_true (heddle_document_disconnect (document, "a", "out", "merge", ""));
  g_assert_cmpstr (heddle_document_add_node (document, "merge", NULL, 0, 0), ==, "merge");
}

static gboolean
overlap (const HeddleNode *a, const HeddleNode *b)
{
  return fabs (a->x - b->x) < HEDDLE_CARD_WIDTH && fabs (a->y - b->y) < HEDDLE_CARD_HEIGHT;
}

static void
assert_laid_out (HeddleGraph *graph)
{
  guint n_nodes = heddle_graph_get_n_nodes (graph);

  for (guint i = 0; i < n_nodes; i++)
    {
      const HeddleNode *node = heddle_graph_get_node (graph, i);

      g_assert_cmpfloat (fmod (node->x, HEDDLE_GRID), ==, 0);
      g_assert_cmpfloat (fmod (node->y, HEDDLE_GRID), ==, 0);
      for (guint j = 0; j < i; j++)
        g_assert_false (overlap (node, heddle_graph_get_node (graph, j)));
    }
}

static void
test_layout (void)
{
  g_autoptr (HeddleGraph) graph = load (DIAMOND);
  const HeddleNode *a = heddle_graph_find_node (graph, "a");
  const HeddleNode *b = heddle_graph_find_node (graph, "b");
  const HeddleNode *c = heddle_graph_find_node (graph, "c");
  const HeddleNode *d = heddle_graph_find_node (graph, "d");

  assert_laid_out (graph);
  g_assert_cmpfloat (a->x, ==, 0);
  g_assert_cmpfloat (b->x, ==, c->x);
  g_assert_cmpfloat (a->x + HEDDLE_CARD_WIDTH, <, b->x);
  g_assert_cmpfloat (b->x + HEDDLE_CARD_WIDTH, <, d->x);
  g_assert_cmpfloat (a->y, ==, d->y);
  g_assert_cmpfloat (b->y, <, c->y);
}

/* The true branch stays above the false one, whatever the order of nodes and edges. */
static void
test_layout_keeps_branches (void)
{
  g_autoptr (HeddleGraph) graph = load (HEAD "{\"id\":\"no\",\"type\":\"merge\"},{\"id\":\"yes\",\"type\":\"merge\"},{\"id\":\"check\",\"type\":\"if-else\"}],"
                                             "\"edges\":[{\"from\":\"check.false\",\"to\":\"no\"},{\"from\":\"check.true\",\"to\":\"yes\"}]}");

  g_assert_cmpfloat (heddle_graph_find_node (graph, "yes")->y, <, heddle_graph_find_node (graph, "no")->y);
}

/* Two chains given crosswise come out parallel. */
static void
test_layout_uncrosses (void)
{
  g_autoptr (HeddleGraph) graph = load (HEAD "{\"id\":\"s\",\"type\":\"merge\"},{\"id\":\"a\",\"type\":\"merge\"},{\"id\":\"b\",\"type\":\"merge\"},"
                                             "{\"id\":\"y\",\"type\":\"merge\"},{\"id\":\"x\",\"type\":\"merge\"}],\"edges\":[{\"from\":\"s\",\"to\":\"a\"},"
                                             "{\"from\":\"s\",\"to\":\"b\"},{\"from\":\"a\",\"to\":\"x\"},{\"from\":\"b\",\"to\":\"y\"}]}");
  double nodes = heddle_graph_find_node (graph, "a")->y - heddle_graph_find_node (graph, "b")->y;
  double targets = heddle_graph_find_node (graph, "x")->y - heddle_graph_find_node (graph, "y")->y;

  g_assert_cmpfloat (nodes * targets, >, 0);
}

/* Loops, islands, loose edges and edges that jump: nothing overlaps, nothing hangs. */
static void
test_layout_of_anything (void)
{
  for (guint round = 0; round < 30; round++)
    {
      g_autoptr (GString) text = g_string_new (HEAD);
      g_autoptr (HeddleGraph) graph = NULL;
      guint n_nodes = (guint) g_test_rand_int_range (1, 60);

      for (guint i = 0; i < n_nodes; i++)
        g_string_append_printf (text, "%s{\"id\":\"n%u\",\"type\":\"merge\"}", i > 0 ? "," : "", i);
      g_string_append (text, "],\"edges\":[");
      for (guint i = 0; i < n_nodes; i++)
        g_string_append_printf (text, "%s{\"from\":\"n%d\",\"to\":\"n%d\"}", i > 0 ? "," : "",
                                g_test_rand_int_range (0, (int) n_nodes + 2), g_test_rand_int_range (0, (int) n_nodes));
      g_string_append (text, "]}");
      graph = load (text->str);
      assert_laid_out (graph);
    }
}

/* Nodes that have a place keep it; the others come below. */
static void
test_partial_layout (void)
{
  g_autoptr (HeddleGraph) graph = load (HEAD "{\"id\":\"a\",\"type\":\"merge\"},{\"id\":\"b\",\"type\":\"merge\"},{\"id\":\"c\",\"type\":\"merge\"}],"
                                             "\"layout\":{\"a\":[160,320]}}");

  g_assert_cmpfloat (heddle_graph_find_node (graph, "a")->x, ==, 160);
  g_assert_cmpfloat (heddle_graph_find_node (graph, "a")->y, ==, 320);
  for (guint i = 1; i < 3; i++)
    {
      g_assert_cmpfloat (heddle_graph_get_node (graph, i)->y, >=, 320 + HEDDLE_CARD_HEIGHT);
      g_assert_false (overlap (heddle_graph_get_node (graph, 1), heddle_graph_get_node (graph, 0)));
    }
  g_assert_false (overlap (heddle_graph_get_node (graph, 1), heddle_graph_get_node (graph, 2)));
}

static void
test_tidy_selection (void)
{
  g_autoptr (HeddleGraph) graph = load (DIAMOND);
  g_autoptr (HeddleDocument) document = heddle_document_new (graph);
  static const char *const ids[] = { "b", "d", NULL };
  double x = heddle_graph_find_node (graph, "a")->x;

  heddle_document_set_position (document, "b", 1600, 800);
  heddle_document_set_position (document, "d", 1607, 1300);
  heddle_document_tidy (document, ids);
  g_assert_cmpfloat (heddle_graph_find_node (graph, "a")->x, ==, x);
  g_assert_cmpfloat (heddle_graph_find_node (graph, "b")->x, ==, 1600);
  g_assert_cmpfloat (heddle_graph_find_node (graph, "b")->y, ==, 800);
  g_assert_cmpfloat (heddle_graph_find_node (graph, "d")->x, >, 1600 + HEDDLE_CARD_WIDTH);
  g_assert_cmpfloat (heddle_graph_find_node (graph, "d")->y, ==, 800);
}

static void
test_names (void)
{
  static const char *const good[] = { "a", "_", "routerNode", "a1_b", "inputs" };
  static const char *const bad[] = { "", "1", "a-b", "a.b", "a b", "ä", "$a", "input", "env", "vars", "now" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (heddle_node_id_check (good[i], NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (heddle_node_id_check (bad[i], &error));
      g_assert_nonnull (error);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/graph/look-ups", test_look_ups);
  g_test_add_func ("/graph/document-order", test_document_order);
  g_test_add_func ("/graph/duplicate-edges", test_duplicate_edges);
  g_test_add_func ("/graph/loose-names-are-taken", test_loose_names_are_taken);
  g_test_add_func ("/graph/layout", test_layout);
  g_test_add_func ("/graph/layout-keeps-branches", test_layout_keeps_branches);
  g_test_add_func ("/graph/layout-uncrosses", test_layout_uncrosses);
  g_test_add_func ("/graph/layout-of-anything", test_layout_of_anything);
  g_test_add_func ("/graph/partial-layout", test_partial_layout);
  g_test_add_func ("/graph/tidy-selection", test_tidy_selection);
  g_test_add_func ("/graph/names", test_names);

  return g_test_run ();
}
