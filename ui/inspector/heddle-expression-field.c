/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-expression-field.h"

#include "common/heddle-widgets.h"
#include "inspector/heddle-expression-drop.h"
#include "inspector/heddle-preview.h"
#include "inspector/heddle-text-window.h"

#include <glib/gi18n-lib.h>

/* What is meant to be one line may be long, and is wrapped. */
#define LINE_HEIGHT 96

struct _HeddleExpressionField
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkWidget *placeholder; /* over the empty text */
  GtkWidget *preview;     /* NULL: there is nothing to evaluate */

  GtkWidget *view; /* in the scroller */
  HeddleTemplateViewMode mode;
  const HeddleParamContext *context;
  char *title;
  gboolean is_line;         /* Return does nothing */
  HeddleTextWindow *window; /* in which it is edited, or NULL */
  char *problem;
};

enum
{
  CHANGED,
  CHECKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleExpressionField, heddle_expression_field, GTK_TYPE_WIDGET)

static GtkTextBuffer *
get_buffer (HeddleExpressionField *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
}

GtkWidget *
heddle_expression_field_get_view (HeddleExpressionField *self)
{
  g_return_val_if_fail (HEDDLE_IS_EXPRESSION_FIELD (self), NULL);

  return self->view;
}

HeddleTemplateViewMode
heddle_expression_field_get_mode (HeddleExpressionField *self)
{
  g_return_val_if_fail (HEDDLE_IS_EXPRESSION_FIELD (self), HEDDLE_TEMPLATE_VIEW_TEXT);

  return self->mode;
}

char *
heddle_expression_field_dup_text (HeddleExpressionField *self)
{
  char *text = NULL;

  g_return_val_if_fail (HEDDLE_IS_EXPRESSION_FIELD (self), NULL);

  g_object_get (get_buffer (self), "text", &text, NULL);
  return text;
}

void
heddle_expression_field_set_text (HeddleExpressionField *self,
                                  const char *text)
{
  g_autofree char *shown = NULL;

  g_return_if_fail (HEDDLE_IS_EXPRESSION_FIELD (self));

  shown = heddle_expression_field_dup_text (self);
  if (g_strcmp0 (shown, text) != 0)
    gtk_text_buffer_set_text (get_buffer (self), text, -1);
}

void
heddle_expression_field_set_placeholder (HeddleExpressionField *self,
                                         const char *text)
{
  g_return_if_fail (HEDDLE_IS_EXPRESSION_FIELD (self));

  gtk_label_set_label (GTK_LABEL (self->placeholder), text != NULL ? text : "");
}

/* What the text shows by itself is not said twice. */
static void
update_window (HeddleExpressionField *self)
{
  if (self->window != NULL)
    heddle_text_window_set_problem (self->window, heddle_expression_field_has_error (self) ? NULL : self->problem);
}

void
heddle_expression_field_refresh (HeddleExpressionField *self)
{
  g_return_if_fail (HEDDLE_IS_EXPRESSION_FIELD (self));

  if (self->window != NULL)
    heddle_text_window_refresh (self->window);
  if (self->preview != NULL)
    heddle_preview_refresh (HEDDLE_PREVIEW (self->preview));
}

gboolean
heddle_expression_field_has_error (HeddleExpressionField *self)
{
  g_return_val_if_fail (HEDDLE_IS_EXPRESSION_FIELD (self), FALSE);

  return self->preview != NULL && heddle_preview_has_error (HEDDLE_PREVIEW (self->preview));
}

static void
checked_cb (HeddleExpressionField *self)
{
  update_window (self);
  g_signal_emit (self, signals[CHECKED], 0);
}

void
heddle_expression_field_pop_out (HeddleExpressionField *self)
{
  g_return_if_fail (HEDDLE_IS_EXPRESSION_FIELD (self));

  if (self->window == NULL)
    g_set_weak_pointer (&self->window, heddle_text_window_open (self->view, self->mode, self->context, self->title));
  if (self->window == NULL)
    return;
  update_window (self);
  gtk_window_present (GTK_WINDOW (self->window));
}

gboolean
heddle_expression_field_is_edited (HeddleExpressionField *self)
{
  g_return_val_if_fail (HEDDLE_IS_EXPRESSION_FIELD (self), FALSE);

  return self->window != NULL || gtk_widget_has_focus (self->view);
}

void
heddle_expression_field_set_problem (HeddleExpressionField *self,
                                     const char *problem)
{
  g_return_if_fail (HEDDLE_IS_EXPRESSION_FIELD (self));

  g_free (self->problem);
  self->problem = g_strdup (problem);
  update_window (self);
}

char *
heddle_expression_dup_written (HeddleTemplateViewMode mode,
                               const char *expression)
{
  g_autoptr (GString) quoted = NULL;

  if (mode != HEDDLE_TEMPLATE_VIEW_JSON)
    return g_strdup (expression);
  quoted = g_string_new (NULL);
  heddle_json_append_string (quoted, expression);
  return g_strndup (quoted->str + 1, quoted->len - 2);
}

static gboolean
is_within_quotes (const GtkTextIter *at)
{
  g_autofree char *before = NULL;
  gboolean is_within = FALSE;
  GtkTextIter start;

  gtk_text_buffer_get_start_iter (gtk_text_iter_get_buffer (at), &start);
  before = gtk_text_iter_get_slice (&start, at);
  for (const char *p = before; *p != '\0'; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
      else
        is_within = is_within != (*p == '"');
    }
  return is_within;
}

