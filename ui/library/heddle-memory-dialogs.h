/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Shows a fact (NULL: a new one) to be edited in a graph over parent; what goes wrong is told there. */
void heddle_memory_edit_fact (GtkWindow *parent, HeddleMemory *memory, const char *graph, const HeddleMemoryFact *fact);
/* Shows whom a graph is lent to, to be changed. */
void heddle_memory_edit_shares (GtkWindow *parent, HeddleMemory *memory, const char *graph);

G_END_DECLS
