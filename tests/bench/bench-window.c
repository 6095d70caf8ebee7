/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <unistd.h>

#include <adwaita.h>

#include "canvas/heddle-canvas.h"
#include "heddle-application.h"

/* How long a person waits for the window: from the start of the program, which is this one started again, to its first frame. */

static gint64 start;

static void
painted_cb (GdkFrameClock *clock, GApplication *application)
{
  printf ("window-first-frame %.1f ms\n", (g_get_monotonic_time () - start) / 1e3);
  fflush (stdout);
  g_signal_handlers_disconnect_by_func (clock, painted_cb, application);
  g_application_quit (application);
}

static void
mapped_cb (GtkWidget *window, GApplication *application)
{
  g_signal_connect_object (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (painted_cb), application, 0);
}

static void
window_added_cb (GtkApplication *application, GtkWindow *window, gpointer user_data)
{
  g_signal_connect_object (window, "map", G_CALLBACK (mapped_cb), application, 0);
}

int
main (int argc, char **argv)
{
  g_autoptr (HeddleApplication) application = NULL;

  if (argc < 2)
    {
      g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_monotonic_time ());

      execl ("/proc/self/exe", argv[0], now, NULL);
      return 1;
    }
  start = g_ascii_strtoll (argv[1], NULL, 10);
  heddle_canvas_keep_buffers ();
  g_set_prgname ("heddle-bench");
  application = heddle_application_new ();
  g_signal_connect (application, "window-added", G_CALLBACK (window_added_cb), NULL);
  return g_application_run (G_APPLICATION (application), 1, argv);
}
