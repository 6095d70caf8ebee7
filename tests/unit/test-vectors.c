/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>

#include "knowledge/heddle-vectors.h"

static void
fill_random (float *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    values[i] = g_test_rand_double_range (-1, 1);
}

static double
dot_exact (const float *a, const float *b, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (double) a[i] * b[i];
  return sum;
}

/* Every kernel agrees with plain C for every length up to a few registers, aligned or not. */
static void
test_kernels (void)
{
  HeddleDotKernel kernels[3];
  guint n_kernels = heddle_vectors_list_kernels (kernels);
  float a[1600], b[1600];

  g_assert_cmpstr (kernels[n_kernels - 1].name, ==, "scalar");
  fill_random (a, G_N_ELEMENTS (a));
  fill_random (b, G_N_ELEMENTS (b));
  for (guint k = 0; k < n_kernels; k++)
    {
      g_test_message ("kernel %s", kernels[k].name);
      for (gsize n = 0; n < 100; n++)
        g_assert_cmpfloat_with_epsilon (kernels[k].dot (a + n % 7, b + 3, n), dot_exact (a + n % 7, b + 3, n), 1e-4);
      g_assert_cmpfloat_with_epsilon (kernels[k].dot (a, b, 1536), dot_exact (a, b, 1536), 1e-3);
    }
}

static void
test_normalize (void)
{
  float vector[3] = { 3, 0, 4 };
  float zero[3] = { 0 };
  float wrong[3] = { 1, NAN, 1 };
  float infinite[3] = { 1, INFINITY, 1 };

  g_assert_true (heddle_vector_normalize (vector, 3));
  g_assert_cmpfloat_with_epsilon (vector[0], 0.6, 1e-6);
  g_assert_cmpfloat_with_epsilon (vector[2], 0.8, 1e-6);
  g_assert_true (heddle_vector_normalize (zero, 3));
  g_assert_true (zero[0] == 0 && zero[1] == 0 && zero[2] == 0);
  g_assert_false (heddle_vector_normalize (wrong, 3));
  g_assert_false (heddle_vector_normalize (infinite, 3));
}

#define DIMENSIONS 37
#define N_VECTORS 500

static int
compare_scores (gconstpointer a, gconstpointer b)
{
  double x = ((const HeddleHit *) a)->score, y = ((const HeddleHit *) b)->score;

  return (x < y) - (x > y);
}

/* The same as sorting everything. */
static void
test_index (void)
{
  g_autoptr (HeddleVectorIndex) index = heddle_vector_index_new (DIMENSIONS);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (HeddleHit));
  g_autoptr (GArray) found = NULL;
  float query[DIMENSIONS], vector[DIMENSIONS];

  fill_random (query, DIMENSIONS);
  for (guint i = 0; i < N_VECTORS; i++)
    {
      HeddleHit hit = { i + 1000, 0 };

      fill_random (vector, DIMENSIONS);
      heddle_vector_index_add (index, hit.chunk, vector);
      hit.score = dot_exact (vector, query, DIMENSIONS);
      g_array_append_val (all, hit);
    }
  g_array_sort (all, compare_scores);
  found = heddle_vector_index_search (index, query, 20);
  g_assert_cmpuint (found->len, ==, 20);
  for (guint i = 0; i < found->len; i++)
    g_assert_cmpint (g_array_index (found, HeddleHit, i).chunk, ==, g_array_index (all, HeddleHit, i).chunk);
}

static void
test_index_limits (void)
{
  g_autoptr (HeddleVectorIndex) index = heddle_vector_index_new (2);
  const float query[2] = { 1, 0 };
  g_autoptr (GArray) empty = heddle_vector_index_search (index, query, 5);
  g_autoptr (GArray) none = NULL;
  g_autoptr (GArray) equal = NULL;

  for (gint64 chunk = 9; chunk > 0; chunk--)
    heddle_vector_index_add (index, chunk, query);
  none = heddle_vector_index_search (index, query, 0);
  equal = heddle_vector_index_search (index, query, 3);
  g_assert_cmpuint (empty->len, ==, 0);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (equal->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (g_array_index (equal, HeddleHit, i).chunk, ==, i + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vectors/kernels", test_kernels);
  g_test_add_func ("/vectors/normalize", test_normalize);
  g_test_add_func ("/vectors/index", test_index);
  g_test_add_func ("/vectors/index-limits", test_index_limits);
  return g_test_run ();
}
