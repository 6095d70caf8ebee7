/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A toast that shows the message as it is, whatever markup may be in it. */
AdwToast *heddle_toast_new (const char *message) G_GNUC_WARN_UNUSED_RESULT;

/* Shows it when those before it have gone. Takes the toast over, as the overlay does. */
void heddle_toast_show (AdwToastOverlay *overlay, AdwToast *toast);

/*
 * Takes it away, as soon as that is safe: libadwaita 1.2 uses what it has freed when a toast has slid out before the
 * animation that shows it is over. One that waits for its turn does not come.
 */
void heddle_toast_dismiss (AdwToast *toast);

G_END_DECLS
