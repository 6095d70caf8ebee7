/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A regular expression (PCRE) from outside, which may be hostile: what it may take is counted in steps, so that it fails
 * instead of hanging. Immutable; any thread.
 */
typedef struct _HeddlePattern HeddlePattern;

/* Steps for one text, a few hundredths of a second. */
#define HEDDLE_PATTERN_STEPS (2 * 1000 * 1000)

/* HEDDLE_ERROR_INVALID with the reason. */
HeddlePattern *heddle_pattern_new (const char *source, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_pattern_free (HeddlePattern *self);

/*
 * Whether it is found in valid UTF-8. *steps is how much it may take and then what is left. FALSE with HEDDLE_ERROR_LIMIT once that is
 * spent; FALSE without an error when it is not found.
 */
gboolean heddle_pattern_matches (const HeddlePattern *self, const char *text, gint64 *steps, GError **error);
/* The text with each match replaced, word by word; NULL with HEDDLE_ERROR_LIMIT. */
char *heddle_pattern_replace (const HeddlePattern *self, const char *text, const char *replacement, gint64 *steps, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddlePattern, heddle_pattern_free)

G_END_DECLS
