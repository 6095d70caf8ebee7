/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-demo-private.h"

#include "heddle-error.h"
#include "provider/heddle-message.h"
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What a conversation asks for, taken apart. */
typedef struct
{
  GString *system;
  GString *user;        /* the last user message, without its passages */
  char *prompt;         /* the same as it is */
  char *context;        /* numbered passages, or NULL */
  gboolean has_results; /* the passages are what tools answered */
} Conversation;

static void
conversation_clear (Conversation *conversation)
{
  g_string_free (conversation->system, TRUE);
  g_string_free (conversation->user, TRUE);
  g_free (conversation->prompt);
  g_free (conversation->context);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Conversation, conversation_clear)

gboolean
heddle_demo_check_model (const char *model,
                         GError **error)
{
  if (strcmp (model, "small") == 0 || strcmp (model, "embedding") == 0)
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND,
               _ ("There is no model demo/%s. The built-in models are %s and, for knowledge bases, %s."), model, HEDDLE_DEMO_MODEL, HEDDLE_DEMO_EMBEDDING);
  return FALSE;
}

static char *
cut_match (GString *text, const char *pattern)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_CASELESS | G_REGEX_DOTALL, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  char *context;
  int start, end;

  if (!g_regex_match (regex, text->str, 0, &match))
    return NULL;
  context = g_match_info_fetch (match, 1);
  g_match_info_fetch_pos (match, 0, &start, &end);
  g_string_erase (text, start, end - start);
  return context;
}

/* Cuts passages out of text: between tags, or behind "Context:" up to the question. */
static char *
cut_context (GString *text)
{
  char *context = cut_match (text, "(?:context:\\s*)?<context>(.*?)</context>");

  if (context != NULL)
    return context;
  return cut_match (text, "(?:^|\\n)[ \\t#*]*(?:context|passages|sources|documents)\\b[^\\n:]*:[ \\t*]*\\n?(.*?)"
                          "(?:\\n[ \\t#*]*(?:question|query|message|task|instructions?|user|request)[ \\t]*:|\\z)");
}

static void
read_messages (Conversation *conversation,
               JsonNode *messages)
{
  JsonArray *array = heddle_messages_get_array (messages);

  conversation->system = g_string_new (NULL);
  conversation->user = g_string_new (NULL);
  conversation->prompt = g_strdup ("");
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *message = json_array_get_element (array, i);
      HeddleRole role = heddle_message_get_role (message);
      g_autofree char *content = heddle_message_dup_content (message);

      if (role == HEDDLE_ROLE_SYSTEM)
        g_string_append_printf (conversation->system, "%s\n", content);
      else if (role == HEDDLE_ROLE_USER)
        {
          g_free (conversation->prompt);
          conversation->prompt = g_steal_pointer (&content);
        }
    }
  g_string_assign (conversation->user, conversation->prompt);
  conversation->context = heddle_demo_list_results (messages);
  conversation->has_results = conversation->context != NULL;
  if (conversation->context == NULL)
    conversation->context = cut_context (conversation->user);
  if (conversation->context == NULL)
    conversation->context = cut_context (conversation->system);
}

/* The matter inside a prompt: between quotes or tags, or behind "Message:"; else all of it. */
static char *
find_matter (const char *prompt)
{
  static const char *const patterns[] = {
    "\"\"\"\\s*(.+?)\\s*\"\"\"",
    "```\\w*\\s*(.+?)\\s*```",
    "<(?:message|text|input|ticket|email|document|content|review|customer_message)>\\s*(.+?)\\s*</",
    "\\b(?:message|text|input|ticket|email|e-mail|review|question|customer|user|comment|feedback|content|query|complaint|document|article|sentence|request|here it is)\\s*(?:\\([^)]*\\)\\s*)?:\\s*(.+)\\z",
  };

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autoptr (GRegex) regex = g_regex_new (patterns[i], G_REGEX_CASELESS | G_REGEX_DOTALL, 0, NULL);
      g_autoptr (GMatchInfo) match = NULL;

      if (g_regex_match (regex, prompt, 0, &match))
        return g_match_info_fetch (match, 1);
    }
  return g_strstrip (g_strdup (prompt));
}

