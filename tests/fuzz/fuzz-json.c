/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include "fuzz-driver.h"
#include "value/heddle-json.h"

/* What is read can be written, and what is written is read as the same value. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = heddle_json_parse ((const char *) data, (gssize) size, &error);
  g_autoptr (JsonNode) again = NULL;
  g_autofree char *text = NULL;

  g_assert_true ((node == NULL) == (error != NULL));
  if (node == NULL)
    return 0;

  text = heddle_json_to_text (node, size % 2 == 0 ? HEDDLE_JSON_COMPACT : HEDDLE_JSON_PRETTY);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  again = heddle_json_parse (text, -1, &error);
  g_assert_no_error (error);
  g_assert_true (heddle_json_equal (node, again));
  return 0;
}
