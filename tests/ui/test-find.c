/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-fixture.h"

#include "find/heddle-find-bar.h"
#include "find/heddle-find-match.h"

typedef struct
{
  Fixture canvas;
  HeddleFindBar *bar;
} FindFixture;

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

static void
set_up (FindFixture *f, gconstpointer data)
{
  GtkWidget *overlay = gtk_overlay_new ();
  g_autoptr (JsonNode) text = heddle_json_string ("Sehr geehrte Frau Müller,\nIHRE Größe ist 42.");

  canvas_test_set_up (&f->canvas, NULL);
  heddle_document_set_param (f->canvas.document, "ask", "text", text);
  heddle_document_add_annotation (f->canvas.document, HEDDLE_ANNOTATION_NOTE, "Müller noch fragen", 0, 400, 200, 100);
  f->bar = HEDDLE_FIND_BAR (g_object_ref_sink (heddle_find_bar_new (f->canvas.canvas)));
  gtk_window_set_child (GTK_WINDOW (f->canvas.window), overlay);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (f->canvas.canvas));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (f->bar));
  canvas_test_settle (150);
}

static void
tear_down (FindFixture *f, gconstpointer data)
{
  gtk_window_set_child (GTK_WINDOW (f->canvas.window), NULL);
  canvas_test_settle (30);
  g_assert_finalize_object (f->bar);
  canvas_test_tear_down (&f->canvas, data);
}

static void
assert_locates (const char *needle, const char *text, gssize offset, gsize length)
{
  g_autoptr (HeddleFindNeedle) found = heddle_find_needle_new (needle);
  gsize measured;

  g_assert_nonnull (found);
  g_assert_cmpint (heddle_find_needle_locate (found, text, &measured), ==, offset);
  if (offset >= 0)
    g_assert_cmpuint (measured, ==, length);
}

static void
test_needle (void)
{
  g_assert_null (heddle_find_needle_new (""));
  g_assert_null (heddle_find_needle_new (" \t"));
  g_assert_null (heddle_find_needle_new ("\xff\xfe"));
  assert_locates ("MÜLLER", "Frau Müller", 5, 7);
  assert_locates ("größe", "IHRE GRÖßE", 5, 7);
  assert_locates ("aab", "aaab", 1, 3);
  assert_locates ("none", "", -1, 0);
  assert_locates ("longer than the text", "longer", -1, 0);
}

/* What is found is text, also where it looks like markup, and is cut at characters. */
static void
test_markup (void)
{
  g_autoptr (HeddleFindNeedle) needle = heddle_find_needle_new ("<b>");
  g_autoptr (GPtrArray) matches = g_ptr_array_new_with_free_func (g_object_unref);
  HeddleAnnotation note = { .id = (char *) "n", .kind = HEDDLE_ANNOTATION_NOTE, .text = (char *) "ääääääääääääääääääääääääääääääää\n&<b>x" };
  g_autofree char *plain = NULL;

  heddle_find_in_annotation (needle, &note, matches);
  g_assert_cmpuint (matches->len, ==, 1);
  g_assert_true (pango_parse_markup (heddle_find_match_get_markup (matches->pdata[0]), -1, 0, NULL, &plain, NULL, NULL));
  g_assert_true (g_utf8_validate (plain, -1, NULL));
  g_assert_true (g_str_has_prefix (plain, "…ä"));
  g_assert_true (g_str_has_suffix (plain, "ä &<b>x"));
}

static guint
count_in_node (const HeddleNode *node, const char *text)
{
  g_autoptr (HeddleFindNeedle) needle = heddle_find_needle_new (text);
  g_autoptr (GPtrArray) matches = g_ptr_array_new_with_free_func (g_object_unref);

  heddle_find_in_node (needle, node, NULL, matches);
  return matches->len;
}

