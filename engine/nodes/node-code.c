/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
#include "sandbox/heddle-sandbox.h"
#include "value/heddle-json.h"
#include "value/heddle-text.h"

#include <string.h>

typedef struct
{
  char *language;
  char *code;
  JsonNode *data;
  gint64 timeout;
  gint64 memory;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Result"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleChoice languages[] = {
  { "javascript", N_ ("JavaScript") },
  { "python", N_ ("Python") },
  { NULL },
};

/* The code is no template: what arrives is a value for it, never a part of it. */
static const HeddleParamSpec params[] = {
  HEDDLE_CHOICE (Params, language, N_ ("Language"), .help = N_ ("JavaScript runs in JavaScriptCore, Python in the Python of the system with its standard library."), .choices = languages, .def.s = "javascript"),
  HEDDLE_CODE (Params, code, N_ ("Code"), .help = N_ ("The body of a function of input and data. What it returns is the result."), .placeholder = N_ ("return input"), .required = TRUE, .is_main = TRUE),
  HEDDLE_JSON (Params, data, N_ ("Data"), .help = N_ ("Further values for the code, as data: JSON in which texts may hold expressions."), .placeholder = "{\"orders\": \"{{ $http.output }}\"}", .is_template = TRUE),
  HEDDLE_INT (Params, timeout, N_ ("Time limit in seconds"), .help = N_ ("How long the code may run before it is ended."), .def.i = 10, .min = 1, .max = 3600, .step = 5, .advanced = TRUE),
  HEDDLE_INT (Params, memory, N_ ("Memory limit in MB"), .help = N_ ("How much memory the code may use before it is ended."), .def.i = 512, .min = 64, .max = 16384, .step = 64, .advanced = TRUE),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "stdout", N_ ("What it printed"), HEDDLE_VALUE_TEXT },
  { "stderr", N_ ("What it printed as errors"), HEDDLE_VALUE_TEXT },
  { NULL },
};

typedef struct
{
  HeddleNodeRun *run;
  guint64 span;
} Call;

static void
call_free (Call *call)
{
  heddle_node_run_unref (call->run);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static JsonNode *
end_attributes (const HeddleSandboxResult *result)
{
  JsonObject *attributes = json_object_new ();

  json_object_set_member (attributes, "stdout", heddle_json_string (result->out));
  json_object_set_member (attributes, "stderr", heddle_json_string (result->err));
  return heddle_json_object (attributes);
}

static void
ran_cb (GObject *source, GAsyncResult *async, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  GError *error = NULL;
  g_autoptr (HeddleSandboxResult) result = heddle_sandbox_run_finish (async, &error);

  if (result != NULL && result->error != NULL)
    error = g_steal_pointer (&result->error);
  heddle_node_run_end_span (call->run, call->span, result != NULL ? end_attributes (result) : NULL, error);
  if (error != NULL)
    {
      heddle_node_run_fail (call->run, error);
      return;
    }
  heddle_node_run_set_result (call->run, "stdout", heddle_json_string (result->out));
  heddle_node_run_set_result (call->run, "stderr", heddle_json_string (result->err));
  heddle_node_run_complete (call->run, g_steal_pointer (&result->value));
}

static HeddleSandboxLanguage
language_of (const char *id)
{
  return strcmp (id, "python") == 0 ? HEDDLE_SANDBOX_PYTHON : HEDDLE_SANDBOX_JAVASCRIPT;
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  HeddleSandboxRequest request = {
    .language = language_of (p->language),
    .code = p->code,
    .input = heddle_node_run_get_input (node_run, "in"),
    .data = p->data,
    .timeout_ms = (guint) p->timeout * 1000,
    .memory_mb = (guint) p->memory,
  };
  Call *call = g_new0 (Call, 1);
  JsonObject *attributes = json_object_new ();

  /* A node that nothing leads to works on what the run was given. */
  if (request.input == NULL)
    request.input = heddle_node_run_get_run_input (node_run);
  json_object_set_string_member (attributes, "language", p->language);
  call->run = heddle_node_run_ref (node_run);
  call->span = heddle_node_run_begin_span (node_run, "code", p->language, 0, heddle_json_object (attributes));
  heddle_sandbox_run_async (&request, heddle_node_run_get_cancellable (node_run), ran_cb, call);
}

static char *
describe (JsonObject *values)
{
  const char *code = heddle_params_get_string (values, "code", NULL);

  return heddle_text_is_blank (code) ? NULL : g_strdup (code);
}

const HeddleNodeType heddle_node_type_code = {
  .id = "code",
  .version = 1,
  .title = N_ ("Code"),
  .summary = N_ ("Runs your JavaScript or Python on a value, without access to your files or the network."),
  .keywords = N_ ("javascript python script function program transform compute sandbox"),
  .icon_name = "heddle-code-symbolic",
  .category = HEDDLE_CATEGORY_DATA,
  .effect = HEDDLE_EFFECT_PURE,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .results = results,
  .example = "{\"params\":{\"code\":\"return input.prices.reduce ((sum, price) => sum + price, 0)\"},"
             "\"inputs\":{\"in\":{\"prices\":[1.5,2,4]}},\"outputs\":{\"out\":7.5}}",
  .tool = "{\"description\":\"Runs a program on the arguments and returns its result.\"}",
  .describe = describe,
  .run = run,
};
