/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-fixture.h"

#include "canvas/heddle-canvas-card.h"

static void
test_wire (Fixture *f, gconstpointer data)
{
  double x1, y1, x2, y2;

  canvas_test_get_port (f, "ask", TRUE, "out", &x1, &y1);
  canvas_test_get_port (f, "check", FALSE, "in", &x2, &y2);
  canvas_test_move_to (x1, y1);
  canvas_test_drive ("mousedown 1");
  canvas_test_move_to (x1 + 15, y1 + 10);
  canvas_test_move_to (x2 - 40, y2 + 30);
  canvas_test_screenshot (f, "wiring");
  /* Within 20 pixels it snaps. */
  canvas_test_move_to (x2 - 10, y2 + 10);
  canvas_test_drive ("mouseup 1");
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 2);
  g_assert_nonnull (heddle_graph_find_edge (heddle_document_get_graph (f->document), "ask", "out", "check", "in"));

  canvas_test_drive ("key ctrl+z");
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 1);
}

static void
test_wire_to_card (Fixture *f, gconstpointer data)
{
  double x1, y1, x2, y2;

  canvas_test_get_port (f, "check", TRUE, "true", &x1, &y1);
  canvas_test_get_center (f, "result", &x2, &y2);
  canvas_test_drag (x1, y1, x2, y2, "1");
  g_assert_nonnull (heddle_graph_find_edge (heddle_document_get_graph (f->document), "check", "true", "result", "in"));
}

static void
test_refuse (Fixture *f, gconstpointer data)
{
  double x1, y1, x2, y2;

  /* A circle. */
  canvas_test_get_port (f, "ask", TRUE, "out", &x1, &y1);
  canvas_test_get_center (f, "begin", &x2, &y2);
  canvas_test_move_to (x1, y1);
  canvas_test_drive ("mousedown 1");
  canvas_test_move_to (x1 - 20, y1 + 40);
  canvas_test_move_to (x2, y2);
  canvas_test_screenshot (f, "refused");
  canvas_test_drive ("mouseup 1");
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 1);
  g_assert_nonnull (strstr (f->log->str, "message "));
}

static void
test_rewire (Fixture *f, gconstpointer data)
{
  double x1, y1, x2, y2;
  HeddleGraph *graph = heddle_document_get_graph (f->document);

  canvas_test_get_port (f, "ask", FALSE, "in", &x1, &y1);
  canvas_test_get_port (f, "check", FALSE, "in", &x2, &y2);
  canvas_test_drag (x1, y1, x2, y2, "1");
  g_assert_null (heddle_graph_find_edge (graph, "begin", "out", "ask", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "begin", "out", "check", "in"));
  canvas_test_drive ("key ctrl+z");
  g_assert_nonnull (heddle_graph_find_edge (graph, "begin", "out", "ask", "in"));

  /* Onto nothing: the edge is gone. */
  canvas_test_drag (x1, y1, x1, y1 + 200, "1");
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 0);
  canvas_test_drive ("key ctrl+z");
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 1);
}

static void
test_click_click (Fixture *f, gconstpointer data)
{
  double x1, y1, x2, y2;

  canvas_test_get_port (f, "ask", TRUE, "out", &x1, &y1);
  canvas_test_get_port (f, "check", FALSE, "in", &x2, &y2);
  canvas_test_click (x1, y1);
  canvas_test_move_to ((x1 + x2) / 2, y2 + 60);
  canvas_test_click (x2, y2);
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 2);
}

static void
test_drop_on_empty (Fixture *f, gconstpointer data)
{
  const HeddleNodeType *input = heddle_registry_lookup ("input");
  double x, y;

  canvas_test_get_port (f, "ask", TRUE, "out", &x, &y);
  canvas_test_drag (x, y, x + 60, y + 220, "1");
  g_assert_nonnull (strstr (f->log->str, "search 1;"));
  g_assert_false (heddle_canvas_can_insert (f->canvas, input));
  heddle_canvas_insert_node (f->canvas, "output", x + 60, y + 220);
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 5);
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 2);
  /* Node and edge are one step. */
  canvas_test_drive ("key ctrl+z");
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 4);
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 1);
}

