/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/heddle-plan.h"

G_BEGIN_DECLS

/* Graphs made up by chance, the same for the same seed. Their nodes ask nobody, and what they give is known from the graph alone. */

typedef enum
{
  RANDOM_TEXT,    /* gives its id */
  RANDOM_MERGE,   /* gives what arrives, with mode 1 always as an object; choice: the join, as HeddleJoin */
  RANDOM_IF,      /* choice: 0 false, 1 true, 2 true in every other round */
  RANDOM_SWITCH,  /* choice: 0 "a", 1 "b", 2 neither */
  RANDOM_BAD,     /* choice: 0 fails, 2 fails in the second round and else gives its id */
  RANDOM_WAIT,    /* gives null after some milliseconds, choice */
  RANDOM_FLAKY,   /* fails so many times, choice, and then gives "done"; not in containers */
  RANDOM_CONTEXT, /* gives what arrives at "in"; "context" is optional; not in containers */
  RANDOM_MAP,     /* over so many items, choice; mode: 0 fail, 1 collect, 2 skip, 3 a threshold of one */
  RANDOM_LOOP,    /* so many rounds, choice; mode: 0 gives the last value, 1 all of them */
  RANDOM_SUBFLOW,
  RANDOM_CIRCLE, /* no node, but those in it lead around to the first of them, for so many rounds at most, choice */
  RANDOM_OUTPUT,
} RandomKind;

typedef struct
{
  RandomKind kind;
  char *id;
  int parent; /* index, or -1 */
  guint choice;
  guint mode;
  guint on_error;     /* as HeddleOnError */
  guint max_attempts; /* of RANDOM_FLAKY */
  HeddleNodeMode takes_part;
} RandomNode;

/*
 * Ports are those of the node types. Between a container and what is in it, those of its frame. A circle is entered at "in", begins at "body", goes
 * on at "around", and is left at "n5.true", a port of what is in it.
 */
typedef struct
{
  guint from;
  const char *from_port;
  guint to;
  const char *to_port;
} RandomEdge;

typedef struct
{
  GArray *nodes; /* of RandomNode; each behind those that lead to it and behind its container */
  GArray *edges; /* of RandomEdge, in document order */
} RandomGraph;

typedef enum
{
  RANDOM_FLAT,    /* without containers; its plan is made by a builder, as some node types are only for tests */
  RANDOM_NESTED,  /* with containers and circles */
  RANDOM_WAITING, /* with nodes that wait besides */
} RandomShape;

RandomGraph *random_graph_new (guint32 seed, RandomShape shape) G_GNUC_WARN_UNUSED_RESULT;
/* Without a node, what is in it and the edges of both, or without an edge; -1: none. Ids stay. */
RandomGraph *random_graph_copy_without (const RandomGraph *self, int node, int edge) G_GNUC_WARN_UNUSED_RESULT;
void random_graph_free (RandomGraph *self);

/* As a workflow file; node types of tests are named as they are, which no program can open. */
char *random_graph_to_json (const RandomGraph *self) G_GNUC_WARN_UNUSED_RESULT;
HeddlePlan *random_graph_compile (const RandomGraph *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RandomGraph, random_graph_free)

G_END_DECLS
