/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A button for a row of the preferences whose popover lists the models a provider named when it was last asked; a click copies one. */
GtkWidget *heddle_provider_models_button_new (HeddleModels *models, const char *provider);

G_END_DECLS
