/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <adwaita.h>
#include <math.h>

#include "canvas/heddle-canvas-grid.h"
#include "canvas/heddle-canvas-marks.h"
#include "canvas/heddle-canvas-palette.h"
#include "canvas/heddle-canvas-scene-private.h"
#include "canvas/heddle-canvas-strips.h"
#include "canvas/heddle-canvas-tiles.h"

static void
assert_contrast (const GdkRGBA *a, const GdkRGBA *b, double least)
{
  g_assert_cmpfloat (heddle_canvas_palette_contrast (a, b), >=, least);
}

static void
test_contrast (void)
{
  for (int i = 0; i < 4; i++)
    {
      const HeddleCanvasPalette *p = heddle_canvas_palette_get (i & 1, i & 2);
      GdkRGBA framed = heddle_canvas_palette_mix (&p->canvas, &p->frame, p->frame.alpha);
      GdkRGBA faint_card = heddle_canvas_palette_mix (&p->canvas, &p->card, p->faint);
      GdkRGBA faint_text = heddle_canvas_palette_mix (&p->canvas, &p->dim, p->faint);

      assert_contrast (&p->text, &p->card, 7);
      assert_contrast (&p->dim, &p->card, 4.5);
      assert_contrast (&p->dim, &framed, 4.5);
      assert_contrast (&p->error, &p->card, 4.5);
      assert_contrast (&p->note_text, &p->note, 4.5);
      assert_contrast (&p->accent, &p->canvas, 3);
      assert_contrast (&p->ok, &p->canvas, 3);
      assert_contrast (&p->ok, &p->card, 3);
      assert_contrast (&p->warning, &p->card, 3);
      assert_contrast (&p->edge, &p->canvas, 3);
      assert_contrast (&p->port, &p->card, 3);
      assert_contrast (&p->block, &p->canvas, i & 2 ? 2.8 : 1.4);
      assert_contrast (&faint_text, &faint_card, i & 2 ? 4.5 : 2);
      for (int j = 0; j < HEDDLE_N_CATEGORIES; j++)
        {
          GdkRGBA badge = heddle_canvas_palette_mix (&p->card, &p->category[j], p->badge_alpha);

          GdkRGBA header = heddle_canvas_palette_mix (&p->card, &p->category[j], p->tint_alpha);
          GdkRGBA body = heddle_canvas_palette_mix (&p->canvas, &p->category[j], p->tint_alpha);
          GdkRGBA deeper = heddle_canvas_palette_mix (&body, &p->category[j], p->tint_alpha);

          assert_contrast (&p->category[j], &p->block, 2.8);
          assert_contrast (&p->category[j], &badge, 3);
          assert_contrast (&p->dim, &header, 4.5);
          assert_contrast (&p->error, &header, 4.5);
          assert_contrast (&p->dim, &body, 4.5);
          assert_contrast (&p->edge, &deeper, 3);
        }
    }
}

static void
collect (gpointer thing, gpointer user_data)
{
  g_hash_table_add (user_data, thing);
}

static guint
count_in (HeddleCanvasGrid *grid, double x, double y, double width, double height)
{
  g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);

  heddle_canvas_grid_query (grid, &GRAPHENE_RECT_INIT (x, y, width, height), collect, found);
  return g_hash_table_size (found);
}

static void
test_grid (void)
{
  g_autoptr (HeddleCanvasGrid) grid = heddle_canvas_grid_new ();
  graphene_rect_t here = GRAPHENE_RECT_INIT (-600, -600, 100, 100);
  graphene_rect_t wide = GRAPHENE_RECT_INIT (0, 0, 5000, 10);
  int a, b;

  heddle_canvas_grid_insert (grid, &a, &here);
  heddle_canvas_grid_insert (grid, &b, &wide);
  g_assert_cmpuint (count_in (grid, -550, -550, 1, 1), ==, 1);
  g_assert_cmpuint (count_in (grid, 4900, 0, 1, 1), ==, 1);
  g_assert_cmpuint (count_in (grid, 4900, 9000, 1, 1), ==, 0);
  /* Far more cells than are in use. */
  g_assert_cmpuint (count_in (grid, -1e6, -1e6, 2e6, 2e6), ==, 2);
  heddle_canvas_grid_remove (grid, &b, &wide);
  g_assert_cmpuint (count_in (grid, -1e6, -1e6, 2e6, 2e6), ==, 1);
  heddle_canvas_grid_remove (grid, &a, &here);
  g_assert_cmpuint (count_in (grid, -1e6, -1e6, 2e6, 2e6), ==, 0);
}

