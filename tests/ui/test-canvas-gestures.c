/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-fixture.h"

#include <glib/gstdio.h>

/* Gestures beyond moving and wiring, by real events; each is one step, and cancelled leaves nothing. */

static void
assert_unchanged (Fixture *f, const char *before)
{
  assert_soon (canvas_test_is_unchanged (f, before));
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
  before = canvas_test_dup_json (f);
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
  assert_soon (canvas_test_count_edges (f) == 1);
  assert_soon ((heddle_graph_find_edge (heddle_document_get_graph (f->document), "ask", "out", "check", "in")) != NULL);
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
  before = canvas_test_dup_json (f);
  get_edge_middle (f, "begin", "ask", &x, &y);
  canvas_test_drive ("keydown ctrl keydown shift");
  canvas_test_drag (x + 10, y - 40, x + 10, y + 700, "1");
  canvas_test_drive ("keyup shift keyup ctrl");
  assert_soon (canvas_test_count_edges (f) == 0);
  assert_undone (f, before);
}

static void
test_knife_cancelled (Fixture *f, gconstpointer data)
{
  g_autofree char *before = canvas_test_dup_json (f);
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
  g_autofree char *before = canvas_test_dup_json (f);
  g_auto (GStrv) selection = NULL;
  const HeddleNode *copy;

  drag_with_alt (f, "ask", 60, 240, FALSE);
  assert_soon (canvas_test_count_nodes (f) == 5);
  assert_soon (canvas_test_find_node (f, "ask")->x == 272);
  selection = heddle_canvas_get_selection (f->canvas);
  assert_soon (g_strv_length (selection) == 1);
  copy = canvas_test_find_node (f, selection[0]);
  g_assert_cmpstr (copy->id, !=, "ask");
  g_assert_cmpstr (copy->title, ==, "Frage");
  assert_soon (copy->y > 160);
  assert_undone (f, before);

  drag_with_alt (f, "ask", 60, 240, TRUE);
  assert_unchanged (f, before);
}

static void
test_plus (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  const HeddleNodeType *input = heddle_registry_lookup ("input");
  g_autofree char *before = canvas_test_dup_json (f);
  double x, y;

  get_edge_middle (f, "begin", "ask", &x, &y);
  canvas_test_move_to (x - 12, y);
  canvas_test_move_to (x - 11, y);
  canvas_test_screenshot (f, "plus");
  canvas_test_click (x, y);
  assert_soon ((strstr (f->log->str, "search 1;")) != NULL);
  /* What has no input or no output does not fit. */
  g_assert_false (heddle_canvas_can_insert (f->canvas, input));
  g_assert_false (heddle_canvas_can_insert (f->canvas, heddle_registry_lookup ("output")));
  g_assert_true (heddle_canvas_can_insert (f->canvas, heddle_registry_lookup ("wait")));
  heddle_canvas_insert_node (f->canvas, "wait", x, y);
  canvas_test_settle (50);
  g_assert_null (heddle_graph_find_edge (graph, "begin", "out", "ask", "in"));
  assert_soon ((heddle_graph_find_edge (graph, "begin", "out", "wait", "in")) != NULL);
  assert_soon ((heddle_graph_find_edge (graph, "wait", "out", "ask", "in")) != NULL);
  /* It has room. */
  assert_soon (canvas_test_find_node (f, "wait")->x >= 208 + 32);
  g_assert_cmpfloat (canvas_test_find_node (f, "ask")->x, >=, canvas_test_find_node (f, "wait")->x + 208 + 32);
  canvas_test_screenshot (f, "inserted");
  assert_undone (f, before);

  /* By keys: with the connection selected, the search is for what goes into it. */
  g_string_truncate (f->log, 0);
  canvas_test_click (x - 16, y);
  canvas_test_drive ("key a");
  assert_soon ((strstr (f->log->str, "search 1;")) != NULL);
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
  assert_soon (canvas_test_find_node (f, "result")->x == 5);
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
  assert_soon ((int) canvas_test_find_node (f, "result")->x % 16 == 0);
}

static void
test_paste_connected (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  g_autofree char *before = canvas_test_dup_json (f);
  g_auto (GStrv) selection = NULL;

  heddle_canvas_select (f->canvas, (const char *const[]){ "ask", NULL });
  canvas_test_drive ("key ctrl+c");
  canvas_test_settle (50);
  canvas_test_drive ("key ctrl+shift+v");
  canvas_test_settle (150);
  selection = heddle_canvas_get_selection (f->canvas);
  assert_soon (g_strv_length (selection) == 1);
  assert_soon ((heddle_graph_find_edge (graph, "begin", "out", selection[0], "in")) != NULL);
  assert_soon (canvas_test_count_edges (f) == 2);
  assert_undone (f, before);

  /* What it came from is gone: said, not wired. */
  heddle_document_remove (f->document, (const char *const[]){ "begin", NULL }, FALSE);
  g_string_truncate (f->log, 0);
  canvas_test_drive ("key ctrl+shift+v");
  canvas_test_settle (150);
  assert_soon (canvas_test_count_nodes (f) == 4);
  assert_soon (canvas_test_count_edges (f) == 0);
  assert_soon ((strstr (f->log->str, "message 1 connection could not be kept")) != NULL);
}

