/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A place in the workflow, or in the run that is shown, where the text that is searched for stands.
 */
#define HEDDLE_TYPE_FIND_MATCH (heddle_find_match_get_type ())
G_DECLARE_FINAL_TYPE (HeddleFindMatch, heddle_find_match, HEDDLE, FIND_MATCH, GObject)

const char *heddle_find_match_get_id (HeddleFindMatch *self);     /* of the node or annotation */
const char *heddle_find_match_get_title (HeddleFindMatch *self);  /* of it, for people */
const char *heddle_find_match_get_field (HeddleFindMatch *self);  /* translated: what it stands in */
const char *heddle_find_match_get_param (HeddleFindMatch *self);  /* the parameter it stands in; or NULL */
const char *heddle_find_match_get_markup (HeddleFindMatch *self); /* Pango: the text around it, on one line, with it in bold */

/* What is searched for; case does not count. NULL for a text of nothing but spaces. */
typedef struct _HeddleFindNeedle HeddleFindNeedle;
HeddleFindNeedle *heddle_find_needle_new (const char *text) G_GNUC_WARN_UNUSED_RESULT;
void heddle_find_needle_free (HeddleFindNeedle *self);
/* Where it first stands in the text: offset in bytes, and how long it is there; -1: nowhere. */
gssize heddle_find_needle_locate (const HeddleFindNeedle *self, const char *text, gsize *length);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleFindNeedle, heddle_find_needle_free)

/* Appends the matches in one node: title, name, type, texts of its parameters, and its result in the trace (may be NULL). HeddleFindMatch*. */
void heddle_find_in_node (const HeddleFindNeedle *needle, const HeddleNode *node, HeddleTrace *trace, GPtrArray *matches);
void heddle_find_in_annotation (const HeddleFindNeedle *needle, const HeddleAnnotation *annotation, GPtrArray *matches);

G_END_DECLS
