/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/heddle-outline-tree.h"

#include "find/heddle-outline-order.h"

#include <string.h>

#define MAX_RUNS 64

struct _HeddleOutlineTree
{
  GListStore *roots;
  GHashTable *items; /* by key */
};

/* One update: what the rows are to be. */
typedef struct
{
  HeddleOutlineTree *tree;
  HeddleGraph *graph;
  char **words;
  GHashTable *items;     /* by key; those that stay */
  GHashTable *levels;    /* id of a container, or "": GPtrArray of borrowed items */
  GHashTable *kept;      /* ids of containers with a match in them */
  GHashTable *new_shape; /* items whose expander comes or goes, so that they are to be inserted anew */
  gboolean changed;
} Update;

HeddleOutlineTree *
heddle_outline_tree_new (void)
{
  HeddleOutlineTree *self = g_new0 (HeddleOutlineTree, 1);

  self->roots = g_list_store_new (HEDDLE_TYPE_OUTLINE_ITEM);
  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  return self;
}

void
heddle_outline_tree_free (HeddleOutlineTree *self)
{
  g_object_unref (self->roots);
  g_hash_table_unref (self->items);
  g_free (self);
}

GListModel *
heddle_outline_tree_get_roots (HeddleOutlineTree *self)
{
  return G_LIST_MODEL (self->roots);
}

HeddleOutlineItem *
heddle_outline_tree_find (HeddleOutlineTree *self,
                          const char *id)
{
  return g_hash_table_lookup (self->items, id);
}

guint
heddle_outline_tree_get_n_items (HeddleOutlineTree *self)
{
  return g_hash_table_size (self->items);
}

static gboolean
contains (const char *text,
          const char *word)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, word) != NULL;
}

static gboolean
node_matches (const Update *update,
              const HeddleNode *node)
{
  for (char **word = update->words; *word != NULL; word++)
    if (!contains (heddle_node_get_title (node), *word) && !contains (node->id, *word) && !contains (node->type_id, *word) &&
        !(node->type != NULL && contains (_ (node->type->title), *word)))
      return FALSE;
  return TRUE;
}

static gboolean
annotation_matches (const Update *update,
                    const HeddleAnnotation *annotation)
{
  for (char **word = update->words; *word != NULL; word++)
    if (!contains (annotation->text, *word))
      return FALSE;
  return TRUE;
}

/* The containers around a match stay, as it is shown in them. A file may say that they lie in each other in a circle. */
static void
keep_containers (Update *update,
                 const HeddleNode *node)
{
  while (node != NULL && node->parent != NULL && g_hash_table_add (update->kept, node->parent))
    node = heddle_graph_find_node (update->graph, node->parent);
}

static void
find_kept (Update *update)
{
  for (guint i = 0; i < heddle_graph_get_n_nodes (update->graph); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (update->graph, i);

      if (node_matches (update, node))
        keep_containers (update, node);
    }
}

static HeddleOutlineItem *
take_item (Update *update,
           const char *key,
           HeddleOutlineItem *made)
{
  g_hash_table_insert (update->items, g_strdup (key), made);
  return made;
}

static HeddleOutlineItem *
use_item (Update *update,
          HeddleOutlineKind kind,
          const char *id)
{
  HeddleOutlineItem *item = g_hash_table_lookup (update->tree->items, id);

  if (item != NULL && heddle_outline_item_get_kind (item) == kind)
    return take_item (update, id, g_object_ref (item));
  return take_item (update, id, heddle_outline_item_new (kind, id));
}

/* No id has such a character in it. */
static char *
dup_key (const HeddleEdge *edge)
{
  return g_strjoin ("\x1f", edge->from, edge->from_port, edge->to, edge->to_port, NULL);
}

static HeddleOutlineItem *
use_connection (Update *update,
                const HeddleEdge *edge)
{
  g_autofree char *key = dup_key (edge);
  HeddleOutlineItem *item = g_hash_table_lookup (update->items, key);

  if (item != NULL)
    return item;
  item = g_hash_table_lookup (update->tree->items, key);
  return take_item (update, key, item != NULL ? g_object_ref (item) : heddle_outline_item_new_connection (edge));
}

static GPtrArray *
get_level (Update *update,
           const char *id)
{
  GPtrArray *level = g_hash_table_lookup (update->levels, id);

  if (level == NULL)
    g_hash_table_insert (update->levels, g_strdup (id), level = g_ptr_array_new ());
  return level;
}

/* A container that is not there, or no container, as files may say, is as none. */
static const char *
get_parent (const Update *update,
            const HeddleNode *node)
{
  const HeddleNode *parent = node->parent != NULL ? heddle_graph_find_node (update->graph, node->parent) : NULL;

  return parent != NULL && parent != node && !heddle_graph_is_within (update->graph, parent->id, node->id) ? parent->id : "";
}

static void
add_node (Update *update,
          const HeddleNode *node)
{
  HeddleOutlineItem *item;
  gboolean is_new = g_hash_table_lookup (update->tree->items, node->id) == NULL;

  if (*update->words != NULL && !g_hash_table_contains (update->kept, node->id) && !node_matches (update, node))
    return;
  item = use_item (update, HEDDLE_OUTLINE_NODE, node->id);
  if (is_new && heddle_node_is_container (node))
    heddle_outline_item_set_expanded (item, TRUE);
  g_ptr_array_add (get_level (update, get_parent (update, node)), item);
}

