/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "expr/heddle-expr.h"
#include "heddle-error.h"
#include "value/heddle-json.h"

static JsonNode *
lookup (const char *root, gpointer data)
{
  return strcmp (root, "x") == 0 ? data : NULL;
}

static JsonNode *
expand (const char *source, HeddleEscape escape, gboolean keep_type, const char *json, GError **error)
{
  g_autoptr (JsonNode) data = heddle_json_parse (json, -1, NULL);
  g_autoptr (HeddleTemplate) template_ = heddle_template_compile (source, escape, error);
  HeddleScope scope = { .lookup = lookup, .data = data };

  g_assert_nonnull (data);
  return template_ != NULL ? heddle_template_expand (template_, &scope, keep_type, error) : NULL;
}

static void
assert_text (const char *source, HeddleEscape escape, const char *json, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = expand (source, escape, FALSE, json, &error);

  g_assert_no_error (error);
  g_assert_true (heddle_json_is_string (value));
  g_assert_cmpstr (json_node_get_string (value), ==, expected);
}

static void
test_text (void)
{
  assert_text ("plain", HEDDLE_ESCAPE_NONE, "1", "plain");
  assert_text ("", HEDDLE_ESCAPE_NONE, "1", "");
  assert_text ("a {{ $x }} b {{$x+1}}", HEDDLE_ESCAPE_NONE, "1", "a 1 b 2");
  assert_text ("<{{ $x }}>", HEDDLE_ESCAPE_NONE, "null", "<>");
  assert_text ("<{{ undefined }}>", HEDDLE_ESCAPE_NONE, "null", "<>");
  assert_text ("<{{ $x }}>", HEDDLE_ESCAPE_NONE, "{\"a\":[1,\"b\"]}", "<{\"a\":[1,\"b\"]}>");
  assert_text ("<{{ $x }}>", HEDDLE_ESCAPE_NONE, "\"a \\\"b\\\"\"", "<a \"b\">");
  assert_text ("\\{{ $x }} {{ $x }}", HEDDLE_ESCAPE_NONE, "1", "{{ $x }} 1");
  assert_text ("{ {$x} } }}", HEDDLE_ESCAPE_NONE, "1", "{ {$x} } }}");
  assert_text ("{{ {a:{b:1}} }}{{ \"}}\" }}{{ `${\"}}\"}` }}", HEDDLE_ESCAPE_NONE, "1", "{\"a\":{\"b\":1}}}}}}");
}

static void
test_keeps_type (void)
{
  g_autoptr (JsonNode) object = expand ("{{ $x }}", HEDDLE_ESCAPE_NONE, TRUE, "{\"a\":1}", NULL);
  g_autoptr (JsonNode) number = expand ("{{ $x.length }}", HEDDLE_ESCAPE_JSON, TRUE, "[1,2]", NULL);
  g_autoptr (JsonNode) text = expand (" {{ $x }}", HEDDLE_ESCAPE_NONE, TRUE, "7", NULL);

  g_assert_cmpint (heddle_json_get_int (object, "a", 0), ==, 1);
  g_assert_true (heddle_json_is_number (number));
  g_assert_cmpstr (json_node_get_string (text), ==, " 7");
}

/* What comes out of a value is data, even when it looks like a template. */
static void
test_never_evaluates_data (void)
{
  assert_text ("{{ $x }}", HEDDLE_ESCAPE_NONE, "\"{{ 1 + 1 }}\"", "{{ 1 + 1 }}");
  assert_text ("{{ $x }}{{ $x }}", HEDDLE_ESCAPE_NONE, "\"{\"", "{{");
  assert_text ("{{ $x }} $x }}", HEDDLE_ESCAPE_NONE, "\"{{\"", "{{ $x }}");
  assert_text ("{{ $x }}", HEDDLE_ESCAPE_NONE, "\"${process}\"", "${process}");
}

static void
test_url (void)
{
  assert_text ("https://example.org/{{ $x }}?q={{ $x }}", HEDDLE_ESCAPE_URL, "\"a/../b?c#d&é \"",
               "https://example.org/a%2F..%2Fb%3Fc%23d%26%C3%A9%20?q=a%2F..%2Fb%3Fc%23d%26%C3%A9%20");
  assert_text ("{{ $x }}/items?q={{ $x }}", HEDDLE_ESCAPE_URL, "\"http://h/?a=1\"", "http://h/?a=1/items?q=http%3A%2F%2Fh%2F%3Fa%3D1");
  assert_text ("http://h/{{ $x }}", HEDDLE_ESCAPE_URL, "\"a\\r\\nHost: evil\"", "http://h/a%0D%0AHost%3A%20evil");
}

