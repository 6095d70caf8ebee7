/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-agent-private.h"

#include "chat/heddle-messages.h"
#include "heddle-error.h"
#include "value/heddle-json-schema.h"
#include "value/heddle-json.h"
#include "value/heddle-text.h"

#include <math.h>
#include <string.h>

/* After so many turns with the same calls the model is told instead of answered again. */
#define MAX_SAME_TURNS 3

typedef enum
{
  CALL_UNAPPROVED, /* a person has to be asked */
  CALL_READY,
  CALL_RUNNING,
  CALL_DONE,
} CallState;

typedef struct _Turn Turn;

/* One call of a turn. */
typedef struct
{
  Turn *turn; /* owns it */
  CallState state;
  char *id;
  char *name;
  HeddleTool *tool;    /* NULL: there is none of that name */
  JsonNode *arguments; /* as they are called with */
  guint64 span;
  gint64 started;
  gint64 duration;
  GCancellable *cancellable;
  gulong cancel_handler;
  GSource *timeout;
  gboolean timed_out;
  JsonNode *result;
  gboolean is_error;
} Call;

/* All calls that the model makes at once. */
struct _Turn
{
  HeddleAgent *agent;
  GPtrArray *calls;
  guint n_running;
  GError *divergence; /* a replayed call asked for something else than then; or NULL */
  gboolean asking;
  gboolean pumping;
};

static void
stop_watching (Call *self)
{
  if (self->timeout != NULL)
    g_source_destroy (self->timeout);
  g_clear_pointer (&self->timeout, g_source_unref);
  if (self->cancel_handler != 0)
    g_signal_handler_disconnect (heddle_node_run_get_cancellable (self->turn->agent->run), self->cancel_handler);
  self->cancel_handler = 0;
}

static void
call_free (gpointer data)
{
  Call *self = data;

  stop_watching (self);
  g_free (self->id);
  g_free (self->name);
  g_clear_object (&self->tool);
  g_clear_pointer (&self->arguments, json_node_unref);
  g_clear_pointer (&self->result, json_node_unref);
  g_clear_object (&self->cancellable);
  g_free (self);
}

static void
turn_free (gpointer data)
{
  Turn *self = data;

  g_ptr_array_unref (self->calls);
  g_clear_error (&self->divergence);
  heddle_agent_unref (self->agent);
  g_free (self);
}

static JsonNode *
describe_call (Call *self)
{
  JsonObject *attributes = json_object_new ();

  json_object_set_member (attributes, "tool", heddle_json_string (self->name));
  json_object_set_member (attributes, "arguments", json_node_ref (self->arguments));
  if (self->tool != NULL && heddle_tool_get_node (self->tool) != NULL)
    json_object_set_member (attributes, "tool_node", heddle_json_string (heddle_tool_get_node (self->tool)));
  if (self->tool != NULL)
    json_object_set_member (attributes, "tool_kind", heddle_json_string (heddle_tool_get_kind (self->tool)));
  return heddle_json_object (attributes);
}

static void
begin_span (Call *self)
{
  HeddleAgent *agent = self->turn->agent;

  if (self->span == 0)
    self->span = heddle_node_run_begin_span (agent->run, "tool", self->name, agent->span, describe_call (self));
  self->started = g_get_monotonic_time ();
}

static JsonObject *
describe_answer (Call *self)
{
  JsonObject *answer = json_object_new ();

  json_object_set_member (answer, "result", json_node_ref (self->result));
  json_object_set_boolean_member (answer, "is_error", self->is_error);
  return answer;
}

/* Takes result. error: why the call failed, which the trace shows as its end. */
static void
settle (Call *self, JsonNode *result, gboolean is_error, const GError *error)
{
  stop_watching (self);
  begin_span (self);
  self->state = CALL_DONE;
  self->result = result;
  self->is_error = is_error;
  heddle_node_run_end_span (self->turn->agent->run, self->span, heddle_json_object (describe_answer (self)), error);
}

/* What went wrong is told to the model, which can do better. */
static void
refuse (Call *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
refuse (Call *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  error = g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_INVALID, text);
  settle (self, heddle_json_string (text), TRUE, error);
}

static void
refuse_unknown (Call *self)
{
  g_autofree char *names = heddle_agent_list_names (self->turn->agent);

  if (*names == '\0')
    refuse (self, _ ("There is no tool “%.80s”, and no other. Answer without tools."), self->name);
  else
    refuse (self, _ ("There is no tool “%.80s”. These are there: %s."), self->name, names);
}

