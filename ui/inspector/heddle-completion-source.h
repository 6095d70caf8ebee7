/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-param-editor.h"

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_COMPLETION_NODE,
  HEDDLE_COMPLETION_ROOT, /* $input, $vars … */
  HEDDLE_COMPLETION_FIELD,
  HEDDLE_COMPLETION_FUNCTION,
} HeddleCompletionKind;

/* Something that may stand where the cursor is. */
typedef struct
{
  HeddleCompletionKind kind;
  char *name;   /* what is typed to find it, without "$" */
  char *insert; /* what takes the place of the last n_replaced characters */
  guint n_replaced;
  char *detail; /* a node's title, a value's kind, a function's arguments; or NULL */
  char *help;   /* a sentence, or the value's beginning; or NULL */
} HeddleCompletionItem;

void heddle_completion_item_free (HeddleCompletionItem *item);

/*
 * What may stand behind an expression's beginning: nodes that have run by then, their results by type and by the run that is shown,
 * variables, functions. Those that begin with the word before the cursor come first, then those that contain it. is_wanted: the person
 * asked; else only what follows a "$" or a point, or nothing at all. Array of HeddleCompletionItem*. Apart from any view.
 */
GPtrArray *heddle_completion_list (const HeddleParamContext *context, const char *before, gboolean is_wanted) G_GNUC_WARN_UNUSED_RESULT;
/* Names of what the type of a node says of its result: "output", "usage", and the fields that it declares; char*. */
GPtrArray *heddle_completion_list_declared (const HeddleNode *node) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
