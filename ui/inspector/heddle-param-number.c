/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-param-editor.h"

#include "common/heddle-widgets.h"

#include <string.h>

#define TITLE_CHARS 32
#define NUMBER_CHARS 8
/* Behind the point of a number that need not be whole; it is shown with as many as it has. */
#define DIGITS 6

/* Numbers, switches and choices. */

/* In the language's way, without zeros that say nothing. */
static char *
dup_number (double number)
{
  g_autofree char *text = g_strdup_printf ("%.*f", DIGITS, number);
  gsize length = strlen (text);

  while (text[length - 1] == '0')
    length--;
  return g_strndup (text, g_ascii_isdigit (text[length - 1]) ? length : length - 1);
}

/* Different values of several nodes are none. */
static gboolean
output_cb (GtkSpinButton *spin,
           HeddleParamEditor *self)
{
  g_autofree char *text = self->is_empty ? g_strdup ("") : dup_number (gtk_spin_button_get_value (spin));

  heddle_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

static void
spin_changed_cb (GtkSpinButton *spin,
                 HeddleParamEditor *self)
{
  if (self->updating)
    return;
  self->is_empty = FALSE;
  output_cb (spin, self);
  if (self->spec->kind == HEDDLE_PARAM_INT)
    heddle_param_editor_emit (self, heddle_json_int ((gint64) gtk_spin_button_get_value (spin)));
  else
    heddle_param_editor_emit (self, heddle_json_double (gtk_spin_button_get_value (spin)));
}

/* What is typed into an empty field is an edit, also where it is the number that stands behind it; nothing typed is none. */
static int
input_cb (GtkSpinButton *spin,
          double *value,
          HeddleParamEditor *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (spin));
  char *end;

  *value = gtk_spin_button_get_value (spin);
  if (self->is_empty && *text == '\0')
    return TRUE;
  *value = g_strtod (text, &end);
  if (end == text || *end != '\0')
    return GTK_INPUT_ERROR;
  if (self->is_empty && *value == gtk_spin_button_get_value (spin))
    spin_changed_cb (spin, self);
  return TRUE;
}

static void
set_number (HeddleParamEditor *self,
            JsonNode *value)
{
  self->is_empty = !heddle_json_is_number (value);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->focus), self->is_empty ? 0 : json_node_get_double (value));
  output_cb (GTK_SPIN_BUTTON (self->focus), self);
}

static gboolean
is_limited (const HeddleParamSpec *spec)
{
  return (spec->kind == HEDDLE_PARAM_INT || spec->kind == HEDDLE_PARAM_DOUBLE) && spec->min < spec->max;
}

char *
heddle_param_dup_range (const HeddleParamSpec *spec)
{
  g_autofree char *min = is_limited (spec) ? dup_number (spec->min) : NULL;
  g_autofree char *max = is_limited (spec) ? dup_number (spec->max) : NULL;

  return is_limited (spec) ? g_strdup_printf (_ ("%s to %s"), min, max) : NULL;
}

static GtkWidget *
spin_new (HeddleParamEditor *self)
{
  const HeddleParamSpec *spec = self->spec;
  double step = spec->step > 0 ? spec->step : 1;
  GtkWidget *spin = gtk_spin_button_new_with_range (is_limited (spec) ? spec->min : G_MININT32, is_limited (spec) ? spec->max : G_MAXINT32, step);

  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), spec->kind == HEDDLE_PARAM_DOUBLE ? DIGITS : 0);
  gtk_editable_set_width_chars (GTK_EDITABLE (spin), NUMBER_CHARS);
  g_signal_connect (spin, "output", G_CALLBACK (output_cb), self);
  g_signal_connect (spin, "input", G_CALLBACK (input_cb), self);
  g_signal_connect (spin, "value-changed", G_CALLBACK (spin_changed_cb), self);
  return spin;
}

void
heddle_param_make_number (HeddleParamEditor *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  g_autofree char *range = heddle_param_dup_range (self->spec);
  GtkWidget *hint = heddle_label_new (range, "caption");

  self->focus = spin_new (self);
  gtk_label_set_wrap (GTK_LABEL (hint), TRUE);
  gtk_widget_add_css_class (hint, "dim-label");
  gtk_box_append (GTK_BOX (box), self->focus);
  gtk_box_append (GTK_BOX (box), hint);
  heddle_param_make_row (self, box);
  self->set_value = set_number;
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
