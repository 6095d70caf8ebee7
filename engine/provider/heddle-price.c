/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-price.h"

#include "value/heddle-json.h"

#include <math.h>
#include <string.h>

#define PER_MILLION 1e6
#define PICO 1e12
#define MOST_TOKENS G_GINT64_CONSTANT (1000000000000)

static const struct
{
  const char *name;
  gsize offset;
} parts[] = {
  { "input", G_STRUCT_OFFSET (HeddlePriceParts, input) },
  { "output", G_STRUCT_OFFSET (HeddlePriceParts, output) },
  { "cache_read", G_STRUCT_OFFSET (HeddlePriceParts, cache_read) },
  { "cache_write", G_STRUCT_OFFSET (HeddlePriceParts, cache_write) },
  { "cache_write_long", G_STRUCT_OFFSET (HeddlePriceParts, cache_write_long) },
  { "reasoning", G_STRUCT_OFFSET (HeddlePriceParts, reasoning) },
};

static gint64 *
part_at (HeddlePriceParts *prices, guint i)
{
  return G_STRUCT_MEMBER_P (prices, parts[i].offset);
}

gboolean
heddle_price_is_known (const HeddlePrice *price)
{
  return price->base.input >= 0 && price->base.output >= 0;
}

static gint64
first_known (gint64 a, gint64 b)
{
  return a >= 0 ? a : b;
}

/* Every part with the price it is paid by. */
static HeddlePriceParts
complete (const HeddlePriceParts *given)
{
  HeddlePriceParts full = *given;

  full.cache_read = first_known (given->cache_read, given->input);
  full.cache_write = first_known (given->cache_write, given->input);
  full.cache_write_long = given->cache_write_long < 0 && given->cache_write < 0 ? given->input : given->cache_write_long;
  full.reasoning = first_known (given->reasoning, given->output);
  return full;
}

static HeddlePriceParts
choose_parts (const HeddlePrice *price, const HeddleUsage *usage)
{
  HeddlePriceParts chosen = price->base;
  HeddlePriceParts tier = price->tier;

  if (price->tier_above >= 0 && heddle_usage_get_input (usage) > price->tier_above)
    {
      for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
        *part_at (&chosen, i) = first_known (*part_at (&tier, i), *part_at (&chosen, i));
    }
  return complete (&chosen);
}

/* FALSE: there were tokens, but no price for them. */
static gboolean
add_part (guint64 *sum, gint64 tokens, gint64 price)
{
  guint64 product;

  if (tokens <= 0)
    return TRUE;
  if (price < 0)
    return FALSE;
  if (!g_uint64_checked_mul (&product, tokens, price) || !g_uint64_checked_add (sum, *sum, product))
    *sum = G_MAXUINT64;
  return TRUE;
}

gint64
heddle_price_get_cost (const HeddlePrice *price, const HeddleUsage *usage)
{
  HeddlePriceParts paid;
  guint64 pico = 0;

  g_return_val_if_fail (price != NULL && usage != NULL, -1);

  if (heddle_usage_get_input (usage) < 0 || heddle_usage_get_output (usage) < 0)
    return -1;
  paid = choose_parts (price, usage);
  if (!add_part (&pico, usage->input, paid.input) || !add_part (&pico, usage->output, paid.output) ||
      !add_part (&pico, usage->cache_read, paid.cache_read) || !add_part (&pico, usage->cache_write, paid.cache_write) ||
      !add_part (&pico, usage->cache_write_long, paid.cache_write_long) || !add_part (&pico, usage->reasoning, paid.reasoning))
    return -1;
  return (gint64) (pico / 1000 + (pico % 1000 >= 500 ? 1 : 0));
}

static JsonObject *
parts_to_object (const HeddlePriceParts *prices)
{
  JsonObject *object = json_object_new ();
  HeddlePriceParts copy = *prices;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (*part_at (&copy, i) >= 0)
        json_object_set_member (object, parts[i].name, heddle_json_int (*part_at (&copy, i)));
    }
  return object;
}

JsonNode *
heddle_price_to_json (const HeddlePrice *price)
{
  JsonObject *object = parts_to_object (&price->base);

  if (price->tier_above >= 0)
    {
      json_object_set_member (object, "tier_above", heddle_json_int (price->tier_above));
      json_object_set_member (object, "tier", heddle_json_object (parts_to_object (&price->tier)));
    }
  if (price->context_window > 0)
    json_object_set_member (object, "context_window", heddle_json_int (price->context_window));
  return heddle_json_object (object);
}

static gint64
read_bounded (JsonNode *json, const char *member, gint64 most)
{
  gint64 value = heddle_json_get_int (json, member, -1);

  return value < 0 || value > most ? -1 : value;
}

static HeddlePriceParts
parts_from_json (JsonNode *json)
{
  HeddlePriceParts prices = HEDDLE_PRICE_PARTS_UNKNOWN;

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    *part_at (&prices, i) = read_bounded (json, parts[i].name, HEDDLE_PRICE_MOST);
  return prices;
}

HeddlePrice
heddle_price_from_json (JsonNode *json)
{
  HeddlePrice price = HEDDLE_PRICE_UNKNOWN;

  price.base = parts_from_json (json);
  price.tier_above = read_bounded (json, "tier_above", MOST_TOKENS);
  price.tier = parts_from_json (heddle_json_member (json, "tier"));
  price.context_window = read_bounded (json, "context_window", MOST_TOKENS);
  return price;
}

static gint64
from_usd (double usd, double factor)
{
  double price = usd * factor;

  if (!isfinite (price) || price < 0 || price > (double) HEDDLE_PRICE_MOST)
    return -1;
  return (gint64) llround (price);
}

gint64
heddle_price_from_usd_per_token (double usd)
{
  return from_usd (usd, PICO);
}

gint64
heddle_price_from_usd_per_million (double usd)
{
  return from_usd (usd, PER_MILLION);
}

char *
heddle_price_to_text (gint64 price)
{
  GString *text;

  if (price < 0)
    return g_strdup ("");
  text = g_string_new (NULL);
  heddle_json_append_number (text, (double) price / PER_MILLION);
  return g_string_free (text, FALSE);
}

gboolean
heddle_price_from_text (const char *text, gint64 *price)
{
  g_autofree char *copy = g_strstrip (g_strdup (text));
  const char *number = copy[0] == '$' ? copy + 1 : copy;
  char *end;

  *price = -1;
  if (copy[0] == '\0')
    return TRUE;
  g_strdelimit (copy, ",", '.');
  if ((!g_ascii_isdigit (number[0]) && number[0] != '.') || strpbrk (number, "xX") != NULL)
    return FALSE;
  *price = heddle_price_from_usd_per_million (g_ascii_strtod (number, &end));
  return *price >= 0 && *end == '\0';
}
