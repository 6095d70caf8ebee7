/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Money is a whole number of nano-USD, billionths of a US dollar; -1: unknown, which is not the same as nothing. */
#define HEDDLE_NANO_USD G_GINT64_CONSTANT (1000000000)

/*
 * For people, in their locale: "$0.0042", "< $0.0001", "$0"; "≈ $0.0042" of counted-by-estimate tokens;
 * "≥ $0.01 (partly unknown)" of a sum that some prices are missing from; "price unknown".
 */
char *heddle_money_format (gint64 nano_usd, gboolean partly_unknown, gboolean estimated) G_GNUC_WARN_UNUSED_RESULT;
/* Dollars as a number, for results and JSON; NaN when unknown. */
double heddle_money_to_usd (gint64 nano_usd);
/* Rounded to the nearest; -1 for what is no amount of money: negative, not finite, or more than nine digits of dollars. */
gint64 heddle_money_from_usd (double usd);
/* "0.05" or "0,05", with or without "$"; FALSE when it is no amount. */
gboolean heddle_money_parse (const char *text, gint64 *nano_usd);
/* a + b where -1 is "nothing known"; what would be too much for the type stays at its largest. */
gint64 heddle_money_add (gint64 a, gint64 b);

G_END_DECLS
