/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/heddle-store-values.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

/* Deeper than any value can be, with a blob and the levels of its pieces for each list; a damaged file cannot make us recurse further. */
#define MAX_DEPTH (12 * HEDDLE_JSON_MAX_DEPTH)
/* No value that was ever written has a longer list. */
#define MAX_LENGTH (8 * 1024 * 1024)

struct _HeddleUnpacker
{
  HeddleDatabase *database;
  gint64 run;
  GHashTable *nodes;  /* gint64* → JsonNode*: blobs by id */
  GHashTable *events; /* same: data of events by number */
  gboolean is_shared; /* what is read now is what an event refers to, so it refers to none */
};

HeddleUnpacker *
heddle_unpacker_new (HeddleDatabase *database,
                     gint64 run)
{
  HeddleUnpacker *self = g_new0 (HeddleUnpacker, 1);

  self->database = database;
  self->run = run;
  self->nodes = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) json_node_unref);
  self->events = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) json_node_unref);
  return self;
}

void
heddle_unpacker_free (HeddleUnpacker *self)
{
  g_hash_table_unref (self->nodes);
  g_hash_table_unref (self->events);
  g_free (self);
}

static void
set_damaged (GError **error)
{
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE,
                       _ ("A value of this run is damaged in the database. Run the workflow again."));
}

/* The text that the statement finds by a number, ?1, which must be there. */
static char *
read_text (HeddleUnpacker *self,
           const char *sql,
           gint64 number,
           GError **error)
{
  GError *local_error = NULL;
  sqlite3_stmt *stmt = heddle_database_prepare (self->database, sql, error);
  char *text = NULL;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, number);
  if (sqlite3_bind_parameter_count (stmt) > 1)
    sqlite3_bind_int64 (stmt, 2, self->run);
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
  text = read_text (self, "SELECT json FROM blobs WHERE id = ?1", id, error);
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
      json_object_set_member (object, alone && heddle_values_is_reference_key (key) ? key + 1 : key, value);
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

/* Appends the elements of a list that was written as a blob, or of a list. */
static gboolean
append_elements (HeddleUnpacker *self,
                 JsonArray *target,
                 JsonNode *part,
                 gint64 limit,
                 guint depth,
                 GError **error)
{
  gint64 id = JSON_NODE_HOLDS_VALUE (part) ? json_node_get_int (part) : 0;
  g_autoptr (JsonNode) list = NULL;
  JsonArray *elements;

  if (JSON_NODE_HOLDS_ARRAY (part))
    list = unpack_array (self, json_node_get_array (part), limit, depth, error);
  else if (id > 0 && id < limit)
    list = unpack_blob (self, id, depth, error);
  else
    set_damaged (error);
  if (list == NULL)
    return FALSE;
  elements = JSON_NODE_HOLDS_ARRAY (list) ? json_node_get_array (list) : NULL;
  if (elements == NULL || json_array_get_length (target) + json_array_get_length (elements) > MAX_LENGTH)
    {
      set_damaged (error);
      return FALSE;
    }
  for (guint i = 0; i < json_array_get_length (elements); i++)
    json_array_add_element (target, json_node_ref (json_array_get_element (elements, i)));
  return TRUE;
}

/* Data of an event of the run. */
static JsonNode *
read_event (HeddleUnpacker *self,
            gint64 seq,
            GError **error)
{
  JsonNode *data = g_hash_table_lookup (self->events, &seq);
  g_autofree char *text = NULL;

  if (data != NULL)
    return json_node_ref (data);
  text = read_text (self, "SELECT data FROM events WHERE seq = ?1 AND run = ?2", seq, error);
  if (text == NULL)
    return NULL;
  self->is_shared = TRUE;
  data = unpack_text (self, text, G_MAXINT64, 0, error);
  self->is_shared = FALSE;
  if (data != NULL)
    heddle_unpacker_keep (self, (guint64) seq, data);
  return data;
}

void
heddle_unpacker_keep (HeddleUnpacker *self,
                      guint64 seq,
                      JsonNode *data)
{
  gint64 key = (gint64) seq;

  g_hash_table_insert (self->events, g_memdup2 (&key, sizeof key), json_node_ref (data));
}

