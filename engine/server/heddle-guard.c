/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-guard.h"

#include <string.h>

/* Clients that are remembered; beyond that the table begins anew. */
#define MAX_CLIENTS 4096
#define FAILURE_BURST 30
#define FAILURES_PER_SECOND 0.5

typedef struct
{
  double left;
  gint64 updated;
} Bucket;

struct _HeddleGuard
{
  char *address;
  double per_second;
  double burst;
  GHashTable *requests; /* client → Bucket */
  GHashTable *failures;
};

HeddleGuard *
heddle_guard_new (const char *address, guint per_second, guint burst)
{
  HeddleGuard *self = g_new0 (HeddleGuard, 1);

  self->address = g_strdup (address);
  self->per_second = per_second;
  self->burst = burst;
  self->requests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->failures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
heddle_guard_free (HeddleGuard *self)
{
  if (self == NULL)
    return;
  g_free (self->address);
  g_hash_table_unref (self->requests);
  g_hash_table_unref (self->failures);
  g_free (self);
}

/* "localhost:8611", "[::1]:8611" without the port; NULL when it is nothing of the kind. */
static char *
strip_port (const char *host)
{
  const char *end = *host == '[' ? strchr (host, ']') : strchr (host, ':');
  char *name;

  if (*host == '[' && end == NULL)
    return NULL;
  name = *host == '[' ? g_strndup (host + 1, end - host - 1) : end != NULL ? g_strndup (host, end - host)
                                                                           : g_strdup (host);
  end = end != NULL && *host == '[' ? end + 1 : end;
  if (end == NULL || *end == '\0' || (*end == ':' && g_ascii_string_to_unsigned (end + 1, 10, 1, 65535, NULL, NULL)))
    return name;
  g_free (name);
  return NULL;
}

gboolean
heddle_guard_allows_host (HeddleGuard *self, const char *host)
{
  g_autofree char *name = host != NULL ? strip_port (host) : NULL;
  g_autoptr (GInetAddress) address = NULL;

  if (name == NULL)
    return FALSE;
  if (g_ascii_strcasecmp (name, "localhost") == 0)
    return TRUE;
  address = g_inet_address_new_from_string (name);
  if (address != NULL)
    return self->address != NULL || g_inet_address_get_is_loopback (address);
  return self->address != NULL && (g_ascii_strcasecmp (name, self->address) == 0 || g_ascii_strcasecmp (name, g_get_host_name ()) == 0);
}

gboolean
heddle_guard_allows_origin (HeddleGuard *self, const char *origin, const char *host)
{
  if (origin == NULL)
    return TRUE;
  return g_str_has_prefix (origin, "http://") && host != NULL && g_ascii_strcasecmp (origin + strlen ("http://"), host) == 0 &&
         heddle_guard_allows_host (self, host);
}

static gboolean
take (GHashTable *buckets, const char *client, double per_second, double burst, gint64 now, guint *retry_after)
{
  Bucket *bucket = g_hash_table_lookup (buckets, client);

  if (bucket == NULL)
    {
      if (g_hash_table_size (buckets) >= MAX_CLIENTS)
        g_hash_table_remove_all (buckets);
      bucket = g_new0 (Bucket, 1);
      bucket->left = burst;
      bucket->updated = now;
      g_hash_table_insert (buckets, g_strdup (client), bucket);
    }
  bucket->left = MIN (burst, bucket->left + (now - bucket->updated) / (double) G_USEC_PER_SEC * per_second);
  bucket->updated = now;
  if (bucket->left >= 1)
    {
      bucket->left -= 1;
      return TRUE;
    }
  *retry_after = 1 + (guint) ((1 - bucket->left) / per_second);
  return FALSE;
}

gboolean
heddle_guard_count_request (HeddleGuard *self, const char *client, gint64 now, guint *retry_after)
{
  return take (self->requests, client, self->per_second, self->burst, now, retry_after);
}

gboolean
heddle_guard_count_failure (HeddleGuard *self, const char *client, gint64 now, guint *retry_after)
{
  return take (self->failures, client, FAILURES_PER_SECOND, FAILURE_BURST, now, retry_after);
}
