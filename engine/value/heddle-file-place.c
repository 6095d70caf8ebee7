/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-file-place-private.h"

#include "heddle-error.h"
#include "value/heddle-text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#define OPEN_FOLDER (O_PATH | O_DIRECTORY | O_CLOEXEC)

gboolean
heddle_file_place_fail (const char *path, int code, GError **error)
{
  switch (code)
    {
    case ENOENT:
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("There is no “%s”. Check the path."), path);
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("“%s” may not be used: %s. Change its permissions or name another place."), path, g_strerror (code));
      break;
    case ENOTDIR:
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("A part of “%s” is no folder. Check the path."), path);
      break;
    case ENOSPC:
    case EDQUOT:
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("There is no room left for “%s”. Make some and run this again."), path);
      break;
    default:
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("“%s” cannot be used: %s."), path, g_strerror (code));
      break;
    }
  return FALSE;
}

gboolean
heddle_file_place_check_kind (const char *path, mode_t mode, GError **error)
{
  if (S_ISREG (mode))
    return TRUE;
  if (S_ISLNK (mode))
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” is a link to something else. Name the file itself."), path);
  else if (S_ISDIR (mode))
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” is a folder. Name a file in it."), path);
  else
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” is a device, a pipe or a socket, and no file. Name an ordinary file."), path);
  return FALSE;
}

void
heddle_file_place_free (HeddleFilePlace *self)
{
  if (self->folder >= 0)
    close (self->folder);
  g_free (self->name);
  g_free (self->path);
  g_free (self);
}

const char *
heddle_file_place_get_path (HeddleFilePlace *self)
{
  return self->path;
}

/* "~" and "~/…" are the person's folder; "~name" is a name like any other. */
static char *
expand_home (const char *path)
{
  if (path[0] != '~' || (path[1] != '/' && path[1] != '\0'))
    return g_strdup (path);
  return g_build_filename (g_get_home_dir (), path + 1, NULL);
}

/* Absolute and without "..", or NULL where it begins nowhere. */
static char *
make_absolute (const char *path, const char *base)
{
  g_autofree char *expanded = expand_home (path);
  g_autofree char *start = heddle_text_is_blank (base) ? NULL : expand_home (base);

  if (g_path_is_absolute (expanded))
    return g_canonicalize_filename (expanded, "/");
  if (start == NULL || !g_path_is_absolute (start))
    return NULL;
  return g_canonicalize_filename (expanded, start);
}

static char *
require_absolute (const char *path, const char *base, GError **error)
{
  char *absolute = make_absolute (path, base);

  if (absolute == NULL)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” does not say where it is. Write the whole path, such as ~/Documents/notes.txt, or name a folder that it is in."), path);
  return absolute;
}

/* What is below root of path; NULL when it is not below. */
static const char *
skip_root (const char *path, const char *root)
{
  gsize length = strlen (root);

  if (!g_str_has_prefix (path, root))
    return NULL;
  if (length > 0 && root[length - 1] == '/')
    return path + length;
  return path[length] == '/' ? path + length + 1 : path[length] == '\0' ? path + length
                                                                        : NULL;
}

static gboolean
fail_outside (const char *path, const char *folder, GError **error)
{
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” is outside of the folder “%s”, which this node may not leave. Name a file in that folder."), path, folder);
  return FALSE;
}

/* One step down. A link could lead out, so none is followed. */
static int
enter (int folder, const char *name, gboolean make, const char *path, GError **error)
{
  struct stat info;
  int below;

  if (make && mkdirat (folder, name, 0777) != 0 && errno != EEXIST)
    {
      heddle_file_place_fail (path, errno, error);
      return -1;
    }
  below = openat (folder, name, OPEN_FOLDER | O_NOFOLLOW);
  if (below >= 0)
    return below;
  if (errno == ENOTDIR && fstatat (folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK (info.st_mode))
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” in the path “%s” is a link, which may lead out of the folder. Name a file that no link leads to."), name, path);
  else
    heddle_file_place_fail (path, errno, error);
  return -1;
}

static int
open_root (const char *root, gboolean make, GError **error)
{
  int folder;

  if (make && g_mkdir_with_parents (root, 0777) != 0)
    {
      heddle_file_place_fail (root, errno, error);
      return -1;
    }
  folder = open (root, OPEN_FOLDER);
  if (folder < 0)
    heddle_file_place_fail (root, errno, error);
  return folder;
}

/* Goes down from the root through all but the last of the names. */
static gboolean
descend (HeddleFilePlace *self, const char *const *names, gboolean make, GError **error)
{
  for (guint i = 0; names[i + 1] != NULL; i++)
    {
      int below = enter (self->folder, names[i], make, self->path, error);

      if (below < 0)
        return FALSE;
      close (self->folder);
      self->folder = below;
    }
  return TRUE;
}

/* Below a folder that must not be left. */
static gboolean
open_within (HeddleFilePlace *self, const char *root, gboolean make, GError **error)
{
  const char *below = skip_root (self->path, root);
  g_auto (GStrv) names = NULL;

  if (below == NULL)
    return fail_outside (self->path, root, error);
  if (*below == '\0')
    return heddle_file_place_check_kind (self->path, S_IFDIR, error);
  self->folder = open_root (root, make, error);
  if (self->folder < 0)
    return FALSE;
  names = g_strsplit (below, "/", -1);
  self->name = g_strdup (names[g_strv_length (names) - 1]);
  return descend (self, (const char *const *) names, make, error);
}

static gboolean
open_anywhere (HeddleFilePlace *self, gboolean make, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  self->name = g_path_get_basename (self->path);
  if (strcmp (self->name, "/") == 0)
    return heddle_file_place_check_kind (self->path, S_IFDIR, error);
  self->folder = open_root (folder, make, error);
  return self->folder >= 0;
}

HeddleFilePlace *
heddle_file_place_new (const char *path, const char *folder, gboolean make_folders, GError **error)
{
  const char *base = g_getenv (HEDDLE_FOLDER_VARIABLE);
  gboolean is_bound = !heddle_text_is_blank (folder);
  g_autoptr (HeddleFilePlace) self = NULL;
  g_autofree char *root = NULL;

  if (heddle_text_is_blank (path))
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("No file is named. Enter a path."));
      return NULL;
    }
  root = is_bound ? require_absolute (folder, base, error) : NULL;
  if (is_bound && root == NULL)
    return NULL;
  self = g_new0 (HeddleFilePlace, 1);
  self->folder = -1;
  self->path = require_absolute (path, is_bound ? root : base, error);
  if (self->path == NULL)
    return NULL;
  if (!(is_bound ? open_within (self, root, make_folders, error) : open_anywhere (self, make_folders, error)))
    return NULL;
  return g_steal_pointer (&self);
}
