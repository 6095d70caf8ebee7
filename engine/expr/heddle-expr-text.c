/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "heddle-expr-eval.h"

static const char empty[] = "";

ExprText *
expr_text_wrap (ExprEval *eval, const char *bytes, gsize size)
{
  ExprText *text = expr_arena_alloc (&eval->arena, sizeof (ExprText));

  *text = (ExprText){ .bytes = bytes, .size = size, .length = EXPR_UNCOUNTED };
  return text;
}

ExprText *
expr_text_copy (ExprEval *eval, const char *bytes, gsize size)
{
  if (!expr_eval_reserve (eval, size))
    return expr_text_wrap (eval, empty, 0);
  return expr_text_wrap (eval, expr_arena_copy (&eval->arena, bytes, size), size);
}

ExprText *
expr_text_take (ExprEval *eval, GString *text)
{
  ExprText *copy = expr_text_copy (eval, text->str, text->len);

  g_string_free (text, TRUE);
  return copy;
}

ExprValue
expr_string (ExprEval *eval, const char *literal)
{
  return expr_text_value (expr_text_wrap (eval, literal, strlen (literal)));
}

/* Doubling makes a string that grows in a reduce() cost its length, not the square of it. */
static ExprBuffer *
buffer_new (ExprEval *eval, ExprText *start, gsize size)
{
  gsize capacity = size < 256 ? size : 2 * size;
  ExprBuffer *buffer;

  if (!expr_eval_reserve (eval, capacity))
    return NULL;
  buffer = expr_arena_alloc (&eval->arena, sizeof (ExprBuffer));
  buffer->data = expr_arena_alloc (&eval->arena, capacity + 1);
  buffer->capacity = capacity;
  buffer->used = start->size;
  memcpy (buffer->data, start->bytes, start->size);
  return buffer;
}

ExprText *
expr_text_concat (ExprEval *eval, ExprText *a, ExprText *b)
{
  gsize size = a->size + b->size;
  ExprBuffer *buffer = a->buffer;
  ExprText *joined;

  if (b->size == 0)
    return a;
  if (a->size == 0)
    return b;

  /* Only the text that ends where the buffer ends may go on there. */
  if (buffer == NULL || buffer->data + buffer->used != a->bytes + a->size || buffer->used + b->size > buffer->capacity)
    buffer = buffer_new (eval, a, size);
  if (buffer == NULL)
    return expr_text_wrap (eval, empty, 0);

  memcpy (buffer->data + buffer->used, b->bytes, b->size);
  buffer->used += b->size;
  buffer->data[buffer->used] = '\0';

  joined = expr_text_wrap (eval, buffer->data + buffer->used - size, size);
  joined->buffer = buffer;
  if (a->length != EXPR_UNCOUNTED && b->length != EXPR_UNCOUNTED)
    joined->length = a->length + b->length;
  return joined;
}

static gsize
count_characters (const char *bytes, gsize size)
{
  gsize count = 0;

  for (gsize i = 0; i < size; i++)
    count += ((guchar) bytes[i] & 0xc0) != 0x80;
  return count;
}

gsize
expr_text_length (ExprText *text)
{
  if (text->length == EXPR_UNCOUNTED)
    text->length = count_characters (text->bytes, text->size);
  return text->length;
}

gsize
expr_text_offset (ExprText *text, gsize index)
{
  const char *p = text->bytes, *end = text->bytes + text->size;

  if (index >= expr_text_length (text))
    return text->size;
  if (text->length == text->size)
    return index;

  while (index-- > 0 && p < end)
    p = g_utf8_next_char (p);
  return p - text->bytes;
}

gsize
expr_text_index (ExprText *text, gsize offset)
{
  return expr_text_length (text) == text->size ? offset : count_characters (text->bytes, offset);
}

ExprText *
expr_text_slice_bytes (ExprEval *eval, ExprText *text, gsize from, gsize to)
{
  ExprText *slice;

  if (from == 0 && to == text->size)
    return text;
  slice = expr_text_wrap (eval, text->bytes + from, to - from);
  if (text->length == text->size)
    slice->length = slice->size;
  return slice;
}

ExprText *
expr_text_slice (ExprEval *eval, ExprText *text, gsize from, gsize to)
{
  if (from >= to)
    return expr_text_wrap (eval, empty, 0);
  return expr_text_slice_bytes (eval, text, expr_text_offset (text, from), expr_text_offset (text, to));
}

const char *
expr_text_find (ExprText *text, gsize from_byte, ExprText *needle)
{
  if (from_byte > text->size)
    return NULL;
  if (needle->size == 0)
    return text->bytes + from_byte;
  return memmem (text->bytes + from_byte, text->size - from_byte, needle->bytes, needle->size);
}

gboolean
expr_text_equal (const ExprText *a, const ExprText *b)
{
  return a->size == b->size && memcmp (a->bytes, b->bytes, a->size) == 0;
}

/* UTF-8 sorts by code point when it is compared by byte. */
int
expr_text_compare (const ExprText *a, const ExprText *b)
{
  int order = memcmp (a->bytes, b->bytes, MIN (a->size, b->size));

  if (order != 0)
    return order;
  return a->size < b->size ? -1 : a->size > b->size;
}

const char *
expr_text_c_string (ExprEval *eval, ExprText *text)
{
  if (memchr (text->bytes, '\0', text->size) != NULL)
    return NULL;
  if (text->bytes[text->size] == '\0')
    return text->bytes;
  return expr_arena_copy (&eval->arena, text->bytes, text->size);
}
