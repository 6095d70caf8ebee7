/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-question-dialog.h"
#include "window/heddle-window-private.h"

#include <glib/gi18n-lib.h>

/* What the runs of all workflows ask: the button that counts it, and the ways to an answer. */

static HeddleEditor *
find_running (HeddleWindow *self, const char *run)
{
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tabs); i++)
    {
      HeddleEditor *editor = HEDDLE_EDITOR (adw_tab_page_get_child (adw_tab_view_get_nth_page (self->tabs, i)));

      if (g_strcmp0 (heddle_session_get_live_run (heddle_editor_get_session (editor)), run) == 0)
        return editor;
    }
  return NULL;
}

static gboolean
answer (HeddleWindow *self, const char *run, const char *question, JsonNode *node, GError **error)
{
  HeddleEditor *editor = find_running (self, run);
  gboolean taken = editor != NULL ? heddle_session_answer (heddle_editor_get_session (editor), question, node, error)
                                  : heddle_store_leave_answer (self->services->store, run, question, node, error) != 0;

  heddle_open_questions_refresh (self->questions);
  return taken;
}

/* A question of a run that no tab shows */

typedef struct
{
  HeddleWindow *window;
  char *run;
  char *question;
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  g_object_unref (asked->window);
  g_free (asked->run);
  g_free (asked->question);
  g_free (asked);
}

