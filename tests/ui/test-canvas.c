/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-fixture.h"

#include "canvas/heddle-canvas-card.h"
#include "canvas/heddle-canvas-picture.h"

static void
test_select (Fixture *f, gconstpointer data)
{
  g_auto (GStrv) one = NULL;
  g_auto (GStrv) two = NULL;
  g_auto (GStrv) none = NULL;
  double x, y;

  canvas_test_get_center (f, "ask", &x, &y);
  canvas_test_click (x, y);
  one = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstrv (one, ((const char *const[]){ "ask", NULL }));
  g_assert_cmpstr (f->log->str, ==, "selection;");

  canvas_test_get_center (f, "begin", &x, &y);
  canvas_test_move_to (x, y);
  canvas_test_drive ("keydown shift click 1 keyup shift");
  canvas_test_settle (420);
  two = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstrv (two, ((const char *const[]){ "ask", "begin", NULL }));
  canvas_test_screenshot (f, "selected");

  canvas_test_drive ("key Escape");
  none = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstrv (none, ((const char *const[]){ NULL }));
  /* Looking and selecting are no edits. */
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 4);
}

static void
test_box (Fixture *f, gconstpointer data)
{
  g_auto (GStrv) selected = NULL;
  double x1, y1, x2, y2;

  canvas_test_get_center (f, "begin", &x1, &y1);
  canvas_test_get_center (f, "ask", &x2, &y2);
  canvas_test_drag (x1 - 150, y1 - 80, x2, y2 + 5, "1");
  selected = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstrv (selected, ((const char *const[]){ "ask", "begin", NULL }));
}

static void
test_move (Fixture *f, gconstpointer data)
{
  double x, y, before_x = canvas_test_find_node (f, "ask")->x, before_y = canvas_test_find_node (f, "ask")->y;

  canvas_test_get_center (f, "ask", &x, &y);
  canvas_test_drag (x, y, x + 100, y + 130, "1");
  g_assert_cmpfloat (canvas_test_find_node (f, "ask")->x, >, before_x + 60);
  g_assert_cmpfloat (canvas_test_find_node (f, "ask")->y, >, before_y + 100);
  /* On the grid. */
  g_assert_cmpint ((int) canvas_test_find_node (f, "ask")->x % 16, ==, 0);
  g_assert_cmpint ((int) canvas_test_find_node (f, "ask")->y % 16, ==, 0);

  canvas_test_drive ("key ctrl+z");
  g_assert_cmpfloat (canvas_test_find_node (f, "ask")->x, ==, before_x);
  g_assert_cmpfloat (canvas_test_find_node (f, "ask")->y, ==, before_y);
  canvas_test_drive ("key ctrl+shift+z");
  g_assert_cmpfloat (canvas_test_find_node (f, "ask")->x, >, before_x);
}

static void
test_cancel_move (Fixture *f, gconstpointer data)
{
  graphene_rect_t before, after;
  double x, y;
  g_autofree char *label = NULL;
  g_autofree char *label_after = NULL;

  g_object_get (f->document, "undo-label", &label, NULL);
  heddle_canvas_get_node_bounds (f->canvas, "ask", &before);
  canvas_test_get_center (f, "ask", &x, &y);
  canvas_test_move_to (x, y);
  canvas_test_drive ("mousedown 1");
  canvas_test_move_to (x + 60, y + 60);
  canvas_test_move_to (x + 120, y + 60);
  canvas_test_drive ("key Escape");
  heddle_canvas_get_node_bounds (f->canvas, "ask", &after);
  g_assert_true (graphene_rect_equal (&before, &after));
  canvas_test_drive ("mouseup 1");
  g_object_get (f->document, "undo-label", &label_after, NULL);
  g_assert_cmpstr (label, ==, label_after);
  g_assert_cmpfloat (canvas_test_find_node (f, "ask")->x, ==, 272);
}

