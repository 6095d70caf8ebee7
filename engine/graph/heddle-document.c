/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "value/heddle-json.h"

#define MAX_STEPS 1000
#define TYPING_PAUSE (G_USEC_PER_SEC)

/* One undo step. */
typedef struct
{
  char *label;
  GPtrArray *edits; /* HeddleEdit* */
  gboolean is_typing;
} Step;

struct _HeddleDocument
{
  GObject parent_instance;

  HeddleGraph *graph;
  GQueue undo; /* Step*, the latest at the tail */
  GQueue redo;
  Step *open;       /* the step being made */
  GArray *starts;   /* guint: for each open group, how many edits there were before it */
  gint64 last_edit; /* monotonic time of the last typing; 0: the next does not join */
  char *lent_id;

  /* What the properties were when they were last notified. */
  char *told_undo_label;
  char *told_redo_label;
  char *told_name;
};

enum
{
  PROP_0,
  PROP_CAN_UNDO,
  PROP_CAN_REDO,
  PROP_UNDO_LABEL,
  PROP_REDO_LABEL,
  PROP_NAME,
  N_PROPS
};

enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleDocument, heddle_document, G_TYPE_OBJECT)

static Step *
step_new (const char *label)
{
  Step *step = g_new0 (Step, 1);

  step->label = g_strdup (label);
  step->edits = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_edit_free);
  return step;
}

static void
step_free (Step *step)
{
  g_free (step->label);
  g_ptr_array_unref (step->edits);
  g_free (step);
}

static void
clear_steps (GQueue *steps)
{
  g_queue_clear_full (steps, (GDestroyNotify) step_free);
}

static const char *
get_label (GQueue *steps)
{
  Step *step = g_queue_peek_tail (steps);

  return step != NULL ? step->label : NULL;
}

static void
heddle_document_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  HeddleDocument *self = HEDDLE_DOCUMENT (object);

  switch (property_id)
    {
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, !g_queue_is_empty (&self->undo));
      break;
    case PROP_CAN_REDO:
      g_value_set_boolean (value, !g_queue_is_empty (&self->redo));
      break;
    case PROP_UNDO_LABEL:
      g_value_set_string (value, get_label (&self->undo));
      break;
    case PROP_REDO_LABEL:
      g_value_set_string (value, get_label (&self->redo));
      break;
    case PROP_NAME:
      g_value_set_string (value, heddle_graph_get_name (self->graph));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
heddle_document_finalize (GObject *object)
{
  HeddleDocument *self = HEDDLE_DOCUMENT (object);

  clear_steps (&self->undo);
  clear_steps (&self->redo);
  g_clear_pointer (&self->open, step_free);
  g_array_unref (self->starts);
  g_clear_object (&self->graph);
  g_free (self->lent_id);
  g_free (self->told_undo_label);
  g_free (self->told_redo_label);
  g_free (self->told_name);

  G_OBJECT_CLASS (heddle_document_parent_class)->finalize (object);
}

static void
heddle_document_class_init (HeddleDocumentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = heddle_document_get_property;
  object_class->finalize = heddle_document_finalize;

  properties[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_REDO] = g_param_spec_boolean ("can-redo", NULL, NULL, FALSE, flags);
  properties[PROP_UNDO_LABEL] = g_param_spec_string ("undo-label", NULL, NULL, NULL, flags);
  properties[PROP_REDO_LABEL] = g_param_spec_string ("redo-label", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
heddle_document_init (HeddleDocument *self)
{
  g_queue_init (&self->undo);
  g_queue_init (&self->redo);
  self->starts = g_array_new (FALSE, FALSE, sizeof (guint));
}

HeddleDocument *
heddle_document_new (HeddleGraph *graph)
{
  HeddleDocument *self;

  g_return_val_if_fail (graph == NULL || HEDDLE_IS_GRAPH (graph), NULL);

  self = g_object_new (HEDDLE_TYPE_DOCUMENT, NULL);
  self->graph = graph != NULL ? g_object_ref (graph) : heddle_graph_new ();
  self->told_name = g_strdup (heddle_graph_get_name (self->graph));
  return self;
}

HeddleGraph *
heddle_document_get_graph (HeddleDocument *self)
{
  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), NULL);

  return self->graph;
}

