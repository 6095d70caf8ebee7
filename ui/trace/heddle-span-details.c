/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-span-details.h"

#include "common/heddle-widgets.h"
#include "common/heddle-wrap-layout.h"
#include "trace/heddle-span-lists.h"
#include "trace/heddle-value-view.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

struct _HeddleSpanDetails
{
  GtkWidget parent_instance;

  GtkWidget *outer;
  GtkLabel *title;
  GtkLabel *facts;
  GtkLabel *error;
  GtkStack *pages;
  GtkStackPage *output_page;
  GtkStackPage *messages_page;
  GtkStackPage *passages_page;
  GtkStackPage *attempts_page;
  GtkStackPage *effects_page;
  GtkStackPage *inputs_page;
  GtkStackPage *all_page;
  HeddleValueView *output;
  GtkListBox *messages;
  GtkListBox *passages;
  GtkListBox *attempts;
  GtkListBox *effects;
  GtkWidget *source;
  HeddleValueView *inputs;
  HeddleValueView *all;

  HeddleSpan *span;
  GSignalGroup *signals;
  gboolean waits; /* for its turn, with what it will get */
};

enum
{
  RUN_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleSpanDetails, heddle_span_details, GTK_TYPE_WIDGET)

/* A node's facts about its model are those of the model call inside it. */
static JsonNode *
find_attribute (HeddleSpan *span,
                const char *key)
{
  JsonNode *node = heddle_span_get_attribute (span, key);
  GPtrArray *children = heddle_span_get_children (span);

  if (g_strcmp0 (heddle_span_get_kind (span), "run") == 0)
    return node;
  for (guint i = children->len; node == NULL && i > 0; i--)
    node = heddle_span_get_attribute (g_ptr_array_index (children, i - 1), key);
  return node;
}

static void
append_fact (GString *facts,
             char *fact)
{
  g_autofree char *text = fact;

  if (text == NULL || text[0] == '\0')
    return;
  if (facts->len > 0)
    g_string_append (facts, " · ");
  g_string_append (facts, text);
}

static char *
usage_fact (HeddleSpan *span)
{
  HeddleSpanUsage usage;
  const char *about;

  if (!heddle_span_get_usage (span, &usage))
    return NULL;
  about = usage.estimated ? "≈ " : "";
  return g_strdup_printf (_ ("%s%" PRId64 " tokens in, %" PRId64 " out"), about, MAX (usage.input_tokens, 0),
                          MAX (usage.output_tokens, 0));
}

static char *
time_fact (HeddleSpan *span,
           const char *key,
           const char *label)
{
  JsonNode *node = find_attribute (span, key);
  g_autofree char *duration = NULL;

  if (!heddle_json_is_number (node) || json_node_get_double (node) < 0)
    return NULL;
  duration = heddle_format_duration (json_node_get_double (node));
  return g_strdup_printf ("%s %s", label, duration);
}

static char *
text_fact (HeddleSpan *span,
           const char *key)
{
  JsonNode *node = find_attribute (span, key);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? heddle_json_to_display (node) : NULL;
}

/* Which model was to answer, and why it did not. */
static char *
fallback_fact (HeddleSpan *span)
{
  JsonNode *from = find_attribute (span, "fallback_from");

  if (from == NULL)
    return NULL;
  return g_strdup_printf (_ ("instead of %s (%s)"), heddle_json_get_string (from, "model", ""), heddle_json_get_string (from, "class", ""));
}

/* From when on an effect that must not happen twice may have happened. */
static char *
intent_fact (HeddleSpan *span)
{
  JsonNode *intent = heddle_span_get_attribute (span, "intent");
  g_autofree char *time = intent != NULL ? heddle_format_duration (heddle_json_get_int (intent, "time_us", 0)) : NULL;

  return time != NULL ? g_strdup_printf (_ ("may have had its effect from %s on"), time) : NULL;
}

static char *
reason_fact (HeddleSpan *span)
{
  gboolean cancelled = heddle_span_get_state (span) == HEDDLE_SPAN_CANCELLED;

  return cancelled ? text_fact (span, "reason") : NULL;
}

