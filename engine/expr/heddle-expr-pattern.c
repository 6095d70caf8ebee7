/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-expr-pattern.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SPACES "\\s\\x{a0}\\x{feff}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}"

typedef enum
{
  NOTHING, /* nothing that a quantifier could repeat */
  ATOM,
  QUANTIFIED, /* a quantifier: only "?" may follow */
} State;

typedef struct
{
  const char *p;
  const char *end;
  gboolean unicode;
  gboolean dot_all;
  gboolean in_class;
  State state;
  GString *out;
  char **message;
} Translator;

static gboolean
refuse (Translator *translator, const char *message)
{
  *translator->message = g_strdup (message);
  return FALSE;
}

static gboolean
read_hex (const char *p, const char *end, guint digits, gunichar *value)
{
  *value = 0;
  if (end - p < (gssize) digits)
    return FALSE;
  for (guint i = 0; i < digits; i++)
    {
      int digit = g_ascii_xdigit_value (p[i]);

      if (digit < 0)
        return FALSE;
      *value = *value << 4 | (gunichar) digit;
    }
  return TRUE;
}

static void
append_code (Translator *translator, gunichar code)
{
  g_string_append_printf (translator->out, "\\x{%x}", code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
}

/* Behind "\u". */
static gboolean
translate_unicode (Translator *translator)
{
  gunichar unit, low;
  const char *close;

  if (translator->unicode && translator->p < translator->end && *translator->p == '{')
    {
      close = memchr (translator->p, '}', translator->end - translator->p);
      if (close == NULL || close - translator->p < 2 || close - translator->p > 7 || !read_hex (translator->p + 1, close, (guint) (close - translator->p - 1), &unit) || unit > 0x10ffff)
        return refuse (translator, _ ("a \\u{…} escape is not the number of a character"));
      translator->p = close + 1;
      append_code (translator, unit);
      return TRUE;
    }

  if (!read_hex (translator->p, translator->end, 4, &unit))
    {
      g_string_append_c (translator->out, 'u');
      return TRUE;
    }
  translator->p += 4;
  if (unit >= 0xd800 && unit < 0xdc00 && translator->end - translator->p >= 6 && memcmp (translator->p, "\\u", 2) == 0 &&
      read_hex (translator->p + 2, translator->end, 4, &low) && low >= 0xdc00 && low < 0xe000)
    {
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
      translator->p += 6;
    }
  append_code (translator, unit);
  return TRUE;
}

static gboolean
translate_hex (Translator *translator)
{
  gunichar code;

  if (read_hex (translator->p, translator->end, 2, &code))
    {
      translator->p += 2;
      append_code (translator, code);
    }
  else
    {
      g_string_append_c (translator->out, 'x');
    }
  return TRUE;
}

/* "\p{Script=Greek}" and "\p{General_Category=Lu}" are "\p{Greek}" and "\p{Lu}" in PCRE2. */
static gboolean
translate_property (Translator *translator, char letter)
{
  static const char *const names[][2] = {
    { "Letter", "L" },
    { "Lowercase_Letter", "Ll" },
    { "Uppercase_Letter", "Lu" },
    { "Titlecase_Letter", "Lt" },
    { "Modifier_Letter", "Lm" },
    { "Other_Letter", "Lo" },
    { "Mark", "M" },
    { "Number", "N" },
    { "Decimal_Number", "Nd" },
    { "Punctuation", "P" },
    { "Symbol", "S" },
    { "Currency_Symbol", "Sc" },
    { "Math_Symbol", "Sm" },
    { "Separator", "Z" },
    { "Space_Separator", "Zs" },
    { "Other", "C" },
    { "Control", "Cc" },
  };
  const char *close = translator->p < translator->end && *translator->p == '{' ? memchr (translator->p, '}', translator->end - translator->p) : NULL;
  g_autofree char *name = NULL;
  const char *value;

  if (!translator->unicode)
    {
      g_string_append_c (translator->out, letter);
      return TRUE;
    }
  if (close == NULL)
    return refuse (translator, _ ("\\p needs a property in braces"));

  name = g_strndup (translator->p + 1, close - translator->p - 1);
  value = strchr (name, '=') != NULL ? strchr (name, '=') + 1 : name;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (strcmp (names[i][0], value) == 0)
        value = names[i][1];
    }
  g_string_append_printf (translator->out, "\\%c{%s}", letter, value);
  translator->p = close + 1;
  return TRUE;
}

static gboolean
translate_named_reference (Translator *translator)
{
  const char *close = translator->p < translator->end && *translator->p == '<' ? memchr (translator->p, '>', translator->end - translator->p) : NULL;

  if (close == NULL)
    {
      g_string_append_c (translator->out, 'k');
      return TRUE;
    }
  g_string_append (translator->out, "\\k");
  g_string_append_len (translator->out, translator->p, close + 1 - translator->p);
  translator->p = close + 1;
  return TRUE;
}

static gboolean
translate_space (Translator *translator, gboolean negative)
{
  if (translator->in_class)
    g_string_append (translator->out, negative ? "\\S" : SPACES);
  else
    g_string_append (translator->out, negative ? "[^" SPACES "]" : "[" SPACES "]");
  return TRUE;
}

static gboolean
translate_other_escape (Translator *translator, const char *letter)
{
  gsize size = g_utf8_next_char (letter) - letter;

  if (g_ascii_isalnum (*letter))
    {
      if (translator->unicode)
        return refuse (translator, _ ("an escape is not known"));
      g_string_append_c (translator->out, *letter);
      return TRUE;
    }
  if ((guchar) *letter < 0x80)
    g_string_append_c (translator->out, '\\');
  g_string_append_len (translator->out, letter, size);
  translator->p = letter + size;
  return TRUE;
}

