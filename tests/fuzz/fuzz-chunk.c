/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "fuzz-driver.h"
#include "knowledge/heddle-chunker.h"

/* Each chunk is the slice it says it is, in order, and no visible character of the text is lost. */
static void
check_chunks (const HeddleExtract *extract, GPtrArray *chunks)
{
  gint64 end = 0;

  for (guint i = 0; i < chunks->len; i++)
    {
      const HeddleChunk *chunk = g_ptr_array_index (chunks, i);
      g_autofree char *slice = g_utf8_substring (extract->text, chunk->start, chunk->end);
      g_autofree char *skipped = chunk->start > end ? g_utf8_substring (extract->text, end, chunk->start) : g_strdup ("");

      g_assert_cmpstr (slice, ==, chunk->text);
      g_assert_cmpint (chunk->end, >, end);
      g_assert_cmpstr (g_strstrip (skipped), ==, "");
      end = chunk->end;
    }
}

/* The first byte is the budget, so that all ways to cut are met. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (HeddleExtract) extract = NULL;
  g_autoptr (GPtrArray) chunks = NULL;

  if (size == 0)
    return 0;
  extract = heddle_extract_plain ((const char *) data + 1, size - 1, NULL);
  if (extract == NULL)
    return 0;
  chunks = heddle_chunk_extract (extract, 1 + data[0]);
  check_chunks (extract, chunks);
  return 0;
}
