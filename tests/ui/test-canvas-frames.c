/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-fixture.h"

#include "canvas/heddle-canvas-card.h"

/* A map with a template in it, a node beside it, and an empty loop below. */
static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  canvas_test_set_up (f, "empty");
  canvas_test_add_node (f, "input", "begin", NULL, 0, 0);
  canvas_test_add_node (f, "map", "each", "Anfragen beantworten", 272, 0);
  canvas_test_add_node (f, "template", "answer", "Antwort", 448, 96);
  canvas_test_add_node (f, "template", "loose", "Lose", 0, 176);
  canvas_test_add_node (f, "loop", "again", NULL, 272, 288);
  heddle_document_set_parent (f->document, (const char *const[]){ "answer", NULL }, "each", &error);
  g_assert_no_error (error);
  canvas_test_connect_nodes (f, "begin", "out", "each", "in");
  canvas_test_connect_nodes (f, "each", "item", "answer", "in");
  canvas_test_connect_nodes (f, "answer", "out", "each", "result");
  heddle_canvas_fit (f->canvas);
  canvas_test_settle (60);
}

static const char *
get_parent (Fixture *f, const char *id)
{
  return canvas_test_find_node (f, id)->parent;
}

static char *
dup_json (Fixture *f)
{
  return heddle_graph_to_json (heddle_document_get_graph (f->document));
}

/* A place in the frame where nothing is. */
static void
get_body (Fixture *f, const char *id, double *x, double *y)
{
  graphene_rect_t bounds;

  g_assert_true (heddle_canvas_get_node_bounds (f->canvas, id, &bounds));
  *x = bounds.origin.x + bounds.size.width / 2;
  *y = bounds.origin.y + bounds.size.height - 20 * heddle_canvas_get_zoom (f->canvas);
}

static void
test_drag_in_and_out (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_json (f);
  g_autofree char *after = NULL;
  double x, y, to_x, to_y;

  canvas_test_screenshot (f, "frames");
  canvas_test_get_center (f, "loose", &x, &y);
  get_body (f, "again", &to_x, &to_y);
  canvas_test_move_to (x, y);
  canvas_test_drive ("mousedown 1");
  canvas_test_move_to (x + 20, y);
  canvas_test_move_to (to_x, to_y - 60);
  canvas_test_screenshot (f, "frames-drop");
  canvas_test_drive ("mouseup 1");
  canvas_test_settle (50);
  g_assert_cmpstr (get_parent (f, "loose"), ==, "again");
  /* The first node is what runs in it. */
  g_assert_nonnull (heddle_graph_find_edge (heddle_document_get_graph (f->document), "again", "body", "loose", "in"));
  g_assert_nonnull (heddle_graph_find_edge (heddle_document_get_graph (f->document), "loose", "out", "again", "next"));
  canvas_test_screenshot (f, "frames-dropped");
  canvas_test_drive ("key ctrl+z");
  after = dup_json (f);
  g_assert_cmpstr (after, ==, before);

  /* What leads over the frame is cut, in the same step. */
  canvas_test_get_center (f, "answer", &x, &y);
  canvas_test_drag (x, y, x, y + 500, "1");
  g_assert_cmpstr (get_parent (f, "answer"), ==, NULL);
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 1);
  g_assert_nonnull (strstr (f->log->str, "message 2 edges"));
  canvas_test_drive ("key ctrl+z");
  g_free (after);
  after = dup_json (f);
  g_assert_cmpstr (after, ==, before);
}

#define ADD(name, func) g_test_add ("/canvas-frames/" name, Fixture, NULL, set_up, func, canvas_test_tear_down)

int
main (int argc, char **argv)
{
  canvas_test_init (&argc, &argv);
  ADD ("drag-in-and-out", test_drag_in_and_out);
  return g_test_run ();
}
