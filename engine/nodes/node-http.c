/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "expr/heddle-expr.h"
#include "heddle-error.h"
#include "net/heddle-http-body.h"
#include "net/heddle-http-effect.h"
#include "net/heddle-http.h"
#include "provider/heddle-gate.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-effects.h"
#include "run/heddle-node-run.h"
#include "secret/heddle-secrets.h"
#include "value/heddle-json.h"
#include "value/heddle-text.h"

#include <string.h>

#define MIB (1024 * 1024)

typedef struct
{
  char *method;
  char *url;
  JsonNode *query;
  JsonNode *headers;
  char *body_type;
  char *body;
  JsonNode *form;
  char *text;
  char *credential;
  char *response;
  gboolean fail_on_status;
  gboolean idempotency_key;
  char *idempotency_header;
  double timeout;
  double max_size;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Body"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleChoice methods[] = {
  { "GET", "GET" },
  { "POST", "POST" },
  { "PUT", "PUT" },
  { "PATCH", "PATCH" },
  { "DELETE", "DELETE" },
  { "HEAD", "HEAD" },
  { "OPTIONS", "OPTIONS" },
  { NULL },
};

static const HeddleChoice body_types[] = {
  { "none", N_ ("None") },
  { "json", N_ ("JSON") },
  { "form", N_ ("Form") },
  { "text", N_ ("Text") },
  { NULL },
};

static const HeddleChoice responses[] = {
  { "auto", N_ ("As the server says") },
  { "json", N_ ("JSON") },
  { "text", N_ ("Text") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_CHOICE (Params, method, N_ ("Method"), .choices = methods, .def.s = "GET"),
  HEDDLE_STRING (Params, url, N_ ("URL"), .help = N_ ("Values in it are escaped as parts of a URL."), .placeholder = "https://api.example.com/orders/{{ $start.id }}", .is_template = TRUE, .escape = HEDDLE_ESCAPE_URL, .required = TRUE, .is_main = TRUE),
  HEDDLE_PAIRS (Params, query, N_ ("Query"), .help = N_ ("Added to the URL, names and values escaped. A list is repeated."), .def.s = "[]", .is_template = TRUE),
  HEDDLE_PAIRS (Params, headers, N_ ("Headers"), .help = N_ ("A value with a line break is refused."), .def.s = "[]", .is_template = TRUE, .escape = HEDDLE_ESCAPE_HEADER),
  HEDDLE_CHOICE (Params, body_type, N_ ("Body"), .choices = body_types, .def.s = "none"),
  HEDDLE_TEXT (Params, body, N_ ("JSON"), .help = N_ ("Values inside quotes are escaped as text, others written as JSON."), .placeholder = "{\"name\": \"{{ $start.name }}\", \"tags\": {{ $start.tags }}}", .visible_if = "body_type=json", .is_template = TRUE, .escape = HEDDLE_ESCAPE_JSON),
  HEDDLE_PAIRS (Params, form, N_ ("Form"), .help = N_ ("Names and values of the form."), .def.s = "[]", .visible_if = "body_type=form", .is_template = TRUE),
  HEDDLE_TEXT (Params, text, N_ ("Text"), .help = N_ ("Sent as plain text, unless a header says otherwise."), .visible_if = "body_type=text", .is_template = TRUE),
  HEDDLE_CREDENTIAL (Params, credential, N_ ("Credential"), .help = N_ ("Sent with the request, to this server only; it never appears in a trace.")),
  HEDDLE_CHOICE (Params, response, N_ ("Response format"), .choices = responses, .def.s = "auto", .advanced = TRUE),
  HEDDLE_BOOLEAN (Params, fail_on_status, N_ ("Fail on an error status"), .help = N_ ("A status of 400 or more fails the node; otherwise the answer is handed on."), .def.b = TRUE, .advanced = TRUE),
  HEDDLE_BOOLEAN (Params, idempotency_key, N_ ("Send an idempotency key"), .help = N_ ("The same key for every attempt at this node, also after a crash. A server that knows such keys does the request once, so it may be sent again."), .def.b = FALSE, .visible_if = "method=POST|PATCH|PUT|DELETE", .advanced = TRUE),
  HEDDLE_STRING (Params, idempotency_header, N_ ("Header of the key"), .help = N_ ("What the server calls it."), .def.s = "Idempotency-Key", .visible_if = "idempotency_key", .advanced = TRUE),
  HEDDLE_DOUBLE (Params, timeout, N_ ("Timeout in seconds"), .help = N_ ("How long one attempt may take."), .def.d = 60, .min = 0.1, .max = 86400, .step = 1, .advanced = TRUE),
  HEDDLE_DOUBLE (Params, max_size, N_ ("Max response size in MB"), .help = N_ ("A larger answer is an error."), .def.d = 16, .min = 0.001, .max = 1024, .step = 1, .advanced = TRUE),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "status", N_ ("Status"), HEDDLE_VALUE_NUMBER },
  { "headers", N_ ("Headers"), HEDDLE_VALUE_OBJECT },
  { NULL },
};