static void
test_curve (void)
{
  HeddleCanvasCurve curve;
  graphene_rect_t bounds, piece;
  double x, y;

  heddle_canvas_curve_init (&curve, 0, 0, -900, 400);
  heddle_canvas_curve_get_bounds (&curve, &bounds);
  for (int i = 0; i <= 100; i++)
    {
      heddle_canvas_curve_get_point (&curve, i / 100., &x, &y);
      g_assert_true (graphene_rect_contains_point (&bounds, &GRAPHENE_POINT_INIT (x, y)));
      g_assert_cmpfloat (heddle_canvas_curve_get_distance (&curve, x, y), <, 8);
    }
  g_assert_cmpfloat (heddle_canvas_curve_get_distance (&curve, 0, 0), ==, 0);
  g_assert_cmpfloat (heddle_canvas_curve_get_distance (&curve, 5000, 5000), >, 1000);
  /* It leaves and enters horizontally. */
  g_assert_cmpfloat (heddle_canvas_curve_get_angle (&curve, 0), ==, 0);

  /* The pieces of a long one follow it, instead of covering the plane. */
  heddle_canvas_curve_init (&curve, 0, 0, 20000, 20000);
  g_assert_cmpuint (heddle_canvas_curve_get_n_pieces (&curve), >, 20);
  heddle_canvas_curve_get_piece (&curve, 0, heddle_canvas_curve_get_n_pieces (&curve), &piece);
  g_assert_cmpfloat (piece.size.width * piece.size.height, <, 1000 * 1000);
}

static void
test_curve_around (void)
{
  HeddleCanvasCurve curve;
  graphene_rect_t bounds, pieces, piece;
  double x, y;

  heddle_canvas_curve_init_along (&curve, 900, 0, 0, 20, &(HeddleCanvasLane){ .level = 200 });
  heddle_canvas_curve_get_bounds (&curve, &bounds);
  pieces = GRAPHENE_RECT_INIT (0, 0, 1, 1);
  for (guint i = 0; i < heddle_canvas_curve_get_n_pieces (&curve); i++)
    {
      heddle_canvas_curve_get_piece (&curve, i, heddle_canvas_curve_get_n_pieces (&curve), &piece);
      graphene_rect_union (&pieces, &piece, &pieces);
    }
  for (int i = 0; i <= 300; i++)
    {
      heddle_canvas_curve_get_point (&curve, i / 300., &x, &y);
      g_assert_true (graphene_rect_contains_point (&bounds, &GRAPHENE_POINT_INIT (x, y)));
      g_assert_true (graphene_rect_contains_point (&pieces, &GRAPHENE_POINT_INIT (x, y)));
      g_assert_cmpfloat (heddle_canvas_curve_get_distance (&curve, x, y), <, 8);
    }
  g_assert_cmpfloat (x, ==, 0);
  g_assert_cmpfloat (y, ==, 20);
  /* Below both ends in the middle, on its way to the left. */
  heddle_canvas_curve_get_point (&curve, .5, &x, &y);
  g_assert_cmpfloat (y, ==, 200);
  g_assert_cmpfloat (fabs (heddle_canvas_curve_get_angle (&curve, .5)), >, 3);
}

