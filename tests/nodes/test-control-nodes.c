/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "heddle-harness.h"
#include "registry/heddle-node-type.h"
#include "registry/heddle-problem.h"
#include "value/heddle-json.h"

#include <string.h>

static HeddleHarnessResult *
run (const char *type, const char *spec, const char *input)
{
  g_autoptr (JsonNode) parsed = heddle_harness_json (spec);

  return heddle_harness_run_plan (heddle_harness_plan_node (heddle_registry_lookup (type), parsed), NULL, input);
}

static const char *
live_port (const HeddleHarnessResult *result)
{
  const HeddleEvent *finished = heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "node");
  JsonArray *live;

  g_assert_no_error (result->error);
  g_assert_nonnull (finished);
  live = heddle_json_get_array (finished->data, "live");
  g_assert_cmpuint (json_array_get_length (live), ==, 1);
  return json_array_get_string_element (live, 0);
}

static void
assert_output (const char *type, const char *spec, const char *input, const char *expected)
{
  g_autoptr (HeddleHarnessResult) result = run (type, spec, input);

  g_assert_no_error (result->error);
  heddle_harness_assert_json (result->output, expected);
}

static void
assert_error (const char *type, const char *spec, const char *input, const char *part)
{
  g_autoptr (HeddleHarnessResult) result = run (type, spec, input);

  g_assert_nonnull (result->error);
  if (strstr (result->error->message, part) == NULL)
    g_error ("“%s” does not mention “%s”", result->error->message, part);
}

static void
test_input_fields (void)
{
  static const char spec[] = "{\"params\":{\"fields\":["
                             "{\"name\":\"text\",\"title\":\"Question\",\"required\":true},{\"name\":\"n\",\"type\":\"number\",\"default\":2},"
                             "{\"name\":\"b\",\"type\":\"boolean\"},{\"name\":\"c\",\"type\":\"choice\",\"choices\":[\"red\",\"blue\"]},"
                             "{\"name\":\"j\",\"type\":\"json\"},{\"name\":\"m\",\"type\":\"multiline\"}]}}";

  assert_output ("input", spec, "\"hi\"", "{\"text\":\"hi\",\"n\":2,\"b\":null,\"c\":null,\"j\":null,\"m\":\"\"}");
  assert_output ("input", spec, "{\"text\":5,\"n\":\" 1.5 \",\"b\":\"no\",\"c\":\"blue\",\"j\":\"[1]\",\"m\":\"x\",\"other\":1}",
                 "{\"text\":\"5\",\"n\":1.5,\"b\":false,\"c\":\"blue\",\"j\":[1],\"m\":\"x\"}");
  assert_output ("input", spec, "{\"text\":\"t\",\"j\":\"plain\",\"n\":9007199254740993}",
                 "{\"text\":\"t\",\"n\":9007199254740993,\"b\":null,\"c\":null,\"j\":\"plain\",\"m\":\"\"}");
  assert_error ("input", spec, NULL, "Question");
  assert_error ("input", spec, "{\"text\":\"\"}", "Question");
  assert_error ("input", spec, "{\"text\":\"t\",\"n\":\"many\"}", "many");
  assert_error ("input", spec, "{\"text\":\"t\",\"b\":\"maybe\"}", "maybe");
  assert_error ("input", spec, "{\"text\":\"t\",\"c\":\"green\"}", "red, blue");
  assert_error ("input", spec, "{\"text\":\"t\",\"j\":\"{\"}", "j");
}

static void
test_input_result (void)
{
  g_autoptr (HeddleHarnessResult) result = run ("input", "{}", "\"Hello\"");
  const HeddleEvent *finished = heddle_harness_find (result, HEDDLE_EVENT_NODE_FINISHED, "node");

  heddle_harness_assert_json (heddle_json_member (finished->data, "result"), "{\"output\":{\"message\":\"Hello\"},\"message\":\"Hello\"}");
}

