/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-session-private.h"

#include <string.h>

/* A quiet moment after the last change, and the longest that changes stay in the journal alone. */
#define SAVE_DELAY_MS 1500
#define SAVE_RETRY_MS 5000

enum
{
  PROP_0,
  PROP_TRACE,
  PROP_RUNNING,
  PROP_SAVED,
  PROP_PAUSE_REASON,
  N_PROPS
};

enum
{
  PROBLEMS_CHANGED,
  RUN_ENDED,
  QUESTIONS_CHANGED,
  BREAKPOINTS_CHANGED,
  SAVE_FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleSession, heddle_session, G_TYPE_OBJECT)

void
_heddle_session_set_running (HeddleSession *self,
                             gboolean running)
{
  if (self->running == running)
    return;
  self->running = running;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

void
_heddle_session_set_trace (HeddleSession *self,
                           HeddleTrace *trace)
{
  if (g_set_object (&self->trace, trace))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRACE]);
}

void
_heddle_session_set_pause_reason (HeddleSession *self,
                                  const char *reason)
{
  /* The same words may speak of another item. */
  if (self->pause_reason == NULL && reason == NULL)
    return;
  g_free (self->pause_reason);
  self->pause_reason = g_strdup (reason);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAUSE_REASON]);
}

void
_heddle_session_emit_run_ended (HeddleSession *self)
{
  g_signal_emit (self, signals[RUN_ENDED], 0);
}

void
_heddle_session_emit_questions_changed (HeddleSession *self)
{
  g_signal_emit (self, signals[QUESTIONS_CHANGED], 0);
}

void
_heddle_session_emit_breakpoints_changed (HeddleSession *self)
{
  g_signal_emit (self, signals[BREAKPOINTS_CHANGED], 0);
}

static void
set_saved (HeddleSession *self,
           gboolean saved)
{
  if (self->saved == saved)
    return;
  self->saved = saved;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SAVED]);
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
  if (self->save_failed)
    return;
  self->save_failed = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SAVED]);
  g_signal_emit (self, signals[SAVE_FAILED], 0, error);
}

static void
save_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (HeddleSession) self = user_data;
  g_autoptr (GError) error = NULL;

  self->n_saves--;
  if (!heddle_store_save_workflow_finish (HEDDLE_STORE (object), result, &error))
    {
      save_failed (self, error);
      return;
    }
  self->save_failed = FALSE;
  set_saved (self, self->save_source == 0 && self->n_saves == 0);
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
  self->n_saves++;
  set_saved (self, FALSE);
  heddle_store_save_workflow_async (self->store, heddle_graph_get_id (graph), heddle_graph_get_name (graph), json,
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
 * The journal has the edit within milliseconds; the whole workflow follows in a quiet moment. One that the store does not know, or could not
 * write, is written at once: then the journal has something to stand on, and the edit is the first step of the history.
 */
static void
document_changed_cb (HeddleSession *self,
                     HeddleChange *change)
{
  if (change->edits != NULL)
    {
      heddle_store_append_journal (self->store, heddle_session_get_workflow_id (self), change->edits);
      _heddle_session_move_breakpoints (self, change->edits);
    }
  if (self->stored && change->edits != NULL)
    {
      g_clear_handle_id (&self->save_source, g_source_remove);
      self->save_source = g_timeout_add (SAVE_DELAY_MS, save_timeout_cb, self);
      set_saved (self, FALSE);
    }
  else
    heddle_session_save (self);
  if (change->flags != HEDDLE_CHANGE_LAYOUT && self->check_source == 0)
    self->check_source = g_idle_add (check_idle_cb, self);
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
  g_set_object (&self->store, services->store);
  self->document = g_object_ref (document);
  self->stored = !is_new;
  self->problems = heddle_graph_validate (heddle_document_get_graph (document));
  _heddle_session_load_breakpoints (self);
  heddle_store_hold_workflow (self->store, heddle_graph_get_id (heddle_document_get_graph (document)));
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
heddle_session_is_new (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), FALSE);

  return !self->stored && !self->save_failed;
}

gboolean
heddle_session_has_save_failed (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), FALSE);

  return self->save_failed;
}

void
_heddle_session_stop_editing (HeddleSession *self)
{
  if (!self->left)
    heddle_store_close_workflow (self->store, heddle_session_get_workflow_id (self));
  self->left = TRUE;
}

gboolean
heddle_session_is_saved (HeddleSession *self)
{
  g_return_val_if_fail (HEDDLE_IS_SESSION (self), FALSE);

  return self->saved;
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
  _heddle_session_clear_runs (self);
  if (self->document != NULL)
    _heddle_session_stop_editing (self);
  g_clear_object (&self->document);
  g_clear_object (&self->store);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_clear_pointer (&self->breakpoints, g_hash_table_unref);
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
    case PROP_PAUSE_REASON:
      g_value_set_string (value, self->pause_reason);
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
  properties[PROP_PAUSE_REASON] = g_param_spec_string ("pause-reason", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[PROBLEMS_CHANGED] = g_signal_new ("problems-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[RUN_ENDED] = g_signal_new ("run-ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[QUESTIONS_CHANGED] = g_signal_new ("questions-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[BREAKPOINTS_CHANGED] = g_signal_new ("breakpoints-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SAVE_FAILED] = g_signal_new ("save-failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
heddle_session_init (HeddleSession *self)
{
  self->saved = TRUE;
  self->tried = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->questions = heddle_json_array (json_array_new ());
}
