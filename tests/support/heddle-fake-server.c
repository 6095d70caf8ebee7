/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-fake-server.h"

#include <string.h>

#define MAX_THREADS 512

typedef struct
{
  GBytes *bytes;
  HeddleFakeSplit split;
  gboolean hangs;
} Reply;

struct _HeddleFakeServer
{
  GSocketService *service;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  guint16 port;

  GMutex lock; /* guards what follows */
  GCond changed;
  GQueue replies;
  GPtrArray *requests;
  GPtrArray *open; /* GSocket */
  char *default_body;
  guint default_delay_ms;
  guint n_connections;
  guint n_parallel;
  guint most_parallel;
  guint gathered; /* how many have to be in at once before any is answered */
  guint n_threads;
  gint64 closed_at;
};

static void
reply_free (gpointer data)
{
  Reply *reply = data;

  g_bytes_unref (reply->bytes);
  g_free (reply);
}

/* The length of the request at the start of data; 0 when it is not whole yet. */
static gsize
find_request_end (GByteArray *data)
{
  const char *end = data->len > 0 ? memmem (data->data, data->len, "\r\n\r\n", 4) : NULL;
  g_autofree char *head = NULL;
  const char *header;
  gsize length;

  if (end == NULL)
    return 0;
  length = end + 4 - (const char *) data->data;
  head = g_ascii_strdown ((const char *) data->data, length);
  header = strstr (head, "\r\ncontent-length:");
  if (header != NULL)
    length += g_ascii_strtoull (header + strlen ("\r\ncontent-length:"), NULL, 10);
  return length <= data->len ? length : 0;
}

/* One request; NULL when the other side closed. data keeps what came too early. */
static char *
read_request (GInputStream *input,
              GByteArray *data)
{
  char buffer[4096];
  gsize length;
  char *request;

  while ((length = find_request_end (data)) == 0)
    {
      gssize n_read = g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL);

      if (n_read <= 0)
        return NULL;
      g_byte_array_append (data, (const guint8 *) buffer, n_read);
    }
  request = g_strndup ((const char *) data->data, length);
  g_byte_array_remove_range (data, 0, length);
  return request;
}

static void
write_split (GOutputStream *output,
             GBytes *bytes,
             HeddleFakeSplit split)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (42);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size;)
    {
      gsize length = split == HEDDLE_FAKE_WHOLE ? size : split == HEDDLE_FAKE_BYTES ? 1
                                                                                    : (gsize) g_rand_int_range (random, 1, 40);

      length = MIN (length, size - i);
      if (!g_output_stream_write_all (output, data + i, length, NULL, NULL, NULL))
        return;
      i += length;
    }
}

static void
wait_for_close (HeddleFakeServer *self,
                GInputStream *input)
{
  char buffer[256];

  while (g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL) > 0)
    continue;
  g_mutex_lock (&self->lock);
  self->closed_at = g_get_monotonic_time ();
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static Reply *
take_reply (HeddleFakeServer *self,
            char *request)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_ptr_array_add (self->requests, request);
  self->n_parallel++;
  self->most_parallel = MAX (self->most_parallel, self->n_parallel);
  g_cond_broadcast (&self->changed);
  return g_queue_pop_head (&self->replies);
}

static void
wait_for_others (HeddleFakeServer *self)
{
  gint64 deadline = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (self->most_parallel < self->gathered && g_cond_wait_until (&self->changed, &self->lock, deadline))
    ;
}

static void
end_reply (HeddleFakeServer *self)
{
  g_mutex_lock (&self->lock);
  self->n_parallel--;
  g_mutex_unlock (&self->lock);
}

static void
send_default (HeddleFakeServer *self,
              GOutputStream *output)
{
  const char *body = self->default_body == NULL ? "{}" : self->default_body;
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen (body), body);

  wait_for_others (self);
  if (self->default_delay_ms > 0)
    g_usleep (self->default_delay_ms * 1000);
  /* Before the last byte: who has the answer may ask again at once. */
  end_reply (self);
  g_output_stream_write_all (output, text, strlen (text), NULL, NULL, NULL);
}

static void
serve (HeddleFakeServer *self,
       GSocketConnection *connection)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autoptr (GByteArray) data = g_byte_array_new ();
  gboolean goes_on = TRUE;

  while (goes_on)
    {
      char *request = read_request (input, data);
      Reply *reply = request == NULL ? NULL : take_reply (self, request);

      if (request == NULL)
        return;
      goes_on = reply == NULL;
      if (reply == NULL)
        {
          send_default (self, output);
        }
      else
        {
          write_split (output, reply->bytes, reply->split);
          end_reply (self);
        }
      if (reply != NULL && reply->hangs)
        wait_for_close (self, input);
      g_clear_pointer (&reply, reply_free);
    }
}

