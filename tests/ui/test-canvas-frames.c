/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-fixture.h"

#include "canvas/heddle-canvas-card.h"
#include "test-script.h"

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
  g_assert_nonnull (strstr (f->log->str, "message 2 connections"));
  canvas_test_drive ("key ctrl+z");
  g_free (after);
  after = dup_json (f);
  g_assert_cmpstr (after, ==, before);
}

/* Everything in one step, byte by byte. */
static void
assert_undone (Fixture *f, const char *before)
{
  g_autofree char *after = NULL;

  canvas_test_drive ("key ctrl+z");
  after = dup_json (f);
  g_assert_cmpstr (after, ==, before);
}

static void
test_refuse_start (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_json (f);
  g_autofree char *after = NULL;
  graphene_rect_t place, place_after;
  double x, y, to_x, to_y;

  heddle_canvas_get_node_bounds (f->canvas, "begin", &place);
  canvas_test_get_center (f, "begin", &x, &y);
  get_body (f, "again", &to_x, &to_y);
  canvas_test_drag (x, y, to_x, to_y, "1");
  g_assert_cmpstr (get_parent (f, "begin"), ==, NULL);
  g_assert_nonnull (strstr (f->log->str, "message "));
  after = dup_json (f);
  g_assert_cmpstr (after, ==, before);
  heddle_canvas_get_node_bounds (f->canvas, "begin", &place_after);
  g_assert_true (graphene_rect_equal (&place, &place_after));
}

static void
test_drag_by_header (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_json (f);
  double x, y, from_x = canvas_test_find_node (f, "answer")->x, frame_x = canvas_test_find_node (f, "each")->x;

  canvas_test_get_center (f, "each", &x, &y);
  canvas_test_drag (x, y, x + 160, y + 10, "1");
  g_assert_cmpfloat (canvas_test_find_node (f, "each")->x, >, frame_x + 100);
  g_assert_cmpfloat (canvas_test_find_node (f, "answer")->x - from_x, ==, canvas_test_find_node (f, "each")->x - frame_x);
  g_assert_cmpstr (get_parent (f, "answer"), ==, "each");
  assert_undone (f, before);
}

/* One frame into the other, with what is in it. */
static void
test_nest_frame (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_json (f);
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  double x, y, to_x, to_y;

  canvas_test_get_center (f, "each", &x, &y);
  get_body (f, "again", &to_x, &to_y);
  canvas_test_drag (x, y, to_x, to_y - 70, "1");
  g_assert_cmpstr (get_parent (f, "each"), ==, "again");
  g_assert_cmpstr (get_parent (f, "answer"), ==, "each");
  g_assert_nonnull (heddle_graph_find_edge (graph, "answer", "out", "each", "result"));
  /* The outer one grew around it. */
  g_assert_cmpfloat (canvas_test_find_node (f, "again")->width, >, canvas_test_find_node (f, "each")->width);
  heddle_canvas_fit (f->canvas);
  canvas_test_screenshot (f, "frames-nested");
  assert_undone (f, before);
}

static void
test_resize (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_json (f);
  graphene_rect_t bounds;
  double x, y;

  g_assert_true (heddle_canvas_get_node_bounds (f->canvas, "each", &bounds));
  x = bounds.origin.x + bounds.size.width;
  y = bounds.origin.y + bounds.size.height;
  canvas_test_drag (x - 3, y - 3, x + 100, y + 40, "1");
  g_assert_cmpfloat (canvas_test_find_node (f, "each")->width, >, HEDDLE_FRAME_WIDTH + 50);
  g_assert_cmpfloat (canvas_test_find_node (f, "each")->height, >, HEDDLE_FRAME_HEIGHT + 20);
  assert_undone (f, before);

  /* By its left side; what is in it stays where it is. */
  canvas_test_drag (bounds.origin.x + 2, y - 40, bounds.origin.x - 80, y - 40, "1");
  g_assert_cmpfloat (canvas_test_find_node (f, "each")->x, <, 272);
  g_assert_cmpfloat (canvas_test_find_node (f, "answer")->x, ==, 448);
  assert_undone (f, before);

  /* Never smaller than what is in it needs. */
  canvas_test_drag (x - 3, y - 3, x - 500, y - 300, "1");
  g_assert_cmpfloat (canvas_test_find_node (f, "each")->width, >=, HEDDLE_FRAME_WIDTH);
  g_assert_cmpfloat (canvas_test_find_node (f, "each")->height, >=, HEDDLE_FRAME_HEIGHT);
}

