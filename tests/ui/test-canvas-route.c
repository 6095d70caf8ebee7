/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <adwaita.h>
#include <math.h>

#include "canvas/heddle-canvas-route.h"
#include "canvas/heddle-canvas-scene-private.h"

static GArray *
cards_new (const graphene_rect_t *cards, guint n_cards)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (graphene_rect_t));

  g_array_append_vals (array, cards, n_cards);
  return array;
}

static gboolean
passes (const HeddleCanvasCurve *curve, const graphene_rect_t *card)
{
  for (int i = 0; i <= 3000; i++)
    {
      double x, y;

      heddle_canvas_curve_get_point (curve, i / 3000., &x, &y);
      if (x > card->origin.x + 3 && x < card->origin.x + card->size.width - 3 && y > card->origin.y + 3 && y < card->origin.y + card->size.height - 3)
        return TRUE;
    }
  return FALSE;
}

static void
assert_finite (const HeddleCanvasCurve *curve)
{
  for (guint i = 0; i <= 3 * curve->n_beziers; i++)
    g_assert_true (isfinite (curve->x[i]) && isfinite (curve->y[i]));
}

static void
assert_clear (const HeddleCanvasCurve *curve, GArray *cards)
{
  assert_finite (curve);
  for (guint i = 0; i < cards->len; i++)
    g_assert_false (passes (curve, &g_array_index (cards, graphene_rect_t, i)));
}

/* From the right of the first card to the left of the second. */
static gboolean
find (GArray *cards, HeddleCanvasCurve *curve)
{
  const graphene_rect_t *from = &g_array_index (cards, graphene_rect_t, 0), *to = &g_array_index (cards, graphene_rect_t, 1);
  HeddlePoint start = { from->origin.x + from->size.width, from->origin.y + 36 }, end = { to->origin.x, to->origin.y + 36 };
  HeddleCanvasLane lane;

  if (!heddle_canvas_route_find (&start, &end, cards, &lane))
    return FALSE;
  heddle_canvas_curve_init_along (curve, start.x, start.y, end.x, end.y, &lane);
  g_assert_cmpfloat (curve->y[1], ==, start.y);
  g_assert_cmpfloat (curve->y[8], ==, end.y);
  g_assert_cmpfloat (curve->x[1], >, start.x);
  g_assert_cmpfloat (curve->x[8], <, end.x);
  return TRUE;
}

static void
test_clear (void)
{
  const graphene_rect_t rects[] = { { { 0, 0 }, { 208, 72 } }, { { 900, 300 }, { 208, 72 } }, { { 400, 300 }, { 100, 72 } }, { { 500, 0 }, { 200, 72 } } };
  g_autoptr (GArray) cards = cards_new (rects, G_N_ELEMENTS (rects));
  HeddleCanvasCurve curve;

  g_assert_false (find (cards, &curve));
}

static void
test_between (void)
{
  const graphene_rect_t rects[] = { { { 0, 0 }, { 208, 72 } }, { { 576, 0 }, { 208, 72 } }, { { 288, 0 }, { 208, 72 } } };
  g_autoptr (GArray) cards = cards_new (rects, G_N_ELEMENTS (rects));
  const graphene_rect_t below = GRAPHENE_RECT_INIT (288, 84, 208, 72);
  HeddleCanvasCurve curve;

  g_assert_true (find (cards, &curve));
  assert_clear (&curve, cards);
  g_assert_cmpfloat (curve.y[3], ==, 100);
  /* Where there is no room below, above. */
  g_array_append_val (cards, below);
  g_assert_true (find (cards, &curve));
  assert_clear (&curve, cards);
  g_assert_cmpfloat (curve.y[3], ==, -28);
}

static void
test_back (void)
{
  const graphene_rect_t rects[] = { { { 900, 0 }, { 208, 72 } }, { { 0, 0 }, { 208, 72 } }, { { 400, 0 }, { 208, 140 } } };
  g_autoptr (GArray) cards = cards_new (rects, G_N_ELEMENTS (rects));
  HeddleCanvasCurve curve;

  g_assert_true (find (cards, &curve));
  assert_clear (&curve, cards);
}

