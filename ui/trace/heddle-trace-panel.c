/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-trace-panel.h"

#include "common/heddle-adaptive-bin.h"
#include "trace/heddle-history.h"
#include "trace/heddle-item-chooser.h"
#include "trace/heddle-span-details.h"
#include "trace/heddle-span-menu.h"
#include "trace/heddle-span-table.h"
#include "trace/heddle-timeline.h"

#include <glib/gi18n-lib.h>

#define LIST_WIDTH 620
#define LIST_PART .45 /* of the height, where the list is above the details */

struct _HeddleTracePanel
{
  GtkWidget parent_instance;

  GtkWidget *box;
  HeddleAdaptiveBin *adaptive;
  GtkPaned *paned;
  GtkStack *stack;
  GtkLabel *summary;
  AdwBin *details_bin;
  GtkWidget *only_failed;
  HeddleItemChooser *chooser;

  HeddleTimeline *timeline;
  HeddleHistory *history;
  HeddleSpanDetails *details;
  HeddleSpanRows *rows;          /* of the trace */
  GtkSingleSelection *selection; /* over the rows */
  HeddleStore *store;
  HeddleSpan *selected;      /* the last one */
  GCancellable *cancellable; /* of an item being loaded */
  gboolean is_following;     /* the selection follows the canvas, and chooses no item */
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

static void
update_summary (HeddleTracePanel *self)
{
  g_autofree char *duration = NULL;
  g_autofree char *usage = NULL;
  g_autofree char *text = NULL;
  const char *note, *pause;

  if (self->trace == NULL)
    {
      gtk_label_set_label (self->summary, "");
      return;
    }
  duration = heddle_format_duration (heddle_trace_get_duration (self->trace));
  usage = heddle_format_span_usage (heddle_trace_get_root (self->trace));
  note = heddle_trace_get_note (self->trace);
  pause = heddle_trace_get_pause (self->trace);
  text = g_strconcat (heddle_run_state_get_title (heddle_trace_get_state (self->trace)), " · ", duration,
                      usage != NULL ? " · " : "", usage != NULL ? usage : "",
                      pause != NULL ? " · " : "", pause != NULL ? pause : "",
                      note != NULL && note[0] != '\0' ? " · " : "", note != NULL ? note : "", NULL);
  gtk_label_set_label (self->summary, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->summary), text);
}

