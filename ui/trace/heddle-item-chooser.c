/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-item-chooser.h"

#include <glib/gi18n-lib.h>

struct _HeddleItemChooser
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *previous;
  GtkWidget *next;
  GtkMenuButton *button;
  GtkPopover *popover;
  GtkLabel *title;
  GtkLabel *progress;
  GtkSpinButton *number;
  GtkAdjustment *adjustment;
  GtkWidget *failed;
  GtkWidget *latest;

  HeddleTrace *trace;
  char *container; /* or NULL */
  gboolean is_updating;
};

enum
{
  ITEM_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleItemChooser, heddle_item_chooser, GTK_TYPE_WIDGET)

static HeddleSpan *
get_container (HeddleItemChooser *self)
{
  return self->trace != NULL && self->container != NULL ? heddle_trace_find_node (self->trace, self->container) : NULL;
}

/* The one that is shown, from 0; -1: there is none. */
static int
get_shown (HeddleItemChooser *self,
           int *last)
{
  int item = heddle_trace_get_item (self->trace, self->container, last);

  return item >= 0 ? item : *last;
}

static char *
dup_scope (HeddleItemChooser *self,
           int item)
{
  const char *around = heddle_span_get_scope (get_container (self));

  return g_strdup_printf ("%s%s%s#%d", around != NULL ? around : "", around != NULL ? "/" : "", self->container, item);
}

static void
choose (HeddleItemChooser *self,
        int item)
{
  g_autofree char *scope = NULL;

  if (get_container (self) == NULL)
    return;
  heddle_trace_choose_item (self->trace, self->container, item);
  if (item < 0 || get_container (self) == NULL)
    return;
  scope = dup_scope (self, item);
  g_signal_emit (self, signals[ITEM_CHOSEN], 0, scope);
}

static void
step (HeddleItemChooser *self,
      int by)
{
  int last = -1;
  int shown;

  if (get_container (self) == NULL)
    return;
  shown = get_shown (self, &last);
  choose (self, CLAMP (shown + by, 0, last));
}

static void
previous_clicked_cb (HeddleItemChooser *self)
{
  step (self, -1);
}

static void
next_clicked_cb (HeddleItemChooser *self)
{
  step (self, 1);
}

static void
latest_clicked_cb (HeddleItemChooser *self)
{
  choose (self, -1);
  gtk_popover_popdown (self->popover);
}

static void
number_changed_cb (HeddleItemChooser *self)
{
  if (!self->is_updating)
    choose (self, gtk_spin_button_get_value_as_int (self->number) - 1);
}

/* The first listed one behind the given item that failed; behind the last comes the first. */
static int
find_failed (HeddleSpan *container,
             int after)
{
  GPtrArray *children = heddle_span_get_children (container);
  int first = -1, next = -1;

  for (guint i = 0; i < children->len; i++)
    {
      HeddleSpan *child = g_ptr_array_index (children, i);
      int item = heddle_span_get_item (child);

      if (item < 0 || heddle_span_get_state (child) != HEDDLE_SPAN_FAILED)
        continue;
      if (first < 0 || item < first)
        first = item;
      if (item > after && (next < 0 || item < next))
        next = item;
    }
  return next >= 0 ? next : first;
}

static void
failed_clicked_cb (HeddleItemChooser *self)
{
  HeddleSpan *container = get_container (self);
  int last = -1;
  int item;

  if (container == NULL)
    return;
  item = find_failed (container, get_shown (self, &last));
  if (item >= 0)
    choose (self, item);
}

static char *
make_label (gboolean is_loop,
            int item,
            int count)
{
  return g_strdup_printf (is_loop ? _ ("Round %d of %d") : _ ("Item %d of %d"), item + 1, count);
}

static void
show_details (HeddleItemChooser *self,
              HeddleSpan *container,
              int shown,
              int last)
{
  HeddleTraceProgress progress = { .total = -1 };
  g_autofree char *text = heddle_format_span_progress (container);
  g_autofree char *folded = heddle_format_span_folded (container);
  g_autofree char *both = folded != NULL ? g_strdup_printf ("%s\n%s", text, folded) : g_strdup (text);

  heddle_span_get_progress (container, &progress);
  gtk_label_set_label (self->title, heddle_span_get_name (container));
  gtk_label_set_label (self->progress, both);
  gtk_adjustment_set_upper (self->adjustment, last + 1);
  if (gtk_spin_button_get_value_as_int (self->number) != shown + 1)
    gtk_spin_button_set_value (self->number, shown + 1);
  gtk_widget_set_sensitive (self->failed, progress.failed > 0 || find_failed (container, -1) >= 0);
}

