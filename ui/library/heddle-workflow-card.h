/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* A workflow on the start page: its picture, name, and a line below. A button; "clicked" opens it. */
GtkWidget *heddle_workflow_card_new (HeddleGraph *graph, const char *title, const char *subtitle);

G_END_DECLS
