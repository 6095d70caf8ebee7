/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-fixture.h"

/* The habits of hands that no other test tries: one by one, with real mouse and keys. */

static gboolean
is_selected (Fixture *f, const char *ids)
{
  g_auto (GStrv) selected = heddle_canvas_get_selection (f->canvas);
  g_autofree char *joined = g_strjoinv (" ", selected);

  return g_str_equal (joined, ids);
}

static gboolean
has_edge (Fixture *f, const char *from, const char *from_port, const char *to)
{
  return heddle_graph_find_edge (heddle_document_get_graph (f->document), from, from_port, to, "in") != NULL;
}

/* Where the point of the screen is in the workflow. */
static void
get_world (Fixture *f, double x, double y, double *world_x, double *world_y)
{
  double zoom, offset_x, offset_y;

  heddle_canvas_get_view (f->canvas, &zoom, &offset_x, &offset_y);
  *world_x = (x - offset_x) / zoom;
  *world_y = (y - offset_y) / zoom;
}

/* What is under the pointer stays there to a part of a pixel, however often and far one zooms. */
static void
test_zoom_at_pointer (Fixture *f, gconstpointer data)
{
  double x, y, then_x, then_y;

  canvas_test_move_to (437, 311);
  /* The view has come to rest once somebody zooms: it no longer fits the window by itself. */
  canvas_test_drive ("click 4");
  canvas_test_settle (200);
  get_world (f, 437, 311, &x, &y);
  for (int i = 0; i < 3; i++)
    {
      canvas_test_drive ("click 4");
      canvas_test_drive ("keydown ctrl click --repeat 6 --delay 5 5 keyup ctrl");
      canvas_test_drive ("click --repeat 4 --delay 5 4");
    }
  canvas_test_settle (100);
  get_world (f, 437, 311, &then_x, &then_y);
  g_assert_cmpfloat_with_epsilon (then_x, x, .5 / heddle_canvas_get_zoom (f->canvas));
  g_assert_cmpfloat_with_epsilon (then_y, y, .5 / heddle_canvas_get_zoom (f->canvas));
  canvas_test_drive ("click --repeat 40 --delay 3 4");
  assert_soon (heddle_canvas_get_zoom (f->canvas) == 4);
  canvas_test_drive ("click --repeat 80 --delay 3 5");
  assert_soon (heddle_canvas_get_zoom (f->canvas) == .05);
}

static void
test_wheel_sideways (Fixture *f, gconstpointer data)
{
  double x, y, then_x, then_y;

  canvas_test_move_to (500, 600);
  canvas_test_get_port (f, "ask", TRUE, "out", &x, &y);
  canvas_test_drive ("keydown shift click 5 keyup shift");
  canvas_test_settle (300);
  canvas_test_get_port (f, "ask", TRUE, "out", &then_x, &then_y);
  g_assert_cmpfloat (then_x, <, x - 10);
  g_assert_cmpfloat (then_y, ==, y);
  g_assert_cmpfloat (heddle_canvas_get_zoom (f->canvas), ==, 1);
}

static double
get_middle (Fixture *f, const char *id)
{
  graphene_rect_t bounds;

  g_assert_true (heddle_canvas_get_node_bounds (f->canvas, id, &bounds));
  return bounds.origin.x + bounds.size.width / 2;
}

static void
test_fit (Fixture *f, gconstpointer data)
{
  double zoom;

  canvas_test_drive ("key ctrl+plus ctrl+plus ctrl+plus");
  assert_soon (heddle_canvas_get_zoom (f->canvas) > 1);
  zoom = heddle_canvas_get_zoom (f->canvas);
  canvas_test_drive ("key ctrl+minus");
  assert_soon (heddle_canvas_get_zoom (f->canvas) < zoom);
  heddle_canvas_set_view (f->canvas, 1, 5000, 5000);
  canvas_test_drive ("key shift+1");
  assert_soon (get_middle (f, "result") > 0 && get_middle (f, "result") < gtk_widget_get_width (GTK_WIDGET (f->canvas)));
  heddle_canvas_select (f->canvas, (const char *const[]){ "check", NULL });
  canvas_test_drive ("key shift+2");
  assert_soon (ABS (get_middle (f, "check") - gtk_widget_get_width (GTK_WIDGET (f->canvas)) / 2.) < 30);
}

