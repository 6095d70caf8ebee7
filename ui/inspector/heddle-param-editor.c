/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-param-editor.h"

#include "common/heddle-widgets.h"
#include "inspector/heddle-expression-field.h"

#include <string.h>

/* Of help, so that it is a paragraph and no line. */
#define HELP_CHARS 40
#define TITLE_CHARS 12

static void (*const makers[]) (HeddleParamEditor *) = {
  [HEDDLE_PARAM_STRING] = heddle_param_make_entry,
  [HEDDLE_PARAM_TEXT] = heddle_param_make_text,
  [HEDDLE_PARAM_EXPRESSION] = heddle_param_make_text,
  [HEDDLE_PARAM_MODEL] = heddle_param_make_reference,
  [HEDDLE_PARAM_CREDENTIAL] = heddle_param_make_reference,
  [HEDDLE_PARAM_KNOWLEDGE] = heddle_param_make_reference,
  [HEDDLE_PARAM_WORKFLOW] = heddle_param_make_reference,
  [HEDDLE_PARAM_MCP_SERVER] = heddle_param_make_reference,
  [HEDDLE_PARAM_CHOICE] = heddle_param_make_choice,
  [HEDDLE_PARAM_INT] = heddle_param_make_number,
  [HEDDLE_PARAM_DOUBLE] = heddle_param_make_number,
  [HEDDLE_PARAM_BOOLEAN] = heddle_param_make_switch,
  [HEDDLE_PARAM_JSON] = heddle_param_make_text,
  [HEDDLE_PARAM_PAIRS] = heddle_param_make_list,
  [HEDDLE_PARAM_FIELDS] = heddle_param_make_list,
  [HEDDLE_PARAM_CASES] = heddle_param_make_list,
  [HEDDLE_PARAM_NAMES] = heddle_param_make_list,
};

static GtkWidget *
problem_label_new (void)
{
  GtkWidget *label = heddle_label_new ("", "caption");

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "problem-text");
  return label;
}

static void
append_help (GtkWidget *box,
             const char *text,
             const char *css_class)
{
  GtkWidget *label = heddle_label_new (text, css_class);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), HELP_CHARS);
  gtk_box_append (GTK_BOX (box), label);
}

static GtkWidget *
help_new (HeddleParamEditor *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  g_autoptr (JsonNode) standard = heddle_param_dup_default (self->spec);
  g_autofree char *value = standard != NULL ? heddle_json_to_display (standard) : NULL;
  g_autofree char *line = value != NULL && *value != '\0' ? heddle_format_line (value, 80) : NULL;
  g_autofree char *normally = line != NULL ? g_strdup_printf (_ ("Normally: %s"), line) : NULL;
  g_autofree char *limits = heddle_param_dup_range (self->spec);
  g_autofree char *range = limits != NULL ? g_strdup_printf (_ ("Range: %s"), limits) : NULL;
  g_autofree char *name = g_strdup_printf (_ ("In the file: %s"), self->spec->name);

  append_help (box, _ (self->spec->title), "heading");
  if (self->spec->help != NULL)
    append_help (box, _ (self->spec->help), NULL);
  if (normally != NULL)
    append_help (box, normally, "caption");
  if (range != NULL)
    append_help (box, range, "caption");
  append_help (box, name, "caption");
  return box;
}

/* Made when it is asked for: a panel has many rows. */
void
heddle_param_editor_explain (HeddleParamEditor *self)
{
  GtkWidget *popover = gtk_popover_new ();

  gtk_popover_set_child (GTK_POPOVER (popover), help_new (self));
  gtk_widget_set_parent (popover, self->head);
  g_signal_connect (popover, "closed", G_CALLBACK (heddle_popover_drop), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

static void
reset_cb (HeddleParamEditor *self)
{
  heddle_param_editor_emit (self, NULL);
  gtk_widget_grab_focus (self->focus);
}

/* Not among the stops of Tab: F1 does the same for the field that has the focus. */
static GtkWidget *
help_button_new (HeddleParamEditor *self)
{
  GtkWidget *button = heddle_flat_button_new ("help-about-symbolic", self->spec->help != NULL ? _ (self->spec->help) : _ ("What this is for (F1)"));

  gtk_widget_set_focusable (button, FALSE);
  gtk_widget_add_css_class (button, "row-button");
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (heddle_param_editor_explain), self);
  return button;
}

static GtkWidget *
reset_button_new (HeddleParamEditor *self)
{
  GtkWidget *button = heddle_flat_button_new ("edit-undo-symbolic", _ ("Changed. Click to go back to what is normal."));

  gtk_widget_add_css_class (button, "row-button");
  gtk_widget_add_css_class (button, "accent");
  gtk_widget_set_visible (button, FALSE);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (reset_cb), self);
  return button;
}

