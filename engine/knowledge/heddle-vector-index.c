/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-vectors.h"

#include <string.h>

struct _HeddleVectorIndex
{
  guint dimensions;
  GArray *chunks; /* of gint64 */
  GArray *values; /* of float, dimensions for each chunk */
  HeddleDotFunc dot;
};

HeddleVectorIndex *
heddle_vector_index_new (guint dimensions)
{
  HeddleVectorIndex *self = g_new0 (HeddleVectorIndex, 1);
  HeddleDotKernel kernels[3];

  heddle_vectors_list_kernels (kernels);
  self->dot = kernels[0].dot;
  self->dimensions = dimensions;
  self->chunks = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->values = g_array_new (FALSE, FALSE, sizeof (float));
  return self;
}

void
heddle_vector_index_free (HeddleVectorIndex *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->chunks);
  g_array_unref (self->values);
  g_free (self);
}

void
heddle_vector_index_add (HeddleVectorIndex *self,
                         gint64 chunk,
                         const float *vector)
{
  g_return_if_fail (self != NULL && vector != NULL);

  g_array_append_val (self->chunks, chunk);
  g_array_append_vals (self->values, vector, self->dimensions);
}

static gboolean
is_better (const HeddleHit *a,
           const HeddleHit *b)
{
  return a->score > b->score || (a->score == b->score && a->chunk < b->chunk);
}

/* Keeps hits sorted and at most limit of them. Few vectors get past the first comparison. */
static void
keep_best (GArray *hits,
           guint limit,
           HeddleHit hit)
{
  guint place = hits->len;

  if (hits->len == limit && !is_better (&hit, &g_array_index (hits, HeddleHit, limit - 1)))
    return;
  while (place > 0 && is_better (&hit, &g_array_index (hits, HeddleHit, place - 1)))
    place--;
  if (hits->len == limit)
    g_array_set_size (hits, limit - 1);
  g_array_insert_val (hits, place, hit);
}

GArray *
heddle_vector_index_search (HeddleVectorIndex *self,
                            const float *query,
                            guint limit)
{
  GArray *hits = g_array_new (FALSE, FALSE, sizeof (HeddleHit));

  g_return_val_if_fail (self != NULL && query != NULL, hits);

  for (guint i = 0; limit > 0 && i < self->chunks->len; i++)
    {
      const float *vector = &g_array_index (self->values, float, (gsize) i * self->dimensions);
      HeddleHit hit = { g_array_index (self->chunks, gint64, i), self->dot (vector, query, self->dimensions) };

      keep_best (hits, limit, hit);
    }
  return hits;
}
