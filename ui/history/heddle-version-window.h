/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "heddle-engine.h"

G_BEGIN_DECLS

/*
 * A version: its picture, what differs from the workflow as it is now or from another version, and what can be done with it.
 * Signals: "changed" when it got a name, "message" (const char *) for a toast.
 */
#define HEDDLE_TYPE_VERSION_WINDOW (heddle_version_window_get_type ())
G_DECLARE_FINAL_TYPE (HeddleVersionWindow, heddle_version_window, HEDDLE, VERSION_WINDOW, AdwWindow)

/* versions: of HeddleHistoryItem. */
GtkWidget *heddle_version_window_new (HeddleStore *store, HeddleDocument *document, GListModel *versions, gint64 version);

G_END_DECLS
