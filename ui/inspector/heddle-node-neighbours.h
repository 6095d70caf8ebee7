/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-param-editor.h"

G_BEGIN_DECLS

/* Replaces a list's rows by what comes right before and after a node; each row has the id of the other node. */
void heddle_node_neighbours_fill (GtkListBox *list, HeddleGraph *graph, const char *node_id);
/* The node of a row; borrowed from it. */
const char *heddle_node_neighbours_get_id (GtkListBoxRow *row);

G_END_DECLS
