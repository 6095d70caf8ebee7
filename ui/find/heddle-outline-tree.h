/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "find/heddle-outline-item.h"

G_BEGIN_DECLS

/*
 * The rows of the outline, kept in step with a graph: nodes in the order of the flow, below a container what is in it, below
 * each node where it leads to; then notes and groups. Rows that stay are the same objects.
 */
typedef struct _HeddleOutlineTree HeddleOutlineTree;

HeddleOutlineTree *heddle_outline_tree_new (void) G_GNUC_WARN_UNUSED_RESULT;
void heddle_outline_tree_free (HeddleOutlineTree *self);

/* Of HeddleOutlineItem; borrowed, the same for life. */
GListModel *heddle_outline_tree_get_roots (HeddleOutlineTree *self);
/*
 * Takes over what the graph says (NULL: nothing). search: only nodes, notes and groups with all of its words in their title,
 * name, type or text, and the containers around them; "" for all. TRUE when rows came or went.
 */
gboolean heddle_outline_tree_update (HeddleOutlineTree *self, HeddleGraph *graph, const char *search);
/* A node or annotation; NULL: it has no row. Borrowed. */
HeddleOutlineItem *heddle_outline_tree_find (HeddleOutlineTree *self, const char *id);
guint heddle_outline_tree_get_n_items (HeddleOutlineTree *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleOutlineTree, heddle_outline_tree_free)

G_END_DECLS
