/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-json-schema.h"

#include <string.h>

#include "heddle-error.h"
#include "heddle-harness.h"
#include "value/heddle-json.h"

typedef struct
{
  const char *schema;
  const char *value;
  const char *problems; /* NULL: it fits */
} Case;

static const Case cases[] = {
  { "true", "1", NULL },
  { "{}", "{\"a\":[1]}", NULL },
  { "false", "1", "Nothing is allowed here." },
  { "{\"type\":\"string\"}", "\"x\"", NULL },
  { "{\"type\":\"string\"}", "1", "Must be of type string, but is of type number." },
  { "{\"type\":[\"string\",\"null\"]}", "null", NULL },
  { "{\"type\":[\"string\",\"null\"]}", "[]", "Must be of one of the types string, null, but is of type array." },
  { "{\"type\":\"integer\"}", "1.0", NULL },
  { "{\"type\":\"integer\"}", "1.5", "Must be of type integer, but is of type number." },
  { "{\"type\":\"number\"}", "1", NULL },
  { "{\"type\":\"boolean\"}", "\"true\"", "Must be of type boolean, but is of type string." },
  { "{\"enum\":[\"a\",{\"b\":1}]}", "{\"b\":1.0}", NULL },
  { "{\"enum\":[\"a\",\"b\"]}", "\"c\"", "\"c\" is not allowed here; the values are [\"a\",\"b\"]." },
  { "{\"const\":5}", "6", "Must be 5." },
  { "{\"const\":null}", "null", NULL },

  { "{\"minimum\":3,\"maximum\":5}", "3", NULL },
  { "{\"minimum\":3}", "2.5", "Must be at least 3, but is 2.5." },
  { "{\"maximum\":5}", "6", "Must be at most 5, but is 6." },
  { "{\"exclusiveMinimum\":3}", "3", "Must be greater than 3, but is 3." },
  { "{\"exclusiveMaximum\":3}", "3", "Must be less than 3, but is 3." },
  { "{\"minimum\":3,\"exclusiveMinimum\":true}", "3", "Must be at least 3, but is 3." },
  { "{\"multipleOf\":0.1}", "0.3", NULL },
  { "{\"multipleOf\":2}", "3", "Must be a multiple of 2, but is 3." },
  { "{\"multipleOf\":0}", "3", NULL },
  { "{\"minimum\":3}", "\"text\"", NULL },

  { "{\"minLength\":2,\"maxLength\":2}", "\"äö\"", NULL },
  { "{\"minLength\":2}", "\"ä\"", "Must have at least 2 characters, but has 1." },
  { "{\"maxLength\":1}", "\"ab\"", "Must have at most 1 characters, but has 2." },
  { "{\"pattern\":\"^\\\\d+$\"}", "\"42\"", NULL },
  { "{\"pattern\":\"^\\\\d+$\"}", "\"42\\n\"", "Must match the regular expression ^\\d+$." },
  { "{\"pattern\":\"b\"}", "\"abc\"", NULL },
  { "{\"format\":\"email\"}", "\"no\"", NULL },

  { "{\"items\":{\"type\":\"string\"}}", "[\"a\",1,2]", "/1: Must be of type string, but is of type number.\n/2: Must be of type string, but is of type number." },
  { "{\"prefixItems\":[{\"const\":1}],\"items\":{\"const\":2}}", "[1,2,2]", NULL },
  { "{\"prefixItems\":[{\"const\":1}],\"items\":false}", "[1,2]", "/1: Nothing is allowed here." },
  { "{\"items\":[{\"const\":1}],\"additionalItems\":{\"const\":2}}", "[1,2,3]", "/2: Must be 2." },
  { "{\"minItems\":1}", "[]", "Must have at least 1 items, but has 0." },
  { "{\"maxItems\":1}", "[1,2]", "Must have at most 1 items, but has 2." },
  { "{\"uniqueItems\":true}", "[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1.0}]", "Must not have the same item twice, but item 1 was there before." },
  { "{\"uniqueItems\":true}", "[1,\"1\",[1],null,true,false]", NULL },
  { "{\"contains\":{\"const\":1},\"maxContains\":1}", "[0,1]", NULL },
  { "{\"contains\":{\"const\":1}}", "[0]", "Has 0 items of the kind that it must contain, which is too few or too many." },

  { "{\"required\":[\"a\",\"b\"]}", "{\"c\":1}", "The property “a” is missing.\nThe property “b” is missing." },
  { "{\"properties\":{\"a\":{\"type\":\"object\",\"properties\":{\"b/c\":{\"type\":\"null\"}}}}}", "{\"a\":{\"b/c\":1}}", "/a/b~1c: Must be of type null, but is of type number." },
  { "{\"properties\":{\"a\":{}},\"additionalProperties\":false}", "{\"a\":1,\"b\":2}", "The property “b” is not allowed." },
  { "{\"additionalProperties\":{\"type\":\"string\"}}", "{\"b\":2}", "/b: Must be of type string, but is of type number." },
  { "{\"patternProperties\":{\"^x-\":{\"type\":\"string\"}},\"additionalProperties\":false}", "{\"x-a\":\"b\"}", NULL },
  { "{\"propertyNames\":{\"maxLength\":1}}", "{\"ab\":1}", "/ab: Must have at most 1 characters, but has 2." },
  { "{\"minProperties\":1}", "{}", "Has 0 properties, which is too few or too many." },
  { "{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}", "The property “b” is missing." },

  { "{\"allOf\":[{\"minimum\":2},{\"maximum\":1}]}", "1.5", "Must be at least 2, but is 1.5.\nMust be at most 1, but is 1.5." },
  { "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"number\"}]}", "1", NULL },
  { "{\"anyOf\":[{\"type\":\"string\"},{\"properties\":{\"k\":{\"const\":1}},\"type\":\"object\"}]}", "{\"k\":2}",
    "Fits none of the 2 forms that are allowed here; what the nearest lacks follows.\n/k: Must be 1." },
  { "{\"oneOf\":[{\"minimum\":1},{\"minimum\":2}]}", "1", NULL },
  { "{\"oneOf\":[{\"minimum\":1},{\"minimum\":2}]}", "2", "Fits 2 of the forms that are allowed here, but must fit exactly one." },
  { "{\"not\":{\"type\":\"null\"}}", "null", "Must not fit {\"type\":\"null\"}." },
  { "{\"if\":{\"const\":1},\"then\":false,\"else\":true}", "2", NULL },
  { "{\"if\":{\"const\":1},\"then\":false}", "1", "Nothing is allowed here." },
  { "{\"$ref\":\"#/$defs/a~1b\",\"$defs\":{\"a/b\":{\"const\":1}}}", "2", "Must be 1." },
  { "{\"definitions\":{\"n\":[{\"const\":1}]},\"$ref\":\"#/definitions/n/0\"}", "1", NULL },
  { "{\"properties\":{\"next\":{\"$ref\":\"#\"}},\"required\":[\"id\"]}", "{\"id\":1,\"next\":{\"id\":2,\"next\":{}}}", "/next/next: The property “id” is missing." },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) schema = heddle_harness_json (cases[i].schema);
      g_autoptr (JsonNode) value = heddle_harness_json (cases[i].value);
      g_autoptr (GError) error = NULL;
      gboolean fits = heddle_json_schema_check (schema, value, &error);

      g_test_message ("%s", cases[i].schema);
      g_assert_cmpstr (error != NULL ? error->message : NULL, ==, cases[i].problems);
      g_assert_true (fits == (error == NULL));
      if (error != NULL)
        g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
}

