/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-expr-eval.h"

#define INDEX_FROM 8 /* entries from which a record has a hash index */

ExprList *
expr_list_new (ExprEval *eval, guint capacity)
{
  ExprList *list = expr_arena_alloc0 (&eval->arena, sizeof (ExprList));

  if (capacity > 0 && expr_eval_reserve (eval, (gsize) capacity * sizeof (ExprValue)))
    {
      list->items = expr_arena_alloc (&eval->arena, (gsize) capacity * sizeof (ExprValue));
      list->capacity = capacity;
    }
  return list;
}

static gboolean
list_grow (ExprEval *eval, ExprList *list)
{
  guint capacity = MAX (4, list->capacity * 2);
  ExprValue *items;

  if (capacity < list->capacity || !expr_eval_reserve (eval, (gsize) capacity * sizeof (ExprValue)))
    return FALSE;
  items = expr_arena_alloc (&eval->arena, (gsize) capacity * sizeof (ExprValue));
  if (list->length > 0)
    memcpy (items, list->items, (gsize) list->length * sizeof (ExprValue));
  list->items = items;
  list->capacity = capacity;
  return TRUE;
}

void
expr_list_add (ExprEval *eval, ExprList *list, ExprValue value)
{
  if (list->length < list->capacity || list_grow (eval, list))
    list->items[list->length++] = value;
}

ExprValue
expr_list_get (ExprEval *eval, ExprList *list, guint index)
{
  if (index >= list->length)
    return EXPR_VALUE_UNDEFINED;
  if (list->node == NULL)
    return list->items[index];
  return expr_from_node (eval, json_array_get_element (json_node_get_array (list->node), index));
}

ExprValue *
expr_list_dup_items (ExprEval *eval, ExprList *list)
{
  ExprValue *items;

  if (!expr_eval_reserve (eval, (gsize) list->length * sizeof (ExprValue)))
    return NULL;
  items = expr_arena_alloc (&eval->arena, (gsize) list->length * sizeof (ExprValue));
  for (guint i = 0; i < list->length; i++)
    items[i] = expr_list_get (eval, list, i);
  return items;
}

ExprRecord *
expr_record_new (ExprEval *eval)
{
  return expr_arena_alloc0 (&eval->arena, sizeof (ExprRecord));
}

static guint32
hash_text (const ExprText *key)
{
  guint32 hash = 2166136261u;

  for (gsize i = 0; i < key->size; i++)
    hash = (hash ^ (guchar) key->bytes[i]) * 16777619u;
  return hash;
}

/* The slot that holds the key, or the free one where it belongs. */
static guint32 *
index_slot (const ExprRecord *record, const ExprText *key)
{
  guint32 mask = record->index_size - 1;
  guint32 at = hash_text (key) & mask;

  while (record->index[at] != 0 && !expr_text_equal (record->entries[record->index[at] - 1].key, key))
    at = (at + 1) & mask;
  return &record->index[at];
}

static ExprEntry *
record_find (const ExprRecord *record, const ExprText *key)
{
  if (record->index != NULL)
    {
      guint32 position = *index_slot (record, key);

      return position > 0 ? &record->entries[position - 1] : NULL;
    }

  for (guint i = 0; i < record->count; i++)
    {
      if (expr_text_equal (record->entries[i].key, key))
        return &record->entries[i];
    }
  return NULL;
}

static gboolean
record_grow (ExprEval *eval, ExprRecord *record)
{
  guint capacity = MAX (4, record->capacity * 2);
  ExprEntry *entries;

  if (!expr_eval_reserve (eval, capacity * (sizeof (ExprEntry) + 2 * sizeof (guint32))))
    return FALSE;
  entries = expr_arena_alloc (&eval->arena, capacity * sizeof (ExprEntry));
  if (record->count > 0)
    memcpy (entries, record->entries, record->count * sizeof (ExprEntry));
  record->entries = entries;
  record->capacity = capacity;

  if (capacity > INDEX_FROM)
    {
      record->index_size = 2 * capacity;
      record->index = expr_arena_alloc0 (&eval->arena, record->index_size * sizeof (guint32));
      for (guint i = 0; i < record->count; i++)
        *index_slot (record, entries[i].key) = i + 1;
    }
  return TRUE;
}

