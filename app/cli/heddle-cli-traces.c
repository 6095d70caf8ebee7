/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-text.h"
#include "cli/heddle-cli-tree.h"
#include "cli/heddle-cli.h"

#define STATE_CELLS 14
/* Events of a run that are read at a time. */
#define PART_EVENTS 5000

static JsonNode *
run_to_json (const HeddleRunInfo *info)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", info->id);
  json_object_set_string_member (object, "workflow", info->workflow);
  json_object_set_string_member (object, "name", info->name);
  json_object_set_string_member (object, "state", heddle_run_state_to_string (info->state));
  json_object_set_int_member (object, "started_us", info->started);
  if (info->duration >= 0)
    json_object_set_int_member (object, "duration_us", info->duration);
  if (info->tokens >= 0)
    json_object_set_int_member (object, "tokens", info->tokens);
  if (info->cost >= 0)
    json_object_set_member (object, "cost", heddle_json_double (heddle_money_to_usd (info->cost)));
  if (info->cost_partly_unknown)
    json_object_set_boolean_member (object, "cost_partly_unknown", TRUE);
  json_object_set_string_member (object, "summary", info->summary != NULL ? info->summary : "");
  return heddle_json_object (object);
}

static void
print_runs (GPtrArray *runs,
            gboolean json)
{
  g_autoptr (JsonNode) list = NULL;
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < runs->len; i++)
    {
      const HeddleRunInfo *info = g_ptr_array_index (runs, i);
      g_autofree char *started = heddle_cli_format_time (info->started);
      g_autofree char *state = heddle_cli_pad (heddle_run_state_get_title (info->state), STATE_CELLS);
      g_autofree char *name = heddle_cli_clip (info->name, 0);

      g_autofree char *cost = info->tokens >= 0 ? heddle_money_format (info->cost, info->cost_partly_unknown, FALSE) : NULL;

      json_array_add_element (array, run_to_json (info));
      if (!json)
        g_print ("%s  %s  %s %8.2f s  %s%s%s\n", info->id, started, state, MAX (info->duration, 0) / 1e6, name, cost != NULL ? "  " : "", cost != NULL ? cost : "");
    }
  list = heddle_json_array (array);
  if (json)
    heddle_cli_print_json (list, HEDDLE_JSON_PRETTY);
}

/* The newest of them, at most limit. */
static void
keep_interrupted (GPtrArray *runs,
                  guint limit)
{
  for (guint i = runs->len; i > 0; i--)
    {
      if (((const HeddleRunInfo *) g_ptr_array_index (runs, i - 1))->state != HEDDLE_RUN_INTERRUPTED)
        g_ptr_array_remove_index (runs, i - 1);
    }
  if (runs->len > limit)
    g_ptr_array_set_size (runs, limit);
}

static int
list_runs (HeddleStore *store,
           guint limit,
           gboolean interrupted,
           gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) runs = heddle_store_list_runs (store, NULL, interrupted ? G_MAXINT : limit, &error);

  if (runs == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  if (interrupted)
    keep_interrupted (runs, limit);
  print_runs (runs, json);
  return HEDDLE_EXIT_OK;
}

static void
print_events (const HeddleRunInfo *info,
              GPtrArray *events)
{
  g_autoptr (JsonNode) node = NULL;
  JsonNode *run = run_to_json (info);
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < events->len; i++)
    json_array_add_element (array, heddle_event_to_json (g_ptr_array_index (events, i)));
  json_object_set_member (object, "run", run);
  json_object_set_array_member (object, "events", array);
  node = heddle_json_object (object);
  heddle_cli_print_json (node, HEDDLE_JSON_PRETTY);
}

static int
show_events (HeddleStore *store,
             const char *run)
{
  g_autoptr (GError) error = NULL;
  HeddleRunInfo *info = NULL;
  g_autoptr (GPtrArray) events = heddle_store_load_run (store, run, &info, NULL, &error);

  if (events == NULL)
    return heddle_cli_fail_request (error);
  print_events (info, events);
  heddle_run_info_free (info);
  return HEDDLE_EXIT_OK;
}

/* A part at a time: a trace is much smaller than all events of a run of very many items. The name is that of the workflow. */
static HeddleTrace *
load_trace (HeddleStore *store,
            const char *run,
            char **name,
            GError **error)
{
  g_autoptr (HeddleTrace) trace = NULL;
  guint64 last = 0;
  guint n_events;

  do
    {
      HeddleRunInfo *info = NULL;
      g_autoptr (GPtrArray) events = heddle_store_load_news (store, run, last, PART_EVENTS, &info, error);

      if (events == NULL)
        return NULL;
      if (trace == NULL)
        {
          trace = heddle_trace_new (info->id, info->started);
          *name = g_strdup (info->name);
        }
      heddle_run_info_free (info);
      n_events = events->len;
      last = n_events > 0 ? ((const HeddleEvent *) g_ptr_array_index (events, n_events - 1))->seq : last;
      heddle_trace_apply (trace, events);
    }
  while (n_events == PART_EVENTS);
  return g_steal_pointer (&trace);
}

static int
show_run (HeddleStore *store,
          const char *run)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  g_autoptr (HeddleTrace) trace = load_trace (store, run, &name, &error);

  if (trace == NULL)
    return heddle_cli_fail_request (error);
  heddle_cli_tree_print (trace, name);
  return HEDDLE_EXIT_OK;
}

int
heddle_cli_traces (int argc,
                   char **argv)
{
  gboolean json = FALSE, interrupted = FALSE;
  int limit = 50;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print as JSON"), NULL },
    { "interrupted", 0, 0, G_OPTION_ARG_NONE, &interrupted, N_ ("Only runs that were interrupted, which “heddle resume” goes on with"), NULL },
    { "limit", 'n', 0, G_OPTION_ARG_INT, &limit, N_ ("How many runs to list (50)"), N_ ("NUMBER") },
    { NULL }
  };
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!heddle_cli_parse ("traces", entries, &argc, &argv, &status))
    return status;
  if (argc > 2 || limit < 1 || (interrupted && argc == 2))
    return heddle_cli_fail_usage ("traces");
  services = heddle_services_new (HEDDLE_SERVICES_NO_ENGINE, &error);
  if (services == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  if (argc == 1)
    return list_runs (services->store, limit, interrupted, json);
  return json ? show_events (services->store, argv[1]) : show_run (services->store, argv[1]);
}
