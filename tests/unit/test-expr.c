/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "expr/heddle-expr.h"
#include "heddle-error.h"
#include "value/heddle-json.h"

#define NOW G_GINT64_CONSTANT (1706788800000) /* 2024-02-01T12:00:00Z */

static const char context_text[] =
  "{\"nodes\":{\"shop\":{\"output\":{\"items\":[{\"name\":\"Bolt\",\"price\":9.5},{\"name\":\"Nut\",\"price\":1.25}],"
  "\"none\":null,\"id\":9007199254740993},\"status\":200},"
  "\"router\":{\"output\":\"billing\"}},"
  "\"vars\":{\"count\":2},\"input\":\"wörld 😀\"}";

typedef struct
{
  const char *source;
  const char *expected;
} Case;

static JsonNode *
evaluate (const char *source, GError **error)
{
  g_autoptr (JsonNode) context = heddle_json_parse (context_text, -1, NULL);
  g_autoptr (HeddleExpr) expr = heddle_expr_compile (source, error);
  HeddleScope scope;

  g_assert_nonnull (context);
  if (expr == NULL)
    return NULL;
  heddle_scope_init_context (&scope, context);
  scope.now = NOW;
  return heddle_expr_evaluate (expr, &scope, error);
}

static void
assert_value (const char *source, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = evaluate (source, &error);
  g_autofree char *text = value != NULL ? heddle_json_to_text (value, HEDDLE_JSON_COMPACT) : g_strdup (error->message);

  if (strcmp (text, expected) != 0)
    g_error ("%s gives %s instead of %s", source, text, expected);
  g_assert_true (json_node_is_immutable (value));
}

static void
assert_values (const Case *cases, gsize n_cases)
{
  for (gsize i = 0; i < n_cases; i++)
    assert_value (cases[i].source, cases[i].expected);
}

static void
assert_fails (const char *source, int code, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = evaluate (source, &error);

  if (value != NULL)
    g_error ("%s does not fail", source);
  g_assert_error (error, HEDDLE_ERROR, code);
  if (strstr (error->message, message) == NULL)
    g_error ("%s fails with \"%s\", not with \"%s\"", source, error->message, message);
  g_assert_cmpuint (heddle_expr_error_column (error), >, 0);
}

static void
test_operators (void)
{
  static const Case cases[] = {
    { "1 + 2 * 3 ** 2", "19" },
    { "(-2) ** 2 + -7 % 3", "3" },
    { "'3' * '4' + '1'", "\"121\"" },
    { "null ?? 0 ?? 1", "0" },
    { "0 || '' || 'last'", "\"last\"" },
    { "1 < 2 === true && !0", "true" },
    { "-1 >>> 28 | 1 << 4", "31" },
    { "[] + {}", "\"[object Object]\"" },
    { "'b' > 'a' ? typeof null : void 0", "\"object\"" },
    { "1?.5:2", "0.5" },
    { "'name' in {name: 1} && !(5 in [1])", "true" },
    { "NaN !== NaN && undefined == null", "true" },
    { "(1, 2)", "2" },
  };

  assert_values (cases, G_N_ELEMENTS (cases));
}

static void
test_members (void)
{
  static const Case cases[] = {
    { "$shop.output.items[1].name", "\"Nut\"" },
    { "$shop.output['items'].length", "2" },
    { "$shop.output.nothing", "null" },
    { "$shop.output.nothing?.deeper.still[0].call()", "null" },
    { "$shop.output.none?.[0]", "null" },
    { "$shop.output.items.nothing?.()", "null" },
    { "$router.output === \"billing\"", "true" },
    { "$input.length", "7" },
    { "$input.at(-1) + $input[1]", "\"😀ö\"" },
    { "$vars.count + 1", "3" },
    { "$shop.output.items === $shop.output.items", "true" },
    { "Object.keys({b: 1, 2: 1, a: 1, 1: 1})", "[\"1\",\"2\",\"b\",\"a\"]" },
  };

  assert_values (cases, G_N_ELEMENTS (cases));
}

