/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

typedef struct
{
  const char *member; /* of the setting; {NULL} ends a table */
  const char *title;  /* N_() */
  gboolean is_money;  /* US dollars, else a whole number */
} HeddleLimit;

/*
 * A group of rows for limits of a workflow: numbers that are members of one object in its settings. An empty row is no
 * limit, and a setting without any is left out.
 */
#define HEDDLE_TYPE_LIMIT_ROWS (heddle_limit_rows_get_type ())
G_DECLARE_FINAL_TYPE (HeddleLimitRows, heddle_limit_rows, HEDDLE, LIMIT_ROWS, GtkWidget)

/* title and undo_label: translated. limits: static. */
GtkWidget *heddle_limit_rows_new (const char *title, const char *setting, const char *undo_label, const HeddleLimit *limits);
void heddle_limit_rows_set_document (HeddleLimitRows *self, HeddleDocument *document);
void heddle_limit_rows_set_description (HeddleLimitRows *self, const char *text);

G_END_DECLS
