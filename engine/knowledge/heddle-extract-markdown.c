/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-extract.h"

#include <cmark.h>
#include <string.h>

/* Above this a file is no hand-written document, and cmark needs quadratic time for some hostile inputs. */
#define MAX_PARSED_BYTES (4 * 1024 * 1024)

/* Byte offset of each line's start; one more for the end of the text. */
static GArray *
index_lines (const char *text)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (gsize));
  gsize length = strlen (text);

  for (gsize position = 0; position < length;)
    {
      gsize n = strcspn (text + position, "\r\n");

      g_array_append_val (lines, position);
      position += n;
      if (text[position] == '\r' && text[position + 1] == '\n')
        position += 2;
      else if (text[position] != '\0')
        position++;
    }
  g_array_append_val (lines, length);
  return lines;
}

static gsize
line_start (GArray *lines,
            int number)
{
  guint line = CLAMP (number - 1, 0, (int) lines->len - 1);

  return g_array_index (lines, gsize, line);
}

/* The words of a heading, without emphasis, links and code marks. */
static char *
dup_words (cmark_node *heading)
{
  g_autoptr (GString) words = g_string_new (NULL);
  cmark_iter *iter = cmark_iter_new (heading);
  cmark_event_type event;

  while ((event = cmark_iter_next (iter)) != CMARK_EVENT_DONE)
    {
      cmark_node *node = cmark_iter_get_node (iter);
      cmark_node_type type = cmark_node_get_type (node);

      if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
        g_string_append (words, cmark_node_get_literal (node));
      else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
        g_string_append_c (words, ' ');
    }
  cmark_iter_free (iter);
  return g_strdup (g_strstrip (words->str));
}

static gboolean
is_leaf_block (cmark_node *node)
{
  switch (cmark_node_get_type (node))
    {
    case CMARK_NODE_CODE_BLOCK:
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_PARAGRAPH:
    case CMARK_NODE_HEADING:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Whole lines, so that list markers and fences stay with their text. */
static void
add_node (HeddleExtract *self,
          GArray *lines,
          cmark_node *node,
          gsize *done)
{
  gboolean is_heading = cmark_node_get_type (node) == CMARK_NODE_HEADING &&
                        cmark_node_get_type (cmark_node_parent (node)) == CMARK_NODE_DOCUMENT;
  gsize start = MAX (line_start (lines, cmark_node_get_start_line (node)), *done);
  gsize end = line_start (lines, cmark_node_get_end_line (node) + 1);
  guint level = is_heading ? cmark_node_get_heading_level (node) : 0;
  char *words = is_heading ? dup_words (node) : NULL;

  if (is_heading && level == 1 && self->title == NULL && *words != '\0')
    self->title = g_strdup (words);
  heddle_extract_add_block (self, start, MAX (start, end), level, 0, words);
  *done = MAX (start, end);
}

static void
add_blocks (HeddleExtract *self,
            cmark_node *document)
{
  g_autoptr (GArray) lines = index_lines (self->text);
  cmark_iter *iter = cmark_iter_new (document);
  cmark_event_type event;
  gsize done = 0;

  while ((event = cmark_iter_next (iter)) != CMARK_EVENT_DONE)
    {
      cmark_node *node = cmark_iter_get_node (iter);

      if (event == CMARK_EVENT_ENTER && is_leaf_block (node))
        add_node (self, lines, node, &done);
    }
  cmark_iter_free (iter);
}

HeddleExtract *
heddle_extract_markdown (const char *data,
                         gsize length,
                         GError **error)
{
  char *text = heddle_charset_decode (data, length, NULL, error);
  HeddleExtract *self;
  cmark_node *document;

  if (text == NULL)
    return NULL;
  self = heddle_extract_new (text);
  if (strlen (text) > MAX_PARSED_BYTES)
    {
      heddle_extract_add_paragraphs (self, 0, strlen (text), 0);
      return self;
    }
  document = cmark_parse_document (text, strlen (text), CMARK_OPT_SOURCEPOS);
  add_blocks (self, document);
  cmark_node_free (document);
  return self;
}
