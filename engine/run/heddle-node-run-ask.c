/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-answers.h"
#include "run/heddle-node-run-private.h"
#include "run/heddle-run-private.h"

#include "heddle-error.h"
#include "run/heddle-effects.h"
#include "value/heddle-json.h"

#include <string.h>

/* Questions to people. */

typedef struct
{
  HeddleNodeRun *run;
  HeddleNodeRun *above; /* of the run that called this one, or NULL */
  char *id;
  guint64 span;
  gulong cancel_handler;
  JsonNode *effect; /* the question, for the record */
} Ask;

static void
ask_free (gpointer data)
{
  Ask *self = data;

  heddle_node_run_unref (self->run);
  g_clear_pointer (&self->above, heddle_node_run_unref);
  g_free (self->id);
  json_node_unref (self->effect);
  g_free (self);
}

static void
emit (Ask *self, HeddleEventKind kind, JsonNode *data)
{
  HeddleEvent *event;

  if (self->run->scheduler == NULL)
    {
      json_node_unref (data);
      return;
    }
  event = heddle_node_run_new_event (heddle_node_run_get_root (self->run), kind);
  event->span = self->span;
  event->data = data;
  heddle_scheduler_emit (self->run->scheduler, event);
}

static JsonNode *
add_id (JsonNode *question, Ask *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "id", heddle_json_string (self->id));
  heddle_node_run_merge (object, question);
  json_object_set_member (object, "node", heddle_json_string (heddle_node_run_get_root (self->run)->step->id));
  if (self->run->scope_path != NULL)
    json_object_set_string_member (object, "scope", self->run->scope_path);
  if (heddle_run_get_caller (self->run->run) != NULL)
    json_object_set_boolean_member (object, "above", TRUE);
  return heddle_json_object (object);
}

/* without: why there is no answer, "declined" or "withdrawn". */
static void
emit_answered (Ask *self, JsonNode *answer, const char *without)
{
  JsonObject *data = json_object_new ();

  json_object_set_member (data, "id", heddle_json_string (self->id));
  if (answer != NULL)
    json_object_set_member (data, "answer", json_node_ref (answer));
  else
    json_object_set_boolean_member (data, without, TRUE);
  emit (self, HEDDLE_EVENT_RUN_ANSWERED, heddle_json_object (data));
}

/* Takes both. */
static void
give (GTask *task, JsonNode *answer, GError *error)
{
  const Ask *self = g_task_get_task_data (task);

  heddle_node_run_record_effect (self->run, "question", self->effect, answer, error);
  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
}

static void
stop_watching (GTask *task, Ask *self)
{
  if (self->run->scheduler != NULL)
    heddle_scheduler_set_waiting (self->run->scheduler, self->run, FALSE);
  if (self->cancel_handler != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), self->cancel_handler);
  self->cancel_handler = 0;
}

static void
answered_cb (JsonNode *answer, gpointer data)
{
  GTask *task = data;
  Ask *self = g_task_get_task_data (task);

  stop_watching (task, self);
  /* Cancelled while the answer was on its way. */
  if (g_task_get_completed (task) || g_task_return_error_if_cancelled (task))
    return;
  emit_answered (self, answer, "declined");
  if (answer != NULL)
    give (task, json_node_ref (answer), NULL);
  else
    give (task, NULL, g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("A person declined to answer.")));
}

static void
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);
  Ask *self = g_task_get_task_data (task);

  if (!heddle_run_withdraw_question (self->run->run, self->id))
    return;
  stop_watching (task, self);
  emit_answered (self, NULL, "withdrawn");
  g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED, _ ("The question was withdrawn."));
}

static gboolean
is_stored (HeddleNodeRun *self)
{
  return self->core->services.store != NULL && heddle_scheduler_get_durability (self->scheduler) != HEDDLE_DURABILITY_MEMORY;
}

static gboolean
is_kind (JsonNode *question, const char *kind)
{
  return strcmp (heddle_json_get_string (question, "kind", ""), kind) == 0;
}

/* Whether the question can wait for somebody who comes later, by what is stored of it. */
static gboolean
can_wait (Ask *self, JsonNode *question)
{
  return is_stored (self->run) && (is_kind (question, "approval-step") || is_kind (question, "in-doubt"));
}

/* Whether there is somebody to answer it. */
static gboolean
is_heard (Ask *self, JsonNode *question)
{
  HeddleAsking asking = heddle_scheduler_get_asking (self->run->scheduler);

  return asking == HEDDLE_ASKING_PEOPLE || (asking == HEDDLE_ASKING_LATER && can_wait (self, question));
}