/* At most five problems are told. */
static void
test_many_problems (void)
{
  g_autoptr (JsonNode) schema = heddle_harness_json ("{\"items\":{\"type\":\"string\"}}");
  g_autoptr (JsonNode) value = heddle_harness_json ("[1,2,3,4,5,6,7,8]");
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_false (heddle_json_schema_check (schema, value, &error));
  lines = g_strsplit (error->message, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 5);
}

static char *
repeat (const char *before, const char *middle, const char *after, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (text, before);
  g_string_append (text, middle);
  for (guint i = 0; i < n; i++)
    g_string_append (text, after);
  return g_string_free (text, FALSE);
}

static void
check_hostile (const char *schema_text, const char *value_text, HeddleErrorCode code)
{
  g_autoptr (JsonNode) schema = heddle_harness_json (schema_text);
  g_autoptr (JsonNode) value = heddle_harness_json (value_text);
  g_autoptr (GError) error = NULL;

  g_assert_false (heddle_json_schema_check (schema, value, &error));
  g_assert_error (error, HEDDLE_ERROR, (int) code);
}

/* The test program's time limit catches what would hang. */
static void
test_hostile (void)
{
  g_autofree char *deep = repeat ("[", "1", "]", 200);
  g_autofree char *deeper = repeat ("[", "1", "]", 500);
  g_autofree char *nested = repeat ("{\"not\":", "true", "}", 499);
  g_autofree char *repeated = repeat ("a", "b", "", 3000);
  g_autofree char *text = g_strdup_printf ("\"%s\"", repeated);
  g_autoptr (JsonNode) list = heddle_harness_json ("{\"items\":{\"$ref\":\"#\"}}");
  g_autoptr (JsonNode) list_value = heddle_harness_json (deep);
  g_autoptr (GError) error = NULL;

  heddle_json_schema_check (list, list_value, &error);
  g_assert_no_error (error);
  check_hostile ("{\"items\":{\"$ref\":\"#\"},\"type\":\"array\"}", deeper, HEDDLE_ERROR_LIMIT);
  check_hostile ("{\"items\":{\"allOf\":[{\"$ref\":\"#\"}]}}", deeper, HEDDLE_ERROR_LIMIT);
  check_hostile ("{\"$ref\":\"#\"}", "1", HEDDLE_ERROR_LIMIT);
  check_hostile ("{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}}}", "1", HEDDLE_ERROR_LIMIT);
  check_hostile ("{\"anyOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}", "1", HEDDLE_ERROR_LIMIT);
  check_hostile ("{\"items\":{\"anyOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]},\"type\":\"array\"}", deep, HEDDLE_ERROR_LIMIT);
  check_hostile (nested, "1", HEDDLE_ERROR_INVALID);
  check_hostile ("{\"pattern\":\"^(a+)+$\"}", text, HEDDLE_ERROR_LIMIT);
  check_hostile ("{\"pattern\":\"^(?:(a|aa)+)*$\"}", text, HEDDLE_ERROR_LIMIT);
}

