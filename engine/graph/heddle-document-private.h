/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-document.h"
#include "graph/heddle-edit.h"
#include "graph/heddle-history.h"

G_BEGIN_DECLS

/* What the verbs in heddle-document-*.c need of the history in heddle-document.c. */

/* As begin, but the step joins the one before when that was typing in the same field just now. */
void heddle_document_begin_typing (HeddleDocument *self, const char *label);
/* As end, but no frame grows around what is in it. */
void heddle_document_end_as_it_is (HeddleDocument *self);
/* Applies an edit (taken) inside the open group. The edit must fit the graph. */
void heddle_document_apply (HeddleDocument *self, HeddleEdit *edit);
/* A free id made from base, also different from those in taken (set of char*, may be NULL). */
char *heddle_document_dup_free_id (HeddleDocument *self, const char *base, GHashTable *taken) G_GNUC_WARN_UNUSED_RESULT;
/* Keeps an id until the next call, for returning it borrowed. */
const char *heddle_document_lend_id (HeddleDocument *self, char *id);

/* What can be undone and redone, for heddle-document-history.c. */
HeddleHistory *heddle_document_get_history (HeddleDocument *self);
/* Whether a group is open. */
gboolean heddle_document_is_open (HeddleDocument *self);
/* "changed" with HEDDLE_CHANGE_ALL and without an entry. */
void heddle_document_emit_reset (HeddleDocument *self);

/* Inside the open group. */
void heddle_document_remove_edge (HeddleDocument *self, const HeddleEdge *edge);
/* Grows the frames around what these edits (HeddleEdit*) put or moved into them. */
void heddle_document_fit_frames (HeddleDocument *self, GPtrArray *edits);
/* Pushes aside what a frame covers now and did not where it was before, x, y, width and height, with what is in the way of that. */
void heddle_document_make_room (HeddleDocument *self, const HeddleVertex *frame, const double before[4]);
/* Changes a node's parent and nothing else; NULL: none. */
void heddle_document_put_into (HeddleDocument *self, const char *id, const char *parent);
/* Puts a new id into the expressions that name the old one; nodes: a set of ids, NULL: everywhere. */
void heddle_document_rewrite_references (HeddleDocument *self, GHashTable *nodes, const char *old_id, const char *new_id);
/* Moves a node alone to a place; width and height are those of a frame, 0 for a card. */
void heddle_document_place (HeddleDocument *self, const HeddleNode *node, double x, double y, double width, double height);
/* Moves nodes with what is in them, and annotations, inside the open group; lines stay as they are. */
void heddle_document_shift (HeddleDocument *self, const char *const *ids, double dx, double dy);
/* A sealed node that nobody else can change. */
JsonNode *heddle_document_dup_sealed (JsonNode *value) G_GNUC_WARN_UNUSED_RESULT;
/* Rounded and within the canvas. */
double heddle_document_to_canvas (double number);
HeddleEdit *heddle_edit_new_for_node (const HeddleNode *node, guint index, gboolean add) G_GNUC_WARN_UNUSED_RESULT;

/* Where nodes were, by id, so that afterwards the points of lines follow those whose both ends went the same way. */
typedef GHashTable HeddlePlaces;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddlePlaces, g_hash_table_unref)
HeddlePlaces *heddle_document_note_places (HeddleDocument *self, const char *const *ids) G_GNUC_WARN_UNUSED_RESULT;
/* may_straighten: lines whose ends went different ways lose their points, which lie anywhere now. */
void heddle_document_move_points (HeddleDocument *self, HeddlePlaces *places, gboolean may_straighten);

G_END_DECLS
