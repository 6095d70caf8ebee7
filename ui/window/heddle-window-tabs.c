/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Stored workflows in tabs, what their tabs say, and the open tabs remembered as they change, so that they are there again after a crash, too. */

HeddleEditor *
_heddle_window_find_open (HeddleWindow *self,
                          const char *workflow_id)
{
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tabs); i++)
    {
      HeddleEditor *editor = HEDDLE_EDITOR (adw_tab_page_get_child (adw_tab_view_get_nth_page (self->tabs, i)));

      if (g_strcmp0 (heddle_session_get_workflow_id (heddle_editor_get_session (editor)), workflow_id) == 0)
        return editor;
    }
  return NULL;
}

void
heddle_window_open_workflow (HeddleWindow *self,
                             const char *id)
{
  HeddleEditor *editor;

  g_return_if_fail (HEDDLE_IS_WINDOW (self));

  editor = _heddle_window_find_open (self, id);
  if (editor != NULL)
    _heddle_window_show_editor (self, editor);
  else
    _heddle_window_open_stored (self, id, FALSE);
}

/* Being saved takes a moment and is no news; that it failed is, also in a tab behind. */
static void
saved_cb (HeddleSession *session,
          GParamSpec *pspec,
          AdwTabPage *page)
{
  g_autoptr (GIcon) icon = NULL;

  if (!heddle_session_is_saved (session) && heddle_session_has_save_failed (session))
    icon = g_themed_icon_new ("dialog-warning-symbolic");
  adw_tab_page_set_indicator_icon (page, icon);
  adw_tab_page_set_indicator_tooltip (page, icon != NULL ? _ ("Not saved. It is tried again.") : "");
}

/* A run that has ended, or asks something, while another tab is in front. */
static void
attract_cb (AdwTabPage *page)
{
  if (!adw_tab_page_get_selected (page))
    adw_tab_page_set_needs_attention (page, TRUE);
}

static void
selected_cb (AdwTabPage *page)
{
  if (adw_tab_page_get_selected (page))
    adw_tab_page_set_needs_attention (page, FALSE);
}

void
_heddle_window_follow_page (HeddleWindow *self,
                            AdwTabPage *page,
                            HeddleSession *session)
{
  g_object_bind_property (session, "running", page, "loading", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (session, "notify::saved", G_CALLBACK (saved_cb), page, 0);
  g_signal_connect_object (session, "run-ended", G_CALLBACK (attract_cb), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "questions-changed", G_CALLBACK (attract_cb), page, G_CONNECT_SWAPPED);
  g_signal_connect (page, "notify::selected", G_CALLBACK (selected_cb), NULL);
}

/* "Support Triage (running)" */
static char *
dup_label (AdwTabPage *page)
{
  HeddleSession *session = heddle_editor_get_session (HEDDLE_EDITOR (adw_tab_page_get_child (page)));

  if (heddle_session_is_running (session))
    /* Translators: of the title of a workflow in the list of those that are open. */
    return g_strdup_printf (_ ("%s (running)"), adw_tab_page_get_title (page));
  if (adw_tab_page_get_indicator_icon (page) != NULL)
    return g_strdup_printf (_ ("%s (not saved)"), adw_tab_page_get_title (page));
  return g_strdup (adw_tab_page_get_title (page));
}

/* Made anew each time it opens, in the order of the tabs. */
void
_heddle_window_fill_tabs_menu (GtkMenuButton *button,
                               gpointer user_data)
{
  HeddleWindow *self = user_data;
  g_autoptr (GMenu) menu = g_menu_new ();

  for (int i = 0; i < adw_tab_view_get_n_pages (self->tabs); i++)
    {
      g_autofree char *label = dup_label (adw_tab_view_get_nth_page (self->tabs, i));
      g_autoptr (GMenuItem) item = g_menu_item_new (NULL, NULL);

      g_menu_item_set_attribute (item, "label", "s", label);
      g_menu_item_set_action_and_target (item, "win.show-tab", "i", i);
      g_menu_append_item (menu, item);
    }
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
show_tab_action (GtkWidget *widget,
                 const char *action,
                 GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);
  int index = g_variant_get_int32 (parameter);

  if (index >= 0 && index < adw_tab_view_get_n_pages (self->tabs))
    _heddle_window_show_editor (self, HEDDLE_EDITOR (adw_tab_page_get_child (adw_tab_view_get_nth_page (self->tabs, index))));
}

void
_heddle_window_install_tab_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.show-tab", "i", show_tab_action);
}

