/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "find/heddle-outline-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What rows ask about the things they show. */
typedef struct
{
  HeddleGraph *graph;
  HeddleTrace *trace;   /* or NULL */
  GHashTable *problems; /* id of a node: char *, its problems, a line each; or NULL */
} HeddleOutlineLook;

/* How one item of the outline looks. */
#define HEDDLE_TYPE_OUTLINE_ROW (heddle_outline_row_get_type ())
G_DECLARE_FINAL_TYPE (HeddleOutlineRow, heddle_outline_row, HEDDLE, OUTLINE_ROW, GtkWidget)

GtkWidget *heddle_outline_row_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* item NULL: nothing. Keeps neither. */
void heddle_outline_row_show (HeddleOutlineRow *self, HeddleOutlineItem *item, const HeddleOutlineLook *look);
/* What it says, for assistive technology. Borrowed. */
const char *heddle_outline_row_get_label (HeddleOutlineRow *self);

G_END_DECLS
