/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-question.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "cli/heddle-cli-text.h"

typedef enum
{
  KIND_TOOL,     /* a call of a tool is to be approved */
  KIND_STEP,     /* a value is */
  KIND_IN_DOUBT, /* what happened to a node */
  KIND_OTHER,    /* anything, as JSON */
} Kind;

static Kind
get_kind (JsonNode *question)
{
  static const char *const kinds[] = { "approval", "approval-step", "in-doubt" };
  const char *kind = heddle_json_get_string (question, "kind", "");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (strcmp (kinds[i], kind) == 0)
        return (Kind) i;
    }
  return KIND_OTHER;
}

void
heddle_cli_reply_clear (HeddleCliReply *reply)
{
  g_clear_pointer (&reply->value, json_node_unref);
  g_clear_pointer (&reply->reason, g_free);
  g_clear_pointer (&reply->fields, json_object_unref);
}

/* Line by line, each without what would move the cursor. */
static void
print_text (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; *text != '\0' && lines[i] != NULL; i++)
    {
      g_autofree char *safe = heddle_cli_clip (lines[i], 0);

      g_printerr ("%s\n", safe);
    }
}

static void
print_value (JsonNode *value)
{
  g_autofree char *text = NULL;

  if (value == NULL)
    return;
  text = heddle_json_is_string (value) ? g_strdup (json_node_get_string (value)) : heddle_json_to_text (value, HEDDLE_JSON_PRETTY);
  print_text (text);
}

static void
print_fields (JsonNode *question)
{
  JsonArray *fields = heddle_json_get_array (question, "fields");

  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    {
      JsonNode *field = json_array_get_element (fields, i);
      const char *name = heddle_json_get_string (field, "name", "");
      g_autofree char *line = g_strdup_printf ("  %s=  %s", name, heddle_json_get_string (field, "title", ""));

      print_text (line);
    }
}

void
heddle_cli_question_print (JsonNode *question)
{
  g_printerr ("\n");
  print_text (heddle_json_get_string (question, "title", ""));
  print_text (heddle_json_get_string (question, "text", ""));
  print_value (heddle_json_member (question, get_kind (question) == KIND_TOOL ? "arguments" : "value"));
  print_fields (question);
  print_text (heddle_json_get_string (question, "problem", ""));
}

const char *
heddle_cli_question_get_prompt (JsonNode *question)
{
  switch (get_kind (question))
    {
    case KIND_TOOL:
      return _ ("y: approve, n and a reason: refuse, or other arguments as JSON:");
    case KIND_STEP:
      if (heddle_json_get_array (question, "fields") != NULL)
        return _ ("y and NAME=TEXT of each field: approve, n and a reason: refuse:");
      if (!heddle_json_get_boolean (question, "editable", FALSE))
        return _ ("y: approve, n and a reason: refuse:");
      return _ ("y: approve, n and a reason: refuse, or another value as JSON:");
    case KIND_IN_DOUBT:
      return _ ("r: do it again, d and a value as JSON: it was done, s: skip it, f: fail:");
    case KIND_OTHER:
    default:
      return _ ("Answer as JSON, or n to decline:");
    }
}

gboolean
heddle_cli_reply_add_field (HeddleCliReply *reply, const char *assignment, GError **error)
{
  const char *equals = strchr (assignment, '=');
  g_autofree char *name = equals != NULL ? g_strndup (assignment, equals - assignment) : NULL;

  if (name == NULL || *name == '\0' || !g_utf8_validate (assignment, -1, NULL))
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("A field is given as NAME=TEXT."));
      return FALSE;
    }
  if (reply->fields == NULL)
    reply->fields = json_object_new ();
  json_object_set_member (reply->fields, name, heddle_json_string (equals + 1));
  return TRUE;
}

/* "name=text other='more text'" */
static gboolean
read_fields (const char *text, HeddleCliReply *reply, GError **error)
{
  g_auto (GStrv) words = NULL;

  if (*text == '\0')
    return TRUE;
  if (!g_shell_parse_argv (text, NULL, &words, error))
    return FALSE;
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (!heddle_cli_reply_add_field (reply, words[i], error))
        return FALSE;
    }
  return TRUE;
}

