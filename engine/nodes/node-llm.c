/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-chat-call.h"
#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"
#include "value/heddle-money.h"
#include "value/heddle-text.h"

#include <string.h>

typedef struct
{
  char *model;
  char *system;
  char *prompt;
  double temperature;
  gint64 max_tokens;
  char *response_format;
  JsonNode *schema;
  gboolean stream;
  gint64 timeout;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { "context", N_ ("Context"), HEDDLE_VALUE_ANY, HEDDLE_PORT_OPTIONAL },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Answer"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleChoice formats[] = {
  { "text", N_ ("Text") },
  { "json", N_ ("JSON") },
  { "json_schema", N_ ("JSON by a schema") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_MODEL (Params, model, N_ ("Model"), .help = N_ ("Which model answers. The demo model is built in and works without a network."), .def.s = "demo/small", .required = TRUE),
  HEDDLE_TEXT (Params, system, N_ ("System message"), .help = N_ ("Who the model is and how it shall answer, for the whole conversation."), .placeholder = N_ ("Answer with one word: billing or technical."), .is_template = TRUE),
  HEDDLE_TEXT (Params, prompt, N_ ("Prompt"), .help = N_ ("What the model is asked. A connected context is put before it, unless the prompt contains it already."), .placeholder = N_ ("{{ $start.message }}"), .def.s = "{{ $input }}", .is_template = TRUE, .required = TRUE, .is_main = TRUE),
  HEDDLE_CHOICE (Params, response_format, N_ ("Response format"), .help = N_ ("JSON answers are checked and handed on as values."), .choices = formats, .def.s = "text"),
  HEDDLE_JSON (Params, schema, N_ ("JSON Schema"), .help = N_ ("The form that the answer must have."), .placeholder = "{\"type\": \"object\", \"properties\": {\"name\": {\"type\": \"string\"}}}", .visible_if = "response_format=json_schema", .required = TRUE),
  HEDDLE_DOUBLE (Params, temperature, N_ ("Temperature"), .help = N_ ("How freely words are chosen: 0 is steady, 2 is wild, and −1 leaves it to the provider."), .def.d = -1, .min = -1, .max = 2, .step = 0.1, .advanced = TRUE),
  HEDDLE_INT (Params, max_tokens, N_ ("Max tokens"), .help = N_ ("How long the answer may be; 0 leaves it to the provider."), .def.i = 0, .min = 0, .max = 1000000, .step = 64, .advanced = TRUE),
  HEDDLE_BOOLEAN (Params, stream, N_ ("Stream"), .help = N_ ("Show the answer while it is written."), .def.b = TRUE, .advanced = TRUE),
  HEDDLE_INT (Params, timeout, N_ ("Timeout in seconds"), .help = N_ ("How long one attempt may take; 0 is without limit."), .def.i = 300, .min = 0, .max = 86400, .step = 10, .advanced = TRUE),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "usage", N_ ("Tokens used"), HEDDLE_VALUE_OBJECT },
  { "cost", N_ ("Cost in US dollars, null when the price is unknown"), HEDDLE_VALUE_NUMBER },
  { "model", N_ ("Model that answered"), HEDDLE_VALUE_TEXT },
  { "finish_reason", N_ ("Why it ended"), HEDDLE_VALUE_TEXT },
  { NULL },
};

/* One answer under way. */
typedef struct
{
  HeddleNodeRun *run;
  gboolean wants_json;
} Call;

