/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-fixture.h"

#include "find/heddle-outline-order.h"
#include "find/heddle-outline-tree.h"
#include "find/heddle-outline.h"

typedef struct
{
  Fixture canvas;
  HeddleOutline *outline;
  GtkWidget *list;
  GListModel *rows;
} OutlineFixture;

static GtkWidget *
find_child (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_child (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* begin → ask; check alone; a map with a node in it; the outline beside the canvas. */
static void
set_up (OutlineFixture *f, gconstpointer data)
{
  GtkWidget *paned = gtk_paned_new (GTK_ORIENTATION_HORIZONTAL);

  canvas_test_set_up (&f->canvas, NULL);
  canvas_test_add_node (&f->canvas, "map", "each", "Jede Anfrage", 272, 320);
  canvas_test_add_node (&f->canvas, "template", "inner", "Antwort", 448, 420);
  g_assert_true (heddle_document_set_parent (f->canvas.document, (const char *const[]){ "inner", NULL }, "each", NULL));
  f->outline = HEDDLE_OUTLINE (g_object_ref_sink (heddle_outline_new (f->canvas.canvas)));
  gtk_window_set_child (GTK_WINDOW (f->canvas.window), paned);
  gtk_paned_set_start_child (GTK_PANED (paned), GTK_WIDGET (f->outline));
  gtk_paned_set_end_child (GTK_PANED (paned), GTK_WIDGET (f->canvas.canvas));
  gtk_paned_set_position (GTK_PANED (paned), 300);
  canvas_test_settle (200);
  f->list = find_child (GTK_WIDGET (f->outline), GTK_TYPE_LIST_VIEW);
  f->rows = G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (f->list)));
}

static void
tear_down (OutlineFixture *f, gconstpointer data)
{
  f->rows = NULL;
  gtk_window_set_child (GTK_WINDOW (f->canvas.window), NULL);
  canvas_test_settle (30);
  g_assert_finalize_object (f->outline);
  canvas_test_tear_down (&f->canvas, data);
}

/* "begin (>ask) ask …": ids, with the depth as dots. */
static char *
dup_rows (OutlineFixture *f)
{
  GString *text = g_string_new (NULL);

  heddle_outline_flush (f->outline);
  for (guint i = 0; i < g_list_model_get_n_items (f->rows); i++)
    {
      g_autoptr (GtkTreeListRow) row = g_list_model_get_item (f->rows, i);
      g_autoptr (HeddleOutlineItem) item = gtk_tree_list_row_get_item (row);

      if (text->len > 0)
        g_string_append_c (text, ' ');
      for (guint depth = gtk_tree_list_row_get_depth (row); depth > 0; depth--)
        g_string_append_c (text, '.');
      if (heddle_outline_item_get_to (item) != NULL)
        g_string_append_printf (text, ">%s", heddle_outline_item_get_to (item));
      else
        g_string_append (text, heddle_outline_item_get_id (item));
    }
  return g_string_free (text, FALSE);
}

static void
assert_rows (OutlineFixture *f, const char *expected)
{
  g_autofree char *rows = dup_rows (f);

  g_assert_cmpstr (rows, ==, expected);
}

static void
assert_selected (OutlineFixture *f, const char *expected)
{
  g_auto (GStrv) ids = heddle_canvas_get_selection (f->canvas.canvas);
  g_autofree char *joined = g_strjoinv (" ", ids);

  g_assert_cmpstr (joined, ==, expected);
}

static void
expand (OutlineFixture *f, guint position)
{
  g_autoptr (GtkTreeListRow) row = g_list_model_get_item (f->rows, position);

  gtk_tree_list_row_set_expanded (row, TRUE);
}

static void
test_rows (OutlineFixture *f, gconstpointer data)
{
  /* What follows something comes after all that follows nothing. */
  assert_rows (f, "begin check result each .inner ask");
  expand (f, 0);
  assert_rows (f, "begin .>ask check result each .inner ask");
  canvas_test_connect_nodes (&f->canvas, "ask", "out", "check", "in");
  assert_rows (f, "begin .>ask result each .inner ask check");
  g_assert_true (heddle_document_set_parent (f->canvas.document, (const char *const[]){ "check", NULL }, "each", NULL));
  assert_rows (f, "begin .>ask result each .check .inner ask");
  heddle_document_undo (f->canvas.document);
  heddle_document_remove (f->canvas.document, (const char *const[]){ "each", NULL }, FALSE);
  canvas_test_settle (30);
  heddle_document_undo (f->canvas.document);
  canvas_test_screenshot (&f->canvas, "outline");
}