/* Smooth, through each point, in their order. */
static void
test_curve_through (void)
{
  const HeddlePoint points[] = { { 200, 300 }, { 500, -100 }, { 100, NAN } };
  HeddleCanvasCurve curve, copy;
  graphene_rect_t bounds;
  double x, y, t;

  heddle_canvas_curve_init_through (&curve, 0, 0, 800, 40, points, 2);
  copy = curve;
  heddle_canvas_curve_share (&copy);
  heddle_canvas_curve_clear (&curve);
  heddle_canvas_curve_get_bounds (&copy, &bounds);
  for (int i = 0; i <= 300; i++)
    {
      heddle_canvas_curve_get_point (&copy, i / 300., &x, &y);
      g_assert_true (graphene_rect_contains_point (&bounds, &GRAPHENE_POINT_INIT (x, y)));
    }
  for (int i = 1; i <= 2; i++)
    {
      heddle_canvas_curve_get_point (&copy, i / 3., &x, &y);
      g_assert_cmpfloat_with_epsilon (x, points[i - 1].x, 1e-6);
      g_assert_cmpfloat_with_epsilon (y, points[i - 1].y, 1e-6);
      g_assert_cmpfloat (fabs (heddle_canvas_curve_get_angle (&copy, i / 3. - 1e-6) - heddle_canvas_curve_get_angle (&copy, i / 3. + 1e-6)), <, .01);
      g_assert_cmpfloat (heddle_canvas_curve_find_nearest (&copy, x, y, &t), <, .01);
      g_assert_cmpfloat_with_epsilon (t, i / 3., .01);
    }
  g_assert_cmpfloat (heddle_canvas_curve_get_angle (&copy, 0), ==, 0);
  g_assert_cmpfloat (heddle_canvas_curve_get_angle (&copy, 1), ==, 0);
  heddle_canvas_curve_clear (&copy);

  heddle_canvas_curve_init_through (&copy, 0, 0, 0, 0, points, 3);
  heddle_canvas_curve_get_bounds (&copy, &bounds);
  g_assert_true (isfinite (bounds.origin.y) && isfinite (bounds.size.height));
  heddle_canvas_curve_clear (&copy);
}

typedef struct
{
  guint n_strokes; /* in each tile */
  guint n_filled;
  guint n_ready;
} Source;

static void
fill (const graphene_rect_t *area, HeddleCanvasContent *content, gpointer user_data)
{
  Source *source = user_data;
  HeddleCanvasStroke stroke = { .color = { 1, 0, 0, 1 }, .width = 2 };

  source->n_filled++;
  heddle_canvas_curve_init (&stroke.curve, area->origin.x, area->origin.y, area->origin.x + 300, area->origin.y + 300);
  for (guint i = 0; i < source->n_strokes; i++)
    g_array_append_val (content->strokes, stroke);
}

static void
ready (gpointer user_data)
{
  ((Source *) user_data)->n_ready++;
}

static void
snapshot (HeddleCanvasTiles *tiles, const HeddleCanvasTileView *view)
{
  GtkSnapshot *out = gtk_snapshot_new ();
  GskRenderNode *node;

  heddle_canvas_tiles_snapshot (tiles, out, view);
  node = gtk_snapshot_free_to_node (out);
  g_clear_pointer (&node, gsk_render_node_unref);
}

