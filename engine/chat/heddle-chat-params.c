/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-chat-params.h"

#include "registry/heddle-problem.h"
#include "value/heddle-json.h"
#include "value/heddle-pattern.h"
#include "value/heddle-text.h"

#include <string.h>

typedef HeddleChatParams Params;

static const HeddleChoice formats[] = {
  { "text", N_ ("Text") },
  { "json", N_ ("JSON") },
  { "json_schema", N_ ("JSON by a schema") },
  { NULL },
};

static const HeddleChoice efforts[] = {
  { "default", N_ ("As the model likes") },
  { "none", N_ ("None") },
  { "low", N_ ("Low") },
  { "medium", N_ ("Medium") },
  { "high", N_ ("High") },
  { NULL },
};

static const HeddleChoice scopes[] = {
  { "both", N_ ("Input and output") },
  { "input", N_ ("Input only") },
  { "output", N_ ("Output only") },
  { NULL },
};

const HeddleParamSpec heddle_chat_params[] = {
  HEDDLE_MODEL (Params, model, N_ ("Model"), .help = N_ ("Which model answers. The demo model is built in and works without a network."), .def.s = "demo/small", .required = TRUE),
  HEDDLE_TEXT (Params, system, N_ ("System message"), .help = N_ ("Who the model is and how it shall answer, for the whole conversation."), .placeholder = N_ ("Answer with one word: billing or technical."), .is_template = TRUE),
  HEDDLE_TEXT (Params, prompt, N_ ("Prompt"), .help = N_ ("What the model is asked. A connected context is put before it, unless the prompt contains it already."), .placeholder = N_ ("{{ $start.message }}"), .def.s = "{{ $input }}", .is_template = TRUE, .required = TRUE, .is_main = TRUE),
  HEDDLE_EXPRESSION (Params, attachments, N_ ("Images and files"), .help = N_ ("A file, or a list of files, that goes along with the prompt: a field of type image or file of the Input node, or a data: URI."), .placeholder = N_ ("$start.picture")),
  HEDDLE_CHOICE (Params, response_format, N_ ("Response format"), .help = N_ ("JSON answers are checked and handed on as values."), .choices = formats, .def.s = "text"),
  HEDDLE_JSON (Params, schema, N_ ("JSON Schema"), .help = N_ ("The form that the answer must have. An answer that does not fit goes back to the model, up to twice."), .placeholder = "{\"type\": \"object\", \"properties\": {\"name\": {\"type\": \"string\"}}}", .visible_if = "response_format=json_schema", .required = TRUE),

  HEDDLE_NAMES (Params, fallback_models, N_ ("Fallback models"), .help = N_ ("Who is asked next, in this order, when the model cannot be reached, is overloaded or refuses."), .section = N_ ("Model Options"), .item_kind = HEDDLE_PARAM_MODEL),
  HEDDLE_DOUBLE (Params, temperature, N_ ("Temperature"), .help = N_ ("How freely words are chosen: 0 is steady, 2 is wild, and −1 leaves it to the provider."), .section = N_ ("Model Options"), .def.d = -1, .min = -1, .max = 2, .step = 0.1),
  HEDDLE_DOUBLE (Params, top_p, N_ ("Top P"), .help = N_ ("From how large a part of the likely words is chosen, up to 1 for all; 0 leaves it to the provider."), .section = N_ ("Model Options"), .def.d = 0, .min = 0, .max = 1, .step = 0.05),
  HEDDLE_INT (Params, max_tokens, N_ ("Max tokens"), .help = N_ ("How long the answer may be; 0 leaves it to the provider."), .section = N_ ("Model Options"), .def.i = 0, .min = 0, .max = 1000000, .step = 64),
  HEDDLE_CHOICE (Params, reasoning_effort, N_ ("Reasoning effort"), .help = N_ ("How long a reasoning model thinks before it answers. Other models ignore it."), .section = N_ ("Model Options"), .choices = efforts, .def.s = "default"),
  HEDDLE_BOOLEAN (Params, stream, N_ ("Stream"), .help = N_ ("Show the answer while it is written."), .section = N_ ("Model Options"), .def.b = TRUE),
  HEDDLE_INT (Params, timeout, N_ ("Timeout in seconds"), .help = N_ ("How long one answer may take; 0 is without limit."), .section = N_ ("Model Options"), .def.i = 300, .min = 0, .max = 86400, .step = 10),

  HEDDLE_STRING (Params, session_key, N_ ("Session key"), .help = N_ ("Who is talking, such as {{ $start.user }}. Runs with the same key are one conversation, which is kept. Without a key, each run begins anew."), .section = N_ ("Conversation"), .placeholder = N_ ("{{ $start.user }}"), .is_template = TRUE),
  HEDDLE_INT (Params, history_messages, N_ ("Messages to remember"), .help = N_ ("How many of the newest messages the model is shown; 0 is all of them."), .section = N_ ("Conversation"), .visible_if = "session_key", .def.i = 40, .min = 0, .max = 10000, .step = 2),
  HEDDLE_INT (Params, history_tokens, N_ ("Tokens to remember"), .help = N_ ("How long these may be in all, so that they fit the model's context window; 0 is without limit."), .section = N_ ("Conversation"), .visible_if = "session_key", .def.i = 8000, .min = 0, .max = 10000000, .step = 1000),

  HEDDLE_BOOLEAN (Params, persistent_memory_enabled, N_ ("Remember between runs"), .help = N_ ("Learns people, things and facts from each run that ended well, and tells the model what it knows of them."), .section = N_ ("Memory"), .def.b = FALSE),
  HEDDLE_MODEL (Params, memory_model, N_ ("Model that learns"), .help = N_ ("Which model picks out the facts after a run. Empty: the same as above."), .section = N_ ("Memory"), .visible_if = "persistent_memory_enabled"),
  HEDDLE_NAMES (Params, memory_graphs, N_ ("Further memories"), .help = N_ ("Memories of other nodes that this one may read, by their names on the Memory page."), .section = N_ ("Memory"), .visible_if = "persistent_memory_enabled"),

  HEDDLE_PAIRS (Params, guard_block, N_ ("Block what matches"), .help = N_ ("Name of a rule and a regular expression. A text that matches stops the node."), .section = N_ ("Guardrails")),
  HEDDLE_PAIRS (Params, guard_redact, N_ ("Redact what matches"), .help = N_ ("Name of a rule and a regular expression. What matches is replaced by the name in brackets before the model sees it, and in answers."), .section = N_ ("Guardrails")),
  HEDDLE_NAMES (Params, guard_categories, N_ ("Categories not allowed"), .help = N_ ("Such as violence or medical advice. A model checks each text; when it cannot tell, the node stops."), .section = N_ ("Guardrails")),
  HEDDLE_MODEL (Params, guard_model, N_ ("Model that checks"), .help = N_ ("Which model sorts texts into the categories. Empty: the same as above."), .section = N_ ("Guardrails"), .visible_if = "guard_categories"),
  HEDDLE_CHOICE (Params, guard_scope, N_ ("What is checked"), .help = N_ ("Which texts patterns and categories are applied to. The input is the prompt with its context."), .section = N_ ("Guardrails"), .choices = scopes, .def.s = "both"),
  HEDDLE_INT (Params, guard_max_input, N_ ("Longest input"), .help = N_ ("How many characters the prompt with its context may have; 0 is any number."), .section = N_ ("Guardrails"), .def.i = 0, .min = 0, .max = 100000000, .step = 1000),
  HEDDLE_INT (Params, guard_max_output, N_ ("Longest output"), .help = N_ ("How many characters an answer may have; 0 is any number."), .section = N_ ("Guardrails"), .def.i = 0, .min = 0, .max = 100000000, .step = 1000),
  { NULL },
};

