/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * How well a text fits what somebody typed: its characters in their order, those at the beginnings of words and those
 * that follow each other count more, and a short text more than a long one. Case and spaces do not count.
 * Negative: it does not fit. "": everything fits, with 0.
 */
int heddle_fuzzy_score (const char *typed, const char *text);

G_END_DECLS