static gboolean
run_cb (GThreadedSocketService *service,
        GSocketConnection *connection,
        GObject *source,
        gpointer user_data)
{
  HeddleFakeServer *self = user_data;
  GSocket *socket = g_socket_connection_get_socket (connection);

  g_mutex_lock (&self->lock);
  self->n_connections++;
  self->n_threads++;
  g_ptr_array_add (self->open, g_object_ref (socket));
  g_mutex_unlock (&self->lock);

  serve (self, connection);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);

  g_mutex_lock (&self->lock);
  g_ptr_array_remove (self->open, socket);
  self->n_threads--;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static gpointer
accept_thread (gpointer data)
{
  HeddleFakeServer *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

HeddleFakeServer *
heddle_fake_server_new (void)
{
  HeddleFakeServer *self = g_new0 (HeddleFakeServer, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->requests = g_ptr_array_new_with_free_func (g_free);
  self->open = g_ptr_array_new_with_free_func (g_object_unref);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_main_context_push_thread_default (self->context);
  self->service = g_threaded_socket_service_new (MAX_THREADS);
  g_socket_listener_set_backlog (G_SOCKET_LISTENER (self->service), MAX_THREADS);
  g_signal_connect (self->service, "run", G_CALLBACK (run_cb), self);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_socket_service_start (self->service);
  g_main_context_pop_thread_default (self->context);
  self->thread = g_thread_new ("fake-server", accept_thread, self);
  return self;
}

static void
close_connections (HeddleFakeServer *self)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->open->len; i++)
    g_socket_shutdown (g_ptr_array_index (self->open, i), TRUE, TRUE, NULL);
  while (self->n_threads > 0)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
}

static gboolean
quit_cb (gpointer user_data)
{
  HeddleFakeServer *self = user_data;

  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

void
heddle_fake_server_free (HeddleFakeServer *self)
{
  g_main_context_invoke (self->context, quit_cb, self);
  g_thread_join (self->thread);
  close_connections (self);
  g_object_unref (self->service);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_queue_clear_full (&self->replies, reply_free);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->open);
  g_free (self->default_body);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

char *
heddle_fake_server_dup_url (HeddleFakeServer *self,
                            const char *path)
{
  return g_strdup_printf ("http://127.0.0.1:%u%s", self->port, path);
}

static void
push_reply (HeddleFakeServer *self,
            const char *bytes,
            gsize length,
            HeddleFakeSplit split,
            gboolean hangs)
{
  Reply *reply = g_new0 (Reply, 1);

  reply->bytes = g_bytes_new (bytes, length);
  reply->split = split;
  reply->hangs = hangs;
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->replies, reply);
  g_mutex_unlock (&self->lock);
}

void
heddle_fake_server_push (HeddleFakeServer *self,
                         const char *bytes,
                         gssize length,
                         HeddleFakeSplit split)
{
  push_reply (self, bytes, length < 0 ? strlen (bytes) : (gsize) length, split, FALSE);
}

void
heddle_fake_server_push_body (HeddleFakeServer *self,
                              const char *status,
                              const char *type,
                              const char *body)
{
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                                           status, type, strlen (body), body);

  heddle_fake_server_push (self, text, -1, HEDDLE_FAKE_WHOLE);
}

void
heddle_fake_server_push_stream (HeddleFakeServer *self,
                                const char *body,
                                HeddleFakeSplit split)
{
  g_autofree char *text = g_strconcat ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n", body, NULL);

  heddle_fake_server_push (self, text, -1, split);
}

void
heddle_fake_server_push_hanging (HeddleFakeServer *self,
                                 const char *bytes)
{
  push_reply (self, bytes, strlen (bytes), HEDDLE_FAKE_WHOLE, TRUE);
}

void
heddle_fake_server_set_default (HeddleFakeServer *self,
                                guint delay_ms,
                                const char *body)
{
  g_free (self->default_body);
  self->default_body = g_strdup (body);
  self->default_delay_ms = delay_ms;
}

void
heddle_fake_server_gather (HeddleFakeServer *self,
                           guint n_parallel)
{
  self->gathered = n_parallel;
}

guint
heddle_fake_server_count (HeddleFakeServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->requests->len;
}

char *
heddle_fake_server_dup_request (HeddleFakeServer *self,
                                guint index)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_assert_cmpuint (index, <, self->requests->len);
  return g_strdup (g_ptr_array_index (self->requests, index));
}

guint
heddle_fake_server_count_connections (HeddleFakeServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n_connections;
}

guint
heddle_fake_server_get_most_parallel (HeddleFakeServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->most_parallel;
}

static gint64
read_closed_at (HeddleFakeServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->closed_at;
}

gint64
heddle_fake_server_wait_closed (HeddleFakeServer *self)
{
  gint64 deadline = g_get_monotonic_time () + 5 * G_TIME_SPAN_SECOND;

  /* The client may be in this thread and need its turn to close. */
  while (read_closed_at (self) == 0 && g_get_monotonic_time () < deadline)
    {
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (100);
    }
  return read_closed_at (self);
}
