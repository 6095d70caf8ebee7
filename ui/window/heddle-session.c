/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-session.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A quiet moment after the last change, and the longest that changes stay in the journal alone. */
#define SAVE_DELAY_MS 1500
#define SAVE_RETRY_MS 5000
#define TRACE_INTERVAL_MS 16

struct _HeddleSession
{
  GObject parent_instance;

  const HeddleServices *services;
  HeddleDocument *document;
  GPtrArray *problems;
  HeddleRun *run;
  HeddleTrace *trace;
  JsonNode *questions; /* that were told of last */
  JsonNode *last_input;
  guint save_source;
  guint check_source;
  gboolean stored; /* the store has a row for it */
  gboolean saved;
  gboolean save_failed; /* and has been told of */
  gboolean running;
};

enum
{
  PROP_0,
  PROP_TRACE,
  PROP_RUNNING,
  PROP_SAVED,
  N_PROPS
};

enum
{
  PROBLEMS_CHANGED,
  RUN_ENDED,
  QUESTIONS_CHANGED,
  SAVE_FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleSession, heddle_session, G_TYPE_OBJECT)

static void
set_saved (HeddleSession *self,
           gboolean saved)
{
  if (self->saved == saved)
    return;
  self->saved = saved;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SAVED]);
}

static void
set_running (HeddleSession *self,
             gboolean running)
{
  if (self->running == running)
    return;
  self->running = running;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

static gboolean
save_timeout_cb (gpointer user_data)
{
  HeddleSession *self = user_data;

  self->save_source = 0;
  heddle_session_save (self);
  return G_SOURCE_REMOVE;
}

/* Tried again until it can be written; the person hears of it once. */
static void
save_failed (HeddleSession *self,
             const GError *error)
{
  self->stored = FALSE;
  set_saved (self, FALSE);
  if (self->document != NULL && self->save_source == 0)
    self->save_source = g_timeout_add (SAVE_RETRY_MS, save_timeout_cb, self);
  if (!self->save_failed)
    g_signal_emit (self, signals[SAVE_FAILED], 0, error);
  self->save_failed = TRUE;
}

static void
save_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (HeddleSession) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!heddle_store_save_workflow_finish (HEDDLE_STORE (object), result, &error))
    {
      save_failed (self, error);
      return;
    }
  self->save_failed = FALSE;
  set_saved (self, self->save_source == 0);
}

void
heddle_session_save (HeddleSession *self)
{
  HeddleGraph *graph;
  g_autofree char *json = NULL;

  g_return_if_fail (HEDDLE_IS_SESSION (self));

  graph = heddle_session_get_graph (self);
  json = heddle_graph_to_json (graph);
  g_clear_handle_id (&self->save_source, g_source_remove);
  self->stored = TRUE;
  heddle_store_save_workflow_async (self->services->store, heddle_graph_get_id (graph), heddle_graph_get_name (graph), json,
                                    NULL, save_cb, g_object_ref (self));
}

static gboolean
check_idle_cb (gpointer user_data)
{
  HeddleSession *self = user_data;

  self->check_source = 0;
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  self->problems = heddle_graph_validate (heddle_session_get_graph (self));
  g_signal_emit (self, signals[PROBLEMS_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/*
 * The journal has the edit within milliseconds; the whole workflow follows in a quiet moment. A
 * workflow that the store does not know is written first, so that the journal has something to
 * stand on.
 */
static void
document_changed_cb (HeddleSession *self,
                     HeddleChange *change)
{
  if (self->stored && change->edits != NULL)
    {
      heddle_store_append_journal (self->services->store, heddle_session_get_workflow_id (self), change->edits);
      g_clear_handle_id (&self->save_source, g_source_remove);
      self->save_source = g_timeout_add (SAVE_DELAY_MS, save_timeout_cb, self);
      set_saved (self, FALSE);
    }
  else
    heddle_session_save (self);
  if (change->flags != HEDDLE_CHANGE_LAYOUT && self->check_source == 0)
    self->check_source = g_idle_add (check_idle_cb, self);
}

static void
set_trace (HeddleSession *self,
           HeddleTrace *trace)
{
  if (g_set_object (&self->trace, trace))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRACE]);
}

static void
trace_state_cb (HeddleTrace *trace,
                GParamSpec *pspec,
                HeddleSession *self)
{
  if (heddle_trace_get_state (trace) == HEDDLE_RUN_RUNNING || self->run == NULL ||
      g_strcmp0 (heddle_trace_get_run_id (trace), heddle_run_get_id (self->run)) != 0)
    return;
  g_clear_object (&self->run);
  set_running (self, FALSE);
  g_signal_emit (self, signals[RUN_ENDED], 0);
}

/* The run that the trace shows may have asked something, or have got its answer. */
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
  g_signal_emit (self, signals[QUESTIONS_CHANGED], 0);
}

