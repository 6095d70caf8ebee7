/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "heddle-error.h"
#include "knowledge/heddle-knowledge.h"
#include "net/heddle-http.h"
#include "provider/heddle-models.h"

/* Against a real embedding server: HEDDLE_TEST_EMBEDDINGS_URL, such as http://127.0.0.1:58082/v1. */

#define BASE "Meaning"
#define MODEL "real/embed"

typedef struct
{
  HeddleModels *models;
  HeddleHttp *http;
  HeddleKnowledge *knowledge;
  GAsyncResult *result;
} Fixture;

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Fixture *) user_data)->result = g_object_ref (result);
}

static GAsyncResult *
wait_for (Fixture *fixture)
{
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return fixture->result;
}

static void
fixture_set_up (Fixture *fixture, gconstpointer url)
{
  HeddleProviderInfo info = { .id = (char *) "real", .kind = (char *) "openai-compatible", .title = (char *) "Real", .base_url = (char *) url };
  g_autoptr (GError) error = NULL;

  fixture->models = heddle_models_new (NULL, NULL);
  heddle_models_set_provider (fixture->models, &info, &error);
  g_assert_no_error (error);
  fixture->http = heddle_http_new ();
  fixture->knowledge = heddle_knowledge_new (":memory:", fixture->models, &error);
  g_assert_no_error (error);
  heddle_knowledge_set_network (fixture->knowledge, g_main_context_default (), fixture->http);
  heddle_knowledge_set_base_async (fixture->knowledge, BASE, NULL, MODEL, NULL, done_cb, fixture);
  heddle_knowledge_set_base_finish (fixture->knowledge, wait_for (fixture), &error);
  g_assert_no_error (error);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer url)
{
  g_clear_object (&fixture->result);
  heddle_knowledge_set_network (fixture->knowledge, NULL, NULL);
  g_object_unref (fixture->knowledge);
  heddle_http_unref (fixture->http);
  g_object_unref (fixture->models);
}

static void
add (Fixture *fixture, const char *title, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&fixture->result);
  heddle_knowledge_add_text_async (fixture->knowledge, BASE, title, NULL, "text/plain", text, NULL, done_cb, fixture);
  heddle_knowledge_add_text_finish (fixture->knowledge, wait_for (fixture), NULL, &error);
  g_assert_no_error (error);
}

static GPtrArray *
search (Fixture *fixture, const char *query, HeddleSearchMode mode, GError **error)
{
  g_clear_object (&fixture->result);
  heddle_knowledge_search_async (fixture->knowledge, BASE, query, mode, 3, NULL, done_cb, fixture);
  return heddle_knowledge_search_finish (fixture->knowledge, wait_for (fixture), error);
}

/* The words have nothing in common with the text that is meant. */
static void
test_meaning (Fixture *fixture, gconstpointer url)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) passages = NULL;
  g_autoptr (GPtrArray) fused = NULL;
  const HeddlePassage *best;

  add (fixture, "Cats", "The kitten sleeps on the warm sofa all afternoon.");
  add (fixture, "Money", "Your invoice was paid twice, so we return the second payment.");
  add (fixture, "Physics", "Electrons move around the nucleus of an atom.");
  passages = search (fixture, "refund for a duplicate charge", HEDDLE_SEARCH_VECTORS, &error);
  g_assert_no_error (error);
  best = g_ptr_array_index (passages, 0);
  g_assert_cmpstr (best->title, ==, "Money");
  g_assert_cmpfloat (best->vector_score, >, 0.3);
  fused = search (fixture, "refund for a duplicate charge", HEDDLE_SEARCH_AUTO, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (((HeddlePassage *) g_ptr_array_index (fused, 0))->title, ==, "Money");
}

/* More tokens than words: the server refuses the passage, which is then shortened. */
static void
test_long (Fixture *fixture, gconstpointer url)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) passages = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 180; i++)
    g_string_append_printf (text, "0x%x;%u{%u} ", i * 7919, i * 31, i * 17);
  add (fixture, "Numbers", text->str);
  passages = search (fixture, "hexadecimal numbers", HEDDLE_SEARCH_VECTORS, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (passages->len, >, 0);
}

/* A server that is gone is an error, not a weaker search. */
static void
test_unreachable (Fixture *fixture, gconstpointer url)
{
  HeddleProviderInfo info = { .id = (char *) "real", .kind = (char *) "openai-compatible", .title = (char *) "Gone", .base_url = (char *) "http://127.0.0.1:1/v1" };
  g_autoptr (GError) error = NULL;

  add (fixture, "Cats", "The kitten sleeps.");
  g_assert_true (heddle_models_set_provider (fixture->models, &info, NULL));
  g_assert_null (search (fixture, "kitten", HEDDLE_SEARCH_AUTO, &error));
  g_assert_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NETWORK);
  g_clear_error (&error);
  g_ptr_array_unref (search (fixture, "kitten", HEDDLE_SEARCH_KEYWORDS, &error));
  g_assert_no_error (error);
}

static void
skip_test (void)
{
  g_test_skip ("HEDDLE_TEST_EMBEDDINGS_URL is not set");
}

int
main (int argc, char **argv)
{
  const char *url = g_getenv ("HEDDLE_TEST_EMBEDDINGS_URL");

  g_test_init (&argc, &argv, NULL);
  if (url == NULL || *url == '\0')
    {
      g_test_add_func ("/knowledge-embeddings/skipped", skip_test);
      return g_test_run ();
    }
  g_test_add ("/knowledge-embeddings/meaning", Fixture, url, fixture_set_up, test_meaning, fixture_tear_down);
  g_test_add ("/knowledge-embeddings/long", Fixture, url, fixture_set_up, test_long, fixture_tear_down);
  g_test_add ("/knowledge-embeddings/unreachable", Fixture, url, fixture_set_up, test_unreachable, fixture_tear_down);
  return g_test_run ();
}
