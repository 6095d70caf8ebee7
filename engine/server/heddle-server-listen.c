/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-server-private.h"

#include "heddle-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How long another server may take to say who it is. */
#define ASK_SECONDS 1

static gboolean
incoming_cb (GSocketService *service, GSocketConnection *stream, GObject *source, gpointer data)
{
  heddle_connection_accept (data, stream);
  return TRUE;
}

/* Whether a Heddle is at that port, of another database or another person. */
static gboolean
is_heddle (guint port)
{
  static const char request[] = "GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n";
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) stream = NULL;
  char answer[1024] = "";
  gsize length = 0;

  g_socket_client_set_timeout (client, ASK_SECONDS);
  g_socket_client_set_enable_proxy (client, FALSE);
  stream = g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) port, NULL, NULL);
  if (stream == NULL)
    return FALSE;
  if (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (stream)), request, strlen (request), NULL, NULL, NULL))
    g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (stream)), answer, sizeof answer - 1, &length, NULL, NULL);
  return strstr (answer, "\"server\":\"heddle\"") != NULL;
}

static GError *
explain (const GError *cause, guint port)
{
  if (!g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    return g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_NETWORK, _ ("Port %u cannot be opened: %s. Choose another port."), port, cause->message);
  if (is_heddle (port))
    return g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_NETWORK, _ ("Another Heddle, with another database, has port %u. Choose another port for this one."), port);
  return g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_NETWORK, _ ("Another program has port %u. Choose another port."), port);
}

/* The port, or 0 with error. */
static guint
add_address (GSocketListener *listener, GInetAddress *address, guint port, GError **error)
{
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (address, (guint16) port);
  g_autoptr (GSocketAddress) effective = NULL;

  if (!g_socket_listener_add_address (listener, wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &effective, error))
    return 0;
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
}

static guint
add_loopback (GSocketListener *listener, guint port, GError **error)
{
  g_autoptr (GInetAddress) four = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GInetAddress) six = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV6);
  guint opened = add_address (listener, four, port, error);

  /* A machine may have no IPv6, which is no reason not to serve. */
  if (opened != 0)
    add_address (listener, six, opened, NULL);
  return opened;
}

static guint
add_opened (GSocketListener *listener, const char *text, guint port, GError **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  if (address != NULL)
    return add_address (listener, address, port, error);
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
               _ ("“%s” is not an IP address. Write one of this computer, or 0.0.0.0 for all of them."), text);
  return 0;
}

static guint
open_ports (HeddleServerCore *self, GError **error)
{
  g_autoptr (GError) cause = NULL;
  guint wanted = (guint) self->port;
  guint port;

  if (self->address != NULL)
    port = add_opened (G_SOCKET_LISTENER (self->service), self->address, wanted, &cause);
  else
    port = add_loopback (G_SOCKET_LISTENER (self->service), wanted, &cause);
  if (port != 0)
    return port;
  g_propagate_error (error, cause->domain == HEDDLE_ERROR ? g_error_copy (cause) : explain (cause, wanted));
  return 0;
}

gboolean
heddle_server_core_listen (HeddleServerCore *self, GError **error)
{
  const char *address = self->address != NULL ? self->address : "127.0.0.1";
  gboolean is_any = strcmp (address, "0.0.0.0") == 0 || strcmp (address, "::") == 0;
  guint port;

  self->service = g_socket_service_new ();
  g_socket_listener_set_backlog (G_SOCKET_LISTENER (self->service), 1024);
  port = open_ports (self, error);
  if (port == 0)
    {
      heddle_server_core_unlisten (self);
      return FALSE;
    }
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  g_free (self->url);
  self->url = g_strdup_printf (strchr (address, ':') != NULL && !is_any ? "http://[%s]:%u" : "http://%s:%u",
                               is_any ? "127.0.0.1" : address, port);
  return TRUE;
}

void
heddle_server_core_unlisten (HeddleServerCore *self)
{
  if (self->service == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
}
