/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <libsoup/soup.h>
#include <string.h>

#include "heddle-error.h"
#include "mcp-fixture.h"
#include "secret/heddle-secrets.h"
#include "value/heddle-json.h"

/* A server of before 2026-07-28 over HTTP, in all the ways that it may misbehave. */

#define MIB (1024 * 1024)
#define EVENT_STREAM "text/event-stream"
#define JSON "application/json"
#define DONE "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}"

typedef struct _Peer Peer;

/* Answers a "tools/call", or with request NULL the GET that takes a stream up again. */
typedef void (*Answer) (Peer *peer, SoupServerMessage *message, JsonNode *request);

struct _Peer
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  GSocketService *service;
  SoupServer *server;
  char *url;
  Answer call;
  Answer resume;
  const char *elsewhere; /* where a redirect leads */

  GMutex lock;
  guint n_sessions; /* guarded by the lock, as is what follows */
  guint n_calls;
  guint n_resumes;
  guint n_deleted;
  guint n_wrong;        /* requests without what the session was given */
  gboolean ended;       /* the session, without a word */
  JsonNode *unanswered; /* the request whose stream broke off */
  char *last_event;
  char *authorization; /* of the last request */
};

static void
respond (SoupServerMessage *message, guint status, const char *type, const char *body)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, body, strlen (body));
}

static char *
make_reply (JsonNode *request, const char *result)
{
  return g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%" G_GINT64_FORMAT ",\"result\":%s}", heddle_json_get_int (request, "id", 0), result);
}

static void
reply (SoupServerMessage *message, JsonNode *request, const char *result)
{
  g_autofree char *text = make_reply (request, result);

  respond (message, 200, JSON, text);
}

static void
begin_session (Peer *self, SoupServerMessage *message, JsonNode *request)
{
  g_autofree char *session = g_strdup_printf ("session-%u", ++self->n_sessions);

  self->ended = FALSE;
  soup_message_headers_append (soup_server_message_get_response_headers (message), "Mcp-Session-Id", session);
  reply (message, request, "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"peer\",\"version\":\"1\"}}");
}

static void
check_session (Peer *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autofree char *session = g_strdup_printf ("session-%u", self->n_sessions);

  if (g_strcmp0 (soup_message_headers_get_one (headers, "Mcp-Session-Id"), session) != 0 ||
      g_strcmp0 (soup_message_headers_get_one (headers, "MCP-Protocol-Version"), "2025-11-25") != 0)
    self->n_wrong++;
}

static void
take_get (Peer *self, SoupServerMessage *message)
{
  const char *last = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Last-Event-ID");

  if (last == NULL || self->resume == NULL)
    {
      respond (message, 405, "text/plain", "There are no messages of mine.");
      return;
    }
  self->n_resumes++;
  g_free (self->last_event);
  self->last_event = g_strdup (last);
  self->resume (self, message, NULL);
}

static void
take_post (Peer *self, SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (JsonNode) request = heddle_json_parse (body->data, body->length, NULL);
  const char *method = heddle_json_get_string (request, "method", "");

  if (strcmp (method, "server/discover") == 0)
    {
      respond (message, 400, "text/plain", "What is that?");
      return;
    }
  if (strcmp (method, "initialize") == 0)
    {
      begin_session (self, message, request);
      return;
    }
  check_session (self, message);
  if (self->ended)
    respond (message, 404, JSON, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32001,\"message\":\"Session not found\"}}");
  else if (strcmp (method, "tools/list") == 0)
    reply (message, request, "{\"tools\":[{\"name\":\"work\",\"inputSchema\":{\"type\":\"object\"}}]}");
  else if (strcmp (method, "tools/call") != 0)
    soup_server_message_set_status (message, 202, NULL);
  else
    {
      self->n_calls++;
      self->call (self, message, request);
    }
}

static void
request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  Peer *self = user_data;
  const char *method = soup_server_message_get_method (message);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_free (self->authorization);
  self->authorization = g_strdup (soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Authorization"));
  if (strcmp (method, "DELETE") == 0)
    {
      check_session (self, message);
      self->n_deleted++;
      soup_server_message_set_status (message, 204, NULL);
    }
  else if (strcmp (method, "GET") == 0)
    take_get (self, message);
  else
    take_post (self, message);
}

/* Not by the server's own listener, which in libsoup 3.2 keeps the sockets that it accepts. */
static gboolean
incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  Peer *self = user_data;
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);

  return soup_server_accept_iostream (self->server, G_IO_STREAM (connection), local, remote, NULL);
}

