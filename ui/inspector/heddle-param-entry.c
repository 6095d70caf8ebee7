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

void
heddle_param_make_entry (HeddleParamEditor *self)
{
  self->row = self->focus = adw_entry_row_new ();
  self->set_value = set_value;
  g_signal_connect (self->row, "changed", G_CALLBACK (changed_cb), self);
}
