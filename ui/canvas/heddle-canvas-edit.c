/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include "common/heddle-widgets.h"

#include <math.h>

#define NOTE_WIDTH 208
#define NOTE_HEIGHT 96
#define FRAME_WIDTH 480
#define FRAME_HEIGHT 240
#define FRAME_PADDING 32

#define EDITORS "/org/heddle/Heddle/canvas/heddle-canvas-editors.ui"

static void
closed_cb (GtkWidget *popover, HeddleCanvas *self)
{
  if (self->popover == popover)
    self->popover = NULL;
  heddle_popover_drop (popover);
  heddle_canvas_take_focus (self, g_object_get_data (G_OBJECT (popover), "heddle-focus-before"));
}

/* Where the keyboard is outside of the canvas, on what works like it; NULL: on the canvas, or nowhere. */
static GtkWidget *
get_focus_elsewhere (HeddleCanvas *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL || focus == GTK_WIDGET (self) || gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    return NULL;
  return focus;
}

static gboolean
is_focus_on_card (HeddleCanvas *self)
{
  const HeddleCanvasItem *focused = heddle_canvas_get_focused (self);

  return focused != NULL && gtk_widget_is_focus (focused->widget);
}

/* What is selected is where one was, when the card that had the focus has been replaced. */
static void
focus_selected (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) selected = heddle_canvas_list_selected (self, FALSE);

  if (selected->len == 1)
    heddle_canvas_focus_item (self, selected->pdata[0]);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

void
heddle_canvas_take_focus (HeddleCanvas *self, GtkWidget *before)
{
  if (before != NULL && gtk_widget_get_mapped (before))
    gtk_widget_grab_focus (before);
  else if (before != NULL || (get_focus_elsewhere (self) == NULL && !is_focus_on_card (self)))
    focus_selected (self);
}

/* The keyboard leaves a card for what was added, but not another part of the window. */
void
heddle_canvas_focus_added (HeddleCanvas *self, const char *id)
{
  HeddleCanvasItem *item = heddle_canvas_scene_find (self->scene, id);

  if (item != NULL && is_focus_on_card (self))
    heddle_canvas_focus_item (self, item);
}

/* What is to have the focus again when the popover closes. */
static void
remember_focus (HeddleCanvas *self, GtkWidget *popover)
{
  const HeddleCanvasItem *focused = heddle_canvas_get_focused (self);
  GtkWidget *focus = is_focus_on_card (self) ? focused->widget : get_focus_elsewhere (self);

  if (focus != NULL)
    g_object_set_data_full (G_OBJECT (popover), "heddle-focus-before", g_object_ref (focus), g_object_unref);
}

void
heddle_canvas_show_popover (HeddleCanvas *self, GtkWidget *popover, const graphene_rect_t *at)
{
  if (self->popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->popover));
  self->popover = popover;
  remember_focus (self, popover);
  gtk_widget_set_parent (popover, GTK_WIDGET (self));
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &(GdkRectangle){ at->origin.x, at->origin.y, MAX (at->size.width, 1), MAX (at->size.height, 1) });
  g_signal_connect_object (popover, "closed", G_CALLBACK (closed_cb), self, 0);
  gtk_popover_popup (GTK_POPOVER (popover));
}

typedef struct
{
  HeddleCanvas *canvas; /* the popover is its child */
  char *id;
  GtkWidget *popover;
  GtkEditable *title;
  GtkEditable *name;
  GtkLabel *error;
  GtkTextView *text;
} Editor;

static void
editor_free (gpointer data, GClosure *closure)
{
  Editor *editor = data;

  g_free (editor->id);
  g_free (editor);
}

static gboolean
apply_name (Editor *editor, GError **error)
{
  HeddleDocument *document = editor->canvas->document;
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (editor->name)));
  g_autofree char *title = g_strstrip (g_strdup (gtk_editable_get_text (editor->title)));

  heddle_document_begin (document, _ ("Rename"));
  heddle_document_set_title (document, editor->id, *title != '\0' ? title : NULL);
  if (!g_str_equal (name, editor->id) && !heddle_document_rename (document, editor->id, name, error))
    {
      heddle_document_abort (document);
      return FALSE;
    }
  heddle_document_end (document);
  heddle_canvas_select (editor->canvas, (const char *const[]){ name, NULL });
  return TRUE;
}

