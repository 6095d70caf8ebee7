/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include "expr/heddle-expr.h"
#include "fuzz-driver.h"
#include "value/heddle-json.h"

static JsonNode *
make_context (void)
{
  return heddle_json_parse ("{\"nodes\":{\"a\":{\"output\":[1,\"zwei\",{\"b\":null}],\"n\":9007199254740993}},\"input\":\"text \\ud83d\\ude00\"}", -1, NULL);
}

/* No text can crash, hang or leave a value that is not JSON; each error has its column. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *source = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleExpr) expr = heddle_expr_compile (source, &error);
  g_autofree char *renamed = heddle_expr_rename (source, "a", "renamed");
  g_autoptr (JsonNode) context = NULL;
  g_autoptr (JsonNode) value = NULL;
  g_autoptr (GPtrArray) references = NULL;
  g_autofree char *text = NULL;
  HeddleScope scope;

  g_assert_true ((expr == NULL) == (error != NULL));
  if (expr == NULL)
    {
      g_assert_cmpuint (heddle_expr_error_column (error), >, 0);
      g_assert_cmpstr (renamed, ==, source);
      return 0;
    }

  references = heddle_expr_list_references (expr);
  context = make_context ();
  heddle_scope_init_context (&scope, context);
  scope.now = 1700000000000;
  value = heddle_expr_evaluate (expr, &scope, &error);
  g_assert_true ((value == NULL) == (error != NULL));
  if (value == NULL)
    {
      g_assert_cmpuint (heddle_expr_error_column (error), >, 0);
      return 0;
    }
  text = heddle_json_to_text (value, HEDDLE_JSON_COMPACT);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  return 0;
}
