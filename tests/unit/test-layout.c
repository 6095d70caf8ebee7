/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "graph/heddle-document.h"
#include "random-graph.h"
#include "test-document.h"

/* Tidying up, and places for single nodes. */

static HeddleDocument *
load (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (text, -1, &error);

  g_assert_no_error (error);
  return heddle_document_new (graph);
}

static const HeddleNode *
find (HeddleDocument *document, const char *id)
{
  return heddle_graph_find_node (heddle_document_get_graph (document), id);
}

static void
scatter (HeddleDocument *document, GRand *random)
{
  HeddleGraph *graph = heddle_document_get_graph (document);
  guint n_nodes = heddle_graph_get_n_nodes (graph);

  for (guint i = 0; i < n_nodes; i++)
    {
      g_autofree char *id = g_strdup (heddle_graph_get_node (graph, i)->id);

      heddle_document_set_position (document, id, g_rand_int_range (random, -2000, 2000), g_rand_int_range (random, -2000, 2000));
    }
}

static void
assert_stays (HeddleDocument *document)
{
  g_autofree char *tidy = NULL;
  g_autofree char *again = NULL;
  g_autofree char *loaded = NULL;
  g_autoptr (HeddleDocument) other = NULL;

  heddle_document_tidy (document, NULL);
  tidy = heddle_test_save (document);
  heddle_document_tidy (document, NULL);
  again = heddle_test_save (document);
  g_assert_cmpstr (again, ==, tidy);
  other = load (tidy);
  heddle_document_tidy (other, NULL);
  loaded = heddle_test_save (other);
  g_assert_cmpstr (loaded, ==, tidy);
  g_assert_false (heddle_document_undo (other));
}

/* Whatever it was before, a tidy graph stays as it is, also when it is loaded. */
static void
test_stable (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint32 seed = 1; seed <= 60; seed++)
    {
      g_autoptr (RandomGraph) made = random_graph_new (seed, seed % 2 == 0 ? RANDOM_NESTED : RANDOM_WAITING);
      g_autofree char *text = random_graph_to_json (made);
      g_autoptr (HeddleDocument) document = load (text);

      if (seed % 3 > 0)
        scatter (document, random);
      if (seed % 5 == 0)
        {
          heddle_document_add_annotation (document, HEDDLE_ANNOTATION_NOTE, "n", 5, 5, 100, 50);
          heddle_document_add_annotation (document, HEDDLE_ANNOTATION_FRAME, "f", -500, -500, 2000, 2000);
        }
      if (seed % 7 == 0)
        heddle_document_set_collapsed (document, heddle_graph_get_node (heddle_document_get_graph (document), 1)->id, TRUE);
      assert_stays (document);
    }
}

#define N_LAYERS 6
#define N_PER_LAYER 10

/* Edges lead from each layer to the next one, at random. */
static HeddleDocument *
make_layered (GRand *random)
{
  HeddleDocument *document = heddle_document_new (NULL);
  char *ids[N_LAYERS][N_PER_LAYER];

  heddle_document_begin (document, "Make");
  for (guint i = 0; i < N_LAYERS; i++)
    for (guint j = 0; j < N_PER_LAYER; j++)
      ids[i][j] = g_strdup (heddle_document_add_node (document, "merge", NULL, i * 400, j * 150));
  for (guint i = 0; i + 1 < N_LAYERS; i++)
    for (guint j = 0; j < N_PER_LAYER; j++)
      {
        for (guint n = 0; n < 2; n++)
          heddle_document_connect (document, ids[i][j], NULL, ids[i + 1][g_rand_int_range (random, 0, N_PER_LAYER)], NULL, NULL);
        heddle_document_connect (document, ids[i][g_rand_int_range (random, 0, N_PER_LAYER)], NULL, ids[i + 1][j], NULL, NULL);
      }
  heddle_document_end (document);
  for (guint i = 0; i < N_LAYERS; i++)
    for (guint j = 0; j < N_PER_LAYER; j++)
      g_free (ids[i][j]);
  return document;
}

