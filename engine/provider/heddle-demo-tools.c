/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-demo-private.h"

#include "provider/heddle-message.h"
#include "value/heddle-json.h"

#include <string.h>

/* More calls in one turn than this help nobody. */
#define MAX_CALLS 4

/* Names of parameters that take the whole question. */
#define ASKS "^(?:query|question|q|search|input|text|prompt|message|topic|request|task|subject|content|keywords?|sentence|word)s?$"
#define SEARCHES "\\b(?:search|find|look|lookup|retriev|knowledge|fetch|quer|handbook|document|passage)"

/* The turn that is under way: what came since the last user message. */
typedef struct
{
  GPtrArray *called;  /* names of tools, borrowed from messages */
  GPtrArray *results; /* JsonNode* of tool messages, borrowed */
} Turn;

static void
turn_clear (Turn *turn)
{
  g_ptr_array_unref (turn->called);
  g_ptr_array_unref (turn->results);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Turn, turn_clear)

static void
read_turn (Turn *turn,
           JsonNode *messages)
{
  JsonArray *array = heddle_messages_get_array (messages);

  turn->called = g_ptr_array_new ();
  turn->results = g_ptr_array_new ();
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *message = json_array_get_element (array, i);
      HeddleRole role = heddle_message_get_role (message);

      if (role == HEDDLE_ROLE_USER)
        {
          g_ptr_array_set_size (turn->called, 0);
          g_ptr_array_set_size (turn->results, 0);
        }
      else if (role == HEDDLE_ROLE_TOOL)
        {
          g_ptr_array_add (turn->called, (gpointer) heddle_json_get_string (message, "name", ""));
          g_ptr_array_add (turn->results, message);
        }
    }
}

static gboolean
was_called (const Turn *turn,
            const char *name)
{
  for (guint i = 0; i < turn->called->len; i++)
    {
      if (strcmp (g_ptr_array_index (turn->called, i), name) == 0)
        return TRUE;
    }
  return FALSE;
}

char *
heddle_demo_list_results (JsonNode *messages)
{
  g_auto (Turn) turn = { 0 };
  GString *passages = g_string_new (NULL);

  read_turn (&turn, messages);
  for (guint i = 0; i < turn.results->len; i++)
    {
      g_autofree char *content = heddle_message_dup_content (g_ptr_array_index (turn.results, i));

      g_string_append_printf (passages, "[%u] %s\n", i + 1, content);
    }
  return g_string_free (passages, passages->len == 0);
}

/* How much a tool has to do with a question: words and meanings in common. */
static guint
rate (JsonNode *tool,
      const char *question)
{
  const char *name = heddle_json_get_string (tool, "name", "");
  g_autofree char *words = g_strdelimit (g_strdup (name), "_-.", ' ');
  g_autofree char *about = g_strconcat (words, " ", heddle_json_get_string (tool, "description", ""), NULL);
  g_autoptr (GPtrArray) stems = heddle_demo_list_stems (about);
  g_autoptr (GPtrArray) asked = heddle_demo_list_stems (question);
  guint rating = g_regex_match_simple (SEARCHES, about, G_REGEX_CASELESS, 0) ? 1 : 0;

  for (guint i = 0; i < asked->len; i++)
    {
      const char *stem = g_ptr_array_index (asked, i);
      guint64 meanings = heddle_demo_meanings (stem);

      for (guint k = 0; !heddle_demo_is_common (stem) && k < stems->len; k++)
        {
          const char *other = g_ptr_array_index (stems, k);

          rating += strcmp (stem, other) == 0 ? 2 : (meanings & heddle_demo_meanings (other)) != 0 ? 1
                                                                                                   : 0;
        }
    }
  return rating;
}

static gboolean
is_required (JsonNode *schema,
             const char *name)
{
  JsonArray *required = heddle_json_get_array (schema, "required");

  for (guint i = 0; required != NULL && i < json_array_get_length (required); i++)
    {
      if (g_strcmp0 (json_array_get_string_element (required, i), name) == 0)
        return TRUE;
    }
  return FALSE;
}

