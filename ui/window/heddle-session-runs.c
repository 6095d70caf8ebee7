/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-session-private.h"

#include <glib/gi18n-lib.h>

/* The runs of an open workflow: one at most is under way, and one, maybe another, is looked at. */

#define TRACE_INTERVAL_MS 16
/* Of a stored run that are read at a time. */
#define PART_EVENTS 5000

static void
forget_run (HeddleSession *self)
{
  g_clear_object (&self->run);
  g_clear_object (&self->live);
}

static void
trace_state_cb (HeddleTrace *trace,
                GParamSpec *pspec,
                HeddleSession *self)
{
  if (heddle_trace_get_state (trace) == HEDDLE_RUN_RUNNING || trace != self->live)
    return;
  forget_run (self);
  _heddle_session_set_pause_reason (self, NULL);
  _heddle_session_set_running (self, FALSE);
  heddle_past_runs_refresh (heddle_session_get_past_runs (self));
  _heddle_session_emit_run_ended (self);
}

/* The run may have asked something, or have got its answer. */
static void
trace_updated_cb (HeddleTrace *trace,
                  const char *const *nodes,
                  HeddleSession *self)
{
  g_autoptr (JsonNode) questions = heddle_session_dup_questions (self);

  if (heddle_json_equal (questions, self->questions))
    return;
  json_node_unref (self->questions);
  self->questions = g_steal_pointer (&questions);
  _heddle_session_emit_questions_changed (self);
}

static void
trace_pause_cb (HeddleTrace *trace,
                GParamSpec *pspec,
                HeddleSession *self)
{
  if (trace == self->live)
    _heddle_session_set_pause_reason (self, heddle_trace_get_pause (trace));
}

/* Takes a run that has just begun. */
static void
follow (HeddleSession *self,
        HeddleRun *run)
{
  g_autoptr (HeddleTrace) live = heddle_trace_new_live (run, TRACE_INTERVAL_MS);

  forget_run (self);
  self->run = run;
  self->live = g_object_ref (live);
  g_signal_connect_object (live, "notify::state", G_CALLBACK (trace_state_cb), self, 0);
  g_signal_connect_object (live, "notify::pause", G_CALLBACK (trace_pause_cb), self, 0);
  g_signal_connect_object (live, "updated", G_CALLBACK (trace_updated_cb), self, 0);
  _heddle_session_set_running (self, TRUE);
  _heddle_session_set_trace (self, live);
  heddle_past_runs_refresh (heddle_session_get_past_runs (self));
}

/* The sentence a person sees when Run is pressed on a workflow that cannot run. */
static void
set_problem_error (GPtrArray *problems,
                   GError **error)
{
  for (guint i = 0; i < problems->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (problems, i);

      if (problem->severity != HEDDLE_SEVERITY_ERROR)
        continue;
      g_clear_error (error);
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, problem->message);
      return;
    }
}

/* Of the workflow as it is now, which is saved if it was not. */
static HeddlePlan *
compile (HeddleSession *self,
         GError **error)
{
  g_autoptr (GPtrArray) problems = heddle_problem_list_new ();
  HeddlePlan *plan;

  if (heddle_graph_get_n_nodes (heddle_session_get_graph (self)) == 0)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The workflow is empty. Add a node to begin."));
      return NULL;
    }
  plan = heddle_plan_compile (heddle_session_get_graph (self), problems, error);
  if (plan == NULL)
    set_problem_error (problems, error);
  else if (!self->saved)
    heddle_session_save (self);
  return plan;
}

gboolean
heddle_session_run (HeddleSession *self,
                    JsonNode *input,
                    const char *until,
                    gboolean stepping,
                    GError **error)
{
  HeddleRunOptions options = { .durability = HEDDLE_DURABILITY_NORMAL, .until = until, .use_pins = TRUE, .stepping = stepping };
  g_auto (GStrv) breakpoints = NULL;
  g_autoptr (HeddlePlan) plan = NULL;

  g_return_val_if_fail (HEDDLE_IS_SESSION (self), FALSE);
  g_return_val_if_fail (!self->running, FALSE);

  plan = compile (self, error);
  if (plan == NULL)
    return FALSE;
  if (input != NULL)
    json_node_ref (input);
  g_clear_pointer (&self->last_input, json_node_unref);
  self->last_input = input;
  breakpoints = heddle_session_dup_breakpoints (self);
  options.breakpoints = (const char *const *) breakpoints;
  follow (self, heddle_engine_start (self->services->engine, plan, input, &options));
  return TRUE;
}

void
heddle_session_stop (HeddleSession *self)
{
  g_return_if_fail (HEDDLE_IS_SESSION (self));

  g_cancellable_cancel (self->starting);
  if (self->run != NULL)
    heddle_run_cancel (self->run);
}

void
heddle_session_leave (HeddleSession *self)
{
  g_return_if_fail (HEDDLE_IS_SESSION (self));

  g_cancellable_cancel (self->starting);
  if (self->run != NULL && self->running)
    heddle_engine_interrupt (self->services->engine, self->run);
  _heddle_session_stop_editing (self);
}

