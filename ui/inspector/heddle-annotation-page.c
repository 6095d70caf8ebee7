/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-annotation-page.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>

static const struct
{
  const char *id; /* NULL: the ordinary one */
  const char *title;
} colors[] = {
  { NULL, N_ ("Ordinary") },
  { "blue", N_ ("Blue") },
  { "green", N_ ("Green") },
  { "yellow", N_ ("Yellow") },
  { "orange", N_ ("Orange") },
  { "red", N_ ("Red") },
  { "purple", N_ ("Purple") },
};

struct _HeddleAnnotationPage
{
  AdwBin parent_instance;

  GtkLabel *title;
  GtkLabel *hint;
  GtkListBox *rows;
  GtkWidget *text_row;
  GtkTextBuffer *text;
  AdwComboRow *color;

  HeddleDocument *document;
  char **ids; /* NULL: none */
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (HeddleAnnotationPage, heddle_annotation_page, ADW_TYPE_BIN)

static const HeddleAnnotation *
find (HeddleAnnotationPage *self,
      guint index)
{
  return heddle_graph_find_annotation (heddle_document_get_graph (self->document), self->ids[index]);
}

static void
text_changed_cb (HeddleAnnotationPage *self)
{
  const HeddleAnnotation *annotation;
  g_autofree char *text = NULL;
  g_autofree char *color = NULL;

  if (self->updating || !heddle_annotation_page_has_any (self))
    return;
  annotation = find (self, 0);
  color = g_strdup (annotation->color);
  g_object_get (self->text, "text", &text, NULL);
  heddle_document_set_annotation (self->document, self->ids[0], text, color, annotation->x, annotation->y, annotation->width, annotation->height);
}

static void
color_changed_cb (HeddleAnnotationPage *self)
{
  guint selected = adw_combo_row_get_selected (self->color);

  if (self->updating || selected >= G_N_ELEMENTS (colors) || !heddle_annotation_page_has_any (self))
    return;
  heddle_document_begin (self->document, _ ("Change Color"));
  for (guint i = 0; self->ids[i] != NULL; i++)
    {
      const HeddleAnnotation *annotation = find (self, i);
      g_autofree char *text = g_strdup (annotation->text);

      heddle_document_set_annotation (self->document, self->ids[i], text, colors[selected].id, annotation->x, annotation->y, annotation->width, annotation->height);
    }
  heddle_document_end (self->document);
}

/* Of several that differ none is chosen. */
static guint
find_color (HeddleAnnotationPage *self)
{
  const char *color = find (self, 0)->color;

  for (guint i = 1; self->ids[i] != NULL; i++)
    {
      if (g_strcmp0 (find (self, i)->color, color) != 0)
        return GTK_INVALID_LIST_POSITION;
    }
  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    {
      if (g_strcmp0 (colors[i].id, color) == 0)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

static void
update_text (HeddleAnnotationPage *self)
{
  const char *text = find (self, 0)->text;
  g_autofree char *shown = NULL;

  g_object_get (self->text, "text", &shown, NULL);
  if (g_strcmp0 (shown, text) != 0)
    gtk_text_buffer_set_text (self->text, text != NULL ? text : "", -1);
}

static void
update_title (HeddleAnnotationPage *self)
{
  guint n = g_strv_length (self->ids);
  gboolean is_note = find (self, 0)->kind == HEDDLE_ANNOTATION_NOTE;
  g_autofree char *several = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u note or group", "%u notes and groups", n), n);

  if (n > 1)
    gtk_label_set_label (self->title, several);
  else
    gtk_label_set_label (self->title, is_note ? _ ("Note") : _ ("Group"));
  if (n > 1)
    gtk_label_set_label (self->hint, _ ("What is changed here is changed in all of them."));
  else
    gtk_label_set_label (self->hint, is_note ? _ ("A text on the canvas, as Markdown. It has no part in runs.") : _ ("Holds together what lies in it, and moves it along. It has no part in runs."));
}

gboolean
heddle_annotation_page_has_any (HeddleAnnotationPage *self)
{
  g_return_val_if_fail (HEDDLE_IS_ANNOTATION_PAGE (self), FALSE);

  for (guint i = 0; self->ids != NULL && self->ids[i] != NULL; i++)
    {
      if (find (self, i) == NULL)
        return FALSE;
    }
  return self->ids != NULL && self->ids[0] != NULL;
}

void
heddle_annotation_page_update (HeddleAnnotationPage *self)
{
  g_return_if_fail (HEDDLE_IS_ANNOTATION_PAGE (self));

  if (!heddle_annotation_page_has_any (self))
    return;
  self->updating = TRUE;
  update_title (self);
  gtk_widget_set_visible (self->text_row, self->ids[1] == NULL);
  if (self->ids[1] == NULL)
    update_text (self);
  adw_combo_row_set_selected (self->color, find_color (self));
  self->updating = FALSE;
}

void
heddle_annotation_page_set_ids (HeddleAnnotationPage *self,
                                HeddleDocument *document,
                                const char *const *ids)
{
  g_return_if_fail (HEDDLE_IS_ANNOTATION_PAGE (self));

  g_strfreev (self->ids);
  self->ids = document != NULL ? g_strdupv ((char **) ids) : NULL;
  self->document = document;
  heddle_annotation_page_update (self);
}

GtkWidget *
heddle_annotation_page_new (void)
{
  return g_object_new (HEDDLE_TYPE_ANNOTATION_PAGE, NULL);
}

static void
heddle_annotation_page_finalize (GObject *object)
{
  g_strfreev (HEDDLE_ANNOTATION_PAGE (object)->ids);
  G_OBJECT_CLASS (heddle_annotation_page_parent_class)->finalize (object);
}

static void
heddle_annotation_page_class_init (HeddleAnnotationPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_annotation_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/inspector/heddle-annotation-page.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleAnnotationPage, title);
  gtk_widget_class_bind_template_child (widget_class, HeddleAnnotationPage, hint);
  gtk_widget_class_bind_template_child (widget_class, HeddleAnnotationPage, rows);
  gtk_widget_class_bind_template_child (widget_class, HeddleAnnotationPage, color);
  gtk_widget_class_bind_template_callback (widget_class, color_changed_cb);
}

static void
heddle_annotation_page_init (HeddleAnnotationPage *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  GtkWidget *view = heddle_text_view_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    gtk_string_list_append (titles, _ (colors[i].title));
  adw_combo_row_set_model (self->color, G_LIST_MODEL (titles));
  self->updating = FALSE;
  self->text = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  self->text_row = heddle_text_row_new (_ ("Text"), view, 84, 320);
  gtk_list_box_prepend (self->rows, self->text_row);
  g_signal_connect_object (self->text, "changed", G_CALLBACK (text_changed_cb), self, G_CONNECT_SWAPPED);
}
