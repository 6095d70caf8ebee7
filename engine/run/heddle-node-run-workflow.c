/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "graph/heddle-document.h"
#include "run/heddle-called-run.h"
#include "run/heddle-effects-private.h"
#include "run/heddle-node-run-private.h"
#include "run/heddle-past.h"
#include "run/heddle-run-private.h"
#include "store/heddle-store-claims.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>

/* How deep workflows may call each other: one that calls itself ends here. */
#define MAX_DEPTH 16

/* A run within a run, from its loading to its end. */
typedef struct
{
  HeddleNodeRun *caller;
  JsonNode *input;
  HeddleRun *run; /* NULL until it has started */
  JsonNode *usage;
  JsonNode *effect; /* what is called, for the record */
  char *ended;      /* id of a run that gave its answer before, of the recorded run or before the program was gone; or NULL */
  gboolean is_paid; /* what it used was counted with that answer */
  guint subscription;
  gulong cancel_handler;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->run);
  g_clear_pointer (&call->input, json_node_unref);
  g_clear_pointer (&call->usage, json_node_unref);
  json_node_unref (call->effect);
  g_free (call->ended);
  heddle_node_run_unref (call->caller);
  g_free (call);
}

static JsonNode *
make_effect (const char *workflow, JsonNode *input)
{
  JsonObject *effect = json_object_new ();

  json_object_set_member (effect, "workflow", heddle_json_string (workflow));
  json_object_set_member (effect, "input", input != NULL ? json_node_ref (input) : heddle_json_null ());
  return heddle_json_object (effect);
}

static const char *
get_run (const Call *call)
{
  return call->run != NULL ? heddle_run_get_id (call->run) : call->ended;
}

static void
record (Call *call, JsonNode *output, const GError *error)
{
  JsonObject *response = json_object_new ();
  g_autoptr (JsonNode) json = NULL;

  if (output != NULL)
    json_object_set_member (response, "output", json_node_ref (output));
  if (get_run (call) != NULL)
    json_object_set_string_member (response, "run", get_run (call));
  json = heddle_json_object (response);
  heddle_node_run_record_effect (call->caller, "workflow", call->effect, json, error);
}

static void
finish (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  JsonNode *output = heddle_run_dup_output (call->run, &error);

  record (call, output, error);

  g_cancellable_disconnect (g_task_get_cancellable (task), call->cancel_handler);
  heddle_run_unsubscribe (call->run, call->subscription);
  if (g_task_return_error_if_cancelled (task))
    {
      g_clear_pointer (&output, json_node_unref);
      g_clear_error (&error);
    }
  else if (output != NULL)
    g_task_return_pointer (task, output, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
}

static void
events_cb (HeddleRun *run, GPtrArray *events, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  Call *call = g_task_get_task_data (task);
  const HeddleEvent *last = g_ptr_array_index (events, events->len - 1);
  JsonNode *usage = heddle_json_member (last->data, "usage");

  if (last->kind != HEDDLE_EVENT_RUN_FINISHED)
    return;
  call->usage = usage != NULL ? json_node_ref (usage) : NULL;
  finish (task);
}

static void
cancelled_cb (GCancellable *cancellable, gpointer run)
{
  heddle_run_cancel (run);
}

static JsonNode *
create_trigger (HeddleNodeRun *caller)
{
  JsonObject *trigger = json_object_new ();

  json_object_set_string_member (trigger, "kind", "workflow");
  json_object_set_string_member (trigger, "run", heddle_run_get_id (caller->run));
  json_object_set_string_member (trigger, "node", caller->step->id);
  return heddle_json_object (trigger);
}

/* A run that goes on has its own past and input. */
static void
start (GTask *task, HeddleRun *run, JsonNode *input, HeddlePast *past)
{
  Call *call = g_task_get_task_data (task);
  HeddleRunOptions options = { .durability = heddle_scheduler_get_durability (call->caller->scheduler), .past = past, .resume = past != NULL };

  call->run = g_object_ref (run);
  heddle_run_set_depth (run, heddle_run_get_depth (call->caller->run) + 1);
  heddle_run_set_caller (run, call->caller);
  call->subscription = heddle_run_subscribe (run, g_task_get_context (task), 0, events_cb, g_object_ref (task), g_object_unref);
  if (g_task_get_cancellable (task) != NULL)
    call->cancel_handler = g_cancellable_connect (g_task_get_cancellable (task), G_CALLBACK (cancelled_cb), g_object_ref (run), g_object_unref);
  heddle_run_set_effects (run, heddle_effects_new (heddle_run_get_plan (run), &options));
  heddle_scheduler_start (call->caller->core, run, input, &options);
}

static void
start_new (GTask *task, HeddlePlan *plan)
{
  const Call *call = g_task_get_task_data (task);
  g_autoptr (JsonNode) trigger = create_trigger (call->caller);
  g_autoptr (HeddleRun) run = heddle_run_new (plan, NULL, trigger);

  heddle_called_run_tell (call->caller, call->effect, heddle_run_get_id (run));
  start (task, run, call->input, NULL);
}

/* The saved text with the edits that came after it. */
static HeddlePlan *
compile (const HeddleWorkflowInfo *info, JsonNode *journal, GError **error)
{
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (info->json, -1, error);
  g_autoptr (HeddleDocument) document = NULL;

  if (graph == NULL)
    return NULL;
  document = heddle_document_new (graph);
  if (journal != NULL && !heddle_document_replay (document, journal, error))
    return NULL;
  return heddle_plan_compile (graph, NULL, error);
}

static void
return_stopped (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The run was stopped."));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) journal = NULL;
  HeddleWorkflowInfo *info = heddle_store_load_workflow_finish (HEDDLE_STORE (source), result, &journal, &error);
  g_autoptr (HeddlePlan) plan = info != NULL ? compile (info, journal, &error) : NULL;

  g_clear_pointer (&info, heddle_workflow_info_free);
  if (plan == NULL)
    {
      heddle_node_run_record_effect (call->caller, "workflow", call->effect, NULL, error);
      g_task_return_error (task, error);
    }
  else if (call->caller->scheduler == NULL)
    return_stopped (task);
  else
    start_new (task, plan);
}

static void
load (GTask *task)
{
  const Call *call = g_task_get_task_data (task);

  heddle_store_load_workflow_async (call->caller->core->services.store, heddle_json_get_string (call->effect, "workflow", ""), g_task_get_cancellable (task),
                                    loaded_cb, g_object_ref (task));
}

/* As the workflow was then. */
static gboolean
go_on (GTask *task, const HeddleStoredRun *stored, GError **error)
{
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (stored->source, -1, error);
  g_autoptr (HeddlePlan) plan = graph != NULL ? heddle_plan_compile (graph, NULL, error) : NULL;
  g_autoptr (HeddlePast) past = NULL;
  g_autoptr (HeddleRun) run = NULL;

  if (plan == NULL)
    return FALSE;
  past = heddle_past_new (stored->info->id, stored->events);
  run = heddle_run_new_continued (plan, stored->info->id, stored->info->started, past, stored->events);
  start (task, run, heddle_past_get_input (past), past);
  return TRUE;
}

/* It came to its end before the program was gone, whether what called it heard of it or not. */
static void
take_end (GTask *task, const HeddleStoredRun *stored)
{
  Call *call = g_task_get_task_data (task);
  const HeddleEvent *last = stored->events->len > 0 ? g_ptr_array_index (stored->events, stored->events->len - 1) : NULL;
  JsonNode *end = last != NULL && last->kind == HEDDLE_EVENT_RUN_FINISHED ? last->data : NULL;
  JsonNode *usage = heddle_json_member (end, "usage");
  JsonNode *output = heddle_json_member (end, "output");
  JsonNode *failure = heddle_json_member (end, "error");
  GError *error = NULL;

  call->ended = g_strdup (stored->info->id);
  call->usage = usage != NULL && !call->is_paid ? json_node_ref (usage) : NULL;
  if (failure != NULL)
    error = heddle_error_from_json (failure);
  else if (stored->info->state != HEDDLE_RUN_OK)
    error = g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_CANCELLED, _ ("The workflow that was called was stopped."));
  record (call, output, error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, output != NULL ? json_node_ref (output) : heddle_json_null (), (GDestroyNotify) json_node_unref);
}

