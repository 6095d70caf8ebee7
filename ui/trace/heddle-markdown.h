/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* CommonMark as Pango markup: headings, emphasis, code, lists, quotes, links as text. Always valid markup. */
char *heddle_markdown_to_markup (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
