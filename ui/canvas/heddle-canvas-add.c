/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

/* The one way by which new nodes come onto the canvas, whether added, inserted, pasted or duplicated: one undo step. */

/* Strv. NULL: it cannot be, and why has been said. */
static char **
create (HeddleCanvas *self, const HeddleCanvasAddition *addition)
{
  g_autoptr (GError) error = NULL;
  char **ids;

  if (addition->type_id != NULL)
    {
      const char *id = heddle_document_add_node (self->document, addition->type_id, NULL, addition->x, addition->y);

      return g_strdupv ((char *[]){ (char *) id, NULL });
    }
  ids = heddle_document_paste (self->document, addition->text, addition->x, addition->y, &error);
  if (ids == NULL)
    heddle_canvas_emit_message (self, error->message);
  return ids;
}

static gboolean
nest (HeddleCanvas *self, const char *const *ids, const char *frame)
{
  g_autoptr (GPtrArray) outermost = NULL;

  if (frame == NULL)
    return TRUE;
  outermost = heddle_canvas_list_outermost (heddle_canvas_get_graph (self), ids);
  return heddle_canvas_nest (self, (const char *const *) outermost->pdata, frame);
}

/* Nothing to say when all went well: one sees it. */
static void
connect_pasted (HeddleCanvas *self, const char *text, const char *const *ids)
{
  g_autofree char *message = NULL;
  guint n_left_out;

  heddle_document_connect_pasted (self->document, text, ids, &n_left_out);
  if (n_left_out == 0)
    return;
  message = g_strdup_printf (ngettext ("%u connection could not be kept: what it came from is not here, or in another frame.",
                                       "%u connections could not be kept: what they came from is not here, or in another frame.", n_left_out),
                             n_left_out);
  heddle_canvas_emit_message (self, message);
}

static void
join (HeddleCanvas *self, const HeddleCanvasAddition *addition, const char *const *ids, gboolean is_first)
{
  if (addition->connected)
    connect_pasted (self, addition->text, ids);
  else if (addition->splice != NULL)
    heddle_canvas_splice (self, ids, addition->splice);
  else if (addition->joins && self->pending_node != NULL)
    heddle_canvas_join_pending (self, ids, addition->join_x, addition->join_y);
  else if (is_first && addition->type_id != NULL)
    heddle_canvas_wire_first (self, ids[0]);
}

gboolean
heddle_canvas_add (HeddleCanvas *self, const HeddleCanvasAddition *addition)
{
  g_autofree char *frame = addition->nest != NULL ? g_strdup (addition->nest->id) : NULL;
  gboolean is_first = addition->nest != NULL && addition->nest->n_children == 0;
  g_auto (GStrv) ids = NULL;

  heddle_document_begin (self->document, addition->label);
  ids = create (self, addition);
  if (ids == NULL || !nest (self, (const char *const *) ids, frame))
    {
      heddle_document_abort (self->document);
      return FALSE;
    }
  join (self, addition, (const char *const *) ids, is_first);
  heddle_document_end (self->document);
  heddle_canvas_select (self, (const char *const *) ids);
  heddle_canvas_focus_added (self, ids[0]);
  return TRUE;
}
