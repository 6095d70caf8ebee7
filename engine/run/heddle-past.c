/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-past-private.h"

#include "run/heddle-effects-private.h"
#include "value/heddle-json.h"

#include <string.h>

static void
entry_free (gpointer data)
{
  HeddlePastEntry *entry = data;

  heddle_past_entry_forget (entry);
  g_clear_pointer (&entry->effects, g_ptr_array_unref);
  g_clear_pointer (&entry->intents, g_array_unref);
  g_free (entry->scope);
  g_free (entry);
}

static guint
count_effects (const HeddlePastEntry *entry)
{
  return entry->effects != NULL ? entry->effects->len : 0;
}

void
heddle_past_entry_forget (HeddlePastEntry *entry)
{
  g_clear_pointer (&entry->node.data, json_node_unref);
  g_clear_pointer (&entry->start, heddle_event_unref);
  g_clear_pointer (&entry->end, heddle_event_unref);
  g_clear_pointer (&entry->intents, g_array_unref);
  entry->node = (HeddlePastNode){ .state = HEDDLE_PAST_UNFINISHED, .first_lost = count_effects (entry) };
  entry->begun = entry->running = FALSE;
}

static char *
make_key (const char *scope, const char *node)
{
  return g_strconcat (scope != NULL ? scope : "", "\n", node, NULL);
}

HeddlePastEntry *
heddle_past_ensure (HeddlePast *self, const char *scope, const char *node)
{
  g_autofree char *key = make_key (scope, node);
  HeddlePastEntry *entry = g_hash_table_lookup (self->entries, key);

  if (entry != NULL)
    return entry;
  entry = g_new0 (HeddlePastEntry, 1);
  entry->node.state = HEDDLE_PAST_UNFINISHED;
  entry->scope = g_strdup (scope != NULL ? scope : "");
  entry->id = g_intern_string (node);
  g_hash_table_insert (self->entries, g_steal_pointer (&key), entry);
  return entry;
}

static HeddlePastEntry *
find (HeddlePast *self, const char *scope, const char *node)
{
  g_autofree char *key = make_key (scope, node);

  return g_hash_table_lookup (self->entries, key);
}

static void
set_event (HeddleEvent **place, HeddleEvent *event)
{
  g_clear_pointer (place, heddle_event_unref);
  *place = heddle_event_ref (event);
}

static void
take_start (HeddlePast *self, HeddlePastEntry *entry, HeddleEvent *event)
{
  self->n_steps++;
  g_clear_pointer (&entry->node.data, json_node_unref);
  g_clear_pointer (&entry->end, heddle_event_unref);
  set_event (&entry->start, event);
  entry->node.n_lost += entry->running;
  entry->running = TRUE;
  entry->node.attempt = MAX (entry->node.attempt, MAX (event->attempt, 1));
  entry->node.time = event->time;
  entry->node.failed = entry->node.retrying = FALSE;
  /* Until it has ended nobody knows whether an earlier attempt had its effect. */
  entry->node.state = entry->intents != NULL ? HEDDLE_PAST_IN_DOUBT : HEDDLE_PAST_UNFINISHED;
}

static void
take_intent (HeddlePastEntry *entry, const HeddleEvent *event)
{
  if (entry->intents == NULL)
    entry->intents = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_array_append_val (entry->intents, event->span);
  entry->node.state = HEDDLE_PAST_IN_DOUBT;
  entry->node.attempt = MAX (entry->node.attempt, MAX (event->attempt, 1));
}

static void
drop_intents (HeddlePastEntry *entry)
{
  g_clear_pointer (&entry->intents, g_array_unref);
  if (entry->node.state == HEDDLE_PAST_IN_DOUBT)
    entry->node.state = HEDDLE_PAST_UNFINISHED;
}

/* A call of a tool has ended, so what it did is known. */
static void
drop_intents_of (HeddlePastEntry *entry, guint64 span)
{
  for (guint i = entry->intents != NULL ? entry->intents->len : 0; i > 0; i--)
    {
      if (g_array_index (entry->intents, guint64, i - 1) == span)
        g_array_remove_index (entry->intents, i - 1);
    }
  if (entry->intents != NULL && entry->intents->len == 0)
    drop_intents (entry);
}