/* The run that a result was taken from; NULL: none, or it is not known. */
static const char *
get_source_run (HeddleSpan *span)
{
  JsonNode *source = heddle_span_get_state (span) == HEDDLE_SPAN_CACHED ? heddle_span_get_attribute (span, "source") : NULL;

  return source != NULL ? heddle_json_get_string (source, "run", NULL) : NULL;
}

static void
source_clicked_cb (HeddleSpanDetails *self)
{
  const char *run = self->span != NULL ? get_source_run (self->span) : NULL;

  if (run != NULL)
    g_signal_emit (self, signals[RUN_ACTIVATED], 0, run);
}

static void
show_facts (HeddleSpanDetails *self)
{
  g_autoptr (GString) facts = g_string_new (heddle_span_state_get_title (heddle_span_get_state (self->span)));
  JsonNode *status = heddle_span_get_attribute (self->span, "status");

  if (heddle_span_get_end (self->span) >= 0)
    append_fact (facts, heddle_format_span_duration (self->span, 0));
  append_fact (facts, heddle_format_span_source (self->span));
  append_fact (facts, reason_fact (self->span));
  append_fact (facts, heddle_format_span_progress (self->span));
  append_fact (facts, heddle_format_span_folded (self->span));
  append_fact (facts, intent_fact (self->span));
  append_fact (facts, text_fact (self->span, "model"));
  append_fact (facts, fallback_fact (self->span));
  append_fact (facts, usage_fact (self->span));
  append_fact (facts, heddle_format_span_cost (self->span));
  append_fact (facts, g_strdup (heddle_format_span_waiting (self->span)));
  append_fact (facts, time_fact (self->span, "first_token_us", _ ("first token after")));
  append_fact (facts, text_fact (self->span, "finish_reason"));
  append_fact (facts, text_fact (self->span, "method"));
  append_fact (facts, text_fact (self->span, "url"));
  if (heddle_json_is_number (status))
    append_fact (facts, g_strdup_printf (_ ("status %" PRId64), json_node_get_int (status)));
  append_fact (facts, text_fact (self->span, "query"));
  if (heddle_span_get_attempt (self->span) > 1)
    append_fact (facts, g_strdup_printf (_ ("attempt %u"), heddle_span_get_attempt (self->span)));
  gtk_label_set_label (self->facts, facts->str);
}

static void
show_error (HeddleSpanDetails *self)
{
  const GError *error = heddle_span_get_error (self->span);
  const HeddleErrorDetail *detail = heddle_error_detail (error);
  gboolean skipped = heddle_span_get_state (self->span) == HEDDLE_SPAN_SKIPPED;
  g_autofree char *text = NULL;

  if (error != NULL)
    text = g_strconcat (error->message, detail != NULL && detail->hint != NULL ? "\n" : NULL, detail != NULL ? detail->hint : NULL, NULL);
  else if (skipped)
    text = g_strdup (heddle_span_get_text (self->span));
  gtk_label_set_label (self->error, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), text != NULL);
  if (skipped)
    gtk_widget_remove_css_class (GTK_WIDGET (self->error), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->error), "error");
}

static const char *
role_title (const char *role)
{
  if (g_strcmp0 (role, "system") == 0)
    return _ ("System");
  if (g_strcmp0 (role, "user") == 0)
    return _ ("User");
  if (g_strcmp0 (role, "assistant") == 0)
    return _ ("Assistant");
  return role;
}

