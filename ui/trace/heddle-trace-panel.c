/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-trace-panel.h"

#include "trace/heddle-history.h"
#include "trace/heddle-span-details.h"
#include "trace/heddle-span-table.h"
#include "trace/heddle-timeline.h"

#include <glib/gi18n-lib.h>

struct _HeddleTracePanel
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkStack *stack;
  GtkLabel *summary;
  AdwBin *details_bin;

  HeddleTimeline *timeline;
  HeddleHistory *history;
  HeddleSpanDetails *details;
  GtkSingleSelection *selection; /* over the spans of the trace */
  HeddleTrace *trace;
  GSignalGroup *signals;
  guint tick; /* while the run goes on */
};

enum
{
  NODE_ACTIVATED,
  RUN_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleTracePanel, heddle_trace_panel, GTK_TYPE_WIDGET)

static gboolean
is_running (HeddleTracePanel *self)
{
  return self->trace != NULL && heddle_trace_get_state (self->trace) == HEDDLE_RUN_RUNNING;
}

/* A running trace counts on between events. */
static gint64
duration_now (HeddleTracePanel *self)
{
  gint64 duration = heddle_trace_get_duration (self->trace);

  if (is_running (self))
    duration = MAX (duration, g_get_real_time () - heddle_trace_get_started (self->trace));
  return duration;
}

static void
update_summary (HeddleTracePanel *self)
{
  g_autofree char *duration = NULL;
  g_autofree char *usage = NULL;
  g_autofree char *text = NULL;
  const char *note;

  if (self->trace == NULL)
    {
      gtk_label_set_label (self->summary, "");
      return;
    }
  duration = heddle_format_duration (duration_now (self));
  usage = heddle_format_span_usage (heddle_trace_get_root (self->trace));
  note = heddle_trace_get_note (self->trace);
  text = g_strconcat (heddle_run_state_get_title (heddle_trace_get_state (self->trace)), " · ", duration,
                      usage != NULL ? " · " : "", usage != NULL ? usage : "",
                      note != NULL && note[0] != '\0' ? " · " : "", note != NULL ? note : "", NULL);
  gtk_label_set_label (self->summary, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->summary), text);
}

static void
update_time (HeddleTracePanel *self)
{
  if (self->trace != NULL)
    heddle_timeline_set_duration (self->timeline, duration_now (self), is_running (self));
  update_summary (self);
}

