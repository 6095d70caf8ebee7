/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-harness.h"
#include "run/heddle-usage-sum.h"
#include "value/heddle-json.h"

#include <locale.h>

static void
add (HeddleUsageSum *sum, const char *usage)
{
  g_autoptr (JsonNode) json = heddle_harness_json (usage);

  heddle_usage_sum_add (sum, json);
}

static void
assert_sum (const HeddleUsageSum *sum, const char *expected)
{
  g_autoptr (JsonNode) json = heddle_usage_sum_to_json (sum);

  heddle_harness_assert_json (json, expected);
}

static void
test_sums (void)
{
  HeddleUsageSum sum;

  heddle_usage_sum_init (&sum);
  g_assert_null (heddle_usage_sum_to_json (&sum));
  heddle_usage_sum_add (&sum, NULL);
  add (&sum, "{}");
  add (&sum, "7");
  g_assert_null (heddle_usage_sum_to_json (&sum));
  add (&sum, "{\"input_tokens\":5,\"output_tokens\":2,\"cost\":1000}");
  assert_sum (&sum, "{\"input_tokens\":5,\"output_tokens\":2,\"total_tokens\":7,\"cost\":1000}");
  add (&sum, "{\"input_tokens\":1,\"cost\":0,\"estimated\":true}");
  assert_sum (&sum, "{\"input_tokens\":6,\"output_tokens\":2,\"total_tokens\":8,\"cost\":1000,\"estimated\":true}");
  add (&sum, "{\"input_tokens\":1}");
  assert_sum (&sum, "{\"input_tokens\":7,\"output_tokens\":2,\"total_tokens\":9,\"cost\":1000,\"cost_partly_unknown\":true,\"estimated\":true}");
}

/* Unknown is not nothing: where no price is known there is no cost, not even of zero. */
static void
test_unknown (void)
{
  HeddleUsageSum sum;

  heddle_usage_sum_init (&sum);
  add (&sum, "{\"input_tokens\":5,\"output_tokens\":2}");
  assert_sum (&sum, "{\"input_tokens\":5,\"output_tokens\":2,\"total_tokens\":7}");
  g_assert_cmpint (sum.cost, ==, -1);
  g_assert_true (sum.cost_partly_unknown);
}

static void
test_hostile (void)
{
  HeddleUsageSum sum;

  heddle_usage_sum_init (&sum);
  add (&sum, "{\"input_tokens\":9223372036854775807,\"output_tokens\":9223372036854775807,\"cost\":9223372036854775807}");
  add (&sum, "{\"input_tokens\":9223372036854775807,\"output_tokens\":-5,\"cost\":-9223372036854775807}");
  g_assert_cmpint (sum.input_tokens, ==, G_MAXINT64);
  g_assert_cmpint (sum.cost, ==, G_MAXINT64);
  g_assert_cmpint (heddle_usage_sum_get_tokens (&sum), ==, G_MAXINT64);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/usage-sum/sums", test_sums);
  g_test_add_func ("/usage-sum/unknown", test_unknown);
  g_test_add_func ("/usage-sum/hostile", test_hostile);
  return g_test_run ();
}
