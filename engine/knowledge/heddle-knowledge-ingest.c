/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge/heddle-file-walk.h"
#include "knowledge/heddle-ingest.h"

#include <glib/gi18n-lib.h>

#include "heddle-error.h"

#define PROGRESS_INTERVAL_US (50 * 1000)

/* Files being added. */
typedef struct
{
  GTask *task; /* borrowed: it owns this */
  char *base;
  char **paths;
  HeddleKnowledgeProgress progress; /* or NULL */
  gpointer progress_data;
  gint64 last_progress; /* monotonic */
} Adding;

static void
adding_free (gpointer data)
{
  Adding *adding = data;

  g_free (adding->base);
  g_strfreev (adding->paths);
  g_free (adding);
}

typedef struct
{
  HeddleKnowledgeProgress progress;
  gpointer data;
  char *what;
  guint done;
  guint total;
} Report;

static void
report_free (gpointer data)
{
  Report *report = data;

  g_free (report->what);
  g_free (report);
}

static gboolean
report_cb (gpointer user_data)
{
  Report *report = user_data;

  report->progress (report->what, report->done, report->total, report->data);
  return G_SOURCE_REMOVE;
}

/* In the caller's context, before the end of the task, and not more often than anybody can read. */
static void
report_progress (Adding *adding,
                 const char *what,
                 guint done,
                 guint total)
{
  g_autoptr (GSource) source = NULL;
  gint64 now = g_get_monotonic_time ();
  Report *report;

  if (adding->progress == NULL || (done < total && now - adding->last_progress < PROGRESS_INTERVAL_US))
    return;
  adding->last_progress = now;
  report = g_new0 (Report, 1);
  *report = (Report){ adding->progress, adding->progress_data, g_strdup (what), done, total };
  source = g_idle_source_new ();
  g_source_set_priority (source, g_task_get_priority (adding->task));
  g_source_set_callback (source, report_cb, report, report_free);
  g_source_attach (source, g_task_get_context (adding->task));
}

static void
embed_progress (guint done,
                guint total,
                gpointer data)
{
  report_progress (data, _ ("Embedding"), done, total);
}

/* Errors that end everything, not only this file. */
static gboolean
is_fatal (const GError *error)
{
  return error != NULL && (heddle_error_is_cancelled (error) || g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_STORE) ||
                           g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND));
}

static void
count_failure (HeddleIngestResult *result,
               const char *path,
               const GError *error)
{
  g_autofree char *name = g_filename_display_basename (path);

  result->n_failed++;
  if (result->first_error == NULL)
    result->first_error = g_strdup_printf ("%s: %s", name, error->message);
}

static gboolean
add_file (HeddleKnowledge *self,
          Adding *adding,
          HeddleFileWalk *walk,
          guint i,
          HeddleIngestResult *result,
          GError **error)
{
  const char *path = g_ptr_array_index (walk->paths, i);
  g_autoptr (GError) local = NULL;

  switch (heddle_ingest_file (self, adding->base, path, g_task_get_cancellable (adding->task), &local))
    {
    case HEDDLE_INGEST_ADDED:
      result->n_added++;
      return TRUE;
    case HEDDLE_INGEST_UNCHANGED:
      result->n_unchanged++;
      return TRUE;
    case HEDDLE_INGEST_UNSUPPORTED:
      if (i >= walk->n_named)
        {
          heddle_file_walk_skip (walk, path, _ ("Only text, Markdown, HTML and PDF can be read."));
          return TRUE;
        }
      g_set_error_literal (&local, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("Only text, Markdown, HTML and PDF can be read."));
      break;
    case HEDDLE_INGEST_FAILED:
    default:
      break;
    }
  if (is_fatal (local))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  count_failure (result, path, local);
  return TRUE;
}

