/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-preview.h"

#include "common/heddle-value-text.h"
#include "common/heddle-widgets.h"
#include "inspector/heddle-evaluation.h"

#include <glib/gi18n-lib.h>

/* After the last key; an expression that is being written is wrong most of the time. */
#define DELAY_TYPING 350
/* Values of a run come many times a second. */
#define DELAY_VALUES 150
#define LINE_LENGTH 200
#define UNFOLDED_HEIGHT 240

struct _HeddlePreview
{
  GtkWidget parent_instance;

  GtkWidget *error;
  GtkWidget *head; /* a button that unfolds the value */
  GtkWidget *arrow;
  GtkLabel *line;
  GtkLabel *kind;
  GtkWidget *note;
  GtkWidget *whole; /* scrolls */
  GtkLabel *whole_label;

  GtkTextView *view;
  HeddleTemplateViewMode mode;
  const HeddleParamContext *context;
  GtkTextTag *tag;
  char *message; /* of what is underlined */
  GCancellable *cancellable;
  guint source;
  gboolean is_unfolded;
};

enum
{
  SHOWN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddlePreview, heddle_preview, GTK_TYPE_WIDGET)

static void
unmark (HeddlePreview *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextIter start, end;

  g_clear_pointer (&self->message, g_free);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_remove_tag (buffer, self->tag, &start, &end);
}

/* At the end of the text there is no character left to underline: the last one stands for it. */
static void
mark (HeddlePreview *self,
      const HeddleEvaluation *evaluation)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextIter start, end;

  unmark (self);
  if (evaluation->error == NULL || evaluation->line == 0)
    return;
  gtk_text_buffer_get_iter_at_line_offset (buffer, &start, (int) evaluation->line - 1, (int) MAX (evaluation->column, 1) - 1);
  if (gtk_text_iter_ends_line (&start))
    gtk_text_iter_backward_char (&start);
  end = start;
  gtk_text_iter_forward_chars (&end, (int) evaluation->length);
  gtk_text_buffer_apply_tag (buffer, self->tag, &start, &end);
  self->message = g_strdup (evaluation->error);
}

static void
update_fold (HeddlePreview *self)
{
  gtk_image_set_from_icon_name (GTK_IMAGE (self->arrow), self->is_unfolded ? "pan-down-symbolic" : "pan-end-symbolic");
  gtk_widget_set_visible (self->whole, self->is_unfolded && gtk_widget_get_visible (self->head));
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->head), GTK_ACCESSIBLE_STATE_EXPANDED, self->is_unfolded, -1);
}

static void
show_value (HeddlePreview *self,
            const HeddleEvaluation *evaluation)
{
  g_autoptr (JsonNode) text = evaluation->text != NULL ? heddle_json_string (evaluation->text) : NULL;
  g_autofree char *line = text != NULL ? heddle_value_dup_line (text, LINE_LENGTH) : NULL;
  g_autofree char *shown = line != NULL ? g_strconcat ("= ", line, NULL) : NULL;

  gtk_widget_set_visible (self->head, shown != NULL);
  if (shown != NULL)
    {
      gtk_label_set_label (self->line, shown);
      gtk_label_set_label (self->kind, evaluation->kind);
      gtk_label_set_label (self->whole_label, evaluation->text);
    }
  update_fold (self);
}

static void
show (HeddlePreview *self,
      const HeddleEvaluation *evaluation)
{
  mark (self, evaluation);
  gtk_label_set_label (GTK_LABEL (self->error), evaluation->error != NULL ? evaluation->error : "");
  gtk_widget_set_visible (self->error, evaluation->error != NULL);
  gtk_label_set_label (GTK_LABEL (self->note), evaluation->note != NULL ? evaluation->note : "");
  gtk_widget_set_visible (self->note, evaluation->note != NULL && evaluation->error == NULL);
  show_value (self, evaluation);
  g_signal_emit (self, signals[SHOWN], 0);
}

gboolean
heddle_preview_has_error (HeddlePreview *self)
{
  g_return_val_if_fail (HEDDLE_IS_PREVIEW (self), FALSE);

  return gtk_widget_get_visible (self->error);
}

static void
evaluated_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (HeddlePreview) self = user_data;
  g_autoptr (HeddleEvaluation) evaluation = heddle_evaluate_finish (result, NULL);

  /* NULL: the text is another one by now, or the widget is gone. */
  if (evaluation != NULL && self->view != NULL)
    show (self, evaluation);
}

static gboolean
evaluate_cb (gpointer user_data)
{
  HeddlePreview *self = user_data;
  g_autofree char *text = NULL;

  self->source = 0;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_object_get (gtk_text_view_get_buffer (self->view), "text", &text, NULL);
  heddle_evaluate_async (self->context, text, self->mode, self->cancellable, evaluated_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

/* What nobody sees is evaluated when it is. */
static void
schedule (HeddlePreview *self,
          guint delay)
{
  if (self->view == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self->view)))
    return;
  g_clear_handle_id (&self->source, g_source_remove);
  self->source = g_timeout_add (delay, evaluate_cb, self);
}

