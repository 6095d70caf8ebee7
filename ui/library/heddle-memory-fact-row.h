/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * One fact: what it says, how sure it is, and on opening where it came from. Signals: "edit", "delete", "toggle"
 * (revoke, or let it hold again), "show-run" (const char *run).
 */
#define HEDDLE_TYPE_MEMORY_FACT_ROW (heddle_memory_fact_row_get_type ())
G_DECLARE_FINAL_TYPE (HeddleMemoryFactRow, heddle_memory_fact_row, HEDDLE, MEMORY_FACT_ROW, AdwExpanderRow)

/* Takes the fact. */
GtkWidget *heddle_memory_fact_row_new (HeddleMemory *memory, HeddleMemoryFact *fact);
const HeddleMemoryFact *heddle_memory_fact_row_get_fact (HeddleMemoryFactRow *self);

G_END_DECLS
