/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "graph/heddle-document.h"
#include "registry/heddle-problem.h"
#include "test-document.h"
#include "value/heddle-json.h"

/* What is put on one line or at the same distance, and what lines are led through. */

static const char HEAD[] =
  "{\n"
  "  \"format\": \"heddle-workflow\",\n"
  "  \"version\": 1,\n"
  "  \"id\": \"w\",\n"
  "  \"name\": \"n\",\n"
  "  \"nodes\": [\n"
  "    {\n"
  "      \"id\": \"start\",\n"
  "      \"type\": \"input\"\n"
  "    },\n"
  "    {\n"
  "      \"id\": \"one\",\n"
  "      \"type\": \"template\"\n"
  "    },\n"
  "    {\n"
  "      \"id\": \"two\",\n"
  "      \"type\": \"template\"\n"
  "    },\n"
  "    {\n"
  "      \"id\": \"finish\",\n"
  "      \"type\": \"output\"\n"
  "    }\n"
  "  ],\n"
  "  \"edges\": [\n";
static const char TAIL[] =
  "    { \"from\": \"two\", \"to\": \"finish\" }\n"
  "  ],\n"
  "  \"annotations\": [\n"
  "    { \"id\": \"note\", \"kind\": \"note\", \"text\": \"\", \"rect\": [400, 300, 100, 60] }\n"
  "  ],\n"
  "  \"layout\": {\n"
  "    \"start\": [0, 10],\n"
  "    \"one\": [300, 50.5],\n"
  "    \"two\": [640, 0],\n"
  "    \"finish\": [1000, 30]\n"
  "  }\n"
  "}\n";
static const char VIA[] = "    { \"from\": \"start\", \"to\": \"one\" },\n"
                          "    { \"from\": \"one\", \"to\": \"two\", \"via\": [[560, 150], [600.25, -40]] },\n";

