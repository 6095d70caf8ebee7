/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "foreign/heddle-foreign-builder.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "graph/heddle-graph.h"
#include "value/heddle-json.h"

#define NOTE_WIDTH 320
#define NOTE_LINE 18
#define GAP 48

struct _HeddleForeignBuilder
{
  const char *tool;
  char *name;
  GPtrArray *nodes;
  GHashTable *ids;        /* of char*, borrowed */
  JsonArray *edges;       /* {"from","to"} */
  GHashTable *ends;       /* "from>to" of the edges */
  GHashTable *sources;    /* ids that edges begin at, borrowed */
  JsonArray *annotations; /* as in the file */
  double bottom;          /* of the annotations */
  GPtrArray *notes;       /* char* */
};

static void
node_free (HeddleForeignNode *node)
{
  g_free (node->id);
  g_free (node->type);
  g_free (node->title);
  json_object_unref (node->params);
  g_clear_pointer (&node->policy, json_object_unref);
  g_clear_pointer (&node->tool, json_object_unref);
  g_free (node);
}

HeddleForeignBuilder *
heddle_foreign_builder_new (const char *tool, const char *name)
{
  HeddleForeignBuilder *self = g_new0 (HeddleForeignBuilder, 1);

  self->tool = tool;
  self->name = g_strdup (name);
  self->nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) node_free);
  self->ids = g_hash_table_new (g_str_hash, g_str_equal);
  self->edges = json_array_new ();
  self->ends = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->sources = g_hash_table_new (g_str_hash, g_str_equal);
  self->annotations = json_array_new ();
  self->bottom = -G_MAXDOUBLE;
  self->notes = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
heddle_foreign_builder_free (HeddleForeignBuilder *self)
{
  g_free (self->name);
  g_hash_table_unref (self->ids);
  g_hash_table_unref (self->ends);
  g_hash_table_unref (self->sources);
  g_ptr_array_unref (self->nodes);
  json_array_unref (self->edges);
  json_array_unref (self->annotations);
  g_ptr_array_unref (self->notes);
  g_free (self);
}

/* "Basic LLM Chain" becomes "basicLlmChain". */
static char *
make_identifier (const char *title)
{
  GString *id = g_string_new (NULL);
  gboolean begins = FALSE;

  for (const char *p = title; *p != '\0' && id->len < 40; p++)
    {
      if (!g_ascii_isalnum (*p))
        begins = id->len > 0;
      else if (id->len > 0 || g_ascii_isalpha (*p))
        {
          g_string_append_c (id, begins ? g_ascii_toupper (*p) : g_ascii_tolower (*p));
          begins = FALSE;
        }
    }
  if (id->len == 0)
    g_string_append (id, "node");
  return g_string_free (id, FALSE);
}

static char *
make_free_id (HeddleForeignBuilder *self, const char *title)
{
  g_autofree char *base = make_identifier (title);
  char *id = g_strdup (base);

  for (guint i = 2; g_hash_table_contains (self->ids, id) || !heddle_node_id_check (id, NULL); i++)
    {
      g_free (id);
      id = g_strdup_printf ("%s%u", base, i);
    }
  return id;
}

static double
to_grid (double place)
{
  return isfinite (place) ? round (CLAMP (place, -HEDDLE_CANVAS_LIMIT, HEDDLE_CANVAS_LIMIT) / HEDDLE_GRID) * HEDDLE_GRID : 0;
}

HeddleForeignNode *
heddle_foreign_builder_add (HeddleForeignBuilder *self, const char *type, const char *title, double x, double y)
{
  HeddleForeignNode *node = g_new0 (HeddleForeignNode, 1);

  node->id = make_free_id (self, title);
  node->type = g_strdup (type);
  node->title = g_strdup (title);
  node->params = json_object_new ();
  node->x = to_grid (x);
  node->y = to_grid (y);
  g_ptr_array_add (self->nodes, node);
  g_hash_table_add (self->ids, node->id);
  return node;
}

static char *
make_end (const HeddleForeignNode *node, const char *port)
{
  return port != NULL ? g_strconcat (node->id, ".", port, NULL) : g_strdup (node->id);
}