void
expr_record_set (ExprEval *eval, ExprRecord *record, ExprText *key, ExprValue value)
{
  ExprEntry *entry = record_find (record, key);

  g_assert (record->node == NULL);

  if (entry != NULL)
    {
      entry->value = value;
      return;
    }
  if (record->count == record->capacity && !record_grow (eval, record))
    return;

  record->entries[record->count] = (ExprEntry){ key, value };
  record->count++;
  if (record->index != NULL)
    *index_slot (record, key) = record->count;
}

gboolean
expr_record_get (ExprEval *eval, ExprRecord *record, ExprText *key, ExprValue *value)
{
  ExprEntry *entry;

  if (record->node != NULL)
    {
      const char *name = expr_text_c_string (eval, key);
      JsonNode *member = name != NULL ? json_object_get_member (json_node_get_object (record->node), name) : NULL;

      if (member != NULL)
        *value = expr_from_node (eval, member);
      return member != NULL;
    }

  entry = record_find (record, key);
  if (entry != NULL)
    *value = entry->value;
  return entry != NULL;
}

static ExprEntry *
wrap_members (ExprEval *eval, JsonObject *object, guint *count)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  ExprEntry *entries;
  guint size = json_object_get_size (object);

  *count = 0;
  if (!expr_eval_reserve (eval, size * sizeof (ExprEntry)))
    return NULL;
  entries = expr_arena_alloc (&eval->arena, size * sizeof (ExprEntry));
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    entries[(*count)++] = (ExprEntry){ expr_text_wrap (eval, name, strlen (name)), expr_from_node (eval, node) };
  return entries;
}

gboolean
expr_to_array_index (const ExprText *key, guint *index)
{
  guint64 sum = 0;

  if (key->size == 0 || key->size > 10 || (key->size > 1 && key->bytes[0] == '0'))
    return FALSE;
  for (gsize i = 0; i < key->size; i++)
    {
      if (!g_ascii_isdigit (key->bytes[i]))
        return FALSE;
      sum = sum * 10 + (key->bytes[i] - '0');
    }
  *index = (guint) sum;
  return sum < G_MAXUINT32;
}

static int
compare_index_keys (const void *a, const void *b)
{
  guint first = 0, second = 0;

  expr_to_array_index (((const ExprEntry *) a)->key, &first);
  expr_to_array_index (((const ExprEntry *) b)->key, &second);
  return first < second ? -1 : first > second;
}

static ExprEntry *
order_entries (ExprEval *eval, const ExprEntry *entries, guint count, guint n_integers)
{
  ExprEntry *ordered = expr_arena_alloc (&eval->arena, count * sizeof (ExprEntry));
  guint integers = 0, names = n_integers, index;

  for (guint i = 0; i < count; i++)
    ordered[expr_to_array_index (entries[i].key, &index) ? integers++ : names++] = entries[i];
  qsort (ordered, n_integers, sizeof (ExprEntry), compare_index_keys);
  return ordered;
}

ExprEntry *
expr_record_entries (ExprEval *eval, ExprRecord *record, guint *count)
{
  ExprEntry *entries = record->entries;
  guint n_integers = 0, index;

  *count = record->count;
  if (record->node != NULL)
    entries = wrap_members (eval, json_node_get_object (record->node), count);
  expr_eval_charge (eval, *count);

  for (guint i = 0; i < *count; i++)
    n_integers += expr_to_array_index (entries[i].key, &index);
  if (n_integers == 0 || !expr_eval_reserve (eval, *count * sizeof (ExprEntry)))
    return entries;
  return order_entries (eval, entries, *count, n_integers);
}