static void
test_zoom_and_pan (Fixture *f, gconstpointer data)
{
  double x1, y1, x2, y2, zoom = heddle_canvas_get_zoom (f->canvas);

  /* The point under the pointer stays where it is, to the pixel. */
  canvas_test_get_port (f, "check", FALSE, "in", &x1, &y1);
  canvas_test_move_to (x1, y1);
  x1 = (int) x1;
  y1 = (int) y1;
  for (int i = 0; i < 4; i++)
    canvas_test_drive ("click 4");
  g_assert_cmpfloat (heddle_canvas_get_zoom (f->canvas), >, zoom * 1.5);
  canvas_test_get_port (f, "check", FALSE, "in", &x2, &y2);
  g_assert_cmpfloat (ABS (x2 - x1), <=, 2.0);
  g_assert_cmpfloat (ABS (y2 - y1), <=, 2.0);
  canvas_test_screenshot (f, "zoomed-in");
  for (int i = 0; i < 4; i++)
    canvas_test_drive ("keydown ctrl click 5 keyup ctrl");
  g_assert_cmpfloat_with_epsilon (heddle_canvas_get_zoom (f->canvas), zoom, 0.001);

  canvas_test_get_port (f, "check", FALSE, "in", &x1, &y1);
  canvas_test_drag (300, 600, 400, 650, "2");
  canvas_test_get_port (f, "check", FALSE, "in", &x2, &y2);
  g_assert_cmpfloat (x2 - x1, ==, 100);
  g_assert_cmpfloat (y2 - y1, ==, 50);

  canvas_test_drive ("keydown space");
  canvas_test_drag (300, 600, 200, 550, "1");
  canvas_test_drive ("keyup space");
  canvas_test_get_port (f, "check", FALSE, "in", &x2, &y2);
  g_assert_cmpfloat (x2, ==, x1);
  g_assert_cmpfloat (y2, ==, y1);

  canvas_test_drive ("key ctrl+plus");
  canvas_test_drive ("key ctrl+0");
  g_assert_cmpfloat (heddle_canvas_get_zoom (f->canvas), ==, 1);
}

static void
test_empty (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);

  canvas_test_screenshot (f, "empty");
  heddle_canvas_add_node_at_center (f->canvas, "input");
  heddle_canvas_add_node_at_center (f->canvas, "output");
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 2);
  g_assert_true (heddle_graph_get_node (graph, 0)->x != heddle_graph_get_node (graph, 1)->x);
  heddle_canvas_insert_node (f->canvas, "no-such-type", 10, 10);
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 2);
  g_assert_nonnull (strstr (f->log->str, "no-such-type"));
}

static void
apply (HeddleTrace *trace, HeddleEventKind kind, const char *node, gint64 time, const char *text, const char *data)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_event_unref);
  HeddleEvent *event = heddle_event_new (kind, node);

  event->time = time;
  event->attempt = node != NULL ? 1 : 0;
  event->text = g_strdup (text);
  event->data = data != NULL ? heddle_json_parse (data, -1, NULL) : NULL;
  g_ptr_array_add (events, event);
  heddle_trace_apply (trace, events);
}