/* A text that a card shows is found, also where it is only the default; once something is written, that is found instead. */
static void
test_default (void)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);
  HeddleGraph *graph = heddle_document_get_graph (document);
  g_autofree char *id = g_strdup (heddle_document_add_node (document, "llm", NULL, 0, 0));
  const char *name = heddle_node_get_text_param (heddle_graph_find_node (graph, id));
  g_autoptr (JsonNode) text = heddle_json_string ("Written");

  g_assert_cmpuint (count_in_node (heddle_graph_find_node (graph, id), "$INPUT"), ==, 1);
  heddle_document_set_param (document, id, name, text);
  g_assert_cmpuint (count_in_node (heddle_graph_find_node (graph, id), "$input"), ==, 0);
  g_assert_cmpuint (count_in_node (heddle_graph_find_node (graph, id), "written"), ==, 1);
}

static const char *
get_count (FindFixture *f)
{
  return gtk_label_get_label (GTK_LABEL (gtk_widget_get_next_sibling (find_child (GTK_WIDGET (f->bar), GTK_TYPE_SEARCH_ENTRY))));
}

static void
assert_selected (FindFixture *f, const char *expected)
{
  g_auto (GStrv) ids = heddle_canvas_get_selection (f->canvas.canvas);
  g_autofree char *joined = g_strjoinv (" ", ids);

  g_assert_cmpstr (joined, ==, expected);
}

static void
test_bar (FindFixture *f, gconstpointer data)
{
  double zoom, x, y, new_zoom, new_x, new_y;

  heddle_canvas_select (f->canvas.canvas, (const char *const[]){ "check", NULL });
  heddle_canvas_get_view (f->canvas.canvas, &zoom, &x, &y);
  heddle_find_bar_open (f->bar);
  canvas_test_drive ("type M");
  canvas_test_settle (300);
  canvas_test_drive ("key ctrl+a");
  gtk_editable_set_text (GTK_EDITABLE (find_child (GTK_WIDGET (f->bar), GTK_TYPE_SEARCH_ENTRY)), "müller");
  canvas_test_settle (400);
  g_assert_cmpstr (get_count (f), ==, "1 of 2");
  assert_selected (f, "ask");
  canvas_test_screenshot (&f->canvas, "find");
  canvas_test_drive ("key Return");
  g_assert_cmpstr (get_count (f), ==, "2 of 2");
  canvas_test_drive ("key F3");
  g_assert_cmpstr (get_count (f), ==, "1 of 2");
  canvas_test_drive ("key shift+Return");
  g_assert_cmpstr (get_count (f), ==, "2 of 2");
  heddle_canvas_set_view (f->canvas.canvas, 2, 100, 100);
  canvas_test_drive ("key Escape");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (f->bar)));
  assert_selected (f, "check");
  heddle_canvas_get_view (f->canvas.canvas, &new_zoom, &new_x, &new_y);
  g_assert_cmpfloat (new_zoom, ==, zoom);
  g_assert_cmpfloat (new_x, ==, x);
  g_assert_cmpfloat (new_y, ==, y);
}

/* What was found goes with an edit, and comes with one. */
static void
test_edits (FindFixture *f, gconstpointer data)
{
  GtkWidget *search = find_child (GTK_WIDGET (f->bar), GTK_TYPE_SEARCH_ENTRY);

  heddle_find_bar_open (f->bar);
  gtk_editable_set_text (GTK_EDITABLE (search), "frage");
  canvas_test_settle (400);
  g_assert_cmpstr (get_count (f), ==, "1 of 2");
  heddle_document_remove (f->canvas.document, (const char *const[]){ "ask", NULL }, FALSE);
  canvas_test_settle (100);
  g_assert_cmpstr (get_count (f), ==, "1 match");
  gtk_editable_set_text (GTK_EDITABLE (search), "nothing like it");
  canvas_test_settle (400);
  g_assert_cmpstr (get_count (f), ==, "No match");
  heddle_find_bar_step (f->bar, TRUE);
  heddle_find_bar_close (f->bar, FALSE);
}

