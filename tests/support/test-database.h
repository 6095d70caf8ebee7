/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A path for a database that is not there yet, in a new folder of its own. The caller frees it. */
char *heddle_test_new_database_path (void);

/* Removes the database, the files that SQLite and the store put beside it, and its folder: nothing else may be in it.
 * Frees the path. */
void heddle_test_remove_database (char *path);
