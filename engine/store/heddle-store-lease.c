/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-lease.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "heddle-error.h"

struct _HeddleLease
{
  int fd; /* -1: a database in memory, which no other process sees */
  gint64 id;
};

static struct flock
lock_of (gint64 id)
{
  return (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = id, .l_len = 1 };
}

HeddleLease *
heddle_lease_new (const char *database,
                  GError **error)
{
  g_autofree char *path = g_strconcat (database, "-lease", NULL);
  HeddleLease *self = g_new0 (HeddleLease, 1);
  struct flock lock;

  self->fd = -1;
  self->id = 1 + (((gint64) g_random_int () << 30) ^ g_random_int ());
  if (g_strcmp0 (database, ":memory:") == 0)
    return self;

  self->fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->fd < 0)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE,
                   _ ("“%s” cannot be written: %s. Allow writing to the folder of the database."), path, g_strerror (errno));
      g_free (self);
      return NULL;
    }
  lock = lock_of (self->id);
  /* Where locks are not supported, asking fails too, and every id counts as held. */
  if (fcntl (self->fd, F_OFD_SETLK, &lock) != 0)
    g_debug ("No lock on \"%s\": %s", path, g_strerror (errno));
  return self;
}

void
heddle_lease_free (HeddleLease *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

gint64
heddle_lease_get_id (HeddleLease *self)
{
  return self->id;
}

gboolean
heddle_lease_is_held (HeddleLease *self,
                      gint64 id)
{
  struct flock lock = lock_of (id);

  if (id == self->id)
    return TRUE;
  if (self->fd < 0 || id < 0)
    return FALSE;
  return fcntl (self->fd, F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
}
