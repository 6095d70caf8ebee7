/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-chat-private.h"

#include "chat/heddle-messages.h"
#include "memory/heddle-memory.h"
#include "net/heddle-http.h"
#include "run/heddle-effects.h"
#include "store/heddle-store-conversations.h"
#include "value/heddle-json.h"
#include "value/heddle-text.h"

#include <string.h>

/* About a thousand tokens. */
#define MAX_MEMORY_CHARS 4000

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
  g_clear_pointer (&self->effect, json_node_unref);
  g_strfreev (self->fallback_models);
}

/* Calls under way have references of their own. */
void
heddle_chat_free (HeddleChat *self)
{
  if (self != NULL)
    g_rc_box_release_full (self, clear);
}

static void
build (GTask *task)
{
  heddle_chat_build_messages (g_task_get_task_data (task));
  g_task_return_boolean (task, TRUE);
}

/* Takes memory and error. */
static void
take_memory (GTask *task, char *memory, GError *error)
{
  HeddleChat *self = g_task_get_task_data (task);

  self->memory = memory;
  if (error != NULL)
    g_task_return_error (task, error);
  else
    build (task);
}

static void
remembered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  HeddleChat *self = g_task_get_task_data (task);
  GError *error = NULL;
  char *memory = heddle_memory_recall_finish (HEDDLE_MEMORY (source), result, &error);
  g_autoptr (JsonNode) response = heddle_json_string (memory);

  heddle_node_run_record_effect (self->run, "memory", self->effect, response, error);
  take_memory (task, memory, error);
}

/* "WORKFLOW/NODE", see heddle-memory.h. */
static char *
dup_graph (HeddleChat *self)
{
  const char *name = heddle_node_run_get_workflow_name (self->run);

  if (heddle_text_is_blank (name))
    name = heddle_node_run_get_workflow_id (self->run);
  return g_strdup_printf ("%s/%s", name, heddle_node_run_get_node_id (self->run));
}

static HeddleMemory *
get_memory (HeddleChat *self)
{
  return self->params->persistent_memory_enabled ? heddle_node_run_get_memory (self->run) : NULL;
}

static void
set_effect (HeddleChat *self, JsonObject *effect)
{
  g_clear_pointer (&self->effect, json_node_unref);
  self->effect = heddle_json_object (effect);
}

static gboolean
replay_memory (GTask *task, const char *const *graphs)
{
  HeddleChat *self = g_task_get_task_data (task);
  JsonObject *effect = json_object_new ();
  JsonArray *names = json_array_new ();
  g_autoptr (JsonNode) response = NULL;
  GError *error = NULL;

  for (; *graphs != NULL; graphs++)
    json_array_add_element (names, heddle_json_string (*graphs));
  json_object_set_member (effect, "graphs", heddle_json_array (names));
  json_object_set_member (effect, "query", heddle_json_string (self->user));
  set_effect (self, effect);
  if (!heddle_node_run_replay_effect (self->run, "memory", self->effect, &response, &error))
    return FALSE;
  take_memory (task, heddle_json_is_string (response) ? g_strdup (json_node_get_string (response)) : NULL, error);
  return TRUE;
}

static void
remember (GTask *task)
{
  HeddleChat *self = g_task_get_task_data (task);
  HeddleMemory *memory = get_memory (self);
  g_auto (GStrv) further = heddle_chat_list_names (self->params->memory_graphs);
  g_autoptr (GPtrArray) graphs = g_ptr_array_new ();
  g_autofree char *own = dup_graph (self);

  if (memory == NULL)
    {
      build (task);
      return;
    }
  g_ptr_array_add (graphs, own);
  for (guint i = 0; further[i] != NULL; i++)
    g_ptr_array_add (graphs, further[i]);
  g_ptr_array_add (graphs, NULL);
  if (replay_memory (task, (const char *const *) graphs->pdata))
    return;
  heddle_memory_recall_async (memory, (const char *const *) graphs->pdata, self->user, MAX_MEMORY_CHARS, g_task_get_cancellable (task), remembered_cb,
                              g_object_ref (task));
}

static HeddleConversationKey
conversation_key (HeddleChat *self)
{
  return (HeddleConversationKey){
    .workflow = heddle_node_run_get_workflow_id (self->run),
    .name = heddle_node_run_get_workflow_name (self->run),
    .node = heddle_node_run_get_node_id (self->run),
    .session = self->params->session_key,
  };
}

static HeddleStore *
get_store (HeddleChat *self)
{
  return heddle_text_is_blank (self->params->session_key) ? NULL : heddle_node_run_get_store (self->run);
}

/* Takes history and error. */
static void
take_history (GTask *task, JsonNode *history, GError *error)
{
  HeddleChat *self = g_task_get_task_data (task);

  self->history = history;
  if (history == NULL)
    g_task_return_error (task, error);
  else
    remember (task);
}

static void
recalled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  HeddleChat *self = g_task_get_task_data (task);
  GError *error = NULL;
  JsonNode *history = heddle_store_recall_conversation_finish (HEDDLE_STORE (source), result, &error);

  heddle_node_run_record_effect (self->run, "memory", self->effect, history, error);
  take_history (task, history, error);
}

static gboolean
replay_history (GTask *task)
{
  HeddleChat *self = g_task_get_task_data (task);
  JsonObject *effect = json_object_new ();
  JsonNode *response;
  GError *error = NULL;

  json_object_set_member (effect, "session", heddle_json_string (self->params->session_key));
  json_object_set_member (effect, "messages", heddle_json_int (self->params->history_messages));
  set_effect (self, effect);
  if (!heddle_node_run_replay_effect (self->run, "memory", self->effect, &response, &error))
    return FALSE;
  take_history (task, response, error);
  return TRUE;
}

