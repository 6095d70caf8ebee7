/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The server that benchmarks talk to, in a process of its own: prints its ports, and ends with its input.
 *
 *   GET /delay           an answer after 100 ms
 *   POST /chat/completions   of Chat Completions: another call of the tool "read", until there are as many as the environment says
 */
#include <libsoup/soup.h>
#include <stdio.h>
#include <stdlib.h>

#define N_PORTS 4
#define DELAY_MS 100
#define BACKLOG 512

static guint n_asked;

static gboolean
answer_cb (gpointer data)
{
  SoupServerMessage *message = data;

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{\"ok\":true}", 11);
  soup_server_message_unpause (message);
  return G_SOURCE_REMOVE;
}

static void
delay_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  soup_server_message_pause (message);
  g_timeout_add_full (G_PRIORITY_DEFAULT, DELAY_MS, answer_cb, g_object_ref (message), g_object_unref);
}

/* The page differs each time, as an agent stops who repeats itself. */
static char *
make_reply (guint turn, guint n_turns)
{
  if (turn > n_turns)
    return g_strdup ("{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Done.\"},\"finish_reason\":\"stop\"}]}");
  return g_strdup_printf ("{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c%u\",\"type\":\"function\","
                          "\"function\":{\"name\":\"read\",\"arguments\":\"{\\\"page\\\":\\\"%u\\\"}\"}}]},\"finish_reason\":\"tool_calls\"}]}",
                          turn, turn);
}

static void
chat_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  char *reply = make_reply (++n_asked, GPOINTER_TO_UINT (data));

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, reply, strlen (reply));
}

/* With room for all that connect at the same time; the ten places of libsoup make the others wait a second. */
static void
listen_on_port (SoupServer *server)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GError) error = NULL;

  g_socket_set_listen_backlog (socket, BACKLOG);
  if (!g_socket_bind (socket, address, TRUE, &error) || !g_socket_listen (socket, &error) || !soup_server_listen_socket (server, socket, 0, &error))
    g_error ("%s", error->message);
}

static gboolean
end_cb (GIOChannel *input, GIOCondition condition, gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

int
main (int argc, char **argv)
{
  guint n_turns = argc > 1 ? (guint) atoi (argv[1]) : 0;
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (0);
  GSList *uris;

  soup_server_add_handler (server, "/delay", delay_cb, NULL, NULL);
  soup_server_add_handler (server, "/chat/completions", chat_cb, GUINT_TO_POINTER (n_turns), NULL);
  for (guint i = 0; i < N_PORTS; i++)
    listen_on_port (server);
  uris = soup_server_get_uris (server);
  for (GSList *link = uris; link != NULL; link = link->next)
    printf ("%d ", g_uri_get_port (link->data));
  printf ("\n");
  fflush (stdout);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_io_add_watch (input, G_IO_IN | G_IO_HUP | G_IO_ERR, end_cb, loop);
  g_main_loop_run (loop);
  return 0;
}
