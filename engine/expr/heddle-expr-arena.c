/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-expr-arena.h"

#include <string.h>

#define CHUNK_SIZE (16 * 1024)
#define ALIGNMENT 16

struct _ExprChunk
{
  ExprChunk *older;
  char data[] __attribute__ ((aligned (ALIGNMENT)));
};

void
expr_arena_init (ExprArena *arena)
{
  arena->cursor = arena->first;
  arena->end = arena->first + sizeof arena->first;
  arena->chunks = NULL;
  arena->used = 0;
}

static void
free_newer (ExprArena *arena, ExprChunk *keep)
{
  while (arena->chunks != keep)
    {
      ExprChunk *older = arena->chunks->older;

      g_free (arena->chunks);
      arena->chunks = older;
    }
}

void
expr_arena_clear (ExprArena *arena)
{
  free_newer (arena, NULL);
}

static void
add_chunk (ExprArena *arena, gsize size)
{
  gsize capacity = MAX (size, CHUNK_SIZE);
  ExprChunk *chunk = g_malloc (sizeof (ExprChunk) + capacity);

  chunk->older = arena->chunks;
  arena->chunks = chunk;
  arena->cursor = chunk->data;
  arena->end = chunk->data + capacity;
}

void *
expr_arena_alloc (ExprArena *arena, gsize size)
{
  gsize rounded = (size + ALIGNMENT - 1) & ~(gsize) (ALIGNMENT - 1);
  char *memory;

  if ((gsize) (arena->end - arena->cursor) < rounded)
    add_chunk (arena, rounded);
  memory = arena->cursor;
  arena->cursor += rounded;
  arena->used += rounded;
  return memory;
}

void *
expr_arena_alloc0 (ExprArena *arena, gsize size)
{
  return memset (expr_arena_alloc (arena, size), 0, size);
}

char *
expr_arena_copy (ExprArena *arena, const char *bytes, gsize size)
{
  char *copy = expr_arena_alloc (arena, size + 1);

  if (size > 0)
    memcpy (copy, bytes, size);
  copy[size] = '\0';
  return copy;
}

ExprMark
expr_arena_mark (ExprArena *arena)
{
  return (ExprMark){ arena->cursor, arena->end, arena->chunks, arena->used };
}

void
expr_arena_release (ExprArena *arena, const ExprMark *mark)
{
  free_newer (arena, mark->chunks);
  arena->cursor = mark->cursor;
  arena->end = mark->end;
  arena->used = mark->used;
}
