/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-completion-source.h"

#include "common/heddle-value-text.h"
#include "inspector/heddle-completion-path.h"
#include "inspector/heddle-data-scope.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* More members of one value than this are not offered at once. */
#define MAX_MEMBERS 500
#define VALUE_LENGTH 60

/* What can be completed, from the graph and from what the last run has shown. */
typedef struct
{
  const HeddleParamContext *context;
  HeddleGraph *graph;
  const HeddleCompletionPath *path;
  GPtrArray *items;
  GHashTable *names; /* set of the items' names; borrowed */
  const char *word;  /* what all of them contain, casefolded */
} Listing;

static const struct
{
  const char *name;
  const char *help;
} roots[] = {
  { "input", N_ ("What arrives at this node.") },
  { "vars", N_ ("The variables of this run.") },
  { "global", N_ ("The variables of all runs.") },
  { "run", N_ ("The run itself: id, started, workflow.") },
  { "now", N_ ("The time now, as text.") },
  { "env", N_ ("The fixed values of the workflow.") },
};

void
heddle_completion_item_free (HeddleCompletionItem *item)
{
  g_free (item->name);
  g_free (item->insert);
  g_free (item->detail);
  g_free (item->help);
  g_free (item);
}

/* NULL: there is one of this name already, which knows more. Takes insert, detail and help. */
static HeddleCompletionItem *
add (Listing *self,
     HeddleCompletionKind kind,
     const char *name,
     char *insert,
     char *detail,
     char *help)
{
  HeddleCompletionItem *item = g_new0 (HeddleCompletionItem, 1);

  item->kind = kind;
  item->name = g_strdup (name);
  item->insert = insert;
  item->detail = detail;
  item->help = help;
  item->n_replaced = self->path->n_word;
  if (g_hash_table_contains (self->names, name))
    {
      heddle_completion_item_free (item);
      return NULL;
    }
  g_hash_table_add (self->names, item->name);
  g_ptr_array_add (self->items, item);
  return item;
}

/* "$name" in place of the word and of the "$" before it. */
static void
add_root (Listing *self,
          HeddleCompletionKind kind,
          const char *name,
          char *detail,
          char *help)
{
  HeddleCompletionItem *item = add (self, kind, name, g_strconcat ("$", name, NULL), detail, help);

  if (item != NULL && self->path->is_root)
    item->n_replaced++;
}

static void
add_node (Listing *self,
          const char *id)
{
  const HeddleNode *node = heddle_graph_find_node (self->graph, id);
  HeddleDataSource source;
  g_autoptr (JsonNode) value = NULL;
  JsonNode *output;

  if (node == NULL)
    return;
  value = heddle_data_scope_dup_root (self->context, id, &source);
  output = source == HEDDLE_DATA_RUN || source == HEDDLE_DATA_PIN ? heddle_json_member (value, "output") : NULL;
  add_root (self, HEDDLE_COMPLETION_NODE, id, g_strdup (heddle_node_get_title (node)),
            output != NULL ? heddle_value_dup_line (output, VALUE_LENGTH) : NULL);
}

static void
add_roots (Listing *self)
{
  g_autoptr (GPtrArray) nodes = heddle_data_scope_list_nodes (self->graph, self->context->node_id);

  for (guint i = 0; i < nodes->len; i++)
    add_node (self, g_ptr_array_index (nodes, i));
  if (heddle_data_scope_find_repeating (self->graph, self->context->node_id) != NULL)
    add_root (self, HEDDLE_COMPLETION_ROOT, "loop", NULL, g_strdup (_ ("The item and its place.")));
  if (heddle_graph_is_tool (self->graph, self->context->node_id))
    add_root (self, HEDDLE_COMPLETION_ROOT, "args", NULL, g_strdup (_ ("What the model called this tool with.")));
  for (guint i = 0; i < G_N_ELEMENTS (roots); i++)
    add_root (self, HEDDLE_COMPLETION_ROOT, roots[i].name, NULL, g_strdup (_ (roots[i].help)));
}

/* Behind "text", "list" and so on: methods; of NULL: what stands by itself. */
static void
add_functions (Listing *self,
               const char *owner)
{
  for (const HeddleFunctionInfo *info = heddle_expr_list_functions (); info->name != NULL; info++)
    {
      const char *behind = info->signature == NULL ? "" : (g_str_equal (info->signature, "()") ? "()" : "(");

      if (g_strcmp0 (info->owner, owner) == 0)
        add (self, HEDDLE_COMPLETION_FUNCTION, info->name, g_strconcat (info->name, behind, NULL), g_strdup (info->signature),
             g_strdup (_ (info->help)));
    }
}

/* A name that is no identifier stands in brackets, in place of the point. */
static void
add_member (Listing *self,
            const char *name,
            JsonNode *value)
{
  g_autoptr (GString) insert = g_string_new (NULL);
  gboolean is_plain = heddle_path_is_identifier (name);
  HeddleCompletionItem *item;

  heddle_path_append_member (insert, name);
  item = add (self, HEDDLE_COMPLETION_FIELD, name, g_strconcat (!is_plain && self->path->n_point == 2 ? "?." : "", insert->str + (is_plain ? 1 : 0), NULL),
              value != NULL ? heddle_value_describe (value) : NULL, value != NULL ? heddle_value_dup_line (value, VALUE_LENGTH) : NULL);
  if (item != NULL && !is_plain)
    item->n_replaced += self->path->n_point;
}