/* What an attempt left behind when it failed is known, and another follows. */
static void
take_retry (HeddlePastEntry *entry, HeddleEvent *event)
{
  drop_intents (entry);
  entry->running = FALSE;
  entry->node.first_lost = count_effects (entry);
  entry->node.state = HEDDLE_PAST_UNFINISHED;
  entry->node.attempt = MAX (entry->node.attempt, MAX (event->attempt, 1));
  entry->node.retrying = TRUE;
  entry->node.retry_at = event->time + MAX (heddle_json_get_int (event->data, "delay", 0), 0) * 1000;
}

static void
take_end (HeddlePastEntry *entry, HeddleEvent *event, HeddlePastState state)
{
  g_clear_pointer (&entry->node.data, json_node_unref);
  drop_intents (entry);
  set_event (&entry->end, event);
  entry->node.state = state;
  entry->node.data = event->data != NULL ? json_node_ref (event->data) : NULL;
  entry->node.failed = event->kind == HEDDLE_EVENT_NODE_FAILED;
  entry->node.attempt = MAX (entry->node.attempt, MAX (event->attempt, 1));
  entry->node.retrying = entry->running = FALSE;
  entry->node.first_lost = count_effects (entry);
  entry->node.order = event->seq;
}

/* An end that says nothing is none: the node begins anew. */
static void
take_finish (HeddlePastEntry *entry, HeddleEvent *event)
{
  gboolean handled = event->kind == HEDDLE_EVENT_NODE_FINISHED || heddle_json_member (event->data, "handled") != NULL;
  JsonNode *result = heddle_json_member (event->data, "result");

  if (handled && result != NULL && JSON_NODE_HOLDS_OBJECT (result))
    take_end (entry, event, HEDDLE_PAST_FINISHED);
  else if (event->kind == HEDDLE_EVENT_NODE_FAILED && heddle_json_member (event->data, "error") != NULL)
    take_end (entry, event, HEDDLE_PAST_FAILED);
}

static void
take_cancel (HeddlePastEntry *entry, HeddleEvent *event)
{
  entry->node.retrying = FALSE;
  if (heddle_json_member (event->data, "by") != NULL)
    take_end (entry, event, HEDDLE_PAST_STOPPED);
}

/* A person said that what may have been done is to be done; nothing of it has begun since. */
static gboolean
tells_to_repeat (JsonNode *effect)
{
  return heddle_effect_is_doubt (effect) && strcmp (heddle_json_get_string (heddle_json_member (effect, "response"), "action", ""), "retry") == 0;
}

static void
take_effect (HeddlePastEntry *entry, const HeddleEvent *event)
{
  if (event->data == NULL)
    return;
  if (entry->effects == NULL)
    entry->effects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_ptr_array_add (entry->effects, json_node_ref (event->data));
  if (event->span != 0 && strcmp (heddle_json_get_string (event->data, "kind", ""), "call") == 0)
    drop_intents_of (entry, event->span);
  else if (tells_to_repeat (event->data))
    drop_intents (entry);
}

static void
take_node_event (HeddlePast *self, HeddleEvent *event)
{
  HeddlePastEntry *entry = heddle_past_ensure (self, event->scope, event->node);

  entry->begun |= event->kind != HEDDLE_EVENT_NODE_EFFECT;
  switch ((int) event->kind)
    {
    case HEDDLE_EVENT_NODE_STARTED:
      take_start (self, entry, event);
      break;
    case HEDDLE_EVENT_NODE_RETRY:
      take_retry (entry, event);
      break;
    case HEDDLE_EVENT_NODE_INTENT:
      take_intent (entry, event);
      break;
    case HEDDLE_EVENT_NODE_EFFECT:
      take_effect (entry, event);
      break;
    case HEDDLE_EVENT_NODE_SKIPPED:
      entry->node.state = HEDDLE_PAST_SKIPPED;
      break;
    case HEDDLE_EVENT_NODE_CANCELLED:
      take_cancel (entry, event);
      break;
    default:
      take_finish (entry, event);
      break;
    }
}

