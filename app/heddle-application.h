/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The desktop application: builds the services once, opens windows over them. */
#define HEDDLE_TYPE_APPLICATION (heddle_application_get_type ())
G_DECLARE_FINAL_TYPE (HeddleApplication, heddle_application, HEDDLE, APPLICATION, AdwApplication)

HeddleApplication *heddle_application_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
