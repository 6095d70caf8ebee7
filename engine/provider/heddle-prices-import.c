/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-prices-private.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Ten times what the list has. */
#define MAX_BYTES (16 * 1024 * 1024)
#define MAX_ENTRIES 30000
#define MAX_WINDOW 1000000000.0
#define TIER_PREFIX "input_cost_per_token_above_"
#define TIER_SUFFIX "k_tokens"

static const struct
{
  const char *host;
  const char *family;
} families[] = {
  { "api.anthropic.com", "anthropic" },
  { "api.cerebras.ai", "cerebras" },
  { "api.cohere.com", "cohere" },
  { "api.deepinfra.com", "deepinfra" },
  { "api.deepseek.com", "deepseek" },
  { "api.fireworks.ai", "fireworks_ai" },
  { "api.groq.com", "groq" },
  { "api.mistral.ai", "mistral" },
  { "api.openai.com", "openai" },
  { "api.perplexity.ai", "perplexity" },
  { "api.together.xyz", "together_ai" },
  { "api.x.ai", "xai" },
  { "generativelanguage.googleapis.com", "gemini" },
  { "openrouter.ai", "openrouter" },
};

const char *
heddle_prices_find_family (const char *host)
{
  for (guint i = 0; host != NULL && i < G_N_ELEMENTS (families); i++)
    {
      if (g_ascii_strcasecmp (families[i].host, host) == 0)
        return families[i].family;
    }
  return NULL;
}

gboolean
heddle_price_name_is_valid (const char *name)
{
  const char *slash = strchr (name, '/');
  const char *star = strchr (name, '*');

  if (slash == NULL || slash == name || slash[1] == '\0' || strlen (name) > HEDDLE_PRICE_NAME_MAX || !g_utf8_validate (name, -1, NULL))
    return FALSE;
  if (star != NULL && (star < slash || star[1] != '\0'))
    return FALSE;
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (!g_unichar_isgraph (g_utf8_get_char (p)))
        return FALSE;
    }
  return TRUE;
}

static gint64
read_price (JsonNode *entry, const char *member)
{
  return heddle_price_from_usd_per_token (heddle_json_get_double (entry, member, -1));
}

static gint64
read_tier_price (JsonNode *entry, const char *member, guint thousands)
{
  g_autofree char *full = g_strdup_printf ("%s_above_%u" TIER_SUFFIX, member, thousands);

  return read_price (entry, full);
}

/* The lowest of its tiers, in thousands of tokens; 0: none. */
static guint
find_tier (JsonNode *entry)
{
  guint lowest = 0;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, json_node_get_object (entry));
  while (json_object_iter_next (&iter, &name, &value))
    {
      char *end;
      guint64 thousands;

      if (!g_str_has_prefix (name, TIER_PREFIX) || !g_ascii_isdigit (name[strlen (TIER_PREFIX)]))
        continue;
      thousands = g_ascii_strtoull (name + strlen (TIER_PREFIX), &end, 10);
      if (strcmp (end, TIER_SUFFIX) == 0 && thousands > 0 && thousands < 1000000 && (lowest == 0 || thousands < lowest))
        lowest = thousands;
    }
  return lowest;
}

static void
read_tier (JsonNode *entry, HeddlePrice *price)
{
  guint thousands = find_tier (entry);

  if (thousands == 0)
    return;
  price->tier_above = thousands * G_GINT64_CONSTANT (1000);
  price->tier.input = read_tier_price (entry, "input_cost_per_token", thousands);
  price->tier.output = read_tier_price (entry, "output_cost_per_token", thousands);
  price->tier.cache_read = read_tier_price (entry, "cache_read_input_token_cost", thousands);
  price->tier.cache_write = read_tier_price (entry, "cache_creation_input_token_cost", thousands);
}

static HeddlePrice
read_entry (JsonNode *entry)
{
  HeddlePrice price = HEDDLE_PRICE_UNKNOWN;
  double window = heddle_json_get_double (entry, "max_input_tokens", -1);

  price.base.input = read_price (entry, "input_cost_per_token");
  price.base.output = read_price (entry, "output_cost_per_token");
  price.base.cache_read = read_price (entry, "cache_read_input_token_cost");
  price.base.cache_write = read_price (entry, "cache_creation_input_token_cost");
  price.base.cache_write_long = read_price (entry, "cache_creation_input_token_cost_above_1hr");
  price.base.reasoning = read_price (entry, "output_cost_per_reasoning_token");
  price.context_window = window >= 1 && window <= MAX_WINDOW ? (gint64) window : -1;
  read_tier (entry, &price);
  return price;
}

/* "gpt-4o" of "openai" is openai/gpt-4o; most others have their provider in front already. */
static char *
create_name (const char *key, JsonNode *entry)
{
  const char *family = heddle_json_get_string (entry, "litellm_provider", NULL);
  gsize length = family != NULL ? strlen (family) : 0;

  if (length == 0 || (strncmp (key, family, length) == 0 && key[length] == '/'))
    return g_strdup (key);
  return g_strconcat (family, "/", key, NULL);
}

static void
take_entry (GHashTable *table, const char *key, JsonNode *entry)
{
  g_autofree char *name = NULL;
  HeddlePrice price;

  if (!JSON_NODE_HOLDS_OBJECT (entry) || strcmp (key, "sample_spec") == 0)
    return;
  name = create_name (key, entry);
  price = read_entry (entry);
  if (heddle_price_name_is_valid (name) && strchr (name, '*') == NULL && (heddle_price_is_known (&price) || price.context_window > 0))
    g_hash_table_replace (table, g_steal_pointer (&name), g_memdup2 (&price, sizeof price));
}

static gboolean
check_table (GHashTable *table, GError **error)
{
  if (g_hash_table_size (table) > 0)
    return TRUE;
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
                       _ ("There are no prices in this file. It should be LiteLLM’s model_prices_and_context_window.json."));
  return FALSE;
}

GHashTable *
heddle_prices_read_litellm (const char *text, gssize length, GError **error)
{
  g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (JsonNode) list = heddle_json_parse_limited (text, length, MAX_BYTES, error);
  JsonObjectIter iter;
  const char *key;
  JsonNode *entry;

  if (list == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (list))
    {
      json_object_iter_init_ordered (&iter, json_node_get_object (list));
      while (g_hash_table_size (table) < MAX_ENTRIES && json_object_iter_next_ordered (&iter, &key, &entry))
        take_entry (table, key, entry);
    }
  return check_table (table, error) ? g_steal_pointer (&table) : NULL;
}
