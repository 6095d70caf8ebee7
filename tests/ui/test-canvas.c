/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <adwaita.h>
#include <gio/gio.h>
#include <gtk/gtk.h>

#include "canvas/heddle-canvas-card.h"
#include "canvas/heddle-canvas-picture.h"
#include "canvas/heddle-canvas.h"

/*
 * The canvas under a real pointer and real keys: xdotool moves what a person would, the document
 * says whether it worked. The window fills the screen, so its coordinates are those of the screen.
 */
typedef struct
{
  GtkWidget *window;
  HeddleCanvas *canvas;
  HeddleDocument *document;
  GString *log; /* of signals */
} Fixture;

static void
settle (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  while (g_get_monotonic_time () < end)
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_usleep (1000);
    }
}

static void
drive (const char *command)
{
  g_autofree char *line = g_strconcat ("xdotool ", command, NULL);
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_command_line_sync (line, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  settle (25);
}

static void
move_to (double x, double y)
{
  g_autofree char *command = g_strdup_printf ("mousemove %d %d", (int) x, (int) y);

  drive (command);
}

static void
drag (double x1, double y1, double x2, double y2, const char *button)
{
  g_autofree char *down = g_strconcat ("mousedown ", button, NULL);
  g_autofree char *up = g_strconcat ("mouseup ", button, NULL);

  move_to (x1, y1);
  drive (down);
  for (int i = 1; i <= 5; i++)
    move_to (x1 + (x2 - x1) * i / 5, y1 + (y2 - y1) * i / 5);
  drive (up);
  settle (30);
}

static void
click (double x, double y)
{
  move_to (x, y);
  drive ("click 1");
  /* Two clicks of the test are not meant as a double click. */
  settle (420);
}

static void
get_center (Fixture *f, const char *id, double *x, double *y)
{
  graphene_rect_t bounds;

  g_assert_true (heddle_canvas_get_node_bounds (f->canvas, id, &bounds));
  *x = bounds.origin.x + bounds.size.width / 2;
  *y = bounds.origin.y + 20;
}

static void
get_port (Fixture *f, const char *id, gboolean output, const char *port, double *x, double *y)
{
  g_assert_true (heddle_canvas_get_port_position (f->canvas, id, output, port, x, y));
}

static const HeddleNode *
find_node (Fixture *f, const char *id)
{
  return heddle_graph_find_node (heddle_document_get_graph (f->document), id);
}

static guint
count_nodes (Fixture *f)
{
  return heddle_graph_get_n_nodes (heddle_document_get_graph (f->document));
}

static guint
count_edges (Fixture *f)
{
  return heddle_graph_get_n_edges (heddle_document_get_graph (f->document));
}

/* For people to look at; nothing depends on it. */
static void
screenshot (Fixture *f, const char *name)
{
  const char *folder = g_getenv ("HEDDLE_TEST_SCREENSHOTS");
  g_autofree char *import = g_find_program_in_path ("import");
  g_autofree char *command = NULL;

  if (folder == NULL || import == NULL)
    return;
  settle (60);
  command = g_strdup_printf ("%s -window root %s/canvas-%s.png", import, folder, name);
  g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
}

static void
log_open_cb (HeddleCanvas *canvas, const char *id, Fixture *f)
{
  g_string_append_printf (f->log, "open %s;", id);
}

static void
log_message_cb (HeddleCanvas *canvas, const char *text, Fixture *f)
{
  g_string_append_printf (f->log, "message %s;", text);
}

static void
log_search_cb (HeddleCanvas *canvas, double x, double y, gboolean pending, Fixture *f)
{
  g_string_append_printf (f->log, "search %d;", pending);
}

static void
log_selection_cb (HeddleCanvas *canvas, Fixture *f)
{
  g_string_append (f->log, "selection;");
}

static void
add_node (Fixture *f, const char *type, const char *id, const char *title, double x, double y)
{
  g_autofree char *added = g_strdup (heddle_document_add_node (f->document, type, NULL, x, y));

  if (!g_str_equal (added, id))
    g_assert_true (heddle_document_rename (f->document, added, id, NULL));
  heddle_document_set_title (f->document, id, title);
}

static void
connect_nodes (Fixture *f, const char *from, const char *from_port, const char *to, const char *to_port)
{
  g_autoptr (GError) error = NULL;

  heddle_document_connect (f->document, from, from_port, to, to_port, &error);
  g_assert_no_error (error);
}

/* begin → ask, and check → none yet; output apart. */
static void
fill_document (Fixture *f)
{
  add_node (f, "input", "begin", NULL, 0, 0);
  add_node (f, "template", "ask", "Frage", 272, 0);
  add_node (f, "if-else", "check", NULL, 544, 0);
  add_node (f, "output", "result", NULL, 816, 160);
  connect_nodes (f, "begin", "out", "ask", "in");
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->log = g_string_new (NULL);
  f->document = heddle_document_new (NULL);
  if (data == NULL)
    fill_document (f);
  f->canvas = HEDDLE_CANVAS (g_object_ref_sink (heddle_canvas_new ()));
  g_signal_connect (f->canvas, "open-node", G_CALLBACK (log_open_cb), f);
  g_signal_connect (f->canvas, "message", G_CALLBACK (log_message_cb), f);
  g_signal_connect (f->canvas, "search-requested", G_CALLBACK (log_search_cb), f);
  g_signal_connect (f->canvas, "selection-changed", G_CALLBACK (log_selection_cb), f);
  heddle_canvas_set_document (f->canvas, f->document);

  f->window = gtk_window_new ();
  gtk_window_set_decorated (GTK_WINDOW (f->window), FALSE);
  gtk_window_set_child (GTK_WINDOW (f->window), GTK_WIDGET (f->canvas));
  gtk_window_fullscreen (GTK_WINDOW (f->window));
  move_to (5, 5);
  gtk_window_present (GTK_WINDOW (f->window));
  settle (350);
  gtk_widget_grab_focus (GTK_WIDGET (f->canvas));
}

/* Everything the canvas held on to must be gone with it. */
static void
tear_down (Fixture *f, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (f->window));
  settle (30);
  g_assert_finalize_object (f->canvas);
  g_assert_finalize_object (f->document);
  g_string_free (f->log, TRUE);
}

