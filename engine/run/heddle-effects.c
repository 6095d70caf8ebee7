/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/heddle-effects-private.h"

#include "heddle-error.h"
#include "run/heddle-node-run-private.h"
#include "run/heddle-past.h"
#include "run/heddle-run-private.h"
#include "value/heddle-json.h"

#include <string.h>

/*
 * Answers come from a record in two cases. A replay has nothing else: what is not in it is an error, and its own record is made anew. A run that goes on
 * takes what attempts that went with their process had been answered, which its log has already, and asks the world for the rest.
 */

/* An answer that a node waits for. */
typedef struct
{
  HeddleNodeRun *root; /* borrowed: it ends before it goes */
  char *kind;
  JsonNode *request;
} Pending;

/* What became of the effects of one node in one scope. */
typedef struct
{
  guint n_calls;
  GPtrArray *recorded; /* of the past, borrowed; or NULL */
  gboolean *used;      /* which of them answered already, or are not to */
} Node;

struct _HeddleEffects
{
  HeddlePast *past;    /* that answers; NULL: the world does */
  HeddlePast *resumed; /* of the run that goes on; or NULL */
  GHashTable *live;    /* ids of the steps whose effects are real all the same; or NULL */
  GHashTable *nodes;   /* "scope/node" → Node */
  GPtrArray *pending;  /* of Pending, in the order they began */
  GHashTable *called;  /* ids of the runs that were gone on with; or NULL */
};

static void
pending_free (gpointer data)
{
  Pending *pending = data;

  g_free (pending->kind);
  json_node_unref (pending->request);
  g_free (pending);
}

static void
node_free (gpointer data)
{
  Node *node = data;

  g_free (node->used);
  g_free (node);
}

static gboolean
contains_any (HeddlePlan *plan, GArray *steps, GHashTable *ids)
{
  for (guint i = 0; i < steps->len; i++)
    {
      if (g_hash_table_contains (ids, heddle_plan_get_step (plan, g_array_index (steps, guint, i))->id))
        return TRUE;
    }
  return FALSE;
}

static gboolean
follows (HeddlePlan *plan, const HeddleStep *step, GHashTable *ids)
{
  for (guint i = 0; i < step->in_edges->len; i++)
    {
      const HeddlePlanEdge *edge = heddle_plan_get_edge (plan, g_array_index (step->in_edges, guint, i));

      if (g_hash_table_contains (ids, heddle_plan_get_step (plan, edge->from)->id))
        return TRUE;
    }
  return contains_any (plan, step->reads, ids) || contains_any (plan, step->tools, ids);
}

static void collect_live (HeddlePlan *plan, const char *id, GHashTable *live); /* recursive, as deep as containers are */

static void
add_all (HeddlePlan *plan, GHashTable *live)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (plan); i++)
    collect_live (plan, heddle_plan_get_step (plan, i)->id, live);
}

/* A body that the node is in comes after it in part; that of a circle, which goes on with another round, and that of a container behind it as a whole. */
static void
add_live (const HeddleStep *step, const char *id, GHashTable *live, gboolean is_around)
{
  g_hash_table_add (live, g_strdup (step->id));
  if (step->body == NULL)
    return;
  if (is_around && step->max_rounds == 0)
    collect_live (step->body, id, live);
  else
    add_all (step->body, live);
}

/* The steps that come after one, and it: by edges, and by expressions that read them. Steps are in topological order. */
static void
collect_live (HeddlePlan *plan, const char *id, GHashTable *live)
{
  for (guint i = 0; i < heddle_plan_get_n_steps (plan); i++)
    {
      const HeddleStep *step = heddle_plan_get_step (plan, i);
      gboolean is_live = g_str_equal (step->id, id) || follows (plan, step, live);
      gboolean is_around = !is_live && step->body != NULL && heddle_plan_contains (step->body, id);

      if (is_live || is_around)
        add_live (step, id, live, is_around);
    }
}

static GHashTable *
list_live (HeddlePlan *plan, const char *id)
{
  GHashTable *live = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  collect_live (plan, id, live);
  return live;
}

