/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-values.h"

#include <string.h>

#include "value/heddle-json.h"

#define BLOB_BYTES 256
/* What is shorter is not worth counting how often it comes. */
#define SHARED_BYTES 48
#define HASH_BYTES 32
/* A list of objects is written in pieces of at least so many bytes, or such a part of what is before them. */
#define PIECE_BYTES 160
#define PIECE_SHARE 1024
/* A blob holds at most so many references to pieces; larger lists have more levels of them. */
#define MAX_REFERENCES 8
#define N_LEVELS 6

typedef struct
{
  HeddleDatabase *database;
  gint64 run;
  GString *out;
  guint n_lists;  /* around what is written now */
  gint64 n_bytes; /* of blobs that are new for the run */
  GError *error;  /* the first; from then on nothing is written */
} Packer;

typedef struct
{
  GArray *references[N_LEVELS]; /* of gint64: pieces, blobs of many pieces, blobs of many of those…; or NULL */
  gsize n_bytes;                /* of all pieces; 0: there are none */
} Pieces;

static void
bind_hash (sqlite3_stmt *stmt,
           const guint8 *hash)
{
  sqlite3_bind_blob (stmt, 1, hash, HASH_BYTES, SQLITE_STATIC);
}

static void
compute_hash (const char *text,
              gsize length,
              guint8 *hash)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize n_bytes = HASH_BYTES;

  g_checksum_update (checksum, (const guchar *) text, (gssize) length);
  g_checksum_get_digest (checksum, hash, &n_bytes);
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
  guint8 hash[HASH_BYTES];
  gint64 id = -1;

  if (stmt == NULL)
    return -1;
  compute_hash (text, length, hash);
  bind_hash (stmt, hash);
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
  bind_hash (stmt, hash);
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

static void
append_references (GString *out,
                   GArray *ids)
{
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (out, "%" G_GINT64_FORMAT ",", g_array_index (ids, gint64, i));
}

/* Writes what was appended since start as a blob, and takes it back. 0 on error. */
static gint64
cut_blob (Packer *self,
          gsize start)
{
  gint64 id;

  if (self->error != NULL)
    return 0;
  id = intern_text (self->database, "SELECT id FROM blobs WHERE hash = ?1",
                    "INSERT INTO blobs (hash, json) VALUES (?1, ?2)", self->out->str + start, self->out->len - start, &self->error);
  if (id < 0 || !note_blob (self, id, self->out->len - start))
    return 0;
  g_string_truncate (self->out, start);
  return id;
}

static void
append_reference (Packer *self,
                  gint64 id)
{
  g_string_append_printf (self->out, "{\"$blob\":%" G_GINT64_FORMAT "}", id);
}

gboolean
heddle_values_is_reference_key (const char *key)
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
      g_autofree char *escaped = alone && heddle_values_is_reference_key (key) ? g_strconcat ("$", key, NULL) : NULL;

      g_string_append (self->out, separator);
      heddle_json_append_string (self->out, escaped != NULL ? escaped : key);
      g_string_append_c (self->out, ':');
      pack (self, member);
      separator = ",";
    }
  g_string_append_c (self->out, '}');
}

/* A piece that the next element would not make more worth sharing. */
static gboolean
is_whole_piece (const Pieces *pieces,
                gsize length)
{
  return length >= MAX (PIECE_BYTES, pieces->n_bytes / PIECE_SHARE);
}

/* Another piece of a list; of many references a blob is made that holds them. */
static void
add_piece (Packer *self,
           Pieces *pieces,
           gint64 id)
{
  for (guint level = 0; id != 0; level++)
    {
      gsize start = self->out->len;

      if (pieces->references[level] == NULL)
        pieces->references[level] = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_array_append_val (pieces->references[level], id);
      if (pieces->references[level]->len < MAX_REFERENCES || level + 1 == N_LEVELS)
        return;
      g_string_append (self->out, "{\"$blob\":[");
      append_references (self->out, pieces->references[level]);
      g_string_append (self->out, "[]]}");
      g_array_set_size (pieces->references[level], 0);
      id = cut_blob (self, start);
    }
}

/* Puts the references to the pieces before the rest of the list, which begins at start. */
static void
finish_pieces (Packer *self,
               Pieces *pieces,
               gsize start)
{
  g_autoptr (GString) head = NULL;

  if (pieces->n_bytes == 0)
    return;
  head = g_string_new ("{\"$blob\":[");
  for (int level = N_LEVELS - 1; level >= 0; level--)
    {
      if (pieces->references[level] != NULL)
        append_references (head, pieces->references[level]);
      g_clear_pointer (&pieces->references[level], g_array_unref);
    }
  g_string_insert_len (self->out, (gssize) start, head->str, (gssize) head->len);
  g_string_append (self->out, "]}");
}

/* Texts that became references, objects and lists: what lists that grow at their end, as conversations do, are made of. */
static gboolean
ends_container (const GString *out)
{
  return out->str[out->len - 1] == '}' || out->str[out->len - 1] == ']';
}

