/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-limits.h"

#include "store/heddle-store.h"
#include "value/heddle-json.h"

#define LIMITS_KEY "provider.limits"
#define PARALLEL_KEY "requests.parallel"
#define CREDENTIAL_PREFIX "credential:"
#define MOST_TOKENS G_GINT64_CONSTANT (1000000000000)

struct _HeddleLimits
{
  HeddleStore *store;
  HeddleRates *rates;

  GMutex lock;       /* guards what follows */
  GHashTable *table; /* key → HeddleRateLimits* */
  guint per_credential;
  guint per_host;
};

static gint64
read_limit (JsonNode *json, const char *member, gint64 most)
{
  return CLAMP (heddle_json_get_int (json, member, 0), 0, most);
}

static guint
choose_parallel (gint64 wanted, guint usual)
{
  return wanted > 0 ? (guint) MIN (wanted, HEDDLE_LIMITS_MOST_PARALLEL) : usual;
}

static void
load_parallel (HeddleLimits *self)
{
  g_autoptr (JsonNode) json = self->store != NULL ? heddle_store_get_setting (self->store, PARALLEL_KEY) : NULL;

  self->per_credential = choose_parallel (heddle_json_get_int (json, "per_credential", 0), HEDDLE_LIMITS_PER_CREDENTIAL);
  self->per_host = choose_parallel (heddle_json_get_int (json, "per_host", 0), HEDDLE_LIMITS_PER_HOST);
}

static void
load (HeddleLimits *self)
{
  g_autoptr (JsonNode) json = heddle_store_get_setting (self->store, LIMITS_KEY);
  JsonObjectIter iter;
  const char *key;
  JsonNode *entry;

  if (json == NULL || !JSON_NODE_HOLDS_OBJECT (json))
    return;
  json_object_iter_init (&iter, json_node_get_object (json));
  while (json_object_iter_next (&iter, &key, &entry))
    {
      HeddleRateLimits *limits = g_new0 (HeddleRateLimits, 1);

      limits->parallel = read_limit (entry, "parallel", G_MAXINT);
      limits->requests_per_minute = read_limit (entry, "requests_per_minute", G_MAXINT);
      limits->tokens_per_minute = read_limit (entry, "tokens_per_minute", MOST_TOKENS);
      g_hash_table_replace (self->table, g_strdup (key), limits);
    }
}

HeddleLimits *
heddle_limits_new (HeddleStore *store)
{
  HeddleLimits *self = g_atomic_rc_box_new0 (HeddleLimits);

  g_mutex_init (&self->lock);
  g_set_object (&self->store, store);
  self->rates = heddle_rates_new ();
  self->table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  load_parallel (self);
  if (store != NULL)
    load (self);
  return self;
}

HeddleLimits *
heddle_limits_ref (HeddleLimits *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  HeddleLimits *self = data;

  g_clear_object (&self->store);
  heddle_rates_unref (self->rates);
  g_hash_table_unref (self->table);
  g_mutex_clear (&self->lock);
}

void
heddle_limits_unref (HeddleLimits *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

char *
heddle_limits_dup_credential_key (const char *credential)
{
  g_return_val_if_fail (credential != NULL, NULL);

  return g_strconcat (CREDENTIAL_PREFIX, credential, NULL);
}

void
heddle_limits_get_parallel (HeddleLimits *self, guint *per_credential, guint *per_host)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *per_credential = self->per_credential;
  *per_host = self->per_host;
}

gboolean
heddle_limits_set_parallel (HeddleLimits *self, guint per_credential, guint per_host, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) json = NULL;

  self->per_credential = choose_parallel (per_credential, HEDDLE_LIMITS_PER_CREDENTIAL);
  self->per_host = choose_parallel (per_host, HEDDLE_LIMITS_PER_HOST);
  json_object_set_int_member (object, "per_credential", self->per_credential);
  json_object_set_int_member (object, "per_host", self->per_host);
  json = heddle_json_object (object);
  return self->store == NULL || heddle_store_set_setting (self->store, PARALLEL_KEY, json, error);
}

void
heddle_limits_get_effective (HeddleLimits *self, const char *key, HeddleRateLimits *limits)
{
  guint per_credential, per_host;

  heddle_limits_lookup (self, key, limits);
  heddle_limits_get_parallel (self, &per_credential, &per_host);
  if (limits->parallel == 0 && g_str_has_prefix (key, CREDENTIAL_PREFIX))
    limits->parallel = per_credential;
}

void
heddle_limits_get_host (HeddleLimits *self, HeddleRateLimits *limits)
{
  guint per_credential, per_host;

  heddle_limits_get_parallel (self, &per_credential, &per_host);
  *limits = (HeddleRateLimits){ .parallel = per_host };
}

HeddleRates *
heddle_limits_get_rates (HeddleLimits *self)
{
  return self->rates;
}

gboolean
heddle_limits_lookup (HeddleLimits *self, const char *key, HeddleRateLimits *limits)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const HeddleRateLimits *found = g_hash_table_lookup (self->table, key);

  *limits = found != NULL ? *found : (HeddleRateLimits){ 0 };
  return limits->parallel > 0 || limits->requests_per_minute > 0 || limits->tokens_per_minute > 0;
}

static JsonNode *
limits_to_json (const HeddleRateLimits *limits)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "parallel", limits->parallel);
  json_object_set_int_member (object, "requests_per_minute", limits->requests_per_minute);
  json_object_set_int_member (object, "tokens_per_minute", limits->tokens_per_minute);
  return heddle_json_object (object);
}

/* With the lock. */
static gboolean
save (HeddleLimits *self, GError **error)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) json = NULL;
  GHashTableIter iter;
  gpointer key, entry;

  g_hash_table_iter_init (&iter, self->table);
  while (g_hash_table_iter_next (&iter, &key, &entry))
    json_object_set_member (object, key, limits_to_json (entry));
  json = heddle_json_object (object);
  return self->store == NULL || heddle_store_set_setting (self->store, LIMITS_KEY, json, error);
}

gboolean
heddle_limits_set (HeddleLimits *self, const char *key, const HeddleRateLimits *limits, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_hash_table_replace (self->table, g_strdup (key), g_memdup2 (limits, sizeof *limits));
  return save (self, error);
}

gboolean
heddle_limits_carry_over (HeddleLimits *self, const char *from, const char *to, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const HeddleRateLimits *limits = g_hash_table_lookup (self->table, from);

  if (limits == NULL || g_hash_table_contains (self->table, to))
    return TRUE;
  g_hash_table_insert (self->table, g_strdup (to), g_memdup2 (limits, sizeof *limits));
  return save (self, error);
}
