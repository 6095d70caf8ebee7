/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

static char *
dup_selection_json (HeddleCanvas *self)
{
  g_auto (GStrv) ids = heddle_canvas_get_selection (self);

  return heddle_graph_selection_to_json (heddle_canvas_get_graph (self), (const char *const *) ids);
}

/* Plain JSON text, so that it can be pasted into a file, a mail or another window. */
void
heddle_canvas_copy (HeddleCanvas *self)
{
  g_autofree char *json = dup_selection_json (self);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), json);
}

/* Of what was pasted, that which is in nothing pasted. */
static GPtrArray *
list_outermost (HeddleCanvas *self, const char *const *ids)
{
  GPtrArray *outermost = g_ptr_array_new ();

  for (; *ids != NULL; ids++)
    {
      const HeddleNode *node = heddle_graph_find_node (heddle_canvas_get_graph (self), *ids);

      if (node != NULL && node->parent == NULL)
        g_ptr_array_add (outermost, (gpointer) *ids);
    }
  g_ptr_array_add (outermost, NULL);
  return outermost;
}

static gboolean
nest_pasted (HeddleCanvas *self, const char *const *ids, const char *frame)
{
  g_autoptr (GPtrArray) outermost = NULL;

  if (frame == NULL)
    return TRUE;
  outermost = list_outermost (self, ids);
  return heddle_canvas_nest (self, (const char *const *) outermost->pdata, frame);
}

/* In a frame, or in none. */
static void
paste_text (HeddleCanvas *self, const char *text, double x, double y, const HeddleCanvasItem *nest)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *frame = nest != NULL ? g_strdup (nest->id) : NULL;
  g_auto (GStrv) ids = NULL;

  heddle_document_begin (self->document, _ ("Paste"));
  ids = heddle_document_paste (self->document, text, x, y, &error);
  if (ids == NULL || !nest_pasted (self, (const char *const *) ids, frame))
    {
      heddle_document_abort (self->document);
      if (ids == NULL)
        heddle_canvas_emit_message (self, error->message);
      return;
    }
  heddle_document_end (self->document);
  heddle_canvas_select (self, (const char *const *) ids);
}

static void
text_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddleCanvas) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  double x = gtk_widget_get_width (GTK_WIDGET (self)) / 2.;
  double y = gtk_widget_get_height (GTK_WIDGET (self)) / 2.;

  if (self->document == NULL)
    return;
  if (text == NULL)
    {
      heddle_canvas_emit_message (self, _ ("The clipboard has no text. Copy some nodes first."));
      return;
    }
  if (self->pointer_inside)
    {
      x = self->pointer_x;
      y = self->pointer_y;
    }
  heddle_canvas_to_world (self, x, y, &x, &y);
  paste_text (self, text, x, y, heddle_canvas_scene_pick_container (self->scene, x, y));
}

void
heddle_canvas_paste (HeddleCanvas *self)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL, text_read_cb, g_object_ref (self));
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
  g_autofree char *json = dup_selection_json (self);
  graphene_rect_t bounds;

  if (heddle_canvas_scene_get_bounds (self->scene, TRUE, &bounds))
    paste_text (self, json, bounds.origin.x + 2 * HEDDLE_CANVAS_GRID_STEP, bounds.origin.y + 2 * HEDDLE_CANVAS_GRID_STEP, get_common_frame (self));
}