static GtkWidget *
head_new (HeddleParamEditor *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2);
  GtkWidget *caption = heddle_label_new (_ (self->spec->title), "caption");

  gtk_label_set_wrap (GTK_LABEL (caption), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (caption), PANGO_WRAP_WORD_CHAR);
  /* Short titles are not broken within a word. */
  gtk_label_set_width_chars (GTK_LABEL (caption), MIN (g_utf8_strlen (gtk_label_get_text (GTK_LABEL (caption)), -1), TITLE_CHARS));
  gtk_widget_set_hexpand (caption, TRUE);
  gtk_widget_add_css_class (caption, "row-title");
  gtk_box_append (GTK_BOX (head), caption);
  if (self->spec->required)
    {
      GtkWidget *star = heddle_label_new ("*", "caption");

      gtk_widget_set_tooltip_text (star, _ ("Must be filled in"));
      gtk_widget_add_css_class (star, "problem-text");
      gtk_widget_set_hexpand (caption, FALSE);
      gtk_widget_set_hexpand (star, TRUE);
      gtk_box_append (GTK_BOX (head), star);
    }
  self->mixed = heddle_label_new (_ ("Different values"), "caption");
  gtk_widget_add_css_class (self->mixed, "dim-label");
  gtk_widget_set_visible (self->mixed, FALSE);
  self->reset = reset_button_new (self);
  gtk_box_append (GTK_BOX (head), self->mixed);
  gtk_box_append (GTK_BOX (head), self->reset);
  gtk_box_append (GTK_BOX (head), help_button_new (self));
  return head;
}

void
heddle_param_make_row (HeddleParamEditor *self,
                       GtkWidget *control)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  self->row = adw_preferences_row_new ();
  self->head = head_new (self);
  self->problem = problem_label_new ();
  gtk_widget_set_visible (self->problem, FALSE);
  gtk_widget_add_css_class (box, "text-row");
  gtk_box_append (GTK_BOX (box), self->head);
  if (control != NULL)
    gtk_box_append (GTK_BOX (box), control);
  gtk_box_append (GTK_BOX (box), self->problem);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self->row), FALSE);
  gtk_widget_set_focusable (self->row, FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self->row), box);
}

/* What the field says about its text by itself is not said twice. */
static void
update_problem (HeddleParamEditor *self)
{
  const char *message = gtk_label_get_label (GTK_LABEL (self->problem));
  gboolean is_told = self->field != NULL && heddle_expression_field_has_error (HEDDLE_EXPRESSION_FIELD (self->field));

  gtk_widget_set_visible (self->problem, *message != '\0' && !is_told);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->focus), GTK_ACCESSIBLE_STATE_INVALID,
                               *message != '\0' || is_told ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

HeddleParamEditor *
heddle_param_editor_new (const HeddleParamSpec *spec,
                         const HeddleParamContext *context)
{
  HeddleParamEditor *self = g_new0 (HeddleParamEditor, 1);

  self->spec = spec;
  self->context = context;
  makers[spec->kind](self);
  g_object_set_data_full (G_OBJECT (self->row), "heddle-editor", self, g_free);
  if (self->field != NULL)
    g_signal_connect_swapped (self->field, "checked", G_CALLBACK (update_problem), self);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), _ (spec->title));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->focus), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (spec->title), -1);
  if (spec->help != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->focus), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _ (spec->help), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->focus), GTK_ACCESSIBLE_PROPERTY_REQUIRED, (gboolean) spec->required, -1);
  return self;
}

void
heddle_param_editor_set_value (HeddleParamEditor *self,
                               JsonNode *value)
{
  self->updating = TRUE;
  self->set_value (self, value);
  self->updating = FALSE;
}

void
heddle_param_editor_emit (HeddleParamEditor *self,
                          JsonNode *value)
{
  if (!self->updating && self->changed != NULL)
    self->changed (self, value, self->user_data);
  g_clear_pointer (&value, json_node_unref);
}

/* Only what differs from the default is kept. */
JsonObject *
heddle_param_object_with (JsonObject *object,
                          const HeddleParamSpec *spec,
                          JsonNode *value)
{
  g_autoptr (JsonNode) standard = heddle_param_dup_default (spec);
  JsonObject *copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (object != NULL)
    {
      json_object_iter_init_ordered (&iter, object);
      while (json_object_iter_next_ordered (&iter, &name, &member))
        json_object_set_member (copy, name, json_node_ref (member));
    }
  if (json_object_has_member (copy, spec->name))
    json_object_remove_member (copy, spec->name);
  if (value != NULL && (standard == NULL || !heddle_json_equal (standard, value)))
    json_object_set_member (copy, spec->name, json_node_ref (value));
  return copy;
}

void
heddle_param_editor_set_changed (HeddleParamEditor *self,
                                 gboolean is_changed)
{
  gtk_widget_set_visible (self->reset, is_changed);
}

void
heddle_param_editor_set_mixed (HeddleParamEditor *self,
                               gboolean is_mixed)
{
  gtk_widget_set_visible (self->mixed, is_mixed);
}

void
heddle_param_editor_refresh (HeddleParamEditor *self)
{
  if (self->field != NULL)
    heddle_expression_field_refresh (HEDDLE_EXPRESSION_FIELD (self->field));
}

static gboolean
contains (const char *text,
          const char *needle)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, needle) != NULL;
}

gboolean
heddle_param_editor_matches (HeddleParamEditor *self,
                             const char *needle,
                             JsonNode *value)
{
  g_autofree char *text = value != NULL ? heddle_json_to_display (value) : NULL;

  return contains (_ (self->spec->title), needle) || contains (self->spec->help != NULL ? _ (self->spec->help) : NULL, needle) ||
         contains (self->spec->name, needle) || contains (text, needle);
}

/* Below what is being typed, so that nothing moves under the cursor. */
void
heddle_param_editor_set_problem (HeddleParamEditor *self,
                                 const char *message)
{
  gtk_label_set_label (GTK_LABEL (self->problem), message != NULL ? message : "");
  if (self->field != NULL)
    heddle_expression_field_set_problem (HEDDLE_EXPRESSION_FIELD (self->field), message);
  update_problem (self);
}