static gboolean
answer_cb (JsonNode *node, gpointer data, GError **error)
{
  const Asked *asked = data;
  g_autoptr (GError) reason = NULL;

  if (answer (asked->window, asked->run, asked->question, node, &reason))
    return TRUE;
  _heddle_window_tell (asked->window, reason->message);
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

/* Answered elsewhere, or withdrawn. */
static void
close_if_gone (GtkWindow *dialog, HeddleOpenQuestions *questions)
{
  const Asked *asked = g_object_get_data (G_OBJECT (dialog), "heddle-asked");

  if (heddle_open_questions_find (questions, asked->run, asked->question) == NULL)
    gtk_window_destroy (dialog);
}

static void
ask_here (HeddleWindow *self, const HeddleQuestionInfo *info)
{
  Asked *asked = g_new (Asked, 1);
  GtkWidget *dialog;

  asked->window = g_object_ref (self);
  asked->run = g_strdup (info->run);
  asked->question = g_strdup (heddle_question_info_get_id (info));
  dialog = heddle_question_dialog_new (GTK_WINDOW (self), info->question, answer_cb, asked, asked_free);
  g_object_set_data (G_OBJECT (dialog), "heddle-asked", asked);
  g_signal_connect_object (self->questions, "changed", G_CALLBACK (close_if_gone), dialog, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* An interrupted run asks when it goes on, which needs its workflow. */
static void
open_to_resume (HeddleWindow *self, const HeddleQuestionInfo *info)
{
  g_free (self->run_to_resume);
  g_free (self->workflow_to_resume);
  self->run_to_resume = g_strdup (info->run);
  self->workflow_to_resume = g_strdup (info->workflow);
  heddle_window_open_workflow (self, self->workflow_to_resume);
}

void
_heddle_window_resume_to_ask (HeddleWindow *self, HeddleSession *session)
{
  g_autofree char *run = NULL;

  if (self->run_to_resume == NULL || g_strcmp0 (heddle_session_get_workflow_id (session), self->workflow_to_resume) != 0)
    return;
  run = g_steal_pointer (&self->run_to_resume);
  if (heddle_session_is_running (session))
    _heddle_window_tell (self, _ ("Another run of this workflow is under way. Stop it first, or wait for its end."));
  else
    _heddle_window_resume (self, session, run);
}

static void
ask_elsewhere (HeddleWindow *self, const char *run, const char *question)
{
  const HeddleQuestionInfo *info = heddle_open_questions_find (self->questions, run, question);

  if (info == NULL)
    _heddle_window_tell (self, _ ("This question is not open any more: it was answered, or what asked it has ended."));
  else if (info->is_running)
    ask_here (self, info);
  else
    open_to_resume (self, info);
}

/* The process of a run may have gone without a word, so the list is read again before it is believed. */
void
heddle_window_open_question (HeddleWindow *self, const char *run, const char *question)
{
  HeddleEditor *editor;

  g_return_if_fail (HEDDLE_IS_WINDOW (self));
  g_return_if_fail (run != NULL);

  editor = find_running (self, run);
  if (editor != NULL)
    {
      _heddle_window_show_editor (self, editor);
      heddle_editor_answer (editor, question);
      return;
    }
  g_clear_pointer (&self->question_to_open, g_strfreev);
  self->question_to_open = g_new0 (char *, 3);
  self->question_to_open[0] = g_strdup (run);
  self->question_to_open[1] = g_strdup (question);
  heddle_open_questions_refresh (self->questions);
}

gboolean
heddle_window_approve_question (HeddleWindow *self, const char *run, const char *question, GError **error)
{
  const HeddleQuestionInfo *info;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  g_return_val_if_fail (HEDDLE_IS_WINDOW (self), FALSE);
  g_return_val_if_fail (run != NULL && question != NULL, FALSE);

  info = heddle_open_questions_find (self->questions, run, question);
  if (info == NULL || !info->is_running)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("The run that asks this is not under way. Go on with it in the window, and answer there."));
      return FALSE;
    }
  object = json_object_new ();
  json_object_set_boolean_member (object, "approve", TRUE);
  node = heddle_json_object (object);
  return answer (self, run, question, node, error);
}

static void
update_button (HeddleWindow *self)
{
  GPtrArray *list = heddle_open_questions_get_list (self->questions);
  g_autofree char *count = g_strdup_printf ("%u", list->len);
  g_autofree char *label = g_strdup_printf (ngettext ("%u question waits for an answer", "%u questions wait for an answer", list->len), list->len);
  g_autofree char *tooltip = g_strdup_printf ("%s (F7)", label);

  heddle_question_popover_set_questions (self->question_popover, list);
  _heddle_window_place_questions (self);
  adw_button_content_set_label (self->questions_content, count);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->questions_button), tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->questions_button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
questions_changed_cb (HeddleWindow *self)
{
  g_auto (GStrv) to_open = g_steal_pointer (&self->question_to_open);

  update_button (self);
  if (to_open != NULL)
    ask_elsewhere (self, to_open[0], to_open[1]);
}

static void
questions_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  HeddleWindow *self = HEDDLE_WINDOW (widget);

  if (heddle_open_questions_get_list (self->questions)->len > 0)
    gtk_menu_button_popup (self->questions_button);
  else
    _heddle_window_tell (self, _ ("No run waits for an answer."));
}

void
_heddle_window_install_question_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.questions", NULL, questions_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F7, 0, "win.questions", NULL);
}

void
_heddle_window_follow_questions (HeddleWindow *self)
{
  self->questions = heddle_open_questions_new (self->services->store);
  self->question_popover = HEDDLE_QUESTION_POPOVER (heddle_question_popover_new ());
  gtk_menu_button_set_popover (self->questions_button, GTK_WIDGET (self->question_popover));
  g_signal_connect_object (self->question_popover, "question-activated", G_CALLBACK (heddle_window_open_question), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->question_popover, "map", G_CALLBACK (heddle_open_questions_refresh), self->questions, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->questions, "changed", G_CALLBACK (questions_changed_cb), self, G_CONNECT_SWAPPED);
  self->notifications = heddle_question_notifications_new (self->questions);
}

void
_heddle_window_forget_questions (HeddleWindow *self)
{
  g_clear_pointer (&self->notifications, heddle_question_notifications_free);
  g_clear_object (&self->questions);
  g_clear_pointer (&self->question_to_open, g_strfreev);
  g_clear_pointer (&self->run_to_resume, g_free);
  g_clear_pointer (&self->workflow_to_resume, g_free);
}
