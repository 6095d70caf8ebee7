/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Nothing but white space; NULL counts. */
gboolean heddle_text_is_blank (const char *text);
/*
 * How many letters differ, with a swap of neighbours counted as one and case as nothing: for "did you mean …?".
 * G_MAXUINT when either is longer than a name is.
 */
guint heddle_text_distance (const char *a, const char *b);

G_END_DECLS