static void
test_select (Fixture *f, gconstpointer data)
{
  g_auto (GStrv) one = NULL;
  g_auto (GStrv) two = NULL;
  g_auto (GStrv) none = NULL;
  double x, y;

  get_center (f, "ask", &x, &y);
  click (x, y);
  one = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstrv (one, ((const char *const[]){ "ask", NULL }));
  g_assert_cmpstr (f->log->str, ==, "selection;");

  get_center (f, "begin", &x, &y);
  move_to (x, y);
  drive ("keydown shift click 1 keyup shift");
  settle (420);
  two = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstrv (two, ((const char *const[]){ "ask", "begin", NULL }));
  screenshot (f, "selected");

  drive ("key Escape");
  none = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstrv (none, ((const char *const[]){ NULL }));
  /* Looking and selecting are no edits. */
  g_assert_cmpuint (count_nodes (f), ==, 4);
}

static void
test_box (Fixture *f, gconstpointer data)
{
  g_auto (GStrv) selected = NULL;
  double x1, y1, x2, y2;

  get_center (f, "begin", &x1, &y1);
  get_center (f, "ask", &x2, &y2);
  drag (x1 - 150, y1 - 80, x2, y2 + 5, "1");
  selected = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstrv (selected, ((const char *const[]){ "ask", "begin", NULL }));
}

static void
test_move (Fixture *f, gconstpointer data)
{
  double x, y, before_x = find_node (f, "ask")->x, before_y = find_node (f, "ask")->y;

  get_center (f, "ask", &x, &y);
  drag (x, y, x + 100, y + 130, "1");
  g_assert_cmpfloat (find_node (f, "ask")->x, >, before_x + 60);
  g_assert_cmpfloat (find_node (f, "ask")->y, >, before_y + 100);
  /* On the grid. */
  g_assert_cmpint ((int) find_node (f, "ask")->x % 16, ==, 0);
  g_assert_cmpint ((int) find_node (f, "ask")->y % 16, ==, 0);

  drive ("key ctrl+z");
  g_assert_cmpfloat (find_node (f, "ask")->x, ==, before_x);
  g_assert_cmpfloat (find_node (f, "ask")->y, ==, before_y);
  drive ("key ctrl+shift+z");
  g_assert_cmpfloat (find_node (f, "ask")->x, >, before_x);
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
  get_center (f, "ask", &x, &y);
  move_to (x, y);
  drive ("mousedown 1");
  move_to (x + 60, y + 60);
  move_to (x + 120, y + 60);
  drive ("key Escape");
  heddle_canvas_get_node_bounds (f->canvas, "ask", &after);
  g_assert_true (graphene_rect_equal (&before, &after));
  drive ("mouseup 1");
  g_object_get (f->document, "undo-label", &label_after, NULL);
  g_assert_cmpstr (label, ==, label_after);
  g_assert_cmpfloat (find_node (f, "ask")->x, ==, 272);
}

