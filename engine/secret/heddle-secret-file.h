/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Values by name in an encrypted file, for systems without a keyring. Each value is sealed with XChaCha20-Poly1305 together with
 * its name. The key is made of the passphrase in HEDDLE_PASSPHRASE by Argon2id when there is one, else it is random and kept in a
 * file of its own, apart from the data, so that a copy of the data folder alone tells nothing. Both files can be read by their owner
 * only. All block (a passphrase takes a second) and may be called from any thread and process at once.
 */
gboolean heddle_secret_file_store (const char *name, const char *value, GError **error);
/* NULL without error when there is none. Wipe it with heddle_secret_file_free. */
char *heddle_secret_file_lookup (const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean heddle_secret_file_clear (const char *name, GError **error);
void heddle_secret_file_free (char *value);

G_END_DECLS
