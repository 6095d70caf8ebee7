/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/* One line of a JSON tree: a key or index with its value. */
#define HEDDLE_TYPE_JSON_ITEM (heddle_json_item_get_type ())
G_DECLARE_FINAL_TYPE (HeddleJsonItem, heddle_json_item, HEDDLE, JSON_ITEM, GObject)

/* A list model with the members of an object, the elements of an array, or the one value. path: how an expression names the node, or "". */
GListModel *heddle_json_item_list_new (JsonNode *node, const char *path) G_GNUC_WARN_UNUSED_RESULT;
/* Members of the item's value; NULL when it has none. New reference. */
GListModel *heddle_json_item_dup_children (HeddleJsonItem *self) G_GNUC_WARN_UNUSED_RESULT;
const char *heddle_json_item_get_key (HeddleJsonItem *self);
/* How an expression names it: the way from the root of the tree, behind the root's own. */
const char *heddle_json_item_get_path (HeddleJsonItem *self);
JsonNode *heddle_json_item_get_value (HeddleJsonItem *self); /* borrowed */
/* One line: the value, or how many members it has. Transfer full. */
char *heddle_json_item_dup_text (HeddleJsonItem *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean heddle_json_item_is_container (HeddleJsonItem *self);

G_END_DECLS
