/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/heddle-memory-private.h"

#include <string.h>

#include "heddle-error.h"
#include "memory/heddle-memory-lessons.h"
#include "memory/heddle-memory-merge.h"
#include "memory/heddle-memory-recall.h"
#include "memory/heddle-memory-text.h"
#include "value/heddle-json.h"

/* Extractions of different graphs at the same time. */
#define MAX_RUNNING 4
#define TIMEOUT_MS (120 * 1000)
#define MAX_TOKENS 8000
/* What the model is told of what is known. */
#define KNOWN_CHARS 6000
/* Less was not said about anything. */
#define MIN_SAID_BYTES 8

/* One extraction: made on the thread, asked on the network's context, merged on the thread. */
typedef struct
{
  HeddleMemory *self;
  HeddleHttp *http;
  GCancellable *cancellable;
  HeddleLessonRow *row;
  JsonNode *messages;
  HeddleChatResponse *response; /* or */
  GError *error;
} Extraction;

static void
extraction_free (gpointer data)
{
  Extraction *extraction = data;

  g_object_unref (extraction->self);
  heddle_http_unref (extraction->http);
  g_object_unref (extraction->cancellable);
  heddle_lesson_row_free (extraction->row);
  json_node_unref (extraction->messages);
  g_clear_pointer (&extraction->response, heddle_chat_response_free);
  g_clear_error (&extraction->error);
  g_free (extraction);
}

static void
count_lesson (HeddleMemory *self,
              HeddleMemoryWorker *worker,
              gint64 id)
{
  if (g_hash_table_add (worker->counted, g_memdup2 (&id, sizeof id)))
    heddle_memory_count (self, 1);
}

static void
settle_lesson (HeddleMemory *self,
               HeddleMemoryWorker *worker,
               gint64 id)
{
  if (g_hash_table_remove (worker->counted, &id))
    heddle_memory_count (self, -1);
}

/* In one transaction, so that a lesson is learnt once or not at all. */
static gboolean
merge_answer (HeddleDatabase *database,
              const HeddleLessonRow *row,
              const HeddleMemoryExtraction *found,
              const char *usage,
              GError **error)
{
  g_autofree char *excerpt = heddle_memory_dup_line (row->question, HEDDLE_MEMORY_EXCERPT_CHARS);
  const HeddleMemoryOrigin origin = { "learnt", row->run, row->node, excerpt, g_get_real_time () };
  gint n_facts;

  if (!heddle_database_begin (database, error))
    return FALSE;
  n_facts = heddle_memory_merge (database, row->graph, found, &origin, error);
  return heddle_memory_end (database, n_facts >= 0 && heddle_lesson_finish (database, row->id, n_facts, usage, error), error);
}

static gboolean
learn_answer (HeddleDatabase *database,
              const Extraction *extraction,
              const char *usage,
              GError **error)
{
  g_autoptr (HeddleMemoryExtraction) found = NULL;

  if (extraction->error != NULL)
    {
      g_propagate_error (error, g_error_copy (extraction->error));
      return FALSE;
    }
  found = heddle_memory_extraction_parse (extraction->response->text != NULL ? extraction->response->text : "", error);
  return found != NULL && merge_answer (database, extraction->row, found, usage, error);
}

static void
keep_lesson (HeddleMemoryWorker *worker,
             const Extraction *extraction,
             const char *usage,
             const GError *reason)
{
  gint64 id = extraction->row->id;
  g_autoptr (GError) error = NULL;
  gboolean ok;

  g_hash_table_add (worker->passed_over, g_memdup2 (&id, sizeof id));
  ok = heddle_error_is_cancelled (reason) ? heddle_lesson_release (worker->database, id, &error)
                                          : heddle_lesson_fail (worker->database, id, usage, reason->message, &error);
  if (!ok)
    g_info ("A lesson stays with this process: %s", error->message);
}