/* What follows a word or its first letter; NULL when the line begins otherwise. */
static const char *
skip_word (const char *line, const char *word)
{
  gsize length = strcspn (line, " \t");

  if ((length != 1 && length != strlen (word)) || g_ascii_strncasecmp (line, word, length) != 0)
    return NULL;
  return line + length + strspn (line + length, " \t");
}

static gboolean
fail_to_read (GError **error)
{
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("This is no answer to the question."));
  return FALSE;
}

static gboolean
read_value (const char *text, HeddleCliReply *reply, GError **error)
{
  reply->value = heddle_json_parse (text, -1, error);
  return reply->value != NULL;
}

static gboolean
read_approval (JsonNode *question, const char *line, HeddleCliReply *reply, GError **error)
{
  const char *rest;

  reply->verb = "approve";
  if ((rest = skip_word (line, "yes")) != NULL && (*rest == '\0' || heddle_json_get_array (question, "fields") != NULL))
    return read_fields (rest, reply, error);
  if ((rest = skip_word (line, "no")) != NULL)
    {
      reply->verb = "refuse";
      reply->reason = g_strdup (rest);
      return TRUE;
    }
  if (get_kind (question) == KIND_TOOL && *line != '{')
    return fail_to_read (error);
  return read_value (line, reply, error);
}

static gboolean
read_in_doubt (const char *line, HeddleCliReply *reply, GError **error)
{
  static const char *const verbs[] = { "retry", "done", "skip", "fail" };

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      const char *rest = skip_word (line, verbs[i]);

      if (rest == NULL)
        continue;
      reply->verb = verbs[i];
      return *rest == '\0' || read_value (rest, reply, error);
    }
  return fail_to_read (error);
}

gboolean
heddle_cli_question_read_line (JsonNode *question, const char *line, HeddleCliReply *reply, GError **error)
{
  switch (get_kind (question))
    {
    case KIND_TOOL:
    case KIND_STEP:
      return read_approval (question, line, reply, error);
    case KIND_IN_DOUBT:
      return read_in_doubt (line, reply, error);
    case KIND_OTHER:
    default:
      reply->verb = "approve";
      if (g_ascii_strcasecmp (line, "n") != 0 && g_ascii_strcasecmp (line, "no") != 0)
        return read_value (line, reply, error);
      reply->verb = "refuse";
      return TRUE;
    }
}

static gboolean
is_verb (const HeddleCliReply *reply, const char *verb)
{
  return strcmp (reply->verb, verb) == 0;
}

static JsonNode *
make_approval (const HeddleCliReply *reply, const char *name)
{
  JsonObject *answer = json_object_new ();
  gboolean approves = is_verb (reply, "approve");

  json_object_set_boolean_member (answer, "approve", approves);
  if (approves && reply->value != NULL)
    json_object_set_member (answer, name, json_node_ref (reply->value));
  if (approves && reply->fields != NULL)
    json_object_set_object_member (answer, "fields", json_object_ref (reply->fields));
  if (reply->reason != NULL && *reply->reason != '\0')
    json_object_set_member (answer, "reason", heddle_json_string (reply->reason));
  return heddle_json_object (answer);
}

JsonNode *
heddle_cli_reply_make_decision (const HeddleCliReply *reply)
{
  JsonObject *answer = json_object_new ();

  json_object_set_string_member (answer, "action", reply->verb);
  if (reply->value != NULL)
    json_object_set_member (answer, "value", json_node_ref (reply->value));
  return heddle_json_object (answer);
}

gboolean
heddle_cli_question_make_answer (JsonNode *question, const HeddleCliReply *reply, JsonNode **answer, GError **error)
{
  Kind kind = get_kind (question);
  gboolean is_approval = is_verb (reply, "approve") || is_verb (reply, "refuse");

  *answer = NULL;
  if (is_approval == (kind == KIND_IN_DOUBT))
    {
      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, "%s",
                   is_approval ? _ ("This node may have had its effect already, so there is nothing to approve. Say --retry, --done JSON, --skip or --fail.")
                               : _ ("This asks for an approval. Say --approve or --refuse."));
      return FALSE;
    }
  if (kind == KIND_IN_DOUBT)
    *answer = heddle_cli_reply_make_decision (reply);
  else if (kind == KIND_OTHER)
    *answer = is_verb (reply, "approve") && reply->value != NULL ? json_node_ref (reply->value) : NULL;
  else
    *answer = make_approval (reply, kind == KIND_TOOL ? "arguments" : "value");
  return TRUE;
}
