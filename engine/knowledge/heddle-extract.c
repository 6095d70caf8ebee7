/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-extract.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"

/* More blank lines than this are no paragraphs; the rest is one block. */
#define MAX_BLOCKS 1000000

static void
block_clear (gpointer data)
{
  g_free (((HeddleBlock *) data)->heading);
}

HeddleExtract *
heddle_extract_new (char *text)
{
  HeddleExtract *self = g_new0 (HeddleExtract, 1);

  g_return_val_if_fail (text != NULL, NULL);

  self->text = text;
  self->blocks = g_array_new (FALSE, FALSE, sizeof (HeddleBlock));
  g_array_set_clear_func (self->blocks, block_clear);
  return self;
}

void
heddle_extract_free (HeddleExtract *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->text);
  g_array_unref (self->blocks);
  g_free (self);
}

void
heddle_extract_add_block (HeddleExtract *self,
                          gsize start,
                          gsize end,
                          guint level,
                          guint page,
                          char *heading)
{
  HeddleBlock block = { start, end, level, page, heading };

  g_return_if_fail (self != NULL);

  while (block.start < block.end && g_ascii_isspace (self->text[block.start]))
    block.start++;
  while (block.start < block.end && g_ascii_isspace (self->text[block.end - 1]))
    block.end--;
  if (block.start < block.end)
    g_array_append_val (self->blocks, block);
  else
    g_free (heading);
}

/* The end of the line at position, behind its line feed. */
static gsize
find_line_end (const char *text,
               gsize position,
               gsize end)
{
  const char *feed = memchr (text + position, '\n', end - position);

  return feed != NULL ? (gsize) (feed - text) + 1 : end;
}

static gboolean
is_blank (const char *text,
          gsize start,
          gsize end)
{
  while (start < end && g_ascii_isspace (text[start]))
    start++;
  return start == end;
}

void
heddle_extract_add_paragraphs (HeddleExtract *self,
                               gsize start,
                               gsize end,
                               guint page)
{
  gsize paragraph = start;
  gsize line = start;

  g_return_if_fail (self != NULL);

  while (line < end)
    {
      gsize next = find_line_end (self->text, line, end);

      if (is_blank (self->text, line, next) && self->blocks->len < MAX_BLOCKS)
        {
          heddle_extract_add_block (self, paragraph, line, 0, page, NULL);
          paragraph = next;
        }
      line = next;
    }
  heddle_extract_add_block (self, paragraph, end, 0, page, NULL);
}

HeddleExtract *
heddle_extract_plain (const char *data,
                      gsize length,
                      GError **error)
{
  char *text = heddle_charset_decode (data, length, NULL, error);
  HeddleExtract *self;

  if (text == NULL)
    return NULL;
  self = heddle_extract_new (text);
  heddle_extract_add_paragraphs (self, 0, strlen (text), 0);
  return self;
}

HeddleExtract *
heddle_extract_data (HeddleFormat format,
                     const char *data,
                     gsize length,
                     GError **error)
{
  switch (format)
    {
    case HEDDLE_FORMAT_PLAIN:
      return heddle_extract_plain (data, length, error);
    case HEDDLE_FORMAT_MARKDOWN:
      return heddle_extract_markdown (data, length, error);
    case HEDDLE_FORMAT_HTML:
      return heddle_extract_html (data, length, error);
    case HEDDLE_FORMAT_PDF:
    case HEDDLE_FORMAT_UNSUPPORTED:
    default:
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                           _ ("This kind of document cannot be read. Add text, Markdown or HTML, or a PDF file."));
      return NULL;
    }
}
