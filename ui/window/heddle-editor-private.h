/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "window/heddle-editor.h"

#include "canvas/heddle-canvas.h"
#include "find/heddle-find-bar.h"
#include "find/heddle-outline.h"
#include "history/heddle-history-page.h"
#include "inspector/heddle-inspector.h"
#include "palette/heddle-palette.h"
#include "trace/heddle-trace-panel.h"
#include "window/heddle-panes.h"
#include "window/heddle-sidebar.h"

G_BEGIN_DECLS

struct _HeddleEditor
{
  GtkWidget parent_instance;

  GtkWidget *bar_bin;
  GtkWidget *panes_bin;

  GSettings *settings; /* which panels are shown, and how large */
  HeddleSession *session;
  HeddlePanes *panes;
  GtkWidget *question; /* the dialog that is open, or NULL */
  char *question_id;   /* that it is about; or NULL */
  HeddleCanvas *canvas;
  HeddleInspector *inspector;
  HeddleTracePanel *trace_panel;
  HeddleSidebar *sidebar;
  HeddlePalette *palette;
  HeddleTemplateList *templates;
  HeddleOutline *outline;
  HeddleFindBar *find_bar;
  HeddleHistoryPage *history;
  GtkWidget *node_search;     /* a popover of the canvas, made when it is first asked for */
  graphene_point_t search_at; /* where its node goes */
};

/* A sentence to show for a moment. */
void _heddle_editor_tell (HeddleEditor *self, const char *message);

/* heddle-editor-values.c: lets values be dropped on the canvas, and the actions that put them into fields. */
void _heddle_editor_take_values (HeddleEditor *self);
void _heddle_editor_install_values (GtkWidgetClass *klass);

/* heddle-editor-questions.c: shows what the session asks now, and not what it does not ask any more. */
void _heddle_editor_update_question (HeddleEditor *self);

G_END_DECLS
