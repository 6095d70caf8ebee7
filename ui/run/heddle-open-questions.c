/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-open-questions.h"

#include "run/heddle-past-runs.h"
#include "run/heddle-store-watch.h"

#include <glib/gi18n-lib.h>

struct _HeddleOpenQuestions
{
  GObject parent_instance;

  HeddleStore *store;
  HeddlePastRuns *runs; /* those that are interrupted may be in doubt */
  HeddleStoreWatch *watch;
  GPtrArray *asked;          /* HeddleQuestionInfo, as stored; or NULL: not read yet */
  GPtrArray *list;           /* with what is in doubt */
  GCancellable *cancellable; /* of the listing under way */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleOpenQuestions, heddle_open_questions, G_TYPE_OBJECT)

static HeddleQuestionInfo *
copy_info (const HeddleQuestionInfo *info)
{
  HeddleQuestionInfo *copy = g_new (HeddleQuestionInfo, 1);

  *copy = *info;
  copy->run = g_strdup (info->run);
  copy->workflow = g_strdup (info->workflow);
  copy->name = g_strdup (info->name);
  copy->question = json_node_ref (info->question);
  return copy;
}

static HeddleQuestionInfo *
make_doubt (const HeddleRunInfo *run)
{
  HeddleQuestionInfo *info = g_new0 (HeddleQuestionInfo, 1);
  JsonObject *question = json_object_new ();

  json_object_set_string_member (question, "kind", "in-doubt");
  json_object_set_string_member (question, "title", ngettext ("A step may have been done already", "Some steps may have been done already", run->n_doubts));
  info->run = g_strdup (run->id);
  info->workflow = g_strdup (run->workflow);
  info->name = g_strdup (run->name);
  info->asked = run->started + MAX (run->duration, 0);
  info->question = heddle_json_object (question);
  return info;
}

static void
update (HeddleOpenQuestions *self)
{
  GPtrArray *interrupted = heddle_past_runs_get_interrupted (self->runs);

  if (self->asked == NULL)
    return;
  g_ptr_array_set_size (self->list, 0);
  for (guint i = 0; i < self->asked->len; i++)
    g_ptr_array_add (self->list, copy_info (g_ptr_array_index (self->asked, i)));
  for (guint i = 0; i < interrupted->len; i++)
    {
      const HeddleRunInfo *run = g_ptr_array_index (interrupted, i);

      if (run->n_doubts > 0 && heddle_open_questions_find (self, run->id, NULL) == NULL)
        g_ptr_array_add (self->list, make_doubt (run));
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleOpenQuestions) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *asked = heddle_store_list_questions_finish (HEDDLE_STORE (object), result, &error);

  if (asked == NULL)
    {
      if (!heddle_error_is_cancelled (error))
        g_debug ("Open questions could not be listed: %s", error->message);
      return;
    }
  g_clear_pointer (&self->asked, g_ptr_array_unref);
  self->asked = asked;
  /* Its answer comes after this one, and updates the list. */
  heddle_past_runs_refresh (self->runs);
}

void
heddle_open_questions_refresh (HeddleOpenQuestions *self)
{
  g_return_if_fail (HEDDLE_IS_OPEN_QUESTIONS (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->store == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  heddle_store_list_questions_async (self->store, NULL, self->cancellable, listed_cb, g_object_ref (self));
}

GPtrArray *
heddle_open_questions_get_list (HeddleOpenQuestions *self)
{
  g_return_val_if_fail (HEDDLE_IS_OPEN_QUESTIONS (self), NULL);

  return self->list;
}

const char *
heddle_question_info_get_id (const HeddleQuestionInfo *info)
{
  return heddle_json_get_string (info->question, "id", NULL);
}

const HeddleQuestionInfo *
heddle_open_questions_find (HeddleOpenQuestions *self, const char *run, const char *id)
{
  g_return_val_if_fail (HEDDLE_IS_OPEN_QUESTIONS (self), NULL);

  for (guint i = 0; i < self->list->len; i++)
    {
      const HeddleQuestionInfo *info = g_ptr_array_index (self->list, i);

      if (g_strcmp0 (info->run, run) == 0 && (id == NULL || g_strcmp0 (heddle_question_info_get_id (info), id) == 0))
        return info;
    }
  return NULL;
}

HeddleOpenQuestions *
heddle_open_questions_new (HeddleStore *store)
{
  HeddleOpenQuestions *self = g_object_new (HEDDLE_TYPE_OPEN_QUESTIONS, NULL);

  g_return_val_if_fail (HEDDLE_IS_STORE (store), self);

  self->store = g_object_ref (store);
  self->runs = heddle_past_runs_new (store, NULL);
  g_signal_connect_object (self->runs, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  self->watch = heddle_store_watch_new (store, (HeddleStoreWatchFunc) heddle_open_questions_refresh, self);
  heddle_open_questions_refresh (self);
  return self;
}

static void
heddle_open_questions_dispose (GObject *object)
{
  HeddleOpenQuestions *self = HEDDLE_OPEN_QUESTIONS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->watch, heddle_store_watch_free);
  g_clear_object (&self->runs);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (heddle_open_questions_parent_class)->dispose (object);
}

static void
heddle_open_questions_finalize (GObject *object)
{
  HeddleOpenQuestions *self = HEDDLE_OPEN_QUESTIONS (object);

  g_clear_pointer (&self->asked, g_ptr_array_unref);
  g_ptr_array_unref (self->list);
  G_OBJECT_CLASS (heddle_open_questions_parent_class)->finalize (object);
}

static void
heddle_open_questions_class_init (HeddleOpenQuestionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_open_questions_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_open_questions_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
heddle_open_questions_init (HeddleOpenQuestions *self)
{
  self->list = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_question_info_free);
}
