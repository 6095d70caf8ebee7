/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * Credentials by name. The value comes from the environment (HEDDLE_CREDENTIAL_<NAME>, upper case,
 * others as _), from the Secret Service through libsecret, or, where there is none, from an encrypted file. Only the HTTP
 * layer sees a value.
 * kind: "bearer", "basic" (user:password), "header" (header: its name). Thread-safe.
 */
#define HEDDLE_TYPE_SECRETS (heddle_secrets_get_type ())
G_DECLARE_FINAL_TYPE (HeddleSecrets, heddle_secrets, HEDDLE, SECRETS, GObject)

/* store keeps names and kinds (settings), never values; may be NULL. */
HeddleSecrets *heddle_secrets_new (HeddleStore *store) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  char *name;
  char *kind;
  char *header; /* for kind "header" */
  gboolean from_environment;
  gboolean in_file; /* in the encrypted file, because there was no keyring; set by store */
} HeddleCredentialInfo;
void heddle_credential_info_free (HeddleCredentialInfo *info);
GPtrArray *heddle_secrets_list (HeddleSecrets *self) G_GNUC_WARN_UNUSED_RESULT;

void heddle_secrets_store_async (HeddleSecrets *self, const HeddleCredentialInfo *info, const char *value, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_secrets_store_finish (HeddleSecrets *self, GAsyncResult *result, GError **error);
void heddle_secrets_delete_async (HeddleSecrets *self, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean heddle_secrets_delete_finish (HeddleSecrets *self, GAsyncResult *result, GError **error);
/* The header that carries the credential: name and value, to be freed with heddle_secrets_header_free, which wipes. AUTH error when there is none. */
typedef struct
{
  char *name;
  char *value;
} HeddleSecretHeader;
void heddle_secrets_lookup_async (HeddleSecrets *self, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
HeddleSecretHeader *heddle_secrets_lookup_finish (HeddleSecrets *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_secrets_header_free (HeddleSecretHeader *header);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleCredentialInfo, heddle_credential_info_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleSecretHeader, heddle_secrets_header_free)

G_END_DECLS