static gboolean
tick_cb (GtkWidget *widget,
         GdkFrameClock *clock,
         gpointer user_data)
{
  HeddleTracePanel *self = HEDDLE_TRACE_PANEL (widget);

  update_time (self);
  if (is_running (self))
    return G_SOURCE_CONTINUE;
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
trace_updated_cb (HeddleTracePanel *self)
{
  update_time (self);
  if (is_running (self) && self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

static void
selected_cb (HeddleTracePanel *self)
{
  heddle_span_details_set_span (self->details, gtk_single_selection_get_selected_item (self->selection));
}

static void
span_activated_cb (HeddleTracePanel *self,
                   guint position)
{
  g_autoptr (HeddleSpan) span = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  const char *node = span != NULL ? heddle_span_get_node_id (span) : NULL;

  if (node != NULL)
    g_signal_emit (self, signals[NODE_ACTIVATED], 0, node);
}

static void
run_activated_cb (HeddleTracePanel *self,
                  const char *run_id)
{
  g_signal_emit (self, signals[RUN_ACTIVATED], 0, run_id);
  gtk_stack_set_visible_child_name (self->stack, "timeline");
}

void
heddle_trace_panel_set_workflow (HeddleTracePanel *self,
                                 const char *workflow_id)
{
  g_return_if_fail (HEDDLE_IS_TRACE_PANEL (self));

  heddle_history_set_workflow (self->history, workflow_id);
}

void
heddle_trace_panel_set_trace (HeddleTracePanel *self,
                              HeddleTrace *trace)
{
  g_return_if_fail (HEDDLE_IS_TRACE_PANEL (self));

  if (!g_set_object (&self->trace, trace))
    return;
  g_signal_group_set_target (self->signals, trace);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (trace));
  heddle_history_set_current (self->history, trace != NULL ? heddle_trace_get_run_id (trace) : NULL);
  gtk_stack_set_visible_child_name (self->stack, trace != NULL ? "timeline" : "history");
  gtk_single_selection_set_selected (self->selection, trace != NULL ? 0 : GTK_INVALID_LIST_POSITION);
  selected_cb (self);
  if (trace != NULL)
    trace_updated_cb (self);
  else
    update_summary (self);
}

void
heddle_trace_panel_select_node (HeddleTracePanel *self,
                                const char *node_id)
{
  HeddleSpan *span;
  guint n;

  g_return_if_fail (HEDDLE_IS_TRACE_PANEL (self));

  span = self->trace != NULL ? heddle_trace_find_node (self->trace, node_id) : NULL;
  if (span == NULL)
    return;
  n = g_list_model_get_n_items (G_LIST_MODEL (self->trace));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (HeddleSpan) item = g_list_model_get_item (G_LIST_MODEL (self->trace), i);

      if (item != span)
        continue;
      gtk_single_selection_set_selected (self->selection, i);
      heddle_timeline_scroll_to (self->timeline, i);
      return;
    }
}

void
heddle_trace_panel_refresh_history (HeddleTracePanel *self)
{
  g_return_if_fail (HEDDLE_IS_TRACE_PANEL (self));

  heddle_history_refresh (self->history);
}

GtkWidget *
heddle_trace_panel_new (const HeddleServices *services)
{
  HeddleTracePanel *self = g_object_new (HEDDLE_TYPE_TRACE_PANEL, NULL);

  self->history = HEDDLE_HISTORY (heddle_history_new (services->store));
  g_signal_connect_object (self->history, "run-activated", G_CALLBACK (run_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->history), "history", _ ("History"));
  /* Until there is a run to look at, the past ones are. */
  gtk_stack_set_visible_child_name (self->stack, "history");
  return GTK_WIDGET (self);
}

static void
heddle_trace_panel_dispose (GObject *object)
{
  HeddleTracePanel *self = HEDDLE_TRACE_PANEL (object);

  g_clear_object (&self->signals);
  if (self->selection != NULL)
    gtk_single_selection_set_model (self->selection, NULL);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->trace);
  G_OBJECT_CLASS (heddle_trace_panel_parent_class)->dispose (object);
}

static void
heddle_trace_panel_class_init (HeddleTracePanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_trace_panel_dispose;
  signals[NODE_ACTIVATED] = g_signal_new ("node-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[RUN_ACTIVATED] = g_signal_new ("run-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/trace/heddle-trace-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleTracePanel, box);
  gtk_widget_class_bind_template_child (widget_class, HeddleTracePanel, stack);
  gtk_widget_class_bind_template_child (widget_class, HeddleTracePanel, summary);
  gtk_widget_class_bind_template_child (widget_class, HeddleTracePanel, details_bin);
}

static void
heddle_trace_panel_init (HeddleTracePanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);

  self->timeline = HEDDLE_TIMELINE (heddle_timeline_new (self->selection));
  g_signal_connect_object (self->timeline, "span-activated", G_CALLBACK (span_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->timeline), "timeline", _ ("Timeline"));
  gtk_stack_add_titled (self->stack, heddle_span_table_new (self->selection), "table", _ ("Table"));

  self->details = HEDDLE_SPAN_DETAILS (heddle_span_details_new ());
  adw_bin_set_child (self->details_bin, GTK_WIDGET (self->details));

  self->signals = g_signal_group_new (HEDDLE_TYPE_TRACE);
  g_signal_group_connect_swapped (self->signals, "updated", G_CALLBACK (trace_updated_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (trace_updated_cb), self);
}
