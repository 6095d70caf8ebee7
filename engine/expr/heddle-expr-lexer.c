/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-expr-lexer.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "heddle-error.h"

/* Longest first, so that the first that fits is the right one. Assignments are here to be refused by name. */
static const char *const marks[] = {
  ">>>=",
  "===",
  "!==",
  "**=",
  "<<=",
  ">>=",
  ">>>",
  "&&=",
  "||=",
  "?\?=",
  "...",
  "=>",
  "==",
  "!=",
  "<=",
  ">=",
  "&&",
  "||",
  "??",
  "?.",
  "**",
  "<<",
  ">>",
  "++",
  "--",
  "+=",
  "-=",
  "*=",
  "/=",
  "%=",
  "&=",
  "|=",
  "^=",
  "{",
  "}",
  "(",
  ")",
  "[",
  "]",
  ".",
  ",",
  ";",
  "<",
  ">",
  "+",
  "-",
  "*",
  "/",
  "%",
  "&",
  "|",
  "^",
  "!",
  "~",
  "?",
  ":",
  "=",
  "`",
};

void
expr_lexer_init (ExprLexer *lexer, const char *source, guint32 start, guint32 end, GError **error)
{
  *lexer = (ExprLexer){ .source = source, .position = start, .end = end, .error = error };
  lexer->text = g_string_new (NULL);
}

void
expr_lexer_clear (ExprLexer *lexer)
{
  g_string_free (lexer->text, TRUE);
}

char *
expr_describe_place (const char *source, guint32 offset)
{
  guint line = 1, column = 1;

  for (guint32 i = 0; i < offset; i++)
    {
      if (source[i] == '\n')
        {
          line++;
          column = 1;
        }
      else
        {
          column += ((guchar) source[i] & 0xc0) != 0x80;
        }
    }

  if (line == 1)
    return g_strdup_printf (_ ("(column %u)"), column);
  return g_strdup_printf (_ ("(line %u, column %u)"), line, column);
}

gboolean
expr_lexer_fail (ExprLexer *lexer, guint32 at, const char *format, ...)
{
  g_autofree char *cause = NULL;
  g_autofree char *place = NULL;
  va_list args;

  if (lexer->failed)
    return FALSE;

  va_start (args, format);
  cause = g_strdup_vprintf (format, args);
  va_end (args);
  place = expr_describe_place (lexer->source, MIN (at, lexer->end));
  g_set_error (lexer->error, HEDDLE_ERROR, HEDDLE_ERROR_EXPRESSION, "%s %s", cause, place);
  lexer->failed = TRUE;
  return FALSE;
}

static char
byte_at (ExprLexer *lexer, guint32 position)
{
  return position < lexer->end ? lexer->source[position] : '\0';
}

static gunichar
char_at (ExprLexer *lexer, guint32 position)
{
  return position < lexer->end ? g_utf8_get_char (lexer->source + position) : 0;
}

static gboolean
begins (ExprLexer *lexer, const char *word)
{
  gsize size = strlen (word);

  return lexer->end - lexer->position >= size && memcmp (lexer->source + lexer->position, word, size) == 0;
}

static gboolean
skip_comment (ExprLexer *lexer)
{
  const char *from = lexer->source + lexer->position;
  const char *close;

  if (begins (lexer, "//"))
    {
      close = memchr (from, '\n', lexer->end - lexer->position);
      lexer->position = close != NULL ? (guint32) (close - lexer->source) : lexer->end;
      return TRUE;
    }
  if (!begins (lexer, "/*"))
    return FALSE;

  close = memmem (from + 2, lexer->end - lexer->position - 2, "*/", 2);
  if (close == NULL)
    return expr_lexer_fail (lexer, lexer->position, _ ("This comment is not closed"));
  lexer->position = (guint32) (close + 2 - lexer->source);
  return TRUE;
}

