/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "foreign/heddle-n8n.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "value/heddle-json.h"

/* What reads the item that a node gave, and the field in which n8n's models have their answer, which here is the output itself. */
#define ITEM "(?:\\.(?:item|first\\(\\)|last\\(\\)|all\\(\\)\\[\\d+\\]))?(?:\\.json)?"
#define ANSWER "(\\.(?:text|output|response)\\b)?"

typedef struct
{
  HeddleN8n *n8n;
  const HeddleN8nEntry *entry;
} Place;

static void
append_reference (GString *out, const char *root, const HeddleN8nEntry *source, const char *answer)
{
  g_string_append (out, root);
  if (answer != NULL && (source == NULL || !heddle_n8n_is_model (source)))
    g_string_append (out, answer);
}

/* The first group that is there, of two. */
static char *
fetch_either (const GMatchInfo *match, int first, int second)
{
  char *text = g_match_info_fetch (match, first);

  if (text != NULL && *text != '\0')
    return text;
  g_free (text);
  return g_match_info_fetch (match, second);
}

static gboolean
node_cb (const GMatchInfo *match, GString *out, gpointer data)
{
  const Place *place = data;
  g_autofree char *name = fetch_either (match, 2, 3);
  g_autofree char *answer = g_match_info_fetch (match, 4);
  g_autofree char *root = NULL;
  const HeddleN8nEntry *source = g_hash_table_lookup (place->n8n->by_name, name);

  if (source == NULL || source->end == NULL)
    {
      g_autofree char *all = g_match_info_fetch (match, 0);

      g_string_append (out, all);
      heddle_foreign_builder_say (place->n8n->builder, g_strdup_printf (_ ("“%s” refers to “%s”, which is not there."), place->entry->name, name));
      return FALSE;
    }
  root = g_strdup_printf ("$%s.output", source->end->id);
  append_reference (out, root, source, answer);
  return FALSE;
}

static gboolean
input_cb (const GMatchInfo *match, GString *out, gpointer data)
{
  const Place *place = data;
  g_autofree char *answer = g_match_info_fetch (match, 1);
  const HeddleN8nEntry *source = place->entry->before->len == 1 ? g_ptr_array_index (place->entry->before, 0) : NULL;

  append_reference (out, "$input", source, answer);
  return FALSE;
}

/* Takes text. */
static char *
replace (char *text, const char *pattern, GRegexEvalCallback callback, gpointer data)
{
  g_autofree char *owned = text;
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  char *replaced = g_regex_replace_eval (regex, owned, -1, 0, 0, callback, data, NULL);

  return replaced != NULL ? replaced : g_steal_pointer (&owned);
}

static char *
replace_literal (char *text, const char *pattern, const char *replacement)
{
  g_autofree char *owned = text;
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  char *replaced = g_regex_replace (regex, owned, -1, 0, replacement, 0, NULL);

  return replaced != NULL ? replaced : g_steal_pointer (&owned);
}

static char *
rewrite (HeddleN8n *self, const HeddleN8nEntry *entry, const char *code, gsize length)
{
  Place place = { self, entry };
  char *text = g_strstrip (g_strndup (code, length));

  text = replace (text, "\\$(?:\\(|node\\[)\\s*([\"'`])(.+?)\\1\\s*[)\\]]" ITEM ANSWER "|(?!)(.)(.)", node_cb, &place);
  text = replace_literal (text, "\\$input\\.all\\(\\)", "[$input]");
  text = replace (text, "\\$(?:json|input\\.(?:item|first\\(\\)|last\\(\\))(?:\\.json)?)\\b" ANSWER, input_cb, &place);
  text = replace_literal (text, "\\$fromAI\\(\\s*[\"'`](\\w+)[\"'`][^)]*\\)", "$args.\\1");
  text = replace_literal (text, "\\$(?:today)\\b", "$now");
  text = replace_literal (text, "\\$execution\\.id\\b", "$run.id");
  text = replace_literal (text, "\\$workflow\\.name\\b", "$run.workflow");
  return replace_literal (text, "\\$(?:itemIndex|runIndex)\\b", "$index");
}

/* The end of the expression that begins at code, which is just behind "{{"; NULL: it has none. */
static const char *
find_end (const char *code)
{
  return strstr (code, "}}");
}