/* Texts as they are; of files and pictures only what they are. */
static char *
dup_content (JsonNode *content)
{
  JsonArray *parts = content != NULL && JSON_NODE_HOLDS_ARRAY (content) ? json_node_get_array (content) : NULL;
  GString *text = g_string_new (NULL);

  if (parts == NULL)
    {
      g_string_free (text, TRUE);
      return heddle_json_to_display (content);
    }
  for (guint i = 0; i < json_array_get_length (parts); i++)
    {
      JsonNode *part = json_array_get_element (parts, i);
      const char *name = heddle_json_get_string (part, "name", heddle_json_get_string (part, "mime", ""));
      g_autofree char *size = g_format_size ((guint64) MAX (heddle_json_get_int (part, "size", 0), 0));

      if (i > 0)
        g_string_append_c (text, '\n');
      if (heddle_json_get_string (part, "text", NULL) != NULL)
        g_string_append (text, heddle_json_get_string (part, "text", ""));
      else
        g_string_append_printf (text, "[%s, %s]", name, size);
    }
  return g_string_free (text, FALSE);
}

static void
add_message (HeddleSpanDetails *self,
             JsonNode *message)
{
  JsonNode *content = heddle_json_member (message, "content");
  g_autofree char *text = dup_content (content);

  gtk_list_box_append (self->messages, heddle_span_text_row_new (role_title (heddle_json_get_string (message, "role", "")), text));
}

static gboolean
show_messages (HeddleSpanDetails *self)
{
  JsonNode *messages = find_attribute (self->span, "messages");
  JsonArray *array = messages != NULL && JSON_NODE_HOLDS_ARRAY (messages) ? json_node_get_array (messages) : NULL;

  heddle_list_box_clear (self->messages);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    add_message (self, json_array_get_element (array, i));
  return array != NULL;
}

/* "[1] Manual › Starting › Crashes, page 3 · score 0.031 · keywords 7.20 · meaning 0.61" */
static char *
passage_heading (JsonNode *passage,
                 guint number)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *heading = heddle_json_get_string (passage, "heading", "");
  gint64 page = heddle_json_get_int (passage, "page", 0);
  double keyword = heddle_json_get_double (passage, "keyword_score", NAN);
  double vector = heddle_json_get_double (passage, "vector_score", NAN);

  g_string_append_printf (text, "[%u] %s", number, heddle_json_get_string (passage, "title", ""));
  if (heading[0] != '\0')
    g_string_append_printf (text, " › %s", heading);
  if (page > 0)
    g_string_append_printf (text, _ (", page %d"), (int) page);
  g_string_append_printf (text, _ (" · score %.3f"), heddle_json_get_double (passage, "score", 0));
  if (!isnan (keyword))
    g_string_append_printf (text, _ (" · keywords %.2f"), keyword);
  if (!isnan (vector))
    g_string_append_printf (text, _ (" · meaning %.2f"), vector);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
show_passages (HeddleSpanDetails *self)
{
  JsonNode *results = find_attribute (self->span, "results");
  JsonArray *array = results != NULL && JSON_NODE_HOLDS_ARRAY (results) ? json_node_get_array (results) : NULL;

  heddle_list_box_clear (self->passages);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *passage = json_array_get_element (array, i);
      g_autofree char *heading = passage_heading (passage, i + 1);

      gtk_list_box_append (self->passages, heddle_span_text_row_new (heading, heddle_json_get_string (passage, "text", "")));
    }
  return array != NULL;
}

/* What an item came to is what its last node made. */
static HeddleSpan *
find_maker (HeddleSpan *span)
{
  GPtrArray *nodes = heddle_span_get_children (span);

  for (guint i = nodes->len; heddle_span_get_item (span) >= 0 && i > 0; i--)
    {
      if (heddle_span_get_attribute (g_ptr_array_index (nodes, i - 1), "result") != NULL)
        return g_ptr_array_index (nodes, i - 1);
    }
  return span;
}

/* What a container's item is made for; NULL where that is not said. */
static JsonNode *
find_item_value (HeddleSpan *span)
{
  int item = heddle_span_get_item (span);
  JsonNode *params = item >= 0 ? heddle_span_get_attribute (heddle_span_get_parent (span), "params") : NULL;
  JsonNode *items = params != NULL ? heddle_json_member (params, "items") : NULL;

  if (items == NULL || !JSON_NODE_HOLDS_ARRAY (items) || (guint) item >= json_array_get_length (json_node_get_array (items)))
    return NULL;
  return json_array_get_element (json_node_get_array (items), (guint) item);
}

