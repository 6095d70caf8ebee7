/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "heddle-engine.h"

G_BEGIN_DECLS

/* The stored versions of a workflow, the newest first. Signal "message" (const char *): for a toast. */
#define HEDDLE_TYPE_VERSION_LIST (heddle_version_list_get_type ())
G_DECLARE_FINAL_TYPE (HeddleVersionList, heddle_version_list, HEDDLE, VERSION_LIST, GtkWidget)

GtkWidget *heddle_version_list_new (HeddleStore *store, HeddleDocument *document);
/* The workflow is being saved, or was. */
void heddle_version_list_refresh (HeddleVersionList *self);

G_END_DECLS
