/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "knowledge/heddle-chunker.h"

static HeddleExtract *
read_markdown (const char *text)
{
  g_autoptr (GError) error = NULL;
  HeddleExtract *extract = heddle_extract_markdown (text, strlen (text), &error);

  g_assert_no_error (error);
  return extract;
}

/* What holds for any document: each chunk is the slice it says, within budget, and no word is lost. */
static GPtrArray *
chunk_checked (const HeddleExtract *extract, double budget)
{
  GPtrArray *chunks = heddle_chunk_extract (extract, budget);
  gint64 done = 0;

  for (guint i = 0; i < chunks->len; i++)
    {
      HeddleChunk *chunk = g_ptr_array_index (chunks, i);
      g_autofree char *slice = g_utf8_substring (extract->text, chunk->start, chunk->end);

      g_assert_cmpstr (chunk->text, ==, slice);
      g_assert_cmpint (chunk->end, >, done);
      g_assert_true (g_utf8_validate (chunk->text, -1, NULL));
      g_assert_cmpfloat (heddle_count_tokens (chunk->text, strlen (chunk->text)), <=, budget + HEDDLE_CHUNK_OVERLAP);
      done = chunk->end;
    }
  return chunks;
}

static void
assert_chunk (GPtrArray *chunks, guint i, const char *heading, const char *text)
{
  g_assert_cmpuint (i, <, chunks->len);
  g_assert_cmpstr (((HeddleChunk *) g_ptr_array_index (chunks, i))->heading, ==, heading);
  g_assert_cmpstr (((HeddleChunk *) g_ptr_array_index (chunks, i))->text, ==, text);
}

static void
test_headings (void)
{
  g_autoptr (HeddleExtract) extract = read_markdown ("# Loom\n\nIntro.\n\n## Care\n\n### Oil\n\nMonthly.\n\nNever fish oil.\n\n"
                                                     "## Empty\n\n## *Parts* `x`\n\n- eye\n- shaft\n");
  g_autoptr (GPtrArray) chunks = chunk_checked (extract, 256);

  g_assert_cmpuint (chunks->len, ==, 4);
  assert_chunk (chunks, 0, "Loom", "Intro.");
  assert_chunk (chunks, 1, "Loom > Care > Oil", "Monthly.\n\nNever fish oil.");
  assert_chunk (chunks, 2, "Loom > Empty", "## Empty");
  assert_chunk (chunks, 3, "Loom > Parts x", "- eye\n- shaft");
}

static char *
repeat (const char *text, guint n)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (all, text);
  return g_strdup (all->str);
}

static void
test_sentences (void)
{
  g_autofree char *text = repeat ("Sentence number one has exactly these nine words here. ", 60);
  g_autoptr (HeddleExtract) extract = read_markdown (text);
  g_autoptr (GPtrArray) chunks = chunk_checked (extract, 128);

  g_assert_cmpuint (chunks->len, >, 4);
  for (guint i = 0; i < chunks->len; i++)
    {
      HeddleChunk *chunk = g_ptr_array_index (chunks, i);

      g_assert_true (g_str_has_prefix (chunk->text, "Sentence number "));
      g_assert_true (g_str_has_suffix (chunk->text, "here."));
      if (i > 0)
        g_assert_cmpint (chunk->start, <, ((HeddleChunk *) g_ptr_array_index (chunks, i - 1))->end);
    }
}

static void
test_paragraphs (void)
{
  g_autofree char *text = repeat ("Paragraph stays whole. It has two sentences of a few words each.\n\n", 40);
  g_autoptr (HeddleExtract) extract = read_markdown (text);
  g_autoptr (GPtrArray) chunks = chunk_checked (extract, 128);

  g_assert_cmpuint (chunks->len, >, 3);
  for (guint i = 0; i < chunks->len; i++)
    g_assert_true (g_str_has_suffix (((HeddleChunk *) g_ptr_array_index (chunks, i))->text, "each."));
}

