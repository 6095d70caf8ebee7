/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/heddle-http-private.h"

#include "heddle-config.h"
#include "heddle-error.h"

/* A session looks at all its messages whenever one moves: eight of 25 cost an eighth of one of 200. */
#define N_SHARDS 8
#define SHARD_SIZE (MAX_IN_FLIGHT / N_SHARDS)
/* More in the sessions at once costs more than it gains: 5 000 queued there take 29 s instead of 3. */
#define MAX_IN_FLIGHT 200
/* A TLS connection of HTTP/1.1 costs 3 MB on Debian 12; HTTP/2 shares one. */
#define MAX_SECURE_CONNECTIONS 32
#define MAX_SECURE_PER_HOST 8
/* Shorter than what servers usually keep a connection for, so that a request rarely meets a closed one. */
#define KEEP_ALIVE_SECONDS 15

typedef struct
{
  SoupSession *session; /* made when it is first needed */
  guint in_flight;
} Shard;

struct _HeddleHttp
{
  gatomicrefcount ref_count;
  GMainContext *context;
  Shard plain[N_SHARDS];
  Shard secure;
  GQueue waiting; /* GTask, oldest first */
  guint in_flight;
};

typedef struct
{
  HeddleHttp *http;
  HeddleHttpExchange *exchange;
  Shard *shard; /* NULL: still waiting */
} SendOperation;

static void
send_operation_free (gpointer data)
{
  SendOperation *operation = data;

  heddle_http_exchange_free (operation->exchange);
  heddle_http_unref (operation->http);
  g_free (operation);
}

static SoupSession *
create_session (guint max_connections,
                guint max_per_host)
{
  SoupSession *session = soup_session_new_with_options ("max-conns", max_connections,
                                                        "max-conns-per-host", max_per_host,
                                                        "timeout", 0,
                                                        "idle-timeout", KEEP_ALIVE_SECONDS,
                                                        "user-agent", "Heddle/" HEDDLE_VERSION,
                                                        NULL);

  /* It would remember and resend credentials on its own; ours travel only where we put them. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  return session;
}

HeddleHttp *
heddle_http_new (void)
{
  HeddleHttp *self = g_new0 (HeddleHttp, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->context = g_main_context_ref_thread_default ();
  g_queue_init (&self->waiting);
  return self;
}

HeddleHttp *
heddle_http_ref (HeddleHttp *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
heddle_http_unref (HeddleHttp *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_assert (g_queue_is_empty (&self->waiting));
  for (guint i = 0; i < N_SHARDS; i++)
    g_clear_object (&self->plain[i].session);
  g_clear_object (&self->secure.session);
  g_main_context_unref (self->context);
  g_free (self);
}

/* The first with room, so that calls one after the other share a connection. */
static Shard *
choose_shard (HeddleHttp *self, HeddleHttpExchange *exchange)
{
  Shard *shard = self->plain;

  if (heddle_http_exchange_is_secure (exchange))
    {
      if (self->secure.session == NULL)
        self->secure.session = create_session (MAX_SECURE_CONNECTIONS, MAX_SECURE_PER_HOST);
      return &self->secure;
    }
  while (shard->in_flight >= SHARD_SIZE && shard < self->plain + N_SHARDS - 1)
    shard++;
  if (shard->session == NULL)
    shard->session = create_session (MAX_IN_FLIGHT, MAX_IN_FLIGHT);
  return shard;
}

static void
start_waiting (HeddleHttp *self)
{
  while (self->in_flight < MAX_IN_FLIGHT && !g_queue_is_empty (&self->waiting))
    {
      GTask *task = g_queue_pop_head (&self->waiting);
      SendOperation *operation = g_task_get_task_data (task);

      self->in_flight++;
      operation->shard = choose_shard (self, operation->exchange);
      operation->shard->in_flight++;
      heddle_http_exchange_start (operation->exchange, operation->shard->session);
    }
}

static void
exchange_ended_cb (gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SendOperation *operation = g_task_get_task_data (task);
  g_autoptr (HeddleHttp) self = heddle_http_ref (operation->http);
  GError *error = NULL;
  HeddleHttpResponse *response = heddle_http_exchange_steal_response (operation->exchange, &error);

  if (operation->shard == NULL)
    {
      g_queue_remove (&self->waiting, task);
    }
  else
    {
      self->in_flight--;
      operation->shard->in_flight--;
    }
  start_waiting (self);
  if (response == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, response, (GDestroyNotify) heddle_http_response_free);
}

void
heddle_http_send_async (HeddleHttp *self,
                        const HeddleHttpRequest *request,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  HeddleHttpExchange *exchange;
  SendOperation *operation;
  GError *error = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (request != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, heddle_http_send_async);
  exchange = heddle_http_exchange_new (request, &error);
  if (exchange == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  operation = g_new0 (SendOperation, 1);
  operation->http = heddle_http_ref (self);
  operation->exchange = exchange;
  g_task_set_task_data (task, operation, send_operation_free);
  g_queue_push_tail (&self->waiting, task);
  heddle_http_exchange_arm (exchange, self->context, cancellable, exchange_ended_cb, g_object_ref (task));
  start_waiting (self);
}

HeddleHttpResponse *
heddle_http_send_finish (HeddleHttp *self,
                         GAsyncResult *result,
                         GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
heddle_http_response_free (HeddleHttpResponse *response)
{
  if (response == NULL)
    return;
  g_free (response->reason);
  g_free (response->url);
  g_clear_pointer (&response->headers, json_object_unref);
  g_clear_pointer (&response->body, g_bytes_unref);
  g_free (response);
}

const char *
heddle_http_response_get_header (const HeddleHttpResponse *response,
                                 const char *name)
{
  g_return_val_if_fail (response != NULL, NULL);

  if (response->headers == NULL || !json_object_has_member (response->headers, name))
    return NULL;
  return json_object_get_string_member (response->headers, name);
}
