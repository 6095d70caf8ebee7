/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The conversations that one node keeps: each can be read and deleted. */
#define HEDDLE_TYPE_CONVERSATIONS_WINDOW (heddle_conversations_window_get_type ())
G_DECLARE_FINAL_TYPE (HeddleConversationsWindow, heddle_conversations_window, HEDDLE, CONVERSATIONS_WINDOW, AdwWindow)

GtkWidget *heddle_conversations_window_new (HeddleStore *store, const char *workflow, const char *node);

G_END_DECLS
