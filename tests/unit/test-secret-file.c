/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "heddle-error.h"
#include "secret/heddle-secret-file.h"
#include "secret/heddle-secrets.h"
#include "secret/heddle-vault.h"
#include "store/heddle-store.h"

static char *
file_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "heddle", "credentials.json", NULL);
}

static char *
key_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "heddle", "credentials.key", NULL);
}

static void
remove_files (void)
{
  g_autofree char *file = file_path ();
  g_autofree char *key = key_path ();

  g_unlink (file);
  g_unlink (key);
  g_unsetenv ("HEDDLE_PASSPHRASE");
}

static void
remove_folders (const char *directory)
{
  g_autofree char *folder = g_build_filename (directory, "heddle", NULL);

  g_rmdir (folder);
  g_rmdir (directory);
}

static void
assert_value (const char *name, const char *expected)
{
  g_autoptr (GError) error = NULL;
  char *value = heddle_secret_file_lookup (name, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (value, ==, expected);
  heddle_secret_file_free (value);
}

static void
assert_refused (const char *name, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (heddle_secret_file_lookup (name, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_AUTH);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” does not mention “%s”", error->message, part);
}

static char *
read_file (void)
{
  g_autofree char *path = file_path ();
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
assert_private (const char *path)
{
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_round_trip (void)
{
  g_autofree char *file = file_path ();
  g_autofree char *key = key_path ();
  g_autofree char *text = NULL;

  remove_files ();
  assert_value ("a", NULL);
  g_assert_true (heddle_secret_file_store ("a", "geheim-ü-1", NULL));
  g_assert_true (heddle_secret_file_store ("b/\"ö", "geheim-2", NULL));
  g_assert_true (heddle_secret_file_store ("a", "geheim-3", NULL));
  assert_value ("a", "geheim-3");
  assert_value ("b/\"ö", "geheim-2");
  text = read_file ();
  g_assert_null (strstr (text, "geheim"));
  assert_private (file);
  assert_private (key);
  g_assert_true (heddle_secret_file_clear ("a", NULL));
  g_assert_true (heddle_secret_file_clear ("a", NULL));
  assert_value ("a", NULL);
}

static void
test_passphrase (void)
{
  remove_files ();
  g_setenv ("HEDDLE_PASSPHRASE", "correct horse", TRUE);
  g_assert_true (heddle_secret_file_store ("a", "geheim", NULL));
  assert_value ("a", "geheim");
  g_setenv ("HEDDLE_PASSPHRASE", "wrong horse", TRUE);
  assert_refused ("a", "another");
  g_unsetenv ("HEDDLE_PASSPHRASE");
  assert_refused ("a", "Set HEDDLE_PASSPHRASE");
}

/* The data folder alone, as in a backup, tells nothing. */
static void
test_without_key (void)
{
  g_autofree char *key = key_path ();

  remove_files ();
  g_assert_true (heddle_secret_file_store ("a", "geheim", NULL));
  g_unlink (key);
  assert_refused ("a", "key");
}

static void
replace_in_file (const char *from, const char *to)
{
  g_autofree char *path = file_path ();
  g_autofree char *text = read_file ();
  g_autoptr (GString) changed = g_string_new (text);

  g_assert_cmpuint (g_string_replace (changed, from, to, 0), >, 0);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
}

/* A value that was put under another name is noticed, as is any other damage. */
static void
test_tampering (void)
{
  g_autofree char *path = file_path ();

  remove_files ();
  g_assert_true (heddle_secret_file_store ("a", "geheim", NULL));
  replace_in_file ("\"a\"", "\"b\"");
  assert_refused ("b", "changed");
  replace_in_file ("\"version\"", "\"nothing\"");
  assert_refused ("b", "damaged");
  g_assert_true (g_file_set_contents (path, "{\"version\":1,\"values\":{\"b\":\"AAAA\"}}", -1, NULL));
  assert_refused ("b", "damaged");
  g_assert_true (g_file_set_contents (path, "not JSON", -1, NULL));
  assert_refused ("b", "damaged");
}

static gpointer
store_many (gpointer data)
{
  for (int i = 0; i < 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s%d", (const char *) data, i);

      g_assert_true (heddle_secret_file_store (name, name, NULL));
    }
  return NULL;
}

static void
test_at_once (void)
{
  static const char *const prefixes[] = { "a", "b", "c", "d" };
  GThread *threads[G_N_ELEMENTS (prefixes)];

  remove_files ();
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("store", store_many, (gpointer) prefixes[i]);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < G_N_ELEMENTS (threads) * 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s%u", prefixes[i / 10], i % 10);

      assert_value (name, name);
    }
}

typedef struct
{
  gboolean done;
  gboolean in_file;
  char *value;
} Answer;

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  g_assert_true (heddle_vault_store_finish (result, &answer->in_file, NULL));
  answer->done = TRUE;
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->value = heddle_vault_lookup_finish (result, NULL);
  answer->done = TRUE;
}

static void
wait_for (Answer *answer)
{
  while (!answer->done)
    g_main_context_iteration (NULL, TRUE);
  answer->done = FALSE;
}

/* main() took the bus away, and with it the keyring. */
static void
test_no_keyring (void)
{
  Answer answer = { 0 };

  remove_files ();
  heddle_vault_store_async ("a", "geheim", NULL, stored_cb, &answer);
  wait_for (&answer);
  g_assert_true (answer.in_file);
  heddle_vault_lookup_async ("a", TRUE, NULL, looked_up_cb, &answer);
  wait_for (&answer);
  g_assert_cmpstr (answer.value, ==, "geheim");
  heddle_vault_free (answer.value);
}

static void
secrets_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  g_assert_true (heddle_secrets_store_finish (HEDDLE_SECRETS (source), result, NULL));
  answer->done = TRUE;
}

static void
header_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;
  g_autoptr (HeddleSecretHeader) header = heddle_secrets_lookup_finish (HEDDLE_SECRETS (source), result, NULL);

  answer->value = header != NULL ? g_strdup (header->value) : NULL;
  answer->done = TRUE;
}

