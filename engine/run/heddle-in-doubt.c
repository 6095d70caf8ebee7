/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-in-doubt.h"

#include "heddle-error.h"
#include "run/heddle-intent.h"
#include "run/heddle-past.h"
#include "run/heddle-scheduler-private.h"
#include "value/heddle-json.h"

#include <string.h>

static const char schema[] = "{\"type\":\"object\",\"properties\":{\"action\":{\"enum\":[\"retry\",\"done\",\"skip\",\"fail\"]},\"value\":{}},"
                             "\"required\":[\"action\"],\"additionalProperties\":false}";

static HeddleStepRun *
get_step (HeddleNodeRun *self)
{
  return &self->scope_run->steps[self->step->index];
}

static void
skip (HeddleNodeRun *self)
{
  heddle_node_run_skip (self, _ ("Skipped, because it may have been done before the program was gone."));
}

static void
fail (HeddleNodeRun *self)
{
  heddle_node_run_fail (self, g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("The program was gone while this was being done, and it is not known whether it was. It counts as failed.")));
}

/* With the same key as before. */
static void
retry (HeddleNodeRun *self)
{
  get_step (self)->is_settled = TRUE;
  heddle_node_run_go_on (self);
}

static void
decide (HeddleNodeRun *self, const char *action, JsonNode *value)
{
  if (strcmp (action, "retry") == 0)
    retry (self);
  else if (strcmp (action, "done") == 0)
    heddle_node_run_complete (self, value != NULL ? json_node_ref (value) : heddle_json_null ());
  else if (strcmp (action, "skip") == 0)
    skip (self);
  else
    fail (self);
}

/* The node stays in doubt, so the run does not end by it: somebody else may go on. */
static void
give_up (HeddleNodeRun *self)
{
  g_autoptr (GError) reason = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("“%s” may have been done already, and nobody said whether it was. Go on with the run and answer, or say it with “heddle answer”."),
                                           self->step->title);

  heddle_scheduler_interrupt_for (self->scheduler, reason);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeddleNodeRun *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = heddle_node_run_ask_finish (self, result, &error);

  if (self->scheduler != NULL && !self->ended)
    {
      if (answer != NULL)
        decide (self, heddle_json_get_string (answer, "action", "fail"), heddle_json_member (answer, "value"));
      else
        give_up (self);
    }
  heddle_node_run_unref (self);
}

static void
ask (HeddleNodeRun *self)
{
  JsonObject *question = json_object_new ();
  g_autofree char *title = g_strdup_printf (_ ("Was “%s” done?"), self->step->title);
  g_autoptr (JsonNode) json = NULL;

  heddle_intent_repeat (self);
  json_object_set_string_member (question, "kind", "in-doubt");
  json_object_set_member (question, "title", heddle_json_string (title));
  json_object_set_member (question, "text", heddle_json_string (_ ("The program ended while this node did something that must not be done twice. Look where it would show whether it was done, then choose. Done again, it has the same idempotency key.")));
  json_object_set_member (question, "key", heddle_json_string (heddle_node_run_get_idempotency_key (self)));
  json_object_set_member (question, "schema", heddle_json_parse (schema, -1, NULL));
  json = heddle_json_object (question);
  heddle_node_run_ask_async (self, json, 0, self->cancellable, asked_cb, heddle_node_run_ref (self));
}

static const HeddlePastNode *
find_past (HeddleNodeRun *self)
{
  HeddleScheduler *scheduler = self->scheduler;

  if (self->caller != NULL || !scheduler->resumes || get_step (self)->is_settled)
    return NULL;
  return heddle_past_find (scheduler->past, self->scope_path, self->step->id);
}

gboolean
heddle_in_doubt_take (HeddleNodeRun *self)
{
  const HeddlePastNode *node = find_past (self);
  const char *action = self->step->policy != NULL ? self->step->policy->on_in_doubt : NULL;

  if (node != NULL && node->state == HEDDLE_PAST_SKIPPED)
    skip (self); /* as a person said then, or it would not begin */
  else if (node == NULL || node->state != HEDDLE_PAST_IN_DOUBT || g_strcmp0 (action, "retry") == 0)
    return FALSE;
  else if (action == NULL || *action == '\0' || strcmp (action, "ask") == 0)
    ask (self);
  else
    decide (self, action, NULL);
  return TRUE;
}
