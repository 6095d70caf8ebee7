/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-server-private.h"

#include "heddle-error.h"
#include "store/heddle-store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define TOKEN_BYTES 32
#define MIN_LENGTH 16
#define MAX_LENGTH 512

/* 256 random bits in hexadecimal. */
static char *
create_token (GError **error)
{
  guint8 bytes[TOKEN_BYTES];
  GString *token = g_string_sized_new (2 * TOKEN_BYTES);

  if (getrandom (bytes, sizeof bytes, 0) != sizeof bytes)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("The system gives no random numbers, so no token can be made. Start again later."));
      g_string_free (token, TRUE);
      return NULL;
    }
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf (token, "%02x", bytes[i]);
  explicit_bzero (bytes, sizeof bytes);
  return g_string_free (token, FALSE);
}

static char *
get_path (HeddleStore *store)
{
  return g_strconcat (heddle_store_get_path (store), "-token", NULL);
}

/* Whole or not at all, and never to be read by others. */
static gboolean
write_token (const char *path, const char *token, GError **error)
{
  g_autofree char *line = g_strconcat (token, "\n", NULL);
  g_autoptr (GError) cause = NULL;
  gboolean written = g_file_set_contents_full (path, line, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &cause);

  explicit_bzero (line, strlen (line));
  /* What was there before keeps its mode. */
  if (written && g_chmod (path, 0600) == 0)
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE, _ ("“%s” cannot be written: %s. Allow writing to the folder of the database."), path,
               cause != NULL ? cause->message : g_strerror (errno));
  return FALSE;
}

char *
heddle_server_token_regenerate (HeddleStore *store, GError **error)
{
  g_autofree char *token = create_token (error);
  g_autofree char *path = NULL;

  if (token == NULL || store == NULL || strcmp (heddle_store_get_path (store), ":memory:") == 0)
    return g_steal_pointer (&token);
  path = get_path (store);
  return write_token (path, token, error) ? g_steal_pointer (&token) : NULL;
}

/*
 * A file and not the keyring: a service that starts without anyone logged in has none to ask, and the database with
 * all that the token gives access to lies beside it.
 */
char *
heddle_server_token_load (HeddleStore *store, GError **error)
{
  g_autofree char *path = store != NULL ? get_path (store) : NULL;
  g_autofree char *token = NULL;

  if (path == NULL || !g_file_get_contents (path, &token, NULL, NULL))
    return heddle_server_token_regenerate (store, error);
  g_strstrip (token);
  if (strlen (token) < MIN_LENGTH || strlen (token) > MAX_LENGTH)
    return heddle_server_token_regenerate (store, error);
  g_chmod (path, 0600);
  return g_steal_pointer (&token);
}