static void
test_wrong_schemas (void)
{
  check_hostile ("{\"type\":\"text\"}", "1", HEDDLE_ERROR_INVALID);
  check_hostile ("{\"type\":7}", "1", HEDDLE_ERROR_INVALID);
  check_hostile ("{\"pattern\":\"(\"}", "\"a\"", HEDDLE_ERROR_INVALID);
  check_hostile ("{\"$ref\":\"http://example.org/schema\"}", "1", HEDDLE_ERROR_INVALID);
  check_hostile ("{\"$ref\":\"#/$defs/none\"}", "1", HEDDLE_ERROR_INVALID);
  check_hostile ("{\"items\":7}", "[1]", HEDDLE_ERROR_INVALID);
  check_hostile ("[]", "1", HEDDLE_ERROR_INVALID);
}

/* A pattern for each of many values, and many distinct values that have to differ. */
static void
test_large (void)
{
  g_autoptr (JsonNode) schema = heddle_harness_json ("{\"items\":{\"type\":\"integer\",\"maximum\":100000},\"uniqueItems\":true}");
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) value = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 50000; i++)
    json_array_add_int_element (array, i);
  value = heddle_json_array (array);
  heddle_json_schema_check (schema, value, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-schema/cases", test_cases);
  g_test_add_func ("/json-schema/many-problems", test_many_problems);
  g_test_add_func ("/json-schema/hostile", test_hostile);
  g_test_add_func ("/json-schema/wrong-schemas", test_wrong_schemas);
  g_test_add_func ("/json-schema/large", test_large);
  return g_test_run ();
}