static void
test_inner_ports (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  g_autoptr (GError) error = NULL;
  double x1, y1, x2, y2;

  heddle_document_set_position (f->document, "loose", 448, 400);
  g_assert_true (heddle_document_set_parent (f->document, (const char *const[]){ "loose", NULL }, "again", &error));
  canvas_test_settle (50);
  canvas_test_get_port (f, "again", TRUE, "body", &x1, &y1);
  canvas_test_get_port (f, "loose", FALSE, "in", &x2, &y2);
  canvas_test_drag (x1, y1, x2, y2, "1");
  g_assert_nonnull (heddle_graph_find_edge (graph, "again", "body", "loose", "in"));
  canvas_test_get_port (f, "loose", TRUE, "out", &x1, &y1);
  canvas_test_get_port (f, "again", FALSE, "break", &x2, &y2);
  canvas_test_drag (x1, y1, x2, y2, "1");
  g_assert_nonnull (heddle_graph_find_edge (graph, "loose", "out", "again", "break"));

  /* Not over the frame, and not from empty space on its other side. */
  g_string_truncate (f->log, 0);
  canvas_test_get_port (f, "loose", TRUE, "out", &x1, &y1);
  canvas_test_drag (x1, y1, 60, 820, "1");
  g_assert_null (strstr (f->log->str, "search"));
  g_assert_nonnull (strstr (f->log->str, "message "));
}

/* C on the frame and C on what is in it means the inner ports. */
static void
test_keyboard (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);

  heddle_document_disconnect (f->document, "each", "item", "answer", "in");
  heddle_document_disconnect (f->document, "answer", "out", "each", "result");
  heddle_canvas_reveal (f->canvas, "each");
  canvas_test_drive ("key c");
  heddle_canvas_reveal (f->canvas, "answer");
  canvas_test_drive ("key c");
  g_assert_nonnull (heddle_graph_find_edge (graph, "each", "item", "answer", "in"));
  canvas_test_drive ("key c");
  heddle_canvas_reveal (f->canvas, "each");
  canvas_test_drive ("key c");
  g_assert_nonnull (heddle_graph_find_edge (graph, "answer", "out", "each", "result"));
}

static void
assert_selected (Fixture *f, const char *id)
{
  g_auto (GStrv) selected = heddle_canvas_get_selection (f->canvas);

  g_assert_cmpstrv (selected, ((const char *const[]){ id, NULL }));
}

/* Into a frame after the frame, and out of it to what comes next. */
static void
test_tab_order (Fixture *f, gconstpointer data)
{
  static const char *const order[] = { "begin", "again", "each", "answer", "loose" };

  canvas_test_connect_nodes (f, "each", "out", "loose", "in");
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      canvas_test_drive ("key Tab");
      assert_selected (f, order[i]);
    }
}

static void
test_add_inside (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_json (f);
  g_auto (GStrv) selected = NULL;
  double x, y;

  get_body (f, "again", &x, &y);
  heddle_canvas_insert_node (f->canvas, "template", x, y - 60);
  selected = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstr (get_parent (f, selected[0]), ==, "again");
  assert_undone (f, before);

  /* From the palette by keys: into the selected frame. */
  heddle_canvas_select (f->canvas, (const char *const[]){ "each", NULL });
  heddle_canvas_add_node_at_center (f->canvas, "wait");
  g_clear_pointer (&selected, g_strfreev);
  selected = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstr (get_parent (f, selected[0]), ==, "each");
  assert_undone (f, before);

  /* An edge that is dropped in the frame goes on in the frame. */
  canvas_test_get_port (f, "again", TRUE, "body", &x, &y);
  canvas_test_drag (x, y, x + 60, y + 40, "1");
  g_assert_nonnull (strstr (f->log->str, "search 1;"));
  heddle_canvas_insert_node (f->canvas, "template", x + 60, y + 40);
  g_clear_pointer (&selected, g_strfreev);
  selected = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstr (get_parent (f, selected[0]), ==, "again");
  g_assert_nonnull (heddle_graph_find_edge (heddle_document_get_graph (f->document), "again", "body", selected[0], "in"));
  assert_undone (f, before);
}