static gboolean
translate_escape (Translator *translator)
{
  const char *letter = ++translator->p;

  if (letter >= translator->end)
    return refuse (translator, _ ("\\ at the end of the pattern"));

  translator->p++;
  translator->state = !translator->in_class && (*letter == 'b' || *letter == 'B') ? NOTHING : ATOM;
  switch (*letter)
    {
    case 's':
    case 'S':
      return translate_space (translator, *letter == 'S');
    case 'v':
      append_code (translator, '\v');
      return TRUE;
    case '0':
      append_code (translator, 0);
      return TRUE;
    case 'x':
      return translate_hex (translator);
    case 'u':
      return translate_unicode (translator);
    case 'p':
    case 'P':
      return translate_property (translator, *letter);
    case 'k':
      return translate_named_reference (translator);
    default:
      if (strchr ("dDwWbBnrtfc123456789", *letter) == NULL)
        return translate_other_escape (translator, letter);
      g_string_append_printf (translator->out, "\\%c", *letter);
      return TRUE;
    }
}

static gboolean
translate_class_start (Translator *translator)
{
  gsize left = translator->end - translator->p;

  translator->state = ATOM;
  if (left >= 2 && translator->p[1] == ']')
    {
      g_string_append (translator->out, "(?!)");
      translator->p += 2;
      return TRUE;
    }
  if (left >= 3 && translator->p[1] == '^' && translator->p[2] == ']')
    {
      g_string_append (translator->out, "[\\s\\S]");
      translator->p += 3;
      return TRUE;
    }

  translator->in_class = TRUE;
  g_string_append_c (translator->out, *translator->p++);
  if (left >= 2 && *translator->p == '^')
    g_string_append_c (translator->out, *translator->p++);
  return TRUE;
}

static gboolean
translate_class_member (Translator *translator)
{
  char byte = *translator->p++;

  if (byte == '[')
    g_string_append_c (translator->out, '\\');
  translator->in_class = byte != ']';
  g_string_append_c (translator->out, byte);
  return TRUE;
}

static gboolean
translate_group (Translator *translator)
{
  static const char *const kinds[] = { "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?<" };
  gsize left = translator->end - translator->p;

  translator->state = NOTHING;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gsize size = strlen (kinds[i]);

      if (left < size || memcmp (translator->p, kinds[i], size) != 0)
        continue;
      g_string_append (translator->out, kinds[i]);
      translator->p += size;
      return TRUE;
    }
  if (left >= 2 && (translator->p[1] == '?' || translator->p[1] == '*'))
    return refuse (translator, _ ("this kind of group is not known"));
  g_string_append_c (translator->out, *translator->p++);
  return TRUE;
}

/* The length of "{2}", "{2,}" or "{2,3}" at p, 0 when the brace is only a brace. */
static gsize
braces_length (const Translator *translator)
{
  const char *p = translator->p + 1;
  const char *first = p;

  while (p < translator->end && g_ascii_isdigit (*p))
    p++;
  if (p == first)
    return 0;
  if (p < translator->end && *p == ',')
    p++;
  while (p < translator->end && g_ascii_isdigit (*p))
    p++;
  return p < translator->end && *p == '}' ? (gsize) (p + 1 - translator->p) : 0;
}

static gboolean
translate_quantifier (Translator *translator, gsize size)
{
  if (*translator->p == '?' && translator->state == QUANTIFIED)
    translator->state = NOTHING;
  else if (translator->state == ATOM)
    translator->state = QUANTIFIED;
  else
    return refuse (translator, _ ("there is nothing to repeat"));
  g_string_append_len (translator->out, translator->p, size);
  translator->p += size;
  return TRUE;
}

static gboolean
translate_plain (Translator *translator)
{
  gsize size = g_utf8_next_char (translator->p) - translator->p;

  translator->state = memchr ("^$|", *translator->p, 3) != NULL ? NOTHING : ATOM;
  if (*translator->p == '{')
    g_string_append_c (translator->out, '\\');
  g_string_append_len (translator->out, translator->p, size);
  translator->p += size;
  return TRUE;
}

static gboolean
translate_next (Translator *translator)
{
  char byte = *translator->p;

  if (byte == '\\')
    return translate_escape (translator);
  if (translator->in_class)
    return translate_class_member (translator);
  if (byte == '[')
    return translate_class_start (translator);
  if (byte == '(')
    return translate_group (translator);
  if (byte == '*' || byte == '+' || byte == '?')
    return translate_quantifier (translator, 1);
  if (byte == '{' && braces_length (translator) > 0)
    return translate_quantifier (translator, braces_length (translator));
  if (byte != '.' || translator->dot_all)
    return translate_plain (translator);

  translator->p++;
  translator->state = ATOM;
  g_string_append (translator->out, "[^\\n\\r\\x{2028}\\x{2029}]");
  return TRUE;
}

char *
expr_pattern_translate (const char *pattern, gsize size, gboolean unicode, gboolean dot_all, char **message)
{
  g_autoptr (GString) out = g_string_sized_new (size + 16);
  Translator translator = { .p = pattern, .end = pattern + size, .unicode = unicode, .dot_all = dot_all, .out = out, .message = message };

  while (translator.p < translator.end)
    {
      if (!translate_next (&translator))
        return NULL;
    }
  return g_strdup (out->str);
}
