/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/heddle-server-private.h"

#include "heddle-error.h"
#include "registry/heddle-fields.h"
#include "store/heddle-store-activation.h"
#include "value/heddle-json.h"

#include <string.h>

#define MAX_KEY 255
#define RETRY_SECONDS 1

static JsonNode *
create_trigger (HeddleExchange *exchange)
{
  JsonObject *trigger = json_object_new ();

  json_object_set_string_member (trigger, "kind", "endpoint");
  json_object_set_member (trigger, "client", heddle_json_string (exchange->client));
  return heddle_json_object (trigger);
}

void
heddle_serve_accepted (HeddleExchange *exchange, HeddleServedRun *run)
{
  g_autofree char *location = g_strdup_printf ("/v1/runs/%s", run->id);

  heddle_exchange_set_header (exchange, "Location", location);
  heddle_exchange_reply (exchange, SOUP_STATUS_ACCEPTED, heddle_served_run_to_json (run));
}

/* A webhook's caller gets what the workflow gives, without a wrapping. */
static void
reply_output (HeddleExchange *exchange, JsonNode *result)
{
  JsonNode *output = heddle_json_member (result, "output");

  if (output != NULL && heddle_json_is_string (output))
    heddle_exchange_reply_text (exchange, SOUP_STATUS_OK, "text/plain; charset=utf-8", json_node_get_string (output));
  else
    heddle_exchange_reply (exchange, SOUP_STATUS_OK, output != NULL ? json_node_ref (output) : heddle_json_null ());
}

static JsonNode *
with_error (JsonNode *result)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (result));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (copy, name, json_node_ref (value));
  if (!json_object_has_member (copy, "error"))
    {
      g_autoptr (JsonNode) body = heddle_error_body ("cancelled", "The run was stopped.", NULL);

      json_object_set_member (copy, "error", json_node_ref (heddle_json_member (body, "error")));
    }
  return heddle_json_object (copy);
}

static void
reply_result (HeddleExchange *exchange, JsonNode *result, gboolean is_hook)
{
  guint status = heddle_run_result_get_status (result);

  heddle_exchange_set_header (exchange, "X-Heddle-Run", heddle_json_get_string (result, "id", ""));
  if (status != SOUP_STATUS_OK)
    heddle_exchange_reply (exchange, status, with_error (result));
  else if (is_hook)
    reply_output (exchange, result);
  else
    heddle_exchange_reply (exchange, status, json_node_ref (result));
}

static void
ended_cb (HeddleServedRun *run, gpointer data)
{
  reply_result (data, run->result, FALSE);
}

static void
hook_ended_cb (HeddleServedRun *run, gpointer data)
{
  reply_result (data, run->result, TRUE);
}

void
heddle_serve_wait (HeddleExchange *exchange, HeddleServedRun *run, gboolean is_hook)
{
  heddle_exchange_pause (exchange);
  heddle_served_run_watch (run, TRUE, is_hook ? hook_ended_cb : ended_cb, heddle_exchange_ref (exchange), (GDestroyNotify) heddle_exchange_unref);
}

static gboolean
wants_no_wait (HeddleExchange *exchange)
{
  const char *prefer = heddle_exchange_get_header (exchange, "Prefer");
  g_auto (GStrv) wishes = g_strsplit_set (prefer != NULL ? prefer : "", ",;", -1);

  for (guint i = 0; wishes[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (g_strstrip (wishes[i]), "respond-async") == 0)
        return TRUE;
    }
  return FALSE;
}

static void
answer_with (HeddleExchange *exchange, HeddleServedRun *run)
{
  g_free (exchange->run);
  exchange->run = g_strdup (run->id);
  if (wants_no_wait (exchange))
    heddle_serve_accepted (exchange, run);
  else
    heddle_serve_wait (exchange, run, FALSE);
}

/* curl says x-www-form-urlencoded of whatever it sends. */
static gboolean
check_type (HeddleExchange *exchange)
{
  static const char *const types[] = { "application/json", "application/x-www-form-urlencoded", "text/plain", NULL };
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (exchange->message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);

  if (type == NULL || g_strv_contains (types, type) || g_str_has_suffix (type, "+json"))
    return TRUE;
  heddle_exchange_fail (exchange, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "The body has to be JSON. Send “Content-Type: application/json”.");
  return FALSE;
}

/* FALSE: answered. *input NULL: there is no body. */
static gboolean
read_input (HeddleExchange *exchange, JsonNode **input)
{
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (exchange->message));
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *text = g_bytes_get_data (body, &length);

  *input = NULL;
  if (length == 0)
    return TRUE;
  if (!check_type (exchange))
    return FALSE;
  *input = heddle_json_parse (text, (gssize) length, &error);
  if (*input != NULL)
    return TRUE;
  heddle_exchange_fail (exchange, SOUP_STATUS_BAD_REQUEST, "invalid_json", error->message);
  return FALSE;
}

