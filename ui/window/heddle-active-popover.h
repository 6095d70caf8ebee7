/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "window/heddle-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * Sets a workflow active and shows how it is called: URL, token, a line for the terminal, webhooks, the next times of its
 * schedules, and who called. Signals: "changed" when the workflow became active or inactive; "run-activated" (const char *run).
 */
#define HEDDLE_TYPE_ACTIVE_POPOVER (heddle_active_popover_get_type ())
G_DECLARE_FINAL_TYPE (HeddleActivePopover, heddle_active_popover, HEDDLE, ACTIVE_POPOVER, GtkPopover)

GtkWidget *heddle_active_popover_new (void);
/* services is borrowed and outlives the popover. */
void heddle_active_popover_set_services (HeddleActivePopover *self, const HeddleServices *services);
/* NULL: none is looked at. */
void heddle_active_popover_set_session (HeddleActivePopover *self, HeddleSession *session);
gboolean heddle_active_popover_is_active (HeddleActivePopover *self);

G_END_DECLS
