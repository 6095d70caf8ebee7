/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-text.h"
#include "cli/heddle-cli.h"

#include <string.h>

#define NAME_CELLS 44

static JsonNode *
entry_to_json (const HeddlePriceEntry *entry)
{
  g_autoptr (JsonNode) price = heddle_price_to_json (&entry->price);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "model", entry->name);
  json_object_set_boolean_member (object, "imported", entry->imported);
  json_object_set_member (object, "price", json_node_ref (price));
  return heddle_json_object (object);
}

static char *
dup_amount (gint64 price)
{
  g_autofree char *text = heddle_price_to_text (price);

  return price < 0 ? g_strdup (_ ("unknown")) : g_strdup_printf (_ ("$%s"), text);
}

static void
print_entry (const HeddlePriceEntry *entry)
{
  g_autofree char *name = heddle_cli_pad (entry->name, NAME_CELLS);
  g_autofree char *input = dup_amount (entry->price.base.input);
  g_autofree char *output = dup_amount (entry->price.base.output);

  g_print ("%s %10s %10s  %s\n", name, input, output, entry->imported ? _ ("imported") : _ ("own"));
}

static int
list_prices (HeddlePrices *prices, gboolean json)
{
  g_autoptr (GPtrArray) entries = heddle_prices_list (prices);
  g_autofree char *date = heddle_prices_dup_imported_date (prices);
  g_autoptr (JsonNode) list = NULL;
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < entries->len; i++)
    {
      json_array_add_element (array, entry_to_json (g_ptr_array_index (entries, i)));
      if (!json)
        print_entry (g_ptr_array_index (entries, i));
    }
  list = heddle_json_array (array);
  if (json)
    heddle_cli_print_json (list, HEDDLE_JSON_PRETTY);
  else if (entries->len == 0)
    g_printerr ("%s\n", _ ("No prices are known yet. Import LiteLLM’s model_prices_and_context_window.json with “heddle prices import FILE”, or set one with “heddle prices set MODEL INPUT OUTPUT”."));
  else
    g_printerr ("%s\n", _ ("US dollars for a million tokens: input, output."));
  if (!json && date != NULL)
    g_printerr (_ ("The list was imported on %s.\n"), date);
  return HEDDLE_EXIT_OK;
}

static int
import_prices (HeddlePrices *prices, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;
  guint n;

  text = heddle_cli_read_file (path, &length, &error);
  if (text == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  if (!heddle_prices_import (prices, text, length, &n, &error))
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  g_print (g_dngettext (GETTEXT_PACKAGE, "Imported the price of %u model.\n", "Imported the prices of %u models.\n", n), n);
  return HEDDLE_EXIT_OK;
}

static int
set_price (HeddlePrices *prices, char **words)
{
  HeddlePrice price = HEDDLE_PRICE_UNKNOWN;
  g_autoptr (GError) error = NULL;

  if (!heddle_price_from_text (words[1], &price.base.input) || !heddle_price_from_text (words[2], &price.base.output))
    return heddle_cli_fail (HEDDLE_EXIT_USAGE, _ ("A price is a number of US dollars for a million tokens, such as 0.15."));
  if (!heddle_prices_set (prices, words[0], &price, &error))
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  return HEDDLE_EXIT_OK;
}

static int
remove_price (HeddlePrices *prices, const char *name)
{
  g_autoptr (GError) error = NULL;

  return heddle_prices_remove (prices, name, &error) ? HEDDLE_EXIT_OK : heddle_cli_fail_request (error);
}

int
heddle_cli_prices (int argc,
                   char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print the prices as JSON"), NULL },
    { NULL }
  };
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (HeddlePrices) prices = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!heddle_cli_parse ("prices", entries, &argc, &argv, &status))
    return status;
  services = heddle_services_new (HEDDLE_SERVICES_NO_ENGINE, &error);
  if (services == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  prices = heddle_prices_new (services->store);
  if (argc == 1)
    return list_prices (prices, json);
  if (argc == 3 && strcmp (argv[1], "import") == 0)
    return import_prices (prices, argv[2]);
  if (argc == 5 && strcmp (argv[1], "set") == 0)
    return set_price (prices, argv + 2);
  if (argc == 3 && strcmp (argv[1], "remove") == 0)
    return remove_price (prices, argv[2]);
  return heddle_cli_fail_usage ("prices");
}