static gboolean
check_input (HeddleExchange *exchange, HeddleServed *workflow, JsonNode *input)
{
  const char *at = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) values = NULL;
  g_autofree char *pointer = NULL;

  if (workflow->fields == NULL)
    return TRUE;
  values = heddle_fields_read (workflow->fields, input, &at, &error);
  if (values != NULL)
    return TRUE;
  pointer = g_strconcat ("/", at, NULL);
  heddle_exchange_fail_at (exchange, SOUP_STATUS_UNPROCESSABLE_ENTITY, "invalid_input", error->message, pointer);
  return FALSE;
}

static HeddleServed *
find_workflow (HeddleExchange *exchange, const char *name)
{
  HeddleServed *workflow = heddle_catalog_find (exchange->core->catalog, name);

  if (workflow == NULL)
    {
      heddle_server_core_refresh (exchange->core);
      workflow = heddle_catalog_find (exchange->core->catalog, name);
    }
  if (workflow == NULL)
    heddle_exchange_fail (exchange, SOUP_STATUS_NOT_FOUND, "not_found", "There is no active workflow of this name. GET /v1/workflows lists those that are.");
  return workflow;
}

/* Who neither takes the answer later nor has a key to come back with is the only one who wants the run. */
static void
stop_with_client (HeddleExchange *exchange, HeddleServedRun *run)
{
  HeddleConnection *connection = heddle_connection_find (exchange->core, exchange->message);

  if (connection != NULL && !exchange->is_done)
    heddle_connection_await (connection, run);
}

/* id NULL: a run without a key. Who waits for the answer of the request can't answer what the run asks meanwhile. */
static void
start (HeddleExchange *exchange, HeddleServed *workflow, const char *id, JsonNode *input)
{
  gboolean is_left = wants_no_wait (exchange);
  g_autoptr (JsonNode) trigger = create_trigger (exchange);
  const HeddleServedStart what = { workflow, id, workflow->start, input, trigger, is_left ? HEDDLE_ASKING_PEOPLE : HEDDLE_ASKING_LATER };
  HeddleServedRun *run = heddle_served_run_start (exchange->core, &what);

  if (run == NULL)
    {
      heddle_exchange_fail_later (exchange, SOUP_STATUS_SERVICE_UNAVAILABLE, "overloaded", "Too many runs wait for their turn. Try again.", RETRY_SECONDS);
      return;
    }
  answer_with (exchange, run);
  if (!is_left && id == NULL)
    stop_with_client (exchange, run);
}

typedef struct
{
  HeddleExchange *exchange;
  HeddleServed *workflow; /* or NULL: nothing is started */
  JsonNode *input;
  char *id;
} Lookup;

static void
lookup_free (Lookup *lookup)
{
  heddle_exchange_unref (lookup->exchange);
  g_clear_pointer (&lookup->workflow, heddle_served_unref);
  g_clear_pointer (&lookup->input, json_node_unref);
  g_free (lookup->id);
  g_free (lookup);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Lookup, lookup_free)

/* Runs that people started are not for those who have the token. */
static JsonNode *
read_stored (GPtrArray *events, const HeddleRunInfo *info)
{
  if (events == NULL || info->started_by == NULL)
    return NULL;
  return heddle_stored_run_to_json (info->id, info->workflow, info->name, heddle_run_state_to_string (info->state), info->started, info->duration, events);
}

static void
reply_missing_run (HeddleExchange *exchange)
{
  heddle_exchange_fail (exchange, SOUP_STATUS_NOT_FOUND, "not_found", "There is no run with this id that was started through this server.");
}

static void
answer_lookup (const Lookup *lookup, JsonNode *stored)
{
  if (stored != NULL && lookup->workflow != NULL)
    reply_result (lookup->exchange, stored, FALSE);
  else if (stored != NULL)
    heddle_exchange_reply (lookup->exchange, SOUP_STATUS_OK, json_node_ref (stored));
  else if (lookup->workflow != NULL)
    start (lookup->exchange, lookup->workflow, lookup->id, lookup->input);
  else
    reply_missing_run (lookup->exchange);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Lookup) lookup = data;
  HeddleRunInfo *info = NULL;
  g_autoptr (GPtrArray) events = heddle_store_load_run_finish (HEDDLE_STORE (source), result, &info, NULL, NULL);
  g_autoptr (JsonNode) stored = read_stored (events, info);

  if (!lookup->exchange->is_done)
    answer_lookup (lookup, stored);
  heddle_run_info_free (info);
}

static void
look_up (HeddleExchange *exchange, HeddleServed *workflow, const char *id, JsonNode *input)
{
  Lookup *lookup = g_new0 (Lookup, 1);

  heddle_exchange_pause (exchange);
  lookup->exchange = heddle_exchange_ref (exchange);
  lookup->workflow = workflow != NULL ? heddle_served_ref (workflow) : NULL;
  lookup->input = input != NULL ? json_node_ref (input) : NULL;
  lookup->id = g_strdup (id);
  heddle_store_load_run_async (exchange->core->options.store, id, NULL, loaded_cb, lookup);
}