static void
apply_cb (GtkWidget *widget, Editor *editor)
{
  g_autoptr (GError) error = NULL;

  if (apply_name (editor, &error))
    {
      gtk_popover_popdown (GTK_POPOVER (editor->popover));
      return;
    }
  gtk_label_set_label (editor->error, error->message);
  gtk_widget_set_visible (GTK_WIDGET (editor->error), TRUE);
}

static void
edit_name (HeddleCanvas *self, HeddleCanvasItem *item, const graphene_rect_t *at)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (EDITORS);
  Editor *editor = g_new0 (Editor, 1);

  editor->canvas = self;
  editor->id = g_strdup (item->id);
  editor->popover = GTK_WIDGET (gtk_builder_get_object (builder, "name_popover"));
  editor->title = GTK_EDITABLE (gtk_builder_get_object (builder, "title_entry"));
  editor->name = GTK_EDITABLE (gtk_builder_get_object (builder, "id_entry"));
  editor->error = GTK_LABEL (gtk_builder_get_object (builder, "error_label"));
  gtk_editable_set_text (editor->title, item->title);
  gtk_editable_set_text (editor->name, item->id);
  g_signal_connect (editor->title, "activate", G_CALLBACK (apply_cb), editor);
  g_signal_connect (editor->name, "activate", G_CALLBACK (apply_cb), editor);
  g_signal_connect_data (gtk_builder_get_object (builder, "apply_button"), "clicked", G_CALLBACK (apply_cb), editor, editor_free, 0);
  heddle_canvas_show_popover (self, editor->popover, at);
  gtk_widget_grab_focus (GTK_WIDGET (editor->title));
}

static void
apply_text (Editor *editor, const char *text)
{
  HeddleGraph *graph = heddle_canvas_get_graph (editor->canvas);
  const HeddleAnnotation *annotation = graph != NULL ? heddle_graph_find_annotation (graph, editor->id) : NULL;
  g_autofree char *color = NULL;

  if (annotation == NULL || g_strcmp0 (text, annotation->text) == 0)
    return;
  color = g_strdup (annotation->color);
  heddle_document_begin (editor->canvas->document, _ ("Edit Text"));
  heddle_document_set_annotation (editor->canvas->document, editor->id, text, color, annotation->x, annotation->y, annotation->width, annotation->height);
  heddle_document_end (editor->canvas->document);
}

/* Closing the editor keeps what was written; there is undo. */
static void
text_closed_cb (GtkWidget *popover, Editor *editor)
{
  g_autofree char *text = NULL;

  g_object_get (gtk_text_view_get_buffer (editor->text), "text", &text, NULL);
  apply_text (editor, text);
}

static void
title_closed_cb (GtkWidget *popover, Editor *editor)
{
  apply_text (editor, gtk_editable_get_text (editor->title));
}

/* Where the title is. */
static void
edit_title (HeddleCanvas *self, HeddleCanvasItem *item, const graphene_rect_t *at)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (EDITORS);
  Editor *editor = g_new0 (Editor, 1);

  editor->canvas = self;
  editor->id = g_strdup (item->id);
  editor->popover = GTK_WIDGET (gtk_builder_get_object (builder, "title_popover"));
  editor->title = GTK_EDITABLE (gtk_builder_get_object (builder, "heading_entry"));
  gtk_editable_set_text (editor->title, item->title);
  gtk_popover_set_offset (GTK_POPOVER (editor->popover), 0, -(int) at->size.height);
  gtk_widget_set_halign (editor->popover, GTK_ALIGN_START);
  g_signal_connect_swapped (editor->title, "activate", G_CALLBACK (gtk_popover_popdown), editor->popover);
  g_signal_connect_data (editor->popover, "closed", G_CALLBACK (title_closed_cb), editor, editor_free, 0);
  heddle_canvas_show_popover (self, editor->popover, at);
  gtk_widget_grab_focus (GTK_WIDGET (editor->title));
}