static gboolean
contains (const char *name,
          const char *word)
{
  g_autofree char *folded = *word != '\0' ? g_utf8_casefold (name, -1) : NULL;

  return folded == NULL || strstr (folded, word) != NULL;
}

/* Of thousands only those that can be meant are made into proposals. */
static void
add_members (Listing *self,
             JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  guint n = 0;

  json_object_iter_init_ordered (&iter, object);
  while (n < MAX_MEMBERS && json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (!contains (name, self->word))
        continue;
      add_member (self, name, value);
      n++;
    }
}

static void
add_first_element (Listing *self,
                   JsonArray *array)
{
  JsonNode *first = json_array_get_length (array) > 0 ? json_array_get_element (array, 0) : NULL;
  HeddleCompletionItem *item;

  if (first == NULL)
    return;
  item = add (self, HEDDLE_COMPLETION_FIELD, "[0]", g_strconcat (self->path->n_point == 2 ? "?." : "", "[0]", NULL), heddle_value_describe (first), heddle_value_dup_line (first, VALUE_LENGTH));
  if (item != NULL)
    item->n_replaced += self->path->n_point;
}

static void
add_value (Listing *self,
           JsonNode *value)
{
  if (heddle_json_is_null (value))
    return;
  if (JSON_NODE_HOLDS_OBJECT (value))
    add_members (self, json_node_get_object (value));
  else if (JSON_NODE_HOLDS_ARRAY (value))
    {
      add_first_element (self, json_node_get_array (value));
      add_functions (self, "list");
    }
  else if (heddle_json_is_string (value))
    add_functions (self, "text");
  else if (heddle_json_is_number (value))
    add_functions (self, "number");
}

/* Names of the fields that a parameter lists. */
static void
list_fields (GPtrArray *names,
             const HeddleNode *node,
             const char *param)
{
  g_autoptr (JsonNode) fields = NULL;
  JsonArray *array;

  if (heddle_node_type_find_param (node->type, param) == NULL)
    return;
  fields = heddle_params_dup_value (node->type, node->params, param);
  array = fields != NULL && JSON_NODE_HOLDS_ARRAY (fields) ? json_node_get_array (fields) : NULL;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const char *name = heddle_json_get_string (json_array_get_element (array, i), "name", NULL);

      if (name != NULL)
        g_ptr_array_add (names, g_strdup (name));
    }
}

GPtrArray *
heddle_completion_list_declared (const HeddleNode *node)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  if (node->type == NULL)
    return names;
  g_ptr_array_add (names, g_strdup ("output"));
  for (const HeddleResultKey *key = node->type->results; key != NULL && key->name != NULL; key++)
    g_ptr_array_add (names, g_strdup (key->name));
  if (node->type->main_alias != NULL)
    g_ptr_array_add (names, g_strdup (node->type->main_alias));
  list_fields (names, node, "fields");
  return names;
}

/* What a container hands into its body, by type. */
static GPtrArray *
list_handed_in (const HeddleNode *container)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  if ((container->type->flags & HEDDLE_NODE_REPEATS) != 0)
    g_ptr_array_add (names, g_strdup ("item"));
  else
    list_fields (names, container, "inputs");
  g_ptr_array_add (names, g_strdup ("index"));
  g_ptr_array_add (names, g_strdup ("output"));
  return names;
}

/* By type: what is not known from a run. */
static void
add_declared (Listing *self,
              const HeddleNode *node)
{
  gboolean is_around = heddle_data_scope_is_around (self->context, node);
  g_autoptr (GPtrArray) names = is_around ? list_handed_in (node) : heddle_completion_list_declared (node);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      const char *title = NULL;

      for (const HeddleResultKey *key = is_around ? NULL : node->type->results; key != NULL && key->name != NULL; key++)
        title = g_str_equal (key->name, name) ? _ (key->title) : title;
      add (self, HEDDLE_COMPLETION_FIELD, name, g_strdup (name), g_strdup (title), NULL);
    }
}

static const char *
owner_of_type (HeddleValueType type)
{
  switch (type)
    {
    case HEDDLE_VALUE_TEXT:
      return "text";
    case HEDDLE_VALUE_LIST:
      return "list";
    case HEDDLE_VALUE_NUMBER:
      return "number";
    case HEDDLE_VALUE_ANY:
    case HEDDLE_VALUE_BOOLEAN:
    case HEDDLE_VALUE_OBJECT:
    default:
      return NULL;
    }
}