/* With a system prompt, the user's text is data: an "or" in it is no list of labels unless it plainly asks for a choice. */
static gboolean
may_list_labels (const Conversation *conversation)
{
  const char *asks = "\\b(?:classif\\w*|categor\\w*|labels?|one (?:word|of)|(?:answer|reply|respond) (?:only )?with)\\b";

  return conversation->system->len == 0 || g_regex_match_simple (asks, conversation->user->str, G_REGEX_CASELESS, 0);
}

static char *
classify (const Conversation *conversation)
{
  g_autofree char *system_rest = NULL;
  g_autofree char *user_rest = NULL;
  g_autofree char *matter = NULL;
  g_autoptr (GPtrArray) labels = heddle_demo_find_labels (conversation->system->str, &system_rest);
  const HeddleDemoLabel *label;

  if (labels == NULL && may_list_labels (conversation))
    labels = heddle_demo_find_labels (conversation->user->str, &user_rest);
  if (labels == NULL)
    return NULL;
  matter = find_matter (user_rest == NULL || *g_strchug (user_rest) == '\0' ? conversation->user->str : user_rest);
  label = g_ptr_array_index (labels, heddle_demo_choose_label (labels, matter, system_rest == NULL ? conversation->user->str : system_rest));
  return g_strdup (label->name);
}

static char *
extract (const Conversation *conversation,
         JsonNode *schema)
{
  g_autofree char *matter = find_matter (conversation->user->str);
  g_autofree char *text = conversation->context == NULL ? g_strdup (matter) : g_strdup_printf ("%s\n%s", matter, conversation->context);
  g_autoptr (JsonNode) value = heddle_demo_extract (schema, "", text);

  return heddle_json_to_text (value, HEDDLE_JSON_PRETTY);
}

static JsonNode *
summary_schema (void)
{
  return heddle_json_parse ("{\"type\":\"object\",\"properties\":{\"summary\":{\"type\":\"string\"},\"language\":{\"type\":\"string\"},\"sentiment\":{\"type\":\"string\"}}}", -1, NULL);
}

static JsonNode *
wanted_schema (const Conversation *conversation,
               const HeddleChatRequest *request)
{
  g_autofree char *prompt = g_strconcat (conversation->system->str, "\n", conversation->user->str, NULL);
  gboolean wants_json = request->response_json || g_regex_match_simple ("\\b(?:as|in|return|output|valid|only|with)\\b[^.\\n]{0,30}\\bjson\\b|\\bjson\\s+(?:object|only|format|with)", prompt, G_REGEX_CASELESS, 0);
  JsonNode *schema;

  if (request->response_schema != NULL)
    return json_node_ref (request->response_schema);
  if (!wants_json)
    return NULL;
  schema = heddle_demo_schema_from_prompt (prompt);
  return schema != NULL ? schema : summary_schema ();
}

static gboolean
asks_about_itself (const char *text)
{
  return g_regex_match_simple ("^\\W*(?:hello|hi|hey|hallo)\\b.{0,40}$|\\bwho are you\\b|\\bwhat (?:are you|can you do)\\b|\\bwhich model\\b|\\bwhat model\\b", text, G_REGEX_CASELESS, 0);
}

static char *
introduce (void)
{
  return g_strdup (_ ("I am the demo model built into Heddle. I work without a network and without a neural network: I pick a label when the prompt "
                      "lists labels, fill in the fields of a schema, and otherwise sum up the text by its own sentences. Choose "
                      "another model for free answers."));
}