/* The n-th number of a text; NULL when it has not as many. */
static JsonNode *
find_number (const char *text,
             guint n,
             gboolean is_integer)
{
  g_autoptr (GRegex) regex = g_regex_new ("(?<![\\p{L}\\d.,\\[-])-?\\d+(?:\\.\\d+)?(?![\\d\\p{L}])", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  for (gboolean found = g_regex_match (regex, text, 0, &match); found; found = g_match_info_next (match, NULL), n--)
    {
      g_autofree char *number = g_match_info_fetch (match, 0);

      if (n == 0)
        return is_integer ? heddle_json_int (g_ascii_strtoll (number, NULL, 10)) : heddle_json_double (g_ascii_strtod (number, NULL));
    }
  return NULL;
}

/* One argument; NULL when nothing in the text fits. n_numbers: how many of its numbers were given out. */
static JsonNode *
create_argument (const char *name,
                 JsonNode *schema,
                 const char *question,
                 const char *text,
                 guint *n_numbers)
{
  const char *type = heddle_json_get_string (schema, "type", "string");
  gboolean is_integer = strcmp (type, "integer") == 0;
  JsonNode *value;

  if (strcmp (type, "string") == 0 && heddle_json_get_array (schema, "enum") == NULL && g_regex_match_simple (ASKS, name, G_REGEX_CASELESS, 0))
    return heddle_json_string (question);
  if (is_integer || strcmp (type, "number") == 0)
    return find_number (text, (*n_numbers)++, is_integer);
  value = heddle_demo_extract (schema, name, text);
  if (heddle_json_is_blank (value))
    g_clear_pointer (&value, json_node_unref);
  return value;
}

/* An object for the tool's parameters; NULL when one that is required cannot be told from the text. */
static JsonNode *
create_arguments (JsonNode *parameters,
                  const char *question,
                  const char *text)
{
  JsonObject *properties = heddle_json_get_object (parameters, "properties");
  g_autoptr (JsonObject) arguments = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *schema;
  guint n_numbers = 0;

  if (properties == NULL)
    return heddle_json_object (g_steal_pointer (&arguments));
  json_object_iter_init_ordered (&iter, properties);
  while (json_object_iter_next_ordered (&iter, &name, &schema))
    {
      JsonNode *value = create_argument (name, schema, question, text, &n_numbers);

      if (value != NULL)
        json_object_set_member (arguments, name, value);
      else if (is_required (parameters, name))
        return NULL;
    }
  return heddle_json_object (g_steal_pointer (&arguments));
}

static void
add_call (JsonArray *calls,
          JsonNode *tool,
          JsonNode *arguments,
          guint number)
{
  JsonObject *call = json_object_new ();
  g_autofree char *id = g_strdup_printf ("call_%u", number + json_array_get_length (calls) + 1);

  json_object_set_string_member (call, "id", id);
  json_object_set_string_member (call, "name", heddle_json_get_string (tool, "name", ""));
  json_object_set_member (call, "arguments", arguments);
  json_array_add_object_element (calls, call);
}

/* Whether the request leaves the choice of this tool to the model, or makes it. */
static gboolean
may_call (const HeddleChatRequest *request,
          JsonNode *tool,
          const char *question)
{
  const char *choice = request->tool_choice != NULL ? request->tool_choice : "auto";

  if (strcmp (choice, "auto") == 0)
    return rate (tool, question) > 1;
  return strcmp (choice, "required") == 0 || strcmp (choice, heddle_json_get_string (tool, "name", "")) == 0;
}

JsonNode *
heddle_demo_call_tools (const HeddleChatRequest *request,
                        const char *question)
{
  JsonArray *tools = request->tools != NULL && JSON_NODE_HOLDS_ARRAY (request->tools) ? json_node_get_array (request->tools) : NULL;
  g_auto (Turn) turn = { 0 };
  g_autofree char *results = heddle_demo_list_results (request->messages);
  g_autofree char *text = g_strconcat (question, "\n", results != NULL ? results : "", NULL);
  JsonArray *calls;

  read_turn (&turn, request->messages);
  if (tools == NULL || g_strcmp0 (request->tool_choice, "none") == 0)
    return NULL;
  calls = json_array_new ();
  for (guint i = 0; i < json_array_get_length (tools) && json_array_get_length (calls) < (request->no_parallel_tools ? 1 : MAX_CALLS); i++)
    {
      JsonNode *tool = json_array_get_element (tools, i);
      JsonNode *arguments = NULL;

      if (!was_called (&turn, heddle_json_get_string (tool, "name", "")) && may_call (request, tool, question))
        arguments = create_arguments (heddle_json_member (tool, "parameters"), question, text);
      if (arguments != NULL)
        add_call (calls, tool, arguments, turn.called->len);
    }
  if (json_array_get_length (calls) > 0)
    return heddle_json_array (calls);
  json_array_unref (calls);
  return NULL;
}