static gpointer
peer_thread (gpointer data)
{
  Peer *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static Peer *
peer_new (Answer call, Answer resume)
{
  Peer *self = g_new0 (Peer, 1);
  guint16 port;

  g_mutex_init (&self->lock);
  self->call = call;
  self->resume = resume;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_main_context_push_thread_default (self->context);
  self->server = g_object_new (SOUP_TYPE_SERVER, NULL);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  self->service = g_socket_service_new ();
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (self->service), NULL, NULL);
  g_assert_cmpuint (port, !=, 0);
  g_main_context_pop_thread_default (self->context);
  self->url = g_strdup_printf ("http://127.0.0.1:%u/mcp", port);
  self->thread = g_thread_new ("peer", peer_thread, self);
  return self;
}

static gboolean
quit_cb (gpointer data)
{
  Peer *self = data;

  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  soup_server_disconnect (self->server);
  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

static void
peer_free (Peer *self)
{
  g_main_context_invoke (self->context, quit_cb, self);
  g_thread_join (self->thread);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_object_unref (self->service);
  g_object_unref (self->server);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_clear_pointer (&self->unanswered, json_node_unref);
  g_free (self->last_event);
  g_free (self->authorization);
  g_free (self->url);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Peer, peer_free)

static void
assert_fails (Peer *peer, int code, const char *part)
{
  g_autoptr (Fixture) fixture = fixture_new_http (peer->url);
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleMcpResult) result = fixture_call (fixture, "work", NULL, &error);

  g_assert_null (result);
  g_assert_error (error, HEDDLE_ERROR, code);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” is not in “%s”", part, error->message);
  g_assert_null (strchr (error->message, '<'));
}

static void
answer_well (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  reply (message, request, DONE);
}

/* What the server named the session, and the version agreed upon, come with each request up to the last. */
static void
test_session (void)
{
  g_autoptr (Peer) peer = peer_new (answer_well, NULL);
  Fixture *fixture = fixture_new_http (peer->url);

  fixture_assert_call (fixture, "work", NULL, "\"done\"");
  fixture_assert_call (fixture, "work", NULL, "\"done\"");
  fixture_free (fixture);
  g_assert_cmpuint (peer->n_sessions, ==, 1);
  g_assert_cmpuint (peer->n_calls, ==, 2);
  g_assert_cmpuint (peer->n_wrong, ==, 0);
  g_assert_cmpuint (peer->n_deleted, ==, 1);
}

/* A session that the server forgot is begun anew, and the call is made once. */
static void
test_forgotten (void)
{
  g_autoptr (Peer) peer = peer_new (answer_well, NULL);
  g_autoptr (Fixture) fixture = fixture_new_http (peer->url);

  fixture_assert_call (fixture, "work", NULL, "\"done\"");
  g_mutex_lock (&peer->lock);
  peer->ended = TRUE;
  g_mutex_unlock (&peer->lock);
  fixture_assert_call (fixture, "work", NULL, "\"done\"");
  g_assert_cmpuint (peer->n_sessions, ==, 2);
  g_assert_cmpuint (peer->n_calls, ==, 2);
}

static void
answer_forgetful (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  respond (message, 404, JSON, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32001,\"message\":\"Session not found\"}}");
}

static void
test_always_forgotten (void)
{
  g_autoptr (Peer) peer = peer_new (answer_forgetful, NULL);

  assert_fails (peer, HEDDLE_ERROR_NOT_FOUND, "Session not found");
  g_assert_cmpuint (peer->n_sessions, ==, 2);
  g_assert_cmpuint (peer->n_calls, ==, 2);
}

static void
answer_page (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  respond (message, 200, "text/html; charset=utf-8", "<!doctype html><title>Welcome</title>");
}

static void
test_page (void)
{
  g_autoptr (Peer) peer = peer_new (answer_page, NULL);

  assert_fails (peer, HEDDLE_ERROR_SERVER, "text/html");
}

static void
answer_nothing (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  soup_server_message_set_status (message, 202, NULL);
}

static void
test_nothing (void)
{
  g_autoptr (Peer) peer = peer_new (answer_nothing, NULL);

  assert_fails (peer, HEDDLE_ERROR_SERVER, "did not answer with a message");
}

static void
answer_broken (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  respond (message, 200, JSON, "{\"jsonrpc\":\"2.0\",\"id\":4,\"resu");
}

static void
test_broken_json (void)
{
  g_autoptr (Peer) peer = peer_new (answer_broken, NULL);

  assert_fails (peer, HEDDLE_ERROR_SERVER, "did not answer with a message");
}

static void
answer_other (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  respond (message, 200, JSON, "{\"jsonrpc\":\"2.0\",\"id\":999,\"result\":" DONE "}");
}

