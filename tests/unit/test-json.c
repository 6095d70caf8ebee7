/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = heddle_json_parse (text, -1, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  g_assert_true (json_node_is_immutable (node));
  return node;
}

static void
assert_written (const char *text, const char *expected)
{
  g_autoptr (JsonNode) node = parse (text);
  g_autofree char *written = heddle_json_to_text (node, HEDDLE_JSON_COMPACT);

  g_assert_cmpstr (written, ==, expected);
}

static void
assert_refused (const char *text, gssize length, HeddleErrorCode code, const char *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = heddle_json_parse (text, length, &error);

  g_assert_null (node);
  g_assert_error (error, HEDDLE_ERROR, (int) code);
  if (strstr (error->message, place) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, place);
}

static void
test_round_trip (void)
{
  static const char *const texts[] = {
    "null",
    "true",
    "false",
    "0",
    "-12",
    "9223372036854775807",
    "-9223372036854775808",
    "0.1",
    "1e+21",
    "123456789012345680000",
    "1e-7",
    "0.000001",
    "5e-324",
    "1.7976931348623157e+308",
    "\"\"",
    "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001/\"",
    "\"wörld 😀\"",
    "[]",
    "{}",
    "[1,[2,[3,{}]]]",
    "{\"z\":1,\"a\":{\"b\":[null]},\"\":2}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_written (texts[i], texts[i]);
}

static void
test_normalizes (void)
{
  assert_written (" \t\r\n[ 1 ,\n2 ] ", "[1,2]");
  assert_written ("\xef\xbb\xbf{}", "{}");
  assert_written ("1.0", "1");
  assert_written ("1E2", "100");
  assert_written ("-0", "0");
  assert_written ("18446744073709551615", "18446744073709552000");
  assert_written ("-9223372036854775809", "-9223372036854776000");
  assert_written ("\"\\u00e9\\/\"", "\"é/\"");
  assert_written ("{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}");
}

static void
test_characters_a_c_string_cannot_hold (void)
{
  assert_written ("\"\\ud83d\\ude00\"", "\"😀\"");
  assert_written ("\"a\\ud83db\"", "\"a\xef\xbf\xbd"
                                   "b\"");
  assert_written ("\"\\ude00\"", "\"\xef\xbf\xbd\"");
  assert_written ("\"\\ud83d\\ud83d\\ude00\"", "\"\xef\xbf\xbd😀\"");
  assert_written ("\"\\ud83d\\u0041\"", "\"\xef\xbf\xbd"
                                        "A\"");
  assert_written ("\"a\\u0000b\"", "\"a\xef\xbf\xbd"
                                   "b\"");
  assert_written ("{\"\\u0000\":1}", "{\"\xef\xbf\xbd\":1}");
}

static void
test_refuses (void)
{
  static const struct
  {
    const char *text;
    const char *place;
  } cases[] = {
    { "", "ends too early (line 1, column 1)" },
    { "  ", "column 3" },
    { "nul", "column 1" },
    { "nulll", "column 5" },
    { "True", "not a JSON value" },
    { "01", "more text behind" },
    { "+1", "column 1" },
    { "-", "digit is missing" },
    { "1.", "column 3" },
    { ".5", "column 1" },
    { "1e", "column 3" },
    { "1e400", "too large" },
    { "-1e400", "too large" },
    { "NaN", "column 1" },
    { "[1,]", "column 4" },
    { "[1 2]", "comma or ]" },
    { "[1,\n\n 2 3]", "line 3, column 4" },
    { "[\"é\" 1]", "column 6" },
    { "{a:1}", "double quotes" },
    { "{\"a\" 1}", "colon" },
    { "{\"a\":1,}", "double quotes" },
    { "{\"a\":1 \"b\":2}", "comma or }" },
    { "'a'", "column 1" },
    { "\"a", "not closed" },
    { "\"a\nb\"", "must be escaped" },
    { "\"\\x41\"", "escape is not known" },
    { "\"\\u12g4\"", "four hexadecimal" },
    { "\"\\u12", "four hexadecimal" },
    { "[] []", "more text behind" },
    { "// c", "column 1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i].text, -1, HEDDLE_ERROR_INVALID, cases[i].place);
}

static void
test_refuses_bytes (void)
{
  assert_refused ("\"a\0b\"", 5, HEDDLE_ERROR_INVALID, "not valid UTF-8 (line 1, column 3)");
  assert_refused ("\"\xff\"", -1, HEDDLE_ERROR_INVALID, "not valid UTF-8");
  assert_refused ("\"\xed\xa0\x80\"", -1, HEDDLE_ERROR_INVALID, "not valid UTF-8");
  assert_refused ("\"\xc0\x80\"", -1, HEDDLE_ERROR_INVALID, "not valid UTF-8");
  assert_refused ("\"\xe2\x82", -1, HEDDLE_ERROR_INVALID, "not valid UTF-8");
  assert_refused ("1\0", 2, HEDDLE_ERROR_INVALID, "not valid UTF-8");
}

static char *
nest (guint depth, const char *opening, const char *inside, const char *closing)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append (text, opening);
  g_string_append (text, inside);
  for (guint i = 0; i < depth; i++)
    g_string_append (text, closing);
  return g_string_free (text, FALSE);
}

static void
test_depth (void)
{
  g_autofree char *deepest = nest (HEDDLE_JSON_MAX_DEPTH, "[", "", "]");
  g_autofree char *too_deep = nest (HEDDLE_JSON_MAX_DEPTH + 1, "[", "", "]");
  g_autofree char *hostile = nest (100000, "[", "", "");
  g_autofree char *objects = nest (100000, "{\"a\":", "1", "}");

  assert_written (deepest, deepest);
  assert_refused (too_deep, -1, HEDDLE_ERROR_LIMIT, "column 513");
  assert_refused (hostile, -1, HEDDLE_ERROR_LIMIT, "too deeply");
  assert_refused (objects, -1, HEDDLE_ERROR_LIMIT, "too deeply");
}

static void
test_size (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) fits = heddle_json_parse_limited ("[1,2]", -1, 5, &error);
  g_autoptr (JsonNode) large = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (fits);
  large = heddle_json_parse_limited ("[1,2]", -1, 4, &error);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT);
  g_assert_null (large);
}

