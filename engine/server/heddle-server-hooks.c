/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-server-private.h"

#include "secret/heddle-secrets.h"
#include "server/heddle-signature.h"
#include "value/heddle-json.h"

#include <string.h>

#define RETRY_SECONDS 1
/* Signed requests that are remembered at most, for as long as their times count. */
#define MAX_REPLAYED 10000

typedef struct
{
  HeddleExchange *exchange;
  HeddleServed *workflow;
  const HeddleHook *hook; /* of the workflow */
} Check;

static void
check_free (Check *check)
{
  heddle_exchange_unref (check->exchange);
  heddle_served_unref (check->workflow);
  g_free (check);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Check, check_free)

/* What proves who the sender is stays out of runs, which are kept and shown. */
static gboolean
is_secret_header (const HeddleHook *hook, const char *name)
{
  static const char *const names[] = { "authorization", "proxy-authorization", "cookie", "x-api-key", NULL };

  return g_strv_contains (names, name) || (hook->signature_header != NULL && g_ascii_strcasecmp (hook->signature_header, name) == 0);
}

static JsonNode *
read_headers (HeddleExchange *exchange, const HeddleHook *hook)
{
  JsonObject *headers = json_object_new ();
  SoupMessageHeadersIter iter;
  const char *name, *value;

  soup_message_headers_iter_init (&iter, soup_server_message_get_request_headers (exchange->message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    {
      g_autofree char *lower = g_ascii_strdown (name, -1);

      if (!is_secret_header (hook, lower))
        json_object_set_member (headers, lower, heddle_json_string (value));
    }
  return heddle_json_object (headers);
}

/* a=1&b=2 */
static JsonNode *
read_form (const char *text)
{
  JsonObject *object = json_object_new ();
  g_autoptr (GHashTable) form = text != NULL ? soup_form_decode (text) : NULL;
  GHashTableIter iter;
  gpointer name, value;

  if (form != NULL)
    {
      g_hash_table_iter_init (&iter, form);
      while (g_hash_table_iter_next (&iter, &name, &value))
        json_object_set_member (object, name, heddle_json_string (value));
    }
  return heddle_json_object (object);
}

static JsonNode *
wrap_bytes (const char *data, gsize length)
{
  JsonObject *object = json_object_new ();
  g_autofree char *text = g_base64_encode ((const guchar *) data, length);

  json_object_set_string_member (object, "base64", text);
  return heddle_json_object (object);
}

/* JSON as it is, a form as an object, other text as text, and anything else as {"base64"}. NULL: answered. */
static JsonNode *
read_body (HeddleExchange *exchange, GBytes *body)
{
  const char *type = soup_message_headers_get_content_type (soup_server_message_get_request_headers (exchange->message), NULL);
  gboolean is_json = type != NULL && (strcmp (type, "application/json") == 0 || g_str_has_suffix (type, "+json"));
  gsize length;
  const char *data = g_bytes_get_data (body, &length);
  g_autofree char *text = g_strndup (length > 0 ? data : "", length);
  g_autoptr (GError) error = NULL;
  JsonNode *json;

  if (length == 0)
    return heddle_json_null ();
  json = heddle_json_parse (data, (gssize) length, &error);
  if (json != NULL)
    return json;
  if (is_json)
    {
      heddle_exchange_fail (exchange, SOUP_STATUS_BAD_REQUEST, "invalid_json", error->message);
      return NULL;
    }
  if (!g_utf8_validate (data, (gssize) length, NULL))
    return wrap_bytes (data, length);
  if (g_strcmp0 (type, "application/x-www-form-urlencoded") == 0)
    return read_form (text);
  return heddle_json_string (text);
}

static JsonNode *
create_input (HeddleExchange *exchange, const HeddleHook *hook, JsonNode *body)
{
  JsonObject *input = json_object_new ();

  json_object_set_member (input, "method", heddle_json_string (exchange->method));
  json_object_set_member (input, "headers", read_headers (exchange, hook));
  json_object_set_member (input, "query", read_form (g_uri_get_query (soup_server_message_get_uri (exchange->message))));
  json_object_set_member (input, "body", body);
  return heddle_json_object (input);
}

static JsonNode *
create_trigger (HeddleExchange *exchange, const HeddleHook *hook)
{
  JsonObject *trigger = json_object_new ();

  json_object_set_string_member (trigger, "kind", "webhook");
  json_object_set_string_member (trigger, "node", hook->node);
  json_object_set_member (trigger, "client", heddle_json_string (exchange->client));
  return heddle_json_object (trigger);
}

static void
run_hook (HeddleExchange *exchange, const HeddleHook *hook)
{
  g_autoptr (GBytes) bytes = soup_message_body_flatten (soup_server_message_get_request_body (exchange->message));
  JsonNode *body = read_body (exchange, bytes);
  g_autoptr (JsonNode) input = body != NULL ? create_input (exchange, hook, body) : NULL;
  g_autoptr (JsonNode) trigger = create_trigger (exchange, hook);
  const HeddleServedStart what = { hook->workflow, NULL, hook->node, input, trigger, HEDDLE_ASKING_LATER };
  HeddleServedRun *run = input != NULL ? heddle_served_run_start (exchange->core, &what) : NULL;

  if (input == NULL)
    return;
  if (run == NULL)
    {
      heddle_exchange_fail_later (exchange, SOUP_STATUS_SERVICE_UNAVAILABLE, "overloaded", "Too many runs wait for their turn. Try again.", RETRY_SECONDS);
      return;
    }
  exchange->run = g_strdup (run->id);
  if (hook->at_once)
    heddle_serve_accepted (exchange, run);
  else
    heddle_serve_wait (exchange, run, TRUE);
}

static void
fail_signature (HeddleExchange *exchange)
{
  guint retry_after;

  if (heddle_guard_count_failure (exchange->core->guard, exchange->client, g_get_monotonic_time (), &retry_after))
    heddle_exchange_fail (exchange, SOUP_STATUS_UNAUTHORIZED, "invalid_signature", "The signature is missing, wrong, or too old.");
  else
    heddle_exchange_fail_later (exchange, HEDDLE_STATUS_TOO_MANY_REQUESTS, "too_many_requests", "Too many wrong signatures. Wait before the next try.", retry_after);
}

static gint64
get_now (HeddleServerCore *core)
{
  return core->options.now (core->options.now_data);
}

static gboolean
is_recent (HeddleExchange *exchange, const HeddleHook *hook, const char *timestamp)
{
  gint64 time;

  return timestamp != NULL && g_ascii_string_to_signed (timestamp, 10, 0, G_MAXINT64 / 2, &time, NULL) &&
         ABS (get_now (exchange->core) - time) <= (gint64) hook->tolerance;
}

static gboolean
is_past (gpointer key, gpointer value, gpointer data)
{
  return *(const gint64 *) value < *(const gint64 *) data;
}

/* Notes that this request has come; FALSE: it has come before. */
static gboolean
note_request (HeddleServerCore *core, const HeddleHook *hook, const char *timestamp, GBytes *body)
{
  gint64 now = get_now (core);
  gint64 until = now + 2 * (gint64) hook->tolerance;
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);
  /* Not the signature, which can be written in several ways. */
  g_autofree char *key = g_strjoin (" ", hook->path, timestamp, hash, NULL);

  g_hash_table_foreach_remove (core->replayed, is_past, &now);
  if (g_hash_table_contains (core->replayed, key) || g_hash_table_size (core->replayed) >= MAX_REPLAYED)
    return FALSE;
  g_hash_table_insert (core->replayed, g_steal_pointer (&key), g_memdup2 (&until, sizeof until));
  return TRUE;
}

/* The secret alone: a credential is kept with the way it is sent. */
static const char *
get_key (const HeddleSecretHeader *header)
{
  return g_str_has_prefix (header->value, "Bearer ") ? header->value + strlen ("Bearer ") : header->value;
}

static void
check_signature (const Check *check, const HeddleSecretHeader *secret)
{
  HeddleExchange *exchange = check->exchange;
  const HeddleHook *hook = check->hook;
  const char *signature = heddle_exchange_get_header (exchange, hook->signature_header);
  const char *timestamp = hook->timestamp_header != NULL ? heddle_exchange_get_header (exchange, hook->timestamp_header) : NULL;
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (exchange->message));

  if (signature == NULL || (hook->timestamp_header != NULL && !is_recent (exchange, hook, timestamp)) ||
      !heddle_signature_check (signature, get_key (secret), timestamp, body))
    fail_signature (exchange);
  else if (hook->timestamp_header != NULL && !note_request (exchange->core, hook, timestamp, body))
    heddle_exchange_fail (exchange, SOUP_STATUS_CONFLICT, "replayed", "This signed request has come before.");
  else
    run_hook (exchange, hook);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Check) check = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleSecretHeader) header = heddle_secrets_lookup_finish (HEDDLE_SECRETS (source), result, &error);

  if (check->exchange->is_done)
    return;
  if (header != NULL)
    check_signature (check, header);
  else
    heddle_exchange_fail (check->exchange, SOUP_STATUS_INTERNAL_SERVER_ERROR, "no_credential", error->message);
}