static void
test_select_by_keys (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;

  canvas_test_connect_nodes (f, "ask", "out", "check", "in");
  canvas_test_connect_nodes (f, "check", "true", "result", "in");
  before = canvas_test_dup_json (f);
  canvas_test_drive ("key ctrl+a");
  assert_soon (is_selected (f, "ask begin check result"));
  canvas_test_drive ("key Escape");
  assert_soon (is_selected (f, ""));
  heddle_canvas_select (f->canvas, (const char *const[]){ "check", NULL });
  canvas_test_drive ("key shift+Left");
  assert_soon (is_selected (f, "ask begin check"));
  heddle_canvas_select (f->canvas, (const char *const[]){ "ask", NULL });
  canvas_test_drive ("key shift+Right");
  assert_soon (is_selected (f, "ask check result"));
  g_assert_true (canvas_test_is_unchanged (f, before));
}

/* Twenty pixels from a port an edge jumps to it, also when the port is on no card; a little further it does not. */
static void
test_snap (Fixture *f, gconstpointer data)
{
  double x1, y1, x2, y2;

  canvas_test_get_port (f, "ask", TRUE, "out", &x1, &y1);
  canvas_test_get_port (f, "check", FALSE, "in", &x2, &y2);
  canvas_test_drag (x1, y1, x2 - 18, y2, "1");
  assert_soon (has_edge (f, "ask", "out", "check"));
  canvas_test_drive ("key ctrl+z");
  assert_soon (canvas_test_count_edges (f) == 1);
  canvas_test_drag (x1, y1, x2 - 23, y2 + 2, "1");
  assert_soon (strstr (f->log->str, "search 1;") != NULL);
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 1);
}

static void
test_alt_click (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;
  double x, y;

  canvas_test_connect_nodes (f, "begin", "out", "check", "in");
  before = canvas_test_dup_json (f);
  canvas_test_get_port (f, "begin", TRUE, "out", &x, &y);
  canvas_test_move_to (x, y);
  /* Some window managers take a press with Alt; holding it down a little later means the same. */
  canvas_test_drive ("mousedown 1");
  canvas_test_drive ("keydown alt");
  canvas_test_drive ("mouseup 1");
  canvas_test_drive ("keyup alt");
  assert_soon (canvas_test_count_edges (f) == 0);
  canvas_test_drive ("key ctrl+z");
  assert_soon (canvas_test_is_unchanged (f, before));
}

static void
test_remove (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;

  canvas_test_connect_nodes (f, "ask", "out", "check", "in");
  before = canvas_test_dup_json (f);
  heddle_canvas_select (f->canvas, (const char *const[]){ "ask", NULL });
  canvas_test_drive ("key ctrl+Delete");
  assert_soon (has_edge (f, "begin", "out", "check"));
  g_assert_null (canvas_test_find_node (f, "ask"));
  canvas_test_drive ("key ctrl+z");
  assert_soon (canvas_test_is_unchanged (f, before));
  heddle_canvas_select (f->canvas, (const char *const[]){ "ask", NULL });
  canvas_test_drive ("key Delete");
  assert_soon (canvas_test_count_edges (f) == 0);
  canvas_test_drive ("key ctrl+z");
  assert_soon (canvas_test_is_unchanged (f, before));
}

static void
test_duplicate (Fixture *f, gconstpointer data)
{
  g_autofree char *before = canvas_test_dup_json (f);

  heddle_canvas_select (f->canvas, (const char *const[]){ "begin", "ask", NULL });
  canvas_test_drive ("key ctrl+d");
  assert_soon (canvas_test_count_nodes (f) == 6);
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 2);
  g_assert_false (is_selected (f, "ask begin"));
  canvas_test_drive ("key ctrl+z");
  assert_soon (canvas_test_is_unchanged (f, before));
  heddle_canvas_select (f->canvas, (const char *const[]){ "begin", "ask", NULL });
  canvas_test_drive ("key ctrl+x");
  assert_soon (canvas_test_count_nodes (f) == 2);
  canvas_test_move_to (300, 700);
  canvas_test_drive ("key ctrl+v");
  assert_soon (canvas_test_count_nodes (f) == 4);
  g_assert_true (has_edge (f, "begin", "out", "ask"));
}

