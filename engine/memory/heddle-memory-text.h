/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long the parts of a fact may be, in characters. */
#define HEDDLE_MEMORY_NAME_CHARS 120
#define HEDDLE_MEMORY_PREDICATE_CHARS 60
#define HEDDLE_MEMORY_TEXT_CHARS 400
#define HEDDLE_MEMORY_EXCERPT_CHARS 240

/* Whatever it is as one line of valid UTF-8 without control characters, cut with "…". NULL counts as empty. */
char *heddle_memory_dup_line (const char *text, gsize max_chars) G_GNUC_WARN_UNUSED_RESULT;
/* As names are compared: folded, white space single, without punctuation around it. */
char *heddle_memory_dup_key (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* "works_at", "worksAt" and "Works at:" are "works at": lower-case words with single spaces. */
char *heddle_memory_dup_predicate (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a subject has one object of this predicate at a time, so that a new one takes the place of the old. */
gboolean heddle_memory_is_functional (const char *predicate);
/* Whether the predicate says that the object is a secret. */
gboolean heddle_memory_is_secret (const char *predicate);
/* Takes keys and passwords out of what was said. Valid UTF-8. */
char *heddle_memory_mask (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
