/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "heddle-engine.h"

G_BEGIN_DECLS

/* Asks for the name of a version. Signals: "changed" when it has it, "message" (const char *) when it could not get it. */
#define HEDDLE_TYPE_VERSION_NAME (heddle_version_name_get_type ())
G_DECLARE_FINAL_TYPE (HeddleVersionName, heddle_version_name, HEDDLE, VERSION_NAME, AdwMessageDialog)

/* version 0: the workflow as it is now, which is saved first. name: it has now, or NULL. */
GtkWidget *heddle_version_name_new (GtkWindow *parent, HeddleStore *store, HeddleDocument *document, gint64 version, const char *name);

G_END_DECLS
