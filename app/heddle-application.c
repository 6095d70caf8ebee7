/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-application.h"

#include "common/heddle-accessible-actions.h"
#include "common/heddle-accessible-names.h"
#include "common/heddle-popovers.h"
#include "heddle-config.h"
#include "window/heddle-window.h"

#include <glib/gi18n-lib.h>

struct _HeddleApplication
{
  AdwApplication parent_instance;

  HeddleServices *services;
  GError *services_error; /* why there are none */
};

G_DEFINE_FINAL_TYPE (HeddleApplication, heddle_application, ADW_TYPE_APPLICATION)

static void
failure_response_cb (HeddleApplication *self)
{
  g_application_quit (G_APPLICATION (self));
}

/* Without its database Heddle could lose work, so it says what is wrong and does not begin. */
static void
present_failure (HeddleApplication *self)
{
  const HeddleErrorDetail *detail = heddle_error_detail (self->services_error);
  g_autofree char *body = NULL;
  GtkWidget *dialog;

  body = g_strdup_printf ("%s\n\n%s", self->services_error->message,
                          detail != NULL && detail->hint != NULL ? detail->hint : _ ("Nothing was changed."));
  dialog = adw_message_dialog_new (NULL, _ ("Heddle Could Not Open Its Data"), body);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Quit"));
  g_signal_connect_object (dialog, "response", G_CALLBACK (failure_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_set_application (GTK_WINDOW (dialog), GTK_APPLICATION (self));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* The one used last; in front of it may be preferences or help. */
static HeddleWindow *
find_window (HeddleApplication *self)
{
  for (GList *item = gtk_application_get_windows (GTK_APPLICATION (self)); item != NULL; item = item->next)
    {
      if (HEDDLE_IS_WINDOW (item->data))
        return item->data;
    }
  return NULL;
}

static HeddleWindow *
present_window (HeddleApplication *self)
{
  HeddleWindow *window = find_window (self);

  if (window == NULL)
    window = HEDDLE_WINDOW (heddle_window_new (ADW_APPLICATION (self), self->services));
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
heddle_application_activate (GApplication *application)
{
  HeddleApplication *self = HEDDLE_APPLICATION (application);

  gboolean is_first = find_window (self) == NULL;

  if (self->services == NULL)
    present_failure (self);
  else if (is_first)
    heddle_window_restore_tabs (present_window (self));
  else
    present_window (self);
}

static void
heddle_application_open (GApplication *application,
                         GFile **files,
                         int n_files,
                         const char *hint)
{
  HeddleApplication *self = HEDDLE_APPLICATION (application);
  HeddleWindow *window;

  if (self->services == NULL)
    {
      present_failure (self);
      return;
    }
  window = present_window (self);
  for (int i = 0; i < n_files; i++)
    heddle_window_open_file (window, files[i]);
}

/* While the window is open, what is active is served by it. */
static void
prepare_server (HeddleServices *services)
{
  const HeddleServerOptions options = {
    .engine = services->engine,
    .store = services->store,
    .secrets = services->secrets,
    .program = _ ("the window of Heddle"),
    .port = -1,
  };
  g_autoptr (GPtrArray) active = heddle_store_list_activations (services->store, NULL);

  services->server = heddle_server_new (&options);
  if (active != NULL && active->len > 0)
    heddle_server_start (services->server);
}

static void
heddle_application_startup (GApplication *application)
{
  HeddleApplication *self = HEDDLE_APPLICATION (application);

  G_APPLICATION_CLASS (heddle_application_parent_class)->startup (application);
  heddle_accessible_actions_install ();
  heddle_accessible_names_install ();
  heddle_popovers_install ();
  gtk_window_set_default_icon_name (HEDDLE_APPLICATION_ID);
  self->services = heddle_services_new (HEDDLE_SERVICES_ALL, &self->services_error);
  if (self->services != NULL)
    prepare_server (self->services);
  /* What an earlier process had no time to learn. */
  if (self->services != NULL)
    heddle_memory_resume (self->services->memory);
}

/* Runs end and everything handed to the store is written before the process goes. */
static void
heddle_application_shutdown (GApplication *application)
{
  HeddleApplication *self = HEDDLE_APPLICATION (application);
  GList *windows;

  while ((windows = gtk_application_get_windows (GTK_APPLICATION (self))) != NULL)
    gtk_window_destroy (windows->data);
  if (self->services != NULL)
    heddle_store_flush (self->services->store);
  g_clear_pointer (&self->services, heddle_services_free);
  g_clear_error (&self->services_error);
  G_APPLICATION_CLASS (heddle_application_parent_class)->shutdown (application);
}

static void
heddle_application_class_init (HeddleApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->activate = heddle_application_activate;
  application_class->open = heddle_application_open;
  application_class->startup = heddle_application_startup;
  application_class->shutdown = heddle_application_shutdown;
}

/* Closing one window may close others with it. */
static void
quit_cb (GSimpleAction *action,
         GVariant *parameter,
         gpointer user_data)
{
  g_autolist (GtkWindow) windows = g_list_copy_deep (gtk_application_get_windows (user_data), (GCopyFunc) g_object_ref, NULL);

  for (GList *item = windows; item != NULL; item = item->next)
    gtk_window_close (item->data);
}

/* Of notifications, which may be used long after. */
static void
open_question_cb (GSimpleAction *action,
                  GVariant *parameter,
                  gpointer user_data)
{
  HeddleApplication *self = user_data;
  const char *run, *question;

  g_variant_get (parameter, "(&s&s)", &run, &question);
  if (self->services == NULL)
    present_failure (self);
  else
    heddle_window_open_question (present_window (self), run, question);
}

/* Whoever approves from afar sees the window only when it did not do. */
static void
approve_question_cb (GSimpleAction *action,
                     GVariant *parameter,
                     gpointer user_data)
{
  HeddleApplication *self = user_data;
  HeddleWindow *window = find_window (self);
  const char *run, *question;
  g_autoptr (GError) error = NULL;

  g_variant_get (parameter, "(&s&s)", &run, &question);
  if (window != NULL && heddle_window_approve_question (window, run, question, &error))
    return;
  g_debug ("Not approved: %s", error != NULL ? error->message : "there is no window");
  open_question_cb (action, parameter, user_data);
}

static void
heddle_application_init (HeddleApplication *self)
{
  const GActionEntry entries[] = {
    { "quit", quit_cb },
    { "open-question", open_question_cb, "(ss)" },
    { "approve-question", approve_question_cb, "(ss)" },
  };
  const char *const accels[] = { "<Control>q", NULL };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  gtk_application_set_accels_for_action (GTK_APPLICATION (self), "app.quit", accels);
}

HeddleApplication *
heddle_application_new (void)
{
  return g_object_new (HEDDLE_TYPE_APPLICATION,
                       "application-id", HEDDLE_APPLICATION_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/org/heddle/Heddle",
                       NULL);
}
