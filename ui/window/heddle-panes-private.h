/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "window/heddle-panes.h"

G_BEGIN_DECLS

#define HEDDLE_PANES_CONTENT_WIDTH 240 /* that panes beside it leave to it */
#define HEDDLE_PANES_CONTENT_HEIGHT 160
#define HEDDLE_PANES_NONE (-1)

typedef struct
{
  GtkWidget *box; /* the bar and what is in the pane */
  GtkWidget *bar;
  GtkWidget *handle;
  int least;
  int size;
  int size_before; /* the drag that is under way */
  gboolean shown;  /* where there is room */
} HeddlePanesPane;

struct _HeddlePanes
{
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkWidget *scrim;
  HeddlePanesPane panes[HEDDLE_N_PANES];
  gboolean folded; /* no room beside the content */
  gboolean narrow;
  gboolean low; /* no room below it */
  int open;     /* the pane that lies over the content, or NONE */
  AdwAnimation *slide;
  double slid;           /* 0 to 1: how far that pane has come */
  GtkWidget *last_focus; /* weak: where the focus was before a pane took it */
};

/* heddle-panes.c */
/* Whether there is room for it beside the content, or below it. */
gboolean _heddle_panes_is_docked (HeddlePanes *self, HeddlePane pane);
/* What is hidden is not there for assistive technology either, so it is not only out of the layout. */
void _heddle_panes_update_visible (HeddlePanes *self);

/* The person has given it another size. */
void _heddle_panes_notify_size (HeddlePanes *self, HeddlePane pane);

/* heddle-panes-layout.c */
void _heddle_panes_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline);
void _heddle_panes_size_allocate (GtkWidget *widget, int width, int height, int baseline);

/* heddle-panes-resize.c */
GtkWidget *_heddle_panes_create_handle (HeddlePanes *self, HeddlePane pane, const char *title) G_GNUC_WARN_UNUSED_RESULT;

/* heddle-panes-keys.c */
void _heddle_panes_class_install_keys (GtkWidgetClass *klass);

G_END_DECLS
