/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-prices-private.h"

#include "heddle-error.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define OWN_KEY "prices"
#define IMPORTED_KEY "prices.imported"

struct _HeddlePrices
{
  GObject parent_instance;
  HeddleStore *store;

  GMutex lock; /* guards what follows */
  gboolean loaded;
  GHashTable *own;      /* name → HeddlePrice* */
  GHashTable *imported; /* name → HeddlePrice* */
  char *imported_date;  /* or NULL */
};

G_DEFINE_FINAL_TYPE (HeddlePrices, heddle_prices, G_TYPE_OBJECT)

static GHashTable *
create_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static GHashTable *
table_from_json (JsonNode *json)
{
  GHashTable *table = create_table ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (json == NULL || !JSON_NODE_HOLDS_OBJECT (json))
    return table;
  json_object_iter_init (&iter, json_node_get_object (json));
  while (json_object_iter_next (&iter, &name, &value))
    {
      HeddlePrice price = heddle_price_from_json (value);

      g_hash_table_replace (table, g_strdup (name), g_memdup2 (&price, sizeof price));
    }
  return table;
}

static JsonNode *
table_to_json (GHashTable *table)
{
  JsonObject *object = json_object_new ();
  GHashTableIter iter;
  gpointer name, price;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &name, &price))
    json_object_set_member (object, name, heddle_price_to_json (price));
  return heddle_json_object (object);
}

/* Called with the lock. The list is long, and most programs never ask for a price. */
static void
load (HeddlePrices *self)
{
  g_autoptr (JsonNode) own = NULL;
  g_autoptr (JsonNode) imported = NULL;

  if (self->loaded)
    return;
  self->loaded = TRUE;
  if (self->store != NULL)
    {
      own = heddle_store_get_setting (self->store, OWN_KEY);
      imported = heddle_store_get_setting (self->store, IMPORTED_KEY);
    }
  self->own = table_from_json (own);
  self->imported = table_from_json (heddle_json_member (imported, "models"));
  self->imported_date = g_strdup (heddle_json_get_string (imported, "date", NULL));
}

static GMutexLocker *
lock_loaded (HeddlePrices *self)
{
  GMutexLocker *locker = g_mutex_locker_new (&self->lock);

  load (self);
  return locker;
}

static gboolean
save_own (HeddlePrices *self, GError **error)
{
  g_autoptr (JsonNode) json = table_to_json (self->own);

  return self->store == NULL || heddle_store_set_setting (self->store, OWN_KEY, json, error);
}

static gboolean
save_imported (HeddlePrices *self, GHashTable *table, const char *date, GError **error)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) json = NULL;

  if (date != NULL)
    json_object_set_string_member (object, "date", date);
  json_object_set_member (object, "models", table_to_json (table));
  json = heddle_json_object (object);
  return self->store == NULL || heddle_store_set_setting (self->store, IMPORTED_KEY, json, error);
}

HeddlePrices *
heddle_prices_new (HeddleStore *store)
{
  HeddlePrices *self = g_object_new (HEDDLE_TYPE_PRICES, NULL);

  g_set_object (&self->store, store);
  return self;
}

static gboolean
is_pattern_for (const char *pattern, const char *reference)
{
  gsize length = strlen (pattern);

  return length > 0 && pattern[length - 1] == '*' && strncmp (pattern, reference, length - 1) == 0;
}

static const HeddlePrice *
find_own (HeddlePrices *self, const char *reference)
{
  const HeddlePrice *found = g_hash_table_lookup (self->own, reference);
  gsize longest = 0;
  GHashTableIter iter;
  gpointer name, price;

  if (found != NULL)
    return found;
  g_hash_table_iter_init (&iter, self->own);
  while (g_hash_table_iter_next (&iter, &name, &price))
    {
      if (is_pattern_for (name, reference) && strlen (name) > longest)
        {
          found = price;
          longest = strlen (name);
        }
    }
  return found;
}

/* Length without "-20251001" or "-2024-07-18" at the end; the whole length where there is none. */
static gsize
measure_without_date (const char *name)
{
  static const char *const forms[] = { "-dddddddd", "-dddd-dd-dd", "@dddddddd" };
  gsize length = strlen (name);

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      gsize n = strlen (forms[i]);
      gsize matched = 0;

      while (n < length && matched < n && (forms[i][matched] == 'd' ? g_ascii_isdigit (name[length - n + matched]) : name[length - n + matched] == forms[i][matched]))
        matched++;
      if (matched == n)
        return length - n;
    }
  return length;
}

static const HeddlePrice *
find_name (GHashTable *table, const char *name)
{
  const HeddlePrice *price = g_hash_table_lookup (table, name);
  g_autofree char *undated = NULL;

  if (price != NULL)
    return price;
  undated = g_strndup (name, measure_without_date (name));
  return g_hash_table_lookup (table, undated);
}

static char *
dup_host (const char *base_url)
{
  g_autoptr (GUri) uri = base_url != NULL && *base_url != '\0' ? g_uri_parse (base_url, G_URI_FLAGS_HAS_PASSWORD, NULL) : NULL;

  return uri != NULL ? g_strdup (g_uri_get_host (uri)) : NULL;
}

