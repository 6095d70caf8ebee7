/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/*
 * Text for a terminal. What comes from files, models and servers could hold control characters that
 * move the cursor or change the title, so nothing of it gets there as it is.
 */

/* Makes g_print write data as it is, in UTF-8, and g_printerr what the locale can show. Once, at the start. */
void heddle_cli_text_init (void);
/* Writes out what g_print holds back. FALSE and a message on standard error: it could not be written. */
gboolean heddle_cli_text_flush (void);

/* Whether what is written there may move the cursor and have colours. */
gboolean heddle_cli_text_is_terminal (int fd);

/* UTF-8 as the locale can show it, else something like it in ASCII. */
char *heddle_cli_encode (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* One line without control characters, of at most so many cells (0: any number); "…" says that it was cut. */
char *heddle_cli_clip (const char *text, guint max_cells) G_GNUC_WARN_UNUSED_RESULT;
/* The same, but the end of the text is kept. */
char *heddle_cli_clip_start (const char *text, guint max_cells) G_GNUC_WARN_UNUSED_RESULT;
/* One line without control characters, filled up to so many cells: %-12s counts bytes, and “ü” has two. */
char *heddle_cli_pad (const char *text, guint cells) G_GNUC_WARN_UNUSED_RESULT;
/* Cells that a line takes up: two for an East Asian character, none for an accent that joins another. */
guint heddle_cli_measure (const char *line);

G_END_DECLS
