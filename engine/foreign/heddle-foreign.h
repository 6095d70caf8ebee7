/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * Workflows of other tools, made into ours. What has a like here becomes it, with references rewritten; what has none becomes a
 * placeholder with its parameters. What looks like a secret is left out. A note on the canvas says what has to be looked at.
 * Any thread.
 */
typedef struct
{
  const char *tool; /* "n8n" */
  char *json;       /* a workflow without an id */
  GPtrArray *notes; /* char*: what was not taken over as it was, in translated sentences */
  guint n_nodes;
  guint n_placeholders;
} HeddleForeignWorkflow;

/* The name of a tool whose workflow a text looks like but that cannot be read here; NULL: unknown. */
const char *heddle_foreign_name_stranger (const char *text);
void heddle_foreign_workflow_free (HeddleForeignWorkflow *self);
/* "12 nodes from n8n, 3 of them as placeholders. A note on the canvas says what to look at.", translated. */
char *heddle_foreign_workflow_describe (const HeddleForeignWorkflow *self) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Text of a workflow, ours or another tool's, as ours. foreign: set when it was another's; NULL otherwise. What is neither comes back as
 * it is, for the reader to refuse. HEDDLE_ERROR_INVALID when nothing of another tool's can be used.
 */
char *heddle_foreign_to_ours (const char *text, gssize length, HeddleForeignWorkflow **foreign, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleForeignWorkflow, heddle_foreign_workflow_free)

G_END_DECLS