const char *
heddle_document_lend_id (HeddleDocument *self, char *id)
{
  g_free (self->lent_id);
  self->lent_id = id;
  return id;
}

/* Whether the text differs from the one told before, which it becomes. */
static gboolean
tell (char **told, const char *text)
{
  char *copy;

  if (g_strcmp0 (*told, text) == 0)
    return FALSE;
  copy = g_strdup (text);
  g_free (*told);
  *told = copy;
  return TRUE;
}

static void
notify_label (HeddleDocument *self, char **told, GQueue *steps, guint label, guint can)
{
  gboolean could = *told != NULL;

  if (tell (told, get_label (steps)))
    g_object_notify_by_pspec (G_OBJECT (self), properties[label]);
  if (could != (*told != NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[can]);
}

static void
emit_changed (HeddleDocument *self, HeddleChange *change)
{
  g_object_freeze_notify (G_OBJECT (self));
  notify_label (self, &self->told_undo_label, &self->undo, PROP_UNDO_LABEL, PROP_CAN_UNDO);
  notify_label (self, &self->told_redo_label, &self->redo, PROP_REDO_LABEL, PROP_CAN_REDO);
  if (tell (&self->told_name, heddle_graph_get_name (self->graph)))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, signals[CHANGED], 0, change);
}

static void
emit_edits (HeddleDocument *self, GPtrArray *edits, JsonNode *journal)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) nodes = NULL;
  HeddleChange change = { .edits = journal };
  GHashTableIter iter;
  gpointer id;

  for (guint i = 0; i < edits->len; i++)
    {
      change.flags |= heddle_edit_get_flags (g_ptr_array_index (edits, i));
      heddle_edit_collect_ids (g_ptr_array_index (edits, i), ids);
    }
  nodes = g_ptr_array_sized_new (g_hash_table_size (ids));
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_ptr_array_add (nodes, id);
  change.nodes = nodes;
  emit_changed (self, &change);
}

/* An undo says what it undid: the step may be older than the journal, which begins at the last save. */
static JsonNode *
step_to_json (Step *step, const char *operation, gboolean joins)
{
  JsonObject *object = json_object_new ();
  JsonArray *edits = json_array_sized_new (step->edits->len);

  for (guint i = 0; i < step->edits->len; i++)
    json_array_add_element (edits, heddle_edit_to_json (g_ptr_array_index (step->edits, i)));
  json_object_set_member (object, "op", heddle_json_string (operation));
  json_object_set_member (object, "label", heddle_json_string (step->label));
  if (joins)
    json_object_set_member (object, "joins", heddle_json_boolean (TRUE));
  json_object_set_member (object, "edits", heddle_json_array (edits));
  return heddle_json_object (object);
}

static gboolean
can_join (Step *step, Step *later)
{
  if (step == NULL || step->edits->len != later->edits->len)
    return FALSE;
  for (guint i = 0; i < step->edits->len; i++)
    {
      if (!heddle_edit_can_merge (g_ptr_array_index (step->edits, i), g_ptr_array_index (later->edits, i)))
        return FALSE;
    }
  return TRUE;
}

static void
join (HeddleDocument *self, Step *later)
{
  Step *step = g_queue_peek_tail (&self->undo);
  gboolean is_nothing = TRUE;

  for (guint i = 0; i < step->edits->len; i++)
    {
      HeddleEdit *edit = g_ptr_array_index (step->edits, i);

      heddle_edit_merge (edit, g_ptr_array_index (later->edits, i));
      is_nothing = is_nothing && heddle_edit_is_nothing (edit);
    }
  if (is_nothing)
    step_free (g_queue_pop_tail (&self->undo));
}

/* Puts a finished, applied step into the history; the caller keeps it when it joined the one before. */
static void
record (HeddleDocument *self, Step *step, gboolean joins)
{
  clear_steps (&self->redo);
  if (joins)
    {
      join (self, step);
      step_free (step);
      return;
    }
  g_queue_push_tail (&self->undo, step);
  if (g_queue_get_length (&self->undo) > MAX_STEPS)
    step_free (g_queue_pop_head (&self->undo));
}

