/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/heddle-http-mask.h"

#include <string.h>

#define MASK "•••"
#define MIN_LENGTH 4
/* Of a secret shorter than that, the code could be in any text. */
#define MIN_ENCODED_LENGTH 8
/* JSON in JSON in JSON doubles them each time. */
#define MAX_BACKSLASHES 8
#define MAX_ENTITY_LENGTH 8
/* The text ends where a secret may have begun. */
#define PARTIAL -1

struct _HeddleHttpMask
{
  GPtrArray *secrets; /* char* */
  GString *waiting;   /* end of a stream so far that may begin a secret */
  gboolean may_begin[256];
};

static void
wipe (gpointer data)
{
  explicit_bzero (data, strlen (data));
  g_free (data);
}

HeddleHttpMask *
heddle_http_mask_new (void)
{
  HeddleHttpMask *self = g_new0 (HeddleHttpMask, 1);

  self->secrets = g_ptr_array_new_with_free_func (wipe);
  self->waiting = g_string_new (NULL);
  return self;
}

void
heddle_http_mask_free (HeddleHttpMask *self)
{
  g_ptr_array_unref (self->secrets);
  explicit_bzero (self->waiting->str, self->waiting->len);
  g_string_free (self->waiting, TRUE);
  g_free (self);
}

/* Takes secret. */
static void
take_secret (HeddleHttpMask *self, char *secret)
{
  if (strlen (secret) < MIN_LENGTH || g_ptr_array_find_with_equal_func (self->secrets, secret, g_str_equal, NULL))
    {
      wipe (secret);
      return;
    }
  self->may_begin[(guchar) *secret] = TRUE;
  if (*secret == ' ')
    self->may_begin['+'] = TRUE;
  for (const char *sign = "%\\&"; *sign != '\0'; sign++)
    self->may_begin[(guchar) *sign] = TRUE;
  g_ptr_array_add (self->secrets, secret);
}

static void
add_secret (HeddleHttpMask *self, const char *secret)
{
  char *code;

  take_secret (self, g_strdup (secret));
  if (strlen (secret) < MIN_ENCODED_LENGTH)
    return;
  code = g_base64_encode ((const guchar *) secret, strlen (secret));
  g_strdelimit (code, "=", '\0');
  take_secret (self, g_strdup (code));
  g_strdelimit (code, "+", '-');
  take_secret (self, g_strdelimit (code, "/", '_'));
}

/* "user:password", and the password alone. */
static void
add_basic (HeddleHttpMask *self, const char *code)
{
  gsize length;
  g_autofree guchar *decoded = g_base64_decode (code, &length);
  char *pair = g_strndup ((const char *) decoded, length);
  const char *colon = strchr (pair, ':');

  if (colon != NULL)
    {
      add_secret (self, pair);
      add_secret (self, colon + 1);
    }
  wipe (pair);
  explicit_bzero (decoded, length);
}

void
heddle_http_mask_add (HeddleHttpMask *self, const char *value)
{
  const char *space = strchr (value, ' ');

  add_secret (self, space != NULL ? space + 1 : value);
  if (g_ascii_strncasecmp (value, "Basic ", strlen ("Basic ")) == 0)
    add_basic (self, space + 1);
}

/* Digits of a number to base 16; -1 where there is something else. */
static int
read_hexadecimal (const char *digits, gsize n_digits)
{
  int value = 0;

  for (gsize i = 0; i < n_digits; i++)
    {
      int digit = g_ascii_xdigit_value (digits[i]);

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }
  return value;
}

/*
 * The functions below match one sign of a secret in one spelling. They give how many bytes of the text it is, 0 where it is
 * not there, or PARTIAL; step is how many bytes of the secret that was.
 */
static gssize
match_percent (const char *text, gsize length, const char *secret)
{
  if (length < 3)
    return read_hexadecimal (text + 1, length - 1) >= 0 ? PARTIAL : 0;
  return read_hexadecimal (text + 1, 2) == (guchar) *secret ? 3 : 0;
}

static gssize
match_code_point (gunichar code, gssize used, const char *secret, gsize *step)
{
  char bytes[6];
  gsize n_bytes = g_unichar_validate (code) ? g_unichar_to_utf8 (code, bytes) : 0;

  if (n_bytes == 0 || strncmp (secret, bytes, n_bytes) != 0)
    return 0;
  *step = n_bytes;
  return used;
}

static gssize
match_backslash (const char *text, gsize length, const char *secret, gsize *step)
{
  gsize count = 1;

  if (*secret == '\\')
    return length < 2 ? PARTIAL : text[1] == '\\' ? 2
                                                  : 0;
  while (count < length && count < MAX_BACKSLASHES && text[count] == '\\')
    count++;
  if (count == length)
    return PARTIAL;
  if (text[count] == *secret && strchr ("\"/'", *secret) != NULL)
    return count + 1;
  if (text[count] != 'u')
    return 0;
  if (length < count + 5)
    return read_hexadecimal (text + count + 1, length - count - 1) >= 0 ? PARTIAL : 0;
  return match_code_point ((gunichar) read_hexadecimal (text + count + 1, 4), count + 5, secret, step);
}

