/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-application.h"

#include "heddle-config.h"
#include "heddle-private-memory.h"

#include "canvas/heddle-canvas.h"

#include <locale.h>

/* The window's program. GApplication sets the locale itself; the catalogue must be bound before. */
int
main (int argc,
      char **argv)
{
  const char *localedir = g_getenv ("HEDDLE_LOCALEDIR");
  g_autoptr (HeddleApplication) application = NULL;

  heddle_app_keep_memory_private ();
  heddle_canvas_keep_buffers ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, localedir != NULL ? localedir : HEDDLE_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname (HEDDLE_APPLICATION_ID);
  application = heddle_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
