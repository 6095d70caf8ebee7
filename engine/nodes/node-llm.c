/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-chat.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"
#include "value/heddle-money.h"

typedef struct
{
  HeddleChatParams chat;
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

static const HeddleParamSpec params[] = {
  HEDDLE_CHAT_PARAMS (Params, chat),
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
  HeddleChat *chat;
  JsonNode *output;
} Turn;

static void
turn_free (Turn *self)
{
  heddle_chat_free (self->chat);
  g_clear_pointer (&self->output, json_node_unref);
  heddle_node_run_unref (self->run);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Turn, turn_free)

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Turn) self = user_data;
  GError *error = NULL;

  if (heddle_chat_end_finish (result, &error))
    heddle_node_run_complete (self->run, g_steal_pointer (&self->output));
  else
    heddle_node_run_fail (self->run, error);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Turn) self = user_data;
  GError *error = NULL;
  HeddleUsage usage;
  g_autoptr (HeddleChatResponse) response = heddle_chat_ask_finish (result, &self->output, &usage, &error);

  if (response == NULL)
    {
      heddle_node_run_fail (self->run, error);
      return;
    }
  heddle_node_run_set_result (self->run, "usage", heddle_usage_to_json (&usage));
  heddle_node_run_set_result (self->run, "cost", heddle_json_double (heddle_money_to_usd (usage.cost)));
  heddle_node_run_set_result (self->run, "model", heddle_json_string (response->model));
  heddle_node_run_set_result (self->run, "finish_reason", heddle_json_string (response->finish_reason));
  heddle_chat_end_async (self->chat, response->text, NULL, kept_cb, self);
  self = NULL;
}

static void
begun_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Turn) self = user_data;
  HeddleChatCall call = { 0 };
  GError *error = NULL;

  self->chat = heddle_chat_begin_finish (result, &error);
  if (self->chat == NULL)
    {
      heddle_node_run_fail (self->run, error);
      return;
    }
  heddle_chat_prepare (self->chat, &call);
  heddle_chat_ask_async (self->chat, &call, heddle_node_run_get_cancellable (self->run), answered_cb, self);
  self = NULL;
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  Turn *self = g_new0 (Turn, 1);

  self->run = heddle_node_run_ref (node_run);
  heddle_chat_begin_async (node_run, &p->chat, begun_cb, self);
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
  .describe = heddle_chat_params_describe,
  .check = heddle_chat_params_check,
  .run = run,
};
