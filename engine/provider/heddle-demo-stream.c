/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-demo.h"

#include "heddle-error.h"
#include "provider/heddle-provider-private.h"
#include "value/heddle-cancel-watch.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DEFAULT_DELAY_MS 18
#define MAX_TOTAL_MS 1200
#define MAX_PIECES 100
#define TOKENS_PER_PIECE 2

/* One answer on its way. */
typedef struct
{
  HeddleChatRequest *request;
  HeddleChatResponse *response;
  const char *rest;
  gint64 piece_tokens;
  gint64 started;
  GSource *ticks;
  HeddleCancelWatch *cancelled;
} Stream;

static void
stream_free (gpointer data)
{
  Stream *stream = data;

  heddle_chat_request_free (stream->request);
  heddle_chat_response_free (stream->response);
  g_clear_pointer (&stream->cancelled, heddle_cancel_watch_free);
  g_clear_pointer (&stream->ticks, g_source_unref);
  g_free (stream);
}

/* FALSE: nobody asked for one, so the answer should come soon. */
static gboolean
read_delay (guint64 *delay)
{
  const char *text = g_getenv ("HEDDLE_DEMO_DELAY_MS");

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 0, 1000, delay, NULL))
    return TRUE;
  *delay = DEFAULT_DELAY_MS;
  return FALSE;
}

static void
send_piece (Stream *stream)
{
  gsize length = heddle_demo_tokens_to_length (stream->rest, stream->piece_tokens);
  g_autofree char *piece = NULL;

  if (length == 0)
    length = strlen (stream->rest);
  piece = g_strndup (stream->rest, length);
  stream->rest += length;
  if (stream->response->first_token_us < 0)
    stream->response->first_token_us = g_get_monotonic_time () - stream->started;
  if (stream->request->delta != NULL)
    stream->request->delta (piece, stream->request->delta_data);
}

static gboolean
tick_cb (gpointer user_data)
{
  GTask *task = user_data;
  Stream *stream = g_task_get_task_data (task);
  gint64 elapsed = g_get_monotonic_time () - stream->started;

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (stream->request->timeout_ms > 0 && elapsed > stream->request->timeout_ms * (gint64) 1000)
    {
      g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT, _ ("The demo model did not finish its answer within the time allowed."));
      return G_SOURCE_REMOVE;
    }
  if (*stream->rest != '\0' && stream->request->stream)
    send_piece (stream);
  else
    stream->rest = "";
  if (*stream->rest != '\0')
    return G_SOURCE_CONTINUE;
  g_task_return_pointer (task, g_steal_pointer (&stream->response), (GDestroyNotify) heddle_chat_response_free);
  return G_SOURCE_REMOVE;
}

/* The next tick comes at once and sees the cancel. */
static void
hurry (gpointer ticks)
{
  g_source_set_ready_time (ticks, 0);
}

static void
attach_ticks (GTask *task,
              guint delay)
{
  Stream *stream = g_task_get_task_data (task);

  stream->ticks = delay == 0 ? g_idle_source_new () : g_timeout_source_new (delay);
  g_source_set_priority (stream->ticks, G_PRIORITY_DEFAULT);
  g_source_set_callback (stream->ticks, tick_cb, g_object_ref (task), g_object_unref);
  g_source_attach (stream->ticks, g_task_get_context (task));
  stream->cancelled = heddle_cancel_watch_new (g_task_get_cancellable (task), g_task_get_context (task), hurry, stream->ticks);
}

static void
start_stream (GTask *task, HeddleChatResponse *response)
{
  Stream *stream = g_task_get_task_data (task);
  guint64 delay;
  gint64 n_pieces = MAX_PIECES;

  if (!read_delay (&delay))
    n_pieces = MAX_TOTAL_MS / DEFAULT_DELAY_MS;
  stream->response = response;
  stream->rest = response->text;
  stream->piece_tokens = MAX (TOKENS_PER_PIECE, (response->usage.output + n_pieces - 1) / n_pieces);
  attach_ticks (task, delay);
}

static void
answer_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, heddle_demo_answer (data), (GDestroyNotify) heddle_chat_response_free);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  HeddleChatResponse *response = g_task_propagate_pointer (G_TASK (result), &error);

  if (response == NULL)
    g_task_return_error (task, error);
  else
    start_stream (task, response);
}

void
heddle_demo_chat_async (const HeddleChatRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  /* A prompt of some hundred kilobytes takes long enough to be felt. */
  g_autoptr (GTask) thinking = g_task_new (NULL, cancellable, answered_cb, g_object_ref (task));
  Stream *stream = g_new0 (Stream, 1);

  g_task_set_source_tag (task, heddle_demo_chat_async);
  g_task_set_source_tag (thinking, heddle_demo_chat_async);
  stream->request = heddle_chat_request_copy (request);
  stream->started = g_get_monotonic_time ();
  g_task_set_task_data (task, stream, stream_free);
  g_task_set_task_data (thinking, heddle_chat_request_copy (request), (GDestroyNotify) heddle_chat_request_free);
  g_task_set_return_on_cancel (thinking, TRUE);
  g_task_run_in_thread (thinking, answer_thread);
}

HeddleChatResponse *
heddle_demo_chat_finish (GAsyncResult *result,
                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
