/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "heddle-engine.h"

G_BEGIN_DECLS

/* The steps of a document, the newest first; the last row is how it was before all of them. Follows the document while it is seen. */
#define HEDDLE_TYPE_STEP_LIST (heddle_step_list_get_type ())
G_DECLARE_FINAL_TYPE (HeddleStepList, heddle_step_list, HEDDLE, STEP_LIST, GtkWidget)

GtkWidget *heddle_step_list_new (HeddleDocument *document);

G_END_DECLS
