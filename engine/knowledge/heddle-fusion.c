/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-fusion.h"

#include <math.h>

/* On SciFact 5, 10, 20 and 60 give nDCG@10 of 0.732, 0.731, 0.729 and 0.720 (tests/bench/bench-retrieval.c). */
#define RANK_CONSTANT 10.0

/* The hit of this chunk, made when it is new. Valid until the next call. */
static HeddleFusedHit *
find_hit (GArray *fused,
          GHashTable *places,
          const gint64 *chunk)
{
  gpointer place;
  HeddleFusedHit hit = { *chunk, 0, NAN, NAN };

  if (g_hash_table_lookup_extended (places, chunk, NULL, &place))
    return &g_array_index (fused, HeddleFusedHit, GPOINTER_TO_UINT (place));
  g_hash_table_insert (places, (gpointer) chunk, GUINT_TO_POINTER (fused->len));
  g_array_append_val (fused, hit);
  return &g_array_index (fused, HeddleFusedHit, fused->len - 1);
}

static int
compare_hits (gconstpointer a,
              gconstpointer b)
{
  const HeddleFusedHit *x = a;
  const HeddleFusedHit *y = b;

  if (x->score != y->score)
    return x->score < y->score ? 1 : -1;
  return (x->chunk > y->chunk) - (x->chunk < y->chunk);
}

/* What place rank, from 0, is worth; with one search only, its own score is. */
static double
rate (const HeddleHit *hit,
      guint rank,
      gboolean is_only)
{
  return is_only ? hit->score : 1 / (RANK_CONSTANT + rank + 1);
}

GArray *
heddle_fuse_hits (GArray *keywords,
                  GArray *vectors,
                  guint limit)
{
  g_autoptr (GHashTable) places = g_hash_table_new (g_int64_hash, g_int64_equal);
  GArray *fused = g_array_new (FALSE, FALSE, sizeof (HeddleFusedHit));
  gboolean is_only = keywords == NULL || vectors == NULL;

  for (guint i = 0; keywords != NULL && i < keywords->len; i++)
    {
      HeddleHit *hit = &g_array_index (keywords, HeddleHit, i);
      HeddleFusedHit *target = find_hit (fused, places, &hit->chunk);

      target->keyword_score = hit->score;
      target->score += rate (hit, i, is_only);
    }
  for (guint i = 0; vectors != NULL && i < vectors->len; i++)
    {
      HeddleHit *hit = &g_array_index (vectors, HeddleHit, i);
      HeddleFusedHit *target = find_hit (fused, places, &hit->chunk);

      target->vector_score = hit->score;
      target->score += rate (hit, i, is_only);
    }
  g_array_sort (fused, compare_hits);
  if (fused->len > limit)
    g_array_set_size (fused, limit);
  return fused;
}