/* What cannot be a double is not touched on its way through. */
static void
test_large_integers (void)
{
  static const Case cases[] = {
    { "$shop.output.id", "9007199254740993" },
    { "[$shop.output.id]", "[9007199254740993]" },
    { "`${$shop.output.id}`", "\"9007199254740993\"" },
    { "$shop.output.id === 9007199254740992", "true" },
    { "JSON.stringify($shop.output.id)", "\"9007199254740993\"" },
    { "typeof $shop.output.id", "\"number\"" },
  };

  assert_values (cases, G_N_ELEMENTS (cases));
}

static void
test_functions (void)
{
  static const Case cases[] = {
    { "$shop.output.items.map(({name, price: p = 0}, i) => `${i}:${name}:${p}`).join()", "\"0:Bolt:9.5,1:Nut:1.25\"" },
    { "((a, b = a + 1, ...rest) => [a, b, rest])(1, undefined, 3, 4)", "[1,2,[3,4]]" },
    { "(([first, , third = 'c', ...others]) => [first, third, others])(['a', 'b', undefined, 4, 5])", "[\"a\",\"c\",[4,5]]" },
    { "(({a, ...rest}) => rest)({a: 1, b: 2, c: 3})", "{\"b\":2,\"c\":3}" },
    { "(a => b => a * b)(6)(7)", "42" },
    { "((f, n) => f(f, n))((f, n) => n < 2 ? 1 : n * f(f, n - 1), 10)", "3628800" },
    { "['1', '2'].map(Number).map(Math.sqrt).length", "2" },
    { "Math.max(...[1, 5, 3], 4)", "5" },
    { "[1, 2, 3].map($x => $x * 2)", "[2,4,6]" },
  };

  assert_values (cases, G_N_ELEMENTS (cases));
}

static void
test_arrays (void)
{
  static const Case cases[] = {
    { "[3, 1, 2].sort().concat([3, 1, 2].sort((a, b) => b - a))", "[1,2,3,3,2,1]" },
    { "[1, 2, 3, 4].reduceRight((a, b) => a + '-' + b)", "\"4-3-2-1\"" },
    { "[1, [2, [3, [4]]]].flat(Infinity)", "[1,2,3,4]" },
    { "[5, 6, 7].findLast(x => x < 7)", "6" },
    { "[NaN].includes(NaN) && [NaN].indexOf(NaN) === -1", "true" },
    { "[1, 2, 3].with(-1, 9)", "[1,2,9]" },
    { "Array.from({length: 3}, (_, i) => i * i)", "[0,1,4]" },
    { "Object.groupBy([1, 2, 3], x => x % 2 ? 'odd' : 'even')", "{\"odd\":[1,3],\"even\":[2]}" },
    { "[...'a😀b'].reverse()", "[\"b\",\"😀\",\"a\"]" },
    { "[1, , 3].length", "3" },
    { "Object.fromEntries(Object.entries({a: 1}).map(([k, v]) => [k + k, v + v]))", "{\"aa\":2}" },
  };

  assert_values (cases, G_N_ELEMENTS (cases));
}

static void
test_strings (void)
{
  static const Case cases[] = {
    { "'a-b-c'.replace('-', '$&$&').replaceAll('-', '+')", "\"a++b+c\"" },
    { "'wörld'.toUpperCase() + 'ẞ'.toLowerCase() + 'ß'.toUpperCase()", "\"WÖRLDßSS\"" },
    { "'7'.padStart(3, 'ab') + 'x'.padEnd(2)", "\"ab7x \"" },
    { "'abc'.substring(2, 0) + 'abc'.slice(-2, -1) + 'abc'.at(-1)", "\"abbc\"" },
    { "'\\u00a0 x\\ufeff'.trim()", "\"x\"" },
    { "'a,b'.split(',', 1)", "[\"a\"]" },
    { "['é', 'z', 'a', 'E', 'e'].sort((a, b) => a.localeCompare(b))", "[\"a\",\"e\",\"E\",\"é\",\"z\"]" },
    { "'item10'.localeCompare('item9', undefined, {numeric: true})", "1" },
    { "String.fromCodePoint(128512) === String.fromCharCode(55357, 56832)", "true" },
    { "encodeURIComponent('a b&ö') + decodeURIComponent('%C3%B6')", "\"a%20b%26%C3%B6ö\"" },
  };

  assert_values (cases, G_N_ELEMENTS (cases));
}

