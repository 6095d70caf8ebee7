/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_ORIGIN_RESULT, /* of a node: path begins with ".output" or another key of its result */
  HEDDLE_ORIGIN_INPUT,  /* what arrived at a node's port */
  HEDDLE_ORIGIN_ITEM,   /* what an item of a container is made for */
  HEDDLE_ORIGIN_ROOT,   /* anything that has a name of its own: node is that name, such as "input" or "vars" */
  HEDDLE_ORIGIN_RECORD, /* what a run noted of a node: {"inputs": {port: value}, "result": …, …}; what is within has one of the kinds above, or NONE */
  HEDDLE_ORIGIN_NONE,   /* no expression can say it */
} HeddleOriginKind;

/*
 * Where a value was seen, so that an expression can be made of it that says it again. What is dragged out of a tree of values is one;
 * it becomes text, the plain expression, where nothing knows better.
 */
typedef struct
{
  HeddleOriginKind kind;
  char *node;  /* id, or a root's name */
  char *port;  /* of INPUT */
  char *scope; /* "map1#3/loop1#0" when it was in a container; or NULL */
  char *path;  /* ".output.items[2].name" */
  JsonNode *value;
} HeddleValueOrigin;

#define HEDDLE_TYPE_VALUE_ORIGIN (heddle_value_origin_get_type ())
GType heddle_value_origin_get_type (void);

/* A value that is a node's, or of a root. scope and port may be NULL. */
HeddleValueOrigin *heddle_value_origin_new (HeddleOriginKind kind, const char *node, const char *port, const char *scope, const char *path) G_GNUC_WARN_UNUSED_RESULT;
HeddleValueOrigin *heddle_value_origin_copy (const HeddleValueOrigin *self) G_GNUC_WARN_UNUSED_RESULT;
void heddle_value_origin_free (HeddleValueOrigin *self);
/* The same for a value within it. */
HeddleValueOrigin *heddle_value_origin_descend (const HeddleValueOrigin *self, const char *path, JsonNode *value) G_GNUC_WARN_UNUSED_RESULT;
/* The expression for a node beside its own: "$router.output.items[2].name"; NULL of RECORD and NONE. */
char *heddle_value_origin_to_expression (const HeddleValueOrigin *self) G_GNUC_WARN_UNUSED_RESULT;

/* As the parameter of an action, and back; NULL when it is damaged. */
GVariant *heddle_value_origin_to_variant (const HeddleValueOrigin *self) G_GNUC_WARN_UNUSED_RESULT;
HeddleValueOrigin *heddle_value_origin_new_from_variant (GVariant *variant) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleValueOrigin, heddle_value_origin_free)

G_END_DECLS