/* In a grid of cards with gaps between, whatever two are joined: no line crosses more cards than a plain one. */
static void
test_dense (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  guint n_led = 0;

  for (int i = 0; i < 200; i++)
    {
      g_autoptr (GArray) cards = g_array_new (FALSE, FALSE, sizeof (graphene_rect_t));
      guint other = g_rand_int_range (random, 1, 25);
      graphene_rect_t first;
      HeddleCanvasCurve curve;

      for (int j = 0; j < 25; j++)
        {
          graphene_rect_t card = GRAPHENE_RECT_INIT (j / 5 * 304 + g_rand_int_range (random, -12, 12), j % 5 * 168 + g_rand_int_range (random, -16, 16), 208, 72);

          g_array_append_val (cards, card);
        }
      first = g_array_index (cards, graphene_rect_t, 1);
      g_array_index (cards, graphene_rect_t, 1) = g_array_index (cards, graphene_rect_t, other);
      g_array_index (cards, graphene_rect_t, other) = first;
      if (!find (cards, &curve))
        continue;
      n_led++;
      assert_clear (&curve, cards);
    }
  g_assert_cmpuint (n_led, >, 30);
}

static void
check_hostile (double x1, double y1, double x2, double y2, GArray *cards)
{
  HeddlePoint start = { x1, y1 }, end = { x2, y2 };
  graphene_rect_t area;
  HeddleCanvasCurve curve;
  HeddleCanvasLane lane;

  if (!heddle_canvas_route_get_area (&start, &end, &area) || !heddle_canvas_route_is_blocked (&start, &end, cards, &area))
    return;
  g_assert_true (isfinite (area.size.width) && isfinite (area.size.height));
  if (!heddle_canvas_route_find (&start, &end, cards, &lane))
    return;
  heddle_canvas_curve_init_along (&curve, x1, y1, x2, y2, &lane);
  assert_finite (&curve);
  g_assert_true (isfinite (lane.give) && isfinite (lane.spare));
}

static void
test_hostile (void)
{
  static const double numbers[] = { 0, 1e-300, 300, -1e8, 1e8, 1e300, -G_MAXDOUBLE, NAN, INFINITY };
  const graphene_rect_t rects[] = {
    { { 0, 0 }, { 0, 0 } },
    { { 0, 0 }, { 208, 72 } },
    { { 10, 10 }, { 208, 72 } }, /* upon each other */
    { { 10, 10 }, { 208, 72 } },
    { { -1e8f, -1e8f }, { 2e8f, 2e8f } }, /* around everything */
    { { 100, -3e38f }, { 50, 3e38f } },
    { { NAN, 0 }, { 100, 100 } },
    { { 0, 0 }, { INFINITY, NAN } },
  };
  g_autoptr (GArray) cards = cards_new (rects, G_N_ELEMENTS (rects));
  const guint n = G_N_ELEMENTS (numbers);

  for (guint i = 0; i < n * n * n * n; i++)
    check_hostile (numbers[i % n], numbers[i / n % n], numbers[i / n / n % n], numbers[i / n / n / n], cards);
}

typedef struct
{
  HeddleCanvasScene *scene;
  HeddleDocument *document;
} Fixture;

static void
change_cb (HeddleDocument *document, HeddleChange *change, HeddleCanvasScene *scene)
{
  heddle_canvas_scene_apply (scene, heddle_document_get_graph (document), change);
}

static void
add_node (Fixture *f, const char *type, const char *id, double x, double y)
{
  g_autofree char *given = g_strdup (heddle_document_add_node (f->document, type, NULL, x, y));

  g_assert_true (heddle_document_rename (f->document, given, id, NULL) || g_str_equal (given, id));
}

/* a, b and c in a row. */
static void
set_up (Fixture *f, gconstpointer data)
{
  f->scene = heddle_canvas_scene_new (NULL);
  f->document = heddle_document_new (NULL);
  g_signal_connect (f->document, "changed", G_CALLBACK (change_cb), f->scene);
  add_node (f, "template", "a", 0, 0);
  add_node (f, "template", "b", 288, 0);
  add_node (f, "template", "c", 576, 0);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  heddle_canvas_scene_free (f->scene);
  g_assert_finalize_object (f->document);
}

static HeddleCanvasEdge *
connect_nodes (Fixture *f, const char *from, const char *to)
{
  g_assert_true (heddle_document_connect (f->document, from, "out", to, "in", NULL));
  return heddle_canvas_scene_find_edge (f->scene, from, "out", to, "in");
}