static void
call_free (Call *call)
{
  heddle_node_run_unref (call->run);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static void
append_value (GString *out, JsonNode *value)
{
  g_autofree char *text = heddle_json_is_string (value) || !JSON_NODE_HOLDS_VALUE (value) ? NULL : heddle_json_to_display (value);

  if (heddle_json_is_string (value))
    text = g_strdup (json_node_get_string (value));
  else if (text == NULL && !heddle_json_is_null (value))
    text = heddle_json_to_text (value, HEDDLE_JSON_PRETTY);
  if (heddle_text_is_blank (text))
    return;
  if (out->len > 0)
    g_string_append (out, "\n\n");
  g_string_append (out, text);
}

/* All that is connected to the context, or NULL. */
static char *
dup_context (HeddleNodeRun *node_run)
{
  GString *context = g_string_new (NULL);
  guint n_inputs = heddle_node_run_get_n_inputs (node_run, "context");

  for (guint i = 0; i < n_inputs; i++)
    append_value (context, heddle_node_run_get_nth_input (node_run, "context", i, NULL));
  return g_string_free (context, context->len == 0);
}

/* The context stands between tags, which it cannot close itself. */
static char *
dup_prompt (HeddleNodeRun *node_run, const Params *p)
{
  g_autofree char *context = dup_context (node_run);
  g_autoptr (GString) safe = NULL;

  if (context == NULL || strstr (p->prompt, context) != NULL || (p->system != NULL && strstr (p->system, context) != NULL))
    return g_strdup (p->prompt);
  safe = g_string_new (context);
  g_string_replace (safe, "</context", "< /context", 0);
  return g_strdup_printf ("Context:\n<context>\n%s\n</context>\n\n%s", safe->str, p->prompt);
}

static void
add_message (JsonArray *messages, const char *role, const char *content)
{
  JsonObject *message = json_object_new ();

  json_object_set_member (message, "role", heddle_json_string (role));
  json_object_set_member (message, "content", heddle_json_string (content));
  json_array_add_element (messages, heddle_json_object (message));
}

static gboolean
speaks_of_json (const char *text)
{
  g_autofree char *lower = g_ascii_strdown (text == NULL ? "" : text, -1);

  return strstr (lower, "json") != NULL;
}

/* Several providers refuse to answer in JSON when no message says the word. */
static char *
dup_system (const Params *p, const char *prompt)
{
  const char *system = heddle_text_is_blank (p->system) ? "" : p->system;

  if (strcmp (p->response_format, "text") == 0 || speaks_of_json (system) || speaks_of_json (prompt))
    return g_strdup (system);
  return g_strconcat (system, *system == '\0' ? "" : "\n\n", "Answer with JSON only.", NULL);
}

static JsonNode *
create_messages (HeddleNodeRun *node_run, const Params *p)
{
  JsonArray *messages = json_array_new ();
  g_autofree char *prompt = dup_prompt (node_run, p);
  g_autofree char *system = dup_system (p, prompt);

  if (*system != '\0')
    add_message (messages, "system", system);
  add_message (messages, "user", prompt);
  return heddle_json_array (messages);
}

/* Models often wrap JSON in a fence, whatever they were asked. */
static char *
strip_fence (const char *text)
{
  g_autofree char *bare = g_strstrip (g_strdup (text));
  const char *line = strchr (bare, '\n');

  if (!g_str_has_prefix (bare, "```") || line == NULL || !g_str_has_suffix (bare, "```") || (gsize) (line - bare) + 4 > strlen (bare))
    return g_steal_pointer (&bare);
  return g_strndup (line + 1, strlen (line + 1) - 3);
}

static JsonNode *
parse_answer (const HeddleChatResponse *response, GError **error)
{
  g_autofree char *text = strip_fence (response->text);
  g_autoptr (GError) cause = NULL;
  JsonNode *value = heddle_json_parse (text, -1, &cause);
  gboolean is_cut = g_strcmp0 (response->finish_reason, "length") == 0;
  GError *problem;

  if (value != NULL)
    return value;
  if (is_cut)
    problem = g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The JSON answer was cut off at the max tokens."));
  else
    problem = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_SERVER, _ ("The model did not answer with valid JSON: %s"), cause->message);
  heddle_error_set_hint (problem, is_cut ? _ ("Raise the max tokens.") : _ ("Describe the form of the answer in the prompt, give a schema, or choose another model."));
  g_propagate_error (error, problem);
  return NULL;
}