void
heddle_preview_refresh (HeddlePreview *self)
{
  g_return_if_fail (HEDDLE_IS_PREVIEW (self));

  /* What is waiting will see the new values; putting it off again and again would show none while a run goes on. */
  if (self->source == 0)
    schedule (self, DELAY_VALUES);
}

void
heddle_preview_set_expanded (HeddlePreview *self,
                             gboolean expanded)
{
  g_return_if_fail (HEDDLE_IS_PREVIEW (self));

  self->is_unfolded = expanded;
  update_fold (self);
}

static void
typed_cb (HeddlePreview *self)
{
  schedule (self, DELAY_TYPING);
}

static void
mapped_cb (HeddlePreview *self)
{
  schedule (self, 0);
}

static void
head_clicked_cb (HeddlePreview *self)
{
  heddle_preview_set_expanded (self, !self->is_unfolded);
}

static gboolean
query_tooltip_cb (HeddlePreview *self,
                  int x,
                  int y,
                  gboolean keyboard,
                  GtkTooltip *tooltip)
{
  GtkTextIter at;
  int left, top;

  if (self->message == NULL || keyboard)
    return FALSE;
  gtk_text_view_window_to_buffer_coords (self->view, GTK_TEXT_WINDOW_WIDGET, x, y, &left, &top);
  if (!gtk_text_view_get_iter_at_location (self->view, &at, left, top) || !gtk_text_iter_has_tag (&at, self->tag))
    return FALSE;
  gtk_tooltip_set_text (tooltip, self->message);
  return TRUE;
}

static GtkWidget *
wrapping_label_new (const char *css_class)
{
  GtkWidget *label = heddle_label_new (NULL, "caption");

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, css_class);
  gtk_widget_set_visible (label, FALSE);
  return label;
}

static GtkWidget *
head_new (HeddlePreview *self)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->arrow = gtk_image_new_from_icon_name ("pan-end-symbolic");
  self->line = GTK_LABEL (heddle_label_new (NULL, "caption"));
  self->kind = GTK_LABEL (heddle_label_new (NULL, "caption"));
  gtk_label_set_ellipsize (self->line, PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (self->line, TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->line), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->line), "preview-value");
  gtk_widget_add_css_class (GTK_WIDGET (self->kind), "dim-label");
  gtk_box_append (GTK_BOX (box), self->arrow);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->line));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->kind));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "preview-head");
  gtk_widget_set_tooltip_text (button, _ ("The value with what is known now. Click to see all of it."));
  gtk_widget_set_visible (button, FALSE);
  g_signal_connect_object (button, "clicked", G_CALLBACK (head_clicked_cb), self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
whole_new (HeddlePreview *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *label = wrapping_label_new ("preview-value");

  self->whole_label = GTK_LABEL (label);
  gtk_label_set_selectable (self->whole_label, TRUE);
  gtk_label_set_yalign (self->whole_label, 0);
  gtk_widget_set_visible (label, TRUE);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), UNFOLDED_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), label);
  gtk_widget_add_css_class (scroller, "preview-whole");
  gtk_widget_set_visible (scroller, FALSE);
  return scroller;
}

static GtkTextTag *
ensure_tag (GtkTextBuffer *buffer)
{
  GtkTextTag *tag = gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), "error");
  const GdkRGBA red = { .red = 0.88, .green = 0.11, .blue = 0.14, .alpha = 1 };

  if (tag == NULL)
    tag = gtk_text_buffer_create_tag (buffer, "error", "underline", PANGO_UNDERLINE_ERROR, "underline-rgba", &red, NULL);
  return tag;
}

GtkWidget *
heddle_preview_new (GtkTextView *view,
                    HeddleTemplateViewMode mode,
                    const HeddleParamContext *context)
{
  HeddlePreview *self = g_object_new (HEDDLE_TYPE_PREVIEW, NULL);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);

  self->mode = mode;
  self->context = context;
  g_set_weak_pointer (&self->view, view);
  self->tag = ensure_tag (buffer);
  gtk_widget_set_has_tooltip (GTK_WIDGET (view), TRUE);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "map", G_CALLBACK (mapped_cb), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (view, "query-tooltip", G_CALLBACK (query_tooltip_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

static void
heddle_preview_dispose (GObject *object)
{
  HeddlePreview *self = HEDDLE_PREVIEW (object);
  GtkWidget *child;

  g_clear_handle_id (&self->source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_weak_pointer (&self->view);
  g_clear_pointer (&self->message, g_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (heddle_preview_parent_class)->dispose (object);
}

static void
heddle_preview_class_init (HeddlePreviewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_preview_dispose;
  signals[SHOWN] = g_signal_new ("shown", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
heddle_preview_init (HeddlePreview *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (widget)), GTK_ORIENTATION_VERTICAL);
  self->error = wrapping_label_new ("problem-text");
  self->note = wrapping_label_new ("dim-label");
  self->head = head_new (self);
  self->whole = whole_new (self);
  gtk_widget_set_parent (self->error, widget);
  gtk_widget_set_parent (self->head, widget);
  gtk_widget_set_parent (self->whole, widget);
  gtk_widget_set_parent (self->note, widget);
}
