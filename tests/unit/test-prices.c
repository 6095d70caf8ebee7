/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "provider/heddle-models.h"
#include "provider/heddle-prices.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"
#include "value/heddle-money.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>

#define LITELLM                                                                                                                              \
  "{\"sample_spec\":{\"input_cost_per_token\":0.5,\"output_cost_per_token\":0.5},"                                                           \
  "\"gpt-4o-mini\":{\"litellm_provider\":\"openai\",\"input_cost_per_token\":1.5e-07,\"output_cost_per_token\":6e-07,"                       \
  "\"cache_read_input_token_cost\":7.5e-08,\"max_input_tokens\":128000,\"max_output_tokens\":16384,\"mode\":\"chat\"},"                      \
  "\"claude-haiku-4-5\":{\"litellm_provider\":\"anthropic\",\"input_cost_per_token\":1e-06,\"output_cost_per_token\":5e-06,"                 \
  "\"cache_creation_input_token_cost\":1.25e-06,\"cache_creation_input_token_cost_above_1hr\":2e-06,\"cache_read_input_token_cost\":1e-07}," \
  "\"gemini/gemini-2.5-pro\":{\"litellm_provider\":\"gemini\",\"input_cost_per_token\":1.25e-06,\"output_cost_per_token\":1e-05,"            \
  "\"input_cost_per_token_above_200k_tokens\":2.5e-06,\"output_cost_per_token_above_200k_tokens\":1.5e-05,\"max_input_tokens\":1048576},"    \
  "\"window-only\":{\"litellm_provider\":\"openai\",\"max_input_tokens\":8191},"                                                             \
  "\"image\":{\"litellm_provider\":\"openai\",\"output_cost_per_image\":0.04}}"

static HeddleUsage
usage_of (gint64 input, gint64 output)
{
  HeddleUsage usage = HEDDLE_USAGE_UNKNOWN;

  usage.input = input;
  usage.output = output;
  return usage;
}

static HeddlePrice
price_of (gint64 input, gint64 output)
{
  HeddlePrice price = HEDDLE_PRICE_UNKNOWN;

  price.base.input = input;
  price.base.output = output;
  return price;
}

static gint64
cost_of (HeddlePrice price, HeddleUsage usage)
{
  return heddle_price_get_cost (&price, &usage);
}

static void
test_arithmetic (void)
{
  /* $0.15 and $0.60 for a million: 1000 in and 500 out are $0.00045. */
  g_assert_cmpint (cost_of (price_of (150000, 600000), usage_of (1000, 500)), ==, 450000);
  g_assert_cmpint (cost_of (price_of (0, 0), usage_of (1000, 500)), ==, 0);
  g_assert_cmpint (cost_of (price_of (150000, 600000), usage_of (0, 0)), ==, 0);
  /* Rounded once, half up: 37.5 nano-USD a token. */
  g_assert_cmpint (cost_of (price_of (37500, 0), usage_of (1, 0)), ==, 38);
  g_assert_cmpint (cost_of (price_of (37500, 0), usage_of (2, 0)), ==, 75);
  g_assert_cmpint (cost_of (price_of (499, 0), usage_of (1, 0)), ==, 0);
  g_assert_cmpint (cost_of (price_of (250, 250), usage_of (1, 1)), ==, 1);
  /* Ten million calls of one token cost as much as one of ten million. */
  g_assert_cmpint (cost_of (price_of (37500, 0), usage_of (10000000, 0)), ==, 375000000);
}

static void
test_unknown (void)
{
  HeddlePrice price = price_of (150000, 600000);
  HeddleUsage cached = usage_of (10, 1);

  g_assert_cmpint (cost_of (HEDDLE_PRICE_UNKNOWN, usage_of (1, 1)), ==, -1);
  g_assert_cmpint (cost_of (price_of (150000, -1), usage_of (1, 1)), ==, -1);
  g_assert_cmpint (cost_of (price_of (150000, -1), usage_of (1, 0)), ==, 150);
  g_assert_cmpint (cost_of (price, usage_of (-1, 5)), ==, -1);
  g_assert_cmpint (cost_of (price, usage_of (5, -1)), ==, -1);
  g_assert_cmpint (cost_of (price, HEDDLE_USAGE_UNKNOWN), ==, -1);
  /* Writing for an hour is dearer than for minutes, so the price of the one says nothing of the other. */
  cached.cache_write_long = 100;
  g_assert_cmpint (cost_of (price, cached), ==, (10 + 100) * 150 + 600);
  price.base.cache_write = 187500;
  g_assert_cmpint (cost_of (price, cached), ==, -1);
}

