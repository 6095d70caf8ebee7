/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-node-run-private.h"

#include "heddle-error.h"
#include "run/heddle-effects-private.h"
#include "run/heddle-scheduler-private.h"
#include "value/heddle-json.h"

#include <string.h>

/* What containers do with their bodies. */

/* People need no more than twenty figures a second. */
#define PROGRESS_MS 50

struct _HeddleProgress
{
  HeddleNodeRun *run; /* borrowed: it owns this */
  int total;
  guint done, failed, running;
  gint64 told;
  GSource *timer; /* or NULL */
};

void
heddle_node_run_set_data (HeddleNodeRun *self, gpointer data, GDestroyNotify destroy)
{
  g_return_if_fail (self != NULL);

  if (self->destroy_data != NULL)
    self->destroy_data (self->data);
  self->data = data;
  self->destroy_data = destroy;
}

JsonNode *
heddle_node_run_make_loop (guint index, JsonNode *item, JsonNode *last)
{
  JsonObject *loop = json_object_new ();

  json_object_set_int_member (loop, "index", index);
  json_object_set_member (loop, "item", json_node_ref (item));
  json_object_set_member (loop, "last", last != NULL ? json_node_ref (last) : heddle_json_null ());
  return heddle_json_object (loop);
}

/* The container as its body sees it. */
static JsonNode *
make_view (guint index, JsonNode *item)
{
  JsonObject *view = json_object_new ();

  heddle_node_run_merge (view, item);
  heddle_json_set_member (view, "item", json_node_ref (item));
  heddle_json_set_member (view, "output", json_node_ref (item));
  heddle_json_set_member (view, "index", heddle_json_int (index));
  return heddle_json_object (view);
}

static void
set_start (HeddleRunValues *values, JsonNode *item)
{
  JsonObject *result = json_object_new ();

  json_object_set_member (result, "output", json_node_ref (item));
  heddle_run_values_set_result (values, (guint) heddle_plan_get_start (values->plan), heddle_json_object (result), NULL);
}

static HeddleRunValues *
make_values (HeddleNodeRun *self, guint index, JsonNode *item, JsonNode *last)
{
  HeddleRunValues *values = heddle_run_values_new_body (self->scope_run->values, self->step->body);

  values->container = self->step->id;
  values->view = make_view (index, item);
  if (self->step->type->flags & HEDDLE_NODE_REPEATS)
    values->loop = heddle_node_run_make_loop (index, item, last);
  set_start (values, item);
  return values;
}

void
heddle_node_run_begin_body (HeddleNodeRun *self, HeddleScopeRun *body)
{
  if (self->bodies == NULL)
    self->bodies = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_scope_run_unref);
  g_ptr_array_add (self->bodies, body);
  heddle_scope_run_start (body, NULL);
}

void
heddle_node_run_forget_body (HeddleNodeRun *self, HeddleScopeRun *body)
{
  g_ptr_array_remove_fast (self->bodies, body);
}

/* What reached an inner input; of several, the last. */
static JsonNode *
find_value (HeddleScopeRun *body, const char **port)
{
  guint end = (guint) heddle_plan_get_end (body->plan);
  const HeddleStep *step = heddle_plan_get_step (body->plan, end);
  JsonNode *value = NULL;

  for (guint i = 0; i < step->in_ports->len; i++)
    {
      JsonNode *arrived = heddle_run_values_join_input (body->values, end, i);

      if (arrived == NULL)
        continue;
      g_clear_pointer (&value, json_node_unref);
      value = arrived;
      *port = g_ptr_array_index (step->in_ports, i);
    }
  return value;
}

static void
body_ended (HeddleScopeRun *body, const GError *error, JsonNode *record)
{
  g_autoptr (HeddleScopeRun) alive = heddle_scope_run_ref (body);
  g_autoptr (HeddleNodeRun) self = heddle_node_run_ref (body->container);
  HeddleBodyResult result = { .index = body->index, .error = error, .record = record, .end = HEDDLE_BODY_FAILED };
  g_autoptr (JsonNode) value = NULL;

  if (error == NULL)
    {
      value = find_value (body, &result.port);
      result.value = value;
      result.end = value != NULL ? HEDDLE_BODY_DONE : HEDDLE_BODY_EMPTY;
    }
  heddle_node_run_forget_body (self, body);
  body->body_func (self, &result, body->data);
}

void
heddle_node_run_start_body (HeddleNodeRun *self, guint index, JsonNode *item, JsonNode *last, HeddleBodyFunc func, gpointer data)
{
  HeddleScopeRun *body;

  g_return_if_fail (self != NULL && item != NULL && func != NULL);
  g_return_if_fail (self->step->body != NULL);

  if (self->scheduler == NULL || self->ended)
    return;
  body = heddle_scope_run_new (self->scheduler, self, index, make_values (self, index, item, last));
  body->func = body_ended;
  body->body_func = func;
  body->data = data;
  heddle_node_run_begin_body (self, body);
}