static void
assert_plain (const HeddleCanvasEdge *edge)
{
  HeddleCanvasCurve plain;
  HeddlePoint start, end;

  heddle_canvas_edge_get_ends (edge, &start, &end);
  heddle_canvas_curve_init (&plain, start.x, start.y, end.x, end.y);
  g_assert_cmpuint (edge->curve.n_beziers, ==, 1);
  g_assert_cmpmem (edge->curve.x, 4 * sizeof (double), plain.x, 4 * sizeof (double));
  g_assert_cmpmem (edge->curve.y, 4 * sizeof (double), plain.y, 4 * sizeof (double));
}

static void
test_scene (Fixture *f, gconstpointer data)
{
  HeddleCanvasEdge *edge = connect_nodes (f, "a", "c");
  double y = edge->curve.y[0];

  g_assert_true (edge->is_led);
  /* It is hit where it is seen. */
  g_assert_true (heddle_canvas_scene_pick_edge (f->scene, 392, edge->lane.level, 4) == edge);
  g_assert_null (heddle_canvas_scene_pick_edge (f->scene, 392, y, 4));
  /* It takes the plain way when nothing is in it any more, and goes around what comes into it. */
  heddle_document_move (f->document, (const char *const[]){ "b", NULL }, 0, 400);
  assert_plain (edge);
  g_assert_true (heddle_canvas_scene_pick_edge (f->scene, 392, y, 4) == edge);
  heddle_document_move (f->document, (const char *const[]){ "b", NULL }, 0, -384);
  g_assert_true (edge->is_led);
  heddle_document_remove (f->document, (const char *const[]){ "b", NULL }, FALSE);
  assert_plain (edge);
  g_assert_true (heddle_document_undo (f->document));
  g_assert_true (edge->is_led);
  /* A line with bends goes where the person drew it. */
  heddle_document_set_edge_points (f->document, "a", "out", "c", "in", &(HeddlePoint){ 392, 40 }, 1);
  g_assert_false (edge->is_led);
  g_assert_true (heddle_canvas_scene_pick_edge (f->scene, 392, 40, 2) == edge);
  heddle_document_set_edge_points (f->document, "a", "out", "c", "in", NULL, 0);
  g_assert_true (edge->is_led);
}

/* Far lines stay as they are, to the bit. */
static void
test_far (Fixture *f, gconstpointer data)
{
  HeddleCanvasEdge *edge = connect_nodes (f, "a", "c");
  HeddleCanvasCurve before = edge->curve;

  add_node (f, "template", "d", 288, 2000);
  heddle_document_move (f->document, (const char *const[]){ "d", NULL }, 16, 0);
  g_assert_cmpmem (&edge->curve, sizeof before, &before, sizeof before);
}

/* What is dragged shows the way that it has when it is let go; what it is dragged over waits for that. */
static void
test_drag (Fixture *f, gconstpointer data)
{
  HeddleCanvasEdge *over = connect_nodes (f, "a", "c"), *own;
  HeddleCanvasItem *b;

  heddle_document_move (f->document, (const char *const[]){ "b", NULL }, 0, 400);
  assert_plain (over);
  add_node (f, "template", "d", 864, 400);
  add_node (f, "template", "e", 576, 200);
  own = connect_nodes (f, "b", "d");
  assert_plain (own);
  b = heddle_canvas_scene_find (f->scene, "b");
  b->moving = TRUE;
  heddle_canvas_scene_lift (f->scene, b);
  heddle_canvas_scene_place (f->scene, b, 288, 200);
  heddle_canvas_scene_get_dynamic_edges (f->scene);
  g_assert_true (own->is_led);
  heddle_canvas_scene_place (f->scene, b, 288, 16);
  heddle_canvas_scene_get_dynamic_edges (f->scene);
  assert_plain (over);
  b->moving = FALSE;
  heddle_canvas_scene_settle (f->scene);
  g_assert_true (over->is_led);
}