static gboolean
check_base_exists (HeddleKnowledge *self,
                   const char *base,
                   GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *model = NULL;
  gboolean has_vectors;

  g_mutex_lock (&self->store_lock);
  model = self->store->klass->dup_model (self->store, base, &has_vectors, &local);
  g_mutex_unlock (&self->store_lock);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static HeddleIngestResult *
add_all (HeddleKnowledge *self,
         Adding *adding,
         GError **error)
{
  GCancellable *cancellable = g_task_get_cancellable (adding->task);
  g_autoptr (HeddleFileWalk) walk = NULL;
  g_autoptr (HeddleIngestResult) result = g_new0 (HeddleIngestResult, 1);

  if (!check_base_exists (self, adding->base, error))
    return NULL;
  walk = heddle_file_walk ((const char *const *) adding->paths, cancellable, error);
  if (walk == NULL)
    return NULL;
  for (guint i = 0; i < walk->paths->len; i++)
    {
      g_autofree char *name = g_filename_display_basename (g_ptr_array_index (walk->paths, i));

      report_progress (adding, name, i, walk->paths->len);
      if (!heddle_knowledge_is_open (self, error) || !add_file (self, adding, walk, i, result, error))
        return NULL;
    }
  report_progress (adding, "", walk->paths->len, walk->paths->len);
  result->n_skipped = walk->n_skipped;
  result->first_skipped = g_steal_pointer (&walk->first_skipped);
  return heddle_knowledge_embed_pending (self, adding->base, embed_progress, adding, cancellable, error)
           ? g_steal_pointer (&result)
           : NULL;
}

static void
add_files_thread (HeddleKnowledge *self,
                  GTask *task)
{
  GError *error = NULL;
  HeddleIngestResult *result = add_all (self, g_task_get_task_data (task), &error);

  heddle_knowledge_emit_changed (self);
  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) heddle_ingest_result_free);
  else
    g_task_return_error (task, error);
}

void
heddle_knowledge_add_files_async (HeddleKnowledge *self,
                                  const char *base,
                                  const char *const *paths,
                                  HeddleKnowledgeProgress progress,
                                  gpointer progress_data,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task;
  Adding *adding;

  g_return_if_fail (HEDDLE_IS_KNOWLEDGE (self) && base != NULL && paths != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_knowledge_add_files_async);
  adding = g_new0 (Adding, 1);
  adding->task = task;
  adding->base = g_strdup (base);
  adding->paths = g_strdupv ((char **) paths);
  adding->progress = progress;
  adding->progress_data = progress_data;
  g_task_set_task_data (task, adding, adding_free);
  heddle_knowledge_push (self, HEDDLE_WORK_INGEST, task, add_files_thread);
}

HeddleIngestResult *
heddle_knowledge_add_files_finish (HeddleKnowledge *self,
                                   GAsyncResult *result,
                                   GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* A text being added. */
typedef struct
{
  char *base;
  char *title;
  char *source;
  char *mime;
  char *text;
  gint64 document;
  guint n_chunks;
} Text;

static void
text_free (gpointer data)
{
  Text *text = data;

  g_free (text->base);
  g_free (text->title);
  g_free (text->source);
  g_free (text->mime);
  g_free (text->text);
  g_free (text);
}

static void
add_text_thread (HeddleKnowledge *self,
                 GTask *task)
{
  Text *text = g_task_get_task_data (task);
  const HeddleIngestText ingest = { text->title, text->source, text->mime, text->text };
  GError *error = NULL;

  text->document = heddle_ingest_text (self, text->base, &ingest, &text->n_chunks, &error);
  if (text->document != 0)
    {
      heddle_knowledge_emit_changed (self);
      heddle_knowledge_embed_pending (self, text->base, NULL, NULL, g_task_get_cancellable (task), &error);
    }
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
heddle_knowledge_add_text_async (HeddleKnowledge *self,
                                 const char *base,
                                 const char *title,
                                 const char *source,
                                 const char *mime,
                                 const char *text,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task;
  Text *data;

  g_return_if_fail (HEDDLE_IS_KNOWLEDGE (self) && base != NULL && title != NULL && mime != NULL && text != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_knowledge_add_text_async);
  data = g_new0 (Text, 1);
  data->base = g_strdup (base);
  data->title = g_utf8_make_valid (title, -1);
  data->source = source != NULL ? g_utf8_make_valid (source, -1) : NULL;
  data->mime = g_strdup (mime);
  data->text = g_utf8_make_valid (text, -1);
  g_task_set_task_data (task, data, text_free);
  heddle_knowledge_push (self, HEDDLE_WORK_INGEST, task, add_text_thread);
}

gint64
heddle_knowledge_add_text_finish (HeddleKnowledge *self,
                                  GAsyncResult *result,
                                  guint *n_chunks,
                                  GError **error)
{
  Text *text;

  g_return_val_if_fail (g_task_is_valid (result, self), 0);

  text = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return 0;
  if (n_chunks != NULL)
    *n_chunks = text->n_chunks;
  return text->document;
}
