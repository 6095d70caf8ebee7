/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

/*
 * Workflows that are dropped or pasted as files or as text. A part of one is inserted; of a whole one the person chooses
 * whether it is inserted or opened. What is of another tool, or no workflow at all, is said to be so.
 */
#define MAX_SIZE (64 * 1024 * 1024) /* bytes of a file */
#define GAP 48                      /* between several that are inserted, in canvas units */

typedef enum
{
  NOTHING,
  PART,
  WHOLE,
} Kind;

/* The files of one drop, until all are read. */
typedef struct
{
  HeddleCanvas *canvas;
  GPtrArray *texts; /* those read so far */
  GString *said;    /* what is to be told about them */
  guint n_left;
  double x, y;
} Drop;

static void
drop_free (Drop *drop)
{
  g_object_unref (drop->canvas);
  g_ptr_array_unref (drop->texts);
  g_string_free (drop->said, TRUE);
  g_free (drop);
}

static Kind
get_kind (const char *text)
{
  g_autoptr (JsonNode) json = heddle_json_parse (text, -1, NULL);
  JsonObject *object;

  if (json == NULL || !JSON_NODE_HOLDS_OBJECT (json) || !json_object_has_member (json_node_get_object (json), "format"))
    return NOTHING;
  object = json_node_get_object (json);
  return json_object_has_member (object, "id") || json_object_has_member (object, "name") ? WHOLE : PART;
}

gboolean
heddle_canvas_is_part (const char *text)
{
  return get_kind (text) == PART;
}

/* name: what the file is called; NULL: it is text. */
static char *
dup_no_workflow (const char *text, const char *name)
{
  const char *tool = heddle_foreign_name_stranger (text);

  if (tool != NULL)
    return g_strdup_printf (_ ("This is a workflow of %s, which cannot be read here. Build it anew with the nodes in the palette."), tool);
  if (name != NULL)
    return g_strdup_printf (_ ("“%s” is no workflow. Drop a file that was exported as JSON."), name);
  return g_strdup (_ ("This text is no workflow. Copy some nodes, or the text of an exported workflow."));
}

/* As a workflow of ours. NULL: why not, as a sentence in said; else what is to be told about it, or NULL. */
static char *
dup_ours (const char *text, const char *name, char **said)
{
  g_autoptr (HeddleForeignWorkflow) foreign = NULL;
  g_autoptr (HeddleGraph) graph = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *ours = heddle_foreign_to_ours (text, -1, &foreign, &error);

  *said = NULL;
  if (ours != NULL && get_kind (ours) == NOTHING)
    {
      *said = dup_no_workflow (text, name);
      return NULL;
    }
  graph = ours != NULL ? heddle_graph_new_from_json (ours, -1, &error) : NULL;
  if (graph == NULL)
    *said = g_strdup (error->message);
  else if (foreign != NULL)
    *said = heddle_foreign_workflow_describe (foreign);
  return graph != NULL ? g_steal_pointer (&ours) : NULL;
}

/* One below the other, as one step. */
static void
insert_all (HeddleCanvas *self, GPtrArray *texts, double x, double y)
{
  HeddleCanvasAddition part = { .label = _ ("Insert Workflow"), .x = x, .y = y, .nest = heddle_canvas_scene_pick_container (self->scene, x, y) };

  heddle_document_begin (self->document, part.label);
  for (guint i = 0; i < texts->len; i++)
    {
      HeddleCanvasPlace place = { 0 };

      part.text = texts->pdata[i];
      heddle_canvas_add (self, &part);
      heddle_canvas_place_measure (&place, part.text);
      part.y += place.height + GAP;
    }
  heddle_document_end (self->document);
}

void
heddle_canvas_insert_offered (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) texts = g_steal_pointer (&self->offered);

  if (texts != NULL && self->document != NULL)
    insert_all (self, texts, self->offered_x, self->offered_y);
}

void
heddle_canvas_open_offered (HeddleCanvas *self)
{
  g_autoptr (GPtrArray) texts = g_steal_pointer (&self->offered);

  for (guint i = 0; texts != NULL && i < texts->len; i++)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.import-text", "s", texts->pdata[i]);
}