static const HeddlePrice *
find_imported (HeddlePrices *self, const char *reference, const char *host)
{
  const HeddlePrice *price = find_name (self->imported, reference);
  const char *family = heddle_prices_find_family (host);
  const char *model = strchr (reference, '/');
  g_autofree char *name = NULL;

  if (price != NULL || family == NULL || model == NULL)
    return price;
  name = g_strconcat (family, model, NULL);
  return find_name (self->imported, name);
}

static gboolean
is_this_machine (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  if (host == NULL)
    return FALSE;
  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

gboolean
heddle_prices_lookup (HeddlePrices *self,
                      const char *reference,
                      const char *base_url,
                      HeddlePrice *price)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autofree char *host = NULL;
  const HeddlePrice *own, *imported;

  g_return_val_if_fail (HEDDLE_IS_PRICES (self), FALSE);
  g_return_val_if_fail (reference != NULL && price != NULL, FALSE);

  *price = HEDDLE_PRICE_UNKNOWN;
  locker = lock_loaded (self);
  host = dup_host (base_url);
  own = find_own (self, reference);
  if (own != NULL)
    *price = *own;
  if (own != NULL && heddle_price_is_known (own))
    return TRUE;
  if (g_str_has_prefix (reference, "demo/") || is_this_machine (host))
    {
      price->base = (HeddlePriceParts){ 0, 0, 0, 0, 0, 0 };
      price->tier_above = -1;
      return TRUE;
    }
  imported = find_imported (self, reference, host);
  if (imported == NULL)
    return own != NULL;
  *price = *imported;
  if (own != NULL && own->context_window > 0)
    price->context_window = own->context_window;
  return TRUE;
}

static void
entry_free (gpointer data)
{
  HeddlePriceEntry *entry = data;

  g_free (entry->name);
  g_free (entry);
}

static void
list_table (GPtrArray *list, GHashTable *table, GHashTable *hiding)
{
  GHashTableIter iter;
  gpointer name, price;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &name, &price))
    {
      HeddlePriceEntry *entry;

      if (hiding != NULL && g_hash_table_contains (hiding, name))
        continue;
      entry = g_new0 (HeddlePriceEntry, 1);
      entry->name = g_strdup (name);
      entry->price = *(HeddlePrice *) price;
      entry->imported = hiding != NULL;
      g_ptr_array_add (list, entry);
    }
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(HeddlePriceEntry *const *) a)->name, (*(HeddlePriceEntry *const *) b)->name);
}

GPtrArray *
heddle_prices_list (HeddlePrices *self)
{
  g_autoptr (GMutexLocker) locker = NULL;
  GPtrArray *list;

  g_return_val_if_fail (HEDDLE_IS_PRICES (self), NULL);

  locker = lock_loaded (self);
  list = g_ptr_array_new_with_free_func (entry_free);
  list_table (list, self->own, NULL);
  list_table (list, self->imported, self->own);
  g_ptr_array_sort (list, compare_entries);
  return list;
}

char *
heddle_prices_dup_imported_date (HeddlePrices *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (HEDDLE_IS_PRICES (self), NULL);

  locker = lock_loaded (self);
  return g_strdup (self->imported_date);
}

gboolean
heddle_prices_set (HeddlePrices *self,
                   const char *name,
                   const HeddlePrice *price,
                   GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (HEDDLE_IS_PRICES (self), FALSE);
  g_return_val_if_fail (name != NULL && price != NULL, FALSE);

  if (!heddle_price_name_is_valid (name))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                   _ ("“%s” is no model. Name it as provider/model; a star at the end stands for all that begin so."), name);
      return FALSE;
    }
  locker = lock_loaded (self);
  g_hash_table_replace (self->own, g_strdup (name), g_memdup2 (price, sizeof *price));
  return save_own (self, error);
}

gboolean
heddle_prices_remove (HeddlePrices *self,
                      const char *name,
                      GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (HEDDLE_IS_PRICES (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  locker = lock_loaded (self);
  if (g_hash_table_remove (self->own, name))
    return save_own (self, error);
  if (g_hash_table_remove (self->imported, name))
    return save_imported (self, self->imported, self->imported_date, error);
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("There is no price for “%s”."), name);
  return FALSE;
}

gboolean
heddle_prices_import (HeddlePrices *self,
                      const char *text,
                      gssize length,
                      guint *n_imported,
                      GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (GHashTable) table = NULL;
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *date = NULL;

  g_return_val_if_fail (HEDDLE_IS_PRICES (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  table = heddle_prices_read_litellm (text, length, error);
  if (table == NULL)
    return FALSE;
  now = g_date_time_new_now_local ();
  date = g_date_time_format (now, "%Y-%m-%d");
  locker = lock_loaded (self);
  if (!save_imported (self, table, date, error))
    return FALSE;
  if (n_imported != NULL)
    *n_imported = g_hash_table_size (table);
  g_hash_table_unref (self->imported);
  self->imported = g_steal_pointer (&table);
  g_free (self->imported_date);
  self->imported_date = g_steal_pointer (&date);
  return TRUE;
}

static void
heddle_prices_finalize (GObject *object)
{
  HeddlePrices *self = HEDDLE_PRICES (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->own, g_hash_table_unref);
  g_clear_pointer (&self->imported, g_hash_table_unref);
  g_free (self->imported_date);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (heddle_prices_parent_class)->finalize (object);
}

static void
heddle_prices_class_init (HeddlePricesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_prices_finalize;
}

static void
heddle_prices_init (HeddlePrices *self)
{
  g_mutex_init (&self->lock);
}