/* One request under way, with the values it needs after run returned. */
typedef struct
{
  HeddleNodeRun *run;
  HeddleHttp *http;
  char *credential; /* or NULL */
  HeddleGatePass *pass;
  JsonNode *effect; /* the request, for the record */
  guint64 span;
  gboolean has_waited;
  char *method;
  char *url;
  GArray *headers; /* HeddleHttpHeader, zero-terminated, owning */
  GBytes *body;
  const char *content_type;
  guint timeout_ms;
  gsize max_bytes;
  char *response;
  gboolean fail_on_status;
} Call;

static void
clear_header (gpointer data)
{
  HeddleHttpHeader *header = data;

  if (header->is_secret)
    explicit_bzero ((char *) header->value, strlen (header->value));
  g_free ((char *) header->name);
  g_free ((char *) header->value);
}

static void
call_free (Call *call)
{
  heddle_node_run_unref (call->run);
  heddle_http_unref (call->http);
  g_free (call->credential);
  g_free (call->method);
  g_free (call->url);
  g_array_unref (call->headers);
  g_clear_pointer (&call->body, g_bytes_unref);
  g_clear_pointer (&call->effect, json_node_unref);
  g_free (call->response);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static void
append_pair (GString *out, const char *name, JsonNode *value)
{
  g_autofree char *text = heddle_json_to_display (value);
  g_autofree char *safe_name = g_uri_escape_string (name, NULL, FALSE);
  g_autofree char *safe_value = g_uri_escape_string (text, NULL, FALSE);

  g_string_append_printf (out, "%s%s=%s", out->len > 0 ? "&" : "", safe_name, safe_value);
}

/* "a=1&b=2", names and values escaped; rows without a name are left out. */
static char *
encode_pairs (JsonNode *pairs)
{
  GString *out = g_string_new (NULL);
  JsonArray *rows = pairs != NULL && JSON_NODE_HOLDS_ARRAY (pairs) ? json_node_get_array (pairs) : NULL;

  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    {
      JsonNode *row = json_array_get_element (rows, i);
      const char *name = heddle_json_get_string (row, "name", "");
      JsonNode *value = heddle_json_member (row, "value");
      JsonArray *list = value != NULL && JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;

      if (*name == '\0')
        continue;
      if (list == NULL)
        append_pair (out, name, value);
      for (guint j = 0; list != NULL && j < json_array_get_length (list); j++)
        append_pair (out, name, json_array_get_element (list, j));
    }
  return g_string_free (out, FALSE);
}

static char *
create_url (const Params *p)
{
  g_autofree char *query = encode_pairs (p->query);
  const char *url = p->url == NULL ? "" : p->url;
  gsize before_fragment = strcspn (url, "#");
  g_autofree char *address = g_strndup (url, before_fragment);

  if (*query == '\0')
    return g_steal_pointer (&address);
  return g_strconcat (address, strchr (address, '?') == NULL ? "?" : "&", query, NULL);
}

static void
add_header (Call *call, const char *name, const char *value, gboolean is_secret)
{
  HeddleHttpHeader header = { g_strdup (name), g_strdup (value), is_secret };

  g_array_append_val (call->headers, header);
}

static void
add_headers (Call *call, JsonNode *pairs)
{
  JsonArray *rows = pairs != NULL && JSON_NODE_HOLDS_ARRAY (pairs) ? json_node_get_array (pairs) : NULL;

  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    {
      JsonNode *row = json_array_get_element (rows, i);
      const char *name = heddle_json_get_string (row, "name", "");
      g_autofree char *value = heddle_json_to_display (heddle_json_member (row, "value"));

      if (*name != '\0')
        add_header (call, name, value, FALSE);
    }
}

static gboolean
set_json_body (Call *call, const char *text, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonNode) value = NULL;

  if (heddle_text_is_blank (text))
    return TRUE;
  value = heddle_json_parse (text, -1, &cause);
  if (value == NULL)
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("The body is not valid JSON: %s"), cause->message);
      return FALSE;
    }
  call->content_type = "application/json";
  call->body = g_bytes_new (text, strlen (text));
  return TRUE;
}

