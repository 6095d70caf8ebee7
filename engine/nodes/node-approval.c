/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "registry/heddle-fields.h"
#include "registry/heddle-node-type.h"
#include "registry/heddle-problem.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"
#include "value/heddle-text.h"

#include <string.h>

typedef struct
{
  char *title;
  char *message;
  JsonNode *value;
  gboolean editable;
  JsonNode *fields;
  char *who;
  double timeout;
  char *otherwise;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "approved", N_ ("Approved"), HEDDLE_VALUE_ANY },
  { "refused", N_ ("Refused"), HEDDLE_VALUE_TEXT },
  { NULL },
};

static const HeddleChoice people[] = {
  { "any", N_ ("Anyone who sees the run") },
  { "person", N_ ("Only a person at this computer") },
  { NULL },
};

static const HeddleChoice answers[] = {
  { "refuse", N_ ("Refuse") },
  { "approve", N_ ("Approve") },
  { "fail", N_ ("Fail") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_STRING (Params, title, N_ ("Title"), .help = N_ ("The question in a few words."), .placeholder = N_ ("Send this reply?"), .is_template = TRUE),
  HEDDLE_TEXT (Params, message, N_ ("Message"), .help = N_ ("What the person has to know to decide, as Markdown."), .placeholder = N_ ("The customer **{{ $start.name }}** gets this answer."), .is_template = TRUE, .is_main = TRUE),
  HEDDLE_VALUE (Params, value, N_ ("Value"), .help = N_ ("What is approved. It goes on as it is, or as the person edited it."), .def.s = "{{ $input }}"),
  HEDDLE_BOOLEAN (Params, editable, N_ ("The value can be edited"), .help = N_ ("Otherwise it can only be approved or refused."), .def.b = TRUE),
  HEDDLE_FIELDS (Params, fields, N_ ("Fields"), .help = N_ ("What else the person fills in. It is read by the name of the field, such as $approval.fields.amount."), .def.s = "[]", .advanced = TRUE),
  HEDDLE_CHOICE (Params, who, N_ ("Who may answer"), .help = N_ ("A person at this computer answers in the window, on the terminal or with “heddle answer”; otherwise a program that started the run by its endpoint may answer too."), .choices = people, .def.s = "any", .advanced = TRUE),
  HEDDLE_DOUBLE (Params, timeout, N_ ("Seconds to wait"), .help = N_ ("How long it waits, 0 for as long as it takes. After a restart the time begins anew."), .def.d = 0, .min = 0, .max = 31536000, .step = 60, .advanced = TRUE),
  HEDDLE_CHOICE (Params, otherwise, N_ ("Without an answer"), .help = N_ ("What happens when the time is over."), .choices = answers, .def.s = "refuse", .visible_if = "timeout", .advanced = TRUE),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "approved", N_ ("Approved"), HEDDLE_VALUE_BOOLEAN },
  { "edited", N_ ("Edited"), HEDDLE_VALUE_BOOLEAN },
  { "reason", N_ ("Reason"), HEDDLE_VALUE_TEXT },
  { "fields", N_ ("Fields"), HEDDLE_VALUE_OBJECT },
  { NULL },
};

/* A question that is open. */
typedef struct
{
  HeddleNodeRun *run;
  JsonObject *question; /* but for what was wrong with the last answer */
  JsonNode *value;
  JsonNode *fields;
  gboolean editable;
  char *otherwise;
  GCancellable *cancellable; /* of the question, which ends before the node when time is over */
  gulong cancel_handler;
  GSource *timer; /* or NULL */
  gboolean expired;
} Approval;

static void
approval_free (Approval *self)
{
  /* Not by g_cancellable_disconnect (), which waits for the cancel that this may be part of. */
  g_signal_handler_disconnect (heddle_node_run_get_cancellable (self->run), self->cancel_handler);
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_object_unref (self->cancellable);
  json_object_unref (self->question);
  json_node_unref (self->value);
  g_clear_pointer (&self->fields, json_node_unref);
  g_free (self->otherwise);
  heddle_node_run_unref (self->run);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Approval, approval_free)