/* The sentences of a system prompt that say how things are, not what to do. */
static char *
list_facts (const char *system)
{
  const char *instruction = "^\\W*(?:you|your|please|answer|reply|respond|return|output|write|say|be|do|don't|never|always|use|keep|cite|give|make|help|"
                            "summari[sz]e|classify|sort|choose|act|speak|translate|explain|describe|extract|if|when|antworte|du|sie|bitte)\\b";
  g_autoptr (GPtrArray) sentences = heddle_demo_list_sentences (system);
  GString *facts = g_string_new (NULL);

  for (guint i = 0; i < sentences->len; i++)
    {
      const char *sentence = g_ptr_array_index (sentences, i);

      if (!g_regex_match_simple (instruction, sentence, G_REGEX_CASELESS, 0))
        g_string_append_printf (facts, "%s\n", sentence);
    }
  return g_string_free (facts, FALSE);
}

static char *
answer_from_passages (const Conversation *conversation,
                      const char *matter)
{
  g_autofree char *answer = heddle_demo_summarise (conversation->context, matter);

  if (*answer != '\0')
    return g_steal_pointer (&answer);
  /* A tool answers what it was asked, in its own words. */
  return conversation->has_results ? g_strstrip (g_strdup (conversation->context)) : g_strdup (_ ("The passages do not cover this."));
}

/* From the passages, else from what the system prompt tells, else the gist of the text itself. */
static char *
summarise (const Conversation *conversation)
{
  g_autofree char *matter = find_matter (conversation->user->str);
  g_autofree char *facts = list_facts (conversation->system->str);
  g_autofree char *answer = NULL;

  if (conversation->context != NULL && *g_strstrip (conversation->context) != '\0')
    return answer_from_passages (conversation, matter);
  if (*matter == '\0' || asks_about_itself (conversation->user->str))
    return introduce ();
  answer = heddle_demo_summarise (facts, matter);
  if (*answer != '\0')
    return g_steal_pointer (&answer);
  g_free (answer);
  answer = heddle_demo_summarise (matter, "");
  return *answer != '\0' ? g_steal_pointer (&answer) : g_steal_pointer (&matter);
}

static char *
compose (const Conversation *conversation,
         const HeddleChatRequest *request)
{
  g_autoptr (JsonNode) schema = wanted_schema (conversation, request);
  char *text;

  if (schema != NULL && heddle_demo_wants_memory (schema))
    return heddle_demo_remember (conversation->prompt);
  if (schema != NULL)
    return extract (conversation, schema);
  text = classify (conversation);
  return text != NULL ? text : summarise (conversation);
}

static gint64
count_input (JsonNode *messages)
{
  JsonArray *array = heddle_messages_get_array (messages);
  gint64 n_tokens = 0;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *content = heddle_message_dup_content (json_array_get_element (array, i));

      n_tokens += heddle_demo_count_tokens (content);
    }
  return n_tokens;
}

static JsonNode *
call_tools (const Conversation *conversation,
            const HeddleChatRequest *request)
{
  g_autofree char *matter = find_matter (conversation->user->str);

  return heddle_demo_call_tools (request, matter);
}

HeddleChatResponse *
heddle_demo_answer (const HeddleChatRequest *request)
{
  g_auto (Conversation) conversation = { 0 };
  HeddleChatResponse *response = g_new0 (HeddleChatResponse, 1);

  read_messages (&conversation, request->messages);
  response->tool_calls = call_tools (&conversation, request);
  response->text = response->tool_calls != NULL ? g_strdup ("") : compose (&conversation, request);
  response->model = g_strdup ("small");
  response->usage = HEDDLE_USAGE_UNKNOWN;
  response->usage.input = count_input (request->messages);
  response->usage.output = heddle_demo_count_tokens (response->text);
  response->first_token_us = -1;
  response->finish_reason = g_strdup (response->tool_calls != NULL ? "tool_calls" : "stop");
  if (request->max_tokens > 0 && response->usage.output > request->max_tokens)
    {
      response->text[heddle_demo_tokens_to_length (response->text, request->max_tokens)] = '\0';
      response->usage.output = request->max_tokens;
      g_free (response->finish_reason);
      response->finish_reason = g_strdup ("length");
    }
  return response;
}