static gboolean
set_body (Call *call, const Params *p, GError **error)
{
  if (strcmp (p->body_type, "json") == 0)
    return set_json_body (call, p->body, error);
  if (strcmp (p->body_type, "form") == 0)
    {
      char *form = encode_pairs (p->form);

      call->content_type = "application/x-www-form-urlencoded";
      call->body = g_bytes_new_take (form, strlen (form));
    }
  else if (strcmp (p->body_type, "text") == 0 && p->text != NULL)
    {
      call->content_type = "text/plain; charset=utf-8";
      call->body = g_bytes_new (p->text, strlen (p->text));
    }
  return TRUE;
}

static gboolean
changes_something (const char *method)
{
  return strcmp (method, "GET") != 0 && strcmp (method, "HEAD") != 0 && strcmp (method, "OPTIONS") != 0;
}

static Call *
call_new (HeddleNodeRun *node_run, const Params *p, GError **error)
{
  g_autoptr (Call) call = g_new0 (Call, 1);

  call->run = heddle_node_run_ref (node_run);
  call->http = heddle_http_ref (heddle_node_run_get_http (node_run));
  call->credential = heddle_text_is_blank (p->credential) ? NULL : g_strdup (p->credential);
  call->method = g_strdup (p->method);
  call->url = create_url (p);
  call->headers = g_array_new (TRUE, TRUE, sizeof (HeddleHttpHeader));
  g_array_set_clear_func (call->headers, clear_header);
  call->timeout_ms = (guint) (p->timeout * 1000);
  call->max_bytes = (gsize) (p->max_size * MIB);
  call->response = g_strdup (p->response);
  call->fail_on_status = p->fail_on_status;
  add_headers (call, p->headers);
  if (p->idempotency_key && changes_something (p->method))
    add_header (call, heddle_text_is_blank (p->idempotency_header) ? "Idempotency-Key" : p->idempotency_header, heddle_node_run_get_idempotency_key (node_run), FALSE);
  return set_body (call, p, error) ? g_steal_pointer (&call) : NULL;
}

/* What the node makes of the answer, for the record: {"status","headers","url","bytes","output"}. */
static JsonNode *
make_record (const HeddleHttpResponse *response, JsonNode *output)
{
  JsonObject *record = json_object_new ();
  g_autofree char *url = heddle_http_mask_url (response->url);

  json_object_set_member (record, "status", heddle_json_int (response->status));
  json_object_set_member (record, "headers", heddle_json_copy_object (response->headers));
  json_object_set_member (record, "url", heddle_json_string (url));
  json_object_set_member (record, "bytes", heddle_json_int (g_bytes_get_size (response->body)));
  json_object_set_member (record, "output", json_node_ref (output));
  return heddle_json_object (record);
}

static void
complete (Call *call, JsonNode *record)
{
  JsonNode *headers = heddle_json_member (record, "headers");
  JsonNode *output = heddle_json_member (record, "output");

  heddle_node_run_set_result (call->run, "status", heddle_json_int (heddle_json_get_int (record, "status", 0)));
  heddle_node_run_set_result (call->run, "headers", headers != NULL ? json_node_ref (headers) : heddle_json_object (json_object_new ()));
  heddle_node_run_complete (call->run, output != NULL ? json_node_ref (output) : heddle_json_null ());
}

static JsonNode *
end_attributes (const HeddleHttpResponse *response)
{
  JsonObject *attributes = json_object_new ();
  g_autofree char *url = heddle_http_mask_url (response->url);

  json_object_set_member (attributes, "status", heddle_json_int (response->status));
  json_object_set_member (attributes, "url", heddle_json_string (url));
  json_object_set_member (attributes, "bytes", heddle_json_int (g_bytes_get_size (response->body)));
  json_object_set_member (attributes, "first_byte_us", heddle_json_int (response->first_byte_us));
  return heddle_json_object (attributes);
}

