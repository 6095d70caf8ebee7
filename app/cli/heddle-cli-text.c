/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-text.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ELLIPSIS "…"

static void
print_data (const char *text)
{
  fputs (text, stdout);
}

static void
print_message (const char *text)
{
  g_autofree char *encoded = heddle_cli_encode (text);

  fputs (encoded, stderr);
}

void
heddle_cli_text_init (void)
{
  g_set_print_handler (print_data);
  g_set_printerr_handler (print_message);
}

gboolean
heddle_cli_text_flush (void)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;
  g_printerr (_ ("heddle: The output could not be written: %s.\n"), g_strerror (errno));
  return FALSE;
}

gboolean
heddle_cli_text_is_terminal (int fd)
{
  return isatty (fd) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

char *
heddle_cli_encode (const char *text)
{
  const char *charset;
  g_autofree char *target = NULL;
  char *encoded;

  if (g_get_charset (&charset))
    return g_strdup (text);
  target = g_strconcat (charset, "//TRANSLIT", NULL);
  encoded = g_str_is_ascii (text) ? g_strdup (text) : g_convert (text, -1, target, "UTF-8", NULL, NULL, NULL);
  return encoded != NULL ? encoded : g_str_to_ascii (text, NULL);
}

/* Direction marks and the like change how the rest of a line looks, as escape sequences do. */
static gboolean
is_control (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR ||
         (type == G_UNICODE_FORMAT && c != 0x200d);
}

static guint
count_cells (gunichar c)
{
  if (is_control (c)) /* becomes a space */
    return 1;
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

guint
heddle_cli_measure (const char *line)
{
  guint cells = 0;

  for (const char *p = line; *p != '\0'; p = g_utf8_next_char (p))
    cells += count_cells (g_utf8_get_char (p));
  return cells;
}

static void
append_clean (GString *out,
              const char *start,
              const char *end)
{
  for (const char *p = start; p < end; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (out, is_control (c) ? ' ' : c);
    }
}

/* How far the text reaches within so many cells; all of it when it fits. */
static const char *
reach (const char *text,
       guint cells)
{
  const char *p = text;

  for (guint used = 0; *p != '\0'; p = g_utf8_next_char (p))
    {
      used += count_cells (g_utf8_get_char (p));
      if (used > cells)
        return p;
    }
  return p;
}

char *
heddle_cli_clip (const char *text,
                 guint max_cells)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const char *end = reach (text, max_cells > 0 ? max_cells : G_MAXUINT);

  if (*end != '\0')
    end = reach (text, max_cells - 1);
  append_clean (out, text, end);
  if (*end != '\0')
    g_string_append (out, ELLIPSIS);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
heddle_cli_clip_start (const char *text,
                       guint max_cells)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const char *end = text + strlen (text);
  const char *start = end;
  guint cells = 0;

  while (start > text)
    {
      const char *before = g_utf8_prev_char (start);

      cells += count_cells (g_utf8_get_char (before));
      if (cells >= max_cells)
        break;
      start = before;
    }
  if (start > text)
    g_string_append (out, ELLIPSIS);
  append_clean (out, start, end);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
heddle_cli_pad (const char *text,
                guint cells)
{
  g_autofree char *line = heddle_cli_clip (text, 0);
  guint taken = heddle_cli_measure (line);

  return g_strdup_printf ("%s%*s", line, taken < cells ? (int) (cells - taken) : 0, "");
}
