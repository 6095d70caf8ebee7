/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-question-dialog.h"

#include "common/heddle-widgets.h"
#include "run/heddle-input-row.h"
#include "common/heddle-markdown.h"

#include <glib/gi18n-lib.h>
#include <gtksourceview/gtksource.h>
#include <string.h>

#define CONTENT_WIDTH 480
#define MIN_CONTENT_WIDTH 240
/* What the dialog has at both sides of its content. */
#define MARGINS 72
#define MAX_CONTENT_HEIGHT 420
#define VALUE_HEIGHT 120
/* Above as many buttons as a node in doubt has. */
#define SMALL_VALUE_HEIGHT 64
#define MIN_DOUBT_HEIGHT 170
#define TEXT_MARGIN 9

typedef enum
{
  KIND_TOOL,     /* a call of a tool is to be approved */
  KIND_STEP,     /* a value is */
  KIND_IN_DOUBT, /* what happened to a node */
  KIND_OTHER,    /* anything, as JSON */
} Kind;

typedef struct
{
  HeddleQuestionAnswerFunc func;
  gpointer data;
  GDestroyNotify destroy;
  JsonNode *question;
  Kind kind;
  AdwMessageDialog *dialog; /* owns this */
  GtkTextBuffer *value;     /* or NULL: there is nothing to edit */
  gboolean is_text;         /* value is edited as text, not as JSON */
  GPtrArray *rows;          /* HeddleInputRow */
  GtkEditable *reason;      /* or NULL */
  GtkLabel *problem;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  if (self->destroy != NULL)
    self->destroy (self->data);
  json_node_unref (self->question);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

static Kind
get_kind (JsonNode *question)
{
  static const char *const kinds[] = { "approval", "approval-step", "in-doubt" };
  const char *kind = heddle_json_get_string (question, "kind", "");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (strcmp (kinds[i], kind) == 0)
        return (Kind) i;
    }
  return KIND_OTHER;
}

static void
show_problem (Question *self, const char *message)
{
  gtk_label_set_label (self->problem, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), message != NULL);
}

/* What is in the editor; NULL with error when it is no JSON. */
static JsonNode *
parse_value (Question *self, GError **error)
{
  g_autofree char *text = NULL;
  JsonNode *value;

  g_object_get (self->value, "text", &text, NULL);
  if (self->is_text)
    return heddle_json_string (text);
  value = heddle_json_parse (text, -1, error);
  if (value == NULL || self->kind == KIND_STEP || self->kind == KIND_IN_DOUBT || JSON_NODE_HOLDS_OBJECT (value))
    return value;
  json_node_unref (value);
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("This must be an object in braces."));
  return NULL;
}

