/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-param-editor.h"

#include "common/heddle-combo-row.h"

/* Numbers, switches and choices: rows with one control at the end. */

static void
spin_changed_cb (GtkSpinButton *spin,
                 HeddleParamEditor *self)
{
  if (self->spec->kind == HEDDLE_PARAM_INT)
    heddle_param_editor_emit (self, heddle_json_int ((gint64) gtk_spin_button_get_value (spin)));
  else
    heddle_param_editor_emit (self, heddle_json_double (gtk_spin_button_get_value (spin)));
}

static void
set_number (HeddleParamEditor *self,
            JsonNode *value)
{
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->focus), heddle_json_is_number (value) ? json_node_get_double (value) : 0);
}

static void
make_action_row (HeddleParamEditor *self,
                 GtkWidget *control)
{
  self->row = adw_action_row_new ();
  self->focus = control;
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->row), control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self->row), control);
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (self->spec->title), -1);
}

void
heddle_param_make_number (HeddleParamEditor *self)
{
  const HeddleParamSpec *spec = self->spec;
  gboolean limited = spec->min < spec->max;
  double step = spec->step > 0 ? spec->step : 1;
  GtkWidget *spin = gtk_spin_button_new_with_range (limited ? spec->min : G_MININT32, limited ? spec->max : G_MAXINT32, step);

  if (spec->kind == HEDDLE_PARAM_DOUBLE)
    gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), 2);
  make_action_row (self, spin);
  self->set_value = set_number;
  g_signal_connect (spin, "value-changed", G_CALLBACK (spin_changed_cb), self);
}

static void
switch_changed_cb (GtkSwitch *widget,
                   GParamSpec *pspec,
                   HeddleParamEditor *self)
{
  heddle_param_editor_emit (self, heddle_json_boolean (gtk_switch_get_active (widget)));
}

static void
set_boolean (HeddleParamEditor *self,
             JsonNode *value)
{
  gtk_switch_set_active (GTK_SWITCH (self->focus), value != NULL && JSON_NODE_HOLDS_VALUE (value) && json_node_get_boolean (value));
}

void
heddle_param_make_switch (HeddleParamEditor *self)
{
  make_action_row (self, gtk_switch_new ());
  self->set_value = set_boolean;
  g_signal_connect (self->focus, "notify::active", G_CALLBACK (switch_changed_cb), self);
}

static void
choice_changed_cb (AdwComboRow *row,
                   GParamSpec *pspec,
                   HeddleParamEditor *self)
{
  guint selected = adw_combo_row_get_selected (row);

  if (selected != GTK_INVALID_LIST_POSITION)
    heddle_param_editor_emit (self, heddle_json_string (self->spec->choices[selected].id));
}

static void
set_choice (HeddleParamEditor *self,
            JsonNode *value)
{
  const char *id = heddle_json_is_string (value) ? json_node_get_string (value) : NULL;

  for (guint i = 0; self->spec->choices[i].id != NULL; i++)
    {
      if (g_strcmp0 (self->spec->choices[i].id, id) == 0)
        adw_combo_row_set_selected (ADW_COMBO_ROW (self->row), i);
    }
}

void
heddle_param_make_choice (HeddleParamEditor *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (guint i = 0; self->spec->choices[i].id != NULL; i++)
    gtk_string_list_append (titles, _ (self->spec->choices[i].title));
  self->row = self->focus = heddle_combo_row_new (titles);
  self->set_value = set_choice;
  g_signal_connect (self->row, "notify::selected", G_CALLBACK (choice_changed_cb), self);
}
