/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-completion.h"

#include "common/heddle-accessible-names.h"
#include "common/heddle-widgets.h"
#include "inspector/heddle-completion-source.h"
#include "inspector/heddle-expression-field.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SHOWN 50
/* Of the text before the cursor: an expression is shorter. */
#define MAX_LOOK_BACK 4000
#define PAGE 6

typedef struct
{
  GtkTextView *view;
  HeddleTemplateViewMode mode;
  const HeddleParamContext *context;
  GtkWidget *popover;
  GtkScrolledWindow *scroller;
  GtkListBox *list;
  GPtrArray *items;   /* HeddleCompletionItem*, those in the list first */
  gboolean typing;    /* the buffer is changing by the person's hand */
  gboolean is_wanted; /* the list was asked for, and stays while a name is typed */
} Completion;

/* The expression up to the cursor; NULL: the cursor is in none. */
static char *
dup_before (Completion *self,
            const GtkTextIter *cursor)
{
  GtkTextIter start = *cursor;
  g_autofree char *before = NULL;
  const char *open;

  gtk_text_iter_backward_chars (&start, MAX_LOOK_BACK);
  before = gtk_text_iter_get_slice (&start, cursor);
  open = g_strrstr (before, "{{");
  if (open != NULL && strstr (open, "}}") == NULL && (open == before || open[-1] != '\\'))
    return g_strdup (open + 2);
  return self->mode == HEDDLE_TEMPLATE_VIEW_EXPRESSION ? g_steal_pointer (&before) : NULL;
}

static GtkWidget *
ellipsized_label_new (const char *text,
                      const char *css_class)
{
  GtkWidget *label = heddle_label_new (text, css_class);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  return label;
}

static const char *
icon_of (HeddleCompletionKind kind)
{
  switch (kind)
    {
    case HEDDLE_COMPLETION_NODE:
      return "view-grid-symbolic";
    case HEDDLE_COMPLETION_FUNCTION:
      return "accessories-calculator-symbolic";
    case HEDDLE_COMPLETION_ROOT:
      return "starred-symbolic";
    case HEDDLE_COMPLETION_FIELD:
    default:
      return "view-list-symbolic";
    }
}

/* Its name and what it is; below, what it holds or does. */
static GtkWidget *
row_new (const HeddleCompletionItem *item)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_of (item->kind));
  GtkWidget *detail = ellipsized_label_new (item->detail, "dim-label");
  g_autofree char *spoken = g_strjoin (", ", item->name, item->detail != NULL ? item->detail : item->help, item->detail != NULL ? item->help : NULL, NULL);

  gtk_widget_add_css_class (icon, "dim-label");
  gtk_box_append (GTK_BOX (line), icon);
  gtk_box_append (GTK_BOX (line), heddle_label_new (item->name, NULL));
  gtk_widget_set_hexpand (detail, TRUE);
  gtk_label_set_xalign (GTK_LABEL (detail), 1);
  gtk_box_append (GTK_BOX (line), detail);
  gtk_box_append (GTK_BOX (lines), line);
  if (item->help != NULL)
    {
      GtkWidget *help = ellipsized_label_new (item->help, "caption");

      gtk_widget_add_css_class (help, "dim-label");
      gtk_box_append (GTK_BOX (lines), help);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), lines);
  heddle_accessible_set_name (row, spoken);
  return row;
}

static void
fill (Completion *self)
{
  heddle_list_box_clear (self->list);
  for (guint i = 0; i < MIN (self->items->len, MAX_SHOWN); i++)
    gtk_list_box_append (self->list, row_new (g_ptr_array_index (self->items, i)));
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

static void
point_at_cursor (Completion *self,
                 const GtkTextIter *cursor)
{
  GdkRectangle place;
  int x, y;

  gtk_text_view_get_iter_location (self->view, cursor, &place);
  gtk_text_view_buffer_to_window_coords (self->view, GTK_TEXT_WINDOW_WIDGET, place.x, place.y, &x, &y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &(GdkRectangle){ x, y, 1, place.height });
}

static void
hide (Completion *self)
{
  self->is_wanted = FALSE;
  gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static void
update (Completion *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  g_autofree char *before = NULL;
  GtkTextIter cursor;

  g_clear_pointer (&self->items, g_ptr_array_unref);
  gtk_text_buffer_get_iter_at_mark (buffer, &cursor, gtk_text_buffer_get_insert (buffer));
  before = gtk_text_view_get_editable (self->view) ? dup_before (self, &cursor) : NULL;
  if (before != NULL)
    self->items = heddle_completion_list (self->context, before, self->is_wanted);
  /* An empty field is no question yet. */
  if (self->items == NULL || self->items->len == 0 || (*before == '\0' && self->mode == HEDDLE_TEMPLATE_VIEW_EXPRESSION && !self->is_wanted))
    {
      hide (self);
      return;
    }
  fill (self);
  point_at_cursor (self, &cursor);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
take (Completion *self,
      GtkListBoxRow *row)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  const HeddleCompletionItem *item = g_ptr_array_index (self->items, gtk_list_box_row_get_index (row));
  g_autofree char *insert = heddle_expression_dup_written (self->mode, item->insert);
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_mark (buffer, &end, gtk_text_buffer_get_insert (buffer));
  start = end;
  gtk_text_iter_backward_chars (&start, (int) item->n_replaced);
  hide (self);
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, insert, -1);
  gtk_text_buffer_end_user_action (buffer);
  hide (self);
}

static void
row_activated_cb (GtkListBox *list,
                  GtkListBoxRow *row,
                  Completion *self)
{
  take (self, row);
}

static void
show_row (Completion *self,
          GtkListBoxRow *row)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  graphene_rect_t bounds;

  if (gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (self->list), &bounds))
    gtk_adjustment_clamp_page (adjustment, bounds.origin.y, bounds.origin.y + bounds.size.height);
}

