/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/heddle-tool.h"

#include "value/heddle-json.h"

#include <string.h>

/* What all providers accept. */
#define MAX_NAME 64

typedef struct
{
  char *name;
  char *description;
  JsonNode *parameters;
  char *node;
  char *kind;
  HeddleApproval approval;
  HeddleApproval least_approval;
  guint timeout_ms;
  gboolean hand_off;
} HeddleToolPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (HeddleTool, heddle_tool, G_TYPE_OBJECT)

static const char *const approvals[] = {
  [HEDDLE_APPROVAL_AGENT] = "agent",
  [HEDDLE_APPROVAL_NEVER] = "never",
  [HEDDLE_APPROVAL_ONCE] = "once",
  [HEDDLE_APPROVAL_ALWAYS] = "always",
};

static HeddleToolPrivate *
get_private (HeddleTool *self)
{
  return heddle_tool_get_instance_private (self);
}

static void
heddle_tool_finalize (GObject *object)
{
  HeddleToolPrivate *priv = get_private (HEDDLE_TOOL (object));

  g_free (priv->name);
  g_free (priv->description);
  json_node_unref (priv->parameters);
  g_free (priv->node);
  g_free (priv->kind);
  G_OBJECT_CLASS (heddle_tool_parent_class)->finalize (object);
}

static void
heddle_tool_class_init (HeddleToolClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = heddle_tool_finalize;
}

static void
heddle_tool_init (HeddleTool *self)
{
  HeddleToolPrivate *priv = get_private (self);

  priv->name = g_strdup ("tool");
  priv->description = g_strdup ("");
  priv->kind = g_strdup ("node");
  heddle_tool_set_parameters (self, NULL);
}

/* Takes copy. */
static void
set_text (char **place, char *copy)
{
  g_free (*place);
  *place = copy;
}

void
heddle_tool_set_name (HeddleTool *self, const char *name)
{
  GString *valid = g_string_new (NULL);

  g_return_if_fail (HEDDLE_IS_TOOL (self) && name != NULL);

  for (const char *p = name; *p != '\0' && valid->len < MAX_NAME; p++)
    g_string_append_c (valid, g_ascii_isalnum (*p) || *p == '-' ? *p : '_');
  if (valid->len == 0)
    g_string_append (valid, "tool");
  set_text (&get_private (self)->name, g_string_free (valid, FALSE));
}

const char *
heddle_tool_get_name (HeddleTool *self)
{
  g_return_val_if_fail (HEDDLE_IS_TOOL (self), NULL);

  return get_private (self)->name;
}

void
heddle_tool_set_description (HeddleTool *self, const char *description)
{
  g_return_if_fail (HEDDLE_IS_TOOL (self));

  set_text (&get_private (self)->description, g_strdup (description != NULL ? description : ""));
}

const char *
heddle_tool_get_description (HeddleTool *self)
{
  g_return_val_if_fail (HEDDLE_IS_TOOL (self), NULL);

  return get_private (self)->description;
}

void
heddle_tool_set_parameters (HeddleTool *self, JsonNode *schema)
{
  HeddleToolPrivate *priv;
  JsonNode *copy;

  g_return_if_fail (HEDDLE_IS_TOOL (self));
  g_return_if_fail (schema == NULL || JSON_NODE_HOLDS_OBJECT (schema));

  priv = get_private (self);
  copy = schema != NULL ? json_node_ref (schema) : heddle_json_parse ("{\"type\":\"object\",\"properties\":{}}", -1, NULL);
  json_node_seal (copy);
  g_clear_pointer (&priv->parameters, json_node_unref);
  priv->parameters = copy;
}

JsonNode *
heddle_tool_get_parameters (HeddleTool *self)
{
  g_return_val_if_fail (HEDDLE_IS_TOOL (self), NULL);

  return get_private (self)->parameters;
}

