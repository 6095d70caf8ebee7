/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/heddle-memory-window.h"
#include "library/heddle-variables-window.h"
#include "window/heddle-window-private.h"

/* The workflow of the run is opened first; its editor then shows the run. */
static void
run_loaded_cb (GObject *object,
               GAsyncResult *result,
               gpointer user_data)
{
  g_autoptr (HeddleWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  HeddleRunInfo *info = NULL;
  g_autoptr (GPtrArray) events = heddle_store_load_run_finish (HEDDLE_STORE (object), result, &info, NULL, &error);

  if (events != NULL)
    {
      g_free (self->run_to_show);
      self->run_to_show = g_strdup (info->id);
      heddle_window_open_workflow (self, info->workflow);
    }
  else if (!heddle_error_is_cancelled (error))
    _heddle_window_tell (self, error->message);
  g_clear_pointer (&info, heddle_run_info_free);
}

static void
show_run_cb (HeddleWindow *self,
             const char *run,
             GtkWindow *page)
{
  heddle_store_load_run_async (self->services->store, run, self->cancellable, run_loaded_cb, g_object_ref (self));
  gtk_window_close (page);
}

/* A page over the window, with the signal "show-run". */
static void
show_page (HeddleWindow *self,
           GtkWidget *page)
{
  g_signal_connect_object (page, "show-run", G_CALLBACK (show_run_cb), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (page), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (page));
}

static void
memory_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);

  show_page (self, heddle_memory_window_new (self->services, parameter != NULL ? g_variant_get_string (parameter, NULL) : NULL));
}

static void
variables_action (GtkWidget *widget,
                  const char *action,
                  GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);

  show_page (self, heddle_variables_window_new (self->services->store));
}

void
_heddle_window_install_memory_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.memory", NULL, memory_action);
  gtk_widget_class_install_action (widget_class, "win.memory-of", "s", memory_action);
  gtk_widget_class_install_action (widget_class, "win.variables", NULL, variables_action);
}