static void
test_other_id (void)
{
  g_autoptr (Peer) peer = peer_new (answer_other, NULL);

  assert_fails (peer, HEDDLE_ERROR_SERVER, "did not answer with a message");
}

static void
answer_gateway (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  respond (message, 502, "text/html", "<html><head><title>502 Bad Gateway</title></head><body><h1>The way is blocked</h1></body></html>");
}

static void
test_gateway (void)
{
  g_autoptr (Peer) peer = peer_new (answer_gateway, NULL);

  assert_fails (peer, HEDDLE_ERROR_SERVER, "502");
  /* What a server may have done is not done again. */
  g_assert_cmpuint (peer->n_calls, ==, 1);
}

static void
answer_refused (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  respond (message, 401, JSON, "{\"error\":\"invalid_token\",\"error_description\":\"The token is over.\"}");
}

static void
test_refused (void)
{
  g_autoptr (Peer) peer = peer_new (answer_refused, NULL);

  assert_fails (peer, HEDDLE_ERROR_AUTH, "127.0.0.1");
}

#define ANONYMOUS "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"I cannot read that\"}}"

static void
answer_anonymous (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  respond (message, 200, JSON, ANONYMOUS);
}

static void
answer_anonymous_400 (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  respond (message, 400, JSON, ANONYMOUS);
}

static void
answer_anonymous_event (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  respond (message, 200, EVENT_STREAM, "data: " ANONYMOUS "\n\n");
}

/* An error that names no request is the answer to the one it came for. */
static void
test_anonymous (void)
{
  g_autoptr (Peer) peer = peer_new (answer_anonymous, NULL);

  assert_fails (peer, HEDDLE_ERROR_FAILED, "I cannot read that");
  peer->call = answer_anonymous_400;
  assert_fails (peer, HEDDLE_ERROR_BAD_REQUEST, "I cannot read that");
  peer->call = answer_anonymous_event;
  assert_fails (peer, HEDDLE_ERROR_FAILED, "I cannot read that");
}

/* Half of the answer's stream: a place to go on from, and a sign of progress. */
static void
answer_half (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  gint64 id = heddle_json_get_int (request, "id", 0);
  g_autofree char *text = g_strdup_printf ("id: first\nretry: 10\ndata:\n\nid: second\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\","
                                           "\"params\":{\"progressToken\":%" G_GINT64_FORMAT ",\"progress\":1,\"total\":4}}\n\n",
                                           id);

  g_clear_pointer (&peer->unanswered, json_node_unref);
  peer->unanswered = json_node_ref (request);
  respond (message, 200, EVENT_STREAM, text);
}

static void
resume_rest (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  g_autofree char *answer = make_reply (peer->unanswered, DONE);
  g_autofree char *text = g_strdup_printf ("id: third\ndata: %s\n\n", answer);

  respond (message, 200, EVENT_STREAM, text);
}

static void
test_resumed (void)
{
  g_autoptr (Peer) peer = peer_new (answer_half, resume_rest);
  g_autoptr (Fixture) fixture = fixture_new_http (peer->url);

  fixture_assert_call (fixture, "work", NULL, "\"done\"");
  g_assert_cmpuint (fixture->progress->len, ==, 1);
  g_assert_cmpuint (peer->n_calls, ==, 1);
  g_assert_cmpuint (peer->n_resumes, ==, 1);
  g_assert_cmpstr (peer->last_event, ==, "second");
  g_assert_cmpuint (peer->n_wrong, ==, 0);
}

static void
resume_empty (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  respond (message, 200, EVENT_STREAM, ": nothing yet\n\n");
}

static void
test_never_resumed (void)
{
  g_autoptr (Peer) peer = peer_new (answer_half, resume_empty);

  assert_fails (peer, HEDDLE_ERROR_BROKEN_STREAM, "before the answer came");
  g_assert_cmpuint (peer->n_resumes, >=, 3);
  g_assert_cmpuint (peer->n_resumes, <=, 10);
  g_assert_cmpuint (peer->n_calls, ==, 1);
}

static void
resume_page (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  respond (message, 503, "text/html", "<html><body><h1>Closed today</h1></body></html>");
}

static void
test_resumed_badly (void)
{
  g_autoptr (Peer) peer = peer_new (answer_half, resume_page);

  assert_fails (peer, HEDDLE_ERROR_OVERLOADED, "Closed today");
}

static void
answer_cut (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  respond (message, 200, EVENT_STREAM, ": wait\n\ndata: {\"jsonrpc\":");
}

