/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-demo-private.h"

#include <math.h>
#include <string.h>

#define WORD_WEIGHT 1.0f
#define PART_WEIGHT 0.25f
#define MEANING_WEIGHT 0.6f
/* One dimension for each meaning, as its lines never change place; the rest is hashed. */
#define N_MEANINGS 64
#define N_HASHED (HEDDLE_DEMO_DIMENSIONS - N_MEANINGS)

/* FNV-1a: the same on every machine and in every release, as stored vectors must stay comparable. */
static guint32
hash_bytes (const char *bytes,
            gsize length,
            guint32 seed)
{
  guint32 hash = 2166136261u ^ seed;

  for (gsize i = 0; i < length; i++)
    hash = (hash ^ (guchar) bytes[i]) * 16777619u;
  hash ^= hash >> 15;
  return hash * 2246822519u;
}

static void
add_feature (float *vector,
             const char *bytes,
             gsize length,
             guint32 seed,
             float weight)
{
  guint32 hash = hash_bytes (bytes, length, seed);

  vector[N_MEANINGS + (hash >> 8) % N_HASHED] += hash & 1 ? weight : -weight;
}

static void
add_stem (float *vector,
          const char *stem)
{
  gsize length = strlen (stem);
  guint64 meanings = heddle_demo_meanings (stem);

  add_feature (vector, stem, length, 1, WORD_WEIGHT);
  for (gsize i = 0; i + 3 <= length; i++)
    add_feature (vector, stem + i, 3, 2, PART_WEIGHT);
  for (guint bit = 0; bit < N_MEANINGS; bit++)
    vector[bit] += (meanings >> bit & 1) != 0 ? MEANING_WEIGHT : 0;
}

static void
normalise (float *vector)
{
  double sum = 0;

  for (guint i = 0; i < HEDDLE_DEMO_DIMENSIONS; i++)
    sum += (double) vector[i] * vector[i];
  for (guint i = 0; sum > 0 && i < HEDDLE_DEMO_DIMENSIONS; i++)
    vector[i] = (float) (vector[i] / sqrt (sum));
}

static void
embed_text (float *vector,
            const char *text)
{
  g_autoptr (GPtrArray) stems = heddle_demo_list_stems (text);

  for (guint i = 0; i < stems->len; i++)
    {
      if (!heddle_demo_is_common (g_ptr_array_index (stems, i)))
        add_stem (vector, g_ptr_array_index (stems, i));
    }
  normalise (vector);
}

HeddleEmbeddings *
heddle_demo_embed (const char *const *texts)
{
  HeddleEmbeddings *embeddings = g_new0 (HeddleEmbeddings, 1);

  embeddings->dimensions = HEDDLE_DEMO_DIMENSIONS;
  embeddings->n_vectors = g_strv_length ((char **) texts);
  embeddings->values = g_new0 (float, (gsize) embeddings->n_vectors *HEDDLE_DEMO_DIMENSIONS);
  for (guint i = 0; i < embeddings->n_vectors; i++)
    {
      embed_text (embeddings->values + (gsize) i * HEDDLE_DEMO_DIMENSIONS, texts[i]);
      embeddings->input_tokens += heddle_demo_count_tokens (texts[i]);
    }
  return embeddings;
}