static void
test_double_click (Fixture *f, gconstpointer data)
{
  double x, y;

  canvas_test_get_center (f, "ask", &x, &y);
  canvas_test_move_to (x, y);
  canvas_test_drive ("click --repeat 2 --delay 40 1");
  g_assert_nonnull (strstr (f->log->str, "open ask;"));
  canvas_test_settle (420);
  canvas_test_move_to (x, y + 300);
  canvas_test_drive ("click --repeat 2 --delay 40 1");
  g_assert_nonnull (strstr (f->log->str, "search 0;"));
}

static void
test_keys (Fixture *f, gconstpointer data)
{
  g_auto (GStrv) first = NULL;
  g_auto (GStrv) second = NULL;
  double before = canvas_test_find_node (f, "ask")->x;

  canvas_test_drive ("key Tab");
  first = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstrv (first, ((const char *const[]){ "begin", NULL }));
  canvas_test_drive ("key Right");
  second = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstrv (second, ((const char *const[]){ "ask", NULL }));
  canvas_test_drive ("key ctrl+Right");
  g_assert_cmpfloat (canvas_test_find_node (f, "ask")->x, ==, before + 16);
  canvas_test_drive ("key Return");
  g_assert_nonnull (strstr (f->log->str, "open ask;"));

  /* C on one node, C on the other. */
  canvas_test_drive ("key c");
  g_string_truncate (f->log, 0);
  canvas_test_drive ("key Right");
  canvas_test_drive ("key c");
  /* What it said is over. */
  g_assert_nonnull (strstr (f->log->str, "message ;"));
  g_assert_nonnull (heddle_graph_find_edge (heddle_document_get_graph (f->document), "ask", "out", "check", "in"));
  canvas_test_screenshot (f, "keyboard");

  canvas_test_drive ("key Delete");
  g_assert_null (canvas_test_find_node (f, "check"));
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 1);
  canvas_test_drive ("key a");
  g_assert_nonnull (strstr (f->log->str, "search 0;"));
}

static void
test_copy (Fixture *f, gconstpointer data)
{
  canvas_test_drive ("key ctrl+a");
  canvas_test_drive ("key ctrl+c");
  canvas_test_settle (50);
  canvas_test_drive ("key ctrl+v");
  canvas_test_settle (150);
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 8);
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 2);
  canvas_test_drive ("key ctrl+d");
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 12);
  canvas_test_drive ("key ctrl+z");
  canvas_test_drive ("key ctrl+z");
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 4);
}

static void
test_paste_garbage (Fixture *f, gconstpointer data)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (f->canvas)), "not { a workflow");
  canvas_test_drive ("key ctrl+v");
  canvas_test_settle (100);
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 4);
  g_assert_nonnull (strstr (f->log->str, "message "));
}