/* A later start knows where the value is. */
static void
test_credential (void)
{
  const HeddleCredentialInfo info = { .name = (char *) "shop", .kind = (char *) "bearer" };
  g_autoptr (HeddleStore) store = heddle_store_new (":memory:", NULL);
  g_autoptr (HeddleSecrets) secrets = heddle_secrets_new (store);
  g_autoptr (HeddleSecrets) later = NULL;
  g_autoptr (GPtrArray) list = NULL;
  Answer answer = { 0 };

  remove_files ();
  heddle_secrets_store_async (secrets, &info, "t0ken", NULL, secrets_stored_cb, &answer);
  wait_for (&answer);
  later = heddle_secrets_new (store);
  list = heddle_secrets_list (later);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_true (((const HeddleCredentialInfo *) g_ptr_array_index (list, 0))->in_file);
  heddle_secrets_lookup_async (later, "shop", NULL, header_cb, &answer);
  wait_for (&answer);
  g_assert_cmpstr (answer.value, ==, "Bearer t0ken");
  g_free (answer.value);
}

int
main (int argc, char **argv)
{
  g_autofree char *directory = g_dir_make_tmp ("heddle-XXXXXX", NULL);
  int status;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_setenv ("XDG_DATA_HOME", directory, TRUE);
  g_setenv ("XDG_CONFIG_HOME", directory, TRUE);
  g_unsetenv ("SECRET_BACKEND");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret-file/round-trip", test_round_trip);
  g_test_add_func ("/secret-file/passphrase", test_passphrase);
  g_test_add_func ("/secret-file/without-key", test_without_key);
  g_test_add_func ("/secret-file/tampering", test_tampering);
  g_test_add_func ("/secret-file/at-once", test_at_once);
  g_test_add_func ("/vault/no-keyring", test_no_keyring);
  g_test_add_func ("/vault/credential", test_credential);
  status = g_test_run ();
  remove_files ();
  remove_folders (directory);
  return status;
}
