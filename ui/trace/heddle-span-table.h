/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "trace/heddle-span-rows.h"

G_BEGIN_DECLS

/* A column view of spans: name, state, start, duration, tokens, note. */
GtkWidget *heddle_span_table_new (GtkSingleSelection *selection, HeddleSpanRows *rows);

G_END_DECLS
