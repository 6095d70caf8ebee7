/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/heddle-plan.h"

G_BEGIN_DECLS

struct _HeddlePlan
{
  char *workflow_id;
  char *name;
  char *source;
  JsonNode *env;
  JsonNode *budget; /* or NULL */
  JsonNode *pools;  /* {name: slots}; or NULL */
  int start, end, entry;
  GPtrArray *steps;    /* HeddleStep*, owned, in topological order */
  GArray *edges;       /* of HeddlePlanEdge, in document order */
  GHashTable *roots;   /* set of names that expressions begin with */
  GHashTable *indices; /* id, borrowed from the step → index */
};

HeddlePlan *heddle_plan_alloc (void) G_GNUC_WARN_UNUSED_RESULT;
/* What its parameters refer to is added to roots, a set of owned strings. */
HeddleStep *heddle_step_new (const char *id, const char *title, const HeddleNodeType *type, JsonObject *params, GHashTable *roots, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A node that is off or bypassed: it has its ports, and those that edges name. */
HeddleStep *heddle_step_new_idle (const HeddleNode *node) G_GNUC_WARN_UNUSED_RESULT;
/* The index of a port that edges name, which is added if it is not there. */
guint heddle_step_ensure_port (HeddleStep *step, GPtrArray *ports, const char *name);
/* A step that is not run: where a body begins or ends. ports: char*, borrowed. */
HeddleStep *heddle_step_new_start (GPtrArray *ports) G_GNUC_WARN_UNUSED_RESULT;
HeddleStep *heddle_step_new_end (GPtrArray *ports) G_GNUC_WARN_UNUSED_RESULT;
/* A loop that an edge back makes: enters as entry does, and leaves by the ports. */
HeddleStep *heddle_step_new_rounds (const char *id, const HeddleStep *entry, GPtrArray *ports, guint max_rounds) G_GNUC_WARN_UNUSED_RESULT;
HeddleStep *heddle_step_alloc (void) G_GNUC_WARN_UNUSED_RESULT;
/* What it says about failures; the error port comes behind the others. */
gboolean heddle_step_set_policy (HeddleStep *step, JsonObject *policy, GHashTable *roots, GError **error);
void heddle_step_free (HeddleStep *step);

/*
 * Compiles one parameter of a node as it is stored (value NULL: unset). What it refers to is added
 * to roots as a set of owned strings.
 */
gboolean heddle_plan_param_init (HeddlePlanParam *param, const HeddleParamSpec *spec, JsonNode *value, GHashTable *roots, GError **error);
void heddle_plan_param_clear (HeddlePlanParam *param);
/* The value in a scope; NULL without error when it is unset. */
JsonNode *heddle_plan_param_resolve (const HeddlePlanParam *param, const HeddleScope *scope, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
