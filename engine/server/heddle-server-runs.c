/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-server-private.h"

#include "value/heddle-json.h"

#include <string.h>

/* Ended runs that can be asked for without the database. */
#define MAX_ENDED 64

typedef struct
{
  gboolean is_end;
  HeddleServedRunFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Watcher;

HeddleServedRun *
heddle_served_run_ref (HeddleServedRun *self)
{
  self->n_refs++;
  return self;
}

void
heddle_served_run_unref (HeddleServedRun *self)
{
  if (--self->n_refs > 0)
    return;
  g_free (self->id);
  heddle_served_unref (self->workflow);
  g_free (self->start);
  g_clear_pointer (&self->input, json_node_unref);
  g_clear_pointer (&self->trigger, json_node_unref);
  g_clear_object (&self->run);
  g_clear_pointer (&self->result, json_node_unref);
  g_array_unref (self->watchers);
  g_free (self);
}

/* Calls those who wait for this; they may add others meanwhile. */
static void
tell (HeddleServedRun *self, gboolean is_end)
{
  g_autoptr (GArray) watchers = g_steal_pointer (&self->watchers);

  self->watchers = g_array_new (FALSE, FALSE, sizeof (Watcher));
  for (guint i = 0; i < watchers->len; i++)
    {
      Watcher watcher = g_array_index (watchers, Watcher, i);

      if (watcher.is_end && !is_end)
        {
          g_array_append_val (self->watchers, watcher);
          continue;
        }
      watcher.func (self, watcher.data);
      if (watcher.destroy != NULL)
        watcher.destroy (watcher.data);
    }
}

void
heddle_served_run_watch (HeddleServedRun *self, gboolean is_end, HeddleServedRunFunc func, gpointer data, GDestroyNotify destroy)
{
  Watcher watcher = { is_end, func, data, destroy };

  g_array_append_val (self->watchers, watcher);
  if (self->ended || (!is_end && self->run != NULL))
    tell (self, self->ended);
}

static void
forget_oldest (HeddleServerCore *core)
{
  while (g_queue_get_length (&core->ended) > MAX_ENDED)
    {
      HeddleServedRun *oldest = g_queue_pop_head (&core->ended);

      g_hash_table_remove (core->runs, oldest->id);
    }
}

static void start_waiting (HeddleServerCore *core);

static void
end (HeddleServedRun *self)
{
  HeddleServerCore *core = self->core;

  self->ended = TRUE;
  g_queue_push_tail (&core->ended, self);
  heddle_served_run_ref (self);
  tell (self, TRUE);
  heddle_served_run_unref (self);
  forget_oldest (core);
}

static void
set_member (JsonObject *object, const char *name, JsonNode *value)
{
  if (value != NULL)
    json_object_set_member (object, name, json_node_ref (value));
}

/* As the answers to refused requests: the code is a word. */
static JsonNode *
create_error (JsonNode *record)
{
  JsonObject *error = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_set_member (error, "code", heddle_json_string (heddle_json_get_string (record, "class", "failed")));
  json_object_iter_init_ordered (&iter, json_node_get_object (record));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (strcmp (name, "code") != 0)
        json_object_set_member (error, name, json_node_ref (value));
    }
  return heddle_json_object (error);
}

static char *
format_time (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);

  return g_date_time_format_iso8601 (date);
}

static JsonObject *
create_members (const char *id, const char *workflow, const char *name, const char *state, gint64 started, gint64 duration, HeddleEvent *first, HeddleEvent *last)
{
  JsonObject *object = json_object_new ();
  JsonNode *end = last != NULL && last->kind == HEDDLE_EVENT_RUN_FINISHED ? last->data : NULL;
  g_autofree char *time = format_time (started);

  json_object_set_string_member (object, "id", id);
  json_object_set_member (object, "workflow", heddle_json_string (workflow));
  json_object_set_member (object, "name", heddle_json_string (name));
  json_object_set_string_member (object, "state", state);
  if (started > 0)
    json_object_set_string_member (object, "started", time);
  if (duration >= 0)
    json_object_set_int_member (object, "duration_ms", duration / 1000);
  set_member (object, "output", heddle_json_member (end, "output"));
  if (heddle_json_get_object (end, "error") != NULL)
    json_object_set_member (object, "error", create_error (heddle_json_member (end, "error")));
  set_member (object, "node", heddle_json_member (end, "node"));
  set_member (object, "note", heddle_json_member (end, "note"));
  set_member (object, "usage", heddle_json_member (end, "usage"));
  set_member (object, "trigger", first != NULL ? heddle_json_member (first->data, "trigger") : NULL);
  return object;
}

static JsonNode *
create_result (const char *id, const char *workflow, const char *name, const char *state, gint64 started, gint64 duration, HeddleEvent *first, HeddleEvent *last)
{
  return heddle_json_object (create_members (id, workflow, name, state, started, duration, first, last));
}

JsonNode *
heddle_stored_run_to_json (const char *id, const char *workflow, const char *name, const char *state, gint64 started, gint64 duration, GPtrArray *events)
{
  HeddleEvent *first = events->len > 0 ? g_ptr_array_index (events, 0) : NULL;
  HeddleEvent *last = events->len > 0 ? g_ptr_array_index (events, events->len - 1) : NULL;

  return create_result (id, workflow, name, state, started, duration, first, last);
}

