/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/heddle-database.h"

G_BEGIN_DECLS

/* The steps of undo and redo that outlive a save. On the store's thread; all but the reading in a transaction. */

/* Takes a journal entry (its text) into the history; label becomes what it did, for people. */
gboolean heddle_store_fold_entry (HeddleDatabase *database, const char *workflow, const char *text, char **label, GError **error);
/* Drops what is further away than can be kept. */
gboolean heddle_store_trim_history (HeddleDatabase *database, const char *workflow, GError **error);
gboolean heddle_store_clear_history (HeddleDatabase *database, const char *workflow, GError **error);
/* For heddle_document_load_history (); NULL: there is none. */
gboolean heddle_store_read_history (HeddleDatabase *database, const char *workflow, JsonNode **history, GError **error);

G_END_DECLS
