/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-trace-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "registry/heddle-node-type.h"
#include "value/heddle-json.h"
#include "value/heddle-money.h"

G_DEFINE_FINAL_TYPE (HeddleSpan, heddle_span, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_END,
  PROP_TEXT,
  PROP_USAGE,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static const struct
{
  const char *id;
  const char *title;
} states[] = {
  [HEDDLE_SPAN_PENDING] = { "pending", N_ ("Not reached") },
  [HEDDLE_SPAN_READY] = { "ready", N_ ("Waiting") },
  [HEDDLE_SPAN_RUNNING] = { "running", N_ ("Running") },
  [HEDDLE_SPAN_RETRY] = { "retry", N_ ("Trying again") },
  [HEDDLE_SPAN_ASKING] = { "asking", N_ ("Waiting for a person") },
  [HEDDLE_SPAN_OK] = { "ok", N_ ("Done") },
  [HEDDLE_SPAN_FAILED] = { "failed", N_ ("Failed") },
  [HEDDLE_SPAN_SKIPPED] = { "skipped", N_ ("Skipped") },
  [HEDDLE_SPAN_CANCELLED] = { "cancelled", N_ ("Cancelled") },
  [HEDDLE_SPAN_HANDLED] = { "handled", N_ ("Failed, went on") },
  [HEDDLE_SPAN_CACHED] = { "cached", N_ ("Used again") },
  [HEDDLE_SPAN_LIMITED] = { "limited", N_ ("Limit reached") },
  [HEDDLE_SPAN_DOUBT] = { "doubt", N_ ("In doubt") },
};

const char *
heddle_span_state_to_string (HeddleSpanState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (states), NULL);

  return states[state].id;
}

const char *
heddle_span_state_get_title (HeddleSpanState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (states), NULL);

  return _ (states[state].title);
}

HeddleSpan *
heddle_span_new (const char *kind,
                 const char *name,
                 const char *node_id,
                 HeddleSpan *parent)
{
  HeddleSpan *self = g_object_new (HEDDLE_TYPE_SPAN, NULL);

  self->kind = g_intern_string (kind);
  self->name = g_strdup (name);
  self->node_id = g_intern_string (node_id);
  g_set_object (&self->parent, parent);
  self->depth = parent == NULL ? 0 : parent->depth + 1;
  if (parent != NULL && parent->scope != NULL)
    self->scope = g_ref_string_acquire (parent->scope);
  return self;
}

gboolean
heddle_span_is_open (HeddleSpan *self)
{
  return self->state <= HEDDLE_SPAN_ASKING || self->state == HEDDLE_SPAN_DOUBT;
}

const char *
heddle_span_get_tool_node (HeddleSpan *self)
{
  JsonNode *node = json_object_get_member (self->attributes, "tool_node");

  return heddle_json_is_string (node) ? g_intern_string (json_node_get_string (node)) : NULL;
}

void
heddle_span_set_attribute (HeddleSpan *self,
                           const char *key,
                           JsonNode *value)
{
  heddle_json_set_member (self->attributes, key, json_node_ref (value));
}

void
heddle_span_remove_attribute (HeddleSpan *self,
                              const char *key)
{
  if (json_object_has_member (self->attributes, key))
    json_object_remove_member (self->attributes, key);
}

HeddleSpan *
heddle_span_get_scope_span (HeddleSpan *self)
{
  HeddleSpan *span = self;

  while (span != NULL && span->item == NULL)
    span = span->parent;
  return span;
}

void
heddle_span_add_effect (HeddleSpan *self,
                        JsonNode *effect)
{
  if (self->effects == NULL)
    self->effects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_ptr_array_add (self->effects, json_node_ref (effect));
  g_clear_pointer (&self->effect_list, json_node_unref);
}

guint
heddle_span_get_n_effects (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), 0);

  return self->effects != NULL ? self->effects->len : 0;
}

/* Most are never looked at. */
static JsonNode *
get_effects (HeddleSpan *self)
{
  JsonArray *array;

  if (self->effects == NULL || self->effect_list != NULL)
    return self->effect_list;
  array = json_array_sized_new (self->effects->len);
  for (guint i = 0; i < self->effects->len; i++)
    json_array_add_element (array, json_node_ref (self->effects->pdata[i]));
  self->effect_list = heddle_json_array (array);
  return self->effect_list;
}