/* Overlap repeats what came before, but never across a heading. */
static void
test_no_overlap_across_headings (void)
{
  g_autoptr (HeddleExtract) extract = read_markdown ("# A\n\nalpha one.\n\n# B\n\nbeta two.\n");
  g_autoptr (GPtrArray) chunks = chunk_checked (extract, 256);

  g_assert_cmpuint (chunks->len, ==, 2);
  assert_chunk (chunks, 1, "B", "beta two.");
}

static HeddleExtract *
read_plain (char *text)
{
  HeddleExtract *extract = heddle_extract_plain (text, strlen (text), NULL);

  g_free (text);
  return extract;
}

static void
test_no_spaces (void)
{
  g_autoptr (HeddleExtract) ascii = read_plain (g_strnfill (50000, 'x'));
  g_autoptr (HeddleExtract) chinese = read_plain (repeat ("综框", 3000));
  g_autoptr (GPtrArray) ascii_chunks = chunk_checked (ascii, 256);
  g_autoptr (GPtrArray) chinese_chunks = chunk_checked (chinese, 256);

  g_assert_cmpuint (ascii_chunks->len, >=, 50000 / 4 / 256);
  g_assert_cmpuint (chinese_chunks->len, >=, 6000 / 256);
}

static void
test_empty (void)
{
  g_autoptr (HeddleExtract) nothing = read_plain (g_strdup (""));
  g_autoptr (HeddleExtract) blank = read_plain (g_strdup (" \n\t\r\n \f\n"));
  g_autoptr (GPtrArray) none = chunk_checked (nothing, 256);
  g_autoptr (GPtrArray) still_none = chunk_checked (blank, 256);

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (still_none->len, ==, 0);
}

/* Megabytes of the worst kinds end soon. */
static void
test_linear (void)
{
  const char *const worst[] = { "a. ", "\n\na", "a ", "!", "a\n", "综", "?  !" };
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (worst); i++)
    {
      g_autoptr (HeddleExtract) extract = read_plain (repeat (worst[i], 300000));
      g_autoptr (GPtrArray) chunks = heddle_chunk_extract (extract, 256);

      g_assert_cmpuint (chunks->len, >, 0);
    }
  g_assert_cmpint (g_get_monotonic_time () - start, <, 30 * G_USEC_PER_SEC);
}

static void
test_pages (void)
{
  g_autoptr (HeddleExtract) extract = heddle_extract_new (g_strdup ("First page.\n\nSecond page."));
  g_autoptr (GPtrArray) chunks = NULL;

  heddle_extract_add_paragraphs (extract, 0, 13, 1);
  heddle_extract_add_paragraphs (extract, 13, 25, 2);
  chunks = chunk_checked (extract, 3);
  g_assert_cmpuint (chunks->len, ==, 2);
  g_assert_cmpuint (((HeddleChunk *) g_ptr_array_index (chunks, 0))->page, ==, 1);
  g_assert_cmpuint (((HeddleChunk *) g_ptr_array_index (chunks, 1))->page, ==, 2);
}

static void
test_tokens (void)
{
  g_assert_cmpfloat (heddle_count_tokens ("", 0), ==, 0);
  g_assert_cmpfloat_with_epsilon (heddle_count_tokens ("two words", 9), 2.6, 1e-9);
  g_assert_cmpfloat_with_epsilon (heddle_count_tokens ("综框", strlen ("综框")), 2, 1e-9);
  g_assert_cmpfloat_with_epsilon (heddle_count_tokens ("0123456789012345678901234567890123456789", 40), 10, 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chunker/headings", test_headings);
  g_test_add_func ("/chunker/sentences", test_sentences);
  g_test_add_func ("/chunker/paragraphs", test_paragraphs);
  g_test_add_func ("/chunker/no-overlap-across-headings", test_no_overlap_across_headings);
  g_test_add_func ("/chunker/no-spaces", test_no_spaces);
  g_test_add_func ("/chunker/empty", test_empty);
  g_test_add_func ("/chunker/linear", test_linear);
  g_test_add_func ("/chunker/pages", test_pages);
  g_test_add_func ("/chunker/tokens", test_tokens);
  return g_test_run ();
}