static void
test_clipboard (Fixture *f, gconstpointer data)
{
  g_autofree char *before = dup_json (f);
  g_auto (GStrv) selected = NULL;
  double x, y;

  heddle_canvas_select (f->canvas, (const char *const[]){ "answer", NULL });
  canvas_test_drive ("key ctrl+d");
  selected = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstr (selected[0], !=, "answer");
  g_assert_cmpstr (get_parent (f, selected[0]), ==, "each");
  assert_undone (f, before);

  heddle_canvas_select (f->canvas, (const char *const[]){ "loose", NULL });
  canvas_test_drive ("key ctrl+c");
  get_body (f, "again", &x, &y);
  canvas_test_move_to (x, y - 60);
  canvas_test_drive ("key ctrl+v");
  canvas_test_settle (150);
  g_clear_pointer (&selected, g_strfreev);
  selected = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstr (get_parent (f, selected[0]), ==, "again");
  assert_undone (f, before);

  /* A frame brings what is in it. */
  heddle_canvas_select (f->canvas, (const char *const[]){ "each", NULL });
  canvas_test_drive ("key ctrl+d");
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 7);
  assert_undone (f, before);
  heddle_canvas_select (f->canvas, (const char *const[]){ "each", NULL });
  canvas_test_drive ("key Delete");
  g_assert_null (canvas_test_find_node (f, "answer"));
  assert_undone (f, before);
}

/* Empty space in a frame is empty space. */
static void
test_box_inside (Fixture *f, gconstpointer data)
{
  g_auto (GStrv) selected = NULL;
  graphene_rect_t bounds;
  double x, y;

  heddle_canvas_select (f->canvas, (const char *const[]){ "each", NULL });
  get_body (f, "each", &x, &y);
  canvas_test_click (x, y);
  selected = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstrv (selected, ((const char *const[]){ NULL }));
  g_assert_true (heddle_canvas_get_node_bounds (f->canvas, "answer", &bounds));
  canvas_test_drag (x, y, bounds.origin.x + 20, bounds.origin.y + 20, "1");
  assert_selected (f, "answer");
}

static void
add (TestScript *script, const char *scope, HeddleEventKind kind, const char *node, const char *json)
{
  HeddleEvent *event = test_script_add (script, kind, node, json);

  event->scope = scope != NULL ? g_ref_string_new (scope) : NULL;
}

static GtkWidget *
find_card (Fixture *f, const char *id)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (f->canvas)); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (HEDDLE_IS_CANVAS_CARD (child) && g_str_equal (heddle_canvas_card_get_item (HEDDLE_CANVAS_CARD (child))->id, id))
      return child;
  g_assert_not_reached ();
}

static HeddleCanvasItem *
find_item (Fixture *f, const char *id)
{
  return heddle_canvas_card_get_item (HEDDLE_CANVAS_CARD (find_card (f, id)));
}

static void
add_items (TestScript *script)
{
  add (script, NULL, HEDDLE_EVENT_RUN_STARTED, NULL, "{}");
  add (script, NULL, HEDDLE_EVENT_NODE_STARTED, "each", "{\"title\":\"each\",\"type\":\"map\"}");
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *scope = g_strdup_printf ("each#%u", i);

      add (script, scope, HEDDLE_EVENT_NODE_STARTED, "answer", "{\"title\":\"answer\",\"type\":\"template\"}");
      if (i == 1)
        add (script, scope, HEDDLE_EVENT_NODE_FAILED, "answer", "{\"error\":{\"class\":\"server\",\"message\":\"broken\"},\"live\":[]}");
      else if (i == 0)
        add (script, scope, HEDDLE_EVENT_NODE_FINISHED, "answer", "{\"result\":{\"output\":1},\"live\":[\"out\"]}");
    }
  add (script, NULL, HEDDLE_EVENT_NODE_PROGRESS, "each", "{\"total\":50,\"done\":2,\"failed\":1,\"running\":1}");
}

/* What a trace tells reaches the cards with the next frame. */
static void
wait_for_state (Fixture *f, const char *id, HeddleSpanState state)
{
  for (guint i = 0; i < 200 && find_item (f, id)->state != state; i++)
    canvas_test_settle (20);
  g_assert_cmpint (find_item (f, id)->state, ==, state);
}

