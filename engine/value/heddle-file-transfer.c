/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-file-place-private.h"

#include "heddle-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Reading and writing at a place. */

/* Between two looks at whether it was stopped. */
#define PIECE (256 * 1024)
#define MIB (1024 * 1024)
#define N_NAMES 100

typedef int Descriptor;

static void
descriptor_close (Descriptor *self)
{
  if (*self >= 0)
    close (*self);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Descriptor, descriptor_close)

/* What the kernel makes up looks like files and tells of processes, their environment and their memory. */
static gboolean
check_file_system (HeddleFilePlace *self, int fd, GError **error)
{
  static const guint32 made_up[] = { PROC_SUPER_MAGIC, SYSFS_MAGIC, DEBUGFS_MAGIC, TRACEFS_MAGIC, SECURITYFS_MAGIC, CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, BPF_FS_MAGIC };
  struct statfs info;

  if (fstatfs (fd, &info) != 0)
    return heddle_file_place_fail (self->path, errno, error);
  for (guint i = 0; i < G_N_ELEMENTS (made_up); i++)
    {
      if ((guint32) info.f_type != made_up[i])
        continue;
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” belongs to the system and is on no disk. Name an ordinary file."), self->path);
      return FALSE;
    }
  return TRUE;
}

/* Looked at before it is opened, because opening a device does things, and after, because it may be another by then. -1 with error. */
static int
open_file (HeddleFilePlace *self, int flags, struct stat *info, GError **error)
{
  g_auto (Descriptor) fd = -1;
  gboolean exists = fstatat (self->folder, self->name, info, AT_SYMLINK_NOFOLLOW) == 0;

  if (exists && !heddle_file_place_check_kind (self->path, info->st_mode, error))
    return -1;
  fd = openat (self->folder, self->name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
  if (fd < 0 || fstat (fd, info) != 0)
    {
      heddle_file_place_fail (self->path, errno, error);
      return -1;
    }
  if (!heddle_file_place_check_kind (self->path, info->st_mode, error) || !check_file_system (self, fd, error))
    return -1;
  return g_steal_fd (&fd);
}

static gboolean
fail_too_large (HeddleFilePlace *self, gsize max, GError **error)
{
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("“%s” is larger than %.6g MB. Raise the limit of the node, or name a smaller file."), self->path, (double) max / MIB);
  return FALSE;
}

static gboolean
read_all (HeddleFilePlace *self, int fd, GByteArray *content, gsize max, GCancellable *cancellable, GError **error)
{
  gssize n_read;

  do
    {
      guint length = content->len;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      g_byte_array_set_size (content, length + PIECE);
      n_read = read (fd, content->data + length, PIECE);
      g_byte_array_set_size (content, length + (guint) MAX (n_read, 0));
      if (n_read < 0 && errno != EINTR)
        return heddle_file_place_fail (self->path, errno, error);
      if (content->len > max)
        return fail_too_large (self, max, error);
    }
  while (n_read != 0);
  return TRUE;
}

GBytes *
heddle_file_place_read (HeddleFilePlace *self, gsize max, gint64 *modified, GCancellable *cancellable, GError **error)
{
  struct stat info;
  g_auto (Descriptor) fd = open_file (self, O_RDONLY, &info, error);
  g_autoptr (GByteArray) content = NULL;

  if (fd < 0)
    return NULL;
  if ((guint64) info.st_size > max)
    {
      fail_too_large (self, max, error);
      return NULL;
    }
  content = g_byte_array_sized_new ((guint) info.st_size + PIECE);
  if (!read_all (self, fd, content, max, cancellable, error))
    return NULL;
  if (modified != NULL)
    *modified = (gint64) info.st_mtim.tv_sec * G_USEC_PER_SEC + info.st_mtim.tv_nsec / 1000;
  return g_byte_array_free_to_bytes (g_steal_pointer (&content));
}

static gboolean
write_all (HeddleFilePlace *self, int fd, GBytes *bytes, GCancellable *cancellable, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  for (gsize written = 0; written < size;)
    {
      gssize n_written;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      n_written = write (fd, data + written, MIN (size - written, PIECE));
      if (n_written < 0 && errno != EINTR)
        return heddle_file_place_fail (self->path, errno, error);
      written += (gsize) MAX (n_written, 0);
    }
  return fsync (fd) == 0 || heddle_file_place_fail (self->path, errno, error);
}

