/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-question-notifications.h"

#include <glib/gi18n-lib.h>
#include <gtk/gtk.h>
#include <string.h>

#define MAX_VALUE_CHARS 200

struct _HeddleQuestionNotifications
{
  HeddleOpenQuestions *questions;
  gulong handler;
  GHashTable *known; /* "run/question": whether the desktop was told */
  gboolean is_first; /* what was asked before the program began is in the window */
};

/* The name of its notification, too. */
static char *
make_key (const HeddleQuestionInfo *info)
{
  return g_strconcat (info->run, "/", heddle_question_info_get_id (info), NULL);
}

static gboolean
has_focus (void)
{
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (gtk_window_is_active (window))
        return TRUE;
    }
  return FALSE;
}

/* What would be approved, on one line; NULL: the question is no approval. */
static char *
dup_value (JsonNode *question)
{
  const char *kind = heddle_json_get_string (question, "kind", "");
  JsonNode *value = NULL;
  g_autofree char *text = NULL;

  if (strcmp (kind, "approval") == 0)
    value = heddle_json_member (question, "arguments");
  else if (strcmp (kind, "approval-step") == 0)
    value = heddle_json_member (question, "value");
  if (value == NULL)
    return NULL;
  text = heddle_json_is_string (value) ? g_strdup (json_node_get_string (value)) : heddle_json_to_text (value, HEDDLE_JSON_COMPACT);
  g_strdelimit (text, "\n\r\t", ' ');
  if (g_utf8_strlen (text, -1) > MAX_VALUE_CHARS)
    strcpy (g_utf8_offset_to_pointer (text, MAX_VALUE_CHARS - 1), "…");
  return g_steal_pointer (&text);
}

/* Approved as it is, and only where nothing is hidden or has to be filled in. */
static gboolean
can_approve (JsonNode *question, const char *value)
{
  JsonArray *fields = heddle_json_get_array (question, "fields");

  return value != NULL && !g_str_has_suffix (value, "…") && (fields == NULL || json_array_get_length (fields) == 0);
}

static void
tell (GApplication *application, const HeddleQuestionInfo *info, const char *key)
{
  g_autoptr (GNotification) notification = g_notification_new (_ ("A run waits for an answer"));
  g_autofree char *value = dup_value (info->question);
  g_autofree char *body = g_strjoin ("\n", info->name, heddle_json_get_string (info->question, "title", ""), value, NULL);
  const char *id = heddle_question_info_get_id (info);

  g_notification_set_body (notification, body);
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  g_notification_set_default_action_and_target (notification, "app.open-question", "(ss)", info->run, id);
  if (can_approve (info->question, value))
    g_notification_add_button_with_target (notification, _ ("Approve"), "app.approve-question", "(ss)", info->run, id);
  g_notification_add_button_with_target (notification, _ ("Open"), "app.open-question", "(ss)", info->run, id);
  g_application_send_notification (application, key, notification);
}

static void
take_back (const char *key, gboolean told)
{
  GApplication *application = g_application_get_default ();

  if (told && application != NULL)
    g_application_withdraw_notification (application, key);
}

static gboolean
is_open (HeddleQuestionNotifications *self, const char *key)
{
  GPtrArray *list = heddle_open_questions_get_list (self->questions);

  for (guint i = 0; i < list->len; i++)
    {
      const HeddleQuestionInfo *info = g_ptr_array_index (list, i);
      g_autofree char *other = info->is_running && heddle_question_info_get_id (info) != NULL ? make_key (info) : NULL;

      if (g_strcmp0 (other, key) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
forget_gone (HeddleQuestionNotifications *self)
{
  GHashTableIter iter;
  gpointer key, told;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &key, &told))
    {
      if (is_open (self, key))
        continue;
      take_back (key, GPOINTER_TO_INT (told));
      g_hash_table_iter_remove (&iter);
    }
}

static void
take_question (HeddleQuestionNotifications *self, const HeddleQuestionInfo *info)
{
  GApplication *application = g_application_get_default ();
  gboolean is_told = !self->is_first && application != NULL && !has_focus ();
  g_autofree char *key = make_key (info);

  if (g_hash_table_contains (self->known, key))
    return;
  if (is_told)
    tell (application, info, key);
  g_hash_table_insert (self->known, g_steal_pointer (&key), GINT_TO_POINTER (is_told));
}

static void
changed_cb (HeddleQuestionNotifications *self)
{
  GPtrArray *list = heddle_open_questions_get_list (self->questions);

  forget_gone (self);
  for (guint i = 0; i < list->len; i++)
    {
      const HeddleQuestionInfo *info = g_ptr_array_index (list, i);

      if (info->is_running && heddle_question_info_get_id (info) != NULL)
        take_question (self, info);
    }
  self->is_first = FALSE;
}

HeddleQuestionNotifications *
heddle_question_notifications_new (HeddleOpenQuestions *questions)
{
  HeddleQuestionNotifications *self = g_new0 (HeddleQuestionNotifications, 1);

  g_return_val_if_fail (HEDDLE_IS_OPEN_QUESTIONS (questions), self);

  self->questions = g_object_ref (questions);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->is_first = TRUE;
  self->handler = g_signal_connect_swapped (questions, "changed", G_CALLBACK (changed_cb), self);
  return self;
}

void
heddle_question_notifications_free (HeddleQuestionNotifications *self)
{
  GHashTableIter iter;
  gpointer key, told;

  g_return_if_fail (self != NULL);

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &key, &told))
    take_back (key, GPOINTER_TO_INT (told));
  g_signal_handler_disconnect (self->questions, self->handler);
  g_object_unref (self->questions);
  g_hash_table_unref (self->known);
  g_free (self);
}