static gboolean
is_expression (JsonNode *value)
{
  return heddle_json_is_string (value) && json_node_get_string (value)[0] == '=';
}

static char *
make_template (HeddleN8n *self, const HeddleN8nEntry *entry, const char *text)
{
  GString *out = g_string_new (NULL);
  const char *start, *end;

  while ((start = strstr (text, "{{")) != NULL && (end = find_end (start + 2)) != NULL)
    {
      g_autofree char *code = rewrite (self, entry, start + 2, (gsize) (end - start - 2));

      g_string_append_len (out, text, start - text);
      g_string_append_printf (out, "{{ %s }}", code);
      text = end + 2;
    }
  g_string_append (out, text);
  return g_string_free (out, FALSE);
}

/* What is no expression there must be none here. */
static char *
escape (const char *text)
{
  g_autoptr (GString) out = g_string_new (text);

  g_string_replace (out, "{{", "\\{{", 0);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
heddle_n8n_dup_text (HeddleN8n *self, const HeddleN8nEntry *entry, JsonNode *value)
{
  if (is_expression (value))
    return make_template (self, entry, json_node_get_string (value) + 1);
  if (heddle_json_is_string (value))
    return escape (json_node_get_string (value));
  return heddle_json_to_display (value);
}

static JsonNode *
dup_array (HeddleN8n *self, const HeddleN8nEntry *entry, JsonArray *array)
{
  JsonArray *copy = json_array_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    json_array_add_element (copy, heddle_n8n_dup_value (self, entry, json_array_get_element (array, i)));
  return heddle_json_array (copy);
}

static JsonNode *
dup_object (HeddleN8n *self, const HeddleN8nEntry *entry, JsonObject *object)
{
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    json_object_set_member (copy, name, heddle_n8n_dup_value (self, entry, member));
  return heddle_json_object (copy);
}

/* A choice from a list is an object around the chosen value. */
static JsonNode *
unwrap (JsonNode *value)
{
  return heddle_json_get_boolean (value, "__rl", FALSE) ? heddle_json_member (value, "value") : value;
}

JsonNode *
heddle_n8n_dup_value (HeddleN8n *self, const HeddleN8nEntry *entry, JsonNode *value)
{
  value = unwrap (value);
  if (value == NULL)
    return NULL;
  if (heddle_json_is_string (value))
    {
      g_autofree char *text = heddle_n8n_dup_text (self, entry, value);

      return heddle_json_string (text);
    }
  if (JSON_NODE_HOLDS_ARRAY (value))
    return dup_array (self, entry, json_node_get_array (value));
  if (JSON_NODE_HOLDS_OBJECT (value))
    return dup_object (self, entry, json_node_get_object (value));
  return json_node_ref (value);
}

/* Text between backquotes. */
static void
append_literal (GString *out, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '`' || text[i] == '\\' || text[i] == '$')
        g_string_append_c (out, '\\');
      g_string_append_c (out, text[i]);
    }
}

static char *
make_text_expression (HeddleN8n *self, const HeddleN8nEntry *entry, const char *text)
{
  GString *out = g_string_new ("`");
  const char *start, *end;

  while ((start = strstr (text, "{{")) != NULL && (end = find_end (start + 2)) != NULL)
    {
      g_autofree char *code = rewrite (self, entry, start + 2, (gsize) (end - start - 2));

      append_literal (out, text, (gsize) (start - text));
      g_string_append_printf (out, "${%s}", code);
      text = end + 2;
    }
  append_literal (out, text, strlen (text));
  g_string_append_c (out, '`');
  return g_string_free (out, FALSE);
}

char *
heddle_n8n_dup_expression (HeddleN8n *self, const HeddleN8nEntry *entry, JsonNode *value)
{
  g_autofree char *text = NULL;
  const char *end;

  value = unwrap (value);
  if (value == NULL)
    return g_strdup ("null");
  if (!is_expression (value))
    return heddle_json_to_text (value, HEDDLE_JSON_COMPACT);
  text = g_strstrip (g_strdup (json_node_get_string (value) + 1));
  end = g_str_has_prefix (text, "{{") ? find_end (text + 2) : NULL;
  if (end != NULL && end[2] == '\0')
    return rewrite (self, entry, text + 2, (gsize) (end - text - 2));
  return make_text_expression (self, entry, text);
}