static void
test_splice (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  double x, y, x1, y1, x2, y2;
  g_autofree char *id = NULL;

  id = g_strdup (heddle_document_add_node (f->document, "template", NULL, 0, 300));
  canvas_test_settle (50);
  canvas_test_get_center (f, id, &x, &y);
  canvas_test_get_port (f, "begin", TRUE, "out", &x1, &y1);
  canvas_test_get_port (f, "ask", FALSE, "in", &x2, &y2);
  /* By its middle, which is a little below where the pointer holds it. */
  canvas_test_drag (x, y, (x1 + x2) / 2, (y1 + y2) / 2 - 16, "1");
  g_assert_null (heddle_graph_find_edge (graph, "begin", "out", "ask", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "begin", "out", id, "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, id, "out", "ask", "in"));
  canvas_test_drive ("key ctrl+z");
  g_assert_nonnull (heddle_graph_find_edge (graph, "begin", "out", "ask", "in"));
}

static void
test_frame (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  const HeddleAnnotation *frame;
  graphene_rect_t bounds;
  double before = canvas_test_find_node (f, "ask")->x;

  heddle_canvas_select (f->canvas, (const char *const[]){ "begin", "ask", NULL });
  canvas_test_drive ("key ctrl+g");
  canvas_test_settle (200);
  canvas_test_drive ("key ctrl+a");
  canvas_test_drive ("type Vorbereitung");
  canvas_test_drive ("key Escape");
  canvas_test_settle (200);
  g_assert_cmpuint (heddle_graph_get_n_annotations (graph), ==, 1);
  frame = heddle_graph_get_annotation (graph, 0);
  g_assert_cmpstr (frame->text, ==, "Vorbereitung");

  g_assert_true (heddle_canvas_get_node_bounds (f->canvas, frame->id, &bounds));
  canvas_test_drag (bounds.origin.x + 200, bounds.origin.y + 10, bounds.origin.x + 200, bounds.origin.y + 210, "1");
  g_assert_cmpfloat (canvas_test_find_node (f, "ask")->y, >, 150);
  g_assert_cmpfloat (canvas_test_find_node (f, "ask")->x, ==, before);
  g_assert_cmpfloat (canvas_test_find_node (f, "check")->y, ==, 0);
  canvas_test_drive ("key shift+s");
  canvas_test_settle (200);
  canvas_test_drive ("type Hier");
  canvas_test_drive ("key Escape");
  canvas_test_settle (200);
  g_assert_cmpuint (heddle_graph_get_n_annotations (graph), ==, 2);
  canvas_test_screenshot (f, "frame");
}

static void
test_rename (Fixture *f, gconstpointer data)
{
  heddle_canvas_select (f->canvas, (const char *const[]){ "ask", NULL });
  canvas_test_drive ("key F2");
  canvas_test_settle (250);
  canvas_test_drive ("key ctrl+a");
  canvas_test_drive ("type Neuer");
  canvas_test_drive ("key Tab");
  canvas_test_drive ("key ctrl+a");
  canvas_test_drive ("type frage2");
  canvas_test_screenshot (f, "rename");
  canvas_test_drive ("key Return");
  canvas_test_settle (100);
  g_assert_null (canvas_test_find_node (f, "ask"));
  g_assert_nonnull (canvas_test_find_node (f, "frage2"));
  g_assert_cmpstr (canvas_test_find_node (f, "frage2")->title, ==, "Neuer");
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 1);
}

static void
test_menu (Fixture *f, gconstpointer data)
{
  double x, y;

  canvas_test_get_center (f, "ask", &x, &y);
  canvas_test_move_to (x, y);
  canvas_test_drive ("click 3");
  canvas_test_settle (300);
  canvas_test_screenshot (f, "menu");
  canvas_test_drive ("key Escape");
  canvas_test_settle (100);
  g_assert_nonnull (canvas_test_find_node (f, "ask"));
  /* By its key on the canvas. */
  canvas_test_drive ("key Delete");
  g_assert_null (canvas_test_find_node (f, "ask"));
}

static void
test_change_below_gesture (Fixture *f, gconstpointer data)
{
  double x, y;

  canvas_test_get_center (f, "ask", &x, &y);
  canvas_test_move_to (x, y);
  canvas_test_drive ("mousedown 1");
  canvas_test_move_to (x + 30, y + 30);
  canvas_test_move_to (x + 60, y + 60);
  heddle_document_remove (f->document, (const char *const[]){ "ask", NULL }, FALSE);
  canvas_test_settle (50);
  canvas_test_move_to (x + 90, y + 60);
  canvas_test_drive ("mouseup 1");
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 3);
}

static gboolean
drop (Fixture *f, const char *text, double x, double y)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (f->canvas));
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, text);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        g_signal_emit_by_name (controller, "drop", &value, x, y, &taken);
    }
  return taken;
}

static void
test_drop (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  double x1, y1, x2, y2;

  g_assert_true (drop (f, "heddle-node:wait", 300, 700));
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 5);
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 1);
  /* Onto an edge: into it, in one step. */
  canvas_test_get_port (f, "begin", TRUE, "out", &x1, &y1);
  canvas_test_get_port (f, "ask", FALSE, "in", &x2, &y2);
  g_assert_true (drop (f, "heddle-node:wait", (x1 + x2) / 2, (y1 + y2) / 2));
  g_assert_cmpuint (canvas_test_count_edges (f), ==, 2);
  g_assert_null (heddle_graph_find_edge (graph, "begin", "out", "ask", "in"));
  heddle_document_undo (f->document);
  g_assert_nonnull (heddle_graph_find_edge (graph, "begin", "out", "ask", "in"));
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 5);

  g_assert_false (drop (f, "heddle-node:no-such-type", 300, 300));
  g_assert_false (drop (f, "anything else", 300, 300));
  g_assert_false (drop (f, "", 300, 300));
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 5);
}

