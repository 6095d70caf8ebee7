/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-expr-eval.h"

G_BEGIN_DECLS

/* Dates are milliseconds since 1970 in UTC, as in ECMAScript; NULL outside the years 1 to 9999. */
GDateTime *expr_date_new (double milliseconds);
double expr_date_to_milliseconds (GDateTime *date);

/* ISO 8601 and the forms of mail and HTTP; NaN when it is neither. */
double expr_date_parse (const char *bytes, gsize size);

/* NULL with the part that has no meaning. The letters are listed in heddle-expr.h. */
char *expr_date_format (GDateTime *date, const char *format, gsize size, char **unknown);

G_END_DECLS
