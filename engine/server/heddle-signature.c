/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-signature.h"

#include <string.h>

#define DIGEST_LENGTH 32

static gboolean
equal_bytes (const guint8 *a, const guint8 *b, gsize length)
{
  volatile guint8 difference = 0;

  for (gsize i = 0; i < length; i++)
    difference |= a[i] ^ b[i];
  return difference == 0;
}

static void
digest (const char *text, guint8 out[DIGEST_LENGTH])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = DIGEST_LENGTH;

  g_checksum_update (checksum, (const guchar *) text, strlen (text));
  g_checksum_get_digest (checksum, out, &length);
}

gboolean
heddle_equal_secrets (const char *a, const char *b)
{
  guint8 first[DIGEST_LENGTH];
  guint8 second[DIGEST_LENGTH];

  /* Digests are equally long, and how much of them is the same says nothing about the texts. */
  digest (a, first);
  digest (b, second);
  return equal_bytes (first, second, DIGEST_LENGTH);
}

static gboolean
decode_hex (const char *text, guint8 out[DIGEST_LENGTH])
{
  if (strlen (text) != 2 * DIGEST_LENGTH)
    return FALSE;
  for (guint i = 0; i < DIGEST_LENGTH; i++)
    {
      if (!g_ascii_isxdigit (text[2 * i]) || !g_ascii_isxdigit (text[2 * i + 1]))
        return FALSE;
      out[i] = (guint8) (g_ascii_xdigit_value (text[2 * i]) << 4 | g_ascii_xdigit_value (text[2 * i + 1]));
    }
  return TRUE;
}

static gboolean
decode (const char *text, guint8 out[DIGEST_LENGTH])
{
  g_autofree guint8 *bytes = NULL;
  gsize length;

  if (decode_hex (text, out))
    return TRUE;
  if (strlen (text) != 44)
    return FALSE;
  bytes = g_base64_decode (text, &length);
  if (length != DIGEST_LENGTH)
    return FALSE;
  memcpy (out, bytes, DIGEST_LENGTH);
  return TRUE;
}

static void
sign (const char *key, const char *timestamp, GBytes *body, guint8 out[DIGEST_LENGTH])
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) key, strlen (key));
  gsize length = DIGEST_LENGTH;
  gsize size;
  const guchar *data = g_bytes_get_data (body, &size);

  if (timestamp != NULL)
    {
      g_hmac_update (hmac, (const guchar *) timestamp, strlen (timestamp));
      g_hmac_update (hmac, (const guchar *) ".", 1);
    }
  if (size > 0)
    g_hmac_update (hmac, data, size);
  g_hmac_get_digest (hmac, out, &length);
}

gboolean
heddle_signature_check (const char *header, const char *key, const char *timestamp, GBytes *body)
{
  g_auto (GStrv) parts = g_strsplit (header, ",", 8);
  guint8 expected[DIGEST_LENGTH];
  gboolean found = FALSE;

  sign (key, timestamp, body, expected);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *text = g_strstrip (parts[i]);
      guint8 given[DIGEST_LENGTH];

      if (g_ascii_strncasecmp (text, "sha256=", 7) == 0)
        text += 7;
      if (decode (text, given) && equal_bytes (given, expected, DIGEST_LENGTH))
        found = TRUE;
    }
  return found;
}
