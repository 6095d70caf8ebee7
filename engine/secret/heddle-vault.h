/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Where the values of credentials are kept: in the keyring, and only where there is none, in an encrypted file. A keyring that is locked
 * is a keyring: it is never gone around. Completes in the caller's context; errors are AUTH.
 */
void heddle_vault_store_async (const char *name, const char *value, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_vault_store_finish (GAsyncResult *result, gboolean *in_file, GError **error);
/* NULL without error when there is none. Wipe it with heddle_vault_free. */
void heddle_vault_lookup_async (const char *name, gboolean in_file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char *heddle_vault_lookup_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_vault_clear_async (const char *name, gboolean in_file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_vault_clear_finish (GAsyncResult *result, GError **error);
void heddle_vault_free (char *value);

G_END_DECLS
