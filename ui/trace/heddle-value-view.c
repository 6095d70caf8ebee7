/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-value-view.h"

#include "common/heddle-markdown.h"
#include "trace/heddle-value-tree.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* More than this is slow to lay out and nobody reads it here; Copy still has all. */
#define MAX_SHOWN (256 * 1024)
/* Beyond this the text is shown plain: each piece of markup is a tag of the buffer. */
#define MAX_RICH (64 * 1024)

struct _HeddleValueView
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkStack *stack;
  GtkTextView *text_view;
  GtkTextView *raw_view;
  HeddleValueTree *tree;

  JsonNode *value;
  HeddleValueOrigin *origin; /* whose value it is, or NULL */
  char *text;                /* streaming, instead of a value */
  gboolean is_shown[3];      /* by page: it has what there is now */
};

G_DEFINE_FINAL_TYPE (HeddleValueView, heddle_value_view, GTK_TYPE_WIDGET)

static void
copy_clicked_cb (HeddleValueView *self)
{
  gboolean raw = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "text") != 0;
  g_autofree char *text = NULL;

  if (self->value == NULL)
    text = g_strdup (self->text != NULL ? self->text : "");
  else
    text = raw ? heddle_json_to_text (self->value, HEDDLE_JSON_PRETTY) : heddle_json_to_display (self->value);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
fill (GtkTextView *view,
      const char *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  gsize length = strlen (text);
  GtkTextIter end;

  if (length <= MAX_SHOWN)
    {
      gtk_text_buffer_set_text (buffer, text, length);
      return;
    }
  length = g_utf8_find_prev_char (text, text + MAX_SHOWN) - text;
  gtk_text_buffer_set_text (buffer, text, length);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert (buffer, &end, _ ("\n… (Copy has the rest.)"), -1);
}

/* What a model wrote is mostly Markdown. The tags go with the buffer, so each text gets its own. */
static void
fill_rich (GtkTextView *view,
           const char *text)
{
  g_autoptr (GtkTextBuffer) buffer = NULL;
  g_autofree char *markup = NULL;
  GtkTextIter start;

  if (strlen (text) > MAX_RICH)
    {
      fill (view, text);
      return;
    }
  markup = heddle_markdown_to_markup (text);
  buffer = gtk_text_buffer_new (NULL);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_insert_markup (buffer, &start, markup, -1);
  gtk_text_view_set_buffer (view, buffer);
}

static void
show_text (HeddleValueView *self)
{
  g_autofree char *display = NULL;

  if (self->value == NULL)
    {
      fill (self->text_view, self->text != NULL ? self->text : "");
      return;
    }
  if (JSON_NODE_HOLDS_OBJECT (self->value) || JSON_NODE_HOLDS_ARRAY (self->value))
    {
      display = heddle_json_to_text (self->value, HEDDLE_JSON_PRETTY);
      fill (self->text_view, display);
      return;
    }
  display = heddle_json_to_display (self->value);
  fill_rich (self->text_view, display);
}

static void
show_raw (HeddleValueView *self)
{
  g_autofree char *raw = self->value != NULL ? heddle_json_to_text (self->value, HEDDLE_JSON_PRETTY) : g_strdup ("");

  fill (self->raw_view, raw);
}

static void
show_tree (HeddleValueView *self)
{
  heddle_value_tree_set_value (self->tree, self->value, self->origin);
}

/* A large value takes its time to lay out, so only what is looked at is filled. */
static void
show_page (HeddleValueView *self)
{
  static const struct
  {
    const char *name;
    void (*show) (HeddleValueView *self);
  } pages[] = { { "text", show_text }, { "tree", show_tree }, { "raw", show_raw } };
  /* The template adds pages before the stack is known. */
  const char *visible = self->stack != NULL ? gtk_stack_get_visible_child_name (self->stack) : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      if (self->is_shown[i] || g_strcmp0 (pages[i].name, visible) != 0)
        continue;
      self->is_shown[i] = TRUE;
      pages[i].show (self);
    }
}

static void
show_value (HeddleValueView *self)
{
  memset (self->is_shown, 0, sizeof self->is_shown);
  show_page (self);
}

void
heddle_value_view_set_value (HeddleValueView *self,
                             JsonNode *value)
{
  g_return_if_fail (HEDDLE_IS_VALUE_VIEW (self));

  if (value != NULL && self->value == value)
    return;
  if (value != NULL)
    json_node_ref (value);
  g_clear_pointer (&self->value, json_node_unref);
  self->value = value;
  g_clear_pointer (&self->text, g_free);
  show_value (self);
}

void
heddle_value_view_set_origin (HeddleValueView *self,
                              const HeddleValueOrigin *origin)
{
  g_return_if_fail (HEDDLE_IS_VALUE_VIEW (self));

  g_clear_pointer (&self->origin, heddle_value_origin_free);
  self->origin = origin != NULL ? heddle_value_origin_copy (origin) : NULL;
  heddle_value_tree_set_value (self->tree, self->value, self->origin);
}

void
heddle_value_view_set_text (HeddleValueView *self,
                            const char *text)
{
  gsize old_length;

  g_return_if_fail (HEDDLE_IS_VALUE_VIEW (self));

  old_length = self->text != NULL ? strlen (self->text) : 0;
  if (self->value == NULL && self->is_shown[0] && old_length > 0 && strlen (text) < MAX_SHOWN && strncmp (self->text, text, old_length) == 0)
    {
      GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
      GtkTextIter end;

      gtk_text_buffer_get_end_iter (buffer, &end);
      gtk_text_buffer_insert (buffer, &end, text + old_length, -1);
      g_free (self->text);
      self->text = g_strdup (text);
      return;
    }
  g_clear_pointer (&self->value, json_node_unref);
  g_free (self->text);
  self->text = g_strdup (text);
  show_value (self);
}

GtkWidget *
heddle_value_view_new (void)
{
  return g_object_new (HEDDLE_TYPE_VALUE_VIEW, NULL);
}

static void
heddle_value_view_dispose (GObject *object)
{
  HeddleValueView *self = HEDDLE_VALUE_VIEW (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->value, json_node_unref);
  g_clear_pointer (&self->origin, heddle_value_origin_free);
  g_clear_pointer (&self->text, g_free);
  G_OBJECT_CLASS (heddle_value_view_parent_class)->dispose (object);
}

static void
heddle_value_view_class_init (HeddleValueViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_value_view_dispose;
  g_type_ensure (HEDDLE_TYPE_VALUE_TREE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/trace/heddle-value-view.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleValueView, box);
  gtk_widget_class_bind_template_child (widget_class, HeddleValueView, stack);
  gtk_widget_class_bind_template_child (widget_class, HeddleValueView, text_view);
  gtk_widget_class_bind_template_child (widget_class, HeddleValueView, raw_view);
  gtk_widget_class_bind_template_child (widget_class, HeddleValueView, tree);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_page);
}

static void
heddle_value_view_init (HeddleValueView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
