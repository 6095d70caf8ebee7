/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-provider-fixture.h"

#include <string.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

#define TOOLS                                                                                                                                                                       \
  "[{\"name\":\"weather.get\",\"description\":\"Weather of a city\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}}," \
  "{\"name\":\"time\",\"description\":\"The time\"}]"

static void
delta_cb (const char *text, gpointer user_data)
{
  HeddleProviderFixture *self = user_data;

  g_string_append (self->streamed, text);
  if (self->cancels)
    g_cancellable_cancel (self->cancellable);
}

static void
reasoning_cb (const char *text, gpointer user_data)
{
  HeddleProviderFixture *self = user_data;

  g_string_append (self->reasoned, text);
}

void
heddle_provider_fixture_set_messages (HeddleProviderFixture *self, const char *json)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->request.messages, json_node_unref);
  self->request.messages = heddle_json_parse (json, -1, &error);
  g_assert_no_error (error);
}

void
heddle_provider_fixture_set_up (HeddleProviderFixture *self)
{
  self->server = heddle_fake_server_new ();
  self->http = heddle_http_new ();
  self->models = heddle_models_new (NULL, NULL);
  self->streamed = g_string_new (NULL);
  self->reasoned = g_string_new (NULL);
  self->request = (HeddleChatRequest){ .model = "fake/org/m", .temperature = -1, .stream = TRUE, .delta = delta_cb, .reasoning = reasoning_cb, .delta_data = self };
  self->request.tools = heddle_json_parse (TOOLS, -1, NULL);
  heddle_provider_fixture_set_messages (self, "[{\"role\":\"user\",\"content\":\"Hello there\"}]");
}

static void
reset (HeddleProviderFixture *self)
{
  g_clear_pointer (&self->response, heddle_chat_response_free);
  g_clear_pointer (&self->embeddings, heddle_embeddings_free);
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  g_string_truncate (self->streamed, 0);
  g_string_truncate (self->reasoned, 0);
  self->done = FALSE;
}

void
heddle_provider_fixture_tear_down (HeddleProviderFixture *self)
{
  reset (self);
  g_clear_pointer (&self->request.tools, json_node_unref);
  g_clear_pointer (&self->request.messages, json_node_unref);
  g_string_free (self->streamed, TRUE);
  g_string_free (self->reasoned, TRUE);
  g_object_unref (self->models);
  heddle_http_unref (self->http);
  heddle_fake_server_free (self->server);
}

void
heddle_provider_fixture_choose (HeddleProviderFixture *self, const char *kind, const char *profile)
{
  gboolean has_version = strcmp (kind, "openai-compatible") == 0 || strcmp (kind, "openai-responses") == 0;
  g_autofree char *url = heddle_fake_server_dup_url (self->server, has_version ? "/v1" : "");
  const HeddleProviderInfo info = { .id = (char *) "fake", .kind = (char *) kind, .base_url = url, .profile = (char *) profile };
  g_autoptr (GError) error = NULL;

  /* Another server: it does not know of a break that the one before asked for. */
  g_object_unref (self->models);
  self->models = heddle_models_new (NULL, NULL);
  heddle_models_set_provider (self->models, &info, &error);
  g_assert_no_error (error);
}

static void
wait_for (HeddleProviderFixture *self)
{
  while (!self->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
chat_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeddleProviderFixture *self = user_data;

  self->response = heddle_models_chat_finish (HEDDLE_MODELS (source), result, &self->error);
  self->done = TRUE;
}

void
heddle_provider_fixture_chat (HeddleProviderFixture *self)
{
  reset (self);
  self->cancellable = g_cancellable_new ();
  heddle_models_chat_async (self->models, self->http, &self->request, self->cancellable, chat_cb, self);
  wait_for (self);
}

static void
list_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeddleProviderFixture *self = user_data;

  self->names = heddle_models_list_finish (HEDDLE_MODELS (source), result, &self->error);
  self->done = TRUE;
}

