/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-memo.h"

#include <json-glib/json-glib.h>

/* How much may be kept alive; then all is forgotten, and what is still used soon known again. */
#define MAX_ENTRIES 4096
#define MAX_BYTES (32 * 1024 * 1024)

typedef struct
{
  gint64 run;
  JsonNode *value; /* owned */
  gint64 blob;
} Entry;

struct _HeddleStoreMemo
{
  GHashTable *entries; /* set of Entry, by run and value */
  gsize n_bytes;
};

static guint
hash_entry (gconstpointer data)
{
  const Entry *entry = data;

  return g_direct_hash (entry->value) ^ g_int64_hash (&entry->run);
}

static gboolean
equal_entries (gconstpointer a, gconstpointer b)
{
  const Entry *left = a, *right = b;

  return left->value == right->value && left->run == right->run;
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  json_node_unref (entry->value);
  g_free (entry);
}

HeddleStoreMemo *
heddle_store_memo_new (void)
{
  HeddleStoreMemo *self = g_new0 (HeddleStoreMemo, 1);

  self->entries = g_hash_table_new_full (hash_entry, equal_entries, entry_free, NULL);
  return self;
}

void
heddle_store_memo_free (HeddleStoreMemo *self)
{
  g_hash_table_unref (self->entries);
  g_free (self);
}

gint64
heddle_store_memo_find (HeddleStoreMemo *self, gint64 run, JsonNode *value)
{
  const Entry wanted = { run, value, 0 };
  const Entry *entry = g_hash_table_lookup (self->entries, &wanted);

  return entry != NULL ? entry->blob : 0;
}

void
heddle_store_memo_add (HeddleStoreMemo *self, gint64 run, JsonNode *value, gint64 blob, gsize length)
{
  Entry *entry;

  if (!json_node_is_immutable (value))
    return;
  if (g_hash_table_size (self->entries) >= MAX_ENTRIES || self->n_bytes > MAX_BYTES)
    heddle_store_memo_forget_all (self);
  entry = g_new (Entry, 1);
  entry->run = run;
  entry->value = json_node_ref (value);
  entry->blob = blob;
  g_hash_table_replace (self->entries, entry, entry);
  self->n_bytes += length;
}

static gboolean
is_of_run (gpointer key, gpointer value, gpointer data)
{
  return ((const Entry *) key)->run == *(const gint64 *) data;
}

void
heddle_store_memo_forget_run (HeddleStoreMemo *self, gint64 run)
{
  g_hash_table_foreach_remove (self->entries, is_of_run, &run);
  if (g_hash_table_size (self->entries) == 0)
    self->n_bytes = 0;
}

void
heddle_store_memo_forget_all (HeddleStoreMemo *self)
{
  g_hash_table_remove_all (self->entries);
  self->n_bytes = 0;
}
