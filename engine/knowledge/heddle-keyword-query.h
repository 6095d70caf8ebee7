/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Any text as an FTS5 query: its words, quoted and joined by OR, without those too common to tell
 * anything (unless there are no others). Nothing of the text can be FTS5 syntax. NULL when it has no word.
 */
char *heddle_keyword_query_build (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