static void
edit_text (HeddleCanvas *self, HeddleCanvasItem *item, const graphene_rect_t *at)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (EDITORS);
  Editor *editor = g_new0 (Editor, 1);

  editor->canvas = self;
  editor->id = g_strdup (item->id);
  editor->popover = GTK_WIDGET (gtk_builder_get_object (builder, "text_popover"));
  editor->text = GTK_TEXT_VIEW (gtk_builder_get_object (builder, "text_view"));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (editor->text), item->title, -1);
  g_signal_connect_data (editor->popover, "closed", G_CALLBACK (text_closed_cb), editor, editor_free, 0);
  heddle_canvas_show_popover (self, editor->popover, at);
  gtk_widget_grab_focus (GTK_WIDGET (editor->text));
}

void
heddle_canvas_edit_item (HeddleCanvas *self, HeddleCanvasItem *item)
{
  graphene_rect_t at;

  heddle_canvas_scroll_to (self, item);
  heddle_canvas_get_node_bounds (self, item->id, &at);
  if (item->kind == HEDDLE_CANVAS_ITEM_FRAME)
    at.size.height = HEDDLE_CANVAS_FRAME_HEADER * self->zoom;
  if (item->kind == HEDDLE_CANVAS_ITEM_NODE)
    edit_name (self, item, &at);
  else if (item->kind == HEDDLE_CANVAS_ITEM_FRAME)
    edit_title (self, item, &at);
  else
    edit_text (self, item, &at);
}

static void
get_insertion_point (HeddleCanvas *self, double *x, double *y)
{
  double view_x = self->pointer_inside ? self->pointer_x : gtk_widget_get_width (GTK_WIDGET (self)) / 2.;
  double view_y = self->pointer_inside ? self->pointer_y : gtk_widget_get_height (GTK_WIDGET (self)) / 2.;

  heddle_canvas_to_world (self, view_x, view_y, x, y);
  *x = heddle_canvas_snap (*x);
  *y = heddle_canvas_snap (*y);
}

static void
add_annotation (HeddleCanvas *self, HeddleAnnotationKind kind, const char *text, const graphene_rect_t *bounds)
{
  g_autofree char *id = g_strdup (heddle_document_add_annotation (self->document, kind, text, bounds->origin.x, bounds->origin.y, bounds->size.width, bounds->size.height));
  HeddleCanvasItem *item = heddle_canvas_scene_find (self->scene, id);

  if (item == NULL)
    return;
  heddle_canvas_select_only (self, item);
  heddle_canvas_focus_item (self, item);
  heddle_canvas_edit_item (self, item);
}

void
heddle_canvas_add_note (HeddleCanvas *self)
{
  double x, y;

  get_insertion_point (self, &x, &y);
  add_annotation (self, HEDDLE_ANNOTATION_NOTE, "", &GRAPHENE_RECT_INIT (x, y, NOTE_WIDTH, NOTE_HEIGHT));
}

/* Around what is selected. */
void
heddle_canvas_add_frame (HeddleCanvas *self)
{
  graphene_rect_t bounds;
  double x, y;

  if (heddle_canvas_scene_get_bounds (self->scene, TRUE, &bounds))
    {
      graphene_rect_inset (&bounds, -FRAME_PADDING, -FRAME_PADDING);
      bounds.origin.y -= HEDDLE_CANVAS_GRID_STEP;
      bounds.size.height += HEDDLE_CANVAS_GRID_STEP;
    }
  else
    {
      get_insertion_point (self, &x, &y);
      graphene_rect_init (&bounds, x, y, FRAME_WIDTH, FRAME_HEIGHT);
    }
  add_annotation (self, HEDDLE_ANNOTATION_FRAME, _ ("Group"), &bounds);
}