/* The fields as they were filled in; NULL with error, and that field has the focus. */
static JsonObject *
read_fields (Question *self, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();

  for (guint i = 0; i < self->rows->len; i++)
    {
      HeddleInputRow *row = g_ptr_array_index (self->rows, i);
      g_autoptr (GError) reason = NULL;
      JsonNode *value = heddle_input_row_dup_value (row, &reason);

      if (reason != NULL)
        {
          heddle_input_row_focus (row);
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
      if (value != NULL)
        json_object_set_member (object, heddle_input_row_get_name (row), value);
    }
  return g_steal_pointer (&object);
}

static gboolean
add_approved (Question *self, JsonObject *answer, GError **error)
{
  JsonNode *value = self->value != NULL ? parse_value (self, error) : NULL;
  JsonObject *fields;

  if (self->value != NULL && value == NULL)
    return FALSE;
  if (value != NULL)
    json_object_set_member (answer, self->kind == KIND_TOOL ? "arguments" : "value", value);
  if (self->rows->len == 0)
    return TRUE;
  fields = read_fields (self, error);
  if (fields != NULL)
    json_object_set_object_member (answer, "fields", fields);
  return fields != NULL;
}

static JsonNode *
make_approval (Question *self, gboolean approve, GError **error)
{
  g_autoptr (JsonObject) answer = json_object_new ();
  const char *reason = gtk_editable_get_text (self->reason);

  json_object_set_boolean_member (answer, "approve", approve);
  if (approve && !add_approved (self, answer, error))
    return NULL;
  if (*reason != '\0')
    json_object_set_member (answer, "reason", heddle_json_string (reason));
  return heddle_json_object (g_steal_pointer (&answer));
}

static JsonNode *
make_decision (Question *self, const char *action, GError **error)
{
  g_autoptr (JsonObject) answer = json_object_new ();
  JsonNode *value = strcmp (action, "done") == 0 ? parse_value (self, error) : NULL;

  if (strcmp (action, "done") == 0 && value == NULL)
    return NULL;
  json_object_set_member (answer, "action", heddle_json_string (action));
  if (value != NULL)
    json_object_set_member (answer, "value", value);
  return heddle_json_object (g_steal_pointer (&answer));
}

/* NULL with error when what was entered is none, and without when an answer is declined. */
static JsonNode *
make_answer (Question *self, const char *response, GError **error)
{
  gboolean approve = strcmp (response, "approve") == 0;

  if (self->kind == KIND_IN_DOUBT)
    return make_decision (self, response, error);
  if (self->kind != KIND_OTHER)
    return make_approval (self, approve, error);
  return approve ? parse_value (self, error) : NULL;
}

/* A question whose answer did not do stays open, and is put again. */
static void
response_cb (AdwMessageDialog *dialog, const char *response, Question *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = NULL;

  if (strcmp (response, "later") == 0)
    return;
  answer = make_answer (self, response, &error);
  if (error == NULL)
    self->func (answer, self->data, &error);
  if (error != NULL)
    g_debug ("The answer was not taken: %s", error->message);
}

static gboolean
is_file (Question *self, guint field)
{
  JsonNode *spec = json_array_get_element (heddle_json_get_array (self->question, "fields"), field);
  const char *type = heddle_json_get_string (spec, "type", "");

  return strcmp (type, "file") == 0 || strcmp (type, "image") == 0;
}

/* Only what is right can be approved, so that the dialog does not close over a mistake. */
static void
check (Question *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = self->value != NULL ? parse_value (self, &error) : NULL;
  const char *response = self->kind == KIND_IN_DOUBT ? "done" : "approve";

  for (guint i = 0; error == NULL && i < self->rows->len; i++)
    {
      HeddleInputRow *row = g_ptr_array_index (self->rows, i);
      /* A file that is chosen later is heard of by nobody. */
      g_autoptr (JsonNode) field = is_file (self, i) ? NULL : heddle_input_row_dup_value (row, &error);
    }
  adw_message_dialog_set_response_enabled (self->dialog, response, error == NULL);
  show_problem (self, error != NULL ? error->message : NULL);
}

static void
update_scheme (GtkSourceBuffer *buffer)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  gtk_source_buffer_set_style_scheme (buffer, gtk_source_style_scheme_manager_get_scheme (gtk_source_style_scheme_manager_get_default (), dark ? "Adwaita-dark" : "Adwaita"));
}

static GtkTextBuffer *
create_buffer (Question *self, JsonNode *value)
{
  g_autofree char *text = self->is_text ? g_strdup (json_node_get_string (value)) : heddle_json_to_text (value, HEDDLE_JSON_PRETTY);
  GtkSourceBuffer *buffer = gtk_source_buffer_new (NULL);

  if (!self->is_text)
    gtk_source_buffer_set_language (buffer, gtk_source_language_manager_get_language (gtk_source_language_manager_get_default (), "json"));
  gtk_source_buffer_set_implicit_trailing_newline (buffer, FALSE);
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (buffer), text, -1);
  update_scheme (buffer);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (update_scheme), buffer, G_CONNECT_SWAPPED);
  return GTK_TEXT_BUFFER (buffer);
}

static const char *
get_value_title (Question *self)
{
  switch (self->kind)
    {
    case KIND_TOOL:
      return _ ("Arguments of the call");
    case KIND_STEP:
      return _ ("Value");
    case KIND_IN_DOUBT:
      return _ ("If it was done: its result, as JSON");
    case KIND_OTHER:
    default:
      return _ ("Answer");
    }
}

