/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/heddle-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "heddle-error.h"

typedef struct
{
  const char *start;
  const char *cursor;
  const char *end;
  guint depth;
  GString *scratch; /* the string being unescaped */
  GError **error;
} Reader;

static JsonNode *read_value (Reader *reader);

static void
locate (Reader *reader, const char *at, guint *line, guint *column)
{
  const char *line_start = reader->start;

  *line = 1;
  for (const char *p = reader->start; p < at; p++)
    {
      if (*p == '\n')
        {
          (*line)++;
          line_start = p + 1;
        }
    }

  /* Bytes that continue a character do not count. */
  *column = 1;
  for (const char *p = line_start; p < at; p++)
    *column += ((guchar) *p & 0xc0) != 0x80;
}

static gboolean
fail_at (Reader *reader, const char *at, HeddleErrorCode code, const char *cause)
{
  guint line, column;

  locate (reader, at, &line, &column);
  /* Translators: %s is one of the sentences about JSON without a full stop. */
  g_set_error (reader->error, HEDDLE_ERROR, code, _ ("%s (line %u, column %u)."), cause, line, column);
  return FALSE;
}

static gboolean
fail (Reader *reader, const char *cause)
{
  return fail_at (reader, reader->cursor, HEDDLE_ERROR_INVALID, cause);
}

static gboolean
fail_value (Reader *reader)
{
  return fail (reader, reader->cursor >= reader->end ? _ ("The JSON text ends too early") : _ ("This is not a JSON value"));
}

static char
peek (Reader *reader)
{
  return reader->cursor < reader->end ? *reader->cursor : '\0';
}

static void
skip_space (Reader *reader)
{
  while (reader->cursor < reader->end && strchr (" \t\r\n", *reader->cursor) != NULL && *reader->cursor != '\0')
    reader->cursor++;
}

static gboolean
read_hex (Reader *reader, gunichar *unit)
{
  *unit = 0;
  if (reader->end - reader->cursor < 4)
    return fail (reader, _ ("The \\u escape needs four hexadecimal digits"));

  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (reader->cursor[i]);

      if (digit < 0)
        return fail (reader, _ ("The \\u escape needs four hexadecimal digits"));
      *unit = *unit << 4 | (gunichar) digit;
    }
  reader->cursor += 4;
  return TRUE;
}

/* Surrogates that pair make one character; a lone one and NUL cannot be in a C string. */
static gboolean
read_unicode_escape (Reader *reader)
{
  gunichar unit, low;

  if (!read_hex (reader, &unit))
    return FALSE;

  if (unit >= 0xd800 && unit < 0xdc00 && reader->end - reader->cursor >= 6 && reader->cursor[0] == '\\' && reader->cursor[1] == 'u')
    {
      const char *before = reader->cursor;

      reader->cursor += 2;
      if (!read_hex (reader, &low))
        return FALSE;
      if (low >= 0xdc00 && low < 0xe000)
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
      else
        reader->cursor = before;
    }

  if (unit == 0 || (unit >= 0xd800 && unit < 0xe000))
    unit = 0xfffd;
  g_string_append_unichar (reader->scratch, unit);
  return TRUE;
}

static gboolean
read_escape (Reader *reader)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  const char *found;
  char letter;

  reader->cursor++;
  letter = peek (reader);
  if (letter == 'u')
    {
      reader->cursor++;
      return read_unicode_escape (reader);
    }

  found = letter != '\0' ? strchr (letters, letter) : NULL;
  if (found == NULL)
    return fail (reader, _ ("This escape is not known in JSON"));
  reader->cursor++;
  g_string_append_c (reader->scratch, meanings[found - letters]);
  return TRUE;
}

/* Leaves the contents in scratch. The cursor is on the opening quote. */
static gboolean
read_string (Reader *reader)
{
  const char *opening = reader->cursor++;

  g_string_truncate (reader->scratch, 0);
  while (reader->cursor < reader->end)
    {
      const char *run = reader->cursor;

      while (reader->cursor < reader->end && (guchar) *reader->cursor >= 0x20 && *reader->cursor != '"' && *reader->cursor != '\\')
        reader->cursor++;
      g_string_append_len (reader->scratch, run, reader->cursor - run);

      if (reader->cursor >= reader->end)
        break;
      if (*reader->cursor == '"')
        {
          reader->cursor++;
          return TRUE;
        }
      if (*reader->cursor != '\\')
        return fail (reader, _ ("A line break or control character inside a JSON string must be escaped"));
      if (!read_escape (reader))
        return FALSE;
    }
  return fail_at (reader, opening, HEDDLE_ERROR_INVALID, _ ("This JSON string is not closed"));
}