HeddleEffects *
heddle_effects_new (HeddlePlan *plan, const HeddleRunOptions *options)
{
  HeddleEffects *self = g_new0 (HeddleEffects, 1);

  self->nodes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, node_free);
  self->pending = g_ptr_array_new_with_free_func (pending_free);
  if (options != NULL && options->resume && !options->replay && options->past != NULL)
    self->resumed = heddle_past_ref (options->past);
  if (options == NULL || !options->replay || options->past == NULL)
    return self;
  self->past = heddle_past_ref (options->past);
  self->live = options->live != NULL ? list_live (plan, options->live) : NULL;
  return self;
}

void
heddle_effects_free (HeddleEffects *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->past, heddle_past_unref);
  g_clear_pointer (&self->resumed, heddle_past_unref);
  g_clear_pointer (&self->live, g_hash_table_unref);
  g_hash_table_unref (self->nodes);
  g_ptr_array_unref (self->pending);
  g_clear_pointer (&self->called, g_hash_table_unref);
  g_free (self);
}

gboolean
heddle_effects_take_called (HeddleEffects *self, const char *run)
{
  if (self->called == NULL)
    self->called = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return g_hash_table_add (self->called, g_strdup (run));
}

gboolean
heddle_effects_is_replayed (HeddleEffects *self, const HeddleStep *step)
{
  return self->past != NULL && (self->live == NULL || !g_hash_table_contains (self->live, step->id));
}

static HeddleEffects *
get_effects (HeddleNodeRun *root)
{
  return heddle_run_get_effects (root->run);
}

static gboolean
is_of_kind (JsonNode *effect, const char *kind)
{
  return strcmp (heddle_json_get_string (effect, "kind", ""), kind) == 0;
}

gboolean
heddle_effect_is_doubt (JsonNode *effect)
{
  return is_of_kind (effect, "question") && strcmp (heddle_json_get_string (heddle_json_member (effect, "request"), "kind", ""), "in-doubt") == 0;
}

/* Attempts that ended are over, and whether something was done is asked each time that it is not known. */
static void
take_lost (Node *node, const HeddlePastNode *past)
{
  for (guint i = 0; node->recorded != NULL && i < node->recorded->len; i++)
    node->used[i] = past == NULL || i < past->first_lost || heddle_effect_is_doubt (g_ptr_array_index (node->recorded, i));
  node->n_calls = node->recorded != NULL ? node->recorded->len : 0;
}

static char *
make_key (HeddleNodeRun *root)
{
  const char *scope = root->scope_run->path;

  return g_strdup_printf ("%s/%s", scope != NULL ? scope : "", root->step->id);
}

static Node *
ensure_node (HeddleEffects *self, HeddleNodeRun *root)
{
  HeddlePast *past = self->past != NULL ? self->past : self->resumed;
  const char *scope = root->scope_run->path;
  g_autofree char *key = make_key (root);
  Node *node = g_hash_table_lookup (self->nodes, key);

  if (node != NULL)
    return node;
  node = g_new0 (Node, 1);
  node->recorded = past != NULL ? heddle_past_get_effects (past, scope, root->step->id) : NULL;
  node->used = node->recorded != NULL ? g_new0 (gboolean, node->recorded->len) : NULL;
  if (self->resumed != NULL)
    take_lost (node, heddle_past_find (self->resumed, scope, root->step->id));
  g_hash_table_insert (self->nodes, g_steal_pointer (&key), node);
  return node;
}

static JsonNode *
get_nth (Node *node, guint n)
{
  return g_ptr_array_index (node->recorded, n);
}

/* The first of the kind that has not answered yet, to this request or (NULL) to any. */
static JsonNode *
find_recorded (Node *node, const char *kind, JsonNode *request, gboolean take)
{
  for (guint i = 0; node->recorded != NULL && i < node->recorded->len; i++)
    {
      JsonNode *effect = get_nth (node, i);
      JsonNode *recorded = heddle_json_member (effect, "request");

      if (node->used[i] || !is_of_kind (effect, kind) || recorded == NULL || (request != NULL && !heddle_json_equal (recorded, request)))
        continue;
      node->used[i] = node->used[i] || take;
      return effect;
    }
  return NULL;
}

