/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-param-panel.h"

#include "common/heddle-widgets.h"
#include "inspector/heddle-inspector-section.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ADVANCED N_ ("Advanced")
#define FIRST N_ ("Parameters")

/* A section of the panel. */
typedef struct
{
  HeddleParamPanel *panel;
  const char *name; /* a spec's section, ADVANCED or FIRST */
  HeddleInspectorSection *section;
  GPtrArray *specs; /* const HeddleParamSpec* */
  gboolean is_built;
} Part;

struct _HeddleParamPanel
{
  GtkWidget parent_instance;

  GtkWidget *none; /* a label: several nodes have nothing in common */

  const HeddleParamContext *context;
  char **ids;
  GPtrArray *parts;
  GPtrArray *editors; /* HeddleParamEditor, each owned by its row */
  GPtrArray *problems;
  char *needle; /* what is searched for, casefolded; or NULL */
};

G_DEFINE_FINAL_TYPE (HeddleParamPanel, heddle_param_panel, GTK_TYPE_WIDGET)

static void
part_free (gpointer data)
{
  Part *part = data;

  gtk_widget_unparent (GTK_WIDGET (part->section));
  g_ptr_array_unref (part->specs);
  g_free (part);
}

static const HeddleNode *
find_node (HeddleParamPanel *self,
           guint index)
{
  return self->ids != NULL ? heddle_graph_find_node (heddle_document_get_graph (self->context->document), self->ids[index]) : NULL;
}

static void
changed_cb (HeddleParamEditor *editor,
            JsonNode *value,
            gpointer user_data)
{
  HeddleParamPanel *self = user_data;

  if (self->ids != NULL && find_node (self, 0) != NULL)
    heddle_document_set_params (self->context->document, (const char *const *) self->ids, editor->spec->name, value);
}

static gboolean
is_equal (JsonNode *a,
          JsonNode *b)
{
  return a == b || (a != NULL && b != NULL && heddle_json_equal (a, b));
}

/* The value that all nodes have; NULL with is_mixed: they differ. */
static JsonNode *
dup_value (HeddleParamPanel *self,
           const HeddleParamSpec *spec,
           gboolean *is_mixed)
{
  const HeddleNode *first = find_node (self, 0);
  g_autoptr (JsonNode) value = heddle_params_dup_value (first->type, first->params, spec->name);

  *is_mixed = FALSE;
  for (guint i = 1; self->ids[i] != NULL && !*is_mixed; i++)
    {
      const HeddleNode *node = find_node (self, i);
      g_autoptr (JsonNode) other = node != NULL ? heddle_params_dup_value (node->type, node->params, spec->name) : NULL;

      *is_mixed = node != NULL && !is_equal (value, other);
    }
  return *is_mixed ? NULL : g_steal_pointer (&value);
}

static gboolean
is_changed (HeddleParamPanel *self,
            const HeddleParamSpec *spec)
{
  for (guint i = 0; self->ids[i] != NULL; i++)
    {
      const HeddleNode *node = find_node (self, i);

      if (node != NULL && json_object_has_member (node->params, spec->name))
        return TRUE;
    }
  return FALSE;
}

/* A parameter that does not apply now is not shown, nor one that is not searched for. */
static void
update_editor (HeddleParamPanel *self,
               HeddleParamEditor *editor)
{
  const HeddleNode *node = find_node (self, 0);
  gboolean is_mixed, is_found;
  g_autoptr (JsonNode) value = dup_value (self, editor->spec, &is_mixed);

  heddle_param_editor_set_value (editor, value);
  heddle_param_editor_set_mixed (editor, is_mixed);
  heddle_param_editor_set_changed (editor, is_changed (self, editor->spec));
  is_found = self->needle == NULL || heddle_param_editor_matches (editor, self->needle, value);
  gtk_widget_set_visible (editor->row, is_found && heddle_param_is_visible (node->type, editor->spec, node->params));
}

/* A folded part says what in it is not as usual. */
static void
update_subtitle (HeddleParamPanel *self,
                 Part *part)
{
  g_autoptr (GString) changed = g_string_new (NULL);

  for (guint i = 0; i < part->specs->len; i++)
    {
      const HeddleParamSpec *spec = g_ptr_array_index (part->specs, i);

      if (is_changed (self, spec))
        g_string_append_printf (changed, "%s%s", changed->len > 0 ? ", " : "", _ (spec->title));
    }
  heddle_inspector_section_set_subtitle (part->section, g_str_equal (part->name, FIRST) ? NULL : changed->str);
}

static gboolean
is_in (Part *part,
       HeddleParamEditor *editor)
{
  return g_ptr_array_find (part->specs, editor->spec, NULL);
}

static gboolean
has_rows (HeddleParamPanel *self,
          Part *part)
{
  for (guint i = 0; i < self->editors->len; i++)
    {
      HeddleParamEditor *editor = g_ptr_array_index (self->editors, i);

      if (is_in (part, editor) && gtk_widget_get_visible (editor->row))
        return TRUE;
    }
  return FALSE;
}

