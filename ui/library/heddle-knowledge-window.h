/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The page where knowledge bases are made, filled, tried and deleted. */
#define HEDDLE_TYPE_KNOWLEDGE_WINDOW (heddle_knowledge_window_get_type ())
G_DECLARE_FINAL_TYPE (HeddleKnowledgeWindow, heddle_knowledge_window, HEDDLE, KNOWLEDGE_WINDOW, AdwWindow)

/* services is borrowed and outlives the window. */
GtkWidget *heddle_knowledge_window_new (const HeddleServices *services);

G_END_DECLS