static void
set_results (Approval *self, gboolean approved, gboolean edited, const char *reason, JsonNode *fields)
{
  heddle_node_run_set_result (self->run, "approved", heddle_json_boolean (approved));
  heddle_node_run_set_result (self->run, "edited", heddle_json_boolean (edited));
  heddle_node_run_set_result (self->run, "reason", heddle_json_string (reason));
  heddle_node_run_set_result (self->run, "fields", fields);
}

static void
approve (Approval *self, JsonNode *value, const char *reason, JsonNode *fields)
{
  set_results (self, TRUE, !heddle_json_equal (value, self->value), reason, fields);
  heddle_node_run_complete_port (self->run, "approved", json_node_ref (value));
}

static void
refuse (Approval *self, const char *reason)
{
  set_results (self, FALSE, FALSE, reason, heddle_json_object (json_object_new ()));
  heddle_node_run_complete_port (self->run, "refused", heddle_json_string (reason));
}

static void
take_timeout (Approval *self)
{
  const char *reason = _ ("Nobody answered in time.");
  JsonObject *fields = strcmp (self->otherwise, "approve") == 0 ? heddle_fields_read (self->fields, NULL, NULL, NULL) : NULL;

  if (fields != NULL)
    approve (self, self->value, reason, heddle_json_object (fields));
  else if (strcmp (self->otherwise, "refuse") == 0)
    refuse (self, reason);
  else
    heddle_node_run_fail (self->run, g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_FAILED, reason));
}

static void ask (Approval *self, const char *problem);

/* Consumes self. */
static void
take_answer (Approval *self, JsonNode *answer)
{
  g_autoptr (Approval) owned = self;
  JsonNode *value = self->editable ? heddle_json_member (answer, "value") : NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *fields;

  if (!heddle_json_get_boolean (answer, "approve", FALSE))
    {
      refuse (self, heddle_json_get_string (answer, "reason", ""));
      return;
    }
  fields = heddle_fields_read (self->fields, heddle_json_member (answer, "fields"), NULL, &error);
  if (fields == NULL)
    ask (g_steal_pointer (&owned), error->message);
  else
    approve (self, value != NULL ? value : self->value, heddle_json_get_string (answer, "reason", ""), heddle_json_object (fields));
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Approval) self = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = heddle_node_run_ask_finish (self->run, result, &error);

  if (answer != NULL)
    {
      take_answer (g_steal_pointer (&self), answer);
      return;
    }
  if (self->expired)
    {
      g_error_free (error);
      take_timeout (self);
      return;
    }
  heddle_node_run_fail (self->run, error);
}

/* problem: what was wrong with the answer before; or NULL. Consumes self. */
static void
ask (Approval *self, const char *problem)
{
  JsonObject *copy = json_object_new ();
  g_autoptr (JsonNode) question = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, self->question);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (copy, name, json_node_ref (value));
  if (problem != NULL)
    json_object_set_member (copy, "problem", heddle_json_string (problem));
  question = heddle_json_object (copy);
  heddle_node_run_ask_async (self->run, question, 0, self->cancellable, asked_cb, self);
}

static gboolean
expired_cb (gpointer data)
{
  Approval *self = data;

  self->expired = TRUE;
  g_clear_pointer (&self->timer, g_source_unref);
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  g_cancellable_cancel (data);
}

