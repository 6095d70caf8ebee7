/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Memory that is freed all at once: what one evaluation makes, or one syntax tree. The first bytes
 * come from the struct itself, so that a short evaluation allocates nothing.
 */
typedef struct _ExprChunk ExprChunk;

#define EXPR_ARENA_INLINE 1024

typedef struct
{
  char *cursor;
  char *end;
  ExprChunk *chunks; /* newest first */
  gsize used;
  char first[EXPR_ARENA_INLINE] __attribute__ ((aligned (16)));
} ExprArena;

/* A place to go back to. */
typedef struct
{
  char *cursor;
  char *end;
  ExprChunk *chunks;
  gsize used;
} ExprMark;

void expr_arena_init (ExprArena *arena);
void expr_arena_clear (ExprArena *arena);
void *expr_arena_alloc (ExprArena *arena, gsize size); /* 16-byte aligned, not cleared, never NULL */
void *expr_arena_alloc0 (ExprArena *arena, gsize size);
char *expr_arena_copy (ExprArena *arena, const char *bytes, gsize size); /* with a NUL behind */

ExprMark expr_arena_mark (ExprArena *arena);
void expr_arena_release (ExprArena *arena, const ExprMark *mark);

G_END_DECLS
