/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-harness.h"
#include "provider/heddle-demo.h"
#include "value/heddle-json.h"

#include <string.h>

#define SEARCH "{\"name\":\"search_handbook\",\"description\":\"Finds passages in the handbook\",\"parameters\":{\"type\":\"object\"," \
               "\"properties\":{\"query\":{\"type\":\"string\"}},\"required\":[\"query\"]}}"
#define ADD "{\"name\":\"add\",\"description\":\"Adds two numbers, such as prices\",\"parameters\":{\"type\":\"object\"," \
            "\"properties\":{\"a\":{\"type\":\"number\"},\"b\":{\"type\":\"number\"}},\"required\":[\"a\",\"b\"]}}"
#define WEATHER "{\"name\":\"weather\",\"description\":\"Forecast for a city\",\"parameters\":{\"type\":\"object\",\"properties\":{}}}"
#define TOOLS "[" SEARCH "," ADD "," WEATHER "]"
#define USER(text) "{\"role\":\"user\",\"content\":\"" text "\"}"
#define CALLED(id, name) "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"" id "\",\"name\":\"" name "\",\"arguments\":{}}]}"
#define RESULT(id, name, text) "{\"role\":\"tool\",\"tool_call_id\":\"" id "\",\"name\":\"" name "\",\"content\":\"" text "\"}"

static HeddleChatResponse *
ask (const char *messages, const char *choice)
{
  g_autoptr (JsonNode) list = heddle_harness_json (messages);
  g_autoptr (JsonNode) tools = heddle_harness_json (TOOLS);
  const HeddleChatRequest request = { .model = HEDDLE_DEMO_MODEL, .messages = list, .tools = tools, .tool_choice = choice, .temperature = -1 };

  return heddle_demo_answer (&request);
}

static void
assert_calls (const char *messages, const char *choice, const char *expected)
{
  g_autoptr (HeddleChatResponse) response = ask (messages, choice);

  g_assert_nonnull (response->tool_calls);
  g_assert_cmpstr (response->finish_reason, ==, "tool_calls");
  heddle_harness_assert_json (response->tool_calls, expected);
}

static void
assert_answer (const char *messages, const char *choice, const char *part)
{
  g_autoptr (HeddleChatResponse) response = ask (messages, choice);

  g_assert_null (response->tool_calls);
  g_assert_cmpstr (response->finish_reason, ==, "stop");
  if (strstr (response->text, part) == NULL)
    g_error ("“%s” does not say “%s”", response->text, part);
}

static void
test_chooses (void)
{
  assert_calls ("[" USER ("Add the prices 3 and 4.5") "]", NULL, "[{\"id\":\"call_1\",\"name\":\"add\",\"arguments\":{\"a\":3,\"b\":4.5}}]");
  assert_calls ("[" USER ("Find in the handbook how to export") "]", NULL,
                "[{\"id\":\"call_1\",\"name\":\"search_handbook\",\"arguments\":{\"query\":\"Find in the handbook how to export\"}}]");
  assert_answer ("[" USER ("Hello!") "]", NULL, "demo model");
}

static void
test_parallel (void)
{
  assert_calls ("[" USER ("Find the handbook's prices and add 1 and 2") "]", NULL,
                "[{\"id\":\"call_1\",\"name\":\"search_handbook\",\"arguments\":{\"query\":\"Find the handbook's prices and add 1 and 2\"}},"
                "{\"id\":\"call_2\",\"name\":\"add\",\"arguments\":{\"a\":1,\"b\":2}}]");
}

/* What one tool answers is what another is asked. */
static void
test_in_turn (void)
{
  static const char begin[] = "[" USER ("Find the prices in the handbook and add them") "]";
  static const char then[] = "[" USER ("Find the prices in the handbook and add them") "," CALLED ("call_1", "search_handbook") "," RESULT ("call_1", "search_handbook", "Tea costs 2 and coffee 3.") "]";
  static const char last[] = "[" USER ("Find the prices in the handbook and add them") "," CALLED ("call_1", "search_handbook") "," RESULT ("call_1", "search_handbook", "Tea costs 2 and coffee 3.") "," CALLED ("call_2", "add") "," RESULT ("call_2", "add", "The sum of the prices is 5.") "]";

  assert_calls (begin, NULL, "[{\"id\":\"call_1\",\"name\":\"search_handbook\",\"arguments\":{\"query\":\"Find the prices in the handbook and add them\"}}]");
  assert_calls (then, NULL, "[{\"id\":\"call_2\",\"name\":\"add\",\"arguments\":{\"a\":2,\"b\":3}}]");
  assert_answer (last, NULL, "sum of the prices is 5");
}

static void
test_choice (void)
{
  assert_answer ("[" USER ("Add 3 and 4") "]", "none", "");
  assert_calls ("[" USER ("Hello") "]", "weather", "[{\"id\":\"call_1\",\"name\":\"weather\",\"arguments\":{}}]");
  assert_calls ("[" USER ("Hello") "]", "required",
                "[{\"id\":\"call_1\",\"name\":\"search_handbook\",\"arguments\":{\"query\":\"Hello\"}},{\"id\":\"call_2\",\"name\":\"weather\",\"arguments\":{}}]");
}

/* Of the last question only; an earlier turn's answers are not this one's. */
static void
test_turns (void)
{
  assert_calls ("[" USER ("Add 1 and 2") "," CALLED ("call_1", "add") "," RESULT ("call_1", "add", "3") ",{\"role\":\"assistant\",\"content\":\"3\"}," USER ("Add 5 and 6") "]", NULL,
                "[{\"id\":\"call_1\",\"name\":\"add\",\"arguments\":{\"a\":5,\"b\":6}}]");
}

/* Cut-off or wrong things in the messages are no reason to fail. */
static void
test_hostile (void)
{
  assert_answer ("[{\"role\":\"tool\"},{\"role\":\"tool\",\"content\":7,\"name\":[]}," USER ("Hello") ",{\"role\":\"tool\",\"content\":\"\"}]", "none", "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo-tools/chooses", test_chooses);
  g_test_add_func ("/demo-tools/parallel", test_parallel);
  g_test_add_func ("/demo-tools/in-turn", test_in_turn);
  g_test_add_func ("/demo-tools/choice", test_choice);
  g_test_add_func ("/demo-tools/turns", test_turns);
  g_test_add_func ("/demo-tools/hostile", test_hostile);
  return g_test_run ();
}