static void
follow_trace (HeddleSession *self,
              HeddleTrace *trace)
{
  g_signal_connect_object (trace, "notify::state", G_CALLBACK (trace_state_cb), self, 0);
  g_signal_connect_object (trace, "updated", G_CALLBACK (trace_updated_cb), self, 0);
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

gboolean
heddle_session_run (HeddleSession *self,
                    JsonNode *input,
                    GError **error)
{
  const HeddleRunOptions options = { .durability = HEDDLE_DURABILITY_NORMAL };
  g_autoptr (GPtrArray) problems = heddle_problem_list_new ();
  g_autoptr (HeddlePlan) plan = NULL;
  g_autoptr (HeddleTrace) trace = NULL;

  g_return_val_if_fail (HEDDLE_IS_SESSION (self), FALSE);
  g_return_val_if_fail (!self->running, FALSE);

  if (heddle_graph_get_n_nodes (heddle_session_get_graph (self)) == 0)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The workflow is empty. Add a node to begin."));
      return FALSE;
    }
  plan = heddle_plan_compile (heddle_session_get_graph (self), problems, error);
  if (plan == NULL)
    {
      set_problem_error (problems, error);
      return FALSE;
    }
  if (!self->saved)
    heddle_session_save (self);
  if (input != NULL)
    json_node_ref (input);
  g_clear_pointer (&self->last_input, json_node_unref);
  self->last_input = input;
  g_clear_object (&self->run);
  self->run = heddle_engine_start (self->services->engine, plan, input, &options);
  trace = heddle_trace_new_live (self->run, TRACE_INTERVAL_MS);
  follow_trace (self, trace);
  set_running (self, TRUE);
  set_trace (self, trace);
  return TRUE;
}

void
heddle_session_stop (HeddleSession *self)
{
  g_return_if_fail (HEDDLE_IS_SESSION (self));

  if (self->run != NULL)
    heddle_run_cancel (self->run);
}

static void
load_run_cb (GObject *object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  HeddleSession *self = g_task_get_source_object (task);
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (HeddleTrace) trace = NULL;
  HeddleRunInfo *info = NULL;
  GError *error = NULL;

  events = heddle_store_load_run_finish (HEDDLE_STORE (object), result, &info, NULL, &error);
  if (events == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  trace = heddle_trace_new (info->id, info->started);
  heddle_trace_apply (trace, events);
  heddle_run_info_free (info);
  set_trace (self, trace);
  g_task_return_boolean (task, TRUE);
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

  g_return_if_fail (HEDDLE_IS_SESSION (self));

  g_task_set_source_tag (task, heddle_session_show_run_async);
  if (self->run != NULL && g_strcmp0 (heddle_run_get_id (self->run), run_id) == 0)
    {
      g_autoptr (HeddleTrace) live = heddle_trace_new_live (self->run, TRACE_INTERVAL_MS);

      follow_trace (self, live);
      set_trace (self, live);
      g_task_return_boolean (task, TRUE);
      return;
    }
  heddle_store_load_run_async (self->services->store, run_id, cancellable, load_run_cb, g_object_ref (task));
}

gboolean
heddle_session_show_run_finish (HeddleSession *self,
                                GAsyncResult *result,
                                GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

HeddleSession *
heddle_session_new (const HeddleServices *services,
                    HeddleDocument *document,
                    gboolean is_new)
{
  HeddleSession *self;

  g_return_val_if_fail (services != NULL, NULL);
  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (document), NULL);

  self = g_object_new (HEDDLE_TYPE_SESSION, NULL);
  self->services = services;
  self->document = g_object_ref (document);
  self->stored = !is_new;
  self->problems = heddle_graph_validate (heddle_document_get_graph (document));
  g_signal_connect_object (document, "changed", G_CALLBACK (document_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

const HeddleServices *
heddle_session_get_services (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), NULL);

  return self->services;
}

HeddleDocument *
heddle_session_get_document (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), NULL);

  return self->document;
}

