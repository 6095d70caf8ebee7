/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-param-editor.h"

#include "common/heddle-widgets.h"

/* One line of text. */

static void
changed_cb (GtkEditable *editable,
            HeddleParamEditor *self)
{
  heddle_param_editor_emit (self, heddle_json_string (gtk_editable_get_text (editable)));
}

static void
set_value (HeddleParamEditor *self,
           JsonNode *value)
{
  g_autofree char *text = value != NULL ? heddle_json_to_display (value) : g_strdup ("");

  heddle_editable_set_text (GTK_EDITABLE (self->focus), text);
}

/* With expressions in it, it is completed and previewed as any longer text. */
void
heddle_param_make_entry (HeddleParamEditor *self)
{
  if (self->spec->is_template)
    {
      heddle_param_make_text (self);
      return;
    }
  self->focus = gtk_entry_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (self->focus), 4);
  if (self->spec->placeholder != NULL)
    gtk_entry_set_placeholder_text (GTK_ENTRY (self->focus), _ (self->spec->placeholder));
  heddle_param_make_row (self, self->focus);
  self->set_value = set_value;
  g_signal_connect (self->focus, "changed", G_CALLBACK (changed_cb), self);
}
