/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/heddle-node-type.h"
#include "registry/heddle-problem.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"

#include <string.h>

#define MAX_PATH 64

typedef struct
{
  char *path;
  char *method;
  char *auth;
  char *credential;
  char *signature_header;
  char *timestamp_header;
  double tolerance;
  char *response;
} Params;

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Request"), HEDDLE_VALUE_OBJECT },
  { NULL },
};

static const HeddleChoice methods[] = {
  { "POST", "POST" },
  { "GET", "GET" },
  { "PUT", "PUT" },
  { "PATCH", "PATCH" },
  { "DELETE", "DELETE" },
  { "any", N_ ("Any") },
  { NULL },
};

static const HeddleChoice auths[] = {
  { "token", N_ ("The server's token") },
  { "signature", N_ ("A signature (HMAC-SHA256)") },
  { "none", N_ ("None") },
  { NULL },
};

static const HeddleChoice responses[] = {
  { "wait", N_ ("The output of the run") },
  { "at_once", N_ ("At once, with the run's id") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_STRING (Params, path, N_ ("Name in the URL"), .help = N_ ("Requests go to /hooks/ and this name, which no other active workflow may have. Empty: the name of the workflow."), .placeholder = "new-order", .is_main = TRUE),
  HEDDLE_CHOICE (Params, method, N_ ("Method"), .choices = methods, .def.s = "POST"),
  HEDDLE_CHOICE (Params, auth, N_ ("Protection"), .help = N_ ("What a request has to prove before a run begins."), .choices = auths, .def.s = "token"),
  HEDDLE_CREDENTIAL (Params, credential, N_ ("Key of the signature"), .help = N_ ("The credential that holds the secret shared with the sender."), .visible_if = "auth=signature", .required = TRUE),
  HEDDLE_STRING (Params, signature_header, N_ ("Header of the signature"), .help = N_ ("The header that carries the signature of the body, in hexadecimal or Base64, with or without “sha256=”."), .def.s = "X-Hub-Signature-256", .visible_if = "auth=signature", .required = TRUE),
  HEDDLE_STRING (Params, timestamp_header, N_ ("Header of the time"), .help = N_ ("When given, the signature is that of the time in this header (seconds since 1970), a full stop and the body; an old request or the same one again is refused."), .placeholder = "X-Timestamp", .visible_if = "auth=signature"),
  HEDDLE_DOUBLE (Params, tolerance, N_ ("Tolerance in seconds"), .help = N_ ("How far the time of the request may be from that of this computer."), .def.d = 300, .min = 1, .max = 86400, .step = 10, .visible_if = "auth=signature", .advanced = TRUE),
  HEDDLE_CHOICE (Params, response, N_ ("Answer"), .help = N_ ("Many senders give up after some seconds; answer those at once."), .choices = responses, .def.s = "wait"),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "method", N_ ("Method"), HEDDLE_VALUE_TEXT },
  { "headers", N_ ("Headers"), HEDDLE_VALUE_OBJECT },
  { "query", N_ ("Query"), HEDDLE_VALUE_OBJECT },
  { "body", N_ ("Body"), HEDDLE_VALUE_ANY },
  { NULL },
};

/* A run that a person starts gives a whole request or only what would be its body. */
static gboolean
is_request (JsonNode *input)
{
  return heddle_json_member (input, "method") != NULL && heddle_json_member (input, "body") != NULL;
}

static JsonNode *
part_of (JsonNode *input, const char *name)
{
  JsonNode *value = is_request (input) ? heddle_json_member (input, name) : NULL;

  if (value != NULL)
    return json_node_ref (value);
  if (strcmp (name, "method") == 0)
    return heddle_json_string ("POST");
  if (strcmp (name, "body") == 0)
    return is_request (input) ? heddle_json_null () : json_node_ref (input);
  return heddle_json_object (json_object_new ());
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  JsonNode *input = heddle_node_run_get_run_input (node_run);
  JsonObject *request = json_object_new ();

  for (const HeddleResultKey *key = results; key->name != NULL; key++)
    {
      JsonNode *value = part_of (input, key->name);

      json_object_set_member (request, key->name, value);
      heddle_node_run_set_result (node_run, key->name, json_node_ref (value));
    }
  heddle_node_run_complete (node_run, heddle_json_object (request));
}

static char *
describe (JsonObject *values)
{
  const char *method = heddle_params_get_string (values, "method", "POST");

  return g_strdup_printf ("%s /hooks/%s", strcmp (method, "any") == 0 ? _ ("Any") : method, heddle_params_get_string (values, "path", "…"));
}

static gboolean
is_path (const char *path)
{
  for (; *path != '\0'; path++)
    {
      if (!g_ascii_isalnum (*path) && strchr ("-_.~", *path) == NULL)
        return FALSE;
    }
  return TRUE;
}

static void
check (JsonObject *values, const char *node, GPtrArray *problems)
{
  const char *path = heddle_params_get_string (values, "path", "");
  g_autofree char *message = NULL;

  if (!is_path (path))
    message = g_strdup (_ ("The name of a webhook may hold letters, digits, “-”, “_” and “.” only. Write a name such as new-order."));
  else if (strlen (path) > MAX_PATH)
    message = g_strdup_printf (_ ("The name of a webhook may have at most %d characters. Shorten it."), MAX_PATH);
  if (message != NULL)
    g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_ERROR, node, NULL, "path", message));
}

const HeddleNodeType heddle_node_type_webhook = {
  .id = "webhook",
  .version = 1,
  .title = N_ ("Webhook"),
  .summary = N_ ("Begins a run when another program calls its URL, while the workflow is active."),
  .keywords = N_ ("start trigger http request endpoint callback event listen receive"),
  .icon_name = "heddle-webhook-symbolic",
  .category = HEDDLE_CATEGORY_START,
  .effect = HEDDLE_EFFECT_PURE,
  .flags = HEDDLE_NODE_START | HEDDLE_NODE_TRIGGER,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .results = results,
  .example = "{\"params\":{\"path\":\"new-order\"},"
             "\"input\":{\"method\":\"POST\",\"headers\":{\"content-type\":\"application/json\"},\"query\":{},\"body\":{\"order\":17}},"
             "\"outputs\":{\"out\":{\"method\":\"POST\",\"headers\":{\"content-type\":\"application/json\"},\"query\":{},\"body\":{\"order\":17}}}}",
  .describe = describe,
  .check = check,
  .run = run,
};