HeddleGraph *
heddle_session_get_graph (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), NULL);

  return heddle_document_get_graph (self->document);
}

const char *
heddle_session_get_workflow_id (HeddleSession *self)
{
  return heddle_graph_get_id (heddle_session_get_graph (self));
}

GPtrArray *
heddle_session_get_problems (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), NULL);

  return self->problems;
}

gboolean
heddle_session_is_saved (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), FALSE);

  return self->saved;
}

gboolean
heddle_session_is_running (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), FALSE);

  return self->running;
}

JsonNode *
heddle_session_get_last_input (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), NULL);

  return self->last_input;
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

HeddleTrace *
heddle_session_get_trace (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), NULL);

  return self->trace;
}

const HeddleNode *
heddle_session_find_start_node (HeddleSession *self)
{
  HeddleGraph *graph = heddle_session_get_graph (self);
  const HeddleNode *found = NULL;

  for (guint i = 0; i < heddle_graph_get_n_nodes (graph); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (graph, i);

      if (node->type == NULL || !(node->type->flags & HEDDLE_NODE_START))
        continue;
      if (strcmp (node->type->id, "input") == 0)
        return node;
      if (found == NULL)
        found = node;
    }
  return found;
}

static void
heddle_session_dispose (GObject *object)
{
  HeddleSession *self = HEDDLE_SESSION (object);

  g_clear_handle_id (&self->save_source, g_source_remove);
  g_clear_handle_id (&self->check_source, g_source_remove);
  g_clear_object (&self->trace);
  g_clear_object (&self->run);
  g_clear_pointer (&self->questions, json_node_unref);
  g_clear_object (&self->document);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_clear_pointer (&self->last_input, json_node_unref);
  G_OBJECT_CLASS (heddle_session_parent_class)->dispose (object);
}

static void
heddle_session_get_property (GObject *object,
                             guint prop_id,
                             GValue *value,
                             GParamSpec *pspec)
{
  HeddleSession *self = HEDDLE_SESSION (object);

  switch (prop_id)
    {
    case PROP_TRACE:
      g_value_set_object (value, self->trace);
      break;
    case PROP_RUNNING:
      g_value_set_boolean (value, self->running);
      break;
    case PROP_SAVED:
      g_value_set_boolean (value, self->saved);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
heddle_session_class_init (HeddleSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = heddle_session_dispose;
  object_class->get_property = heddle_session_get_property;

  properties[PROP_TRACE] = g_param_spec_object ("trace", NULL, NULL, HEDDLE_TYPE_TRACE, flags);
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, flags);
  properties[PROP_SAVED] = g_param_spec_boolean ("saved", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[PROBLEMS_CHANGED] = g_signal_new ("problems-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[RUN_ENDED] = g_signal_new ("run-ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[QUESTIONS_CHANGED] = g_signal_new ("questions-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SAVE_FAILED] = g_signal_new ("save-failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
heddle_session_init (HeddleSession *self)
{
  self->saved = TRUE;
  self->questions = heddle_json_array (json_array_new ());
}
