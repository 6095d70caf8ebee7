/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "foreign/heddle-n8n.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "value/heddle-json.h"

/* Nodes that ask a model, with what is attached to them. */

/* Models that are attached, by the beginning of their type, and the provider here. */
static const struct
{
  const char *type;
  const char *provider;
} providers[] = {
  { "lmChatOpenAi", "openai" },
  { "lmOpenAi", "openai" },
  { "lmChatAnthropic", "anthropic" },
  { "lmChatGoogleGemini", "gemini" },
  { "lmChatOllama", "ollama" },
  { "lmOllama", "ollama" },
  { "lmChatGroq", "groq" },
  { "lmChatMistralCloud", "mistral" },
  { "lmChatOpenRouter", "openrouter" },
  { "lmChatDeepSeek", "deepseek" },
  { "lmChatXAiGrok", "xai" },
};

static const char *
find_provider (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (providers); i++)
    {
      if (strcmp (providers[i].type, type) == 0)
        return providers[i].provider;
    }
  return NULL;
}

static void
set_model (HeddleN8nEntry *entry, const char *provider, const char *name)
{
  g_autofree char *model = NULL;

  if (g_str_has_prefix (name, "models/"))
    name += strlen ("models/");
  model = g_strconcat (provider, "/", name, NULL);
  heddle_foreign_node_set_text (entry->node, "model", model);
}

static char *
dup_model_name (HeddleN8n *self, HeddleN8nEntry *part)
{
  static const char *const names[] = { "model", "modelName", "modelId" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (JsonNode) value = heddle_n8n_dup_value (self, part, heddle_json_member (part->params, names[i]));

      if (heddle_json_is_string (value) && *json_node_get_string (value) != '\0')
        return g_strdup (json_node_get_string (value));
    }
  return g_strdup ("default");
}

static void
attach_model (HeddleN8n *self, HeddleN8nEntry *entry, HeddleN8nEntry *part)
{
  const char *provider = find_provider (part->type);
  g_autofree char *name = dup_model_name (self, part);
  JsonNode *options = heddle_json_member (part->params, "options");

  if (provider == NULL)
    {
      heddle_foreign_builder_say (self->builder, g_strdup_printf (_ ("“%s” asks a model of %s, for which there is no provider of that name. Choose a model."), entry->name, part->type));
      return;
    }
  set_model (entry, provider, name);
  heddle_n8n_copy_number (entry, "temperature", options, "temperature");
  heddle_n8n_copy_number (entry, "top_p", options, "topP");
  heddle_n8n_copy_number (entry, "max_tokens", options, "maxTokens");
  heddle_n8n_copy_number (entry, "max_tokens", options, "maxTokensToSample");
  heddle_n8n_copy_number (entry, "max_tokens", options, "maxOutputTokens");
}

static void
attach_memory (HeddleN8n *self, HeddleN8nEntry *entry, HeddleN8nEntry *part)
{
  JsonNode *key = heddle_json_member (part->params, "sessionKey");
  g_autofree char *text = key != NULL ? heddle_n8n_dup_text (self, part, key) : g_strdup ("{{ $input.sessionId }}");

  heddle_foreign_node_set_text (entry->node, "session_key", text);
  heddle_n8n_copy_number (entry, "history_messages", part->params, "contextWindowLength");
}

static void
attach_parser (HeddleN8n *self, HeddleN8nEntry *entry, HeddleN8nEntry *part)
{
  const char *text = heddle_json_get_string (part->params, "inputSchema", heddle_json_get_string (part->params, "jsonSchema", NULL));
  g_autoptr (JsonNode) schema = text != NULL ? heddle_json_parse (text, -1, NULL) : NULL;

  heddle_foreign_node_set_text (entry->node, "response_format", schema != NULL ? "json_schema" : "json");
  heddle_foreign_node_set (entry->node, "schema", g_steal_pointer (&schema));
}

static void
attach_parts (HeddleN8n *self, HeddleN8nEntry *entry)
{
  for (guint i = 0; i < entry->parts->len; i++)
    {
      HeddleN8nEntry *part = g_ptr_array_index (entry->parts, i);

      if (g_str_has_prefix (part->type, "lm"))
        attach_model (self, entry, part);
      else if (g_str_has_prefix (part->type, "memory"))
        attach_memory (self, entry, part);
      else if (strcmp (part->type, "outputParserStructured") == 0)
        attach_parser (self, entry, part);
      else
        heddle_foreign_builder_say (self->builder, g_strdup_printf (_ ("“%s” of “%s” was left out."), part->name, entry->name));
    }
}

