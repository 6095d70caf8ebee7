/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Part of the text that the markup shows, in bytes of it, that is a link. */
typedef struct
{
  guint start, end;
  char *url;
} HeddleMarkdownLink;

void heddle_markdown_link_free (HeddleMarkdownLink *link);
/* The same with its links, HeddleMarkdownLink*, which are appended; links NULL: not asked for. */
char *heddle_markdown_to_markup_with_links (const char *text, GPtrArray *links) G_GNUC_WARN_UNUSED_RESULT;
/* CommonMark as Pango markup: headings, emphasis, code, lists, quotes, links as text. Always valid markup. */
char *heddle_markdown_to_markup (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
