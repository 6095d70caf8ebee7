/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-minimap.h"
#include "canvas/heddle-canvas-private.h"

#define MARGIN 12

static GtkWidget *
icon_button (const char *icon_name, const char *action, const char *tooltip)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_focus_on_click (button, FALSE);
  return button;
}

static void
map_toggled_cb (GtkToggleButton *button, HeddleCanvas *self)
{
  self->wants_map = gtk_toggle_button_get_active (button);
  heddle_canvas_update_controls (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

void
heddle_canvas_toggle_map (HeddleCanvas *self)
{
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->map_button), !self->wants_map);
}

void
heddle_canvas_refresh_map (HeddleCanvas *self)
{
  if (self->wants_map)
    heddle_canvas_minimap_invalidate (HEDDLE_CANVAS_MINIMAP (self->minimap));
}

/* It says nothing where all is seen. */
static gboolean
is_all_in_view (HeddleCanvas *self)
{
  graphene_rect_t view, bounds;

  heddle_canvas_get_world_view (self, 0, &view);
  return !heddle_canvas_scene_get_bounds (self->scene, FALSE, &bounds) || graphene_rect_contains_rect (&view, &bounds);
}

void
heddle_canvas_update_map (HeddleCanvas *self)
{
  gboolean is_shown = self->wants_map && (gtk_widget_has_focus (self->minimap) || !is_all_in_view (self));

  if (!is_shown && gtk_widget_has_focus (self->minimap))
    gtk_widget_grab_focus (GTK_WIDGET (self));
  gtk_widget_set_child_visible (self->minimap, is_shown);
  heddle_canvas_minimap_update_view (HEDDLE_CANVAS_MINIMAP (self->minimap));
}

static GtkWidget *
create_map_button (HeddleCanvas *self)
{
  GtkWidget *button = gtk_toggle_button_new ();

  gtk_button_set_icon_name (GTK_BUTTON (button), "find-location-symbolic");
  gtk_widget_set_tooltip_text (button, _ ("Overview of What Is out of View (M)"));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_focus_on_click (button, FALSE);
  g_signal_connect (button, "toggled", G_CALLBACK (map_toggled_cb), self);
  return button;
}

/* With a screen to touch the buttons are as large as fingers need. */
static void
bar_realize_cb (GtkWidget *bar)
{
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (bar));

  if (seat != NULL && (gdk_seat_get_capabilities (seat) & GDK_SEAT_CAPABILITY_TOUCH) != 0)
    gtk_widget_add_css_class (bar, "touch");
}

static GtkWidget *
create_bar (HeddleCanvas *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->zoom_button = gtk_button_new_with_label ("100 %");
  /* As wide for 5 % as for 400 %, so that its neighbours stay under the pointer that clicks them. */
  gtk_label_set_width_chars (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (self->zoom_button))), 6);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->zoom_button), "canvas.zoom-reset");
  gtk_widget_set_tooltip_text (self->zoom_button, _ ("Reset Zoom (Ctrl+0)"));
  gtk_widget_add_css_class (self->zoom_button, "flat");
  gtk_widget_add_css_class (self->zoom_button, "numeric");
  gtk_widget_set_focus_on_click (self->zoom_button, FALSE);

  gtk_box_append (GTK_BOX (bar), icon_button ("list-remove-symbolic", "canvas.zoom-out", _ ("Zoom Out (Ctrl+−)")));
  gtk_box_append (GTK_BOX (bar), self->zoom_button);
  gtk_box_append (GTK_BOX (bar), icon_button ("list-add-symbolic", "canvas.zoom-in", _ ("Zoom In (Ctrl++)")));
  gtk_box_append (GTK_BOX (bar), icon_button ("zoom-fit-best-symbolic", "canvas.fit", _ ("Show Everything (Shift+1)")));
  self->map_button = create_map_button (self);
  gtk_box_append (GTK_BOX (bar), self->map_button);
  gtk_widget_add_css_class (bar, "heddle-canvas-controls");
  g_signal_connect (bar, "realize", G_CALLBACK (bar_realize_cb), NULL);
  return bar;
}

static GtkWidget *
create_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

/* What to do on an empty canvas; never in the way of the pointer. */
static GtkWidget *
create_hint (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_box_append (GTK_BOX (box), create_label (_ ("Start with a node"), "title-2"));
  gtk_box_append (GTK_BOX (box), create_label (_ ("Drag one here from the list, or double-click to search. Then drag from the dot on its right side to the next node."), "dim-label"));
  gtk_widget_set_can_target (box, FALSE);
  return box;
}

void
heddle_canvas_create_controls (HeddleCanvas *self)
{
  self->hint = create_hint ();
  self->controls = create_bar (self);
  gtk_widget_set_parent (self->controls, GTK_WIDGET (self));
  gtk_widget_set_parent (self->hint, GTK_WIDGET (self));
  self->minimap = heddle_canvas_minimap_new (self);
  gtk_widget_set_parent (self->minimap, GTK_WIDGET (self));
  self->speaker = heddle_canvas_create_speaker ();
  gtk_widget_set_parent (self->speaker, GTK_WIDGET (self));
  heddle_canvas_update_controls (self);
}

static void
allocate_at (GtkWidget *widget, double x, double y, int width, int height)
{
  gtk_widget_allocate (widget, width, height, -1, gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT (x, y)));
}

void
heddle_canvas_allocate_controls (HeddleCanvas *self, int width, int height)
{
  int own_width, own_height;

  gtk_widget_measure (self->controls, GTK_ORIENTATION_HORIZONTAL, -1, &own_width, NULL, NULL, NULL);
  gtk_widget_measure (self->controls, GTK_ORIENTATION_VERTICAL, own_width, &own_height, NULL, NULL, NULL);
  allocate_at (self->controls, (width - own_width) / 2, height - own_height - MARGIN, own_width, own_height);

  gtk_widget_measure (self->minimap, GTK_ORIENTATION_HORIZONTAL, -1, &own_width, NULL, NULL, NULL);
  gtk_widget_measure (self->minimap, GTK_ORIENTATION_VERTICAL, -1, &own_height, NULL, NULL, NULL);
  allocate_at (self->minimap, width - own_width - MARGIN, height - own_height - MARGIN, own_width, own_height);

  gtk_widget_measure (self->speaker, GTK_ORIENTATION_HORIZONTAL, -1, &own_width, NULL, NULL, NULL);
  gtk_widget_measure (self->speaker, GTK_ORIENTATION_VERTICAL, own_width, &own_height, NULL, NULL, NULL);
  own_width = MAX (own_width, 1);
  allocate_at (self->speaker, 0, height - own_height, own_width, own_height);

  gtk_widget_measure (self->hint, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &own_width, NULL, NULL);
  own_width = MIN (own_width, width - 2 * MARGIN);
  gtk_widget_measure (self->hint, GTK_ORIENTATION_VERTICAL, own_width, &own_height, NULL, NULL, NULL);
  allocate_at (self->hint, (width - own_width) / 2, (height - own_height) / 2, own_width, own_height);
}

void
heddle_canvas_update_controls (HeddleCanvas *self)
{
  g_autofree char *label = g_strdup_printf (_ ("%d %%"), (int) (self->zoom * 100 + .5));

  gtk_button_set_label (GTK_BUTTON (self->zoom_button), label);
  heddle_canvas_minimap_invalidate (HEDDLE_CANVAS_MINIMAP (self->minimap));
  heddle_canvas_update_map (self);
  gtk_widget_set_child_visible (self->hint, self->document != NULL && heddle_canvas_scene_get_items (self->scene)->len == 0);
}
