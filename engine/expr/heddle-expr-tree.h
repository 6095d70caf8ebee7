/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-expr-node.h"

G_BEGIN_DECLS

/* What expressions and templates share. */
gboolean expr_check_source (const char *source, GError **error);
JsonNode *expr_tree_evaluate (const ExprTree *tree, const char *source, const HeddleScope *scope, GError **error);

/* Appends HeddleReference* for each root that is not a parameter. */
void expr_tree_collect (const ExprTree *tree, GPtrArray *references);
GPtrArray *expr_references_new (void);
char *expr_rename_references (const char *source, GPtrArray *references, const char *old_root, const char *new_root);

G_END_DECLS