/* Without people there is one answer that can be given for them. */
static void
answer_alone (GTask *task, Ask *self, JsonNode *question)
{
  gboolean approves = heddle_scheduler_get_asking (self->run->scheduler) == HEDDLE_ASKING_APPROVES;
  g_autoptr (JsonNode) answer = NULL;

  /* What a person has to fill in is not made up, so an approval that did not do is not given again. */
  if (approves && heddle_json_member (question, "problem") == NULL && (is_kind (question, "approval") || is_kind (question, "approval-step")))
    {
      answer = heddle_json_parse ("{\"approve\":true,\"reason\":\"all\"}", -1, NULL);
      emit_answered (self, answer, NULL);
      give (task, g_steal_pointer (&answer), NULL);
      return;
    }
  emit_answered (self, NULL, "withdrawn");
  give (task, NULL,
        g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("Nobody is there to answer: “%s” Start the workflow from the window or from a terminal, or let the tool be called without asking."),
                     heddle_json_get_string (question, "title", "")));
}

static void
answered_above_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Ask *self = g_task_get_task_data (task);
  GError *error = NULL;
  JsonNode *answer = heddle_node_run_ask_finish (self->above, result, &error);

  if (self->run->scheduler != NULL)
    heddle_scheduler_set_waiting (self->run->scheduler, self->run, FALSE);
  emit_answered (self, answer, "withdrawn");
  give (task, answer, error);
}

/* People follow the run that they started, and not those within it. */
static void
ask_above (GTask *task, Ask *self, JsonNode *question)
{
  heddle_scheduler_set_waiting (self->run->scheduler, self->run, TRUE);
  self->above = heddle_node_run_ref (heddle_run_get_caller (self->run->run));
  heddle_node_run_ask_async (self->above, question, self->above->base, g_task_get_cancellable (task), answered_above_cb, g_object_ref (task));
}

/* What was answered in the recorded run is not asked again. */
static gboolean
replay (GTask *task)
{
  const Ask *self = g_task_get_task_data (task);
  JsonNode *answer;
  GError *error = NULL;

  if (!heddle_node_run_replay_effect (self->run, "question", self->effect, &answer, &error))
    return FALSE;
  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
  return TRUE;
}

/* What was asked, whenever it was. */
static JsonNode *
make_effect (JsonNode *question)
{
  JsonObject *copy = json_object_new ();

  heddle_node_run_merge (copy, question);
  if (json_object_has_member (copy, "until"))
    json_object_remove_member (copy, "until");
  return heddle_json_object (copy);
}

/* Whoever sees the run in the database may answer it, from another process too. */
static void
watch_answers (HeddleNodeRun *self)
{
  static const char key[] = "answers";
  GObject *answers = heddle_node_run_get_shared (self, key);

  if (!is_stored (self))
    return;
  if (answers == NULL)
    {
      answers = G_OBJECT (heddle_answers_new (self->run, self->core->services.store, self->core->context));
      heddle_node_run_set_shared (self, key, answers);
    }
  heddle_answers_watch (HEDDLE_ANSWERS (answers));
}

void
heddle_node_run_ask_async (HeddleNodeRun *self, JsonNode *question, guint64 span, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (JsonNode) json = NULL;
  Ask *ask;

  g_return_if_fail (self != NULL && question != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_node_run_ask_async);
  g_task_set_check_cancellable (task, FALSE);
  if (self->scheduler == NULL || self->ended || g_cancellable_is_cancelled (cancellable))
    {
      g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED, _ ("The question was withdrawn."));
      return;
    }
  ask = g_new0 (Ask, 1);
  ask->run = heddle_node_run_ref (self);
  ask->id = g_strdup_printf ("q%" G_GUINT64_FORMAT, heddle_scheduler_next_span (self->scheduler));
  ask->span = span;
  json_node_seal (question);
  ask->effect = make_effect (question);
  g_task_set_task_data (task, ask, ask_free);
  if (replay (task))
    return;
  json = add_id (question, ask);
  emit (ask, HEDDLE_EVENT_RUN_ASKED, json_node_ref (json));
  if (heddle_run_get_caller (self->run) != NULL)
    {
      ask_above (task, ask, question);
      return;
    }
  if (!is_heard (ask, json))
    {
      answer_alone (task, ask, json);
      return;
    }
  heddle_scheduler_set_waiting (self->scheduler, self, TRUE);
  if (cancellable != NULL)
    ask->cancel_handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), task, NULL);
  heddle_run_add_question (self->run, json, self->core->context, answered_cb, g_object_ref (task), g_object_unref);
  watch_answers (self);
}

JsonNode *
heddle_node_run_ask_finish (HeddleNodeRun *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