/* What a run that is made asynchronously began, or why it did not. */
static void
begun (GTask *task,
       HeddleRun *run,
       GError *error)
{
  HeddleSession *self = g_task_get_source_object (task);

  g_clear_object (&self->starting);
  if (run == NULL)
    {
      _heddle_session_set_running (self, FALSE);
      heddle_past_runs_refresh (heddle_session_get_past_runs (self));
      g_task_return_error (task, error);
      return;
    }
  follow (self, run);
  g_task_return_boolean (task, TRUE);
}

static void
run_again_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  HeddleRun *run = heddle_engine_run_again_finish (HEDDLE_ENGINE (object), result, &error);

  begun (task, run, error);
}

static void
resume_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  HeddleRun *run = heddle_engine_resume_finish (HEDDLE_ENGINE (object), result, &error);

  begun (task, run, error);
}

/* NULL: there is one already, which was told. */
static GTask *
begin (HeddleSession *self,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, begin);
  if (!self->running)
    {
      self->starting = g_cancellable_new ();
      _heddle_session_set_running (self, TRUE);
      return task;
    }
  g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_BUSY, _ ("A run of this workflow is under way. Stop it first, or wait for its end."));
  g_object_unref (task);
  return NULL;
}

void
heddle_session_run_again_async (HeddleSession *self,
                                const HeddleSessionAgain *again,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (HeddlePlan) plan = NULL;
  g_auto (GStrv) breakpoints = NULL;
  HeddleRunAgain engine_again;
  GError *error = NULL;
  GTask *task;

  g_return_if_fail (HEDDLE_IS_SESSION (self) && again != NULL);

  task = begin (self, callback, user_data);
  if (task == NULL)
    return;
  if (!again->as_it_was)
    {
      plan = compile (self, &error);
      if (plan == NULL)
        {
          begun (task, NULL, error);
          g_object_unref (task);
          return;
        }
    }
  breakpoints = heddle_session_dup_breakpoints (self);
  engine_again = (HeddleRunAgain){
    .run = again->run != NULL ? again->run : heddle_session_get_base_run (self),
    .plan = plan,
    .from = again->from,
    .until = again->until,
    .outputs = again->outputs,
    .replay = again->replay,
    .live = again->live,
    .options = { .durability = HEDDLE_DURABILITY_NORMAL, .use_pins = !again->replay, .breakpoints = (const char *const *) breakpoints },
  };
  heddle_engine_run_again_async (self->services->engine, &engine_again, self->starting, run_again_cb, task);
}

void
heddle_session_resume_async (HeddleSession *self,
                             const char *run,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  HeddleRunOptions options = { .durability = HEDDLE_DURABILITY_NORMAL };
  g_auto (GStrv) breakpoints = NULL;
  GTask *task;

  g_return_if_fail (HEDDLE_IS_SESSION (self) && run != NULL);

  breakpoints = heddle_session_dup_breakpoints (self);
  options.breakpoints = (const char *const *) breakpoints;
  task = begin (self, callback, user_data);
  if (task != NULL)
    heddle_engine_resume_async (self->services->engine, run, &options, self->starting, resume_cb, task);
}

static void
waiting_resumed_cb (GObject *object,
                    GAsyncResult *result,
                    gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!heddle_session_begin_finish (HEDDLE_SESSION (object), result, &error))
    g_debug ("A run that waits was not resumed: %s", error->message);
}

/* Each is tried once: another process may be quicker. */
static void
resume_waiting (HeddleSession *self)
{
  GPtrArray *runs = heddle_past_runs_get_interrupted (heddle_session_get_past_runs (self));

  for (guint i = 0; !self->running && i < runs->len; i++)
    {
      const HeddleRunInfo *info = g_ptr_array_index (runs, i);

      if (info->n_questions == 0 || info->n_doubts > 0 || !g_hash_table_add (self->tried, g_strdup (info->id)))
        continue;
      heddle_session_resume_async (self, info->id, waiting_resumed_cb, NULL);
    }
}

