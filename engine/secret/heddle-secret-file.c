/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret/heddle-secret-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heddle-error.h"
#include "heddle-types.h"
#include "value/heddle-json.h"

/*
 * {"version":1,"salt":base64 when a passphrase makes the key,"values":{name:base64 of nonce and sealed value}}
 */
#define FORMAT_VERSION 1
#define PASSPHRASE_VARIABLE "HEDDLE_PASSPHRASE"
#define KEY_BYTES crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES

typedef struct
{
  char *path;
  int lock; /* the key's file, held against other threads and processes */
  JsonObject *values;
  guchar salt[crypto_pwhash_SALTBYTES];
  gboolean has_salt;
  guchar key[KEY_BYTES];
} SecretFile;

static void
secret_file_free (SecretFile *self)
{
  sodium_memzero (self->key, sizeof self->key);
  g_clear_pointer (&self->values, json_object_unref);
  if (self->lock >= 0)
    close (self->lock);
  g_free (self->path);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SecretFile, secret_file_free)

static gboolean
fail (GError **error, const char *path, const char *reason)
{
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_AUTH, _ ("The file of credentials “%s” cannot be used: %s"), path, reason);
  return FALSE;
}

static gboolean
ensure_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return g_mkdir_with_parents (folder, 0700) == 0 || fail (error, path, g_strerror (errno));
}

/* Open for as long as the file is worked on, and locked. */
static int
open_key_file (GError **error)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "heddle", "credentials.key", NULL);
  int fd = ensure_folder (path, error) ? open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;

  if (fd >= 0 && fchmod (fd, 0600) == 0 && flock (fd, LOCK_EX) == 0)
    return fd;
  if (fd >= 0)
    close (fd);
  if (error != NULL && *error == NULL)
    fail (error, path, g_strerror (errno));
  return -1;
}

/* A new key where there is none yet. */
static gboolean
read_key (SecretFile *self, GError **error)
{
  gssize n = pread (self->lock, self->key, sizeof self->key, 0);

  if (n == (gssize) sizeof self->key)
    return TRUE;
  if (n != 0 || json_object_get_size (self->values) > 0)
    return fail (error, self->path, _ ("its key is missing or damaged. Delete the file and enter the credentials again."));
  randombytes_buf (self->key, sizeof self->key);
  if (pwrite (self->lock, self->key, sizeof self->key, 0) == (gssize) sizeof self->key && fsync (self->lock) == 0)
    return TRUE;
  return fail (error, self->path, g_strerror (errno));
}

static gboolean
derive_key (SecretFile *self, const char *passphrase, GError **error)
{
  if (crypto_pwhash (self->key, sizeof self->key, passphrase, strlen (passphrase), self->salt, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                     crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) == 0)
    return TRUE;
  return fail (error, self->path, _ ("there is not enough memory."));
}

static gboolean
find_key (SecretFile *self, GError **error)
{
  const char *passphrase = g_getenv (PASSPHRASE_VARIABLE);
  gboolean is_new = json_object_get_size (self->values) == 0;

  if (is_new)
    self->has_salt = passphrase != NULL && *passphrase != '\0';
  if (!self->has_salt)
    return read_key (self, error);
  if (passphrase == NULL || *passphrase == '\0')
    return fail (error, self->path, _ ("it was made with a passphrase. Set HEDDLE_PASSPHRASE."));
  if (is_new)
    randombytes_buf (self->salt, sizeof self->salt);
  return derive_key (self, passphrase, error);
}

static void
read_salt (SecretFile *self, JsonNode *root)
{
  gsize size = 0;
  g_autofree guchar *salt = g_base64_decode (heddle_json_get_string (root, "salt", ""), &size);

  self->has_salt = size == sizeof self->salt;
  if (self->has_salt)
    memcpy (self->salt, salt, size);
}

static gboolean
read_values (SecretFile *self, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (JsonNode) copy = NULL;
  gsize length;

  self->values = json_object_new ();
  if (!g_file_get_contents (self->path, &text, &length, NULL))
    return !g_file_test (self->path, G_FILE_TEST_EXISTS) || fail (error, self->path, _ ("it cannot be read."));
  root = heddle_json_parse (text, length, NULL);
  if (heddle_json_get_int (root, "version", 0) != FORMAT_VERSION || heddle_json_get_object (root, "values") == NULL)
    return fail (error, self->path, _ ("it is damaged. Delete it and enter the credentials again."));
  read_salt (self, root);
  json_object_unref (self->values);
  copy = json_node_copy (heddle_json_member (root, "values"));
  self->values = json_node_dup_object (copy);
  return TRUE;
}

