/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "knowledge/heddle-qdrant.h"

G_BEGIN_DECLS

/* One request to a Qdrant server. */
typedef struct
{
  const char *method;
  const char *path; /* below the server's address, with its slash */
  JsonNode *body;   /* or NULL */
} HeddleQdrantRequest;

/* done is called on the network context, or at once when there is none; it owns the "result" of the answer or the error. */
typedef void (*HeddleQdrantDone) (JsonNode *result, GError *error, gpointer data);
void heddle_qdrant_send (HeddleKnowledge *knowledge, const HeddleVectorServer *server, const HeddleQdrantRequest *request, GCancellable *cancellable, HeddleQdrantDone done, gpointer data);
/* The same, blocking; not on the network context. */
JsonNode *heddle_qdrant_send_sync (HeddleKnowledge *knowledge, const HeddleVectorServer *server, const HeddleQdrantRequest *request, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