/* A rule with an expression in it is known only in a run. */
static void
check_rules (JsonObject *params, const char *param, const char *node_id, GPtrArray *problems)
{
  JsonNode *rules = params != NULL ? json_object_get_member (params, param) : NULL;
  JsonArray *array = rules != NULL && JSON_NODE_HOLDS_ARRAY (rules) ? json_node_get_array (rules) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const char *source = heddle_json_get_string (json_array_get_element (array, i), "value", "");
      g_autoptr (GError) error = NULL;
      g_autoptr (HeddlePattern) pattern = strstr (source, "{{") == NULL ? heddle_pattern_new (source, &error) : NULL;

      if (error != NULL)
        g_ptr_array_add (problems, heddle_problem_new (HEDDLE_SEVERITY_ERROR, node_id, NULL, param, error->message));
    }
}

void
heddle_chat_params_check (JsonObject *params, const char *node_id, GPtrArray *problems)
{
  g_return_if_fail (problems != NULL);

  check_rules (params, "guard_block", node_id, problems);
  check_rules (params, "guard_redact", node_id, problems);
}

char *
heddle_chat_params_describe (JsonObject *params)
{
  const char *model = heddle_params_get_string (params, "model", "demo/small");
  const char *prompt = heddle_params_get_string (params, "prompt", NULL);
  const char *system = heddle_params_get_string (params, "system", NULL);
  const char *task = heddle_text_is_blank (system) ? prompt : system;

  return heddle_text_is_blank (task) ? g_strdup (model) : g_strdup_printf ("%s: %s", model, task);
}
