/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-extract.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-config.h"
#include "heddle-error.h"

#define PROGRAM "heddle-pdf-text"
#define TIME_LIMIT_US (120 * G_USEC_PER_SEC)
#define READ_BYTES (64 * 1024)

/* Beside our own executable in a build tree, else where it is installed. */
static char *
find_program (void)
{
  const char *override = g_getenv ("HEDDLE_LIBEXECDIR");
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *own_dir = self != NULL ? g_path_get_dirname (self) : NULL;
  const char *const dirs[] = { override, own_dir };

  for (guint i = 0; i < G_N_ELEMENTS (dirs); i++)
    {
      g_autofree char *path = dirs[i] != NULL ? g_build_filename (dirs[i], PROGRAM, NULL) : NULL;

      if (path != NULL && g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&path);
    }
  return g_build_filename (HEDDLE_PKGLIBEXECDIR, PROGRAM, NULL);
}

/* FALSE with error when cancelled or out of time. */
static gboolean
wait_readable (GInputStream *stream,
               gint64 deadline,
               GCancellable *cancellable,
               GError **error)
{
  GPollFD fds[2] = { { g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (stream)), G_IO_IN, 0 } };
  gboolean has_cancel = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &fds[1]);
  gint64 left = deadline - g_get_monotonic_time ();
  int n = left > 0 ? g_poll (fds, has_cancel ? 2 : 1, left / 1000 + 1) : 0;

  if (has_cancel)
    g_cancellable_release_fd (cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (n > 0 || (n < 0 && errno == EINTR))
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT,
               _ ("Reading the PDF file took more than %d seconds. Save it as text, or split it."),
               (int) (TIME_LIMIT_US / G_USEC_PER_SEC));
  return FALSE;
}

static GString *
read_output (GInputStream *stream,
             GCancellable *cancellable,
             GError **error)
{
  gint64 deadline = g_get_monotonic_time () + TIME_LIMIT_US;
  g_autofree char *buffer = g_malloc (READ_BYTES);
  GString *output = g_string_new (NULL);
  gssize n = 0;

  while (output->len <= HEDDLE_EXTRACT_MAX_BYTES && wait_readable (stream, deadline, cancellable, error))
    {
      n = g_input_stream_read (stream, buffer, READ_BYTES, NULL, error);
      if (n == 0)
        return output;
      if (n < 0)
        break;
      g_string_append_len (output, buffer, n);
    }
  if (output->len > HEDDLE_EXTRACT_MAX_BYTES)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT,
                         _ ("The PDF file holds more than 64 MB of text. Split it."));
  g_string_free (output, TRUE);
  return NULL;
}

static gboolean
check_status (GSubprocess *process,
              GError **error)
{
  gboolean has_exited = g_subprocess_get_if_exited (process);
  int status = has_exited ? g_subprocess_get_exit_status (process) : -1;

  if (status == 0)
    return TRUE;
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                       status == 3 ? _ ("The PDF file needs a password. Save it without one.")
                                   : _ ("The PDF file is damaged. Open it in a viewer and save it again."));
  return FALSE;
}

static GString *
run_program (const char *path,
             GCancellable *cancellable,
             GError **error)
{
  g_autofree char *program = find_program ();
  g_autoptr (GString) output = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) local = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &local, program,
                              path, NULL);
  if (process == NULL)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED,
                   _ ("The program that reads PDF files could not be started. Install Heddle again. (%s)"),
                   local->message);
      return NULL;
    }
  output = read_output (g_subprocess_get_stdout_pipe (process), cancellable, error);
  if (output == NULL)
    g_subprocess_force_exit (process);
  if (!g_subprocess_wait (process, NULL, output != NULL ? error : NULL) || output == NULL)
    return NULL;
  return check_status (process, error) ? g_steal_pointer (&output) : NULL;
}

/* A word broken at a line's end is joined, so that it is found; other line ends stay. */
static gboolean
is_broken_word (const char *text,
                const char *p)
{
  return p > text && p[0] == '-' && p[1] == '\n' && g_ascii_isalpha (p[-1]) && g_ascii_islower (p[2]);
}

static void
append_page (HeddleExtract *self,
             GString *text,
             const char *page,
             guint number)
{
  gsize start = text->len;

  for (const char *p = page; *p != '\0'; p++)
    {
      if (is_broken_word (page, p))
        p++;
      else
        g_string_append_c (text, *p);
    }
  self->text = text->str;
  heddle_extract_add_paragraphs (self, start, text->len, number);
  g_string_append (text, "\n\n");
}

/* The title, then the pages, each ended by a form feed. */
static HeddleExtract *
parse_output (const char *output)
{
  g_auto (GStrv) records = g_strsplit (output, "\f", -1);
  GString *text = g_string_new (NULL);
  HeddleExtract *self = heddle_extract_new (text->str);

  if (records[0] != NULL && *g_strstrip (records[0]) != '\0')
    self->title = g_strdup (records[0]);
  for (guint i = 1; records[0] != NULL && records[i] != NULL; i++)
    append_page (self, text, records[i], i);
  self->text = g_string_free (text, FALSE);
  return self;
}

HeddleExtract *
heddle_extract_pdf (const char *path,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GString) output = NULL;
  g_autoptr (HeddleExtract) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  output = run_program (path, cancellable, error);
  if (output == NULL)
    return NULL;
  if (!g_utf8_validate_len (output->str, output->len, NULL))
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                           _ ("The PDF file is damaged. Open it in a viewer and save it again."));
      return NULL;
    }
  self = parse_output (output->str);
  if (self->blocks->len > 0)
    return g_steal_pointer (&self);
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                       _ ("The PDF file holds no text; it is probably scanned. Run text recognition on it first."));
  return NULL;
}
