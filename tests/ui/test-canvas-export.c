/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <adwaita.h>

#include "canvas/heddle-canvas-export.h"

/* A map with a node in it, a note, and a node far away. */
static HeddleGraph *
create_graph (double far)
{
  g_autoptr (HeddleDocument) document = heddle_document_new (NULL);

  heddle_document_add_node (document, "input", NULL, 0, 0);
  heddle_document_add_node (document, "template", NULL, 272, 0);
  heddle_document_set_title (document, "template", "Größe");
  g_assert_true (heddle_document_connect (document, "start", NULL, "template", NULL, NULL));
  heddle_document_add_node (document, "map", NULL, 0, 160);
  heddle_document_add_annotation (document, HEDDLE_ANNOTATION_NOTE, "Notiz & <mehr>", 640, 0, 200, 100);
  heddle_document_add_node (document, "output", NULL, far, 0);
  return g_object_ref (heddle_document_get_graph (document));
}

typedef struct
{
  GBytes *bytes;
  GError *error;
  gboolean is_over;
} Outcome;

static void
drawn_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->bytes = heddle_canvas_export_finish (result, &outcome->error);
  outcome->is_over = TRUE;
}

static GBytes *
draw (HeddleGraph *graph, const HeddleCanvasExport *options, GCancellable *cancellable, GError **error)
{
  Outcome outcome = { NULL };

  heddle_canvas_export_async (graph, options, cancellable, drawn_cb, &outcome);
  while (!outcome.is_over)
    g_main_context_iteration (NULL, TRUE);
  if (outcome.error != NULL)
    g_propagate_error (error, outcome.error);
  return outcome.bytes;
}

static void
keep (GBytes *bytes, const char *name)
{
  const char *folder = g_getenv ("HEDDLE_TEST_SCREENSHOTS");
  g_autofree char *path = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;

  if (path != NULL)
    g_file_set_contents (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
}

static void
get_png_size (GBytes *bytes, int *width, int *height)
{
  g_autoptr (GdkTexture) texture = gdk_texture_new_from_bytes (bytes, NULL);

  g_assert_nonnull (texture);
  *width = gdk_texture_get_width (texture);
  *height = gdk_texture_get_height (texture);
}

static void
count_cb (double fraction, gpointer user_data)
{
  g_assert_cmpfloat (fraction, >=, *(double *) user_data);
  g_assert_cmpfloat (fraction, <=, 1);
  *(double *) user_data = fraction;
}

static void
test_png (void)
{
  g_autoptr (HeddleGraph) graph = create_graph (900);
  double reached = 0;
  const HeddleCanvasExport once = { .format = HEDDLE_CANVAS_PNG, .scale = 1, .progress = count_cb, .progress_data = &reached };
  const HeddleCanvasExport twice = { .format = HEDDLE_CANVAS_PNG, .scale = 2, .dark = TRUE };
  const HeddleCanvasExport part = { .format = HEDDLE_CANVAS_PNG, .scale = 1, .ids = (const char *const[]){ "template", NULL } };
  g_autoptr (GBytes) small = draw (graph, &once, NULL, NULL);
  g_autoptr (GBytes) large = draw (graph, &twice, NULL, NULL);
  g_autoptr (GBytes) selected = draw (graph, &part, NULL, NULL);
  int width, height, large_width, large_height, selected_width, selected_height;

  get_png_size (small, &width, &height);
  get_png_size (large, &large_width, &large_height);
  get_png_size (selected, &selected_width, &selected_height);
  g_assert_cmpint (large_width, ==, 2 * width);
  g_assert_cmpint (large_height, ==, 2 * height);
  g_assert_cmpint (selected_width, <, width / 2);
  g_assert_cmpint (selected_height, <, height);
  g_assert_cmpfloat (reached, ==, 1);
  keep (large, "export.png");
}

static gboolean
contains (GBytes *bytes, const char *text)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  gsize wanted = strlen (text);

  for (gsize i = 0; i + wanted <= length; i++)
    if (memcmp (data + i, text, wanted) == 0)
      return TRUE;
  return FALSE;
}

static void
test_vectors (void)
{
  g_autoptr (HeddleGraph) graph = create_graph (900);
  const HeddleCanvasExport svg_options = { .format = HEDDLE_CANVAS_SVG };
  const HeddleCanvasExport pdf_options = { .format = HEDDLE_CANVAS_PDF };
  g_autoptr (GBytes) svg = draw (graph, &svg_options, NULL, NULL);
  g_autoptr (GBytes) pdf = draw (graph, &pdf_options, NULL, NULL);

  g_assert_true (contains (svg, "<svg"));
  g_assert_true (contains (svg, "</svg>"));
  g_assert_true (g_str_has_prefix (g_bytes_get_data (pdf, NULL), "%PDF"));
  /* Letters are letters. */
  g_assert_true (contains (pdf, "/Font"));
  g_assert_true (contains (pdf, "/ToUnicode"));
  keep (svg, "export.svg");
  keep (pdf, "export.pdf");
}

/* A page as large as a house is drawn smaller, and pixels that nobody could open are refused. */
static void
test_too_large (void)
{
  g_autoptr (HeddleGraph) graph = create_graph (120000);
  const HeddleCanvasExport png_options = { .format = HEDDLE_CANVAS_PNG, .scale = 1 };
  const HeddleCanvasExport pdf_options = { .format = HEDDLE_CANVAS_PDF };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pdf = draw (graph, &pdf_options, NULL, NULL);

  g_assert_nonnull (pdf);
  g_assert_null (draw (graph, &png_options, NULL, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "SVG"));
}

static void
test_nothing (void)
{
  g_autoptr (HeddleGraph) empty = heddle_graph_new ();
  g_autoptr (HeddleGraph) graph = create_graph (900);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const HeddleCanvasExport all = { .format = HEDDLE_CANVAS_SVG };
  const HeddleCanvasExport none = { .format = HEDDLE_CANVAS_SVG, .ids = (const char *const[]){ "gone", NULL } };
  g_autoptr (GError) error = NULL;

  g_assert_null (draw (empty, &all, NULL, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (draw (graph, &none, NULL, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (draw (graph, &all, cancellable, &error));
  g_assert_true (heddle_error_is_cancelled (error));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()), "/org/heddle/Heddle/icons");
  g_test_add_func ("/canvas-export/png", test_png);
  g_test_add_func ("/canvas-export/vectors", test_vectors);
  g_test_add_func ("/canvas-export/too-large", test_too_large);
  g_test_add_func ("/canvas-export/nothing", test_nothing);
  return g_test_run ();
}
