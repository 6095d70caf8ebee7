/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *paths; /* of char*, absolute, in order */
  guint n_skipped;
  char *first_skipped; /* what and why; NULL: nothing */
  guint n_named;       /* how many of paths were named by the person; these come first */
} HeddleFileWalk;

/*
 * The files among roots and, by name, those in folders below: no hidden ones, nothing through
 * links to folders, at most 32 levels and 100 000 files. Blocks. NULL only when cancelled.
 */
HeddleFileWalk *heddle_file_walk (const char *const *roots, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_file_walk_free (HeddleFileWalk *self);
/* Counts one more that is left out; why is a translated sentence. */
void heddle_file_walk_skip (HeddleFileWalk *self, const char *path, const char *why);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleFileWalk, heddle_file_walk_free)

G_END_DECLS