static void
recall (GTask *task)
{
  HeddleChat *self = g_task_get_task_data (task);
  HeddleStore *store = get_store (self);
  HeddleConversationKey key = conversation_key (self);

  if (store == NULL)
    remember (task);
  else if (!replay_history (task))
    heddle_store_recall_conversation_async (store, &key, (guint) self->params->history_messages, g_task_get_cancellable (task), recalled_cb, g_object_ref (task));
}

static void
allowed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (heddle_chat_guard_finish (result, &error))
    recall (task);
  else
    g_task_return_error (task, error);
}

static gboolean
read_input (HeddleChat *self, GError **error)
{
  char *clean;

  if (!heddle_chat_read_prompt (self, error))
    return FALSE;
  clean = heddle_chat_blacken (self, self->user, FALSE, error);
  if (clean == NULL)
    return FALSE;
  g_free (self->user);
  self->user = clean;
  return TRUE;
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
  if (!read_input (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (heddle_node_run_get_attempt (run) > 1)
    heddle_node_run_reset_text (run);
  heddle_chat_guard_async (self, self->user, FALSE, g_task_get_cancellable (task), allowed_cb, g_object_ref (task));
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
heddle_chat_redact (HeddleChat *self, const char *text, GError **error)
{
  g_return_val_if_fail (self != NULL && text != NULL, NULL);

  return heddle_chat_blacken (self, text, FALSE, error);
}

/* What a run has learnt waits for its end. */
typedef struct
{
  HeddleMemory *memory;
  HeddleHttp *http;
  char *graph;
  char *model;
  char *run;
  char *node;
  char *user;
  char *answer;
} Lesson;

static void
lesson_free (gpointer data)
{
  Lesson *self = data;

  g_object_unref (self->memory);
  heddle_http_unref (self->http);
  g_free (self->graph);
  g_free (self->model);
  g_free (self->run);
  g_free (self->node);
  g_free (self->user);
  g_free (self->answer);
  g_free (self);
}

static void
learn (gpointer data)
{
  Lesson *self = data;
  HeddleMemoryLesson lesson = {
    .graph = self->graph,
    .model = self->model,
    .run = self->run,
    .node = self->node,
    .user = self->user,
    .answer = self->answer,
  };

  heddle_memory_learn (self->memory, self->http, &lesson);
}

static void
queue_lesson (HeddleChat *self, const char *answer)
{
  HeddleMemory *memory = get_memory (self);
  const HeddleChatParams *p = self->params;
  Lesson *lesson;

  if (memory == NULL || heddle_node_run_is_replayed (self->run))
    return;
  lesson = g_new0 (Lesson, 1);
  lesson->memory = g_object_ref (memory);
  lesson->http = heddle_http_ref (heddle_node_run_get_http (self->run));
  lesson->graph = dup_graph (self);
  lesson->model = g_strdup (heddle_text_is_blank (p->memory_model) ? p->model : p->memory_model);
  lesson->run = g_strdup (heddle_node_run_get_run_id (self->run));
  lesson->node = g_strdup (heddle_node_run_get_node_id (self->run));
  lesson->user = g_strdup (self->user);
  lesson->answer = g_strdup (answer);
  heddle_node_run_after_success (self->run, learn, lesson, lesson_free);
}

static JsonNode *
take_text (GString *text)
{
  JsonNode *node = heddle_json_string (text->str);

  g_string_free (text, TRUE);
  return node;
}

/* Files are not kept with a conversation, only that there were some. */
static JsonNode *
create_kept_message (HeddleChat *self)
{
  GString *text = g_string_new (self->user);
  JsonArray *files = json_node_get_array (self->parts);

  for (guint i = 0; i < json_array_get_length (files); i++)
    {
      JsonNode *file = json_array_get_element (files, i);
      const char *name = heddle_json_get_string (file, "name", heddle_json_get_string (file, "mime", NULL));

      if (name != NULL)
        g_string_append_printf (text, "%s[%s]", text->len > 0 ? "\n" : "", name);
    }
  return heddle_message_new ("user", take_text (text));
}

static JsonNode *
create_turn (HeddleChat *self, const char *answer, JsonNode *messages)
{
  g_autoptr (JsonNode) turn = heddle_messages_append (NULL, create_kept_message (self));
  JsonArray *more = messages != NULL && JSON_NODE_HOLDS_ARRAY (messages) ? json_node_get_array (messages) : NULL;

  if (more == NULL)
    return heddle_messages_append (turn, heddle_message_new ("assistant", heddle_json_string (answer)));
  for (guint i = 0; i < json_array_get_length (more); i++)
    {
      JsonNode *longer = heddle_messages_append (turn, json_node_ref (json_array_get_element (more, i)));

      json_node_unref (turn);
      turn = longer;
    }
  return g_steal_pointer (&turn);
}

static void
appended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (heddle_store_append_conversation_finish (HEDDLE_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
heddle_chat_end_async (HeddleChat *self, const char *answer, JsonNode *messages, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (JsonNode) turn = NULL;
  HeddleStore *store;
  HeddleConversationKey key;

  g_return_if_fail (self != NULL && answer != NULL);

  task = g_task_new (NULL, heddle_node_run_get_cancellable (self->run), callback, user_data);
  g_task_set_source_tag (task, heddle_chat_end_async);
  g_task_set_check_cancellable (task, FALSE);
  queue_lesson (self, answer);
  store = get_store (self);
  /* What is replayed was said before. */
  if (store == NULL || heddle_node_run_is_replayed (self->run))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  key = conversation_key (self);
  turn = create_turn (self, answer, messages);
  heddle_store_append_conversation_async (store, &key, heddle_node_run_get_run_id (self->run), turn, g_task_get_cancellable (task), appended_cb, g_object_ref (task));
}

gboolean
heddle_chat_end_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
