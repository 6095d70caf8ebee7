/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge/heddle-file-walk.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_DEPTH 32
#define MAX_FILES 100000

void
heddle_file_walk_free (HeddleFileWalk *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->paths);
  g_free (self->first_skipped);
  g_free (self);
}

void
heddle_file_walk_skip (HeddleFileWalk *self,
                       const char *path,
                       const char *why)
{
  g_autofree char *name = g_filename_display_basename (path);

  self->n_skipped++;
  if (self->first_skipped == NULL)
    self->first_skipped = g_strdup_printf ("%s: %s", name, why);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_names (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

/* Recursive: at most MAX_DEPTH. */
static void
walk_folder (HeddleFileWalk *self,
             const char *folder,
             guint depth,
             GCancellable *cancellable)
{
  g_autoptr (GPtrArray) names = list_names (folder);

  for (guint i = 0; i < names->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      gboolean is_folder = g_file_test (path, G_FILE_TEST_IS_DIR);

      if (name[0] == '.' || name[strlen (name) - 1] == '~')
        heddle_file_walk_skip (self, path, _ ("It is hidden or a backup."));
      else if (is_folder && g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        heddle_file_walk_skip (self, path, _ ("It is a link to a folder."));
      else if (is_folder && depth == MAX_DEPTH)
        heddle_file_walk_skip (self, path, _ ("The folders are nested too deeply."));
      else if (is_folder)
        walk_folder (self, path, depth + 1, cancellable);
      else if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
        heddle_file_walk_skip (self, path, _ ("It is no ordinary file."));
      else if (self->paths->len >= MAX_FILES)
        heddle_file_walk_skip (self, path, _ ("There are more than 100,000 files. Add fewer folders at once."));
      else
        g_ptr_array_add (self->paths, g_steal_pointer (&path));
    }
}

HeddleFileWalk *
heddle_file_walk (const char *const *roots,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (HeddleFileWalk) self = g_new0 (HeddleFileWalk, 1);
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (roots != NULL, NULL);

  self->paths = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; roots[i] != NULL; i++)
    {
      g_autofree char *path = g_canonicalize_filename (roots[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        g_ptr_array_add (folders, g_steal_pointer (&path));
      else
        g_ptr_array_add (self->paths, g_steal_pointer (&path));
    }
  self->n_named = self->paths->len;
  for (guint i = 0; i < folders->len; i++)
    walk_folder (self, g_ptr_array_index (folders, i), 1, cancellable);
  return g_cancellable_set_error_if_cancelled (cancellable, error) ? NULL : g_steal_pointer (&self);
}