static void
commit (HeddleDocument *self, Step *step)
{
  gint64 now = g_get_monotonic_time ();
  Step *last = g_queue_peek_tail (&self->undo);
  gboolean joins;
  g_autoptr (JsonNode) journal = NULL;
  g_autoptr (GPtrArray) edits = NULL;

  if (step->edits->len == 0)
    {
      step_free (step);
      return;
    }

  joins = step->is_typing && last != NULL && last->is_typing && self->last_edit != 0 &&
          now - self->last_edit < TYPING_PAUSE && g_queue_is_empty (&self->redo) && can_join (last, step);
  self->last_edit = step->is_typing ? now : 0;
  journal = step_to_json (step, "edit", joins);
  edits = g_ptr_array_ref (step->edits);
  record (self, step, joins);
  emit_edits (self, edits, journal);
}

static void
begin (HeddleDocument *self, const char *label, gboolean is_typing)
{
  guint start;

  if (self->open == NULL)
    {
      self->open = step_new (label);
      self->open->is_typing = is_typing;
    }
  start = self->open->edits->len;
  g_array_append_val (self->starts, start);
}

void
heddle_document_begin (HeddleDocument *self, const char *label)
{
  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (label != NULL);

  begin (self, label, FALSE);
}

void
heddle_document_begin_typing (HeddleDocument *self, const char *label)
{
  begin (self, label, TRUE);
}

void
heddle_document_end (HeddleDocument *self)
{
  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (self->starts->len > 0);

  if (self->starts->len == 1)
    heddle_document_fit_frames (self, self->open->edits);
  g_array_set_size (self->starts, self->starts->len - 1);
  if (self->starts->len == 0)
    commit (self, g_steal_pointer (&self->open));
}

/* Undoes the edits of a step from the last one down to the given one. */
static void
revert (HeddleDocument *self, Step *step, guint first)
{
  for (guint i = step->edits->len; i > first; i--)
    {
      if (!heddle_edit_apply (g_ptr_array_index (step->edits, i - 1), self->graph, TRUE, NULL))
        g_assert_not_reached ();
    }
}

void
heddle_document_abort (HeddleDocument *self)
{
  guint start;

  g_return_if_fail (HEDDLE_IS_DOCUMENT (self));
  g_return_if_fail (self->starts->len > 0);

  start = g_array_index (self->starts, guint, self->starts->len - 1);
  g_array_set_size (self->starts, self->starts->len - 1);
  revert (self, self->open, start);
  g_ptr_array_set_size (self->open->edits, (int) start);
  if (self->starts->len == 0)
    g_clear_pointer (&self->open, step_free);
}

void
heddle_document_apply (HeddleDocument *self, HeddleEdit *edit)
{
  g_autoptr (GError) error = NULL;

  g_assert (self->open != NULL);

  if (!heddle_edit_apply (edit, self->graph, FALSE, &error))
    g_error ("An edit does not fit its own graph: %s", error->message);
  g_ptr_array_add (self->open->edits, edit);
}

static gboolean
undo_step (HeddleDocument *self)
{
  Step *step = g_queue_pop_tail (&self->undo);

  if (step == NULL)
    return FALSE;
  revert (self, step, 0);
  g_queue_push_tail (&self->redo, step);
  self->last_edit = 0;
  return TRUE;
}

static gboolean
redo_step (HeddleDocument *self)
{
  Step *step = g_queue_pop_tail (&self->redo);

  if (step == NULL)
    return FALSE;
  for (guint i = 0; i < step->edits->len; i++)
    {
      if (!heddle_edit_apply (g_ptr_array_index (step->edits, i), self->graph, FALSE, NULL))
        g_assert_not_reached ();
    }
  g_queue_push_tail (&self->undo, step);
  self->last_edit = 0;
  return TRUE;
}

/* Emits for the step that was just moved from one queue to the other. */
static void
emit_moved (HeddleDocument *self, GQueue *queue, const char *operation)
{
  Step *step = g_queue_peek_tail (queue);
  g_autoptr (GPtrArray) edits = g_ptr_array_ref (step->edits);
  g_autoptr (JsonNode) journal = step_to_json (step, operation, FALSE);

  emit_edits (self, edits, journal);
}

