/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

/* Plain JSON text, so that it can be pasted into a file, a mail or another window. */
void
heddle_canvas_copy (HeddleCanvas *self)
{
  g_auto (GStrv) ids = heddle_canvas_get_selection (self);
  g_autofree char *json = heddle_graph_copy_to_json (heddle_canvas_get_graph (self), (const char *const *) ids);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), json);
}

/* The window asks for the name and writes it. */
void
heddle_canvas_save_template (HeddleCanvas *self)
{
  g_auto (GStrv) ids = heddle_canvas_get_selection (self);
  g_autofree char *json = heddle_graph_selection_to_json (heddle_canvas_get_graph (self), (const char *const *) ids);

  gtk_widget_activate_action (GTK_WIDGET (self), "win.save-template", "s", json);
}

/* At the pointer, or in the middle of the view. */
static void
paste_at_pointer (HeddleCanvas *self, const char *text, gboolean connected)
{
  HeddleCanvasAddition paste = { .label = connected ? _ ("Paste With Connections") : _ ("Paste"), .text = text, .connected = connected };
  double x = self->pointer_inside ? self->pointer_x : gtk_widget_get_width (GTK_WIDGET (self)) / 2.;
  double y = self->pointer_inside ? self->pointer_y : gtk_widget_get_height (GTK_WIDGET (self)) / 2.;

  heddle_canvas_to_world (self, x, y, &paste.x, &paste.y);
  paste.nest = heddle_canvas_scene_pick_container (self->scene, paste.x, paste.y);
  if (heddle_canvas_is_part (text))
    heddle_canvas_add (self, &paste);
  else
    heddle_canvas_offer_text (self, text, paste.x, paste.y);
}

static void
take_text (HeddleCanvas *self, GdkClipboard *clipboard, GAsyncResult *result, gboolean connected)
{
  g_autofree char *text = gdk_clipboard_read_text_finish (clipboard, result, NULL);

  if (self->document == NULL)
    return;
  if (text == NULL)
    heddle_canvas_emit_message (self, _ ("The clipboard has no text. Copy some nodes first."));
  else
    paste_at_pointer (self, text, connected);
}

static void
text_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleCanvas) self = user_data;

  take_text (self, GDK_CLIPBOARD (source), result, FALSE);
}

static void
connected_text_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleCanvas) self = user_data;

  take_text (self, GDK_CLIPBOARD (source), result, TRUE);
}

void
heddle_canvas_paste (HeddleCanvas *self)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL, text_read_cb, g_object_ref (self));
}

void
heddle_canvas_paste_connected (HeddleCanvas *self)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL, connected_text_read_cb, g_object_ref (self));
}

/* Where all that is selected is: what is in a selected frame follows it. */
static HeddleCanvasItem *
get_common_frame (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) selected = heddle_canvas_list_selected (self, TRUE);
  HeddleCanvasItem *frame = NULL;
  gboolean found = FALSE;

  for (guint i = 0; i < selected->len; i++)
    {
      const HeddleCanvasItem *item = selected->pdata[i];

      if (item->parent != NULL && item->parent->selected)
        continue;
      if (found && item->parent != frame)
        return NULL;
      frame = item->parent;
      found = TRUE;
    }
  return frame;
}

void
heddle_canvas_duplicate (HeddleCanvas *self)
{
  g_auto (GStrv) ids = heddle_canvas_get_selection (self);
  g_autofree char *json = heddle_graph_selection_to_json (heddle_canvas_get_graph (self), (const char *const *) ids);
  HeddleCanvasAddition paste = { .label = _ ("Duplicate"), .text = json };
  graphene_rect_t bounds;

  if (!heddle_canvas_scene_get_bounds (self->scene, TRUE, &bounds))
    return;
  paste.x = bounds.origin.x + 2 * HEDDLE_CANVAS_GRID_STEP;
  paste.y = bounds.origin.y + 2 * HEDDLE_CANVAS_GRID_STEP;
  paste.nest = get_common_frame (self);
  heddle_canvas_add (self, &paste);
}