void
heddle_tool_set_node (HeddleTool *self, const char *node)
{
  g_return_if_fail (HEDDLE_IS_TOOL (self));

  set_text (&get_private (self)->node, g_strdup (node));
}

const char *
heddle_tool_get_node (HeddleTool *self)
{
  g_return_val_if_fail (HEDDLE_IS_TOOL (self), NULL);

  return get_private (self)->node;
}

void
heddle_tool_set_kind (HeddleTool *self, const char *kind)
{
  g_return_if_fail (HEDDLE_IS_TOOL (self) && kind != NULL);

  set_text (&get_private (self)->kind, g_strdup (kind));
}

const char *
heddle_tool_get_kind (HeddleTool *self)
{
  g_return_val_if_fail (HEDDLE_IS_TOOL (self), NULL);

  return get_private (self)->kind;
}

HeddleApproval
heddle_tool_get_approval (HeddleTool *self)
{
  g_return_val_if_fail (HEDDLE_IS_TOOL (self), HEDDLE_APPROVAL_ALWAYS);

  return get_private (self)->approval;
}

void
heddle_tool_set_least_approval (HeddleTool *self, HeddleApproval approval)
{
  g_return_if_fail (HEDDLE_IS_TOOL (self));

  get_private (self)->least_approval = approval;
}

HeddleApproval
heddle_tool_get_least_approval (HeddleTool *self)
{
  g_return_val_if_fail (HEDDLE_IS_TOOL (self), HEDDLE_APPROVAL_ALWAYS);

  return get_private (self)->least_approval;
}

gboolean
heddle_tool_get_hand_off (HeddleTool *self)
{
  g_return_val_if_fail (HEDDLE_IS_TOOL (self), FALSE);

  return get_private (self)->hand_off;
}

guint
heddle_tool_get_timeout (HeddleTool *self)
{
  g_return_val_if_fail (HEDDLE_IS_TOOL (self), 0);

  return get_private (self)->timeout_ms;
}

void
heddle_tool_apply_spec (HeddleTool *self, JsonNode *spec)
{
  HeddleToolPrivate *priv;

  g_return_if_fail (HEDDLE_IS_TOOL (self));

  priv = get_private (self);
  heddle_approval_from_string (heddle_json_get_string (spec, "approval", NULL), &priv->approval);
  priv->timeout_ms = (guint) heddle_json_get_int (spec, "timeout", 0) * 1000;
  priv->hand_off = heddle_json_get_boolean (spec, "hand_off", FALSE);
}

void
heddle_tool_call_async (HeddleTool *self, JsonNode *arguments, const HeddleToolCall *call, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (HEDDLE_IS_TOOL (self));
  g_return_if_fail (arguments != NULL && JSON_NODE_HOLDS_OBJECT (arguments));
  g_return_if_fail (call != NULL && call->run != NULL);

  HEDDLE_TOOL_GET_CLASS (self)->call_async (self, arguments, call, cancellable, callback, user_data);
}

JsonNode *
heddle_tool_call_finish (HeddleTool *self, GAsyncResult *result, gboolean *is_error, GError **error)
{
  gboolean ignored;

  g_return_val_if_fail (HEDDLE_IS_TOOL (self), NULL);

  if (is_error == NULL)
    is_error = &ignored;
  *is_error = FALSE;
  return HEDDLE_TOOL_GET_CLASS (self)->call_finish (self, result, is_error, error);
}

char *
heddle_tool_result_to_text (JsonNode *result)
{
  g_return_val_if_fail (result != NULL, NULL);

  return heddle_json_is_string (result) ? g_strdup (json_node_get_string (result)) : heddle_json_to_text (result, HEDDLE_JSON_COMPACT);
}

gboolean
heddle_approval_from_string (const char *text, HeddleApproval *approval)
{
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (approvals); i++)
    {
      if (strcmp (text, approvals[i]) == 0)
        {
          *approval = i;
          return TRUE;
        }
    }
  return FALSE;
}