static void
test_wire (Fixture *f, gconstpointer data)
{
  double x1, y1, x2, y2;

  get_port (f, "ask", TRUE, "out", &x1, &y1);
  get_port (f, "check", FALSE, "in", &x2, &y2);
  move_to (x1, y1);
  drive ("mousedown 1");
  move_to (x1 + 15, y1 + 10);
  move_to (x2 - 40, y2 + 30);
  screenshot (f, "wiring");
  /* Within 20 pixels it snaps. */
  move_to (x2 - 10, y2 + 10);
  drive ("mouseup 1");
  g_assert_cmpuint (count_edges (f), ==, 2);
  g_assert_nonnull (heddle_graph_find_edge (heddle_document_get_graph (f->document), "ask", "out", "check", "in"));

  drive ("key ctrl+z");
  g_assert_cmpuint (count_edges (f), ==, 1);
}

static void
test_wire_to_card (Fixture *f, gconstpointer data)
{
  double x1, y1, x2, y2;

  get_port (f, "check", TRUE, "true", &x1, &y1);
  get_center (f, "result", &x2, &y2);
  drag (x1, y1, x2, y2, "1");
  g_assert_nonnull (heddle_graph_find_edge (heddle_document_get_graph (f->document), "check", "true", "result", "in"));
}

static void
test_refuse (Fixture *f, gconstpointer data)
{
  double x1, y1, x2, y2;

  /* A circle. */
  get_port (f, "ask", TRUE, "out", &x1, &y1);
  get_center (f, "begin", &x2, &y2);
  move_to (x1, y1);
  drive ("mousedown 1");
  move_to (x1 - 20, y1 + 40);
  move_to (x2, y2);
  screenshot (f, "refused");
  drive ("mouseup 1");
  g_assert_cmpuint (count_edges (f), ==, 1);
  g_assert_nonnull (strstr (f->log->str, "message "));
}

static void
test_rewire (Fixture *f, gconstpointer data)
{
  double x1, y1, x2, y2;
  HeddleGraph *graph = heddle_document_get_graph (f->document);

  get_port (f, "ask", FALSE, "in", &x1, &y1);
  get_port (f, "check", FALSE, "in", &x2, &y2);
  drag (x1, y1, x2, y2, "1");
  g_assert_null (heddle_graph_find_edge (graph, "begin", "out", "ask", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "begin", "out", "check", "in"));
  drive ("key ctrl+z");
  g_assert_nonnull (heddle_graph_find_edge (graph, "begin", "out", "ask", "in"));

  /* Onto nothing: the edge is gone. */
  drag (x1, y1, x1, y1 + 200, "1");
  g_assert_cmpuint (count_edges (f), ==, 0);
  drive ("key ctrl+z");
  g_assert_cmpuint (count_edges (f), ==, 1);
}

static void
test_click_click (Fixture *f, gconstpointer data)
{
  double x1, y1, x2, y2;

  get_port (f, "ask", TRUE, "out", &x1, &y1);
  get_port (f, "check", FALSE, "in", &x2, &y2);
  click (x1, y1);
  move_to ((x1 + x2) / 2, y2 + 60);
  click (x2, y2);
  g_assert_cmpuint (count_edges (f), ==, 2);
}