void
heddle_param_panel_update (HeddleParamPanel *self)
{
  const HeddleNode *node;

  g_return_if_fail (HEDDLE_IS_PARAM_PANEL (self));

  node = find_node (self, 0);
  if (node == NULL || node->type == NULL)
    return;
  for (guint i = 0; i < self->editors->len; i++)
    update_editor (self, g_ptr_array_index (self->editors, i));
  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = g_ptr_array_index (self->parts, i);

      update_subtitle (self, part);
      gtk_widget_set_visible (GTK_WIDGET (part->section), !part->is_built || has_rows (self, part));
    }
}

void
heddle_param_panel_refresh (HeddleParamPanel *self)
{
  g_return_if_fail (HEDDLE_IS_PARAM_PANEL (self));

  for (guint i = 0; i < self->editors->len; i++)
    heddle_param_editor_refresh (g_ptr_array_index (self->editors, i));
}

/* One problem at most stands beside a parameter. */
static const char *
find_problem (HeddleParamPanel *self,
              const char *param)
{
  for (guint i = 0; self->problems != NULL && self->ids != NULL && i < self->problems->len; i++)
    {
      const HeddleProblem *problem = g_ptr_array_index (self->problems, i);

      if (g_strcmp0 (problem->node, self->ids[0]) == 0 && g_strcmp0 (problem->param, param) == 0)
        return problem->message;
    }
  return NULL;
}

/* A problem is not hidden: its part is unfolded. */
static void
update_problems (HeddleParamPanel *self)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = g_ptr_array_index (self->parts, i);

      for (guint j = 0; j < part->specs->len; j++)
        {
          if (find_problem (self, ((const HeddleParamSpec *) g_ptr_array_index (part->specs, j))->name) != NULL)
            heddle_inspector_section_reveal (part->section, TRUE);
        }
    }
  for (guint i = 0; i < self->editors->len; i++)
    {
      HeddleParamEditor *editor = g_ptr_array_index (self->editors, i);

      heddle_param_editor_set_problem (editor, find_problem (self, editor->spec->name));
    }
}

void
heddle_param_panel_set_problems (HeddleParamPanel *self,
                                 GPtrArray *problems)
{
  g_return_if_fail (HEDDLE_IS_PARAM_PANEL (self));

  if (problems != NULL)
    g_ptr_array_ref (problems);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  self->problems = problems;
  update_problems (self);
}

static void
build (Part *part)
{
  HeddleParamPanel *self = part->panel;

  if (part->is_built || self->ids == NULL)
    return;
  part->is_built = TRUE;
  for (guint i = 0; i < part->specs->len; i++)
    {
      HeddleParamEditor *editor = heddle_param_editor_new (g_ptr_array_index (part->specs, i), self->context);

      editor->changed = changed_cb;
      editor->user_data = self;
      g_ptr_array_add (self->editors, editor);
      gtk_list_box_append (heddle_inspector_section_get_list (part->section), editor->row);
      update_editor (self, editor);
      heddle_param_editor_set_problem (editor, find_problem (self, editor->spec->name));
    }
}

static void
opened_cb (HeddleInspectorSection *section,
           Part *part)
{
  build (part);
}

static Part *
add_part (HeddleParamPanel *self,
          const char *name,
          const char *type_id)
{
  g_autofree char *key = g_strdup_printf ("%s/%s", type_id, name);
  gboolean is_first = g_str_equal (name, FIRST);
  Part *part = g_new0 (Part, 1);

  part->panel = self;
  part->name = name;
  part->specs = g_ptr_array_new ();
  part->section = HEDDLE_INSPECTOR_SECTION (heddle_inspector_section_new (_ (name), key, is_first));
  g_signal_connect (part->section, "opened", G_CALLBACK (opened_cb), part);
  gtk_widget_set_parent (GTK_WIDGET (part->section), GTK_WIDGET (self));
  g_ptr_array_add (self->parts, part);
  return part;
}

static Part *
get_part (HeddleParamPanel *self,
          const HeddleParamSpec *spec,
          const char *type_id)
{
  const char *name = spec->section != NULL ? spec->section : (spec->advanced ? ADVANCED : FIRST);

  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = g_ptr_array_index (self->parts, i);

      if (g_str_equal (part->name, name))
        return part;
    }
  return add_part (self, name, type_id);
}

/* Whether the other nodes have such a parameter too. */
static gboolean
is_common (HeddleParamPanel *self,
           const HeddleParamSpec *spec)
{
  for (guint i = 1; self->ids[i] != NULL; i++)
    {
      const HeddleNode *node = find_node (self, i);
      const HeddleParamSpec *other = node != NULL && node->type != NULL ? heddle_node_type_find_param (node->type, spec->name) : NULL;

      if (other == NULL || other->kind != spec->kind || other->choices != spec->choices || other->is_template != spec->is_template)
        return FALSE;
    }
  return TRUE;
}

static void
clear (HeddleParamPanel *self)
{
  g_ptr_array_set_size (self->editors, 0);
  g_ptr_array_set_size (self->parts, 0);
  gtk_widget_set_visible (self->none, FALSE);
}

