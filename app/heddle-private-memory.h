/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Keys pass through the memory of this program, so a crash leaves no image of it on the disk, unless HEDDLE_CORE_DUMPS asks for one
 * to find a fault with. First thing in main.
 */
void heddle_app_keep_memory_private (void);

G_END_DECLS