static void
skip_space (ExprLexer *lexer)
{
  while (lexer->position < lexer->end)
    {
      if (expr_is_space (char_at (lexer, lexer->position)))
        lexer->position = (guint32) (g_utf8_next_char (lexer->source + lexer->position) - lexer->source);
      else if (!skip_comment (lexer))
        return;
    }
}

static gboolean
starts_name (gunichar character)
{
  return character == '$' || character == '_' || (character < 0x80 ? g_ascii_isalpha ((char) character) : g_unichar_isalpha (character));
}

static gboolean
continues_name (gunichar character)
{
  return starts_name (character) || (character < 0x80 ? g_ascii_isdigit ((char) character) : g_unichar_isalnum (character) || g_unichar_ismark (character));
}

static gboolean
read_name (ExprLexer *lexer)
{
  lexer->token.kind = EXPR_TOKEN_NAME;
  while (lexer->position < lexer->end && continues_name (char_at (lexer, lexer->position)))
    lexer->position = (guint32) (g_utf8_next_char (lexer->source + lexer->position) - lexer->source);
  g_string_append_len (lexer->text, lexer->source + lexer->token.start, lexer->position - lexer->token.start);
  return TRUE;
}

/* Copies digits without the separators; each of those has to stand between two digits. */
static gboolean
read_digits (ExprLexer *lexer, int base)
{
  guint32 first = lexer->position;

  for (;;)
    {
      char byte = byte_at (lexer, lexer->position);
      int digit = g_ascii_xdigit_value (byte);

      if (byte == '_' && lexer->position > first && g_ascii_isxdigit (byte_at (lexer, lexer->position + 1)) && byte_at (lexer, lexer->position - 1) != '_')
        lexer->position++;
      else if (digit >= 0 && digit < base)
        g_string_append_c (lexer->text, lexer->source[lexer->position++]);
      else
        return lexer->position > first;
    }
}

static gboolean
read_radix_number (ExprLexer *lexer, int base)
{
  double sum = 0;

  lexer->position += 2;
  if (!read_digits (lexer, base))
    return expr_lexer_fail (lexer, lexer->position, _ ("A digit is missing in this number"));
  for (gsize i = 0; i < lexer->text->len; i++)
    sum = sum * base + g_ascii_xdigit_value (lexer->text->str[i]);
  lexer->token.number = sum;
  return TRUE;
}

static gboolean
read_exponent (ExprLexer *lexer)
{
  char sign = byte_at (lexer, lexer->position + 1);

  g_string_append_c (lexer->text, 'e');
  lexer->position++;
  if (sign == '+' || sign == '-')
    {
      g_string_append_c (lexer->text, sign);
      lexer->position++;
    }
  return read_digits (lexer, 10) || expr_lexer_fail (lexer, lexer->position, _ ("A digit is missing in this number"));
}

static gboolean
read_decimal_number (ExprLexer *lexer)
{
  read_digits (lexer, 10);
  if (lexer->text->len > 1 && lexer->text->str[0] == '0')
    return expr_lexer_fail (lexer, lexer->token.start, _ ("A number cannot begin with 0"));
  if (byte_at (lexer, lexer->position) == '.')
    {
      lexer->position++;
      g_string_append_c (lexer->text, '.');
      read_digits (lexer, 10);
    }
  if ((byte_at (lexer, lexer->position) | 0x20) == 'e' && !read_exponent (lexer))
    return FALSE;
  lexer->token.number = g_ascii_strtod (lexer->text->str, NULL);
  return TRUE;
}

static gboolean
read_number (ExprLexer *lexer)
{
  char letter = byte_at (lexer, lexer->position + 1) | 0x20;
  int base = letter == 'x' ? 16 : letter == 'o' ? 8
                                : letter == 'b' ? 2
                                                : 10;
  gboolean read;

  lexer->token.kind = EXPR_TOKEN_NUMBER;
  if (byte_at (lexer, lexer->position) == '0' && base != 10)
    read = read_radix_number (lexer, base);
  else
    read = read_decimal_number (lexer);

  if (read && continues_name (char_at (lexer, lexer->position)))
    return expr_lexer_fail (lexer, lexer->position, _ ("A number cannot continue with a letter"));
  return read;
}