/* What a step made: a node's output, a model's answer or the tools it calls. */
static JsonNode *
find_output (HeddleSpan *step)
{
  HeddleSpan *span = find_maker (step);
  JsonNode *result = heddle_span_get_attribute (span, "result");
  JsonNode *response = heddle_span_get_attribute (span, "response");
  JsonNode *calls = heddle_span_get_attribute (span, "tool_calls");

  if (result != NULL)
    return heddle_json_member (result, "output");
  if (calls != NULL && heddle_json_is_blank (response))
    return calls;
  return response != NULL ? response : heddle_span_get_attribute (span, "output");
}

/* Only a node's result can be read by expressions; what a model said is a part of one. */
static HeddleValueOrigin *
find_origin (HeddleSpan *step)
{
  HeddleSpan *span = find_maker (step);

  if (heddle_span_get_attribute (span, "result") == NULL || heddle_span_get_node_id (span) == NULL)
    return NULL;
  return heddle_value_origin_new (HEDDLE_ORIGIN_RESULT, heddle_span_get_node_id (span), NULL, heddle_span_get_scope (span), ".output");
}

/* Text is plain while it streams, and rich when it is complete. */
static void
show_output (HeddleSpanDetails *self)
{
  JsonNode *output = find_output (self->span);
  const char *text = heddle_span_get_state (self->span) != HEDDLE_SPAN_SKIPPED ? heddle_span_get_text (self->span) : "";
  g_autoptr (JsonNode) whole = NULL;
  g_autoptr (HeddleValueOrigin) origin = find_origin (self->span);

  heddle_value_view_set_origin (self->output, origin);
  if (output == NULL && heddle_span_get_end (self->span) >= 0 && text[0] != '\0')
    output = whole = heddle_json_string (text);
  if (output != NULL)
    heddle_value_view_set_value (self->output, output);
  else
    heddle_value_view_set_text (self->output, text);
}

/* Whose notes they are; of what is within a node or around all of them expressions see nothing. NULL: that. */
static HeddleValueOrigin *
make_record (HeddleSpan *span)
{
  if (heddle_span_get_node_id (span) == NULL || strcmp (heddle_span_get_kind (span), "node") != 0)
    return NULL;
  return heddle_value_origin_new (HEDDLE_ORIGIN_RECORD, heddle_span_get_node_id (span), NULL, heddle_span_get_scope (span), "");
}

static void
show_inputs (HeddleSpanDetails *self)
{
  JsonNode *params = heddle_span_get_attribute (self->span, "params");
  JsonNode *inputs = heddle_span_get_attribute (self->span, "inputs");
  g_autoptr (JsonNode) both = NULL;
  g_autoptr (HeddleValueOrigin) record = NULL;
  JsonObject *object;

  if (params == NULL && inputs == NULL)
    {
      JsonNode *item = find_item_value (self->span);
      g_autoptr (HeddleValueOrigin) of_item = item != NULL ? heddle_value_origin_new (HEDDLE_ORIGIN_ITEM, heddle_span_get_node_id (self->span), NULL, heddle_span_get_scope (self->span), "") : NULL;

      heddle_value_view_set_origin (self->inputs, of_item);
      heddle_value_view_set_value (self->inputs, item != NULL ? item : heddle_span_get_attribute (self->span, "input"));
      return;
    }
  object = json_object_new ();
  if (inputs != NULL)
    json_object_set_member (object, "inputs", json_node_ref (inputs));
  if (params != NULL)
    json_object_set_member (object, "parameters", json_node_ref (params));
  both = heddle_json_object (object);
  record = make_record (self->span);
  heddle_value_view_set_origin (self->inputs, record);
  heddle_value_view_set_value (self->inputs, both);
}

static void
show_all (HeddleSpanDetails *self)
{
  g_autoptr (JsonNode) attributes = heddle_span_dup_attributes (self->span);
  g_autoptr (HeddleValueOrigin) record = make_record (self->span);

  heddle_value_view_set_origin (self->all, record);
  heddle_value_view_set_value (self->all, attributes);
}