static void
look_up_key (HeddleExchange *exchange, const HeddleHook *hook)
{
  Check *check;

  if (exchange->core->options.secrets == NULL || hook->credential == NULL)
    {
      heddle_exchange_fail (exchange, SOUP_STATUS_INTERNAL_SERVER_ERROR, "no_credential", "The webhook has no key to check signatures with.");
      return;
    }
  check = g_new0 (Check, 1);
  check->exchange = heddle_exchange_ref (exchange);
  check->workflow = heddle_served_ref (hook->workflow);
  check->hook = hook;
  heddle_exchange_pause (exchange);
  heddle_secrets_lookup_async (exchange->core->options.secrets, hook->credential, NULL, looked_up_cb, check);
}

void
heddle_serve_hook (HeddleExchange *exchange, const HeddleHook *hook)
{
  exchange->workflow = g_strdup (hook->workflow->id);
  if (strcmp (hook->method, "any") != 0 && strcmp (hook->method, exchange->method) != 0)
    {
      heddle_exchange_set_header (exchange, "Allow", hook->method);
      heddle_exchange_fail (exchange, SOUP_STATUS_METHOD_NOT_ALLOWED, "method_not_allowed", "This webhook takes another method; see the header Allow.");
    }
  else if (strcmp (hook->auth, "signature") == 0)
    look_up_key (exchange, hook);
  else
    run_hook (exchange, hook);
}
