/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/heddle-tool-names.h"

#include "provider/heddle-wire.h"
#include "value/heddle-json.h"

#include <string.h>

#define MAX_NAME 64
#define OWN_PREFIX "heddle_"
#define SHORT_LENGTH 9
#define MAX_ID 40

struct _HeddleToolNames
{
  GHashTable *to_wire;
  GHashTable *from_wire;
  GHashTable *ids;
};

static char *
make_wire (const char *name)
{
  GString *wire = g_string_new (g_ascii_isalpha (*name) || *name == '_' ? NULL : "_");

  for (const char *p = name; *p != '\0' && wire->len < MAX_NAME; p = g_utf8_next_char (p))
    g_string_append_c (wire, g_ascii_isalnum (*p) || *p == '-' ? *p : '_');
  return g_string_free (wire, FALSE);
}

/* The name, with a number behind it when another tool's name looks the same to the provider. */
static void
add_name (HeddleToolNames *self, const char *name)
{
  g_autofree char *base = NULL;
  char *wire;

  if (*name == '\0' || g_hash_table_contains (self->to_wire, name))
    return;
  base = make_wire (name);
  wire = g_strdup (base);
  for (guint n = 2; g_hash_table_contains (self->from_wire, wire); n++)
    {
      g_free (wire);
      wire = g_strdup_printf ("%.*s_%u", MAX_NAME - 8, base, n);
    }
  g_hash_table_insert (self->to_wire, g_strdup (name), wire);
  g_hash_table_insert (self->from_wire, g_strdup (wire), g_strdup (name));
}

/* Names that need no change come first, so that a changed one never takes theirs. */
static void
add_tools (HeddleToolNames *self, JsonArray *tools, gboolean fitting)
{
  for (guint i = 0; i < heddle_wire_length (tools); i++)
    {
      const char *name = heddle_json_get_string (json_array_get_element (tools, i), "name", "");
      g_autofree char *wire = make_wire (name);

      if (g_str_equal (wire, name) == fitting)
        add_name (self, name);
    }
}

static void
add_calls (HeddleToolNames *self, JsonArray *calls)
{
  for (guint i = 0; i < heddle_wire_length (calls); i++)
    {
      JsonNode *call = json_array_get_element (calls, i);

      add_name (self, heddle_json_get_string (call, "name", ""));
      g_hash_table_add (self->ids, g_strdup (heddle_json_get_string (call, "id", "")));
    }
}

static JsonArray *
as_array (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

HeddleToolNames *
heddle_tool_names_new (JsonNode *tools, JsonNode *messages)
{
  HeddleToolNames *self = g_new0 (HeddleToolNames, 1);
  JsonArray *array = as_array (messages);

  self->to_wire = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->from_wire = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  add_tools (self, as_array (tools), TRUE);
  add_tools (self, as_array (tools), FALSE);
  for (guint i = 0; i < heddle_wire_length (array); i++)
    add_calls (self, heddle_json_get_array (json_array_get_element (array, i), "tool_calls"));
  return self;
}

void
heddle_tool_names_free (HeddleToolNames *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->to_wire);
  g_hash_table_unref (self->from_wire);
  g_hash_table_unref (self->ids);
  g_free (self);
}

const char *
heddle_tool_names_to_wire (HeddleToolNames *self, const char *name)
{
  const char *wire = g_hash_table_lookup (self->to_wire, name);

  return wire == NULL ? name : wire;
}

const char *
heddle_tool_names_from_wire (HeddleToolNames *self, const char *wire)
{
  const char *name = g_hash_table_lookup (self->from_wire, wire);

  return name == NULL ? wire : name;
}

static char *
make_id (void)
{
  return g_strdup_printf (OWN_PREFIX "%08x%08x", g_random_int (), g_random_int ());
}

char *
heddle_tool_names_take_id (HeddleToolNames *self, const char *id)
{
  gboolean is_free = id != NULL && *id != '\0' && !g_hash_table_contains (self->ids, id);
  char *own = is_free ? g_strdup (id) : make_id ();

  g_hash_table_add (self->ids, g_strdup (own));
  return own;
}

gboolean
heddle_tool_names_is_own_id (const char *id)
{
  return g_str_has_prefix (id, OWN_PREFIX);
}

static gboolean
is_fit (const char *id, gboolean is_short)
{
  gsize length = 0;

  while (g_ascii_isalnum (id[length]) || (!is_short && (id[length] == '_' || id[length] == '-')))
    length++;
  return id[length] == '\0' && (is_short ? length == SHORT_LENGTH : length > 0 && length <= MAX_ID);
}

char *
heddle_tool_names_fit_id (const char *id, gboolean is_short)
{
  g_autofree char *digest = NULL;

  if (is_fit (id, is_short))
    return g_strdup (id);
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, id, -1);
  return g_strndup (digest, is_short ? SHORT_LENGTH : MAX_ID);
}