/* The card's size and the place of everything are the same before, during and after a run. */
static void
test_run (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run-1", g_get_real_time ());
  graphene_rect_t before, during, after;

  canvas_test_connect_nodes (f, "ask", "out", "check", "in");
  canvas_test_connect_nodes (f, "check", "true", "result", "in");
  canvas_test_add_node (f, "fail", "stop", "Der Antrag konnte nicht bearbeitet werden", 816, 0);
  canvas_test_connect_nodes (f, "check", "false", "stop", "in");
  heddle_canvas_fit (f->canvas);
  canvas_test_settle (50);
  heddle_canvas_get_node_bounds (f->canvas, "result", &before);

  heddle_canvas_set_trace (f->canvas, trace);
  apply (trace, HEDDLE_EVENT_RUN_STARTED, NULL, 0, NULL, "{}");
  apply (trace, HEDDLE_EVENT_NODE_STARTED, "begin", 10, NULL, "{}");
  apply (trace, HEDDLE_EVENT_NODE_FINISHED, "begin", 2000, NULL, "{\"result\":{\"output\":\"x\"},\"live\":[\"out\"]}");
  apply (trace, HEDDLE_EVENT_NODE_STARTED, "ask", 2100, NULL, "{}");
  canvas_test_settle (150);
  canvas_test_screenshot (f, "running");
  apply (trace, HEDDLE_EVENT_NODE_FINISHED, "ask", 412000, NULL, "{\"result\":{\"output\":\"x\"},\"live\":[\"out\"]}");
  apply (trace, HEDDLE_EVENT_NODE_STARTED, "check", 413000, NULL, "{}");
  apply (trace, HEDDLE_EVENT_NODE_FINISHED, "check", 414000, NULL, "{\"result\":{\"output\":true},\"live\":[\"true\"]}");
  apply (trace, HEDDLE_EVENT_NODE_SKIPPED, "stop", 414000, "Not reached.", NULL);
  apply (trace, HEDDLE_EVENT_NODE_STARTED, "result", 415000, NULL, "{}");
  apply (trace, HEDDLE_EVENT_NODE_DELTA, "result", 500000, "A segmentation fault at start is usually a damaged profile. First move the folder away, then start again and look whether", NULL);
  canvas_test_settle (100);
  heddle_canvas_get_node_bounds (f->canvas, "result", &during);
  canvas_test_screenshot (f, "streaming");
  apply (trace, HEDDLE_EVENT_NODE_FAILED, "result", 1900000, NULL, "{\"error\":{\"code\":\"server\",\"message\":\"No\"},\"live\":[]}");
  apply (trace, HEDDLE_EVENT_RUN_FINISHED, NULL, 1900000, NULL, "{\"state\":\"failed\"}");
  canvas_test_settle (100);
  heddle_canvas_get_node_bounds (f->canvas, "result", &after);
  g_assert_true (graphene_rect_equal (&before, &during));
  g_assert_true (graphene_rect_equal (&before, &after));
  canvas_test_screenshot (f, "failed");

  heddle_canvas_set_trace (f->canvas, NULL);
  canvas_test_settle (50);
}

static void
test_problems (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) problems = heddle_problem_list_new ();

  g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_ERROR, "check", NULL, "condition", "Write a condition."));
  g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_WARNING, "result", NULL, NULL, "Nothing leads here."));
  g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_WARNING, "gone", NULL, NULL, "Of a node that is not there."));
  heddle_canvas_set_problems (f->canvas, problems);
  canvas_test_screenshot (f, "problems");
  heddle_canvas_reveal (f->canvas, "check");
  heddle_canvas_reveal (f->canvas, "gone");
  heddle_canvas_set_problems (f->canvas, NULL);
}

static void
test_far_zoom (Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 40; i++)
    heddle_document_add_node (f->document, i % 3 != 0 ? "template" : "switch", NULL, i % 8 * 272, 300 + i / 8 * 160);
  heddle_canvas_fit (f->canvas);
  canvas_test_screenshot (f, "many");
  heddle_canvas_set_zoom (f->canvas, .35);
  canvas_test_screenshot (f, "outline");
  heddle_canvas_set_zoom (f->canvas, .12);
  canvas_test_screenshot (f, "blocks");
  heddle_canvas_set_zoom (f->canvas, 0.0001);
  g_assert_cmpfloat (heddle_canvas_get_zoom (f->canvas), ==, .05);
  heddle_canvas_set_zoom (f->canvas, 100);
  g_assert_cmpfloat (heddle_canvas_get_zoom (f->canvas), ==, 4);
  canvas_test_settle (50);
}