/* Another window comes to the front in the middle of a drag. GTK 4.8 then warns that it has lost count of who is active, which is its own affair. */
static void
test_focus_lost (Fixture *f, gconstpointer data)
{
  g_autofree char *before = canvas_test_dup_json (f);
  GtkWidget *other = gtk_window_new ();
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);

  drag_and_hold (f, "ask", 100, 200);
  gtk_window_present (GTK_WINDOW (other));
  canvas_test_settle (300);
  canvas_test_drive ("mouseup 1");
  canvas_test_settle (100);
  assert_unchanged (f, before);
  gtk_window_destroy (GTK_WINDOW (other));
  canvas_test_settle (100);
  g_log_set_always_fatal (fatal);
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
  assert_soon (y2 < y1 - 50);
  assert_soon (x2 == x1);
  canvas_test_drive ("key Escape");
  canvas_test_drive ("mouseup 1");
  assert_soon (canvas_test_count_edges (f) == 1);
}

static const HeddleEdge *
find_begin_ask (Fixture *f)
{
  return heddle_graph_find_edge (heddle_document_get_graph (f->document), "begin", "out", "ask", "in");
}

static void
double_click (double x, double y)
{
  canvas_test_move_to (x, y);
  canvas_test_drive ("click --repeat 2 --delay 40 1");
  canvas_test_settle (450);
}

static void
test_bends (Fixture *f, gconstpointer data)
{
  g_autofree char *before = NULL;
  double x, y;

  heddle_document_move (f->document, (const char *const[]){ "ask", NULL }, 192, 0);
  heddle_document_move (f->document, (const char *const[]){ "check", "result", NULL }, 400, 0);
  canvas_test_drive ("key shift+1");
  canvas_test_settle (100);
  before = canvas_test_dup_json (f);
  get_edge_middle (f, "begin", "ask", &x, &y);
  double_click (x - 40, y);
  assert_soon (find_begin_ask (f)->n_points == 1);
  assert_undone (f, before);
  canvas_test_drive ("key ctrl+shift+z");

  /* Dragged, onto the grid. */
  x = find_begin_ask (f)->points[0].x;
  {
    double x1, y1, x2, y2, zoom = heddle_canvas_get_zoom (f->canvas);

    canvas_test_get_port (f, "begin", TRUE, "out", &x1, &y1);
    x2 = x1 + (x - 208) * zoom;
    y2 = y1 + (find_begin_ask (f)->points[0].y - 36) * zoom;
    canvas_test_drag (x2, y2, x2 + 10, y2 + 100 * zoom, "1");
    canvas_test_screenshot (f, "bend");
    assert_soon (find_begin_ask (f)->points[0].y > 100);
    assert_soon ((int) find_begin_ask (f)->points[0].y % 16 == 0);

    /* The arrows nudge the one that is chosen. */
    x = find_begin_ask (f)->points[0].x;
    canvas_test_drive ("key Right");
    assert_soon (find_begin_ask (f)->points[0].x == x + 16);
    canvas_test_drive ("key Delete");
    assert_soon (find_begin_ask (f)->n_points == 0);
    /* Only the bend went. */
    assert_soon (canvas_test_count_edges (f) == 1);
  }
  for (int i = 0; i < 4; i++)
    canvas_test_drive ("key ctrl+z");
  assert_unchanged (f, before);
}

static void
test_bends_by_keys (Fixture *f, gconstpointer data)
{
  g_autofree char *before = canvas_test_dup_json (f);

  canvas_test_drive ("key Tab");
  canvas_test_drive ("key e");
  canvas_test_drive ("key r");
  assert_soon (find_begin_ask (f)->n_points == 1);
  canvas_test_drive ("key ctrl+Down");
  canvas_test_drive ("key ctrl+shift+r");
  assert_soon (find_begin_ask (f)->n_points == 0);
  for (int i = 0; i < 3; i++)
    canvas_test_drive ("key ctrl+z");
  assert_unchanged (f, before);
}