static void
wait_for (guint *counter, guint value)
{
  while (*counter < value)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_tiles (void)
{
  Source source = { .n_strokes = 100 };
  HeddleCanvasTiles *tiles = heddle_canvas_tiles_new (fill, ready, &source);
  HeddleCanvasTileView view = { .zoom = 1, .width = 1024, .height = 512, .scale_factor = 1, .is_settled = TRUE, .as_textures = TRUE };

  snapshot (tiles, &view);
  g_assert_cmpuint (source.n_filled, ==, 2);
  g_assert_cmpuint (source.n_ready, ==, 0);
  wait_for (&source.n_ready, 2);
  g_assert_cmpuint (source.n_filled, ==, 2);
  /* What is in view is there, so what lies around it is made as well, one at a time. */
  for (int i = 0; i < 10; i++)
    snapshot (tiles, &view);
  wait_for (&source.n_ready, 12);
  snapshot (tiles, &view);
  g_assert_cmpuint (source.n_filled, ==, 12);

  /* Only the tile that is touched is made anew. */
  heddle_canvas_tiles_damage (tiles, &GRAPHENE_RECT_INIT (600, 100, 10, 10));
  snapshot (tiles, &view);
  g_assert_cmpuint (source.n_filled, ==, 13);

  /* However far one goes, no more than the limit is kept. */
  source.n_strokes = 1;
  for (int i = 0; i < 100; i++)
    {
      view.x -= 512;
      view.as_textures = i & 1;
      snapshot (tiles, &view);
    }
  g_assert_cmpuint (heddle_canvas_tiles_get_n_kept (tiles), <=, 64);
  heddle_canvas_tiles_free (tiles);
}

/* Much to collect is spread over frames. */
static void
test_tiles_slowly (void)
{
  Source source = { .n_strokes = 2000 };
  HeddleCanvasTiles *tiles = heddle_canvas_tiles_new (fill, ready, &source);
  HeddleCanvasTileView view = { .zoom = 1, .width = 1024, .height = 512, .scale_factor = 1, .is_settled = TRUE };

  snapshot (tiles, &view);
  g_assert_cmpuint (source.n_filled, ==, 1);
  snapshot (tiles, &view);
  g_assert_cmpuint (source.n_filled, ==, 2);
  heddle_canvas_tiles_free (tiles);
}

static void
sum_textures (GskRenderNode *node, double *area)
{
  graphene_rect_t bounds;

  gsk_render_node_get_bounds (node, &bounds);
  if (gsk_render_node_get_node_type (node) == GSK_TEXTURE_NODE)
    *area += bounds.size.width * bounds.size.height;
  for (guint i = 0; gsk_render_node_get_node_type (node) == GSK_CONTAINER_NODE && i < gsk_container_node_get_n_children (node); i++)
    sum_textures (gsk_container_node_get_child (node, i), area);
}

/* A line looks as it would be drawn by cairo alone, at twice the density of pixels. */
static void
check_strips (GskRenderNode *node, const HeddleCanvasCurve *curve)
{
  cairo_surface_t *expected = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 800, 600);
  cairo_surface_t *drawn = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 800, 600);
  cairo_t *cr = cairo_create (expected);

  cairo_scale (cr, 2, 2);
  heddle_canvas_curve_trace (curve, cr);
  cairo_stroke (cr);
  cairo_destroy (cr);
  cr = cairo_create (drawn);
  cairo_scale (cr, 2, 2);
  gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  cairo_surface_flush (expected);
  cairo_surface_flush (drawn);
  g_assert_cmpmem (cairo_image_surface_get_data (drawn), 800 * 600 * 4, cairo_image_surface_get_data (expected), 800 * 600 * 4);
  cairo_surface_destroy (expected);
  cairo_surface_destroy (drawn);
}

static void
test_strips (void)
{
  HeddleCanvasStrips *strips = heddle_canvas_strips_new (&GRAPHENE_RECT_INIT (0, 0, 400, 300), 2);
  GtkSnapshot *out = gtk_snapshot_new ();
  HeddleCanvasCurve curve;
  GskRenderNode *node;
  graphene_rect_t piece;
  double area = 0;
  guint n;

  /* Out of the picture at the right. */
  heddle_canvas_curve_init (&curve, 40.3, 20, 460, 280.7);
  n = heddle_canvas_curve_get_n_long_pieces (&curve, 50);
  for (guint i = 0; i < n; i++)
    {
      heddle_canvas_curve_get_piece (&curve, i, n, &piece);
      heddle_canvas_strips_mark (strips, &piece);
    }
  heddle_canvas_strips_mark (strips, &GRAPHENE_RECT_INIT (-1e9, -1e9, 10, 10));
  heddle_canvas_curve_trace (&curve, heddle_canvas_strips_get_cairo (strips));
  cairo_stroke (heddle_canvas_strips_get_cairo (strips));
  heddle_canvas_strips_free_to_snapshot (strips, out);
  node = gtk_snapshot_free_to_node (out);
  sum_textures (node, &area);
  g_assert_cmpfloat (area, >, 400 * 20);
  g_assert_cmpfloat (area, <, 400 * 300 / 2);
  check_strips (node, &curve);
  gsk_render_node_unref (node);
}

