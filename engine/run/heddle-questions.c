/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-questions.h"

#include "heddle-error.h"
#include "value/heddle-json-schema.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  JsonNode *json;
  GMainContext *context;
  HeddleAnswerFunc func;
  gpointer data;
  GDestroyNotify destroy;
  JsonNode *answer; /* once it is given; NULL: declined */
} Question;

struct _HeddleQuestions
{
  GMutex lock;
  GPtrArray *open; /* of Question */
};

static void
question_free (gpointer data)
{
  Question *self = data;

  if (self->destroy != NULL)
    self->destroy (self->data);
  json_node_unref (self->json);
  g_clear_pointer (&self->answer, json_node_unref);
  g_main_context_unref (self->context);
  g_free (self);
}

HeddleQuestions *
heddle_questions_new (void)
{
  HeddleQuestions *self = g_new0 (HeddleQuestions, 1);

  g_mutex_init (&self->lock);
  self->open = g_ptr_array_new_with_free_func (question_free);
  return self;
}

void
heddle_questions_free (HeddleQuestions *self)
{
  g_ptr_array_unref (self->open);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
heddle_questions_add (HeddleQuestions *self, JsonNode *question, GMainContext *context, HeddleAnswerFunc func, gpointer data, GDestroyNotify destroy)
{
  Question *added = g_new0 (Question, 1);
  g_autoptr (GMutexLocker) locker = NULL;

  added->json = json_node_ref (question);
  added->context = g_main_context_ref (context);
  added->func = func;
  added->data = data;
  added->destroy = destroy;
  locker = g_mutex_locker_new (&self->lock);
  g_ptr_array_add (self->open, added);
}

/* With the lock held. */
static Question *
find (HeddleQuestions *self, const char *id, guint *index)
{
  for (guint i = 0; i < self->open->len; i++)
    {
      Question *question = g_ptr_array_index (self->open, i);

      if (strcmp (heddle_json_get_string (question->json, "id", ""), id) != 0)
        continue;
      *index = i;
      return question;
    }
  return NULL;
}

/* Who gets it owns it, so a question is answered or withdrawn once. */
static Question *
steal (HeddleQuestions *self, const char *id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint index;

  return find (self, id, &index) != NULL ? g_ptr_array_steal_index (self->open, index) : NULL;
}

gboolean
heddle_questions_withdraw (HeddleQuestions *self, const char *id)
{
  Question *question = steal (self, id);

  if (question == NULL)
    return FALSE;
  question_free (question);
  return TRUE;
}

JsonNode *
heddle_questions_list (HeddleQuestions *self)
{
  JsonArray *array = json_array_new ();
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->open->len; i++)
    json_array_add_element (array, json_node_ref (((Question *) g_ptr_array_index (self->open, i))->json));
  return heddle_json_array (array);
}

static JsonNode *
dup_question (HeddleQuestions *self, const char *id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint index;
  Question *question = find (self, id, &index);

  return question != NULL ? json_node_ref (question->json) : NULL;
}

static gboolean
fail_gone (GError **error)
{
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("This question is not open any more: it was answered, or what asked it has ended."));
  return FALSE;
}

gboolean
heddle_question_check_answer (JsonNode *question, JsonNode *answer, GError **error)
{
  JsonNode *schema = heddle_json_member (question, "schema");

  return answer == NULL || schema == NULL || heddle_json_schema_check (schema, answer, error);
}

static gboolean
deliver_cb (gpointer data)
{
  Question *question = data;

  question->func (question->answer, question->data);
  return G_SOURCE_REMOVE;
}

gboolean
heddle_questions_answer (HeddleQuestions *self, const char *id, JsonNode *answer, GError **error)
{
  g_autoptr (JsonNode) json = dup_question (self, id);
  g_autoptr (GSource) source = NULL;
  Question *question;

  if (json == NULL)
    return fail_gone (error);
  if (answer != NULL)
    json_node_seal (answer);
  if (!heddle_question_check_answer (json, answer, error))
    return FALSE;
  question = steal (self, id);
  if (question == NULL)
    return fail_gone (error);
  question->answer = answer != NULL ? json_node_ref (answer) : NULL;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "heddle-answer");
  g_source_set_callback (source, deliver_cb, question, question_free);
  g_source_attach (source, question->context);
  return TRUE;
}