void
heddle_foreign_builder_connect (HeddleForeignBuilder *self, const HeddleForeignNode *from, const char *from_port, const HeddleForeignNode *to, const char *to_port)
{
  g_autofree char *start = make_end (from, from_port);
  g_autofree char *end = make_end (to, to_port);
  JsonObject *edge;

  if (!g_hash_table_add (self->ends, g_strconcat (start, ">", end, NULL)))
    return;
  g_hash_table_add (self->sources, from->id);
  edge = json_object_new ();
  json_object_set_member (edge, "from", heddle_json_string (start));
  json_object_set_member (edge, "to", heddle_json_string (end));
  json_array_add_element (self->edges, heddle_json_object (edge));
}

void
heddle_foreign_builder_add_note (HeddleForeignBuilder *self, const char *text, double x, double y, double width, double height)
{
  const double rect[] = { to_grid (x), to_grid (y), to_grid (CLAMP (width, 96, 4096)), to_grid (CLAMP (height, 64, 4096)) };
  g_autofree char *id = g_strdup_printf ("note%u", json_array_get_length (self->annotations) + 1);
  JsonObject *note = json_object_new ();
  JsonArray *place = json_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rect); i++)
    json_array_add_element (place, heddle_json_double (rect[i]));
  json_object_set_member (note, "id", heddle_json_string (id));
  json_object_set_member (note, "kind", heddle_json_string ("note"));
  json_object_set_member (note, "text", heddle_json_string (text));
  json_object_set_member (note, "rect", heddle_json_array (place));
  json_array_add_element (self->annotations, heddle_json_object (note));
  self->bottom = MAX (self->bottom, rect[1] + rect[3]);
}

void
heddle_foreign_builder_say (HeddleForeignBuilder *self, char *sentence)
{
  if (g_ptr_array_find_with_equal_func (self->notes, sentence, g_str_equal, NULL))
    g_free (sentence);
  else
    g_ptr_array_add (self->notes, sentence);
}

static gboolean
is_output (const HeddleForeignNode *node)
{
  return strcmp (node->type, "output") == 0;
}

void
heddle_foreign_builder_add_output (HeddleForeignBuilder *self)
{
  g_autoptr (GPtrArray) leaves = g_ptr_array_new ();
  double x = -G_MAXDOUBLE, y = 0;
  HeddleForeignNode *output;

  for (guint i = 0; i < self->nodes->len; i++)
    {
      HeddleForeignNode *node = g_ptr_array_index (self->nodes, i);

      if (is_output (node))
        return;
      if (node->parent != NULL || g_hash_table_contains (self->sources, node->id))
        continue;
      g_ptr_array_add (leaves, node);
      x = MAX (x, node->x + MAX (node->width, HEDDLE_CARD_WIDTH));
      y += node->y;
    }
  if (leaves->len == 0)
    return;
  output = heddle_foreign_builder_add (self, "output", _ ("Output"), x + 2 * GAP, y / leaves->len);
  for (guint i = 0; i < leaves->len; i++)
    heddle_foreign_builder_connect (self, g_ptr_array_index (leaves, i), NULL, output, NULL);
}

void
heddle_foreign_node_set (HeddleForeignNode *node, const char *param, JsonNode *value)
{
  if (heddle_json_is_null (value))
    g_clear_pointer (&value, json_node_unref);
  else
    json_object_set_member (node->params, param, value);
}

void
heddle_foreign_node_set_text (HeddleForeignNode *node, const char *param, const char *text)
{
  if (text != NULL && *text != '\0')
    heddle_foreign_node_set (node, param, heddle_json_string (text));
}

static void
set_text (JsonObject *object, const char *key, const char *text)
{
  if (text != NULL)
    json_object_set_member (object, key, heddle_json_string (text));
}

static void
set_object (JsonObject *object, const char *key, JsonObject *value)
{
  if (value != NULL && json_object_get_size (value) > 0)
    json_object_set_object_member (object, key, json_object_ref (value));
}

static JsonNode *
node_to_json (const HeddleForeignNode *node)
{
  JsonObject *object = json_object_new ();

  set_text (object, "id", node->id);
  set_text (object, "type", node->type);
  set_text (object, "title", node->title);
  set_text (object, "mode", node->is_off ? "off" : NULL);
  set_text (object, "parent", node->parent);
  set_object (object, "params", node->params);
  set_object (object, "policy", node->policy);
  set_object (object, "tool", node->tool);
  return heddle_json_object (object);
}