/* It may be freed while the worker is busy for it. */
static void
test_tiles_busy (void)
{
  Source source = { .n_strokes = 2000 };
  HeddleCanvasTiles *tiles = heddle_canvas_tiles_new (fill, ready, &source);
  HeddleCanvasTileView view = { .zoom = 1, .width = 2048, .height = 512, .scale_factor = 1, .is_settled = TRUE };

  snapshot (tiles, &view);
  heddle_canvas_tiles_free (tiles);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (source.n_ready, ==, 0);
}

/* A document from outside may put its nodes anywhere. */
static void
test_scene_hostile (void)
{
  static const char text[] = "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"x\",\"name\":\"x\",\"nodes\":["
                             "{\"id\":\"a\",\"type\":\"template\"},{\"id\":\"b\",\"type\":\"nonsense\"},{\"id\":\"c\",\"type\":\"merge\"}],"
                             "\"edges\":[{\"from\":\"a\",\"to\":\"b\"},{\"from\":\"b\",\"to\":\"gone\"},{\"from\":\"c\",\"to\":\"c\"},{\"from\":\"a.no\",\"to\":\"c.no\"}],"
                             "\"layout\":{\"a\":[1e8,-1e8],\"b\":[0,0]}}";
  g_autoptr (HeddleCanvasScene) scene = heddle_canvas_scene_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (text, -1, &error);
  graphene_rect_t bounds;

  g_assert_no_error (error);
  heddle_canvas_scene_load (scene, graph);
  g_assert_true (heddle_canvas_scene_get_bounds (scene, FALSE, &bounds));
  g_assert_cmpfloat (bounds.size.width, <, 1e9);
  heddle_canvas_scene_load (scene, NULL);
  g_assert_cmpuint (heddle_canvas_scene_get_items (scene)->len, ==, 0);
  g_assert_cmpuint (heddle_canvas_scene_get_edges (scene)->len, ==, 0);
}

/* What is shown of a workflow is its lines, too: one that leads back goes around the cards. */
static void
test_extent (void)
{
  g_autoptr (HeddleCanvasScene) scene = heddle_canvas_scene_new (NULL);
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);
  g_autofree char *from = NULL, *to = NULL;
  graphene_rect_t bounds, extent;

  g_assert_false (heddle_canvas_scene_get_extent (scene, &extent));
  from = g_strdup (heddle_document_add_node (document, "template", NULL, 0, 0));
  to = g_strdup (heddle_document_add_node (document, "template", NULL, 1000, 0));
  heddle_document_connect (document, from, "out", to, "in", NULL);
  heddle_canvas_scene_load (scene, heddle_document_get_graph (document));
  g_assert_true (heddle_canvas_scene_get_bounds (scene, FALSE, &bounds));
  g_assert_true (heddle_canvas_scene_get_extent (scene, &extent));
  g_assert_true (graphene_rect_equal (&bounds, &extent));

  heddle_document_connect (document, to, "out", from, "in", NULL);
  heddle_canvas_scene_load (scene, heddle_document_get_graph (document));
  g_assert_true (heddle_canvas_scene_get_extent (scene, &extent));
  g_assert_true (graphene_rect_contains_rect (&extent, &bounds));
  g_assert_cmpfloat (extent.origin.x, <, bounds.origin.x - 30);
  g_assert_cmpfloat (extent.origin.x, >, bounds.origin.x - 100);
  g_assert_cmpfloat (extent.size.width, >, bounds.size.width + 60);
}