void
heddle_span_merge_attributes (HeddleSpan *self,
                              JsonNode *data,
                              const char *const *except)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (data == NULL || !JSON_NODE_HOLDS_OBJECT (data))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (data));
  while (json_object_iter_next_ordered (&iter, &key, &value))
    {
      if (!g_strv_contains (except, key))
        heddle_span_set_attribute (self, key, value);
    }
}

static void
tally_add (HeddleTally *tally,
           const HeddleSpanUsage *usage,
           int sign)
{
  tally->n_spans += sign;
  tally->n_estimated += usage->estimated ? sign : 0;
  if (usage->input_tokens >= 0)
    {
      tally->input_tokens += sign * usage->input_tokens;
      tally->n_input += sign;
    }
  if (usage->output_tokens >= 0)
    {
      tally->output_tokens += sign * usage->output_tokens;
      tally->n_output += sign;
    }
  if (usage->cost >= 0)
    {
      tally->cost += sign * usage->cost;
      tally->n_cost += sign;
    }
}

/* Its node and the run add up what is inside them. */
static void
tally_above (HeddleSpan *self,
             int sign)
{
  for (HeddleSpan *above = self->parent; above != NULL; above = above->parent)
    {
      if (above->id == 0)
        tally_add (&above->tally, &self->own, sign);
    }
}

/* Ten thousand dollars for one call; sums of a million of them do not overflow. */
#define MAX_COST (10000 * HEDDLE_NANO_USD)

/* Far more than any run can use, and sums of it do not overflow. */
static gint64
read_tokens (JsonNode *usage,
             const char *member)
{
  return CLAMP (heddle_json_get_int (usage, member, -1), -1, G_MAXINT32);
}

void
heddle_span_set_own_usage (HeddleSpan *self,
                           JsonNode *usage)
{
  if (self->has_own)
    tally_above (self, -1);
  self->own.input_tokens = read_tokens (usage, "input_tokens");
  self->own.output_tokens = read_tokens (usage, "output_tokens");
  self->own.cost = CLAMP (heddle_json_get_int (usage, "cost", -1), -1, MAX_COST);
  self->own.estimated = heddle_json_get_boolean (usage, "estimated", FALSE);
  self->has_own = TRUE;
  tally_above (self, 1);
}

void
heddle_span_tell (HeddleSpan *self)
{
  HeddleSpanChanges changes = self->changes;

  self->changes = 0;
  if (changes & HEDDLE_SPAN_CHANGED_STATE)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  if (changes & HEDDLE_SPAN_CHANGED_END)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_END]);
  if (changes & HEDDLE_SPAN_CHANGED_TEXT)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TEXT]);
  if (changes & HEDDLE_SPAN_CHANGED_USAGE)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_USAGE]);
}

static gint64
count_tokens (HeddleSpan *self)
{
  HeddleSpanUsage usage;

  if (!heddle_span_get_usage (self, &usage))
    return -1;
  return MAX (usage.input_tokens, 0) + MAX (usage.output_tokens, 0);
}

static void
heddle_span_get_property (GObject *object,
                          guint prop_id,
                          GValue *value,
                          GParamSpec *pspec)
{
  HeddleSpan *self = HEDDLE_SPAN (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_END:
      g_value_set_int64 (value, self->end);
      break;
    case PROP_TEXT:
      g_value_set_string (value, heddle_span_get_text (self));
      break;
    case PROP_USAGE:
      g_value_set_int64 (value, count_tokens (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
heddle_span_finalize (GObject *object)
{
  HeddleSpan *self = HEDDLE_SPAN (object);

  g_free (self->name);
  g_free (self->type_id);
  g_clear_object (&self->parent);
  g_ptr_array_unref (self->children);
  g_clear_pointer (&self->scope, g_ref_string_release);
  g_clear_pointer (&self->item, heddle_item_free);
  g_clear_pointer (&self->container, heddle_container_free);
  g_clear_pointer (&self->effects, g_ptr_array_unref);
  g_clear_pointer (&self->effect_list, json_node_unref);
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_clear_pointer (&self->final_text, json_node_unref);
  json_object_unref (self->attributes);
  g_clear_pointer (&self->live, json_node_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (heddle_span_parent_class)->finalize (object);
}

static void
heddle_span_class_init (HeddleSpanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = heddle_span_get_property;
  object_class->finalize = heddle_span_finalize;

  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, HEDDLE_SPAN_DOUBT, HEDDLE_SPAN_PENDING, flags);
  props[PROP_END] = g_param_spec_int64 ("end", NULL, NULL, -1, G_MAXINT64, -1, flags);
  props[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "", flags);
  /* Tokens in all, or -1; heddle_span_get_usage says more. */
  props[PROP_USAGE] = g_param_spec_int64 ("usage", NULL, NULL, -1, G_MAXINT64, -1, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
heddle_span_init (HeddleSpan *self)
{
  self->start = -1;
  self->end = -1;
  self->attributes = json_object_new ();
  self->children = g_ptr_array_new ();
}

const char *
heddle_span_get_name (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), NULL);

  return self->name;
}

const char *
heddle_span_get_kind (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), NULL);

  return self->kind;
}

const char *
heddle_span_get_node_id (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), NULL);

  return self->node_id;
}

