/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

/* How much room the window has, what is shown where there is less, and how large it is next time. */

/* In a narrow window only what closes it, at the side where the desktop has it. */
static char *
dup_decoration (GtkWidget *widget)
{
  g_autofree char *layout = NULL;
  g_autoptr (GString) left = NULL;

  g_object_get (gtk_widget_get_settings (widget), "gtk-decoration-layout", &layout, NULL);
  left = g_string_new (layout);
  g_string_replace (left, "minimize", "", 0);
  g_string_replace (left, "maximize", "", 0);
  return g_string_free (g_steal_pointer (&left), FALSE);
}

static void
move_child (GtkWidget *child,
            AdwBin *from,
            AdwBin *to)
{
  g_autoptr (GtkWidget) moved = g_object_ref (child);

  if (gtk_widget_get_parent (child) == GTK_WIDGET (to))
    return;
  adw_bin_set_child (from, NULL);
  adw_bin_set_child (to, moved);
}

void
_heddle_window_place_questions (HeddleWindow *self)
{
  gboolean below = heddle_adaptive_bin_is_narrow (self->adaptive) && _heddle_window_get_editor (self) != NULL;
  gboolean any = self->questions != NULL && heddle_open_questions_get_list (self->questions)->len > 0;
  GtkWidget *button = GTK_WIDGET (self->questions_button);

  if (below)
    move_child (button, self->questions_bin, self->narrow_questions_bin);
  else
    move_child (button, self->narrow_questions_bin, self->questions_bin);
  gtk_menu_button_set_has_frame (self->questions_button, !below);
  gtk_widget_set_visible (GTK_WIDGET (self->questions_bin), any && !below);
  gtk_widget_set_visible (GTK_WIDGET (self->narrow_questions_bin), any && below);
}

/* A narrow window has the panels and undo in a bar of their own, where a thumb is, and the rest in the menu. */
void
_heddle_window_update_room (HeddleWindow *self)
{
  gboolean narrow = heddle_adaptive_bin_is_narrow (self->adaptive), has_editor = _heddle_window_get_editor (self) != NULL;
  gboolean folded = heddle_adaptive_bin_is_folded (self->adaptive);
  g_autofree char *decoration = narrow ? dup_decoration (GTK_WIDGET (self)) : NULL;

  gtk_widget_set_visible (self->new_button, !folded || !has_editor);
  gtk_widget_set_visible (self->edit_buttons, !narrow && has_editor);
  gtk_widget_set_visible (self->sidebar_button, !narrow && has_editor);
  gtk_widget_set_visible (self->inspector_button, !narrow && has_editor);
  gtk_widget_set_visible (self->bottom_bar, narrow && has_editor);
  if (narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self->title_button), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->title_button), "narrow");
  _heddle_window_place_questions (self);
  adw_header_bar_set_centering_policy (self->header, folded ? ADW_CENTERING_POLICY_LOOSE : ADW_CENTERING_POLICY_STRICT);
  adw_header_bar_set_decoration_layout (self->header, decoration);
}

void
_heddle_window_bind_size (HeddleWindow *self)
{
  self->settings = g_settings_new ("org.heddle.Heddle");
  g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
}