static void
test_regexps (void)
{
  static const Case cases[] = {
    { "'2024-05-06'.match(/(?<year>\\d+)-(?<month>\\d+)/).groups.month", "\"05\"" },
    { "'John Smith'.replace(/(?<a>\\w+) (\\w+)/, '$2 $<a>')", "\"Smith John\"" },
    { "'a1b22'.replace(/\\d+/g, (all, at) => `<${all}@${at}>`)", "\"a<1@1>b<22@3>\"" },
    { "[...'a1b2'.matchAll(/[a-z](\\d)/g)].map(m => m[1] + m.index)", "[\"10\",\"22\"]" },
    { "'a1b2'.split(/(\\d)/)", "[\"a\",\"1\",\"b\",\"2\",\"\"]" },
    { "/^b$/m.test('a\\nb') && !/^b$/.test('a\\nb')", "true" },
    { "/\\p{Lu}/u.test('É') && /é/i.test('É')", "true" },
    { "'x+y'.split('+').length + 'x.y'.search(/\\./)", "3" },
    { "/a/y.test('ba') || /[^]/.test('')", "false" },
    { "'b'.match(/a/)", "null" },
  };

  assert_values (cases, G_N_ELEMENTS (cases));
  /* What only PCRE knows is as unknown here as in ECMAScript. */
  assert_fails ("/a++/.test('a')", HEDDLE_ERROR_EXPRESSION, "nothing to repeat");
  assert_fails ("/(?i)a/.test('a')", HEDDLE_ERROR_EXPRESSION, "group is not known");
  assert_fails ("/(*FAIL)/.test('a')", HEDDLE_ERROR_EXPRESSION, "regular expression is not valid");
  assert_fails ("RegExp('(').test('a')", HEDDLE_ERROR_EXPRESSION, "regular expression is not valid");
}

static void
test_numbers (void)
{
  static const Case cases[] = {
    { "0.1 + 0.2", "0.30000000000000004" },
    { "(2.5).toFixed(0) + (1.005).toFixed(2) + (-1.5).toFixed(0)", "\"31.00-2\"" },
    { "(0.000001234).toPrecision(2) + (1e21).toPrecision(3)", "\"0.00000121.00e+21\"" },
    { "(255).toString(16) + (0.5).toString(2)", "\"ff0.1\"" },
    { "(1234567.891).toLocaleString()", "\"1,234,567.891\"" },
    { "Math.round(-2.5) + Math.round(0.49999999999999994)", "-2" },
    { "parseInt('0x1f') + parseInt('12px') + parseFloat('1.5e')", "44.5" },
    { "Number(' 0b11 ') + Number('')", "3" },
    { "[1 / 0, NaN, -0]", "[null,null,0]" },
    { "1_000 + 0xff + .5", "1255.5" },
  };

  assert_values (cases, G_N_ELEMENTS (cases));
}

static void
test_json (void)
{
  static const Case cases[] = {
    { "JSON.stringify({a: [1, undefined, () => 1], b: undefined})", "\"{\\\"a\\\":[1,null,null]}\"" },
    { "JSON.stringify({a: 1, b: 2}, ['b'], '-')", "\"{\\n-\\\"b\\\": 2\\n}\"" },
    { "JSON.stringify({a: 1}, (k, v) => typeof v === 'number' ? v + 1 : v)", "\"{\\\"a\\\":2}\"" },
    { "JSON.parse('[1, {\"a\": null}]')[1]", "{\"a\":null}" },
    { "JSON.parse('[1, 2]', (k, v) => Array.isArray(v) ? v : v * 10)", "[10,20]" },
  };

  assert_values (cases, G_N_ELEMENTS (cases));
  assert_fails ("JSON.parse('{bad')", HEDDLE_ERROR_EXPRESSION, "line 1, column 2");
}