static void
test_drop_on_empty (Fixture *f, gconstpointer data)
{
  const HeddleNodeType *input = heddle_registry_lookup ("input");
  double x, y;

  get_port (f, "ask", TRUE, "out", &x, &y);
  drag (x, y, x + 60, y + 220, "1");
  g_assert_nonnull (strstr (f->log->str, "search 1;"));
  g_assert_false (heddle_canvas_can_insert (f->canvas, input));
  heddle_canvas_insert_node (f->canvas, "output", x + 60, y + 220);
  g_assert_cmpuint (count_nodes (f), ==, 5);
  g_assert_cmpuint (count_edges (f), ==, 2);
  /* Node and edge are one step. */
  drive ("key ctrl+z");
  g_assert_cmpuint (count_nodes (f), ==, 4);
  g_assert_cmpuint (count_edges (f), ==, 1);
}

static void
test_double_click (Fixture *f, gconstpointer data)
{
  double x, y;

  get_center (f, "ask", &x, &y);
  move_to (x, y);
  drive ("click --repeat 2 --delay 40 1");
  g_assert_nonnull (strstr (f->log->str, "open ask;"));
  settle (420);
  move_to (x, y + 300);
  drive ("click --repeat 2 --delay 40 1");
  g_assert_nonnull (strstr (f->log->str, "search 0;"));
}

static void
test_zoom_and_pan (Fixture *f, gconstpointer data)
{
  double x1, y1, x2, y2, zoom = heddle_canvas_get_zoom (f->canvas);

  /* The point under the pointer stays where it is, to the pixel. */
  get_port (f, "check", FALSE, "in", &x1, &y1);
  move_to (x1, y1);
  x1 = (int) x1;
  y1 = (int) y1;
  for (int i = 0; i < 4; i++)
    drive ("click 4");
  g_assert_cmpfloat (heddle_canvas_get_zoom (f->canvas), >, zoom * 1.5);
  get_port (f, "check", FALSE, "in", &x2, &y2);
  g_assert_cmpfloat (ABS (x2 - x1), <=, 2.0);
  g_assert_cmpfloat (ABS (y2 - y1), <=, 2.0);
  screenshot (f, "zoomed-in");
  for (int i = 0; i < 4; i++)
    drive ("keydown ctrl click 5 keyup ctrl");
  g_assert_cmpfloat_with_epsilon (heddle_canvas_get_zoom (f->canvas), zoom, 0.001);

  get_port (f, "check", FALSE, "in", &x1, &y1);
  drag (300, 600, 400, 650, "2");
  get_port (f, "check", FALSE, "in", &x2, &y2);
  g_assert_cmpfloat (x2 - x1, ==, 100);
  g_assert_cmpfloat (y2 - y1, ==, 50);

  drive ("keydown space");
  drag (300, 600, 200, 550, "1");
  drive ("keyup space");
  get_port (f, "check", FALSE, "in", &x2, &y2);
  g_assert_cmpfloat (x2, ==, x1);
  g_assert_cmpfloat (y2, ==, y1);

  drive ("key ctrl+plus");
  drive ("key ctrl+0");
  g_assert_cmpfloat (heddle_canvas_get_zoom (f->canvas), ==, 1);
}

static void
test_keys (Fixture *f, gconstpointer data)
{
  g_auto (GStrv) first = NULL;
  g_auto (GStrv) second = NULL;
  double before = find_node (f, "ask")->x;

  drive ("key Tab");
  first = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstrv (first, ((const char *const[]){ "begin", NULL }));
  drive ("key Right");
  second = heddle_canvas_get_selection (f->canvas);
  g_assert_cmpstrv (second, ((const char *const[]){ "ask", NULL }));
  drive ("key ctrl+Right");
  g_assert_cmpfloat (find_node (f, "ask")->x, ==, before + 16);
  drive ("key Return");
  g_assert_nonnull (strstr (f->log->str, "open ask;"));

  /* C on one node, C on the other. */
  drive ("key c");
  drive ("key Right");
  drive ("key c");
  g_assert_nonnull (heddle_graph_find_edge (heddle_document_get_graph (f->document), "ask", "out", "check", "in"));
  screenshot (f, "keyboard");

  drive ("key Delete");
  g_assert_null (find_node (f, "check"));
  g_assert_cmpuint (count_edges (f), ==, 1);
  drive ("key a");
  g_assert_nonnull (strstr (f->log->str, "search 0;"));
}

