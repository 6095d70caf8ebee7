/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "knowledge/heddle-extract.h"

G_BEGIN_DECLS

/* What an embedding model sees of a passage at once; most take 512 tokens, all-MiniLM was trained on 256. */
#define HEDDLE_CHUNK_TOKENS 256
/* Repeated from the chunk before in the same section, so that a thought that was cut is whole once. */
#define HEDDLE_CHUNK_OVERLAP 32

/* One passage: text is exactly the characters from start to end of the extract's text. */
typedef struct
{
  char *heading; /* "Chapter > Section" or "" */
  char *text;
  gint64 start; /* characters */
  gint64 end;
  guint page; /* where its new text begins; 0: has no pages */
} HeddleChunk;

/* An estimate without a tokenizer: 1.3 per word, more for long ones and for scripts without spaces. */
double heddle_count_tokens (const char *text, gsize length);

/* Cuts at headings, then between paragraphs, then sentences, then words. New array of HeddleChunk*, which owns them. */
GPtrArray *heddle_chunk_extract (const HeddleExtract *extract, double budget) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
