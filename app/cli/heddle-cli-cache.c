/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli.h"

#include <string.h>

static int
show (HeddleStore *store, gboolean json)
{
  g_autoptr (GError) error = NULL;
  HeddleCacheInfo info;

  if (!heddle_store_measure_cache (store, &info, &error))
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  if (json)
    {
      JsonObject *object = json_object_new ();
      g_autoptr (JsonNode) node = NULL;

      json_object_set_int_member (object, "results", info.n_results);
      json_object_set_int_member (object, "bytes", info.bytes);
      json_object_set_int_member (object, "limit", info.limit);
      node = heddle_json_object (object);
      heddle_cli_print_json (node, HEDDLE_JSON_PRETTY);
    }
  else
    {
      g_autofree char *size = g_format_size_full ((guint64) info.bytes, G_FORMAT_SIZE_IEC_UNITS);
      g_autofree char *limit = g_format_size_full ((guint64) info.limit, G_FORMAT_SIZE_IEC_UNITS);

      g_print (ngettext ("%u result is kept: %s of at most %s.\n", "%u results are kept: %s of at most %s.\n", info.n_results), info.n_results, size, limit);
    }
  return HEDDLE_EXIT_OK;
}

static int
clear (HeddleStore *store)
{
  g_autoptr (GError) error = NULL;

  return heddle_store_clear_cache (store, &error) ? HEDDLE_EXIT_OK : heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
}

static int
set_limit (HeddleStore *store, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) limit = NULL;
  guint64 megabytes;

  if (!g_ascii_string_to_unsigned (text, 10, 0, HEDDLE_CACHE_MOST_MB, &megabytes, NULL))
    return heddle_cli_fail (HEDDLE_EXIT_USAGE, _ ("The limit is a whole number of MiB, from 0 to 65536."));
  limit = heddle_json_int ((gint64) megabytes);
  if (!heddle_store_set_setting (store, HEDDLE_CACHE_LIMIT_SETTING, limit, &error))
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  return megabytes > 0 ? HEDDLE_EXIT_OK : clear (store);
}

int
heddle_cli_cache (int argc,
                  char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print as JSON"), NULL },
    { NULL }
  };
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!heddle_cli_parse ("cache", entries, &argc, &argv, &status))
    return status;
  services = heddle_services_new (HEDDLE_SERVICES_NO_ENGINE, &error);
  if (services == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  if (argc == 1)
    return show (services->store, json);
  if (argc == 2 && strcmp (argv[1], "clear") == 0)
    return clear (services->store);
  if (argc == 3 && strcmp (argv[1], "limit") == 0)
    return set_limit (services->store, argv[2]);
  return heddle_cli_fail_usage ("cache");
}
