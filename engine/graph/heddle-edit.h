/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-document.h"
#include "graph/heddle-graph-private.h"

G_BEGIN_DECLS

/*
 * The one primitive of every change: before and after of one thing. NULL is "not there", so an
 * edit from NULL adds and an edit to NULL removes; swapping the two undoes it.
 */
typedef enum
{
  HEDDLE_EDIT_NODE,       /* {"node":…, "at":place}; key is the id, index the place in document order */
  HEDDLE_EDIT_EDGE,       /* {"from":…, "to":…}; index the place in document order */
  HEDDLE_EDIT_ANNOTATION, /* as in the file; key is the id, index the place */
  HEDDLE_EDIT_PARAM,      /* any value; key is "node.param", index the place among the parameters */
  HEDDLE_EDIT_OBJECT,     /* an object; key is "node.policy", "node.tool" or "node.pin" */
  HEDDLE_EDIT_STATE,      /* as in the file; key is "node.mode" or "node.collapsed" */
  HEDDLE_EDIT_TITLE,      /* text; key is the node */
  HEDDLE_EDIT_POSITION,   /* a place, [x,y] or of a frame [x,y,width,height]; key is the node */
  HEDDLE_EDIT_PARENT,     /* text; key is the node */
  HEDDLE_EDIT_ID,         /* text; no key */
  HEDDLE_EDIT_META,       /* key is "name", "description" or "settings" */
} HeddleEditKind;

typedef struct
{
  HeddleEditKind kind;
  char *key;
  guint index;
  JsonNode *before;
  JsonNode *after;
} HeddleEdit;

/* Takes before and after. */
HeddleEdit *heddle_edit_new (HeddleEditKind kind, const char *key, guint index, JsonNode *before, JsonNode *after) G_GNUC_WARN_UNUSED_RESULT;
void heddle_edit_free (HeddleEdit *edit);
JsonNode *heddle_edit_to_json (const HeddleEdit *edit) G_GNUC_WARN_UNUSED_RESULT;
HeddleEdit *heddle_edit_new_from_json (JsonNode *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Fails, without having changed anything, when the graph is not as the edit expects. */
gboolean heddle_edit_apply (const HeddleEdit *edit, HeddleGraph *graph, gboolean backward, GError **error);
HeddleChangeFlags heddle_edit_get_flags (const HeddleEdit *edit);
/* Adds (char*, owned) the ids of what it touches. */
void heddle_edit_collect_ids (const HeddleEdit *edit, GHashTable *ids);
/* Takes up a later edit of the same text, as typing does; FALSE when they do not follow each other. */
gboolean heddle_edit_can_merge (const HeddleEdit *edit, const HeddleEdit *later);
void heddle_edit_merge (HeddleEdit *edit, const HeddleEdit *later);
gboolean heddle_edit_is_nothing (const HeddleEdit *edit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleEdit, heddle_edit_free)

G_END_DECLS
