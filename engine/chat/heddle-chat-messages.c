/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/heddle-chat-private.h"

#include "chat/heddle-attachments.h"
#include "chat/heddle-messages.h"
#include "heddle-error.h"
#include "value/heddle-file-value.h"
#include "value/heddle-json.h"
#include "value/heddle-text.h"

#include <string.h>

static void
append_block (GString *out, const char *text)
{
  if (heddle_text_is_blank (text))
    return;
  if (out->len > 0)
    g_string_append (out, "\n\n");
  g_string_append (out, text);
}

static void
append_value (GString *out, JsonNode *value)
{
  g_autofree char *text = NULL;

  if (heddle_json_is_null (value))
    return;
  text = JSON_NODE_HOLDS_VALUE (value) ? heddle_json_to_display (value) : heddle_json_to_text (value, HEDDLE_JSON_PRETTY);
  append_block (out, text);
}

/* All that is connected to the context, or NULL. */
static char *
dup_context (HeddleNodeRun *run)
{
  GString *context = g_string_new (NULL);
  guint n_inputs = heddle_node_run_get_n_inputs (run, "context");

  for (guint i = 0; i < n_inputs; i++)
    append_value (context, heddle_node_run_get_nth_input (run, "context", i, NULL));
  return g_string_free (context, context->len == 0);
}

/* The context stands between tags, which it cannot close itself. */
static char *
add_context (HeddleChat *self, const char *prompt)
{
  g_autofree char *context = dup_context (self->run);
  const char *system = self->params->system;
  g_autoptr (GString) safe = NULL;

  if (context == NULL || strstr (prompt, context) != NULL || (system != NULL && strstr (system, context) != NULL))
    return g_strdup (prompt);
  safe = g_string_new (context);
  g_string_replace (safe, "</context", "< /context", 0);
  return g_strdup_printf ("Context:\n<context>\n%s\n</context>\n\n%s", safe->str, prompt);
}

/* One field alone is what the person wrote; several stand with their names. Files go along as they are. */
static char *
write_fields (JsonObject *fields, JsonArray *files)
{
  GString *lines = g_string_new (NULL);
  const char *only = NULL;
  guint n_fields = 0;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, fields);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_autofree char *text = NULL;

      if (heddle_file_value_is (value))
        {
          json_array_add_element (files, json_node_ref (value));
          continue;
        }
      if (heddle_json_is_blank (value))
        continue;
      n_fields++;
      only = heddle_json_is_string (value) ? json_node_get_string (value) : NULL;
      text = heddle_json_to_display (value);
      g_string_append_printf (lines, "%s%s: %s", lines->len > 0 ? "\n" : "", name, text);
    }
  if (n_fields == 1 && only != NULL)
    g_string_assign (lines, only);
  return g_string_free (lines, FALSE);
}

/*
 * The default prompt {{ $input }} behind an Input node would be its fields as JSON; people mean what is in them. NULL: the
 * prompt is something else.
 */
static char *
read_start_fields (HeddleChat *self, JsonArray *files)
{
  JsonNode *input = heddle_node_run_get_input (self->run, "in");
  g_autofree char *shown = NULL;

  if (input == NULL || !JSON_NODE_HOLDS_OBJECT (input) || !heddle_node_run_is_input_from_start (self->run, "in"))
    return NULL;
  shown = heddle_json_to_display (input);
  if (g_strcmp0 (self->params->prompt, shown) != 0)
    return NULL;
  return write_fields (json_node_get_object (input), files);
}

static const char *
find_mistake (HeddleChat *self, const char *prompt)
{
  const HeddleChatParams *p = self->params;

  if (heddle_node_run_get_models (self->run) == NULL || heddle_node_run_get_http (self->run) == NULL)
    return _ ("There are no models here. Start the workflow from the application or from its command line.");
  if (heddle_text_is_blank (prompt) && json_array_get_length (json_node_get_array (self->parts)) == 0)
    return _ ("The prompt is empty, so there is nothing to ask. Write one, or connect an input that has a value.");
  if (strcmp (p->response_format, "json_schema") == 0 && (p->schema == NULL || !JSON_NODE_HOLDS_OBJECT (p->schema)))
    return _ ("The JSON Schema is no object. Write one such as {\"type\": \"object\", \"properties\": {…}}.");
  return NULL;
}