static gboolean
tells_of_node (const HeddleEvent *event)
{
  switch ((int) event->kind)
    {
    case HEDDLE_EVENT_NODE_STARTED:
    case HEDDLE_EVENT_NODE_RETRY:
    case HEDDLE_EVENT_NODE_INTENT:
    case HEDDLE_EVENT_NODE_EFFECT:
    case HEDDLE_EVENT_NODE_FINISHED:
    case HEDDLE_EVENT_NODE_FAILED:
    case HEDDLE_EVENT_NODE_SKIPPED:
    case HEDDLE_EVENT_NODE_CANCELLED:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
take_run_start (HeddlePast *self, JsonNode *data)
{
  JsonNode *input = heddle_json_member (data, "input");
  JsonNode *trigger = heddle_json_member (data, "trigger");

  if (self->input != NULL)
    return;
  self->input = input != NULL ? json_node_ref (input) : NULL;
  self->trigger = trigger != NULL ? json_node_ref (trigger) : NULL;
}

/* Whatever tells of the run as a whole says whether it stands before a node. */
static void
take_pause (HeddlePast *self, HeddleEvent *event)
{
  if (self->stood_since >= 0)
    self->stood += MAX (event->time - self->stood_since, 0);
  self->stood_since = event->kind == HEDDLE_EVENT_RUN_PAUSED && event->node != NULL ? event->time : -1;
}

static gboolean
tells_of_pause (const HeddleEvent *event)
{
  return event->kind == HEDDLE_EVENT_RUN_PAUSED || event->kind == HEDDLE_EVENT_RUN_UNPAUSED || event->kind == HEDDLE_EVENT_RUN_CONTINUED || event->kind == HEDDLE_EVENT_RUN_FINISHED;
}

static void
take_event (HeddlePast *self, HeddleEvent *event)
{
  self->last_seq = MAX (self->last_seq, event->seq);
  self->last_span = MAX (self->last_span, event->span);
  self->last_time = MAX (self->last_time, event->time);
  if (tells_of_pause (event))
    take_pause (self, event);
  if (event->kind == HEDDLE_EVENT_RUN_STARTED)
    take_run_start (self, event->data);
  else if (event->kind == HEDDLE_EVENT_RUN_CONTINUED)
    self->gone += MAX (heddle_json_get_int (event->data, "gone", 0), 0);
  else if (event->kind == HEDDLE_EVENT_NODE_EFFECT && event->node == NULL)
    take_effect (heddle_past_ensure (self, NULL, ""), event);
  else if (event->node != NULL && tells_of_node (event))
    take_node_event (self, event);
}

/* What was under way at the end went with its process too. */
static void
count_lost (HeddlePast *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    ((HeddlePastEntry *) value)->node.n_lost += ((HeddlePastEntry *) value)->running;
}

HeddlePast *
heddle_past_new (const char *run, GPtrArray *events)
{
  HeddlePast *self;

  g_return_val_if_fail (run != NULL && events != NULL, NULL);

  self = g_atomic_rc_box_new0 (HeddlePast);
  self->run = g_strdup (run);
  self->stood_since = -1;
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  for (guint i = 0; i < events->len; i++)
    take_event (self, g_ptr_array_index (events, i));
  count_lost (self);
  return self;
}

HeddlePast *
heddle_past_ref (HeddlePast *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  HeddlePast *self = data;

  g_free (self->run);
  g_clear_pointer (&self->input, json_node_unref);
  g_clear_pointer (&self->trigger, json_node_unref);
  g_clear_pointer (&self->inner, g_ptr_array_unref);
  g_hash_table_unref (self->entries);
}

void
heddle_past_unref (HeddlePast *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

const char *
heddle_past_get_run (HeddlePast *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->run;
}

JsonNode *
heddle_past_get_input (HeddlePast *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->input;
}

JsonNode *
heddle_past_get_trigger (HeddlePast *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->trigger;
}

guint64
heddle_past_get_last_seq (HeddlePast *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->last_seq;
}

guint64
heddle_past_get_last_span (HeddlePast *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->last_span;
}

gint64
heddle_past_get_last_time (HeddlePast *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->last_time;
}

gint64
heddle_past_get_gone (HeddlePast *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->gone;
}

gint64
heddle_past_get_stood (HeddlePast *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->stood + (self->stood_since >= 0 ? self->last_time - self->stood_since : 0);
}

guint
heddle_past_get_n_steps (HeddlePast *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_steps;
}

const HeddlePastNode *
heddle_past_find (HeddlePast *self, const char *scope, const char *node)
{
  const HeddlePastEntry *entry;

  g_return_val_if_fail (self != NULL && node != NULL, NULL);

  entry = find (self, scope, node);
  return entry != NULL && entry->begun ? &entry->node : NULL;
}

static int
compare_scopes (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(HeddlePastEntry *const *) a)->scope, (*(HeddlePastEntry *const *) b)->scope);
}

static GPtrArray *
list_inner (HeddlePast *self)
{
  GPtrArray *inner = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      HeddlePastEntry *entry = value;

      if (*entry->scope != '\0' && entry->node.state == HEDDLE_PAST_FINISHED)
        g_ptr_array_add (inner, entry);
    }
  g_ptr_array_sort (inner, compare_scopes);
  return inner;
}

