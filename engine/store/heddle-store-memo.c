/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-memo.h"

#include "run/heddle-event.h"
#include "value/heddle-json.h"

#include <string.h>

/* How much may be kept alive; then all is forgotten, and what is still used soon known again. */
#define MAX_ENTRIES 4096
#define MAX_BYTES (32 * 1024 * 1024)
/* Calls of models and tools that are kept at once; a run has fewer under way. */
#define MAX_CALLS 256

typedef struct
{
  gint64 run;
  JsonNode *value; /* owned */
  gsize length;    /* of its text */
  gint64 blob;     /* 0: it was written with its text */
  gsize n_written; /* bytes of that */
} Entry;

typedef struct
{
  HeddleMemoCall call;
  gint64 run;
  guint64 span;
} Call;

struct _HeddleStoreMemo
{
  GHashTable *entries; /* set of Entry, by run and value */
  gsize n_bytes;
  GHashTable *calls; /* set of Call, by run and span */
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

static guint
hash_call (gconstpointer data)
{
  const Call *call = data;

  return (guint) call->span ^ g_int64_hash (&call->run);
}

static gboolean
equal_calls (gconstpointer a, gconstpointer b)
{
  const Call *left = a, *right = b;

  return left->span == right->span && left->run == right->run;
}

void
heddle_memo_call_free (HeddleMemoCall *call)
{
  json_node_unref (call->begin);
  g_clear_pointer (&call->end, json_node_unref);
  g_free (call);
}

HeddleStoreMemo *
heddle_store_memo_new (void)
{
  HeddleStoreMemo *self = g_new0 (HeddleStoreMemo, 1);

  self->entries = g_hash_table_new_full (hash_entry, equal_entries, entry_free, NULL);
  self->calls = g_hash_table_new_full (hash_call, equal_calls, (GDestroyNotify) heddle_memo_call_free, NULL);
  return self;
}

void
heddle_store_memo_free (HeddleStoreMemo *self)
{
  g_hash_table_unref (self->entries);
  g_hash_table_unref (self->calls);
  g_free (self);
}

static Entry *
find (HeddleStoreMemo *self, gint64 run, JsonNode *value)
{
  const Entry wanted = { .run = run, .value = value };

  return g_hash_table_lookup (self->entries, &wanted);
}

gint64
heddle_store_memo_find (HeddleStoreMemo *self, gint64 run, JsonNode *value, gsize longer_than)
{
  const Entry *entry = find (self, run, value);

  return entry != NULL && entry->length > longer_than ? entry->blob : 0;
}

static void
forget_values (HeddleStoreMemo *self)
{
  g_hash_table_remove_all (self->entries);
  self->n_bytes = 0;
}

static Entry *
ensure (HeddleStoreMemo *self, gint64 run, JsonNode *value, gsize length)
{
  Entry *entry = find (self, run, value);

  if (entry != NULL)
    return entry;
  if (g_hash_table_size (self->entries) >= MAX_ENTRIES || self->n_bytes > MAX_BYTES)
    forget_values (self);
  entry = g_new0 (Entry, 1);
  entry->run = run;
  entry->value = json_node_ref (value);
  entry->length = length;
  g_hash_table_add (self->entries, entry);
  self->n_bytes += length;
  return entry;
}

void
heddle_store_memo_add (HeddleStoreMemo *self, gint64 run, JsonNode *value, gint64 blob, gsize length)
{
  if (json_node_is_immutable (value))
    ensure (self, run, value, length)->blob = blob;
}

gsize
heddle_store_memo_count (HeddleStoreMemo *self, gint64 run, JsonNode *value, gsize length)
{
  Entry *entry;

  if (!json_node_is_immutable (value))
    return length;
  entry = ensure (self, run, value, length);
  entry->n_written += length;
  return entry->n_written;
}

/* Of models and tools, whose records say what their spans do. */
static gboolean
is_recorded (JsonNode *data)
{
  const char *kind = heddle_json_get_string (data, "kind", "");

  return strcmp (kind, "model") == 0 || strcmp (kind, "tool") == 0;
}

static void
begin_call (HeddleStoreMemo *self, gint64 run, const HeddleEvent *event)
{
  Call *call;

  if (!is_recorded (event->data))
    return;
  if (g_hash_table_size (self->calls) >= MAX_CALLS)
    g_hash_table_remove_all (self->calls);
  call = g_new0 (Call, 1);
  call->run = run;
  call->span = event->span;
  call->call.begin_seq = event->seq;
  call->call.begin = json_node_ref (event->data);
  g_hash_table_replace (self->calls, call, call);
}

static Call *
find_call (HeddleStoreMemo *self, gint64 run, guint64 span)
{
  const Call wanted = { .run = run, .span = span };

  return g_hash_table_lookup (self->calls, &wanted);
}

void
heddle_store_memo_keep_call (HeddleStoreMemo *self, gint64 run, const HeddleEvent *event)
{
  Call *call;

  if (event->data == NULL)
    return;
  if (event->kind == HEDDLE_EVENT_SPAN_STARTED)
    begin_call (self, run, event);
  call = event->kind == HEDDLE_EVENT_SPAN_FINISHED ? find_call (self, run, event->span) : NULL;
  if (call == NULL)
    return;
  g_clear_pointer (&call->call.end, json_node_unref);
  call->call.end = json_node_ref (event->data);
  call->call.end_seq = event->seq;
}

HeddleMemoCall *
heddle_store_memo_take_call (HeddleStoreMemo *self, gint64 run, guint64 span)
{
  Call *call = find_call (self, run, span);

  if (call == NULL || call->call.end == NULL)
    return NULL;
  g_hash_table_steal (self->calls, call);
  return &call->call;
}

static gboolean
is_of_run (gpointer key, gpointer value, gpointer data)
{
  return ((const Entry *) key)->run == *(const gint64 *) data;
}

static gboolean
is_call_of_run (gpointer key, gpointer value, gpointer data)
{
  return ((const Call *) key)->run == *(const gint64 *) data;
}

void
heddle_store_memo_forget_run (HeddleStoreMemo *self, gint64 run)
{
  g_hash_table_foreach_remove (self->entries, is_of_run, &run);
  g_hash_table_foreach_remove (self->calls, is_call_of_run, &run);
  if (g_hash_table_size (self->entries) == 0)
    self->n_bytes = 0;
}

void
heddle_store_memo_forget_all (HeddleStoreMemo *self)
{
  forget_values (self);
  g_hash_table_remove_all (self->calls);
}