gboolean
heddle_session_begin_finish (HeddleSession *self,
                             GAsyncResult *result,
                             GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* A stored run on its way into a trace. */
typedef struct
{
  char *run;
  HeddleTrace *trace; /* NULL before the first part */
  guint64 last;       /* number of the last event that is in it */
} Loading;

static void
loading_free (gpointer data)
{
  Loading *loading = data;

  g_free (loading->run);
  g_clear_object (&loading->trace);
  g_free (loading);
}

static void
take_part (Loading *loading,
           const HeddleRunInfo *info,
           GPtrArray *events)
{
  if (loading->trace == NULL)
    loading->trace = heddle_trace_new (info->id, info->started);
  if (events->len == 0)
    return;
  loading->last = ((const HeddleEvent *) g_ptr_array_index (events, events->len - 1))->seq;
  heddle_trace_apply (loading->trace, events);
}

static void load_part (GTask *task);

static void
load_part_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Loading *loading = g_task_get_task_data (task);
  g_autoptr (GPtrArray) events = NULL;
  HeddleRunInfo *info = NULL;
  GError *error = NULL;

  events = heddle_store_load_news_finish (HEDDLE_STORE (object), result, &info, &error);
  if (events == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  take_part (loading, info, events);
  heddle_run_info_free (info);
  if (events->len == PART_EVENTS)
    {
      load_part (task);
      return;
    }
  _heddle_session_set_trace (g_task_get_source_object (task), loading->trace);
  g_task_return_boolean (task, TRUE);
}

static void
load_part (GTask *task)
{
  HeddleSession *self = g_task_get_source_object (task);
  const Loading *loading = g_task_get_task_data (task);

  heddle_store_load_news_async (self->store, loading->run, loading->last, PART_EVENTS, g_task_get_cancellable (task), load_part_cb, g_object_ref (task));
}

/* A run that is still going is shown live, not from what is stored of it so far. */
void
heddle_session_show_run_async (HeddleSession *self,
                               const char *run_id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Loading *loading;

  g_return_if_fail (HEDDLE_IS_SESSION (self));

  g_task_set_source_tag (task, heddle_session_show_run_async);
  if (self->live != NULL && g_strcmp0 (heddle_trace_get_run_id (self->live), run_id) == 0)
    {
      _heddle_session_set_trace (self, self->live);
      g_task_return_boolean (task, TRUE);
      return;
    }
  loading = g_new0 (Loading, 1);
  loading->run = g_strdup (run_id);
  g_task_set_task_data (task, loading, loading_free);
  load_part (task);
}

gboolean
heddle_session_show_run_finish (HeddleSession *self,
                                GAsyncResult *result,
                                GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
heddle_session_is_running (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), FALSE);

  return self->running;
}

const char *
heddle_session_get_live_run (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), NULL);

  return self->run != NULL ? heddle_run_get_id (self->run) : NULL;
}

gboolean
heddle_session_shows_live (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), FALSE);

  return self->live != NULL && self->live == self->trace;
}

const char *
heddle_session_get_pause_reason (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), NULL);

  return self->pause_reason;
}

HeddlePastRuns *
heddle_session_get_past_runs (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), NULL);

  if (self->past_runs == NULL)
    {
      self->past_runs = heddle_past_runs_new (self->store, heddle_session_get_workflow_id (self));
      g_signal_connect_object (self->past_runs, "changed", G_CALLBACK (resume_waiting), self, G_CONNECT_SWAPPED);
    }
  return self->past_runs;
}

void
heddle_session_forget_run (HeddleSession *self)
{
  g_return_if_fail (HEDDLE_IS_SESSION (self));

  _heddle_session_set_trace (self, self->live);
  heddle_past_runs_refresh (heddle_session_get_past_runs (self));
}

const char *
heddle_session_get_base_run (HeddleSession *self)
{
  const HeddleRunInfo *latest;

  g_return_val_if_fail (HEDDLE_IS_SESSION (self), NULL);

  if (self->trace != NULL)
    return heddle_trace_get_run_id (self->trace);
  latest = heddle_past_runs_get_latest (heddle_session_get_past_runs (self));
  return latest != NULL ? latest->id : NULL;
}

/* The trace of a run that is not shown live may be older than what the store knows. */
HeddleRunState
heddle_session_get_base_state (HeddleSession *self)
{
  const HeddleRunInfo *info;

  g_return_val_if_fail (HEDDLE_IS_SESSION (self), HEDDLE_RUN_OK);

  if (self->trace != NULL && heddle_trace_get_state (self->trace) != HEDDLE_RUN_RUNNING)
    return heddle_trace_get_state (self->trace);
  info = heddle_past_runs_find (heddle_session_get_past_runs (self), heddle_session_get_base_run (self));
  if (info != NULL)
    return info->state;
  return self->trace != NULL ? HEDDLE_RUN_RUNNING : HEDDLE_RUN_OK;
}

JsonNode *
heddle_session_get_last_input (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), NULL);

  return self->last_input;
}

HeddleTrace *
heddle_session_get_trace (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), NULL);

  return self->trace;
}

JsonNode *
heddle_session_dup_questions (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), NULL);

  return self->run != NULL ? heddle_run_dup_questions (self->run) : heddle_json_array (json_array_new ());
}

gboolean
heddle_session_answer (HeddleSession *self,
                       const char *question,
                       JsonNode *answer,
                       GError **error)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), FALSE);

  if (self->run != NULL)
    return heddle_run_answer (self->run, question, answer, error);
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("The run has ended."));
  return FALSE;
}

void
_heddle_session_clear_runs (HeddleSession *self)
{
  g_cancellable_cancel (self->starting);
  g_clear_object (&self->starting);
  forget_run (self);
  g_clear_object (&self->trace);
  g_clear_object (&self->past_runs);
  g_clear_pointer (&self->tried, g_hash_table_unref);
  g_clear_pointer (&self->questions, json_node_unref);
  g_clear_pointer (&self->pause_reason, g_free);
  g_clear_pointer (&self->last_input, json_node_unref);
}
