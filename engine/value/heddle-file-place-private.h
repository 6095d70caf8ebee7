/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/stat.h>

#include "value/heddle-file-place.h"

G_BEGIN_DECLS

struct _HeddleFilePlace
{
  int folder; /* the one it is in, held, so that nobody can put another in its place */
  char *name; /* within that folder */
  char *path;
};

/* Sets an error for what the system said about it; always FALSE. */
gboolean heddle_file_place_fail (const char *path, int code, GError **error);
/* Whether it is an ordinary file. */
gboolean heddle_file_place_check_kind (const char *path, mode_t mode, GError **error);

G_END_DECLS