static SecretFile *
secret_file_open (GError **error)
{
  g_autoptr (SecretFile) self = g_new0 (SecretFile, 1);

  self->path = g_build_filename (g_get_user_data_dir (), "heddle", "credentials.json", NULL);
  self->lock = -1;
  if (sodium_init () < 0)
    {
      fail (error, self->path, _ ("this system has no random numbers."));
      return NULL;
    }
  self->lock = open_key_file (error);
  if (self->lock < 0 || !read_values (self, error) || !find_key (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
secret_file_save (SecretFile *self, GError **error)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) cause = NULL;

  json_object_set_int_member (object, "version", FORMAT_VERSION);
  if (self->has_salt)
    {
      g_autofree char *salt = g_base64_encode (self->salt, sizeof self->salt);

      json_object_set_string_member (object, "salt", salt);
    }
  json_object_set_object_member (object, "values", json_object_ref (self->values));
  root = heddle_json_object (object);
  text = heddle_json_to_text (root, HEDDLE_JSON_PRETTY);
  if (ensure_folder (self->path, error) &&
      g_file_set_contents_full (self->path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &cause))
    return TRUE;
  return cause == NULL ? FALSE : fail (error, self->path, cause->message);
}

static char *
seal (SecretFile *self, const char *name, const char *value)
{
  gsize length = strlen (value);
  gsize size = NONCE_BYTES + length + TAG_BYTES;
  g_autofree guchar *sealed = g_malloc (size);

  randombytes_buf (sealed, NONCE_BYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt (sealed + NONCE_BYTES, NULL, (const guchar *) value, length,
                                              (const guchar *) name, strlen (name), NULL, sealed, self->key);
  return g_base64_encode (sealed, size);
}

static char *
unseal (SecretFile *self, const char *name, const char *text, GError **error)
{
  gsize size;
  g_autofree guchar *sealed = g_base64_decode (text, &size);
  char *value;

  if (size < NONCE_BYTES + TAG_BYTES)
    {
      fail (error, self->path, _ ("it is damaged. Delete it and enter the credentials again."));
      return NULL;
    }
  value = g_malloc0 (size - NONCE_BYTES - TAG_BYTES + 1);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt ((guchar *) value, NULL, NULL, sealed + NONCE_BYTES, size - NONCE_BYTES,
                                                  (const guchar *) name, strlen (name), sealed, self->key) == 0)
    return value;
  heddle_secret_file_free (value);
  fail (error, self->path, self->has_salt ? _ ("the passphrase in HEDDLE_PASSPHRASE is another than it was made with.") : _ ("it was changed or belongs to another key. Enter the credential again."));
  return NULL;
}

gboolean
heddle_secret_file_store (const char *name, const char *value, GError **error)
{
  g_autoptr (SecretFile) self = NULL;
  g_autofree char *sealed = NULL;

  g_return_val_if_fail (name != NULL && value != NULL, FALSE);

  self = secret_file_open (error);
  if (self == NULL)
    return FALSE;
  sealed = seal (self, name, value);
  json_object_set_string_member (self->values, name, sealed);
  return secret_file_save (self, error);
}

char *
heddle_secret_file_lookup (const char *name, GError **error)
{
  g_autoptr (SecretFile) self = NULL;
  const char *sealed;

  g_return_val_if_fail (name != NULL, NULL);

  self = secret_file_open (error);
  if (self == NULL || !json_object_has_member (self->values, name))
    return NULL;
  sealed = json_object_get_string_member_with_default (self->values, name, "");
  return unseal (self, name, sealed, error);
}

gboolean
heddle_secret_file_clear (const char *name, GError **error)
{
  g_autoptr (SecretFile) self = NULL;

  g_return_val_if_fail (name != NULL, FALSE);

  self = secret_file_open (error);
  if (self == NULL)
    return FALSE;
  if (!json_object_has_member (self->values, name))
    return TRUE;
  json_object_remove_member (self->values, name);
  return secret_file_save (self, error);
}

void
heddle_secret_file_free (char *value)
{
  if (value == NULL)
    return;
  explicit_bzero (value, strlen (value));
  g_free (value);
}
