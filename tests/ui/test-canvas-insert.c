/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-fixture.h"

/* Putting nodes and templates into a workflow: wired at once, with room for them, one step each. */

#define PAIR "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":["                      \
             "{\"id\":\"last\",\"type\":\"wait\"},{\"id\":\"first\",\"type\":\"template\"}]," \
             "\"edges\":[{\"from\":\"first\",\"to\":\"last\"}],\"layout\":{\"first\":[0,40],\"last\":[272,0]}}"
#define ENDS "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":[{\"id\":\"end\",\"type\":\"output\"}]}"
#define NOTES "{\"format\":\"heddle-workflow\",\"version\":1,\"annotations\":[{\"id\":\"note9\",\"kind\":\"note\",\"text\":\"x\",\"rect\":[0,0,100,50]}]}"

static char *
dup_json (Fixture *f)
{
  return heddle_graph_to_json (heddle_document_get_graph (f->document));
}

static void
assert_undone (Fixture *f, const char *before)
{
  g_autofree char *now = NULL;

  heddle_document_undo (f->document);
  now = dup_json (f);
  g_assert_cmpstr (now, ==, before);
}

static gboolean
has_edge (Fixture *f, const char *from, const char *to)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);

  for (guint i = 0; i < heddle_graph_get_n_edges (graph); i++)
    if (g_str_equal (heddle_graph_get_edge (graph, i)->from, from) && g_str_equal (heddle_graph_get_edge (graph, i)->to, to))
      return TRUE;
  return FALSE;
}