static void
set_questions (JsonObject *object, HeddleRun *run)
{
  g_autoptr (JsonNode) questions = heddle_run_dup_questions (run);

  if (json_array_get_length (json_node_get_array (questions)) > 0)
    json_object_set_member (object, "questions", g_steal_pointer (&questions));
}

JsonNode *
heddle_served_run_to_json (HeddleServedRun *self)
{
  gint64 started = self->run != NULL ? heddle_run_get_started (self->run) : 0;
  const char *state = self->run != NULL ? heddle_run_state_to_string (heddle_run_get_state (self->run)) : "queued";

  JsonObject *object;

  if (self->result != NULL)
    return json_node_ref (self->result);
  object = create_members (self->id, self->workflow->id, self->workflow->name, state, started, -1, NULL, NULL);
  if (self->run != NULL)
    set_questions (object, self->run);
  return heddle_json_object (object);
}

static void
events_cb (HeddleRun *run, GPtrArray *events, gpointer data)
{
  HeddleServedRun *self = data;
  HeddleEvent *last = g_ptr_array_index (events, events->len - 1);
  HeddleEvent started = { .kind = HEDDLE_EVENT_RUN_STARTED };
  JsonObject *object;

  if (last->kind != HEDDLE_EVENT_RUN_FINISHED)
    return;
  object = json_object_new ();
  set_member (object, "trigger", self->trigger);
  started.data = heddle_json_object (object);
  self->result = create_result (self->id, self->workflow->id, self->workflow->name, heddle_run_state_to_string (heddle_run_get_state (run)),
                                heddle_run_get_started (run), last->time, &started, last);
  json_node_unref (started.data);
  self->subscription = 0;
  self->core->n_running--;
  end (self);
  start_waiting (self->core);
}

static void
begin (HeddleServedRun *self)
{
  HeddleRunOptions options = { .id = self->id, .start = self->start, .trigger = self->trigger, .asking = self->asking };

  self->core->n_running++;
  self->run = heddle_engine_start (self->core->options.engine, self->workflow->plan, self->input, &options);
  self->subscription = heddle_run_subscribe (self->run, self->core->context, 0, events_cb, heddle_served_run_ref (self),
                                             (GDestroyNotify) heddle_served_run_unref);
  tell (self, FALSE);
}

static void
start_waiting (HeddleServerCore *core)
{
  while (core->n_running < core->options.max_parallel && !g_queue_is_empty (&core->waiting))
    begin (g_queue_pop_head (&core->waiting));
}

HeddleServedRun *
heddle_served_run_start (HeddleServerCore *core, const HeddleServedStart *start)
{
  HeddleServedRun *self;

  if (core->n_running >= core->options.max_parallel && g_queue_get_length (&core->waiting) >= core->options.max_waiting)
    return NULL;
  self = g_new0 (HeddleServedRun, 1);
  self->core = core;
  self->n_refs = 1;
  self->id = start->id != NULL ? g_strdup (start->id) : heddle_run_make_id ();
  self->workflow = heddle_served_ref (start->workflow);
  self->start = g_strdup (start->start);
  self->input = start->input != NULL ? json_node_ref (start->input) : NULL;
  self->trigger = json_node_ref (start->trigger);
  self->asking = start->asking;
  self->watchers = g_array_new (FALSE, FALSE, sizeof (Watcher));
  g_hash_table_insert (core->runs, self->id, self);
  g_queue_push_tail (&core->waiting, self);
  start_waiting (core);
  return self;
}

void
heddle_served_run_cancel (HeddleServedRun *self)
{
  if (self->run != NULL)
    {
      heddle_run_cancel (self->run);
      return;
    }
  if (self->ended)
    return;
  g_queue_remove (&self->core->waiting, self);
  self->result = create_result (self->id, self->workflow->id, self->workflow->name, heddle_run_state_to_string (HEDDLE_RUN_CANCELLED), 0, -1, NULL, NULL);
  end (self);
}

guint
heddle_run_result_get_status (JsonNode *result)
{
  const char *state = heddle_json_get_string (result, "state", "");
  const char *error_class = heddle_json_get_string (heddle_json_member (result, "error"), "class", "");

  if (strcmp (state, "ok") == 0)
    return SOUP_STATUS_OK;
  if (strcmp (state, "cancelled") == 0)
    return SOUP_STATUS_CONFLICT;
  if (strcmp (error_class, "timeout") == 0)
    return SOUP_STATUS_GATEWAY_TIMEOUT;
  if (strcmp (error_class, "network") == 0 || strcmp (error_class, "server") == 0 || strcmp (error_class, "broken_stream") == 0)
    return SOUP_STATUS_BAD_GATEWAY;
  if (strcmp (error_class, "rate_limit") == 0 || strcmp (error_class, "overloaded") == 0)
    return SOUP_STATUS_SERVICE_UNAVAILABLE;
  return SOUP_STATUS_INTERNAL_SERVER_ERROR;
}

void
heddle_served_runs_forget (HeddleServerCore *core)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, core->runs);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      HeddleServedRun *run = value;

      for (guint i = 0; i < run->watchers->len; i++)
        {
          Watcher *watcher = &g_array_index (run->watchers, Watcher, i);

          if (watcher->destroy != NULL)
            watcher->destroy (watcher->data);
        }
      g_array_set_size (run->watchers, 0);
      if (run->subscription != 0)
        heddle_run_unsubscribe (run->run, run->subscription);
      run->subscription = 0;
    }
  g_queue_clear (&core->waiting);
  g_queue_clear (&core->ended);
  g_hash_table_remove_all (core->runs);
}
