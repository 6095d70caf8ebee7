/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-param-editor.h"

G_BEGIN_DECLS

/* What happens when the node fails, and how it is run: folded sections with a row for each setting of its policy. */
#define HEDDLE_TYPE_POLICY_SECTION (heddle_policy_section_get_type ())
G_DECLARE_FINAL_TYPE (HeddlePolicySection, heddle_policy_section, HEDDLE, POLICY_SECTION, AdwBin)

/* Once, before anything else; context is borrowed and outlives the section. */
void heddle_policy_section_set_context (HeddlePolicySection *self, const HeddleParamContext *context);
/* Shows the policy of the context's node. */
void heddle_policy_section_update (HeddlePolicySection *self);
/* Of the whole workflow, or NULL. */
void heddle_policy_section_set_problems (HeddlePolicySection *self, GPtrArray *problems);
/* FALSE when param ("policy.timeout") is none of its own. */
gboolean heddle_policy_section_focus (HeddlePolicySection *self, const char *param);
/* The node or the edges are others: whether the node is where a loop begins. */
void heddle_policy_section_check_loops (HeddlePolicySection *self);

G_END_DECLS