/* Methods of a result by its declared type, for a node that has not run. */
static void
add_declared_methods (Listing *self,
                      const HeddleNode *node,
                      const char *name)
{
  const char *owner = NULL;

  if (g_str_equal (name, "output") && node->type->outputs != NULL && node->type->outputs->name != NULL)
    owner = owner_of_type (node->type->outputs->type);
  for (const HeddleResultKey *key = node->type->results; key != NULL && key->name != NULL; key++)
    owner = g_str_equal (key->name, name) ? owner_of_type (key->type) : owner;
  if (owner != NULL)
    add_functions (self, owner);
}

static void
add_variables (Listing *self,
               const char *scope)
{
  for (guint i = 0; i < heddle_graph_get_n_nodes (self->graph); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (self->graph, i);
      const char *name = heddle_params_get_string (node->params, "name", "");

      if (g_str_equal (node->type_id, "variable") && *name != '\0' && g_str_equal (heddle_params_get_string (node->params, "scope", "run"), scope))
        add_member (self, name, NULL);
    }
}

static void
add_known (Listing *self,
           const char *const *names)
{
  for (; *names != NULL; names++)
    add (self, HEDDLE_COMPLETION_FIELD, *names, g_strdup (*names), NULL, NULL);
}

/* What is there whatever a run has shown. */
static void
add_without_run (Listing *self,
                 const char *root)
{
  static const char *const of_loop[] = { "item", "index", "last", NULL };
  static const char *const of_run[] = { "id", "started", "workflow", "idempotency_key", NULL };
  const HeddleNode *node = heddle_graph_find_node (self->graph, root);
  guint depth = self->path->keys->len;

  if (node != NULL && node->type != NULL && depth == 0)
    add_declared (self, node);
  else if (node != NULL && node->type != NULL && depth == 1 && self->items->len == 0)
    add_declared_methods (self, node, g_ptr_array_index (self->path->keys, 0));
  else if (depth > 0)
    return;
  else if (g_str_equal (root, "vars"))
    add_variables (self, "run");
  else if (g_str_equal (root, "global"))
    add_variables (self, "global");
  else if (g_str_equal (root, "run"))
    add_known (self, of_run);
  else if ((g_str_equal (root, "loop") || g_str_equal (root, "map")) && heddle_data_scope_find_repeating (self->graph, self->context->node_id) != NULL)
    add_known (self, of_loop);
  else if (g_str_equal (root, "now"))
    add_functions (self, "text");
}

static void
add_behind_point (Listing *self)
{
  const char *base = self->path->base;
  HeddleDataSource source;
  g_autoptr (JsonNode) value = NULL;

  if (base == NULL)
    {
      add_functions (self, "list");
      add_functions (self, "text");
      return;
    }
  if (!self->path->has_dollar)
    {
      if (self->path->keys->len == 0)
        add_functions (self, base);
      return;
    }
  value = heddle_data_scope_dup_root (self->context, base, &source);
  add_value (self, heddle_completion_path_follow (value, self->path->keys));
  add_without_run (self, base);
}

/* 0: begins with the word, 1: contains it, also in its title, 2: neither. Capitals are not told apart. */
static guint
rank (const HeddleCompletionItem *item,
      const char *word)
{
  g_autofree char *name = g_utf8_casefold (item->name, -1);
  g_autofree char *detail = item->kind == HEDDLE_COMPLETION_NODE && item->detail != NULL ? g_utf8_casefold (item->detail, -1) : NULL;

  if (g_str_has_prefix (name, word))
    return 0;
  return strstr (name, word) != NULL || (detail != NULL && strstr (detail, word) != NULL) ? 1 : 2;
}

/* In the order in which they were found; what is there already, whole, is no proposal. */
static GPtrArray *
filter (GPtrArray *items,
        const char *written)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_completion_item_free);
  g_autofree char *word = g_utf8_casefold (written, -1);

  for (guint wanted = 0; wanted < 2; wanted++)
    {
      for (guint i = 0; i < items->len; i++)
        {
          HeddleCompletionItem *item = g_ptr_array_index (items, i);

          if (item == NULL || rank (item, word) != wanted)
            continue;
          items->pdata[i] = NULL;
          if (g_str_equal (item->name, written) && item->kind != HEDDLE_COMPLETION_FUNCTION)
            heddle_completion_item_free (item);
          else
            g_ptr_array_add (found, item);
        }
    }
  return found;
}

static void
clear_item (gpointer item)
{
  if (item != NULL)
    heddle_completion_item_free (item);
}

GPtrArray *
heddle_completion_list (const HeddleParamContext *context,
                        const char *before,
                        gboolean is_wanted)
{
  g_autoptr (HeddleCompletionPath) path = heddle_completion_path_new (before);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (clear_item);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *word = g_utf8_casefold (path->word, -1);
  Listing self = { context, context->document != NULL ? heddle_document_get_graph (context->document) : NULL, path, items, names, word };

  if (self.graph == NULL || context->node_id == NULL)
    return g_steal_pointer (&items);
  if (path->is_member)
    add_behind_point (&self);
  else if (path->is_root)
    add_roots (&self);
  else if (is_wanted || before[strspn (before, " \t\n")] == '\0')
    {
      add_roots (&self);
      add_functions (&self, NULL);
    }
  return filter (items, path->word);
}
