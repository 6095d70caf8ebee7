/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-editor-private.h"

#include "inspector/heddle-value-expression.h"

#include <glib/gi18n-lib.h>

/* Values of a run that become expressions: put into a field by a menu, or dropped on the card of the node that is to read them. */

static void
insert_value (GtkWidget *widget,
              const char *action,
              GVariant *parameter)
{
  HeddleEditor *self = HEDDLE_EDITOR (widget);
  g_autoptr (HeddleValueOrigin) origin = heddle_value_origin_new_from_variant (parameter);
  g_autofree char *reason = NULL;

  if (origin == NULL)
    return;
  heddle_panes_reveal (self->panes, HEDDLE_PANE_END);
  reason = heddle_inspector_insert_value (self->inspector, origin);
  if (reason != NULL)
    _heddle_editor_tell (self, reason);
}

static void
refuse_value (GtkWidget *widget,
              const char *action,
              GVariant *parameter)
{
  _heddle_editor_tell (HEDDLE_EDITOR (widget), g_variant_get_string (parameter, NULL));
}

static GdkDragAction
motion_cb (GtkDropTarget *target,
           double x,
           double y,
           HeddleEditor *self)
{
  g_autofree char *node = heddle_canvas_dup_node_at (self->canvas, x, y);

  heddle_canvas_mark_drop (self->canvas, node);
  return GDK_ACTION_COPY;
}

static void
leave_cb (HeddleEditor *self)
{
  if (self->canvas != NULL)
    heddle_canvas_mark_drop (self->canvas, NULL);
}

/* Nothing is selected for a value that is refused. */
static char *
put_into (HeddleEditor *self,
          const char *node,
          const HeddleValueOrigin *origin)
{
  const HeddleParamContext context = { .document = heddle_session_get_document (self->session), .node_id = node, .trace = heddle_session_get_trace (self->session) };
  g_autoptr (GError) error = NULL;
  g_autofree char *expression = heddle_value_expression_dup (&context, origin, &error);

  if (expression == NULL)
    return g_strdup (error->message);
  heddle_editor_show_node (self, node, NULL);
  return heddle_inspector_append_expression (self->inspector, expression);
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue *value,
         double x,
         double y,
         HeddleEditor *self)
{
  g_autofree char *node = heddle_canvas_dup_node_at (self->canvas, x, y);
  const HeddleValueOrigin *origin = g_value_get_boxed (value);
  g_autofree char *reason = NULL;

  leave_cb (self);
  if (origin == NULL)
    return FALSE;
  reason = node != NULL ? put_into (self, node, origin) : g_strdup (_ ("Drop the value on the node that is to read it."));
  if (reason != NULL)
    _heddle_editor_tell (self, reason);
  return reason == NULL;
}

void
_heddle_editor_take_values (HeddleEditor *self)
{
  GtkDropTarget *target = gtk_drop_target_new (HEDDLE_TYPE_VALUE_ORIGIN, GDK_ACTION_COPY);

  /* Before the canvas, which takes texts. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect_object (target, "motion", G_CALLBACK (motion_cb), self, 0);
  g_signal_connect_object (target, "leave", G_CALLBACK (leave_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->canvas), GTK_EVENT_CONTROLLER (target));
}

void
_heddle_editor_install_values (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "inspector.insert-value", "(issss)", insert_value);
  gtk_widget_class_install_action (klass, "inspector.refuse", "s", refuse_value);
}