/* A row that stays is the same object, whatever happens around it. */
static void
test_rows_stay (OutlineFixture *f, gconstpointer data)
{
  g_autoptr (GtkTreeListRow) before = NULL;
  g_autoptr (GtkTreeListRow) after = NULL;

  heddle_outline_flush (f->outline);
  before = g_list_model_get_item (f->rows, 3);
  canvas_test_add_node (&f->canvas, "template", "late", NULL, 0, 600);
  heddle_document_set_title (f->canvas.document, "check", "Andere");
  heddle_document_remove (f->canvas.document, (const char *const[]){ "result", NULL }, FALSE);
  assert_rows (f, "begin check each .inner late ask");
  after = g_list_model_get_item (f->rows, 2);
  g_assert_true (before == after);
  g_assert_true (gtk_tree_list_row_get_expanded (after));
}

/* What was a row and is held by others, as by who has the focus, hears no more of what it showed. */
static void
test_rows_leave (OutlineFixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) expanders = g_ptr_array_new_with_free_func (g_object_unref);

  heddle_outline_flush (f->outline);
  canvas_test_settle (50);
  for (GtkWidget *row = gtk_widget_get_first_child (f->list); row != NULL; row = gtk_widget_get_next_sibling (row))
    g_ptr_array_add (expanders, g_object_ref (gtk_widget_get_first_child (row)));
  canvas_test_connect_nodes (&f->canvas, "begin", "out", "check", "in");
  assert_rows (f, "begin result each .inner ask check");
  heddle_document_set_title (f->canvas.document, "check", "Andere");
  heddle_document_remove (f->canvas.document, (const char *const[]){ "each", NULL }, FALSE);
  assert_rows (f, "begin result ask check");
  heddle_document_undo (f->canvas.document);
  heddle_document_set_title (f->canvas.document, "each", "Alle");
  assert_rows (f, "begin result each .inner ask check");
}

static void
test_selection (OutlineFixture *f, gconstpointer data)
{
  heddle_canvas_select (f->canvas.canvas, (const char *const[]){ "ask", "check", NULL });
  heddle_outline_flush (f->outline);
  g_assert_true (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (f->rows), 1));
  g_assert_true (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (f->rows), 5));
  g_assert_false (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (f->rows), 0));
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (f->rows), 4, TRUE);
  assert_selected (f, "inner");
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (f->rows), 0, FALSE);
  assert_selected (f, "begin inner");
  /* A connection is selected as one, and deleted as one. */
  expand (f, 0);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (f->rows), 1, TRUE);
  assert_selected (f, "");
  g_assert_true (heddle_canvas_is_edge_selected (f->canvas.canvas, "begin", "out", "ask", "in"));
  heddle_outline_focus (f->outline);
  canvas_test_drive ("key Delete");
  g_assert_cmpuint (canvas_test_count_edges (&f->canvas), ==, 0);
  g_assert_cmpuint (canvas_test_count_nodes (&f->canvas), ==, 6);
}

/* What is in a closed container is found when it is selected. */
static void
test_selection_opens (OutlineFixture *f, gconstpointer data)
{
  g_autoptr (GtkTreeListRow) row = NULL;

  heddle_outline_flush (f->outline);
  row = g_list_model_get_item (f->rows, 3);
  gtk_tree_list_row_set_expanded (row, FALSE);
  assert_rows (f, "begin check result each ask");
  heddle_canvas_select (f->canvas.canvas, (const char *const[]){ "inner", NULL });
  assert_rows (f, "begin check result each .inner ask");
  g_assert_true (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (f->rows), 4));
}

static gboolean
has_focus (OutlineFixture *f)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (f->canvas.window));

  return focus != NULL && gtk_widget_is_ancestor (focus, f->list);
}

