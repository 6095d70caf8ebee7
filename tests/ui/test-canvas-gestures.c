/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-fixture.h"

/* Gestures beyond moving and wiring, by real events; each is one step, and cancelled leaves nothing. */

static char *
dup_json (Fixture *f)
{
  return heddle_graph_to_json (heddle_document_get_graph (f->document));
}

static void
assert_unchanged (Fixture *f, const char *before)
{
  g_autofree char *now = dup_json (f);

  g_assert_cmpstr (now, ==, before);
}

/* Undo takes the last gesture back as a whole. */
static void
assert_undone (Fixture *f, const char *before)
{
  canvas_test_drive ("key ctrl+z");
  assert_unchanged (f, before);
}

static void
get_edge_middle (Fixture *f, const char *from, const char *to, double *x, double *y)
{
  double x1, y1, x2, y2;

  canvas_test_get_port (f, from, TRUE, "out", &x1, &y1);
  canvas_test_get_port (f, to, FALSE, "in", &x2, &y2);
  *x = (x1 + x2) / 2;
  *y = (y1 + y2) / 2;
}

static void
test_knife (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;
  double x1, y1, x2, y2;

  canvas_test_connect_nodes (f, "ask", "out", "check", "in");
  before = dup_json (f);
  get_edge_middle (f, "begin", "ask", &x1, &y1);
  get_edge_middle (f, "ask", "check", &x2, &y2);
  /* A little beside the first edge, below its cards, and up through both. */
  canvas_test_drive ("keydown ctrl keydown shift");
  canvas_test_move_to (x1, y1 + 160);
  canvas_test_drive ("mousedown 1");
  canvas_test_move_to (x1, y1 + 60);
  canvas_test_move_to (x1, y1 - 60);
  canvas_test_screenshot (f, "knife");
  canvas_test_drive ("mouseup 1");
  canvas_test_drive ("keyup shift keyup ctrl");
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 1);
  g_assert_nonnull (heddle_graph_find_edge (heddle_document_get_graph (f->document), "ask", "out", "check", "in"));
  assert_undone (f, before);
}

static void
test_knife_several (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;
  double x, y;

  for (int i = 0; i < 5; i++)
    {
      g_autofree char *id = g_strdup (heddle_document_add_node (f->document, "template", NULL, 272, 160 + i * 120));

      canvas_test_connect_nodes (f, "begin", "out", id, "in");
    }
  canvas_test_drive ("key shift+1");
  canvas_test_settle (100);
  before = dup_json (f);
  get_edge_middle (f, "begin", "ask", &x, &y);
  canvas_test_drive ("keydown ctrl keydown shift");
  canvas_test_drag (x + 10, y - 40, x + 10, y + 700, "1");
  canvas_test_drive ("keyup shift keyup ctrl");
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 0);
  assert_undone (f, before);
}

static void
test_knife_cancelled (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_json (f);
  double x, y;

  get_edge_middle (f, "begin", "ask", &x, &y);
  canvas_test_drive ("keydown ctrl keydown shift");
  canvas_test_move_to (x, y + 160);
  canvas_test_drive ("mousedown 1");
  canvas_test_move_to (x, y);
  canvas_test_move_to (x, y - 60);
  canvas_test_drive ("keyup shift keyup ctrl");
  canvas_test_drive ("key Escape");
  canvas_test_drive ("mouseup 1");
  assert_unchanged (f, before);
}

/* Some window managers take a press with Alt; holding it down a little later means the same. */
static void
drag_with_alt (Fixture *f, const char *id, double dx, double dy, gboolean cancel)
{
  double x, y;

  canvas_test_get_center (f, id, &x, &y);
  canvas_test_move_to (x, y);
  canvas_test_drive ("mousedown 1");
  canvas_test_drive ("keydown alt");
  for (int i = 1; i <= 5; i++)
    canvas_test_move_to (x + dx * i / 5, y + dy * i / 5);
  canvas_test_screenshot (f, "duplicating");
  /* Alt+Esc is the window manager's. */
  canvas_test_drive ("keyup alt");
  if (cancel)
    canvas_test_drive ("key Escape");
  canvas_test_drive ("mouseup 1");
  canvas_test_settle (50);
}

static void
test_alt_drag (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_json (f);
  g_auto (GStrv) selection = NULL;
  const HeddleNode *copy;

  drag_with_alt (f, "ask", 60, 240, FALSE);
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 5);
  g_assert_cmpfloat (canvas_test_find_node (f, "ask")->x, ==, 272);
  selection = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpuint (g_strv_length (selection), ==, 1);
  copy = canvas_test_find_node (f, selection[0]);
  g_assert_cmpstr (copy->id, !=, "ask");
  g_assert_cmpstr (copy->title, ==, "Frage");
  g_assert_cmpfloat (copy->y, >, 160);
  assert_undone (f, before);

  drag_with_alt (f, "ask", 60, 240, TRUE);
  assert_unchanged (f, before);
}

