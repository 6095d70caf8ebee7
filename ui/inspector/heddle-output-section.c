/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-output-section.h"

#include "trace/heddle-value-tree.h"

#include <glib/gi18n-lib.h>

/* A large output is for the trace; its beginning tells which one it is. */
#define MAX_SHOWN 2000

struct _HeddleOutputSection
{
  AdwBin parent_instance;

  GtkLabel *state;
  GtkLabel *value;
  GtkWidget *text_frame; /* around it */
  HeddleValueTree *tree; /* the whole result, to be dragged onto fields of other nodes */
  GtkButton *pin_button;
  GtkWidget *edit_button;
  GtkWidget *fork_button;

  const HeddleParamContext *context;
  JsonNode *shown; /* the result that stands there, or NULL */
};

G_DEFINE_FINAL_TYPE (HeddleOutputSection, heddle_output_section, ADW_TYPE_BIN)

static const HeddleNode *
get_node (HeddleOutputSection *self)
{
  if (self->context->document == NULL || self->context->node_id == NULL)
    return NULL;
  return heddle_graph_find_node (heddle_document_get_graph (self->context->document), self->context->node_id);
}

static HeddleSpan *
get_span (HeddleOutputSection *self)
{
  HeddleTrace *trace = self->context->trace;

  return trace != NULL && self->context->node_id != NULL ? heddle_trace_find_node (trace, self->context->node_id) : NULL;
}

/* Text is read as a whole; anything else is read in the tree. */
static gboolean
is_text (JsonNode *result)
{
  return heddle_json_is_string (heddle_json_member (result, "output"));
}

static char *
dup_text (JsonNode *result)
{
  const char *whole = json_node_get_string (heddle_json_member (result, "output"));
  g_autofree char *beginning = NULL;

  if (g_utf8_strlen (whole, -1) <= MAX_SHOWN)
    return g_strdup (whole);
  beginning = g_utf8_substring (whole, 0, MAX_SHOWN);
  return g_strconcat (beginning, "…", NULL);
}

static void
show_tree (HeddleOutputSection *self,
           JsonNode *result)
{
  HeddleSpan *span = get_span (self);
  g_autoptr (HeddleValueOrigin) origin = heddle_value_origin_new (HEDDLE_ORIGIN_RESULT, self->context->node_id, NULL, span != NULL ? heddle_span_get_scope (span) : NULL, "");

  heddle_value_tree_set_value (self->tree, result, origin);
}

/* While a run goes on, most updates change nothing here. */
static void
show_result (HeddleOutputSection *self,
             JsonNode *result)
{
  g_autofree char *text = NULL;

  if (self->shown == result)
    return;
  g_clear_pointer (&self->shown, json_node_unref);
  if (result == NULL)
    return;
  self->shown = json_node_ref (result);
  show_tree (self, result);
  gtk_widget_set_visible (self->text_frame, is_text (result));
  if (!is_text (result))
    return;
  text = dup_text (result);
  gtk_label_set_label (self->value, text);
}

static const char *
describe (gboolean is_pinned,
          HeddleSpan *span)
{
  if (is_pinned)
    return _ ("Pinned");
  return span != NULL ? heddle_span_state_get_title (heddle_span_get_state (span)) : "";
}

void
heddle_output_section_update (HeddleOutputSection *self)
{
  const HeddleNode *node;
  HeddleSpan *span;
  JsonNode *result;
  gboolean is_pinned;

  g_return_if_fail (HEDDLE_IS_OUTPUT_SECTION (self));

  node = get_node (self);
  span = get_span (self);
  is_pinned = node != NULL && node->pin != NULL;
  result = is_pinned ? node->pin : (span != NULL ? heddle_span_get_attribute (span, "result") : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), node != NULL && result != NULL);
  show_result (self, node != NULL ? result : NULL);
  if (node == NULL || result == NULL)
    return;
  gtk_label_set_label (self->state, describe (is_pinned, span));
  gtk_button_set_label (self->pin_button, is_pinned ? _ ("Un_pin") : _ ("_Pin"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->pin_button), is_pinned ? _ ("Run the node again (Ctrl+Shift+P)") : _ ("Runs in the window take this output instead of running the node (Ctrl+Shift+P)"));
  gtk_widget_set_visible (gtk_widget_get_parent (self->edit_button), is_pinned);
  gtk_widget_set_visible (gtk_widget_get_parent (self->fork_button), span != NULL && heddle_span_get_attribute (span, "result") != NULL);
}

GtkWidget *
heddle_output_section_new (const HeddleParamContext *context)
{
  HeddleOutputSection *self = g_object_new (HEDDLE_TYPE_OUTPUT_SECTION, NULL);

  self->context = context;
  return GTK_WIDGET (self);
}

static void
heddle_output_section_finalize (GObject *object)
{
  g_clear_pointer (&HEDDLE_OUTPUT_SECTION (object)->shown, json_node_unref);
  G_OBJECT_CLASS (heddle_output_section_parent_class)->finalize (object);
}

static void
heddle_output_section_class_init (HeddleOutputSectionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_output_section_finalize;
  g_type_ensure (HEDDLE_TYPE_VALUE_TREE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/inspector/heddle-output-section.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleOutputSection, state);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutputSection, value);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutputSection, text_frame);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutputSection, tree);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutputSection, pin_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutputSection, edit_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutputSection, fork_button);
}

static void
heddle_output_section_init (HeddleOutputSection *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
