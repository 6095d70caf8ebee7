/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/* The lines of a trace: a tree of nodes and, below each, what happened inside it. */
typedef struct _HeddleCliTree HeddleCliTree;

/* colour: where the lines go shows it; the environment may still say that nobody wants it. */
HeddleCliTree *heddle_cli_tree_new (HeddleTrace *trace, gboolean colour) G_GNUC_WARN_UNUSED_RESULT;
void heddle_cli_tree_free (HeddleCliTree *self);
/* Several nodes may have one title, as those of one type do at first. Told of all, their ids tell them apart. */
void heddle_cli_tree_note_title (HeddleCliTree *self, const char *title, const char *node);

/* One line, safe for a terminal: title, and id where it is needed. */
char *heddle_cli_tree_dup_name (HeddleCliTree *self, HeddleSpan *span) G_GNUC_WARN_UNUSED_RESULT;
/* colour: what stands in an escape sequence, such as "31". */
void heddle_cli_tree_append_coloured (HeddleCliTree *self, GString *out, const char *colour, const char *text);
/* "Name  id" */
void heddle_cli_tree_append_title (HeddleCliTree *self, GString *out, const char *name);
/* A line for the span and one for each inside it, indented. Of a container with many items, those that went well are only counted. */
void heddle_cli_tree_append_span (HeddleCliTree *self, GString *out, HeddleSpan *span);
/* The same, without the items of such a container that failed: their lines are there already. */
void heddle_cli_tree_append_ended (HeddleCliTree *self, GString *out, HeddleSpan *span);
/* One line for a node in such a container that failed, with what it is in. */
void heddle_cli_tree_append_failure (HeddleCliTree *self, GString *out, HeddleSpan *span);
/* Whether it is such a container. */
gboolean heddle_cli_tree_folds (HeddleSpan *span);
gboolean heddle_cli_tree_is_subflow (HeddleSpan *span);
/* "Finished · 1.20 s · 64 tokens · $0.0042" */
void heddle_cli_tree_append_summary (HeddleCliTree *self, GString *out);

/* A whole run on standard output. */
void heddle_cli_tree_print (HeddleTrace *trace, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleCliTree, heddle_cli_tree_free)

G_END_DECLS
