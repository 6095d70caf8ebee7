/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge/heddle-qdrant-request.h"

#include "heddle-error.h"
#include "knowledge/heddle-fusion.h"
#include "value/heddle-json.h"

/* A request with more points gets too large for the server's limit of 32 MB. */
#define BATCH_POINTS 64

void
heddle_vector_server_free (HeddleVectorServer *server)
{
  if (server == NULL)
    return;
  g_free (server->url);
  g_free (server->credential);
  g_free (server->collection);
  g_free (server);
}

HeddleVectorServer *
heddle_vector_server_copy (const HeddleVectorServer *server)
{
  HeddleVectorServer *copy = g_new0 (HeddleVectorServer, 1);

  copy->url = g_strdup (server->url);
  copy->credential = g_strdup (server->credential);
  copy->collection = g_strdup (server->collection);
  return copy;
}

static char *
collection_path (const HeddleVectorServer *server, const char *rest)
{
  g_autofree char *name = g_uri_escape_string (server->collection, NULL, FALSE);

  return g_strconcat ("/collections/", name, rest, NULL);
}

/* Whether it went well; what the server says besides is of no use. */
static gboolean
send (HeddleKnowledge *knowledge, const HeddleVectorServer *server, const HeddleQdrantRequest *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (JsonNode) result = heddle_qdrant_send_sync (knowledge, server, request, cancellable, error);

  return result != NULL;
}

static JsonNode *
vector_settings (guint dimensions)
{
  JsonObject *vectors = json_object_new ();
  JsonObject *settings = json_object_new ();

  json_object_set_int_member (vectors, "size", dimensions);
  json_object_set_string_member (vectors, "distance", "Cosine");
  json_object_set_object_member (settings, "vectors", vectors);
  return heddle_json_object (settings);
}

/* Filters by document stay fast with an index. */
static gboolean
create_index (HeddleKnowledge *knowledge, const HeddleVectorServer *server, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = collection_path (server, "/index?wait=true");
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) body = NULL;

  json_object_set_string_member (object, "field_name", "document");
  json_object_set_string_member (object, "field_schema", "integer");
  body = heddle_json_object (object);
  return send (knowledge, server, &(HeddleQdrantRequest){ "PUT", path, body }, cancellable, error);
}

static gboolean
exists (HeddleKnowledge *knowledge, const HeddleVectorServer *server, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = collection_path (server, "/exists");
  g_autoptr (JsonNode) result = heddle_qdrant_send_sync (knowledge, server, &(HeddleQdrantRequest){ "GET", path, NULL }, cancellable, error);

  return heddle_json_get_boolean (result, "exists", FALSE);
}

gboolean
heddle_qdrant_ensure_collection (HeddleKnowledge *knowledge, const HeddleVectorServer *server, guint dimensions, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = collection_path (server, "");
  g_autoptr (JsonNode) body = vector_settings (dimensions);
  g_autoptr (GError) local = NULL;

  if (exists (knowledge, server, cancellable, &local))
    return TRUE;
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (send (knowledge, server, &(HeddleQdrantRequest){ "PUT", path, body }, cancellable, &local))
    return create_index (knowledge, server, cancellable, error);
  /* Another thread may have been faster. */
  if (exists (knowledge, server, cancellable, NULL))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static JsonArray *
vector_to_json (const float *values, guint dimensions)
{
  JsonArray *array = json_array_sized_new (dimensions);

  for (guint i = 0; i < dimensions; i++)
    json_array_add_double_element (array, values[i]);
  return array;
}

static JsonObject *
point_to_json (const HeddleQdrantPoints *points, guint i)
{
  JsonObject *point = json_object_new ();
  JsonObject *payload = json_object_new ();

  json_object_set_int_member (payload, "document", points->documents[i]);
  json_object_set_string_member (payload, "text", points->texts[i]);
  json_object_set_int_member (point, "id", points->chunks[i]);
  json_object_set_array_member (point, "vector", vector_to_json (points->values + (gsize) i * points->dimensions, points->dimensions));
  json_object_set_object_member (point, "payload", payload);
  return point;
}

static gboolean
upsert_range (HeddleKnowledge *knowledge, const HeddleVectorServer *server, const HeddleQdrantPoints *points, guint first, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = collection_path (server, "/points?wait=true");
  JsonArray *list = json_array_new ();
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) body = NULL;

  for (guint i = first; i < MIN (first + BATCH_POINTS, points->n); i++)
    json_array_add_object_element (list, point_to_json (points, i));
  json_object_set_array_member (object, "points", list);
  body = heddle_json_object (object);
  return send (knowledge, server, &(HeddleQdrantRequest){ "PUT", path, body }, cancellable, error);
}

