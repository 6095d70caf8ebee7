/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-span-lists.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

/* Who looks at more than this copies it. */
#define MAX_TEXT 4000
#define MAX_ROWS 100

GtkWidget *
heddle_span_text_row_new (const char *heading,
                          const char *text)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *head = heddle_label_new (heading, "caption-heading");
  GtkWidget *body = heddle_label_new (text, NULL);

  gtk_label_set_wrap (GTK_LABEL (head), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (head), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_wrap (GTK_LABEL (body), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (body), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (body), TRUE);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), body);
  gtk_widget_add_css_class (box, "message");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

static char *
dup_beginning (const char *text)
{
  g_autofree char *part = NULL;

  if (g_utf8_strlen (text, -1) <= MAX_TEXT)
    return g_strdup (text);
  part = g_utf8_substring (text, 0, MAX_TEXT);
  return g_strconcat (part, "…", NULL);
}

static void
append_attempt (GtkListBox *list,
                JsonNode *attempt)
{
  const char *text = heddle_json_get_string (attempt, "text", "");
  const char *message = heddle_json_get_string (heddle_json_member (attempt, "error"), "message", "");
  /* Translators: the number of an attempt, and why it ended. */
  g_autofree char *heading = g_strdup_printf (_ ("Attempt %d: %s"), (int) heddle_json_get_int (attempt, "attempt", 0), message);
  g_autofree char *shown = dup_beginning (*text != '\0' ? text : _ ("It had given nothing yet."));

  gtk_list_box_append (list, heddle_span_text_row_new (heading, shown));
}

gboolean
heddle_span_list_attempts (HeddleSpan *span,
                           GtkListBox *list)
{
  JsonNode *attempts = heddle_span_get_attribute (span, "attempts");
  JsonArray *array = attempts != NULL && JSON_NODE_HOLDS_ARRAY (attempts) ? json_node_get_array (attempts) : NULL;

  heddle_list_box_clear (list);
  for (guint i = 0; array != NULL && i < MIN (json_array_get_length (array), MAX_ROWS); i++)
    append_attempt (list, json_array_get_element (array, i));
  return array != NULL;
}

static void
copy_effect_cb (GtkButton *button,
                JsonNode *effect)
{
  g_autofree char *text = heddle_json_to_text (effect, HEDDLE_JSON_PRETTY);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), text);
}

static void
unref_closure (gpointer effect,
               GClosure *closure)
{
  json_node_unref (effect);
}

static GtkWidget *
copy_button_new (JsonNode *effect)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");

  gtk_widget_set_tooltip_text (button, _ ("Copy as JSON"));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  g_signal_connect_data (button, "clicked", G_CALLBACK (copy_effect_cb), json_node_ref (effect), unref_closure, 0);
  return button;
}

/* What it was about in a word: the model, the address, the query. */
static const char *
get_subject (JsonNode *request)
{
  static const char *const members[] = { "url", "model", "tool", "name", "query" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      if (heddle_json_get_string (request, members[i], NULL) != NULL)
        return heddle_json_get_string (request, members[i], NULL);
    }
  return "";
}

static char *
make_effect_text (JsonNode *effect)
{
  JsonNode *error = heddle_json_member (effect, "error");
  g_autofree char *request = heddle_json_to_text (heddle_json_member (effect, "request"), HEDDLE_JSON_PRETTY);
  g_autofree char *response = heddle_json_to_text (error != NULL ? error : heddle_json_member (effect, "response"), HEDDLE_JSON_PRETTY);
  g_autofree char *asked = dup_beginning (request != NULL ? request : "");
  g_autofree char *got = dup_beginning (response != NULL ? response : "");

  return g_strdup_printf ("%s\n→ %s", asked, got);
}

static GtkWidget *
effect_row_new (JsonNode *effect)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  const char *kind = heddle_json_get_string (effect, "kind", "");
  g_autofree char *heading = g_strdup_printf ("%d · %s %s", (int) heddle_json_get_int (effect, "call", 0), kind, get_subject (heddle_json_member (effect, "request")));
  GtkWidget *expander = gtk_expander_new (heading);
  g_autofree char *text = make_effect_text (effect);
  GtkWidget *body = heddle_label_new (text, "monospace");

  gtk_label_set_wrap (GTK_LABEL (body), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (body), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (body), TRUE);
  gtk_label_set_ellipsize (GTK_LABEL (gtk_expander_get_label_widget (GTK_EXPANDER (expander))), PANGO_ELLIPSIZE_END);
  if (!heddle_json_is_null (heddle_json_member (effect, "error")))
    gtk_widget_add_css_class (expander, "error");
  gtk_expander_set_child (GTK_EXPANDER (expander), body);
  gtk_widget_set_hexpand (expander, TRUE);
  gtk_box_append (GTK_BOX (box), expander);
  gtk_box_append (GTK_BOX (box), copy_button_new (effect));
  gtk_widget_add_css_class (box, "message");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

gboolean
heddle_span_list_effects (HeddleSpan *span,
                          GtkListBox *list)
{
  JsonNode *effects = heddle_span_get_n_effects (span) > 0 ? heddle_span_get_attribute (span, "effects") : NULL;
  JsonArray *array = effects != NULL ? json_node_get_array (effects) : NULL;

  heddle_list_box_clear (list);
  for (guint i = 0; array != NULL && i < MIN (json_array_get_length (array), MAX_ROWS); i++)
    gtk_list_box_append (list, effect_row_new (json_array_get_element (array, i)));
  return array != NULL;
}