static void
test_copy (Fixture *f, gconstpointer data)
{
  drive ("key ctrl+a");
  drive ("key ctrl+c");
  settle (50);
  drive ("key ctrl+v");
  settle (150);
  g_assert_cmpuint (count_nodes (f), ==, 8);
  g_assert_cmpuint (count_edges (f), ==, 2);
  drive ("key ctrl+d");
  g_assert_cmpuint (count_nodes (f), ==, 12);
  drive ("key ctrl+z");
  drive ("key ctrl+z");
  g_assert_cmpuint (count_nodes (f), ==, 4);
}

static void
test_paste_garbage (Fixture *f, gconstpointer data)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (f->canvas)), "not { a workflow");
  drive ("key ctrl+v");
  settle (100);
  g_assert_cmpuint (count_nodes (f), ==, 4);
  g_assert_nonnull (strstr (f->log->str, "message "));
}

static void
test_splice (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  double x, y, x1, y1, x2, y2;
  g_autofree char *id = NULL;

  id = g_strdup (heddle_document_add_node (f->document, "template", NULL, 0, 300));
  settle (50);
  get_center (f, id, &x, &y);
  get_port (f, "begin", TRUE, "out", &x1, &y1);
  get_port (f, "ask", FALSE, "in", &x2, &y2);
  /* By its middle, which is a little below where the pointer holds it. */
  drag (x, y, (x1 + x2) / 2, (y1 + y2) / 2 - 16, "1");
  g_assert_null (heddle_graph_find_edge (graph, "begin", "out", "ask", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "begin", "out", id, "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, id, "out", "ask", "in"));
  drive ("key ctrl+z");
  g_assert_nonnull (heddle_graph_find_edge (graph, "begin", "out", "ask", "in"));
}

static void
test_frame (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  const HeddleAnnotation *frame;
  graphene_rect_t bounds;
  double before = find_node (f, "ask")->x;

  heddle_canvas_select (f->canvas, (const char *const[]){ "begin", "ask", NULL });
  drive ("key ctrl+g");
  settle (200);
  drive ("key ctrl+a");
  drive ("type Vorbereitung");
  drive ("key Escape");
  settle (200);
  g_assert_cmpuint (heddle_graph_get_n_annotations (graph), ==, 1);
  frame = heddle_graph_get_annotation (graph, 0);
  g_assert_cmpstr (frame->text, ==, "Vorbereitung");

  g_assert_true (heddle_canvas_get_node_bounds (f->canvas, frame->id, &bounds));
  drag (bounds.origin.x + 200, bounds.origin.y + 10, bounds.origin.x + 200, bounds.origin.y + 210, "1");
  g_assert_cmpfloat (find_node (f, "ask")->y, >, 150);
  g_assert_cmpfloat (find_node (f, "ask")->x, ==, before);
  g_assert_cmpfloat (find_node (f, "check")->y, ==, 0);
  drive ("key shift+s");
  settle (200);
  drive ("type Hier");
  drive ("key Escape");
  settle (200);
  g_assert_cmpuint (heddle_graph_get_n_annotations (graph), ==, 2);
  screenshot (f, "frame");
}

static void
test_rename (Fixture *f, gconstpointer data)
{
  heddle_canvas_select (f->canvas, (const char *const[]){ "ask", NULL });
  drive ("key F2");
  settle (250);
  drive ("key ctrl+a");
  drive ("type Neuer");
  drive ("key Tab");
  drive ("key ctrl+a");
  drive ("type frage2");
  screenshot (f, "rename");
  drive ("key Return");
  settle (100);
  g_assert_null (find_node (f, "ask"));
  g_assert_nonnull (find_node (f, "frage2"));
  g_assert_cmpstr (find_node (f, "frage2")->title, ==, "Neuer");
  g_assert_cmpuint (count_edges (f), ==, 1);
}

static void
test_menu (Fixture *f, gconstpointer data)
{
  double x, y;

  get_center (f, "ask", &x, &y);
  move_to (x, y);
  drive ("click 3");
  settle (300);
  screenshot (f, "menu");
  drive ("key Escape");
  settle (100);
  g_assert_nonnull (find_node (f, "ask"));
  /* By its key on the canvas. */
  drive ("key Delete");
  g_assert_null (find_node (f, "ask"));
}

static void
test_change_below_gesture (Fixture *f, gconstpointer data)
{
  double x, y;

  get_center (f, "ask", &x, &y);
  move_to (x, y);
  drive ("mousedown 1");
  move_to (x + 30, y + 30);
  move_to (x + 60, y + 60);
  heddle_document_remove (f->document, (const char *const[]){ "ask", NULL }, FALSE);
  settle (50);
  move_to (x + 90, y + 60);
  drive ("mouseup 1");
  g_assert_cmpuint (count_nodes (f), ==, 3);
}

static void
test_empty (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);

  screenshot (f, "empty");
  heddle_canvas_add_node_at_center (f->canvas, "input");
  heddle_canvas_add_node_at_center (f->canvas, "output");
  g_assert_cmpuint (count_nodes (f), ==, 2);
  g_assert_true (heddle_graph_get_node (graph, 0)->x != heddle_graph_get_node (graph, 1)->x);
  heddle_canvas_insert_node (f->canvas, "no-such-type", 10, 10);
  g_assert_cmpuint (count_nodes (f), ==, 2);
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

  connect_nodes (f, "ask", "out", "check", "in");
  connect_nodes (f, "check", "true", "result", "in");
  add_node (f, "fail", "stop", "Der Antrag konnte nicht bearbeitet werden", 816, 0);
  connect_nodes (f, "check", "false", "stop", "in");
  heddle_canvas_fit (f->canvas);
  settle (50);
  heddle_canvas_get_node_bounds (f->canvas, "result", &before);

  heddle_canvas_set_trace (f->canvas, trace);
  apply (trace, HEDDLE_EVENT_RUN_STARTED, NULL, 0, NULL, "{}");
  apply (trace, HEDDLE_EVENT_NODE_STARTED, "begin", 10, NULL, "{}");
  apply (trace, HEDDLE_EVENT_NODE_FINISHED, "begin", 2000, NULL, "{\"result\":{\"output\":\"x\"},\"live\":[\"out\"]}");
  apply (trace, HEDDLE_EVENT_NODE_STARTED, "ask", 2100, NULL, "{}");
  settle (150);
  screenshot (f, "running");
  apply (trace, HEDDLE_EVENT_NODE_FINISHED, "ask", 412000, NULL, "{\"result\":{\"output\":\"x\"},\"live\":[\"out\"]}");
  apply (trace, HEDDLE_EVENT_NODE_STARTED, "check", 413000, NULL, "{}");
  apply (trace, HEDDLE_EVENT_NODE_FINISHED, "check", 414000, NULL, "{\"result\":{\"output\":true},\"live\":[\"true\"]}");
  apply (trace, HEDDLE_EVENT_NODE_SKIPPED, "stop", 414000, "Not reached.", NULL);
  apply (trace, HEDDLE_EVENT_NODE_STARTED, "result", 415000, NULL, "{}");
  apply (trace, HEDDLE_EVENT_NODE_DELTA, "result", 500000, "A segmentation fault at start is usually a damaged profile. First move the folder away, then start again and look whether", NULL);
  settle (100);
  heddle_canvas_get_node_bounds (f->canvas, "result", &during);
  screenshot (f, "streaming");
  apply (trace, HEDDLE_EVENT_NODE_FAILED, "result", 1900000, NULL, "{\"error\":{\"code\":\"server\",\"message\":\"No\"},\"live\":[]}");
  apply (trace, HEDDLE_EVENT_RUN_FINISHED, NULL, 1900000, NULL, "{\"state\":\"failed\"}");
  settle (100);
  heddle_canvas_get_node_bounds (f->canvas, "result", &after);
  g_assert_true (graphene_rect_equal (&before, &during));
  g_assert_true (graphene_rect_equal (&before, &after));
  screenshot (f, "failed");

  heddle_canvas_set_trace (f->canvas, NULL);
  settle (50);
}

static void
test_problems (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) problems = heddle_problem_list_new ();

  g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_ERROR, "check", NULL, "condition", "Write a condition."));
  g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_WARNING, "result", NULL, NULL, "Nothing leads here."));
  g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_WARNING, "gone", NULL, NULL, "Of a node that is not there."));
  heddle_canvas_set_problems (f->canvas, problems);
  screenshot (f, "problems");
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
  screenshot (f, "many");
  heddle_canvas_set_zoom (f->canvas, .35);
  screenshot (f, "outline");
  heddle_canvas_set_zoom (f->canvas, .12);
  screenshot (f, "blocks");
  heddle_canvas_set_zoom (f->canvas, 0.0001);
  g_assert_cmpfloat (heddle_canvas_get_zoom (f->canvas), ==, .05);
  heddle_canvas_set_zoom (f->canvas, 100);
  g_assert_cmpfloat (heddle_canvas_get_zoom (f->canvas), ==, 4);
  settle (50);
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
  screenshot (f, "picture");
  gtk_window_set_child (GTK_WINDOW (f->window), NULL);
  settle (30);
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
  g_assert_null (find_node (f, "ask"));
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
  g_assert_cmpuint (count_nodes (f), ==, 5);
  g_assert_cmpuint (count_edges (f), ==, 1);
  /* Onto an edge: into it, in one step. */
  get_port (f, "begin", TRUE, "out", &x1, &y1);
  get_port (f, "ask", FALSE, "in", &x2, &y2);
  g_assert_true (drop (f, "heddle-node:wait", (x1 + x2) / 2, (y1 + y2) / 2));
  g_assert_cmpuint (count_edges (f), ==, 2);
  g_assert_null (heddle_graph_find_edge (graph, "begin", "out", "ask", "in"));
  heddle_document_undo (f->document);
  g_assert_nonnull (heddle_graph_find_edge (graph, "begin", "out", "ask", "in"));
  g_assert_cmpuint (count_nodes (f), ==, 5);

  g_assert_false (drop (f, "heddle-node:no-such-type", 300, 300));
  g_assert_false (drop (f, "anything else", 300, 300));
  g_assert_false (drop (f, "", 300, 300));
  g_assert_cmpuint (count_nodes (f), ==, 5);
}

