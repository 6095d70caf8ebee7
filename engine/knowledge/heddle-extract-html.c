/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-extract.h"

#include <glib/gi18n-lib.h>
#include <libxml/HTMLparser.h>
#include <string.h>

#include "heddle-error.h"

static const char *const skipped_elements[] = {
  "button",
  "footer",
  "head",
  "iframe",
  "math",
  "nav",
  "noscript",
  "object",
  "script",
  "select",
  "style",
  "svg",
  "template",
  NULL,
};

/* Elements that end the paragraph before them and that of their own. */
static const char *const block_elements[] = {
  "address",
  "article",
  "aside",
  "blockquote",
  "body",
  "caption",
  "dd",
  "details",
  "div",
  "dl",
  "dt",
  "fieldset",
  "figcaption",
  "figure",
  "form",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "header",
  "hr",
  "li",
  "main",
  "ol",
  "p",
  "pre",
  "section",
  "summary",
  "table",
  "tr",
  "ul",
  NULL,
};

typedef struct
{
  HeddleExtract *extract;
  GString *text;
  gsize start;        /* of the paragraph being gathered */
  guint level;        /* of the heading being gathered; 0: a paragraph */
  guint preformatted; /* how many <pre> are open */
  gboolean in_item;   /* a list item whose marker is not written yet */
} Walk;

static gboolean
is_one_of (xmlNodePtr node,
           const char *const *names)
{
  return node->type == XML_ELEMENT_NODE && g_strv_contains (names, (const char *) node->name);
}

static guint
heading_level (xmlNodePtr node)
{
  const char *name = (const char *) node->name;

  return name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && name[2] == '\0' ? name[1] - '0' : 0;
}

static gboolean
is_skipped (xmlNodePtr node)
{
  return node->type == XML_ELEMENT_NODE &&
         (is_one_of (node, skipped_elements) || xmlHasProp (node, BAD_CAST "hidden") != NULL);
}

/* Ends the paragraph or heading gathered so far. */
static void
flush (Walk *walk)
{
  gsize start = walk->start;
  char *words = NULL;

  while (walk->text->len > start && g_ascii_isspace (walk->text->str[walk->text->len - 1]))
    g_string_truncate (walk->text, walk->text->len - 1);
  if (walk->text->len == start)
    return;
  if (walk->level > 0)
    words = g_strndup (walk->text->str + start, walk->text->len - start);
  g_string_append (walk->text, "\n\n");
  walk->start = walk->text->len;
  /* The extract's text is set at the end; until then it is only where ranges point. */
  g_array_append_vals (walk->extract->blocks,
                       &(HeddleBlock){ start, walk->text->len - 2, walk->level, 0, words }, 1);
}

static void
append_collapsed (Walk *walk,
                  const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      gboolean at_start = walk->text->len == walk->start;

      if (!g_ascii_isspace (*p))
        {
          if (at_start && walk->in_item)
            g_string_append (walk->text, "- ");
          walk->in_item = FALSE;
          g_string_append_c (walk->text, *p);
        }
      else if (!at_start && walk->text->str[walk->text->len - 1] != ' ' &&
               walk->text->str[walk->text->len - 1] != '\n')
        g_string_append_c (walk->text, ' ');
    }
}

static void
append_text (Walk *walk,
             const char *text)
{
  if (text == NULL)
    return;
  if (walk->preformatted > 0 && walk->level == 0)
    g_string_append (walk->text, text);
  else
    append_collapsed (walk, text);
}

static void
enter (Walk *walk,
       xmlNodePtr node)
{
  const char *name = (const char *) node->name;

  if (is_one_of (node, block_elements))
    flush (walk);
  if (heading_level (node) > 0)
    walk->level = heading_level (node);
  else if (strcmp (name, "pre") == 0)
    walk->preformatted++;
  else if (strcmp (name, "li") == 0)
    walk->in_item = TRUE;
  else if (strcmp (name, "br") == 0 && walk->level == 0 && walk->text->len > walk->start)
    g_string_append_c (walk->text, '\n');
  else if (strcmp (name, "br") == 0 || strcmp (name, "td") == 0 || strcmp (name, "th") == 0)
    append_collapsed (walk, " ");
}