/* The fixture has a connection; another one makes that of one node alone telling. */
static void
test_disconnect (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  guint n_edges;
  double x, y;

  canvas_test_add_node (f, "wait", "aside", "Aside", 100, 500);
  canvas_test_add_node (f, "wait", "after", "After", 400, 500);
  canvas_test_connect_nodes (f, "aside", "out", "after", "in");
  canvas_test_connect_nodes (f, "begin", "out", "after", "in");
  n_edges = canvas_test_count_edges (f);
  canvas_test_get_center (f, "begin", &x, &y);
  canvas_test_click (x, y);
  canvas_test_drive ("key x");
  assert_soon (canvas_test_count_edges (f) == n_edges - 2);
  g_assert_nonnull (heddle_graph_find_edge (graph, "aside", "out", "after", "in"));
  heddle_document_undo (f->document);
  g_assert_cmpuint (canvas_test_count_edges (f), ==, n_edges);

  canvas_test_drive ("key ctrl+a x");
  assert_soon (canvas_test_count_edges (f) == 0);
  heddle_document_undo (f->document);
  g_assert_cmpuint (canvas_test_count_edges (f), ==, n_edges);
}

static const char *
get_focused_name (Fixture *f)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (f->window));

  return HEDDLE_IS_CANVAS_CARD (focus) ? heddle_canvas_card_get_item (HEDDLE_CANVAS_CARD (focus))->id : NULL;
}

/* What was picked up or added is what the keyboard is about, or it would go on elsewhere. */
static void
test_focus_follows (Fixture *f, gconstpointer data)
{
  double x, y;

  canvas_test_get_center (f, "ask", &x, &y);
  canvas_test_click (x, y);
  assert_soon (g_strcmp0 (get_focused_name (f), "ask") == 0);
  canvas_test_get_center (f, "begin", &x, &y);
  canvas_test_drag (x, y, x, y + 160, "1");
  assert_soon (g_strcmp0 (get_focused_name (f), "begin") == 0);
  canvas_test_drive ("key ctrl+d");
  assert_soon (canvas_test_count_nodes (f) == 5);
  assert_soon (get_focused_name (f) != NULL && g_strcmp0 (get_focused_name (f), "begin") != 0);
}

/* Assistive technology has windows of its own: using one must not end what is half done by keys. */
static void
test_look_elsewhere (Fixture *f, gconstpointer data)
{
  GtkWidget *other = gtk_window_new ();

  heddle_canvas_select (f->canvas, (const char *const[]){ "ask", NULL });
  heddle_canvas_reveal (f->canvas, "ask");
  canvas_test_drive ("key c");
  gtk_window_set_transient_for (GTK_WINDOW (other), GTK_WINDOW (f->window));
  gtk_window_present (GTK_WINDOW (other));
  assert_soon (gtk_window_is_active (GTK_WINDOW (other)) && !gtk_window_is_active (GTK_WINDOW (f->window)));
  gtk_window_destroy (GTK_WINDOW (other));
  assert_soon (gtk_window_is_active (GTK_WINDOW (f->window)));
  canvas_test_drive ("key Right");
  canvas_test_drive ("key c");
  assert_soon (heddle_graph_find_edge (heddle_document_get_graph (f->document), "ask", "out", "check", "in") != NULL);
}

#define ADD(name, func) g_test_add ("/canvas-editing/" name, Fixture, NULL, canvas_test_set_up, func, canvas_test_tear_down)

int
main (int argc, char **argv)
{
  canvas_test_init (&argc, &argv);
  ADD ("wire", test_wire);
  ADD ("wire-to-card", test_wire_to_card);
  ADD ("refuse", test_refuse);
  ADD ("rewire", test_rewire);
  ADD ("click-click", test_click_click);
  ADD ("drop-on-empty", test_drop_on_empty);
  ADD ("double-click", test_double_click);
  ADD ("keys", test_keys);
  ADD ("look-elsewhere", test_look_elsewhere);
  ADD ("disconnect", test_disconnect);
  ADD ("focus-follows", test_focus_follows);
  ADD ("copy", test_copy);
  ADD ("paste-garbage", test_paste_garbage);
  ADD ("splice", test_splice);
  ADD ("frame", test_frame);
  ADD ("rename", test_rename);
  ADD ("menu", test_menu);
  ADD ("change-below-gesture", test_change_below_gesture);
  ADD ("drop", test_drop);
  return g_test_run ();
}
