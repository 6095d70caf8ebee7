/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * Holds one child, and asks for no more room than it is told to, so that a window can become narrower
 * than what is in it. What is in it binds to the properties that say how much room there is, and folds.
 *
 * Properties: "child"; "min-width" and "min-height" (what it asks for; -1: what the child asks for),
 * "fold-below" and "narrow-below" (widths in pixels); and read-only "folded" and "narrow", which
 * change while sizes are given out, before the child gets its own.
 */
#define HEDDLE_TYPE_ADAPTIVE_BIN (heddle_adaptive_bin_get_type ())
G_DECLARE_FINAL_TYPE (HeddleAdaptiveBin, heddle_adaptive_bin, HEDDLE, ADAPTIVE_BIN, GtkWidget)

gboolean heddle_adaptive_bin_is_folded (HeddleAdaptiveBin *self);
gboolean heddle_adaptive_bin_is_narrow (HeddleAdaptiveBin *self);

G_END_DECLS
