/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-usage.h"

#include "value/heddle-json.h"

static gint64
sum (gint64 a, gint64 b)
{
  return a < 0 && b < 0 ? -1 : MAX (a, 0) + MAX (b, 0);
}

static void
add_known (gint64 *total, gint64 more)
{
  if (more >= 0)
    *total = MAX (*total, 0) + more;
}

void
heddle_usage_add (HeddleUsage *total, const HeddleUsage *usage)
{
  add_known (&total->input, usage->input);
  add_known (&total->cache_read, usage->cache_read);
  add_known (&total->cache_write, usage->cache_write);
  add_known (&total->cache_write_long, usage->cache_write_long);
  add_known (&total->output, usage->output);
  add_known (&total->reasoning, usage->reasoning);
  total->cost = total->cost >= 0 && usage->cost >= 0 ? total->cost + usage->cost : -1;
  total->estimated = total->estimated || usage->estimated;
}

gint64
heddle_usage_get_input (const HeddleUsage *usage)
{
  return sum (usage->input, sum (usage->cache_read, sum (usage->cache_write, usage->cache_write_long)));
}

gint64
heddle_usage_get_output (const HeddleUsage *usage)
{
  return sum (usage->output, usage->reasoning);
}

static void
set_known (JsonObject *object, const char *name, gint64 value)
{
  if (value >= 0)
    json_object_set_member (object, name, heddle_json_int (value));
}

JsonNode *
heddle_usage_to_json (const HeddleUsage *usage)
{
  JsonObject *object = json_object_new ();
  gint64 input = heddle_usage_get_input (usage);
  gint64 output = heddle_usage_get_output (usage);

  set_known (object, "input_tokens", input);
  set_known (object, "output_tokens", output);
  set_known (object, "total_tokens", sum (input, output));
  set_known (object, "cached_tokens", usage->cache_read);
  set_known (object, "cache_write_tokens", sum (usage->cache_write, usage->cache_write_long));
  set_known (object, "reasoning_tokens", usage->reasoning);
  set_known (object, "cost", usage->cost);
  json_object_set_boolean_member (object, "estimated", usage->estimated);
  return heddle_json_object (object);
}

/* A part of a sum, by what the rest of it takes. */
static gint64
rest (gint64 total, gint64 part)
{
  return total < 0 ? -1 : MAX (total - MAX (part, 0), 0);
}

HeddleUsage
heddle_usage_from_json (JsonNode *json)
{
  HeddleUsage usage = HEDDLE_USAGE_UNKNOWN;

  usage.cache_read = heddle_json_get_int (json, "cached_tokens", -1);
  usage.cache_write = heddle_json_get_int (json, "cache_write_tokens", -1);
  usage.reasoning = heddle_json_get_int (json, "reasoning_tokens", -1);
  usage.input = rest (heddle_json_get_int (json, "input_tokens", -1), sum (usage.cache_read, usage.cache_write));
  usage.output = rest (heddle_json_get_int (json, "output_tokens", -1), usage.reasoning);
  usage.cost = heddle_json_get_int (json, "cost", -1);
  usage.estimated = heddle_json_get_boolean (json, "estimated", FALSE);
  return usage;
}