static void
test_edge_points (void)
{
  g_autoptr (HeddleCanvasScene) scene = heddle_canvas_scene_new (NULL);
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);
  g_autofree char *from = NULL, *to = NULL;
  const HeddlePoint points[] = { { 300, 2000 }, { 700, 2000 } };
  HeddleCanvasEdge *edge;
  HeddlePoint place;
  double middle;

  from = g_strdup (heddle_document_add_node (document, "template", NULL, 0, 0));
  to = g_strdup (heddle_document_add_node (document, "template", NULL, 1000, 0));
  heddle_document_connect (document, from, "out", to, "in", NULL);
  heddle_canvas_scene_load (scene, heddle_document_get_graph (document));
  edge = heddle_canvas_scene_find_edge (scene, from, "out", to, "in");
  middle = edge->curve.y[0];
  g_assert_true (heddle_canvas_scene_pick_edge (scene, 600, middle, 5) == edge);
  g_assert_cmpuint (heddle_canvas_edge_find_place (edge, 600, 500, &place), ==, 0);
  g_assert_cmpfloat_with_epsilon (place.y, middle, 1);

  heddle_canvas_scene_set_edge_points (scene, edge, points, 2);
  g_assert_null (heddle_canvas_scene_pick_edge (scene, 600, middle, 5));
  g_assert_true (heddle_canvas_scene_pick_edge (scene, 700, 2000, 5) == edge);
  g_assert_cmpint (heddle_canvas_edge_find_point (edge, 703, 1998, 12), ==, 1);
  g_assert_cmpint (heddle_canvas_edge_find_point (edge, 500, 2000, 12), ==, -1);
  g_assert_cmpuint (heddle_canvas_edge_find_place (edge, 210, 100, &place), ==, 0);
  g_assert_cmpuint (heddle_canvas_edge_find_place (edge, 500, 2100, &place), ==, 1);
  g_assert_cmpuint (heddle_canvas_edge_find_place (edge, 950, 100, &place), ==, 2);

  /* They go with both ends, not with one. */
  edge->from->moving = TRUE;
  heddle_canvas_scene_place (scene, edge->from, 16, 32);
  g_assert_cmpfloat (edge->points[0].x, ==, 300);
  edge->to->moving = TRUE;
  heddle_canvas_scene_place (scene, edge->from, 32, 32);
  heddle_canvas_scene_place (scene, edge->to, 1016, 0);
  g_assert_cmpfloat (edge->points[1].x, ==, 716);
  /* The document says what they are. */
  edge->from->moving = edge->to->moving = FALSE;
  heddle_canvas_scene_load (scene, heddle_document_get_graph (document));
  g_assert_cmpuint (edge->n_points, ==, 0);
  g_assert_true (heddle_canvas_scene_pick_edge (scene, 600, middle, 5) == edge);
}