/* No card over another, and what follows is behind. */
static void
assert_behind (Fixture *f, const char *id, const char *before)
{
  g_assert_cmpfloat (canvas_test_find_node (f, id)->x, >=, canvas_test_find_node (f, before)->x + 208 + 32);
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
test_template_in_edge (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_json (f);
  double x, y;

  get_edge_middle (f, "begin", "ask", &x, &y);
  canvas_test_move_to (x - 12, y);
  canvas_test_move_to (x - 11, y);
  canvas_test_click (x, y);
  assert_soon (strstr (f->log->str, "search 1;") != NULL);
  g_assert_true (heddle_canvas_can_insert_template (f->canvas, PAIR));
  g_assert_false (heddle_canvas_can_insert_template (f->canvas, ENDS));
  g_assert_false (heddle_canvas_can_insert_template (f->canvas, NOTES));
  g_assert_false (heddle_canvas_can_insert_template (f->canvas, "no workflow"));
  heddle_canvas_insert_template_at (f->canvas, PAIR, x, y);
  g_assert_false (has_edge (f, "begin", "ask"));
  g_assert_true (has_edge (f, "begin", "first"));
  g_assert_true (has_edge (f, "first", "last"));
  g_assert_true (has_edge (f, "last", "ask"));
  assert_behind (f, "first", "begin");
  assert_behind (f, "last", "first");
  assert_behind (f, "ask", "last");
  /* What was in the way of that, though nothing leads to it. */
  assert_behind (f, "check", "ask");
  canvas_test_screenshot (f, "template-in-edge");
  assert_undone (f, before);
}

/* An edge that was dropped on nothing gets the first port that is free, which comes to lie there. */
static void
test_template_after (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_json (f);
  double x, y, port_x, port_y;

  canvas_test_get_port (f, "ask", TRUE, "out", &x, &y);
  canvas_test_drag (x, y, x + 60, y + 260, "1");
  assert_soon (strstr (f->log->str, "search 1;") != NULL);
  g_assert_true (heddle_canvas_can_insert_template (f->canvas, PAIR));
  g_assert_true (heddle_canvas_can_insert_template (f->canvas, ENDS));
  heddle_canvas_insert_template_at (f->canvas, PAIR, x + 60, y + 260);
  g_assert_true (has_edge (f, "ask", "first"));
  g_assert_false (has_edge (f, "ask", "last"));
  canvas_test_get_port (f, "first", FALSE, "in", &port_x, &port_y);
  g_assert_cmpfloat (ABS (port_x - x - 60), <=, 16);
  assert_undone (f, before);

  /* Backwards: what could lead to it. */
  canvas_test_get_port (f, "result", FALSE, "in", &x, &y);
  g_string_truncate (f->log, 0);
  canvas_test_drag (x, y, x - 60, y + 200, "1");
  assert_soon (strstr (f->log->str, "search 1;") != NULL);
  g_assert_false (heddle_canvas_can_insert_template (f->canvas, ENDS));
  heddle_canvas_insert_template_at (f->canvas, PAIR, x - 60, y + 200);
  g_assert_true (has_edge (f, "last", "result"));
  g_assert_false (has_edge (f, "first", "result"));
  assert_undone (f, before);
}

/* Something is where the edge was dropped: what takes it goes to a place nearby. */
static void
test_taken (Fixture *f, gconstpointer data)
{
  const HeddleNode *added;
  double x, y;

  canvas_test_get_port (f, "begin", TRUE, "out", &x, &y);
  canvas_test_drag (x, y, x + 40, y + 120, "1");
  assert_soon (strstr (f->log->str, "search 1;") != NULL);
  heddle_canvas_insert_node (f->canvas, "wait", x + 40, y + 20);
  added = canvas_test_find_node (f, "wait");
  g_assert_true (has_edge (f, "begin", "wait"));
  g_assert_true (added->y >= canvas_test_find_node (f, "ask")->y + HEDDLE_CARD_HEIGHT || added->y + HEDDLE_CARD_HEIGHT <= canvas_test_find_node (f, "ask")->y);
}

/* What is dragged with all that it is wired to goes into an edge as a whole. */
static void
test_splice_several (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;
  double x, y, edge_x, edge_y;

  canvas_test_add_node (f, "template", "one", NULL, 0, 320);
  canvas_test_add_node (f, "wait", "two", NULL, 272, 320);
  canvas_test_connect_nodes (f, "one", "out", "two", "in");
  canvas_test_settle (50);
  before = dup_json (f);
  heddle_canvas_select (f->canvas, (const char *const[]){ "one", "two", NULL });
  canvas_test_get_center (f, "one", &x, &y);
  get_edge_middle (f, "begin", "ask", &edge_x, &edge_y);
  canvas_test_drag (x, y, edge_x, edge_y - 16, "1");
  assert_soon (has_edge (f, "begin", "one"));
  g_assert_true (has_edge (f, "one", "two"));
  g_assert_true (has_edge (f, "two", "ask"));
  g_assert_false (has_edge (f, "begin", "ask"));
  assert_behind (f, "one", "begin");
  assert_behind (f, "ask", "two");
  assert_undone (f, before);

  /* Not when something else leads to them: then they only move. */
  canvas_test_connect_nodes (f, "two", "out", "result", "in");
  heddle_canvas_select (f->canvas, (const char *const[]){ "one", "two", NULL });
  canvas_test_get_center (f, "one", &x, &y);
  canvas_test_drag (x, y, edge_x, edge_y - 16, "1");
  g_assert_true (has_edge (f, "begin", "ask"));
  g_assert_false (has_edge (f, "begin", "one"));
}

static void
test_add_after (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_json (f);

  heddle_canvas_select (f->canvas, (const char *const[]){ "ask", NULL });
  canvas_test_drive ("key shift+a");
  assert_soon (strstr (f->log->str, "search 1;") != NULL);
  heddle_canvas_insert_node (f->canvas, "wait", 700, 700);
  g_assert_true (has_edge (f, "ask", "wait"));
  assert_behind (f, "wait", "ask");
  g_assert_cmpfloat (canvas_test_find_node (f, "check")->x, ==, 544);
  assert_undone (f, before);
  /* After the last one there is nothing. */
  g_string_truncate (f->log, 0);
  heddle_canvas_reveal (f->canvas, "result");
  gtk_widget_activate_action (GTK_WIDGET (f->canvas), "canvas.add-after", NULL);
  g_assert_null (strstr (f->log->str, "search"));
  g_assert_nonnull (strstr (f->log->str, "message Nothing follows"));
}

static void
test_connect_to (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  g_autofree char *before = dup_json (f);

  heddle_canvas_select (f->canvas, (const char *const[]){ "check", NULL });
  canvas_test_drive ("key l");
  canvas_test_settle (150);
  canvas_test_drive ("type RESULT");
  canvas_test_settle (60);
  canvas_test_screenshot (f, "connect-to");
  /* The second of its outputs. */
  canvas_test_drive ("key Down Down Return");
  assert_soon (canvas_test_count_edges (f) == 2);
  g_assert_nonnull (heddle_graph_find_edge (graph, "check", "false", "result", "in"));
  assert_undone (f, before);
  canvas_test_drive ("key l");
  canvas_test_settle (150);
  canvas_test_drive ("type nowhere");
  canvas_test_drive ("key Return");
  canvas_test_drive ("key Escape");
  canvas_test_settle (150);
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 1);
  /* The keyboard is where it was. */
  canvas_test_drive ("key shift+a");
  assert_soon (strstr (f->log->str, "search 1;") != NULL);
}