/* As one sees it: pairs of edges between the same columns that end in the other order than they begin. */
static guint
count_crossings (HeddleGraph *graph)
{
  guint n_crossings = 0;

  for (guint i = 0; i < heddle_graph_get_n_edges (graph); i++)
    for (guint j = 0; j < i; j++)
      {
        const HeddleEdge *a = heddle_graph_get_edge (graph, i);
        const HeddleEdge *b = heddle_graph_get_edge (graph, j);
        const HeddleNode *a_from = heddle_graph_find_node (graph, a->from);
        const HeddleNode *b_from = heddle_graph_find_node (graph, b->from);
        const HeddleNode *a_to = heddle_graph_find_node (graph, a->to);
        const HeddleNode *b_to = heddle_graph_find_node (graph, b->to);

        n_crossings += a_from->x == b_from->x && a_to->x == b_to->x && (a_from->y - b_from->y) * (a_to->y - b_to->y) < 0;
      }
  return n_crossings;
}

static void
test_crossings (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  guint n_before = 0;
  guint n_after = 0;

  for (guint round = 0; round < 20; round++)
    {
      g_autoptr (HeddleDocument) document = make_layered (random);
      guint before = count_crossings (heddle_document_get_graph (document));
      guint after;

      heddle_document_tidy (document, NULL);
      after = count_crossings (heddle_document_get_graph (document));
      g_assert_cmpuint (after, <=, before);
      n_before += before;
      n_after += after;
    }
  g_test_message ("%u crossings in the order of the document, %u when tidied up", n_before, n_after);
  g_assert_cmpuint (n_after, <, n_before * 6 / 10);
}

/* Where no order has fewer crossings, that of the person stays. */
static void
test_order_survives (void)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);
  static const char *const order[] = { "merge4", "merge2", "merge3" };

  heddle_document_add_node (document, "merge", NULL, 0, 0);
  for (guint i = 0; i < 3; i++)
    {
      heddle_document_add_node (document, "merge", NULL, 400, 0);
      heddle_document_connect (document, "merge", NULL, order[2 - i], NULL, NULL);
    }
  for (guint i = 0; i < 3; i++)
    {
      heddle_document_connect (document, "merge", NULL, order[i], NULL, NULL);
      heddle_document_set_position (document, order[i], 400, 130 * i);
    }
  heddle_document_tidy (document, NULL);
  g_assert_cmpfloat (find (document, "merge4")->y, <, find (document, "merge2")->y);
  g_assert_cmpfloat (find (document, "merge2")->y, <, find (document, "merge3")->y);
  assert_stays (document);
}

/* Lines between neighbours of different heights are straight: their ports are on one level. */
static void
test_straight (void)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);

  heddle_document_add_node (document, "template", NULL, 0, 0);
  heddle_document_add_node (document, "llm", NULL, 50, 500);
  heddle_document_add_node (document, "merge", NULL, 90, -500);
  heddle_document_connect (document, "template", NULL, "llm", NULL, NULL);
  heddle_document_connect (document, "llm", NULL, "merge", NULL, NULL);
  heddle_document_tidy (document, NULL);
  g_assert_cmpfloat (find (document, "template")->y, ==, find (document, "llm")->y);
  g_assert_cmpfloat (find (document, "merge")->y, ==, find (document, "llm")->y);
}

/* A note stays beside its node, and a frame around those in it. */
static void
test_annotations (void)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);
  HeddleGraph *graph = heddle_document_get_graph (document);
  const HeddleAnnotation *note, *frame, *far;

  heddle_document_add_node (document, "merge", NULL, 0, 0);
  heddle_document_add_node (document, "merge", NULL, 100, 900);
  heddle_document_connect (document, "merge", NULL, "merge2", NULL, NULL);
  heddle_document_add_annotation (document, HEDDLE_ANNOTATION_NOTE, "n", 120, 1000, 100, 50);
  heddle_document_add_annotation (document, HEDDLE_ANNOTATION_NOTE, "far", 5000, 5000, 100, 50);
  heddle_document_add_annotation (document, HEDDLE_ANNOTATION_FRAME, "f", 80, 870, 300, 300);
  heddle_document_tidy (document, NULL);
  note = heddle_graph_find_annotation (graph, "note");
  frame = heddle_graph_find_annotation (graph, "frame");
  far = heddle_graph_find_annotation (graph, "note2");
  g_assert_cmpfloat (find (document, "merge2")->y, ==, 0);
  g_assert_cmpfloat (note->x - find (document, "merge2")->x, ==, 20);
  g_assert_cmpfloat (note->y - find (document, "merge2")->y, ==, 100);
  g_assert_cmpfloat (frame->x, ==, find (document, "merge2")->x - 20);
  g_assert_cmpfloat (frame->y, ==, find (document, "merge2")->y - 30);
  g_assert_cmpfloat (frame->width, ==, 300);
  g_assert_cmpfloat (far->x, ==, 5000);
  assert_stays (document);
}