gboolean
heddle_qdrant_upsert (HeddleKnowledge *knowledge, const HeddleVectorServer *server, const HeddleQdrantPoints *points, GCancellable *cancellable, GError **error)
{
  for (guint first = 0; first < points->n; first += BATCH_POINTS)
    {
      if (!upsert_range (knowledge, server, points, first, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

static JsonNode *
document_filter (gint64 document)
{
  JsonObject *match = json_object_new ();
  JsonObject *condition = json_object_new ();
  JsonArray *must = json_array_new ();
  JsonObject *filter = json_object_new ();
  JsonObject *body = json_object_new ();

  json_object_set_int_member (match, "value", document);
  json_object_set_string_member (condition, "key", "document");
  json_object_set_object_member (condition, "match", match);
  json_array_add_object_element (must, condition);
  json_object_set_array_member (filter, "must", must);
  json_object_set_object_member (body, "filter", filter);
  return heddle_json_object (body);
}

static gboolean
is_missing (const GError *error)
{
  const HeddleErrorDetail *detail = error != NULL ? heddle_error_detail (error) : NULL;

  return detail != NULL && detail->http_status == 404;
}

/* What is not there need not be deleted. */
static gboolean
send_delete (HeddleKnowledge *knowledge, const HeddleVectorServer *server, const HeddleQdrantRequest *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (send (knowledge, server, request, cancellable, &local) || is_missing (local))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
heddle_qdrant_delete_document (HeddleKnowledge *knowledge, const HeddleVectorServer *server, gint64 document, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = collection_path (server, "/points/delete?wait=true");
  g_autoptr (JsonNode) body = document_filter (document);

  return send_delete (knowledge, server, &(HeddleQdrantRequest){ "POST", path, body }, cancellable, error);
}

gboolean
heddle_qdrant_drop_collection (HeddleKnowledge *knowledge, const HeddleVectorServer *server, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = collection_path (server, "");

  return send_delete (knowledge, server, &(HeddleQdrantRequest){ "DELETE", path, NULL }, cancellable, error);
}

typedef struct
{
  HeddleQdrantHits done;
  gpointer data;
} Query;

static GArray *
read_hits (JsonNode *result)
{
  GArray *hits = g_array_new (FALSE, FALSE, sizeof (HeddleHit));
  JsonArray *points = heddle_json_get_array (result, "points");

  for (guint i = 0; points != NULL && i < json_array_get_length (points); i++)
    {
      JsonNode *point = json_array_get_element (points, i);
      HeddleHit hit = { heddle_json_get_int (point, "id", 0), heddle_json_get_double (point, "score", 0) };

      /* What is at a right angle or further has nothing to do with the query. */
      if (hit.chunk > 0 && hit.score > 0)
        g_array_append_val (hits, hit);
    }
  return hits;
}

static void
queried_cb (JsonNode *result, GError *error, gpointer data)
{
  g_autofree Query *query = data;

  query->done (result != NULL ? read_hits (result) : NULL, error, query->data);
  g_clear_pointer (&result, json_node_unref);
}

void
heddle_qdrant_query (HeddleKnowledge *knowledge, const HeddleVectorServer *server, const float *values, guint dimensions, guint limit, GCancellable *cancellable, HeddleQdrantHits done, gpointer data)
{
  g_autofree char *path = collection_path (server, "/points/query");
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) body = NULL;
  Query *query = g_new (Query, 1);

  *query = (Query){ done, data };
  json_object_set_array_member (object, "query", vector_to_json (values, dimensions));
  json_object_set_int_member (object, "limit", limit);
  json_object_set_boolean_member (object, "with_payload", FALSE);
  body = heddle_json_object (object);
  heddle_qdrant_send (knowledge, server, &(HeddleQdrantRequest){ "POST", path, body }, cancellable, queried_cb, query);
}
