/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-expr-eval.h"

#define URI_MARKS "-_.!~*'()"
#define URI_RESERVED ";/?:@&=+$,#"

static ExprValue
encode (ExprEval *eval, const ExprCall *call, const char *kept)
{
  ExprText *text = expr_to_text (eval, expr_arg (call, 0));
  GString *out;

  if (!expr_eval_reserve (eval, text->size * 3) || !expr_eval_charge (eval, text->size / 16))
    return EXPR_VALUE_UNDEFINED;
  out = g_string_sized_new (text->size);
  for (gsize i = 0; i < text->size; i++)
    {
      guchar byte = text->bytes[i];

      if (g_ascii_isalnum (byte) || (byte != '\0' && strchr (kept, byte) != NULL))
        g_string_append_c (out, byte);
      else
        g_string_append_printf (out, "%%%02X", byte);
    }
  return expr_text_value (expr_text_take (eval, out));
}

/* NUL is a character here. */
static gboolean
is_valid (const GString *text)
{
  const char *p = text->str, *end = text->str + text->len;

  while (!g_utf8_validate_len (p, end - p, &p))
    {
      if (*p++ != '\0')
        return FALSE;
    }
  return TRUE;
}

/* kept: the escapes of these characters stay escapes. */
static ExprValue
decode (ExprEval *eval, const ExprCall *call, const char *kept)
{
  ExprText *text = expr_to_text (eval, expr_arg (call, 0));
  g_autoptr (GString) out = g_string_sized_new (text->size);

  expr_eval_charge (eval, text->size / 16);
  for (gsize i = 0; i < text->size; i++)
    {
      int high, low;
      char byte;

      if (text->bytes[i] != '%')
        {
          g_string_append_c (out, text->bytes[i]);
          continue;
        }
      high = text->size - i > 2 ? g_ascii_xdigit_value (text->bytes[i + 1]) : -1;
      low = text->size - i > 2 ? g_ascii_xdigit_value (text->bytes[i + 2]) : -1;
      if (high < 0 || low < 0)
        return expr_eval_fail (eval, _ ("A %% in an encoded text must be followed by two hexadecimal digits"));
      byte = (char) (high << 4 | low);
      if (byte != '\0' && strchr (kept, byte) != NULL)
        g_string_append_len (out, text->bytes + i, 3);
      else
        g_string_append_c (out, byte);
      i += 2;
    }

  if (!is_valid (out))
    return expr_eval_fail (eval, _ ("The encoded text is not UTF-8"));
  return expr_text_value (expr_text_copy (eval, out->str, out->len));
}

ExprValue
expr_encode_uri (ExprEval *eval, const ExprCall *call)
{
  return encode (eval, call, URI_MARKS URI_RESERVED);
}

ExprValue
expr_encode_uri_component (ExprEval *eval, const ExprCall *call)
{
  return encode (eval, call, URI_MARKS);
}

ExprValue
expr_decode_uri (ExprEval *eval, const ExprCall *call)
{
  return decode (eval, call, URI_RESERVED);
}

ExprValue
expr_decode_uri_component (ExprEval *eval, const ExprCall *call)
{
  return decode (eval, call, "");
}
