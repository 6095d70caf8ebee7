/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas-fixture.h"

#define MIN_TURNS 8

/* At least so many milliseconds; and on a busy machine, where they may pass while others have the processor, until the
 * program had its turn a few times. */
void
canvas_test_settle (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * G_TIME_SPAN_MILLISECOND;

  for (guint turns = 0; turns < MIN_TURNS || g_get_monotonic_time () < end; turns++)
    {
      /* What is animated has a next frame to draw at any time. */
      gint64 turn_end = g_get_monotonic_time () + 50 * G_TIME_SPAN_MILLISECOND;

      while (g_main_context_iteration (NULL, FALSE) && g_get_monotonic_time () < turn_end)
        ;
      g_usleep (1000);
    }
}

void
canvas_test_drive (const char *command)
{
  g_autofree char *line = g_strconcat ("xdotool ", command, NULL);
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_command_line_sync (line, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  /* What the server made of it has arrived then. */
  gdk_display_sync (gdk_display_get_default ());
  canvas_test_settle (25);
}

void
canvas_test_move_to (double x, double y)
{
  g_autofree char *command = g_strdup_printf ("mousemove %d %d", (int) x, (int) y);

  canvas_test_drive (command);
}

void
canvas_test_drag (double x1, double y1, double x2, double y2, const char *button)
{
  g_autofree char *down = g_strconcat ("mousedown ", button, NULL);
  g_autofree char *up = g_strconcat ("mouseup ", button, NULL);

  canvas_test_move_to (x1, y1);
  canvas_test_drive (down);
  for (int i = 1; i <= 5; i++)
    canvas_test_move_to (x1 + (x2 - x1) * i / 5, y1 + (y2 - y1) * i / 5);
  canvas_test_drive (up);
  canvas_test_settle (30);
}

void
canvas_test_click (double x, double y)
{
  canvas_test_move_to (x, y);
  canvas_test_drive ("click 1");
  /* Two clicks of the test are not meant as a double click. */
  canvas_test_settle (420);
}

void
canvas_test_get_center (Fixture *f, const char *id, double *x, double *y)
{
  graphene_rect_t bounds;

  g_assert_true (heddle_canvas_get_node_bounds (f->canvas, id, &bounds));
  *x = bounds.origin.x + bounds.size.width / 2;
  *y = bounds.origin.y + 20;
}

void
canvas_test_get_port (Fixture *f, const char *id, gboolean output, const char *port, double *x, double *y)
{
  g_assert_true (heddle_canvas_get_port_position (f->canvas, id, output, port, x, y));
}

const HeddleNode *
canvas_test_find_node (Fixture *f, const char *id)
{
  return heddle_graph_find_node (heddle_document_get_graph (f->document), id);
}

guint
canvas_test_count_nodes (Fixture *f)
{
  return heddle_graph_get_n_nodes (heddle_document_get_graph (f->document));
}

guint
canvas_test_count_edges (Fixture *f)
{
  return heddle_graph_get_n_edges (heddle_document_get_graph (f->document));
}

/* For people to look at; nothing depends on it. */
char *
canvas_test_dup_json (Fixture *f)
{
  return heddle_graph_to_json (heddle_document_get_graph (f->document));
}

gboolean
canvas_test_is_unchanged (Fixture *f, const char *before)
{
  g_autofree char *now = canvas_test_dup_json (f);

  return g_str_equal (now, before);
}

void
canvas_test_screenshot (Fixture *f, const char *name)
{
  const char *folder = g_getenv ("HEDDLE_TEST_SCREENSHOTS");
  g_autofree char *import = g_find_program_in_path ("import");
  g_autofree char *command = NULL;

  if (folder == NULL || import == NULL)
    return;
  canvas_test_settle (60);
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
  g_string_append_printf (f->log, "message %s;", text != NULL ? text : "");
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

void
canvas_test_add_node (Fixture *f, const char *type, const char *id, const char *title, double x, double y)
{
  g_autofree char *added = g_strdup (heddle_document_add_node (f->document, type, NULL, x, y));

  if (!g_str_equal (added, id))
    g_assert_true (heddle_document_rename (f->document, added, id, NULL));
  heddle_document_set_title (f->document, id, title);
}

void
canvas_test_connect_nodes (Fixture *f, const char *from, const char *from_port, const char *to, const char *to_port)
{
  g_autoptr (GError) error = NULL;

  heddle_document_connect (f->document, from, from_port, to, to_port, &error);
  g_assert_no_error (error);
}

/* begin → ask, and check → none yet; output apart. */
static void
fill_document (Fixture *f)
{
  canvas_test_add_node (f, "input", "begin", NULL, 0, 0);
  canvas_test_add_node (f, "template", "ask", "Frage", 272, 0);
  canvas_test_add_node (f, "if-else", "check", NULL, 544, 0);
  canvas_test_add_node (f, "output", "result", NULL, 816, 160);
  canvas_test_connect_nodes (f, "begin", "out", "ask", "in");
}

/* On a busy machine the window manager takes its time. */
static void
wait_for_window (Fixture *f)
{
  for (guint i = 0; i < 100 && (gtk_widget_get_width (f->window) < 1400 || !gtk_window_is_active (GTK_WINDOW (f->window))); i++)
    canvas_test_settle (50);
}

void
canvas_test_set_up (Fixture *f, gconstpointer data)
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
  canvas_test_move_to (5, 5);
  gtk_window_present (GTK_WINDOW (f->window));
  wait_for_window (f);
  canvas_test_settle (200);
  gtk_widget_grab_focus (GTK_WIDGET (f->canvas));
}

/* Everything the canvas held on to must be gone with it. */
void
canvas_test_tear_down (Fixture *f, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (f->window));
  canvas_test_settle (30);
  g_assert_finalize_object (f->canvas);
  g_assert_finalize_object (f->document);
  g_string_free (f->log, TRUE);
}

/* As an application does by itself. */
static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/org/heddle/Heddle/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

void
canvas_test_init (int *argc, char ***argv)
{
  /* Names, descriptions and relations can be asked for then. */
  g_setenv ("GTK_A11Y", "test", TRUE);
  gtk_test_init (argc, argv, NULL);
  adw_init ();
  load_style ();
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()), "/org/heddle/Heddle/icons");
}