/* Cards show the item that is chosen in the header. */
static void
test_items (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run-1", g_get_real_time ());
  TestScript script = test_script_new ();
  graphene_rect_t bounds, picker;

  add_items (&script);
  heddle_canvas_set_trace (f->canvas, trace);
  heddle_trace_apply (trace, script.events);
  wait_for_state (f, "answer", HEDDLE_SPAN_RUNNING);
  wait_for_state (f, "each", HEDDLE_SPAN_RUNNING);
  g_assert_true (g_str_has_prefix (find_item (f, "each")->status, "2 / 50 · 1 failed"));
  canvas_test_screenshot (f, "frames-running");

  heddle_canvas_select (f->canvas, (const char *const[]){ "answer", NULL });
  canvas_test_drive ("key alt+Page_Up");
  wait_for_state (f, "answer", HEDDLE_SPAN_FAILED);
  g_assert_cmpint (find_item (f, "each")->shown_item, ==, 1);
  canvas_test_screenshot (f, "frames-item");

  /* The same by a click on the arrow. */
  g_assert_true (heddle_canvas_get_node_bounds (f->canvas, "each", &bounds));
  heddle_canvas_item_get_picker_bounds (find_item (f, "each"), &picker);
  canvas_test_click (bounds.origin.x + picker.origin.x + 10, bounds.origin.y + picker.origin.y + 10);
  wait_for_state (f, "answer", HEDDLE_SPAN_OK);
  canvas_test_click (bounds.origin.x + picker.origin.x + 10, bounds.origin.y + picker.origin.y + 10);
  g_assert_cmpint (find_item (f, "each")->shown_item, ==, 0);
  canvas_test_click (bounds.origin.x + picker.origin.x + picker.size.width - 10, bounds.origin.y + picker.origin.y + 10);
  g_assert_cmpint (find_item (f, "each")->shown_item, ==, 1);
  heddle_canvas_set_trace (f->canvas, NULL);
  canvas_test_settle (30);
  g_ptr_array_unref (script.events);
}

static GBytes *
draw_card (Fixture *f, const char *id)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (find_card (f, id));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;

  gdk_paintable_snapshot (paintable, snapshot, 200, 100);
  node = gtk_snapshot_free_to_node (snapshot);
  return gsk_render_node_serialize (node);
}

static gboolean
looks_the_same_later (Fixture *f, const char *id)
{
  g_autoptr (GBytes) before = NULL, after = NULL;

  canvas_test_settle (100);
  before = draw_card (f, id);
  canvas_test_settle (170);
  after = draw_card (f, id);
  return g_bytes_equal (before, after);
}

/* What runs pulses and turns; it only looks different where the desktop asks for less motion. */
static void
test_less_motion (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run-1", g_get_real_time ());
  GtkSettings *settings = gtk_widget_get_settings (GTK_WIDGET (f->canvas));
  g_autoptr (GBytes) idle = draw_card (f, "answer"), running = NULL;
  TestScript script = test_script_new ();

  add_items (&script);
  heddle_canvas_set_trace (f->canvas, trace);
  heddle_trace_apply (trace, script.events);
  wait_for_state (f, "answer", HEDDLE_SPAN_RUNNING);
  g_assert_false (looks_the_same_later (f, "answer"));
  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  g_assert_true (looks_the_same_later (f, "answer"));
  running = draw_card (f, "answer");
  g_assert_false (g_bytes_equal (idle, running));
  gtk_settings_reset_property (settings, "gtk-enable-animations");
  heddle_canvas_set_trace (f->canvas, NULL);
  canvas_test_settle (30);
  g_ptr_array_unref (script.events);
}

