/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-text.h"
#include "cli/heddle-cli-wait.h"
#include "cli/heddle-cli.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define NAME_CELLS 24
#define MAX_VALUE_BYTES 65536

static const char *
describe_place (const HeddleCredentialInfo *info)
{
  if (info->from_environment)
    return _ ("from the environment");
  return info->in_file ? _ ("in an encrypted file, as there is no keyring") : _ ("in the keyring");
}

static int
list (HeddleSecrets *secrets)
{
  g_autoptr (GPtrArray) infos = heddle_secrets_list (secrets);

  for (guint i = 0; i < infos->len; i++)
    {
      const HeddleCredentialInfo *info = g_ptr_array_index (infos, i);
      g_autofree char *name = heddle_cli_pad (info->name, NAME_CELLS);

      g_print ("%s %-8s %s%s%s\n", name, info->kind, info->header != NULL ? info->header : "", info->header != NULL ? "  " : "", describe_place (info));
    }
  return HEDDLE_EXIT_OK;
}

/* A line from the terminal without showing it, or all of a pipe. Never an argument: others can read those. */
static char *
read_value (const char *name)
{
  gboolean is_terminal = isatty (STDIN_FILENO);
  g_autofree char *buffer = g_malloc0 (MAX_VALUE_BYTES);
  struct termios old, quiet;
  char *value;

  if (is_terminal && tcgetattr (STDIN_FILENO, &old) == 0)
    {
      quiet = old;
      quiet.c_lflag &= ~(tcflag_t) ECHO;
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &quiet);
      g_printerr (_ ("Value of “%s”: "), name);
    }
  if (fgets (buffer, MAX_VALUE_BYTES, stdin) == NULL)
    buffer[0] = '\0';
  if (is_terminal)
    {
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &old);
      g_printerr ("\n");
    }
  value = g_strdup (g_strchomp (buffer));
  explicit_bzero (buffer, MAX_VALUE_BYTES);
  return value;
}

static void
wipe (char *value)
{
  explicit_bzero (value, strlen (value));
  g_free (value);
}

static void
tell_place (HeddleSecrets *secrets,
            const char *name)
{
  g_autoptr (GPtrArray) infos = heddle_secrets_list (secrets);

  for (guint i = 0; i < infos->len; i++)
    {
      const HeddleCredentialInfo *info = g_ptr_array_index (infos, i);

      if (strcmp (info->name, name) == 0)
        g_printerr (_ ("“%s” is kept %s.\n"), name, describe_place (info));
    }
}

static int
store (HeddleSecrets *secrets,
       const HeddleCredentialInfo *info)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GError) error = NULL;
  char *value = read_value (info->name);

  heddle_cli_wait_init (&wait);
  heddle_secrets_store_async (secrets, info, value, NULL, heddle_cli_wait_cb, &wait);
  wipe (value);
  if (!heddle_secrets_store_finish (secrets, heddle_cli_wait_for (&wait), &error))
    return heddle_cli_fail_request (error);
  tell_place (secrets, info->name);
  return HEDDLE_EXIT_OK;
}

static int delete (HeddleSecrets *secrets,
                   const char *name)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GError) error = NULL;

  heddle_cli_wait_init (&wait);
  heddle_secrets_delete_async (secrets, name, NULL, heddle_cli_wait_cb, &wait);
  if (!heddle_secrets_delete_finish (secrets, heddle_cli_wait_for (&wait), &error))
    return heddle_cli_fail_request (error);
  return HEDDLE_EXIT_OK;
}

int
heddle_cli_credentials (int argc,
                        char **argv)
{
  g_autofree char *kind = NULL;
  g_autofree char *header = NULL;
  const GOptionEntry entries[] = {
    { "kind", 0, 0, G_OPTION_ARG_STRING, &kind, N_ ("How it is sent: bearer, basic or header"), N_ ("KIND") },
    { "header", 0, 0, G_OPTION_ARG_STRING, &header, N_ ("The header that carries it, with the kind header"), N_ ("NAME") },
    { NULL },
  };
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (GError) error = NULL;
  HeddleCredentialInfo info = { 0 };
  int status;

  if (!heddle_cli_parse ("credentials", entries, &argc, &argv, &status))
    return status;
  if (argc != 1 && !(argc == 3 && (g_str_equal (argv[1], "set") || g_str_equal (argv[1], "delete"))))
    return heddle_cli_fail_usage ("credentials");
  services = heddle_services_new (HEDDLE_SERVICES_ALL, &error);
  if (services == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  if (argc == 1)
    return list (services->secrets);
  if (g_str_equal (argv[1], "delete"))
    return delete (services->secrets, argv[2]);
  info.name = argv[2];
  info.kind = kind != NULL ? kind : header != NULL ? (char *) "header"
                                                   : (char *) "bearer";
  info.header = header;
  return store (services->secrets, &info);
}