static JsonNode *
place_to_json (const HeddleForeignNode *node)
{
  JsonArray *place = json_array_new ();

  json_array_add_element (place, heddle_json_double (node->x));
  json_array_add_element (place, heddle_json_double (node->y));
  if (node->width > 0)
    {
      json_array_add_element (place, heddle_json_double (node->width));
      json_array_add_element (place, heddle_json_double (node->height));
    }
  return heddle_json_array (place);
}

/* Below everything, so that it hides nothing. */
static void
add_report (HeddleForeignBuilder *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  double x = G_MAXDOUBLE, y = self->bottom;
  guint lines = 1;

  if (self->notes->len == 0)
    return;
  /* Translators: %s is the name of a program. */
  g_string_append_printf (text, _ ("Taken over from %s. To look at:"), self->tool);
  for (guint i = 0; i < self->notes->len; i++)
    {
      const char *note = g_ptr_array_index (self->notes, i);

      g_string_append_printf (text, "\n- %s", note);
      lines += 1 + (guint) g_utf8_strlen (note, -1) / 44;
    }
  for (guint i = 0; i < self->nodes->len; i++)
    {
      const HeddleForeignNode *node = g_ptr_array_index (self->nodes, i);

      x = MIN (x, node->x);
      y = MAX (y, node->y + MAX (node->height, 2 * HEDDLE_CARD_HEIGHT));
    }
  heddle_foreign_builder_add_note (self, text->str, x, y + GAP, NOTE_WIDTH, 32 + lines * NOTE_LINE);
}

static char *
to_text (HeddleForeignBuilder *self)
{
  JsonObject *root = json_object_new ();
  JsonArray *nodes = json_array_new ();
  JsonObject *layout = json_object_new ();
  g_autoptr (JsonNode) json = NULL;

  for (guint i = 0; i < self->nodes->len; i++)
    {
      const HeddleForeignNode *node = g_ptr_array_index (self->nodes, i);

      json_array_add_element (nodes, node_to_json (node));
      json_object_set_member (layout, node->id, place_to_json (node));
    }
  set_text (root, "format", HEDDLE_FORMAT);
  json_object_set_member (root, "version", heddle_json_int (HEDDLE_FORMAT_VERSION));
  set_text (root, "name", self->name);
  json_object_set_member (root, "nodes", heddle_json_array (nodes));
  json_object_set_member (root, "edges", heddle_json_array (json_array_ref (self->edges)));
  json_object_set_member (root, "annotations", heddle_json_array (json_array_ref (self->annotations)));
  json_object_set_member (root, "layout", heddle_json_object (layout));
  json = heddle_json_object (root);
  return heddle_json_to_text (json, HEDDLE_JSON_COMPACT);
}

/* Whatever a reader took over without looking into it. */
static void
drop_secrets (HeddleForeignBuilder *self, HeddleForeignNode *node)
{
  g_autoptr (JsonObject) kept = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, node->params);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (heddle_value_looks_secret (name, value))
        heddle_foreign_builder_say (self, g_strdup_printf (_ ("“%s” of “%s” looks like a secret and was left out. Choose a credential."), name, node->title));
      else
        json_object_set_member (kept, name, json_node_ref (value));
    }
  json_object_unref (node->params);
  node->params = g_steal_pointer (&kept);
}

HeddleForeignWorkflow *
heddle_foreign_builder_finish (HeddleForeignBuilder *self)
{
  HeddleForeignWorkflow *workflow = g_new0 (HeddleForeignWorkflow, 1);

  for (guint i = 0; i < self->nodes->len; i++)
    {
      HeddleForeignNode *node = g_ptr_array_index (self->nodes, i);

      drop_secrets (self, node);
      workflow->n_placeholders += node->is_placeholder;
    }
  add_report (self);
  workflow->tool = self->tool;
  workflow->n_nodes = self->nodes->len;
  workflow->notes = g_ptr_array_ref (self->notes);
  workflow->json = to_text (self);
  return workflow;
}
