/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-database.h"

G_BEGIN_DECLS

/* On the store's thread, in the transaction of a save: a new version, unless it is as the newest; others go as they grow old. label may be NULL. */
gboolean heddle_store_write_version (HeddleDatabase *database, const char *workflow, gint64 source, const char *label, GError **error);

G_END_DECLS