static void
test_if_else (void)
{
  static const struct
  {
    const char *condition;
    const char *port;
  } cases[] = {
    { "$input === 'billing'", "true" },
    { "{{ $input === 'billing' }}", "true" },
    { "$input", "true" },
    { "''", "false" },
    { "'0'", "true" },
    { "0", "false" },
    { "-0", "false" },
    { "NaN", "false" },
    { "null", "false" },
    { "[]", "true" },
    { "({})", "true" },
    { "$in_source.output === \\\"billing\\\"", "true" },
    { "$in_source.output === \\\"other\\\"", "false" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *spec = g_strdup_printf ("{\"params\":{\"condition\":\"%s\"},\"inputs\":{\"in\":\"billing\"}}", cases[i].condition);
      g_autoptr (HeddleHarnessResult) result = run ("if-else", spec, NULL);

      g_assert_cmpstr (live_port (result), ==, cases[i].port);
      heddle_harness_assert_json (result->output, "\"billing\"");
    }
  assert_error ("if-else", "{\"params\":{\"condition\":\"$nobody.output\"}}", NULL, "nobody");
}

static void
assert_case (const char *params, const char *input, const char *port)
{
  g_autofree char *spec = g_strdup_printf ("{\"params\":{%s},\"inputs\":{\"in\":%s}}", params, input);
  g_autoptr (HeddleHarnessResult) result = run ("switch", spec, NULL);

  g_assert_cmpstr (live_port (result), ==, port);
}

static void
test_switch (void)
{
  static const char cases[] = "\"cases\":[{\"name\":\"one\",\"value\":\"1\"},{\"name\":\"Zwei\",\"value\":\"two\"},{\"name\":\"dyn\",\"value\":\"{{ $input }}!\"}]";
  g_autofree char *loose = g_strconcat (cases, ",\"match\":\"loose\"", NULL);
  g_autofree char *contains = g_strconcat (cases, ",\"match\":\"contains\"", NULL);
  g_autofree char *value = g_strconcat (cases, ",\"value\":\"{{ $input.x }}\"", NULL);
  g_autofree char *dynamic = g_strconcat (cases, ",\"value\":\"{{ $input + '!' }}\"", NULL);

  assert_case (cases, "1", "one");
  assert_case (cases, "\"1\"", "one");
  assert_case (cases, "\"Two\"", "default");
  assert_case (cases, "null", "default");
  assert_case (cases, "{}", "default");
  assert_case (loose, "\" TWO\\n\"", "Zwei");
  assert_case (contains, "\"It is Two.\"", "Zwei");
  assert_case (value, "{\"x\":\"two\"}", "Zwei");
  assert_case (dynamic, "\"q\"", "dyn");
}

static void
test_switch_ports (void)
{
  const HeddleNodeType *type = heddle_registry_lookup ("switch");
  g_autoptr (JsonNode) params = heddle_harness_json ("{\"cases\":[{\"name\":\"b\"},{\"name\":\"\"},{\"name\":\"a\"},{\"name\":\"b\"},3]}");
  g_autoptr (JsonNode) reserved = heddle_harness_json ("{\"cases\":[{\"name\":\"default\",\"value\":1}]}");
  g_autoptr (GPtrArray) ports = heddle_node_type_list_outputs (type, json_node_get_object (params));
  g_autoptr (GPtrArray) problems = heddle_problem_list_new ();

  g_ptr_array_add (ports, NULL);
  g_assert_true (g_strv_equal ((const char *const *) ports->pdata, (const char *const[]){ "b", "a", "default", NULL }));
  heddle_params_check (type, json_node_get_object (reserved), "n", problems);
  g_assert_true (heddle_problem_list_has_errors (problems));
}

static void
test_set (void)
{
  static const char pairs[] = "\"values\":[{\"name\":\"b\",\"value\":\"{{ $input.a + 1 }}\"},{\"name\":\"c\",\"value\":[1,\"x{{ $input.a }}\"]},{\"name\":\"d\"}]";
  g_autofree char *keep = g_strdup_printf ("{\"params\":{%s},\"inputs\":{\"in\":{\"a\":1,\"b\":0}}}", pairs);
  g_autofree char *only = g_strdup_printf ("{\"params\":{%s,\"mode\":\"only\"},\"inputs\":{\"in\":{\"a\":1,\"b\":0}}}", pairs);
  g_autoptr (HeddleHarnessResult) result = run ("set", keep, NULL);
  g_autofree char *text = heddle_json_to_text (result->output, HEDDLE_JSON_COMPACT);

  g_assert_cmpstr (text, ==, "{\"a\":1,\"b\":2,\"c\":[1,\"x1\"],\"d\":null}");
  assert_output ("set", only, NULL, "{\"b\":2,\"c\":[1,\"x1\"],\"d\":null}");
  assert_output ("set", "{\"params\":{\"values\":[{\"name\":\"x\",\"value\":7}]},\"inputs\":{\"in\":\"text\"}}", NULL, "{\"x\":7}");
}

static void
assert_merged (const char *params, const char *expected)
{
  g_autofree char *spec = g_strdup_printf ("{\"params\":{%s},\"sources\":{\"in\":{\"z\":\"\",\"a\":{\"k\":1},\"m\":\"t\"}}}", params);
  g_autoptr (HeddleHarnessResult) result = run ("merge", spec, NULL);
  g_autofree char *text = heddle_json_to_text (result->output, HEDDLE_JSON_COMPACT);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_merge (void)
{
  assert_merged ("", "{\"z\":\"\",\"a\":{\"k\":1},\"m\":\"t\"}");
  assert_merged ("\"result\":\"object\"", "{\"z\":\"\",\"a\":{\"k\":1},\"m\":\"t\"}");
  assert_merged ("\"result\":\"list\"", "[\"\",{\"k\":1},\"t\"]");
  assert_merged ("\"result\":\"first\"", "{\"k\":1}");
  assert_merged ("\"result\":\"text\",\"separator\":\"\\\\n\"", "\"{\\\"k\\\":1}\\nt\"");
  assert_output ("merge", "{\"inputs\":{\"in\":5}}", NULL, "5");
  assert_output ("merge", "{\"params\":{\"result\":\"object\"},\"inputs\":{\"in\":5}}", NULL, "{\"in_source\":5}");
}

static void
test_template_and_output (void)
{
  assert_output ("template", "{\"params\":{\"text\":\"{{ $input }}{{ null }}\"},\"inputs\":{\"in\":[1,\"a\"]}}", NULL, "\"[1,\\\"a\\\"]\"");
  assert_output ("template", "{}", NULL, "\"\"");
  /* What comes in is never evaluated again. */
  assert_output ("template", "{\"params\":{\"text\":\"{{ $input }}\"},\"inputs\":{\"in\":\"{{ 1 + 1 }}\"}}", NULL, "\"{{ 1 + 1 }}\"");
  assert_output ("output", "{\"inputs\":{\"in\":{\"a\":[]}}}", NULL, "{\"a\":[]}");
  assert_output ("output", "{\"params\":{\"value\":\"{{ $input.a }}\"},\"inputs\":{\"in\":{\"a\":[]}}}", NULL, "[]");
  assert_output ("output", "{\"params\":{\"value\":\"{{ '' }}\"},\"inputs\":{\"in\":1}}", NULL, "\"\"");
  /* A node that nothing leads to has the run's input. */
  assert_output ("template", "{\"params\":{\"text\":\"<{{ $input.x }}>\"}}", "{\"x\":1}", "\"<1>\"");
}

static void
test_wait_passes_on (void)
{
  g_autoptr (HeddleHarnessResult) result = run ("wait", "{\"params\":{\"seconds\":0.03},\"inputs\":{\"in\":[1]}}", NULL);

  heddle_harness_assert_json (result->output, "[1]");
  g_assert_cmpint (result->duration, >=, 29000);
  assert_output ("wait", "{\"params\":{\"seconds\":0},\"inputs\":{\"in\":2}}", NULL, "2");
}

static void
test_fail (void)
{
  assert_error ("fail", "{\"params\":{\"message\":\"No {{ $input }}\"},\"inputs\":{\"in\":\"luck\"}}", NULL, "No luck");
  assert_error ("fail", "{\"inputs\":{\"in\":1}}", NULL, "ends it");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/control-nodes/input/fields", test_input_fields);
  g_test_add_func ("/control-nodes/input/result", test_input_result);
  g_test_add_func ("/control-nodes/if-else", test_if_else);
  g_test_add_func ("/control-nodes/switch/cases", test_switch);
  g_test_add_func ("/control-nodes/switch/ports", test_switch_ports);
  g_test_add_func ("/control-nodes/set", test_set);
  g_test_add_func ("/control-nodes/merge", test_merge);
  g_test_add_func ("/control-nodes/template-and-output", test_template_and_output);
  g_test_add_func ("/control-nodes/wait", test_wait_passes_on);
  g_test_add_func ("/control-nodes/fail", test_fail);
  return g_test_run ();
}
