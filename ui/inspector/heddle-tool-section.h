/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-param-editor.h"

G_BEGIN_DECLS

/* How an agent sees the node: a row for each key of its object "tool"; shown while the node is a tool. */
#define HEDDLE_TYPE_TOOL_SECTION (heddle_tool_section_get_type ())
G_DECLARE_FINAL_TYPE (HeddleToolSection, heddle_tool_section, HEDDLE, TOOL_SECTION, AdwBin)

/* Makes the rows; context is borrowed and outlives the section. */
GtkWidget *heddle_tool_section_new (const HeddleParamContext *context) G_GNUC_WARN_UNUSED_RESULT;
/* Shows the context's node. */
void heddle_tool_section_update (HeddleToolSection *self);

G_END_DECLS