static void
test_json (void)
{
  assert_text ("{\"a\":\"{{ $x }}\",\"b\":{{ $x }}}", HEDDLE_ESCAPE_JSON, "\"q\\\"},\\n\\\\\"", "{\"a\":\"q\\\"},\\n\\\\\",\"b\":\"q\\\"},\\n\\\\\"}");
  assert_text ("{\"a\":\"{{ $x }}\",\"b\":{{ $x }}}", HEDDLE_ESCAPE_JSON, "[1,\"z\"]", "{\"a\":\"[1,\\\"z\\\"]\",\"b\":[1,\"z\"]}");
  assert_text ("[{{ $x }},\"{{ $x }}\"]", HEDDLE_ESCAPE_JSON, "null", "[null,\"\"]");
  assert_text ("{\"a\\\"{{ $x }}\\\\\":{{ $x }}}", HEDDLE_ESCAPE_JSON, "\"\\\"\"", "{\"a\\\"\\\"\\\\\":\"\\\"\"}");
}

static void
test_header (void)
{
  static const char *const hostile[] = { "\"a\\r\\nSet-Cookie: b\"", "\"a\\nb\"", "\"a\\rb\"", "\"\\u0001\"", "\"\\u007f\"" };

  assert_text ("Bearer {{ $x }}", HEDDLE_ESCAPE_HEADER, "\"abc é\\t1\"", "Bearer abc é\t1");
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) value = expand ("X: {{ $x }}", HEDDLE_ESCAPE_HEADER, FALSE, hostile[i], &error);

      g_assert_null (value);
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_EXPRESSION);
      g_assert_cmpuint (heddle_expr_error_column (error), ==, 7);
    }
}

static void
assert_fails (const char *source, guint column)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = expand (source, HEDDLE_ESCAPE_NONE, FALSE, "{\"output\":1}", &error);

  g_assert_null (value);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_EXPRESSION);
  g_test_message ("%s: %s", source, error->message);
  g_assert_cmpuint (heddle_expr_error_column (error), ==, column);
}

/* Columns are those of the whole template. */
static void
test_errors (void)
{
  assert_fails ("é {{ $nosuch }}", 6);
  assert_fails ("a {{ 1 + }}", 10);
  assert_fails ("a {{ 1", 7);
  assert_fails ("{{ }}", 4);
  assert_fails ("{{ 1 } }", 6);
  assert_fails ("line\n{{ $x.a.b }}", 8);
}

static void
test_references (void)
{
  g_autoptr (HeddleTemplate) template_ = heddle_template_compile ("é {{ $a.output.b }} $no {{ [$c] }}", HEDDLE_ESCAPE_NONE, NULL);
  g_autoptr (GPtrArray) references = heddle_template_list_references (template_);
  const HeddleReference *first = g_ptr_array_index (references, 0), *second = g_ptr_array_index (references, 1);

  g_assert_cmpuint (references->len, ==, 2);
  g_assert_cmpstr (first->root, ==, "a");
  g_assert_cmpstr (first->path, ==, "output.b");
  g_assert_cmpuint (first->start, ==, 6);
  g_assert_cmpuint (first->end, ==, 8);
  g_assert_cmpstr (second->root, ==, "c");
}

static void
assert_renamed (const char *source, const char *expected)
{
  g_autofree char *renamed = heddle_template_rename (source, "old", "fresh");

  g_assert_cmpstr (renamed, ==, expected);
}

static void
test_rename (void)
{
  assert_renamed ("$old {{ $old.a }} \\{{ $old }} {{ '$old' + $old }}", "$old {{ $fresh.a }} \\{{ $old }} {{ '$old' + $fresh }}");
  assert_renamed ("{{ $old", "{{ $old");
  assert_renamed ("none", "none");
}

static void
assert_spans (const char *source, const char *expected)
{
  g_autoptr (GArray) spans = heddle_template_list_spans (source);
  g_autoptr (GString) inside = g_string_new (NULL);

  for (guint i = 0; i < spans->len; i += 2)
    {
      guint start = g_array_index (spans, guint, i), end = g_array_index (spans, guint, i + 1);

      g_string_append_printf (inside, "[%.*s]", (int) (end - start), source + start);
    }
  g_assert_cmpstr (inside->str, ==, expected);
}

static void
test_spans (void)
{
  assert_spans ("a {{ b }} c {{d}}", "[ b ][d]");
  assert_spans ("{{ {a:{b:1}} }} \\{{ no }} {{ \"}}\" }}", "[ {a:{b:1}} ][ \"}}\" ]");
  assert_spans ("{{ $a. ", "[ $a. ]");
  assert_spans ("{{ 'open }} x {{ b }}", "[ 'open ][ b ]");
  assert_spans ("none", "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/template/text", test_text);
  g_test_add_func ("/template/keeps-type", test_keeps_type);
  g_test_add_func ("/template/never-evaluates-data", test_never_evaluates_data);
  g_test_add_func ("/template/url", test_url);
  g_test_add_func ("/template/json", test_json);
  g_test_add_func ("/template/header", test_header);
  g_test_add_func ("/template/errors", test_errors);
  g_test_add_func ("/template/references", test_references);
  g_test_add_func ("/template/rename", test_rename);
  g_test_add_func ("/template/spans", test_spans);

  return g_test_run ();
}
