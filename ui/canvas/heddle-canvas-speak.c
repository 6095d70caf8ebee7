/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

/*
 * What a screen reader is told without being asked: a label that nobody sees, whose role is that of a status. What a
 * run does is told in sentences that are some time apart, each of everything that has happened since the one before.
 */

#define PAUSE_MS 1200
#define MAX_NAMED 3

GtkWidget *
heddle_canvas_create_speaker (void)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, NULL);

  gtk_widget_set_opacity (label, 0);
  gtk_widget_set_can_target (label, FALSE);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  return label;
}

void
heddle_canvas_speak (HeddleCanvas *self, const char *text)
{
  gtk_label_set_label (GTK_LABEL (self->speaker), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->speaker), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static const char *
describe_run (HeddleRunState state)
{
  switch (state)
    {
    case HEDDLE_RUN_OK:
      return _ ("The run has finished");
    case HEDDLE_RUN_FAILED:
      return _ ("The run has failed");
    case HEDDLE_RUN_CANCELLED:
      return _ ("The run was stopped");
    case HEDDLE_RUN_INTERRUPTED:
      return _ ("The run was interrupted");
    case HEDDLE_RUN_RUNNING:
    default:
      return NULL;
    }
}

static char *
dup_news (HeddleCanvas *self)
{
  const char *end = self->trace != NULL ? describe_run (heddle_trace_get_state (self->trace)) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < self->news->len; i++)
    {
      const HeddleCanvasItem *item = heddle_canvas_scene_find (self->scene, self->news->pdata[i]);

      if (item == NULL || ++n > MAX_NAMED)
        continue;
      /* Translators: a node and its state, as "Router: Done". */
      g_string_append_printf (text, _ ("%s: %s"), item->title, heddle_span_state_get_title (item->state));
      g_string_append (text, ". ");
    }
  if (n > MAX_NAMED)
    g_string_append_printf (text, ngettext ("%u more. ", "%u more. ", n - MAX_NAMED), n - MAX_NAMED);
  if (end != NULL)
    g_string_append (text, end);
  return g_strchomp (g_string_free (g_steal_pointer (&text), FALSE));
}

static gboolean
tell_news (gpointer user_data)
{
  HeddleCanvas *self = user_data;
  g_autofree char *text = dup_news (self);

  self->news_source = 0;
  g_ptr_array_set_size (self->news, 0);
  if (*text != '\0')
    heddle_canvas_speak (self, text);
  return G_SOURCE_REMOVE;
}

void
heddle_canvas_note_news (HeddleCanvas *self, const HeddleCanvasItem *item)
{
  if (item != NULL)
    {
      guint known;

      if (g_ptr_array_find_with_equal_func (self->news, item->id, g_str_equal, &known))
        g_ptr_array_remove_index (self->news, known);
      g_ptr_array_add (self->news, g_strdup (item->id));
    }
  if (self->news_source == 0)
    self->news_source = g_timeout_add (PAUSE_MS, tell_news, self);
}
