/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Retrieval quality on SciFact (BEIR's test split) through the code that searches use: documents and given
 * vectors go into the database file, queries come out by keywords, by vectors and fused.
 */
#include "bench.h"

#include <math.h>
#include <string.h>

#include "heddle-error.h"
#include "knowledge/heddle-chunker.h"
#include "knowledge/heddle-knowledge-store.h"
#include "value/heddle-json.h"

#define BASE "scifact"
#define MODEL "given/all-MiniLM-L6-v2"
#define DIMENSIONS 384
#define DEPTH 10

typedef struct
{
  HeddleKnowledgeStore *store;
  GPtrArray *queries;    /* of char* */
  GPtrArray *query_ids;  /* of char* */
  GHashTable *relevant;  /* query id → GHashTable set of document ids */
  GHashTable *documents; /* gint64* chunk → char* document id */
  float *document_vectors;
  float *query_vectors;
} Bench;

static char *
data_path (const char *name)
{
  return g_build_filename (g_getenv ("HEDDLE_SHARED_DIR"), "data", "scifact", name, NULL);
}

static char *
read_file (const char *name, gsize *length)
{
  g_autofree char *path = data_path (name);
  g_autoptr (GError) error = NULL;
  char *data = NULL;

  if (!g_file_get_contents (path, &data, length, &error))
    g_error ("%s", error->message);
  return data;
}

static GPtrArray *
read_lines (const char *name)
{
  g_autofree char *text = read_file (name, NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GPtrArray *nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (*lines[i] != '\0')
        g_ptr_array_add (nodes, heddle_json_parse (lines[i], -1, NULL));
    }
  return nodes;
}

static void
read_queries (Bench *bench)
{
  g_autoptr (GPtrArray) nodes = read_lines ("q.jsonl");

  for (guint i = 0; i < nodes->len; i++)
    {
      g_ptr_array_add (bench->query_ids, g_strdup (heddle_json_get_string (nodes->pdata[i], "id", "")));
      g_ptr_array_add (bench->queries, g_strdup (heddle_json_get_string (nodes->pdata[i], "text", "")));
    }
}

static void
read_judgements (Bench *bench)
{
  g_autofree char *text = read_file ("qrels.txt", NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], "\t", 3);
      GHashTable *set = g_hash_table_lookup (bench->relevant, fields[0]);

      if (set == NULL)
        {
          set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
          g_hash_table_insert (bench->relevant, g_strdup (fields[0]), set);
        }
      if (g_ascii_strtoll (fields[2], NULL, 10) > 0)
        g_hash_table_add (set, g_strdup (fields[1]));
    }
}

/* One chunk for each document, as the given vectors have it. */
static void
add_document (Bench *bench, JsonNode *node)
{
  HeddleChunk chunk = { .heading = (char *) "", .text = (char *) heddle_json_get_string (node, "text", "") };
  g_autoptr (GPtrArray) chunks = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  HeddleStoredDocument document = { .mime = "text/plain", .hash = "", .chunks = chunks };

  document.identity = document.source = heddle_json_get_string (node, "id", "");
  document.title = heddle_json_get_string (node, "title", "");
  g_ptr_array_add (chunks, &chunk);
  if (bench->store->klass->upsert (bench->store, BASE, &document, &error) == 0)
    g_error ("%s", error->message);
}

static void
add_documents (Bench *bench)
{
  g_autoptr (GPtrArray) nodes = read_lines ("docs.jsonl");
  g_autoptr (GPtrArray) pending = NULL;
  g_autofree gint64 *chunks = g_new (gint64, nodes->len);
  HeddleStoredVectors vectors = { MODEL, chunks, bench->document_vectors, nodes->len, DIMENSIONS };
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < nodes->len; i++)
    add_document (bench, nodes->pdata[i]);
  bench_report ("retrieval-document", (double) (g_get_monotonic_time () - start) / nodes->len, "µs");
  pending = bench->store->klass->list_pending (bench->store, BASE, 0, nodes->len, &error);
  g_assert_cmpuint (pending->len, ==, nodes->len);
  for (guint i = 0; i < pending->len; i++)
    {
      chunks[i] = ((HeddlePendingChunk *) pending->pdata[i])->chunk;
      g_hash_table_insert (bench->documents, g_memdup2 (&chunks[i], sizeof (gint64)),
                           g_strdup (heddle_json_get_string (nodes->pdata[i], "id", "")));
    }
  if (!bench->store->klass->set_vectors (bench->store, BASE, &vectors, &error))
    g_error ("%s", error->message);
}

static double
ndcg (Bench *bench, guint query, GArray *hits)
{
  GHashTable *relevant = g_hash_table_lookup (bench->relevant, bench->query_ids->pdata[query]);
  double gain = 0, ideal = 0;

  for (guint i = 0; i < MIN (hits->len, DEPTH); i++)
    {
      const char *id = g_hash_table_lookup (bench->documents, &g_array_index (hits, HeddleFusedHit, i).chunk);

      gain += g_hash_table_contains (relevant, id) ? 1 / log2 (i + 2) : 0;
    }
  for (guint i = 0; i < MIN (g_hash_table_size (relevant), DEPTH); i++)
    ideal += 1 / log2 (i + 2);
  return ideal > 0 ? gain / ideal : 0;
}

