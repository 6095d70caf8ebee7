/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/heddle-http-effect.h"

#include "value/heddle-json.h"

#include <string.h>

#define MASK "•••"
/* Names in a query and of headers that may be secret; rather too many. */
#define LIKE_A_KEY "key|token|secret|passw|signature|sig|auth|credential|cookie"
/* Members of a body that are; rather too few, as what is masked is not compared. */
#define IS_A_KEY "^(?:authorization|(?:x-)?api[-_ ]?key|(?:x-)?(?:auth|access|refresh)[-_ ]?token|token|password|passwd|secret|client[-_ ]?secret)$"

char *
heddle_http_mask_url (const char *url)
{
  g_autoptr (GRegex) secret = g_regex_new ("([?&][^=&#]*(?:" LIKE_A_KEY ")[^=&#]*=)[^&#]*", G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GRegex) user = g_regex_new ("^([a-zA-Z]+://)[^/?#@]*@", 0, 0, NULL);
  g_autofree char *valid = NULL;
  g_autofree char *without_user = NULL;

  g_return_val_if_fail (url != NULL, NULL);

  valid = g_utf8_make_valid (url, -1);
  without_user = g_regex_replace (user, valid, -1, 0, "\\1", 0, NULL);
  return g_regex_replace (secret, without_user, -1, 0, "\\1" MASK, 0, NULL);
}

static JsonNode *
list_headers (const HeddleHttpHeader *headers)
{
  g_autoptr (GRegex) secret = g_regex_new (LIKE_A_KEY, G_REGEX_CASELESS, 0, NULL);
  JsonArray *list = json_array_new ();

  for (; headers != NULL && headers->name != NULL; headers++)
    {
      gboolean is_secret = headers->is_secret || g_regex_match (secret, headers->name, 0, NULL);
      JsonObject *row = json_object_new ();

      json_object_set_member (row, "name", heddle_json_string (headers->name));
      json_object_set_member (row, "value", heddle_json_string (is_secret ? MASK : headers->value));
      json_array_add_element (list, heddle_json_object (row));
    }
  return heddle_json_array (list);
}

static JsonNode *mask_value (GRegex *secret, JsonNode *node); /* recursive, as deep as JSON that was read may be */

static JsonNode *
mask_object (GRegex *secret, JsonObject *object)
{
  JsonObject *masked = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (masked, name, g_regex_match (secret, name, 0, NULL) ? heddle_json_string (MASK) : mask_value (secret, value));
  return heddle_json_object (masked);
}

static JsonNode *
mask_value (GRegex *secret, JsonNode *node)
{
  JsonArray *masked;

  if (JSON_NODE_HOLDS_OBJECT (node))
    return mask_object (secret, json_node_get_object (node));
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return json_node_ref (node);
  masked = json_array_new ();
  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    json_array_add_element (masked, mask_value (secret, json_array_get_element (json_node_get_array (node), i)));
  return heddle_json_array (masked);
}

/* "name=value&…", as forms are sent. */
static JsonNode *
mask_form (const char *form)
{
  g_autofree char *query = g_strconcat ("?", form, NULL);
  g_autofree char *masked = heddle_http_mask_url (query);

  return heddle_json_string (masked + 1);
}

static JsonNode *
body_to_json (GBytes *body, const char *content_type)
{
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  const char *type = content_type != NULL ? content_type : "";
  g_autoptr (JsonNode) value = NULL;
  g_autofree char *text = NULL;

  if (data == NULL || !g_utf8_validate (data, (gssize) size, NULL))
    {
      g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);

      return heddle_json_string (digest);
    }
  value = heddle_json_parse (data, (gssize) size, NULL);
  if (value != NULL)
    {
      g_autoptr (GRegex) secret = g_regex_new (IS_A_KEY, G_REGEX_CASELESS, 0, NULL);

      return mask_value (secret, value);
    }
  text = g_strndup (data, size);
  return g_str_has_prefix (type, "application/x-www-form-urlencoded") ? mask_form (text) : heddle_json_string (text);
}

JsonObject *
heddle_http_request_to_json (const HeddleHttpRequest *request)
{
  JsonObject *object;
  g_autofree char *url = NULL;

  g_return_val_if_fail (request != NULL && request->url != NULL, NULL);

  object = json_object_new ();
  url = heddle_http_mask_url (request->url);
  json_object_set_member (object, "method", heddle_json_string (request->method != NULL ? request->method : "GET"));
  json_object_set_member (object, "url", heddle_json_string (url));
  json_object_set_member (object, "headers", list_headers (request->headers));
  if (request->body == NULL)
    return object;
  json_object_set_member (object, "content_type", heddle_json_string (request->content_type));
  json_object_set_member (object, "body", body_to_json (request->body, request->content_type));
  return object;
}
