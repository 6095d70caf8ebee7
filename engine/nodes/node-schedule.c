/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-node-type.h"
#include "registry/heddle-problem.h"
#include "run/heddle-node-run.h"
#include "value/heddle-cron.h"
#include "value/heddle-json.h"

typedef struct
{
  char *cron;
  char *timezone;
  char *missed;
  gboolean overlap;
} Params;

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Time"), HEDDLE_VALUE_OBJECT },
  { NULL },
};

static const HeddleChoice missed_policies[] = {
  { "skip", N_ ("Leave them out") },
  { "once", N_ ("Run once") },
  { "all", N_ ("Run each of them") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_STRING (Params, cron, N_ ("Schedule"), .help = N_ ("Minute, hour, day of the month, month and day of the week; *, lists (1,15), ranges (1-5), steps (*/10) and names (mon, jan) work. Or @hourly, @daily, @weekly, @monthly, @yearly."), .placeholder = "0 9 * * 1-5", .def.s = "0 9 * * 1-5", .required = TRUE, .is_main = TRUE),
  HEDDLE_STRING (Params, timezone, N_ ("Time zone"), .help = N_ ("A name such as Europe/Berlin or UTC. Empty: that of this computer."), .placeholder = "Europe/Berlin"),
  HEDDLE_CHOICE (Params, missed, N_ ("Missed times"), .help = N_ ("What happens with times at which this computer was asleep or Heddle did not run."), .choices = missed_policies, .def.s = "skip"),
  HEDDLE_BOOLEAN (Params, overlap, N_ ("Runs may overlap"), .help = N_ ("Start even while the previous run of this schedule is under way."), .def.b = FALSE, .advanced = TRUE),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "time", N_ ("Planned time"), HEDDLE_VALUE_TEXT },
  { "timezone", N_ ("Time zone"), HEDDLE_VALUE_TEXT },
  { "missed", N_ ("Missed"), HEDDLE_VALUE_BOOLEAN },
  { NULL },
};

/* What a run that a person starts is given. */
static JsonNode *
create_sample (const Params *p)
{
  JsonObject *sample = json_object_new ();
  g_autoptr (GTimeZone) zone = heddle_cron_new_zone (p->timezone, NULL);
  g_autoptr (GDateTime) now = zone != NULL ? g_date_time_new_now (zone) : g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format_iso8601 (now);

  json_object_set_string_member (sample, "time", time);
  json_object_set_string_member (sample, "timezone", zone != NULL ? g_time_zone_get_identifier (zone) : "");
  json_object_set_boolean_member (sample, "missed", FALSE);
  return heddle_json_object (sample);
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  JsonNode *input = heddle_node_run_get_run_input (node_run);
  g_autoptr (JsonNode) planned = heddle_json_get_string (input, "time", NULL) != NULL ? json_node_ref (input) : create_sample (data);

  for (const HeddleResultKey *key = results; key->name != NULL; key++)
    {
      JsonNode *value = heddle_json_member (planned, key->name);

      heddle_node_run_set_result (node_run, key->name, value != NULL ? json_node_ref (value) : heddle_json_null ());
    }
  heddle_node_run_complete (node_run, g_steal_pointer (&planned));
}

static char *
describe (JsonObject *values)
{
  const char *zone = heddle_params_get_string (values, "timezone", "");
  g_autoptr (HeddleCron) cron = heddle_cron_new (heddle_params_get_string (values, "cron", "0 9 * * 1-5"), NULL);
  g_autofree char *text = cron != NULL ? heddle_cron_describe (cron) : NULL;

  if (text == NULL || *zone == '\0')
    return g_steal_pointer (&text);
  /* Translators: when something happens and the time zone, such as: Every day at 09:00 (Europe/Berlin) */
  return g_strdup_printf (_ ("%s (%s)"), text, zone);
}

static void
report (GPtrArray *problems, const char *node, const char *param, const char *message)
{
  g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_ERROR, node, NULL, param, message));
}

static void
check (JsonObject *values, const char *node, GPtrArray *problems)
{
  const char *text = heddle_params_get_string (values, "cron", "0 9 * * 1-5");
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) zone_error = NULL;
  g_autoptr (HeddleCron) cron = *text != '\0' ? heddle_cron_new (text, &error) : NULL;
  g_autoptr (GTimeZone) zone = heddle_cron_new_zone (heddle_params_get_string (values, "timezone", ""), &zone_error);

  if (error != NULL)
    report (problems, node, "cron", error->message);
  if (zone_error != NULL)
    report (problems, node, "timezone", zone_error->message);
  if (cron != NULL && zone != NULL && heddle_cron_next (cron, zone, g_get_real_time () / G_USEC_PER_SEC) == HEDDLE_CRON_NEVER)
    report (problems, node, "cron", _ ("No day fits this schedule. Choose a day that the month has."));
}

const HeddleNodeType heddle_node_type_schedule = {
  .id = "schedule",
  .version = 1,
  .title = N_ ("Schedule"),
  .summary = N_ ("Begins a run at set times, while the workflow is active."),
  .keywords = N_ ("start trigger cron timer clock daily hourly weekly repeat"),
  .icon_name = "heddle-schedule-symbolic",
  .category = HEDDLE_CATEGORY_START,
  .effect = HEDDLE_EFFECT_PURE,
  .flags = HEDDLE_NODE_START | HEDDLE_NODE_TRIGGER,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .results = results,
  .example = "{\"params\":{\"cron\":\"0 9 * * 1-5\",\"timezone\":\"Europe/Berlin\"},"
             "\"input\":{\"time\":\"2026-03-02T09:00:00+01\",\"timezone\":\"Europe/Berlin\",\"missed\":false},"
             "\"outputs\":{\"out\":{\"time\":\"2026-03-02T09:00:00+01\",\"timezone\":\"Europe/Berlin\",\"missed\":false}}}",
  .describe = describe,
  .check = check,
  .run = run,
};
