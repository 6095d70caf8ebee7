/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-editor-private.h"

#include "window/heddle-question-dialog.h"

#include <string.h>

/* The dialog in which a person answers what the run of an editor asks. */

/* Which question of the session a dialog is about. */
typedef struct
{
  HeddleSession *session;
  char *id;
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  g_object_unref (asked->session);
  g_free (asked->id);
  g_free (asked);
}

static gboolean
answer_cb (JsonNode *answer,
           gpointer data,
           GError **error)
{
  const Asked *asked = data;

  return heddle_session_answer (asked->session, asked->id, answer, error);
}

/* Put off until the person asks for it again, or another question comes. */
static void
question_response_cb (AdwMessageDialog *dialog,
                      const char *response,
                      HeddleEditor *self)
{
  self->question = NULL;
  gtk_widget_activate_action (GTK_WIDGET (self), strcmp (response, "later") == 0 ? "win.offer-answer" : "win.answer", NULL);
}

static void
question_destroyed_cb (GtkWidget *dialog,
                       HeddleEditor *self)
{
  self->question = NULL;
}

/* NULL: it is not open any more. id NULL: the first. Borrowed. */
static JsonNode *
find_question (JsonNode *questions,
               const char *id)
{
  JsonArray *array = json_node_get_array (questions);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *question = json_array_get_element (array, i);

      if (id == NULL || strcmp (heddle_json_get_string (question, "id", ""), id) == 0)
        return question;
    }
  return NULL;
}

static void
ask (HeddleEditor *self,
     JsonNode *question,
     GtkWindow *window)
{
  Asked *asked = g_new (Asked, 1);

  asked->session = g_object_ref (self->session);
  asked->id = g_strdup (heddle_json_get_string (question, "id", ""));
  g_free (self->question_id);
  self->question_id = g_strdup (asked->id);
  self->question = heddle_question_dialog_new (window, question, answer_cb, asked, asked_free);
  g_signal_connect_object (self->question, "response", G_CALLBACK (question_response_cb), self, G_CONNECT_AFTER);
  g_signal_connect_object (self->question, "destroy", G_CALLBACK (question_destroyed_cb), self, 0);
  gtk_window_present (GTK_WINDOW (self->question));
}

void
heddle_editor_answer (HeddleEditor *self,
                      const char *id)
{
  g_autoptr (JsonNode) questions = NULL;
  JsonNode *question;
  GtkRoot *root;

  g_return_if_fail (HEDDLE_IS_EDITOR (self));

  questions = heddle_session_dup_questions (self->session);
  question = find_question (questions, id);
  root = gtk_widget_get_root (GTK_WIDGET (self));
  if (self->question != NULL)
    gtk_window_present (GTK_WINDOW (self->question));
  else if (question != NULL && root != NULL)
    ask (self, question, GTK_WINDOW (root));
}

void
_heddle_editor_update_question (HeddleEditor *self)
{
  g_autoptr (JsonNode) questions = heddle_session_dup_questions (self->session);

  /* Answered elsewhere, or withdrawn. */
  if (self->question != NULL && find_question (questions, self->question_id) == NULL)
    gtk_window_destroy (GTK_WINDOW (self->question));
  if (self->question == NULL)
    heddle_editor_answer (self, NULL);
}