/* Along the same side of the same card, and between the same two places. */
static void
test_apart (Fixture *f, gconstpointer data)
{
  HeddleCanvasEdge *first = connect_nodes (f, "a", "c"), *second, *outer, *inner;
  HeddleCanvasItem *group;

  add_node (f, "template", "d", 864, 0);
  second = connect_nodes (f, "a", "d");
  g_assert_true (first->is_led && second->is_led);
  g_assert_cmpfloat (first->lane.level, ==, second->lane.level);
  g_assert_cmpfloat (fabs (first->curve.y[3] - second->curve.y[3]), >=, 4);

  add_node (f, "template", "e", 0, 1000);
  add_node (f, "template", "g", 0, 1100);
  add_node (f, "template", "h", 600, 1000);
  outer = connect_nodes (f, "e", "h");
  inner = connect_nodes (f, "g", "h");
  assert_plain (outer);
  heddle_document_add_annotation (f->document, HEDDLE_ANNOTATION_FRAME, "Group", -20, 900, 300, 400);
  group = heddle_canvas_scene_find (f->scene, heddle_graph_get_annotation (heddle_document_get_graph (f->document), 0)->id);
  heddle_document_set_collapsed (f->document, group->id, TRUE);
  g_assert_cmpfloat (outer->curve.y[0], ==, inner->curve.y[0]);
  g_assert_cmpuint (outer->curve.n_beziers, ==, 2);
  g_assert_cmpfloat_with_epsilon (hypot (outer->curve.x[3] - inner->curve.x[3], outer->curve.y[3] - inner->curve.y[3]), 6, .1);
  /* They leave and enter as a single one does. */
  g_assert_cmpfloat (outer->curve.y[1], ==, outer->curve.y[0]);
  g_assert_cmpfloat (outer->curve.y[5], ==, outer->curve.y[6]);
  heddle_document_set_collapsed (f->document, group->id, FALSE);
  assert_plain (outer);
  assert_plain (inner);
}

/* However it came to be, a workflow looks the same. */
static void
test_same (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleCanvasScene) fresh = heddle_canvas_scene_new (NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  GPtrArray *edges;

  for (int i = 0; i < 24; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%d", i);

      add_node (f, "template", id, g_rand_int_range (random, 0, 1200), g_rand_int_range (random, 0, 700));
    }
  for (int i = 0; i < 40; i++)
    {
      g_autofree char *from = g_strdup_printf ("n%d", g_rand_int_range (random, 0, 12)), *to = g_strdup_printf ("n%d", g_rand_int_range (random, 12, 24));

      heddle_document_connect (f->document, from, "out", to, "in", NULL);
    }
  for (int i = 0; i < 60; i++)
    {
      g_autofree char *id = g_strdup_printf ("n%d", g_rand_int_range (random, 0, 24));

      heddle_document_move (f->document, (const char *const[]){ id, NULL }, g_rand_int_range (random, -300, 300), g_rand_int_range (random, -200, 200));
    }
  heddle_canvas_scene_load (fresh, heddle_document_get_graph (f->document));
  edges = heddle_canvas_scene_get_edges (f->scene);
  for (guint i = 0; i < edges->len; i++)
    {
      const HeddleCanvasEdge *edge = edges->pdata[i];
      const HeddleCanvasEdge *other = heddle_canvas_scene_find_edge (fresh, edge->from->id, edge->from_port, edge->to->id, edge->to_port);

      g_assert_cmpuint (edge->curve.n_beziers, ==, other->curve.n_beziers);
      for (guint j = 0; j <= 3 * edge->curve.n_beziers; j++)
        g_assert_true (edge->curve.x[j] == other->curve.x[j] && edge->curve.y[j] == other->curve.y[j]);
    }
  heddle_canvas_scene_load (fresh, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/canvas-route/clear", test_clear);
  g_test_add_func ("/canvas-route/between", test_between);
  g_test_add_func ("/canvas-route/back", test_back);
  g_test_add_func ("/canvas-route/dense", test_dense);
  g_test_add_func ("/canvas-route/hostile", test_hostile);
  g_test_add ("/canvas-route/scene", Fixture, NULL, set_up, test_scene, tear_down);
  g_test_add ("/canvas-route/far", Fixture, NULL, set_up, test_far, tear_down);
  g_test_add ("/canvas-route/drag", Fixture, NULL, set_up, test_drag, tear_down);
  g_test_add ("/canvas-route/apart", Fixture, NULL, set_up, test_apart, tear_down);
  g_test_add ("/canvas-route/same", Fixture, NULL, set_up, test_same, tear_down);
  return g_test_run ();
}
