/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is done once a run has ended well, in the order it was asked for; data is destroyed whether or not it came to that. */
GArray *heddle_followers_new (void) G_GNUC_WARN_UNUSED_RESULT;
void heddle_followers_add (GArray *self, void (*func) (gpointer data), gpointer data, GDestroyNotify destroy);
void heddle_followers_call (GArray *self);

G_END_DECLS