static void
update (HeddleItemChooser *self)
{
  HeddleSpan *container = get_container (self);
  gboolean is_loop = container != NULL && g_strcmp0 (heddle_span_get_type_id (container), "map") != 0;
  int last = -1;
  int shown = container != NULL ? get_shown (self, &last) : -1;
  HeddleTraceProgress progress = { .total = -1 };
  g_autofree char *label = NULL;
  gboolean is_latest;

  gtk_widget_set_visible (GTK_WIDGET (self), last >= 0 && g_strcmp0 (heddle_span_get_type_id (container), "subflow") != 0);
  if (last < 0)
    return;
  heddle_span_get_progress (container, &progress);
  is_latest = heddle_trace_get_item (self->trace, self->container, NULL) < 0;
  label = make_label (is_loop, shown, MAX ((int) MIN (progress.total, G_MAXINT), last + 1));
  gtk_menu_button_set_label (self->button, label);
  gtk_widget_set_sensitive (self->previous, shown > 0);
  gtk_widget_set_sensitive (self->next, shown < last);
  gtk_widget_set_sensitive (self->latest, !is_latest);
  if (!gtk_widget_get_visible (GTK_WIDGET (self->popover)))
    return;
  self->is_updating = TRUE;
  show_details (self, container, shown, last);
  self->is_updating = FALSE;
}

static void
popover_shown_cb (HeddleItemChooser *self)
{
  update (self);
}

/* The first container with items, in the order of the waterfall. */
static const char *
find_container (HeddleSpan *span)
{
  GPtrArray *children = heddle_span_get_children (span);
  const char *found = NULL;

  for (guint i = 0; i < children->len && found == NULL; i++)
    {
      HeddleSpan *child = g_ptr_array_index (children, i);
      HeddleTraceProgress progress;

      if (heddle_span_get_progress (child, &progress) && g_strcmp0 (heddle_span_get_type_id (child), "subflow") != 0)
        found = heddle_span_get_node_id (child);
    }
  return found;
}

static void
trace_updated_cb (HeddleItemChooser *self)
{
  if (self->container == NULL)
    self->container = g_strdup (find_container (heddle_trace_get_root (self->trace)));
  update (self);
}

void
heddle_item_chooser_set_container (HeddleItemChooser *self,
                                   HeddleTrace *trace,
                                   const char *container)
{
  g_return_if_fail (HEDDLE_IS_ITEM_CHOOSER (self));

  if (self->trace != trace)
    {
      if (self->trace != NULL)
        g_signal_handlers_disconnect_by_data (self->trace, self);
      g_clear_pointer (&self->container, g_free);
      g_set_object (&self->trace, trace);
      if (trace != NULL)
        g_signal_connect_object (trace, "updated", G_CALLBACK (trace_updated_cb), self, G_CONNECT_SWAPPED);
    }
  if (container != NULL && g_strcmp0 (container, self->container) != 0)
    {
      g_free (self->container);
      self->container = g_strdup (container);
    }
  if (trace != NULL)
    trace_updated_cb (self);
  else
    update (self);
}

GtkWidget *
heddle_item_chooser_new (void)
{
  return g_object_new (HEDDLE_TYPE_ITEM_CHOOSER, NULL);
}

static void
heddle_item_chooser_dispose (GObject *object)
{
  HeddleItemChooser *self = HEDDLE_ITEM_CHOOSER (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->trace);
  g_clear_pointer (&self->container, g_free);
  G_OBJECT_CLASS (heddle_item_chooser_parent_class)->dispose (object);
}

static void
heddle_item_chooser_class_init (HeddleItemChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_item_chooser_dispose;
  signals[ITEM_CHOSEN] = g_signal_new ("item-chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/trace/heddle-item-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleItemChooser, box);
  gtk_widget_class_bind_template_child (widget_class, HeddleItemChooser, previous);
  gtk_widget_class_bind_template_child (widget_class, HeddleItemChooser, next);
  gtk_widget_class_bind_template_child (widget_class, HeddleItemChooser, button);
  gtk_widget_class_bind_template_child (widget_class, HeddleItemChooser, popover);
  gtk_widget_class_bind_template_child (widget_class, HeddleItemChooser, title);
  gtk_widget_class_bind_template_child (widget_class, HeddleItemChooser, progress);
  gtk_widget_class_bind_template_child (widget_class, HeddleItemChooser, number);
  gtk_widget_class_bind_template_child (widget_class, HeddleItemChooser, adjustment);
  gtk_widget_class_bind_template_child (widget_class, HeddleItemChooser, failed);
  gtk_widget_class_bind_template_child (widget_class, HeddleItemChooser, latest);
  gtk_widget_class_bind_template_callback (widget_class, previous_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, popover_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, number_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, failed_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, latest_clicked_cb);
}

static void
heddle_item_chooser_init (HeddleItemChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
