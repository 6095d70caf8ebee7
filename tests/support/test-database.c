/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test-database.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

char *
heddle_test_new_database_path (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("heddle-test-XXXXXX", &error);

  g_assert_no_error (error);
  return g_build_filename (folder, "test.db", NULL);
}

void
heddle_test_remove_database (char *path)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", "-lease" };
  g_autofree char *folder = g_path_get_dirname (path);

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      g_unlink (name);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (path);
}
