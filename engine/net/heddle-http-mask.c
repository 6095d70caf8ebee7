/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/heddle-http-mask.h"

#include "value/heddle-json.h"

#include <string.h>

#define MASK "•••"
#define MIN_LENGTH 4

struct _HeddleHttpMask
{
  GPtrArray *secrets; /* char*, the longest first */
  GString *waiting;   /* end of a stream so far that may begin a secret */
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
  g_string_free (self->waiting, TRUE);
  g_free (self);
}

/* The longest first: a secret that contains another is gone as a whole. */
static int
compare_lengths (gconstpointer a, gconstpointer b)
{
  gsize x = strlen (*(const char *const *) a);
  gsize y = strlen (*(const char *const *) b);

  return x == y ? 0 : x > y ? -1
                            : 1;
}

/* Takes spelling. */
static void
add_spelling (HeddleHttpMask *self, char *spelling)
{
  if (strlen (spelling) < MIN_LENGTH || g_ptr_array_find_with_equal_func (self->secrets, spelling, g_str_equal, NULL))
    wipe (spelling);
  else
    g_ptr_array_add (self->secrets, spelling);
}

static char *
escape_for_json (const char *text)
{
  g_autoptr (JsonNode) node = heddle_json_string (text);
  char *quoted = heddle_json_to_text (node, HEDDLE_JSON_COMPACT);
  gsize length = strlen (quoted);

  memmove (quoted, quoted + 1, length - 2);
  quoted[length - 2] = '\0';
  return quoted;
}

static void
add_secret (HeddleHttpMask *self, const char *secret)
{
  add_spelling (self, g_strdup (secret));
  if (g_utf8_validate (secret, -1, NULL))
    add_spelling (self, escape_for_json (secret));
  add_spelling (self, g_uri_escape_string (secret, NULL, FALSE));
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
  g_ptr_array_sort (self->secrets, compare_lengths);
}

/* In one pass, however often it comes. */
static void
mask_one (GString *text, const char *secret)
{
  gsize length = strlen (secret);
  const char *rest = text->str;
  const char *end = text->str + text->len;
  const char *hit = memmem (rest, end - rest, secret, length);
  g_autoptr (GString) out = NULL;

  if (hit == NULL)
    return;
  out = g_string_sized_new (text->len);
  for (; hit != NULL; hit = memmem (rest, end - rest, secret, length))
    {
      g_string_append_len (out, rest, hit - rest);
      g_string_append (out, MASK);
      rest = hit + length;
    }
  g_string_append_len (out, rest, end - rest);
  g_string_truncate (text, 0);
  g_string_append_len (text, out->str, out->len);
}

static void
mask_all (HeddleHttpMask *self, GString *text)
{
  for (guint i = 0; i < self->secrets->len; i++)
    mask_one (text, g_ptr_array_index (self->secrets, i));
}

GBytes *
heddle_http_mask_bytes (HeddleHttpMask *self, GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  GString *text;

  if (self->secrets->len == 0 || size == 0)
    return g_bytes_ref (bytes);
  text = g_string_new_len (data, size);
  mask_all (self, text);
  return g_string_free_to_bytes (text);
}

char *
heddle_http_mask_text (HeddleHttpMask *self, const char *text)
{
  g_autoptr (GString) masked = g_string_new (text);

  mask_all (self, masked);
  return g_utf8_make_valid (masked->str, masked->len);
}

/* How many bytes at the end of text may be the beginning of the secret. */
static gsize
count_begun (const GString *text, const char *secret)
{
  gsize length = MIN (text->len, strlen (secret) - 1);

  while (length > 0 && memcmp (text->str + text->len - length, secret, length) != 0)
    length--;
  return length;
}

void
heddle_http_mask_feed (HeddleHttpMask *self, const char *data, gsize length, HeddleHttpMaskFunc func, gpointer user_data)
{
  gsize begun = 0;

  if (self->secrets->len == 0)
    {
      func (data, length, user_data);
      return;
    }
  g_string_append_len (self->waiting, data, length);
  mask_all (self, self->waiting);
  for (guint i = 0; i < self->secrets->len; i++)
    begun = MAX (begun, count_begun (self->waiting, g_ptr_array_index (self->secrets, i)));
  if (self->waiting->len > begun)
    func (self->waiting->str, self->waiting->len - begun, user_data);
  g_string_erase (self->waiting, 0, self->waiting->len - begun);
}

void
heddle_http_mask_end (HeddleHttpMask *self, HeddleHttpMaskFunc func, gpointer user_data)
{
  if (self->waiting->len > 0)
    func (self->waiting->str, self->waiting->len, user_data);
  g_string_truncate (self->waiting, 0);
}