static HeddleDocument *
load (const char *edges)
{
  g_autofree char *text = g_strconcat (HEAD, edges, TAIL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (text, -1, &error);

  g_assert_no_error (error);
  return heddle_document_new (graph);
}

static void
assert_edges (HeddleDocument *document, const char *edges)
{
  g_autofree char *expected = g_strconcat (HEAD, edges, TAIL, NULL);
  g_autofree char *text = heddle_test_save (document);

  g_assert_cmpstr (text, ==, expected);
}

static const HeddleNode *
find (HeddleDocument *document, const char *id)
{
  return heddle_graph_find_node (heddle_document_get_graph (document), id);
}

static const HeddleEdge *
find_edge (HeddleDocument *document, const char *from, const char *to)
{
  return heddle_graph_find_edge (heddle_document_get_graph (document), from, "out", to, "in");
}

static void
assert_points (const HeddleEdge *edge, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < edge->n_points; i++)
    g_string_append_printf (text, "%s%g,%g", i > 0 ? " " : "", edge->points[i].x, edge->points[i].y);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_points (void)
{
  const HeddlePoint points[] = { { 1.234, 2 }, { 1e9, -3 } };
  g_autoptr (HeddleDocument) document = load (VIA);

  assert_edges (document, VIA);
  assert_points (find_edge (document, "one", "two"), "560,150 600.25,-40");
  heddle_document_set_edge_points (document, "one", "out", "two", "in", points, 2);
  assert_points (find_edge (document, "one", "two"), "1.23,2 1e+08,-3");
  heddle_document_set_edge_points (document, "one", "out", "two", "in", NULL, 0);
  g_assert_cmpuint (find_edge (document, "one", "two")->n_points, ==, 0);
  heddle_document_set_edge_points (document, "one", "out", "two", "in", NULL, 0);
  heddle_document_undo (document);
  heddle_document_undo (document);
  g_assert_false (heddle_document_undo (document));
  assert_edges (document, VIA);
}

/* What this version cannot read stays as it is, and the edge leads where it leads. */
static void
test_unknown_via (void)
{
  static const char *const values[] = { "7", "null", "[1]", "[[1]]", "[[1, 2, 3]]", "[[1, \"2\"]]", "[[1, 1e+99]]", "{}", "[[0, 0], null]", "\"straight\"" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      const HeddlePoint point = { 5, 6 };
      g_autofree char *edges = g_strdup_printf ("    { \"from\": \"start\", \"to\": \"one\", \"via\": %s, \"zebra\": 1 },\n", values[i]);
      g_autoptr (HeddleDocument) document = load (edges);
      g_autoptr (GPtrArray) problems = heddle_graph_validate (heddle_document_get_graph (document));
      guint n = 0;

      assert_edges (document, edges);
      g_assert_cmpuint (find_edge (document, "start", "one")->n_points, ==, 0);
      for (guint j = 0; j < problems->len; j++)
        n += strstr (((HeddleProblem *) g_ptr_array_index (problems, j))->message, "“via”") != NULL;
      g_assert_cmpuint (n, ==, 1);
      heddle_document_set_edge_points (document, "start", "out", "one", "in", &point, 1);
      assert_edges (document, "    { \"from\": \"start\", \"to\": \"one\", \"via\": [[5, 6]], \"zebra\": 1 },\n");
      heddle_document_undo (document);
      assert_edges (document, edges);
    }
}

/* Only lines between nodes that both go the same way follow. */
static void
test_move (void)
{
  const char *const one[] = { "one", NULL };
  const char *const both[] = { "one", "two", NULL };
  g_autoptr (HeddleDocument) document = load (VIA);

  heddle_document_move (document, one, 10, 20);
  assert_points (find_edge (document, "one", "two"), "560,150 600.25,-40");
  heddle_document_move (document, both, 10, -20);
  assert_points (find_edge (document, "one", "two"), "570,130 610.25,-60");
  heddle_document_undo (document);
  heddle_document_undo (document);
  assert_edges (document, VIA);
}

static void
test_vanish (void)
{
  const char *const ids[] = { "one", NULL };
  const char *const both[] = { "one", "two", NULL };
  g_autoptr (HeddleDocument) document = load (VIA);
  g_autofree char *copy = heddle_graph_selection_to_json (heddle_document_get_graph (document), both);
  g_auto (GStrv) pasted = NULL;

  heddle_document_remove (document, ids, FALSE);
  g_assert_true (heddle_document_undo (document));
  assert_edges (document, VIA);
  g_assert_true (heddle_document_disconnect (document, "one", "out", "two", "in"));
  g_assert_true (heddle_document_connect (document, "one", NULL, "two", NULL, NULL));
  g_assert_cmpuint (find_edge (document, "one", "two")->n_points, ==, 0);
  heddle_document_undo (document);
  heddle_document_undo (document);
  assert_edges (document, VIA);

  pasted = heddle_document_paste (document, copy, 300, 100, NULL);
  assert_points (find_edge (document, pasted[0], pasted[1]), "560,250 600.25,60");
}

/* The way into the subflow is the one that led to its first node; and back. */
static void
test_extract (void)
{
  static const char edges[] = "    { \"from\": \"start\", \"to\": \"one\", \"via\": [[250, 90]] },\n"
                              "    { \"from\": \"one\", \"to\": \"two\", \"via\": [[560, 150], [600.25, -40]] },\n";
  const char *const ids[] = { "one", "two", NULL };
  g_autoptr (HeddleDocument) document = load (edges);
  g_autofree char *subflow = g_strdup (heddle_document_extract (document, ids, NULL));

  g_assert_nonnull (subflow);
  assert_points (find_edge (document, "start", subflow), "250,90");
  assert_points (find_edge (document, "one", "two"), "560,150 600.25,-40");
  heddle_document_set_mode (document, (const char *const[]){ subflow, NULL }, HEDDLE_NODE_OFF);
  g_assert_false (heddle_document_inline (document, subflow, NULL));
  heddle_document_undo (document);
  g_assert_true (heddle_document_inline (document, subflow, NULL));
  assert_points (find_edge (document, "start", "one"), "250,90");
  heddle_document_undo (document);
  heddle_document_undo (document);
  assert_edges (document, edges);
}

static double
get_height (HeddleDocument *document, const char *id)
{
  double width, height;

  heddle_node_get_size (find (document, id), &width, &height);
  return height;
}

static void
test_align (void)
{
  const char *const ids[] = { "start", "one", "finish", "note", "nobody", "one", NULL };
  g_autoptr (HeddleDocument) document = load (VIA);
  HeddleGraph *graph = heddle_document_get_graph (document);
  double bottom = 360;

  heddle_document_align (document, ids, HEDDLE_ALIGN_TOP);
  g_assert_cmpfloat (find (document, "one")->y, ==, 10);
  g_assert_cmpfloat (find (document, "finish")->y, ==, 10);
  g_assert_cmpfloat (heddle_graph_find_annotation (graph, "note")->y, ==, 10);
  g_assert_cmpfloat (find (document, "two")->y, ==, 0);
  heddle_document_undo (document);
  assert_edges (document, VIA);

  heddle_document_align (document, ids, HEDDLE_ALIGN_BOTTOM);
  g_assert_cmpfloat (find (document, "finish")->y + get_height (document, "finish"), ==, bottom);
  g_assert_cmpfloat (heddle_graph_find_annotation (graph, "note")->y, ==, 300);
  heddle_document_align (document, ids, HEDDLE_ALIGN_LEFT);
  g_assert_cmpfloat (find (document, "finish")->x, ==, 0);
  heddle_document_undo (document);
  heddle_document_align (document, ids, HEDDLE_ALIGN_RIGHT);
  g_assert_cmpfloat (find (document, "start")->x, ==, 1000);
  g_assert_cmpfloat (heddle_graph_find_annotation (graph, "note")->x, ==, 1108);
  heddle_document_align (document, ids, HEDDLE_ALIGN_RIGHT);
  heddle_document_undo (document);
  heddle_document_undo (document);
  assert_edges (document, VIA);
}

static void
test_middles (void)
{
  const char *const ids[] = { "start", "finish", NULL };
  g_autoptr (HeddleDocument) document = load (VIA);

  heddle_document_align (document, ids, HEDDLE_ALIGN_MIDDLE);
  g_assert_cmpfloat (find (document, "start")->y + get_height (document, "start") / 2, ==,
                     find (document, "finish")->y + get_height (document, "finish") / 2);
  heddle_document_align (document, ids, HEDDLE_ALIGN_CENTER);
  g_assert_cmpfloat (find (document, "start")->x, ==, 500);
}

static void
test_distribute (void)
{
  const char *const ids[] = { "finish", "one", "start", "two", NULL };
  const char *const pair[] = { "start", "finish", NULL };
  g_autoptr (HeddleDocument) document = load (VIA);
  double gap = (1208 - 4 * HEDDLE_CARD_WIDTH) / 3;

  heddle_document_distribute (document, pair, FALSE);
  heddle_document_distribute (document, ids, FALSE);
  g_assert_cmpfloat (find (document, "start")->x, ==, 0);
  g_assert_cmpfloat_with_epsilon (find (document, "one")->x, HEDDLE_CARD_WIDTH + gap, 0.01);
  g_assert_cmpfloat_with_epsilon (find (document, "two")->x, 2 * (HEDDLE_CARD_WIDTH + gap), 0.01);
  g_assert_cmpfloat (find (document, "finish")->x, ==, 1000);
  heddle_document_undo (document);
  assert_edges (document, VIA);
  g_assert_false (heddle_document_undo (document));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/arrange/points", test_points);
  g_test_add_func ("/arrange/unknown-via", test_unknown_via);
  g_test_add_func ("/arrange/move", test_move);
  g_test_add_func ("/arrange/vanish", test_vanish);
  g_test_add_func ("/arrange/extract", test_extract);
  g_test_add_func ("/arrange/align", test_align);
  g_test_add_func ("/arrange/middles", test_middles);
  g_test_add_func ("/arrange/distribute", test_distribute);

  return g_test_run ();
}
