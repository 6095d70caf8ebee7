/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <adwaita.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "canvas/heddle-canvas-private.h"

/*
 * What a frame of a workflow costs the main thread. Processor time, not wall time, so that a busy machine does not change
 * the figures; frames come at the rate of the frame clock.
 *
 * usage: bench-canvas LABEL NODES [WORD]...   figures are "canvas-LABEL-NODES-what"; only what has one of the words in it
 */
#define N_ROWS 100
#define N_FRAMES 60
#define N_ROUNDS 5
#define MAX_MOVED 1000
#define FIT_ZOOM 0 /* whatever shows everything */

typedef struct
{
  const char *label; /* of the renderer */
  guint n_nodes;
  char **words;
  GtkWidget *window;
  HeddleCanvas *canvas;
  GArray *times; /* double: milliseconds */
} Bench;

/* What cards show in ordinary workflows: a title, a line that says what it does, a name, and a text on some. */
static const struct
{
  const char *type;
  const char *title;
  const char *port;
  const char *params;
} kinds[] = {
  { "if-else", "Is it about an invoice?", "true", "{\"condition\":\"$classify.output.topic == \\\"invoice\\\"\"}" },
  { "template", "Greeting for the customer", "out", "{\"text\":\"Dear {{ $input.name }},\\nthank you for writing to us about {{ $input.subject }}.\"}" },
  { "llm", "Draft an answer", "out", "{\"prompt\":\"Answer the question below in the tone of our handbook, and name the pages that you used.\\n\\n{{ $input }}\"}" },
  { "http", "Look the order up", "out", "{\"url\":\"https://shop.example.com/api/orders/{{ $input.order }}\"}" },
  { "set", "Keep what matters", "out", NULL },
  { "merge", "Both ways meet", "out", NULL },
  { "template", "Summary in a sentence", "out", "{\"text\":\"{{ $draft.output }}\"}" },
};

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

static char *
add_node (HeddleDocument *document, guint index)
{
  g_autoptr (JsonNode) params = json_from_string (kinds[index % G_N_ELEMENTS (kinds)].params != NULL ? kinds[index % G_N_ELEMENTS (kinds)].params : "{}", NULL);
  char *id = g_strdup (heddle_document_add_node (document, kinds[index % G_N_ELEMENTS (kinds)].type, json_node_dup_object (params), index / N_ROWS * 288, index % N_ROWS * 160));

  heddle_document_set_title (document, id, kinds[index % G_N_ELEMENTS (kinds)].title);
  return id;
}