void
heddle_param_panel_set_nodes (HeddleParamPanel *self,
                              const char *const *ids)
{
  const HeddleNode *node;

  g_return_if_fail (HEDDLE_IS_PARAM_PANEL (self));

  clear (self);
  g_strfreev (self->ids);
  self->ids = g_strdupv ((char **) ids);
  node = find_node (self, 0);
  if (node == NULL || node->type == NULL)
    return;
  HEDDLE_FOREACH_PARAM (spec, node->type)
    {
      if (is_common (self, spec))
        g_ptr_array_add (get_part (self, spec, node->type->id)->specs, (gpointer) spec);
    }
  gtk_widget_set_visible (self->none, self->parts->len == 0 && self->ids[1] != NULL);
  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = g_ptr_array_index (self->parts, i);

      if (heddle_inspector_section_get_expanded (part->section))
        build (part);
    }
  heddle_param_panel_update (self);
  update_problems (self);
}

gboolean
heddle_param_panel_search (HeddleParamPanel *self,
                           const char *words)
{
  gboolean is_searching = words != NULL && *words != '\0';
  gboolean any = FALSE;

  g_return_val_if_fail (HEDDLE_IS_PARAM_PANEL (self), FALSE);

  g_clear_pointer (&self->needle, g_free);
  if (is_searching)
    self->needle = g_utf8_casefold (words, -1);
  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = g_ptr_array_index (self->parts, i);

      if (is_searching)
        heddle_inspector_section_reveal (part->section, TRUE);
      else
        heddle_inspector_section_restore (part->section);
    }
  heddle_param_panel_update (self);
  for (guint i = 0; i < self->parts->len; i++)
    any = any || gtk_widget_get_visible (GTK_WIDGET (((Part *) g_ptr_array_index (self->parts, i))->section));
  return any;
}

static Part *
find_part (HeddleParamPanel *self,
           const char *param)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = g_ptr_array_index (self->parts, i);

      for (guint j = 0; j < part->specs->len; j++)
        {
          const HeddleParamSpec *spec = g_ptr_array_index (part->specs, j);

          if (param != NULL ? g_str_equal (spec->name, param) : spec->is_main)
            return part;
        }
    }
  return NULL;
}

static HeddleParamEditor *
find_editor (HeddleParamPanel *self,
             const char *param)
{
  HeddleParamEditor *found = NULL;

  for (guint i = 0; i < self->editors->len; i++)
    {
      HeddleParamEditor *editor = g_ptr_array_index (self->editors, i);

      if (param != NULL ? g_str_equal (editor->spec->name, param) : editor->spec->is_main)
        return editor;
      if (found == NULL && gtk_widget_get_visible (editor->row))
        found = editor;
    }
  return found;
}

HeddleParamEditor *
heddle_param_panel_reveal (HeddleParamPanel *self,
                           const char *param)
{
  Part *part;

  g_return_val_if_fail (HEDDLE_IS_PARAM_PANEL (self), NULL);

  part = find_part (self, param);
  if (part == NULL && param != NULL)
    return NULL;
  if (part != NULL)
    heddle_inspector_section_reveal (part->section, TRUE);
  return find_editor (self, param);
}

HeddleParamEditor *
heddle_param_panel_find_focused (HeddleParamPanel *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  for (guint i = 0; focus != NULL && i < self->editors->len; i++)
    {
      HeddleParamEditor *editor = g_ptr_array_index (self->editors, i);

      if (gtk_widget_is_ancestor (focus, editor->row))
        return editor;
    }
  return NULL;
}

GPtrArray *
heddle_param_panel_get_editors (HeddleParamPanel *self)
{
  g_return_val_if_fail (HEDDLE_IS_PARAM_PANEL (self), NULL);

  return self->editors;
}

GtkWidget *
heddle_param_panel_new (const HeddleParamContext *context)
{
  HeddleParamPanel *self = g_object_new (HEDDLE_TYPE_PARAM_PANEL, NULL);

  self->context = context;
  return GTK_WIDGET (self);
}

static void
heddle_param_panel_dispose (GObject *object)
{
  HeddleParamPanel *self = HEDDLE_PARAM_PANEL (object);

  g_clear_pointer (&self->editors, g_ptr_array_unref);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_clear_pointer (&self->none, gtk_widget_unparent);
  g_clear_pointer (&self->ids, g_strfreev);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_clear_pointer (&self->needle, g_free);
  G_OBJECT_CLASS (heddle_param_panel_parent_class)->dispose (object);
}

static void
heddle_param_panel_class_init (HeddleParamPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = heddle_param_panel_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
heddle_param_panel_init (HeddleParamPanel *self)
{
  GtkBoxLayout *layout = GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self)));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (layout, 12);
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->editors = g_ptr_array_new ();
  self->none = heddle_label_new (_ ("These nodes have no parameter in common."), "dim-label");
  gtk_label_set_wrap (GTK_LABEL (self->none), TRUE);
  gtk_widget_set_visible (self->none, FALSE);
  gtk_widget_set_parent (self->none, GTK_WIDGET (self));
}