gboolean
heddle_chat_read_prompt (HeddleChat *self, GError **error)
{
  g_autoptr (JsonArray) files = json_array_new ();
  g_autofree char *fields = read_start_fields (self, files);
  const char *prompt = fields != NULL ? fields : self->params->prompt;
  JsonNode *attachments = self->params->attachments;
  g_autoptr (JsonNode) found = NULL;
  const char *mistake;

  if (heddle_json_is_blank (attachments))
    attachments = found = heddle_json_array (json_array_ref (files));
  self->parts = heddle_attachments_to_parts (attachments, error);
  if (self->parts == NULL)
    return FALSE;
  mistake = find_mistake (self, prompt);
  if (mistake != NULL)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, mistake);
      return FALSE;
    }
  self->user = add_context (self, prompt != NULL ? prompt : "");
  return TRUE;
}

static gboolean
speaks_of_json (const char *text)
{
  g_autofree char *lower = g_ascii_strdown (text == NULL ? "" : text, -1);

  return strstr (lower, "json") != NULL;
}

static char *
dup_system (HeddleChat *self)
{
  const HeddleChatParams *p = self->params;
  GString *system = g_string_new (NULL);

  append_block (system, p->system);
  append_block (system, self->memory);
  /* Several providers refuse to answer in JSON when no message says the word. */
  if (strcmp (p->response_format, "text") != 0 && !speaks_of_json (p->system) && !speaks_of_json (self->user))
    append_block (system, "Answer with JSON only.");
  return g_string_free (system, FALSE);
}

static JsonNode *
create_user_message (HeddleChat *self)
{
  JsonArray *files = json_node_get_array (self->parts);
  JsonArray *parts;
  JsonObject *text;

  if (json_array_get_length (files) == 0)
    return heddle_message_new ("user", heddle_json_string (self->user));
  parts = json_array_new ();
  if (!heddle_text_is_blank (self->user))
    {
      text = json_object_new ();
      json_object_set_string_member (text, "type", "text");
      json_object_set_member (text, "text", heddle_json_string (self->user));
      json_array_add_element (parts, heddle_json_object (text));
    }
  for (guint i = 0; i < json_array_get_length (files); i++)
    json_array_add_element (parts, json_node_ref (json_array_get_element (files, i)));
  return heddle_message_new ("user", heddle_json_array (parts));
}

void
heddle_chat_build_messages (HeddleChat *self)
{
  g_autofree char *system = dup_system (self);
  JsonArray *array = json_array_new ();
  JsonArray *history = self->history != NULL ? json_node_get_array (self->history) : NULL;
  g_autoptr (JsonNode) all = NULL;

  if (*system != '\0')
    json_array_add_element (array, heddle_message_new ("system", heddle_json_string (system)));
  for (guint i = 0; history != NULL && i < json_array_get_length (history); i++)
    json_array_add_element (array, json_node_ref (json_array_get_element (history, i)));
  json_array_add_element (array, create_user_message (self));
  all = heddle_json_array (array);
  self->messages = heddle_messages_trim (all, history != NULL ? (guint) self->params->history_messages : 0,
                                         history != NULL ? self->params->history_tokens : 0);
}

GStrv
heddle_chat_list_names (JsonNode *names)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = names != NULL && JSON_NODE_HOLDS_ARRAY (names) ? json_node_get_array (names) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *name = json_array_get_element (array, i);

      if (heddle_json_is_string (name) && !heddle_text_is_blank (json_node_get_string (name)))
        g_strv_builder_add (builder, json_node_get_string (name));
    }
  return g_strv_builder_end (builder);
}
