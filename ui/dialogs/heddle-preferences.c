/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialogs/heddle-preferences.h"

#include "dialogs/heddle-preferences-private.h"

#include "common/heddle-toast.h"
#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

struct _HeddlePreferences
{
  AdwPreferencesWindow parent_instance;
};

G_DEFINE_FINAL_TYPE (HeddlePreferences, heddle_preferences, ADW_TYPE_PREFERENCES_WINDOW)

void
heddle_preferences_tell (gpointer page,
                         const char *message)
{
  GtkWidget *window = gtk_widget_get_ancestor (page, ADW_TYPE_PREFERENCES_WINDOW);

  if (window != NULL)
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (window), heddle_toast_new (message));
}

GtkWidget *
heddle_preferences_add_button (GtkWidget *row,
                               const char *icon,
                               const char *tooltip,
                               const char *name,
                               GCallback clicked,
                               gpointer page)
{
  GtkWidget *button = heddle_flat_button_new (icon, tooltip);

  g_object_set_data_full (G_OBJECT (button), "heddle-name", g_strdup (name), g_free);
  g_signal_connect_object (button, "clicked", clicked, page, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return button;
}

const char *
heddle_preferences_get_name (GtkButton *button)
{
  return g_object_get_data (G_OBJECT (button), "heddle-name");
}

void
heddle_preferences_remove_rows (AdwPreferencesGroup *group,
                                GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, g_ptr_array_index (rows, i));
  g_ptr_array_set_size (rows, 0);
}

char *
heddle_preferences_dup_text (gpointer editable)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (editable)));
}

/* In the order of the window. */
static const HeddlePreferencesPage page_list[] = {
  { "models", N_ ("Models"), "heddle-llm-symbolic" },
  { "prices", N_ ("Prices"), "view-list-symbolic" },
  { "credentials", N_ ("Credentials"), "dialog-password-symbolic" },
  { "servers", N_ ("MCP Servers"), "heddle-mcp-symbolic" },
  { "limits", N_ ("Limits"), "preferences-other-symbolic" },
  { NULL },
};

const HeddlePreferencesPage *
heddle_preferences_list_pages (void)
{
  return page_list;
}

GtkWidget *
heddle_preferences_new (const HeddleServices *services)
{
  GtkWidget *const pages[] = {
    heddle_preferences_providers_new (services),
    heddle_preferences_prices_new (services),
    heddle_preferences_credentials_new (services),
    heddle_preferences_servers_new (services),
    heddle_preferences_limits_new (services),
  };
  G_STATIC_ASSERT (G_N_ELEMENTS (pages) + 1 == G_N_ELEMENTS (page_list));
  HeddlePreferences *self = g_object_new (HEDDLE_TYPE_PREFERENCES, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      adw_preferences_page_set_name (ADW_PREFERENCES_PAGE (pages[i]), page_list[i].name);
      adw_preferences_window_add (ADW_PREFERENCES_WINDOW (self), ADW_PREFERENCES_PAGE (pages[i]));
    }
  return GTK_WIDGET (self);
}

static void
heddle_preferences_class_init (HeddlePreferencesClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass), "/org/heddle/Heddle/dialogs/heddle-preferences.ui");
}

static void
heddle_preferences_init (HeddlePreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