/* Without a prompt of its own, n8n takes the message of the chat. */
static void
set_prompt (HeddleN8n *self, HeddleN8nEntry *entry)
{
  JsonNode *text = heddle_json_member (entry->params, "text");

  if (text == NULL)
    text = heddle_json_member (entry->params, "prompt");
  if (text != NULL)
    heddle_n8n_set_text (self, entry, "prompt", text);
  else
    heddle_foreign_node_set_text (entry->node, "prompt", "{{ $input.chatInput ?? $input }}");
}

/* Messages by "role" or "type", which is left out where it is the usual one; those of the system are put together, the last of the others is the prompt. */
static void
set_messages (HeddleN8n *self, HeddleN8nEntry *entry, JsonArray *messages, const char *usual)
{
  g_autoptr (GString) system = g_string_new (NULL);

  for (guint i = 0; messages != NULL && i < json_array_get_length (messages); i++)
    {
      JsonNode *message = json_array_get_element (messages, i);
      const char *role = heddle_json_get_string (message, "role", heddle_json_get_string (message, "type", usual));
      JsonNode *content = heddle_json_member (message, "content");
      g_autofree char *text = heddle_n8n_dup_text (self, entry, content != NULL ? content : heddle_json_member (message, "message"));

      if (g_ascii_strncasecmp (role, "system", 6) == 0)
        g_string_append_printf (system, "%s%s", system->len > 0 ? "\n\n" : "", text);
      else
        heddle_foreign_node_set_text (entry->node, "prompt", text);
    }
  heddle_foreign_node_set_text (entry->node, "system", system->str);
}

void
heddle_n8n_fill_chain (HeddleN8n *self, HeddleN8nEntry *entry)
{
  set_messages (self, entry, heddle_json_get_array (heddle_json_member (entry->params, "messages"), "messageValues"), "system");
  set_prompt (self, entry);
  attach_parts (self, entry);
}

void
heddle_n8n_fill_openai (HeddleN8n *self, HeddleN8nEntry *entry)
{
  g_autofree char *model = dup_model_name (self, entry);
  JsonNode *messages = heddle_json_member (entry->params, "messages");
  JsonArray *values = heddle_json_get_array (messages, "values");

  set_messages (self, entry, values != NULL ? values : heddle_json_get_array (heddle_json_member (entry->params, "responses"), "values"), "user");
  set_model (entry, "openai", model);
  heddle_n8n_copy_number (entry, "temperature", heddle_json_member (entry->params, "options"), "temperature");
  heddle_n8n_copy_number (entry, "max_tokens", heddle_json_member (entry->params, "options"), "maxTokens");
  if (heddle_json_get_boolean (entry->params, "jsonOutput", FALSE))
    heddle_foreign_node_set_text (entry->node, "response_format", "json");
}

void
heddle_n8n_fill_agent (HeddleN8n *self, HeddleN8nEntry *entry)
{
  JsonNode *options = heddle_json_member (entry->params, "options");

  set_prompt (self, entry);
  heddle_n8n_set_text (self, entry, "system", heddle_json_member (options, "systemMessage"));
  heddle_n8n_copy_number (entry, "max_tool_iterations", options, "maxIterations");
  attach_parts (self, entry);
}

/* A model that names the category, and a switch that takes its way. */
void
heddle_n8n_fill_classifier (HeddleN8n *self, HeddleN8nEntry *entry)
{
  JsonArray *categories = heddle_json_get_array (heddle_json_member (entry->params, "categories"), "categories");
  g_autoptr (GString) system = g_string_new ("Say which category the text belongs to. Answer with the name of the category and nothing else.\n");
  JsonArray *cases = json_array_new ();
  HeddleForeignNode *way = heddle_foreign_builder_add (self->builder, "switch", entry->name, entry->node->x + 288, entry->node->y);

  entry->outputs = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; categories != NULL && i < json_array_get_length (categories); i++)
    {
      JsonNode *category = json_array_get_element (categories, i);
      const char *name = heddle_json_get_string (category, "category", "other");

      g_string_append_printf (system, "\n- %s: %s", name, heddle_json_get_string (category, "description", ""));
      json_array_add_element (cases, heddle_n8n_make_case (name));
      g_ptr_array_add (entry->outputs, g_strdup (name));
    }
  heddle_foreign_node_set_text (entry->node, "system", system->str);
  heddle_n8n_set_text (self, entry, "prompt", heddle_json_member (entry->params, "inputText"));
  attach_parts (self, entry);
  heddle_foreign_node_set (way, "cases", heddle_json_array (cases));
  heddle_foreign_node_set_text (way, "match", "loose");
  heddle_foreign_builder_connect (self->builder, entry->node, NULL, way, NULL);
  entry->end = way;
}