/* "#39", "#x2F", "amp"; 0: none that is known. */
static gunichar
read_entity (const char *name)
{
  static const struct
  {
    const char *name;
    gunichar code;
  } entities[] = { { "amp", '&' }, { "quot", '"' }, { "lt", '<' }, { "gt", '>' }, { "apos", '\'' }, { "nbsp", ' ' } };

  if (*name == '#')
    return (gunichar) (g_ascii_tolower (name[1]) == 'x' ? g_ascii_strtoull (name + 2, NULL, 16) : g_ascii_strtoull (name + 1, NULL, 10));
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    {
      if (strcmp (entities[i].name, name) == 0)
        return entities[i].code;
    }
  return 0;
}

static gssize
match_entity (const char *text, gsize length, const char *secret, gsize *step)
{
  gsize part = MIN (length, MAX_ENTITY_LENGTH);
  const char *end = memchr (text, ';', part);
  g_autofree char *name = NULL;

  if (end == NULL)
    return part == length ? PARTIAL : 0;
  name = g_strndup (text + 1, end - text - 1);
  return match_code_point (read_entity (name), end + 1 - text, secret, step);
}

static gssize
match_sign (const char *text, gsize length, const char *secret, gsize *step)
{
  gssize used = 0;

  *step = 1;
  if (length == 0)
    return PARTIAL;
  if (*text == '%')
    used = match_percent (text, length, secret);
  else if (*text == '\\')
    used = match_backslash (text, length, secret, step);
  else if (*text == '&')
    used = match_entity (text, length, secret, step);
  else if (*text == '+' && *secret == ' ')
    used = 1;
  return used == 0 && *text == *secret ? 1 : used;
}

/* Signs may be spelled differently within one secret. */
static gssize
match_spelled (const char *text, gsize length, const char *secret)
{
  gsize at = 0;
  gsize step;

  for (; *secret != '\0'; secret += step)
    {
      gssize used = match_sign (text + at, length - at, secret, &step);

      if (used <= 0)
        return used;
      at += used;
    }
  return at;
}

/* As it is, also one that looks like an escape. */
static gssize
match_plain (const char *text, gsize length, const char *secret)
{
  gsize size = strlen (secret);

  if (memcmp (text, secret, MIN (length, size)) != 0)
    return 0;
  return length < size ? PARTIAL : (gssize) size;
}

/* The longest: a secret that contains another is gone as a whole. */
static gssize
match_any (HeddleHttpMask *self, const char *text, gsize length, gboolean is_end)
{
  gssize longest = 0;

  for (guint i = 0; i < self->secrets->len; i++)
    {
      const char *secret = g_ptr_array_index (self->secrets, i);
      gssize found[] = { match_plain (text, length, secret), match_spelled (text, length, secret) };

      if (!is_end && (found[0] == PARTIAL || found[1] == PARTIAL))
        return PARTIAL;
      longest = MAX (longest, MAX (found[0], found[1]));
    }
  return longest;
}

/* Adds text without secrets to out; gives how much of it that was: the rest may begin one, unless it is the end. */
static gsize
mask (HeddleHttpMask *self, const char *text, gsize length, gboolean is_end, GString *out)
{
  gsize done = 0;
  gsize at = 0;

  while (at < length)
    {
      gssize found = self->may_begin[(guchar) text[at]] ? match_any (self, text + at, length - at, is_end) : 0;

      if (found == PARTIAL)
        break;
      if (found > 0)
        {
          g_string_append_len (out, text + done, at - done);
          g_string_append (out, MASK);
          done = at + found;
        }
      at += found > 0 ? found : 1;
    }
  g_string_append_len (out, text + done, at - done);
  return at;
}

GBytes *
heddle_http_mask_bytes (HeddleHttpMask *self, GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  GString *out;

  if (self->secrets->len == 0 || size == 0)
    return g_bytes_ref (bytes);
  out = g_string_sized_new (size);
  mask (self, data, size, TRUE, out);
  return g_string_free_to_bytes (out);
}

char *
heddle_http_mask_text (HeddleHttpMask *self, const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  mask (self, text, strlen (text), TRUE, out);
  return g_utf8_make_valid (out->str, out->len);
}

static void
hand_on (HeddleHttpMask *self, gboolean is_end, HeddleHttpMaskFunc func, gpointer user_data)
{
  g_autoptr (GString) out = g_string_new (NULL);
  gsize done = mask (self, self->waiting->str, self->waiting->len, is_end, out);

  g_string_erase (self->waiting, 0, done);
  if (out->len > 0)
    func (out->str, out->len, user_data);
}

void
heddle_http_mask_feed (HeddleHttpMask *self, const char *data, gsize length, HeddleHttpMaskFunc func, gpointer user_data)
{
  if (self->secrets->len == 0)
    {
      func (data, length, user_data);
      return;
    }
  g_string_append_len (self->waiting, data, length);
  hand_on (self, FALSE, func, user_data);
}

void
heddle_http_mask_end (HeddleHttpMask *self, HeddleHttpMaskFunc func, gpointer user_data)
{
  hand_on (self, TRUE, func, user_data);
}
