/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Rewrites an ECMAScript pattern for PCRE2. What means something else there (possessive
 * quantifiers, verbs, inline options, \h, \Z…) is made literal or refused, as ECMAScript would.
 * NULL with a message on a syntax error.
 */
char *expr_pattern_translate (const char *pattern, gsize size, gboolean unicode, gboolean dot_all, char **message);

G_END_DECLS
