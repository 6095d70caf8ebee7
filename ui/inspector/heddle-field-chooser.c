/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-field-chooser.h"

#include "common/heddle-widgets.h"
#include "inspector/heddle-expression-field.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GtkWidget *popover;
  char *expression;
} Chooser;

static void
insert (HeddleParamEditor *editor,
        const char *expression)
{
  heddle_expression_insert (GTK_TEXT_VIEW (editor->focus), heddle_expression_field_get_mode (HEDDLE_EXPRESSION_FIELD (editor->field)), expression);
  gtk_widget_grab_focus (editor->focus);
}

static void
chooser_free (gpointer data)
{
  Chooser *self = data;

  g_free (self->expression);
  g_free (self);
}

static void
row_activated_cb (GtkListBox *list,
                  GtkListBoxRow *row,
                  Chooser *self)
{
  HeddleParamEditor *editor = g_object_get_data (G_OBJECT (row), "heddle-editor");

  gtk_popover_popdown (GTK_POPOVER (self->popover));
  insert (editor, self->expression);
}

/* The rows of a popover that is closed are not chosen any more, so the fields may go before it does. */
static GtkWidget *
list_new (GPtrArray *fields)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_widget_add_css_class (list, "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Fields"), -1);
  for (guint i = 0; i < fields->len; i++)
    {
      HeddleParamEditor *editor = g_ptr_array_index (fields, i);
      GtkWidget *row = gtk_list_box_row_new ();

      gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), heddle_label_new (_ (editor->spec->title), NULL));
      g_object_set_data (G_OBJECT (row), "heddle-editor", editor);
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
  gtk_list_box_select_row (GTK_LIST_BOX (list), gtk_list_box_get_row_at_index (GTK_LIST_BOX (list), 0));
  return list;
}

static void
popup (GtkWidget *widget,
       GPtrArray *fields,
       const char *expression)
{
  Chooser *self = g_new0 (Chooser, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *list = list_new (fields);
  g_autofree char *title = g_strdup_printf (_ ("Put %s into"), expression);
  GtkWidget *heading = heddle_label_new (title, "heading");

  self->popover = gtk_popover_new ();
  self->expression = g_strdup (expression);
  gtk_label_set_wrap (GTK_LABEL (heading), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (heading), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (heading), 30);
  gtk_label_set_lines (GTK_LABEL (heading), 3);
  gtk_label_set_ellipsize (GTK_LABEL (heading), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), list);
  g_object_set_data_full (G_OBJECT (self->popover), "heddle-chooser", self, chooser_free);
  g_signal_connect (list, "row-activated", G_CALLBACK (row_activated_cb), self);
  g_signal_connect (self->popover, "closed", G_CALLBACK (heddle_popover_drop), NULL);
  gtk_popover_set_child (GTK_POPOVER (self->popover), box);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &(GdkRectangle){ gtk_widget_get_width (widget) / 2, 24, 1, 1 });
  gtk_widget_set_parent (self->popover, widget);
  gtk_popover_popup (GTK_POPOVER (self->popover));
  gtk_widget_grab_focus (list);
}

static gboolean
takes_expression (HeddleParamEditor *editor)
{
  return editor->field != NULL && gtk_widget_get_visible (editor->row) &&
         heddle_expression_field_get_mode (HEDDLE_EXPRESSION_FIELD (editor->field)) != HEDDLE_TEMPLATE_VIEW_CODE;
}

gboolean
heddle_field_chooser_append (HeddleParamEditor *editor,
                             const char *expression)
{
  GtkTextBuffer *buffer;
  GtkTextIter start, end;

  if (!takes_expression (editor))
    return FALSE;
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (editor->focus));
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  if (!gtk_widget_get_visible (editor->reset))
    gtk_text_buffer_delete (buffer, &start, &end);
  else if (heddle_expression_field_get_mode (HEDDLE_EXPRESSION_FIELD (editor->field)) == HEDDLE_TEMPLATE_VIEW_EXPRESSION)
    gtk_text_buffer_insert (buffer, &end, " ", -1);
  gtk_text_buffer_place_cursor (buffer, &end);
  insert (editor, expression);
  gtk_text_buffer_end_user_action (buffer);
  return TRUE;
}

gboolean
heddle_field_chooser_insert (GtkWidget *widget,
                             GPtrArray *editors,
                             const char *expression)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();

  for (guint i = 0; i < editors->len; i++)
    {
      HeddleParamEditor *editor = g_ptr_array_index (editors, i);

      if (takes_expression (editor))
        g_ptr_array_add (fields, editor);
    }
  if (fields->len == 1)
    insert (g_ptr_array_index (fields, 0), expression);
  else if (fields->len > 1)
    popup (widget, fields, expression);
  return fields->len > 0;
}
