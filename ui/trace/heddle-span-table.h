/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A column view of spans: name, state, start, duration, tokens, note. */
GtkWidget *heddle_span_table_new (GtkSingleSelection *selection);

G_END_DECLS
