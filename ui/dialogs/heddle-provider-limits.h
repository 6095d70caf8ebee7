/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* A button for the row of a provider that shows how much it is asked for at most, to be changed; kept when it closes. Floating. */
GtkWidget *heddle_provider_limits_button_new (HeddleModels *models, const char *provider);

G_END_DECLS