/* Whether the arguments are what the tool takes; else the call is answered with what is wrong. */
static gboolean
check_arguments (Call *self)
{
  g_autoptr (GError) error = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (self->arguments))
    refuse (self, _ ("The arguments are not a JSON object. Call “%s” again with arguments that fit its parameters."), self->name);
  else if (!heddle_json_schema_check (heddle_tool_get_parameters (self->tool), self->arguments, &error))
    refuse (self, _ ("The arguments do not fit: %s Correct them and call “%s” again."), error->message, self->name);
  else
    return TRUE;
  return FALSE;
}

static HeddleApproval
get_approval (Call *self)
{
  HeddleApproval approval = heddle_tool_get_approval (self->tool);

  if (approval == HEDDLE_APPROVAL_AGENT && !heddle_approval_from_string (self->turn->agent->params->approval, &approval))
    approval = HEDDLE_APPROVAL_ALWAYS;
  return MAX (approval, heddle_tool_get_least_approval (self->tool));
}

static char *
approval_key (Call *self)
{
  const char *node = heddle_tool_get_node (self->tool);

  return g_strdup_printf ("approved/%s/%s", node != NULL ? node : "", self->name);
}

/* Approved once means for the whole run, whichever agent asked. */
static gboolean
is_approved (Call *self)
{
  HeddleApproval approval = get_approval (self);
  g_autofree char *key = approval_key (self);

  return approval == HEDDLE_APPROVAL_NEVER ||
         (approval == HEDDLE_APPROVAL_ONCE && heddle_node_run_get_shared (self->turn->agent->run, key) != NULL);
}

static void
prepare (Call *self)
{
  HeddleAgent *agent = self->turn->agent;
  HeddleTool *tool = heddle_agent_find_tool (agent, self->name);

  if (tool == NULL)
    {
      refuse_unknown (self);
      return;
    }
  self->tool = g_object_ref (tool);
  if (agent->n_same >= MAX_SAME_TURNS)
    {
      refuse (self, _ ("You made the same call %u times in a row, and its result does not change. Use what you have and answer."), agent->n_same);
      return;
    }
  if (check_arguments (self))
    self->state = is_approved (self) ? CALL_READY : CALL_UNAPPROVED;
}

/* So that it is not made again, should the program be gone before the agent ends. */
static void
record (Call *self, const GError *error)
{
  g_autoptr (JsonNode) call = describe_call (self);
  JsonObject *answer = describe_answer (self);

  json_object_set_int_member (answer, "duration_us", self->duration);
  heddle_agent_record_call (self->turn->agent, self->span, call, answer, error);
}

/* What a call gave before the program was gone. */
static gboolean
take_recorded (Call *self)
{
  g_autoptr (JsonNode) call = describe_call (self);
  g_autoptr (JsonNode) answer = heddle_agent_take_call (self->turn->agent, call);
  JsonNode *result = heddle_json_member (answer, "result");

  if (result == NULL)
    return FALSE;
  self->duration = heddle_json_get_int (answer, "duration_us", 0);
  settle (self, json_node_ref (result), heddle_json_get_boolean (answer, "is_error", FALSE), NULL);
  return TRUE;
}

static void pump (GTask *task);

static void
finish_call (GTask *task, Call *self, JsonNode *result, gboolean is_error, GError *error)
{
  g_autoptr (GError) reason = error;

  self->duration = g_get_monotonic_time () - self->started;
  self->turn->n_running--;
  if (self->timed_out)
    {
      g_clear_pointer (&result, json_node_unref);
      g_clear_error (&reason);
      reason = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT, _ ("“%s” did not answer in time. Try something else, or less at once."), self->name);
      heddle_agent_record_timeout (self->turn->agent, self->name, self->arguments, reason);
    }
  if (reason != NULL && g_error_matches (reason, HEDDLE_ERROR, HEDDLE_ERROR_REPLAY) && self->turn->divergence == NULL)
    self->turn->divergence = g_error_copy (reason);
  if (result != NULL)
    settle (self, result, is_error, NULL);
  else
    settle (self, heddle_json_string (reason->message), TRUE, reason);
  record (self, reason);
  pump (task);
}

typedef struct
{
  GTask *task;
  Call *call;
} Waiting;

static Waiting *
waiting_new (GTask *task, Call *call)
{
  Waiting *waiting = g_new (Waiting, 1);

  waiting->task = g_object_ref (task);
  waiting->call = call;
  return waiting;
}

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Waiting *waiting = user_data;
  g_autoptr (GTask) task = waiting->task;
  gboolean is_error = FALSE;
  GError *error = NULL;
  JsonNode *value = heddle_tool_call_finish (HEDDLE_TOOL (source), result, &is_error, &error);

  finish_call (task, waiting->call, value, is_error, error);
}