void
heddle_node_run_detach_bodies (HeddleNodeRun *self)
{
  for (guint i = 0; self->bodies != NULL && i < self->bodies->len; i++)
    {
      HeddleScopeRun *body = g_ptr_array_index (self->bodies, i);

      body->ended = TRUE;
      heddle_scope_run_detach (body);
    }
}

void
heddle_node_run_tell_bodies_stopped (HeddleNodeRun *self, const char *reason)
{
  g_autoptr (GPtrArray) bodies = g_steal_pointer (&self->bodies);

  for (guint i = 0; bodies != NULL && i < bodies->len; i++)
    heddle_scope_run_tell_stopped (g_ptr_array_index (bodies, i), reason != NULL ? reason : _ ("Stopped, because what it is in has ended."));
}

void
heddle_node_run_stop_bodies (HeddleNodeRun *self, const char *reason)
{
  g_return_if_fail (self != NULL);

  heddle_node_run_detach_bodies (self);
  if (self->scheduler != NULL)
    heddle_node_run_tell_bodies_stopped (self, reason);
}

void
heddle_node_run_expect_bodies (HeddleNodeRun *self, guint n_bodies)
{
  g_return_if_fail (self != NULL);

  if (self->scheduler != NULL)
    heddle_scheduler_allow_steps (self->scheduler, (guint64) n_bodies * heddle_plan_count_steps (self->step->body));
}

/* An expression that sees $loop although it is not in the body. */
typedef struct
{
  HeddleNodeRun *run;
  JsonNode *loop;
} Late;

static JsonNode *
look_up_late (const char *root, gpointer data)
{
  const Late *late = data;

  if (strcmp (root, "loop") == 0 || strcmp (root, "map") == 0)
    return late->loop;
  return late->run->scope.lookup (root, late->run->scope.data);
}

static char **
list_late_roots (gpointer data)
{
  const Late *late = data;

  return late->run->scope.list_roots (late->run->scope.data);
}

/* Each evaluation has a time of its own: a loop may wait for one to come. */
static gint64
get_late_now (gpointer data)
{
  return heddle_effects_get_time (((const Late *) data)->run);
}

JsonNode *
heddle_node_run_evaluate (HeddleNodeRun *self, const char *param, guint index, JsonNode *item, JsonNode *last, GError **error)
{
  g_autoptr (JsonNode) loop = NULL;
  Late late;
  HeddleScope scope;

  g_return_val_if_fail (self != NULL && param != NULL && item != NULL, NULL);

  loop = heddle_node_run_make_loop (index, item, last);
  late = (Late){ self, loop };
  scope = self->scope;
  scope.lookup = look_up_late;
  scope.list_roots = list_late_roots;
  scope.get_now = get_late_now;
  scope.data = &late;
  return heddle_step_resolve_param (self->step, param, &scope, error);
}

static void
tell_progress (HeddleProgress *progress)
{
  HeddleEvent *event = heddle_node_run_new_event (progress->run, HEDDLE_EVENT_NODE_PROGRESS);
  JsonObject *data = json_object_new ();

  if (progress->total >= 0)
    json_object_set_int_member (data, "total", progress->total);
  json_object_set_int_member (data, "done", progress->done);
  json_object_set_int_member (data, "failed", progress->failed);
  json_object_set_int_member (data, "running", progress->running);
  event->data = heddle_json_object (data);
  progress->told = g_get_monotonic_time ();
  heddle_scheduler_emit (progress->run->scheduler, event);
}

static gboolean
progress_cb (gpointer data)
{
  HeddleProgress *progress = data;

  g_clear_pointer (&progress->timer, g_source_unref);
  if (progress->run->scheduler != NULL)
    tell_progress (progress);
  return G_SOURCE_REMOVE;
}

static void
tell_progress_later (HeddleProgress *progress)
{
  progress->timer = g_timeout_source_new (PROGRESS_MS);
  g_source_set_static_name (progress->timer, "heddle-progress");
  g_source_set_callback (progress->timer, progress_cb, progress, NULL);
  g_source_attach (progress->timer, progress->run->core->context);
}

void
heddle_node_run_set_progress (HeddleNodeRun *self, int total, guint done, guint failed, guint running)
{
  HeddleProgress *progress;

  g_return_if_fail (self != NULL);

  if (self->scheduler == NULL || self->ended)
    return;
  if (self->progress == NULL)
    self->progress = g_new0 (HeddleProgress, 1);
  progress = self->progress;
  progress->run = self;
  progress->total = total;
  progress->done = done;
  progress->failed = failed;
  progress->running = running;
  if ((int) done == total || g_get_monotonic_time () - progress->told >= PROGRESS_MS * 1000)
    tell_progress (progress);
  else if (progress->timer == NULL)
    tell_progress_later (progress);
}

void
heddle_progress_free (HeddleProgress *progress)
{
  heddle_scheduler_clear_source (&progress->timer);
  g_free (progress);
}

void
heddle_node_run_set_limited (HeddleNodeRun *self)
{
  g_return_if_fail (self != NULL);

  self->limited = TRUE;
}
