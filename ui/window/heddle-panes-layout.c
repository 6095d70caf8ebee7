/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-panes-private.h"

#define FOLD_BELOW 900
#define NARROW_BELOW 600
#define SHORT_BELOW 440 /* too low for a pane at the bottom */
#define HANDLE_WIDTH 9
#define SHEET_PART .8 /* of the height, for the bottom pane over the content */

/* Everything is placed as if it were read from left to right, and mirrored here. */
static void
place (HeddlePanes *self,
       GtkWidget *child,
       int x,
       int y,
       int width,
       int height)
{
  int own_width = gtk_widget_get_width (GTK_WIDGET (self));
  int least_width, least_height;

  if (child == NULL || !gtk_widget_should_layout (child))
    return;
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least_width, NULL, NULL, NULL);
  width = MAX (width, least_width);
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, &least_height, NULL, NULL, NULL);
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = own_width - x - width;
  gtk_widget_allocate (child, width, MAX (height, least_height), -1, gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT (x, y)));
}

static int
get_least (HeddlePanes *self,
           HeddlePane pane)
{
  GtkOrientation orientation = pane == HEDDLE_PANE_BOTTOM ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;
  int least = 0;

  if (gtk_widget_should_layout (self->panes[pane].box))
    gtk_widget_measure (self->panes[pane].box, orientation, -1, &least, NULL, NULL, NULL);
  return MAX (least, self->panes[pane].least);
}

/* What a pane beside the content takes of an extent in which others need their room too. */
static int
get_docked_size (HeddlePanes *self,
                 HeddlePane pane,
                 int room)
{
  if (!_heddle_panes_is_docked (self, pane) || !self->panes[pane].shown)
    return 0;
  return MAX (MIN (self->panes[pane].size, room), get_least (self, pane));
}

static void
place_over (HeddlePanes *self,
            int width,
            int height)
{
  const HeddlePane pane = self->open;
  int size = self->narrow ? width : MIN (MAX (self->panes[pane].size, get_least (self, pane)), width);
  int sheet = self->low ? height : (int) (height * SHEET_PART);
  double away = 1 - self->slid;

  place (self, self->scrim, 0, 0, width, height);
  if (pane == HEDDLE_PANE_START)
    place (self, self->panes[pane].box, (int) (-away * size), 0, size, height);
  else if (pane == HEDDLE_PANE_END)
    place (self, self->panes[pane].box, (int) (width - size + away * size), 0, size, height);
  else
    place (self, self->panes[pane].box, 0, (int) (height - sheet + away * sheet), width, sheet);
}

static void
set_room (HeddlePanes *self,
          int width,
          int height)
{
  gboolean folded = width < FOLD_BELOW, narrow = width < NARROW_BELOW, low = height < SHORT_BELOW;

  if (folded == self->folded && narrow == self->narrow && low == self->low)
    return;
  self->folded = folded;
  self->narrow = narrow;
  self->low = low;
  if (self->open != HEDDLE_PANES_NONE && _heddle_panes_is_docked (self, self->open))
    self->open = HEDDLE_PANES_NONE;
  _heddle_panes_update_visible (self);
}

void
_heddle_panes_size_allocate (GtkWidget *widget,
                             int width,
                             int height,
                             int baseline)
{
  HeddlePanes *self = HEDDLE_PANES (widget);
  HeddlePanesPane *panes = self->panes;
  int start, end, bottom, middle;

  set_room (self, width, height);
  end = get_docked_size (self, HEDDLE_PANE_END, width - HEDDLE_PANES_CONTENT_WIDTH);
  start = get_docked_size (self, HEDDLE_PANE_START, width - HEDDLE_PANES_CONTENT_WIDTH - end);
  /* Both as wide as they like leave too little: the first gives in down to what it needs, then the second. */
  end = get_docked_size (self, HEDDLE_PANE_END, width - HEDDLE_PANES_CONTENT_WIDTH - start);
  bottom = get_docked_size (self, HEDDLE_PANE_BOTTOM, height - HEDDLE_PANES_CONTENT_HEIGHT);
  middle = width - start - end;

  place (self, self->content, start, 0, middle, height - bottom);
  if (start > 0)
    place (self, panes[HEDDLE_PANE_START].box, 0, 0, start, height);
  if (end > 0)
    place (self, panes[HEDDLE_PANE_END].box, width - end, 0, end, height - bottom);
  if (bottom > 0)
    place (self, panes[HEDDLE_PANE_BOTTOM].box, start, height - bottom, width - start, bottom);
  place (self, panes[HEDDLE_PANE_START].handle, start - HANDLE_WIDTH / 2, 0, HANDLE_WIDTH, height);
  place (self, panes[HEDDLE_PANE_END].handle, width - end - HANDLE_WIDTH / 2, 0, HANDLE_WIDTH, height - bottom);
  place (self, panes[HEDDLE_PANE_BOTTOM].handle, start, height - bottom - HANDLE_WIDTH / 2, width - start, HANDLE_WIDTH);
  if (self->open != HEDDLE_PANES_NONE)
    place_over (self, width, height);
}

void
_heddle_panes_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  HeddlePanes *self = HEDDLE_PANES (widget);
  gboolean horizontal = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum_baseline = *natural_baseline = -1;
  *minimum = *natural = 0;
  if (self->content != NULL)
    gtk_widget_measure (self->content, orientation, -1, minimum, natural, NULL, NULL);
  for (guint i = 0; i < HEDDLE_N_PANES; i++)
    if (self->panes[i].shown && (i == HEDDLE_PANE_BOTTOM) != horizontal)
      *natural += self->panes[i].size;
}
