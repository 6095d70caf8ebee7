/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "heddle-error.h"
#include "heddle-expr-eval.h"
#include "value/heddle-json.h"

#define MAX_GAP 10

typedef struct
{
  ExprEval *eval;
  GString *out;
  ExprValue replacer; /* a function, or undefined */
  ExprList *allowed;  /* the member names to write, or NULL */
  char gap[4 * MAX_GAP + 1];
  guint indent;
} Writer;

static gboolean write_value (Writer *writer, ExprValue holder, ExprText *key, ExprValue value);

static void
break_line (Writer *writer)
{
  if (writer->gap[0] == '\0')
    return;
  g_string_append_c (writer->out, '\n');
  for (guint i = 0; i < writer->indent; i++)
    g_string_append (writer->out, writer->gap);
}

static void
write_quoted (GString *out, const ExprText *text)
{
  const char *run = text->bytes, *end = text->bytes + text->size;

  /* A NUL ends what the writer of C strings sees; the quotes in between are taken back. */
  for (gboolean first = TRUE; run <= end; first = FALSE)
    {
      gsize size = strnlen (run, end - run);
      g_autofree char *part = g_strndup (run, size);

      if (!first)
        {
          g_string_truncate (out, out->len - 1);
          g_string_append (out, "\\u0000");
        }
      if (first)
        heddle_json_append_string (out, part);
      else
        {
          gsize quote = out->len;

          heddle_json_append_string (out, part);
          g_string_erase (out, quote, 1);
        }
      run += size + 1;
    }
}

static gboolean
enter (Writer *writer)
{
  if (++writer->indent <= HEDDLE_JSON_MAX_DEPTH)
    return expr_eval_reserve (writer->eval, writer->out->len);
  expr_eval_fail_limit (writer->eval, _ ("The value is nested too deeply to be written as JSON"));
  return FALSE;
}

static void
leave (Writer *writer, gboolean empty, char closing)
{
  writer->indent--;
  if (!empty)
    break_line (writer);
  g_string_append_c (writer->out, closing);
}

static void
write_list (Writer *writer, ExprValue value)
{
  ExprEval *eval = writer->eval;
  ExprList *list = value.list;

  g_string_append_c (writer->out, '[');
  if (!enter (writer))
    return;
  for (guint i = 0; i < list->length && expr_eval_charge (eval, 1); i++)
    {
      ExprText *key = writer->replacer.type == EXPR_FUNCTION ? expr_to_text (eval, expr_number (i)) : NULL;

      if (i > 0)
        g_string_append_c (writer->out, ',');
      break_line (writer);
      if (!write_value (writer, value, key, expr_list_get (eval, list, i)))
        g_string_append (writer->out, "null");
    }
  leave (writer, list->length == 0, ']');
}

/* Takes back what was written when the member turns out to have no value. */
static gboolean
write_member (Writer *writer, ExprValue holder, ExprText *key, ExprValue value, gboolean first)
{
  gsize before = writer->out->len;

  if (!first)
    g_string_append_c (writer->out, ',');
  break_line (writer);
  write_quoted (writer->out, key);
  g_string_append (writer->out, writer->gap[0] != '\0' ? ": " : ":");
  if (write_value (writer, holder, key, value))
    return TRUE;
  g_string_truncate (writer->out, before);
  return FALSE;
}

static gboolean
write_allowed_members (Writer *writer, ExprValue holder)
{
  gboolean first = TRUE;

  for (guint i = 0; i < writer->allowed->length && expr_eval_charge (writer->eval, 1); i++)
    {
      ExprText *key = writer->allowed->items[i].text;
      ExprValue value;

      if (expr_record_get (writer->eval, holder.record, key, &value) && write_member (writer, holder, key, value, first))
        first = FALSE;
    }
  return first;
}

static gboolean
write_all_members (Writer *writer, ExprValue holder)
{
  gboolean first = TRUE;
  guint count;
  ExprEntry *entries = expr_record_entries (writer->eval, holder.record, &count);

  for (guint i = 0; i < count && expr_eval_charge (writer->eval, 1); i++)
    {
      if (write_member (writer, holder, entries[i].key, entries[i].value, first))
        first = FALSE;
    }
  return first;
}

static void
write_record (Writer *writer, ExprValue value)
{
  gboolean empty;

  g_string_append_c (writer->out, '{');
  if (!enter (writer))
    return;
  empty = writer->allowed != NULL ? write_allowed_members (writer, value) : write_all_members (writer, value);
  leave (writer, empty, '}');
}

static void
write_number (GString *out, double number)
{
  if (isfinite (number))
    heddle_json_append_number (out, number);
  else
    g_string_append (out, "null");
}

/* FALSE: the value is not written at all, as undefined is not. */
static gboolean
write_value (Writer *writer, ExprValue holder, ExprText *key, ExprValue value)
{
  if (writer->replacer.type == EXPR_FUNCTION)
    {
      ExprValue args[] = { expr_text_value (key), value };

      value = expr_call (writer->eval, writer->replacer, args, G_N_ELEMENTS (args));
    }

  switch (value.type)
    {
    case EXPR_NULL:
      g_string_append (writer->out, "null");
      return TRUE;
    case EXPR_BOOLEAN:
      g_string_append (writer->out, value.boolean ? "true" : "false");
      return TRUE;
    case EXPR_NUMBER:
      write_number (writer->out, value.number);
      return TRUE;
    case EXPR_INTEGER:
      g_string_append_printf (writer->out, "%" G_GINT64_FORMAT, value.integer);
      return TRUE;
    case EXPR_STRING:
      write_quoted (writer->out, value.text);
      return expr_eval_reserve (writer->eval, writer->out->len);
    case EXPR_ARRAY:
      write_list (writer, value);
      return TRUE;
    case EXPR_OBJECT:
      write_record (writer, value);
      return TRUE;
    case EXPR_REGEXP:
    case EXPR_FUNCTION:
      if (!expr_is_callable (value))
        g_string_append (writer->out, "{}");
      return !expr_is_callable (value);
    case EXPR_UNDEFINED:
    case EXPR_N_TYPES:
    default:
      return FALSE;
    }
}