static GtkWidget *
create_view (Question *self, JsonNode *value, gboolean is_editable)
{
  g_autoptr (GtkTextBuffer) buffer = create_buffer (self, value);
  GtkWidget *view = gtk_source_view_new_with_buffer (GTK_SOURCE_BUFFER (buffer));
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), !self->is_text);
  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), is_editable);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_source_view_set_indent_on_tab (GTK_SOURCE_VIEW (view), FALSE);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), TEXT_MARGIN);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (view), TEXT_MARGIN);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), TEXT_MARGIN);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (view), TEXT_MARGIN);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, get_value_title (self), -1);
  gtk_widget_add_css_class (scroller, "editor-frame");
  gtk_widget_set_overflow (scroller, GTK_OVERFLOW_HIDDEN);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), self->kind == KIND_IN_DOUBT ? SMALL_VALUE_HEIGHT : VALUE_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  if (!is_editable)
    return scroller;
  self->value = buffer;
  g_signal_connect_swapped (buffer, "changed", G_CALLBACK (check), self);
  return scroller;
}

static GtkWidget *
create_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

/* The text of a step is a person's own, and Markdown; others come from tools, and are shown as they are. */
static void
add_text (Question *self, GtkBox *box)
{
  const char *text = heddle_json_get_string (self->question, "text", "");
  GtkWidget *label;

  if (*text == '\0')
    return;
  label = create_label (text, NULL);
  if (self->kind == KIND_STEP)
    {
      g_autofree char *markup = heddle_markdown_to_markup (text);

      gtk_label_set_markup (GTK_LABEL (label), markup);
    }
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  /* Selectable text would have the focus first, and all of it selected. */
  gtk_widget_set_focusable (label, FALSE);
  gtk_box_append (box, label);
}

static JsonNode *
dup_value (Question *self)
{
  JsonNode *value = heddle_json_member (self->question, self->kind == KIND_TOOL ? "arguments" : "value");

  if (value != NULL)
    return json_node_ref (value);
  return self->kind == KIND_IN_DOUBT ? heddle_json_null () : heddle_json_object (json_object_new ());
}

static void
add_value (Question *self, GtkBox *box)
{
  g_autoptr (JsonNode) value = dup_value (self);
  gboolean is_editable = self->kind != KIND_STEP || heddle_json_get_boolean (self->question, "editable", FALSE);

  self->is_text = self->kind == KIND_STEP && heddle_json_is_string (value);
  gtk_box_append (box, create_label (get_value_title (self), "heading"));
  gtk_box_append (box, create_view (self, value, is_editable));
}

/* Any change in a row is heard of by what it is made of. */
static void
watch_row (Question *self, GtkWidget *widget)
{
  if (GTK_IS_EDITABLE (widget))
    g_signal_connect_swapped (widget, "changed", G_CALLBACK (check), self);
  else if (GTK_IS_TEXT_VIEW (widget))
    g_signal_connect_swapped (gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget)), "changed", G_CALLBACK (check), self);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    watch_row (self, child);
}

static void
add_fields (Question *self, GtkBox *box)
{
  JsonArray *fields = heddle_json_get_array (self->question, "fields");
  GtkWidget *list;

  if (fields == NULL || json_array_get_length (fields) == 0)
    return;
  list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  for (guint i = 0; i < json_array_get_length (fields); i++)
    {
      HeddleInputRow *row = heddle_input_row_new (json_array_get_element (fields, i), NULL);

      g_ptr_array_add (self->rows, row);
      gtk_list_box_append (GTK_LIST_BOX (list), heddle_input_row_get_widget (row));
      watch_row (self, heddle_input_row_get_widget (row));
    }
  gtk_box_append (box, list);
}