static guint
count_used (Node *node, const char *kind)
{
  guint n_used = 0;

  for (guint i = 0; node->recorded != NULL && i < node->recorded->len; i++)
    n_used += node->used[i] && is_of_kind (get_nth (node, i), kind);
  return n_used;
}

/* Why there is no answer to this. */
static GError *
make_divergence (Node *node, HeddleNodeRun *root, const char *kind, JsonNode *request)
{
  JsonNode *nearest = find_recorded (node, kind, NULL, FALSE);
  guint n_used = count_used (node, kind);
  g_autofree char *hint = NULL;
  GError *error;

  if (nearest != NULL)
    {
      g_autofree char *difference = heddle_effect_describe_difference (heddle_json_member (nearest, "request"), request);

      error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_REPLAY, _ ("“%s” asks for something else than in the recorded run."), root->step->title);
      hint = g_strdup_printf (_ ("Run it live from this node on, or undo what changed:\n%s"), difference);
    }
  else if (n_used > 0)
    {
      error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_REPLAY, ngettext ("“%s” asks more often than in the recorded run, which has %u answer.", "“%s” asks more often than in the recorded run, which has %u answers.", n_used),
                           root->step->title, n_used);
      hint = g_strdup (_ ("Run it live from this node on."));
    }
  else
    {
      error = g_error_new (HEDDLE_ERROR, HEDDLE_ERROR_REPLAY, _ ("“%s” asks for something, and the recorded run has no answer for it."), root->step->title);
      hint = g_strdup (_ ("Run it live from this node on. In the recorded run it did not ask, or got no answer."));
    }
  heddle_error_set_hint (error, hint);
  return error;
}

/* within: the span of the tool's call that it is part of, or 0. */
static JsonNode *
make_data (Node *node, guint64 within, const char *kind, JsonNode *request, JsonNode *response, const GError *error)
{
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "kind", kind);
  json_object_set_int_member (data, "call", ++node->n_calls);
  if (within != 0)
    json_object_set_int_member (data, "within", (gint64) within);
  json_object_set_member (data, "request", json_node_ref (request));
  if (error != NULL)
    json_object_set_member (data, "error", heddle_error_to_json (error));
  else
    json_object_set_member (data, "response", response != NULL ? json_node_ref (response) : heddle_json_null ());
  return heddle_json_object (data);
}

/* span: that was the call, or 0. */
static void
emit (HeddleNodeRun *self, HeddleScheduler *scheduler, guint64 span, const char *kind, JsonNode *request, JsonNode *response, const GError *error)
{
  HeddleNodeRun *root = heddle_node_run_get_root (self);
  HeddleEvent *event = heddle_node_run_new_event (root, HEDDLE_EVENT_NODE_EFFECT);

  event->span = span;
  event->data = make_data (ensure_node (get_effects (root), root), self->base, kind, request, response, error);
  heddle_scheduler_emit (scheduler, event);
}

/* A replayed run has its own record, so that it can be replayed in turn. */
static gboolean
answer (HeddleNodeRun *self, JsonNode *effect, const char *kind, JsonNode *request, JsonNode **response, GError **error)
{
  HeddleNodeRun *root = heddle_node_run_get_root (self);
  JsonNode *failure = heddle_json_member (effect, "error");
  JsonNode *recorded = heddle_json_member (effect, "response");
  g_autoptr (GError) problem = failure != NULL ? heddle_error_from_json (failure) : NULL;

  if (root->scheduler != NULL && get_effects (root)->resumed == NULL)
    emit (self, root->scheduler, 0, kind, request, recorded, problem);
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    *response = recorded != NULL ? json_node_ref (recorded) : heddle_json_null ();
  return TRUE;
}

static void
begin_pending (HeddleEffects *self, HeddleNodeRun *root, const char *kind, JsonNode *request)
{
  Pending *pending = g_new (Pending, 1);

  pending->root = root;
  pending->kind = g_strdup (kind);
  pending->request = json_node_ref (request);
  g_ptr_array_add (self->pending, pending);
}

