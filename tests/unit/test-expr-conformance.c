/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include "expr/heddle-expr.h"
#include "heddle-error.h"
#include "value/heddle-json.h"

/* The vectors say what an ECMAScript engine answers; they live beside the checkout. */

static JsonNode *vectors;

static JsonNode *
evaluate (const char *source, JsonNode *context, GError **error)
{
  g_autoptr (HeddleExpr) expr = heddle_expr_compile (source, error);
  HeddleScope scope;

  if (expr == NULL)
    return NULL;
  heddle_scope_init_context (&scope, context);
  return heddle_expr_evaluate (expr, &scope, error);
}

static gboolean
check_value (const char *source, JsonNode *expected, JsonNode *value, const GError *error)
{
  g_autofree char *expected_text = heddle_json_to_text (expected, HEDDLE_JSON_COMPACT);
  g_autofree char *text = NULL;

  if (value != NULL && heddle_json_equal (value, expected))
    return TRUE;
  text = value != NULL ? heddle_json_to_text (value, HEDDLE_JSON_COMPACT) : g_strdup (error->message);
  g_test_message ("%s gives %s instead of %s", source, text, expected_text);
  return FALSE;
}

static gboolean
check_error (const char *source, JsonNode *value, const GError *error)
{
  if (value == NULL && g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_EXPRESSION) && heddle_expr_error_column (error) > 0)
    return TRUE;
  g_test_message ("%s should be an error with a column", source);
  return FALSE;
}

static gboolean
check_case (JsonNode *item)
{
  const char *source = heddle_json_get_string (item, "expr", "");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = evaluate (source, heddle_json_member (vectors, "context"), &error);

  if (heddle_json_get_boolean (item, "error", FALSE))
    return check_error (source, value, error);
  return check_value (source, heddle_json_member (item, "value"), value, error);
}

static void
test_vectors (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("HEDDLE_SHARED_DIR") != NULL ? g_getenv ("HEDDLE_SHARED_DIR") : ".", "conformance", "expressions.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  JsonArray *cases;
  guint failures = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    {
      g_test_skip ("conformance/expressions.json is not in HEDDLE_SHARED_DIR");
      return;
    }
  vectors = heddle_json_parse (text, -1, &error);
  g_assert_no_error (error);

  cases = heddle_json_get_array (vectors, "cases");
  g_assert_nonnull (cases);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    failures += !check_case (json_array_get_element (cases, i));
  g_test_message ("%u vectors", json_array_get_length (cases));
  g_assert_cmpuint (failures, ==, 0);
  json_node_unref (vectors);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/expr/conformance", test_vectors);

  return g_test_run ();
}