static void
answered_job (HeddleMemory *self,
              HeddleMemoryWorker *worker,
              gpointer data)
{
  const Extraction *extraction = data;
  g_autoptr (JsonNode) usage = extraction->response != NULL ? heddle_usage_to_json (&extraction->response->usage) : NULL;
  g_autofree char *usage_text = usage != NULL ? heddle_json_to_text (usage, HEDDLE_JSON_COMPACT) : NULL;
  g_autoptr (GError) error = NULL;

  worker->n_running--;
  if (!learn_answer (worker->database, extraction, usage_text, &error))
    keep_lesson (worker, extraction, usage_text, error);
  heddle_memory_pump (self, worker);
  settle_lesson (self, worker, extraction->row->id);
  heddle_memory_emit_changed (self);
}

static void
answered_cb (GObject *source,
             GAsyncResult *result,
             gpointer user_data)
{
  Extraction *extraction = user_data;

  extraction->response = heddle_models_chat_finish (HEDDLE_MODELS (source), result, &extraction->error);
  heddle_memory_push (extraction->self, answered_job, extraction, extraction_free);
}

/* On the network's context. */
static gboolean
ask_cb (gpointer user_data)
{
  Extraction *extraction = user_data;
  g_autoptr (JsonNode) schema = heddle_memory_extraction_schema ();
  const HeddleChatRequest request = {
    .model = extraction->row->model,
    .messages = extraction->messages,
    .temperature = -1,
    .max_tokens = MAX_TOKENS,
    .response_schema = schema,
    .timeout_ms = TIMEOUT_MS,
  };

  heddle_models_chat_async (extraction->self->models, extraction->http, &request, extraction->cancellable, answered_cb, extraction);
  return G_SOURCE_REMOVE;
}

static char *
describe_known (HeddleDatabase *database,
                const HeddleLessonRow *row,
                GError **error)
{
  g_autofree char *query = g_strdup_printf ("%s\n%s", row->question, row->answer);
  gint64 graph = heddle_memory_find_graph (database, row->graph, error);
  g_autoptr (GPtrArray) facts = graph > 0 ? heddle_memory_rank (database, graph, query, TRUE, error) : NULL;

  return facts != NULL ? heddle_memory_render (facts, KNOWN_CHARS) : NULL;
}

/* Consumes row. context and http are those of the network. */
static void
start (HeddleMemory *self,
       HeddleMemoryWorker *worker,
       HeddleLessonRow *row,
       GMainContext *context,
       Extraction *extraction)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  g_autofree char *known = describe_known (worker->database, row, NULL);

  extraction->row = row;
  extraction->messages = heddle_memory_extraction_messages (known, row->question, row->answer);
  worker->n_running++;
  count_lesson (self, worker, row->id);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, ask_cb, extraction, NULL);
  g_source_attach (source, context);
}

/* An extraction that can be asked; NULL when there is no network. */
static Extraction *
extraction_new (HeddleMemory *self,
                GMainContext **context)
{
  Extraction *extraction = NULL;

  g_mutex_lock (&self->lock);
  if (self->network != NULL && self->models != NULL && !self->is_closed)
    {
      extraction = g_new0 (Extraction, 1);
      extraction->self = g_object_ref (self);
      extraction->http = heddle_http_ref (self->http);
      extraction->cancellable = g_object_ref (self->cancellable);
      *context = g_main_context_ref (self->network);
    }
  g_mutex_unlock (&self->lock);
  return extraction;
}

static void
extraction_drop (Extraction *extraction)
{
  g_object_unref (extraction->self);
  heddle_http_unref (extraction->http);
  g_object_unref (extraction->cancellable);
  g_free (extraction);
}

/* FALSE when there is nothing to begin. */
static gboolean
begin_next (HeddleMemory *self,
            HeddleMemoryWorker *worker)
{
  g_autoptr (GMainContext) context = NULL;
  g_autoptr (GError) error = NULL;
  Extraction *extraction = extraction_new (self, &context);
  HeddleLessonRow *row;
  gboolean is_blocked = FALSE;

  if (extraction == NULL)
    return FALSE;
  row = heddle_lesson_claim (worker->database, worker->lease, worker->passed_over, &is_blocked, &error);
  if (error != NULL)
    g_info ("The next lesson cannot be begun: %s", error->message);
  if (row != NULL)
    {
      start (self, worker, row, context, extraction);
      return TRUE;
    }
  extraction_drop (extraction);
  /* A database that is busy is asked again too. */
  if (is_blocked || error != NULL)
    g_set_object (&worker->waits, self);
  return FALSE;
}