static void
test_dates (void)
{
  static const Case cases[] = {
    { "$now", "\"2024-02-01T12:00:00.000Z\"" },
    { "Date.now()", "1706788800000" },
    { "Date.parse('2024-02-01T13:00:00+01:00') === Date.now()", "true" },
    { "Date.parse('Thu, 01 Feb 2024 12:00:00 GMT') === Date.UTC(2024, 1, 1, 12)", "true" },
    { "Date.parse('yesterday')", "null" },
    { "formatDate($now, 'EEEE, d MMM yyyy HH:mm xxx', 'Europe/Berlin')", "\"Thursday, 1 Feb 2024 13:00 +01:00\"" },
    { "formatDate(Date.now(), \"hh 'o''clock' a\")", "\"12 o'clock PM\"" },
    { "formatDate(0, 'iso')", "\"1970-01-01T00:00:00.000Z\"" },
    { "addTime('2024-01-31', 1, 'month')", "\"2024-02-29T00:00:00.000Z\"" },
    { "addTime(0, -1.5, 'hours')", "-5400000" },
  };

  assert_values (cases, G_N_ELEMENTS (cases));
  assert_fails ("formatDate('x')", HEDDLE_ERROR_EXPRESSION, "not a date");
  assert_fails ("formatDate(0, 'bbb')", HEDDLE_ERROR_EXPRESSION, "bbb");
  assert_fails ("formatDate(0, 'iso', 'Mars/Base')", HEDDLE_ERROR_EXPRESSION, "Mars/Base");
  assert_fails ("addTime(0, 1, 'fortnight')", HEDDLE_ERROR_EXPRESSION, "unit must be");
  assert_fails ("addTime(0, 1e9, 'years')", HEDDLE_ERROR_EXPRESSION, "1 to 9999");
}

static void
assert_message (const char *source, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = evaluate (source, &error);

  g_assert_null (value);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_messages (void)
{
  assert_message ("$shop.output.itms.length", "$shop.output.itms is missing, so .length has no value; did you mean $shop.output.items? (column 18)");
  assert_message ("$shop.output.zzz[0]", "$shop.output.zzz is missing, so [0] has no value (column 17)");
  assert_message ("'é' + $shop.output.none.x", "$shop.output.none is null, so .x has no value (column 24)");
  assert_message ("$ruoter.output", "$ruoter is not known; did you mean $router? (column 1)");
  assert_message ("$zzzzzz", "$zzzzzz is not known; there are $shop, $router, $vars, $input (column 1)");
  assert_message ("router.output", "router is not known; did you mean $router? (column 1)");
  assert_message ("'a'.trimm()", "'a'.trimm is not a function; did you mean .trim()? (column 4)");
  assert_message ("1 +", "The expression ends where a value is expected (column 4)");
  assert_message ("(1", "The expression ends where ) is expected (column 3)");
  assert_message ("1 +\n  @", "“@” is not part of an expression (line 2, column 3)");
  assert_message ("new Date()", "“new” is not part of an expression (column 1)");
}

static void
test_refuses (void)
{
  static const char *const sources[] = {
    "",
    " ",
    "1 = 2",
    "$vars.count = 1",
    "$vars.count++",
    "a ? b",
    "1..",
    "$shop.",
    "{a:",
    "x =>",
    "x => {}",
    "`${1",
    "\"abc",
    "[1,2",
    "/(/",
    "1 2",
    "5px",
    "08",
    "-2 ** 2",
    "1 || 2 ?? 3",
    "...[1]",
    "[1].push(2)",
    "(a, ...b, c) => 1",
    "(1) => 1",
    "f(a = 1)",
    "this",
    "delete $vars.count",
    "null[0]",
    "undefined.x",
    "[...null]",
    "1 in 1",
    "'a'.repeat(-1)",
    "(1).toFixed(101)",
    "Array(-1)",
    "decodeURIComponent('%')",
    "[].reduce((a, b) => a)",
    "\xff",
    "[1].map(2)",
    "Symbol()",
  };

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    assert_fails (sources[i], HEDDLE_ERROR_EXPRESSION, "column");
}

static char *
repeat (const char *part, guint count)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < count; i++)
    g_string_append (text, part);
  return g_string_free (text, FALSE);
}

