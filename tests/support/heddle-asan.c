/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Only in the address sanitizer's build. GLib's table of interned strings is replaced by a larger one when it is full, and
 * the old one is left behind so that readers need no lock. To the sanitizer that is a leak without a name: the
 * first table comes from the library's constructor. Its sizes are known, so the tables are held here instead.
 */

#include <glib.h>

#define TABLE_SIZE (2048 * sizeof (char *))
#define MAX_TABLES 64

void __sanitizer_malloc_hook (const volatile void *address, gsize size);

static const volatile void *tables[MAX_TABLES];
static guint n_tables;

void
__sanitizer_malloc_hook (const volatile void *address, gsize size)
{
  guint i;

  if (size == 0 || size % TABLE_SIZE != 0)
    return;
  i = __atomic_fetch_add (&n_tables, 1, __ATOMIC_RELAXED);
  if (i < MAX_TABLES)
    tables[i] = address;
}
