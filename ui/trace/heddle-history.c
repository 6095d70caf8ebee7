/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-history.h"

#include "common/heddle-widgets.h"
#include "trace/heddle-span-look.h"

#include <glib/gi18n-lib.h>

struct _HeddleHistory
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkListBox *list;
  GtkLabel *placeholder; /* why the list is empty */
  HeddlePastRuns *past_runs;
  char *current;
  char *shown; /* what the rows say, to leave them alone while that is so */
};

enum
{
  RUN_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleHistory, heddle_history, GTK_TYPE_WIDGET)

static const char *
row_run (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "heddle-run");
}

static void
row_activated_cb (HeddleHistory *self,
                  GtkListBoxRow *row)
{
  g_signal_emit (self, signals[RUN_ACTIVATED], 0, row_run (row));
}

static void
mark_current (HeddleHistory *self)
{
  GtkListBoxRow *row;

  gtk_list_box_unselect_all (self->list);
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      if (g_strcmp0 (row_run (row), self->current) == 0)
        gtk_list_box_select_row (self->list, row);
    }
}

static GtkWidget *
column_new (const char *text,
            const char *css_class,
            gboolean expand)
{
  GtkWidget *label = heddle_label_new (text, css_class);

  gtk_label_set_ellipsize (GTK_LABEL (label), expand ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, expand);
  return label;
}

static HeddleSpanState
span_state (HeddleRunState state)
{
  switch (state)
    {
    case HEDDLE_RUN_RUNNING:
      return HEDDLE_SPAN_RUNNING;
    case HEDDLE_RUN_OK:
      return HEDDLE_SPAN_OK;
    case HEDDLE_RUN_FAILED:
      return HEDDLE_SPAN_FAILED;
    case HEDDLE_RUN_INTERRUPTED:
      return HEDDLE_SPAN_DOUBT;
    case HEDDLE_RUN_CANCELLED:
    default:
      return HEDDLE_SPAN_CANCELLED;
    }
}

/* Who or what started it; NULL: a person. */
static const char *
get_started_by (const HeddleRunInfo *info)
{
  if (g_strcmp0 (info->started_by, "schedule") == 0)
    return _ ("Schedule");
  if (g_strcmp0 (info->started_by, "webhook") == 0)
    return _ ("Webhook");
  if (g_strcmp0 (info->started_by, "endpoint") == 0)
    return _ ("Endpoint");
  return NULL;
}

/* What a person has to know of a run that is not over, or that began with another one; NULL: nothing. */
static const char *
get_marker (const HeddleRunInfo *info)
{
  if (info->n_doubts > 0)
    return _ ("In doubt");
  if (info->n_questions > 0)
    return _ ("Waits for a person");
  if (info->state == HEDDLE_RUN_INTERRUPTED)
    return _ ("Interrupted");
  if (info->is_elsewhere)
    return _ ("In another process");
  return NULL;
}

static void
append_markers (GtkBox *box,
                const HeddleRunInfo *info)
{
  const char *marker = get_marker (info);
  GtkWidget *fork;

  if (marker != NULL)
    gtk_box_append (box, column_new (marker, "warning", FALSE));
  if (info->parent == NULL)
    return;
  fork = column_new (_ ("Fork"), "dim-label", FALSE);
  gtk_widget_set_tooltip_text (fork, _ ("Began with results of an earlier run"));
  gtk_box_append (box, fork);
}

static GtkWidget *
row_new (const HeddleRunInfo *info)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  HeddleSpanState state = span_state (info->state);
  GtkWidget *icon = gtk_image_new_from_icon_name (heddle_span_state_get_icon (state));
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (info->started / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  /* Translators: day and time of a run, see strftime(). */
  g_autofree char *time = g_date_time_format (local, _ ("%e %b, %H:%M:%S"));
  g_autofree char *duration = info->duration >= 0 ? heddle_format_duration (info->duration) : g_strdup ("");
  g_autofree char *tokens = info->tokens >= 0 ? heddle_format_tokens (info->tokens, FALSE) : g_strdup ("");
  g_autofree char *cost = info->tokens >= 0 ? heddle_money_format (info->cost, info->cost_partly_unknown, FALSE) : g_strdup ("");

  gtk_widget_add_css_class (icon, heddle_span_state_get_class (state));
  gtk_widget_set_tooltip_text (icon, heddle_run_state_get_title (info->state));
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), column_new (time, "numeric", FALSE));
  append_markers (GTK_BOX (box), info);
  if (get_started_by (info) != NULL)
    gtk_box_append (GTK_BOX (box), column_new (get_started_by (info), "dim-label", FALSE));
  gtk_box_append (GTK_BOX (box), column_new (duration, "numeric", FALSE));
  gtk_box_append (GTK_BOX (box), column_new (tokens, "dim-label", FALSE));
  gtk_box_append (GTK_BOX (box), column_new (cost, "dim-label", FALSE));
  gtk_box_append (GTK_BOX (box), column_new (info->summary != NULL ? info->summary : "", "dim-label", TRUE));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_add_css_class (row, "history-row");
  g_object_set_data_full (G_OBJECT (row), "heddle-run", g_strdup (info->id), g_free);
  return row;
}

