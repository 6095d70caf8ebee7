/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * Vectors of a knowledge base on a Qdrant server, by its REST interface. A point's id is that of its passage; its payload
 * tells document and text. Requests are made on the network context of the knowledge.
 */
typedef struct
{
  char *url;        /* without a final slash */
  char *credential; /* name or NULL */
  char *collection;
} HeddleVectorServer;

void heddle_vector_server_free (HeddleVectorServer *server);
HeddleVectorServer *heddle_vector_server_copy (const HeddleVectorServer *server) G_GNUC_WARN_UNUSED_RESULT;

/* New points; everything borrowed. */
typedef struct
{
  const gint64 *chunks;
  const gint64 *documents;
  const char *const *texts;
  const float *values; /* n × dimensions */
  guint n;
  guint dimensions;
} HeddleQdrantPoints;

/* These block until the server has answered, at most 60 s each; for the threads of the knowledge. */
gboolean heddle_qdrant_ensure_collection (HeddleKnowledge *knowledge, const HeddleVectorServer *server, guint dimensions, GCancellable *cancellable, GError **error);
gboolean heddle_qdrant_upsert (HeddleKnowledge *knowledge, const HeddleVectorServer *server, const HeddleQdrantPoints *points, GCancellable *cancellable, GError **error);
gboolean heddle_qdrant_delete_document (HeddleKnowledge *knowledge, const HeddleVectorServer *server, gint64 document, GCancellable *cancellable, GError **error);
/* One that is not there is dropped already. */
gboolean heddle_qdrant_drop_collection (HeddleKnowledge *knowledge, const HeddleVectorServer *server, GCancellable *cancellable, GError **error);

/* done is called on the network context; it owns hits (HeddleHit, best first) or error. */
typedef void (*HeddleQdrantHits) (GArray *hits, GError *error, gpointer data);
void heddle_qdrant_query (HeddleKnowledge *knowledge, const HeddleVectorServer *server, const float *query, guint dimensions, guint limit, GCancellable *cancellable, HeddleQdrantHits done, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleVectorServer, heddle_vector_server_free)

G_END_DECLS
