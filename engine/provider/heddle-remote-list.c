/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-remote-private.h"

#include "heddle-error.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>

#define TIMEOUT_MS 30000

typedef struct
{
  HeddleHttp *http;
  HeddleEndpoint *endpoint;
  const HeddleAdapter *adapter;
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
read_names (const HeddleAdapter *adapter,
            JsonArray *data)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < json_array_get_length (data); i++)
    {
      const char *id = adapter->get_listed (json_array_get_element (data, i));

      if (id != NULL && *id != '\0')
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
    error = heddle_remote_error_from_response (response, listing->endpoint, NULL);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  body = heddle_remote_parse_body (response);
  data = heddle_json_get_array (body, listing->adapter->list_array);
  if (data == NULL)
    g_task_return_new_error (task, HEDDLE_ERROR, HEDDLE_ERROR_SERVER,
                             _ ("%s answered with no list of models. Check that the address of the provider is right."), listing->endpoint->host);
  else
    g_task_return_pointer (task, read_names (listing->adapter, data), (GDestroyNotify) g_strfreev);
}

void
heddle_remote_list_async (HeddleHttp *http,
                          const HeddleEndpoint *endpoint,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  const HeddleAdapter *adapter = heddle_adapter_find (endpoint->kind);
  g_autofree char *url = heddle_adapter_dup_url (adapter, endpoint->base_url, adapter->list_path);
  Listing *listing = g_new0 (Listing, 1);
  HeddleHttpHeader headers[HEDDLE_REMOTE_MAX_HEADERS];
  HeddleHttpRequest message = { .url = url, .headers = headers, .timeout_ms = TIMEOUT_MS };

  g_task_set_source_tag (task, heddle_remote_list_async);
  listing->http = heddle_http_ref (http);
  listing->endpoint = heddle_endpoint_copy_public (endpoint);
  listing->adapter = adapter;
  heddle_remote_set_headers (headers, endpoint, adapter, "application/json");
  g_task_set_task_data (task, listing, listing_free);
  heddle_http_send_async (http, &message, cancellable, sent_cb, g_object_ref (task));
}

char **
heddle_remote_list_finish (GAsyncResult *result,
                           GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