static void
test_bend_cancelled (Fixture *f, gconstpointer data)
{
  const HeddlePoint point = { 240, 96 };
  g_autofree char *before = NULL;
  double x, y;

  heddle_document_set_edge_points (f->document, "begin", "out", "ask", "in", &point, 1);
  canvas_test_settle (50);
  before = canvas_test_dup_json (f);
  canvas_test_get_port (f, "begin", TRUE, "out", &x, &y);
  canvas_test_move_to (x + 32, y + 60);
  canvas_test_drive ("mousedown 1");
  canvas_test_move_to (x + 40, y + 120);
  canvas_test_move_to (x + 40, y + 160);
  canvas_test_drive ("key Escape");
  canvas_test_drive ("mouseup 1");
  assert_unchanged (f, before);
}

static void
test_modes (Fixture *f, gconstpointer data)
{
  g_autofree char *before = canvas_test_dup_json (f);

  heddle_canvas_select (f->canvas, (const char *const[]){ "ask", "check", NULL });
  canvas_test_drive ("key d");
  assert_soon (canvas_test_find_node (f, "ask")->mode == HEDDLE_NODE_OFF);
  assert_soon (canvas_test_find_node (f, "check")->mode == HEDDLE_NODE_OFF);
  heddle_canvas_select (f->canvas, (const char *const[]){ "check", NULL });
  canvas_test_drive ("key b");
  assert_soon (canvas_test_find_node (f, "check")->mode == HEDDLE_NODE_BYPASS);
  canvas_test_drive ("key Escape");
  canvas_test_screenshot (f, "modes");
  heddle_canvas_select (f->canvas, (const char *const[]){ "check", NULL });
  canvas_test_drive ("key b");
  assert_soon (canvas_test_find_node (f, "check")->mode == HEDDLE_NODE_ON);
  for (int i = 0; i < 3; i++)
    canvas_test_drive ("key ctrl+z");
  assert_unchanged (f, before);
}

static void
test_align (Fixture *f, gconstpointer data)
{
  g_autofree char *before = canvas_test_dup_json (f);

  heddle_canvas_select (f->canvas, (const char *const[]){ "check", "result", NULL });
  canvas_test_drive ("key alt+Up");
  g_assert_cmpfloat (canvas_test_find_node (f, "result")->y, ==, canvas_test_find_node (f, "check")->y);
  assert_undone (f, before);
  canvas_test_drive ("key alt+Left");
  g_assert_cmpfloat (canvas_test_find_node (f, "result")->x, ==, canvas_test_find_node (f, "check")->x);
  assert_undone (f, before);
}

static void
test_collapse (Fixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->document);
  g_autofree char *before = NULL;
  g_autofree char *id = NULL;
  graphene_rect_t bounds;

  id = g_strdup (heddle_document_add_annotation (f->document, HEDDLE_ANNOTATION_FRAME, "Preparation", -40, -48, 560, 160));
  canvas_test_drive ("key shift+1");
  canvas_test_settle (100);
  before = canvas_test_dup_json (f);
  g_assert_true (heddle_canvas_get_node_bounds (f->canvas, id, &bounds));
  canvas_test_click (bounds.origin.x + 16, bounds.origin.y + 16);
  assert_soon (heddle_graph_find_annotation (graph, id)->collapsed);
  canvas_test_screenshot (f, "collapsed");
  canvas_test_drive ("key alt+c");
  assert_soon (!heddle_graph_find_annotation (graph, id)->collapsed);
  canvas_test_drive ("key ctrl+z");
  canvas_test_drive ("key ctrl+z");
  assert_unchanged (f, before);
  /* Collapsed, it is moved with what is in it and keeps its size. */
  heddle_document_set_collapsed (f->document, id, TRUE);
  canvas_test_settle (50);
  g_assert_true (heddle_canvas_get_node_bounds (f->canvas, id, &bounds));
  canvas_test_drag (bounds.origin.x + 200, bounds.origin.y + 16, bounds.origin.x + 200, bounds.origin.y + 216, "1");
  assert_soon (canvas_test_find_node (f, "ask")->y > 100);
  assert_soon (heddle_graph_find_annotation (graph, id)->height == 160);
  double_click (bounds.origin.x + 200, bounds.origin.y + 216);
  assert_soon (!heddle_graph_find_annotation (graph, id)->collapsed);
}

