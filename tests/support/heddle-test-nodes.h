/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/heddle-plan-builder.h"

G_BEGIN_DECLS

/* Node types that only tests have; they are not in the registry. */

/* Gives its parameter "value". */
extern const HeddleNodeType heddle_test_node_value;
/* Passes its input on at once. Ports: "in", optional "context". */
extern const HeddleNodeType heddle_test_node_echo;
/* The same with joins of other kinds at "in". */
extern const HeddleNodeType heddle_test_node_join_all;
extern const HeddleNodeType heddle_test_node_join_first;
extern const HeddleNodeType heddle_test_node_join_always;
/* Fails "failures" times with an error of class "class" (and "retry_after" ms), then gives "done". Reads only. */
extern const HeddleNodeType heddle_test_node_flaky;
/* The same with an effect that must not be repeated. */
extern const HeddleNodeType heddle_test_node_flaky_unsafe;
/* Streams "text" once and then never ends, until it is cancelled; then it reports, too late. */
extern const HeddleNodeType heddle_test_node_stream;
/* Never ends by itself, until a release comes or it is cancelled. */
extern const HeddleNodeType heddle_test_node_hold;
/* Lets all that hold end, and passes its input on. */
extern const HeddleNodeType heddle_test_node_release;
/* Works in a thread until "together" of them have worked, and says whether they were "together" or it was "alone". */
extern const HeddleNodeType heddle_test_node_work;

void heddle_test_nodes_add_value (HeddlePlanBuilder *builder, const char *id, JsonNode *value);
/* params: JSON text or NULL. */
void heddle_test_nodes_add (HeddlePlanBuilder *builder, const char *id, const HeddleNodeType *type, const char *params);
/* "a.true b.context, c d": from and to, default ports unnamed. */
void heddle_test_nodes_connect (HeddlePlanBuilder *builder, const char *edges);

G_END_DECLS
