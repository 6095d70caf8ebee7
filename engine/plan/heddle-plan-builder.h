/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/heddle-plan.h"

G_BEGIN_DECLS

/*
 * Makes a plan step by step, in document order. heddle_plan_compile uses it for a graph; anything that
 * is no graph (a single node, node types of a test) uses it directly.
 */
typedef struct _HeddlePlanBuilder HeddlePlanBuilder;

HeddlePlanBuilder *heddle_plan_builder_new (const char *workflow_id, const char *name) G_GNUC_WARN_UNUSED_RESULT;
void heddle_plan_builder_free (HeddlePlanBuilder *self);

/*
 * The body of a container. Edges name where it begins and ends HEDDLE_PLAN_START and HEDDLE_PLAN_END, with these ports (char*). outputs NULL:
 * that of a circle, which begins at its entry.
 */
HeddlePlanBuilder *heddle_plan_builder_new_body (GPtrArray *outputs, GPtrArray *inputs) G_GNUC_WARN_UNUSED_RESULT;
HeddlePlanBuilder *heddle_plan_builder_new_body_of (const HeddleNodeType *type) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the text. */
void heddle_plan_builder_take_source (HeddlePlanBuilder *self, char *source);
void heddle_plan_builder_set_env (HeddlePlanBuilder *self, JsonNode *env);
void heddle_plan_builder_set_budget (HeddlePlanBuilder *self, JsonNode *budget);
void heddle_plan_builder_set_pools (HeddlePlanBuilder *self, JsonNode *pools);
/* The body of a step that was added; what it reads outside of it is read by the step. Consumes body. */
gboolean heddle_plan_builder_set_body (HeddlePlanBuilder *self, const char *id, HeddlePlan *body, GError **error);
/*
 * A loop that an edge back makes: id is free, body (consumed) has this entry, ports (char*) are the ways out, each a port of the body's end.
 */
gboolean heddle_plan_builder_add_rounds (HeddlePlanBuilder *self, const char *id, HeddlePlan *body, const char *entry, GPtrArray *ports, guint max_rounds, GError **error);
/* The step is where a body of a circle begins. */
void heddle_plan_builder_set_entry (HeddlePlanBuilder *self, const char *id);
/* params NULL: all defaults. FALSE when a parameter does not compile or the id is taken. */
gboolean heddle_plan_builder_add_step (HeddlePlanBuilder *self, const char *id, const char *title, const HeddleNodeType *type, JsonObject *params, GError **error);
/* A step for a node that is off or bypassed. FALSE when the id is taken. */
gboolean heddle_plan_builder_add_idle_step (HeddlePlanBuilder *self, const HeddleNode *node, GError **error);
/* What a step that was added does when it fails; before its edges. FALSE when its value does not compile. */
gboolean heddle_plan_builder_set_policy (HeddlePlanBuilder *self, const char *id, JsonObject *policy, GError **error);
/* A result that is used instead of running the step; sealed. */
gboolean heddle_plan_builder_set_pin (HeddlePlanBuilder *self, const char *id, JsonNode *pin, GError **error);
/* Ports NULL: the default ones. Both steps must be there. */
gboolean heddle_plan_builder_add_edge (HeddlePlanBuilder *self, const char *from, const char *from_port, const char *to, const char *to_port, GError **error);
/* Makes the step from a tool of the step to; spec as of heddle_node_dup_tool_spec (). Both steps must be there. An idle step is offered to nobody. */
gboolean heddle_plan_builder_add_tool (HeddlePlanBuilder *self, const char *from, JsonNode *spec, const char *to, GError **error);
/* Consumes the builder. NULL with error when the edges make a circle. */
HeddlePlan *heddle_plan_builder_finish (HeddlePlanBuilder *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddlePlanBuilder, heddle_plan_builder_free)

G_END_DECLS
