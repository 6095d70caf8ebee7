/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-text.h"
#include "cli/heddle-cli.h"

#include "heddle-config.h"
#include "heddle-private-memory.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

/*
 * The command line and the door to the window. GTK lives in a program of its own, so that a run
 * from a script starts in milliseconds and needs no display library.
 */

static char *
find_window_program (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;
  char *beside = folder != NULL ? g_build_filename (folder, "heddle-window", NULL) : NULL;

  if (beside != NULL && g_access (beside, X_OK) == 0)
    return beside;
  g_free (beside);
  return g_build_filename (HEDDLE_PKGLIBEXECDIR, "heddle-window", NULL);
}

static gboolean
is_set (const char *variable)
{
  const char *value = g_getenv (variable);

  return value != NULL && *value != '\0';
}

/* Where GTK would look for one. */
static gboolean
has_display (void)
{
  g_autofree char *wayland = g_build_filename (g_get_user_runtime_dir (), "wayland-0", NULL);

  return is_set ("DISPLAY") || is_set ("WAYLAND_DISPLAY") || is_set ("GDK_BACKEND") || g_file_test (wayland, G_FILE_TEST_EXISTS);
}

static int
open_window (char **argv)
{
  g_autofree char *program = find_window_program ();
  g_autofree char *message = NULL;

  if (!has_display ())
    return heddle_cli_fail (HEDDLE_EXIT_FAILED, _ ("There is no display for the window. Use a command such as “heddle run”; “heddle --help” lists them."));
  execv (program, argv);
  message = g_strdup_printf (_ ("The window program %s could not be started: %s. Install Heddle again, or use a command such as “heddle run”."),
                             program, g_strerror (errno));
  return heddle_cli_fail (HEDDLE_EXIT_FAILED, message);
}

static void
set_up_translations (void)
{
  const char *localedir = g_getenv ("HEDDLE_LOCALEDIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, localedir != NULL ? localedir : HEDDLE_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static gboolean
looks_like_file (const char *argument)
{
  return heddle_cli_is_file (argument) || g_file_test (argument, G_FILE_TEST_EXISTS) || strstr (argument, "://") != NULL;
}

static int
dispatch (int argc,
          char **argv)
{
  const HeddleCliCommand *command = argc > 1 ? heddle_cli_find_command (argv[1]) : NULL;
  g_autofree char *message = NULL;

  if (command != NULL)
    return command->run (argc - 1, argv + 1);
  if (argc > 1 && strcmp (argv[1], "--version") == 0)
    {
      g_print ("heddle %s\n", HEDDLE_VERSION);
      return HEDDLE_EXIT_OK;
    }
  if (argc > 1 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0))
    {
      heddle_cli_print_help ();
      return HEDDLE_EXIT_OK;
    }
  if (argc < 2 || strcmp (argv[1], "--") == 0 || looks_like_file (argv[1]))
    return open_window (argv);
  if (argv[1][0] == '-')
    message = g_strdup_printf (_ ("There is no option “%s”. “heddle --help” lists the commands."), argv[1]);
  else
    message = g_strdup_printf (_ ("There is no command or file named “%s”. “heddle --help” lists the commands."), argv[1]);
  return heddle_cli_fail (HEDDLE_EXIT_USAGE, message);
}

int
main (int argc,
      char **argv)
{
  int status;

  heddle_app_keep_memory_private ();
  set_up_translations ();
  heddle_cli_text_init ();
  status = dispatch (argc, argv);
  if (!heddle_cli_text_flush () && status == HEDDLE_EXIT_OK)
    status = HEDDLE_EXIT_FAILED;
  return status;
}
