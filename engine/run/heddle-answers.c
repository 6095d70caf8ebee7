/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-answers.h"

#include "store/heddle-store-questions.h"
#include "value/heddle-json.h"

#define INTERVAL_MS 1000

struct _HeddleAnswers
{
  GObject parent_instance;

  HeddleRun *run;
  HeddleStore *store;
  GMainContext *context;
  GCancellable *cancellable;
  GSource *timer; /* while a question is open */
  gboolean is_looking;
};

G_DEFINE_FINAL_TYPE (HeddleAnswers, heddle_answers, G_TYPE_OBJECT)

static void
stop (HeddleAnswers *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
heddle_answers_dispose (GObject *object)
{
  HeddleAnswers *self = HEDDLE_ANSWERS (object);

  stop (self);
  g_cancellable_cancel (self->cancellable);
  G_OBJECT_CLASS (heddle_answers_parent_class)->dispose (object);
}

static void
heddle_answers_finalize (GObject *object)
{
  HeddleAnswers *self = HEDDLE_ANSWERS (object);

  g_object_unref (self->run);
  g_object_unref (self->store);
  g_main_context_unref (self->context);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (heddle_answers_parent_class)->finalize (object);
}

static void
heddle_answers_class_init (HeddleAnswersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_answers_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_answers_finalize;
}

static void
heddle_answers_init (HeddleAnswers *self)
{
}

HeddleAnswers *
heddle_answers_new (HeddleRun *run, HeddleStore *store, GMainContext *context)
{
  HeddleAnswers *self = g_object_new (HEDDLE_TYPE_ANSWERS, NULL);

  self->run = g_object_ref (run);
  self->store = g_object_ref (store);
  self->context = g_main_context_ref (context);
  self->cancellable = g_cancellable_new ();
  return self;
}

/* What does not fit was checked by who left it; what came too late is told by the question that is gone. */
static void
give (HeddleAnswers *self, JsonNode *answers)
{
  JsonArray *array = json_node_get_array (answers);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *answer = json_array_get_element (array, i);
      g_autoptr (GError) error = NULL;

      if (!heddle_run_answer (self->run, heddle_json_get_string (answer, "question", ""), heddle_json_member (answer, "answer"), &error))
        g_debug ("An answer was not taken: %s", error->message);
    }
}

static void
taken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleAnswers) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answers = heddle_store_take_answers_finish (HEDDLE_STORE (source), result, &error);

  self->is_looking = FALSE;
  if (answers != NULL)
    give (self, answers);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_debug ("Answers cannot be looked for: %s", error->message);
}

static gboolean
tick_cb (gpointer data)
{
  HeddleAnswers *self = data;
  g_autoptr (JsonNode) questions = heddle_run_dup_questions (self->run);

  if (json_array_get_length (json_node_get_array (questions)) == 0)
    {
      g_clear_pointer (&self->timer, g_source_unref);
      return G_SOURCE_REMOVE;
    }
  if (self->is_looking)
    return G_SOURCE_CONTINUE;
  self->is_looking = TRUE;
  heddle_store_take_answers_async (self->store, heddle_run_get_id (self->run), self->cancellable, taken_cb, g_object_ref (self));
  return G_SOURCE_CONTINUE;
}

void
heddle_answers_watch (HeddleAnswers *self)
{
  g_return_if_fail (HEDDLE_IS_ANSWERS (self));

  if (self->timer != NULL)
    return;
  self->timer = g_timeout_source_new (INTERVAL_MS);
  g_source_set_static_name (self->timer, "heddle-answers");
  g_source_set_callback (self->timer, tick_cb, self, NULL);
  g_source_attach (self->timer, self->context);
}