static gboolean
timeout_cb (gpointer data)
{
  Call *self = data;

  self->timed_out = TRUE;
  g_clear_pointer (&self->timeout, g_source_unref);
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  g_cancellable_cancel (((Call *) data)->cancellable);
}

/* A call ends when its time is over, and with the run. */
static void
watch (Call *self)
{
  HeddleAgent *agent = self->turn->agent;
  guint timeout = heddle_tool_get_timeout (self->tool);

  self->cancellable = g_cancellable_new ();
  self->cancel_handler = g_cancellable_connect (heddle_node_run_get_cancellable (agent->run), G_CALLBACK (cancelled_cb), self, NULL);
  if (timeout == 0)
    timeout = (guint) agent->params->tool_timeout * 1000;
  if (timeout == 0)
    return;
  self->timeout = g_timeout_source_new (timeout);
  g_source_set_static_name (self->timeout, "heddle-tool-timeout");
  g_source_set_callback (self->timeout, timeout_cb, self, NULL);
  g_source_attach (self->timeout, heddle_node_run_get_context (agent->run));
}

static void
progress_cb (double fraction, const char *text, gpointer data)
{
  Call *self = data;
  JsonObject *attributes = json_object_new ();

  if (self->state == CALL_RUNNING)
    {
      json_object_set_member (attributes, "progress", heddle_json_double (fraction >= 0 ? fraction : NAN));
      json_object_set_member (attributes, "progress_text", heddle_json_string (text));
      heddle_node_run_update_span (self->turn->agent->run, self->span, heddle_json_object (attributes));
      return;
    }
  json_object_unref (attributes);
}

static void
start (GTask *task, Call *self)
{
  HeddleAgent *agent = self->turn->agent;
  g_autoptr (JsonNode) transcript = heddle_tool_get_hand_off (self->tool) ? heddle_agent_dup_transcript (agent) : NULL;
  HeddleToolCall call = { .run = agent->run, .transcript = transcript, .index = ++agent->n_calls, .progress = progress_cb, .progress_data = self };

  if (take_recorded (self))
    return;
  self->state = CALL_RUNNING;
  self->turn->n_running++;
  begin_span (self);
  watch (self);
  call.span = self->span;
  if (heddle_agent_replay_timeout (agent, self->name, self->arguments))
    {
      self->timed_out = TRUE;
      finish_call (task, self, NULL, FALSE, NULL);
      return;
    }
  heddle_tool_call_async (self->tool, self->arguments, &call, self->cancellable, called_cb, waiting_new (task, self));
}

static void
remember_approval (Call *self)
{
  g_autofree char *key = approval_key (self);

  heddle_node_run_set_shared (self->turn->agent->run, key, g_object_new (G_TYPE_OBJECT, NULL));
}

static void
take_edited (Call *self, JsonNode *arguments)
{
  JsonObject *attributes;

  if (arguments == NULL || heddle_json_equal (arguments, self->arguments))
    return;
  json_node_unref (self->arguments);
  self->arguments = json_node_ref (arguments);
  attributes = json_object_new ();
  json_object_set_member (attributes, "arguments", json_node_ref (arguments));
  heddle_node_run_update_span (self->turn->agent->run, self->span, heddle_json_object (attributes));
}

static void
take_answer (Call *self, JsonNode *answer)
{
  const char *reason = heddle_json_get_string (answer, "reason", "");

  if (!heddle_json_get_boolean (answer, "approve", FALSE))
    {
      if (heddle_text_is_blank (reason))
        refuse (self, "%s", _ ("A person refused this call."));
      else
        refuse (self, _ ("A person refused this call: %s"), reason);
      return;
    }
  remember_approval (self);
  take_edited (self, heddle_json_member (answer, "arguments"));
  if (check_arguments (self))
    self->state = CALL_READY;
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Waiting *waiting = user_data;
  g_autoptr (GTask) task = waiting->task;
  Call *self = waiting->call;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = heddle_node_run_ask_finish (self->turn->agent->run, result, &error);

  self->turn->asking = FALSE;
  if (answer != NULL)
    take_answer (self, answer);
  else
    settle (self, heddle_json_string (error->message), TRUE, error);
  pump (task);
}