static gboolean
is_within_braces (const GtkTextIter *at)
{
  GtkTextIter start, open, close;

  gtk_text_buffer_get_start_iter (gtk_text_iter_get_buffer (at), &start);
  if (!gtk_text_iter_backward_search (at, "{{", GTK_TEXT_SEARCH_TEXT_ONLY, &open, NULL, &start))
    return FALSE;
  return !gtk_text_iter_forward_search (&open, "}}", GTK_TEXT_SEARCH_TEXT_ONLY, &close, NULL, at);
}

void
heddle_expression_insert (GtkTextView *view,
                          HeddleTemplateViewMode mode,
                          const char *expression)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  g_autofree char *written = heddle_expression_dup_written (mode, expression);
  g_autofree char *insert = NULL;
  GtkTextIter at;

  gtk_text_buffer_get_iter_at_mark (buffer, &at, gtk_text_buffer_get_insert (buffer));
  if (mode == HEDDLE_TEMPLATE_VIEW_EXPRESSION || mode == HEDDLE_TEMPLATE_VIEW_CODE || is_within_braces (&at))
    insert = g_steal_pointer (&written);
  else if (mode == HEDDLE_TEMPLATE_VIEW_JSON && !is_within_quotes (&at))
    insert = g_strdup_printf ("\"{{ %s }}\"", written);
  else
    insert = g_strdup_printf ("{{ %s }}", written);
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_insert (buffer, &at, insert, -1);
  gtk_text_buffer_end_user_action (buffer);
}

static void
changed_cb (HeddleExpressionField *self)
{
  gtk_widget_set_visible (self->placeholder, gtk_text_buffer_get_char_count (get_buffer (self)) == 0);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state,
                HeddleExpressionField *self)
{
  gboolean is_plain = (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) == 0;

  if (keyval == GDK_KEY_e && (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK)) == GDK_CONTROL_MASK)
    {
      heddle_expression_field_pop_out (self);
      return GDK_EVENT_STOP;
    }
  return self->is_line && is_plain && (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter);
}

/* Behind the list of proposals, which takes keys first while it is open. */
static void
add_keys (HeddleExpressionField *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  gtk_widget_add_controller (self->view, keys);
}

static GtkWidget *
placeholder_new (void)
{
  GtkWidget *label = heddle_label_new (NULL, "dim-label");

  gtk_widget_add_css_class (label, "placeholder-text");
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_set_can_target (label, FALSE);
  return label;
}

static void
set_up_scroller (HeddleExpressionField *self,
                 int min_height,
                 int max_height)
{
  GtkScrolledWindow *scroller = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  GtkWidget *overlay = gtk_overlay_new ();

  gtk_scrolled_window_set_policy (scroller, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (scroller, min_height);
  gtk_scrolled_window_set_max_content_height (scroller, max_height);
  gtk_scrolled_window_set_propagate_natural_height (scroller, TRUE);
  gtk_scrolled_window_set_child (scroller, self->view);
  gtk_widget_add_css_class (GTK_WIDGET (scroller), "editor-frame");
  self->placeholder = placeholder_new ();
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (scroller));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->placeholder);
  self->scroller = overlay;
  gtk_widget_set_parent (overlay, GTK_WIDGET (self));
}

GtkWidget *
heddle_expression_field_new (HeddleTemplateViewMode mode,
                             const HeddleParamContext *context,
                             const char *title,
                             int min_height,
                             int max_height)
{
  HeddleExpressionField *self = g_object_new (HEDDLE_TYPE_EXPRESSION_FIELD, NULL);

  self->mode = mode;
  self->context = context;
  self->title = g_strdup (title);
  self->view = heddle_template_view_new (mode, context);
  self->is_line = max_height == 0;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  set_up_scroller (self, min_height, self->is_line ? LINE_HEIGHT : max_height);
  if (mode != HEDDLE_TEMPLATE_VIEW_CODE)
    {
      self->preview = heddle_preview_new (GTK_TEXT_VIEW (self->view), mode, context);
      gtk_widget_set_parent (self->preview, GTK_WIDGET (self));
      g_signal_connect_object (self->preview, "shown", G_CALLBACK (checked_cb), self, G_CONNECT_SWAPPED);
    }
  g_signal_connect_object (get_buffer (self), "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  add_keys (self);
  heddle_expression_drop_attach (GTK_TEXT_VIEW (self->view), mode, context);
  return GTK_WIDGET (self);
}

static void
heddle_expression_field_dispose (GObject *object)
{
  HeddleExpressionField *self = HEDDLE_EXPRESSION_FIELD (object);

  g_clear_pointer (&self->preview, gtk_widget_unparent);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_weak_pointer (&self->window);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->problem, g_free);
  G_OBJECT_CLASS (heddle_expression_field_parent_class)->dispose (object);
}

/* Shift+Tab offers it to what has just lost it within, too, and would never get out. */
static gboolean
heddle_expression_field_grab_focus (GtkWidget *widget)
{
  GtkWidget *view = HEDDLE_EXPRESSION_FIELD (widget)->view;

  return !gtk_widget_is_focus (view) && gtk_widget_grab_focus (view);
}

static void
heddle_expression_field_class_init (HeddleExpressionFieldClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_expression_field_dispose;
  widget_class->grab_focus = heddle_expression_field_grab_focus;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHECKED] = g_signal_new ("checked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
heddle_expression_field_init (HeddleExpressionField *self)
{
  GtkBoxLayout *layout = GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self)));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (layout, 2);
}