/* The first whose scope is not before this one. */
static guint
find_scope (GPtrArray *inner, const char *scope)
{
  guint first = 0, end = inner->len;

  while (first < end)
    {
      guint middle = first + (end - first) / 2;
      const HeddlePastEntry *entry = g_ptr_array_index (inner, middle);

      if (strcmp (entry->scope, scope) < 0)
        first = middle + 1;
      else
        end = middle;
    }
  return first;
}

void
heddle_past_foreach_inner (HeddlePast *self, const char *scope, const char *container, void (*func) (const char *node, const HeddlePastNode *past, gpointer data), gpointer data)
{
  g_autofree char *begin = NULL;

  g_return_if_fail (self != NULL && container != NULL && func != NULL);

  if (self->inner == NULL)
    self->inner = list_inner (self);
  begin = g_strdup_printf ("%s%s%s#", scope != NULL ? scope : "", scope != NULL ? "/" : "", container);
  for (guint i = find_scope (self->inner, begin); i < self->inner->len; i++)
    {
      const HeddlePastEntry *entry = g_ptr_array_index (self->inner, i);

      if (!g_str_has_prefix (entry->scope, begin))
        return;
      func (entry->id, &entry->node, data);
    }
}

GPtrArray *
heddle_past_get_effects (HeddlePast *self, const char *scope, const char *node)
{
  const HeddlePastEntry *entry;

  g_return_val_if_fail (self != NULL, NULL);

  entry = find (self, scope, node != NULL ? node : "");
  return entry != NULL ? entry->effects : NULL;
}

/* The same event for another run, where its node did not run. */
static HeddleEvent *
copy_event (HeddleEvent *event, HeddlePastEntry *entry)
{
  HeddleEvent *copy = heddle_event_new (event->kind, entry->id);

  copy->scope = *entry->scope != '\0' ? g_ref_string_new (entry->scope) : NULL;
  copy->attempt = event->attempt;
  copy->data = event->data != NULL ? json_node_ref (event->data) : NULL;
  return copy;
}

static JsonNode *
add_source (JsonNode *data, const char *run)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonObject *source;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (data));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (object, name, json_node_ref (value));
  if (!json_object_has_member (object, "source"))
    {
      source = json_object_new ();
      json_object_set_string_member (source, "kind", "run");
      json_object_set_string_member (source, "run", run);
      json_object_set_member (object, "source", heddle_json_object (source));
    }
  return heddle_json_object (g_steal_pointer (&object));
}

static void
tell_taken (HeddlePast *self, HeddlePastEntry *entry, GPtrArray *events)
{
  HeddleEvent *end = copy_event (entry->end, entry);

  json_node_unref (end->data);
  end->data = add_source (entry->node.data, self->run);
  if (entry->start != NULL)
    g_ptr_array_add (events, copy_event (entry->start, entry));
  for (guint i = 0; entry->effects != NULL && i < entry->effects->len; i++)
    {
      HeddleEvent *effect = copy_event (entry->end, entry);

      effect->kind = HEDDLE_EVENT_NODE_EFFECT;
      json_node_unref (effect->data);
      effect->data = json_node_ref (g_ptr_array_index (entry->effects, i));
      g_ptr_array_add (events, effect);
    }
  g_ptr_array_add (events, end);
}

static int
compare_orders (gconstpointer a, gconstpointer b)
{
  const HeddlePastEntry *left = *(HeddlePastEntry *const *) a;
  const HeddlePastEntry *right = *(HeddlePastEntry *const *) b;

  if (left->node.order != right->node.order)
    return left->node.order < right->node.order ? -1 : 1;
  return strcmp (left->id, right->id);
}

GPtrArray *
heddle_past_list_taken (HeddlePast *self)
{
  GPtrArray *events;
  g_autoptr (GPtrArray) entries = NULL;
  GHashTableIter iter;
  gpointer value;

  g_return_val_if_fail (self != NULL, NULL);

  events = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_event_unref);
  entries = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      if (((HeddlePastEntry *) value)->node.state == HEDDLE_PAST_FINISHED)
        g_ptr_array_add (entries, value);
    }
  g_ptr_array_sort (entries, compare_orders);
  for (guint i = 0; i < entries->len; i++)
    tell_taken (self, g_ptr_array_index (entries, i), events);
  return events;
}