static void
test_container_collapse (Fixture *f, gconstpointer data)
{
  g_autofree char *map = g_strdup (heddle_document_add_node (f->document, "map", NULL, 0, 240));
  const char *ids[] = { NULL, NULL };
  g_autofree char *inner = g_strdup (heddle_document_add_node (f->document, "template", NULL, 160, 352));

  ids[0] = inner;
  g_assert_true (heddle_document_set_parent (f->document, ids, map, NULL));
  heddle_canvas_select (f->canvas, (const char *const[]){ map, NULL });
  canvas_test_drive ("key shift+1");
  canvas_test_screenshot (f, "container-expanded");
  canvas_test_drive ("key alt+c");
  assert_soon (canvas_test_find_node (f, map)->collapsed);
  canvas_test_drive ("key shift+1");
  canvas_test_screenshot (f, "container-collapsed");
  canvas_test_drive ("key ctrl+z");
  assert_soon (!canvas_test_find_node (f, map)->collapsed);
}

static void
test_note_markdown (Fixture *f, gconstpointer data)
{
  heddle_document_add_annotation (f->document, HEDDLE_ANNOTATION_NOTE, "# Read first\n\nAnswers **must** be *short*.\n\n- one\n- `two`\n\n[The page](https://example.org/)", 0, 200, 320, 200);
  canvas_test_drive ("key shift+1");
  canvas_test_screenshot (f, "note");
}

/* A part goes in where it is pasted, a whole one is asked about, another tool's is named. */
static void
paste (Fixture *f, const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (f->canvas)), text);
  canvas_test_drive ("key ctrl+v");
  canvas_test_settle (200);
}

static void
test_paste_whole (Fixture *f, gconstpointer data)
{
  g_autofree char *whole = canvas_test_dup_json (f);

  paste (f, whole);
  canvas_test_screenshot (f, "offer");
  assert_soon (canvas_test_count_nodes (f) == 4);
  canvas_test_drive ("key Return");
  canvas_test_settle (200);
  assert_soon (canvas_test_count_nodes (f) == 8);
  assert_undone (f, whole);
  /* Of another tool: what can be read is taken over, what cannot is named. */
  paste (f, "{\"nodes\":[{\"id\":\"a\",\"position\":{},\"data\":{\"inputParams\":[]}}],\"edges\":[]}");
  assert_soon ((strstr (f->log->str, "message This is a workflow of Flowise")) != NULL);
  assert_unchanged (f, whole);
  paste (f, "{\"nodes\":[{\"name\":\"Wait\",\"type\":\"n8n-nodes-base.wait\",\"position\":[0,0],\"parameters\":{}}],\"connections\":{}}");
  canvas_test_drive ("key Return");
  canvas_test_settle (200);
  assert_soon (canvas_test_count_nodes (f) > 4);
  assert_undone (f, whole);
}

static void
drop_files (Fixture *f, GFile **files, gsize n_files)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (f->canvas));
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_array (files, n_files));
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        g_signal_emit_by_name (controller, "drop", &value, 300., 600., &taken);
    }
  g_assert_true (taken);
  canvas_test_settle (300);
}

static GFile *
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return g_file_new_for_path (path);
}

/* Parts are inserted one below the other as one step; what is none is named. */
static void
test_drop_files (Fixture *f, gconstpointer data)
{
  g_autofree char *before = canvas_test_dup_json (f);
  g_autofree char *folder = g_dir_make_tmp ("heddle-drop-XXXXXX", NULL);
  g_autofree char *part = heddle_graph_copy_to_json (heddle_document_get_graph (f->document), (const char *const[]){ "begin", "ask", NULL });
  g_autoptr (GFile) first = write_file (folder, "first.heddle.json", part);
  g_autoptr (GFile) second = write_file (folder, "second.heddle.json", part);
  g_autoptr (GFile) other = write_file (folder, "letter.txt", "Dear reader");
  g_autofree char *gone_path = g_build_filename (folder, "gone.json", NULL);
  g_autoptr (GFile) gone = g_file_new_for_path (gone_path);

  drop_files (f, (GFile *[]){ first, second, other, gone }, 4);
  assert_soon (canvas_test_count_nodes (f) == 8);
  assert_soon ((strstr (f->log->str, "letter.txt")) != NULL);
  assert_soon ((strstr (f->log->str, "gone.json")) != NULL);
  canvas_test_screenshot (f, "dropped");
  assert_undone (f, before);
  g_file_delete (first, NULL, NULL);
  g_file_delete (second, NULL, NULL);
  g_file_delete (other, NULL, NULL);
  g_rmdir (folder);
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
  ADD ("bends", test_bends);
  ADD ("bends-by-keys", test_bends_by_keys);
  ADD ("bend-cancelled", test_bend_cancelled);
  ADD ("modes", test_modes);
  ADD ("align", test_align);
  ADD ("collapse", test_collapse);
  ADD ("container-collapse", test_container_collapse);
  ADD ("note-markdown", test_note_markdown);
  ADD ("paste-whole", test_paste_whole);
  ADD ("drop-files", test_drop_files);
  ADD ("pan-at-border", test_pan_at_border);
  return g_test_run ();
}