/* Those behind learn of a Retry-After also where the status is no failure of the node. */
static JsonNode *
take_response (Call *call, const HeddleHttpResponse *response, GError **error)
{
  g_autoptr (GError) problem = heddle_http_error_from_response (response, NULL);

  heddle_gate_pass_leave (g_steal_pointer (&call->pass), -1, problem);
  if (problem != NULL && call->fail_on_status)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  return heddle_http_response_read (response, call->response, error);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  GError *error = NULL;
  g_autoptr (HeddleHttpResponse) response = heddle_http_send_finish (call->http, result, &error);
  g_autoptr (JsonNode) output = response == NULL ? NULL : take_response (call, response, &error);
  g_autoptr (JsonNode) record = output == NULL ? NULL : make_record (response, output);

  if (response == NULL)
    heddle_gate_pass_leave (g_steal_pointer (&call->pass), -1, error);
  heddle_node_run_record_effect (call->run, "http", call->effect, record, error);
  heddle_node_run_end_span (call->run, call->span, response == NULL ? NULL : end_attributes (response), error);
  if (record == NULL)
    heddle_node_run_fail (call->run, error);
  else
    complete (call, record);
}

static HeddleHttpRequest
get_request (Call *call)
{
  return (HeddleHttpRequest){
    .method = call->method,
    .url = call->url,
    .headers = (const HeddleHttpHeader *) (gpointer) call->headers->data,
    .body = call->body,
    .content_type = call->content_type,
    .timeout_ms = call->timeout_ms,
    .max_bytes = call->max_bytes,
  };
}

static void
entered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  GError *error = NULL;
  HeddleHttpRequest request = get_request (call);

  call->pass = heddle_gate_enter_finish (result, &error);
  if (call->pass == NULL)
    {
      heddle_node_run_end_span (call->run, call->span, NULL, error);
      heddle_node_run_fail (call->run, error);
      return;
    }
  heddle_http_send_async (call->http, &request, heddle_node_run_get_cancellable (call->run), sent_cb, call);
  g_steal_pointer (&call);
}

static void
waiting_cb (gpointer user_data)
{
  Call *call = user_data;
  JsonObject *attributes;

  if (call->has_waited)
    return;
  call->has_waited = TRUE;
  attributes = json_object_new ();
  json_object_set_boolean_member (attributes, "rate_limited", TRUE);
  heddle_node_run_update_span (call->run, call->span, heddle_json_object (attributes));
}

static void
begin_span (Call *call)
{
  g_autofree char *url = heddle_http_mask_url (call->url);
  g_autofree char *name = g_strdup_printf ("%s %s", call->method, url);
  JsonObject *attributes = json_object_new ();

  json_object_set_member (attributes, "method", heddle_json_string (call->method));
  json_object_set_member (attributes, "url", heddle_json_string (url));
  call->span = heddle_node_run_begin_span (call->run, "http", name, 0, heddle_json_object (attributes));
}

/* Consumes call. */
static void
send (Call *call)
{
  g_autofree char *key = call->credential != NULL ? heddle_limits_dup_credential_key (call->credential) : NULL;
  const HeddleGateEntry entry = { .key = key, .url = call->url, .waiting = waiting_cb, .waiting_data = call };

  begin_span (call);
  heddle_gate_enter_async (heddle_node_run_get_limits (call->run), &entry, heddle_node_run_get_cancellable (call->run), entered_cb, call);
}

static void
remove_header (Call *call, const char *name)
{
  for (guint i = call->headers->len; i > 0; i--)
    {
      if (g_ascii_strcasecmp (g_array_index (call->headers, HeddleHttpHeader, i - 1).name, name) == 0)
        g_array_remove_index (call->headers, i - 1);
    }
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  GError *error = NULL;
  g_autoptr (HeddleSecretHeader) header = heddle_secrets_lookup_finish (HEDDLE_SECRETS (source), result, &error);

  if (header == NULL)
    {
      heddle_node_run_record_effect (call->run, "http", call->effect, NULL, error);
      heddle_node_run_fail (call->run, error);
      return;
    }
  remove_header (call, header->name);
  add_header (call, header->name, header->value, TRUE);
  send (g_steal_pointer (&call));
}

