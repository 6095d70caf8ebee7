/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Replaces the rows of a list with problems (HeddleProblem*), at most a hundred; graph names their nodes. */
void heddle_problem_rows_fill (GtkListBox *list, GPtrArray *problems, HeddleGraph *graph);
/* The problem of a row; borrowed from it. */
const HeddleProblem *heddle_problem_row_get_problem (GtkListBoxRow *row);

G_END_DECLS