/* Every way to spend without end has to stop soon, by its own limit. */
static void
test_budget (void)
{
  static const char *const sources[] = {
    "'x'.repeat(2 ** 29)",
    "'x'.padStart(1e12)",
    "Array(4e9)",
    "Array.from({length: 1e9}, (_, i) => i)",
    "(f => f(f))(f => f(f))",
    "(f => f(f, []))((f, a) => f(f, [a]))",
    "[...Array(1000)].map((_, i) => [...Array(1000)].map((_, j) => [...Array(1000)].map((_, k) => i * j * k)))",
    "[...Array(30)].reduce(a => a + a, 'xxxxxxxxxx')",
    "[...Array(40)].reduce(a => [a, a], 1)",
    "/^(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')",
    "/(.*)*[^x]$/.test('x'.repeat(5000))",
    "JSON.parse('['.repeat(600) + ']'.repeat(600))[0]",
  };

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) value = evaluate (sources[i], &error);

      if (value != NULL)
        g_error ("%s does not fail", sources[i]);
      g_assert_cmpuint (heddle_expr_error_column (error), >, 0);
      g_test_message ("%s: %.1f ms: %s", sources[i], (g_get_monotonic_time () - start) / 1e3, error->message);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * G_USEC_PER_SEC);
    }
}

static void
test_nesting (void)
{
  static const char *const openings[] = { "(", "[", "{a:", "-", "!", "x => ", "`${", "1 + (", "1 ? ", "f(", "a[" };
  g_autofree char *long_sum = repeat ("+ 1", 900);
  g_autofree char *too_long_sum = repeat ("+ 1 - 1 ", 50000);

  for (guint i = 0; i < G_N_ELEMENTS (openings); i++)
    {
      g_autofree char *source = repeat (openings[i], 100000);

      assert_fails (source, HEDDLE_ERROR_EXPRESSION, "column");
    }
  assert_value (long_sum, "900");
  assert_fails (too_long_sum, HEDDLE_ERROR_EXPRESSION, "nested too deeply");
}

/* Building a text step by step costs its length, not the square of it. */
static void
test_growing_text (void)
{
  assert_value ("[...Array(20000)].reduce((text, _, i) => text + 'line ' + i + '\\n', '').length", "208890");
}

static void
test_references (void)
{
  static const char source[] = "$a.output.items[0].map($x => $x + $b['k'].length) ?? {$c, d: ($d)?.e[$f.g]}";
  g_autoptr (HeddleExpr) expr = heddle_expr_compile (source, NULL);
  g_autoptr (GPtrArray) references = heddle_expr_list_references (expr);
  static const char *const expected[][2] = { { "a", "output.items.0" }, { "b", "k.length" }, { "c", "" }, { "d", "e" }, { "f", "g" } };

  g_assert_cmpuint (references->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < references->len; i++)
    {
      const HeddleReference *reference = g_ptr_array_index (references, i);
      g_autofree char *span = g_strndup (source + reference->start, reference->end - reference->start);

      g_assert_cmpstr (reference->root, ==, expected[i][0]);
      g_assert_cmpstr (reference->path, ==, expected[i][1]);
      g_assert_cmpstr (span + 1, ==, reference->root);
    }
}

static void
assert_renamed (const char *source, const char *expected)
{
  g_autofree char *renamed = heddle_expr_rename (source, "old", "brandNew");

  g_assert_cmpstr (renamed, ==, expected);
}

