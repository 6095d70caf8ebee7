/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-param-editor.h"

#include "common/heddle-widgets.h"

#define TITLE_CHARS 32

/* Numbers, switches and choices. */

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

void
heddle_param_make_number (HeddleParamEditor *self)
{
  const HeddleParamSpec *spec = self->spec;
  gboolean limited = spec->min < spec->max;
  double step = spec->step > 0 ? spec->step : 1;
  GtkWidget *spin = gtk_spin_button_new_with_range (limited ? spec->min : G_MININT32, limited ? spec->max : G_MAXINT32, step);

  if (spec->kind == HEDDLE_PARAM_DOUBLE)
    gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), 2);
  gtk_widget_set_halign (spin, GTK_ALIGN_START);
  self->focus = spin;
  heddle_param_make_row (self, spin);
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
  self->focus = gtk_switch_new ();
  gtk_widget_set_valign (self->focus, GTK_ALIGN_CENTER);
  heddle_param_make_row (self, NULL);
  gtk_box_append (GTK_BOX (self->head), self->focus);
  self->set_value = set_boolean;
  g_signal_connect (self->focus, "notify::active", G_CALLBACK (switch_changed_cb), self);
}

static void
choice_changed_cb (GtkDropDown *drop_down,
                   GParamSpec *pspec,
                   HeddleParamEditor *self)
{
  guint selected = gtk_drop_down_get_selected (drop_down);

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
        gtk_drop_down_set_selected (GTK_DROP_DOWN (self->focus), i);
    }
  if (id == NULL)
    gtk_drop_down_set_selected (GTK_DROP_DOWN (self->focus), GTK_INVALID_LIST_POSITION);
}

/* Long titles wrap instead of making the panel wide. */
static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem *item)
{
  GtkWidget *label = heddle_label_new (NULL, NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (label), 1);
  gtk_label_set_max_width_chars (GTK_LABEL (label), TITLE_CHARS);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem *item)
{
  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

void
heddle_param_make_choice (HeddleParamEditor *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  for (guint i = 0; self->spec->choices[i].id != NULL; i++)
    gtk_string_list_append (titles, _ (self->spec->choices[i].title));
  self->focus = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&titles)), NULL);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_drop_down_set_factory (GTK_DROP_DOWN (self->focus), factory);
  heddle_param_make_row (self, self->focus);
  self->set_value = set_choice;
  g_signal_connect (self->focus, "notify::selected", G_CALLBACK (choice_changed_cb), self);
}