/* Adds the members of data that are named; FALSE when they cannot be. */
static gboolean
add_named (JsonObject *object,
           JsonNode *data,
           JsonNode *names)
{
  JsonArray *list = JSON_NODE_HOLDS_ARRAY (names) ? json_node_get_array (names) : NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *name = json_array_get_element (list, i);
      JsonNode *value = heddle_json_is_string (name) ? heddle_json_member (data, json_node_get_string (name)) : NULL;

      if (value == NULL)
        return FALSE;
      json_object_set_member (object, json_node_get_string (name), json_node_ref (value));
    }
  return list != NULL;
}

static gboolean
add_all (JsonObject *object,
         JsonNode *own)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (own))
    return FALSE;
  json_object_iter_init_ordered (&iter, json_node_get_object (own));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (object, name, json_node_ref (value));
  return TRUE;
}

/* "seq.id" */
static gboolean
parse_shared (JsonNode *reference,
              gint64 *seq,
              gint64 *names)
{
  g_auto (GStrv) numbers = g_strsplit (json_node_get_string (reference), ".", 3);

  return g_strv_length (numbers) == 2 && g_ascii_string_to_signed (numbers[0], 10, 1, G_MAXINT64, seq, NULL) &&
         g_ascii_string_to_signed (numbers[1], 10, 1, G_MAXINT64, names, NULL);
}

/* What an event has in common with another, and what it has beyond that. */
static JsonNode *
unpack_shared (HeddleUnpacker *self,
               JsonArray *parts,
               gint64 limit,
               guint depth,
               GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) data = NULL;
  g_autoptr (JsonNode) names = NULL;
  g_autoptr (JsonNode) own = NULL;
  gint64 seq, id;

  if (self->is_shared || json_array_get_length (parts) != 2 || !parse_shared (json_array_get_element (parts, 0), &seq, &id) || id >= limit)
    {
      set_damaged (error);
      return NULL;
    }
  data = read_event (self, seq, error);
  names = data != NULL ? unpack_blob (self, id, depth, error) : NULL;
  own = names != NULL ? unpack (self, json_array_get_element (parts, 1), limit, depth, error) : NULL;
  if (own == NULL)
    return NULL;
  if (add_named (object, data, names) && add_all (object, own))
    return heddle_json_object (g_steal_pointer (&object));
  set_damaged (error);
  return NULL;
}

static JsonNode *
unpack_pieces (HeddleUnpacker *self,
               JsonArray *parts,
               gint64 limit,
               guint depth,
               GError **error)
{
  g_autoptr (JsonArray) array = NULL;

  if (json_array_get_length (parts) > 0 && heddle_json_is_string (json_array_get_element (parts, 0)))
    return unpack_shared (self, parts, limit, depth, error);
  array = json_array_new ();
  for (guint i = 0; i < json_array_get_length (parts); i++)
    {
      if (!append_elements (self, array, json_array_get_element (parts, i), limit, depth, error))
        return NULL;
    }
  return heddle_json_array (g_steal_pointer (&array));
}

static JsonNode *
unpack_reference (HeddleUnpacker *self,
                  JsonNode *reference,
                  gint64 limit,
                  guint depth,
                  GError **error)
{
  gint64 id = JSON_NODE_HOLDS_VALUE (reference) ? json_node_get_int (reference) : 0;

  if (JSON_NODE_HOLDS_ARRAY (reference))
    return unpack_pieces (self, json_node_get_array (reference), limit, depth, error);
  if (id > 0 && id < limit)
    return unpack_blob (self, id, depth, error);
  set_damaged (error);
  return NULL;
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
    return unpack_reference (self, heddle_json_member (node, "$blob"), limit, depth + 1, error);
  return unpack_object (self, json_node_get_object (node), limit, depth + 1, error);
}

JsonNode *
heddle_unpacker_read (HeddleUnpacker *self,
                      const char *text,
                      GError **error)
{
  return unpack_text (self, text, G_MAXINT64, 0, error);
}
