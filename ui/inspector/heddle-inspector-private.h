/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inspector/heddle-inspector.h"

#include "inspector/heddle-annotation-page.h"
#include "inspector/heddle-edge-page.h"
#include "inspector/heddle-inspector-section.h"
#include "inspector/heddle-node-header.h"
#include "inspector/heddle-node-links.h"
#include "inspector/heddle-output-section.h"
#include "inspector/heddle-param-panel.h"
#include "inspector/heddle-policy-section.h"
#include "inspector/heddle-tool-section.h"
#include "inspector/heddle-workflow-page.h"

G_BEGIN_DECLS

struct _HeddleInspector
{
  GtkWidget parent_instance;

  GtkWidget *stack;
  GtkWidget *scroller;
  HeddleWorkflowPage *workflow_page;
  HeddleAnnotationPage *annotation_page;
  AdwBin *edge_bin;
  HeddleEdgePage *edge_page;
  GtkLabel *several_label;
  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  GtkToggleButton *search_button;
  HeddleNodeHeader *header;
  GtkLabel *problems_label;
  GtkWidget *not_found;
  AdwBin *params_bin;
  HeddleParamPanel *params;
  GtkWidget *rest; /* what only one node has */
  AdwBin *tool_bin;
  HeddleToolSection *tool_section;
  HeddlePolicySection *policy;
  AdwBin *output_bin;
  HeddleOutputSection *output;
  AdwBin *neighbours_bin;
  HeddleInspectorSection *neighbours;
  AdwBin *links_bin;
  HeddleNodeLinks *links;
  GtkLabel *results;

  HeddleDocument *document;
  GPtrArray *problems;
  char **ids; /* the nodes that are edited; NULL: none */
  guint n_selected;
  HeddleParamContext context;
  GSignalGroup *trace_signals;
  guint warm_up;
};

/* The first of those that are edited, or NULL. */
const HeddleNode *_heddle_inspector_get_node (HeddleInspector *self);
gboolean _heddle_inspector_is_several (HeddleInspector *self);

G_END_DECLS