static void
test_keys (OutlineFixture *f, gconstpointer data)
{
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (f->rows), 0, TRUE);
  heddle_outline_focus (f->outline);
  canvas_test_drive ("key Down");
  assert_selected (f, "check");
  g_assert_true (has_focus (f));
  /* From one node to another with C on both. */
  canvas_test_drive ("key Up");
  canvas_test_drive ("key c");
  canvas_test_drive ("key Down");
  canvas_test_drive ("key c");
  g_assert_nonnull (heddle_graph_find_edge (heddle_document_get_graph (f->canvas.document), "begin", "out", "check", "in"));
  assert_rows (f, "begin result each .inner ask check");
  g_assert_true (has_focus (f));
  /* A new name, and the keyboard is where it was. */
  canvas_test_drive ("key F2");
  canvas_test_settle (150);
  g_assert_false (has_focus (f));
  canvas_test_drive ("key ctrl+a");
  canvas_test_drive ("type Weiche");
  canvas_test_drive ("key Return");
  canvas_test_settle (150);
  g_assert_cmpstr (canvas_test_find_node (&f->canvas, "check")->title, ==, "Weiche");
  g_assert_true (has_focus (f));
  canvas_test_drive ("key Delete");
  g_assert_null (canvas_test_find_node (&f->canvas, "check"));
  g_assert_true (has_focus (f));
  canvas_test_drive ("key ctrl+z");
  g_assert_nonnull (canvas_test_find_node (&f->canvas, "check"));
  canvas_test_drive ("key shift+F10");
  canvas_test_settle (150);
  canvas_test_screenshot (&f->canvas, "outline-menu");
  canvas_test_drive ("key Escape");
  canvas_test_settle (150);
  g_assert_true (has_focus (f));
}

/* What the menu of a row offers, by its keys; after each the keyboard is in the list again. */
static void
test_everything (OutlineFixture *f, gconstpointer data)
{
  HeddleGraph *graph = heddle_document_get_graph (f->canvas.document);

  gtk_selection_model_select_item (GTK_SELECTION_MODEL (f->rows), 1, TRUE);
  heddle_outline_focus (f->outline);
  assert_selected (f, "check");
  canvas_test_drive ("key d");
  assert_soon (canvas_test_find_node (&f->canvas, "check")->mode == HEDDLE_NODE_OFF);
  canvas_test_drive ("key b");
  assert_soon (canvas_test_find_node (&f->canvas, "check")->mode == HEDDLE_NODE_BYPASS);
  canvas_test_drive ("key b");
  assert_soon (canvas_test_find_node (&f->canvas, "check")->mode == HEDDLE_NODE_ON);
  /* To one of a list, by the second of its ports. */
  canvas_test_drive ("key l");
  assert_soon (!has_focus (f));
  canvas_test_drive ("type result");
  canvas_test_settle (60);
  canvas_test_drive ("key Down Return");
  assert_soon (heddle_graph_find_edge (graph, "check", "false", "result", "in") != NULL);
  assert_soon (has_focus (f));
  canvas_test_drive ("key ctrl+z");
  assert_soon (canvas_test_count_edges (&f->canvas) == 1);
  canvas_test_drive ("key l");
  assert_soon (!has_focus (f));
  canvas_test_drive ("key Escape");
  assert_soon (has_focus (f));
  /* One more after it. */
  canvas_test_drive ("key shift+a");
  assert_soon (strstr (f->canvas.log->str, "search 1;") != NULL);
  heddle_canvas_insert_node (f->canvas.canvas, "wait", 0, 0);
  assert_soon (heddle_graph_find_edge (graph, "check", "true", "wait", "in") != NULL);
  canvas_test_drive ("key ctrl+z");
  assert_soon (canvas_test_count_nodes (&f->canvas) == 6);
  /* Without it, what led to it leads on. */
  heddle_canvas_select (f->canvas.canvas, (const char *const[]){ "ask", NULL });
  heddle_outline_focus (f->outline);
  canvas_test_drive ("key ctrl+Delete");
  assert_soon (canvas_test_find_node (&f->canvas, "ask") == NULL);
  canvas_test_drive ("key ctrl+z");
  assert_soon (canvas_test_find_node (&f->canvas, "ask") != NULL);
}

