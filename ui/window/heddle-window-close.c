/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-window-private.h"

#include <glib/gi18n-lib.h>

/* The end of a tab. Everything in it is saved; only a run that is under way is worth a question. */

#define UNASKED "heddle-closes-unasked"

typedef struct
{
  HeddleWindow *window; /* weak: the dialog is its */
  AdwTabPage *page;
} Closing;

static void
closing_free (gpointer data,
              GClosure *closure)
{
  Closing *closing = data;

  g_object_unref (closing->page);
  g_free (closing);
}

static HeddleSession *
get_session (AdwTabPage *page)
{
  return heddle_editor_get_session (HEDDLE_EDITOR (adw_tab_page_get_child (page)));
}

/* A run can go on when the workflow is opened again. */
static void
close_now (HeddleWindow *self,
           AdwTabPage *page)
{
  HeddleSession *session = get_session (page);

  heddle_session_leave (session);
  if (!heddle_session_is_saved (session))
    heddle_session_save (session);
  adw_tab_view_close_page_finish (self->tabs, page, TRUE);
}

static void
response_cb (AdwMessageDialog *dialog,
             const char *response,
             Closing *closing)
{
  if (g_str_equal (response, "interrupt"))
    close_now (closing->window, closing->page);
  else
    adw_tab_view_close_page_finish (closing->window->tabs, closing->page, FALSE);
}

/* What waits for people loses nothing. */
static gboolean
is_at_work (HeddleSession *session)
{
  g_autoptr (JsonNode) questions = NULL;

  if (!heddle_session_is_running (session))
    return FALSE;
  questions = heddle_session_dup_questions (session);
  return questions == NULL || json_array_get_length (json_node_get_array (questions)) == 0;
}

static void
ask (HeddleWindow *self,
     AdwTabPage *page)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _ ("Interrupt the Run?"), NULL);
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);
  Closing *closing = g_new0 (Closing, 1);

  closing->window = self;
  closing->page = g_object_ref (page);
  adw_message_dialog_format_body (message, _ ("“%s” is running. What has finished is kept, and the run can go on when the workflow is opened again."),
                                  adw_tab_page_get_title (page));
  adw_message_dialog_add_responses (message, "cancel", _ ("_Cancel"), "interrupt", _ ("_Interrupt and Close"), NULL);
  adw_message_dialog_set_response_appearance (message, "interrupt", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (message, "cancel");
  adw_message_dialog_set_close_response (message, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), closing, closing_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
_heddle_window_close_unasked (HeddleWindow *self,
                              AdwTabPage *page)
{
  g_object_set_data (G_OBJECT (page), UNASKED, GINT_TO_POINTER (TRUE));
  adw_tab_view_close_page (self->tabs, page);
}

gboolean
_heddle_window_close_page (HeddleWindow *self,
                           AdwTabPage *page)
{
  if (g_object_get_data (G_OBJECT (page), UNASKED) == NULL && is_at_work (get_session (page)))
    ask (self, page);
  else
    close_now (self, page);
  return GDK_EVENT_STOP;
}
