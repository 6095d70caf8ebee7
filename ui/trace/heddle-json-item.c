/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-json-item.h"

#include "common/heddle-value-text.h"

#include <glib/gi18n-lib.h>

/* A line of a tree is not longer on any screen. */
#define MAX_LINE 500

struct _HeddleJsonItem
{
  GObject parent_instance;

  char *key;
  char *path; /* from the root of the tree */
  JsonNode *node;
};

G_DEFINE_FINAL_TYPE (HeddleJsonItem, heddle_json_item, G_TYPE_OBJECT)

static void
append (GListStore *store,
        char *key,
        char *path,
        JsonNode *node)
{
  g_autoptr (HeddleJsonItem) item = g_object_new (HEDDLE_TYPE_JSON_ITEM, NULL);

  item->key = key;
  item->path = path;
  item->node = json_node_ref (node);
  g_list_store_append (store, item);
}

static void
append_object (GListStore *store,
               JsonObject *object,
               const char *path)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &key, &node))
    {
      GString *inner = g_string_new (path);

      heddle_path_append_member (inner, key);
      append (store, g_strdup (key), g_string_free (inner, FALSE), node);
    }
}

static void
append_array (GListStore *store,
              JsonArray *array,
              const char *path)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    append (store, g_strdup_printf ("%u", i), g_strdup_printf ("%s[%u]", path, i), json_array_get_element (array, i));
}

GListModel *
heddle_json_item_list_new (JsonNode *node,
                           const char *path)
{
  GListStore *store = g_list_store_new (HEDDLE_TYPE_JSON_ITEM);

  if (JSON_NODE_HOLDS_OBJECT (node))
    append_object (store, json_node_get_object (node), path);
  else if (JSON_NODE_HOLDS_ARRAY (node))
    append_array (store, json_node_get_array (node), path);
  else
    append (store, g_strdup (""), g_strdup (path), node);
  return G_LIST_MODEL (store);
}

gboolean
heddle_json_item_is_container (HeddleJsonItem *self)
{
  g_return_val_if_fail (HEDDLE_IS_JSON_ITEM (self), FALSE);

  return JSON_NODE_HOLDS_OBJECT (self->node) || JSON_NODE_HOLDS_ARRAY (self->node);
}

GListModel *
heddle_json_item_dup_children (HeddleJsonItem *self)
{
  g_return_val_if_fail (HEDDLE_IS_JSON_ITEM (self), NULL);

  return heddle_json_item_is_container (self) ? heddle_json_item_list_new (self->node, self->path) : NULL;
}

const char *
heddle_json_item_get_key (HeddleJsonItem *self)
{
  g_return_val_if_fail (HEDDLE_IS_JSON_ITEM (self), NULL);

  return self->key;
}

const char *
heddle_json_item_get_path (HeddleJsonItem *self)
{
  g_return_val_if_fail (HEDDLE_IS_JSON_ITEM (self), NULL);

  return self->path;
}

JsonNode *
heddle_json_item_get_value (HeddleJsonItem *self)
{
  g_return_val_if_fail (HEDDLE_IS_JSON_ITEM (self), NULL);

  return self->node;
}

char *
heddle_json_item_dup_text (HeddleJsonItem *self)
{
  guint n;

  g_return_val_if_fail (HEDDLE_IS_JSON_ITEM (self), NULL);

  if (JSON_NODE_HOLDS_ARRAY (self->node))
    {
      n = json_array_get_length (json_node_get_array (self->node));
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u element", "%u elements", n), n);
    }
  if (JSON_NODE_HOLDS_OBJECT (self->node))
    {
      n = json_object_get_size (json_node_get_object (self->node));
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u member", "%u members", n), n);
    }
  return heddle_value_dup_line (self->node, MAX_LINE);
}

static void
heddle_json_item_finalize (GObject *object)
{
  HeddleJsonItem *self = HEDDLE_JSON_ITEM (object);

  g_free (self->key);
  g_free (self->path);
  g_clear_pointer (&self->node, json_node_unref);
  G_OBJECT_CLASS (heddle_json_item_parent_class)->finalize (object);
}

static void
heddle_json_item_class_init (HeddleJsonItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_json_item_finalize;
}

static void
heddle_json_item_init (HeddleJsonItem *self)
{
}