/* What is found is seen, also where the bar is. */
static void
test_uncover (FindFixture *f, gconstpointer data)
{
  HeddleCanvas *canvas = f->canvas.canvas;
  int width = gtk_widget_get_width (GTK_WIDGET (canvas));
  graphene_rect_t bar, card;

  heddle_canvas_set_view (canvas, 1, 0, 0);
  canvas_test_add_node (&f->canvas, "template", "corner", "In the corner", width - 250, 30);
  canvas_test_settle (100);
  heddle_find_bar_open (f->bar);
  gtk_editable_set_text (GTK_EDITABLE (find_child (GTK_WIDGET (f->bar), GTK_TYPE_SEARCH_ENTRY)), "In the corner");
  canvas_test_settle (600);
  assert_selected (f, "corner");
  g_assert_true (gtk_widget_compute_bounds (GTK_WIDGET (f->bar), GTK_WIDGET (canvas), &bar));
  g_assert_true (heddle_canvas_get_node_bounds (canvas, "corner", &card));
  g_assert_false (graphene_rect_intersection (&bar, &card, NULL));
  g_assert_cmpfloat (card.origin.x, >=, 0);
  g_assert_cmpfloat (card.origin.y + card.size.height, <=, gtk_widget_get_height (GTK_WIDGET (canvas)));

  /* No room below: beside it. */
  heddle_canvas_uncover (canvas, "corner", &GRAPHENE_RECT_INIT (width / 2.f, 0, width / 2.f, 10000));
  g_assert_true (heddle_canvas_get_node_bounds (canvas, "corner", &card));
  g_assert_cmpfloat (card.origin.x + card.size.width, <, width / 2.f);
  /* Nor there: it stays. */
  heddle_canvas_uncover (canvas, "corner", &GRAPHENE_RECT_INIT (0, 0, width, 10000));
  g_assert_true (heddle_canvas_get_node_bounds (canvas, "corner", &bar));
  g_assert_true (graphene_rect_equal (&bar, &card));
}

/* Typing goes on while ten thousand nodes are looked through. */
static void
test_large (FindFixture *f, gconstpointer data)
{
  GtkWidget *search = find_child (GTK_WIDGET (f->bar), GTK_TYPE_SEARCH_ENTRY);
  gint64 begin, longest = 0;

  heddle_document_begin (f->canvas.document, "Fill");
  for (guint i = 0; i < 10000; i++)
    {
      g_autoptr (JsonObject) params = json_object_new ();

      json_object_set_string_member (params, "text", "Bitte eine kurze, freundliche Antwort auf {{ $input }} schreiben.");
      heddle_document_add_node (f->canvas.document, "template", params, (i % 100) * 240, 800 + i / 100 * 120);
    }
  heddle_document_end (f->canvas.document);
  canvas_test_settle (100);
  heddle_find_bar_open (f->bar);
  gtk_editable_set_text (GTK_EDITABLE (search), "freundlich");
  canvas_test_settle (180);
  begin = g_get_monotonic_time ();
  while (g_strcmp0 (get_count (f), "1 of 10000") != 0 && g_get_monotonic_time () - begin < 20 * G_TIME_SPAN_SECOND)
    {
      gint64 before = g_get_monotonic_time ();

      g_main_context_iteration (NULL, FALSE);
      longest = MAX (longest, g_get_monotonic_time () - before);
    }
  g_assert_cmpstr (get_count (f), ==, "1 of 10000");
  g_test_message ("10 000 matches: %.0f ms, at most %.1f ms at once", (g_get_monotonic_time () - begin) / 1000., longest / 1000.);
}

int
main (int argc, char **argv)
{
  canvas_test_init (&argc, &argv);
  g_test_add_func ("/find/needle", test_needle);
  g_test_add_func ("/find/markup", test_markup);
  g_test_add_func ("/find/default", test_default);
  g_test_add ("/find/bar", FindFixture, NULL, set_up, test_bar, tear_down);
  g_test_add ("/find/edits", FindFixture, NULL, set_up, test_edits, tear_down);
  g_test_add ("/find/uncover", FindFixture, NULL, set_up, test_uncover, tear_down);
  g_test_add ("/find/large", FindFixture, NULL, set_up, test_large, tear_down);
  return g_test_run ();
}