/* What is in a collapsed group is not to be seen, and lines over its border end at its side. */
static void
test_fold (void)
{
  g_autoptr (HeddleCanvasScene) scene = heddle_canvas_scene_new (NULL);
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);
  g_autoptr (GPtrArray) folded = NULL;
  char *ids[3];
  HeddleCanvasItem *group;
  HeddleCanvasEdge *inside, *across;

  for (int i = 0; i < 3; i++)
    ids[i] = g_strdup (heddle_document_add_node (document, "template", NULL, 300 * i, 100));
  heddle_document_connect (document, ids[0], "out", ids[1], "in", NULL);
  heddle_document_connect (document, ids[1], "out", ids[2], "in", NULL);
  heddle_document_add_annotation (document, HEDDLE_ANNOTATION_FRAME, "Group", -20, 50, 560, 300);
  heddle_canvas_scene_load (scene, heddle_document_get_graph (document));
  group = heddle_canvas_scene_find (scene, heddle_graph_get_annotation (heddle_document_get_graph (document), 0)->id);
  inside = heddle_canvas_scene_find_edge (scene, ids[0], "out", ids[1], "in");
  across = heddle_canvas_scene_find_edge (scene, ids[1], "out", ids[2], "in");
  g_assert_true (heddle_canvas_scene_pick_item (scene, 350, 120) == heddle_canvas_scene_find (scene, ids[1]));

  group->collapsed = TRUE;
  group->height = HEDDLE_CANVAS_FRAME_HEADER;
  heddle_canvas_scene_fold (scene);
  g_assert_null (heddle_canvas_scene_pick_item (scene, 350, 120));
  g_assert_null (heddle_canvas_scene_pick_edge (scene, (inside->curve.x[0] + inside->curve.x[3]) / 2, inside->curve.y[0], 4));
  g_assert_true (heddle_canvas_edge_get_seen (across, TRUE) == group);
  g_assert_cmpfloat (across->curve.x[0], ==, group->x + group->width);
  g_assert_true (heddle_canvas_scene_pick_edge (scene, across->curve.x[0], across->curve.y[0], 4) == across);
  folded = heddle_canvas_scene_list_folded (scene, group);
  g_assert_cmpuint (folded->len, ==, 2);

  /* A node that is moved out shows again, and all do when the group goes. */
  heddle_canvas_scene_place (scene, heddle_canvas_scene_find (scene, ids[0]), 0, 900);
  heddle_canvas_scene_fold (scene);
  g_assert_nonnull (heddle_canvas_scene_pick_item (scene, 20, 920));
  heddle_document_remove (document, (const char *const[]){ group->id, NULL }, FALSE);
  heddle_canvas_scene_load (scene, heddle_document_get_graph (document));
  g_assert_nonnull (heddle_canvas_scene_pick_item (scene, 350, 120));
  g_assert_cmpuint (scene->n_folded, ==, 0);
  for (int i = 0; i < 3; i++)
    g_free (ids[i]);
}

static void
change_cb (HeddleDocument *document, HeddleChange *change, HeddleCanvasScene *scene)
{
  heddle_canvas_scene_apply (scene, heddle_document_get_graph (document), change);
}

/* Frames in themselves, in cards and in nothing, and without a size. */
static void
test_scene_frames (void)
{
  static const char text[] = "{\"format\":\"heddle-workflow\",\"version\":1,\"id\":\"x\",\"name\":\"x\",\"nodes\":["
                             "{\"id\":\"a\",\"type\":\"map\",\"parent\":\"b\"},{\"id\":\"b\",\"type\":\"loop\",\"parent\":\"a\"},"
                             "{\"id\":\"c\",\"type\":\"merge\",\"parent\":\"gone\"},{\"id\":\"d\",\"type\":\"merge\",\"parent\":\"c\"},"
                             "{\"id\":\"e\",\"type\":\"subflow\",\"parent\":\"e\"},{\"id\":\"f\",\"type\":\"merge\",\"parent\":\"e\"}],"
                             "\"edges\":[{\"from\":\"e.start\",\"to\":\"f\"},{\"from\":\"f\",\"to\":\"e.end\"}],"
                             "\"layout\":{\"a\":[0,0,1,1],\"b\":[-9e7,0,8e7,8e7],\"e\":[5000,0]}}";
  g_autoptr (HeddleCanvasScene) scene = heddle_canvas_scene_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (text, -1, &error);
  g_autoptr (GPtrArray) within = NULL;
  HeddleCanvasItem *frame, *child;

  g_assert_no_error (error);
  heddle_canvas_scene_load (scene, graph);
  frame = heddle_canvas_scene_find (scene, "e");
  child = heddle_canvas_scene_find (scene, "f");
  g_assert_cmpfloat (frame->width, >=, HEDDLE_FRAME_WIDTH);
  g_assert_cmpfloat (frame->height, >=, HEDDLE_FRAME_HEIGHT);
  g_assert_true (child->parent == frame);
  g_assert_true (heddle_canvas_item_is_within (child, frame));
  g_assert_false (heddle_canvas_item_is_within (frame, child));
  g_assert_null (heddle_canvas_scene_find (scene, "d")->parent);
  within = heddle_canvas_scene_list_within (scene, frame);
  g_assert_cmpuint (within->len, ==, 1);
  g_assert_true (heddle_canvas_scene_pick_container (scene, 5010, 150) == frame);
  heddle_canvas_scene_load (scene, NULL);
}