gboolean
heddle_document_undo (HeddleDocument *self)
{
  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), FALSE);

  if (self->open != NULL || !undo_step (self))
    return FALSE;
  emit_moved (self, &self->redo, "undo");
  return TRUE;
}

gboolean
heddle_document_redo (HeddleDocument *self)
{
  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), FALSE);

  if (self->open != NULL || !redo_step (self))
    return FALSE;
  emit_moved (self, &self->undo, "redo");
  return TRUE;
}

static gboolean
fail_journal (GError **error)
{
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID,
               _ ("The record of edits is damaged. The workflow is restored up to the damaged entry."));
  return FALSE;
}

static Step *
step_new_from_json (JsonNode *entry, GError **error)
{
  JsonArray *edits = heddle_json_get_array (entry, "edits");
  guint length = edits != NULL ? json_array_get_length (edits) : 0;
  Step *step = step_new (heddle_json_get_string (entry, "label", ""));

  for (guint i = 0; i < length; i++)
    {
      HeddleEdit *edit = heddle_edit_new_from_json (json_array_get_element (edits, i), error);

      if (edit == NULL)
        {
          step_free (step);
          return NULL;
        }
      g_ptr_array_add (step->edits, edit);
    }
  if (length > 0)
    return step;
  step_free (step);
  fail_journal (error);
  return NULL;
}

/* All of a step or nothing. */
static gboolean
apply_step (HeddleDocument *self, Step *step, gboolean backward, GError **error)
{
  guint length = step->edits->len;

  for (guint i = 0; i < length; i++)
    {
      if (heddle_edit_apply (g_ptr_array_index (step->edits, backward ? length - 1 - i : i), self->graph, backward, error))
        continue;
      while (i-- > 0)
        heddle_edit_apply (g_ptr_array_index (step->edits, backward ? length - 1 - i : i), self->graph, !backward, NULL);
      return FALSE;
    }
  return TRUE;
}

/* The step as the entry tells it; what of it came after the last save is in the queue and goes. */
static gboolean
replay_moved (Step *step, GQueue *from, GQueue *to)
{
  Step *known = g_queue_pop_tail (from);

  g_clear_pointer (&known, step_free);
  g_queue_push_tail (to, step);
  return TRUE;
}

static gboolean
replay_entry (HeddleDocument *self, JsonNode *entry, GError **error)
{
  const char *operation = heddle_json_get_string (entry, "op", "");
  gboolean is_undo = strcmp (operation, "undo") == 0;
  gboolean is_redo = strcmp (operation, "redo") == 0;
  Step *step;

  if (!is_undo && !is_redo && strcmp (operation, "edit") != 0)
    return fail_journal (error);
  step = step_new_from_json (entry, error);
  if (step == NULL || !apply_step (self, step, is_undo, error))
    {
      g_clear_pointer (&step, step_free);
      return FALSE;
    }
  if (is_undo)
    return replay_moved (step, &self->undo, &self->redo);
  if (is_redo)
    return replay_moved (step, &self->redo, &self->undo);
  record (self, step, heddle_json_get_boolean (entry, "joins", FALSE) && can_join (g_queue_peek_tail (&self->undo), step));
  return TRUE;
}

gboolean
heddle_document_replay (HeddleDocument *self, JsonNode *edits, GError **error)
{
  HeddleChange change = { .flags = HEDDLE_CHANGE_ALL };
  JsonArray *entries;
  gboolean ok = TRUE;

  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), FALSE);
  g_return_val_if_fail (edits != NULL, FALSE);
  g_return_val_if_fail (self->open == NULL, FALSE);

  if (JSON_NODE_HOLDS_ARRAY (edits))
    {
      entries = json_node_get_array (edits);
      for (guint i = 0; ok && i < json_array_get_length (entries); i++)
        ok = replay_entry (self, json_array_get_element (entries, i), error);
    }
  else
    {
      ok = replay_entry (self, edits, error);
    }
  self->last_edit = 0;
  emit_changed (self, &change);
  return ok;
}
