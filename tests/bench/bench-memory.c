/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long it takes to recall from a graph of 10 000 facts beside another as large. */
#include "bench.h"

#include "memory/heddle-memory-merge.h"
#include "memory/heddle-memory-recall.h"

#define N_FACTS 10000
#define N_PEOPLE 500
#define MAX_CHARS 6000

static const char *const words[] = { "order", "invoice", "boat", "house", "garden", "coffee", "tea", "train", "ticket", "printer",
                                     "router", "keyboard", "window", "screen", "delivery", "refund", "address", "contract", "project", "deadline" };

static void
fill (HeddleDatabase *database, const char *graph, GRand *rand)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (heddle_database_begin (database, &error));
  for (guint i = 0; i < N_FACTS; i++)
    {
      g_autoptr (HeddleMemoryExtraction) extraction = heddle_memory_extraction_new ();
      const HeddleMemoryOrigin origin = { "learnt", "run", "node", "what was said", g_get_real_time () };
      g_autofree char *subject = g_strdup_printf ("Person %d", g_rand_int_range (rand, 0, N_PEOPLE));
      g_autofree char *object = g_strdup_printf ("%s %u with a %s", words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))], i,
                                                 words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))]);

      heddle_memory_extraction_add (extraction, subject, i % 2 == 0 ? "owns" : "asked about", object, 0.7, FALSE);
      g_assert_cmpint (heddle_memory_merge (database, graph, extraction, &origin, &error), ==, 1);
    }
  g_assert_true (heddle_database_commit (database, &error));
}

static gint64
recall (HeddleDatabase *database, GRand *rand)
{
  const char *const graphs[] = { "A", NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *query = g_strdup_printf ("Where is the %s of Person %d, and what about the %s?", words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))],
                                            g_rand_int_range (rand, 0, N_PEOPLE), words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))]);
  gint64 start = g_get_monotonic_time ();
  g_autofree char *text = heddle_memory_recall (database, graphs, query, MAX_CHARS, &error);

  g_assert_no_error (error);
  g_assert_nonnull (text);
  return g_get_monotonic_time () - start;
}

static void
measure (const BenchCase *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleDatabase) database = heddle_database_open (":memory:", &error);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  gint64 begin = g_get_monotonic_time ();

  g_assert_no_error (error);
  fill (database, "A", rand);
  fill (database, "B", rand);
  bench_report_more (self, "merge", (g_get_monotonic_time () - begin) / (2.0 * N_FACTS), "µs");
  for (guint i = 0; i < self->n; i++)
    bench_report_more (self, "recall", recall (database, rand) / 1e3, "ms");
}

static const BenchCase cases[] = {
  { "memory", measure, 200, NULL, 1 },
  { NULL },
};

int
main (int argc, char **argv)
{
  return bench_main (argc, argv, cases);
}