static void
update_time (HeddleTracePanel *self)
{
  if (self->trace != NULL)
    heddle_timeline_set_duration (self->timeline, heddle_trace_get_duration (self->trace), is_running (self));
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

/* The container whose item the span is in, or itself. */
static const char *
find_container (HeddleSpan *span)
{
  HeddleTraceProgress progress;

  for (; span != NULL; span = heddle_span_get_parent (span))
    {
      if (heddle_span_get_item (span) >= 0 || heddle_span_get_progress (span, &progress))
        return heddle_span_get_node_id (span);
    }
  return NULL;
}

/* Who looks at something in an item sees that item on the canvas too. */
static void
selected_cb (HeddleTracePanel *self)
{
  HeddleSpan *span = gtk_single_selection_get_selected_item (self->selection);

  heddle_span_details_set_span (self->details, span);
  if (span == NULL || self->trace == NULL)
    return;
  g_set_object (&self->selected, span);
  heddle_item_chooser_set_container (self->chooser, self->trace, find_container (span));
  if (!self->is_following)
    heddle_trace_choose_span (self->trace, span);
}

static void
select_row (HeddleTracePanel *self,
            HeddleSpan *span)
{
  guint position;

  heddle_span_rows_reveal (self->rows, span);
  position = heddle_span_rows_find (self->rows, span);
  if (position == GTK_INVALID_LIST_POSITION)
    return;
  gtk_single_selection_set_selected (self->selection, position);
  heddle_timeline_scroll_to (self->timeline, position);
}

/* What was selected and is hidden now leaves the selection to what it is in. */
static void
rows_changed_cb (HeddleTracePanel *self)
{
  HeddleSpan *above = self->selected;

  if (above == NULL || gtk_single_selection_get_selected (self->selection) != GTK_INVALID_LIST_POSITION)
    return;
  while (above != NULL && heddle_span_rows_find (self->rows, above) == GTK_INVALID_LIST_POSITION)
    above = heddle_span_get_parent (above);
  if (above != NULL)
    gtk_single_selection_set_selected (self->selection, heddle_span_rows_find (self->rows, above));
}

static void
go_in (HeddleTracePanel *self,
       HeddleSpan *span)
{
  if (!heddle_span_rows_is_foldable (self->rows, span))
    return;
  if (heddle_span_rows_is_folded (self->rows, span))
    heddle_span_rows_set_folded (self->rows, span, FALSE);
  else
    select_row (self, g_ptr_array_index (heddle_span_get_children (span), 0));
}

static void
go_out (HeddleTracePanel *self,
        HeddleSpan *span)
{
  if (heddle_span_rows_is_foldable (self->rows, span) && !heddle_span_rows_is_folded (self->rows, span))
    heddle_span_rows_set_folded (self->rows, span, TRUE);
  else if (heddle_span_get_parent (span) != NULL)
    select_row (self, heddle_span_get_parent (span));
}

static gboolean
key_pressed_cb (HeddleTracePanel *self,
                guint keyval,
                guint keycode,
                GdkModifierType state)
{
  HeddleSpan *span = gtk_single_selection_get_selected_item (self->selection);
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  gboolean is_menu = keyval == GDK_KEY_Menu || (keyval == GDK_KEY_F10 && (state & GDK_SHIFT_MASK) != 0);

  if (span == NULL || gtk_stack_get_visible_child (self->stack) == GTK_WIDGET (self->history))
    return GDK_EVENT_PROPAGATE;
  if (is_menu)
    heddle_span_menu_popup (GTK_WIDGET (self->stack), span, gtk_widget_get_width (GTK_WIDGET (self->stack)) / 3.0, 40);
  else if ((state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;
  else if (keyval == (rtl ? GDK_KEY_Left : GDK_KEY_Right) || keyval == GDK_KEY_plus)
    go_in (self, span);
  else if (keyval == (rtl ? GDK_KEY_Right : GDK_KEY_Left) || keyval == GDK_KEY_minus)
    go_out (self, span);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
only_failed_cb (HeddleTracePanel *self)
{
  heddle_span_rows_set_only_failed (self->rows, gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->only_failed)));
}

static gboolean
select_item (HeddleTracePanel *self,
             const char *scope)
{
  HeddleSpan *item = heddle_trace_find_in_scope (self->trace, scope, NULL);

  if (item != NULL)
    select_row (self, item);
  return item != NULL;
}

static void
load_item_cb (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (HeddleTracePanel) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = heddle_store_load_scope_finish (HEDDLE_STORE (object), result, &error);

  if (events != NULL && events->len > 0 && self->trace != NULL)
    {
      heddle_trace_restore (self->trace, events);
      select_item (self, ((HeddleEvent *) g_ptr_array_index (events, 0))->scope);
    }
  else if (error != NULL && !heddle_error_is_cancelled (error))
    g_info ("An item of the run was not loaded: %s", error->message);
}

/* Items that are over and no longer listed are in the store. */
static void
item_chosen_cb (HeddleTracePanel *self,
                const char *scope)
{
  if (select_item (self, scope) || self->store == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  heddle_store_load_scope_async (self->store, heddle_trace_get_run_id (self->trace), scope, self->cancellable, load_item_cb, g_object_ref (self));
}

/* A loop that an edge back makes, "@entry", has no frame: its entry stands for it. */
static void
show_node (HeddleTracePanel *self,
           HeddleSpan *span)
{
  const char *node = span != NULL ? heddle_span_get_node_id (span) : NULL;

  if (node != NULL)
    g_signal_emit (self, signals[NODE_ACTIVATED], 0, *node == '@' ? node + 1 : node);
}

static void
show_node_action (GtkWidget *widget,
                  const char *name,
                  GVariant *parameter)
{
  HeddleTracePanel *self = HEDDLE_TRACE_PANEL (widget);

  show_node (self, gtk_single_selection_get_selected_item (self->selection));
}

static void
copy_action (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  HeddleTracePanel *self = HEDDLE_TRACE_PANEL (widget);
  HeddleSpan *span = gtk_single_selection_get_selected_item (self->selection);
  g_autoptr (JsonNode) attributes = span != NULL ? heddle_span_dup_attributes (span) : NULL;
  g_autofree char *text = attributes != NULL ? heddle_json_to_text (attributes, HEDDLE_JSON_PRETTY) : NULL;

  if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
span_activated_cb (HeddleTracePanel *self,
                   guint position)
{
  g_autoptr (HeddleSpan) span = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  show_node (self, span);
}

static void
run_activated_cb (HeddleTracePanel *self,
                  const char *run_id)
{
  g_signal_emit (self, signals[RUN_ACTIVATED], 0, run_id);
  gtk_stack_set_visible_child_name (self->stack, "timeline");
}

void
heddle_trace_panel_set_past_runs (HeddleTracePanel *self,
                                  HeddlePastRuns *past_runs)
{
  g_return_if_fail (HEDDLE_IS_TRACE_PANEL (self));

  heddle_history_set_past_runs (self->history, past_runs);
}

void
heddle_trace_panel_set_trace (HeddleTracePanel *self,
                              HeddleTrace *trace)
{
  g_return_if_fail (HEDDLE_IS_TRACE_PANEL (self));

  if (!g_set_object (&self->trace, trace))
    return;
  g_signal_group_set_target (self->signals, trace);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->selected);
  heddle_span_rows_set_trace (self->rows, trace);
  heddle_item_chooser_set_container (self->chooser, trace, NULL);
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

  g_return_if_fail (HEDDLE_IS_TRACE_PANEL (self));

  span = self->trace != NULL ? heddle_trace_find_node (self->trace, node_id) : NULL;
  if (span == NULL)
    return;
  self->is_following = TRUE;
  select_row (self, span);
  self->is_following = FALSE;
}

GtkWidget *
heddle_trace_panel_new (const HeddleServices *services)
{
  HeddleTracePanel *self = g_object_new (HEDDLE_TYPE_TRACE_PANEL, NULL);

  g_set_object (&self->store, services->store);
  self->history = HEDDLE_HISTORY (heddle_history_new ());
  g_signal_connect_object (self->history, "run-activated", G_CALLBACK (run_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->history), "history", _ ("Runs"));
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
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->selection);
  g_clear_object (&self->rows);
  g_clear_object (&self->selected);
  g_clear_object (&self->store);
  g_clear_object (&self->trace);
  G_OBJECT_CLASS (heddle_trace_panel_parent_class)->dispose (object);
}

/* Side by side, or one above the other where the panel is narrow. */
static void
narrow_changed_cb (HeddleTracePanel *self)
{
  gboolean narrow = heddle_adaptive_bin_is_narrow (self->adaptive);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->paned), narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_paned_set_position (self->paned, narrow ? (int) (gtk_widget_get_height (GTK_WIDGET (self)) * LIST_PART) : LIST_WIDTH);
}

static void
heddle_trace_panel_class_init (HeddleTracePanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_trace_panel_dispose;
  g_type_ensure (HEDDLE_TYPE_ADAPTIVE_BIN);
  g_type_ensure (HEDDLE_TYPE_ITEM_CHOOSER);
  signals[NODE_ACTIVATED] = g_signal_new ("node-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[RUN_ACTIVATED] = g_signal_new ("run-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/trace/heddle-trace-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleTracePanel, box);
  gtk_widget_class_bind_template_child (widget_class, HeddleTracePanel, adaptive);
  gtk_widget_class_bind_template_child (widget_class, HeddleTracePanel, paned);
  gtk_widget_class_bind_template_child (widget_class, HeddleTracePanel, stack);
  gtk_widget_class_bind_template_child (widget_class, HeddleTracePanel, summary);
  gtk_widget_class_bind_template_child (widget_class, HeddleTracePanel, details_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleTracePanel, only_failed);
  gtk_widget_class_bind_template_child (widget_class, HeddleTracePanel, chooser);
  gtk_widget_class_bind_template_callback (widget_class, narrow_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, only_failed_cb);
  gtk_widget_class_bind_template_callback (widget_class, item_chosen_cb);
  gtk_widget_class_install_action (widget_class, "trace.show-node", NULL, show_node_action);
  gtk_widget_class_install_action (widget_class, "trace.copy", NULL, copy_action);
}

static void
heddle_trace_panel_init (HeddleTracePanel *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  self->rows = heddle_span_rows_new ();
  g_signal_connect_object (self->rows, "changed", G_CALLBACK (rows_changed_cb), self, G_CONNECT_SWAPPED);
  self->selection = gtk_single_selection_new (g_object_ref (heddle_span_rows_get_model (self->rows)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);

  self->timeline = HEDDLE_TIMELINE (heddle_timeline_new (self->selection, self->rows));
  g_signal_connect_object (self->timeline, "span-activated", G_CALLBACK (span_activated_cb), self, G_CONNECT_SWAPPED);
  gtk_stack_add_titled (self->stack, GTK_WIDGET (self->timeline), "timeline", _ ("Timeline"));
  gtk_stack_add_titled (self->stack, heddle_span_table_new (self->selection, self->rows), "table", _ ("Table"));

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->stack), keys);

  self->details = HEDDLE_SPAN_DETAILS (heddle_span_details_new ());
  g_signal_connect_object (self->details, "run-activated", G_CALLBACK (run_activated_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (self->details_bin, GTK_WIDGET (self->details));

  self->signals = g_signal_group_new (HEDDLE_TYPE_TRACE);
  g_signal_group_connect_swapped (self->signals, "updated", G_CALLBACK (trace_updated_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (trace_updated_cb), self);
}