static gboolean
skip_digits (Reader *reader)
{
  const char *first = reader->cursor;

  while (g_ascii_isdigit (peek (reader)))
    reader->cursor++;
  return reader->cursor > first || fail (reader, _ ("A digit is missing in this JSON number"));
}

/* Checks the grammar and tells whether the number has neither fraction nor exponent. */
static gboolean
scan_number (Reader *reader, gboolean *is_integer)
{
  *is_integer = TRUE;
  if (peek (reader) == '-')
    reader->cursor++;
  if (peek (reader) == '0')
    reader->cursor++;
  else if (!skip_digits (reader))
    return FALSE;

  if (peek (reader) == '.')
    {
      *is_integer = FALSE;
      reader->cursor++;
      if (!skip_digits (reader))
        return FALSE;
    }

  if (peek (reader) == 'e' || peek (reader) == 'E')
    {
      *is_integer = FALSE;
      reader->cursor++;
      if (peek (reader) == '+' || peek (reader) == '-')
        reader->cursor++;
      return skip_digits (reader);
    }
  return TRUE;
}

/* FALSE when it does not fit; "-0" is left to the double, which has a sign for it. */
static gboolean
to_int64 (const char *digits, gsize length, gint64 *value)
{
  gboolean negative = digits[0] == '-';
  gint64 sum = 0;

  for (gsize i = negative; i < length; i++)
    {
      if (__builtin_mul_overflow (sum, 10, &sum) || __builtin_sub_overflow (sum, digits[i] - '0', &sum))
        return FALSE;
    }
  if (negative ? sum == 0 : sum == G_MININT64)
    return FALSE;
  *value = negative ? sum : -sum;
  return TRUE;
}

static JsonNode *
read_number (Reader *reader)
{
  const char *first = reader->cursor;
  gboolean is_integer;
  gint64 integer;
  double number;
  gsize length;

  if (!scan_number (reader, &is_integer))
    return NULL;

  length = reader->cursor - first;
  if (is_integer && to_int64 (first, length, &integer))
    return heddle_json_int (integer);

  /* The text may end right behind the number, so strtod gets a copy with an end. */
  g_string_truncate (reader->scratch, 0);
  g_string_append_len (reader->scratch, first, length);
  number = g_ascii_strtod (reader->scratch->str, NULL);
  if (isfinite (number))
    return heddle_json_double (number);

  fail_at (reader, first, HEDDLE_ERROR_INVALID, _ ("This JSON number is too large to be kept"));
  return NULL;
}

static JsonNode *
read_word (Reader *reader, const char *word, JsonNode *(*make) (void) )
{
  gsize length = strlen (word);

  if ((gsize) (reader->end - reader->cursor) < length || memcmp (reader->cursor, word, length) != 0)
    {
      fail_value (reader);
      return NULL;
    }
  reader->cursor += length;
  return make ();
}

static JsonNode *
make_true (void)
{
  return heddle_json_boolean (TRUE);
}

static JsonNode *
make_false (void)
{
  return heddle_json_boolean (FALSE);
}

/* After one element: TRUE with *more, or an error. */
static gboolean
read_separator (Reader *reader, char closing, gboolean *more)
{
  skip_space (reader);
  *more = peek (reader) == ',';
  if (!*more && peek (reader) != closing)
    {
      if (reader->cursor >= reader->end)
        return fail (reader, _ ("The JSON text ends too early"));
      return fail (reader, closing == ']' ? _ ("A comma or ] is missing here") : _ ("A comma or } is missing here"));
    }
  reader->cursor++;
  skip_space (reader);
  return TRUE;
}

static gboolean
enter (Reader *reader)
{
  if (++reader->depth > HEDDLE_JSON_MAX_DEPTH)
    return fail_at (reader, reader->cursor, HEDDLE_ERROR_LIMIT, _ ("The JSON text is nested too deeply"));
  reader->cursor++;
  skip_space (reader);
  return TRUE;
}