/* What was only half written is taken back, as long as nobody else wrote behind it. */
static gboolean
append (HeddleFilePlace *self, GBytes *bytes, GCancellable *cancellable, GError **error)
{
  struct stat before;
  struct stat after;
  g_auto (Descriptor) fd = open_file (self, O_WRONLY | O_APPEND | O_CREAT, &before, error);

  if (fd < 0)
    return FALSE;
  if (write_all (self, fd, bytes, cancellable, error))
    return TRUE;
  if (fstat (fd, &after) == 0 && after.st_size > before.st_size && after.st_size < before.st_size + (goffset) g_bytes_get_size (bytes) &&
      ftruncate (fd, before.st_size) != 0)
    g_debug ("What was half written to \"%s\" stays: %s", self->path, g_strerror (errno));
  return FALSE;
}

/* A file of its own beside the one that it will be. name: set to what it is called. -1 with error. */
static int
create_beside (HeddleFilePlace *self, mode_t mode, char **name, GError **error)
{
  for (guint i = 0; i < N_NAMES; i++)
    {
      g_autofree char *tried = g_strdup_printf (".heddle-%08x%08x", g_random_int (), g_random_int ());
      int fd = openat (self->folder, tried, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);

      if (fd >= 0)
        {
          *name = g_steal_pointer (&tried);
          return fd;
        }
      if (errno != EEXIST)
        break;
    }
  heddle_file_place_fail (self->path, errno, error);
  return -1;
}

/* Not every file system can rename without replacing; a second name for the same file says the same. */
static gboolean
put_new (HeddleFilePlace *self, const char *name, GError **error)
{
  int code = renameat2 (self->folder, name, self->folder, self->name, RENAME_NOREPLACE) == 0 ? 0 : errno;

  if (code == EINVAL || code == ENOSYS)
    {
      code = linkat (self->folder, name, self->folder, self->name, 0) == 0 ? 0 : errno;
      if (code == 0)
        unlinkat (self->folder, name, 0);
    }
  if (code == EEXIST)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("“%s” is there already, and this node only makes new files. Choose another name, or let the node replace it."), self->path);
  else if (code != 0)
    heddle_file_place_fail (self->path, code, error);
  return code == 0;
}

static gboolean
put (HeddleFilePlace *self, const char *name, HeddleFileMode mode, GError **error)
{
  if (mode == HEDDLE_FILE_CREATE_NEW)
    return put_new (self, name, error);
  return renameat (self->folder, name, self->folder, self->name) == 0 || heddle_file_place_fail (self->path, errno, error);
}

/* The name itself, which is in the folder, and not in the file. */
static void
sync_folder (HeddleFilePlace *self)
{
  g_auto (Descriptor) fd = openat (self->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd >= 0 && fsync (fd) != 0)
    g_debug ("The folder of \"%s\" is not on the disk yet: %s", self->path, g_strerror (errno));
}

/* What is there keeps its permissions. */
static gboolean
write_beside (HeddleFilePlace *self, int fd, const struct stat *there, GBytes *bytes, GCancellable *cancellable, GError **error)
{
  if (!check_file_system (self, fd, error))
    return FALSE;
  if (there->st_mode != 0 && fchmod (fd, there->st_mode & 07777) != 0)
    return heddle_file_place_fail (self->path, errno, error);
  return write_all (self, fd, bytes, cancellable, error);
}

gboolean
heddle_file_place_write (HeddleFilePlace *self, HeddleFileMode mode, GBytes *bytes, GCancellable *cancellable, GError **error)
{
  struct stat there = { 0 };
  g_autofree char *name = NULL;
  g_auto (Descriptor) fd = -1;

  if (mode == HEDDLE_FILE_APPEND)
    return append (self, bytes, cancellable, error);
  if (fstatat (self->folder, self->name, &there, AT_SYMLINK_NOFOLLOW) == 0 && !heddle_file_place_check_kind (self->path, there.st_mode, error))
    return FALSE;
  /* Nothing is made where the file may not be written. */
  if (there.st_mode != 0 && mode == HEDDLE_FILE_REPLACE && faccessat (self->folder, self->name, W_OK, 0) != 0)
    return heddle_file_place_fail (self->path, errno, error);
  fd = create_beside (self, 0666, &name, error);
  if (fd < 0)
    return FALSE;
  if (!write_beside (self, fd, &there, bytes, cancellable, error) || !put (self, name, mode, error))
    {
      unlinkat (self->folder, name, 0);
      return FALSE;
    }
  sync_folder (self);
  return TRUE;
}