const char *
heddle_span_get_scope (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), NULL);

  return self->scope;
}

const char *
heddle_span_get_type_id (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), NULL);

  return self->type_id;
}

guint64
heddle_span_get_id (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), 0);

  return self->id;
}

HeddleSpan *
heddle_span_get_parent (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), NULL);

  return self->parent;
}

guint
heddle_span_get_depth (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), 0);

  return self->depth;
}

GPtrArray *
heddle_span_get_children (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), NULL);

  return self->children;
}

HeddleSpanState
heddle_span_get_state (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), HEDDLE_SPAN_PENDING);

  return self->state;
}

gint64
heddle_span_get_start (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), -1);

  return self->start;
}

gint64
heddle_span_get_end (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), -1);

  return self->end;
}

guint
heddle_span_get_attempt (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), 0);

  return self->attempt;
}

const char *
heddle_span_get_text (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), NULL);

  if (self->final_text != NULL)
    return json_node_get_string (self->final_text);
  return self->text != NULL ? self->text->str : "";
}

JsonNode *
heddle_span_get_attribute (HeddleSpan *self,
                           const char *key)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  if (strcmp (key, "effects") == 0 && self->effects != NULL)
    return get_effects (self);
  return json_object_get_member (self->attributes, key);
}

char *
heddle_span_dup_way (HeddleSpan *self)
{
  const HeddleNodeType *type;
  const char *port;

  g_return_val_if_fail (HEDDLE_IS_SPAN (self), NULL);

  /* The ways out of a loop that an edge back makes are edges of its nodes. */
  if (self->live == NULL || json_array_get_length (json_node_get_array (self->live)) != 1 || g_strcmp0 (self->type_id, "rounds") == 0)
    return NULL;
  port = heddle_json_is_string (json_array_get_element (json_node_get_array (self->live), 0))
           ? json_array_get_string_element (json_node_get_array (self->live), 0)
           : "out";
  if (g_str_equal (port, "out"))
    return NULL;
  type = self->type_id != NULL ? heddle_registry_lookup (self->type_id) : NULL;
  return type != NULL ? heddle_node_type_dup_output_title (type, port) : g_strdup (port);
}

JsonNode *
heddle_span_dup_attributes (HeddleSpan *self)
{
  JsonObject *copy;
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  g_return_val_if_fail (HEDDLE_IS_SPAN (self), NULL);

  copy = json_object_new ();
  json_object_iter_init_ordered (&iter, self->attributes);
  while (json_object_iter_next_ordered (&iter, &key, &value))
    json_object_set_member (copy, key, json_node_ref (value));
  if (self->effects != NULL)
    json_object_set_member (copy, "effects", json_node_ref (get_effects (self)));
  return heddle_json_object (copy);
}

gboolean
heddle_span_get_usage (HeddleSpan *self,
                       HeddleSpanUsage *usage)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), FALSE);
  g_return_val_if_fail (usage != NULL, FALSE);

  if (self->has_own)
    {
      *usage = self->own;
      return TRUE;
    }
  usage->input_tokens = self->tally.n_input > 0 ? self->tally.input_tokens : -1;
  usage->output_tokens = self->tally.n_output > 0 ? self->tally.output_tokens : -1;
  usage->estimated = self->tally.n_estimated > 0;
  usage->cost = self->tally.n_cost > 0 ? self->tally.cost : -1;
  usage->cost_partly_unknown = self->tally.n_cost > 0 && self->tally.n_cost < self->tally.n_spans;
  return self->tally.n_spans > 0;
}

const GError *
heddle_span_get_error (HeddleSpan *self)
{
  g_return_val_if_fail (HEDDLE_IS_SPAN (self), NULL);

  return self->error;
}
