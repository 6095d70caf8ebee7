/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "trace/heddle-value-origin.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * JSON as a tree that unfolds. Where it is known whose value it is, each line can be dragged onto a field or a card as an expression, and
 * has a menu (secondary click, Shift+F10 or the menu key) that copies it as a value (Ctrl+C) or an expression (Ctrl+Shift+C), or puts
 * it into a field (Ctrl+I): the action "inspector.insert-value" with an origin as its parameter.
 * Signal "activated" (HeddleValueOrigin *): a line was chosen by a double click or Return.
 */
#define HEDDLE_TYPE_VALUE_TREE (heddle_value_tree_get_type ())
G_DECLARE_FINAL_TYPE (HeddleValueTree, heddle_value_tree, HEDDLE, VALUE_TREE, GtkWidget)

GtkWidget *heddle_value_tree_new (void);
/* origin NULL: it can only be looked at. value NULL: nothing is shown. */
void heddle_value_tree_set_value (HeddleValueTree *self, JsonNode *value, const HeddleValueOrigin *origin);
/* The members of an object are roots of expressions, such as "router" and "input". */
void heddle_value_tree_set_roots (HeddleValueTree *self, JsonNode *roots);

G_END_DECLS