static void
test_plus (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  const HeddleNodeType *input = heddle_registry_lookup ("input");
  g_autofree char *before = dup_json (f);
  double x, y;

  get_edge_middle (f, "begin", "ask", &x, &y);
  canvas_test_move_to (x - 12, y);
  canvas_test_move_to (x - 11, y);
  canvas_test_screenshot (f, "plus");
  canvas_test_click (x, y);
  g_assert_nonnull (strstr (f->log->str, "search 1;"));
  /* What has no input or no output does not fit. */
  g_assert_false (heddle_canvas_can_insert (f->canvas, input));
  g_assert_false (heddle_canvas_can_insert (f->canvas, heddle_registry_lookup ("output")));
  g_assert_true (heddle_canvas_can_insert (f->canvas, heddle_registry_lookup ("wait")));
  heddle_canvas_insert_node (f->canvas, "wait", x, y);
  canvas_test_settle (50);
  g_assert_null (heddle_graph_find_edge (graph, "begin", "out", "ask", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "begin", "out", "wait", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "wait", "out", "ask", "in"));
  /* It has room. */
  g_assert_cmpfloat (canvas_test_find_node (f, "wait")->x, >=, 208 + 32);
  g_assert_cmpfloat (canvas_test_find_node (f, "ask")->x, >=, canvas_test_find_node (f, "wait")->x + 208 + 32);
  canvas_test_screenshot (f, "inserted");
  assert_undone (f, before);

  /* By keys: with the connection selected, the search is for what goes into it. */
  g_string_truncate (f->log, 0);
  canvas_test_click (x - 16, y);
  canvas_test_drive ("key a");
  g_assert_nonnull (strstr (f->log->str, "search 1;"));
  heddle_canvas_cancel_pending (f->canvas);
  assert_unchanged (f, before);
}

static void
drag_and_hold (Fixture *f, const char *id, double dx, double dy)
{
  double x, y;

  canvas_test_get_center (f, id, &x, &y);
  canvas_test_move_to (x, y);
  canvas_test_drive ("mousedown 1");
  for (int i = 1; i <= 5; i++)
    canvas_test_move_to (x + dx * i / 5, y + dy * i / 5);
}

/* Five units off the grid: the neighbour draws it nearer than the grid does. */
static void
test_guides (Fixture *f, gconstpointer data)
{
  heddle_document_set_position (f->document, "begin", 5, 0);
  canvas_test_drive ("key shift+1");
  canvas_test_drive ("key ctrl+0");
  canvas_test_settle (100);
  drag_and_hold (f, "result", 8 - 816, 320 - 160);
  canvas_test_screenshot (f, "guides");
  canvas_test_drive ("mouseup 1");
  g_assert_cmpfloat (canvas_test_find_node (f, "result")->x, ==, 5);
  canvas_test_drive ("key ctrl+z");

  /* With Ctrl there is only the grid. */
  drag_and_hold (f, "result", 8 - 816, 300 - 160);
  canvas_test_drive ("keydown ctrl");
  {
    double x, y;

    canvas_test_get_center (f, "result", &x, &y);
    canvas_test_move_to (x + 1, y + 20);
  }
  canvas_test_drive ("mouseup 1");
  canvas_test_drive ("keyup ctrl");
  g_assert_cmpint ((int) canvas_test_find_node (f, "result")->x % 16, ==, 0);
}

static void
test_paste_connected (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  g_autofree char *before = dup_json (f);
  g_auto (GStrv) selection = NULL;

  heddle_canvas_select (f->canvas, (const char *const[]){ "ask", NULL });
  canvas_test_drive ("key ctrl+c");
  canvas_test_settle (50);
  canvas_test_drive ("key ctrl+shift+v");
  canvas_test_settle (150);
  selection = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpuint (g_strv_length (selection), ==, 1);
  g_assert_nonnull (heddle_graph_find_edge (graph, "begin", "out", selection[0], "in"));
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 2);
  assert_undone (f, before);

  /* What it came from is gone: said, not wired. */
  heddle_document_remove (f->document, (const char *const[]){ "begin", NULL }, FALSE);
  g_string_truncate (f->log, 0);
  canvas_test_drive ("key ctrl+shift+v");
  canvas_test_settle (150);
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 4);
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 0);
  g_assert_nonnull (strstr (f->log->str, "message 1 connection could not be kept"));
}

/* Another window comes to the front in the middle of a drag. */
static void
test_focus_lost (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_json (f);
  GtkWidget *other = gtk_window_new ();

  drag_and_hold (f, "ask", 100, 200);
  gtk_window_present (GTK_WINDOW (other));
  canvas_test_settle (300);
  canvas_test_drive ("mouseup 1");
  canvas_test_settle (100);
  assert_unchanged (f, before);
  gtk_window_destroy (GTK_WINDOW (other));
  canvas_test_settle (100);
}

static void
test_pan_at_border (Fixture *f, gconstpointer data)
{
  double x1, y1, x2, y2;

  canvas_test_get_port (f, "ask", TRUE, "out", &x1, &y1);
  canvas_test_move_to (x1, y1);
  canvas_test_drive ("mousedown 1");
  canvas_test_move_to (x1 + 40, y1 + 100);
  canvas_test_move_to (x1 + 40, 898);
  canvas_test_settle (300);
  canvas_test_get_port (f, "ask", TRUE, "out", &x2, &y2);
  g_assert_cmpfloat (y2, <, y1 - 50);
  g_assert_cmpfloat (x2, ==, x1);
  canvas_test_drive ("key Escape");
  canvas_test_drive ("mouseup 1");
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 1);
}

#define ADD(name, func) g_test_add ("/canvas-gestures/" name, Fixture, NULL, canvas_test_set_up, func, canvas_test_tear_down)

int
main (int argc, char **argv)
{
  canvas_test_init (&argc, &argv);
  ADD ("knife", test_knife);
  ADD ("knife-several", test_knife_several);
  ADD ("knife-cancelled", test_knife_cancelled);
  ADD ("alt-drag", test_alt_drag);
  ADD ("plus", test_plus);
  ADD ("guides", test_guides);
  ADD ("paste-connected", test_paste_connected);
  ADD ("focus-lost", test_focus_lost);
  ADD ("pan-at-border", test_pan_at_border);
  return g_test_run ();
}