static void
show_page (HeddleSpanDetails *self,
           GtkStackPage *page,
           gboolean visible)
{
  gtk_stack_page_set_visible (page, visible);
  if (!visible && gtk_stack_get_visible_child (self->pages) == gtk_stack_page_get_child (page))
    gtk_stack_set_visible_child_name (self->pages, "output");
}

/* Before its turn, what a node will get is all there is to see; then what comes of it. */
static void
follow_turn (HeddleSpanDetails *self)
{
  gboolean waits = heddle_span_get_state (self->span) == HEDDLE_SPAN_READY && heddle_span_get_attribute (self->span, "inputs") != NULL;

  if (waits == self->waits)
    return;
  self->waits = waits;
  if (g_str_equal (gtk_stack_get_visible_child_name (self->pages), waits ? "output" : "inputs"))
    gtk_stack_set_visible_child_name (self->pages, waits ? "inputs" : "output");
}

static void
update (HeddleSpanDetails *self)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self->outer), self->span != NULL ? "span" : "empty");
  if (self->span == NULL)
    return;
  gtk_label_set_label (self->title, heddle_span_get_name (self->span));
  show_facts (self);
  show_error (self);
  show_output (self);
  show_page (self, self->messages_page, show_messages (self));
  show_page (self, self->passages_page, show_passages (self));
  show_page (self, self->attempts_page, heddle_span_list_attempts (self->span, self->attempts));
  show_page (self, self->effects_page, heddle_span_list_effects (self->span, self->effects));
  gtk_widget_set_visible (self->source, get_source_run (self->span) != NULL);
  show_inputs (self);
  show_all (self);
  follow_turn (self);
}

/* What was asked stands in a span inside, which begins after its node. */
static void
text_changed_cb (HeddleSpanDetails *self)
{
  if (!gtk_stack_page_get_visible (self->messages_page))
    show_page (self, self->messages_page, show_messages (self));
  show_output (self);
  show_facts (self);
}

void
heddle_span_details_set_span (HeddleSpanDetails *self,
                              HeddleSpan *span)
{
  g_return_if_fail (HEDDLE_IS_SPAN_DETAILS (self));

  if (!g_set_object (&self->span, span))
    return;
  g_signal_group_set_target (self->signals, span);
  update (self);
}

GtkWidget *
heddle_span_details_new (void)
{
  return g_object_new (HEDDLE_TYPE_SPAN_DETAILS, NULL);
}

static void
heddle_span_details_dispose (GObject *object)
{
  HeddleSpanDetails *self = HEDDLE_SPAN_DETAILS (object);

  g_clear_pointer (&self->outer, gtk_widget_unparent);
  g_clear_object (&self->signals);
  g_clear_object (&self->span);
  G_OBJECT_CLASS (heddle_span_details_parent_class)->dispose (object);
}

static void
heddle_span_details_class_init (HeddleSpanDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_span_details_dispose;
  signals[RUN_ACTIVATED] = g_signal_new ("run-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (HEDDLE_TYPE_VALUE_VIEW);
  g_type_ensure (HEDDLE_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/trace/heddle-span-details.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, outer);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, title);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, facts);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, error);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, pages);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, output_page);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, messages_page);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, passages_page);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, inputs_page);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, all_page);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, output);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, messages);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, passages);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, attempts_page);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, effects_page);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, attempts);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, effects);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, source);
  gtk_widget_class_bind_template_callback (widget_class, source_clicked_cb);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, inputs);
  gtk_widget_class_bind_template_child (widget_class, HeddleSpanDetails, all);
}

static void
heddle_span_details_init (HeddleSpanDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->signals = g_signal_group_new (HEDDLE_TYPE_SPAN);
  g_signal_group_connect_swapped (self->signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "notify::text", G_CALLBACK (text_changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::usage", G_CALLBACK (show_facts), self);
}
