/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-values.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

#define BLOB_BYTES 256
#define HASH_BYTES 32
/* Deeper than any value can be; a damaged file cannot make us recurse further. */
#define MAX_DEPTH (2 * HEDDLE_JSON_MAX_DEPTH)

typedef struct
{
  HeddleDatabase *database;
  gint64 run;
  GString *out;
  gint64 n_bytes; /* of blobs that are new for the run */
  GError *error;  /* the first; from then on nothing is written */
} Packer;

struct _HeddleUnpacker
{
  HeddleDatabase *database;
  GHashTable *nodes; /* gint64* → JsonNode* */
};

static void
bind_hash (sqlite3_stmt *stmt,
           int index,
           const char *text,
           gsize length)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 hash[HASH_BYTES];
  gsize n_bytes = sizeof hash;

  g_checksum_update (checksum, (const guchar *) text, (gssize) length);
  g_checksum_get_digest (checksum, hash, &n_bytes);
  sqlite3_bind_blob (stmt, index, hash, (int) n_bytes, SQLITE_TRANSIENT);
}

/* The id found by find_sql (?1: hash), else inserted by insert_sql (?1: hash, ?2: text). */
static gint64
intern_text (HeddleDatabase *database,
             const char *find_sql,
             const char *insert_sql,
             const char *text,
             gsize length,
             GError **error)
{
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (database, find_sql, error);
  gint64 id = -1;

  if (stmt == NULL)
    return -1;
  bind_hash (stmt, 1, text, length);
  if (heddle_database_step (database, stmt, &local_error))
    id = sqlite3_column_int64 (stmt, 0);
  sqlite3_reset (stmt);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  if (local_error != NULL || id >= 0)
    return id;

  stmt = heddle_database_prepare (database, insert_sql, error);
  if (stmt == NULL)
    return -1;
  bind_hash (stmt, 1, text, length);
  sqlite3_bind_text64 (stmt, 2, text, length, SQLITE_STATIC, SQLITE_UTF8);
  if (!heddle_database_run (database, stmt, error))
    return -1;
  return sqlite3_last_insert_rowid (heddle_database_get_handle (database));
}

gint64
heddle_values_intern_source (HeddleDatabase *database,
                             const char *json,
                             GError **error)
{
  return intern_text (database, "SELECT id FROM sources WHERE hash = ?1",
                      "INSERT INTO sources (hash, json) VALUES (?1, ?2)", json, strlen (json), error);
}

static gboolean
note_blob (Packer *self,
           gint64 blob,
           gsize length)
{
  sqlite3_stmt *stmt = heddle_database_prepare (self->database, "INSERT OR IGNORE INTO run_blobs (run, blob) VALUES (?1, ?2)",
                                                &self->error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, self->run);
  sqlite3_bind_int64 (stmt, 2, blob);
  if (!heddle_database_run (self->database, stmt, &self->error))
    return FALSE;
  if (sqlite3_changes (heddle_database_get_handle (self->database)) > 0)
    self->n_bytes += (gint64) length;
  return TRUE;
}

/* Replaces what was appended since start by a reference when it is long. */
static void
move_to_blob (Packer *self,
              gsize start)
{
  gsize length = self->out->len - start;
  gint64 id;

  if (length <= BLOB_BYTES || self->error != NULL)
    return;
  id = intern_text (self->database, "SELECT id FROM blobs WHERE hash = ?1",
                    "INSERT INTO blobs (hash, json) VALUES (?1, ?2)", self->out->str + start, length, &self->error);
  if (id < 0 || !note_blob (self, id, length))
    return;
  g_string_truncate (self->out, start);
  g_string_append_printf (self->out, "{\"$blob\":%" G_GINT64_FORMAT "}", id);
}

/* "$blob", "$$blob", …: a key that needs one more "$". */
static gboolean
is_reference_key (const char *key)
{
  gsize n_signs = strspn (key, "$");

  return n_signs > 0 && strcmp (key + n_signs, "blob") == 0;
}

static void pack (Packer *self, JsonNode *node); /* recursive */

static void
pack_object (Packer *self,
             JsonObject *object)
{
  gboolean alone = json_object_get_size (object) == 1;
  JsonObjectIter iter;
  const char *key;
  JsonNode *member;
  const char *separator = "";

  g_string_append_c (self->out, '{');
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &key, &member))
    {
      g_autofree char *escaped = alone && is_reference_key (key) ? g_strconcat ("$", key, NULL) : NULL;

      g_string_append (self->out, separator);
      heddle_json_append_string (self->out, escaped != NULL ? escaped : key);
      g_string_append_c (self->out, ':');
      pack (self, member);
      separator = ",";
    }
  g_string_append_c (self->out, '}');
}

static void
pack_array (Packer *self,
            JsonArray *array)
{
  guint length = json_array_get_length (array);

  g_string_append_c (self->out, '[');
  for (guint i = 0; i < length; i++)
    {
      if (i > 0)
        g_string_append_c (self->out, ',');
      pack (self, json_array_get_element (array, i));
    }
  g_string_append_c (self->out, ']');
}

