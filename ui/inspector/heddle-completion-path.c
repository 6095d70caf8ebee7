/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-completion-path.h"

#include <string.h>

static gboolean
is_word_char (gunichar c)
{
  return g_unichar_isalnum (c) || c == '_';
}

/* Where the word begins that ends there. */
static const char *
find_word (const char *begin,
           const char *end)
{
  while (end > begin)
    {
      const char *previous = g_utf8_prev_char (end);

      if (!is_word_char (g_utf8_get_char (previous)))
        break;
      end = previous;
    }
  return end;
}

/* Where the bracket opens that closes before end; NULL: nowhere. */
static const char *
find_bracket (const char *begin,
              const char *end)
{
  char quote = '\0';

  for (const char *p = end - 2; p >= begin; p--)
    {
      gboolean escaped = p > begin && p[-1] == '\\';

      if (quote != '\0')
        quote = *p == quote && !escaped ? '\0' : quote;
      else if (*p == '"' || *p == '\'')
        quote = *p;
      else if (*p == '[')
        return p;
      else if (*p == ']')
        return NULL;
    }
  return NULL;
}

/* What stands between brackets: a place, or a name in quotes; NULL: anything else. */
static char *
read_key (const char *start,
          const char *end)
{
  g_autofree char *text = g_strstrip (g_strndup (start, end - start));
  gsize length = strlen (text);
  g_autoptr (JsonNode) name = NULL;

  if (length > 0 && strspn (text, "0123456789") == length)
    return g_steal_pointer (&text);
  if (length < 2 || (text[0] != '"' && text[0] != '\'') || text[length - 1] != text[0])
    return NULL;
  if (text[0] == '\'')
    return g_strndup (text + 1, length - 2);
  name = heddle_json_parse (text, -1, NULL);
  return heddle_json_is_string (name) ? g_strdup (json_node_get_string (name)) : NULL;
}

/* Before a member: the end of what it is a member of. NULL: it is none. */
static const char *
skip_point (const char *begin,
            const char *end,
            guint *n_point)
{
  if (end <= begin || end[-1] != '.')
    return NULL;
  *n_point = end - 1 > begin && end[-2] == '?' ? 2 : 1;
  return end - *n_point;
}

/* Reads from the end to the beginning; FALSE: it begins with something else than a name. */
static gboolean
read_chain (HeddleCompletionPath *self,
            const char *begin,
            const char *end)
{
  guint n_point;

  for (;;)
    {
      const char *start;

      while (end > begin && end[-1] == ']')
        {
          const char *bracket = find_bracket (begin, end);
          char *key = bracket != NULL ? read_key (bracket + 1, end - 1) : NULL;

          if (key == NULL)
            return FALSE;
          g_ptr_array_insert (self->keys, 0, key);
          end = bracket;
          if (end - 1 > begin && end[-1] == '.' && end[-2] == '?')
            end -= 2;
        }
      start = find_word (begin, end);
      if (start == end)
        return FALSE;
      self->has_dollar = start > begin && start[-1] == '$';
      if (self->has_dollar || start == begin || start[-1] != '.')
        {
          self->base = g_strndup (start, end - start);
          return TRUE;
        }
      g_ptr_array_insert (self->keys, 0, g_strndup (start, end - start));
      end = skip_point (begin, start, &n_point);
      if (end == NULL)
        return FALSE;
    }
}

HeddleCompletionPath *
heddle_completion_path_new (const char *before)
{
  HeddleCompletionPath *self = g_new0 (HeddleCompletionPath, 1);
  const char *end = before + strlen (before);
  const char *start = find_word (before, end);
  const char *base;

  self->word = g_strdup (start);
  self->n_word = (guint) g_utf8_strlen (start, -1);
  self->keys = g_ptr_array_new_with_free_func (g_free);
  self->is_root = start > before && start[-1] == '$';
  base = self->is_root ? NULL : skip_point (before, start, &self->n_point);
  self->is_member = base != NULL;
  if (self->is_member)
    read_chain (self, before, base);
  return self;
}

void
heddle_completion_path_free (HeddleCompletionPath *self)
{
  g_free (self->word);
  g_free (self->base);
  g_ptr_array_unref (self->keys);
  g_free (self);
}

static JsonNode *
get_element (JsonArray *array,
             const char *key)
{
  guint64 index;

  if (!g_ascii_string_to_unsigned (key, 10, 0, G_MAXUINT, &index, NULL) || index >= json_array_get_length (array))
    return NULL;
  return json_array_get_element (array, (guint) index);
}

JsonNode *
heddle_completion_path_follow (JsonNode *value,
                               GPtrArray *keys)
{
  for (guint i = 0; value != NULL && i < keys->len; i++)
    {
      const char *key = g_ptr_array_index (keys, i);

      value = JSON_NODE_HOLDS_ARRAY (value) ? get_element (json_node_get_array (value), key) : heddle_json_member (value, key);
    }
  return value;
}
