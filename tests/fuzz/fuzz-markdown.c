/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "fuzz-driver.h"
#include "knowledge/heddle-extract.h"

/* Whatever the bytes, the text is valid and the blocks are ranges of it, in order, with something to see. */
static void
check_extract (const HeddleExtract *extract)
{
  gsize length = strlen (extract->text);
  gsize done = 0;

  g_assert_true (g_utf8_validate (extract->text, -1, NULL));
  g_assert_true (extract->title == NULL || g_utf8_validate (extract->title, -1, NULL));
  for (guint i = 0; i < extract->blocks->len; i++)
    {
      const HeddleBlock *block = &g_array_index (extract->blocks, HeddleBlock, i);

      g_assert_cmpuint (block->start, >=, done);
      g_assert_cmpuint (block->end, >, block->start);
      g_assert_cmpuint (block->end, <=, length);
      g_assert_cmpuint (block->level, <=, 6);
      g_assert_true ((block->heading != NULL) == (block->level > 0));
      done = block->end;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleExtract) extract = heddle_extract_markdown ((const char *) data, size, &error);

  g_assert_true ((extract == NULL) == (error != NULL));
  if (extract != NULL)
    check_extract (extract);
  return 0;
}