/* What it leads to stands below what is in it. */
static void
add_connections (Update *update,
                 const HeddleNode *node)
{
  GPtrArray *edges = heddle_graph_get_out_edges (update->graph, node->id);

  for (guint i = 0; i < edges->len; i++)
    g_ptr_array_add (get_level (update, node->id), use_connection (update, edges->pdata[i]));
}

static void
add_annotations (Update *update)
{
  for (guint i = 0; i < heddle_graph_get_n_annotations (update->graph); i++)
    {
      const HeddleAnnotation *annotation = heddle_graph_get_annotation (update->graph, i);
      gboolean is_note = annotation->kind == HEDDLE_ANNOTATION_NOTE;

      if (annotation_matches (update, annotation))
        g_ptr_array_add (get_level (update, ""), use_item (update, is_note ? HEDDLE_OUTLINE_NOTE : HEDDLE_OUTLINE_GROUP, annotation->id));
    }
}

static gboolean
is_same (const Update *update,
         GListModel *store,
         guint position,
         gpointer wanted)
{
  g_autoptr (GObject) item = g_list_model_get_item (store, position);

  return item == wanted && !g_hash_table_contains (update->new_shape, item);
}

/* Backwards from end while rows are to stay, or are not. */
static guint
skip_rows (GListStore *store,
           guint end,
           GHashTable *stay,
           gboolean staying)
{
  for (; end > 0; end--)
    {
      g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (store), end - 1);

      if (g_hash_table_contains (stay, item) != staying)
        break;
    }
  return end;
}

/* What is to go, a run of rows at a time; each run is news to everybody who looks, so there are not more than a few. */
static void
remove_others (Update *update,
               GListStore *store,
               GPtrArray *wanted)
{
  g_autoptr (GHashTable) stay = g_hash_table_new (NULL, NULL);
  guint end = g_list_model_get_n_items (G_LIST_MODEL (store));

  for (guint i = 0; wanted != NULL && i < wanted->len; i++)
    if (!g_hash_table_contains (update->new_shape, wanted->pdata[i]))
      g_hash_table_add (stay, wanted->pdata[i]);
  for (guint n_runs = 0; end > 0 && n_runs < MAX_RUNS; n_runs++)
    {
      guint start = skip_rows (store, end, stay, TRUE);

      end = skip_rows (store, start, stay, FALSE);
      if (start > end)
        g_list_store_splice (store, end, start - end, NULL, 0);
      update->changed = update->changed || start > end;
    }
}

/* Then only what lies between the rows that are the same at both ends is replaced. */
static void
sync_store (Update *update,
            GListStore *store,
            GPtrArray *wanted)
{
  GListModel *model = G_LIST_MODEL (store);
  guint after = wanted != NULL ? wanted->len : 0;
  guint start = 0, end = 0, before;

  remove_others (update, store, wanted);
  before = g_list_model_get_n_items (model);
  while (start < MIN (before, after) && is_same (update, model, start, wanted->pdata[start]))
    start++;
  while (end < MIN (before, after) - start && is_same (update, model, before - 1 - end, wanted->pdata[after - 1 - end]))
    end++;
  if (start + end == before && before == after)
    return;
  g_list_store_splice (store, start, before - start - end, after > 0 ? wanted->pdata + start : NULL, after - start - end);
  update->changed = TRUE;
}

static void
sync_children (Update *update)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, update->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    {
      gboolean is_node = heddle_outline_item_get_kind (item) == HEDDLE_OUTLINE_NODE;
      GPtrArray *level = is_node ? g_hash_table_lookup (update->levels, heddle_outline_item_get_id (item)) : NULL;

      if (heddle_outline_item_set_has_children (item, level != NULL))
        g_hash_table_add (update->new_shape, item);
    }
}

static void
sync_level (Update *update,
            GListStore *store,
            const char *id)
{
  GPtrArray *level = g_hash_table_lookup (update->levels, id);

  for (guint i = 0; level != NULL && i < level->len; i++)
    {
      HeddleOutlineItem *item = level->pdata[i];

      if (heddle_outline_item_get_children (item) != NULL)
        sync_level (update, heddle_outline_item_get_children (item), heddle_outline_item_get_id (item));
    }
  sync_store (update, store, level);
}

static void
fill (Update *update)
{
  g_autoptr (GPtrArray) order = heddle_outline_order_list (update->graph);

  if (*update->words != NULL)
    find_kept (update);
  for (guint i = 0; i < order->len; i++)
    add_node (update, order->pdata[i]);
  for (guint i = 0; i < order->len && *update->words == NULL; i++)
    add_connections (update, order->pdata[i]);
  add_annotations (update);
}

static char **
split_words (const char *search)
{
  g_autofree char *folded = g_utf8_casefold (search, -1);

  return g_strsplit_set (g_strstrip (folded), " \t", -1);
}

gboolean
heddle_outline_tree_update (HeddleOutlineTree *self,
                            HeddleGraph *graph,
                            const char *search)
{
  g_auto (GStrv) words = split_words (search);
  g_autoptr (GHashTable) levels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GHashTable) kept = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) new_shape = g_hash_table_new (NULL, NULL);
  Update update = { .tree = self, .graph = graph, .words = words, .levels = levels, .kept = kept, .new_shape = new_shape };

  update.items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  if (graph != NULL)
    fill (&update);
  sync_children (&update);
  sync_level (&update, self->roots, "");
  g_hash_table_unref (self->items);
  self->items = update.items;
  return update.changed;
}
