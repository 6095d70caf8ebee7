/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-error.h"
#include "heddle-fake-server.h"
#include "knowledge/heddle-knowledge.h"
#include "net/heddle-http.h"
#include "provider/heddle-models.h"
#include "secret/heddle-secrets.h"
#include "value/heddle-json.h"

/* A knowledge base whose vectors are on a Qdrant server: HEDDLE_TEST_QDRANT_URL for the real one, else replayed bytes. */

#define BASE "Ünterlagen & Co"

typedef struct
{
  HeddleModels *models;
  HeddleHttp *http;
  HeddleSecrets *secrets;
  HeddleKnowledge *knowledge;
  GAsyncResult *result;
} Fixture;

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Fixture *) user_data)->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Fixture *f)
{
  while (f->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return f->result;
}

static void
set_up (Fixture *f, gconstpointer url)
{
  g_autoptr (GError) error = NULL;

  f->models = heddle_models_new (NULL, NULL);
  f->http = heddle_http_new ();
  f->secrets = heddle_secrets_new (NULL);
  f->knowledge = heddle_knowledge_new (":memory:", f->models, &error);
  g_assert_no_error (error);
  heddle_knowledge_set_secrets (f->knowledge, f->secrets);
  heddle_knowledge_set_network (f->knowledge, g_main_context_default (), f->http);
  heddle_knowledge_set_base_async (f->knowledge, BASE, NULL, "demo/embedding", NULL, done_cb, f);
  heddle_knowledge_set_base_finish (f->knowledge, wait_for (f), &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer url)
{
  g_clear_object (&f->result);
  heddle_knowledge_set_network (f->knowledge, NULL, NULL);
  g_object_unref (f->knowledge);
  g_object_unref (f->secrets);
  heddle_http_unref (f->http);
  g_object_unref (f->models);
}

static gboolean
set_server (Fixture *f, const char *url, const char *credential, GError **error)
{
  g_clear_object (&f->result);
  heddle_knowledge_set_server_async (f->knowledge, BASE, url, credential, NULL, done_cb, f);
  return heddle_knowledge_set_server_finish (f->knowledge, wait_for (f), error);
}

static gint64
add (Fixture *f, const char *title, const char *text, GError **error)
{
  g_clear_object (&f->result);
  heddle_knowledge_add_text_async (f->knowledge, BASE, title, NULL, "text/plain", text, NULL, done_cb, f);
  return heddle_knowledge_add_text_finish (f->knowledge, wait_for (f), NULL, error);
}

static GPtrArray *
search (Fixture *f, const char *query, HeddleSearchMode mode, GError **error)
{
  g_clear_object (&f->result);
  heddle_knowledge_search_async (f->knowledge, BASE, query, mode, 3, NULL, done_cb, f);
  return heddle_knowledge_search_finish (f->knowledge, wait_for (f), error);
}

static void
assert_best (Fixture *f, const char *query, const char *title)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) passages = search (f, query, HEDDLE_SEARCH_VECTORS, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (passages->len, >, 0);
  g_assert_cmpstr (((const HeddlePassage *) g_ptr_array_index (passages, 0))->title, ==, title);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Fixture *) user_data)->result = g_object_ref (result);
}

/* What the server says of a path, as JSON. */
static JsonNode *
ask (Fixture *f, const char *url, const char *path)
{
  g_autofree char *full = g_strconcat (url, path, NULL);
  const HeddleHttpRequest request = { .url = full };
  g_autoptr (HeddleHttpResponse) response = NULL;
  gsize size;
  const char *data;

  g_clear_object (&f->result);
  heddle_http_send_async (f->http, &request, NULL, sent_cb, f);
  response = heddle_http_send_finish (f->http, wait_for (f), NULL);
  g_assert_nonnull (response);
  data = g_bytes_get_data (response->body, &size);
  return heddle_json_parse (data, size, NULL);
}

/* Our collections on the server, of which other tests may have some: how many points those of this base have, -1: there is none. */
static gint64
count_points (Fixture *f, const char *url)
{
  g_autoptr (JsonNode) all = ask (f, url, "/collections");
  JsonArray *list = heddle_json_get_array (heddle_json_member (all, "result"), "collections");
  gint64 n = -1;

  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      const char *name = heddle_json_get_string (json_array_get_element (list, i), "name", "");
      g_autofree char *path = g_strconcat ("/collections/", name, NULL);
      g_autoptr (JsonNode) info = g_str_has_prefix (name, "heddle-unterlagen-") ? ask (f, url, path) : NULL;

      if (info != NULL)
        n = MAX (n, 0) + heddle_json_get_int (heddle_json_member (info, "result"), "points_count", 0);
    }
  return n;
}

static void
delete_base (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&f->result);
  heddle_knowledge_delete_base_async (f->knowledge, BASE, NULL, done_cb, f);
  heddle_knowledge_delete_base_finish (f->knowledge, wait_for (f), &error);
  g_assert_no_error (error);
}

static void
test_search (Fixture *f, gconstpointer url)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) fused = NULL;
  const HeddlePassage *best;

  add (f, "Before", "What was added before the server was set is embedded again.", &error);
  g_assert_true (set_server (f, url, NULL, &error));
  add (f, "Money", "Your invoice was paid twice, so we return the second payment.", &error);
  add (f, "Cats", "The kitten sleeps on the warm sofa all afternoon.", &error);
  g_assert_no_error (error);
  assert_best (f, "invoice paid twice", "Money");
  assert_best (f, "added before the server was set", "Before");
  g_assert_cmpint (count_points (f, url), ==, 3);
  fused = search (f, "the kitten on the sofa", HEDDLE_SEARCH_AUTO, &error);
  g_assert_no_error (error);
  best = g_ptr_array_index (fused, 0);
  g_assert_cmpstr (best->title, ==, "Cats");
  g_assert_cmpfloat (best->vector_score, >, 0);
  g_assert_cmpfloat (best->keyword_score, >, 0);
  delete_base (f);
  g_assert_cmpint (count_points (f, url), ==, -1);
}