static void
add_reason (Question *self, GtkBox *box)
{
  GtkWidget *reason;

  if (self->kind != KIND_TOOL && self->kind != KIND_STEP)
    return;
  reason = gtk_entry_new ();
  self->reason = GTK_EDITABLE (reason);
  gtk_entry_set_placeholder_text (GTK_ENTRY (reason), _ ("Reason, when you refuse"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (reason), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Reason, when you refuse"), -1);
  gtk_box_append (box, reason);
}

static const char *
get_deadline_format (const char *otherwise)
{
  if (strcmp (otherwise, "approve") == 0)
    return _ ("Without an answer until %s it is approved.");
  return strcmp (otherwise, "fail") == 0 ? _ ("Without an answer until %s it fails.") : _ ("Without an answer until %s it is refused.");
}

static void
add_deadline (Question *self, GtkBox *box)
{
  const char *until = heddle_json_get_string (self->question, "until", NULL);
  g_autoptr (GDateTime) time = until != NULL ? g_date_time_new_from_iso8601 (until, NULL) : NULL;
  g_autoptr (GDateTime) local = time != NULL ? g_date_time_to_local (time) : NULL;
  g_autofree char *shown = local != NULL ? g_date_time_format (local, "%c") : NULL;
  g_autofree char *text = NULL;

  if (shown == NULL)
    return;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  text = g_strdup_printf (get_deadline_format (heddle_json_get_string (self->question, "otherwise", "")), shown);
#pragma GCC diagnostic pop
  gtk_box_append (box, create_label (text, "dim-label"));
}

/* The dialog is not wider than the window that it is above. */
static int
get_content_width (Question *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self->dialog));
  int width = parent != NULL ? gtk_widget_get_width (GTK_WIDGET (parent)) : 0;

  return width > 0 ? CLAMP (width - MARGINS, MIN_CONTENT_WIDTH, CONTENT_WIDTH) : CONTENT_WIDTH;
}

static GtkWidget *
create_content (Question *self)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));

  add_text (self, box);
  add_value (self, box);
  add_fields (self, box);
  add_reason (self, box);
  add_deadline (self, box);
  self->problem = GTK_LABEL (create_label (NULL, "error"));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), MAX_CONTENT_HEIGHT);
  if (self->kind == KIND_IN_DOUBT)
    gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), MIN_DOUBT_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (box));
  gtk_widget_set_size_request (content, get_content_width (self), -1);
  gtk_box_append (GTK_BOX (content), scroller);
  /* Seen wherever the rest is scrolled to. */
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->problem));
  return content;
}

static void
add_responses (Question *self)
{
  AdwMessageDialog *dialog = self->dialog;

  adw_message_dialog_add_response (dialog, "later", _ ("_Later"));
  if (self->kind == KIND_IN_DOUBT)
    {
      adw_message_dialog_add_responses (dialog, "fail", _ ("_Fail"), "skip", _ ("_Skip It"), "done", _ ("It Was _Done"), "retry", _ ("Do It _Again"), NULL);
      adw_message_dialog_set_response_appearance (dialog, "retry", ADW_RESPONSE_DESTRUCTIVE);
    }
  else
    {
      gboolean declines = self->kind == KIND_OTHER;

      adw_message_dialog_add_responses (dialog, "refuse", declines ? _ ("_Decline") : _ ("_Refuse"), "approve", declines ? _ ("_Answer") : _ ("_Approve"), NULL);
      adw_message_dialog_set_response_appearance (dialog, "approve", ADW_RESPONSE_SUGGESTED);
      adw_message_dialog_set_response_appearance (dialog, "refuse", ADW_RESPONSE_DESTRUCTIVE);
    }
  /* No default: a key that was meant for the window must not approve anything. */
  adw_message_dialog_set_close_response (dialog, "later");
}

GtkWidget *
heddle_question_dialog_new (GtkWindow *parent, JsonNode *question, HeddleQuestionAnswerFunc func, gpointer data, GDestroyNotify destroy)
{
  GtkWidget *widget = adw_message_dialog_new (parent, heddle_json_get_string (question, "title", ""), NULL);
  Question *self = g_new0 (Question, 1);
  const char *problem = heddle_json_get_string (question, "problem", NULL);

  self->func = func;
  self->data = data;
  self->destroy = destroy;
  self->question = json_node_ref (question);
  self->kind = get_kind (question);
  self->dialog = ADW_MESSAGE_DIALOG (widget);
  gtk_window_set_title (GTK_WINDOW (widget), heddle_json_get_string (question, "title", ""));
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_input_row_free);
  g_object_set_data_full (G_OBJECT (widget), "question", self, question_free);
  adw_message_dialog_set_extra_child (self->dialog, create_content (self));
  add_responses (self);
  check (self);
  if (problem != NULL)
    show_problem (self, problem);
  g_signal_connect (widget, "response", G_CALLBACK (response_cb), self);
  return widget;
}
