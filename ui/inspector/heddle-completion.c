/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-completion.h"

#include "common/heddle-widgets.h"

#include <string.h>

#define MAX_SHOWN 50

typedef struct
{
  GtkTextView *view;
  HeddleTemplateViewMode mode;
  const HeddleParamContext *context;
  GtkWidget *popover;
  GtkListBox *list;
  gboolean typing; /* the buffer is changing by the person's hand */
} Completion;

/* The reference before the cursor, such as "$router.us"; NULL when there is none. */
static char *
dup_reference (const GtkTextIter *cursor)
{
  GtkTextIter start = *cursor;

  while (gtk_text_iter_backward_char (&start))
    {
      gunichar c = gtk_text_iter_get_char (&start);

      if (c == '$')
        return gtk_text_iter_get_slice (&start, cursor);
      if (!g_unichar_isalnum (c) && c != '_' && c != '.' && c != '?')
        return NULL;
    }
  return NULL;
}

static gboolean
in_expression (Completion *self,
               const GtkTextIter *cursor)
{
  GtkTextIter start;
  g_autofree char *before = NULL;
  const char *open;

  if (self->mode == HEDDLE_TEMPLATE_VIEW_EXPRESSION)
    return TRUE;
  gtk_text_buffer_get_start_iter (gtk_text_iter_get_buffer (cursor), &start);
  before = gtk_text_iter_get_slice (&start, cursor);
  open = g_strrstr (before, "{{");
  return open != NULL && strstr (open, "}}") == NULL;
}

/* Everything that may stand where the last word of the reference does. */
static GPtrArray *
list_names (Completion *self,
            const char *reference)
{
  HeddleGraph *graph = heddle_document_get_graph (self->context->document);
  const char *last_dot = strrchr (reference, '.');
  g_autofree char *whole = NULL;
  char *path;

  if (last_dot == NULL)
    return heddle_completion_list_roots (graph, self->context->node_id);
  whole = g_strndup (reference + 1, last_dot - reference - 1);
  g_strdelimit (whole, "?", '.');
  path = strchr (whole, '.');
  if (path != NULL)
    *path++ = '\0';
  return heddle_completion_list_members (self->context, whole, path != NULL ? path : "");
}

static const char *
last_word (const char *reference)
{
  const char *last_dot = strrchr (reference, '.');

  return last_dot != NULL ? last_dot + 1 : reference + 1;
}

static void
fill (Completion *self,
      GPtrArray *names,
      const char *word)
{
  guint n_shown = 0;

  heddle_list_box_clear (self->list);
  for (guint i = 0; i < names->len && n_shown < MAX_SHOWN; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      if (!g_str_has_prefix (name, word) || strcmp (name, word) == 0)
        continue;
      gtk_list_box_append (self->list, heddle_label_new (name, NULL));
      n_shown++;
    }
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
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
  gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static void
update (Completion *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  g_autofree char *reference = NULL;
  g_autoptr (GPtrArray) names = NULL;
  GtkTextIter cursor;

  gtk_text_buffer_get_iter_at_mark (buffer, &cursor, gtk_text_buffer_get_insert (buffer));
  reference = in_expression (self, &cursor) ? dup_reference (&cursor) : NULL;
  if (reference == NULL)
    {
      hide (self);
      return;
    }
  names = list_names (self, reference);
  fill (self, names, last_word (reference));
  if (gtk_list_box_get_row_at_index (self->list, 0) == NULL)
    {
      hide (self);
      return;
    }
  point_at_cursor (self, &cursor);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
take (Completion *self,
      GtkListBoxRow *row)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  g_autofree char *name = g_strdup (gtk_label_get_label (GTK_LABEL (gtk_list_box_row_get_child (row))));
  g_autofree char *reference = NULL;
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_mark (buffer, &end, gtk_text_buffer_get_insert (buffer));
  reference = dup_reference (&end);
  hide (self);
  if (reference == NULL)
    return;
  start = end;
  gtk_text_iter_backward_chars (&start, g_utf8_strlen (last_word (reference), -1));
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, &start, &end);
  gtk_text_buffer_insert (buffer, &start, name, -1);
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
move_selection (Completion *self,
                int step)
{
  GtkListBoxRow *selected = gtk_list_box_get_selected_row (self->list);
  int index = selected != NULL ? gtk_list_box_row_get_index (selected) + step : 0;
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, MAX (index, 0));

  if (row != NULL)
    gtk_list_box_select_row (self->list, row);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state,
                Completion *self)
{
  GtkListBoxRow *selected = gtk_list_box_get_selected_row (self->list);

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
  gtk_widget_add_css_class (list, "navigation-sidebar");
  gtk_widget_add_css_class (list, "completion");
  gtk_widget_set_can_focus (list, FALSE);
  g_signal_connect (list, "row-activated", G_CALLBACK (row_activated_cb), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 200);
  gtk_widget_set_size_request (scroller, 160, -1);
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
root_changed_cb (GtkWidget *view,
                 GParamSpec *pspec,
                 Completion *self)
{
  if (gtk_widget_get_root (view) == NULL)
    gtk_widget_unparent (self->popover);
  else if (gtk_widget_get_parent (self->popover) == NULL)
    gtk_widget_set_parent (self->popover, view);
}

static void
completion_free (Completion *self)
{
  g_object_unref (self->popover);
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
  g_signal_connect (view, "notify::root", G_CALLBACK (root_changed_cb), self);
}