/* Each proper prefix is an error and reads nothing behind its end, which ASan would see. */
static void
test_truncated (void)
{
  const char *text = "{\"key\":[1.5e3,true,null,\"\\u00e9\\ud83d\\ude00x\",{\"é\":-2}]}";

  for (gsize length = 0; length < strlen (text); length++)
    {
      g_autofree char *copy = g_memdup2 (text, MAX (length, 1));
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = heddle_json_parse (copy, length, &error);

      g_assert_null (node);
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
}

static void
assert_number (double number, const char *expected)
{
  g_autoptr (GString) out = g_string_new (NULL);

  heddle_json_append_number (out, number);
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_numbers (void)
{
  assert_number (0.0, "0");
  assert_number (-0.0, "0");
  assert_number (NAN, "NaN");
  assert_number (-INFINITY, "-Infinity");
  assert_number (0.1 + 0.2, "0.30000000000000004");
  assert_number (100, "100");
  assert_number (-1.5, "-1.5");
  assert_number (1e20, "100000000000000000000");
  assert_number (1e21, "1e+21");
  assert_number (1.25e-7, "1.25e-7");
  assert_number (0.00001, "0.00001");
  assert_number (9007199254740992.0, "9007199254740992");
  assert_number (9007199254740994.0, "9007199254740994");
  assert_number (2.2250738585072014e-308, "2.2250738585072014e-308");
  assert_number (4.9e-324, "5e-324");
  assert_number (5.764607523034235e39, "5.764607523034235e+39");
  assert_number (9.5367431640625e-7, "9.5367431640625e-7");
  assert_number (1.0 / 3, "0.3333333333333333");
}

static void
test_numbers_read_back (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (42);

  for (guint i = 0; i < 20000; i++)
    {
      guint64 bits = (guint64) g_rand_int (random) << 32 | g_rand_int (random);
      g_autoptr (GString) out = g_string_new (NULL);
      double number;

      memcpy (&number, &bits, sizeof number);
      if (!isfinite (number))
        continue;
      heddle_json_append_number (out, number);
      g_assert_true (g_ascii_strtod (out->str, NULL) == number);
    }
}

static void
test_pretty (void)
{
  g_autoptr (JsonNode) node = parse ("{\"a\":[1,{\"b\":[]}],\"c\":{}}");
  g_autofree char *text = heddle_json_to_text (node, HEDDLE_JSON_PRETTY);

  g_assert_cmpstr (text, ==,
                   "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}");
}

static void
test_writes_only_valid_json (void)
{
  g_autoptr (JsonArray) array = json_array_new ();
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  json_array_add_double_element (array, NAN);
  json_array_add_double_element (array, INFINITY);
  json_array_add_double_element (array, 1e21);
  json_array_add_string_element (array, "a\xff");
  node = heddle_json_array (g_steal_pointer (&array));
  text = heddle_json_to_text (node, HEDDLE_JSON_COMPACT);
  g_assert_cmpstr (text, ==, "[null,null,1e+21,\"a\xef\xbf\xbd\"]");
  g_free (text);
  text = heddle_json_to_text (NULL, HEDDLE_JSON_COMPACT);
  g_assert_cmpstr (text, ==, "null");
}

static void
assert_display (const char *text, const char *expected)
{
  g_autoptr (JsonNode) node = parse (text);
  g_autofree char *shown = heddle_json_to_display (node);

  g_assert_cmpstr (shown, ==, expected);
}

static void
test_display (void)
{
  g_autofree char *missing = heddle_json_to_display (NULL);

  g_assert_cmpstr (missing, ==, "");
  assert_display ("null", "");
  assert_display ("\"a \\\"b\\\"\"", "a \"b\"");
  assert_display ("1.50", "1.5");
  assert_display ("{\"a\":[true]}", "{\"a\":[true]}");
}

static void
assert_equality (const char *a, const char *b, gboolean expected)
{
  g_autoptr (JsonNode) first = parse (a);
  g_autoptr (JsonNode) second = parse (b);

  g_assert_cmpint (heddle_json_equal (first, second), ==, expected);
  g_assert_cmpint (heddle_json_equal (second, first), ==, expected);
}

static void
test_equal (void)
{
  g_autoptr (JsonNode) null = heddle_json_null ();

  assert_equality ("1", "1.0", TRUE);
  assert_equality ("1", "\"1\"", FALSE);
  assert_equality ("1", "true", FALSE);
  assert_equality ("0", "null", FALSE);
  assert_equality ("9007199254740993", "9007199254740992", FALSE);
  assert_equality ("{\"a\":1,\"b\":[2]}", "{\"b\":[2.0],\"a\":1}", TRUE);
  assert_equality ("{\"a\":1}", "{\"b\":1}", FALSE);
  assert_equality ("{\"a\":1}", "{\"a\":1,\"b\":null}", FALSE);
  assert_equality ("[1,2]", "[2,1]", FALSE);
  assert_equality ("[]", "{}", FALSE);
  g_assert_true (heddle_json_equal (NULL, null));
}

static void
test_readers (void)
{
  g_autoptr (JsonNode) node = parse ("{\"s\":\"x\",\"i\":7,\"d\":2.9,\"b\":true,\"a\":[1],\"o\":{\"k\":null}}");

  g_assert_cmpstr (heddle_json_get_string (node, "s", "f"), ==, "x");
  g_assert_cmpstr (heddle_json_get_string (node, "i", "f"), ==, "f");
  g_assert_cmpint (heddle_json_get_int (node, "i", 1), ==, 7);
  g_assert_cmpint (heddle_json_get_int (node, "d", 1), ==, 2);
  g_assert_cmpint (heddle_json_get_int (node, "none", 1), ==, 1);
  g_assert_cmpfloat (heddle_json_get_double (node, "i", 1), ==, 7.0);
  g_assert_cmpfloat (heddle_json_get_double (node, "s", 1), ==, 1.0);
  g_assert_true (heddle_json_get_boolean (node, "b", FALSE));
  g_assert_true (heddle_json_get_boolean (node, "i", TRUE));
  g_assert_cmpuint (json_array_get_length (heddle_json_get_array (node, "a")), ==, 1);
  g_assert_null (heddle_json_get_array (node, "o"));
  g_assert_true (json_object_has_member (heddle_json_get_object (node, "o"), "k"));
  g_assert_null (heddle_json_get_object (node, "a"));
  g_assert_null (heddle_json_member (NULL, "a"));
  g_assert_true (heddle_json_is_null (NULL));
}

static void
test_constructors (void)
{
  g_autoptr (JsonNode) null = heddle_json_string (NULL);
  g_autoptr (JsonNode) mended = heddle_json_string ("a\xff");
  g_autoptr (JsonNode) infinite = heddle_json_double (INFINITY);

  g_assert_true (heddle_json_is_null (null));
  g_assert_cmpstr (json_node_get_string (mended), ==, "a\xef\xbf\xbd");
  g_assert_true (heddle_json_is_null (infinite));
}

/* A megabyte of records, as an API returns them. */
static void
test_speed (void)
{
  g_autoptr (GString) text = g_string_new ("[");
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *written = NULL;
  gint64 start, parsed, wrote;

  while (text->len < 1024 * 1024)
    g_string_append (text, "{\"id\":12345,\"name\":\"Bolt\",\"price\":9.5,\"tags\":[\"steel\",\"m4\"],\"note\":\"A line of text that says something about the part\"},");
  g_string_append (text, "null]");

  start = g_get_monotonic_time ();
  node = parse (text->str);
  parsed = g_get_monotonic_time ();
  written = heddle_json_to_text (node, HEDDLE_JSON_COMPACT);
  wrote = g_get_monotonic_time ();

  g_assert_cmpstr (written, ==, text->str);
  g_test_message ("1 MB: read in %.1f ms, written in %.1f ms", (parsed - start) / 1e3, (wrote - parsed) / 1e3);
  if (g_test_perf ())
    g_assert_cmpint (parsed - start, <, 30000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/round-trip", test_round_trip);
  g_test_add_func ("/json/normalizes", test_normalizes);
  g_test_add_func ("/json/unholdable-characters", test_characters_a_c_string_cannot_hold);
  g_test_add_func ("/json/refuses", test_refuses);
  g_test_add_func ("/json/refuses-bytes", test_refuses_bytes);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/size", test_size);
  g_test_add_func ("/json/truncated", test_truncated);
  g_test_add_func ("/json/numbers", test_numbers);
  g_test_add_func ("/json/numbers-read-back", test_numbers_read_back);
  g_test_add_func ("/json/pretty", test_pretty);
  g_test_add_func ("/json/only-valid", test_writes_only_valid_json);
  g_test_add_func ("/json/display", test_display);
  g_test_add_func ("/json/equal", test_equal);
  g_test_add_func ("/json/readers", test_readers);
  g_test_add_func ("/json/constructors", test_constructors);
  g_test_add_func ("/json/speed", test_speed);

  return g_test_run ();
}