/* All that a row shows of a run. */
static void
append_look (GString *look,
             const HeddleRunInfo *info)
{
  g_string_append_printf (look, "%s %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d %u %u %d %s\n", info->id, info->state, info->duration,
                          info->tokens, info->cost, info->cost_partly_unknown, info->n_doubts, info->n_questions, info->is_elsewhere,
                          info->summary != NULL ? info->summary : "");
}

static char *
dup_look (GPtrArray *runs,
          const GError *error)
{
  GString *look = g_string_new (error != NULL ? error->message : NULL);

  for (guint i = 0; i < runs->len; i++)
    append_look (look, g_ptr_array_index (runs, i));
  return g_string_free (look, FALSE);
}

static void
update (HeddleHistory *self)
{
  GPtrArray *runs = heddle_past_runs_list (self->past_runs);
  const GError *error = heddle_past_runs_get_error (self->past_runs);
  g_autofree char *look = dup_look (runs, error);

  if (g_strcmp0 (look, self->shown) == 0)
    return;
  g_free (self->shown);
  self->shown = g_steal_pointer (&look);
  heddle_list_box_clear (self->list);
  gtk_label_set_label (self->placeholder, error != NULL ? error->message : _ ("This workflow has not been run yet. Press Run to see every step here."));
  for (guint i = 0; i < runs->len; i++)
    gtk_list_box_append (self->list, row_new (g_ptr_array_index (runs, i)));
  mark_current (self);
}

static void
forget_past_runs (HeddleHistory *self)
{
  if (self->past_runs == NULL)
    return;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    heddle_past_runs_unwatch (self->past_runs);
  g_signal_handlers_disconnect_by_data (self->past_runs, self);
  g_clear_object (&self->past_runs);
}

void
heddle_history_set_past_runs (HeddleHistory *self,
                              HeddlePastRuns *past_runs)
{
  g_return_if_fail (HEDDLE_IS_HISTORY (self));

  if (past_runs == self->past_runs)
    return;
  forget_past_runs (self);
  if (past_runs == NULL)
    return;
  self->past_runs = g_object_ref (past_runs);
  g_signal_connect_object (past_runs, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    heddle_past_runs_watch (past_runs);
  update (self);
}

void
heddle_history_set_current (HeddleHistory *self,
                            const char *run_id)
{
  g_return_if_fail (HEDDLE_IS_HISTORY (self));

  g_free (self->current);
  self->current = g_strdup (run_id);
  mark_current (self);
}

GtkWidget *
heddle_history_new (void)
{
  return g_object_new (HEDDLE_TYPE_HISTORY, NULL);
}

static void
heddle_history_map (GtkWidget *widget)
{
  HeddleHistory *self = HEDDLE_HISTORY (widget);

  GTK_WIDGET_CLASS (heddle_history_parent_class)->map (widget);
  if (self->past_runs != NULL)
    heddle_past_runs_watch (self->past_runs);
}

static void
heddle_history_unmap (GtkWidget *widget)
{
  HeddleHistory *self = HEDDLE_HISTORY (widget);

  if (self->past_runs != NULL)
    heddle_past_runs_unwatch (self->past_runs);
  GTK_WIDGET_CLASS (heddle_history_parent_class)->unmap (widget);
}

static void
heddle_history_dispose (GObject *object)
{
  HeddleHistory *self = HEDDLE_HISTORY (object);

  forget_past_runs (self);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->current, g_free);
  g_clear_pointer (&self->shown, g_free);
  G_OBJECT_CLASS (heddle_history_parent_class)->dispose (object);
}

static void
heddle_history_class_init (HeddleHistoryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_history_dispose;
  widget_class->map = heddle_history_map;
  widget_class->unmap = heddle_history_unmap;
  signals[RUN_ACTIVATED] = g_signal_new ("run-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
heddle_history_init (HeddleHistory *self)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *placeholder = gtk_label_new (NULL);

  gtk_widget_add_css_class (placeholder, "dim-label");
  gtk_widget_add_css_class (placeholder, "placeholder");
  gtk_label_set_wrap (GTK_LABEL (placeholder), TRUE);
  gtk_label_set_justify (GTK_LABEL (placeholder), GTK_JUSTIFY_CENTER);
  self->placeholder = GTK_LABEL (placeholder);
  self->list = GTK_LIST_BOX (list);
  gtk_list_box_set_placeholder (self->list, placeholder);
  gtk_widget_add_css_class (list, "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Past runs"), -1);
  g_signal_connect_object (list, "row-activated", G_CALLBACK (row_activated_cb), self, G_CONNECT_SWAPPED);
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), list);
  gtk_widget_set_vexpand (self->scroller, TRUE);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}
