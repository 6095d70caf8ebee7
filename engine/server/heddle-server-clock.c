/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-server-private.h"

#include "store/heddle-store-activation.h"
#include "value/heddle-json.h"

#include <string.h>

static gint64
get_now (HeddleServerCore *self)
{
  return self->options.now (self->options.now_data);
}

static const char *
get_text (const HeddleStep *step, const char *name, const char *fallback)
{
  JsonNode *value = heddle_json_member (step->constants, name);

  return heddle_json_is_string (value) ? json_node_get_string (value) : fallback;
}

static HeddleMissed
read_missed (const HeddleStep *step)
{
  const char *word = get_text (step, "missed", "skip");

  if (strcmp (word, "once") == 0)
    return HEDDLE_MISSED_ONCE;
  return strcmp (word, "all") == 0 ? HEDDLE_MISSED_ALL : HEDDLE_MISSED_SKIP;
}

/* A schedule that is new begins now; one that is known goes on from where it was. */
static gint64
read_mark (HeddleServerCore *self, const HeddleServed *workflow, const char *node)
{
  gint64 mark = self->options.store != NULL ? heddle_store_get_schedule_mark (self->options.store, workflow->id, node) : 0;

  if (mark != 0)
    return mark;
  mark = get_now (self);
  if (self->options.store != NULL)
    heddle_store_set_schedule_mark (self->options.store, workflow->id, node, mark, NULL);
  return mark;
}

static void
add_schedule (HeddleServerCore *self, const HeddleServed *workflow, const HeddleStep *step)
{
  JsonNode *overlap = heddle_json_member (step->constants, "overlap");
  HeddleTimetableEntry entry = {
    .workflow = workflow->id,
    .node = step->id,
    .cron = heddle_cron_new (get_text (step, "cron", ""), NULL),
    .zone = heddle_cron_new_zone (get_text (step, "timezone", ""), NULL),
    .missed = read_missed (step),
    .overlap = overlap != NULL && json_node_get_boolean (overlap),
  };

  /* The check of the node has seen to both. */
  g_return_if_fail (entry.cron != NULL && entry.zone != NULL);

  entry.mark = read_mark (self, workflow, step->id);
  heddle_timetable_add (self->timetable, &entry);
}

void
heddle_server_core_set_timetable (HeddleServerCore *self)
{
  heddle_timetable_clear (self->timetable);
  for (guint i = 0; i < heddle_catalog_get_n_workflows (self->catalog); i++)
    {
      const HeddleServed *workflow = heddle_catalog_get_nth (self->catalog, i);

      for (guint n = 0; n < heddle_plan_get_n_steps (workflow->plan); n++)
        {
          const HeddleStep *step = heddle_plan_get_step (workflow->plan, n);

          if (strcmp (step->type->id, "schedule") == 0 && step->mode != HEDDLE_NODE_OFF)
            add_schedule (self, workflow, step);
        }
    }
}

static char *
format_time (const HeddleDue *due)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (due->time);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, due->entry->zone);

  return g_date_time_format_iso8601 (local);
}

static JsonNode *
create_input (const HeddleDue *due)
{
  JsonObject *input = json_object_new ();
  g_autofree char *time = format_time (due);

  json_object_set_string_member (input, "time", time);
  json_object_set_string_member (input, "timezone", g_time_zone_get_identifier (due->entry->zone));
  json_object_set_boolean_member (input, "missed", due->missed);
  return heddle_json_object (input);
}

static JsonNode *
create_trigger (const HeddleDue *due)
{
  JsonObject *trigger = json_object_new ();
  g_autofree char *time = format_time (due);

  json_object_set_string_member (trigger, "kind", "schedule");
  json_object_set_string_member (trigger, "node", due->entry->node);
  json_object_set_string_member (trigger, "time", time);
  return heddle_json_object (trigger);
}

static gboolean
is_under_way (HeddleServerCore *self, const HeddleTimetableEntry *entry)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->runs);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const HeddleServedRun *run = value;

      if (!run->ended && strcmp (run->workflow->id, entry->workflow) == 0 && g_strcmp0 (run->start, entry->node) == 0)
        return TRUE;
    }
  return FALSE;
}

/* status: as of a request that would have started it. */
static void
log_due (HeddleServerCore *self, const HeddleDue *due, const char *run, guint status)
{
  g_autofree char *path = format_time (due);
  HeddleServerRequest request = {
    .time = g_get_real_time (),
    .method = (char *) "SCHEDULE",
    .path = path,
    .client = (char *) "",
    .status = status,
    .workflow = due->entry->workflow,
    .run = (char *) run,
  };

  self->log (self, &request);
}

/* follows: another of its times has just been seen to, so that what is under way is no reason to leave this one out. */
static void
run_due (HeddleServerCore *self, const HeddleDue *due, gboolean follows)
{
  HeddleServed *workflow = heddle_catalog_find (self->catalog, due->entry->workflow);
  g_autoptr (JsonNode) input = create_input (due);
  g_autoptr (JsonNode) trigger = create_trigger (due);
  const HeddleServedStart what = { workflow, NULL, due->entry->node, input, trigger, HEDDLE_ASKING_LATER };
  HeddleServedRun *run;

  g_return_if_fail (workflow != NULL);

  if (!due->entry->overlap && !follows && is_under_way (self, due->entry))
    {
      log_due (self, due, NULL, SOUP_STATUS_CONFLICT);
      return;
    }
  run = heddle_served_run_start (self, &what);
  log_due (self, due, run != NULL ? run->id : NULL, run != NULL ? SOUP_STATUS_ACCEPTED : SOUP_STATUS_SERVICE_UNAVAILABLE);
}

static void
keep_mark (HeddleServerCore *self, const HeddleDue *due)
{
  if (self->options.store != NULL)
    heddle_store_set_schedule_mark (self->options.store, due->entry->workflow, due->entry->node, due->entry->mark, NULL);
}

void
heddle_server_core_run_due (HeddleServerCore *self)
{
  g_autoptr (GArray) due = NULL;

  /* Most seconds nothing is due, and then nothing is written either. */
  if (heddle_timetable_get_next (self->timetable) > get_now (self))
    return;
  due = heddle_timetable_take_due (self->timetable, get_now (self));
  /* First noted, then run: a process that dies between the two has missed it rather than run it twice. */
  for (guint i = 0; i < due->len; i++)
    keep_mark (self, &g_array_index (due, HeddleDue, i));
  for (guint i = 0; i < due->len; i++)
    {
      const HeddleDue *item = &g_array_index (due, HeddleDue, i);

      run_due (self, item, i > 0 && g_array_index (due, HeddleDue, i - 1).entry == item->entry);
    }
}
