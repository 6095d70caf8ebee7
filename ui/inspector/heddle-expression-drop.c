/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-expression-drop.h"

#include "inspector/heddle-expression-field.h"
#include "inspector/heddle-value-expression.h"

typedef struct
{
  HeddleTemplateViewMode mode;
  const HeddleParamContext *context;
} Target;

static GtkTextView *
get_view (GtkDropTarget *target)
{
  return GTK_TEXT_VIEW (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (target)));
}

static void
find_place (GtkTextView *view,
            double x,
            double y,
            GtkTextIter *place)
{
  int left, top;

  gtk_text_view_window_to_buffer_coords (view, GTK_TEXT_WINDOW_WIDGET, (int) x, (int) y, &left, &top);
  gtk_text_view_get_iter_at_location (view, place, left, top);
}

/* The cursor shows where it will be. */
static GdkDragAction
motion_cb (GtkDropTarget *target,
           double x,
           double y,
           Target *data)
{
  GtkTextView *view = get_view (target);
  GtkTextIter place;

  find_place (view, x, y, &place);
  gtk_text_buffer_place_cursor (gtk_text_view_get_buffer (view), &place);
  gtk_text_view_set_cursor_visible (view, TRUE);
  return GDK_ACTION_COPY;
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue *value,
         double x,
         double y,
         Target *data)
{
  GtkTextView *view = get_view (target);
  const HeddleValueOrigin *origin = g_value_get_boxed (value);
  g_autoptr (GError) error = NULL;
  g_autofree char *expression = NULL;
  GtkTextIter place;

  if (origin == NULL || !gtk_text_view_get_editable (view) || data->context->document == NULL || data->context->node_id == NULL)
    return FALSE;
  expression = heddle_value_expression_dup (data->context, origin, &error);
  if (expression == NULL)
    {
      gtk_widget_activate_action (GTK_WIDGET (view), "inspector.refuse", "s", error->message);
      return FALSE;
    }
  find_place (view, x, y, &place);
  gtk_text_buffer_place_cursor (gtk_text_view_get_buffer (view), &place);
  heddle_expression_insert (view, data->mode, expression);
  gtk_widget_grab_focus (GTK_WIDGET (view));
  return TRUE;
}

static void
target_free (gpointer data,
             GClosure *closure)
{
  g_free (data);
}

void
heddle_expression_drop_attach (GtkTextView *view,
                               HeddleTemplateViewMode mode,
                               const HeddleParamContext *context)
{
  GtkDropTarget *drop = gtk_drop_target_new (HEDDLE_TYPE_VALUE_ORIGIN, GDK_ACTION_COPY);
  Target *data = g_new (Target, 1);

  if (mode == HEDDLE_TEMPLATE_VIEW_CODE)
    {
      g_object_unref (drop);
      g_free (data);
      return;
    }
  data->mode = mode;
  data->context = context;
  /* Before the view's own, which takes the text. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drop), GTK_PHASE_CAPTURE);
  g_signal_connect_data (drop, "drop", G_CALLBACK (drop_cb), data, target_free, 0);
  g_signal_connect (drop, "motion", G_CALLBACK (motion_cb), data);
  gtk_widget_add_controller (GTK_WIDGET (view), GTK_EVENT_CONTROLLER (drop));
}