/* The output: text without the line ends that models put around it, or the value of a JSON answer. */
static JsonNode *
create_output (Call *call, const HeddleChatResponse *response, GError **error)
{
  g_autofree char *text = NULL;

  if (call->wants_json)
    return parse_answer (response, error);
  text = g_strstrip (g_strdup (response->text));
  return heddle_json_string (text);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  GError *error = NULL;
  g_autoptr (HeddleChatResponse) response = heddle_chat_call_finish (result, &error);
  JsonNode *output = response == NULL ? NULL : create_output (call, response, &error);

  if (output == NULL)
    {
      heddle_node_run_fail (call->run, error);
      return;
    }
  heddle_node_run_set_result (call->run, "usage", heddle_usage_to_json (&response->usage));
  heddle_node_run_set_result (call->run, "cost", heddle_json_double (heddle_money_to_usd (response->usage.cost)));
  heddle_node_run_set_result (call->run, "model", heddle_json_string (response->model));
  heddle_node_run_set_result (call->run, "finish_reason", heddle_json_string (response->finish_reason));
  heddle_node_run_complete (call->run, output);
}

/* What is wrong with the values, now that they are known; NULL: nothing. */
static const char *
find_mistake (HeddleNodeRun *node_run, const Params *p)
{
  if (heddle_node_run_get_models (node_run) == NULL || heddle_node_run_get_http (node_run) == NULL)
    return _ ("There are no models here. Start the workflow from the application or from its command line.");
  if (heddle_text_is_blank (p->prompt))
    return _ ("The prompt is empty, so there is nothing to ask. Write one, or connect an input that has a value.");
  if (strcmp (p->response_format, "json_schema") == 0 && (p->schema == NULL || !JSON_NODE_HOLDS_OBJECT (p->schema)))
    return _ ("The JSON Schema is no object. Write one such as {\"type\": \"object\", \"properties\": {…}}.");
  return NULL;
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  const char *mistake = find_mistake (node_run, p);
  g_autoptr (JsonNode) messages = NULL;
  HeddleChatCall chat = {
    .request = {
      .model = p->model,
      .temperature = p->temperature,
      .max_tokens = p->max_tokens,
      .response_json = strcmp (p->response_format, "json") == 0,
      .response_schema = strcmp (p->response_format, "json_schema") == 0 ? p->schema : NULL,
      .stream = p->stream,
      .timeout_ms = (guint) p->timeout * 1000,
    },
    .shows_text = TRUE,
  };
  Call *call;

  if (mistake != NULL)
    {
      heddle_node_run_fail (node_run, g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_INVALID, mistake));
      return;
    }
  if (heddle_node_run_get_attempt (node_run) > 1)
    heddle_node_run_reset_text (node_run);
  messages = create_messages (node_run, p);
  chat.request.messages = messages;
  call = g_new0 (Call, 1);
  call->run = heddle_node_run_ref (node_run);
  call->wants_json = strcmp (p->response_format, "text") != 0;
  heddle_chat_call_async (node_run, &chat, heddle_node_run_get_cancellable (node_run), answered_cb, call);
}

static char *
describe (JsonObject *values)
{
  const char *model = heddle_params_get_string (values, "model", "demo/small");
  const char *prompt = heddle_params_get_string (values, "prompt", NULL);
  const char *system = heddle_params_get_string (values, "system", NULL);
  const char *task = heddle_text_is_blank (system) ? prompt : system;

  return heddle_text_is_blank (task) ? g_strdup (model) : g_strdup_printf ("%s: %s", model, task);
}

const HeddleNodeType heddle_node_type_llm = {
  .id = "llm",
  .version = 1,
  .title = N_ ("LLM"),
  .summary = N_ ("Asks a language model and hands on its answer."),
  .keywords = N_ ("model chat prompt ai gpt completion classify extract summarise openai ollama"),
  .icon_name = "heddle-llm-symbolic",
  .category = HEDDLE_CATEGORY_MODELS,
  .effect = HEDDLE_EFFECT_READ,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .results = results,
  .main_alias = "text",
  .example = "{\"params\":{\"model\":\"demo/small\",\"system\":\"Answer with one word: billing or technical.\",\"prompt\":\"{{ $input }}\"},"
             "\"inputs\":{\"in\":\"I was charged twice\"},\"outputs\":{\"out\":\"billing\"}}",
  .describe = describe,
  .run = run,
  .tool = "{\"description\":\"Asks a language model.\",\"parameters\":{\"type\":\"object\",\"properties\":{"
          "\"input\":{\"type\":\"string\",\"description\":\"What to ask\"}},\"required\":[\"input\"]}}",
};
