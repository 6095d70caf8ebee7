/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <graphene.h>

G_BEGIN_DECLS

/*
 * Where to draw things that are related: those that are come near each other, the others move apart. The same lists give the
 * same picture. pairs: indices of two related things each. New array of n_things points around (0, 0).
 */
graphene_point_t *heddle_memory_layout (guint n_things, const guint (*pairs)[2], guint n_pairs) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
