/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One passage found, by whatever search; higher scores are better. */
typedef struct
{
  gint64 chunk;
  double score;
} HeddleHit;

/* Dot product of two vectors of n floats, of any alignment. */
typedef float (*HeddleDotFunc) (const float *a, const float *b, gsize n);

typedef struct
{
  const char *name; /* "avx2", "sse2", "scalar" */
  HeddleDotFunc dot;
} HeddleDotKernel;

/* Those that this processor runs, fastest first; the last is plain C. */
guint heddle_vectors_list_kernels (HeddleDotKernel kernels[3]);
/* Scales to length 1; all zero, as a text without any known word may get, stays so. FALSE when not finite. */
gboolean heddle_vector_normalize (float *vector, gsize n);

/*
 * Unit vectors of one dimension in memory, scanned one by one: exact, and 100 000 of 384
 * dimensions take 5 to 12 ms with AVX2. Not thread-safe.
 */
typedef struct _HeddleVectorIndex HeddleVectorIndex;

HeddleVectorIndex *heddle_vector_index_new (guint dimensions) G_GNUC_WARN_UNUSED_RESULT;
void heddle_vector_index_free (HeddleVectorIndex *self);
void heddle_vector_index_add (HeddleVectorIndex *self, gint64 chunk, const float *vector);
/* The nearest by cosine, best first, equals by chunk. New array of HeddleHit. */
GArray *heddle_vector_index_search (HeddleVectorIndex *self, const float *query, guint limit) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleVectorIndex, heddle_vector_index_free)

G_END_DECLS