static void
test_parts (void)
{
  HeddlePrice price = price_of (1000000, 5000000);
  HeddleUsage usage = { 100, 1000, 200, 300, 40, 60, -1, FALSE };

  g_assert_cmpint (cost_of (price, usage), ==, (100 + 1000 + 200 + 300) * 1000 + (40 + 60) * 5000);
  price.base.cache_read = 100000;
  price.base.cache_write = 1250000;
  price.base.cache_write_long = 2000000;
  price.base.reasoning = 7000000;
  g_assert_cmpint (cost_of (price, usage), ==, 100 * 1000 + 1000 * 100 + 200 * 1250 + 300 * 2000 + 40 * 5000 + 60 * 7000);
}

static void
test_tiers (void)
{
  HeddlePrice price = price_of (1250000, 10000000);
  HeddleUsage usage = usage_of (150000, 1000);

  price.tier_above = 200000;
  price.tier.input = 2500000;
  price.base.cache_read = 310000;
  g_assert_cmpint (cost_of (price, usage), ==, 150000 * G_GINT64_CONSTANT (1250) + 1000 * 10000);
  /* What is read from a cache counts for the length of the request, which is paid as a whole. */
  usage.cache_read = 50000;
  g_assert_cmpint (cost_of (price, usage), ==, 150000 * G_GINT64_CONSTANT (1250) + 50000 * G_GINT64_CONSTANT (310) + 1000 * 10000);
  usage.cache_read = 50001;
  g_assert_cmpint (cost_of (price, usage), ==, 150000 * G_GINT64_CONSTANT (2500) + 50001 * G_GINT64_CONSTANT (310) + 1000 * 10000);
}

static void
test_overflow (void)
{
  gint64 most = cost_of (price_of (HEDDLE_PRICE_MOST, HEDDLE_PRICE_MOST), usage_of (G_MAXINT64 / 2, G_MAXINT64 / 2));

  g_assert_cmpint (most, ==, (gint64) (G_MAXUINT64 / 1000 + 1));
  g_assert_cmpint (heddle_money_add (G_MAXINT64, 1), ==, G_MAXINT64);
  g_assert_cmpint (heddle_money_add (-1, 5), ==, 5);
  g_assert_cmpint (heddle_money_add (-1, -1), ==, -1);
}

