/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-extract.h"

#include <string.h>

/* How much of a file without a known ending is looked at. */
#define PROBE_BYTES 8192

typedef struct
{
  const char *ending;
  HeddleFormat format;
} Ending;

static const Ending endings[] = {
  { "adoc", HEDDLE_FORMAT_PLAIN },
  { "c", HEDDLE_FORMAT_PLAIN },
  { "cfg", HEDDLE_FORMAT_PLAIN },
  { "conf", HEDDLE_FORMAT_PLAIN },
  { "csv", HEDDLE_FORMAT_PLAIN },
  { "h", HEDDLE_FORMAT_PLAIN },
  { "htm", HEDDLE_FORMAT_HTML },
  { "html", HEDDLE_FORMAT_HTML },
  { "ini", HEDDLE_FORMAT_PLAIN },
  { "js", HEDDLE_FORMAT_PLAIN },
  { "json", HEDDLE_FORMAT_PLAIN },
  { "log", HEDDLE_FORMAT_PLAIN },
  { "markdown", HEDDLE_FORMAT_MARKDOWN },
  { "md", HEDDLE_FORMAT_MARKDOWN },
  { "mkd", HEDDLE_FORMAT_MARKDOWN },
  { "org", HEDDLE_FORMAT_PLAIN },
  { "pdf", HEDDLE_FORMAT_PDF },
  { "py", HEDDLE_FORMAT_PLAIN },
  { "rst", HEDDLE_FORMAT_PLAIN },
  { "sh", HEDDLE_FORMAT_PLAIN },
  { "tex", HEDDLE_FORMAT_PLAIN },
  { "text", HEDDLE_FORMAT_PLAIN },
  { "toml", HEDDLE_FORMAT_PLAIN },
  { "tsv", HEDDLE_FORMAT_PLAIN },
  { "txt", HEDDLE_FORMAT_PLAIN },
  { "xhtml", HEDDLE_FORMAT_HTML },
  { "yaml", HEDDLE_FORMAT_PLAIN },
  { "yml", HEDDLE_FORMAT_PLAIN },
};

static const char *const mimes[] = {
  [HEDDLE_FORMAT_UNSUPPORTED] = NULL,
  [HEDDLE_FORMAT_PLAIN] = "text/plain",
  [HEDDLE_FORMAT_MARKDOWN] = "text/markdown",
  [HEDDLE_FORMAT_HTML] = "text/html",
  [HEDDLE_FORMAT_PDF] = "application/pdf",
};

static HeddleFormat
format_from_ending (const char *name)
{
  const char *dot = strrchr (name, '.');

  for (guint i = 0; dot != NULL && i < G_N_ELEMENTS (endings); i++)
    {
      if (g_ascii_strcasecmp (dot + 1, endings[i].ending) == 0)
        return endings[i].format;
    }
  return HEDDLE_FORMAT_UNSUPPORTED;
}

static gboolean
has_prefix (const char *data,
            gsize length,
            const char *prefix)
{
  gsize n = strlen (prefix);

  return length >= n && memcmp (data, prefix, n) == 0;
}

/* Text holds no control characters but white space, escape and back space (manual pages). */
static gboolean
reads_as_text (const char *data,
               gsize length)
{
  if (has_prefix (data, length, "\xff\xfe") || has_prefix (data, length, "\xfe\xff"))
    return TRUE;
  for (gsize i = 0; i < MIN (length, PROBE_BYTES); i++)
    {
      guchar c = data[i];

      if (c < 0x20 && strchr ("\t\n\v\f\r\b\x1b", c) == NULL)
        return FALSE;
      if (c == 0)
        return FALSE;
    }
  return TRUE;
}

HeddleFormat
heddle_format_guess (const char *name,
                     const char *data,
                     gsize length)
{
  HeddleFormat format;

  g_return_val_if_fail (name != NULL, HEDDLE_FORMAT_UNSUPPORTED);

  if (has_prefix (data, length, "%PDF-"))
    return HEDDLE_FORMAT_PDF;
  format = format_from_ending (name);
  if (format != HEDDLE_FORMAT_UNSUPPORTED)
    return format;
  return reads_as_text (data, length) ? HEDDLE_FORMAT_PLAIN : HEDDLE_FORMAT_UNSUPPORTED;
}

const char *
heddle_format_get_mime (HeddleFormat format)
{
  g_return_val_if_fail ((guint) format < G_N_ELEMENTS (mimes), NULL);

  return mimes[format];
}

HeddleFormat
heddle_format_from_mime (const char *mime)
{
  for (guint i = 0; mime != NULL && i < G_N_ELEMENTS (mimes); i++)
    {
      if (mimes[i] != NULL && g_ascii_strcasecmp (mimes[i], mime) == 0)
        return i;
    }
  return HEDDLE_FORMAT_UNSUPPORTED;
}
