/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas.h"

#include <malloc.h>

#define LARGEST_BUFFER (32 * 1024 * 1024)
#define KEPT (64 * 1024 * 1024)

void
heddle_canvas_keep_buffers (void)
{
#ifdef __GLIBC__
  mallopt (M_MMAP_THRESHOLD, LARGEST_BUFFER);
  mallopt (M_TRIM_THRESHOLD, KEPT);
#endif
}
