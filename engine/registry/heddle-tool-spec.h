/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "registry/heddle-node-type.h"

G_BEGIN_DECLS

/*
 * A node whose first output leads to a port with HEDDLE_PORT_TOOLS is a tool: no step of the flow, but called
 * by the node there, as often as a model wants. What is said of it stands in the node's object "tool":
 * {"name","description","parameters":fields,"schema":JSON Schema in their place,"approval","timeout":seconds,"hand_off":boolean},
 * all optional.
 */

/* The keys of that object as a table, as for parameters of a type: for the inspector, checks and the schema. Not in the registry. */
extern const HeddleNodeType heddle_tool_spec_type;

gboolean heddle_node_type_can_be_tool (const HeddleNodeType *type);
gboolean heddle_port_takes_tools (const HeddlePortSpec *port); /* NULL: no */

/* An array of fields (HEDDLE_PARAM_FIELDS) as the JSON Schema of an object of them. Sealed. */
JsonNode *heddle_fields_to_schema (JsonArray *fields) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