static GArray *
search (Bench *bench, guint query, HeddleSearchMode mode)
{
  const HeddleKnowledgeStoreClass *klass = bench->store->klass;
  const float *vector = bench->query_vectors + (gsize) query * DIMENSIONS;
  g_autoptr (GArray) keywords = NULL;
  g_autoptr (GArray) vectors = NULL;
  g_autoptr (GError) error = NULL;

  if (mode != HEDDLE_SEARCH_VECTORS)
    keywords = klass->query_keywords (bench->store, BASE, bench->queries->pdata[query], HEDDLE_FUSION_DEPTH, &error);
  if (mode != HEDDLE_SEARCH_KEYWORDS)
    vectors = klass->query_vectors (bench->store, BASE, vector, DIMENSIONS, HEDDLE_FUSION_DEPTH, &error);
  g_assert_no_error (error);
  return heddle_fuse_hits (keywords, vectors, DEPTH);
}

static void
measure_mode (Bench *bench, const char *name, HeddleSearchMode mode)
{
  g_autofree char *quality = g_strconcat (name, "-ndcg", NULL);
  double sum = 0;

  g_array_unref (search (bench, 0, mode)); /* Loads the vectors. */
  for (guint i = 0; i < bench->queries->len; i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (GArray) hits = search (bench, i, mode);

      bench_report (name, (g_get_monotonic_time () - start) / 1e3, "ms");
      sum += ndcg (bench, i, hits);
    }
  bench_report (quality, sum / bench->queries->len, "nDCG@10");
}

#define N_SCANNED 100000
#define N_SCANS 20

/* How long the exact scan takes where it matters, with each kind of instructions. */
static void
measure_scan (const BenchCase *self)
{
  g_autofree float *vectors = g_new (float, (gsize) N_SCANNED *DIMENSIONS);
  HeddleDotKernel kernels[3];
  guint n_kernels = heddle_vectors_list_kernels (kernels);

  for (gsize i = 0; i < (gsize) N_SCANNED * DIMENSIONS; i++)
    vectors[i] = (i * 2654435761u >> 8 & 0xffff) / 65536.0f - 0.5f;
  for (guint k = 0; k < n_kernels; k++)
    {
      gint64 start = g_get_monotonic_time ();
      float sum = 0;

      for (gsize i = 0; i < (gsize) N_SCANNED * N_SCANS; i++)
        sum += kernels[k].dot (vectors + i % N_SCANNED * DIMENSIONS, vectors, DIMENSIONS);
      g_assert_true (isfinite (sum));
      bench_report_more (self, kernels[k].name, (g_get_monotonic_time () - start) / 1e3 / N_SCANS, "ms");
    }
}

static void
run (Bench *bench)
{
  g_autoptr (GError) error = NULL;

  if (!bench->store->klass->ensure_collection (bench->store, BASE, NULL, MODEL, &error))
    g_error ("%s", error->message);
  bench->document_vectors = (float *) (gpointer) read_file ("docs.minilm.f32", NULL);
  bench->query_vectors = (float *) (gpointer) read_file ("q.minilm.f32", NULL);
  read_queries (bench);
  read_judgements (bench);
  add_documents (bench);
  measure_mode (bench, "retrieval-keywords", HEDDLE_SEARCH_KEYWORDS);
  measure_mode (bench, "retrieval-vectors", HEDDLE_SEARCH_VECTORS);
  measure_mode (bench, "retrieval-fused", HEDDLE_SEARCH_AUTO);
}

static void
bench_clear (Bench *bench)
{
  heddle_knowledge_store_free (bench->store);
  g_ptr_array_unref (bench->queries);
  g_ptr_array_unref (bench->query_ids);
  g_hash_table_unref (bench->relevant);
  g_hash_table_unref (bench->documents);
  g_free (bench->document_vectors);
  g_free (bench->query_vectors);
}

/* Only where the texts and vectors are. */
static void
measure_retrieval (const BenchCase *self)
{
  g_autofree char *probe = data_path ("docs.jsonl");
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  Bench bench = { 0 };

  if (!g_file_test (probe, G_FILE_TEST_EXISTS))
    return;
  folder = bench_make_folder ();
  path = g_build_filename (folder, "bench.db", NULL);
  bench.queries = g_ptr_array_new_with_free_func (g_free);
  bench.query_ids = g_ptr_array_new_with_free_func (g_free);
  bench.relevant = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  bench.documents = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  bench.store = heddle_knowledge_store_new_sqlite (path, &error);
  if (bench.store == NULL)
    g_error ("%s", error->message);
  run (&bench);
  bench_clear (&bench);
  bench_remove_folder (folder);
}

static const BenchCase cases[] = {
  { "vectors", measure_scan, 0, NULL, 1 },
  { "retrieval", measure_retrieval, 0, NULL, 1 },
  { NULL },
};

int
main (int argc, char **argv)
{
  return bench_main (argc, argv, cases);
}