static void
set_gap (Writer *writer, ExprValue space)
{
  if (expr_is_number (space))
    {
      int width = (int) CLAMP (expr_to_integer (writer->eval, space), 0, MAX_GAP);

      g_snprintf (writer->gap, sizeof writer->gap, "%*s", width, "");
    }
  else if (space.type == EXPR_STRING)
    {
      gsize size = expr_text_offset (space.text, MAX_GAP);

      memcpy (writer->gap, space.text->bytes, size);
      writer->gap[size] = '\0';
    }
}

static void
set_allowed (Writer *writer, ExprList *names)
{
  writer->allowed = expr_list_new (writer->eval, 0);
  for (guint i = 0; i < names->length && expr_eval_charge (writer->eval, 1); i++)
    {
      ExprValue name = expr_list_get (writer->eval, names, i);
      gboolean known = FALSE;

      if (name.type != EXPR_STRING && !expr_is_number (name))
        continue;
      name = expr_text_value (expr_to_text (writer->eval, name));
      for (guint j = 0; j < writer->allowed->length; j++)
        known |= expr_strictly_equal (writer->allowed->items[j], name);
      if (!known)
        expr_list_add (writer->eval, writer->allowed, name);
    }
}

ExprText *
expr_json_stringify (ExprEval *eval, ExprValue value, ExprValue replacer, ExprValue space)
{
  Writer writer = { .eval = eval, .out = g_string_new (NULL) };
  ExprText *text = NULL;

  set_gap (&writer, space);
  if (replacer.type == EXPR_ARRAY)
    set_allowed (&writer, replacer.list);
  else
    writer.replacer = replacer;

  if (write_value (&writer, EXPR_VALUE_UNDEFINED, expr_string (eval, "").text, value))
    text = expr_text_copy (eval, writer.out->str, writer.out->len);
  g_string_free (writer.out, TRUE);
  return text;
}

static ExprValue
json_stringify (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = expr_json_stringify (eval, expr_arg (call, 0), expr_arg (call, 1), expr_arg (call, 2));

  return text != NULL ? expr_text_value (text) : EXPR_VALUE_UNDEFINED;
}

static ExprValue
fail_parse (ExprEval *eval, const GError *error)
{
  g_autofree char *cause = g_strdup (error->message);

  /* The place in the text stays in the sentence; its full stop does not. */
  if (g_str_has_suffix (cause, "."))
    cause[strlen (cause) - 1] = '\0';
  return expr_eval_fail (eval, _ ("JSON.parse failed: %s"), cause);
}

static ExprValue revive (ExprEval *eval, ExprValue reviver, ExprText *key, ExprValue value);

static ExprValue
revive_list (ExprEval *eval, ExprValue reviver, ExprList *list)
{
  ExprList *revived = expr_list_new (eval, list->length);

  for (guint i = 0; i < list->length && !eval->failed; i++)
    expr_list_add (eval, revived, revive (eval, reviver, expr_to_text (eval, expr_number (i)), expr_list_get (eval, list, i)));
  return expr_list_value (revived);
}

static ExprValue
revive_record (ExprEval *eval, ExprValue reviver, ExprRecord *record)
{
  ExprRecord *revived = expr_record_new (eval);
  guint count;
  ExprEntry *entries = expr_record_entries (eval, record, &count);

  for (guint i = 0; i < count && !eval->failed; i++)
    {
      ExprValue value = revive (eval, reviver, entries[i].key, entries[i].value);

      if (value.type != EXPR_UNDEFINED)
        expr_record_set (eval, revived, entries[i].key, value);
    }
  return expr_record_value (revived);
}

/* The reader has bounded the depth. */
static ExprValue
revive (ExprEval *eval, ExprValue reviver, ExprText *key, ExprValue value)
{
  ExprValue args[2];

  if (value.type == EXPR_ARRAY)
    value = revive_list (eval, reviver, value.list);
  else if (value.type == EXPR_OBJECT)
    value = revive_record (eval, reviver, value.record);
  args[0] = expr_text_value (key);
  args[1] = value;
  return expr_call (eval, reviver, args, G_N_ELEMENTS (args));
}

static ExprValue
json_parse (ExprEval *eval, const ExprCall *call)
{
  ExprText *text = expr_to_text (eval, expr_arg (call, 0));
  g_autoptr (GError) error = NULL;
  JsonNode *node;
  ExprValue value;

  /* A node takes several times the room of its text. */
  if (!expr_eval_reserve (eval, text->size * 8) || !expr_eval_charge (eval, text->size / 8))
    return EXPR_VALUE_UNDEFINED;
  node = heddle_json_parse (text->bytes, (gssize) text->size, &error);
  if (node == NULL)
    return fail_parse (eval, error);

  expr_eval_keep (eval, node, text->size * 8);
  value = expr_from_node (eval, node);
  if (expr_arg (call, 1).type != EXPR_FUNCTION)
    return value;
  return revive (eval, call->args[1], expr_string (eval, "").text, value);
}

const ExprBuiltin expr_json_members[] = {
  { "parse", json_parse },
  { "stringify", json_stringify },
  { NULL },
};
