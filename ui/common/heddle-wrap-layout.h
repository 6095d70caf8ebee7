/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * Children side by side, and those that do not fit in further lines, as words are. What expands gets what is
 * left of its line; a long text need not fit with all that it would like. Property "spacing", in pixels.
 */
#define HEDDLE_TYPE_WRAP_LAYOUT (heddle_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (HeddleWrapLayout, heddle_wrap_layout, HEDDLE, WRAP_LAYOUT, GtkLayoutManager)

G_END_DECLS
