/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-openai-private.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>

#define TIMEOUT_MS 30000

typedef struct
{
  HeddleHttp *http;
  HeddleEndpoint *endpoint;
} Listing;

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  heddle_http_unref (listing->http);
  heddle_endpoint_free (listing->endpoint);
  g_free (listing);
}

static char **
read_names (JsonArray *data)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < json_array_get_length (data); i++)
    {
      const char *id = heddle_json_get_string (json_array_get_element (data, i), "id", "");

      if (*id != '\0')
        g_ptr_array_add (names, g_strdup (id));
    }
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

static void
sent_cb (GObject *source,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Listing *listing = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (HeddleHttpResponse) response = heddle_http_send_finish (listing->http, result, &error);
  g_autoptr (JsonNode) body = NULL;
  JsonArray *data;

  if (response != NULL)
    error = heddle_openai_error_from_response (response, listing->endpoint, NULL);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  body = heddle_json_parse (g_bytes_get_size (response->body) == 0 ? "" : g_bytes_get_data (response->body, NULL), g_bytes_get_size (response->body), NULL);
  data = heddle_json_get_array (body, "data");
  if (data == NULL)
    g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_SERVER,
                             _ ("%s answered with no list of models. Check that the address of the provider is right."), listing->endpoint->host);
  else
    g_task_return_pointer (task, read_names (data), (GDestroyNotify) g_strfreev);
}

void
heddle_openai_list_async (HeddleHttp *http,
                          const HeddleEndpoint *endpoint,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *url = g_strconcat (endpoint->base_url, "/models", NULL);
  Listing *listing = g_new0 (Listing, 1);
  HeddleHttpHeader headers[] = {
    { "Accept", "application/json", FALSE },
    { endpoint->header_value == NULL ? NULL : endpoint->header_name, endpoint->header_value, TRUE },
    { NULL, NULL, FALSE },
  };
  HeddleHttpRequest message = { .url = url, .headers = headers, .timeout_ms = TIMEOUT_MS };

  g_task_set_source_tag (task, heddle_openai_list_async);
  listing->http = heddle_http_ref (http);
  listing->endpoint = heddle_endpoint_copy_public (endpoint);
  g_task_set_task_data (task, listing, listing_free);
  heddle_http_send_async (http, &message, cancellable, sent_cb, g_object_ref (task));
}

char **
heddle_openai_list_finish (GAsyncResult *result,
                           GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
