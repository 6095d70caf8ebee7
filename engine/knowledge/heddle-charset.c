/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-extract.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"

#define SNIFF_BYTES 1024

typedef struct
{
  const char *bytes;
  gsize n_bytes;
  const char *charset;
} Mark;

/* UTF-32's little-endian mark begins with UTF-16's, so it comes first. */
static const Mark marks[] = {
  { "\xef\xbb\xbf", 3, "UTF-8" },
  { "\xff\xfe\x00\x00", 4, "UTF-32LE" },
  { "\x00\x00\xfe\xff", 4, "UTF-32BE" },
  { "\xff\xfe", 2, "UTF-16LE" },
  { "\xfe\xff", 2, "UTF-16BE" },
};

/* Text must not hold NUL: nothing behind it would be seen. */
static gboolean
check_no_nul (const char *text,
              gsize length,
              GError **error)
{
  if (memchr (text, 0, length) == NULL)
    return TRUE;
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                       _ ("This is binary data, not text. Add text, Markdown, HTML or PDF files."));
  return FALSE;
}

static char *
convert (const char *data,
         gsize length,
         const char *charset,
         GError **error)
{
  g_autofree char *text = NULL;
  gsize written = 0;

  text = g_convert_with_fallback (data, length, "UTF-8", charset, "?", NULL, &written, NULL);
  if (text == NULL)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                   _ ("The text is damaged: it is not valid %s. Save it again as UTF-8."), charset);
      return NULL;
    }
  return check_no_nul (text, written, error) ? g_steal_pointer (&text) : NULL;
}

static const Mark *
find_mark (const char *data,
           gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      if (length >= marks[i].n_bytes && memcmp (data, marks[i].bytes, marks[i].n_bytes) == 0)
        return &marks[i];
    }
  return NULL;
}

/* UTF-16 of western text has zeros in every second byte and none in the others. */
static const char *
guess_utf16 (const char *data,
             gsize length)
{
  gsize zeros[2] = { 0, 0 };
  gsize n = MIN (length, SNIFF_BYTES) & ~(gsize) 1;

  for (gsize i = 0; i < n; i++)
    zeros[i & 1] += data[i] == 0;
  if (n < 4 || length % 2 != 0)
    return NULL;
  if (zeros[0] == 0 && zeros[1] * 4 > n)
    return "UTF-16LE";
  if (zeros[1] == 0 && zeros[0] * 4 > n)
    return "UTF-16BE";
  return NULL;
}

static char *
convert_eight_bit (const char *data,
                   gsize length,
                   const char *declared,
                   GError **error)
{
  /* It is not UTF-8, whatever it says. */
  gboolean is_wrong = declared == NULL || g_ascii_strncasecmp (declared, "utf", 3) == 0;
  const char *const charsets[] = { is_wrong ? NULL : declared, "WINDOWS-1252", "ISO-8859-1" };

  if (!check_no_nul (data, length, error))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (charsets) - 1; i++)
    {
      char *text = charsets[i] != NULL ? convert (data, length, charsets[i], NULL) : NULL;

      if (text != NULL)
        return text;
    }
  return convert (data, length, charsets[G_N_ELEMENTS (charsets) - 1], error);
}

char *
heddle_charset_decode (const char *data,
                       gsize length,
                       const char *declared,
                       GError **error)
{
  const Mark *mark;
  const char *utf16;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  if (length == 0)
    return g_strdup ("");
  mark = find_mark (data, length);
  if (mark != NULL)
    return convert (data + mark->n_bytes, length - mark->n_bytes, mark->charset, error);
  if (g_utf8_validate_len (data, length, NULL))
    return g_strndup (data, length);
  utf16 = guess_utf16 (data, length);
  if (utf16 != NULL)
    return convert (data, length, utf16, error);
  return convert_eight_bit (data, length, declared, error);
}

char *
heddle_charset_sniff_html (const char *data,
                           gsize length)
{
  g_autofree char *head = g_strndup (data, MIN (length, SNIFF_BYTES));
  g_autofree char *lower = g_ascii_strdown (head, -1);
  const char *name = strstr (lower, "charset=");
  gsize n;

  if (name == NULL)
    return NULL;
  name += strlen ("charset=");
  name += strspn (name, "\"' ");
  n = strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-_:.");
  return n > 0 && n < 32 ? g_strndup (name, n) : NULL;
}