static GtkWidget *
find_map (Fixture *f)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (f->canvas)); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (g_str_equal (gtk_widget_get_css_name (child), "minimap"))
      return child;
  return NULL;
}

static void
get_offset (Fixture *f, double *x, double *y)
{
  double zoom;

  heddle_canvas_get_view (f->canvas, &zoom, x, y);
}

static void
test_map (Fixture *f, gconstpointer data)
{
  GtkWidget *map = find_map (f);
  double x, y, then_x, then_y, zoom;
  graphene_rect_t bounds;

  canvas_test_drive ("key m");
  g_assert_false (gtk_widget_get_child_visible (map));
  heddle_canvas_set_zoom (f->canvas, 2);
  assert_soon (gtk_widget_get_child_visible (map));
  /* By drag: what is pressed comes to the middle, and the view follows. */
  g_assert_true (gtk_widget_compute_bounds (map, GTK_WIDGET (f->canvas), &bounds));
  x = bounds.origin.x + bounds.size.width / 2;
  y = bounds.origin.y + bounds.size.height / 2;
  canvas_test_drag (x - 30, y, x + 20, y, "1");
  get_offset (f, &then_x, &then_y);
  canvas_test_drag (x + 20, y, x - 30, y, "1");
  get_offset (f, &x, &y);
  g_assert_cmpfloat (x, >, then_x + 100);
  g_assert_cmpfloat (y, ==, then_y);
  /* By keys, after the buttons in the order of Tab. */
  gtk_widget_grab_focus (map);
  gtk_test_accessible_assert_property (map, GTK_ACCESSIBLE_PROPERTY_LABEL, "Overview of the workflow");
  canvas_test_screenshot (f, "map");
  canvas_test_drive ("key Right");
  get_offset (f, &then_x, &then_y);
  g_assert_cmpfloat_with_epsilon (then_x, x - gtk_widget_get_width (GTK_WIDGET (f->canvas)) / 4., .01);
  canvas_test_drive ("key shift+Down");
  get_offset (f, &x, &y);
  g_assert_cmpfloat_with_epsilon (y, then_y - gtk_widget_get_height (GTK_WIDGET (f->canvas)), .01);
  zoom = heddle_canvas_get_zoom (f->canvas);
  canvas_test_drive ("key plus");
  g_assert_cmpfloat (heddle_canvas_get_zoom (f->canvas), >, zoom);
  canvas_test_drive ("key minus minus");
  g_assert_cmpfloat (heddle_canvas_get_zoom (f->canvas), <, zoom);
  /* Everything is in view then, and it still does not vanish from under the keyboard. */
  canvas_test_drive ("key Home");
  canvas_test_settle (60);
  g_assert_true (gtk_widget_has_focus (map));
  g_assert_true (gtk_widget_get_child_visible (map));
  canvas_test_drive ("key shift+Tab");
  assert_soon (!gtk_widget_has_focus (map));
  heddle_canvas_set_zoom (f->canvas, 2);
  canvas_test_drive ("key Tab");
  assert_soon (gtk_widget_has_focus (map));
  canvas_test_drive ("key m");
  assert_soon (!gtk_widget_get_child_visible (map));
  g_assert_false (gtk_widget_has_focus (map));
}

#define ADD(name, func) g_test_add ("/canvas-insert/" name, Fixture, NULL, canvas_test_set_up, func, canvas_test_tear_down)

int
main (int argc, char **argv)
{
  canvas_test_init (&argc, &argv);
  ADD ("template-in-edge", test_template_in_edge);
  ADD ("template-after", test_template_after);
  ADD ("taken", test_taken);
  ADD ("splice-several", test_splice_several);
  ADD ("add-after", test_add_after);
  ADD ("connect-to", test_connect_to);
  ADD ("map", test_map);
  return g_test_run ();
}