static void
settle (HeddleDocument *document, const char *id)
{
  heddle_document_settle (document, (const char *const[]){ id, NULL });
}

/* A node that was just wired gets a place, and the others keep theirs. */
static void
test_settle (void)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);
  double width = HEDDLE_CARD_WIDTH;

  heddle_document_add_node (document, "merge", NULL, 0, 0);
  heddle_document_add_node (document, "merge", NULL, 1000, 0);
  heddle_document_add_node (document, "merge", NULL, 300, 0);
  heddle_document_add_node (document, "merge", NULL, -700, 3000);
  heddle_document_connect (document, "merge", NULL, "merge4", NULL, NULL);
  heddle_document_connect (document, "merge4", NULL, "merge2", NULL, NULL);
  settle (document, "merge4");
  g_assert_cmpfloat (find (document, "merge4")->x, >, width);
  g_assert_cmpfloat (find (document, "merge4")->x + width, <, 1000);
  g_assert_cmpfloat (find (document, "merge4")->y, !=, 0);
  g_assert_cmpfloat (ABS (find (document, "merge4")->y), <=, 2 * HEDDLE_CARD_HEIGHT);
  g_assert_cmpfloat (find (document, "merge2")->x, ==, 1000);
  g_assert_cmpfloat (find (document, "merge3")->x, ==, 300);
  heddle_document_undo (document);
  g_assert_cmpfloat (find (document, "merge4")->x, ==, -700);
}

/* Without room between them, what is behind moves away, and nothing else. */
static void
test_settle_without_room (void)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);

  heddle_document_add_node (document, "merge", NULL, 0, 0);
  heddle_document_add_node (document, "merge", NULL, 256, 0);
  heddle_document_add_node (document, "merge", NULL, 512, 0);
  heddle_document_add_node (document, "merge", NULL, 0, 500);
  heddle_document_connect (document, "merge2", NULL, "merge3", NULL, NULL);
  heddle_document_connect (document, "merge", NULL, "merge4", NULL, NULL);
  heddle_document_connect (document, "merge4", NULL, "merge2", NULL, NULL);
  settle (document, "merge4");
  g_assert_cmpfloat (find (document, "merge")->x, ==, 0);
  g_assert_cmpfloat (find (document, "merge4")->y, ==, 0);
  g_assert_cmpfloat (find (document, "merge4")->x, >, HEDDLE_CARD_WIDTH);
  g_assert_cmpfloat (find (document, "merge2")->x, >, find (document, "merge4")->x + HEDDLE_CARD_WIDTH);
  g_assert_cmpfloat (find (document, "merge3")->x - find (document, "merge2")->x, ==, 256);
}

/* A tool or a circle of one is wired to nothing beside it, so it only gets out of the way. */
static void
test_settle_alone (void)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);

  heddle_document_add_node (document, "merge", NULL, 0, 0);
  heddle_document_add_node (document, "merge", NULL, 0, 0);
  settle (document, "merge2");
  g_assert_cmpfloat (find (document, "merge2")->x, ==, 0);
  g_assert_cmpfloat (ABS (find (document, "merge2")->y), >=, HEDDLE_CARD_HEIGHT);
}

/* Where it was put is good enough when there is room; only its line becomes straight. */
static void
test_settle_where_put (void)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);

  heddle_document_add_node (document, "merge", NULL, 0, 0);
  heddle_document_add_node (document, "merge", NULL, 1600, 0);
  heddle_document_add_node (document, "merge", NULL, 1120, 22);
  heddle_document_connect (document, "merge", NULL, "merge3", NULL, NULL);
  heddle_document_connect (document, "merge3", NULL, "merge2", NULL, NULL);
  settle (document, "merge3");
  g_assert_cmpfloat (find (document, "merge3")->x, ==, 1120);
  g_assert_cmpfloat (find (document, "merge3")->y, ==, 0);
  g_assert_cmpfloat (find (document, "merge2")->x, ==, 1600);
  heddle_document_settle (document, (const char *const[]){ "gone", NULL });
  heddle_document_settle (document, (const char *const[]){ NULL });
}