static void
end_pending (HeddleEffects *self, HeddleNodeRun *root, JsonNode *request)
{
  for (guint i = 0; i < self->pending->len; i++)
    {
      const Pending *pending = g_ptr_array_index (self->pending, i);

      if (pending->root != root || pending->request != request)
        continue;
      g_ptr_array_remove_index (self->pending, i);
      return;
    }
}

/* Whether the answer is a matter of the request alone, or of who asks, when and what was before. */
static gboolean
is_lasting (const char *kind)
{
  static const char *const lasting[] = { "model", "http", "retrieval", "embedding", NULL };

  return g_strv_contains (lasting, kind);
}

static gboolean
has_record (HeddleEffects *self, HeddleNodeRun *root)
{
  return self->resumed != NULL || heddle_effects_is_replayed (self, root->step);
}

gboolean
heddle_node_run_replay_effect (HeddleNodeRun *self, const char *kind, JsonNode *request, JsonNode **response, GError **error)
{
  HeddleNodeRun *root;
  HeddleEffects *effects;
  JsonNode *effect;
  Node *node;

  g_return_val_if_fail (self != NULL && kind != NULL && request != NULL && response != NULL, FALSE);

  root = heddle_node_run_get_root (self);
  effects = get_effects (root);
  json_node_seal (request);
  *response = NULL;
  root->uses_state = root->uses_state || !is_lasting (kind);
  node = has_record (effects, root) ? ensure_node (effects, root) : NULL;
  effect = node != NULL ? find_recorded (node, kind, request, TRUE) : NULL;
  if (effect != NULL)
    return answer (self, effect, kind, request, response, error);
  if (!heddle_effects_is_replayed (effects, root->step))
    {
      begin_pending (effects, root, kind, request);
      return FALSE;
    }
  g_propagate_error (error, make_divergence (node, root, kind, request));
  return TRUE;
}

gboolean
heddle_node_run_replay_if_recorded (HeddleNodeRun *self, const char *kind, JsonNode *request, JsonNode **response, GError **error)
{
  HeddleNodeRun *root;
  JsonNode *effect;

  g_return_val_if_fail (self != NULL && kind != NULL && request != NULL && response != NULL, FALSE);

  root = heddle_node_run_get_root (self);
  *response = NULL;
  if (!has_record (get_effects (root), root))
    return FALSE;
  effect = find_recorded (ensure_node (get_effects (root), root), kind, request, TRUE);
  return effect != NULL && answer (self, effect, kind, request, response, error);
}

void
heddle_node_run_record_effect (HeddleNodeRun *self, const char *kind, JsonNode *request, JsonNode *response, const GError *error)
{
  heddle_node_run_record_span_effect (self, 0, kind, request, response, error);
}

void
heddle_node_run_record_span_effect (HeddleNodeRun *self, guint64 span, const char *kind, JsonNode *request, JsonNode *response, const GError *error)
{
  HeddleNodeRun *root;

  g_return_if_fail (self != NULL && kind != NULL && request != NULL);

  root = heddle_node_run_get_root (self);
  end_pending (get_effects (root), root, request);
  if (self->scheduler == NULL || root->scheduler == NULL || (error != NULL && heddle_error_is_cancelled (error)))
    return;
  json_node_seal (request);
  if (response != NULL)
    json_node_seal (response);
  emit (self, root->scheduler, span, kind, request, response, error);
}

/* What happened in a call that is not made again is not taken by another one. */
static void
use_within (HeddleEffects *self, Node *node, gint64 span)
{
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_val (spans, span);
  for (guint n = 0; n < spans->len; n++)
    {
      for (guint i = 0; i < node->recorded->len; i++)
        {
          JsonNode *effect = get_nth (node, i);
          gint64 inner = heddle_json_get_int (heddle_json_member (effect, "response"), "span", 0);

          if (node->used[i] || heddle_json_get_int (effect, "within", 0) != g_array_index (spans, gint64, n))
            continue;
          node->used[i] = TRUE;
          if (is_of_kind (effect, "begin"))
            heddle_effects_take_called (self, heddle_json_get_string (heddle_json_member (effect, "response"), "run", ""));
          else if (is_of_kind (effect, "call") && inner != 0)
            g_array_append_val (spans, inner);
        }
    }
}