static gboolean
read_hex (ExprLexer *lexer, guint count, gunichar *value)
{
  *value = 0;
  for (guint i = 0; i < count; i++)
    {
      int digit = g_ascii_xdigit_value (byte_at (lexer, lexer->position));

      if (digit < 0)
        return expr_lexer_fail (lexer, lexer->position, _ ("This escape needs %u hexadecimal digits"), count);
      *value = *value << 4 | (gunichar) digit;
      lexer->position++;
    }
  return TRUE;
}

static gboolean
read_braced_hex (ExprLexer *lexer, gunichar *value)
{
  guint32 first = ++lexer->position;

  *value = 0;
  while (g_ascii_isxdigit (byte_at (lexer, lexer->position)) && *value <= 0x10ffff)
    *value = *value << 4 | (gunichar) g_ascii_xdigit_value (lexer->source[lexer->position++]);
  if (lexer->position == first || byte_at (lexer, lexer->position) != '}' || *value > 0x10ffff)
    return expr_lexer_fail (lexer, first, _ ("This is not the number of a character"));
  lexer->position++;
  return TRUE;
}

/* Behind "\u". A pair of surrogates makes one character, a lone one cannot be kept. */
static gboolean
read_unicode_escape (ExprLexer *lexer)
{
  gunichar unit, low;

  if (!(byte_at (lexer, lexer->position) == '{' ? read_braced_hex (lexer, &unit) : read_hex (lexer, 4, &unit)))
    return FALSE;

  if (unit >= 0xd800 && unit < 0xdc00 && begins (lexer, "\\u") && byte_at (lexer, lexer->position + 2) != '{')
    {
      guint32 before = lexer->position;

      lexer->position += 2;
      if (!read_hex (lexer, 4, &low))
        return FALSE;
      if (low >= 0xdc00 && low < 0xe000)
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
      else
        lexer->position = before;
    }
  g_string_append_unichar (lexer->text, unit >= 0xd800 && unit < 0xe000 ? 0xfffd : unit);
  return TRUE;
}

static gboolean
read_escape (ExprLexer *lexer)
{
  static const char letters[] = "bfnrtv0";
  static const char meanings[] = "\b\f\n\r\t\v\0";
  guint32 at = lexer->position++;
  char letter = byte_at (lexer, lexer->position);
  const char *found = letter != '\0' ? strchr (letters, letter) : NULL;
  gunichar value;

  if (lexer->position >= lexer->end)
    return expr_lexer_fail (lexer, at, _ ("This text is not closed"));
  if (g_ascii_isdigit (letter) && (letter != '0' || g_ascii_isdigit (byte_at (lexer, lexer->position + 1))))
    return expr_lexer_fail (lexer, at, _ ("Octal escapes are not supported"));

  lexer->position++;
  if (letter == 'u')
    return read_unicode_escape (lexer);
  if (letter == 'x')
    {
      if (!read_hex (lexer, 2, &value))
        return FALSE;
      g_string_append_unichar (lexer->text, value);
    }
  else if (found != NULL)
    g_string_append_c (lexer->text, meanings[found - letters]);
  else if (letter == '\r')
    lexer->position += byte_at (lexer, lexer->position) == '\n';
  else if (letter != '\n')
    g_string_append_c (lexer->text, letter);
  return TRUE;
}

