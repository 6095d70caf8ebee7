/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-template-view.h"

#include "inspector/heddle-completion.h"

/* Marking a text longer than this at every key would be felt. */
#define MAX_MARKED (512 * 1024)

static void
mark_span (GtkTextBuffer *buffer,
           GtkTextTag *tag,
           const char *text,
           guint start,
           guint end)
{
  GtkTextIter from, to;

  gtk_text_buffer_get_iter_at_offset (buffer, &from, g_utf8_pointer_to_offset (text, text + start));
  gtk_text_buffer_get_iter_at_offset (buffer, &to, g_utf8_pointer_to_offset (text, text + end));
  gtk_text_buffer_apply_tag (buffer, tag, &from, &to);
}

/* The spans are the inside of {{ }}; the braces are marked with them. */
static void
mark_templates (GtkTextBuffer *buffer,
                GtkTextTag *tag)
{
  g_autofree char *text = NULL;
  g_autoptr (GArray) spans = NULL;
  GtkTextIter start, end;
  gsize length;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_remove_tag (buffer, tag, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  length = strlen (text);
  if (length > MAX_MARKED)
    return;
  spans = heddle_template_list_spans (text);
  for (guint i = 0; i + 1 < spans->len; i += 2)
    mark_span (buffer, tag, text, MAX (g_array_index (spans, guint, i), 2) - 2, MIN (g_array_index (spans, guint, i + 1) + 2, length));
}

static void
buffer_changed_cb (GtkTextBuffer *buffer,
                   GtkTextTag *tag)
{
  mark_templates (buffer, tag);
}

static void
update_scheme (GtkSourceBuffer *buffer)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GtkSourceStyleSchemeManager *schemes = gtk_source_style_scheme_manager_get_default ();
  GtkTextTag *tag = gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (GTK_TEXT_BUFFER (buffer)), "template");

  gtk_source_buffer_set_style_scheme (buffer, gtk_source_style_scheme_manager_get_scheme (schemes, dark ? "Adwaita-dark" : "Adwaita"));
  if (tag != NULL)
    g_object_set (tag, "foreground", dark ? "#99c1f1" : "#1a5fb4", "background", dark ? "#1d3a5f" : "#e4eefb", NULL);
}

void
heddle_template_view_set_language (GtkWidget *view,
                                   const char *language)
{
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default ();
  GtkSourceBuffer *buffer = GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)));
  const char *id = g_strcmp0 (language, "javascript") == 0 ? "js" : language;

  gtk_source_buffer_set_language (buffer, id != NULL ? gtk_source_language_manager_get_language (languages, id) : NULL);
}

static void
set_up_code (GtkSourceView *view)
{
  gtk_source_buffer_set_highlight_syntax (GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view))), TRUE);
  gtk_source_view_set_auto_indent (view, TRUE);
  gtk_source_view_set_indent_width (view, 4);
  gtk_source_view_set_insert_spaces_instead_of_tabs (view, TRUE);
}

/* Tab leaves the editor, as it leaves every other row. */
GtkWidget *
heddle_template_view_new (HeddleTemplateViewMode mode,
                          const HeddleParamContext *context)
{
  GtkSourceBuffer *buffer = gtk_source_buffer_new (NULL);
  GtkWidget *view = gtk_source_view_new_with_buffer (buffer);

  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_source_view_set_indent_on_tab (GTK_SOURCE_VIEW (view), FALSE);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), mode != HEDDLE_TEMPLATE_VIEW_TEXT);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 6);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (view), 6);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 6);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (view), 6);
  gtk_source_buffer_set_highlight_matching_brackets (buffer, mode != HEDDLE_TEMPLATE_VIEW_TEXT);
  gtk_source_buffer_set_highlight_syntax (buffer, FALSE);
  if (mode == HEDDLE_TEMPLATE_VIEW_TEXT || mode == HEDDLE_TEMPLATE_VIEW_JSON)
    {
      GtkTextTag *tag = gtk_text_buffer_create_tag (GTK_TEXT_BUFFER (buffer), "template", NULL);

      g_signal_connect_object (buffer, "changed", G_CALLBACK (buffer_changed_cb), tag, 0);
    }
  update_scheme (buffer);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (update_scheme), buffer, G_CONNECT_SWAPPED);
  if (mode == HEDDLE_TEMPLATE_VIEW_CODE)
    set_up_code (GTK_SOURCE_VIEW (view));
  else
    heddle_completion_attach (GTK_TEXT_VIEW (view), mode, context);
  g_object_unref (buffer);
  return view;
}
