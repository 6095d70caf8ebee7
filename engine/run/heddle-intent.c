/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-intent.h"

#include "heddle-error.h"
#include "run/heddle-effects.h"
#include "run/heddle-run-private.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

#include <string.h>

HeddleEffect
heddle_step_get_effect (const HeddleStep *step, JsonNode *params)
{
  HeddleEffect effect;

  if (step->policy != NULL && heddle_effect_from_string (step->policy->effect, &effect))
    return effect;
  if (step->type->get_effect != NULL && params != NULL)
    return step->type->get_effect (json_node_get_object (params));
  return step->type->effect;
}

/* What only calls others leaves it to them, unless a person says what it does. */
static gboolean
is_unsafe (HeddleNodeRun *self)
{
  HeddleEffect effect;

  if (heddle_node_run_is_replayed (self))
    return FALSE;
  if ((self->step->type->flags & HEDDLE_NODE_CALLS) != 0)
    return self->step->policy != NULL && heddle_effect_from_string (self->step->policy->effect, &effect) && effect == HEDDLE_EFFECT_UNSAFE;
  return heddle_step_get_effect (self->step, self->params) == HEDDLE_EFFECT_UNSAFE;
}

static gboolean
is_stored (HeddleNodeRun *self)
{
  return self->core->services.store != NULL && heddle_scheduler_get_durability (self->scheduler) != HEDDLE_DURABILITY_MEMORY;
}

/* Every step of the way, from the run that people started: the run, and in it scope and node, and for tools which call of the node it is. */
static void
append_place (GString *out, HeddleNodeRun *self)
{
  HeddleNodeRun *above = heddle_run_get_caller (self->run);

  if (self->caller != NULL)
    append_place (out, self->caller);
  else if (above != NULL)
    append_place (out, above);
  else
    g_string_append (out, heddle_run_get_id (self->run));
  if (self->caller == NULL)
    g_string_append_printf (out, "\n%s", self->scope_path != NULL ? self->scope_path : "");
  g_string_append_printf (out, "\n%s\n%u", self->step->id, self->call_index);
}

static char *
make_key (HeddleNodeRun *self)
{
  g_autoptr (GString) place = g_string_new (NULL);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  char *key;

  append_place (place, self);
  g_checksum_update (checksum, (const guchar *) place->str, (gssize) place->len);
  g_checksum_get_digest (checksum, digest, &length);
  key = g_base64_encode (digest, length);
  key[strcspn (key, "=")] = '\0';
  return g_strdelimit (g_strdelimit (key, "+", '-'), "/", '_');
}

const char *
heddle_node_run_get_idempotency_key (HeddleNodeRun *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->key == NULL)
    self->key = make_key (self);
  return self->key;
}

/* Of the step of the flow that is in doubt with it. span: of the tool's call, or 0. */
static HeddleEvent *
new_intent (HeddleNodeRun *self, const char *key, const char *tool, guint64 span)
{
  HeddleEvent *event = heddle_node_run_new_event (heddle_node_run_get_root (self), HEDDLE_EVENT_NODE_INTENT);
  JsonObject *data = json_object_new ();

  event->span = span;
  json_object_set_string_member (data, "key", key);
  if (tool != NULL)
    json_object_set_member (data, "tool", heddle_json_string (tool));
  event->data = heddle_json_object (data);
  return event;
}

/*
 * A workflow that was called is a part of what called it. A step goes on with the called run, which has its own doubts; a model may call it
 * again, and in another way.
 */
static void
tell_above (HeddleNodeRun *self, const char *key, const char *tool)
{
  HeddleNodeRun *above = heddle_run_get_caller (self->run);

  if (above == NULL || above->scheduler == NULL)
    return;
  tell_above (above, key, tool);
  if (above->caller == NULL && is_stored (above))
    return;
  heddle_scheduler_emit (above->scheduler, new_intent (above, key, tool, above->base));
}

static void
committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (heddle_store_append_events_finish (HEDDLE_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
heddle_node_run_intend_async (HeddleNodeRun *self, const char *tool, guint64 span, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  const char *key;
  HeddleEvent *event;

  g_return_if_fail (self != NULL);

  task = g_task_new (NULL, self->cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_node_run_intend_async);
  if (self->scheduler == NULL || self->ended)
    {
      g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED, _ ("The run was stopped."));
      return;
    }
  key = heddle_node_run_get_idempotency_key (self);
  tell_above (self, key, tool);
  event = new_intent (self, key, tool, span);
  if (is_stored (self))
    {
      heddle_scheduler_commit (self->scheduler, event, committed_cb, g_steal_pointer (&task));
      return;
    }
  heddle_scheduler_emit (self->scheduler, event);
  g_task_return_boolean (task, TRUE);
}

gboolean
heddle_node_run_intend_finish (HeddleNodeRun *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
intended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeddleNodeRun *self = user_data;
  GError *error = NULL;

  if (!heddle_node_run_intend_finish (self, result, &error))
    {
      if (self->scheduler != NULL && !self->ended)
        heddle_node_run_fail (self, g_steal_pointer (&error));
      g_clear_error (&error);
    }
  else if (self->scheduler != NULL)
    {
      self->step->type->run (self, self->loaded);
    }
  heddle_node_run_unref (self);
}

void
heddle_intent_repeat (HeddleNodeRun *self)
{
  heddle_scheduler_emit (self->scheduler, new_intent (self, heddle_node_run_get_idempotency_key (self), NULL, 0));
}

void
heddle_intent_run (HeddleNodeRun *self)
{
  if (!is_unsafe (self))
    self->step->type->run (self, self->loaded);
  else
    heddle_node_run_intend_async (self, self->caller != NULL ? self->step->id : NULL, self->base, intended_cb, heddle_node_run_ref (self));
}