/* Beyond either end it stays there. */
static void
move_selection (Completion *self,
                int step)
{
  GtkListBoxRow *selected = gtk_list_box_get_selected_row (self->list);
  int last = (int) MIN (self->items->len, MAX_SHOWN) - 1;
  int index = selected != NULL ? gtk_list_box_row_get_index (selected) + step : 0;
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, CLAMP (index, 0, last));

  if (row == NULL)
    return;
  gtk_list_box_select_row (self->list, row);
  show_row (self, row);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state,
                Completion *self)
{
  GtkListBoxRow *selected = gtk_list_box_get_selected_row (self->list);

  if (keyval == GDK_KEY_space && (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK)) == GDK_CONTROL_MASK)
    {
      self->is_wanted = TRUE;
      update (self);
      return GDK_EVENT_STOP;
    }
  if (!gtk_widget_get_visible (self->popover) || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (keyval)
    {
    case GDK_KEY_Down:
      move_selection (self, 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Up:
      move_selection (self, -1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Page_Down:
      move_selection (self, PAGE);
      return GDK_EVENT_STOP;
    case GDK_KEY_Page_Up:
      move_selection (self, -PAGE);
      return GDK_EVENT_STOP;
    case GDK_KEY_Left:
    case GDK_KEY_Right:
      hide (self);
      return GDK_EVENT_PROPAGATE;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_Tab:
      if (selected != NULL)
        take (self, selected);
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      hide (self);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/* Only what is typed asks: a value that is set from elsewhere must not open a list. */
static void
begin_typing_cb (GtkTextBuffer *buffer,
                 Completion *self)
{
  self->typing = gtk_widget_has_focus (GTK_WIDGET (self->view));
}

static void
end_typing_cb (GtkTextBuffer *buffer,
               Completion *self)
{
  if (self->typing)
    update (self);
  self->typing = FALSE;
}

static void
focus_left_cb (GtkEventControllerFocus *controller,
               Completion *self)
{
  hide (self);
}

static GtkWidget *
popover_new (Completion *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *list = gtk_list_box_new ();

  self->list = GTK_LIST_BOX (list);
  self->scroller = GTK_SCROLLED_WINDOW (scroller);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Proposals"), -1);
  gtk_widget_add_css_class (list, "navigation-sidebar");
  gtk_widget_add_css_class (list, "completion");
  gtk_widget_set_can_focus (list, FALSE);
  g_signal_connect (list, "row-activated", G_CALLBACK (row_activated_cb), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 260);
  gtk_widget_set_size_request (scroller, 270, -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_popover_set_child (GTK_POPOVER (popover), scroller);
  gtk_popover_set_autohide (GTK_POPOVER (popover), FALSE);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_popover_set_position (GTK_POPOVER (popover), GTK_POS_BOTTOM);
  gtk_widget_set_can_focus (popover, FALSE);
  return g_object_ref_sink (popover);
}

/*
 * A text view that is disposed of waits for its children to go, but knows only those that stand in
 * its text: the list must have left by then, so it is a child only while the view is in a window.
 */
static void
root_changed_cb (Completion *self)
{
  if (gtk_widget_get_root (GTK_WIDGET (self->view)) == NULL)
    gtk_widget_unparent (self->popover);
  else if (gtk_widget_get_parent (self->popover) == NULL)
    gtk_widget_set_parent (self->popover, GTK_WIDGET (self->view));
}

static void
completion_free (Completion *self)
{
  g_object_unref (self->popover);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_free (self);
}

void
heddle_completion_attach (GtkTextView *view,
                          HeddleTemplateViewMode mode,
                          const HeddleParamContext *context)
{
  Completion *self = g_new0 (Completion, 1);
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);

  self->view = view;
  self->mode = mode;
  self->context = context;
  self->popover = popover_new (self);
  g_object_set_data_full (G_OBJECT (view), "heddle-completion", self, (GDestroyNotify) completion_free);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (view), keys);
  g_signal_connect (focus, "leave", G_CALLBACK (focus_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (view), focus);
  g_signal_connect (buffer, "begin-user-action", G_CALLBACK (begin_typing_cb), self);
  g_signal_connect (buffer, "end-user-action", G_CALLBACK (end_typing_cb), self);
  g_signal_connect_swapped (view, "notify::root", G_CALLBACK (root_changed_cb), self);
  if (gtk_widget_get_root (GTK_WIDGET (view)) != NULL)
    root_changed_cb (self);
}
