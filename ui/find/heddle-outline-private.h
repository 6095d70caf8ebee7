/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "find/heddle-outline-tree.h"
#include "find/heddle-outline.h"

G_BEGIN_DECLS

struct _HeddleOutline
{
  GtkWidget parent_instance;

  GtkSearchEntry *search;
  GtkWidget *stack;
  GtkWidget *scroller;
  GtkLabel *empty;
  GtkListView *list;

  HeddleCanvas *canvas; /* borrowed */
  HeddleDocument *document;
  HeddleTrace *trace;
  GHashTable *problems;
  HeddleOutlineTree *tree;
  GtkTreeListModel *rows;
  GtkMultiSelection *selection;
  guint idle; /* source: something below is to be taken over */
  gboolean rows_are_stale;
  gboolean selection_is_stale;
  gboolean is_syncing; /* the selection comes from the canvas */
};

/* heddle-outline.c */
HeddleGraph *_heddle_outline_get_graph (HeddleOutline *self);
void _heddle_outline_update_now (HeddleOutline *self);

/* heddle-outline-rows.c */
void _heddle_outline_create_list (HeddleOutline *self);

/* heddle-outline-keys.c */
void _heddle_outline_add_keys (HeddleOutline *self);
/* What has the keyboard; NULL: nothing in the list. */
HeddleOutlineItem *_heddle_outline_dup_focused (HeddleOutline *self) G_GNUC_WARN_UNUSED_RESULT;
/* Puts the keyboard on the row of it, else on one that is selected, else on the first. */
void _heddle_outline_focus_item (HeddleOutline *self, HeddleOutlineItem *item);
/* Puts the keyboard on a row; also selects it. */
void _heddle_outline_go_to_row (HeddleOutline *self, guint position);
void _heddle_outline_focus_row (HeddleOutline *self, guint position);

G_END_DECLS
