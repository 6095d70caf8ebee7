/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-private-memory.h"

#include <sys/resource.h>

void
heddle_app_keep_memory_private (void)
{
  struct rlimit limit;

  if (g_getenv ("HEDDLE_CORE_DUMPS") != NULL || getrlimit (RLIMIT_CORE, &limit) != 0)
    return;
  /* Only the soft limit: what people's code and tools run as is not ours to decide. */
  limit.rlim_cur = 0;
  setrlimit (RLIMIT_CORE, &limit);
}
