/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-effects.h"

#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What people can take in at once. */
#define MAX_LINES 12
#define MAX_DEPTH 64
/* Characters of a value, and how many of them may be the same before the first that differs. */
#define MAX_CHARACTERS 80
#define CONTEXT_CHARACTERS 20

typedef struct
{
  GString *out;
  GString *path;
  guint n_lines;
} Difference;

static char *
dup_text (JsonNode *node)
{
  if (node == NULL)
    return g_strdup (_ ("nothing"));
  return heddle_json_is_string (node) ? g_strdup (json_node_get_string (node)) : heddle_json_to_text (node, HEDDLE_JSON_COMPACT);
}

/* The characters that both begin with. */
static glong
count_common (const char *a, const char *b)
{
  glong n = 0;

  while (*a != '\0' && g_utf8_get_char (a) == g_utf8_get_char (b))
    {
      a = g_utf8_next_char (a);
      b = g_utf8_next_char (b);
      n++;
    }
  return n;
}

/* In one line, from where it is of interest. */
static char *
cut (JsonNode *node, const char *text, glong start)
{
  glong length = g_utf8_strlen (text, -1);
  glong end = MIN (length, start + MAX_CHARACTERS);
  g_autofree char *piece = g_utf8_substring (text, start, end);
  g_autofree char *shown = g_strconcat (start > 0 ? "…" : "", g_strdelimit (piece, "\n\r\t", ' '), end < length ? "…" : "", NULL);

  /* Translators: a text as it is, in quotes. */
  return node != NULL && heddle_json_is_string (node) ? g_strdup_printf (_ ("“%s”"), shown) : g_steal_pointer (&shown);
}

static void
add_line (Difference *self, JsonNode *recorded, JsonNode *now)
{
  g_autofree char *before = dup_text (recorded);
  g_autofree char *after = dup_text (now);
  glong common = count_common (before, after);
  glong start = common > CONTEXT_CHARACTERS ? common - CONTEXT_CHARACTERS : 0;
  g_autofree char *left = cut (recorded, before, recorded != NULL && now != NULL ? start : 0);
  g_autofree char *right = cut (now, after, recorded != NULL && now != NULL ? start : 0);

  if (self->n_lines++ >= MAX_LINES)
    return;
  if (self->out->len > 0)
    g_string_append_c (self->out, '\n');
  if (self->path->len > 0)
    g_string_append_printf (self->out, "%s: ", self->path->str);
  g_string_append_printf (self->out, "%s → %s", left, right);
}

static void compare (Difference *self, JsonNode *recorded, JsonNode *now, guint depth); /* recursive */

static void
compare_member (Difference *self, const char *name, JsonNode *recorded, JsonNode *now, guint depth)
{
  gsize length = self->path->len;

  g_string_append_printf (self->path, "%s%s", length > 0 ? "." : "", name);
  compare (self, recorded, now, depth + 1);
  g_string_truncate (self->path, length);
}

static void
compare_objects (Difference *self, JsonNode *recorded, JsonNode *now, guint depth)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (recorded));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    compare_member (self, name, value, heddle_json_member (now, name), depth);
  json_object_iter_init_ordered (&iter, json_node_get_object (now));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (heddle_json_member (recorded, name) == NULL)
        compare_member (self, name, NULL, value, depth);
    }
}

static void
compare_arrays (Difference *self, JsonArray *recorded, JsonArray *now, guint depth)
{
  guint n_recorded = json_array_get_length (recorded);
  guint n_now = json_array_get_length (now);
  gsize length = self->path->len;

  for (guint i = 0; i < MAX (n_recorded, n_now) && self->n_lines <= MAX_LINES; i++)
    {
      g_string_append_printf (self->path, "[%u]", i);
      compare (self, i < n_recorded ? json_array_get_element (recorded, i) : NULL, i < n_now ? json_array_get_element (now, i) : NULL, depth + 1);
      g_string_truncate (self->path, length);
    }
}

static void
compare (Difference *self, JsonNode *recorded, JsonNode *now, guint depth)
{
  if (self->n_lines > MAX_LINES || (recorded != NULL && now != NULL && heddle_json_equal (recorded, now)))
    return;
  if (recorded == NULL || now == NULL || depth >= MAX_DEPTH)
    add_line (self, recorded, now);
  else if (JSON_NODE_HOLDS_OBJECT (recorded) && JSON_NODE_HOLDS_OBJECT (now))
    compare_objects (self, recorded, now, depth);
  else if (JSON_NODE_HOLDS_ARRAY (recorded) && JSON_NODE_HOLDS_ARRAY (now))
    compare_arrays (self, json_node_get_array (recorded), json_node_get_array (now), depth);
  else
    add_line (self, recorded, now);
}

char *
heddle_effect_describe_difference (JsonNode *recorded, JsonNode *now)
{
  g_autoptr (GString) path = g_string_new (NULL);
  Difference difference = { .out = g_string_new (NULL), .path = path };

  g_return_val_if_fail (recorded != NULL && now != NULL, NULL);

  compare (&difference, recorded, now, 0);
  if (difference.n_lines > MAX_LINES)
    g_string_append_printf (difference.out, "\n…");
  return g_string_free (difference.out, FALSE);
}
