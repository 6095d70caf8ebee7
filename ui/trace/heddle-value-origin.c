/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-value-origin.h"

#include <string.h>

#define VARIANT "(issss)"
#define INPUTS ".inputs."
#define RESULT ".result"

G_DEFINE_BOXED_TYPE (HeddleValueOrigin, heddle_value_origin, heddle_value_origin_copy, heddle_value_origin_free)

HeddleValueOrigin *
heddle_value_origin_new (HeddleOriginKind kind,
                         const char *node,
                         const char *port,
                         const char *scope,
                         const char *path)
{
  HeddleValueOrigin *self = g_new0 (HeddleValueOrigin, 1);

  g_return_val_if_fail (node != NULL && path != NULL, NULL);

  self->kind = kind;
  self->node = g_strdup (node);
  self->port = g_strdup (port);
  self->scope = g_strdup (scope);
  self->path = g_strdup (path);
  return self;
}

HeddleValueOrigin *
heddle_value_origin_copy (const HeddleValueOrigin *self)
{
  HeddleValueOrigin *copy = heddle_value_origin_new (self->kind, self->node, self->port, self->scope, self->path);

  copy->value = self->value != NULL ? json_node_ref (self->value) : NULL;
  return copy;
}

void
heddle_value_origin_free (HeddleValueOrigin *self)
{
  g_free (self->node);
  g_free (self->port);
  g_free (self->scope);
  g_free (self->path);
  g_clear_pointer (&self->value, json_node_unref);
  g_free (self);
}

static void
take (HeddleValueOrigin *self,
      HeddleOriginKind kind,
      const char *path)
{
  char *rest = g_strdup (path);

  self->kind = kind;
  g_free (self->path);
  self->path = rest;
}

/* ".inputs.in.name" is ".name" of the port "in"; ".result.output" is ".output". */
static void
resolve_record (HeddleValueOrigin *self)
{
  const char *port = g_str_has_prefix (self->path, INPUTS) ? self->path + strlen (INPUTS) : NULL;
  const char *behind = g_str_has_prefix (self->path, RESULT) ? self->path + strlen (RESULT) : NULL;

  if (port != NULL)
    {
      gsize length = strcspn (port, ".[");

      self->port = g_strndup (port, length);
      take (self, HEDDLE_ORIGIN_INPUT, port + length);
    }
  else if (behind != NULL && (*behind == '\0' || *behind == '.' || *behind == '['))
    take (self, HEDDLE_ORIGIN_RESULT, behind);
  else
    self->kind = HEDDLE_ORIGIN_NONE;
}

HeddleValueOrigin *
heddle_value_origin_descend (const HeddleValueOrigin *self,
                             const char *path,
                             JsonNode *value)
{
  g_autoptr (HeddleValueOrigin) inner = heddle_value_origin_copy (self);

  g_free (inner->path);
  inner->path = g_strconcat (self->path, path, NULL);
  g_clear_pointer (&inner->value, json_node_unref);
  inner->value = value != NULL ? json_node_ref (value) : NULL;
  if (inner->kind == HEDDLE_ORIGIN_RECORD)
    resolve_record (inner);
  return g_steal_pointer (&inner);
}

char *
heddle_value_origin_to_expression (const HeddleValueOrigin *self)
{
  switch (self->kind)
    {
    case HEDDLE_ORIGIN_INPUT:
      return g_strconcat ("$input", self->path, NULL);
    case HEDDLE_ORIGIN_ITEM:
      return g_strconcat ("$", self->node, ".item", self->path, NULL);
    case HEDDLE_ORIGIN_RECORD:
    case HEDDLE_ORIGIN_NONE:
      return NULL;
    case HEDDLE_ORIGIN_RESULT:
    case HEDDLE_ORIGIN_ROOT:
    default:
      return g_strconcat ("$", self->node, self->path, NULL);
    }
}

/* The value does not travel with an action: it can be large. */
GVariant *
heddle_value_origin_to_variant (const HeddleValueOrigin *self)
{
  return g_variant_new (VARIANT, (int) self->kind, self->node, self->port != NULL ? self->port : "", self->scope != NULL ? self->scope : "", self->path);
}

static const char *
or_null (const char *text)
{
  return *text != '\0' ? text : NULL;
}

HeddleValueOrigin *
heddle_value_origin_new_from_variant (GVariant *variant)
{
  const char *node, *port, *scope, *path;
  int kind;

  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE (VARIANT)))
    return NULL;
  g_variant_get (variant, "(i&s&s&s&s)", &kind, &node, &port, &scope, &path);
  if (kind < HEDDLE_ORIGIN_RESULT || kind > HEDDLE_ORIGIN_NONE)
    return NULL;
  return heddle_value_origin_new ((HeddleOriginKind) kind, node, or_null (port), or_null (scope), path);
}
