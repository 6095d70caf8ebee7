/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

/* What a person is in the middle of writing: "$router.output.items[0].na". */
typedef struct
{
  char *word;         /* the last piece, "na" or "" */
  guint n_word;       /* characters of it */
  gboolean is_member; /* it stands behind a point */
  guint n_point;      /* characters of the point before it: 1, or 2 for "?." */
  gboolean is_root;   /* it stands behind "$" */
  char *base;         /* "router"; of a name without "$", such as Math, the name; NULL: something that only a run can tell */
  gboolean has_dollar;
  GPtrArray *keys; /* char* between the base and the word: "output", "items", "0" */
} HeddleCompletionPath;

/* Reads the end of an expression's beginning. */
HeddleCompletionPath *heddle_completion_path_new (const char *before) G_GNUC_WARN_UNUSED_RESULT;
void heddle_completion_path_free (HeddleCompletionPath *self);
/* Follows names and places of elements into a value; borrowed or NULL. */
JsonNode *heddle_completion_path_follow (JsonNode *value, GPtrArray *keys);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleCompletionPath, heddle_completion_path_free)

G_END_DECLS
