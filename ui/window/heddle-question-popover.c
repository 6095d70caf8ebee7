/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-question-popover.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define WIDTH 380
#define MAX_HEIGHT 400

struct _HeddleQuestionPopover
{
  GtkPopover parent_instance;

  GtkListBox *list;
  char *shown; /* what the rows are about, so that the same list is not made again under the pointer */
};

enum
{
  QUESTION_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleQuestionPopover, heddle_question_popover, GTK_TYPE_POPOVER)

static void
row_activated_cb (HeddleQuestionPopover *self, GtkListBoxRow *row)
{
  g_autofree char *run = g_strdup (g_object_get_data (G_OBJECT (row), "heddle-run"));
  g_autofree char *question = g_strdup (g_object_get_data (G_OBJECT (row), "heddle-question"));

  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[QUESTION_ACTIVATED], 0, run, question);
}

static char *
dup_subtitle (const HeddleQuestionInfo *info)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (info->asked / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *time = local != NULL ? g_date_time_format (local, "%x %X") : g_strdup ("");
  const char *name = *info->name != '\0' ? info->name : _ ("Untitled");

  return info->is_running ? g_strdup_printf ("%s · %s", name, time) : g_strdup_printf (_ ("%s · Interrupted · %s"), name, time);
}

static GtkWidget *
create_row (const HeddleQuestionInfo *info)
{
  g_autofree char *subtitle = dup_subtitle (info);
  GtkWidget *row = heddle_plain_row_new (heddle_json_get_string (info->question, "title", ""), subtitle);
  gboolean is_doubt = strcmp (heddle_json_get_string (info->question, "kind", ""), "in-doubt") == 0;
  GtkWidget *icon = gtk_image_new_from_icon_name (is_doubt ? "dialog-warning-symbolic" : "heddle-approval-symbolic");

  if (is_doubt)
    gtk_widget_add_css_class (icon, "warning");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_tooltip_text (row, info->is_running ? _ ("Answer this") : _ ("Go on with this run, and answer"));
  g_object_set_data_full (G_OBJECT (row), "heddle-run", g_strdup (info->run), g_free);
  g_object_set_data_full (G_OBJECT (row), "heddle-question", g_strdup (heddle_question_info_get_id (info)), g_free);
  return row;
}

static char *
describe (GPtrArray *questions)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < questions->len; i++)
    {
      const HeddleQuestionInfo *info = g_ptr_array_index (questions, i);
      const char *id = heddle_question_info_get_id (info);

      g_string_append_printf (text, "%s/%s/%d\n", info->run, id != NULL ? id : "", info->is_running);
    }
  return g_string_free (text, FALSE);
}

static void
fill (HeddleQuestionPopover *self, GPtrArray *questions)
{
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (self->list));
  int index = focus != NULL ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (focus)) : 0;

  heddle_list_box_clear (self->list);
  for (guint i = 0; i < questions->len; i++)
    gtk_list_box_append (self->list, create_row (g_ptr_array_index (questions, i)));
  /* Nothing else in the popover can have it. */
  if (gtk_widget_get_visible (GTK_WIDGET (self)) && questions->len > 0)
    gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, MIN (index, (int) questions->len - 1))));
}

void
heddle_question_popover_set_questions (HeddleQuestionPopover *self, GPtrArray *questions)
{
  g_autofree char *text = NULL;

  g_return_if_fail (HEDDLE_IS_QUESTION_POPOVER (self));

  text = describe (questions);
  if (g_strcmp0 (text, self->shown) == 0)
    return;
  g_free (self->shown);
  self->shown = g_steal_pointer (&text);
  fill (self, questions);
  if (questions->len == 0)
    gtk_popover_popdown (GTK_POPOVER (self));
}

GtkWidget *
heddle_question_popover_new (void)
{
  return g_object_new (HEDDLE_TYPE_QUESTION_POPOVER, NULL);
}

static void
heddle_question_popover_finalize (GObject *object)
{
  g_free (HEDDLE_QUESTION_POPOVER (object)->shown);
  G_OBJECT_CLASS (heddle_question_popover_parent_class)->finalize (object);
}

static void
heddle_question_popover_class_init (HeddleQuestionPopoverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_question_popover_finalize;
  signals[QUESTION_ACTIVATED] = g_signal_new ("question-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
heddle_question_popover_init (HeddleQuestionPopover *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *list = gtk_list_box_new ();

  self->list = GTK_LIST_BOX (list);
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder (self->list, heddle_label_new (_ ("No run waits for an answer."), "dim-label"));
  g_signal_connect_object (list, "row-activated", G_CALLBACK (row_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Questions of runs"), -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), MAX_HEIGHT);
  gtk_widget_set_size_request (scroller, WIDTH, -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_popover_set_child (GTK_POPOVER (self), scroller);
}