typedef struct
{
  HeddleWindow *window;
  char *selected;
  guint n_left;
} Restore;

static HeddleSession *
get_session (HeddleWindow *self,
             int index)
{
  return heddle_editor_get_session (HEDDLE_EDITOR (adw_tab_page_get_child (adw_tab_view_get_nth_page (self->tabs, index))));
}

void
_heddle_window_remember_tabs (HeddleWindow *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) ids = NULL;
  HeddleSession *selected = _heddle_window_get_session (self);

  if (self->tabs == NULL || self->is_restoring)
    return;
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tabs); i++)
    g_strv_builder_add (builder, heddle_session_get_workflow_id (get_session (self, i)));
  ids = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, "open-workflows", (const char *const *) ids);
  g_settings_set_string (self->settings, "selected-workflow", selected != NULL ? heddle_session_get_workflow_id (selected) : "");
}

/* In front is what was, which may be the start page. */
static void
finish (Restore *restore)
{
  HeddleWindow *self = restore->window;
  HeddleEditor *selected = self->tabs != NULL ? _heddle_window_find_open (self, restore->selected) : NULL;

  self->is_restoring = FALSE;
  if (selected != NULL)
    _heddle_window_show_editor (self, selected);
  else if (self->tabs != NULL)
    _heddle_window_show_start (self);
  if (self->tabs != NULL)
    _heddle_window_remember_tabs (self);
  g_free (restore->selected);
  g_object_unref (self);
  g_free (restore);
}

/* A workflow that is gone, or cannot be read, is on the start page or nowhere; nobody asked for it now. */
static void
loaded_cb (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  Restore *restore = user_data;

  if (restore->window->tabs != NULL)
    _heddle_window_take_opened (restore->window, result, NULL);
  if (--restore->n_left == 0)
    finish (restore);
}

void
heddle_window_restore_tabs (HeddleWindow *self)
{
  g_auto (GStrv) ids = NULL;
  Restore *restore;

  g_return_if_fail (HEDDLE_IS_WINDOW (self));

  ids = g_settings_get_strv (self->settings, "open-workflows");
  if (*ids == NULL)
    return;
  restore = g_new0 (Restore, 1);
  restore->window = g_object_ref (self);
  restore->selected = g_settings_get_string (self->settings, "selected-workflow");
  restore->n_left = g_strv_length (ids);
  self->is_restoring = TRUE;
  /* Should one of them end the program, it is not opened by itself the next time. */
  g_settings_reset (self->settings, "open-workflows");
  g_settings_sync ();
  for (char **id = ids; *id != NULL; id++)
    heddle_store_open_workflow_async (self->services->store, *id, FALSE, self->cancellable, loaded_cb, restore);
}

void
_heddle_window_follow_tabs (HeddleWindow *self)
{
  g_signal_connect_object (self->tabs, "page-attached", G_CALLBACK (_heddle_window_remember_tabs), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->tabs, "page-detached", G_CALLBACK (_heddle_window_remember_tabs), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->tabs, "page-reordered", G_CALLBACK (_heddle_window_remember_tabs), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->stack, "notify::visible-child", G_CALLBACK (_heddle_window_remember_tabs), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tabs, "notify::selected-page", G_CALLBACK (_heddle_window_remember_tabs), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}
