/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-vectors.h"

#include <math.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* The reference that the others are tested against. */
static float
dot_scalar (const float *a,
            const float *b,
            gsize n)
{
  float sums[4] = { 0 };
  gsize i = 0;

  for (; i + 4 <= n; i += 4)
    {
      for (gsize j = 0; j < 4; j++)
        sums[j] += a[i + j] * b[i + j];
    }
  for (; i < n; i++)
    sums[0] += a[i] * b[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

#if defined(__x86_64__)

static float
sum_lanes (__m128 lanes)
{
  float values[4];

  _mm_storeu_ps (values, lanes);
  return (values[0] + values[1]) + (values[2] + values[3]);
}

static float
dot_sse2 (const float *a,
          const float *b,
          gsize n)
{
  __m128 first = _mm_setzero_ps ();
  __m128 second = _mm_setzero_ps ();
  gsize i = 0;

  for (; i + 8 <= n; i += 8)
    {
      first = _mm_add_ps (first, _mm_mul_ps (_mm_loadu_ps (a + i), _mm_loadu_ps (b + i)));
      second = _mm_add_ps (second, _mm_mul_ps (_mm_loadu_ps (a + i + 4), _mm_loadu_ps (b + i + 4)));
    }
  return sum_lanes (_mm_add_ps (first, second)) + dot_scalar (a + i, b + i, n - i);
}

__attribute__ ((target ("avx2,fma"))) static float
dot_avx2 (const float *a,
          const float *b,
          gsize n)
{
  __m256 first = _mm256_setzero_ps ();
  __m256 second = _mm256_setzero_ps ();
  __m256 sum;
  gsize i = 0;

  for (; i + 16 <= n; i += 16)
    {
      first = _mm256_fmadd_ps (_mm256_loadu_ps (a + i), _mm256_loadu_ps (b + i), first);
      second = _mm256_fmadd_ps (_mm256_loadu_ps (a + i + 8), _mm256_loadu_ps (b + i + 8), second);
    }
  sum = _mm256_add_ps (first, second);
  return sum_lanes (_mm_add_ps (_mm256_castps256_ps128 (sum), _mm256_extractf128_ps (sum, 1))) +
         dot_scalar (a + i, b + i, n - i);
}

#endif

guint
heddle_vectors_list_kernels (HeddleDotKernel kernels[3])
{
  guint n = 0;

#if defined(__x86_64__)
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    kernels[n++] = (HeddleDotKernel){ "avx2", dot_avx2 };
  kernels[n++] = (HeddleDotKernel){ "sse2", dot_sse2 };
#endif
  kernels[n++] = (HeddleDotKernel){ "scalar", dot_scalar };
  return n;
}

gboolean
heddle_vector_normalize (float *vector,
                         gsize n)
{
  double sum = 0;
  double scale;

  for (gsize i = 0; i < n; i++)
    sum += (double) vector[i] * vector[i];
  if (!isfinite (sum))
    return FALSE;
  scale = sum > 0 ? 1 / sqrt (sum) : 0;
  for (gsize i = 0; i < n; i++)
    vector[i] = vector[i] * scale;
  return TRUE;
}