static void
test_accessible (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleTrace) trace = heddle_trace_new ("run-1", g_get_real_time ());
  TestScript script = test_script_new ();
  GtkWidget *frame = find_card (f, "each");

  gtk_test_accessible_assert_role (frame, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
  gtk_test_accessible_assert_property (frame, GTK_ACCESSIBLE_PROPERTY_LABEL, "Node Anfragen beantworten, Map");
  gtk_test_accessible_assert_property (frame, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Each of $input, 8 at once. 1 node in it");
  gtk_test_accessible_assert_property (find_card (f, "again"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "For each of $input. Nothing in it");
  gtk_test_accessible_assert_property (find_card (f, "answer"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "In Anfragen beantworten");

  add_items (&script);
  heddle_canvas_set_trace (f->canvas, trace);
  heddle_trace_apply (trace, script.events);
  heddle_canvas_set_trace (f->canvas, NULL);
  heddle_canvas_set_trace (f->canvas, trace);
  g_assert_nonnull (strstr (find_item (f, "each")->status, "2 / 50 · 1 failed"));
  g_assert_true (gtk_widget_activate_action (frame, "node.focus", NULL));
  heddle_canvas_set_trace (f->canvas, NULL);
  canvas_test_settle (30);
  g_ptr_array_unref (script.events);
}

/* An edge back makes a loop, and goes around what lies between. */
static void
test_loop (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  g_autofree char *before = NULL;
  double x1, y1, x2, y2;

  heddle_document_remove (f->document, (const char *const[]){ "each", "again", NULL }, FALSE);
  canvas_test_add_node (f, "if-else", "good", "Gut genug?", 272, 176);
  canvas_test_add_node (f, "output", "result", NULL, 544, 176);
  canvas_test_connect_nodes (f, "begin", "out", "loose", "in");
  canvas_test_connect_nodes (f, "loose", "out", "good", "in");
  canvas_test_connect_nodes (f, "good", "true", "result", "in");
  heddle_canvas_fit (f->canvas);
  canvas_test_settle (60);
  before = dup_json (f);

  canvas_test_get_port (f, "good", TRUE, "false", &x1, &y1);
  canvas_test_get_port (f, "loose", FALSE, "in", &x2, &y2);
  canvas_test_move_to (x1, y1);
  canvas_test_drive ("mousedown 1");
  canvas_test_move_to (x1 - 20, y1 + 20);
  canvas_test_move_to (x2 - 4, y2 + 4);
  canvas_test_screenshot (f, "frames-loop-drag");
  canvas_test_drive ("mouseup 1");
  g_assert_nonnull (heddle_graph_find_edge (graph, "good", "false", "loose", "in"));
  canvas_test_screenshot (f, "frames-loop");
  assert_undone (f, before);
}

static void
test_extract (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *between = NULL;
  g_auto (GStrv) selected = NULL;

  canvas_test_add_node (f, "template", "more", NULL, 0, 320);
  canvas_test_connect_nodes (f, "begin", "out", "loose", "in");
  canvas_test_connect_nodes (f, "loose", "out", "more", "in");
  canvas_test_add_node (f, "output", "result", NULL, 0, 480);
  canvas_test_connect_nodes (f, "more", "out", "result", "in");
  before = dup_json (f);
  heddle_canvas_select (f->canvas, (const char *const[]){ "loose", "more", NULL });
  canvas_test_drive ("key ctrl+shift+g");
  selected = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpuint (g_strv_length (selected), ==, 1);
  g_assert_cmpstr (canvas_test_find_node (f, selected[0])->type_id, ==, "subflow");
  g_assert_cmpstr (get_parent (f, "loose"), ==, selected[0]);
  canvas_test_screenshot (f, "frames-extracted");
  between = dup_json (f);

  canvas_test_drive ("key ctrl+alt+g");
  g_assert_null (canvas_test_find_node (f, selected[0]));
  g_assert_cmpstr (get_parent (f, "loose"), ==, NULL);
  g_assert_nonnull (heddle_graph_find_edge (heddle_document_get_graph (f->document), "begin", "out", "loose", "in"));
  assert_undone (f, between);
  assert_undone (f, before);

  /* Why not is said. */
  g_string_truncate (f->log, 0);
  heddle_canvas_select (f->canvas, (const char *const[]){ "begin", NULL });
  canvas_test_drive ("key ctrl+shift+g");
  g_assert_nonnull (strstr (f->log->str, "message "));
  g_assert_null (strstr (f->log->str, "message ;"));
}

static void
test_far (Fixture *f, gconstpointer data)
{
  heddle_canvas_set_zoom (f->canvas, .35);
  canvas_test_screenshot (f, "frames-outline");
  heddle_canvas_set_zoom (f->canvas, .12);
  canvas_test_screenshot (f, "frames-blocks");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  heddle_canvas_set_zoom (f->canvas, 1);
  canvas_test_screenshot (f, "frames-dark");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
  g_assert_cmpuint (canvas_test_count_nodes (f), ==, 5);
}

#define ADD(name, func) g_test_add ("/canvas-frames/" name, Fixture, NULL, set_up, func, canvas_test_tear_down)

int
main (int argc, char **argv)
{
  canvas_test_init (&argc, &argv);
  ADD ("drag-in-and-out", test_drag_in_and_out);
  ADD ("refuse-start", test_refuse_start);
  ADD ("drag-by-header", test_drag_by_header);
  ADD ("nest-frame", test_nest_frame);
  ADD ("resize", test_resize);
  ADD ("inner-ports", test_inner_ports);
  ADD ("keyboard", test_keyboard);
  ADD ("tab-order", test_tab_order);
  ADD ("add-inside", test_add_inside);
  ADD ("clipboard", test_clipboard);
  ADD ("box-inside", test_box_inside);
  ADD ("items", test_items);
  ADD ("less-motion", test_less_motion);
  ADD ("accessible", test_accessible);
  ADD ("loop", test_loop);
  ADD ("extract", test_extract);
  ADD ("far", test_far);
  return g_test_run ();
}