static gboolean
read_string (ExprLexer *lexer)
{
  char quote = lexer->source[lexer->position++];

  lexer->token.kind = EXPR_TOKEN_STRING;
  while (lexer->position < lexer->end && lexer->source[lexer->position] != quote && lexer->source[lexer->position] != '\n')
    {
      if (lexer->source[lexer->position] != '\\')
        g_string_append_c (lexer->text, lexer->source[lexer->position++]);
      else if (!read_escape (lexer))
        return FALSE;
    }
  if (byte_at (lexer, lexer->position) != quote)
    return expr_lexer_fail (lexer, lexer->token.start, _ ("This text is not closed"));
  lexer->position++;
  return TRUE;
}

gboolean
expr_lexer_read_template (ExprLexer *lexer, gboolean *ended)
{
  guint32 opening = lexer->position - 1;

  g_string_truncate (lexer->text, 0);
  while (lexer->position < lexer->end)
    {
      char byte = lexer->source[lexer->position];

      *ended = byte == '`';
      if (*ended || begins (lexer, "${"))
        {
          lexer->position += *ended ? 1 : 2;
          return TRUE;
        }
      if (byte == '\\')
        {
          if (!read_escape (lexer))
            return FALSE;
          continue;
        }
      lexer->position++;
      /* A line break is always one line feed in a template literal. */
      if (byte != '\r')
        g_string_append_c (lexer->text, byte);
      else if (byte_at (lexer, lexer->position) != '\n')
        g_string_append_c (lexer->text, '\n');
    }
  return expr_lexer_fail (lexer, opening, _ ("This text is not closed"));
}

gboolean
expr_lexer_read_regexp (ExprLexer *lexer, guint32 *pattern_end)
{
  gboolean in_class = FALSE;

  lexer->position = lexer->token.start + 1;
  for (;;)
    {
      char byte = byte_at (lexer, lexer->position);

      if (lexer->position >= lexer->end || byte == '\n')
        return expr_lexer_fail (lexer, lexer->token.start, _ ("This regular expression is not closed"));
      if (byte == '/' && !in_class)
        break;
      if (byte == '\\' && lexer->position + 1 < lexer->end)
        lexer->position++;
      else if (byte == '[')
        in_class = TRUE;
      else if (byte == ']')
        in_class = FALSE;
      lexer->position++;
    }

  *pattern_end = lexer->position++;
  while (continues_name (char_at (lexer, lexer->position)) && lexer->position < lexer->end)
    lexer->position++;
  return TRUE;
}

static gboolean
read_mark (ExprLexer *lexer)
{
  lexer->token.kind = EXPR_TOKEN_MARK;
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      if (!begins (lexer, marks[i]))
        continue;
      /* In "a?.5:1" the point belongs to the number. */
      if (strcmp (marks[i], "?.") == 0 && g_ascii_isdigit (byte_at (lexer, lexer->position + 2)))
        continue;
      lexer->token.mark = marks[i];
      lexer->position += strlen (marks[i]);
      return TRUE;
    }

  g_string_append_unichar (lexer->text, char_at (lexer, lexer->position));
  return expr_lexer_fail (lexer, lexer->position, _ ("“%s” is not part of an expression"), lexer->text->str);
}

gboolean
expr_lexer_next (ExprLexer *lexer)
{
  ExprToken *token = &lexer->token;
  char byte;
  gboolean read;

  if (lexer->failed)
    return FALSE;

  skip_space (lexer);
  if (lexer->failed)
    return FALSE;
  g_string_truncate (lexer->text, 0);
  *token = (ExprToken){ .start = lexer->position, .text = lexer->text };
  byte = byte_at (lexer, lexer->position);

  if (lexer->position >= lexer->end)
    read = TRUE;
  else if (g_ascii_isdigit (byte) || (byte == '.' && g_ascii_isdigit (byte_at (lexer, lexer->position + 1))))
    read = read_number (lexer);
  else if (byte == '"' || byte == '\'')
    read = read_string (lexer);
  else if (starts_name (char_at (lexer, lexer->position)))
    read = read_name (lexer);
  else
    read = read_mark (lexer);
  token->end = lexer->position;
  return read;
}
