/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialogs/heddle-provider-limits.h"

#include "dialogs/heddle-preferences-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  HeddleModels *models;
  char *provider;
  GtkSpinButton *parallel; /* borrowed */
  GtkSpinButton *requests;
  GtkSpinButton *tokens;
} Limits;

static void
limits_free (gpointer data,
             GClosure *closure)
{
  Limits *self = data;

  g_object_unref (self->models);
  g_free (self->provider);
  g_free (self);
}

static GtkSpinButton *
add_row (GtkListBox *list,
         const char *title,
         const char *subtitle,
         double most,
         double step,
         double value)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *spin = gtk_spin_button_new_with_range (0, most, step);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), value);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), spin);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), spin);
  gtk_list_box_append (list, row);
  return GTK_SPIN_BUTTON (spin);
}

static double
read_spin (GtkSpinButton *spin)
{
  gtk_spin_button_update (spin);
  return gtk_spin_button_get_value (spin);
}

static void
closed_cb (GtkPopover *popover,
           Limits *self)
{
  HeddleRateLimits limits = {
    .parallel = (guint) read_spin (self->parallel),
    .requests_per_minute = (guint) read_spin (self->requests),
    .tokens_per_minute = (gint64) read_spin (self->tokens),
  };
  g_autoptr (GError) error = NULL;

  if (!heddle_models_set_limits (self->models, self->provider, &limits, &error))
    heddle_preferences_tell (popover, error->message);
}

GtkWidget *
heddle_provider_limits_button_new (HeddleModels *models,
                                   const char *provider)
{
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *list = gtk_list_box_new ();
  Limits *self = g_new0 (Limits, 1);
  HeddleRateLimits limits;

  heddle_models_get_limits (models, provider, &limits);
  self->models = g_object_ref (models);
  self->provider = g_strdup (provider);
  self->parallel = add_row (GTK_LIST_BOX (list), _ ("Calls at Once"), _ ("0: no limit of its own"), 1000, 1, limits.parallel);
  self->requests = add_row (GTK_LIST_BOX (list), _ ("Requests per Minute"), _ ("0: no limit"), 100000, 10, limits.requests_per_minute);
  self->tokens = add_row (GTK_LIST_BOX (list), _ ("Tokens per Minute"), _ ("0: no limit"), 1e9, 1000, (double) limits.tokens_per_minute);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_size_request (list, 360, -1);
  gtk_popover_set_child (GTK_POPOVER (popover), list);
  g_signal_connect_data (popover, "closed", G_CALLBACK (closed_cb), self, limits_free, 0);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "preferences-system-time-symbolic");
  gtk_widget_set_tooltip_text (button, _ ("Limits, shared by providers with the same credential"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Limits"), -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  return button;
}