/* Consumes call. */
static void
begin (Call *call)
{
  HeddleSecrets *secrets = heddle_node_run_get_secrets (call->run);

  if (call->credential == NULL)
    {
      send (call);
    }
  else if (secrets == NULL)
    {
      heddle_node_run_fail (call->run, g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_AUTH, _ ("The credential “%s” cannot be read here."), call->credential));
      call_free (call);
    }
  else
    {
      heddle_secrets_lookup_async (secrets, call->credential, heddle_node_run_get_cancellable (call->run), looked_up_cb, call);
    }
}

/* The request and how the answer is to be read, before the credential is known. */
static JsonNode *
make_effect (Call *call)
{
  HeddleHttpRequest request = get_request (call);
  JsonObject *effect = heddle_http_request_to_json (&request);

  if (call->credential != NULL)
    json_object_set_member (effect, "credential", heddle_json_string (call->credential));
  json_object_set_member (effect, "response", heddle_json_string (call->response));
  json_object_set_boolean_member (effect, "fail_on_status", call->fail_on_status);
  return heddle_json_object (effect);
}

/* Takes error. */
static void
finish_replayed (Call *call, JsonNode *record, GError *error)
{
  JsonObject *attributes = json_object_new ();

  begin_span (call);
  json_object_set_member (attributes, "status", heddle_json_int (heddle_json_get_int (record, "status", 0)));
  json_object_set_member (attributes, "bytes", heddle_json_int (heddle_json_get_int (record, "bytes", 0)));
  json_object_set_boolean_member (attributes, "replayed", TRUE);
  heddle_node_run_end_span (call->run, call->span, heddle_json_object (attributes), error);
  if (record == NULL)
    heddle_node_run_fail (call->run, error);
  else
    complete (call, record);
}

static gboolean
replay (Call *call)
{
  g_autoptr (JsonNode) record = NULL;
  GError *error = NULL;

  call->effect = make_effect (call);
  if (!heddle_node_run_replay_effect (call->run, "http", call->effect, &record, &error))
    return FALSE;
  finish_replayed (call, record, error);
  call_free (call);
  return TRUE;
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  GError *error = NULL;
  Call *call = call_new (node_run, p, &error);

  if (call == NULL)
    heddle_node_run_fail (node_run, error);
  else if (!replay (call))
    begin (call);
}

static HeddleEffect
get_effect (JsonObject *values)
{
  const char *method = heddle_params_get_string (values, "method", "GET");
  JsonNode *key = json_object_get_member (values, "idempotency_key");

  if (!changes_something (method))
    return HEDDLE_EFFECT_READ;
  if (strcmp (method, "PUT") == 0 || strcmp (method, "DELETE") == 0)
    return HEDDLE_EFFECT_IDEMPOTENT;
  return key != NULL && JSON_NODE_HOLDS_VALUE (key) && json_node_get_boolean (key) ? HEDDLE_EFFECT_IDEMPOTENT : HEDDLE_EFFECT_UNSAFE;
}

static char *
describe (JsonObject *values)
{
  const char *url = heddle_params_get_string (values, "url", NULL);
  g_autofree char *masked = heddle_text_is_blank (url) ? NULL : heddle_http_mask_url (url);

  return masked == NULL ? NULL : g_strdup_printf ("%s %s", heddle_params_get_string (values, "method", "GET"), masked);
}

const HeddleNodeType heddle_node_type_http = {
  .id = "http",
  .version = 1,
  .title = N_ ("HTTP Request"),
  .summary = N_ ("Calls a web address and hands on what it answers."),
  .keywords = N_ ("api rest web request fetch url get post webhook download"),
  .icon_name = "heddle-http-symbolic",
  .category = HEDDLE_CATEGORY_DATA,
  .effect = HEDDLE_EFFECT_UNSAFE,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .results = results,
  .main_alias = "body",
  .example = "{\"params\":{\"method\":\"GET\",\"url\":\"http://127.0.0.1:8080/orders/{{ $input }}\"},\"inputs\":{\"in\":\"a/b\"}}",
  .get_effect = get_effect,
  .describe = describe,
  .run = run,
  .tool = "{\"description\":\"Sends an HTTP request and returns the answer.\"}",
};