static void
test_picture (Fixture *f, gconstpointer data)
{
  GtkWidget *image;
  GdkPaintable *picture = heddle_canvas_picture_new (heddle_document_get_graph (f->document));

  image = gtk_picture_new_for_paintable (picture);
  gtk_window_set_child (GTK_WINDOW (f->window), image);
  gtk_widget_set_halign (image, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (image, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (image, 320, 180);
  canvas_test_screenshot (f, "picture");
  gtk_window_set_child (GTK_WINDOW (f->window), NULL);
  canvas_test_settle (30);
  g_assert_finalize_object (picture);
}

static GtkWidget *
find_card (Fixture *f, const char *title)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (f->canvas)); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (HEDDLE_IS_CANVAS_CARD (child) && g_str_equal (heddle_canvas_card_get_item (HEDDLE_CANVAS_CARD (child))->title, title))
      return child;
  g_assert_not_reached ();
}

/* What assistive technology sees and can do. */
static void
test_accessible (Fixture *f, gconstpointer data)
{
  GtkWidget *ask = find_card (f, "Frage");
  GtkWidget *check = find_card (f, _ ("If-Else"));

  gtk_test_accessible_assert_role (f->canvas, GTK_ACCESSIBLE_ROLE_LIST);
  gtk_test_accessible_assert_role (ask, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
  gtk_test_accessible_assert_property (ask, GTK_ACCESSIBLE_PROPERTY_LABEL, "Node Frage, Template");
  g_assert_true (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (find_card (f, "Input")), GTK_ACCESSIBLE_RELATION_FLOW_TO));
  g_assert_false (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (ask), GTK_ACCESSIBLE_RELATION_FLOW_TO));

  g_assert_true (gtk_widget_activate_action (ask, "node.connect", NULL));
  g_assert_true (gtk_widget_activate_action (check, "node.connect", NULL));
  g_assert_nonnull (heddle_graph_find_edge (heddle_document_get_graph (f->document), "ask", "out", "check", "in"));
  g_assert_true (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (ask), GTK_ACCESSIBLE_RELATION_FLOW_TO));
  g_assert_true (gtk_widget_activate_action (ask, "node.open", NULL));
  g_assert_nonnull (strstr (f->log->str, "open ask;"));
  g_assert_true (gtk_widget_activate_action (ask, "node.delete", NULL));
  g_assert_null (canvas_test_find_node (f, "ask"));
}

/* So many edges that they come from tiles; they must look like the others. */
static void
test_many_edges (Fixture *f, gconstpointer data)
{
  g_autofree char *last = g_strdup ("ask");

  for (int i = 0; i < 60; i++)
    {
      g_autofree char *id = g_strdup (heddle_document_add_node (f->document, "merge", NULL, i % 10 * 272, 400 + i / 10 * 160));

      canvas_test_connect_nodes (f, last, "out", id, "in");
      canvas_test_connect_nodes (f, "begin", "out", id, "in");
      g_free (last);
      last = g_steal_pointer (&id);
    }
  heddle_canvas_fit (f->canvas);
  canvas_test_settle (500);
  canvas_test_screenshot (f, "many-edges");
  heddle_canvas_zoom_in (f->canvas);
  canvas_test_screenshot (f, "many-edges-zoomed");
  heddle_document_remove (f->document, (const char *const[]){ "begin", NULL }, FALSE);
  canvas_test_settle (100);
  canvas_test_screenshot (f, "many-edges-removed");
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 60);
}

#define ADD(name, func) g_test_add ("/canvas/" name, Fixture, NULL, canvas_test_set_up, func, canvas_test_tear_down)

int
main (int argc, char **argv)
{
  canvas_test_init (&argc, &argv);
  g_test_add ("/canvas/empty", Fixture, "empty", canvas_test_set_up, test_empty, canvas_test_tear_down);
  ADD ("select", test_select);
  ADD ("box", test_box);
  ADD ("move", test_move);
  ADD ("cancel-move", test_cancel_move);
  ADD ("zoom-and-pan", test_zoom_and_pan);
  ADD ("run", test_run);
  ADD ("problems", test_problems);
  ADD ("far-zoom", test_far_zoom);
  ADD ("picture", test_picture);
  ADD ("accessible", test_accessible);
  ADD ("many-edges", test_many_edges);
  return g_test_run ();
}
