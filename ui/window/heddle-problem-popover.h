/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * The popover with everything wrong with a workflow. Signal "problem-activated"
 * (const char *node, const char *param): both may be NULL.
 */
#define HEDDLE_TYPE_PROBLEM_POPOVER (heddle_problem_popover_get_type ())
G_DECLARE_FINAL_TYPE (HeddleProblemPopover, heddle_problem_popover, HEDDLE, PROBLEM_POPOVER, GtkPopover)

GtkWidget *heddle_problem_popover_new (void);
/* graph names the nodes. */
void heddle_problem_popover_set_problems (HeddleProblemPopover *self, GPtrArray *problems, HeddleGraph *graph);

G_END_DECLS