static void
leave (Walk *walk,
       xmlNodePtr node)
{
  if (is_one_of (node, block_elements))
    flush (walk);
  if (heading_level (node) > 0)
    walk->level = 0;
  else if (strcmp ((const char *) node->name, "li") == 0)
    walk->in_item = FALSE;
  else if (strcmp ((const char *) node->name, "pre") == 0)
    walk->preformatted--;
}

/* Iterative: how deep a page nests is up to its author. */
static void
walk_tree (Walk *walk,
           xmlNodePtr root)
{
  xmlNodePtr node = root;

  while (node != NULL)
    {
      gboolean descend = node->type == XML_ELEMENT_NODE && !is_skipped (node);

      if (descend)
        enter (walk, node);
      else if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
        append_text (walk, (const char *) node->content);

      if (descend && node->children != NULL)
        {
          node = node->children;
          continue;
        }
      if (descend)
        leave (walk, node);
      while (node != root && node->next == NULL)
        {
          node = node->parent;
          leave (walk, node);
        }
      node = node == root ? NULL : node->next;
    }
  flush (walk);
}

static xmlNodePtr
next_element (xmlNodePtr node)
{
  if (node->children != NULL && node->type == XML_ELEMENT_NODE)
    return node->children;
  while (node != NULL && node->next == NULL)
    node = node->parent;
  return node != NULL ? node->next : NULL;
}

static xmlNodePtr
find_element (xmlNodePtr root,
              const char *name)
{
  for (xmlNodePtr node = root; node != NULL; node = next_element (node))
    {
      if (node->type == XML_ELEMENT_NODE && strcmp ((const char *) node->name, name) == 0)
        return node;
    }
  return NULL;
}

static char *
dup_title (xmlNodePtr root)
{
  xmlNodePtr title = find_element (root, "title");
  g_autoptr (GString) words = g_string_new (NULL);
  Walk walk = { NULL, words, 0, 0, 0, FALSE };

  for (xmlNodePtr node = title != NULL ? title->children : NULL; node != NULL; node = node->next)
    append_text (&walk, (const char *) node->content);
  g_strchomp (words->str);
  return *words->str != '\0' ? g_strdup (words->str) : NULL;
}

static HeddleExtract *
extract_tree (xmlNodePtr root)
{
  HeddleExtract *self = heddle_extract_new (g_strdup (""));
  Walk walk = { self, g_string_new (NULL), 0, 0, 0, FALSE };
  xmlNodePtr main_part = root != NULL ? find_element (root, "main") : NULL;

  if (root != NULL)
    {
      self->title = dup_title (root);
      walk_tree (&walk, main_part != NULL ? main_part : root);
    }
  g_free (self->text);
  self->text = g_string_free (walk.text, FALSE);
  return self;
}

HeddleExtract *
heddle_extract_html (const char *data,
                     gsize length,
                     GError **error)
{
  g_autofree char *declared = heddle_charset_sniff_html (data, length);
  g_autofree char *text = heddle_charset_decode (data, length, declared, error);
  HeddleExtract *self;
  htmlDocPtr document;

  if (text == NULL)
    return NULL;
  document = htmlReadMemory (text, strlen (text), NULL, "UTF-8",
                             HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                               HTML_PARSE_NONET | HTML_PARSE_COMPACT);
  self = extract_tree (document != NULL ? xmlDocGetRootElement (document) : NULL);
  if (document != NULL)
    xmlFreeDoc (document);
  if (!g_utf8_validate (self->text, -1, NULL))
    {
      heddle_extract_free (self);
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                           _ ("The page could not be read. Save it again as UTF-8."));
      return NULL;
    }
  return self;
}
