/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/heddle-document-private.h"

#include <glib/gi18n-lib.h>

#include "value/heddle-json.h"

#define TYPING_PAUSE (G_USEC_PER_SEC)

struct _HeddleDocument
{
  GObject parent_instance;

  HeddleGraph *graph;
  HeddleHistory history;
  HeddleUndoStep *open; /* the step being made */
  GArray *starts;       /* guint: for each open group, how many edits there were before it */
  gint64 last_edit;     /* monotonic time of the last typing; 0: the next does not join */
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
  HISTORY_LOST,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleDocument, heddle_document, G_TYPE_OBJECT)

static void
heddle_document_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  HeddleDocument *self = HEDDLE_DOCUMENT (object);

  switch (property_id)
    {
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, !g_queue_is_empty (&self->history.done));
      break;
    case PROP_CAN_REDO:
      g_value_set_boolean (value, !g_queue_is_empty (&self->history.undone));
      break;
    case PROP_UNDO_LABEL:
      g_value_set_string (value, heddle_history_get_label (&self->history.done));
      break;
    case PROP_REDO_LABEL:
      g_value_set_string (value, heddle_history_get_label (&self->history.undone));
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

  heddle_history_clear (&self->history);
  g_clear_pointer (&self->open, heddle_undo_step_free);
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
  signals[HISTORY_LOST] = g_signal_new ("history-lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
heddle_document_init (HeddleDocument *self)
{
  heddle_history_init (&self->history);
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

  if (tell (told, heddle_history_get_label (steps)))
    g_object_notify_by_pspec (G_OBJECT (self), properties[label]);
  if (could != (*told != NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[can]);
}

static void
emit_changed (HeddleDocument *self, HeddleChange *change)
{
  g_object_freeze_notify (G_OBJECT (self));
  notify_label (self, &self->told_undo_label, &self->history.done, PROP_UNDO_LABEL, PROP_CAN_UNDO);
  notify_label (self, &self->told_redo_label, &self->history.undone, PROP_REDO_LABEL, PROP_CAN_REDO);
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

static void
commit (HeddleDocument *self, HeddleUndoStep *step)
{
  gint64 now = g_get_monotonic_time ();
  HeddleUndoStep *last = g_queue_peek_tail (&self->history.done);
  gboolean joins;
  g_autoptr (JsonNode) journal = NULL;
  g_autoptr (GPtrArray) edits = NULL;

  if (step->edits->len == 0)
    {
      heddle_undo_step_free (step);
      return;
    }

  step->time = g_get_real_time ();
  joins = step->is_typing && last != NULL && last->is_typing && self->last_edit != 0 &&
          now - self->last_edit < TYPING_PAUSE && g_queue_is_empty (&self->history.undone) && heddle_undo_step_can_join (last, step);
  self->last_edit = step->is_typing ? now : 0;
  journal = heddle_undo_step_to_json (step, "edit", joins);
  edits = g_ptr_array_ref (step->edits);
  heddle_history_add (&self->history, step, joins);
  emit_edits (self, edits, journal);
}

static void
begin (HeddleDocument *self, const char *label, gboolean is_typing)
{
  guint start;

  if (self->open == NULL)
    {
      self->open = heddle_undo_step_new (label);
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
  heddle_document_end_as_it_is (self);
}

void
heddle_document_end_as_it_is (HeddleDocument *self)
{
  g_array_set_size (self->starts, self->starts->len - 1);
  if (self->starts->len == 0)
    commit (self, g_steal_pointer (&self->open));
}

/* Undoes the edits of a step from the last one down to the given one. */
static void
revert (HeddleDocument *self, HeddleUndoStep *step, guint first)
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
    g_clear_pointer (&self->open, heddle_undo_step_free);
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

/* What does not fit, and all that leads there, can never be undone or redone: a damaged record, or a file that was changed by others. */
static void
forget (HeddleDocument *self, GQueue *steps, const char *message)
{
  JsonObject *entry = json_object_new ();
  g_autoptr (JsonNode) journal = NULL;
  g_autoptr (GPtrArray) edits = g_ptr_array_new ();

  json_object_set_member (entry, "op", heddle_json_string ("forget"));
  json_object_set_member (entry, "done", heddle_json_boolean (steps == &self->history.done));
  journal = heddle_json_object (entry);
  heddle_history_clear_steps (steps);
  emit_edits (self, edits, journal);
  g_signal_emit (self, signals[HISTORY_LOST], 0, message);
}

/* Moves the latest step of one queue to the other. */
static gboolean
move_step (HeddleDocument *self, GQueue *from, GQueue *to, const char *operation, const char *failure)
{
  gboolean backward = from == &self->history.done;
  HeddleUndoStep *step = g_queue_peek_tail (from);
  g_autoptr (GPtrArray) edits = NULL;
  g_autoptr (JsonNode) journal = NULL;

  if (step == NULL || self->open != NULL)
    return FALSE;
  if (!heddle_undo_step_apply (step, self->graph, backward, NULL))
    {
      forget (self, from, failure);
      return FALSE;
    }
  g_queue_push_tail (to, g_queue_pop_tail (from));
  self->last_edit = 0;
  edits = g_ptr_array_ref (step->edits);
  journal = heddle_undo_step_to_json (step, operation, FALSE);
  emit_edits (self, edits, journal);
  return TRUE;
}

gboolean
heddle_document_undo (HeddleDocument *self)
{
  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), FALSE);

  return move_step (self, &self->history.done, &self->history.undone, "undo",
                    _ ("This step does not fit the workflow as it is now, so it and those before it cannot be undone. The versions in the history can."));
}

gboolean
heddle_document_redo (HeddleDocument *self)
{
  g_return_val_if_fail (HEDDLE_IS_DOCUMENT (self), FALSE);

  return move_step (self, &self->history.undone, &self->history.done, "redo",
                    _ ("This step does not fit the workflow as it is now, so it and those after it cannot be redone."));
}

HeddleHistory *
heddle_document_get_history (HeddleDocument *self)
{
  return &self->history;
}

gboolean
heddle_document_is_open (HeddleDocument *self)
{
  return self->open != NULL;
}

void
heddle_document_emit_reset (HeddleDocument *self)
{
  HeddleChange change = { .flags = HEDDLE_CHANGE_ALL };

  self->last_edit = 0;
  emit_changed (self, &change);
}