static void
test_rename (void)
{
  assert_renamed ("$old.x + '$old' + $older + old", "$brandNew.x + '$old' + $older + old");
  assert_renamed ("({$old})", "({$old: $brandNew})");
  assert_renamed ("`${$old}` + [1].map($old => $old)", "`${$brandNew}` + [1].map($old => $old)");
  assert_renamed ("($old) /* $old */", "($brandNew) /* $old */");
  assert_renamed ("$old +", "$old +");
}

static void
test_truth (void)
{
  static const Case cases[] = {
    { "NaN", "" },
    { "undefined", "" },
    { "''", "" },
    { "0", "" },
    { "null", "" },
    { "[]", "y" },
    { "'0'", "y" },
    { "{}", "y" },
    { "$router.output", "y" },
  };
  g_autoptr (JsonNode) context = heddle_json_parse (context_text, -1, NULL);
  HeddleScope scope;

  heddle_scope_init_context (&scope, context);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (HeddleExpr) expr = heddle_expr_compile (cases[i].source, NULL);
      g_autoptr (JsonNode) value = heddle_expr_evaluate (expr, &scope, NULL);

      g_assert_cmpint (heddle_json_is_truthy (value), ==, cases[i].expected[0] == 'y');
    }
}

/* A value from outside is not copied: the result is the very node. */
static void
test_shares (void)
{
  g_autoptr (JsonNode) context = heddle_json_parse (context_text, -1, NULL);
  g_autoptr (HeddleExpr) expr = heddle_expr_compile ("$shop.output.items", NULL);
  g_autoptr (JsonNode) value = NULL;
  HeddleScope scope;

  heddle_scope_init_context (&scope, context);
  value = heddle_expr_evaluate (expr, &scope, NULL);
  g_assert_true (value == heddle_json_member (heddle_json_member (heddle_json_member (heddle_json_member (context, "nodes"), "shop"), "output"), "items"));
}

static void
test_speed (void)
{
  g_autoptr (JsonNode) context = heddle_json_parse (context_text, -1, NULL);
  g_autoptr (HeddleExpr) expr = heddle_expr_compile ("$router.output === \"billing\"", NULL);
  const guint rounds = 100000;
  gint64 start = g_get_monotonic_time ();
  double nanoseconds;
  HeddleScope scope;

  heddle_scope_init_context (&scope, context);
  for (guint i = 0; i < rounds; i++)
    {
      g_autoptr (JsonNode) value = heddle_expr_evaluate (expr, &scope, NULL);

      g_assert_true (heddle_json_is_truthy (value));
    }
  nanoseconds = (g_get_monotonic_time () - start) * 1e3 / rounds;
  g_test_message ("a condition takes %.0f ns", nanoseconds);
  if (g_test_perf ())
    g_assert_cmpfloat (nanoseconds, <, 1000);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/expr/operators", test_operators);
  g_test_add_func ("/expr/members", test_members);
  g_test_add_func ("/expr/large-integers", test_large_integers);
  g_test_add_func ("/expr/functions", test_functions);
  g_test_add_func ("/expr/arrays", test_arrays);
  g_test_add_func ("/expr/strings", test_strings);
  g_test_add_func ("/expr/regexps", test_regexps);
  g_test_add_func ("/expr/numbers", test_numbers);
  g_test_add_func ("/expr/json", test_json);
  g_test_add_func ("/expr/dates", test_dates);
  g_test_add_func ("/expr/messages", test_messages);
  g_test_add_func ("/expr/refuses", test_refuses);
  g_test_add_func ("/expr/budget", test_budget);
  g_test_add_func ("/expr/nesting", test_nesting);
  g_test_add_func ("/expr/growing-text", test_growing_text);
  g_test_add_func ("/expr/references", test_references);
  g_test_add_func ("/expr/rename", test_rename);
  g_test_add_func ("/expr/test", test_truth);
  g_test_add_func ("/expr/shares", test_shares);
  g_test_add_func ("/expr/speed", test_speed);

  return g_test_run ();
}