/* Columns of nodes; most edges lead to the next column, some far. */
static HeddleDocument *
create_document (guint n_nodes)
{
  HeddleDocument *document = heddle_document_new (NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  guint n_rows = MIN (N_ROWS, n_nodes / 10), n_edges = 0;

  heddle_document_begin (document, "Fill");
  for (guint i = 0; i < n_nodes; i++)
    g_ptr_array_add (ids, add_node (document, i));
  while (n_edges < n_nodes * 3 / 2)
    {
      guint from = g_rand_int_range (random, 0, n_nodes);
      gboolean far = g_rand_int_range (random, 0, 20) == 0;
      guint to = far ? (guint) g_rand_int_range (random, 0, n_nodes) : from + n_rows + g_rand_int_range (random, 0, 5);

      if (to < n_nodes && to > from)
        n_edges += heddle_document_connect (document, ids->pdata[from], kinds[from % G_N_ELEMENTS (kinds)].port, ids->pdata[to], "in", NULL);
    }
  heddle_document_end (document);
  return document;
}

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
add_time (Bench *bench, double start)
{
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
print (Bench *bench, const char *name, const char *what, double value, const char *unit)
{
  printf ("canvas-%s-%u-%s%s %.3f %s\n", bench->label, bench->n_nodes, name, what, value, unit);
  fflush (stdout);
}

static void
report (Bench *bench, const char *name)
{
  GArray *times = bench->times;

  g_array_sort (times, compare);
  print (bench, name, "", g_array_index (times, double, times->len / 2), "ms");
  print (bench, name, "-p95", g_array_index (times, double, times->len * 95 / 100), "ms");
  g_array_set_size (times, 0);
}

static gboolean
is_wanted (Bench *bench, const char *name)
{
  g_autofree char *figure = g_strdup_printf ("canvas-%s-%u-%s", bench->label, bench->n_nodes, name);

  if (*bench->words == NULL)
    return TRUE;
  for (char **word = bench->words; *word != NULL; word++)
    if (strstr (figure, *word) != NULL)
      return TRUE;
  return FALSE;
}

static void
bench_pan (Bench *bench, double zoom, const char *name)
{
  if (!is_wanted (bench, name))
    return;
  if (zoom == FIT_ZOOM)
    heddle_canvas_fit (bench->canvas);
  else
    heddle_canvas_set_zoom (bench->canvas, zoom);
  settle (700);
  for (int i = 0; i < N_FRAMES; i++)
    {
      double start = get_cpu_ms ();

      heddle_canvas_pan (bench->canvas, i < N_FRAMES / 2 ? -17 : 17, i < N_FRAMES / 2 ? -11 : 11);
      add_time (bench, start);
    }
  report (bench, name);
}

static void
bench_zoom (Bench *bench)
{
  if (!is_wanted (bench, "zoom"))
    return;
  for (int i = 0; i < 2 * N_FRAMES; i++)
    {
      double phase = i < N_FRAMES ? i : 2 * N_FRAMES - i;
      double start = get_cpu_ms ();

      heddle_canvas_set_zoom (bench->canvas, .05 * pow (40, phase / N_FRAMES));
      add_time (bench, start);
    }
  report (bench, "zoom");
}

/* The single frame that shows everything, from a closer look. */
static void
bench_fit (Bench *bench)
{
  if (!is_wanted (bench, "fit"))
    return;
  for (int i = 0; i < N_FRAMES / 10; i++)
    {
      double start;

      heddle_canvas_set_zoom (bench->canvas, 1);
      settle (50);
      start = get_cpu_ms ();
      heddle_canvas_fit (bench->canvas);
      add_time (bench, start);
      settle (400);
    }
  report (bench, "fit");
}

static void
drag (Bench *bench)
{
  double start = get_cpu_ms ();

  bench->canvas->press_x = bench->canvas->press_y = 0;
  heddle_canvas_begin_move (bench->canvas);
  for (int i = 0; i < N_FRAMES; i++)
    {
      heddle_canvas_update_move (bench->canvas, i * 4, i * 3);
      add_time (bench, start);
      start = get_cpu_ms ();
    }
  heddle_canvas_end_move (bench->canvas, FALSE);
  add_time (bench, start);
}

static void
bench_drag (Bench *bench, guint n_moved, const char *name)
{
  GPtrArray *items = heddle_canvas_scene_get_items (bench->canvas->scene);

  if (!is_wanted (bench, name) || n_moved > items->len)
    return;
  heddle_canvas_freeze_selection (bench->canvas);
  heddle_canvas_unselect_all (bench->canvas);
  for (guint i = 0; i < n_moved; i++)
    heddle_canvas_set_item_selected (bench->canvas, items->pdata[(items->len - n_moved) / 2 + i], TRUE);
  heddle_canvas_thaw_selection (bench->canvas);
  heddle_canvas_fit_selection (bench->canvas);
  settle (700);
  drag (bench);
  heddle_canvas_unselect_all (bench->canvas);
  report (bench, name);
}

static void
bench_open (Bench *bench, HeddleDocument *document)
{
  double before, start;

  heddle_canvas_set_document (bench->canvas, NULL);
  settle (100);
  before = get_memory_mb ();
  start = get_cpu_ms ();
  heddle_canvas_set_document (bench->canvas, document);
  add_time (bench, start);
  g_array_set_size (bench->times, 0);
  if (!is_wanted (bench, "open"))
    return;
  print (bench, "open", "", get_cpu_ms () - start, "ms");
  print (bench, "open", "-memory", get_memory_mb () - before, "MB");
}

static void
measure (Bench *bench, HeddleDocument *document)
{
  bench_open (bench, document);
  bench_pan (bench, 1, "pan-100");
  bench_pan (bench, .55, "pan-55");
  bench_pan (bench, .25, "pan-25");
  bench_pan (bench, FIT_ZOOM, "pan-fit");
  bench_zoom (bench);
  bench_fit (bench);
  bench_drag (bench, 1, "drag-1");
  bench_drag (bench, MAX_MOVED, "drag-1000");
}

/* GTK takes another renderer when the one asked for does not work here. */
static gboolean
check_renderer (Bench *bench)
{
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (bench->window));
  gboolean wants_cairo = g_str_equal (bench->label, "cairo");
  const char *name = G_OBJECT_TYPE_NAME (renderer);

  if (wants_cairo == g_str_equal (name, "GskCairoRenderer"))
    return TRUE;
  fprintf (stderr, "canvas-%s: skipped: GTK draws with %s here.\n", bench->label, name);
  return FALSE;
}

static void
open_window (Bench *bench)
{
  bench->times = g_array_new (FALSE, FALSE, sizeof (double));
  bench->canvas = HEDDLE_CANVAS (heddle_canvas_new ());
  bench->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (bench->window), 1600, 1000);
  gtk_window_set_child (GTK_WINDOW (bench->window), GTK_WIDGET (bench->canvas));
  gtk_window_present (GTK_WINDOW (bench->window));
  settle (700);
}

static gboolean
bench_all (Bench *bench)
{
  g_autoptr (HeddleDocument) document = NULL;
  gboolean is_possible;
  double before;

  open_window (bench);
  is_possible = check_renderer (bench);
  if (is_possible)
    document = create_document (bench->n_nodes);
  before = get_memory_mb ();
  for (int i = 0; is_possible && i < N_ROUNDS; i++)
    measure (bench, document);
  if (is_possible && is_wanted (bench, "memory"))
    print (bench, "memory", "", get_memory_mb () - before, "MB");
  gtk_window_destroy (GTK_WINDOW (bench->window));
  g_array_unref (bench->times);
  return is_possible;
}

int
main (int argc, char **argv)
{
  Bench bench = { .words = argv + MIN (argc, 3) };

  if (argc < 3 || !gtk_init_check ())
    {
      fprintf (stderr, "canvas: skipped: there is no display.\n");
      return 77;
    }
  heddle_canvas_keep_buffers ();
  adw_init ();
  bench.label = argv[1];
  bench.n_nodes = (guint) g_ascii_strtoull (argv[2], NULL, 10);
  return bench_all (&bench) ? 0 : 77;
}
