/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Only in the address sanitizer's build. What libraries lose is held here, by exactly what it is, so that no
 * suppression by the name of a function hides a leak of our own.
 */

#include <dlfcn.h>
#include <gio/gio.h>
#include <string.h>

/*
 * GLib's table of interned strings is replaced by a larger one when it is full, and the old one is left behind so
 * that readers need no lock. To the sanitizer that is a leak without a name: the first table comes from the
 * library's constructor. Its sizes are known.
 */
#define TABLE_SIZE (2048 * sizeof (char *))
#define MAX_TABLES 4096

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

/* libsecret's file backend overwrites the entity tag of the file it wrote before. */
#define MAX_TAGS 256

static const char *tags[MAX_TAGS];
static guint n_tags;

static gboolean
is_libsecret (const void *address)
{
  Dl_info info;

  return dladdr (address, &info) != 0 && info.dli_fname != NULL && strstr (info.dli_fname, "libsecret-1.so") != NULL;
}

gboolean
g_file_replace_contents_finish (GFile *file, GAsyncResult *result, char **new_etag, GError **error)
{
  static __typeof__ (&g_file_replace_contents_finish) real;
  gboolean written;

  if (real == NULL)
    real = (__typeof__ (real)) dlsym (RTLD_NEXT, "g_file_replace_contents_finish");
  written = real (file, result, new_etag, error);
  if (written && new_etag != NULL && n_tags < MAX_TAGS && is_libsecret (__builtin_return_address (0)))
    tags[n_tags++] = *new_etag;
  return written;
}
