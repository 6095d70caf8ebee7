/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "heddle-engine.h"

G_BEGIN_DECLS

/* Fills the list with what differs (HeddleDifference*), in words; what was before and after can be unfolded. */
void heddle_difference_rows_fill (GtkListBox *list, GPtrArray *differences);

G_END_DECLS
