/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <adwaita.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "canvas/heddle-canvas-private.h"

/*
 * What a frame of a very large workflow costs the main thread. Processor time, not wall time, so
 * that a busy machine does not change the figures; frames come at the rate of the frame clock.
 */
#define N_COLUMNS 100
#define N_ROWS 100
#define N_NODES (N_COLUMNS * N_ROWS)
#define N_EDGES 15000
#define N_FRAMES 120
#define N_MOVED 1000

typedef struct
{
  HeddleCanvas *canvas;
  GArray *times; /* double: milliseconds */
} Bench;

static double
get_cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static double
get_memory_mb (void)
{
  g_autofree char *text = NULL;
  long pages = 0;

  if (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    sscanf (text, "%*d %ld", &pages);
  return pages * 4096. / 1e6;
}

static HeddleDocument *
create_document (void)
{
  HeddleDocument *document = heddle_document_new (NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  guint n_edges = 0;

  heddle_document_begin (document, "Fill");
  for (int i = 0; i < N_NODES; i++)
    g_ptr_array_add (ids, g_strdup (heddle_document_add_node (document, i % 7 == 0 ? "if-else" : "template", NULL, i / N_ROWS * 288, i % N_ROWS * 128)));
  while (n_edges < N_EDGES)
    {
      guint from = g_rand_int_range (random, 0, N_NODES - N_ROWS);
      gboolean far = g_rand_int_range (random, 0, 20) == 0;
      guint to = far ? (guint) g_rand_int_range (random, from / N_ROWS * N_ROWS + N_ROWS, N_NODES) : (guint) CLAMP ((int) from + N_ROWS + g_rand_int_range (random, -2, 3), 0, N_NODES - 1);

      if (to / N_ROWS > from / N_ROWS)
        n_edges += heddle_document_connect (document, ids->pdata[from], from % 7 == 0 ? "true" : "out", ids->pdata[to], "in", NULL);
    }
  heddle_document_end (document);
  return document;
}

static void
settle (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
}

static void
draw_frame (Bench *bench)
{
  double start = get_cpu_ms ();
  double spent;

  gtk_test_widget_wait_for_draw (GTK_WIDGET (bench->canvas));
  spent = get_cpu_ms () - start;
  g_array_append_val (bench->times, spent);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return first < second ? -1 : first > second;
}

static void
report (Bench *bench, const char *name)
{
  GArray *times = bench->times;

  g_array_sort (times, compare);
  printf ("canvas-%s %.3f ms\n", name, g_array_index (times, double, times->len / 2));
  printf ("canvas-%s-p95 %.3f ms\n", name, g_array_index (times, double, times->len * 95 / 100));
  g_array_set_size (times, 0);
}

static void
bench_pan (Bench *bench, double zoom, const char *name)
{
  heddle_canvas_set_zoom (bench->canvas, zoom);
  settle (600);
  for (int i = 0; i < N_FRAMES; i++)
    {
      heddle_canvas_pan (bench->canvas, i < N_FRAMES / 2 ? -17 : 17, i < N_FRAMES / 2 ? -11 : 11);
      draw_frame (bench);
    }
  report (bench, name);
}

static void
bench_zoom (Bench *bench)
{
  for (int i = 0; i < N_FRAMES; i++)
    {
      double phase = i < N_FRAMES / 2 ? i : N_FRAMES - i;

      heddle_canvas_set_zoom (bench->canvas, .05 * pow (40, phase / (N_FRAMES / 2)));
      draw_frame (bench);
    }
  report (bench, "zoom");
}

static void
bench_drag (Bench *bench)
{
  GPtrArray *items = heddle_canvas_scene_get_items (bench->canvas->scene);

  heddle_canvas_freeze_selection (bench->canvas);
  for (guint i = 0; i < N_MOVED; i++)
    heddle_canvas_set_item_selected (bench->canvas, items->pdata[N_NODES / 2 + i], TRUE);
  heddle_canvas_thaw_selection (bench->canvas);
  heddle_canvas_fit_selection (bench->canvas);
  settle (600);
  bench->canvas->press_x = bench->canvas->press_y = 0;
  heddle_canvas_begin_move (bench->canvas);
  for (int i = 0; i < N_FRAMES; i++)
    {
      double start = get_cpu_ms ();

      heddle_canvas_update_move (bench->canvas, i * 4, i * 3);
      draw_frame (bench);
      g_array_index (bench->times, double, bench->times->len - 1) = get_cpu_ms () - start;
    }
  heddle_canvas_end_move (bench->canvas, FALSE);
  report (bench, "drag-1000");
}

static void
bench_open (Bench *bench, HeddleDocument *document)
{
  double before = get_memory_mb ();
  double start = get_cpu_ms ();

  heddle_canvas_set_document (bench->canvas, document);
  draw_frame (bench);
  printf ("canvas-open %.1f ms\ncanvas-open-memory %.0f MB\n", get_cpu_ms () - start, get_memory_mb () - before);
  g_array_set_size (bench->times, 0);
}

int
main (void)
{
  g_autoptr (HeddleDocument) document = NULL;
  Bench bench = { 0 };
  GtkWidget *window;

  if (!gtk_init_check ())
    return 77;
  adw_init ();
  document = create_document ();
  bench.times = g_array_new (FALSE, FALSE, sizeof (double));
  bench.canvas = HEDDLE_CANVAS (heddle_canvas_new ());
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 1600, 1000);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (bench.canvas));
  gtk_window_present (GTK_WINDOW (window));
  settle (500);
  bench_open (&bench, document);
  bench_pan (&bench, 1, "pan-100");
  bench_pan (&bench, .25, "pan-25");
  bench_pan (&bench, .05, "pan-5");
  bench_zoom (&bench);
  bench_drag (&bench);
  gtk_window_destroy (GTK_WINDOW (window));
  g_array_unref (bench.times);
  return 0;
}