/* The question ends with the node, and when its time is over. */
static void
watch (Approval *self, double timeout)
{
  GCancellable *outer = heddle_node_run_get_cancellable (self->run);

  self->cancellable = g_cancellable_new ();
  self->cancel_handler = g_signal_connect_data (outer, "cancelled", G_CALLBACK (cancelled_cb), g_object_ref (self->cancellable), (GClosureNotify) (GCallback) g_object_unref, 0);
  if (timeout <= 0)
    return;
  self->timer = g_timeout_source_new_seconds ((guint) MAX (timeout, 1));
  if (timeout < 60)
    {
      g_source_unref (self->timer);
      self->timer = g_timeout_source_new ((guint) (timeout * 1000));
    }
  g_source_set_static_name (self->timer, "heddle-approval");
  g_source_set_callback (self->timer, expired_cb, self, NULL);
  g_source_attach (self->timer, heddle_node_run_get_context (self->run));
}

static JsonNode *
make_schema (gboolean editable, gboolean has_fields)
{
  g_autofree char *text = g_strdup_printf ("{\"type\":\"object\",\"properties\":{\"approve\":{\"type\":\"boolean\"}%s%s,\"reason\":{\"type\":\"string\"}},"
                                           "\"required\":[\"approve\"],\"additionalProperties\":false}",
                                           editable ? ",\"value\":{}" : "", has_fields ? ",\"fields\":{\"type\":\"object\"}" : "");

  return heddle_json_parse (text, -1, NULL);
}

static void
set_deadline (JsonObject *question, const Params *p)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) until = g_date_time_add_seconds (now, p->timeout);
  g_autofree char *text = until != NULL ? g_date_time_format_iso8601 (until) : NULL;

  if (p->timeout <= 0 || text == NULL)
    return;
  json_object_set_member (question, "until", heddle_json_string (text));
  json_object_set_member (question, "otherwise", heddle_json_string (p->otherwise));
}

static JsonObject *
make_question (const Params *p, JsonNode *value)
{
  gboolean has_fields = p->fields != NULL && JSON_NODE_HOLDS_ARRAY (p->fields) && json_array_get_length (json_node_get_array (p->fields)) > 0;
  JsonObject *question = json_object_new ();

  json_object_set_string_member (question, "kind", "approval-step");
  json_object_set_member (question, "title", heddle_json_string (heddle_text_is_blank (p->title) ? _ ("Approve this?") : p->title));
  json_object_set_member (question, "text", heddle_json_string (p->message != NULL ? p->message : ""));
  json_object_set_member (question, "value", json_node_ref (value));
  json_object_set_boolean_member (question, "editable", p->editable);
  if (has_fields)
    json_object_set_member (question, "fields", json_node_ref (p->fields));
  json_object_set_member (question, "who", heddle_json_string (p->who));
  set_deadline (question, p);
  json_object_set_member (question, "schema", make_schema (p->editable, has_fields));
  return question;
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  Approval *self = g_new0 (Approval, 1);

  self->run = heddle_node_run_ref (node_run);
  self->value = p->value != NULL ? json_node_ref (p->value) : heddle_json_null ();
  self->fields = p->fields != NULL ? json_node_ref (p->fields) : NULL;
  self->editable = p->editable;
  self->otherwise = g_strdup (p->otherwise);
  self->question = make_question (p, self->value);
  watch (self, p->timeout);
  ask (self, NULL);
}

static char *
describe (JsonObject *values)
{
  const char *title = heddle_params_get_string (values, "title", NULL);

  return g_strdup (heddle_text_is_blank (title) ? heddle_params_get_string (values, "message", NULL) : title);
}

const HeddleNodeType heddle_node_type_approval = {
  .id = "approval",
  .version = 1,
  .title = N_ ("Approval"),
  .summary = N_ ("Waits until a person approves, edits or refuses."),
  .keywords = N_ ("human person ask confirm review wait approve refuse reject decide manual"),
  .icon_name = "heddle-approval-symbolic",
  .category = HEDDLE_CATEGORY_LOGIC,
  .effect = HEDDLE_EFFECT_READ,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .results = results,
  .example = "{\"params\":{\"title\":\"Send this reply?\",\"message\":\"It goes to **Ada**.\"},\"inputs\":{\"in\":\"Dear Ada, …\"}}",
  .describe = describe,
  .run = run,
};
