/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A place on the disk that a workflow names. Only ordinary files are read and written: no links, devices, pipes or folders, and nothing that
 * the kernel makes up. All of it blocks: for a thread pool.
 */
typedef struct _HeddleFilePlace HeddleFilePlace;

/* What "~/notes" and such begin from where no folder is given. */
#define HEDDLE_FOLDER_VARIABLE "HEDDLE_FOLDER"

/*
 * path: absolute, beginning with "~/", or within folder. folder: what it cannot leave, neither by ".." nor by a link in it; NULL or blank: it may
 * be anywhere, and a relative path begins at $HEDDLE_FOLDER or is refused. make_folders: those that are missing are made.
 */
HeddleFilePlace *heddle_file_place_new (const char *path, const char *folder, gboolean make_folders, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_file_place_free (HeddleFilePlace *self);
const char *heddle_file_place_get_path (HeddleFilePlace *self); /* absolute; borrowed */

/* modified: µs since the epoch; may be NULL. HEDDLE_ERROR_LIMIT when there is more than max bytes. */
GBytes *heddle_file_place_read (HeddleFilePlace *self, gsize max, gint64 *modified, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  HEDDLE_FILE_REPLACE,    /* the whole file at once: others see the old one or the new one, also after a crash */
  HEDDLE_FILE_APPEND,     /* behind what is there */
  HEDDLE_FILE_CREATE_NEW, /* fails when it is there, whole as above */
} HeddleFileMode;
/* On the disk when it returns. */
gboolean heddle_file_place_write (HeddleFilePlace *self, HeddleFileMode mode, GBytes *bytes, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleFilePlace, heddle_file_place_free)

G_END_DECLS
