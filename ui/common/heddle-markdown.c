/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/heddle-markdown.h"

#include <cmark.h>
#include <string.h>

/* Deeper than this nobody reads, and what is nested costs its depth at every level. */
#define MAX_INDENT 8
#define MAX_NESTED 16

typedef struct
{
  GString *out;
  guint depth;      /* of lists */
  guint nested;     /* emphasis and links that are open, written or not */
  guint length;     /* of what is shown so far, in bytes */
  GPtrArray *links; /* HeddleMarkdownLink, or NULL */
  guint link_start; /* of the one that is open; links do not nest */
} Writer;

static void
append_escaped (Writer *self,
                const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text != NULL ? text : "", -1);

  g_string_append (self->out, escaped);
  self->length += text != NULL ? strlen (text) : 0;
}

/* What needs no escaping. */
static void
append_shown (Writer *self,
              const char *text)
{
  g_string_append (self->out, text);
  self->length += strlen (text);
}

static void
append_indent (Writer *self,
               guint levels)
{
  for (guint i = 0; i < MIN (levels, MAX_INDENT); i++)
    append_shown (self, "    ");
}

/* Blocks are parted by an empty line, those of a list's item by a line break. */
static void
begin_block (Writer *self,
             cmark_node *node)
{
  cmark_node *parent = cmark_node_parent (node);
  gboolean in_item = parent != NULL && cmark_node_get_type (parent) == CMARK_NODE_ITEM;

  if (self->out->len == 0 || (in_item && cmark_node_previous (node) == NULL))
    return;
  append_shown (self, self->depth > 0 ? "\n" : "\n\n");
  append_indent (self, self->depth);
}

/* The list counts its items: to count those before each would take the square of their number. */
static int
next_number (cmark_node *list)
{
  int n_before = GPOINTER_TO_INT (cmark_node_get_user_data (list));

  cmark_node_set_user_data (list, GINT_TO_POINTER (n_before + 1));
  return cmark_node_get_list_start (list) + n_before;
}

static void
append_bullet (Writer *self,
               cmark_node *item)
{
  cmark_node *list = cmark_node_parent (item);

  if (cmark_node_previous (item) != NULL || self->depth > 1)
    append_shown (self, "\n");
  append_indent (self, self->depth - 1);
  if (cmark_node_get_list_type (list) == CMARK_ORDERED_LIST)
    {
      g_autofree char *number = g_strdup_printf ("%d. ", next_number (list));

      append_shown (self, number);
    }
  else
    {
      append_shown (self, "• ");
    }
}

static void
append_code (Writer *self,
             const char *code)
{
  g_autofree char *trimmed = g_strchomp (g_strdup (code != NULL ? code : ""));

  g_string_append (self->out, "<tt>");
  append_escaped (self, trimmed);
  g_string_append (self->out, "</tt>");
}

/* The element of an inline that has others inside; NULL: it is not shown as one. */
static const char *
element_of (cmark_node *node)
{
  switch (cmark_node_get_type (node))
    {
    case CMARK_NODE_EMPH:
      return "i";
    case CMARK_NODE_STRONG:
      return "b";
    case CMARK_NODE_LINK:
      return "u";
    default:
      return NULL;
    }
}

static void
open_element (Writer *self,
              const char *element)
{
  if (self->nested++ < MAX_NESTED)
    g_string_append_printf (self->out, "<%s>", element);
}

static void
close_element (Writer *self,
               const char *element)
{
  if (--self->nested < MAX_NESTED)
    g_string_append_printf (self->out, "</%s>", element);
}

static const char *
heading_size (int level)
{
  static const char *const sizes[] = { "x-large", "large" };

  return level <= 2 ? sizes[level - 1] : "medium";
}

static void
enter_block (Writer *self,
             cmark_node *node)
{
  switch (cmark_node_get_type (node))
    {
    case CMARK_NODE_PARAGRAPH:
      begin_block (self, node);
      break;
    case CMARK_NODE_HEADING:
      begin_block (self, node);
      g_string_append_printf (self->out, "<span weight=\"bold\" size=\"%s\">", heading_size (cmark_node_get_heading_level (node)));
      break;
    case CMARK_NODE_CODE_BLOCK:
      begin_block (self, node);
      append_code (self, cmark_node_get_literal (node));
      break;
    case CMARK_NODE_HTML_BLOCK:
      begin_block (self, node);
      append_escaped (self, cmark_node_get_literal (node));
      break;
    case CMARK_NODE_LIST:
      if (self->depth++ == 0)
        append_shown (self, self->out->len > 0 ? "\n\n" : "");
      break;
    case CMARK_NODE_ITEM:
      append_bullet (self, node);
      break;
    case CMARK_NODE_THEMATIC_BREAK:
      begin_block (self, node);
      append_shown (self, "———");
      break;
    default:
      break;
    }
}

static void
enter_inline (Writer *self,
              cmark_node *node)
{
  const char *element = element_of (node);

  if (element != NULL)
    open_element (self, element);
  if (cmark_node_get_type (node) == CMARK_NODE_LINK)
    self->link_start = self->length;
  switch (cmark_node_get_type (node))
    {
    case CMARK_NODE_TEXT:
    case CMARK_NODE_HTML_INLINE:
      append_escaped (self, cmark_node_get_literal (node));
      break;
    case CMARK_NODE_CODE:
      append_code (self, cmark_node_get_literal (node));
      break;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
      append_shown (self, "\n");
      break;
    default:
      break;
    }
}

static void
note_link (Writer *self,
           const char *url)
{
  HeddleMarkdownLink *link;

  if (self->links == NULL || url == NULL || self->length == self->link_start)
    return;
  link = g_new (HeddleMarkdownLink, 1);
  link->start = self->link_start;
  link->end = self->length;
  link->url = g_strdup (url);
  g_ptr_array_add (self->links, link);
}

static void
leave (Writer *self,
       cmark_node *node)
{
  const char *element = element_of (node);

  if (cmark_node_get_type (node) == CMARK_NODE_LINK)
    note_link (self, cmark_node_get_url (node));
  if (element != NULL)
    close_element (self, element);
  else if (cmark_node_get_type (node) == CMARK_NODE_HEADING)
    g_string_append (self->out, "</span>");
  else if (cmark_node_get_type (node) == CMARK_NODE_LIST)
    self->depth--;
}

void
heddle_markdown_link_free (HeddleMarkdownLink *link)
{
  g_free (link->url);
  g_free (link);
}

char *
heddle_markdown_to_markup (const char *text)
{
  return heddle_markdown_to_markup_with_links (text, NULL);
}

char *
heddle_markdown_to_markup_with_links (const char *text,
                                      GPtrArray *links)
{
  cmark_node *document = cmark_parse_document (text, strlen (text), CMARK_OPT_VALIDATE_UTF8);
  cmark_iter *iter = cmark_iter_new (document);
  Writer writer = { .out = g_string_new (NULL), .links = links };
  cmark_event_type event;

  while ((event = cmark_iter_next (iter)) != CMARK_EVENT_DONE)
    {
      cmark_node *node = cmark_iter_get_node (iter);

      if (event == CMARK_EVENT_EXIT)
        leave (&writer, node);
      else if (cmark_node_get_type (node) <= CMARK_NODE_LAST_BLOCK)
        enter_block (&writer, node);
      else
        enter_inline (&writer, node);
    }
  cmark_iter_free (iter);
  cmark_node_free (document);
  return g_string_free (writer.out, FALSE);
}