static void
assert_format (gint64 cost, gboolean partly, gboolean estimated, const char *expected)
{
  g_autofree char *text = heddle_money_format (cost, partly, estimated);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_format (void)
{
  assert_format (-1, FALSE, FALSE, "price unknown");
  assert_format (-1, TRUE, TRUE, "price unknown");
  assert_format (0, FALSE, TRUE, "$0");
  assert_format (0, TRUE, FALSE, "price partly unknown");
  assert_format (1, FALSE, FALSE, "< $0.0001");
  assert_format (1, TRUE, FALSE, "price partly unknown");
  assert_format (99999, TRUE, TRUE, "price partly unknown");
  assert_format (100000, TRUE, FALSE, "≥ $0.0001 (partly unknown)");
  assert_format (99999, FALSE, TRUE, "< $0.0001");
  assert_format (100000, FALSE, FALSE, "$0.0001");
  assert_format (4200000, FALSE, FALSE, "$0.0042");
  assert_format (4250000, FALSE, TRUE, "≈ $0.0043");
  assert_format (10000000, TRUE, TRUE, "≥ $0.01 (partly unknown)");
  assert_format (123450000, FALSE, FALSE, "$0.1235");
  assert_format (999950000, FALSE, FALSE, "$1.00");
  assert_format (12345678900, FALSE, FALSE, "$12.35");
  assert_format (G_MAXINT64, FALSE, FALSE, "$9223372036.85");
}

static void
test_parse (void)
{
  static const char *const wrong[] = { "", "-1", "x", "1x", "0x10", "nan", "inf", "1e99", "1 2", "$", "." };
  gint64 value;

  g_assert_true (heddle_money_parse (" $0.05 ", &value));
  g_assert_cmpint (value, ==, 50000000);
  g_assert_true (heddle_money_parse ("0,000000001", &value));
  g_assert_cmpint (value, ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (heddle_money_parse (wrong[i], &value));
  g_assert_cmpint (heddle_money_from_usd (NAN), ==, -1);
  g_assert_cmpint (heddle_money_from_usd (-0.1), ==, -1);
  g_assert_true (isnan (heddle_money_to_usd (-1)));
  g_assert_cmpfloat (heddle_money_to_usd (4200000), ==, 0.0042);
}

static void
test_price_text (void)
{
  static const char *const texts[] = { "0.15", "0.0375", "0", "1000", "0.000001", "75.5" };
  gint64 price;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *again = NULL;

      g_assert_true (heddle_price_from_text (texts[i], &price));
      again = heddle_price_to_text (price);
      g_assert_cmpstr (again, ==, texts[i]);
    }
  g_assert_true (heddle_price_from_text ("", &price));
  g_assert_cmpint (price, ==, -1);
  g_assert_false (heddle_price_from_text ("free", &price));
  g_assert_false (heddle_price_from_text ("-1", &price));
  g_assert_false (heddle_price_from_text ("1e10", &price));
}

static void
import (HeddlePrices *prices, const char *text)
{
  g_autoptr (GError) error = NULL;

  heddle_prices_import (prices, text, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
test_import (void)
{
  g_autoptr (HeddlePrices) prices = heddle_prices_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *date = NULL;
  HeddlePrice price;
  guint n;

  g_assert_true (heddle_prices_import (prices, LITELLM, -1, &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 4);
  date = heddle_prices_dup_imported_date (prices);
  g_assert_cmpuint (strlen (date), ==, 10);
  g_assert_true (heddle_prices_lookup (prices, "openai/gpt-4o-mini", NULL, &price));
  g_assert_cmpint (price.base.input, ==, 150000);
  g_assert_cmpint (price.base.output, ==, 600000);
  g_assert_cmpint (price.base.cache_read, ==, 75000);
  g_assert_cmpint (price.context_window, ==, 128000);
  g_assert_true (heddle_prices_lookup (prices, "anthropic/claude-haiku-4-5", NULL, &price));
  g_assert_cmpint (price.base.cache_write_long, ==, 2000000);
  g_assert_true (heddle_prices_lookup (prices, "gemini/gemini-2.5-pro", NULL, &price));
  g_assert_cmpint (price.tier_above, ==, 200000);
  g_assert_cmpint (price.tier.output, ==, 15000000);
  g_assert_cmpint (price.tier.cache_read, ==, -1);
  g_assert_true (heddle_prices_lookup (prices, "openai/window-only", NULL, &price));
  g_assert_false (heddle_price_is_known (&price));
  g_assert_false (heddle_prices_lookup (prices, "openai/image", NULL, &price));
  g_assert_false (heddle_prices_lookup (prices, "openai/sample_spec", NULL, &price));
}

static void
test_lookup (void)
{
  g_autoptr (HeddlePrices) prices = heddle_prices_new (NULL);
  HeddlePrice price;

  import (prices, LITELLM);
  /* By host, whatever the provider is called here, and without the date. */
  g_assert_true (heddle_prices_lookup (prices, "work/gpt-4o-mini", "https://api.openai.com/v1", &price));
  g_assert_true (heddle_prices_lookup (prices, "work/gpt-4o-mini-2024-07-18", "https://API.OPENAI.com/v1", &price));
  g_assert_true (heddle_prices_lookup (prices, "anthropic/claude-haiku-4-5-20251001", NULL, &price));
  g_assert_false (heddle_prices_lookup (prices, "work/gpt-4o-mini", "https://api.example.com/v1", &price));
  g_assert_cmpint (price.base.input, ==, -1);
  g_assert_false (heddle_prices_lookup (prices, "openai/gpt-4o-mini-preview", NULL, &price));
  g_assert_false (heddle_prices_lookup (prices, "", NULL, &price));
  /* Free: the demo and this machine, but not the local network. */
  g_assert_true (heddle_prices_lookup (prices, "demo/small", NULL, &price));
  g_assert_cmpint (price.base.input, ==, 0);
  g_assert_true (heddle_prices_lookup (prices, "local/any", "http://127.0.0.1:8080/v1", &price));
  g_assert_cmpint (price.base.output, ==, 0);
  g_assert_true (heddle_prices_lookup (prices, "local/any", "http://[::1]:8080/v1", &price));
  g_assert_true (heddle_prices_lookup (prices, "local/any", "http://localhost:8080", &price));
  g_assert_false (heddle_prices_lookup (prices, "local/any", "http://127.0.0.1.example.com/v1", &price));
  g_assert_false (heddle_prices_lookup (prices, "local/any", "http://192.168.1.5/v1", &price));
}

static void
set (HeddlePrices *prices, const char *name, gint64 input)
{
  HeddlePrice price = price_of (input, input);
  g_autoptr (GError) error = NULL;

  heddle_prices_set (prices, name, &price, &error);
  g_assert_no_error (error);
}

static gint64
input_price (HeddlePrices *prices, const char *reference)
{
  HeddlePrice price;

  heddle_prices_lookup (prices, reference, "http://127.0.0.1/v1", &price);
  return price.base.input;
}

static void
test_own (void)
{
  static const char *const wrong[] = { "", "gpt", "/gpt", "openai/", "a/b c", "a*/b", "a/*b", "a/\xff", "a/\nb" };
  g_autoptr (HeddlePrices) prices = heddle_prices_new (NULL);
  g_autoptr (GPtrArray) list = NULL;
  HeddlePrice none = HEDDLE_PRICE_UNKNOWN;

  set (prices, "local/*", 5);
  set (prices, "local/big*", 7);
  set (prices, "local/bigger", 9);
  g_assert_cmpint (input_price (prices, "local/small"), ==, 5);
  g_assert_cmpint (input_price (prices, "local/big-2"), ==, 7);
  g_assert_cmpint (input_price (prices, "local/bigger"), ==, 9);
  g_assert_cmpint (input_price (prices, "other/x"), ==, 0);
  g_assert_true (heddle_prices_remove (prices, "local/bigger", NULL));
  g_assert_cmpint (input_price (prices, "local/bigger"), ==, 7);
  import (prices, LITELLM);
  set (prices, "openai/gpt-4o-mini", 11);
  list = heddle_prices_list (prices);
  g_assert_cmpuint (list->len, ==, 6);
  g_assert_cmpint (input_price (prices, "openai/gpt-4o-mini"), ==, 11);
  g_assert_true (heddle_prices_remove (prices, "openai/gpt-4o-mini", NULL));
  g_assert_true (heddle_prices_remove (prices, "openai/gpt-4o-mini", NULL));
  g_assert_false (heddle_prices_remove (prices, "openai/gpt-4o-mini", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (heddle_prices_set (prices, wrong[i], &none, &error));
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
}

static void
test_hostile_import (void)
{
  static const char *const wrong[] = {
    "", "{", "[]", "null", "{}", "{\"a\":1}", "{\"a\":{\"litellm_provider\":7}}", "{\"sample_spec\":{\"input_cost_per_token\":1,\"output_cost_per_token\":1}}",
    "{\"a/b\":{\"input_cost_per_token\":-1,\"output_cost_per_token\":1}}", "{\"a/b\":{\"input_cost_per_token\":2,\"output_cost_per_token\":1}}",
    "{\"a/b\":{\"input_cost_per_token\":\"1\",\"output_cost_per_token\":[]}}", "{\"a/b*\":{\"input_cost_per_token\":0,\"output_cost_per_token\":0}}",
    "{\"a/\\n\":{\"input_cost_per_token\":0,\"output_cost_per_token\":0}}", "{\"a/b\":{\"max_input_tokens\":1e300}}", "{\"a/b\":{\"max_input_tokens\":-5}}"
  };
  g_autoptr (HeddlePrices) prices = heddle_prices_new (NULL);
  HeddlePrice price;

  import (prices, LITELLM);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (heddle_prices_import (prices, wrong[i], -1, NULL, &error));
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
  /* A list that was refused took nothing away. */
  g_assert_true (heddle_prices_lookup (prices, "openai/gpt-4o-mini", NULL, &price));
  import (prices, "{\"a/b\":{\"input_cost_per_token\":0,\"output_cost_per_token\":0,\"input_cost_per_token_above_99999999999999999999k_tokens\":1,"
                  "\"input_cost_per_token_above_k_tokens\":1,\"input_cost_per_token_above_-5k_tokens\":1}}");
  g_assert_true (heddle_prices_lookup (prices, "a/b", NULL, &price));
  g_assert_cmpint (price.tier_above, ==, -1);
  g_assert_false (heddle_prices_lookup (prices, "openai/gpt-4o-mini", NULL, &price));
}

/* As long as the real list is. */
static void
test_large_import (void)
{
  g_autoptr (HeddlePrices) prices = heddle_prices_new (NULL);
  g_autoptr (GString) text = g_string_new ("{");
  g_autoptr (GError) error = NULL;
  gint64 begin;
  guint n;

  for (guint i = 0; i < 3000; i++)
    g_string_append_printf (text, "%s\"model-%u\":{\"litellm_provider\":\"openai\",\"input_cost_per_token\":1.5e-07,\"output_cost_per_token\":6e-07,\"max_input_tokens\":128000,"
                                  "\"max_output_tokens\":16384,\"max_tokens\":16384,\"mode\":\"chat\",\"supports_function_calling\":true,\"supports_parallel_function_calling\":true,"
                                  "\"supports_prompt_caching\":true,\"supports_response_schema\":true,\"supports_system_messages\":true,\"supports_tool_choice\":true,"
                                  "\"supports_vision\":true,\"search_context_cost_per_query\":{\"search_context_size_high\":0.03,\"search_context_size_low\":0.025},\"source\":\"https://example.com/pricing/of/models\"}",
                            i == 0 ? "" : ",", i);
  g_string_append_c (text, '}');
  g_assert_cmpuint (text->len, >, 1500 * 1000);
  begin = g_get_monotonic_time ();
  g_assert_true (heddle_prices_import (prices, text->str, text->len, &n, &error));
  g_test_message ("%" G_GSIZE_FORMAT " bytes in %.1f ms", text->len, (g_get_monotonic_time () - begin) / 1e3);
  g_assert_cmpuint (n, ==, 3000);
}

static void
test_stored (void)
{
  g_autofree char *folder = g_dir_make_tmp ("heddle-prices-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "heddle.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleStore) store = heddle_store_new (path, &error);
  HeddleUsage usage = usage_of (1000, 500);

  g_assert_no_error (error);
  {
    g_autoptr (HeddlePrices) prices = heddle_prices_new (store);

    import (prices, LITELLM);
    set (prices, "own/model", 1234);
  }
  {
    g_autoptr (HeddleModels) models = heddle_models_new (store, NULL);

    g_assert_cmpint (input_price (heddle_models_get_prices (models), "own/model"), ==, 1234);
    g_assert_cmpint (heddle_models_get_context_window (models, "openai/gpt-4o-mini"), ==, 128000);
    g_assert_cmpint (heddle_models_get_context_window (models, "openai/gpt-5000"), ==, -1);
    heddle_models_apply_price (models, "openai/gpt-4o-mini", &usage);
    g_assert_cmpint (usage.cost, ==, 450000);
    /* What the provider says itself is believed. */
    usage.cost = 7;
    heddle_models_apply_price (models, "openai/gpt-4o-mini", &usage);
    g_assert_cmpint (usage.cost, ==, 7);
  }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prices/arithmetic", test_arithmetic);
  g_test_add_func ("/prices/unknown", test_unknown);
  g_test_add_func ("/prices/parts", test_parts);
  g_test_add_func ("/prices/tiers", test_tiers);
  g_test_add_func ("/prices/overflow", test_overflow);
  g_test_add_func ("/prices/format", test_format);
  g_test_add_func ("/prices/parse", test_parse);
  g_test_add_func ("/prices/text", test_price_text);
  g_test_add_func ("/prices/import", test_import);
  g_test_add_func ("/prices/import/hostile", test_hostile_import);
  g_test_add_func ("/prices/import/large", test_large_import);
  g_test_add_func ("/prices/lookup", test_lookup);
  g_test_add_func ("/prices/own", test_own);
  g_test_add_func ("/prices/stored", test_stored);
  return g_test_run ();
}