void
heddle_memory_pump (HeddleMemory *self,
                    HeddleMemoryWorker *worker)
{
  g_clear_object (&worker->waits);
  while (worker->n_running < MAX_RUNNING && begin_next (self, worker))
    continue;
}

static void
lesson_free (gpointer data)
{
  HeddleMemoryLesson *lesson = data;

  g_free ((char *) lesson->graph);
  g_free ((char *) lesson->model);
  g_free ((char *) lesson->run);
  g_free ((char *) lesson->node);
  g_free ((char *) lesson->user);
  g_free ((char *) lesson->answer);
  g_free (lesson);
}

static HeddleMemoryLesson *
lesson_copy (const HeddleMemoryLesson *lesson)
{
  HeddleMemoryLesson *copy = g_new0 (HeddleMemoryLesson, 1);

  copy->graph = g_utf8_make_valid (lesson->graph, -1);
  copy->model = g_strdup (lesson->model);
  copy->run = g_strdup (lesson->run != NULL ? lesson->run : "");
  copy->node = g_strdup (lesson->node != NULL ? lesson->node : "");
  copy->user = g_strdup (lesson->user != NULL ? lesson->user : "");
  copy->answer = g_strdup (lesson->answer != NULL ? lesson->answer : "");
  return copy;
}

static gint64
queue_lesson (HeddleMemoryWorker *worker,
              const HeddleMemoryLesson *lesson,
              GError **error)
{
  HeddleMemoryLesson queued = *lesson;
  g_autofree char *target = heddle_memory_dup_target (worker->database, lesson->graph, error);

  queued.graph = target;
  return target == NULL ? 0 : heddle_lesson_insert (worker->database, worker->lease, &queued, error);
}

static void
learn_job (HeddleMemory *self,
           HeddleMemoryWorker *worker,
           gpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id = queue_lesson (worker, data, &error);

  if (id == 0)
    g_message ("What was said could not be queued to be remembered: %s", error->message);
  else
    count_lesson (self, worker, id);
  g_hash_table_remove_all (worker->passed_over);
  heddle_memory_pump (self, worker);
  heddle_memory_count (self, -1); /* what was counted before the row was there */
  heddle_memory_emit_changed (self);
}

/* Programs that have no engine name their client with the first lesson. */
static void
ensure_network (HeddleMemory *self,
                HeddleHttp *http)
{
  gboolean has_network;

  g_mutex_lock (&self->lock);
  has_network = self->network != NULL;
  g_mutex_unlock (&self->lock);
  if (!has_network && http != NULL)
    {
      g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

      heddle_memory_set_network (self, context, http);
    }
}

void
heddle_memory_learn (HeddleMemory *self,
                     HeddleHttp *http,
                     const HeddleMemoryLesson *lesson)
{
  HeddleMemoryLesson *copy;

  g_return_if_fail (HEDDLE_IS_MEMORY (self));
  g_return_if_fail (lesson != NULL && lesson->graph != NULL && lesson->model != NULL);

  copy = lesson_copy (lesson);
  if (strlen (copy->user) + strlen (copy->answer) < MIN_SAID_BYTES)
    {
      lesson_free (copy);
      return;
    }
  ensure_network (self, http);
  heddle_memory_count (self, 1);
  if (!heddle_memory_push (self, learn_job, copy, lesson_free))
    heddle_memory_count (self, -1);
}

static void
resume_job (HeddleMemory *self,
            HeddleMemoryWorker *worker,
            gpointer data)
{
  g_hash_table_remove_all (worker->passed_over);
  heddle_memory_pump (self, worker);
}

void
heddle_memory_resume (HeddleMemory *self)
{
  g_return_if_fail (HEDDLE_IS_MEMORY (self));

  g_mutex_lock (&self->lock);
  self->resumes = TRUE;
  g_mutex_unlock (&self->lock);
  heddle_memory_push (self, resume_job, NULL, NULL);
}
