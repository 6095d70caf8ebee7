/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* A row that takes a picture or a file: chosen, or dropped on it. Read at once, on a thread of its own. */
#define HEDDLE_TYPE_FILE_ROW (heddle_file_row_get_type ())
G_DECLARE_FINAL_TYPE (HeddleFileRow, heddle_file_row, HEDDLE, FILE_ROW, AdwActionRow)

GtkWidget *heddle_file_row_new (gboolean is_image);
/* The file as a value (see heddle-file-value.h), borrowed; NULL: none, or not read yet. */
JsonNode *heddle_file_row_get_file (HeddleFileRow *self);
void heddle_file_row_set_file (HeddleFileRow *self, JsonNode *file);
/* Reads this one. */
void heddle_file_row_open (HeddleFileRow *self, GFile *file);
/* The button that chooses, for the focus. */
GtkWidget *heddle_file_row_get_button (HeddleFileRow *self);

G_END_DECLS