static void
test_keys_of_rows (OutlineFixture *f, gconstpointer data)
{
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (f->rows), 0, TRUE);
  heddle_outline_focus (f->outline);
  canvas_test_drive ("key Right");
  assert_rows (f, "begin .>ask check result each .inner ask");
  canvas_test_drive ("key Down");
  canvas_test_drive ("key Left");
  assert_selected (f, "begin");
  canvas_test_drive ("key Left");
  assert_rows (f, "begin check result each .inner ask");
  canvas_test_drive ("key Right");
  canvas_test_drive ("key Down");
  /* To where it leads. */
  canvas_test_drive ("key Return");
  assert_selected (f, "ask");
  canvas_test_drive ("key Return");
  g_assert_nonnull (strstr (f->canvas.log->str, "open ask;"));
}

/* Into a frame and out of it, with what stands in the menu. */
static void
test_nest (OutlineFixture *f, gconstpointer data)
{
  GtkWidget *canvas = GTK_WIDGET (f->canvas.canvas);

  heddle_canvas_select (f->canvas.canvas, (const char *const[]){ "check", "result", NULL });
  gtk_widget_activate_action (canvas, "canvas.nest", "s", "each");
  g_assert_cmpstr (canvas_test_find_node (&f->canvas, "check")->parent, ==, "each");
  g_assert_cmpstr (canvas_test_find_node (&f->canvas, "inner")->parent, ==, "each");
  assert_rows (f, "begin each .check .result .inner ask");
  assert_selected (f, "check result");
  canvas_test_screenshot (&f->canvas, "outline-nested");
  gtk_widget_activate_action (canvas, "canvas.nest", "s", "");
  g_assert_null (canvas_test_find_node (&f->canvas, "check")->parent);
  heddle_document_undo (f->canvas.document);
  heddle_document_undo (f->canvas.document);
  assert_rows (f, "begin check result each .inner ask");
  /* Not into itself, and not where there is nothing. */
  heddle_canvas_select (f->canvas.canvas, (const char *const[]){ "each", NULL });
  gtk_widget_activate_action (canvas, "canvas.nest", "s", "each");
  gtk_widget_activate_action (canvas, "canvas.nest", "s", "gone");
  gtk_widget_activate_action (canvas, "canvas.nest", "s", "");
  assert_rows (f, "begin check result each .inner ask");
}

static void
test_filter (OutlineFixture *f, gconstpointer data)
{
  GtkWidget *search = find_child (GTK_WIDGET (f->outline), GTK_TYPE_SEARCH_ENTRY);

  gtk_widget_grab_focus (search);
  canvas_test_drive ("type antwort");
  canvas_test_settle (300);
  assert_rows (f, "each .inner");
  g_assert_nonnull (canvas_test_find_node (&f->canvas, "inner"));
  canvas_test_drive ("key Return");
  assert_selected (f, "each");
  gtk_widget_grab_focus (search);
  canvas_test_drive ("key Escape");
  canvas_test_settle (300);
  assert_rows (f, "begin check result each .inner ask");
  gtk_editable_set_text (GTK_EDITABLE (search), "if-else");
  canvas_test_settle (300);
  assert_rows (f, "check");
  gtk_editable_set_text (GTK_EDITABLE (search), "nothing like it");
  canvas_test_settle (300);
  assert_rows (f, "");
}