/* Nothing says from where to go on: to call again might do it twice. */
static void
test_cut (void)
{
  g_autoptr (Peer) peer = peer_new (answer_cut, NULL);

  assert_fails (peer, HEDDLE_ERROR_BROKEN_STREAM, "before the answer came");
  g_assert_cmpuint (peer->n_calls, ==, 1);
}

static void
answer_huge (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  char *body = g_malloc (17 * MIB);

  memset (body, ' ', 17 * MIB);
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, JSON, SOUP_MEMORY_TAKE, body, 17 * MIB);
}

static void
test_huge (void)
{
  g_autoptr (Peer) peer = peer_new (answer_huge, NULL);

  assert_fails (peer, HEDDLE_ERROR_LIMIT, "16 MiB");
}

static void
wrote_chunk_cb (SoupServerMessage *message, gpointer user_data)
{
  static const char more[64 * 1024] = { [0 ... sizeof more - 1] = 'x' };

  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_STATIC, more, sizeof more);
  soup_server_message_unpause (message);
}

/* An event that does not end. */
static void
answer_endless (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  soup_server_message_set_status (message, 200, NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_headers_replace (headers, "Content-Type", EVENT_STREAM);
  soup_message_body_set_accumulate (body, FALSE);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (wrote_chunk_cb), NULL);
  soup_message_body_append (body, SOUP_MEMORY_STATIC, "data: ", 6);
}

static void
test_endless (void)
{
  g_autoptr (Peer) peer = peer_new (answer_endless, NULL);

  assert_fails (peer, HEDDLE_ERROR_LIMIT, "16 MiB");
}

static void
answer_elsewhere (Peer *peer, SoupServerMessage *message, JsonNode *request)
{
  soup_server_message_set_redirect (message, 307, peer->elsewhere);
}

/* Another origin gets neither the credential nor the session. */
static void
test_redirected (void)
{
  g_autoptr (Peer) other = peer_new (answer_well, NULL);
  g_autoptr (Peer) peer = peer_new (answer_elsewhere, NULL);
  g_autoptr (Fixture) fixture = fixture_new_http (peer->url);
  g_autoptr (HeddleSecrets) secrets = NULL;
  g_autoptr (HeddleMcpServers) servers = NULL;
  g_autoptr (HeddleMcpResult) result = NULL;

  g_setenv ("HEDDLE_CREDENTIAL_CANARY", "canary-7f3a9", TRUE);
  secrets = heddle_secrets_new (NULL);
  servers = heddle_mcp_servers_new (NULL, secrets);
  fixture->info->credential = g_strdup ("canary");
  peer->elsewhere = other->url;
  fixture->client = heddle_mcp_servers_try (servers, fixture->info, fixture->http);
  result = fixture_call (fixture, "work", NULL, NULL);
  g_assert_cmpstr (peer->authorization, ==, "Bearer canary-7f3a9");
  g_assert_cmpuint (other->n_calls, ==, 1);
  g_assert_cmpuint (other->n_wrong, ==, 1);
  g_assert_null (other->authorization);
  g_assert_finalize_object (g_steal_pointer (&fixture->client));
  heddle_mcp_servers_shutdown (servers);
}

static void
test_redirected_in_a_circle (void)
{
  g_autoptr (Peer) peer = peer_new (answer_elsewhere, NULL);

  peer->elsewhere = peer->url;
  assert_fails (peer, HEDDLE_ERROR_LIMIT, "redirected");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mcp/http/session", test_session);
  g_test_add_func ("/mcp/http/forgotten", test_forgotten);
  g_test_add_func ("/mcp/http/always-forgotten", test_always_forgotten);
  g_test_add_func ("/mcp/http/page", test_page);
  g_test_add_func ("/mcp/http/nothing", test_nothing);
  g_test_add_func ("/mcp/http/broken-json", test_broken_json);
  g_test_add_func ("/mcp/http/other-id", test_other_id);
  g_test_add_func ("/mcp/http/gateway", test_gateway);
  g_test_add_func ("/mcp/http/refused", test_refused);
  g_test_add_func ("/mcp/http/anonymous", test_anonymous);
  g_test_add_func ("/mcp/http/resumed", test_resumed);
  g_test_add_func ("/mcp/http/never-resumed", test_never_resumed);
  g_test_add_func ("/mcp/http/resumed-badly", test_resumed_badly);
  g_test_add_func ("/mcp/http/cut", test_cut);
  g_test_add_func ("/mcp/http/huge", test_huge);
  g_test_add_func ("/mcp/http/endless", test_endless);
  g_test_add_func ("/mcp/http/redirected", test_redirected);
  g_test_add_func ("/mcp/http/redirected-in-a-circle", test_redirected_in_a_circle);
  return g_test_run ();
}
