/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum
{
  HEDDLE_PANE_START,
  HEDDLE_PANE_END,
  HEDDLE_PANE_BOTTOM,
  HEDDLE_N_PANES,
} HeddlePane;

/*
 * What one works on with a pane at either side and one below it. Where there is room they stand beside each
 * other with lines to drag between them, and are shown or hidden as the person left them. With less room a
 * pane lies over the content, one at a time and until it is closed: by its button, by Esc, by a click beside
 * it, or because the focus goes to the content.
 *
 * Properties: "show-start", "show-end", "show-bottom" (whether it is shown where there is room), "start-size",
 * "end-size", "bottom-size" (in pixels; change when a drag ends), all to be kept.
 * Keys: F6 and Shift+F6 go from pane to pane, F8 to the lines between them.
 */
#define HEDDLE_TYPE_PANES (heddle_panes_get_type ())
G_DECLARE_FINAL_TYPE (HeddlePanes, heddle_panes, HEDDLE, PANES, GtkWidget)

typedef struct
{
  GtkWidget *child;
  const char *title; /* for the line above it while it lies over the content, and for assistive technology */
  int least;         /* the width that it needs, of the one below the height */
} HeddlePaneContent;

GtkWidget *heddle_panes_new (GtkWidget *content, const HeddlePaneContent panes[HEDDLE_N_PANES]) G_GNUC_WARN_UNUSED_RESULT;
void heddle_panes_toggle (HeddlePanes *self, HeddlePane pane);
/* Shows it, over the content if there is no room beside it. */
void heddle_panes_reveal (HeddlePanes *self, HeddlePane pane);
/* Shows it only where there is room for it, now or later. */
void heddle_panes_suggest (HeddlePanes *self, HeddlePane pane);
/* Closes what lies over the content. FALSE: nothing does. */
gboolean heddle_panes_close (HeddlePanes *self);
gboolean heddle_panes_is_visible (HeddlePanes *self, HeddlePane pane);

G_END_DECLS
