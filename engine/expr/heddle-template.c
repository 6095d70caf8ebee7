/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-expr.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "heddle-expr-tree.h"
#include "heddle-template-escape.h"
#include "value/heddle-json.h"

/* A piece of literal text, or an expression. */
typedef struct
{
  char *text;
  ExprTree *tree;
  gboolean quoted; /* stands inside a string literal of JSON */
} Part;

/* What is written so far. */
typedef struct
{
  GString *text;
  GString *shape; /* of a URL: with a letter for each value */
} Output;

struct _HeddleTemplate
{
  char *source;
  HeddleEscape escape;
  GArray *parts;
};

static void
part_clear (Part *part)
{
  g_free (part->text);
  if (part->tree != NULL)
    expr_tree_clear (part->tree);
  g_free (part->tree);
}

void
heddle_template_free (HeddleTemplate *template_)
{
  g_return_if_fail (template_ != NULL);

  g_array_unref (template_->parts);
  g_free (template_->source);
  g_free (template_);
}

static void
add_text (HeddleTemplate *template_, GString *text)
{
  Part part = { .text = g_strdup (text->str) };

  if (text->len > 0)
    g_array_append_val (template_->parts, part);
  else
    g_free (part.text);
  g_string_truncate (text, 0);
}

/* start is behind the opening braces; *end becomes the place behind the closing ones. */
static gboolean
add_expression (HeddleTemplate *template_, gsize start, gboolean quoted, gsize *end, GError **error)
{
  Part part = { .tree = g_new (ExprTree, 1), .quoted = quoted };

  if (!expr_tree_parse (part.tree, template_->source, start, strlen (template_->source), TRUE, error))
    {
      g_free (part.tree);
      return FALSE;
    }
  *end = part.tree->end + 2;
  g_array_append_val (template_->parts, part);
  return TRUE;
}

static gboolean
parse_parts (HeddleTemplate *template_, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *source = template_->source;
  HeddleJsonPlace place = { 0 };
  gsize at = 0;

  while (source[at] != '\0')
    {
      if (g_str_has_prefix (source + at, "\\{{"))
        {
          g_string_append (text, "{{");
          at += 3;
        }
      else if (g_str_has_prefix (source + at, "{{"))
        {
          add_text (template_, text);
          if (!add_expression (template_, at + 2, place.in_string, &at, error))
            return FALSE;
        }
      else
        {
          heddle_json_place_advance (&place, source[at]);
          g_string_append_c (text, source[at++]);
        }
    }
  add_text (template_, text);
  return TRUE;
}

HeddleTemplate *
heddle_template_compile (const char *source, HeddleEscape escape, GError **error)
{
  HeddleTemplate *template_;

  g_return_val_if_fail (source != NULL, NULL);

  if (!expr_check_source (source, error))
    return NULL;
  template_ = g_new (HeddleTemplate, 1);
  template_->source = g_strdup (source);
  template_->escape = escape;
  template_->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_array_set_clear_func (template_->parts, (GDestroyNotify) part_clear);
  if (parse_parts (template_, error))
    return template_;
  heddle_template_free (template_);
  return NULL;
}

static const Part *
get_part (HeddleTemplate *template_, guint index)
{
  return &g_array_index (template_->parts, Part, index);
}

static gboolean
append_url_value (HeddleTemplate *template_, guint index, JsonNode *value, Output *out, GError **error)
{
  const Part *next = index + 1 < template_->parts->len ? get_part (template_, index + 1) : NULL;
  const char *after = next != NULL && next->tree == NULL ? next->text : "";
  gboolean verbatim = index == 0;

  if (!verbatim && !heddle_escape_check_host (out->text->str, value, after, template_->source, get_part (template_, index)->tree->root->start, error))
    return FALSE;
  heddle_escape_url (out->text, value, verbatim);
  if (verbatim)
    g_string_append (out->shape, out->text->str);
  else
    g_string_append_c (out->shape, 'x');
  return TRUE;
}

static gboolean
append_part (HeddleTemplate *template_, guint index, const HeddleScope *scope, Output *out, GError **error)
{
  const Part *part = get_part (template_, index);
  g_autoptr (JsonNode) value = NULL;

  if (part->tree == NULL)
    {
      g_string_append (out->text, part->text);
      g_string_append (out->shape, part->text);
      return TRUE;
    }

  value = expr_tree_evaluate (part->tree, template_->source, scope, error);
  if (value == NULL)
    return FALSE;
  switch (template_->escape)
    {
    case HEDDLE_ESCAPE_URL:
      return append_url_value (template_, index, value, out, error);
    case HEDDLE_ESCAPE_JSON:
      heddle_escape_json (out->text, value, part->quoted);
      return TRUE;
    case HEDDLE_ESCAPE_HEADER:
      return heddle_escape_header (out->text, value, template_->source, part->tree->root->start, error);
    case HEDDLE_ESCAPE_NONE:
    default:
      heddle_escape_none (out->text, value);
      return TRUE;
    }
}

JsonNode *
heddle_template_expand (HeddleTemplate *template_, const HeddleScope *scope, gboolean keep_type, GError **error)
{
  g_autoptr (GString) text = NULL;
  g_autoptr (GString) shape = NULL;
  Output out;

  g_return_val_if_fail (template_ != NULL, NULL);
  g_return_val_if_fail (scope != NULL, NULL);

  if (keep_type && template_->parts->len == 1 && get_part (template_, 0)->tree != NULL)
    return expr_tree_evaluate (get_part (template_, 0)->tree, template_->source, scope, error);

  out.text = text = g_string_new (NULL);
  out.shape = shape = g_string_new (NULL);
  for (guint i = 0; i < template_->parts->len; i++)
    {
      if (!append_part (template_, i, scope, &out, error))
        return NULL;
      if (text->len > HEDDLE_JSON_MAX_BYTES)
        {
          g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The expanded text is larger than a value may be %s"), _ ("(column 1)"));
          return NULL;
        }
    }
  if (template_->escape == HEDDLE_ESCAPE_URL && !heddle_escape_check_path (text->str, shape->str, error))
    return NULL;
  return heddle_json_string (text->str);
}

GPtrArray *
heddle_template_list_references (HeddleTemplate *template_)
{
  GPtrArray *references;

  g_return_val_if_fail (template_ != NULL, NULL);

  references = expr_references_new ();
  for (guint i = 0; i < template_->parts->len; i++)
    {
      if (get_part (template_, i)->tree != NULL)
        expr_tree_collect (get_part (template_, i)->tree, references);
    }
  return references;
}

char *
heddle_template_rename (const char *source, const char *old_root, const char *new_root)
{
  g_autoptr (HeddleTemplate) template_ = NULL;
  g_autoptr (GPtrArray) references = NULL;

  g_return_val_if_fail (source != NULL && old_root != NULL && new_root != NULL, NULL);

  template_ = heddle_template_compile (source, HEDDLE_ESCAPE_NONE, NULL);
  if (template_ == NULL)
    return g_strdup (source);
  references = heddle_template_list_references (template_);
  return expr_rename_references (source, references, old_root, new_root);
}
