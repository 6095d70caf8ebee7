/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "knowledge/heddle-knowledge-private.h"

G_BEGIN_DECLS

/* What one document became. */
typedef enum
{
  HEDDLE_INGEST_FAILED, /* error is set */
  HEDDLE_INGEST_ADDED,  /* or replaced */
  HEDDLE_INGEST_UNCHANGED,
  HEDDLE_INGEST_UNSUPPORTED, /* of no kind that can be read; nothing was kept */
} HeddleIngestOutcome;

/*
 * Reads, cuts and keeps one file. What is wrong with the file is kept with it; FAILED is also returned when
 * the base is gone or the database cannot be written, with HEDDLE_ERROR_NOT_FOUND or HEDDLE_ERROR_STORE. Blocks.
 */
HeddleIngestOutcome heddle_ingest_file (HeddleKnowledge *knowledge, const char *base, const char *path, GCancellable *cancellable, GError **error);

typedef struct
{
  const char *title;
  const char *source; /* or NULL */
  const char *mime;
  const char *text;
} HeddleIngestText;
/* The same for text; id and n_chunks are those of the document, also when it is unchanged. 0: error is set. */
gint64 heddle_ingest_text (HeddleKnowledge *knowledge, const char *base, const HeddleIngestText *text, guint *n_chunks, GError **error);

G_END_DECLS
