/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-inspector-private.h"

#include "inspector/heddle-field-chooser.h"
#include "inspector/heddle-value-expression.h"

#include <glib/gi18n-lib.h>

/* Values of a run that are put into the fields of the node as expressions. */

/* NULL: it was put into a field, or the person is asked into which. */
static char *
insert_anywhere (HeddleInspector *self,
                 const char *expression)
{
  if (heddle_field_chooser_insert (GTK_WIDGET (self), heddle_param_panel_get_editors (self->params), expression))
    return NULL;
  return g_strdup (_ ("This node has no field that takes an expression."));
}

char *
heddle_inspector_append_expression (HeddleInspector *self,
                                    const char *expression)
{
  HeddleParamEditor *editor;

  g_return_val_if_fail (HEDDLE_IS_INSPECTOR (self) && expression != NULL, NULL);

  editor = heddle_param_panel_reveal (self->params, NULL);
  return editor != NULL && heddle_field_chooser_append (editor, expression) ? NULL : insert_anywhere (self, expression);
}

char *
heddle_inspector_insert_value (HeddleInspector *self,
                               const HeddleValueOrigin *origin)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *expression = NULL;

  g_return_val_if_fail (HEDDLE_IS_INSPECTOR (self) && origin != NULL, NULL);

  if (_heddle_inspector_get_node (self) == NULL || _heddle_inspector_is_several (self))
    return g_strdup (_ ("Select the node on the canvas that is to read this value."));
  expression = heddle_value_expression_dup (&self->context, origin, &error);
  if (expression == NULL)
    return g_strdup (error->message);
  return insert_anywhere (self, expression);
}
