/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "expr/heddle-expr.h"
#include "fuzz-driver.h"
#include "value/heddle-json.h"

static JsonNode *
lookup (const char *root, gpointer data)
{
  return data;
}

/* In a frame of JSON the input can only ever be one string, whatever it contains. */
static void
check_json_frame (JsonNode *data, const HeddleScope *scope)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleTemplate) frame = heddle_template_compile ("{\"text\":\"{{ $x }}\",\"value\":{{ $x }}}", HEDDLE_ESCAPE_JSON, &error);
  g_autoptr (JsonNode) expanded = heddle_template_expand (frame, scope, FALSE, &error);
  g_autoptr (JsonNode) read = NULL;

  g_assert_no_error (error);
  read = heddle_json_parse (json_node_get_string (expanded), -1, &error);
  g_assert_no_error (error);
  g_assert_true (heddle_json_equal (heddle_json_member (read, "value"), data));
  g_assert_true (heddle_json_equal (heddle_json_member (read, "text"), data));
}

static void
check_header_frame (const HeddleScope *scope)
{
  g_autoptr (HeddleTemplate) frame = heddle_template_compile ("a {{ $x }}", HEDDLE_ESCAPE_HEADER, NULL);
  g_autoptr (JsonNode) expanded = heddle_template_expand (frame, scope, FALSE, NULL);

  g_assert_true (expanded == NULL || strpbrk (json_node_get_string (expanded), "\r\n") == NULL);
}

/* The input is a template, and it is data in templates of ours. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  g_autofree char *source = g_utf8_make_valid ((const char *) bytes, (gssize) size);
  g_autoptr (JsonNode) data = heddle_json_string (source);
  HeddleScope scope = { .lookup = lookup, .data = data, .now = 1700000000000 };
  g_autoptr (GArray) spans = heddle_template_list_spans (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleTemplate) template_ = heddle_template_compile (source, (HeddleEscape) (size % 4), &error);
  g_autoptr (JsonNode) expanded = NULL;

  for (guint i = 0; i < spans->len; i += 2)
    g_assert_cmpuint (g_array_index (spans, guint, i), <=, g_array_index (spans, guint, i + 1));
  check_json_frame (data, &scope);
  check_header_frame (&scope);
  if (template_ == NULL)
    {
      g_assert_cmpuint (heddle_expr_error_column (error), >, 0);
      return 0;
    }

  expanded = heddle_template_expand (template_, &scope, FALSE, &error);
  g_assert_true ((expanded == NULL) == (error != NULL));
  g_assert_true (expanded == NULL || heddle_json_is_string (expanded));
  return 0;
}