gboolean
heddle_node_run_take_call (HeddleNodeRun *self, JsonNode *request, JsonNode **response)
{
  HeddleNodeRun *root;
  JsonNode *effect;
  gint64 span;
  Node *node;

  g_return_val_if_fail (self != NULL && request != NULL && response != NULL, FALSE);

  root = heddle_node_run_get_root (self);
  if (get_effects (root)->resumed == NULL)
    return FALSE;
  node = ensure_node (get_effects (root), root);
  effect = find_recorded (node, "call", request, TRUE);
  span = heddle_json_get_int (heddle_json_member (effect, "response"), "span", 0);
  if (span == 0)
    return FALSE;
  use_within (get_effects (root), node, span);
  *response = json_node_ref (heddle_json_member (effect, "response"));
  return TRUE;
}

gboolean
heddle_node_run_is_replayed (HeddleNodeRun *self)
{
  HeddleNodeRun *root;

  g_return_val_if_fail (self != NULL, FALSE);

  root = heddle_node_run_get_root (self);
  return heddle_effects_is_replayed (get_effects (root), root->step);
}

/* Another attempt in this process begins anew, as it would have then. */
static void
forget_record (HeddleEffects *self, HeddleNodeRun *root)
{
  g_autofree char *key = make_key (root);
  Node *node = g_hash_table_lookup (self->nodes, key);

  if (node != NULL)
    node->recorded = NULL;
}

void
heddle_effects_end_attempt (HeddleEffects *self, HeddleNodeRun *root, HeddleScheduler *scheduler)
{
  const GError *error = root->error;
  gboolean ran_out = error != NULL && g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_TIMEOUT);

  if (self->resumed != NULL)
    forget_record (self, root);
  for (guint i = 0; i < self->pending->len;)
    {
      g_autoptr (JsonNode) request = NULL;
      g_autofree char *kind = NULL;
      const Pending *pending = g_ptr_array_index (self->pending, i);

      if (pending->root != root)
        {
          i++;
          continue;
        }
      request = json_node_ref (pending->request);
      kind = g_strdup (pending->kind);
      g_ptr_array_remove_index (self->pending, i);
      if (ran_out)
        emit (root, scheduler, 0, kind, request, NULL, error);
    }
}

/* Of the run itself. */
static JsonNode *
find_settled (HeddleEffects *self, const char *name)
{
  GPtrArray *recorded = self->past != NULL ? heddle_past_get_effects (self->past, NULL, NULL) : NULL;

  for (guint i = 0; recorded != NULL && i < recorded->len; i++)
    {
      JsonNode *effect = g_ptr_array_index (recorded, i);

      if (is_of_kind (effect, "run") && strcmp (heddle_json_get_string (heddle_json_member (effect, "request"), "name", ""), name) == 0)
        return heddle_json_member (effect, "response");
    }
  return NULL;
}

void
heddle_effects_settle (HeddleEffects *self, HeddleScheduler *scheduler, const char *name, JsonNode **value)
{
  HeddleEvent *event = heddle_event_new (HEDDLE_EVENT_NODE_EFFECT, NULL);
  JsonNode *recorded = find_settled (self, name);
  JsonObject *request = json_object_new ();
  JsonObject *data = json_object_new ();

  if (recorded != NULL && JSON_NODE_HOLDS_OBJECT (recorded))
    {
      json_node_unref (*value);
      *value = json_node_ref (recorded);
    }
  json_object_set_string_member (request, "name", name);
  json_object_set_string_member (data, "kind", "run");
  json_object_set_object_member (data, "request", request);
  json_object_set_member (data, "response", json_node_ref (*value));
  event->data = heddle_json_object (data);
  heddle_scheduler_emit (scheduler, event);
}