/* Several keep their places to each other, and what is pushed pushes what lies in its way, wired or not. */
static void
test_settle_several (void)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);

  heddle_document_add_node (document, "merge", NULL, 0, 0);
  heddle_document_add_node (document, "merge", NULL, 272, 0);
  heddle_document_add_node (document, "merge", NULL, 544, 0);
  heddle_document_add_node (document, "merge", NULL, 100, 600);
  heddle_document_add_node (document, "merge", NULL, 372, 640);
  heddle_document_connect (document, "merge", NULL, "merge4", NULL, NULL);
  heddle_document_connect (document, "merge4", NULL, "merge5", NULL, NULL);
  heddle_document_connect (document, "merge5", NULL, "merge2", NULL, NULL);
  heddle_document_settle (document, (const char *const[]){ "merge5", "merge4", NULL });
  g_assert_cmpfloat (find (document, "merge4")->x, >, HEDDLE_CARD_WIDTH);
  g_assert_cmpfloat (find (document, "merge5")->x - find (document, "merge4")->x, ==, 272);
  g_assert_cmpfloat (find (document, "merge5")->y - find (document, "merge4")->y, ==, 40);
  g_assert_cmpfloat (find (document, "merge2")->x, >=, find (document, "merge5")->x + HEDDLE_CARD_WIDTH + 32);
  g_assert_cmpfloat (find (document, "merge3")->x - find (document, "merge2")->x, ==, 272);
  g_assert_cmpfloat (find (document, "merge")->x, ==, 0);
}

/* Into the edge from the side of a frame: what is in it makes way, and the frame grows around that. */
static void
test_settle_in_frame (void)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);
  const char *const ids[] = { "merge", "merge2", NULL };
  g_autofree char *map = g_strdup (heddle_document_add_node (document, "map", NULL, 0, 0));

  heddle_document_add_node (document, "merge", NULL, 160, 100);
  heddle_document_add_node (document, "merge", NULL, 0, 100);
  g_assert_true (heddle_document_set_parent (document, ids, map, NULL));
  heddle_document_connect (document, map, "item", "merge2", NULL, NULL);
  heddle_document_connect (document, "merge2", NULL, "merge", NULL, NULL);
  settle (document, "merge2");
  g_assert_cmpfloat (find (document, "merge2")->x, >=, find (document, map)->x + HEDDLE_FRAME_SIDE);
  g_assert_cmpfloat (find (document, "merge")->x, >=, find (document, "merge2")->x + HEDDLE_CARD_WIDTH + 32);
  g_assert_cmpfloat (find (document, map)->x + find (document, map)->width, >=, find (document, "merge")->x + HEDDLE_CARD_WIDTH);
}

static void
test_large (void)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autofree char *tidy = NULL;
  g_autofree char *again = NULL;
  gint64 start;

  heddle_document_begin (document, "Make");
  for (guint i = 0; i < 10000; i++)
    heddle_document_add_node (document, "merge", NULL, g_rand_int_range (random, 0, 90000), g_rand_int_range (random, 0, 90000));
  for (guint i = 1; i < 10000; i++)
    {
      for (guint n = 0; n < 1 + i % 2; n++)
        {
          const char *from = heddle_graph_get_node (heddle_document_get_graph (document), (guint) g_rand_int_range (random, (int) (i > 60 ? i - 60 : 0), (int) i))->id;
          const char *to = heddle_graph_get_node (heddle_document_get_graph (document), i)->id;

          heddle_document_connect (document, from, NULL, to, NULL, NULL);
        }
    }
  heddle_document_end (document);
  start = g_get_monotonic_time ();
  heddle_document_tidy (document, NULL);
  g_test_message ("10000 nodes, %u edges: tidy %.0f ms", heddle_graph_get_n_edges (heddle_document_get_graph (document)), (g_get_monotonic_time () - start) / 1e3);
  tidy = heddle_test_save (document);
  heddle_document_tidy (document, NULL);
  again = heddle_test_save (document);
  g_assert_cmpstr (again, ==, tidy);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/layout/stable", test_stable);
  g_test_add_func ("/layout/crossings", test_crossings);
  g_test_add_func ("/layout/order-survives", test_order_survives);
  g_test_add_func ("/layout/straight", test_straight);
  g_test_add_func ("/layout/annotations", test_annotations);
  g_test_add_func ("/layout/settle", test_settle);
  g_test_add_func ("/layout/settle-without-room", test_settle_without_room);
  g_test_add_func ("/layout/settle-alone", test_settle_alone);
  g_test_add_func ("/layout/settle-where-put", test_settle_where_put);
  g_test_add_func ("/layout/settle-several", test_settle_several);
  g_test_add_func ("/layout/settle-in-frame", test_settle_in_frame);
  g_test_add_func ("/layout/large", test_large);

  return g_test_run ();
}