static void
test_replace_and_delete (Fixture *f, gconstpointer url)
{
  g_autoptr (GError) error = NULL;
  gint64 document;

  set_server (f, url, NULL, &error);
  add (f, "Note", "The old text about elephants.", &error);
  document = add (f, "Note", "The new text about giraffes.", &error);
  g_assert_no_error (error);
  g_assert_cmpint (count_points (f, url), ==, 1);
  assert_best (f, "text about giraffes", "Note");
  g_clear_object (&f->result);
  heddle_knowledge_delete_document_async (f->knowledge, BASE, document, NULL, done_cb, f);
  g_assert_true (heddle_knowledge_delete_document_finish (f->knowledge, wait_for (f), &error));
  g_assert_cmpint (count_points (f, url), ==, 0);
  delete_base (f);
}

/* More than one request holds. */
static void
test_many (Fixture *f, gconstpointer url)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 300; i++)
    g_string_append_printf (text, "Section %u\n\n%s %u.\n\n", i, "A paragraph that is long enough to stand for itself, about the number", i * 7919);
  set_server (f, url, NULL, &error);
  add (f, "Numbers", text->str, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count_points (f, url), >, 5);
  delete_base (f);
}

/* Back in the database, with nothing left behind. */
static void
test_back (Fixture *f, gconstpointer url)
{
  g_autoptr (GError) error = NULL;

  set_server (f, url, NULL, &error);
  add (f, "Cats", "The kitten sleeps on the sofa.", &error);
  g_assert_true (set_server (f, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (count_points (f, url), ==, -1);
  assert_best (f, "kitten on the sofa", "Cats");
}

/* With a server that is gone, the passages stay and say so; it is an error, not a weaker search. */
static void
test_unreachable (Fixture *f, gconstpointer url)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) passages = NULL;

  set_server (f, "http://127.0.0.1:1", NULL, &error);
  g_assert_no_error (error);
  add (f, "Cats", "The kitten sleeps.", &error);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NETWORK);
  g_clear_error (&error);
  passages = search (f, "kitten", HEDDLE_SEARCH_KEYWORDS, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (passages->len, ==, 1);
}

static void
test_address (Fixture *f, gconstpointer url)
{
  static const char *const wrong[] = { "localhost", "file:///etc/passwd", "://", "ftp://host" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (set_server (f, wrong[i], NULL, &error));
      g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID);
    }
}

/* The key goes in its header, and what the server says of it is told, but for the key. */
static void
test_key (Fixture *f, gconstpointer data)
{
  g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
  g_autofree char *url = heddle_fake_server_dup_url (server, "");
  g_autofree char *request = NULL;
  g_autoptr (GError) error = NULL;

  g_setenv ("HEDDLE_CREDENTIAL_QDRANT", "canary-key-123", TRUE);
  g_assert_true (set_server (f, url, "qdrant", &error));
  heddle_fake_server_push_body (server, "403 Forbidden", "application/json", "{\"status\":{\"error\":\"wrong key canary-key-123\"}}");
  add (f, "Cats", "The kitten sleeps.", &error);
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_AUTH);
  g_assert_nonnull (strstr (error->message, "wrong key"));
  g_assert_null (strstr (error->message, "canary"));
  request = heddle_fake_server_dup_request (server, 0);
  g_assert_nonnull (strstr (request, "Bearer canary-key-123"));
  g_unsetenv ("HEDDLE_CREDENTIAL_QDRANT");
}

/* Whatever the other side is, it is told and nothing breaks. */
static void
test_nonsense (Fixture *f, gconstpointer data)
{
  static const char *const bodies[] = { "", "<html>", "[]", "{\"result\":null}", "{\"result\":{\"points\":[{\"id\":\"a\"},7]}}" };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (HeddleFakeServer) server = heddle_fake_server_new ();
      g_autofree char *url = heddle_fake_server_dup_url (server, "");
      g_autoptr (GError) error = NULL;

      heddle_fake_server_set_default (server, 0, bodies[i]);
      set_server (f, url, NULL, NULL);
      add (f, bodies[i], "The kitten sleeps.", &error);
      g_clear_error (&error);
      g_clear_pointer (&f->result, g_object_unref);
    }
}

static void
skip_test (void)
{
  g_test_skip ("HEDDLE_TEST_QDRANT_URL does not name a Qdrant server");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *f, gconstpointer url);
  } real[] = {
    { "/qdrant/search", test_search },
    { "/qdrant/replace-and-delete", test_replace_and_delete },
    { "/qdrant/many", test_many },
    { "/qdrant/back", test_back },
  };
  const char *url = g_getenv ("HEDDLE_TEST_QDRANT_URL");

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (real); i++)
    {
      if (url != NULL)
        g_test_add (real[i].path, Fixture, url, set_up, real[i].func, tear_down);
      else
        g_test_add_func (real[i].path, skip_test);
    }
  g_test_add ("/qdrant/unreachable", Fixture, NULL, set_up, test_unreachable, tear_down);
  g_test_add ("/qdrant/address", Fixture, NULL, set_up, test_address, tear_down);
  g_test_add ("/qdrant/key", Fixture, NULL, set_up, test_key, tear_down);
  g_test_add ("/qdrant/nonsense", Fixture, NULL, set_up, test_nonsense, tear_down);
  return g_test_run ();
}