/* People are asked one thing after another. */
static void
ask (GTask *task, Call *self)
{
  HeddleNodeRun *run = self->turn->agent->run;
  g_autoptr (JsonNode) question = heddle_agent_make_question (self->tool, self->name, self->arguments);

  self->turn->asking = TRUE;
  begin_span (self);
  heddle_node_run_ask_async (run, question, self->span, heddle_node_run_get_cancellable (run), answered_cb, waiting_new (task, self));
}

static void
add_answer (Call *self)
{
  g_autofree char *text = heddle_agent_dup_for_model (self->turn->agent, self->result);
  JsonObject *message = json_object_new ();
  JsonObject *entry = json_object_new ();

  json_object_set_string_member (message, "role", "tool");
  json_object_set_member (message, "tool_call_id", heddle_json_string (self->id));
  json_object_set_member (message, "name", heddle_json_string (self->name));
  json_object_set_member (message, "content", heddle_json_string (text));
  json_object_set_boolean_member (message, "is_error", self->is_error);
  heddle_agent_say (self->turn->agent, heddle_json_object (message));

  json_object_set_member (entry, "name", heddle_json_string (self->name));
  json_object_set_member (entry, "arguments", json_node_ref (self->arguments));
  json_object_set_member (entry, "result", json_node_ref (self->result));
  json_object_set_member (entry, "duration_ms", heddle_json_int (self->duration / 1000));
  json_object_set_boolean_member (entry, "is_error", self->is_error);
  json_array_add_element (self->turn->agent->calls, heddle_json_object (entry));
}

static JsonNode *
find_taken_over (Turn *turn)
{
  for (guint i = 0; i < turn->calls->len; i++)
    {
      Call *call = g_ptr_array_index (turn->calls, i);

      if (call->tool != NULL && heddle_tool_get_hand_off (call->tool) && !call->is_error)
        return json_node_ref (call->result);
    }
  return NULL;
}

static void
finish_turn (GTask *task)
{
  Turn *turn = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (turn->divergence != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&turn->divergence));
      return;
    }
  /* In the order of the calls, never that of the answers. */
  for (guint i = 0; i < turn->calls->len; i++)
    add_answer (g_ptr_array_index (turn->calls, i));
  g_task_return_pointer (task, find_taken_over (turn), (GDestroyNotify) json_node_unref);
}

static Call *
find_state (Turn *turn, CallState state)
{
  for (guint i = 0; i < turn->calls->len; i++)
    {
      Call *call = g_ptr_array_index (turn->calls, i);

      if (call->state == state)
        return call;
    }
  return NULL;
}

static void
ask_next (GTask *task, Turn *turn)
{
  Call *call;

  while (!turn->asking && (call = find_state (turn, CALL_UNAPPROVED)) != NULL)
    {
      if (!is_approved (call))
        {
          ask (task, call);
          return;
        }
      call->state = CALL_READY;
    }
}

static void
pump (GTask *task)
{
  Turn *turn = g_task_get_task_data (task);
  guint limit = (guint) MAX (turn->agent->params->max_parallel_tools, 1);
  Call *call;

  if (turn->pumping)
    return;
  turn->pumping = TRUE;
  ask_next (task, turn);
  while (turn->n_running < limit && (call = find_state (turn, CALL_READY)) != NULL)
    start (task, call);
  turn->pumping = FALSE;
  if (turn->n_running == 0 && !turn->asking && find_state (turn, CALL_READY) == NULL && find_state (turn, CALL_UNAPPROVED) == NULL)
    finish_turn (task);
}

static Call *
call_new (Turn *turn, JsonNode *json)
{
  Call *self = g_new0 (Call, 1);
  JsonNode *arguments = heddle_json_member (json, "arguments");

  self->turn = turn;
  self->id = g_strdup (heddle_json_get_string (json, "id", ""));
  self->name = g_strdup (heddle_json_get_string (json, "name", ""));
  self->arguments = arguments != NULL ? json_node_ref (arguments) : heddle_json_null ();
  return self;
}

void
heddle_agent_call_tools_async (HeddleAgent *self, JsonNode *tool_calls, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, heddle_node_run_get_cancellable (self->run), callback, user_data);
  JsonArray *array = json_node_get_array (tool_calls);
  Turn *turn = g_new0 (Turn, 1);

  turn->agent = heddle_agent_ref (self);
  turn->calls = g_ptr_array_new_with_free_func (call_free);
  g_task_set_source_tag (task, heddle_agent_call_tools_async);
  g_task_set_task_data (task, turn, turn_free);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      Call *call = call_new (turn, json_array_get_element (array, i));

      g_ptr_array_add (turn->calls, call);
      prepare (call);
    }
  pump (task);
}

JsonNode *
heddle_agent_call_tools_finish (HeddleAgent *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
