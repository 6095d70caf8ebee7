/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-usage-sum.h"

#include "value/heddle-json.h"
#include "value/heddle-money.h"

void
heddle_usage_sum_init (HeddleUsageSum *sum)
{
  *sum = (HeddleUsageSum){ -1, -1, -1, FALSE, FALSE };
}

void
heddle_usage_sum_add (HeddleUsageSum *sum, JsonNode *usage)
{
  HeddleUsageSum one;

  if (usage == NULL)
    return;
  one.input_tokens = MAX (heddle_json_get_int (usage, "input_tokens", -1), -1);
  one.output_tokens = MAX (heddle_json_get_int (usage, "output_tokens", -1), -1);
  one.cost = MAX (heddle_json_get_int (usage, "cost", -1), -1);
  one.estimated = heddle_json_get_boolean (usage, "estimated", FALSE);
  one.cost_partly_unknown = one.cost < 0 && (one.input_tokens >= 0 || one.output_tokens >= 0);
  *sum = heddle_usage_sum_join (sum, &one);
}

HeddleUsageSum
heddle_usage_sum_join (const HeddleUsageSum *a, const HeddleUsageSum *b)
{
  HeddleUsageSum sum = *a;

  /* Money is added as all that is counted in whole numbers: up to the largest. */
  sum.input_tokens = heddle_money_add (a->input_tokens, b->input_tokens);
  sum.output_tokens = heddle_money_add (a->output_tokens, b->output_tokens);
  sum.cost = heddle_money_add (a->cost, b->cost);
  sum.estimated |= b->estimated;
  sum.cost_partly_unknown |= b->cost_partly_unknown;
  return sum;
}

gint64
heddle_usage_sum_get_tokens (const HeddleUsageSum *sum)
{
  return MAX (heddle_money_add (sum->input_tokens, sum->output_tokens), 0);
}

JsonNode *
heddle_usage_sum_to_json (const HeddleUsageSum *sum)
{
  JsonObject *object;

  if (sum->input_tokens < 0 && sum->output_tokens < 0)
    return NULL;
  object = json_object_new ();
  if (sum->input_tokens >= 0)
    json_object_set_int_member (object, "input_tokens", sum->input_tokens);
  if (sum->output_tokens >= 0)
    json_object_set_int_member (object, "output_tokens", sum->output_tokens);
  json_object_set_int_member (object, "total_tokens", heddle_usage_sum_get_tokens (sum));
  if (sum->cost >= 0)
    json_object_set_int_member (object, "cost", sum->cost);
  if (sum->cost >= 0 && sum->cost_partly_unknown)
    json_object_set_boolean_member (object, "cost_partly_unknown", TRUE);
  if (sum->estimated)
    json_object_set_boolean_member (object, "estimated", TRUE);
  return heddle_json_object (object);
}