static void
append_value (Packer *self,
              JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    pack_object (self, json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    pack_array (self, json_node_get_array (node));
  else
    heddle_json_append_text (self->out, node, HEDDLE_JSON_COMPACT, 0);
}

static void
pack (Packer *self,
      JsonNode *node)
{
  gsize start = self->out->len;

  append_value (self, node);
  move_to_blob (self, start);
}

char *
heddle_values_pack (HeddleDatabase *database,
                    gint64 run,
                    JsonNode *node,
                    gint64 *n_bytes,
                    GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  Packer packer = { .database = database, .run = run, .out = out };

  /* The value of a row is its own, so it would gain nothing as a blob. */
  append_value (&packer, node);
  *n_bytes += packer.n_bytes + (gint64) out->len;
  if (packer.error == NULL)
    return g_string_free (g_steal_pointer (&out), FALSE);
  g_propagate_error (error, packer.error);
  return NULL;
}

HeddleUnpacker *
heddle_unpacker_new (HeddleDatabase *database)
{
  HeddleUnpacker *self = g_new0 (HeddleUnpacker, 1);

  self->database = database;
  self->nodes = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) json_node_unref);
  return self;
}

void
heddle_unpacker_free (HeddleUnpacker *self)
{
  g_hash_table_unref (self->nodes);
  g_free (self);
}

static void
set_damaged (GError **error)
{
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE,
                       _ ("A value of this run is damaged in the database. Run the workflow again."));
}

static char *
read_blob (HeddleUnpacker *self,
           gint64 id,
           GError **error)
{
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (self->database, "SELECT json FROM blobs WHERE id = ?1", error);
  char *text = NULL;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, id);
  if (heddle_database_step (self->database, stmt, &local_error))
    text = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  sqlite3_reset (stmt);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  else if (text == NULL)
    set_damaged (error);
  return text;
}

static JsonNode *unpack (HeddleUnpacker *self, JsonNode *node, gint64 limit, guint depth, GError **error); /* recursive */

static JsonNode *
unpack_text (HeddleUnpacker *self,
             const char *text,
             gint64 limit,
             guint depth,
             GError **error)
{
  g_autoptr (JsonNode) packed = heddle_json_parse_limited (text, -1, G_MAXINT32, error);

  if (packed == NULL)
    return NULL;
  if (strstr (text, "blob\":") == NULL)
    return g_steal_pointer (&packed);
  return unpack (self, packed, limit, depth, error);
}

static JsonNode *
unpack_blob (HeddleUnpacker *self,
             gint64 id,
             guint depth,
             GError **error)
{
  JsonNode *node = g_hash_table_lookup (self->nodes, &id);
  g_autofree char *text = NULL;

  if (node != NULL)
    return json_node_ref (node);
  text = read_blob (self, id, error);
  node = text == NULL ? NULL : unpack_text (self, text, id, depth, error);
  if (node != NULL)
    g_hash_table_insert (self->nodes, g_memdup2 (&id, sizeof id), json_node_ref (node));
  return node;
}

static JsonNode *
unpack_object (HeddleUnpacker *self,
               JsonObject *packed,
               gint64 limit,
               guint depth,
               GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  gboolean alone = json_object_get_size (packed) == 1;
  JsonObjectIter iter;
  const char *key;
  JsonNode *member;

  json_object_iter_init_ordered (&iter, packed);
  while (json_object_iter_next_ordered (&iter, &key, &member))
    {
      JsonNode *value = unpack (self, member, limit, depth, error);

      if (value == NULL)
        return NULL;
      json_object_set_member (object, alone && is_reference_key (key) ? key + 1 : key, value);
    }
  return heddle_json_object (g_steal_pointer (&object));
}

static JsonNode *
unpack_array (HeddleUnpacker *self,
              JsonArray *packed,
              gint64 limit,
              guint depth,
              GError **error)
{
  g_autoptr (JsonArray) array = json_array_sized_new (json_array_get_length (packed));

  for (guint i = 0; i < json_array_get_length (packed); i++)
    {
      JsonNode *value = unpack (self, json_array_get_element (packed, i), limit, depth, error);

      if (value == NULL)
        return NULL;
      json_array_add_element (array, value);
    }
  return heddle_json_array (g_steal_pointer (&array));
}

/* limit: references must be smaller, so that a damaged file cannot refer in a circle. */
static JsonNode *
unpack (HeddleUnpacker *self,
        JsonNode *node,
        gint64 limit,
        guint depth,
        GError **error)
{
  if (depth >= MAX_DEPTH)
    {
      set_damaged (error);
      return NULL;
    }
  if (JSON_NODE_HOLDS_ARRAY (node))
    return unpack_array (self, json_node_get_array (node), limit, depth + 1, error);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return json_node_ref (node);
  if (json_object_get_size (json_node_get_object (node)) == 1 && heddle_json_member (node, "$blob") != NULL)
    {
      gint64 id = heddle_json_get_int (node, "$blob", G_MAXINT64);

      if (id < limit)
        return unpack_blob (self, id, depth + 1, error);
      set_damaged (error);
      return NULL;
    }
  return unpack_object (self, json_node_get_object (node), limit, depth + 1, error);
}

JsonNode *
heddle_unpacker_read (HeddleUnpacker *self,
                      const char *text,
                      GError **error)
{
  return unpack_text (self, text, G_MAXINT64, 0, error);
}