static char *
hash_input (JsonNode *input)
{
  g_autofree char *text = heddle_json_to_text (input, HEDDLE_JSON_COMPACT);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

/* The same key is the same run: under way, ended, or not yet begun when the process went away. */
static void
run_once (HeddleExchange *exchange, HeddleServed *workflow, const char *key, JsonNode *input)
{
  g_autofree char *hash = hash_input (input);
  g_autofree char *fresh = heddle_run_make_id ();
  g_autoptr (GError) error = NULL;
  g_autofree char *id = heddle_store_claim_request (exchange->core->options.store, workflow->id, key, hash, fresh, &error);
  HeddleServedRun *run = id != NULL ? g_hash_table_lookup (exchange->core->runs, id) : NULL;

  if (id == NULL)
    heddle_exchange_fail (exchange, SOUP_STATUS_UNPROCESSABLE_ENTITY, "idempotency_key_reused", error->message);
  else if (run != NULL)
    answer_with (exchange, run);
  else if (strcmp (id, fresh) == 0)
    start (exchange, workflow, id, input);
  else
    look_up (exchange, workflow, id, input);
}

void
heddle_serve_run_workflow (HeddleExchange *exchange, const char *name)
{
  HeddleServed *workflow = find_workflow (exchange, name);
  const char *key = heddle_exchange_get_header (exchange, "Idempotency-Key");
  g_autoptr (JsonNode) input = NULL;

  if (workflow == NULL || !read_input (exchange, &input) || !check_input (exchange, workflow, input))
    return;
  g_free (exchange->workflow);
  exchange->workflow = g_strdup (workflow->id);
  if (key == NULL || exchange->core->options.store == NULL)
    start (exchange, workflow, NULL, input);
  else if (*key == '\0' || strlen (key) > MAX_KEY || !g_utf8_validate (key, -1, NULL))
    heddle_exchange_fail (exchange, SOUP_STATUS_BAD_REQUEST, "invalid_header", "An Idempotency-Key has 1 to 255 characters.");
  else
    run_once (exchange, workflow, key, input);
}

/* Ids are looked up as they are: the store would take the beginning of one. */
static gboolean
is_run_id (const char *id)
{
  return g_uuid_string_is_valid (id);
}

void
heddle_serve_run (HeddleExchange *exchange, const char *id)
{
  HeddleServedRun *run = g_hash_table_lookup (exchange->core->runs, id);

  if (run != NULL)
    heddle_exchange_reply (exchange, SOUP_STATUS_OK, heddle_served_run_to_json (run));
  else if (exchange->core->options.store != NULL && is_run_id (id))
    look_up (exchange, NULL, id, NULL);
  else
    reply_missing_run (exchange);
}

void
heddle_serve_cancel (HeddleExchange *exchange, const char *id)
{
  HeddleServedRun *run = g_hash_table_lookup (exchange->core->runs, id);

  if (run == NULL)
    {
      heddle_serve_run (exchange, id);
      return;
    }
  heddle_served_run_cancel (run);
  heddle_serve_accepted (exchange, run);
}

/* Whether a workflow lets whoever started it approve it, too. */
static gboolean
may_answer (HeddleServedRun *run, const char *id)
{
  g_autoptr (JsonNode) questions = run->run != NULL ? heddle_run_dup_questions (run->run) : heddle_json_array (json_array_new ());
  JsonArray *array = json_node_get_array (questions);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *question = json_array_get_element (array, i);

      if (strcmp (heddle_json_get_string (question, "id", ""), id) == 0)
        return strcmp (heddle_json_get_string (question, "who", "any"), "person") != 0;
    }
  return TRUE;
}

static void
take_answer (HeddleExchange *exchange, HeddleServedRun *run, JsonNode *body)
{
  const char *question = heddle_json_get_string (body, "question", NULL);
  JsonNode *answer = heddle_json_member (body, "answer");
  gboolean declined = heddle_json_get_boolean (body, "declined", FALSE);
  g_autoptr (GError) error = NULL;

  if (question == NULL || (answer != NULL) == declined)
    heddle_exchange_fail (exchange, SOUP_STATUS_UNPROCESSABLE_ENTITY, "invalid_answer",
                          "Send {\"question\":ID,\"answer\":VALUE}, or “\"declined\":true” in place of the answer. GET the run to see what it asks.");
  else if (!may_answer (run, question))
    heddle_exchange_fail (exchange, SOUP_STATUS_FORBIDDEN, "not_yours", "Only a person at the computer that serves the workflow may answer this.");
  else if (run->run != NULL && heddle_run_answer (run->run, question, answer, &error))
    heddle_serve_accepted (exchange, run);
  else if (error == NULL || g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND))
    heddle_exchange_fail (exchange, SOUP_STATUS_CONFLICT, "not_asked", "The run does not ask this, or not any more. GET the run to see what it asks.");
  else
    heddle_exchange_fail_at (exchange, SOUP_STATUS_UNPROCESSABLE_ENTITY, "invalid_answer", error->message, "/answer");
}

void
heddle_serve_answer (HeddleExchange *exchange, const char *id)
{
  HeddleServedRun *run = g_hash_table_lookup (exchange->core->runs, id);
  g_autoptr (JsonNode) body = NULL;

  if (run == NULL)
    reply_missing_run (exchange);
  else if (read_input (exchange, &body))
    take_answer (exchange, run, body);
}
