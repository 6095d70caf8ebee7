/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "graph/heddle-graph.h"
#include "plan/heddle-plan-builder.h"

G_BEGIN_DECLS

/*
 * How the nodes of a graph are divided into plans: one for the workflow, one for the body of each container, and one for each circle of
 * edges. An edge that crosses the border of a circle becomes one piece on either side of it.
 */
typedef struct _HeddlePlanLevel HeddlePlanLevel;
struct _HeddlePlanLevel
{
  HeddlePlanLevel *parent;     /* that the step for this one is in; NULL: the workflow */
  const HeddleNode *container; /* whose body it is; or NULL */
  const char *entry;           /* of the circle that it is; or NULL */
  char *step;                  /* id of the step for it in parent; NULL: the workflow */
  guint depth;
  GPtrArray *nodes;  /* const HeddleNode*, in document order */
  GPtrArray *ports;  /* char*, of a circle: the input ports of its end */
  GPtrArray *pieces; /* HeddlePlanPiece*, in document order */
  GHashTable *taken; /* set of HeddlePlanPiece* */
};

typedef struct
{
  const char *from;
  const char *from_port;
  const char *to;
  const char *to_port;
} HeddlePlanPiece;

typedef struct
{
  GPtrArray *levels; /* HeddlePlanLevel*, outer ones before those in them */
  GPtrArray *loops;  /* HeddleGraphLoop* */
} HeddlePlanLevels;

/* Everything is borrowed from the graph, which must not change meanwhile. */
HeddlePlanLevels *heddle_plan_levels_new (HeddleGraph *graph) G_GNUC_WARN_UNUSED_RESULT;
void heddle_plan_levels_free (HeddlePlanLevels *self);
/* Whether a way out of the circle (one of ports) leads around to its entry. */
gboolean heddle_plan_level_is_around (const char *port);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddlePlanLevels, heddle_plan_levels_free)

G_END_DECLS