/* Takes the texts. */
static void
offer (HeddleCanvas *self, GPtrArray *texts, double x, double y)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autofree char *open = g_strdup_printf (ngettext ("_Open as a New Workflow", "_Open as %u New Workflows", texts->len), texts->len);
  double offset_x, offset_y;
  GtkWidget *popover;

  g_clear_pointer (&self->offered, g_ptr_array_unref);
  self->offered = texts;
  self->offered_x = x;
  self->offered_y = y;
  g_menu_append (menu, _ ("_Insert Here"), "canvas.insert-offered");
  g_menu_append (menu, open, "canvas.open-offered");
  popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  heddle_canvas_get_render_offset (self, &offset_x, &offset_y);
  heddle_canvas_show_popover (self, popover, &GRAPHENE_RECT_INIT (offset_x + x * self->zoom, offset_y + y * self->zoom, 1, 1));
}

/* x, y: in the world. Takes the texts, all of them workflows. */
static void
take_workflows (HeddleCanvas *self, GPtrArray *texts, double x, double y)
{
  g_autoptr (GPtrArray) owned = texts;
  gboolean has_whole = FALSE;

  if (texts->len == 0 || self->document == NULL)
    return;
  for (guint i = 0; i < texts->len; i++)
    has_whole = has_whole || get_kind (texts->pdata[i]) == WHOLE;
  if (has_whole)
    offer (self, g_steal_pointer (&owned), x, y);
  else
    insert_all (self, texts, x, y);
}

gboolean
heddle_canvas_offer_text (HeddleCanvas *self, const char *text, double x, double y)
{
  g_autofree char *said = NULL;
  char *ours = dup_ours (text, NULL, &said);
  GPtrArray *texts;

  if (said != NULL)
    heddle_canvas_emit_message (self, said);
  if (ours == NULL)
    return FALSE;
  texts = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (texts, ours);
  take_workflows (self, texts, x, y);
  return TRUE;
}

static void
end_drop (Drop *drop)
{
  if (drop->said->len > 0)
    heddle_canvas_emit_message (drop->canvas, drop->said->str);
  take_workflows (drop->canvas, g_ptr_array_ref (drop->texts), drop->x, drop->y);
  drop_free (drop);
}

/* Takes the sentence, which may be NULL. */
static void
say (Drop *drop, char *sentence)
{
  if (sentence != NULL)
    g_string_append_printf (drop->said, "%s%s", drop->said->len > 0 ? " " : "", sentence);
  g_free (sentence);
}

static void
take_file (Drop *drop, GFile *file, const char *text, gsize length, const GError *error)
{
  g_autofree char *name = g_file_get_basename (file);
  char *said = NULL;
  char *ours = NULL;

  if (text == NULL)
    said = g_strdup_printf (_ ("%s could not be read: %s"), name, error->message);
  else if (length >= MAX_SIZE || !g_utf8_validate_len (text, length, NULL))
    said = dup_no_workflow ("", name);
  else
    ours = dup_ours (text, name, &said);
  say (drop, said);
  if (ours != NULL)
    g_ptr_array_add (drop->texts, ours);
}

static void
file_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Drop *drop = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_load_partial_contents_finish (G_FILE (source), result, &text, &length, NULL, &error))
    text = NULL;
  take_file (drop, G_FILE (source), text, length, error);
  if (--drop->n_left == 0)
    end_drop (drop);
}

/* A video that somebody dropped by mistake is not read to its end. */
static gboolean
wants_more (const char *contents, goffset size, gpointer data)
{
  return size < MAX_SIZE;
}

gboolean
heddle_canvas_offer_files (HeddleCanvas *self, GSList *files, double x, double y)
{
  Drop *drop;

  if (files == NULL || self->document == NULL)
    return FALSE;
  drop = g_new0 (Drop, 1);
  drop->canvas = g_object_ref (self);
  drop->texts = g_ptr_array_new_with_free_func (g_free);
  drop->said = g_string_new (NULL);
  drop->n_left = g_slist_length (files);
  drop->x = x;
  drop->y = y;
  for (GSList *file = files; file != NULL; file = file->next)
    g_file_load_partial_contents_async (file->data, NULL, wants_more, file_read_cb, drop);
  return TRUE;
}
