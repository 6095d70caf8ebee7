/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "heddle-error.h"
#include "secret/heddle-secrets.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

typedef struct
{
  HeddleSecretHeader *header;
  gboolean ok;
  GError *error;
  gboolean done;
} Answer;

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->header, heddle_secrets_header_free);
  g_clear_error (&answer->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
wait_for (Answer *answer)
{
  while (!answer->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->ok = heddle_secrets_store_finish (HEDDLE_SECRETS (source), result, &answer->error);
  answer->done = TRUE;
}

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->ok = heddle_secrets_delete_finish (HEDDLE_SECRETS (source), result, &answer->error);
  answer->done = TRUE;
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->header = heddle_secrets_lookup_finish (HEDDLE_SECRETS (source), result, &answer->error);
  answer->done = TRUE;
}

static void
store_value (HeddleSecrets *secrets, const char *name, const char *kind, const char *header, const char *value, Answer *answer)
{
  HeddleCredentialInfo info = { .name = (char *) name, .kind = (char *) kind, .header = (char *) header };

  heddle_secrets_store_async (secrets, &info, value, NULL, stored_cb, answer);
  wait_for (answer);
}

static void
lookup (HeddleSecrets *secrets, const char *name, Answer *answer)
{
  heddle_secrets_lookup_async (secrets, name, NULL, looked_up_cb, answer);
  wait_for (answer);
}

static void
test_environment (void)
{
  g_autoptr (HeddleSecrets) secrets = heddle_secrets_new (NULL);
  g_autoptr (GPtrArray) list = heddle_secrets_list (secrets);
  HeddleCredentialInfo *info;
  g_auto (Answer) found = { 0 };
  g_auto (Answer) missing = { 0 };

  g_assert_cmpuint (list->len, ==, 1);
  info = g_ptr_array_index (list, 0);
  g_assert_cmpstr (info->name, ==, "web_shop");
  g_assert_true (info->from_environment);
  lookup (secrets, "Web Shop", &found);
  g_assert_no_error (found.error);
  g_assert_cmpstr (found.header->name, ==, "Authorization");
  g_assert_cmpstr (found.header->value, ==, "Bearer from-env");
  lookup (secrets, "nothing", &missing);
  g_assert_error (missing.error, HEDDLE_ERROR, HEDDLE_ERROR_AUTH);
  g_assert_nonnull (strstr (heddle_error_detail (missing.error)->hint, "HEDDLE_CREDENTIAL_NOTHING"));
}

static void
test_keyring (void)
{
  static const struct
  {
    const char *name;
    const char *kind;
    const char *header;
    const char *value;
    const char *sent_name;
    const char *sent_value;
  } cases[] = {
    { "a", "bearer", NULL, " t0ken\n", "Authorization", "Bearer t0ken" },
    { "b", "basic", NULL, "ann:geheim", "Authorization", "Basic YW5uOmdlaGVpbQ==" },
    { "c", "header", "X-Api-Key", "k3y", "X-Api-Key", "k3y" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleStore) store = heddle_store_new (":memory:", &error);
  g_autoptr (HeddleSecrets) secrets = NULL;
  g_autoptr (HeddleSecrets) later = NULL;
  g_autoptr (JsonNode) setting = NULL;
  g_autofree char *text = NULL;
  g_auto (Answer) deleted = { 0 };
  g_auto (Answer) gone = { 0 };

  g_assert_no_error (error);
  secrets = heddle_secrets_new (store);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Answer) stored = { 0 };

      store_value (secrets, cases[i].name, cases[i].kind, cases[i].header, cases[i].value, &stored);
      g_assert_no_error (stored.error);
    }
  /* A later start finds them by what the settings say, which is no value. */
  later = heddle_secrets_new (store);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Answer) found = { 0 };

      lookup (later, cases[i].name, &found);
      g_assert_no_error (found.error);
      g_assert_cmpstr (found.header->name, ==, cases[i].sent_name);
      g_assert_cmpstr (found.header->value, ==, cases[i].sent_value);
    }
  setting = heddle_store_get_setting (store, "credentials");
  text = heddle_json_to_text (setting, HEDDLE_JSON_COMPACT);
  g_assert_null (strstr (text, "t0ken"));
  g_assert_null (strstr (text, "geheim"));
  heddle_secrets_delete_async (later, "a", NULL, deleted_cb, &deleted);
  wait_for (&deleted);
  g_assert_no_error (deleted.error);
  lookup (later, "a", &gone);
  g_assert_error (gone.error, HEDDLE_ERROR, HEDDLE_ERROR_AUTH);
}

static void
test_mistakes (void)
{
  static const struct
  {
    const char *name;
    const char *kind;
    const char *header;
    const char *value;
  } cases[] = {
    { "", "bearer", NULL, "x" },
    { "a\nb", "bearer", NULL, "x" },
    { "a", "magic", NULL, "x" },
    { "a", "header", NULL, "x" },
    { "a", "header", "X: y", "x" },
    { "a", "basic", NULL, "no colon" },
    { "a", "bearer", NULL, "" },
    { "a", "bearer", NULL, "two\nlines" },
    { "a", "bearer", NULL, "\xFF" },
  };
  g_autoptr (HeddleSecrets) secrets = heddle_secrets_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Answer) stored = { 0 };

      store_value (secrets, cases[i].name, cases[i].kind, cases[i].header, cases[i].value, &stored);
      g_assert_error (stored.error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *directory = g_dir_make_tmp ("heddle-secrets-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (directory, "keyring", NULL);
  int status;

  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", file, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "pw", TRUE);
  g_setenv ("HEDDLE_CREDENTIAL_WEB_SHOP", "from-env", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secrets/environment", test_environment);
  g_test_add_func ("/secrets/keyring", test_keyring);
  g_test_add_func ("/secrets/mistakes", test_mistakes);
  status = g_test_run ();
  g_unlink (file);
  g_rmdir (directory);
  return status;
}
