/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <adwaita.h>
#include <math.h>

#include "canvas/heddle-canvas-private.h"

/* What is drawn is where it belongs, at whatever zoom: lines meet ports, and cards stand where they are clicked. */

#define WIDTH 900
#define HEIGHT 600
#define N_COLUMNS 8
#define N_ROWS 10

typedef struct
{
  GtkWidget *window;
  HeddleCanvas *canvas;
  HeddleDocument *document;
  guint32 pixels[WIDTH * HEIGHT];
} Fixture;

static void
settle (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (500);
    }
}

static void
fill (HeddleDocument *document)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  heddle_document_begin (document, "Fill");
  for (int i = 0; i < N_COLUMNS * N_ROWS; i++)
    g_ptr_array_add (ids, g_strdup (heddle_document_add_node (document, "template", NULL, i / N_ROWS * 352, i % N_ROWS * 128)));
  for (int i = 0; i < (N_COLUMNS - 1) * N_ROWS; i++)
    heddle_document_connect (document, ids->pdata[i], "out", ids->pdata[i + N_ROWS], "in", NULL);
  heddle_document_end (document);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->document = heddle_document_new (NULL);
  fill (f->document);
  f->canvas = HEDDLE_CANVAS (heddle_canvas_new ());
  f->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (f->window), WIDTH, HEIGHT);
  gtk_window_set_child (GTK_WINDOW (f->window), GTK_WIDGET (f->canvas));
  gtk_window_present (GTK_WINDOW (f->window));
  heddle_canvas_set_document (f->canvas, f->document);
  settle (150);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (f->window));
  g_object_unref (f->document);
}

static void
draw (Fixture *f)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GdkTexture) texture = NULL;
  GskRenderNode *node;

  /* A frame of its own first, so that everything has its place. */
  gtk_widget_queue_draw (GTK_WIDGET (f->canvas));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (f->canvas));
  GTK_WIDGET_GET_CLASS (f->canvas)->snapshot (GTK_WIDGET (f->canvas), snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (f->window)), node, &GRAPHENE_RECT_INIT (0, 0, WIDTH, HEIGHT));
  gdk_texture_download (texture, (guchar *) f->pixels, WIDTH * 4);
  gsk_render_node_unref (node);
}

/* Until the zoom has come to rest and all tiles are there; a busy machine takes its time. */
static void
wait_for_tiles (Fixture *f)
{
  guint n_quiet = 0;

  while (n_quiet < 3)
    {
      settle (30);
      draw (f);
      n_quiet = f->canvas->settle == 0 && heddle_canvas_tiles_get_n_pending (f->canvas->tiles) == 0 ? n_quiet + 1 : 0;
    }
}

/* The buttons lie over the lower side. */
static gboolean
is_in_view (const Fixture *f, double x, double y)
{
  return x > 4 && y > 4 && x < gtk_widget_get_width (GTK_WIDGET (f->canvas)) - 4 && y < gtk_widget_get_height (GTK_WIDGET (f->canvas)) - 120;
}

static gboolean
is_color (const Fixture *f, int x, int y, const GdkRGBA *color)
{
  guint32 pixel;

  if (x < 0 || y < 0 || x >= WIDTH || y >= HEIGHT)
    return FALSE;
  pixel = f->pixels[y * WIDTH + x];
  return fabs ((pixel >> 16 & 255) - color->red * 255) < 60 && fabs ((pixel >> 8 & 255) - color->green * 255) < 60 && fabs ((pixel & 255) - color->blue * 255) < 60;
}

/* A thin line between two rows of pixels shares its colour among them. */
static gboolean
is_on_line (const Fixture *f, double x, double y)
{
  const GdkRGBA *canvas = &heddle_canvas_style_get_palette (f->canvas->style)->canvas;

  for (int dy = -1; dy <= 1; dy++)
    {
      guint32 pixel = f->pixels[((int) floor (y) + dy) * WIDTH + (int) floor (x)];

      if (fabs ((pixel >> 16 & 255) - canvas->red * 255) > 30)
        return TRUE;
    }
  return FALSE;
}

static guint
check_edges (Fixture *f)
{
  GPtrArray *edges = heddle_canvas_scene_get_edges (f->canvas->scene);
  guint n_seen = 0;
  double offset_x, offset_y;

  heddle_canvas_get_render_offset (f->canvas, &offset_x, &offset_y);
  for (guint i = 0; i < edges->len; i++)
    for (double t = .15; t < .9; t += .175)
      {
        double x, y;

        heddle_canvas_curve_get_point (&((HeddleCanvasEdge *) edges->pdata[i])->curve, t, &x, &y);
        x = offset_x + x * f->canvas->zoom;
        y = offset_y + y * f->canvas->zoom;
        if (!is_in_view (f, x, y))
          continue;
        g_assert_true (is_on_line (f, x, y));
        n_seen++;
      }
  return n_seen;
}

static guint
check_cards (Fixture *f)
{
  GPtrArray *items = heddle_canvas_scene_get_items (f->canvas->scene);
  const HeddleCanvasPalette *palette = heddle_canvas_style_get_palette (f->canvas->style);
  guint n_seen = 0;

  for (guint i = 0; i < items->len; i++)
    {
      const HeddleCanvasItem *item = items->pdata[i];
      graphene_rect_t bounds;
      double y;

      heddle_canvas_get_node_bounds (f->canvas, item->id, &bounds);
      y = bounds.origin.y + 5 * f->canvas->zoom;
      if (!is_in_view (f, bounds.origin.x, y) || !is_in_view (f, bounds.origin.x + bounds.size.width, y))
        continue;
      /* Above the title there is nothing but the card. */
      g_assert_true (is_color (f, (int) (bounds.origin.x + bounds.size.width / 2), (int) y, &palette->card));
      n_seen++;
    }
  return n_seen;
}

static void
test_zooms (Fixture *f, gconstpointer data)
{
  static const double zooms[] = { 1, .537, .61, 1.03, .25 };

  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      heddle_canvas_set_view (f->canvas, zooms[i], -37.3, 11.8);
      wait_for_tiles (f);
      g_assert_cmpuint (check_edges (f), >, 4);
      g_assert_cmpuint (check_cards (f), >, 2);
      g_assert_cmpuint (heddle_canvas_tiles_get_n_kept (f->canvas->tiles), <=, 64);
    }
}

/* What was dragged is drawn where it is, and nothing where it was. */
static void
test_drag_many (Fixture *f, gconstpointer data)
{
  heddle_canvas_set_view (f->canvas, .61, 60, 30);
  heddle_canvas_select_all (f->canvas);
  wait_for_tiles (f);
  f->canvas->press_x = f->canvas->press_y = 0;
  heddle_canvas_begin_move (f->canvas);
  for (int i = 1; i <= 4; i++)
    {
      heddle_canvas_update_move (f->canvas, i * 20, i * 15);
      draw (f);
      settle (30);
    }
  heddle_canvas_end_move (f->canvas, TRUE);
  heddle_canvas_unselect_all (f->canvas);
  wait_for_tiles (f);
  g_assert_cmpuint (check_edges (f), >, 4);
  g_assert_cmpuint (check_cards (f), >, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    return 77;
  adw_init ();
  g_test_add ("/canvas-pixels/zooms", Fixture, NULL, set_up, test_zooms, tear_down);
  g_test_add ("/canvas-pixels/drag-many", Fixture, NULL, set_up, test_drag_many, tear_down);
  return g_test_run ();
}