static void
claimed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (HeddleStoredRun) stored = heddle_store_claim_run_finish (HEDDLE_STORE (source), result, &error);
  gboolean is_claimed = stored != NULL && stored->info->state == HEDDLE_RUN_INTERRUPTED;
  gboolean is_stopped = call->caller->scheduler == NULL || g_cancellable_is_cancelled (g_task_get_cancellable (task));
  gboolean goes_on = !is_stopped && is_claimed && go_on (task, stored, &error);

  if (is_claimed && !goes_on)
    heddle_store_release_run (HEDDLE_STORE (source), stored->info->id);
  if (is_stopped)
    return_stopped (task);
  else if (g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND))
    load (task);
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (!is_claimed)
    take_end (task, stored);
  g_clear_error (&error);
}

static gboolean
check (HeddleNodeRun *self, GError **error)
{
  if (self->core->services.store == NULL)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("There are no stored workflows here. Start the run with a database."));
  else if (heddle_run_get_depth (self->run) >= MAX_DEPTH)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("Workflows call each other more than %d deep. Does one call itself?"), MAX_DEPTH);
  else
    return TRUE;
  return FALSE;
}

/* A workflow that was called then is not called again; what its models used was paid then. */
static gboolean
replay (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  g_autoptr (JsonNode) response = NULL;
  JsonNode *output;
  GError *error = NULL;

  if (!heddle_node_run_replay_effect (call->caller, "workflow", call->effect, &response, &error))
    return FALSE;
  output = heddle_json_member (response, "output");
  call->ended = g_strdup (heddle_json_get_string (response, "run", NULL));
  if (call->ended != NULL)
    heddle_effects_take_called (heddle_run_get_effects (call->caller->run), call->ended);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, output != NULL ? json_node_ref (output) : heddle_json_null (), (GDestroyNotify) json_node_unref);
  return TRUE;
}

void
heddle_node_run_call_workflow_async (HeddleNodeRun *self, const char *workflow, JsonNode *input, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *begun = NULL;
  GError *error = NULL;
  Call *call;

  g_return_if_fail (self != NULL && workflow != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_node_run_call_workflow_async);
  if (!check (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  call = g_new0 (Call, 1);
  call->caller = heddle_node_run_ref (self);
  call->input = input != NULL ? json_node_ref (input) : NULL;
  call->effect = make_effect (workflow, input);
  g_task_set_task_data (task, call, call_free);
  if (replay (task))
    return;
  begun = heddle_called_run_find (self, call->effect, &call->is_paid);
  if (begun != NULL)
    heddle_store_claim_called_run_async (self->core->services.store, begun, cancellable, claimed_cb, g_object_ref (task));
  else
    load (task);
}

JsonNode *
heddle_node_run_call_workflow_finish (HeddleNodeRun *self, GAsyncResult *result, const char **run, JsonNode **usage, GError **error)
{
  const Call *call;

  g_return_val_if_fail (self != NULL && g_task_is_valid (result, NULL), NULL);

  call = g_task_get_task_data (G_TASK (result));
  *run = call != NULL ? get_run (call) : NULL;
  *usage = call != NULL ? call->usage : NULL;
  return g_task_propagate_pointer (G_TASK (result), error);
}