/* Each sign differs from each other one by its shape, not by its colour alone. */
static void
test_marks (void)
{
  HeddleCanvasPalette plain = *heddle_canvas_palette_get (FALSE, FALSE);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);

  plain.ok = plain.error = plain.warning = plain.accent = plain.dim = plain.text;
  for (guint i = 0; i < HEDDLE_CANVAS_N_MARKS; i++)
    {
      cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 16, 16);
      cairo_t *cr = cairo_create (surface);
      gboolean is_new;

      heddle_canvas_mark_draw (i, &plain, cr);
      cairo_destroy (cr);
      cairo_surface_flush (surface);
      is_new = g_hash_table_add (seen, g_bytes_new (cairo_image_surface_get_data (surface), 16 * (gsize) cairo_image_surface_get_stride (surface)));
      cairo_surface_destroy (surface);
      /* What failed and what went on after it are the same sign in two colours, beside the words; what is collapsed points where "next" does. */
      g_assert_true (is_new || i == HEDDLE_CANVAS_MARK_WARNING || i == HEDDLE_CANVAS_MARK_COLLAPSED);
    }
}

/* A tool says whose it is, and has no port where nothing can flow in. */
static void
test_scene_tools (void)
{
  g_autoptr (HeddleCanvasScene) scene = heddle_canvas_scene_new (NULL);
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);
  g_autofree char *agent = g_strdup (heddle_document_add_node (document, "agent", NULL, 400, 0));
  g_autofree char *tool = g_strdup (heddle_document_add_node (document, "http", NULL, 0, 0));
  HeddleCanvasItem *item;
  gboolean output;
  guint port;

  heddle_canvas_scene_load (scene, heddle_document_get_graph (document));
  g_signal_connect (document, "changed", G_CALLBACK (change_cb), scene);
  item = heddle_canvas_scene_find (scene, tool);
  g_assert_null (item->role);
  g_assert_true (heddle_canvas_scene_pick_port (scene, 0, 36, 4, &output, &port) == item);

  g_assert_true (heddle_document_connect (document, tool, "out", agent, "tools", NULL));
  g_assert_cmpstr (item->role, ==, "Tool of Agent");
  g_assert_null (heddle_canvas_scene_pick_port (scene, 0, 36, 4, &output, &port));
  g_assert_true (heddle_canvas_scene_pick_port (scene, 208, 36, 4, &output, &port) == item);
  heddle_document_set_title (document, agent, "Scout");
  g_assert_cmpstr (item->role, ==, "Tool of Scout");

  g_assert_true (heddle_document_undo (document) && heddle_document_undo (document));
  g_assert_null (item->role);
  g_assert_true (heddle_canvas_scene_pick_port (scene, 0, 36, 4, &output, &port) == item);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/canvas-parts/contrast", test_contrast);
  g_test_add_func ("/canvas-parts/grid", test_grid);
  g_test_add_func ("/canvas-parts/curve", test_curve);
  g_test_add_func ("/canvas-parts/curve-around", test_curve_around);
  g_test_add_func ("/canvas-parts/curve-through", test_curve_through);
  g_test_add_func ("/canvas-parts/extent", test_extent);
  g_test_add_func ("/canvas-parts/edge-points", test_edge_points);
  g_test_add_func ("/canvas-parts/fold", test_fold);
  g_test_add_func ("/canvas-parts/marks", test_marks);
  g_test_add_func ("/canvas-parts/scene-frames", test_scene_frames);
  g_test_add_func ("/canvas-parts/tiles", test_tiles);
  g_test_add_func ("/canvas-parts/tiles-slowly", test_tiles_slowly);
  g_test_add_func ("/canvas-parts/tiles-busy", test_tiles_busy);
  g_test_add_func ("/canvas-parts/strips", test_strips);
  g_test_add_func ("/canvas-parts/scene-hostile", test_scene_hostile);
  g_test_add_func ("/canvas-parts/scene-tools", test_scene_tools);
  return g_test_run ();
}