static void
pack_array (Packer *self,
            JsonArray *array)
{
  guint length = json_array_get_length (array);
  gsize start = self->out->len;
  Pieces pieces = { { NULL }, 0 };

  self->n_lists++;
  g_string_append_c (self->out, '[');
  for (guint i = 0; i < length; i++)
    {
      pack (self, json_array_get_element (array, i));
      if (ends_container (self->out) && is_whole_piece (&pieces, self->out->len - start))
        {
          pieces.n_bytes += self->out->len - start;
          g_string_append_c (self->out, ']');
          add_piece (self, &pieces, cut_blob (self, start));
          g_string_append_c (self->out, '[');
        }
      else if (i + 1 < length)
        {
          g_string_append_c (self->out, ',');
        }
    }
  g_string_append_c (self->out, ']');
  finish_pieces (self, &pieces, start);
  self->n_lists--;
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

/* In a list nothing depends on what was before, so that its pieces stay the same. */
static gboolean
is_worth_a_blob (Packer *self,
                 JsonNode *node,
                 gsize length)
{
  HeddleStoreMemo *memo = heddle_database_get_memo (self->database);

  if (length > BLOB_BYTES || length < SHARED_BYTES || self->n_lists > 0)
    return length > BLOB_BYTES;
  return heddle_store_memo_count (memo, self->run, node, length) > BLOB_BYTES;
}

static void
pack (Packer *self,
      JsonNode *node)
{
  HeddleStoreMemo *memo = heddle_database_get_memo (self->database);
  gsize start = self->out->len;
  gint64 id = heddle_store_memo_find (memo, self->run, node, self->n_lists > 0 ? BLOB_BYTES : 0);
  gsize length;

  if (id == 0)
    {
      append_value (self, node);
      length = self->out->len - start;
      if (!is_worth_a_blob (self, node, length) || (id = cut_blob (self, start)) == 0)
        return;
      heddle_store_memo_add (memo, self->run, node, id, length);
    }
  append_reference (self, id);
}

/* Takes out. */
static char *
finish (Packer *self,
        gint64 *n_bytes,
        GError **error)
{
  g_autoptr (GString) out = g_steal_pointer (&self->out);

  *n_bytes += self->n_bytes + (gint64) out->len;
  if (self->error == NULL)
    return g_string_free (g_steal_pointer (&out), FALSE);
  g_propagate_error (error, self->error);
  return NULL;
}

char *
heddle_values_pack (HeddleDatabase *database,
                    gint64 run,
                    JsonNode *node,
                    gint64 *n_bytes,
                    GError **error)
{
  Packer packer = { .database = database, .run = run, .out = g_string_new (NULL) };

  /* The value of a row is its own, so it would gain nothing as a blob. */
  append_value (&packer, node);
  return finish (&packer, n_bytes, error);
}

/* The members of an object that another has too go to shared, by name, the rest to own. */
static void
split_members (JsonObject *object,
               JsonNode *other,
               JsonArray *shared,
               JsonObject *own)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      JsonNode *same = heddle_json_member (other, name);

      if (same != NULL && heddle_json_equal (same, value))
        json_array_add_string_element (shared, name);
      else
        json_object_set_member (own, name, json_node_ref (value));
    }
}

/* A member of an effect, with what it shares with the event seq, whose data is other. */
static void
pack_shared (Packer *self,
             JsonNode *node,
             guint64 seq,
             JsonNode *other)
{
  g_autoptr (JsonArray) shared = json_array_new ();
  g_autoptr (JsonObject) own = json_object_new ();
  gsize start = self->out->len;
  gint64 names;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      pack (self, node);
      return;
    }
  split_members (json_node_get_object (node), other, shared, own);
  pack_array (self, shared);
  names = cut_blob (self, start);
  g_string_append_printf (self->out, "{\"$blob\":[\"%" G_GUINT64_FORMAT ".%" G_GINT64_FORMAT "\",", seq, names);
  pack_object (self, own);
  g_string_append (self->out, "]}");
}

char *
heddle_values_pack_call (HeddleDatabase *database,
                         gint64 run,
                         JsonNode *effect,
                         const HeddleMemoCall *call,
                         gint64 *n_bytes,
                         GError **error)
{
  Packer packer = { .database = database, .run = run, .out = g_string_new ("{") };
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (effect));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (packer.out->len > 1)
        g_string_append_c (packer.out, ',');
      heddle_json_append_string (packer.out, name);
      g_string_append_c (packer.out, ':');
      if (strcmp (name, "request") == 0)
        pack_shared (&packer, value, call->begin_seq, call->begin);
      else if (strcmp (name, "response") == 0)
        pack_shared (&packer, value, call->end_seq, call->end);
      else
        pack (&packer, value);
    }
  g_string_append_c (packer.out, '}');
  return finish (&packer, n_bytes, error);
}
