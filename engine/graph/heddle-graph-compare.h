/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-graph.h"

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_DIFFERENCE_ADDED,
  HEDDLE_DIFFERENCE_REMOVED,
  HEDDLE_DIFFERENCE_CHANGED,
  HEDDLE_DIFFERENCE_MOVED, /* changed in nothing but its place */
} HeddleDifferenceKind;

typedef enum
{
  HEDDLE_PART_WORKFLOW, /* name, description, settings */
  HEDDLE_PART_NODE,
  HEDDLE_PART_EDGE,
  HEDDLE_PART_ANNOTATION,
} HeddleDifferencePart;

/* One thing that is different of a part that changed. */
typedef struct
{
  char *label;  /* translated: a parameter's title, "Title", … */
  char *before; /* as text; NULL: there was none */
  char *after;
} HeddleDifferenceDetail;

typedef struct
{
  HeddleDifferenceKind kind;
  HeddleDifferencePart part;
  char *id;           /* of a node or annotation, after the change unless it was removed; else NULL */
  char *old_id;       /* same, before the change unless it was added */
  char *title;        /* for people */
  GPtrArray *details; /* HeddleDifferenceDetail*; empty unless it changed */
} HeddleDifference;
void heddle_difference_free (HeddleDifference *difference);
/* One sentence, translated. */
char *heddle_difference_to_text (const HeddleDifference *difference) G_GNUC_WARN_UNUSED_RESULT;

/*
 * What makes one workflow of the other: array that owns HeddleDifference*, the workflow first, then nodes, edges and annotations, each in document
 * order with what was removed at the end. A node that got another name and is otherwise the same, at the same place, counts as changed. O(n).
 */
GPtrArray *heddle_graph_compare (HeddleGraph *before, HeddleGraph *after) G_GNUC_WARN_UNUSED_RESULT;
/* Of what was compared, in a few words: "2 added, 1 changed". */
char *heddle_differences_summarize (GPtrArray *differences) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