static gboolean
read_elements (Reader *reader, JsonArray *array)
{
  gboolean more = peek (reader) != ']';

  if (!more)
    reader->cursor++;
  while (more)
    {
      JsonNode *element = read_value (reader);

      if (element == NULL)
        return FALSE;
      json_array_add_element (array, element);
      if (!read_separator (reader, ']', &more))
        return FALSE;
    }
  return TRUE;
}

static JsonNode *
read_array (Reader *reader)
{
  g_autoptr (JsonArray) array = json_array_new ();

  if (!enter (reader) || !read_elements (reader, array))
    return NULL;
  reader->depth--;
  return heddle_json_array (g_steal_pointer (&array));
}

static gboolean
read_member (Reader *reader, JsonObject *object)
{
  g_autofree char *name = NULL;
  JsonNode *value;

  if (peek (reader) != '"')
    return fail (reader, reader->cursor < reader->end ? _ ("A member name in double quotes is missing here") : _ ("The JSON text ends too early"));
  if (!read_string (reader))
    return FALSE;
  name = g_strndup (reader->scratch->str, reader->scratch->len);

  skip_space (reader);
  if (peek (reader) != ':')
    return fail (reader, _ ("A colon is missing behind the member name"));
  reader->cursor++;
  skip_space (reader);

  value = read_value (reader);
  if (value == NULL)
    return FALSE;
  json_object_set_member (object, name, value);
  return TRUE;
}

static JsonNode *
read_object (Reader *reader)
{
  g_autoptr (JsonObject) object = json_object_new ();
  gboolean more;

  if (!enter (reader))
    return NULL;

  more = peek (reader) != '}';
  if (!more)
    reader->cursor++;
  while (more)
    {
      if (!read_member (reader, object) || !read_separator (reader, '}', &more))
        return NULL;
    }
  reader->depth--;
  return heddle_json_object (g_steal_pointer (&object));
}

static JsonNode *
read_string_value (Reader *reader)
{
  JsonNode *node;

  if (!read_string (reader))
    return NULL;
  node = json_node_init_string (json_node_alloc (), reader->scratch->str);
  json_node_seal (node);
  return node;
}

static JsonNode *
read_value (Reader *reader)
{
  switch (peek (reader))
    {
    case '{':
      return read_object (reader);
    case '[':
      return read_array (reader);
    case '"':
      return read_string_value (reader);
    case 't':
      return read_word (reader, "true", make_true);
    case 'f':
      return read_word (reader, "false", make_false);
    case 'n':
      return read_word (reader, "null", heddle_json_null);
    default:
      if (peek (reader) == '-' || g_ascii_isdigit (peek (reader)))
        return read_number (reader);
      fail_value (reader);
      return NULL;
    }
}

static JsonNode *
read_text (Reader *reader)
{
  g_autoptr (JsonNode) node = NULL;

  skip_space (reader);
  node = read_value (reader);
  if (node == NULL)
    return NULL;

  skip_space (reader);
  if (reader->cursor < reader->end)
    {
      fail (reader, _ ("There is more text behind the JSON value"));
      return NULL;
    }
  return g_steal_pointer (&node);
}

JsonNode *
heddle_json_parse_limited (const char *text, gssize length, gsize max_bytes, GError **error)
{
  gsize size;
  Reader reader = { .start = text, .cursor = text, .error = error };
  g_autoptr (GString) scratch = NULL;
  const char *invalid;

  g_return_val_if_fail (text != NULL, NULL);

  size = length < 0 ? strlen (text) : (gsize) length;
  if (size > max_bytes)
    {
      g_autofree char *limit = g_format_size_full (max_bytes, G_FORMAT_SIZE_IEC_UNITS);

      g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The JSON text is larger than the limit of %s."), limit);
      return NULL;
    }

  reader.end = text + size;
  if (!g_utf8_validate_len (text, size, &invalid))
    {
      fail_at (&reader, invalid, HEDDLE_ERROR_INVALID, _ ("The JSON text is not valid UTF-8"));
      return NULL;
    }

  if (size >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    reader.cursor += 3;
  scratch = g_string_sized_new (256);
  reader.scratch = scratch;
  return read_text (&reader);
}

JsonNode *
heddle_json_parse (const char *text, gssize length, GError **error)
{
  return heddle_json_parse_limited (text, length, HEDDLE_JSON_MAX_BYTES, error);
}
