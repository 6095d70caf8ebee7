/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-chat-private.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <string.h>

static void
clear (gpointer data)
{
  HeddleChat *self = data;

  heddle_node_run_unref (self->run);
  g_free (self->user);
  g_free (self->memory);
  g_clear_pointer (&self->parts, json_node_unref);
  g_clear_pointer (&self->history, json_node_unref);
  g_clear_pointer (&self->messages, json_node_unref);
  g_strfreev (self->fallback_models);
}

/* Calls under way have references of their own. */
void
heddle_chat_free (HeddleChat *self)
{
  if (self != NULL)
    g_rc_box_release_full (self, clear);
}

void
heddle_chat_begin_async (HeddleNodeRun *run, const HeddleChatParams *params, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  HeddleChat *self;

  g_return_if_fail (run != NULL && params != NULL);

  task = g_task_new (NULL, heddle_node_run_get_cancellable (run), callback, user_data);
  g_task_set_source_tag (task, heddle_chat_begin_async);
  g_task_set_check_cancellable (task, FALSE);
  self = g_rc_box_new0 (HeddleChat);
  self->run = heddle_node_run_ref (run);
  self->params = params;
  self->fallback_models = heddle_chat_list_names (params->fallback_models);
  g_task_set_task_data (task, self, (GDestroyNotify) heddle_chat_free);
  if (!heddle_chat_read_prompt (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (heddle_node_run_get_attempt (run) > 1)
    heddle_node_run_reset_text (run);
  heddle_chat_build_messages (self);
  g_task_return_boolean (task, TRUE);
}

HeddleChat *
heddle_chat_begin_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  return g_rc_box_acquire (g_task_get_task_data (G_TASK (result)));
}

JsonNode *
heddle_chat_get_messages (HeddleChat *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->messages;
}

void
heddle_chat_prepare (HeddleChat *self, HeddleChatCall *call)
{
  const HeddleChatParams *p = self->params;
  HeddleChatRequest *request = &call->request;

  g_return_if_fail (self != NULL && call != NULL);

  request->model = p->model;
  request->messages = self->messages;
  request->temperature = p->temperature;
  request->top_p = p->top_p;
  request->max_tokens = p->max_tokens;
  request->reasoning_effort = strcmp (p->reasoning_effort, "default") == 0 ? NULL : p->reasoning_effort;
  request->response_json = strcmp (p->response_format, "json") == 0;
  request->response_schema = strcmp (p->response_format, "json_schema") == 0 ? p->schema : NULL;
  request->stream = p->stream;
  request->timeout_ms = (guint) p->timeout * 1000;
  call->fallback_models = self->fallback_models;
  call->shows_text = TRUE;
}

char *
heddle_chat_redact (HeddleChat *self, const char *text)
{
  g_return_val_if_fail (self != NULL && text != NULL, NULL);

  return g_strdup (text);
}

void
heddle_chat_end_async (HeddleChat *self, const char *answer, JsonNode *messages, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (self != NULL && answer != NULL);

  task = g_task_new (NULL, heddle_node_run_get_cancellable (self->run), callback, user_data);
  g_task_set_source_tag (task, heddle_chat_end_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_return_boolean (task, TRUE);
}

gboolean
heddle_chat_end_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
