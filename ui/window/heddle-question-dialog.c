/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-question-dialog.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TEXT_HEIGHT 160
#define TEXT_MARGIN 9

typedef struct
{
  HeddleSession *session;
  JsonNode *question;
  AdwMessageDialog *dialog; /* owns this */
  GtkTextBuffer *value;     /* JSON: arguments, or the answer */
  GtkEditable *reason;      /* NULL when it is no approval */
  GtkLabel *problem;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_object_unref (self->session);
  json_node_unref (self->question);
  g_free (self);
}

static const char *
get_id (Question *self)
{
  return heddle_json_get_string (self->question, "id", "");
}

static JsonNode *
parse_value (Question *self, GError **error)
{
  g_autofree char *text = NULL;

  g_object_get (self->value, "text", &text, NULL);
  return heddle_json_parse (text, -1, error);
}

/* What a refusal or an approval says; NULL with error when the edited JSON is none, and without when an answer is declined. */
static JsonNode *
make_answer (Question *self, gboolean approve, GError **error)
{
  g_autoptr (JsonNode) value = approve ? parse_value (self, error) : NULL;
  JsonObject *answer;

  if (self->reason == NULL || (approve && value == NULL))
    return g_steal_pointer (&value);
  answer = json_object_new ();
  json_object_set_boolean_member (answer, "approve", approve);
  if (approve)
    json_object_set_member (answer, "arguments", g_steal_pointer (&value));
  else
    json_object_set_member (answer, "reason", heddle_json_string (gtk_editable_get_text (self->reason)));
  return heddle_json_object (answer);
}

static void
answer (Question *self, gboolean approve)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = make_answer (self, approve, &error);

  if (error == NULL)
    heddle_session_answer (self->session, get_id (self), value, &error);
  if (error != NULL)
    g_debug ("The answer was not taken: %s", error->message);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Question *self)
{
  gboolean approve = strcmp (response, "approve") == 0;

  /* A question whose answer did not fit stays open, and is put again. */
  if (approve || strcmp (response, "refuse") == 0)
    answer (self, approve);
}

static gboolean
is_open (Question *self)
{
  g_autoptr (JsonNode) questions = heddle_session_dup_questions (self->session);
  JsonArray *array = json_node_get_array (questions);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (strcmp (heddle_json_get_string (json_array_get_element (array, i), "id", ""), get_id (self)) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
questions_changed_cb (HeddleSession *session, AdwMessageDialog *dialog)
{
  if (!is_open (g_object_get_data (G_OBJECT (dialog), "question")))
    gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
check_value_cb (GtkTextBuffer *buffer, Question *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = parse_value (self, &error);

  if (value != NULL && !JSON_NODE_HOLDS_OBJECT (value))
    g_set_error_literal (&error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("This must be an object in braces."));
  adw_message_dialog_set_response_enabled (self->dialog, "approve", error == NULL);
  gtk_label_set_label (self->problem, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), error != NULL);
}

static GtkWidget *
create_text (Question *self)
{
  JsonNode *arguments = heddle_json_member (self->question, "arguments");
  g_autofree char *text = arguments != NULL ? heddle_json_to_text (arguments, HEDDLE_JSON_PRETTY) : g_strdup ("{}");
  GtkWidget *view = gtk_text_view_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->value = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  gtk_text_buffer_set_text (self->value, text, -1);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), TEXT_MARGIN);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (view), TEXT_MARGIN);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), TEXT_MARGIN);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (view), TEXT_MARGIN);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->reason != NULL ? _ ("Arguments of the call") : _ ("Answer"), -1);
  gtk_widget_add_css_class (scroller, "frame");
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), TEXT_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  g_signal_connect (self->value, "changed", G_CALLBACK (check_value_cb), self);
  return scroller;
}

static GtkWidget *
create_content (Question *self, gboolean is_approval)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *problem = gtk_label_new (NULL);
  GtkWidget *reason = is_approval ? gtk_entry_new () : NULL;

  self->problem = GTK_LABEL (problem);
  self->reason = is_approval ? GTK_EDITABLE (reason) : NULL;
  gtk_label_set_wrap (self->problem, TRUE);
  gtk_label_set_xalign (self->problem, 0);
  gtk_widget_add_css_class (problem, "error");
  gtk_widget_set_visible (problem, FALSE);
  gtk_box_append (GTK_BOX (box), create_text (self));
  gtk_box_append (GTK_BOX (box), problem);
  if (reason != NULL)
    {
      gtk_entry_set_placeholder_text (GTK_ENTRY (reason), _ ("Reason, when you refuse"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (reason), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ ("Reason, when you refuse"), -1);
      gtk_box_append (GTK_BOX (box), reason);
    }
  return box;
}

GtkWidget *
heddle_question_dialog_new (GtkWindow *parent, HeddleSession *session, JsonNode *question)
{
  gboolean is_approval = strcmp (heddle_json_get_string (question, "kind", ""), "approval") == 0;
  GtkWidget *widget = adw_message_dialog_new (parent, heddle_json_get_string (question, "title", ""), heddle_json_get_string (question, "text", ""));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);
  Question *self = g_new0 (Question, 1);

  self->session = g_object_ref (session);
  self->question = json_node_ref (question);
  self->dialog = dialog;
  g_object_set_data_full (G_OBJECT (dialog), "question", self, question_free);
  adw_message_dialog_set_extra_child (dialog, create_content (self, is_approval));
  adw_message_dialog_add_responses (dialog, "later", _ ("_Later"), "refuse", is_approval ? _ ("_Refuse") : _ ("_Decline"), "approve", is_approval ? _ ("_Approve") : _ ("_Answer"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "approve", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_appearance (dialog, "refuse", ADW_RESPONSE_DESTRUCTIVE);
  /* No default: a key that was meant for the window must not approve anything. */
  adw_message_dialog_set_close_response (dialog, "later");
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), self);
  g_signal_connect_object (session, "questions-changed", G_CALLBACK (questions_changed_cb), dialog, 0);
  return widget;
}