/* A circle is entered at its first node, and files may have nodes that are in each other. */
static void
test_hostile (void)
{
  g_autoptr (GError) error = NULL;
  const char *json = "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":["
                     "{\"id\":\"a\",\"type\":\"loop\",\"parent\":\"b\",\"x\":0,\"y\":0,\"width\":600,\"height\":300},"
                     "{\"id\":\"b\",\"type\":\"loop\",\"parent\":\"a\",\"x\":0,\"y\":0,\"width\":600,\"height\":300},"
                     "{\"id\":\"c\",\"type\":\"template\",\"parent\":\"nowhere\",\"x\":0,\"y\":0},"
                     "{\"id\":\"d\",\"type\":\"template\",\"x\":0,\"y\":0}],"
                     "\"edges\":[{\"from\":\"c\",\"to\":\"d\"},{\"from\":\"d\",\"to\":\"c\"},{\"from\":\"d\",\"to\":\"gone\"},{\"from\":\"d\",\"to\":\"d\"}]}";
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, -1, &error);
  g_autoptr (HeddleOutlineTree) tree = heddle_outline_tree_new ();
  g_autoptr (GPtrArray) order = NULL;

  g_assert_no_error (error);
  order = heddle_outline_order_list (graph);
  g_assert_cmpuint (order->len, ==, 4);
  g_assert_true (heddle_outline_tree_update (tree, graph, ""));
  g_assert_cmpuint (heddle_outline_tree_get_n_items (tree), >=, 4);
  g_assert_false (heddle_outline_tree_update (tree, graph, ""));
  g_assert_true (heddle_outline_tree_update (tree, graph, "loop"));
  g_assert_true (heddle_outline_tree_update (tree, NULL, ""));
  g_assert_cmpuint (g_list_model_get_n_items (heddle_outline_tree_get_roots (tree)), ==, 0);
}

static double
measure (OutlineFixture *f)
{
  gint64 begin = g_get_monotonic_time ();

  heddle_outline_flush (f->outline);
  return (g_get_monotonic_time () - begin) / 1000.;
}

/* Figures are told; that it is right decides. */
static void
test_large (OutlineFixture *f, gconstpointer data)
{
  g_autofree char *name = NULL;

  heddle_document_begin (f->canvas.document, "Fill");
  for (guint i = 0; i < 10000; i++)
    heddle_document_add_node (f->canvas.document, "template", NULL, (i % 100) * 240, 800 + i / 100 * 120);
  heddle_document_end (f->canvas.document);
  g_test_message ("10 000 nodes at once: %.1f ms", measure (f));
  g_assert_cmpuint (g_list_model_get_n_items (f->rows), ==, 10006);
  heddle_document_add_node (f->canvas.document, "template", NULL, 0, 0);
  g_test_message ("one more: %.1f ms", measure (f));
  g_assert_cmpuint (g_list_model_get_n_items (f->rows), ==, 10007);
  heddle_document_set_title (f->canvas.document, "ask", "Neu");
  g_test_message ("a title: %.1f ms", measure (f));
  heddle_canvas_select (f->canvas.canvas, (const char *const[]){ "ask", NULL });
  g_test_message ("a selection: %.1f ms", measure (f));
  heddle_canvas_select_all (f->canvas.canvas);
  g_test_message ("all selected: %.1f ms", measure (f));
  canvas_test_settle (100);
}

int
main (int argc, char **argv)
{
  canvas_test_init (&argc, &argv);
  g_test_add_func ("/outline/hostile", test_hostile);
  g_test_add ("/outline/rows", OutlineFixture, NULL, set_up, test_rows, tear_down);
  g_test_add ("/outline/rows-stay", OutlineFixture, NULL, set_up, test_rows_stay, tear_down);
  g_test_add ("/outline/rows-leave", OutlineFixture, NULL, set_up, test_rows_leave, tear_down);
  g_test_add ("/outline/selection", OutlineFixture, NULL, set_up, test_selection, tear_down);
  g_test_add ("/outline/selection-opens", OutlineFixture, NULL, set_up, test_selection_opens, tear_down);
  g_test_add ("/outline/keys", OutlineFixture, NULL, set_up, test_keys, tear_down);
  g_test_add ("/outline/everything", OutlineFixture, NULL, set_up, test_everything, tear_down);
  g_test_add ("/outline/keys-of-rows", OutlineFixture, NULL, set_up, test_keys_of_rows, tear_down);
  g_test_add ("/outline/nest", OutlineFixture, NULL, set_up, test_nest, tear_down);
  g_test_add ("/outline/filter", OutlineFixture, NULL, set_up, test_filter, tear_down);
  g_test_add ("/outline/large", OutlineFixture, NULL, set_up, test_large, tear_down);
  return g_test_run ();
}
