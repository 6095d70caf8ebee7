/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-usage-sum.h"

#include "value/heddle-json.h"

void
heddle_usage_sum_init (HeddleUsageSum *sum)
{
  *sum = (HeddleUsageSum){ -1, -1, FALSE };
}

static void
add (gint64 *total, gint64 tokens)
{
  if (tokens >= 0)
    *total = MAX (*total, 0) + tokens;
}

void
heddle_usage_sum_add (HeddleUsageSum *sum, JsonNode *usage)
{
  if (usage == NULL)
    return;
  add (&sum->input_tokens, heddle_json_get_int (usage, "input_tokens", -1));
  add (&sum->output_tokens, heddle_json_get_int (usage, "output_tokens", -1));
  sum->estimated |= heddle_json_get_boolean (usage, "estimated", FALSE);
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
  json_object_set_int_member (object, "total_tokens", MAX (sum->input_tokens, 0) + MAX (sum->output_tokens, 0));
  if (sum->estimated)
    json_object_set_boolean_member (object, "estimated", TRUE);
  return heddle_json_object (object);
}