static void
test_organise (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  g_autofree char *before = NULL;

  heddle_document_move (f->document, (const char *const[]){ "check", NULL }, -300, 400);
  before = canvas_test_dup_json (f);
  canvas_test_drive ("key shift+alt+t");
  assert_soon (!canvas_test_is_unchanged (f, before));
  canvas_test_drive ("key ctrl+z");
  assert_soon (canvas_test_is_unchanged (f, before));
  canvas_test_move_to (300, 700);
  canvas_test_drive ("key shift+s");
  assert_soon (heddle_graph_get_n_annotations (graph) == 1);
  canvas_test_settle (200);
  canvas_test_drive ("type Hinweis");
  canvas_test_drive ("key Escape");
  assert_soon (g_strcmp0 (heddle_graph_get_annotation (graph, 0)->text, "Hinweis") == 0);
}

static void
test_arrows (Fixture *f, gconstpointer data)
{
  const HeddleNode *ask = canvas_test_find_node (f, "ask");
  double x = ask->x, y = ask->y;

  heddle_canvas_reveal (f->canvas, "begin");
  canvas_test_drive ("key Right");
  assert_soon (is_selected (f, "ask"));
  canvas_test_drive ("key ctrl+Down");
  assert_soon (canvas_test_find_node (f, "ask")->y == y + 16);
  canvas_test_drive ("key ctrl+shift+Right");
  assert_soon (canvas_test_find_node (f, "ask")->x == x + 160);
  canvas_test_drive ("key ctrl+z ctrl+z");
  assert_soon (canvas_test_find_node (f, "ask")->x == x && canvas_test_find_node (f, "ask")->y == y);
  canvas_test_drive ("key Left");
  assert_soon (is_selected (f, "begin"));
}

/* Text of another tool: what it is of is said when it cannot be read, and nothing changes. */
static void
test_foreign (Fixture *f, gconstpointer data)
{
  g_autofree char *before = canvas_test_dup_json (f);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (f->canvas)),
                          "{\"name\":\"Mine\",\"nodes\":[{\"parameters\":{},\"id\":\"1\",\"name\":\"Start\",\"type\":\"n8n-nodes-base.manualTrigger\",\"typeVersion\":1,\"position\":[0,0]},"
                          "{\"parameters\":{\"url\":\"https://example.org\"},\"id\":\"2\",\"name\":\"Get\",\"type\":\"n8n-nodes-base.httpRequest\",\"typeVersion\":4,\"position\":[200,0]}],"
                          "\"connections\":{\"Start\":{\"main\":[[{\"node\":\"Get\",\"type\":\"main\",\"index\":0}]]}}}");
  canvas_test_move_to (300, 650);
  canvas_test_drive ("key ctrl+v");
  canvas_test_settle (300);
  canvas_test_screenshot (f, "foreign");
  g_test_message ("%s", f->log->str);
  /* A whole workflow: it is asked whether to insert or to open it. */
  canvas_test_drive ("key Return");
  assert_soon (canvas_test_count_nodes (f) > 4);
  g_assert_cmpuint (canvas_test_count_edges (f), >, 1);
  canvas_test_drive ("key ctrl+z");
  assert_soon (canvas_test_is_unchanged (f, before));
}

#define ADD(name, func) g_test_add ("/canvas-table/" name, Fixture, NULL, canvas_test_set_up, func, canvas_test_tear_down)

int
main (int argc, char **argv)
{
  canvas_test_init (&argc, &argv);
  ADD ("zoom-at-pointer", test_zoom_at_pointer);
  ADD ("wheel-sideways", test_wheel_sideways);
  ADD ("fit", test_fit);
  ADD ("select-by-keys", test_select_by_keys);
  ADD ("snap", test_snap);
  ADD ("alt-click", test_alt_click);
  ADD ("remove", test_remove);
  ADD ("duplicate", test_duplicate);
  ADD ("organise", test_organise);
  ADD ("arrows", test_arrows);
  ADD ("foreign", test_foreign);
  return g_test_run ();
}
