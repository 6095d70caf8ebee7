/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * The pools of a workflow and how many slots each has: those that its settings name and those that its nodes name. A
 * pool without a setting has one slot.
 */
#define HEDDLE_TYPE_POOL_ROWS (heddle_pool_rows_get_type ())
G_DECLARE_FINAL_TYPE (HeddlePoolRows, heddle_pool_rows, HEDDLE, POOL_ROWS, GtkWidget)

GtkWidget *heddle_pool_rows_new (void);
void heddle_pool_rows_set_document (HeddlePoolRows *self, HeddleDocument *document);

G_END_DECLS