/* So many edges that they come from tiles; they must look like the others. */
static void
test_many_edges (Fixture *f, gconstpointer data)
{
  g_autofree char *last = g_strdup ("ask");

  for (int i = 0; i < 60; i++)
    {
      g_autofree char *id = g_strdup (heddle_document_add_node (f->document, "merge", NULL, i % 10 * 272, 400 + i / 10 * 160));

      connect_nodes (f, last, "out", id, "in");
      connect_nodes (f, "begin", "out", id, "in");
      g_free (last);
      last = g_steal_pointer (&id);
    }
  heddle_canvas_fit (f->canvas);
  settle (500);
  screenshot (f, "many-edges");
  heddle_canvas_zoom_in (f->canvas);
  screenshot (f, "many-edges-zoomed");
  heddle_document_remove (f->document, (const char *const[]){ "begin", NULL }, FALSE);
  settle (100);
  screenshot (f, "many-edges-removed");
  g_assert_cmpuint (count_edges (f), ==, 60);
}

/* As an application does by itself. */
static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/org/heddle/Heddle/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

#define ADD(name, func) g_test_add ("/canvas/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  /* Names, descriptions and relations can be asked for then. */
  g_setenv ("GTK_A11Y", "test", TRUE);
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  load_style ();
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()), "/org/heddle/Heddle/icons");

  g_test_add ("/canvas/empty", Fixture, "empty", set_up, test_empty, tear_down);
  ADD ("select", test_select);
  ADD ("box", test_box);
  ADD ("move", test_move);
  ADD ("cancel-move", test_cancel_move);
  ADD ("wire", test_wire);
  ADD ("wire-to-card", test_wire_to_card);
  ADD ("refuse", test_refuse);
  ADD ("rewire", test_rewire);
  ADD ("click-click", test_click_click);
  ADD ("drop-on-empty", test_drop_on_empty);
  ADD ("double-click", test_double_click);
  ADD ("zoom-and-pan", test_zoom_and_pan);
  ADD ("keys", test_keys);
  ADD ("copy", test_copy);
  ADD ("paste-garbage", test_paste_garbage);
  ADD ("splice", test_splice);
  ADD ("frame", test_frame);
  ADD ("rename", test_rename);
  ADD ("menu", test_menu);
  ADD ("change-below-gesture", test_change_below_gesture);
  ADD ("run", test_run);
  ADD ("problems", test_problems);
  ADD ("far-zoom", test_far_zoom);
  ADD ("picture", test_picture);
  ADD ("accessible", test_accessible);
  ADD ("drop", test_drop);
  ADD ("many-edges", test_many_edges);
  return g_test_run ();
}