void
heddle_provider_fixture_list (HeddleProviderFixture *self)
{
  reset (self);
  heddle_models_list_async (self->models, self->http, "fake", NULL, list_cb, self);
  wait_for (self);
}

static void
embed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeddleProviderFixture *self = user_data;

  self->embeddings = heddle_models_embed_finish (HEDDLE_MODELS (source), result, &self->error);
  self->done = TRUE;
}

void
heddle_provider_fixture_embed (HeddleProviderFixture *self, const char *const *texts)
{
  reset (self);
  heddle_models_embed_async (self->models, self->http, "fake/e", texts, NULL, embed_cb, self);
  wait_for (self);
}

char *
heddle_provider_fixture_read (const char *name, gsize *length)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "providers", name, NULL);
  g_autoptr (GError) error = NULL;
  char *bytes;

  g_file_get_contents (path, &bytes, length, &error);
  g_assert_no_error (error);
  return bytes;
}

void
heddle_provider_fixture_push (HeddleProviderFixture *self, const char *name, HeddleFakeSplit split)
{
  gsize length;
  g_autofree char *bytes = heddle_provider_fixture_read (name, &length);
  const char *type = g_str_has_suffix (name, ".sse") ? "text/event-stream" : g_str_has_suffix (name, ".ndjson") ? "application/x-ndjson"
                                                                                                                : "application/json";
  g_autoptr (GString) reply = g_string_new ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: ");

  g_string_append_printf (reply, "%s\r\n\r\n", type);
  g_string_append_len (reply, bytes, length);
  heddle_fake_server_push (self->server, reply->str, reply->len, split);
}

JsonNode *
heddle_provider_fixture_get_body (HeddleProviderFixture *self)
{
  g_autofree char *request = heddle_fake_server_dup_request (self->server, heddle_fake_server_count (self->server) - 1);
  const char *body = strstr (request, "\r\n\r\n");
  g_autoptr (GError) error = NULL;
  JsonNode *node = heddle_json_parse (body + 4, -1, &error);

  g_assert_no_error (error);
  return node;
}

static void
append_calls (GString *out, JsonNode *calls)
{
  JsonArray *array = calls == NULL ? NULL : json_node_get_array (calls);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *call = json_array_get_element (array, i);
      g_autofree char *arguments = heddle_json_to_display (heddle_json_member (call, "arguments"));

      g_assert_cmpstr (heddle_json_get_string (call, "id", ""), !=, "");
      g_string_append_printf (out, "%s%s%s", i == 0 ? "" : " ", heddle_json_get_string (call, "name", "?"), arguments);
    }
}

static void
append_usage (GString *out, const HeddleUsage *usage)
{
  const gint64 parts[] = { usage->input, usage->cache_read, usage->cache_write, usage->cache_write_long, usage->output, usage->reasoning };

  if (usage->estimated)
    g_string_append_c (out, '~');
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (i > 0)
        g_string_append_c (out, '/');
      if (parts[i] < 0)
        g_string_append_c (out, '-');
      else
        g_string_append_printf (out, "%" G_GINT64_FORMAT, parts[i]);
    }
}

char *
heddle_provider_fixture_describe (HeddleProviderFixture *self)
{
  GString *out = g_string_new (NULL);

  if (self->error != NULL)
    {
      g_string_append_printf (out, "error: %s: %s", heddle_error_class (self->error), self->error->message);
      return g_string_free (out, FALSE);
    }
  if (self->request.stream)
    g_assert_cmpstr (self->streamed->str, ==, self->response->text);
  g_assert_cmpstr (self->reasoned->str, ==, self->response->reasoning == NULL ? "" : self->response->reasoning);
  g_string_append_printf (out, "%s|%s|%s|", self->response->text, self->reasoned->str, self->response->finish_reason);
  append_calls (out, self->response->tool_calls);
  g_string_append_c (out, '|');
  append_usage (out, &self->response->usage);
  return g_string_free (out, FALSE);
}
