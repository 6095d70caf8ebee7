/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * heddle-pdf-text FILE: writes the title and then the text of each page to standard output, each
 * ended by a form feed. A process of its own, because a PDF is hostile until shown otherwise: a crash, a hang
 * or a flood stays in here. Exit status: 0 ok, 1 damaged, 2 wrong usage, 3 needs a password.
 */
#include <glib.h>
#include <locale.h>
#include <poppler.h>
#include <stdio.h>
#include <sys/resource.h>

#define MEMORY_BYTES ((rlim_t) 2 * 1024 * 1024 * 1024)
#define CPU_SECONDS 300

enum
{
  STATUS_OK = 0,
  STATUS_DAMAGED = 1,
  STATUS_USAGE = 2,
  STATUS_PASSWORD = 3,
};

static void
limit (int resource,
       rlim_t value)
{
  struct rlimit limits = { value, value };

  if (setrlimit (resource, &limits) != 0)
    g_debug ("A resource limit could not be set");
}

static void
limit_resources (void)
{
  limit (RLIMIT_CORE, 0);
  limit (RLIMIT_FSIZE, 0);
  limit (RLIMIT_CPU, CPU_SECONDS);
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__ /* they map terabytes */
  limit (RLIMIT_AS, MEMORY_BYTES);
#endif
}

/* Form feeds inside would be taken for page ends. */
static gboolean
write_record (const char *text)
{
  g_autofree char *record = g_utf8_make_valid (text != NULL ? text : "", -1);

  return fputs (g_strdelimit (record, "\f", '\n'), stdout) >= 0 && fputc ('\f', stdout) != EOF;
}

static gboolean
write_page (PopplerDocument *document,
            int index)
{
  PopplerPage *page = poppler_document_get_page (document, index);
  g_autofree char *text = page != NULL ? poppler_page_get_text (page) : NULL;

  g_clear_object (&page);
  return write_record (text);
}

static int
write_document (PopplerDocument *document)
{
  g_autofree char *title = poppler_document_get_title (document);
  int n_pages = poppler_document_get_n_pages (document);

  if (!write_record (title))
    return STATUS_DAMAGED;
  for (int i = 0; i < n_pages; i++)
    {
      if (!write_page (document, i))
        return STATUS_DAMAGED;
    }
  return fflush (stdout) == 0 ? STATUS_OK : STATUS_DAMAGED;
}

int
main (int argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = NULL;
  PopplerDocument *document;
  int status;

  setlocale (LC_ALL, "");
  if (argc != 2)
    {
      fputs ("Usage: heddle-pdf-text FILE\n", stderr);
      return STATUS_USAGE;
    }
  limit_resources ();
  file = g_file_new_for_path (argv[1]);
  document = poppler_document_new_from_gfile (file, NULL, NULL, &error);
  if (document == NULL)
    return g_error_matches (error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED) ? STATUS_PASSWORD : STATUS_DAMAGED;
  status = write_document (document);
  g_object_unref (document);
  return status;
}
